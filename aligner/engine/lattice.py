"""The semi-Markov programme over the cells of a corridor: best path and posteriors. NumPy only.

A cell `(i, j)` stands between source segments `i-1` and `i` and between target segments `j-1` and `j`. A bead of
type `(a, b)` leads from cell `(i-a, j-b)` to cell `(i, j)`. A path from `(0, 0)` to `(n, m)` is an alignment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.engine.beads import BEAD_TYPES, ONE_SIDED
from aligner.engine.corridor import Corridor

Ints = NDArray[np.int64]

Cells = NDArray[np.int32]

Floats = NDArray[np.float64]

Scores = NDArray[np.floating]

_BLOCK = 1 << 16  # cells whose posteriors are computed at once

_ALONG = 3  # way into a cell by a (0, 1) bead after a one-sided one; 0 and 1 come after a pair, 2 is (1, 0) after one

IMPOSSIBLE = -1e30
"""Log score of what can't be; finite, so that sums of it stay finite."""

_BARRIER = (
    -1e6
)  # log score of stepping from one problem's cells to the next one's: below any whole alignment's


@dataclass(frozen=True, slots=True)
class Lattice:
    """The corridors of one or more independent problems as flat arrays, cells ordered by row, problem, column.

    `row`, `column`, `problem`: int64 (C,), each cell's place. `bounds`: int64 (rows + 1,), where each row's
    cells begin.
    `starts`: int64 (C, T), for each bead type the cell where a bead ending here begins, or C where it would leave
    the corridor. `origins`, `goals`: int64 (problems,), first and last cell of each problem.
    """

    row: Cells
    column: Cells
    problem: Cells
    bounds: Ints
    starts: Cells
    origins: Ints
    goals: Ints

    def __len__(self) -> int:
        return len(self.row)

    @property
    def possible(self) -> NDArray[np.bool_]:
        """bool (C, T): whether a bead of this type can end in this cell."""
        possible: NDArray[np.bool_] = self.starts < len(self)
        return possible

    def cells_at(self, rows: Cells | Ints, columns: Cells | Ints) -> Ints:
        """The cells in these places of a lattice of one problem, C where it has none."""
        begin, end = self.bounds[rows], self.bounds[rows + 1]
        cells = begin + columns - self.column[begin]
        found: Ints = np.where((columns >= self.column[begin]) & (cells < end), cells, len(self))
        return found


