"""What can be known of two documents before they are aligned: vectors of spans and clauses, words, marks.

Turns text into the arrays of `aligner.score`; after this module nothing looks at text again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Bead, Document
from aligner.encode import Encoder, PieceEncoder
from aligner.glossary import Glossary
from aligner.languages import convert_script, primary
from aligner.lexicon import Dictionary, learn, translations
from aligner.score import LONGEST, MARKS, Channel, Side, Units
from aligner.segment import clauses
from aligner.tokens import tokenize

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_BLOCK = 4096  # rows composed at once: bounds the memory
_LENGTH_POWER = 0.5  # weight of a text in a mean of vectors: bytes to this power (RESEARCH: finding 1)
_SURE = 0.8  # posterior above which a bead of the first pass teaches the lexicon
_LEARN_FROM = 20  # sure beads below which nothing can be learned

_MARK_PATTERNS = {
    "question": r"[?？؟]", "exclamation": r"[!！]", "colon": r"[:：]", "semicolon": r"[;；؛]",
    "quote": r"[“”\"«»„「」『』]", "bracket": r"[()（）《》\[\]【】]", "digit": r"\d+", "ellipsis": r"…+|\.{3,}",
}  # fmt: skip
_MARKS = [re.compile(_MARK_PATTERNS[mark]) for mark in MARKS]
_OPENING, _CLOSING = "“«「『„", "”»」』"
_FINALS = {"。": 1, ".": 1, "．": 1, "?": 2, "？": 2, "؟": 2, "!": 3, "！": 3, "…": 4, ":": 4, "：": 4}
_AFTER_FINAL = "”\"’'」』»)）〉》]】 "


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of one side: distinct ones, and each segment's as ids (empty segments have none)."""

    vocabulary: list[str]
    ids: list[NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Both sides as arrays and the channels between them; `known` is the table of the dictionary and the glossary."""

    source: Side
    target: Side
    channels: tuple[Channel, ...]
    source_words: Words
    target_words: Words
    known: Table


Table = NDArray[np.uint8]
"""How far two words are known to translate each other, 0 to `_WHOLE`; the last row and column are 'no word'."""

_WHOLE = 255  # a byte a pair of words: a Bible's 10,000 by 15,000 words take 150 MB


def gather(
    source: Document,
    target: Document,
    encoders: Sequence[Encoder],
    dictionary: Dictionary | None = None,
    glossary: Glossary | None = None,
) -> Evidence:
    """Embed and tokenise both documents."""
    source_words, target_words = _words(source), _words(target)
    src_ids, tgt_ids, weights = translations(
        source_words.vocabulary, target_words.vocabulary, dictionary, glossary
    )
    known = np.zeros((len(source_words.vocabulary) + 1, len(target_words.vocabulary) + 1), dtype=np.uint8)
    known[src_ids, tgt_ids] = _bytes(np.sqrt(weights))
    return Evidence(
        _side(source, source_words, encoders), _side(target, target_words, encoders),
        (Channel("clause", _overlap), _lexical(known)), source_words, target_words, known,
    )  # fmt: skip


def with_learned_words(evidence: Evidence, beads: Sequence[Bead]) -> Evidence:
    """The same evidence with word pairs learned from the sure ones among `beads`."""
    taught = [bead for bead in beads if bead.confidence >= _SURE and bead.is_pair]
    if len(taught) < _LEARN_FROM:
        return evidence
    src_ids, tgt_ids, probabilities = learn(
        [np.concatenate(evidence.source_words.ids[bead.src_start : bead.src_end]) for bead in taught],
        [np.concatenate(evidence.target_words.ids[bead.tgt_start : bead.tgt_end]) for bead in taught],
        [bead.confidence for bead in taught],
    )
    learned = evidence.known.copy()
    learned[src_ids, tgt_ids] = np.maximum(learned[src_ids, tgt_ids], _bytes(np.sqrt(probabilities)))
    return replace(evidence, channels=(*evidence.channels[:-1], _lexical(learned)))


def without_vectors(evidence: Evidence) -> Evidence:
    """The same evidence without its vectors, most of its memory: words, marks and lengths stay."""
    return replace(
        evidence,
        source=_worded(evidence.source),
        target=_worded(evidence.target),
        channels=evidence.channels[-1:],
    )


def _worded(side: Side) -> Side:
    return replace(side, spans=side.spans[:, :, :0], units=side.units[-1:])


def _overlap(source: Floats, target: Floats) -> Floats:
    """Cosines of unit vectors, negative ones as 0."""
    cosines: Floats = np.maximum(source.astype(np.float32) @ target.astype(np.float32).T, 0)
    return cosines


def _bytes(shares: NDArray[np.floating]) -> Table:
    table: Table = np.rint(np.clip(shares, 0, 1) * _WHOLE).astype(np.uint8)
    return table


def _lexical(table: Table) -> Channel:
    """Look word ids up in `table`; its last row and column stand for 'no word' and are zero."""

    def similarity(source: NDArray[np.int64], target: NDArray[np.int64]) -> Floats:
        shares: Floats = table[np.ix_(source, target)] * np.float32(1 / _WHOLE)
        return shares

    return Channel("lexicon", similarity)


def _words(document: Document) -> Words:
    tokens = [tokenize(sentence, document.lang) for sentence in document.sentences()]
    numbers: dict[str, int] = {}
    ids = [
        np.array([numbers.setdefault(token, len(numbers)) for token in sentence], dtype=np.int32)
        for sentence in tokens
    ]
    return Words(list(numbers), ids)


def _side(document: Document, words: Words, encoders: Sequence[Encoder]) -> Side:
    sentences = document.sentences()
    if primary(document.lang) == "zh":
        sentences = [convert_script(sentence, "simplified") for sentence in sentences]
    cuts = [clauses(sentence, document.lang) for sentence in sentences]
    bounds = np.cumsum([0, *(len(spans) for spans in cuts)])
    pieces = [sentence[a:b] for sentence, spans in zip(sentences, cuts, strict=True) for a, b in spans]
    sizes = np.array([len(piece.encode("utf-8", "replace")) for piece in pieces], dtype=np.float32)
    weights = _per_segment(sizes**_LENGTH_POWER, len(sentences))
    spans, vectors = _embed_jointly(encoders, sentences, pieces, bounds)
    return Side(
        spans=spans,
        lengths=np.add.reduceat(sizes, bounds[:-1]) if len(sentences) else sizes,
        marks=np.array(
            [[len(mark.findall(s)) for mark in _MARKS] for s in sentences], dtype=np.float32
        ).reshape(-1, len(MARKS)),
        open_quote=_open_quotes(sentences, document),
        finals=np.array([_final(sentence) for sentence in sentences], dtype=np.int64),
        breaks=_breaks(document),
        units=(Units(bounds, weights, vectors), _word_units(words)),
    )


def _per_segment(weights: Floats, segments: int) -> Floats:
    """`weights` scaled so that a segment has 1 on average."""
    total = float(weights.sum())
    return (weights * (segments / total)).astype(np.float32) if total else weights.astype(np.float32)


def _embed_jointly(
    encoders: Sequence[Encoder], sentences: list[str], pieces: list[str], bounds: Ints
) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """As `_embed`, the vectors of all encoders side by side: a cosine is the mean of theirs."""
    if len(encoders) == 1:
        return _embed(encoders[0], sentences, pieces, bounds)
    parts = [_embed(encoder, sentences, pieces, bounds) for encoder in encoders]
    share = np.float16(1 / np.sqrt(len(encoders)))
    spans, clauses = (np.concatenate(arrays, axis=-1) * share for arrays in zip(*parts, strict=True))
    return spans, clauses


def _embed(
    encoder: Encoder, sentences: list[str], pieces: list[str], bounds: Ints
) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """Centred unit vectors of all spans of up to LONGEST sentences, (LONGEST, n, d), and of the clauses, (u, d)."""
    if not sentences:
        nothing = np.zeros((LONGEST, 0, encoder.dimension), np.float16)
        return nothing, nothing[0]
    if isinstance(encoder, PieceEncoder) and pieces:
        rows = encoder.pieces(pieces)
        sums, counts = np.add.reduceat(rows, bounds[:-1], axis=0), np.diff(bounds).astype(np.float32)
        compose: Callable[[Floats, Floats], Floats] = encoder.compose
        vectors = np.empty((len(rows), encoder.dimension), dtype=np.float32)
        for at in range(0, len(rows), _BLOCK):
            part = rows[at : at + _BLOCK]
            vectors[at : at + _BLOCK] = compose(part, np.ones(len(part), dtype=np.float32))
        del rows  # half of the memory of this stage
    else:
        vectors = encoder.encode(pieces)
        counts = np.array([len(s.encode("utf-8", "replace")) ** _LENGTH_POWER for s in sentences], np.float32)
        sums = encoder.encode(sentences) * counts[:, None]
        compose = _unit_rows
    centred = _centre(vectors)
    del vectors  # before the spans take their place
    return _compose_spans(compose, sums, counts, encoder.dimension), centred


def _compose_spans(
    compose: Callable[[Floats, Floats], Floats], sums: Floats, counts: Floats, dimension: int
) -> NDArray[np.float16]:
    """Centred unit vectors of all spans of up to LONGEST sentences, (LONGEST, n, dimension), a block at a time."""
    spans = np.zeros((LONGEST, len(sums), dimension), dtype=np.float16)
    singles = np.empty((len(sums), dimension), dtype=np.float32)
    for at in range(0, len(sums), _BLOCK):
        singles[at : at + _BLOCK] = compose(sums[at : at + _BLOCK], counts[at : at + _BLOCK])
    mean = singles.mean(axis=0) if len(sums) > 1 else np.zeros(dimension, dtype=np.float32)
    for at in range(0, len(sums), _BLOCK):
        spans[0, at : at + _BLOCK] = _unit_rows(singles[at : at + _BLOCK] - mean)
        window, counted = sums[at : at + _BLOCK].copy(), counts[at : at + _BLOCK].copy()
        for length in range(2, min(LONGEST, len(sums) - at) + 1):
            added = sums[at + length - 1 : at + length - 1 + _BLOCK]
            window, counted = window[: len(added)], counted[: len(added)]
            window += added
            counted += counts[at + length - 1 : at + length - 1 + _BLOCK]
            spans[length - 1, at : at + len(window)] = _unit_rows(compose(window, counted) - mean)
    return spans


def _unit_rows(vectors: Floats, _: Floats | None = None) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = vectors / np.maximum(norms, 1e-9)
    return unit


def _centre(vectors: Floats) -> NDArray[np.float16]:
    """Unit vectors without what all have in common (RESEARCH: finding 2)."""
    centred = np.empty(vectors.shape, dtype=np.float16)
    mean = vectors.mean(axis=0) if len(vectors) > 1 else np.float32(0)
    for at in range(0, len(vectors), _BLOCK):
        centred[at : at + _BLOCK] = _unit_rows(vectors[at : at + _BLOCK] - mean)
    return centred


def _word_units(words: Words) -> Units:
    """Words weighted by their rarity, log(1 + n / segments that hold it); a segment without words gets a blank."""
    held = np.zeros(len(words.vocabulary), dtype=np.int64)
    for ids in words.ids:
        held[np.unique(ids)] += 1
    rarity = np.log1p(len(words.ids) / np.maximum(held, 1)).astype(np.float32)
    blank = np.array([len(words.vocabulary)])
    keys = [ids.astype(np.int64) if len(ids) else blank for ids in words.ids]
    bounds = np.cumsum([0, *(len(ids) for ids in keys)])
    flat = np.concatenate(keys) if keys else blank[:0]
    return Units(bounds, _per_segment(np.append(rarity, np.float32(0))[flat], len(words.ids)), flat)


def _open_quotes(sentences: list[str], document: Document) -> NDArray[np.bool_]:
    """Whether a quotation is open after each sentence; a straight quote turns the state, a new paragraph ends it."""
    state, states, paragraph = False, [False], 0
    for sentence, segment in zip(sentences, document.segments, strict=True):
        if segment.paragraph != paragraph:
            state, paragraph = False, segment.paragraph
            states[-1] = False
        for character in sentence:
            if character in _OPENING:
                state = True
            elif character in _CLOSING:
                state = False
            elif character == '"':
                state = not state
        states.append(state)
    return np.array(states, dtype=bool)


def _final(sentence: str) -> int:
    """Class of the closing mark: 0 none, 1 stop, 2 question, 3 exclamation, 4 colon or ellipsis."""
    return _FINALS.get(sentence.rstrip(_AFTER_FINAL)[-1:], 0)


def _breaks(document: Document) -> NDArray[np.bool_]:
    paragraphs = [segment.paragraph for segment in document.segments]
    ends = [a != b for a, b in pairwise(paragraphs)]
    return np.array([False, *ends, False][: len(paragraphs) + 1], dtype=bool)
