"""Where to look: anchors between two texts, the corridor of cells around them, and passages that moved. NumPy only."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Bead, Moved

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_BLOCK = 512  # rows of the similarity matrix held at once
PAIRS_COMPARED = 1 << 26  # pairs of segments up to which all are compared, about a second's work
_PAGE = 64  # segments that are compared as one where there are more pairs
_PAGES = 32
"""Nearest pages of the other side that are compared segment by segment: 2 s instead of 20 for a Bible; in novels that
repeat themselves thirteen times it still finds 92 % of the matches and 99 % of their chain."""
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


@dataclass(frozen=True, slots=True)
class Match:
    """Source segment `src` and target segment `tgt` are each other's nearest; `weight` > 0 says by how much."""

    src: int
    tgt: int
    weight: float


def mutual_matches(source: Floats, target: Floats) -> list[Match]:
    """Pairs of segments that are each other's nearest neighbours, by cosine, in order of source.

    `source` (n, d), `target` (m, d): unit rows. The weight is the cosine's margin over the mean of the second
    best of its row and of its column, as in Artetxe & Schwenk 2019 with k = 1; ties and zeros are no match.
    Long texts are searched page by page: a segment's counterpart is looked for in the pages most like its own.
    """
    if not len(source) or not len(target):
        return []
    width = len(target)
    row_best, row_second = np.empty(len(source), dtype=np.int64), np.empty(len(source), dtype=np.float32)
    column_first = np.full(width, -np.inf, dtype=np.float32)
    column_second, column_best = column_first.copy(), np.zeros(width, dtype=np.int64)
    row_first = np.empty(len(source), dtype=np.float32)
    for rows, columns, others in _places_to_look(source, target):
        block = source[rows] @ others.T
        down, across = np.arange(len(block)), np.arange(len(columns))
        best, arg = block.max(axis=0), block.argmax(axis=0)
        block[arg, across] = -np.inf
        runner_up = block.max(axis=0)
        block[arg, across] = best
        first, second = column_first[columns], column_second[columns]
        better = best > first
        column_second[columns] = np.maximum(np.where(better, first, best), np.maximum(second, runner_up))
        column_best[columns] = np.where(better, arg + rows.start, column_best[columns])
        column_first[columns] = np.where(better, best, first)
        pick = block.argmax(axis=1)
        row_best[rows] = columns[pick]
        row_first[rows] = block[down, pick]
        block[down, pick] = -np.inf
        row_second[rows] = block.max(axis=1)
    sources = np.arange(len(source))
    mutual = sources[column_best[row_best] == sources]
    targets = row_best[mutual]
    floor = np.where(np.isfinite(row_second[mutual]), row_second[mutual], 0.0)
    other = np.where(np.isfinite(column_second[targets]), column_second[targets], 0.0)
    weights = row_first[mutual] - (floor + other) / 2
    return [
        Match(int(i), int(j), float(w)) for i, j, w in zip(mutual, targets, weights, strict=True) if w > 0
    ]


def _places_to_look(source: Floats, target: Floats) -> Iterator[tuple[slice, Ints, Floats]]:
    """Blocks of source segments, each with the target segments, in order, to compare them with, and their vectors."""
    every = np.arange(len(target))
    if len(source) * len(target) <= PAIRS_COMPARED:
        for begin in range(0, len(source), _BLOCK):
            yield slice(begin, begin + _BLOCK), every, target
        return
    pages, others = (np.add.reduceat(side, np.arange(0, len(side), _PAGE)) for side in (source, target))
    others /= np.maximum(np.linalg.norm(others, axis=1, keepdims=True), np.float32(1e-9))
    count = min(_PAGES, len(others))
    nearest = np.argpartition(-(pages @ others.T), count - 1, axis=1)[:, :count]
    for number, few in enumerate(np.sort(nearest)):
        columns = (few[:, None] * _PAGE + np.arange(_PAGE)).ravel()
        columns = columns[columns < len(target)]
        yield slice(number * _PAGE, (number + 1) * _PAGE), columns, target[columns]


def longest_chain(matches: list[Match]) -> list[Match]:
    """The increasing chain of `matches` (in order of source) with the largest total weight, in O(n log n)."""
    tails: list[tuple[int, float, int]] = []  # (target, best total, match), both rising
    previous: list[int] = []
    for number, match in enumerate(matches):
        place = bisect_right(tails, (match.tgt, -1.0, -1))
        total, before = (tails[place - 1][1], tails[place - 1][2]) if place else (0.0, -1)
        previous.append(before)
        total += match.weight
        if place < len(tails) and tails[place][0] == match.tgt and tails[place][1] >= total:
            continue
        end = place
        while end < len(tails) and tails[end][1] <= total:
            end += 1
        tails[place:end] = [(match.tgt, total, number)]
    chain = []
    number = tails[-1][2] if tails else -1
    while number >= 0:
        chain.append(matches[number])
        number = previous[number]
    return chain[::-1]


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
        low[bottom:end] = np.minimum(low[bottom:end], low[max(bottom - 1, 0)])
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


_LEAST_MOVED = 3  # mutual nearest segments in a row that make a passage, not a coincidence
_MOVED_STEP = 3  # segments between two of them at most
_MOVED_CONFIDENCE = 0.98
"""That such a passage was moved: all of the 52 reported were, where passages of `mag` and `mac_dev` were moved on
purpose; (52 + 1) / (52 + 2) by the rule of succession. Neither the length of a run nor its margin tells more."""


def moved_passages(matches: list[Match], beads: Sequence[Bead]) -> list[Moved]:
    """Runs of segments left one-sided by `beads` that are each other's nearest in another place, in order of source."""
    lonely_src = {i for bead in beads if not bead.is_pair for i in range(bead.src_start, bead.src_end)}
    lonely_tgt = {j for bead in beads if not bead.is_pair for j in range(bead.tgt_start, bead.tgt_end)}
    runs: list[list[Match]] = []
    for match in matches:
        if match.src not in lonely_src or match.tgt not in lonely_tgt:
            continue
        last = runs[-1][-1] if runs else None
        if last and match.src - last.src <= _MOVED_STEP and 0 < match.tgt - last.tgt <= _MOVED_STEP:
            runs[-1].append(match)
        else:
            runs.append([match])
    return [
        Moved(run[0].src, run[-1].src + 1, run[0].tgt, run[-1].tgt + 1, _MOVED_CONFIDENCE)
        for run in runs
        if len(run) >= _LEAST_MOVED
    ]
