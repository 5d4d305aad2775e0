"""From scores to beads: the best path, each bead's confidence, the strongest alternatives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Alternative, Bead
from aligner.engine.beads import BEAD_TYPES, ONE_SIDED
from aligner.engine.lattice import Lattice, best_path, posteriors
from aligner.engine.score import Scored
from aligner.engine.weights import BeadWeights, Weights

SURE = 0.8
"""Confidence from which a bead of the first pass teaches the lexicon."""

_MORE_LIKELY_THAN_NOT = 0.5  # no two beads that overlap are

_ALTERNATIVE = 0.05  # posterior from which another way to draw a bead is worth keeping

_MOST_ALTERNATIVES = 3


def sure_pairs(lattice: Lattice, probability: NDArray[np.floating], weights: Weights) -> list[Bead]:
    """The two-sided beads of a confidence of `SURE` or more, in order; none overlap."""
    places = np.argwhere(probability[:, ONE_SIDED:] > _MORE_LIKELY_THAN_NOT)
    cells, kinds = places.T[0], places.T[1] + ONE_SIDED
    confidences = weights.calibrate(probability[cells, kinds].astype(np.float64))
    return [
        Bead(*_ranges(lattice, cell, kind), _rounded(confidence))
        for cell, kind, confidence in zip(cells, kinds, confidences, strict=True)
        if confidence >= SURE
    ]


def _ranges(lattice: Lattice, cell: int, kind: int) -> tuple[int, int, int, int]:
    """Begin and end in the source and in the target of the bead of a type that ends in `cell`."""
    i, j = int(lattice.row[cell]), int(lattice.column[cell])
    a, b = BEAD_TYPES[kind]
    return i - a, i, j - b, j


def bead_probabilities(scored: Scored, weights: BeadWeights) -> NDArray[np.floating]:
    """The posterior of each bead of the lattice, (C, T)."""
    return posteriors(scored.lattice, scored.scores, weights.again).probability


def decode(scored: Scored, weights: Weights) -> list[Bead]:
    """The most probable alignment; each bead with its calibrated posterior and its strongest alternatives."""
    lattice = scored.lattice
    if len(lattice) == 1:
        return []
    probability = bead_probabilities(scored, weights.sentences)
    path = best_path(lattice, scored.scores, weights.sentences.again)
    confidences = weights.calibrate(probability[tuple(np.array(path).T)].astype(np.float64))
    beads = [
        Bead(*_ranges(lattice, cell, kind), _rounded(confidence))
        for (cell, kind), confidence in zip(path, confidences, strict=True)
    ]
    return _with_alternatives(beads, lattice, probability, weights)


def _rounded(confidence: float) -> float:
    """Four digits: more mean nothing, and a file that is read back gives the same number."""
    return round(float(confidence), 4)


def _with_alternatives(
    beads: list[Bead], lattice: Lattice, probability: NDArray[np.floating], weights: Weights
) -> list[Bead]:
    """Hang each strong bead off the best path on the chosen bead that holds its first segment."""
    rivals: dict[int, list[Alternative]] = {}
    starts = np.array([(bead.src_start, bead.tgt_start) for bead in beads]).reshape(-1, 2)
    chosen = {(bead.src_start, bead.src_end, bead.tgt_start, bead.tgt_end) for bead in beads}
    places = np.argwhere(probability >= _ALTERNATIVE)
    confidences = weights.calibrate(probability[tuple(places.T)].astype(np.float64))
    for (cell, kind), confidence in zip(places, confidences, strict=True):
        ranges = _ranges(lattice, cell, kind)
        if ranges in chosen:
            continue
        src_start, src_end, tgt_start, _ = ranges
        column, value = (0, src_start) if src_start < src_end else (1, tgt_start)
        home = int(np.searchsorted(starts[:, column], value, side="right")) - 1
        rivals.setdefault(home, []).append(Alternative(*ranges, _rounded(confidence)))
    ordered = {
        home: tuple(sorted(some, key=lambda rival: -rival.confidence)[:_MOST_ALTERNATIVES])
        for home, some in rivals.items()
    }
    return [replace(bead, alternatives=ordered.get(number, ())) for number, bead in enumerate(beads)]
