"""The alignment of clauses, and what it says of where the beads of sentences end. NumPy only.

Most errors of an alignment of sentences are about where a bead ends: a clause was translated in the sentence beside.
The clauses are aligned by a programme of their own, which may put a clause anywhere; a bead of sentences may well end
where that programme is likely to pass.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aligner.corridor import Corridor
from aligner.lattice import BEAD_TYPES, Lattice
from aligner.score import Side

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

PLAUSIBLE = 0.01
"""Posterior from which a bead of sentences has its clauses looked at; down to 0.0001 the result is the same."""


def sentence_bounds(side: Side) -> Ints:
    """The clause range of each sentence, (n + 1,), of a side of clauses."""
    ends = [*np.flatnonzero(side.breaks), len(side)] if len(side) else []
    return np.array([0, *ends], dtype=np.int64)


def clause_corridor(lattice: Lattice, plausible: NDArray[np.bool_], source: Ints, target: Ints) -> Corridor:
    """The cells of clauses within the `plausible` beads (C, T) of sentences.

    `source`, `target`: clause range of each sentence, (n + 1,) and (m + 1,).
    """
    n, m = len(source) - 1, len(target) - 1
    cells, kinds = np.nonzero(plausible)
    sizes = np.array(BEAD_TYPES)[kinds]
    bottom, right = lattice.row[cells].astype(np.int64), lattice.column[cells].astype(np.int64)
    left = right - sizes[:, 1]
    # Of each sentence and of each boundary between two: the sentences of the target that may stand beside it.
    low, high = np.full(n, m), np.zeros(n, dtype=np.int64)
    edge_low, edge_high = np.full(n + 1, m), np.zeros(n + 1, dtype=np.int64)
    for step in range(int(sizes[:, 0].max(initial=0))):
        some = sizes[:, 0] > step
        np.minimum.at(low, bottom[some] - 1 - step, left[some])
        np.maximum.at(high, bottom[some] - 1 - step, right[some])
    np.minimum.at(edge_low, bottom, right)
    np.maximum.at(edge_high, bottom, right)
    flat = sizes[:, 0] == 0
    np.minimum.at(edge_low, bottom[flat], left[flat])
    edge_low[1:], edge_low[:-1] = np.minimum(edge_low[1:], low), np.minimum(edge_low[:-1], low)
    edge_high[1:], edge_high[:-1] = np.maximum(edge_high[1:], high), np.maximum(edge_high[:-1], high)
    owner = np.append(np.repeat(np.arange(n), np.diff(source)), n)
    first = np.zeros(int(source[-1]) + 1, dtype=bool)
    first[source] = True
    rows_low = np.where(first, edge_low[owner], np.append(low, m)[owner])
    rows_high = np.where(first, edge_high[owner], np.append(high, 0)[owner])
    rows_low = np.minimum.accumulate(rows_low[::-1])[::-1]
    rows_high = np.maximum(np.maximum.accumulate(rows_high), rows_low)
    rows_low[0], rows_high[-1] = 0, m
    rows_high[:-1] = np.maximum(rows_high[:-1], rows_low[1:])
    return Corridor(target[rows_low], target[rows_high])


def corners(
    lattice: Lattice, clauses: Lattice, probability: NDArray[np.floating], source: Ints, target: Ints
) -> Floats:
    """Minus the probability that the alignment of `clauses` misses a cell of sentences, float32 (C,), -1 to 0.

    `probability`: posteriors of the beads of clauses.
    """
    passing = probability.sum(axis=1, dtype=np.float64)
    passing[clauses.origins] = 1.0
    rows, columns = source[lattice.row], target[lattice.column]
    begin, end = clauses.bounds[rows], clauses.bounds[rows + 1]
    cells = begin + columns - clauses.column[begin]
    inside = (columns >= clauses.column[begin]) & (cells < end)
    found: Floats = np.where(inside, passing[np.where(inside, cells, 0)], 0.0).astype(np.float32)
    return np.minimum(found - 1, 0, out=found)
