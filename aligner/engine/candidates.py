"""The beads between which it is to be decided, and what all their features say together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.engine.beads import ONE_SIDED
from aligner.engine.evidence import Evidence
from aligner.engine.feature import Scene
from aligner.engine.features import Places, features_at, last_channel_at
from aligner.engine.interactions import Interactions
from aligner.engine.score import Scored, cells_of, tiles
from aligner.engine.sides import Floats, Ints, Tile
from aligner.system.threads import in_threads

CHANCE = 1e-6
"""Posterior of the first pass from which the features of a bead are kept for the second."""

OPEN = 1e-4
"""Posterior from which a bead is looked at as a whole, also in the training; a quarter of what passes at 1e-7."""

_ROWS = 24  # of a tile in which few beads are looked at


@dataclass(frozen=True, slots=True)
class Candidates:
    """Beads of a lattice: the cells where they end and their types, (E,), in order, and their features, float16 (E, F).

    The features are those of the sentences and of the channels before the words.
    """

    cells: Ints
    kinds: Ints
    features: NDArray[np.float16]

    def chosen(self, which: NDArray[np.bool_]) -> Candidates:
        """Some of them."""
        return Candidates(self.cells[which], self.kinds[which], self.features[which])


def find_candidates(
    evidence: Evidence, scored: Scored, likely: NDArray[np.floating], ratio: tuple[float, float]
) -> Candidates:
    """The beads of the first pass `scored` that have a chance by their posteriors `likely`, (C, T)."""
    cells, kinds = np.nonzero(likely >= CHANCE)

    def compute(tile: Tile, places: Places) -> Floats:
        scene = Scene(evidence.source, evidence.target, tile, ratio)
        return features_at(scene, evidence.channels[:-1], places)

    return Candidates(cells, kinds, _by_tile(compute, scored, cells, kinds).astype(np.float16))


def add_interactions(
    scored: Scored,
    likely: NDArray[np.floating],
    candidates: Candidates,
    evidence: Evidence,
    ends: Floats,
    interactions: Interactions,
) -> Scored:
    """`scored`, overwritten, with what the features of the candidates say together.

    `likely` (C, T): posteriors by their weighted sums. `ends` (C,): what the walk through the clauses says of cells.
    """
    some = candidates.chosen(likely[candidates.cells, candidates.kinds] >= OPEN)

    def compute(tile: Tile, places: Places) -> Floats:
        source, target = evidence.source.units[-1], evidence.target.units[-1]
        return last_channel_at(source, target, evidence.channels[-1], tile, places)

    corner = np.where(some.kinds < ONE_SIDED, np.float32(0), ends[some.cells])[:, None]
    features = np.hstack([corner, some.features, _by_tile(compute, scored, some.cells, some.kinds)])
    scored.scores[some.cells, some.kinds] += interactions.add(features, some.kinds)
    return scored


def _by_tile(compute: Callable[[Tile, Places], Floats], scored: Scored, cells: Ints, kinds: Ints) -> Floats:
    """What `compute` gives for the beads that end in `cells`, which are in order, with the types `kinds`: (E, F)."""
    lattice = scored.lattice

    def work(tile: Tile) -> Floats:
        within = cells_of(lattice, tile)
        some = slice(*np.searchsorted(cells, [within.start, within.stop]))
        here = cells[some]
        places = Places(lattice.row[here] - tile.top, lattice.column[here] - tile.left, kinds[some])
        return compute(tile, places)

    return np.concatenate(list(in_threads(work, list(tiles(scored.corridor, _ROWS)))))
