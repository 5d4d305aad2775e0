"""What readers leave out or write anew. Each rule is declared here and can be switched off by its name.

A reader gets the names that are off with its `Source`. `Writing` keeps what such a rule would take; where more
than a few characters go (a part of a page, a column), the reader asks `Source.applies` first.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RULES: Mapping[str, str] = MappingProxyType(
    {
        # What several formats have.
        "ruby-gloss": "the reading set beside characters as ruby",
        "note-reference": "the number in the text that points to a note, and the arrow back from it",
        "superscript": "raised and lowered numbers, which are no part of the number before: `10³`, `H₂O`, `2½`",
        # Web pages and e-books.
        "html-title": "the title in a page's head, which the window shows and not the page",
        "html-navigation": "menus, side bars, page headers and footers",
        "html-links": "lists of links",
        "html-form": "buttons, choices and fields to fill in",
        "html-hidden": "what a page doesn't show",
        "html-media": "what stands in for drawings, films, frames and scripts",
        "html-alt": "the description of a picture",
        "html-character": "a picture of a rare character that is only described, written as 〓",
        "html-quote": "the marks that browsers draw around `<q>`, by language",
        "epub-contents": "the table of contents of an e-book",
        "exported-page": "in a page that this programme exported, what is no text of the two languages",
        # Word documents.
        "docx-deleted": "what tracked changes deleted, paragraph ends too",
        "docx-hidden": "hidden text",
        "docx-symbol": "pictures from a symbol font",
        "docx-field": "what a field reads and doesn't show",
        "docx-comment": "comments",
        "docx-page-header": "headers and footers of pages",
        "docx-diagram": "the words in diagrams and charts",
        # OpenDocument, slides, RTF.
        "odf-deleted": "what tracked changes deleted",
        "odf-hidden": "hidden text",
        "odf-comment": "comments",
        "odf-page-header": "headers and footers of pages",
        "odf-description": "the title and description of a picture",
        "pptx-footer": "slide numbers, dates and footers",
        "pptx-comment": "comments",
        "pptx-diagram": "the words in diagrams and charts",
        "rtf-deleted": "what tracked changes deleted",
        "rtf-hidden": "hidden text",
        "rtf-comment": "comments",
        "rtf-page-header": "headers and footers of pages",
        "rtf-list-number": "the numbers and bullets of lists",
        "exported-heading": "in a document that this programme exported, the heading over the table",
        "exported-note": "in a document that this programme exported, the notes in cells",
        # Subtitles.
        "subtitle-voice": "the name of who speaks, in a voice tag",
        "subtitle-header": "what stands before the first time",
        "subtitle-note": "notes and styles between cues, the names of cues, and times that can't be read",
        "subtitle-credit": "who made the subtitles, and advertising for them",
        "subtitle-drawing": "shapes drawn on the picture, as .ass has them",
        "subtitle-repeat": "lines that rolling captions show again",
        # Markdown.
        "markdown-code": "blocks of code",
        "markdown-front-matter": "the head that describes the file",
        "markdown-link-title": "the words that a link or picture shows under the mouse",
        "markdown-comment": "comments",
        # Tables and translation memories.
        "table-heading": "the row that names the columns",
        "table-column": "columns of numbers, dates and keys, or in another language than those named",
        "other-column": "columns in a third language; --src-lang and --tgt-lang choose, so this one stays on",
        "inline-code": "formatting and other codes beside the text that --codes drops; no text, so this stays on",
        "tmx-variant": "a second translation of a unit into the same language",
        # Localisation files.
        "po-fuzzy": "translations marked as fuzzy, which a programme does not show",
        "po-obsolete": "translations of what the programme no longer says",
        "po-plural": "plural forms between the first and the last, which have no original of their own",
        "repeated-key": "the earlier of two texts with the same key",
        "translator-note": "what a file says to translators and tools beside its texts",
        "not-translatable": "resources that are no text or are marked as not to be translated",
        # PDF.
        "pdf-page-number": "page numbers",
        "pdf-running-header": "lines that stand again at the head or foot of pages",
        "pdf-hyphen": "hyphens that split a word at a line's end",
        "pdf-glyph": "ligatures and radicals, written as the letters they stand for",
    }
)
