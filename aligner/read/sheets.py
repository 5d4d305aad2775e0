"""Workbooks: the sheets that have as many columns of text as most rows are one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from aligner.read.reading import Column, Reading, Source


def together(source: Source, readings: Sequence[Reading], names: Sequence[str], kind: str) -> Reading:
    """The sheets one after another; those with another number of columns are left out, and a note names them."""
    if not readings:
        raise source.refuse("a workbook without text; nothing to align")
    rows: Counter[int] = Counter()
    for reading in readings:
        rows[len(reading.columns)] += len(reading.columns[0].cells) if reading.is_table else 0
    width = max(rows, key=lambda width: (rows[width], width))
    taken = [reading for reading in readings if len(reading.columns) == width]
    left = [name for name, reading in zip(names, readings, strict=True) if reading not in taken]
    notes = (f"{source.name}: sheets left out, as their columns differ: {', '.join(left)}",) if left else ()
    columns = tuple(
        Column(
            next((reading.columns[place].lang for reading in taken if reading.columns[place].lang), None),
            tuple(cell for reading in taken for cell in reading.columns[place].cells),
        )
        for place in range(width)
    )
    return Reading(source.name, columns, kind, notes=notes)
