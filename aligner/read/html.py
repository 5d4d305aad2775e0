"""Web pages: the main text by paragraphs; navigation, forms and lists of links are left out, on record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from aligner.errors import AlignerError
from aligner.read.formatting import on_one_line
from aligner.read.frames import Frames
from aligner.read.html_parts import find_parts, outside
from aligner.read.html_text import render
from aligner.read.markup import Element, parse_html, parse_xhtml
from aligner.read.reading import Reading, Source, document, join_lines
from aligner.read.stylesheets import mark_shifts, sheets_within
from aligner.read.table import table_of_cells
from aligner.read.text import Decoded, decode
from aligner.read.xml import end_of_prolog
from aligner.text.edits import EditedText

# Pages that this package exported say so; of such a page, what is no text of the two languages.
GENERATOR = "aligner"
_OWN_NAMES = frozenset({"header", "footer", "details", "small"})
_OWN_CLASSES = frozenset({"notes", "n", "c", "alt"})
_XHTML = re.compile(
    r"\s*<\?xml\b|\s*(?:<!DOCTYPE[^>]{1,200}XHTML[^>]{0,200}>\s*)?<html[^>]{1,500}1999/xhtml", re.I
)
_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""",
    re.I,
)
# HTML's own rule: the declared character set stands in the first kilobyte; pages stretch it.
_META_WITHIN = 4_096
# What a name means on the web: browsers read these as the larger set.
_ALIASES = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "cp950", "shift_jis": "cp932",
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
}  # fmt: skip


def read_html(source: Source) -> Reading:
    """The main text of a page, a block element a paragraph, `<br>` a line break, tables in order.

    A page whose main text is nothing but a table of two text columns gives those columns; so does a page that
    was exported from one alignment, without its figures and notes.
    """
    decoded = decode_page(source)
    root = _parse(source, decoded.text)
    own = _own_parts(root, source.off)
    # A text whose words are links is no list of links.
    marks = find_parts(root, source.off | {"html-links"} if own else source.off) | own
    if any(element.name == "frame" for element in root.walk()):
        return _framed(source, root, decoded)
    only = _only_table(root, marks)
    if only is not None:
        rows = [[render(cell, marks, source.off) for cell in _cells(row)] for row in _rows(only)]
        if own:
            rows = [[on_one_line(cell) for cell in row] for row in rows]
        return table_of_cells(source, rows, "html", decoded.encoding, decoded.notes)
    return document(source, render(root, marks, source.off), "html", decoded.encoding, decoded.notes)


def _framed(source: Source, root: Element, decoded: Decoded) -> Reading:
    """A page made of frames: what is in them, in the order of the page."""
    notes = list(decoded.notes)
    text = join_lines(_frame_texts(source, root, Frames(source, notes, {Path(source.name).resolve()})))
    return document(source, text, "html", decoded.encoding, tuple(notes))


def _frame_texts(page: Source, root: Element, frames: Frames) -> Iterator[EditedText]:
    yield render(root, find_parts(root, page.off), page.off)
    for source in frames.sources(page, root):
        inner = _parse(source, decode_page(source).text)
        yield from _frame_texts(source, inner, frames)


def _parse(source: Source, text: str) -> Element:
    """XHTML as XML, as browsers do by its suffix; where it says nothing else, by the rules of HTML."""
    is_xhtml = _XHTML.match(text) and "<!ENTITY" not in text
    root = parse_xhtml(source, text[end_of_prolog(text) :]) if is_xhtml else parse_html(source, text)
    mark_shifts(root, sheets_within(root))
    return root


def chapter_text(root: Element, off: frozenset[str]) -> EditedText:
    """The text of a book's page under `root`, with what was left out on record."""
    return render(root, find_parts(root, off, is_book=True), off)


def _own_parts(root: Element, off: frozenset[str]) -> dict[Element, str]:
    """In an exported page whatever is no text of the two languages; elsewhere nothing."""
    metas = (
        element for element in root.walk() if element.name == "meta" and element.get("name") == "generator"
    )
    if "exported-page" in off or not any(meta.get("content") == GENERATOR for meta in metas):
        return {}
    return {element: "exported-page" for element in root.walk() if _is_own_part(element)}


def _is_own_part(element: Element) -> bool:
    is_empty = element.name == "i" and element.parent is not None and element.parent.get("class") == "none"
    return element.name in _OWN_NAMES or element.get("class") in _OWN_CLASSES or is_empty


def decode_page(source: Source) -> Decoded:
    """By `source.encoding`, Unicode if it is that, what the page declares if true, then as plain text."""
    declared = _META.search(source.data[:_META_WITHIN])
    if source.encoding or not declared:
        return decode(source)
    name = (declared[1] or declared[2]).decode("ascii").lower()
    guessed = decode(source)
    if guessed.encoding.startswith("utf"):
        return guessed
    try:
        return decode(Source(source.name, source.data, _ALIASES.get(name, name)))
    except AlignerError:
        return guessed


def _rows(table: Element) -> Iterator[Element]:
    for child in table.elements():
        if child.name == "tr":
            yield child
        elif child.name in ("tbody", "thead", "tfoot"):
            yield from _rows(child)


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row.elements() if cell.name in ("td", "th")]


def _only_table(root: Element, marks: dict[Element, str]) -> Element | None:
    """The table that is all of the main text, every row of it two cells or more and as many as the others."""
    tables = [element for element in outside(root, marks) if element.name == "table" and element not in marks]
    if len(tables) != 1 or render(root, {**marks, tables[0]: "table"}).text.strip():
        return None
    rows = list(_rows(tables[0]))
    widths = {len(_cells(row)) for row in rows}
    spans = any(
        not {"colspan", "rowspan"}.isdisjoint(cell.attributes) for row in rows for cell in _cells(row)
    )
    return tables[0] if len(rows) > 1 and len(widths) == 1 and widths != {1} and not spans else None
