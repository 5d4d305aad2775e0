"""The ruled lines of a PDF page: what draws the grid of a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

# A path at most so thick, in points, is a ruled line; one at least so long is more than a sign.
_THICK, _LONG = 2.5, 6.0
# A drawing with more paths than this is looked at no further.
_MOST_PATHS = 5_000
_LEVELS = 2  # of forms within each other
# Lines no further apart than this meet.
_MEETING = 3.0
# Two columns stand between three uprights; where there are very many it is a drawing.
_FEWEST_UPRIGHT, _MOST_UPRIGHT = 3, 40


class Stroke(NamedTuple):
    """A line at `place` (x of an upright one, y of a level one) from `low` to `high`, in points."""

    place: float
    low: float
    high: float

    def crosses(self, at: float) -> bool:
        """Whether it reaches over the place `at` along itself."""
        return self.low - _MEETING <= at <= self.high + _MEETING


class Strokes(NamedTuple):
    """The upright and the level lines of a page."""

    upright: list[Stroke]
    level: list[Stroke]


class Grid(NamedTuple):
    """A ruled table: its uprights from left to right, and its level lines from the top down."""

    upright: list[Stroke]
    level: list[Stroke]

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Row and column of a point, from 1; a line counts only where it reaches."""
        row = sum(stroke.place > y and stroke.crosses(x) for stroke in self.level)
        column = sum(stroke.place < x and stroke.crosses(y) for stroke in self.upright)
        return row, column

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside."""
        ends = min(stroke.low for stroke in self.upright), max(stroke.high for stroke in self.upright)
        return self.upright[0].place <= x <= self.upright[-1].place and ends[0] <= y <= ends[1]


def strokes_of(page: Any) -> Strokes:
    """The ruled lines of a pdfium page."""
    import pypdfium2.raw as raw

    found = Strokes([], [])
    paths = page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=_LEVELS)
    for path in islice(paths, _MOST_PATHS):
        left, bottom, right, top = path.get_bounds()
        if right - left <= _THICK and top - bottom >= _LONG:
            found.upright.append(Stroke((left + right) / 2, bottom, top))
        elif top - bottom <= _THICK and right - left >= _LONG:
            found.level.append(Stroke((bottom + top) / 2, left, right))
    return found


def grids_of(strokes: Strokes) -> list[Grid]:
    """Tables of two columns or more: uprights that stand side by side, with level lines that meet them."""
    grids = []
    for upright in _side_by_side(sorted(_joined(strokes.upright))):
        left, right = upright[0].place, upright[-1].place
        low, high = min(each.low for each in upright), max(each.high for each in upright)
        level = [
            each
            for each in strokes.level
            if low - _MEETING <= each.place <= high + _MEETING
            and each.low < right - _MEETING
            and each.high > left + _MEETING
        ]
        if _FEWEST_UPRIGHT <= len(upright) <= _MOST_UPRIGHT and level:
            grids.append(Grid(upright, sorted(level, reverse=True)))
    return grids


def _joined(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Strokes drawn cell by cell as one."""
    joined: list[Stroke] = []
    for stroke in sorted(strokes, key=lambda each: (round(each.place / _MEETING), each.low)):
        last = joined[-1] if joined else None
        if last and abs(last.place - stroke.place) <= _MEETING and stroke.low <= last.high + _MEETING:
            joined[-1] = Stroke(last.place, last.low, max(last.high, stroke.high))
        else:
            joined.append(stroke)
    return joined


def _side_by_side(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """Uprights, which come from left to right, that overlap in height."""
    groups: list[list[Stroke]] = []
    for stroke in strokes:
        group = next(
            (
                each
                for each in groups
                if min(each[0].high, stroke.high) - max(each[0].low, stroke.low) > _LONG
            ),
            None,
        )
        if group is None:
            groups.append([stroke])
        else:
            group.append(stroke)
    return groups
