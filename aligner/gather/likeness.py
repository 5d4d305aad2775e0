"""Whether two short texts resemble each other at all: where they don't, what was aligned is not sure of anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from aligner.bitext import Bead, Document
from aligner.encode.encoder import Encoder, Floats
from aligner.gather.vectors import _unit_rows

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
    ours = _spans(encoder, source, [(bead.src_start, bead.src_end) for bead in pairs])
    theirs = _spans(encoder, target, [(bead.tgt_start, bead.tgt_end) for bead in pairs])
    mean = float(np.einsum("ij,ij->i", ours, theirs).mean())
    return max(0.0, min(1.0, mean / LEAST)) ** 2


def _spans(encoder: Encoder, side: Document, spans: Sequence[tuple[int, int]]) -> Floats:
    """Unit vectors of spans of segments, sums of those of their sentences: (spans, d)."""
    rows = encoder.encode(side.sentences())
    return _unit_rows(np.stack([rows[first:last].sum(axis=0) for first, last in spans]))


def less_sure(beads: Sequence[Bead], factor: float) -> list[Bead]:
    """The beads with their confidences multiplied by `factor`."""
    if factor == 1:
        return list(beads)
    return [replace(bead, confidence=round(bead.confidence * factor, 4)) for bead in beads]
