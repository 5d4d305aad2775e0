"""Tab- and comma-separated tables.

`.tsv` is for programs: UTF-8, a pair a line, no quoting, tabs in a text become blanks. `.csv` is for
spreadsheets: UTF-8 with the mark that makes Excel show Chinese, CRLF, and an apostrophe before a text that a
spreadsheet would run as a formula (it begins with = + - @); whoever reads such a table here
takes the apostrophe off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from aligner.bitext import Alignment
from aligner.export.options import ExportOptions
from aligner.export.units import Tally, Unit, score, units_of
from aligner.files import guard, replacing
from aligner.read.table import COLUMNS


def write_table(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """The pairs, one a row, under a header unless told otherwise."""
    as_csv = path.suffix.lower() == ".csv"
    with replacing(path) as (file,):
        if as_csv:
            file.write(b"\xef\xbb\xbf")
        line = _csv_line if as_csv else _tsv_line
        if options.header:
            file.write(line(COLUMNS))
        for unit in units_of(alignments, options, tally, options.duplicates or "keep"):
            file.write(line(_row(unit, "\N{EN DASH}" if as_csv else "-")))


def _row(unit: Unit, dash: str) -> tuple[str, ...]:
    # Excel would read the type 2-1 as a date.
    kind = unit.type.replace("-", dash)
    note = "; ".join(["moved"] * unit.moved + [*unit.notes])
    return unit.source, unit.target, score(unit.confidence), kind, unit.status, note, unit.ranges


def _tsv_line(cells: Sequence[str]) -> bytes:
    return ("\t".join(re.sub(r"[\t\r\n]+", " ", cell) for cell in cells) + "\n").encode()


def _csv_line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([guard(cell) for cell in cells])
    return line.getvalue().encode()
