"""An xlsx sheet to work in: every bead a row, doubtful ones coloured, nothing in it ever a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from aligner.bitext import STATUSES, Alignment
from aligner.errors import OutputError
from aligner.export.options import ExportOptions
from aligner.export.units import (
    Tally,
    counterpart,
    label,
    ladder,
    languages,
    moved_note,
    printable,
    side_text,
)
from aligner.files import replacing
from aligner.language.joints import is_unspaced
from aligner.language.tags import is_rtl

COLUMNS = ("id", "source", "target", "confidence", "type", "status", "note")
# With several alignments in one sheet.
DOCUMENT = "document"
# Hidden: how many doubts the bead has, which the note beside it does not tell.
DOUBTS = "doubts"
_WIDTHS = {
    "id": 14,
    "source": 58,
    "target": 68,
    "confidence": 11,
    "type": 7,
    "status": 12,
    "note": 34,
    DOCUMENT: 24,
    DOUBTS: 8,
}

# Excel's limit (its specifications page); a longer text is cut there, so say so.
LONGEST_CELL = 32_767
_CUT = " […]"
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

# Points a line of Calibri 11, Excel's limit for a row, and how full a line gets when words wrap.
_LINE, _TALLEST_ROW, _FILL = 15, 409, 0.92

_ACROSS = {"number": "center", "small": "left", "text": "left"}
_INK, _HEAD, _AMBER, _LILAC, _GREEN = "1D1F23", "E9EDF2", "FFF0CC", "F1EAF8", "E6F4EA"


def write_sheet(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """All beads of all alignments in one sheet; `aligner.review.readback` takes it back."""
    from lxml.etree import SerialisationError

    # Whole before it is written: where a disk is full, an archive that is cut off would complain on its own.
    try:
        whole = _built(alignments, options, tally)
    except SerialisationError as error:  # rows go through a file of their own until all are there
        raise OutputError(
            f"{path}: can't be written: no room for working files in {gettempdir()} ({error})"
        ) from error
    with replacing(path) as (file,):
        file.write(whole.getbuffer())


def _built(alignments: Sequence[Alignment], options: ExportOptions, tally: Tally) -> io.BytesIO:
    """The file's bytes."""
    from openpyxl import Workbook

    columns = (*COLUMNS, DOUBTS) if len(alignments) == 1 else (*COLUMNS, DOUBTS, DOCUMENT)
    rows = sum(len(alignment.beads) for alignment in alignments) + 1
    book = Workbook(write_only=True)
    sheet = book.create_sheet("alignment")
    _lay_out(sheet, columns, rows)
    _colour(sheet, columns, rows, options)
    models = _models(sheet)
    sheet.append([_cell(sheet, name, models["head"]) for name in columns])
    sides = ["rtl" if is_rtl(lang) else "text" for lang in languages(alignments[:1], options)]
    kinds = ["small", *sides, "number", "small", "small", "text", "small", "small"]
    count = 1
    for row in _rows(alignments, options, tally):
        count += 1
        sheet.row_dimensions[count].height = _height(row, columns)
        cells = zip(row, kinds, strict=True)
        sheet.append([_cell(sheet, value, models[kind]) for value, kind in cells][: len(columns)])
    tally.units = rows - 1
    whole = io.BytesIO()
    book.save(whole)
    return whole


def _rows(alignments: Sequence[Alignment], options: ExportOptions, tally: Tally) -> Iterator[list[Any]]:
    for number, alignment in enumerate(alignments):
        elsewhere = alignment.elsewhere()
        for place, bead in enumerate(alignment.beads):
            source = side_text(alignment.source, bead.src_start, bead.src_end, options.script)
            target = side_text(alignment.target, bead.tgt_start, bead.tgt_end, options.script)
            if max(len(escape(source)), len(escape(target))) > LONGEST_CELL:
                tally.warnings.append(
                    f"{ladder(bead)}: a side is cut in the sheet, a cell holds {LONGEST_CELL:,} characters"
                )
            moved = moved_note(counterpart(alignment, bead, elsewhere.get(place), options.script))
            doubts = options.notes(number, place)
            notes = map(printable, [*doubts, bead.note])
            note = "; ".join(filter(None, [*moved, *notes]))
            yield [
                ladder(bead),
                source,
                target,
                bead.confidence,
                bead.type,
                bead.status,
                note,
                len(doubts),
                label(alignment),
            ]


