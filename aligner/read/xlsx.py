"""Spreadsheets: two columns with text are two languages."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

from aligner.read.archive import open_archive
from aligner.read.number_format import shown
from aligner.read.reading import Reading, Source
from aligner.read.sheets import together
from aligner.read.table import table, text_columns

# ISO/IEC 29500, ST_Xstring: how a workbook writes what XML can't hold, and text that looks like it.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_NO_TEXT = frozenset(map(chr, range(0x20))) - {"\t", "\n"}


def read_xlsx(source: Source) -> Reading:
    """The text columns of all sheets, one sheet after another; values, not formulas, and no macro is run.

    Sheets with another number of columns than most rows have are left out, and a note names them.
    """
    import openpyxl

    with open_archive(source) as archive:
        archive.refuse_doctypes()
    try:
        book = openpyxl.load_workbook(io.BytesIO(source.data), read_only=True, data_only=True)
        sheets = [(str(sheet.title), _rows(sheet)) for sheet in book.worksheets]
        book.close()
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        SyntaxError,
        zipfile.BadZipFile,
    ) as error:
        raise source.refuse(
            f"a damaged workbook ({error}); open it in its own program and save it again"
        ) from None
    sheets = [(name, rows) for name, rows in sheets if text_columns(rows)]
    return together(
        source, [table(source, rows, "xlsx") for _, rows in sheets], [name for name, _ in sheets], "xlsx"
    )


def _rows(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()  # the size a sheet declares may be wrong, or a million rows
    rows = ([_string(cell) for cell in row] for row in sheet.iter_rows())
    return [row for row in rows if any(row)]


def _string(cell: Any) -> str:
    """What the cell shows."""
    value = cell.value
    if value is None:
        return ""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and (written := shown(value, cell.number_format or "General")) is not None:
        return written
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return unescape(str(value))


def unescape(text: str) -> str:
    """`text` of a cell as a spreadsheet shows it: `_x0041_` is A, `_x005F_x0041_` is `_x0041_`."""
    return _ESCAPED.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return "" if character in _NO_TEXT or "\ud800" <= character <= "\udfff" else character
