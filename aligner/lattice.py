"""The semi-Markov programme over the cells of a corridor: best path and posteriors. NumPy only.

A cell `(i, j)` stands between source segments `i-1` and `i` and between target segments `j-1` and `j`. A bead of
type `(a, b)` leads from cell `(i-a, j-b)` to cell `(i, j)`. A path from `(0, 0)` to `(n, m)` is an alignment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.corridor import Corridor

Ints = NDArray[np.int64]
Cells = NDArray[np.int32]
Floats = NDArray[np.float64]
Scores = NDArray[np.floating]
_BLOCK = 1 << 16  # cells whose posteriors are computed at once

MAX_BEAD = 8  # segments over both sides; 2 of the 2,436 beads of the MAC training chapters are larger

BEAD_TYPES: tuple[tuple[int, int], ...] = (
    (1, 0),
    (0, 1),
    *((a, total - a) for total in range(2, MAX_BEAD + 1) for a in range(1, total)),
)
"""One-sided beads first; `(0, 1)` is the only one that stays within a row of cells."""

IMPOSSIBLE = -1e30
"""Log score of what can't be; finite, so that sums of it stay finite."""

_BARRIER = -1e4  # log score of stepping from one problem's cells to the next one's in the same row


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


def build_lattice(corridors: Sequence[Corridor]) -> Lattice:
    """Lay out the cells of `corridors`; many short problems run as fast as one."""
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
    change = np.flatnonzero(np.r_[True, (np.diff(row) != 0) | (np.diff(problem) != 0)])
    offset[problem[change], row[change]] = change - column[change]
    low = np.full((len(corridors), height), 1, dtype=np.int64)
    high = np.zeros((len(corridors), height), dtype=np.int64)  # low > high: no such row
    for number, corridor in enumerate(corridors):
        low[number, : len(corridor.low)] = corridor.low
        high[number, : len(corridor.high)] = corridor.high
    starts = np.empty((len(row), len(BEAD_TYPES)), dtype=np.int32)
    for number, (a, b) in enumerate(BEAD_TYPES):
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


def forward(lattice: Lattice, scores: Scores) -> Floats:
    """Log sum of the scores of all paths from the origin to each cell; float64 (C + 1,), the last one a sentinel.

    `scores`: (C, T), `IMPOSSIBLE` where a bead can't be.
    """
    total = np.full(len(lattice) + 1, IMPOSSIBLE)
    chain = _row_chains(lattice, scores)
    for begin, end in zip(lattice.bounds[:-1], lattice.bounds[1:], strict=True):
        arriving = total[lattice.starts[begin:end]]
        arriving += scores[begin:end]
        arriving[:, 1] = IMPOSSIBLE  # (0, 1) is the chain inside the row
        if begin == 0:
            arriving[lattice.origins, 0] = 0.0
        peak = arriving.max(axis=1)
        base = peak + np.log(np.exp(arriving - peak[:, None]).sum(axis=1)) - chain[begin:end]
        total[begin:end] = np.logaddexp.accumulate(base) + chain[begin:end]
    return total


def backward(lattice: Lattice, scores: Scores) -> Floats:
    """Log sum of the scores of all paths from each cell to its goal; float64 (C + 1,)."""
    total = np.full(len(lattice) + 1, IMPOSSIBLE)
    ends = _ends(lattice)
    chain = _row_chains(lattice, scores)
    flat = scores.ravel()
    width = len(BEAD_TYPES)
    goal = np.zeros(len(lattice), dtype=bool)
    goal[lattice.goals] = True
    for begin, end in zip(lattice.bounds[-2::-1], lattice.bounds[:0:-1], strict=True):
        target = ends[begin:end].astype(np.int64)
        # Where there is no such cell the sentinel's total rules the bead out, whatever score is added.
        leaving = total[target] + flat.take(target * width + np.arange(width), mode="clip")
        leaving[:, 1] = IMPOSSIBLE
        leaving[goal[begin:end], 0] = 0.0
        peak = leaving.max(axis=1)
        base = peak + np.log(np.exp(leaving - peak[:, None]).sum(axis=1)) + chain[begin:end]
        total[begin:end] = np.logaddexp.accumulate(base[::-1])[::-1] - chain[begin:end]
    return total


def _row_chains(lattice: Lattice, scores: Scores) -> Floats:
    """Running sums of the (0, 1) scores along each row, with a barrier between problems."""
    linked = lattice.starts[:, 1] < len(lattice)
    step = np.where(linked, np.maximum(scores[:, 1], _BARRIER), _BARRIER)
    running = np.cumsum(step)
    chain: Floats = running - np.repeat(running[lattice.bounds[:-1]], np.diff(lattice.bounds))
    return chain


def _ends(lattice: Lattice) -> Cells:
    """The reverse of `starts`: (C, T), for each type the cell where a bead beginning here ends, or C."""
    ends = np.full((len(lattice) + 1, len(BEAD_TYPES)), len(lattice), dtype=np.int32)
    cells = np.arange(len(lattice), dtype=np.int32)
    for number in range(len(BEAD_TYPES)):
        ends[lattice.starts[:, number], number] = cells
    ends[len(lattice)] = len(lattice)
    return ends[:-1]


def posteriors(lattice: Lattice, scores: Scores) -> tuple[Scores, Floats]:
    """Probability of each bead, (C, T) of the type of `scores`, and each problem's log partition sum, float64."""
    ahead, behind = forward(lattice, scores), backward(lattice, scores)
    partition = ahead[lattice.goals]
    behind = behind[:-1] - partition[lattice.problem]
    probability = np.empty(scores.shape, dtype=scores.dtype)
    for begin in range(0, len(lattice), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        logs = ahead[lattice.starts[block]] + scores[block] + behind[block, None]
        probability[block] = np.exp(np.minimum(logs, 0.0))
    return probability, partition


def best_path(lattice: Lattice, gains: Scores) -> list[tuple[int, int]]:
    """The beads `(cell, type)` of the path with the highest sum of `gains` (C, T), in order; one problem only."""
    total = np.full(len(lattice) + 1, IMPOSSIBLE)
    chain = _row_chains(lattice, gains)
    choice = np.zeros(len(lattice), dtype=np.int8)
    for begin, end in zip(lattice.bounds[:-1], lattice.bounds[1:], strict=True):
        arriving = total[lattice.starts[begin:end]] + gains[begin:end]
        arriving[:, 1] = IMPOSSIBLE
        if begin == 0:
            arriving[0, 0] = 0.0
        pick = arriving.argmax(axis=1)
        base = arriving[np.arange(end - begin), pick] - chain[begin:end]
        running = np.maximum.accumulate(base)
        choice[begin:end] = np.where(base < running, 1, pick)
        total[begin:end] = running + chain[begin:end]
    path = []
    cell = int(lattice.goals[0])
    while cell != lattice.origins[0]:
        path.append((cell, int(choice[cell])))
        cell = int(lattice.starts[cell, choice[cell]])
    return path[::-1]
