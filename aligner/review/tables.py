"""The rows of a reviewed table, whatever a spreadsheet did to it: found by their heading, or refused in one line."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from aligner.errors import InputError
from aligner.export import sheet
from aligner.files import ordinary, unguard
from aligner.read.reading import Source
from aligner.read.table import COLUMNS
from aligner.read.text import decode
from aligner.read.workbook import read_sheets
from aligner.read.xlsx import unescape

ID = re.compile(r"\[[^\]]*\]\s*:\s*\[[^\]]*\]")
_NEEDED = ("id", "source", "target", "status")
_BOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".fods")
_SUFFIXES = (*_BOOKS, ".tsv", ".csv", ".txt")
_Rows = list[list[str]]


Cells = tuple[str, dict[str, str]]
"""A row as it stands in the table: its place, for messages, and its cells by column name."""


def is_same(cell: str, expected: str) -> bool:
    """Whether a cell holds the text that was exported, white space apart, or what fitted into a cell of it."""
    plain = _squeezed(cell)
    return plain == _squeezed(expected) or plain == _squeezed(sheet.fitted(expected))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def table_rows(path: Path) -> Iterator[Cells]:
    """Each filled row under the heading: its place, for messages, and its cells by column name.

    Rows above the heading (a title) and sheets without one are passed over. Raises `InputError` where a column that
    is needed has another name.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise InputError(
            f"{path}: a table comes back as .xlsx, .ods, .xls, .tsv or .csv; open it in the spreadsheet and save it"
            " as .xlsx"
        )
    sheets = _sheets(path) if path.suffix.lower() in _BOOKS else [_text_rows(path)]
    found = [(rows, at) for rows in sheets if (at := _heading(rows)) is not None]
    rows, at = max(found, key=lambda each: _named(each[0][each[1]]), default=(sheets[0], None))
    names = list(COLUMNS) if at is None else [cell.strip().lower() for cell in rows[at]]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise InputError(
            f"{path}, row {(at or 0) + 1}: no column {' or '.join(map(repr, missing))} in the heading"
            f" ({', '.join(filter(None, names))}); give it its name again"
        )
    for number, row in enumerate(rows[0 if at is None else at + 1 :], 1 if at is None else at + 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(names, row, strict=False))
        cells.setdefault("id", "")  # a row that is cut short
        yield f"{path}, row {number}", cells


def _heading(rows: _Rows) -> int | None:
    """The number of the first row that names a column `id`, or another heading where ids stand under it."""
    for number, row in enumerate(rows):
        names = {cell.strip().lower() for cell in row}
        if "id" in names:
            return number
        if any(ID.fullmatch(cell.strip()) for cell in row):
            above = number - 1
            return above if above >= 0 and _names_columns(rows[above]) else None
    return None


def _names_columns(row: Sequence[str]) -> bool:
    """Whether a row without an id column names others of ours."""
    return _named(row) > 1


def _named(row: Sequence[str]) -> int:
    """How many of our columns a row names."""
    return sum(cell.strip().lower() in COLUMNS for cell in row)


def _text_rows(path: Path) -> _Rows:
    import csv

    text = decode(_source(path)).text
    if path.suffix.lower() != ".csv":
        return [line.split("\t") for line in text.split("\n")]
    # A spreadsheet saves csv with whatever separator its country has.
    head = max(text.split("\n", 20)[:20], key=lambda line: max(map(line.count, ",;\t")))
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(max(len(text), 1 << 17))
    try:
        return [[unguard(cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise InputError(f"{path}: is not a table: {error}") from error


def _sheets(path: Path) -> list[_Rows]:
    suffix, source = path.suffix.lower(), _source(path)
    if suffix in (".ods", ".fods"):
        from aligner.read.odf import read_odf_sheets

        named = read_odf_sheets(source)
    else:
        if suffix == ".xls" and not source.data.startswith(b"PK"):
            from aligner.read.legacy import renewed

            source = renewed(source)
        named = read_sheets(source, lambda cell: unescape(str(cell.value)))
    sheets = [rows for _, rows in named]
    if not sheets:
        raise InputError(f"{path}: a workbook without sheets; is it the table you reviewed?")
    return sheets


def _source(path: Path) -> Source:
    try:
        return Source(str(path), ordinary(path).read_bytes())
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from error
