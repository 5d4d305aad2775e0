"""Whether two short texts resemble each other at all: where they don't, what was aligned is not sure of anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from aligner.bitext import Bead, Document
from aligner.encode.encoder import Encoder

ENCODER = "use"
"""The encoder whose cosines are looked at."""
LEAST = 0.27
"""Mean cosine of its pairs below which two texts are no translations of each other. Of 24 pieces of six beads each of
`mag`, `textberg`, `transread` and `mac_dev` right partners have .30 or more, wrong ones that look aligned (likeness of
.5 or more) .23 or less; pieces of fifteen are told apart by what stays alone."""
SHORT = 40
"""Segments of both sides up to which texts are looked at."""


def unlike(beads: Sequence[Bead], source: Document, target: Document, encoder: Encoder) -> float:
    """By what the confidences of these two texts are to be multiplied, 1 where they may well be translations."""
    pairs = [bead for bead in beads if bead.is_pair]
    if encoder.name != ENCODER or not pairs or len(source) + len(target) > SHORT:
        return 1.0
    vectors = [encoder.encode(side.sentences()) for side in (source, target)]
    sums = [
        np.stack([rows[first:last].sum(axis=0) for first, last in spans])
        for rows, spans in zip(
            vectors,
            (
                [(bead.src_start, bead.src_end) for bead in pairs],
                [(bead.tgt_start, bead.tgt_end) for bead in pairs],
            ),
            strict=True,
        )
    ]
    unit = [rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9) for rows in sums]
    mean = float(np.einsum("ij,ij->i", *unit).mean())
    return max(0.0, min(1.0, mean / LEAST)) ** 2


def less_sure(beads: Sequence[Bead], factor: float) -> list[Bead]:
    """The beads with their confidences multiplied by `factor`."""
    if factor == 1:
        return list(beads)
    return [replace(bead, confidence=round(bead.confidence * factor, 4)) for bead in beads]
