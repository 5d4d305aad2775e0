"""Word documents, read from their XML: python-docx hides content controls, text boxes and notes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aligner.edits import EditedText
from aligner.read.archive import Archive, open_archive
from aligner.read.reading import Reading, Source, Writing, document
from aligner.read.table import table_of_cells
from aligner.read.xml import attribute, local_name, parse_xml

_LEFT_OUT = {"del": "docx-deleted", "moveFrom": "docx-deleted", "rt": "ruby-gloss"}
_CHARACTERS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
}
# Beside the text in the document: settings, field codes, a drawing's second copy for old programs.
_SILENT = frozenset(
    {
        "pPr",
        "rPr",
        "tblPr",
        "tcPr",
        "trPr",
        "sdtPr",
        "sdtEndPr",
        "sectPr",
        "instrText",
        "Fallback",
        "rubyPr",
        "fldData",
    }
)
_BLOCKS = frozenset({"p", "tbl", "sdt", "customXml", "ins", "moveTo", "txbxContent", "sdtContent"})
# Documents that this package exported name it as their author; notes in them have this size, in half points.
CREATOR = "aligner"
NOTE_SIZE = "17"
NO_COUNTERPART = "—"
_CORE = "docProps/core.xml"
_OFF = ("0", "false", "off")


@dataclass(slots=True)
class _Story:
    """The document under way: paragraphs end with a line break, text boxes wait for their paragraph's end."""

    out: Writing = field(default_factory=Writing)
    boxes: list[Any] = field(default_factory=list)

    def end_paragraph(self) -> None:
        if self.out.pieces and not self.out.pieces[-1].endswith("\n"):
            self.out.keep("\n")


def read_docx(source: Source) -> Reading:
    """Headings, paragraphs, lists and table cells in order, then footnotes and endnotes.

    Tracked deletions, hidden text, comments, page headers and footers are left out, on record. A document
    whose body is nothing but a table of two text columns gives those columns; so does one that was exported
    from an alignment, without its headings and notes.
    """
    with open_archive(source) as archive:
        archive.refuse_doctypes()
        main = _main_part(archive)
        body = _body(parse_xml(source, archive.read(main), main))
        others = _other_parts(archive, main)
        own = _own_rows(body) if _is_own(archive) else []
    if own:
        return table_of_cells(source, own, "docx")
    only = _only_table(body)
    if only is not None and not any(kind in ("footnotes", "endnotes") for kind, _ in others):
        rows = [[_text([cell]) for cell in _children(row, "tc")] for row in _children(only, "tr")]
        return table_of_cells(source, rows, "docx")
    story = _Story()
    _write_blocks(story, body)
    for kind, root in others:
        if kind in ("footnotes", "endnotes"):
            notes = [
                note
                for note in root
                if not attribute(note, "type") and local_name(note) in ("footnote", "endnote")
            ]
            for note in notes:
                _write_blocks(story, note)
        else:
            story.out.drop(_text([root]).text, "docx-comment" if kind == "comments" else "docx-page-header")
    return document(source, _trimmed(story.out), "docx")


def _main_part(archive: Archive) -> str:
    if "_rels/.rels" in archive.names:
        for relation in parse_xml(archive.source, archive.read("_rels/.rels"), "_rels/.rels"):
            if attribute(relation, "Type").endswith("/officeDocument"):
                return attribute(relation, "Target").lstrip("/")
    return "word/document.xml"


def _body(root: Any) -> Any:
    return next(_children(root, "body"), root)


def _other_parts(archive: Archive, main: str) -> list[tuple[str, Any]]:
    """Footnotes and endnotes, then what is left out: comments, page headers and footers."""
    folder = posixpath.dirname(main)
    found: list[tuple[str, Any]] = []
    for kind in ("footnotes", "endnotes", "comments", "header", "footer"):
        for name in sorted(archive.names):
            stem = posixpath.splitext(posixpath.basename(name))[0]
            if (
                posixpath.dirname(name) == folder
                and name.endswith(".xml")
                and stem.rstrip("0123456789") == kind
            ):
                found.append((kind, parse_xml(archive.source, archive.read(name), name)))
    return found


def _children(element: Any, *names: str) -> Iterator[Any]:
    """Children with these local names, also through content controls and tracked insertions."""
    for child in element:
        name = local_name(child)
        if name in names:
            yield child
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _children(child, *names)


