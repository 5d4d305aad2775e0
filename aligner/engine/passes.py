"""From two sides as arrays to beads with confidences: corridor, scores tile by tile, programme, posteriors.

NumPy only: texts, models and files are elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aligner.engine.anchors import Match, mean_cosine
from aligner.engine.corridor import enclose
from aligner.engine.lattice import IMPOSSIBLE, Lattice, build_lattice, posteriors
from aligner.engine.score import Progress, Scored, _cells, _each_tile
from aligner.engine.sides import Channel, Side, Tile
from aligner.engine.walk import PLAUSIBLE, STEPS, Clauses, clause_corridor, corners, score_steps
from aligner.engine.weights import Weights

PASSABLE = 1e-6
"""Probability that a path passes a cell below which the second pass leaves it out; on `mag` and `mac_dev` the beads
are the same from 0 to 1e-4, at 1e-6 with the same confidence to 0.0001."""


def stretch(
    source: Side, target: Side, chain: Sequence[Match], names: Sequence[str], weights: Weights
) -> float:
    """By how much vectors of the source must grow for cosines to spread as those that `weights` was trained on.

    1 for the encoders that were trained.
    """
    if tuple(names) == weights.encoders:
        return 1.0
    here = mean_cosine(source, target, chain)
    return weights.spread / here if here > 0 else 1.0


def narrow(scored: Scored, likely: NDArray[np.floating]) -> tuple[Scored, NDArray[np.floating]]:
    """`scored` and `likely`, the posteriors of its beads (C, T), within the cells that a path may well take."""
    old = scored.lattice
    passing = likely.sum(axis=1) >= PASSABLE
    n, m = scored.corridor.shape
    low, high = np.full(n + 1, m), np.zeros(n + 1, dtype=np.int64)
    np.minimum.at(low, old.row[passing], old.column[passing])
    np.maximum.at(high, old.row[passing], old.column[passing])
    # Where a large bead leaps over rows, the way around it must not leave the cells that have scores.
    low[1:] = np.minimum(low[1:], scored.corridor.high[:-1])
    corridor = enclose(low, high, m)
    lattice = build_lattice([corridor])
    before = old.cells_at(lattice.row, lattice.column)
    scores = scored.scores[before]
    scores[~lattice.possible] = IMPOSSIBLE
    return Scored(corridor, lattice, scores), likely[before]


def find_corners(
    lattice: Lattice,
    likely: NDArray[np.floating],
    source: Clauses,
    target: Clauses,
    channel: Channel,
    weights: NDArray[np.float32],
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """Minus the probability that the walk through the clauses, `source` and `target`, misses each cell, (C,).

    `likely` (C, T): posteriors of the sentences' beads, which tell the ones worth a look. `weights`: of the steps.
    """
    corridor = clause_corridor(lattice, likely >= PLAUSIBLE, source.bounds, target.bounds)
    walks = build_lattice([corridor], STEPS)
    scores = np.empty(walks.starts.shape, dtype=np.float32)

    def score(tile: Tile) -> None:
        found = score_steps(source, target, channel, tile, weights)
        scores[_cells(walks, tile)] = np.moveaxis(found, 0, -1)[tile.inside]

    _each_tile(score, corridor, progress)
    scores[~walks.possible] = IMPOSSIBLE
    return corners(lattice, walks, posteriors(walks, scores).probability, source.bounds, target.bounds)
