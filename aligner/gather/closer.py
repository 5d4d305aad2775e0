"""A closer look: a second encoder's vectors beside those of the first, of the segments that are asked for alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Bead, Document
from aligner.encode.encoder import Encoder
from aligner.engine.evidence import Evidence
from aligner.engine.sides import Ints, Side, ranges_of
from aligner.engine.walk import Clauses
from aligner.gather.text import _Text, cut_both, sizes_of
from aligner.gather.vectors import _embed

SETTLED = 0.9
"""Confidence from which a bead needs no closer look, nor the segments of others beside it."""


def left_open(beads: Sequence[Bead]) -> tuple[Ints, Ints]:
    """The source and target segments of beads that are not settled and of those beside them, in order."""
    open_ = np.array([bead.confidence < SETTLED for bead in beads], dtype=bool)
    near = open_.copy()
    near[1:] |= open_[:-1]
    near[:-1] |= open_[1:]
    some = [bead for bead, is_near in zip(beads, near, strict=True) if is_near]
    sides = (
        [number for bead in some for number in range(bead.src_start, bead.src_end)],
        [number for bead in some for number in range(bead.tgt_start, bead.tgt_end)],
    )
    source, target = (np.array(numbers, dtype=np.int64) for numbers in sides)
    return source, target


def look_closer(
    evidence: Evidence,
    documents: tuple[Document, Document],
    encoder: Encoder,
    asked: tuple[Ints, Ints],
    share: float,
) -> Evidence:
    """`evidence` with what `encoder` sees of the segments `asked` of both documents.

    Where both encoders were asked a cosine is the mean of theirs; elsewhere `share` of that of the first, the usual
    size of the mean of both.
    """
    sides = (evidence.source, evidence.source_clauses), (evidence.target, evidence.target_clauses)
    (src, src_clauses), (tgt, tgt_clauses) = (
        _beside(side, clauses, text, encoder, segments, share)
        for (side, clauses), text, segments in zip(sides, cut_both(*documents), asked, strict=True)
    )
    return replace(evidence, source=src, target=tgt, source_clauses=src_clauses, target_clauses=tgt_clauses)


def _beside(
    side: Side, clauses: Clauses, text: _Text, encoder: Encoder, segments: Ints, share: float
) -> tuple[Side, Clauses]:
    bounds, inside = ranges_of(text.bounds, segments)
    part = _Text(
        text.lang, [text.sentences[number] for number in segments], [text.clauses[number] for number in inside],
        bounds, text.paragraphs[segments],
    )  # fmt: skip
    spans, vectors = _embed(encoder, part, sizes_of(part))
    joined = _joined(clauses.vectors, vectors, inside, share)
    units = (replace(side.units[0], keys=joined[0]), *side.units[1:])
    return (
        replace(side, spans=_joined(side.spans, spans, segments, share), units=units),
        replace(clauses, vectors=joined),
    )


def _joined(
    first: NDArray[np.floating], second: NDArray[np.floating], places: Ints, share: float
) -> NDArray[np.float16]:
    """Vectors (k, n, d) of spans of up to k of n rows beside those of only the rows in `places`, (k, m, e).

    A span that is not whole among these rows has nothing of the second, and its first is shortened.
    """
    longest, count, width = first.shape
    out = np.zeros((longest, count, width + second.shape[-1]), np.float16)
    np.multiply(first, np.float16(share**0.5), out=out[..., :width])
    half = np.float16(0.5**0.5)
    for size in range(1, longest + 1):
        whole = np.flatnonzero(places[size - 1 :] - places[: max(len(places) - size + 1, 0)] == size - 1)
        rows = places[whole]
        out[size - 1, rows, :width] = first[size - 1, rows] * half
        out[size - 1, rows, width:] = second[size - 1, whole] * half
    return out
