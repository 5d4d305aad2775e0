"""What can be known of two documents before they are aligned: vectors of spans and clauses, words, lengths.

Turns text into the arrays of `aligner.engine`; after this module nothing looks at text again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from aligner.bitext import Document
from aligner.encode.encoder import Encoder
from aligner.engine.evidence import Evidence, Floats, Words, _bytes, _lexical
from aligner.engine.features import added_marks
from aligner.engine.sides import Channel, Side, Units
from aligner.engine.structure import CLOSING, MIDWAY
from aligner.engine.walk import Clauses
from aligner.gather.marks import _final, begin_midway, only_closing
from aligner.gather.quotations import open_quotations
from aligner.gather.structure import structure_of
from aligner.gather.text import _per_segment, _Text, cut_both, sizes_of
from aligner.gather.vectors import _LENGTH_POWER, _embed_jointly
from aligner.gather.words import _word_units, _words
from aligner.lexicon.glossary import Glossary
from aligner.lexicon.relate import Dictionary, translations


def gather(
    source: Document,
    target: Document,
    encoders: Sequence[Encoder],
    dictionary: Dictionary | None = None,
    glossary: Glossary | None = None,
) -> Evidence:
    """Embed and tokenise both documents."""
    texts = cut_both(source, target)
    source_words, target_words = (_words(text) for text in texts)
    src_ids, tgt_ids, weights = translations(
        source_words.vocabulary, target_words.vocabulary, dictionary, glossary
    )
    known = np.zeros((len(source_words.vocabulary) + 1, len(target_words.vocabulary) + 1), dtype=np.uint8)
    known[src_ids, tgt_ids] = _bytes(np.sqrt(weights))
    (source_side, source_clauses), (target_side, target_clauses) = (
        _sides(text, words, encoders) for text, words in zip(texts, (source_words, target_words), strict=True)
    )
    source_side, target_side = (
        replace(side, marks={**side.marks, **structure_of(document)})
        for side, document in ((source_side, source), (target_side, target))
    )
    return Evidence(
        source_side, target_side, source_clauses, target_clauses,
        (Channel("clause", _overlap), _lexical(known)), source_words, target_words, known,
    )  # fmt: skip


def _overlap(source: Floats, target: Floats) -> Floats:
    """Cosines of unit vectors, negative ones as 0."""
    cosines: Floats = np.maximum(source.astype(np.float32) @ target.astype(np.float32).T, 0)
    return cosines


def _sides(text: _Text, words: Words, encoders: Sequence[Encoder]) -> tuple[Side, Clauses]:
    """The document by sentence and by clause."""
    bounds, sentences = text.bounds, len(text.sentences)
    sizes = sizes_of(text)
    spans, vectors = _embed_jointly(encoders, text, sizes)
    count = len(words.vocabulary)
    side = Side(
        spans=spans,
        lengths=np.add.reduceat(sizes, bounds[:-1]) if sentences else sizes,
        open_quote=open_quotations(text.sentences, text.paragraphs, text.lang),
        finals=np.array([_final(sentence) for sentence in text.sentences], dtype=np.int64),
        breaks=np.concatenate([[False], np.diff(text.paragraphs) != 0, [False]])[: sentences + 1],
        units=(
            Units(bounds, _per_segment(sizes**_LENGTH_POWER, sentences), vectors[0]),
            _word_units(words.segments(), count),
        ),
        marks={
            **added_marks(text.sentences, text.lang),
            CLOSING: only_closing(text.sentences),
            MIDWAY: begin_midway(text.sentences),
        },
    )
    return side, Clauses(vectors, _word_units(words.clauses, count), bounds)
