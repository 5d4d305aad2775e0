"""Where to look: anchors between two texts and the corridor of cells around them. NumPy only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from aligner.engine.anchors import Ints, Match

_SLACK = 2  # anchors on either side that may all be wrong before the corridor loses the path

_PADDING = 2  # segments beyond the outer anchor; with 4 a fourth more cells hold no gold bead more

_MAX_GAP_CELLS = 400_000  # a rectangle without anchors larger than this is searched along its edges only


@dataclass(frozen=True, slots=True)
class Corridor:
    """The cells worth looking at: in row `i` (0 to n), columns `low[i]` to `high[i]`, both included.

    Both never fall, `low[0] == 0`, `high[n] == m`, and neighbouring rows overlap, so a path always exists.
    Raises ValueError otherwise.
    """

    low: Ints
    high: Ints

    def __post_init__(self) -> None:
        fits = (
            len(self.low) == len(self.high) >= 1
            and self.low[0] == 0
            and (np.diff(self.low) >= 0).all()
            and (np.diff(self.high) >= 0).all()
            and (self.low <= self.high).all()
            and (self.low[1:] <= self.high[:-1]).all()
        )
        if not fits:
            raise ValueError("a corridor's bounds must start at 0, never fall, and overlap from row to row")

    @property
    def shape(self) -> tuple[int, int]:
        """Number of source and target segments."""
        return len(self.low) - 1, int(self.high[-1])


def find_corridor(shape: tuple[int, int], chain: list[Match]) -> Corridor:
    """The corridor around `chain` for `shape` = (n, m) segments; without anchors, all cells.

    There is no diagonal window: what stands between two anchors is searched whole, however long it is on one
    side, so a missing chapter costs only itself.
    """
    n, m = shape
    rows = np.array([-1] * (_SLACK + 1) + [match.src for match in chain] + [n] * (_SLACK + 1))
    columns = np.array([-1] * (_SLACK + 1) + [match.tgt for match in chain] + [m] * (_SLACK + 1))
    cells = np.arange(n + 1)
    after = np.searchsorted(rows, cells, side="left")  # first anchor at or below each row of cells
    after = np.clip(after, _SLACK + 1, len(rows) - _SLACK - 1)
    low = np.maximum(columns[after - 1 - _SLACK] + 1 - _PADDING, 0)
    high = np.minimum(columns[after + _SLACK] + _PADDING, m)
    low[columns[after - 1 - _SLACK] < 0] = 0
    low, high = _thin_gaps(low, high, n)
    low = np.minimum(np.maximum.accumulate(low), m)
    high = np.maximum.accumulate(np.maximum(high, low))
    low[0], high[-1] = 0, m
    high[:-1] = np.maximum(high[:-1], low[1:])
    return Corridor(low, high)


def _thin_gaps(low: Ints, high: Ints, n: int) -> tuple[Ints, Ints]:
    """Where two long stretches face each other without an anchor, keep a path along the edges and a thin band."""
    for begin, end in _stretches(low, high):
        height, width = end - begin, int(high[begin] - low[begin])
        if height * width <= _MAX_GAP_CELLS:
            continue
        band = max(_MAX_GAP_CELLS // (2 * height), 4 * _PADDING)
        bottom = max(begin, end - max(_MAX_GAP_CELLS // (2 * width), 1))
        centre = low[begin] + (np.arange(begin, bottom) - begin) * width // height
        low[begin:bottom] = np.maximum(low[begin:bottom], centre - band // 2)
        high[begin:bottom] = np.minimum(high[begin:bottom], centre + band // 2)
    return low, high


def _stretches(low: Ints, high: Ints) -> Iterator[tuple[int, int]]:
    """Runs of rows that share their bounds."""
    cuts = np.flatnonzero((np.diff(low) != 0) | (np.diff(high) != 0)) + 1
    edges = [0, *cuts.tolist(), len(low)]
    yield from pairwise(edges)


def enclose(low: Ints, high: Ints, columns: int) -> Corridor:
    """The narrowest corridor, to the goal in column `columns`, with `low[i]` to `high[i]` of each row; both (n + 1,).

    A row where `low` is above `high` asks for nothing.
    """
    low = np.minimum.accumulate(low[::-1])[::-1]
    high = np.maximum(np.maximum.accumulate(high), low)
    low[0], high[-1] = 0, columns
    high[:-1] = np.maximum(high[:-1], low[1:])
    return Corridor(low, high)


def pin(corridor: Corridor, cuts: Sequence[tuple[int, int]]) -> Corridor:
    """The part of `corridor` on the right side of each boundary `(i, j)` of `cuts`, widened to hold them all.

    Raises ValueError where cuts cross or leave the texts.
    """
    if not cuts:
        return corridor
    n, m = corridor.shape
    ordered = sorted(set(cuts))
    rows, columns = np.array(ordered).T
    if (np.diff(columns) < 0).any() or rows[0] < 0 or rows[-1] > n or columns[0] < 0 or columns[-1] > m:
        raise ValueError("boundaries to keep cross each other or lie outside the texts")
    cells = np.arange(n + 1)
    floor = np.concatenate([[0], columns])[np.searchsorted(rows, cells, side="left")]
    ceiling = np.concatenate([columns, [m]])[np.searchsorted(rows, cells, side="right")]
    low, high = np.clip(corridor.low, floor, ceiling), np.clip(corridor.high, floor, ceiling)
    np.minimum.at(low, rows, columns)
    np.maximum.at(high, rows, columns)
    high[:-1] = np.maximum(high[:-1], low[1:])
    return Corridor(low, high)
