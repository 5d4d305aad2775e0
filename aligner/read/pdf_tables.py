"""Tables of a PDF page: lines that are cells, row by row, each with all of its own lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise

from aligner.read.pdf_lines import Line
from aligner.read.pdf_paragraphs import has_room
from aligner.read.pdf_rules import Grid, Strokes, grids_of

# Rows that are no prose set beside prose: so many at least must have two columns, each of so many lines at most.
_FEWEST_ROWS, _TALLEST_ROW = 3, 8
# Baselines closer than this part of the size are one line.
_SAME_LINE = 0.35
# A row of a table stands at most so many sizes under the one above, a cell's next line at most so many.
_ROW_STEP, _LINE_STEP = 3.5, 1.7
# Lines go on in the next one in columns of at least so many sizes: in the last of a row, in others, in all of them.
_WIDE_LAST, _WIDE, _WIDE_ALL = 5, 8, 15

_Interval = tuple[float, float]


def into_cells(lines: Sequence[Line], strokes: Strokes) -> list[Line]:
    """`lines`, which come as drawn, with the number of their cell where they are in a table, cell by cell.

    Tables are ruled, or have columns whose gaps persist over three rows or more, drawn row by row.
    """
    numbers = count(1)
    ordered = list(lines)
    for grid in grids_of(strokes):
        ordered = _ruled(ordered, grid, numbers)
    return list(_aligned(ordered, numbers))


def _ruled(lines: Sequence[Line], grid: Grid, numbers: Iterator[int]) -> list[Line]:
    """The lines with those in the grid at the place of the first of these."""
    inside = [line for line in lines if _is_inside(line, grid)]
    if not inside:
        return list(lines)
    chosen = set(map(id, inside))
    first = next(place for place, line in enumerate(lines) if id(line) in chosen)
    cells: dict[tuple[int, int], list[Line]] = {}
    for line in inside:
        cells.setdefault(grid.cell(*_middle(line)), []).append(line)
    told = [line for key in sorted(cells) for line in _cell(cells[key], next(numbers))]
    rest = [line for line in lines[first:] if id(line) not in chosen]
    return [*lines[:first], *told, *rest]


def _is_inside(line: Line, grid: Grid) -> bool:
    return not line.cell and not line.rule and grid.holds(*_middle(line))


def _middle(line: Line) -> tuple[float, float]:
    return (line.left + line.right) / 2, line.base + line.size / 4


def _cell(lines: Sequence[Line], number: int) -> list[Line]:
    for line in lines:
        line.cell = number
    return sorted(lines, key=lambda line: (-line.base, line.left))


@dataclass(slots=True)
class _Band:
    """Lines drawn before all that stand below them: a row of a table, or a part of one."""

    lines: list[Line]
    rows: int

    def spans(self) -> list[_Interval]:
        """Where its text stands from left to right, what overlaps as one."""
        spans: list[_Interval] = []
        for left, right in sorted((line.left, line.right) for line in self.lines):
            if spans and left < spans[-1][1]:
                spans[-1] = spans[-1][0], max(right, spans[-1][1])
            else:
                spans.append((left, right))
        return spans

    @property
    def top(self) -> float:
        return max(line.base for line in self.lines)

    @property
    def foot(self) -> float:
        return min(line.base for line in self.lines)


@dataclass(slots=True)
class _Table:
    """Bands whose text stands in the same columns."""

    bands: list[_Band] = field(default_factory=list)
    columns: list[_Interval] = field(default_factory=list)

    def takes(self, band: _Band) -> bool:
        """Add the band if it stands in the columns; else False."""
        spans = band.spans()
        if band.rows > _TALLEST_ROW or (not self.bands and len(spans) < 2):  # noqa: PLR2004 - two columns
            return False
        if self.bands and self.bands[-1].foot - band.top > _ROW_STEP * band.lines[0].size:
            return False
        merged = _merged(self.columns, spans)
        if merged is None:
            return False
        self.bands.append(band)
        self.columns = merged
        return True

    @property
    def is_one(self) -> bool:
        return sum(len(band.spans()) > 1 for band in self.bands) >= _FEWEST_ROWS

    def column(self, line: Line) -> int:
        return next(
            n for n, (left, right) in enumerate(self.columns) if left <= line.left and line.right <= right
        )


def _merged(columns: Sequence[_Interval], spans: Sequence[_Interval]) -> list[_Interval] | None:
    """The columns with the spans of one more row; None where a span reaches over two, or two are in one."""
    found = list(columns)
    taken: set[int] = set()
    for left, right in spans:
        over = [n for n, column in enumerate(found) if left < column[1] and column[0] < right]
        if len(over) > 1 or taken.intersection(over):
            return None
        if over:
            taken.add(over[0])
            found[over[0]] = min(left, found[over[0]][0]), max(right, found[over[0]][1])
        else:
            taken.add(len(found))
            found.append((left, right))
    return sorted(found)


def _aligned(lines: Sequence[Line], numbers: Iterator[int]) -> Iterator[Line]:
    table = _Table()
    for band in _bands(lines):
        if not table.takes(band):
            yield from _written(table, numbers)
            table = _Table()
            if not table.takes(band):
                yield from band.lines
    yield from _written(table, numbers)


def _bands(lines: Sequence[Line]) -> Iterator[_Band]:
    """The lines in their order, cut wherever all before stand above all that follow; cells told already alone."""
    open_lines = [line for line in lines if not line.cell and not line.rule]
    lowest, highest = [float("inf")], [float("-inf")]
    for line in open_lines:
        lowest.append(min(lowest[-1], line.base - _SAME_LINE * line.size))
    for line in reversed(open_lines):
        highest.append(max(highest[-1], line.base))
    band: list[Line] = []
    place = 0
    for line in lines:
        is_open = not line.cell and not line.rule
        if band and (not is_open or highest[len(open_lines) - place] < lowest[place]):
            yield _Band(band, _rows_in(band))
            band = []
        band.append(line)
        if is_open:
            place += 1
        else:
            yield _Band(band, _TALLEST_ROW + 1)
            band = []
    if band:
        yield _Band(band, _rows_in(band))


def _rows_in(lines: Sequence[Line]) -> int:
    bases = sorted(line.base for line in lines)
    return 1 + sum(b - a > _SAME_LINE * lines[0].size for a, b in pairwise(bases))


def _written(table: _Table, numbers: Iterator[int]) -> Iterator[Line]:
    """The table's lines cell by cell; as they were drawn where it is none."""
    if not table.is_one:
        for band in table.bands:
            yield from band.lines
        return
    row: dict[int, list[Line]] = {}
    for band in table.bands:
        cells: dict[int, list[Line]] = {}
        for line in band.lines:
            cells.setdefault(table.column(line), []).append(line)
        if row and _goes_on(table, row, cells):
            for column, more in cells.items():
                row[column] += more
            continue
        yield from _row(row, numbers)
        row = cells
    yield from _row(row, numbers)


def _row(row: dict[int, list[Line]], numbers: Iterator[int]) -> Iterator[Line]:
    for column in sorted(row):
        yield from _cell(row[column], next(numbers))


def _goes_on(table: _Table, row: dict[int, list[Line]], below: dict[int, list[Line]]) -> bool:
    """Whether lines go on with the row above: in all their columns the last line there had no room for them."""
    if not below.keys() <= row.keys():
        return False
    size = max(line.size for lines in below.values() for line in lines)
    for column, lines in below.items():
        left, right = table.columns[column]
        wide = _WIDE_ALL if len(below) == len(row) else _WIDE_LAST if column == max(row) else _WIDE
        last, first = min(row[column], key=lambda line: line.base), max(lines, key=lambda line: line.base)
        is_far = last.base - first.base > _LINE_STEP * size
        if is_far or right - left < wide * size or has_room(last, first, left, right):
            return False
    return True
