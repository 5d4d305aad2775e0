"""The cells of a workbook from strangers: no entities, no formulas, and no more than a workbook can hold."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aligner.errors import InputError
from aligner.read.archive import DOCTYPES, Archive, open_archive
from aligner.read.reading import Source
from aligner.text.counted import counted

Rows = list[list[str]]

# Excel's own limits (its specifications page).
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
# One string may be named by any number of cells, and one cell may stand anywhere: what all of it comes to.
_MOST_CHARACTERS, _MOST_PLACES = 64_000_000, 16_000_000
_HEAD = 4_096
_EMPTY: list[str] = []


def read_sheets(source: Source, text_of: Callable[[Any], str]) -> list[tuple[str, Rows]]:
    """Name and rows of each sheet; row i is the sheet's row i + 1, and columns that nothing stands in are left out.

    `text_of` gets cells that are not empty. Raises `InputError` for a damaged workbook and for one that expands
    beyond what a real one holds.
    """
    import openpyxl

    with open_archive(source) as archive:
        archive.refuse_doctypes()
        _refuse_hidden_doctypes(archive)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about drawings and rules, which are no text
            book = openpyxl.load_workbook(io.BytesIO(source.data), read_only=True, data_only=True)
            budget = _Budget(source)
            sheets = [(str(sheet.title), _rows(sheet, text_of, budget)) for sheet in book.worksheets]
            book.close()
    except InputError:
        raise
    except (
        KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError, OverflowError,
        zipfile.BadZipFile,
    ) as error:  # fmt: skip
        raise source.refuse(
            f"a damaged workbook ({error}); open it in its own program and save it again"
        ) from None
    return sheets


class _Budget:
    """What is left of the limits."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.characters = self.places = 0

    def check(self, row: int, column: int) -> None:
        if not (0 < row <= _LAST_ROW and 0 < column <= _LAST_COLUMN):
            raise self.source.refuse(
                f"a cell in row {row:,}, column {column:,}: no workbook reaches beyond row {_LAST_ROW:,} and "
                f"column {_LAST_COLUMN:,}; save it again in its own program"
            )

    def spend(self, text: str) -> str:
        self.characters += len(text)
        if self.characters > _MOST_CHARACTERS:
            raise self.source.refuse(
                f"its cells show more than {_MOST_CHARACTERS:,} characters, while {len(self.source.data):,} bytes "
                "hold them; split the workbook"
            )
        return text

    def spread(self, rows: int, columns: int) -> None:
        self.places += rows * columns
        if self.places > _MOST_PLACES:
            raise self.source.refuse(
                f"cells in {counted(rows, 'row')} and {counted(columns, 'column')}, hardly any of them filled;"
                " leave the empty ones out"
            )


def _rows(sheet: Any, text_of: Callable[[Any], str], budget: _Budget) -> Rows:
    found: dict[int, dict[int, str]] = {}
    for number, cells in _cells_by_row(sheet):
        for cell in cells:
            budget.check(number, cell.column)
            if text := budget.spend(text_of(cell)):
                found.setdefault(number, {})[cell.column] = text
    columns = sorted({column for row in found.values() for column in row})
    budget.spread(len(found), len(columns))
    return [_filled(found.get(number), columns) for number in range(1, max(found, default=0) + 1)]


def _filled(row: Mapping[int, str] | None, columns: list[int]) -> list[str]:
    return [row.get(column, "") for column in columns] if row else _EMPTY


def _cells_by_row(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Rows as they stand in the file; openpyxl itself would give every empty one and every empty cell in them."""
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._reader import WorkSheetParser

    book = sheet.parent
    with sheet._get_source() as part:
        parser = WorkSheetParser(
            part, sheet._shared_strings, data_only=True, epoch=book.epoch,
            date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,
        )  # fmt: skip
        for number, row in parser.parse():
            yield number, [ReadOnlyCell(sheet, **cell) for cell in row if cell["value"] is not None]


def _refuse_hidden_doctypes(archive: Archive) -> None:
    """Raise `InputError` where a part that is XML, whatever its name, declares a document type."""
    for name in sorted(archive.names):
        if name.endswith((".xml", ".rels", "/")) or not _is_xml(archive, name):
            continue
        data = archive.read(name)
        if any(mark in data for mark in DOCTYPES):
            raise archive.source.refuse(
                f"its part {name!r} declares a document type, which may be an attack; refused"
            )


def _is_xml(archive: Archive, name: str) -> bool:
    try:
        with archive.zip.open(name) as part:
            head = part.read(_HEAD)
    except (RuntimeError, NotImplementedError, OSError, EOFError, ValueError, zipfile.BadZipFile):
        return True  # `read` says what is wrong with it
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return not text or text.startswith((b"<", b"\xff\xfe", b"\xfe\xff", b"\0<"))
