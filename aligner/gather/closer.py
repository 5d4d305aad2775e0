"""The vectors of more encoders for some segments of two documents, beside those of the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from aligner.bitext import Document
from aligner.encode.encoder import Encoder
from aligner.engine.closer import Look
from aligner.engine.evidence import Evidence, Ints
from aligner.engine.sides import Side, ranges_of
from aligner.engine.walk import Clauses
from aligner.gather.gather import sizes_of
from aligner.gather.text import _cut, _Text
from aligner.gather.vectors import _embed_jointly


def closer_look(source: Document, target: Document, encoders: Sequence[Encoder]) -> Look:
    """A look at segments of the two documents with `encoders`, by which their evidence knows them already left out."""
    texts = [_cut(document) for document in (source, target)]

    def look(part: Evidence, rows: Ints, columns: Ints) -> Evidence:
        (src, src_clauses), (tgt, tgt_clauses) = (
            _beside(side, clauses, _part(text, segments), encoders)
            for side, clauses, text, segments in (
                (part.source, part.source_clauses, texts[0], rows),
                (part.target, part.target_clauses, texts[1], columns),
            )
        )
        return replace(part, source=src, target=tgt, source_clauses=src_clauses, target_clauses=tgt_clauses)

    return look


def _part(text: _Text, segments: Ints) -> _Text:
    bounds, inside = ranges_of(text.bounds, segments)
    return _Text(
        text.lang, [text.sentences[i] for i in segments], [text.clauses[i] for i in inside], bounds,
        text.paragraphs[segments],
    )  # fmt: skip


def _beside(side: Side, clauses: Clauses, text: _Text, encoders: Sequence[Encoder]) -> tuple[Side, Clauses]:
    """The side with the vectors of one encoder and `encoders` side by side: a cosine is the mean of theirs."""
    spans, vectors = _embed_jointly(encoders, text, sizes_of(text))
    old, new = (np.float16(np.sqrt(share / (1 + len(encoders)))) for share in (1, len(encoders)))
    spans = np.concatenate([side.spans * old, spans * new], axis=-1)
    vectors = np.concatenate([clauses.vectors * old, vectors * new], axis=-1)
    units = (replace(side.units[0], keys=vectors[0]), *side.units[1:])
    return replace(side, spans=spans, units=units), replace(clauses, vectors=vectors)