def escape(text: str) -> str:
    """`text` as a spreadsheet must have it to show `_x0041_` and not `A`."""
    return _ESCAPE.sub("_x005F_", text)


def fitted(text: str) -> str:
    """`text` as its cell shows it: cut, with a mark, where it is too long."""
    if len(escape(text)) <= LONGEST_CELL:
        return text
    # Escapes make a text longer; none makes it more than seven times as long, and few texts have any.
    room = LONGEST_CELL - len(_CUT)
    while len(escape(text[:room])) > LONGEST_CELL - len(_CUT):
        room -= len(escape(text[:room])) - (LONGEST_CELL - len(_CUT))
    return text[:room] + _CUT


def _lay_out(sheet: Any, columns: Sequence[str], rows: int) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, name in enumerate(columns):
        sheet.column_dimensions[_letter(number)].width = _WIDTHS[name]
    sheet.column_dimensions[_letter(columns.index(DOUBTS))].hidden = True
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{_letter(len(columns) - 1)}{rows}"
    choice = DataValidation(type="list", formula1=f'"{",".join(STATUSES)}"', allow_blank=True)
    choice.add(f"{_letter(columns.index('status'))}2:{_letter(columns.index('status'))}{max(rows, 2)}")
    sheet.data_validations.append(choice)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = _fit_to_page()
    sheet.print_title_rows = "1:1"


def _height(row: Sequence[Any], columns: Sequence[str]) -> float:
    """Points that show the whole row: neither Excel nor LibreOffice fits the rows of a file it opens."""
    lines = 1
    for name, value in zip(columns, row, strict=False):
        if isinstance(value, str):
            width = sum(2 if is_unspaced(character) else 1 for character in value)
            lines = max(lines, -(-width // int(_WIDTHS[name] * _FILL)))
    return min(_LINE * lines + 4, _TALLEST_ROW)


def _letter(number: int) -> str:
    return "ABCDEFGHI"[number]


def _fit_to_page() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)


def _colour(sheet: Any, columns: Sequence[str], rows: int, options: ExportOptions) -> None:
    """Colours follow the cells: a row that is confirmed turns green while one works; amber is `is_doubtful`."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill

    if rows == 1:
        return
    area = f"A2:{_letter(len(columns) - 1)}{rows}"
    place = {name: f"${_letter(number)}2" for number, name in enumerate(columns)}
    unreviewed = f'{place["status"]}="auto"'
    lone = f'OR({place["source"]}="",{place["target"]}="")'
    unsure = f"AND(NOT({lone}),{place['confidence']}<{options.doubt_below})"
    for formula, colour in (
        (f"NOT({unreviewed})", _GREEN),
        (f"OR({place[DOUBTS]}>0,{unsure})", _AMBER),
        (lone, _LILAC),
    ):
        fill = PatternFill(bgColor=colour, fill_type="solid")
        sheet.conditional_formatting.add(area, FormulaRule(formula=[formula], fill=fill, stopIfTrue=True))


def _models(sheet: Any) -> dict[str, Any]:
    """One styled cell a kind; the others copy its style, which is much faster than styling each."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment as Placed
    from openpyxl.styles import Border, Font, PatternFill, Side

    line = Border(bottom=Side(style="thin", color="D9DDE3"))
    models = {kind: WriteOnlyCell(sheet) for kind in ("head", "text", "rtl", "small", "number")}
    for kind, cell in models.items():
        cell.font = Font(
            name="Calibri", size=11 if kind in ("text", "rtl") else 10, bold=kind == "head", color=_INK
        )
        cell.alignment = Placed(
            vertical="top",
            wrap_text=True,
            horizontal=_ACROSS.get(kind),
            # Chinese fills its cell to the edge; without it the next column's text would touch.
            indent=1 if kind == "text" else 0,
            readingOrder=2 if kind == "rtl" else 0,
        )
        cell.border = line
    models["head"].fill = PatternFill("solid", fgColor=_HEAD)
    models["number"].number_format = "0.00"
    return models


def _cell(sheet: Any, value: Any, model: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = escape(fitted(value)) or None
        if cell.value is not None:
            # A text stays a text, whatever it begins with.
            cell.data_type = "s"
    else:
        cell.value = value
    cell._style = model._style
    return cell
