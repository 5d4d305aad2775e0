"""Spreadsheets: two columns with text are two languages."""

from __future__ import annotations

import datetime
import re
from typing import Any

from aligner.read.date_format import shown_date, shown_span
from aligner.read.number_format import shown
from aligner.read.reading import Reading, Source
from aligner.read.sheets import together
from aligner.read.table import table, text_columns
from aligner.read.workbook import read_sheets

# ISO/IEC 29500, ST_Xstring: how a workbook writes what XML can't hold, and text that looks like it.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_NO_TEXT = frozenset(map(chr, range(0x20))) - {"\t", "\n"}


def read_xlsx(source: Source) -> Reading:
    """The text columns of all sheets, one sheet after another; values, not formulas, and no macro is run.

    Sheets with another number of columns than most rows have are left out, and a note names them.
    """
    sheets = [
        (name, [row for row in rows if any(row)])
        for name, rows in read_sheets(source, _string)
        if text_columns(rows)
    ]
    return together(
        source, [table(source, rows, "xlsx") for _, rows in sheets], [name for name, _ in sheets], "xlsx"
    )


def _string(cell: Any) -> str:
    """What the cell shows."""
    value, code = cell.value, cell.number_format or "General"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        written = shown(value, code)
        if written is None:
            # General shows what fits into eleven digits.
            written = str(value) if isinstance(value, int) else f"{value:.11g}"
        return written
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return shown_date(value, code) or _iso(value)
    if isinstance(value, datetime.timedelta):
        return shown_span(value, code) or str(value)
    return unescape(str(value))


def _iso(value: datetime.datetime | datetime.date | datetime.time) -> str:
    is_day = isinstance(value, datetime.datetime) and not (value.hour or value.minute or value.second)
    return value.date().isoformat() if isinstance(value, datetime.datetime) and is_day else str(value)


def unescape(text: str) -> str:
    """`text` of a cell as a spreadsheet shows it: `_x0041_` is A, `_x005F_x0041_` is `_x0041_`."""
    return _ESCAPED.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return "" if character in _NO_TEXT or "\ud800" <= character <= "\udfff" else character