def build_lattice(corridors: Sequence[Corridor], types: Sequence[tuple[int, int]] = BEAD_TYPES) -> Lattice:
    """Lay out the cells of `corridors` for `types`, the one-sided first; many short problems run as fast as one."""
    rows, columns, problems = [], [], []
    for number, corridor in enumerate(corridors):
        widths = corridor.high - corridor.low + 1
        row = np.repeat(np.arange(len(widths)), widths)
        first = np.repeat(np.cumsum(widths) - widths, widths)
        rows.append(row)
        columns.append(np.arange(len(row)) - first + corridor.low[row])
        problems.append(np.full(len(row), number))
    row, column, problem = (np.concatenate(parts) for parts in (rows, columns, problems))
    order = np.lexsort((column, problem, row))
    row, column, problem = row[order], column[order], problem[order]
    height = int(row[-1]) + 1
    # offset[problem, row]: the flat index that column 0 of that row would have
    offset = np.full((len(corridors), height), -1, dtype=np.int64)
    offset[problem, row] = np.arange(len(row)) - column
    low = np.full((len(corridors), height), 1, dtype=np.int64)
    high = np.zeros((len(corridors), height), dtype=np.int64)  # low > high: no such row
    for number, corridor in enumerate(corridors):
        low[number, : len(corridor.low)] = corridor.low
        high[number, : len(corridor.high)] = corridor.high
    starts = np.empty((len(row), len(types)), dtype=np.int32)
    for number, (a, b) in enumerate(types):
        above, left = np.maximum(row - a, 0), column - b
        inside = (row >= a) & (left >= low[problem, above]) & (left <= high[problem, above])
        starts[:, number] = np.where(inside, offset[problem, above] + left, len(row))
    last_row = np.array([len(corridor.low) - 1 for corridor in corridors])
    last_column = np.array([corridor.high[-1] for corridor in corridors])
    every = np.arange(len(corridors))
    bounds = np.searchsorted(row, np.arange(height + 1))
    return Lattice(
        row.astype(np.int32), column.astype(np.int32), problem.astype(np.int32), bounds, starts,
        offset[every, 0], offset[every, last_row] + last_column,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sums:
    """Log sums over all paths to (or from) each cell, float64 (C + 1,) with a sentinel at the end.

    `pair`: of those whose last bead before the cell is two-sided, or that begin there; `run`: one-sided.
    """

    pair: Floats
    run: Floats


def forward(lattice: Lattice, scores: Scores, again: float = 0.0) -> Sums:
    """Log sums of the scores of all paths from the origin to each cell.

    `scores`: (C, T), `IMPOSSIBLE` where a bead can't be. `again`: added where a one-sided bead follows another, so
    that a long passage without counterpart costs less than as many lone sentences (an affine gap: Gotoh 1982).
    """
    count = len(lattice)
    sums = np.full((3, count + 1), IMPOSSIBLE)
    pair, run, either = sums
    chain = _row_chains(lattice, scores, again)
    above, left = lattice.starts[:, 0].astype(np.int64), lattice.starts[:, 1].astype(np.int64)
    # The three ways into a run, looked up in `sums` at once: most of the time goes into the number of calls.
    ways = np.stack([above, above + count + 1, left], axis=1)
    gains = np.stack([scores[:, 0], scores[:, 0] + again, scores[:, 1]], axis=1)
    for begin, end in pairwise(lattice.bounds.tolist()):
        arriving = either.take(lattice.starts[begin:end, ONE_SIDED:])
        arriving += scores[begin:end, ONE_SIDED:]
        paired = _log_sum(arriving)
        if begin == 0:
            paired[lattice.origins] = 0.0
        pair[begin:end] = paired
        entering = sums.take(ways[begin:end])
        entering += gains[begin:end]
        links = chain[begin:end]
        entered = np.logaddexp.reduce(entering, axis=1)
        entered -= links
        along = np.logaddexp.accumulate(entered)
        along += links
        run[begin:end] = along
        np.logaddexp(paired, along, out=either[begin:end])
    return Sums(pair, run)


def backward(lattice: Lattice, scores: Scores, again: float = 0.0) -> Sums:
    """Log sums of the scores of all paths from each cell to its goal, by the bead that leads to the cell."""
    pair, run = (np.full(len(lattice) + 1, IMPOSSIBLE) for _ in range(2))
    ends = _ends(lattice)
    chain = _row_chains(lattice, scores, again)
    flat = scores.ravel()
    width = scores.shape[1]
    goal = np.zeros(len(lattice), dtype=bool)
    goal[lattice.goals] = True
    for begin, end in zip(lattice.bounds[-2::-1], lattice.bounds[:0:-1], strict=True):
        row, target = slice(begin, end), ends[begin:end].astype(np.int64)
        # Where there is no such cell the sentinel's sum rules the bead out, whatever score is added.
        gains = flat.take(target * width + np.arange(width), mode="clip")
        leaving = pair[target[:, ONE_SIDED:]]
        leaving += gains[:, ONE_SIDED:]
        paired = _log_sum(leaving)
        paired[goal[row]] = 0.0
        below = run[target[:, 0]] + gains[:, 0]
        base = np.logaddexp(paired, below + again) + chain[row]
        run[row] = np.logaddexp.accumulate(base[::-1])[::-1] - chain[row]
        pair[row] = np.logaddexp(np.logaddexp(paired, below), run[target[:, 1]] + gains[:, 1])
    return Sums(pair, run)


def _log_sum(logs: Floats) -> Floats:
    """Log of the sum of the exponentials of each row; overwrites `logs`."""
    if not logs.shape[1]:
        return np.full(len(logs), IMPOSSIBLE)
    peak = logs.max(axis=1)
    logs -= peak[:, None]
    np.exp(logs, out=logs)
    total: Floats = np.log(logs.sum(axis=1))
    total += peak
    return total


def _row_chains(lattice: Lattice, scores: Scores, again: float) -> Floats:
    """Running sums along each row of what a further (0, 1) bead gives, with a barrier between problems."""
    linked = lattice.starts[:, 1] < len(lattice)
    # Double precision, and nothing at the head of a row: the sums run on through the whole lattice.
    step = np.where(linked, np.maximum(scores[:, 1].astype(np.float64) + again, _BARRIER), _BARRIER)
    step[lattice.bounds[:-1]] = 0.0
    running = np.cumsum(step)
    chain: Floats = running - np.repeat(running[lattice.bounds[:-1]], np.diff(lattice.bounds))
    return chain


def _ends(lattice: Lattice) -> Cells:
    """The reverse of `starts`: (C, T), for each type the cell where a bead beginning here ends, or C."""
    types = lattice.starts.shape[1]
    ends = np.full((len(lattice) + 1, types), len(lattice), dtype=np.int32)
    cells = np.arange(len(lattice), dtype=np.int32)
    for number in range(types):
        ends[lattice.starts[:, number], number] = cells
    ends[len(lattice)] = len(lattice)
    return ends[:-1]


@dataclass(frozen=True, slots=True)
class Posteriors:
    """`probability`: of each bead, (C, T) of the type of the scores. `partition`: log sum of all paths of each problem.

    `runs`: expected number of one-sided beads that follow another, over all problems.
    """

    probability: Scores
    partition: Floats
    runs: float


def posteriors(lattice: Lattice, scores: Scores, again: float = 0.0) -> Posteriors:
    """Forward and backward sums joined to the probability of each bead; `scores` and `again` as for `forward`."""
    ahead, behind = forward(lattice, scores, again), backward(lattice, scores, again)
    partition = np.logaddexp(ahead.pair[lattice.goals], ahead.run[lattice.goals])
    either = np.logaddexp(ahead.pair, ahead.run)
    probability, runs = np.empty(scores.shape, dtype=scores.dtype), 0.0
    for begin in range(0, len(lattice), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        starts, total = lattice.starts[block], partition[lattice.problem[block]]
        logs = either[starts]
        alone, following = (
            state[starts[:, :ONE_SIDED]] + added for state, added in ((ahead.pair, 0.0), (ahead.run, again))
        )
        logs[:, :ONE_SIDED] = np.logaddexp(alone, following)
        logs += scores[block]
        logs[:, :ONE_SIDED] += (behind.run[:-1][block] - total)[:, None]
        logs[:, ONE_SIDED:] += (behind.pair[:-1][block] - total)[:, None]
        probability[block] = np.exp(np.minimum(logs, 0.0))
        share = np.exp(following - np.logaddexp(alone, following))
        runs += float((share * probability[block, :ONE_SIDED]).sum())
    return Posteriors(probability, partition, runs)


def best_path(lattice: Lattice, gains: Scores, again: float = 0.0) -> list[tuple[int, int]]:
    """The beads `(cell, type)` of the path with the highest sum of `gains` (C, T), in order; one problem only."""
    pair, run, either = (np.full(len(lattice) + 1, IMPOSSIBLE) for _ in range(3))
    chain = _row_chains(lattice, gains, again)
    paired, entered = (np.zeros(len(lattice), dtype=np.int8) for _ in range(2))
    for begin, end in zip(lattice.bounds[:-1], lattice.bounds[1:], strict=True):
        row, starts = slice(begin, end), lattice.starts[begin:end]
        arriving = either[starts[:, ONE_SIDED:]] + gains[row, ONE_SIDED:]
        paired[row] = arriving.argmax(axis=1) + ONE_SIDED
        pair[row] = arriving.max(axis=1)
        if begin == 0:
            pair[lattice.origins[0]] = 0.0
        above, left = starts[:, 0], starts[:, 1]
        ways = np.stack([
            pair[above] + gains[row, 0], pair[left] + gains[row, 1], run[above] + again + gains[row, 0],
        ])  # fmt: skip
        base = ways.max(axis=0) - chain[row]
        running = np.maximum.accumulate(base)
        entered[row] = np.where(base < running, _ALONG, ways.argmax(axis=0))
        run[row] = running + chain[row]
        either[row] = np.maximum(pair[row], run[row])
    path = []
    cell = int(lattice.goals[0])
    in_run = run[cell] > pair[cell]
    while cell != lattice.origins[0]:
        way = int(entered[cell] if in_run else paired[cell])
        kind = way % ONE_SIDED if in_run else way
        path.append((cell, kind))
        cell = int(lattice.starts[cell, kind])
        in_run = way >= ONE_SIDED if in_run else run[cell] > pair[cell]
    return path[::-1]
