"""OpenDocument: texts (.odt), spreadsheets (.ods) and slides (.odp), packed or flat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aligner.read.archive import open_archive
from aligner.read.odf_text import Story, Styles, words
from aligner.read.reading import Reading, Source, Writing, document, join_lines
from aligner.read.sheets import together
from aligner.read.table import PAIR, table_of_cells, text_columns
from aligner.read.xml import attribute, local_name, parse_xml
from aligner.text.edits import EditedText

_ZIP = b"PK\x03\x04"
# A file may say that a cell is repeated a million times; so many cells are some 600 MB.
_MOST_CELLS = 4_000_000
_DECLARATIONS = frozenset(
    {"sequence-decls", "variable-decls", "user-field-decls", "forms", "tracked-changes", "soft-page-break"}
)


def read_odf(source: Source) -> Reading:
    """Paragraphs, lists and table cells in order, then notes; of slides also what the speaker notes.

    Tracked deletions, hidden text, comments, page headers and footers are left out, on record. A text that is
    nothing but a table, and a spreadsheet, give columns.
    """
    content, styles = _parts(source)
    body = next((each for each in content.iter() if local_name(each) == "body"), content)
    kind = next((each for each in body if local_name(each)), body)
    story = Story(source.off, Styles.of([content, *styles]))
    if local_name(kind) == "spreadsheet":
        return _read_sheets(source, kind, story)
    only = _only_table(kind)
    if only is not None and not any(local_name(each) == "note" for each in only.iter()):
        rows = [[_cell(story, cell) for cell in row] for row in _rows(source, only)]
        return table_of_cells(source, rows, "odf")
    beside = Writing(off=source.off)
    for root in (content, *styles):
        for each in root.iter():
            if local_name(each) in (
                "header",
                "footer",
                "header-left",
                "footer-left",
                "footer-decl",
                "header-decl",
            ):
                beside.drop(words(each), "odf-page-header")
    return document(source, join_lines([beside.finish(), *story.blocks(kind)]), "odf")


def _parts(source: Source) -> tuple[Any, list[Any]]:
    """The content, and the parts that hold styles, if there are any besides."""
    if not source.data.startswith(_ZIP):
        return parse_xml(source, source.data), []
    with open_archive(source) as archive:
        manifest = "META-INF/manifest.xml"
        if manifest in archive.names:
            entries = parse_xml(source, archive.read(manifest), manifest).iter()
            if any(local_name(entry) == "encryption-data" for entry in entries):
                raise source.refuse("protected with a password; save it without one")
        content = parse_xml(source, archive.read("content.xml"), "content.xml")
        named = "styles.xml" in archive.names
        return content, [parse_xml(source, archive.read("styles.xml"), "styles.xml")] if named else []


def _only_table(body: Any) -> Any:
    """The table that is all of the body's text, if its rows have two cells or more, all the same number."""
    parts = [each for each in body if local_name(each) not in _DECLARATIONS]
    tables = [each for each in parts if local_name(each) == "table"]
    if len(tables) != 1 or any(words(each).strip() for each in parts if local_name(each) != "table"):
        return None
    spans = any(
        local_name(each) == "covered-table-cell" or (local_name(each) == "table" and each is not tables[0])
        for each in tables[0].iter()
    )
    rows = list(_table_rows(tables[0]))
    widths = {sum(local_name(cell) == "table-cell" for cell in row) for row in rows}
    return tables[0] if len(widths) == 1 and min(widths) >= PAIR and len(rows) > 1 and not spans else None


def _read_sheets(source: Source, book: Any, story: Story) -> Reading:
    readings, names = [], []
    for sheet in book:
        if local_name(sheet) == "table":
            rows = [[_cell(story, cell) for cell in row] for row in _rows(source, sheet)]
            if text_columns([[cell.text for cell in row] for row in rows]):
                readings.append(table_of_cells(source, rows, "odf"))
                names.append(attribute(sheet, "name"))
    return together(source, readings, names, "odf")


def read_odf_sheets(source: Source) -> list[tuple[str, list[list[str]]]]:
    """Name and filled rows of each sheet, as they are written. Raises `InputError` for what is no spreadsheet."""
    content, styles = _parts(source)
    story = Story(source.off, Styles.of([content, *styles]))
    tables = [each for each in content.iter() if local_name(each) == "table"]
    return [
        (
            attribute(table, "name"),
            [[_cell(story, cell).text for cell in row] for row in _rows(source, table)],
        )
        for table in tables
    ]


def _rows(source: Source, sheet: Any) -> list[list[Any]]:
    """The cells of each row that has text, repeated as the file says; too many are refused before one is read."""
    made = 0
    rows: list[list[Any]] = []
    for row in _table_rows(sheet):
        cells: list[Any] = []
        empty = 0
        for cell in row:
            if local_name(cell) not in ("table-cell", "covered-table-cell"):
                continue
            times = _times(cell, "number-columns-repeated")
            if not words(cell).strip():
                empty += times
                continue
            made += empty + times
            _refuse_excess(source, made)
            cells += [None] * empty + [cell] * times
            empty = 0
        if cells:
            times = _times(row, "number-rows-repeated")
            made += len(cells) * (times - 1)
            _refuse_excess(source, made)
            rows += [cells] * times
    return rows


def _table_rows(table: Any) -> Iterator[Any]:
    for child in table:
        if local_name(child) == "table-row":
            yield child
        elif local_name(child) in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _table_rows(child)


def _times(element: Any, name: str) -> int:
    value = attribute(element, name)
    # More digits than any count has are refused for what the first of them say.
    return max(1, int(value[:9])) if value.isascii() and value.isdecimal() else 1


def _refuse_excess(source: Source, cells: int) -> None:
    if cells > _MOST_CELLS:
        raise source.refuse(f"a table of more than {_MOST_CELLS:,} cells; split it")


def _cell(story: Story, cell: Any) -> EditedText:
    return EditedText("") if cell is None else join_lines(list(story.blocks(cell)))