def _only_table(body: Any) -> Any:
    """The table that is all of the body's text, if its rows have two cells or more, all the same number."""
    tables = list(_children(body, "tbl"))
    if len(tables) != 1 or any(_text([paragraph]).text.strip() for paragraph in _children(body, "p")):
        return None
    rows = list(_children(tables[0], "tr"))
    widths = {sum(1 for _ in _children(row, "tc")) for row in rows}
    spans = any(
        local_name(element) in ("gridSpan", "vMerge", "tbl")
        for row in rows
        for element in row.iterdescendants()
    )
    return tables[0] if len(widths) == 1 and widths != {1} and len(rows) > 1 and not spans else None


def _is_own(archive: Archive) -> bool:
    if _CORE not in archive.names:
        return False
    about = parse_xml(archive.source, archive.read(_CORE), _CORE)
    return any(local_name(element) == "creator" and element.text == CREATOR for element in about)


def _own_rows(body: Any) -> list[list[EditedText]]:
    """The rows of an exported document, their numbers first; none where it was laid out anew since."""
    rows = [
        [_own_cell(cell) for cell in _children(row, "tc")]
        for table in _children(body, "tbl")
        for row in _children(table, "tr")
    ]
    if not rows or any(len(row) != len(rows[0]) for row in rows) or rows[0][0].text != "#":
        return []
    # Each alignment has a table with a heading of its own.
    heading = [cell.text for cell in rows[0]]
    body_rows = [row for row in rows if [cell.text for cell in row] != heading]
    if body_rows:
        beside = Writing()
        beside.drop(_text(list(_children(body, "p"))).text, "exported-heading")
        body_rows[0][1] = EditedText.join([beside.finish(), body_rows[0][1]])
    return [rows[0], *body_rows]


def _own_cell(cell: Any) -> EditedText:
    story = _Story()
    for paragraph in _children(cell, "p"):
        if _is_note(paragraph):
            story.out.drop(_text([paragraph]).text, "exported-note")
        else:
            _write_paragraph(story, paragraph)
    text = _trimmed(story.out)
    return text.remove([(0, 1)], "exported-note") if text.text == NO_COUNTERPART else text


def _is_note(paragraph: Any) -> bool:
    runs = [run for run in paragraph if local_name(run) == "r"]
    sizes = [
        {attribute(mark, "val") for mark in run.iterdescendants() if local_name(mark) == "sz"} for run in runs
    ]
    return bool(runs) and all(size == {NOTE_SIZE} for size in sizes)


def _text(elements: list[Any]) -> EditedText:
    story = _Story()
    for element in elements:
        _write_blocks(story, element) if local_name(element) != "p" else _write_paragraph(story, element)
    return _trimmed(story.out)


def _trimmed(out: Writing) -> EditedText:
    """Without the break after the last paragraph."""
    if out.pieces and out.pieces[-1].endswith("\n"):
        out.pieces[-1] = out.pieces[-1][:-1]
        out.edits = [
            edit if edit.at < out.length else type(edit)(out.length - 1, edit.found, "", edit.rule)
            for edit in out.edits
        ]
        out.length -= 1
    return out.finish()


def _write_blocks(story: _Story, element: Any) -> None:
    for child in element:
        name = local_name(child)
        if name == "p":
            _write_paragraph(story, child)
        elif name in _LEFT_OUT:
            story.out.drop("".join(child.itertext()), _LEFT_OUT[name])
        elif name and name not in _SILENT:
            _write_blocks(story, child)


def _write_paragraph(story: _Story, paragraph: Any) -> None:
    _write_runs(story, paragraph)
    story.end_paragraph()
    boxes, story.boxes = story.boxes, []
    for box in boxes:
        _write_blocks(story, box)


def _write_runs(story: _Story, element: Any) -> None:
    for child in element:
        name = local_name(child)
        if name == "t":
            story.out.keep(child.text or "")
        elif name in _CHARACTERS:
            story.out.keep(_CHARACTERS[name])
        elif name in _LEFT_OUT:
            story.out.drop("".join(child.itertext()), _LEFT_OUT[name])
        elif name == "r" and _is_hidden(child):
            story.out.drop("".join(child.itertext()), "docx-hidden")
        elif name == "sym":
            story.out.drop(_symbol(child), "docx-symbol")
        elif name == "txbxContent":
            story.boxes.append(child)
        elif name and name not in _SILENT:
            _write_runs(story, child)


def _is_hidden(run: Any) -> bool:
    settings = [mark for child in run if local_name(child) == "rPr" for mark in child]
    return any(local_name(mark) == "vanish" and attribute(mark, "val") not in _OFF for mark in settings)


def _symbol(element: Any) -> str:
    """A picture from a symbol font, as the private-use character Word stores for it."""
    try:
        return chr(int(attribute(element, "char"), 16))
    except (ValueError, OverflowError):
        return ""
