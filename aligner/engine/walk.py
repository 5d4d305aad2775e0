"""The walk through the clauses, and what it says of where the beads of sentences end. NumPy only.

Most errors of an alignment of sentences are about where a bead ends: a clause was translated in the sentence beside.
The clauses are walked through by a programme of their own, one clause of either side a step, so that each may stand
beside any other; a bead of sentences may well end in a cell that the walk is likely to pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.engine.beads import BEAD_TYPES, ONE_SIDED
from aligner.engine.corridor import Corridor, enclose
from aligner.engine.cover import UnitRows, best_matches
from aligner.engine.lattice import Lattice
from aligner.engine.planes import rows_of
from aligner.engine.sides import Channel, Tile, Units, inside

Array = NDArray[np.floating]

Ints = NDArray[np.int64]

Floats = NDArray[np.float32]

STEPS = BEAD_TYPES[:ONE_SIDED]
"""One clause of the source, or one of the target."""

STEP_FEATURES = {
    "cosine": "better cosine of the clause with the two of the other side between which it stands",
    "cosine.pair": "cosine of the clause and its predecessor with the clause of the other side before them",
    "words": "weighted matches of its words with those of the two clauses",
}
"""What a step is scored by, with meanings. More of it (ends of sentences, marks, lengths, clauses further off) makes
the walk itself likelier, and tells the sentences less that they don't know (models/README.md)."""

PLAUSIBLE = 0.001
"""Posterior from which a bead of sentences has its clauses looked at; at 0.01 `mac_dev` loses .005 of F1, down to
0.0001 the result is the same."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of one side.

    `vectors`: float16 or float32 (2, u, d), unit vectors of each clause and of it with the next. `words`: those of each
    clause. `bounds`: int64 (n + 1,), clause range of each sentence.
    """

    vectors: NDArray[np.floating]
    words: Units
    bounds: Ints

    def stretched(self, factor: float) -> Clauses:
        """The same with vectors `factor` times as long."""
        return self if factor == 1 else replace(self, vectors=self.vectors * np.float16(factor))

    def part(self, begin: int, end: int) -> Clauses:
        """Those of sentences `[begin, end)` alone."""
        first, last = int(self.bounds[begin]), int(self.bounds[end])
        return Clauses(
            inside(self.vectors, first, last),
            self.words.part(first, last),
            self.bounds[begin : end + 1] - first,
        )


def score_steps(source: Clauses, target: Clauses, channel: Channel, tile: Tile, weights: Floats) -> Floats:
    """The features of both steps into each cell of `tile` times `weights` (F,): float32 (2, rows, columns)."""
    scores: Floats = np.tensordot(weights, step_features(source, target, channel, tile), axes=1)
    return scores


def step_features(source: Clauses, target: Clauses, channel: Channel, tile: Tile) -> Floats:
    """Features of the steps into each cell of `tile` along the source and along the target, (F, 2, rows, columns)."""
    # One clause more on either side than there are cells; two before the first, for the pairs.
    rows, columns = (tile.top - 2, tile.bottom + 1), (tile.left - 2, tile.right + 1)
    src, src_pairs = _vectors(source, *rows)
    tgt, tgt_pairs = _vectors(target, *columns)
    cosines = src @ tgt.T
    words, found = _matches(source.words, target.words, channel, rows, columns)
    before, after = slice(1, -2), slice(2, -1)
    return np.stack([
        np.stack([
            np.maximum(cosines[before, before], cosines[before, after]),
            np.maximum(cosines[before, before], cosines[after, before]),
        ]),
        np.stack([(src_pairs @ tgt.T)[before, before], (src @ tgt_pairs.T)[before, before]]),
        np.stack([words[before, before] + words[before, after], found[before, before] + found[after, before]]),
    ])  # fmt: skip


def _vectors(side: Clauses, begin: int, end: int) -> tuple[Floats, Floats]:
    """The vectors of clauses `[begin, end)`, and of each together with the one before it."""
    alone, with_next = side.vectors
    pairs = rows_of(with_next, begin - 1, end - 1)
    return rows_of(alone, begin, end).astype(np.float32), pairs.astype(np.float32)


def _matches(
    source: Units, target: Units, channel: Channel, rows: tuple[int, int], columns: tuple[int, int]
) -> tuple[Array, Array]:
    """What the words of each source clause find in each target clause, and the reverse, (rows, columns) both."""
    src, tgt = UnitRows(source, *rows), UnitRows(target, *columns)
    ahead, back = best_matches(src, tgt, channel)
    found = np.add.reduceat(ahead * src.weights[:, None], src.starts, axis=0)
    return found, np.add.reduceat(back * tgt.weights[:, None], tgt.starts, axis=0).T


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
    rows = enclose(
        np.where(first, edge_low[owner], np.append(low, m)[owner]),
        np.where(first, edge_high[owner], np.append(high, 0)[owner]),
        m,
    )
    return Corridor(target[rows.low], target[rows.high])


def corners(
    lattice: Lattice, walks: Lattice, probability: NDArray[np.floating], source: Ints, target: Ints
) -> Floats:
    """Minus the probability that the walk through the clauses misses a cell of sentences, float32 (C,), -1 to 0.

    `probability`: posteriors of its steps, in the lattice `walks`.
    """
    passing = np.append(probability.sum(axis=1, dtype=np.float64), 0.0)
    passing[walks.origins] = 1.0
    found: Floats = passing[walks.cells_at(source[lattice.row], target[lattice.column])].astype(np.float32)
    return np.minimum(found - 1, 0, out=found)
