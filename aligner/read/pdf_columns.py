"""Characters drawn on one line that belong to different cells: a ruled line or a gap in the same place parts them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from aligner.read.pdf_rules import Stroke

# A gap wider than this many times the size may be one between cells, where the next cell begins in the same place …
_CELL_GAP = 0.8
# … a narrower one, but wider than a blank, only where no blank is drawn and two others say that a cell begins there, …
_TIGHT_GAP = 0.3
# … on so many lines, as far as this part of the size says, each at most so many sizes below the one before.
_FEWEST_LINES, _ALIGNED, _STEP = 3, 0.15, 3.5
_SAME_LINE = 0.35
_LOOKED_AT = 12  # lines at most
# A justified line has blanks of one width, so that one of them begins no cell by standing where others stand on the
# lines near it; TeX's are up to a third wider behind marks.
_ALIKE = 0.75
# What stands before such a gap in a list and is no cell.
_LABEL = re.compile(r"[(（\[]?(?:[^\W\d_]|[ivxlIVXL]{1,4}|\d{1,3})[.)）\]、:：]|[•·▪◦*–—-]+|\d+(?:\.\d+)*\.?")


class Glyph(NamedTuple):
    """A character where it is drawn. `blank`: one stands before it, "drawn" or, as pdfium infers, "weak"."""

    character: str
    left: float
    right: float
    base: float
    size: float
    blank: str


def is_ruled_off(last: Glyph, glyph: Glyph, upright: Sequence[Stroke]) -> bool:
    """Whether a ruled line stands between two characters that follow each other."""
    middle = glyph.base + glyph.size / 4
    return any(
        last.left < stroke.place < glyph.right
        and last.right - last.size / 4 <= stroke.place <= glyph.left + glyph.size / 4
        and stroke.low <= middle <= stroke.high
        for stroke in upright
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """Pieces on one baseline, by their numbers, and where cells may begin: x, and if the gap before is wide."""

    base: float
    numbers: tuple[int, ...]
    starts: tuple[tuple[float, bool], ...]

    def start_at(self, x: float, size: float) -> bool | None:
        """Whether what begins at `x` stands behind a wide gap; None where nothing begins there."""
        place = bisect_left(self.starts, (x - _ALIGNED * size, False))
        if place == len(self.starts) or self.starts[place][0] > x + _ALIGNED * size:
            return None
        return self.starts[place][1]


def cut_at_columns(pieces: list[list[Glyph]]) -> list[tuple[list[Glyph], bool]]:
    """Pieces of lines cut at gaps behind which a cell begins on this line and two others next to it.

    With each piece, whether it was cut off the one before.
    """
    rows = _rows(pieces)
    cut: dict[int, list[list[Glyph]]] = {}
    for place, row in enumerate(rows):
        for number in row.numbers:
            glyphs = pieces[number]
            ends = [
                at
                for at, _ in _gaps(glyphs)
                if not _LABEL.fullmatch("".join(glyph.character for glyph in glyphs[:at]))
                and _is_column(glyphs[at].left, glyphs[at].size, rows, place)
            ]
            ends = [] if _is_justified(glyphs, ends) else ends
            cut[number] = [glyphs[a:b] for a, b in zip([0, *ends], [*ends, len(glyphs)], strict=True)]
    return [(part, at > 0) for number in range(len(pieces)) for at, part in enumerate(cut[number])]


def _rows(pieces: Sequence[list[Glyph]]) -> list[_Row]:
    """The pieces by baseline, from the top down, each row from left to right."""
    order = sorted(range(len(pieces)), key=lambda number: -pieces[number][0].base)
    rows: list[list[int]] = []
    for number in order:
        first = pieces[number][0]
        if rows and pieces[rows[-1][0]][0].base - first.base <= _SAME_LINE * first.size:
            rows[-1].append(number)
        else:
            rows.append([number])
    return [_row(pieces, sorted(row, key=lambda number: pieces[number][0].left)) for row in rows]


def _row(pieces: Sequence[list[Glyph]], numbers: Sequence[int]) -> _Row:
    starts = [(pieces[number][0].left, True) for number in numbers]
    for number in numbers:
        starts += [(pieces[number][at].left, is_wide) for at, is_wide in _gaps(pieces[number])]
    return _Row(pieces[numbers[0]][0].base, tuple(numbers), tuple(sorted(starts)))


def _gaps(glyphs: Sequence[Glyph]) -> list[tuple[int, bool]]:
    """Where a piece goes on behind a gap that may be one between cells, and whether it is wide."""
    found = []
    for at, (last, glyph) in enumerate(pairwise(glyphs), 1):
        gap = (glyph.left - last.right) / glyph.size
        if gap > _CELL_GAP or (gap > _TIGHT_GAP and glyph.blank != "drawn"):
            found.append((at, gap > _CELL_GAP))
    return found


def _is_justified(glyphs: Sequence[Glyph], ends: Sequence[int]) -> bool:
    """Whether blanks that begin no cell are as wide as those at `ends`."""
    gaps = [(at, glyphs[at].left - glyphs[at - 1].right) for at in range(1, len(glyphs)) if glyphs[at].blank]
    narrowest = min((gap for at, gap in gaps if at in ends), default=0.0)
    return any(gap >= _ALIKE * narrowest for at, gap in gaps if at not in ends)


def _is_column(x: float, size: float, rows: Sequence[_Row], place: int) -> bool:
    """Whether on enough lines in a row, that at `place` too, something begins at `x`, mostly behind a wide gap."""
    found = [rows[place].start_at(x, size)]
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(rows) and abs(rows[at].base - rows[at - step].base) <= _STEP * size:
            start = rows[at].start_at(x, size)
            if start is None or len(found) > _LOOKED_AT:
                break
            found.append(start)
            at += step
    return len(found) >= _FEWEST_LINES and sum(map(bool, found)) >= _FEWEST_LINES - 1
