"""Word documents, read from their XML: python-docx hides content controls, text boxes and notes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from aligner.read.archive import Archive, external_links, open_archive
from aligner.read.docx_format import faces_of_styles, shifts
from aligner.read.docx_structure import outlines_of
from aligner.read.docx_text import Story, Ways, text_of, write_blocks, write_paragraph
from aligner.read.formatting import on_one_line
from aligner.read.reading import Reading, Source, Writing, document
from aligner.read.table import table_of_cells
from aligner.read.xml import attribute, local_name, parse_xml
from aligner.text.edits import EditedText

# Documents that this package exported name it as their author; notes in them have this size, in half points.
CREATOR = "aligner"
NOTE_SIZE = "17"
NO_COUNTERPART = "—"
_CORE = "docProps/core.xml"
# What stands beside the body and is no part of the running text, by the rule that leaves it out.
_BESIDE = {
    "comments": "docx-comment", "header": "docx-page-header", "footer": "docx-page-header",
    "diagrams/data": "docx-diagram", "charts/chart": "docx-diagram",
}  # fmt: skip


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
        ways = _ways(archive, main)
        own = _own_rows(body, ways) if _is_own(archive) else []
    if own:
        return table_of_cells(source, own, "docx")
    only = _only_table(body, ways)
    if only is not None and not any(kind in ("footnotes", "endnotes") for kind, *_ in others):
        rows = [[text_of([cell], ways) for cell in _children(row, "tc")] for row in _children(only, "tr")]
        return table_of_cells(source, rows, "docx")
    story = Story.of(ways, body)
    write_blocks(story, body)
    for kind, root, links in others:
        story.ways = replace(ways, links=links)
        _write_part(story, kind, root)
    return document(source, story.finish(), "docx")


def _write_part(story: Story, kind: str, root: Any) -> None:
    """Notes are text; what else stands beside the body is left out, on record."""
    if kind in ("footnotes", "endnotes"):
        for note in root:
            if not attribute(note, "type") and local_name(note) in ("footnote", "endnote"):
                story.structure.outline.begin_note()
                write_blocks(story, note)
                story.end_paragraph()
        return
    rule = _BESIDE[kind]
    text = _words(root) if rule == "docx-diagram" else text_of([root], story.ways).text
    if story.ways.applies(rule):
        story.out.drop(text, rule)
    elif text.strip():
        story.end_paragraph()
        story.out.keep(text)
        story.end_paragraph()


def _words(root: Any) -> str:
    """The words of a diagram or chart, a label a line."""
    labels = (element for element in root.iter() if local_name(element) in ("t", "v"))
    return "\n".join(
        label.text
        for label in labels
        if label.text
        and label.text.strip()
        and (
            local_name(label) == "t"
            or any(local_name(holder) == "strCache" for holder in label.iterancestors())
        )
    )


def _ways(archive: Archive, main: str) -> Ways:
    """How the document is read: what its styles say, where the links of its main part lead."""
    described = _part_beside(archive, main, "styles.xml")
    styles = {
        attribute(style, "styleId"): style
        for style in (() if described is None else described)
        if local_name(style) == "style"
    }
    outlines = outlines_of(styles, _part_beside(archive, main, "numbering.xml"))
    links = external_links(archive, main)
    return Ways(archive.source.off, shifts(styles), faces_of_styles(styles), links, outlines)


def _part_beside(archive: Archive, main: str, name: str) -> Any:
    """The root of a part in the folder of the main one, None where there is none."""
    path = posixpath.join(posixpath.dirname(main), name)
    return parse_xml(archive.source, archive.read(path), path) if path in archive.names else None


def _main_part(archive: Archive) -> str:
    if "_rels/.rels" in archive.names:
        for relation in parse_xml(archive.source, archive.read("_rels/.rels"), "_rels/.rels"):
            if attribute(relation, "Type").endswith("/officeDocument"):
                return attribute(relation, "Target").lstrip("/")
    return "word/document.xml"


def _body(root: Any) -> Any:
    return next(_children(root, "body"), root)


def _other_parts(archive: Archive, main: str) -> list[tuple[str, Any, dict[str, str]]]:
    """Footnotes and endnotes, then what is left out: comments, page headers and footers; each with its links."""
    folder = posixpath.dirname(main)
    found: list[tuple[str, Any, dict[str, str]]] = []
    for kind in ("footnotes", "endnotes", *_BESIDE):
        for name in sorted(archive.names):
            stem, suffix = posixpath.splitext(posixpath.relpath(name, folder))
            if suffix == ".xml" and stem.rstrip("0123456789") == kind:
                root = parse_xml(archive.source, archive.read(name), name)
                found.append((kind, root, external_links(archive, name)))
    return found


def _children(element: Any, *names: str) -> Iterator[Any]:
    """Children with these local names, also through content controls and tracked insertions."""
    for child in element:
        name = local_name(child)
        if name in names:
            yield child
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _children(child, *names)


def _only_table(body: Any, ways: Ways) -> Any:
    """The table that is all of the body's text, if its rows have two cells or more, all the same number."""
    tables = list(_children(body, "tbl"))
    if len(tables) != 1 or any(text_of([paragraph], ways).text.strip() for paragraph in _children(body, "p")):
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


def _own_rows(body: Any, ways: Ways) -> list[list[EditedText]]:
    """The rows of an exported document, their numbers first; none where it was laid out anew since."""
    rows = [
        [_own_cell(cell, ways) for cell in _children(row, "tc")]
        for table in _children(body, "tbl")
        for row in _children(table, "tr")
    ]
    if not rows or any(len(row) != len(rows[0]) for row in rows) or rows[0][0].text != "#":
        return []
    # Each alignment has a table with a heading of its own.
    heading = [cell.text for cell in rows[0]]
    body_rows = [row for row in rows if [cell.text for cell in row] != heading]
    if body_rows:
        beside = Writing(off=ways.off)
        beside.drop(text_of(list(_children(body, "p")), ways).text, "exported-heading")
        body_rows[0][1] = EditedText.join([beside.finish(), body_rows[0][1]])
    return [rows[0], *body_rows]


def _own_cell(cell: Any, ways: Ways) -> EditedText:
    story = Story.of(ways, cell)
    for paragraph in _children(cell, "p"):
        if _is_note(paragraph):
            story.out.drop(text_of([paragraph], ways).text, "exported-note")
        else:
            write_paragraph(story, paragraph)
    text = story.finish()
    is_empty = text.text == NO_COUNTERPART and ways.applies("exported-note")
    return text.remove([(0, 1)], "exported-note") if is_empty else on_one_line(text)


def _is_note(paragraph: Any) -> bool:
    runs = [run for run in paragraph if local_name(run) == "r"]
    sizes = [
        {attribute(mark, "val") for mark in run.iterdescendants() if local_name(mark) == "sz"} for run in runs
    ]
    return bool(runs) and all(size == {NOTE_SIZE} for size in sizes)
