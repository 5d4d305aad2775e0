"""The beads between which it is to be decided, and what all their features say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.engine.beads import ONE_SIDED
from aligner.engine.cover import COVER
from aligner.engine.evidence import Evidence
from aligner.engine.feature import Scene
from aligner.engine.features import Places, features_at, pick
from aligner.engine.interactions import Interactions
from aligner.engine.lattice import Lattice
from aligner.engine.planes import Plane
from aligner.engine.score import Progress, Scored, add_last_channel, cells_of, tiles
from aligner.engine.sides import Floats, Ints, Tile
from aligner.engine.weights import BeadWeights, Weights
from aligner.system.threads import in_threads

CHANCE = 1e-6
"""Posterior of the first pass from which the features of a bead are kept for the second."""

OPEN = 1e-4
"""Posterior from which a bead is looked at as a whole, also in the training; a quarter of what passes at 1e-7."""

_ROWS = 24  # of a tile in which few beads are looked at


@dataclass(frozen=True, slots=True)
class Candidates:
    """Beads of a lattice: the cells where they end and their types, (E,), in order, and their features, float16 (E, F).

    The features are those of the sentences and of the channels before the words; `words`: float32, those of the words.
    """

    cells: Ints
    kinds: Ints
    features: NDArray[np.float16]
    words: Floats

    def chosen(self, which: NDArray[np.bool_]) -> Candidates:
        """Some of them."""
        return Candidates(self.cells[which], self.kinds[which], self.features[which], self.words[which])

    def within(self, lattice: Lattice, tile: Tile) -> tuple[slice, Places]:
        """Which of them end in the rows of a tile, and where in it."""
        rows = cells_of(lattice, tile)
        some = slice(*np.searchsorted(self.cells, [rows.start, rows.stop]))
        here = self.cells[some]
        return some, Places(lattice.row[here] - tile.top, lattice.column[here] - tile.left, self.kinds[some])


def find_candidates(
    evidence: Evidence,
    scored: Scored,
    likely: NDArray[np.floating],
    ratio: tuple[float, float],
    weights: Weights,
) -> Candidates | None:
    """The beads of the first pass `scored` that have a chance by their posteriors `likely`, (C, T).

    None where `weights` look at nothing together.
    """
    if weights.interactions is None:
        return None
    cells, kinds = np.nonzero(likely >= CHANCE)
    count = len(cells)
    found = Candidates(cells, kinds, np.empty((count, 0), np.float16), np.empty((count, 0), np.float32))

    def compute(tile: Tile) -> Floats:
        scene = Scene(evidence.source, evidence.target, tile, ratio)
        return features_at(scene, evidence.channels[:-1], found.within(scored.lattice, tile)[1])

    parts = in_threads(compute, list(tiles(scored.corridor, _ROWS)))
    return replace(found, features=np.concatenate(list(parts)).astype(np.float16))


def add_words(
    scored: Scored,
    candidates: Candidates | None,
    evidence: Evidence,
    weights: BeadWeights,
    progress: Progress | None = None,
) -> tuple[Scored, Candidates | None]:
    """`scored`, overwritten, with what the words say of the beads, and the candidates with the words' features."""
    units, words = (evidence.source.units[-1], evidence.target.units[-1]), evidence.channels[-1]
    if candidates is None:
        return add_last_channel(scored, units, words, weights, progress), None
    found = np.empty((len(candidates.cells), len(COVER)), np.float32)

    def look(tile: Tile, planes: Sequence[Plane]) -> None:
        some, places = candidates.within(scored.lattice, tile)
        found[some] = pick(planes, tile, places)

    scored = add_last_channel(scored, units, words, weights, progress, look)
    return scored, replace(candidates, words=found)


def add_interactions(
    scored: Scored,
    likely: NDArray[np.floating],
    candidates: Candidates,
    ends: Floats,
    interactions: Interactions,
) -> Scored:
    """`scored`, overwritten, with what the features of the candidates say together.

    `likely` (C, T): posteriors by their weighted sums. `ends` (C,): what the walk through the clauses says of cells.
    """
    some = candidates.chosen(likely[candidates.cells, candidates.kinds] >= OPEN)
    corner = np.where(some.kinds < ONE_SIDED, np.float32(0), ends[some.cells])[:, None]
    features = np.hstack([corner, some.features, some.words])
    scored.scores[some.cells, some.kinds] += interactions.add(features, some.kinds)
    return scored
