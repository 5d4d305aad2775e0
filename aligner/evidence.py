"""What can be known of two documents before they are aligned: vectors of spans and clauses, words, lengths.

Turns text into the arrays of `aligner.score`; after this module nothing looks at text again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Bead, Document
from aligner.clauses import Clauses
from aligner.encode import Encoder, PieceEncoder
from aligner.glossary import Glossary
from aligner.languages import convert_script, primary
from aligner.lexicon import Dictionary, learn, translations
from aligner.score import LONGEST, Channel, Side, Units
from aligner.segment import clauses
from aligner.tokens import tokenize

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_BLOCK = 4096  # rows composed at once: bounds the memory
_LENGTH_POWER = 0.5  # weight of a text in a mean of vectors: bytes to this power (RESEARCH: finding 1)
_COMPOSED = 3  # sentences up to which a span is composed exactly; longer ones add up vectors of such spans
_LEARN_FROM = 20  # beads below which nothing can be learned

_OPENING, _CLOSING = "“«「『„", "”»」』"
_FINALS = {"。": 1, ".": 1, "．": 1, "?": 2, "？": 2, "؟": 2, "!": 3, "！": 3, "…": 4, ":": 4, "：": 4}
_AFTER_FINAL = "”\"’'」』»)）〉》]】 "


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of one side: distinct ones, and each clause's as ids (some clauses have none).

    `bounds`: int64 (n + 1,), clause range of each segment.
    """

    vocabulary: list[str]
    clauses: list[NDArray[np.int32]]
    bounds: Ints

    def between(self, first: int, last: int) -> NDArray[np.int32]:
        """The ids of segments `[first, last)`."""
        return np.concatenate([_NO_IDS, *self.clauses[self.bounds[first] : self.bounds[last]]])

    def segments(self) -> list[NDArray[np.int32]]:
        """Each segment's ids."""
        return [self.between(number, number + 1) for number in range(len(self.bounds) - 1)]


_NO_IDS = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Both texts as arrays, by sentence and by clause, and the channels between them, which end with the words.

    `known` is the table of the dictionary and the glossary.
    """

    source: Side
    target: Side
    source_clauses: Clauses
    target_clauses: Clauses
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
    texts = [_cut(document) for document in (source, target)]
    source_words, target_words = (_words(text) for text in texts)
    src_ids, tgt_ids, weights = translations(
        source_words.vocabulary, target_words.vocabulary, dictionary, glossary
    )
    known = np.zeros((len(source_words.vocabulary) + 1, len(target_words.vocabulary) + 1), dtype=np.uint8)
    known[src_ids, tgt_ids] = _bytes(np.sqrt(weights))
    (source_side, source_clauses), (target_side, target_clauses) = (
        _sides(text, words, encoders) for text, words in zip(texts, (source_words, target_words), strict=True)
    )
    return Evidence(
        source_side, target_side, source_clauses, target_clauses,
        (Channel("clause", _overlap), _lexical(known)), source_words, target_words, known,
    )  # fmt: skip


def with_learned_words(evidence: Evidence, beads: Sequence[Bead]) -> Evidence:
    """The same evidence with word pairs learned from `beads`, pairs that are as good as sure."""
    if len(beads) < _LEARN_FROM:
        return evidence
    src_ids, tgt_ids, probabilities = learn(
        [evidence.source_words.between(bead.src_start, bead.src_end) for bead in beads],
        [evidence.target_words.between(bead.tgt_start, bead.tgt_end) for bead in beads],
        [bead.confidence for bead in beads],
    )
    learned = evidence.known.copy()
    learned[src_ids, tgt_ids] = np.maximum(learned[src_ids, tgt_ids], _bytes(np.sqrt(probabilities)))
    return replace(evidence, channels=(*evidence.channels[:-1], _lexical(learned)))


def without_spans(evidence: Evidence) -> Evidence:
    """The same evidence without the vectors of sentences, half of its memory: all that is of clauses stays."""
    return replace(
        evidence,
        source=_worded(evidence.source),
        target=_worded(evidence.target),
        channels=evidence.channels[-1:],
    )


def _worded(side: Side) -> Side:
    return replace(side, spans=side.spans[:, :, :0].copy(), units=side.units[-1:])


def _overlap(source: Floats, target: Floats) -> Floats:
    """Cosines of unit vectors, negative ones as 0."""
    cosines: Floats = np.maximum(source.astype(np.float32) @ target.astype(np.float32).T, 0)
    return cosines


def _bytes(shares: NDArray[np.floating]) -> Table:
    table: Table = np.rint(np.clip(shares, 0, 1) * _WHOLE).astype(np.uint8)
    return table


def _lexical(table: Table) -> Channel:
    """Look word ids up in `table`; its last row and column stand for 'no word' and are zero."""
    flat, width = table.ravel(), table.shape[1]

    def similarity(source: NDArray[np.int64], target: NDArray[np.int64]) -> Floats:
        # Three times as fast as `table[np.ix_(source, target)]`.
        shares: Floats = flat.take(source[:, None] * width + target) * np.float32(1 / _WHOLE)
        return shares

    return Channel("lexicon", similarity)


@dataclass(frozen=True, slots=True)
class _Text:
    """A document cut into clauses: `bounds` (n + 1,) is the clause range of each segment."""

    lang: str
    sentences: list[str]
    clauses: list[str]
    bounds: Ints
    paragraphs: Ints


def _cut(document: Document) -> _Text:
    sentences = document.sentences()
    if primary(document.lang) == "zh":
        sentences = [convert_script(sentence, "simplified") for sentence in sentences]
    cuts = [clauses(sentence, document.lang) for sentence in sentences]
    return _Text(
        document.lang, sentences,
        [sentence[a:b] for sentence, spans in zip(sentences, cuts, strict=True) for a, b in spans],
        np.cumsum([0, *(len(spans) for spans in cuts)]),
        np.array([segment.paragraph for segment in document.segments], dtype=np.int64),
    )  # fmt: skip


def _words(text: _Text) -> Words:
    numbers: dict[str, int] = {}
    ids = [
        np.array(
            [
                numbers.setdefault(token, len(numbers))
                for token in tokenize(clause, text.lang, simplified=True)
            ],
            dtype=np.int32,
        )
        for clause in text.clauses
    ]
    return Words(list(numbers), ids, text.bounds)


def _sides(text: _Text, words: Words, encoders: Sequence[Encoder]) -> tuple[Side, Clauses]:
    """The document by sentence and by clause."""
    bounds, sentences = text.bounds, len(text.sentences)
    sizes = np.array([len(clause.encode("utf-8", "replace")) for clause in text.clauses], dtype=np.float32)
    spans, vectors = _embed_jointly(encoders, text, sizes)
    count = len(words.vocabulary)
    side = Side(
        spans=spans,
        lengths=np.add.reduceat(sizes, bounds[:-1]) if sentences else sizes,
        open_quote=_open_quotes(text.clauses, np.repeat(text.paragraphs, np.diff(bounds)))[bounds],
        finals=np.array([_final(sentence) for sentence in text.sentences], dtype=np.int64),
        breaks=np.concatenate([[False], np.diff(text.paragraphs) != 0, [False]])[: sentences + 1],
        units=(
            Units(bounds, _per_segment(sizes**_LENGTH_POWER, sentences), vectors[0]),
            _word_units(words.segments(), count),
        ),
    )
    return side, Clauses(vectors, _word_units(words.clauses, count), bounds)


def _per_segment(weights: Floats, segments: int) -> Floats:
    """`weights` scaled so that a segment has 1 on average."""
    total = float(weights.sum())
    return (weights * (segments / total)).astype(np.float32) if total else weights.astype(np.float32)


def _embed_jointly(
    encoders: Sequence[Encoder], text: _Text, sizes: Floats
) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """As `_embed`, the vectors of all encoders side by side: a cosine is the mean of theirs."""
    if len(encoders) == 1:
        return _embed(encoders[0], text, sizes)
    parts = [_embed(encoder, text, sizes) for encoder in encoders]
    share = np.float16(1 / np.sqrt(len(encoders)))
    spans, vectors = (np.concatenate(arrays, axis=-1) * share for arrays in zip(*parts, strict=True))
    return spans, vectors


def _embed(encoder: Encoder, text: _Text, sizes: Floats) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """Centred unit vectors of spans of sentences, (LONGEST, n, d), and of clauses, (2, u, d).

    `sizes`: (u,), bytes of the clauses.
    """
    width, starts = encoder.dimension, text.bounds[:-1]
    if not text.sentences:
        return np.zeros((LONGEST, 0, width), np.float16), np.zeros((2, 0, width), np.float16)
    if isinstance(encoder, PieceEncoder):
        rows = encoder.pieces(text.clauses)
        vectors = _compose_spans(encoder.compose, rows, np.ones(len(rows), np.float32), width, 2)
        sums, counts = np.add.reduceat(rows, starts, axis=0), np.diff(text.bounds).astype(np.float32)
        del rows  # half of the memory of this stage
        spans = np.zeros((LONGEST, len(sums), width), dtype=np.float16)
        spans[:_COMPOSED] = _compose_spans(encoder.compose, sums, counts, width, _COMPOSED)
        _add_spans(spans, np.add.reduceat(sizes, starts))
        return spans, vectors
    weights = sizes**_LENGTH_POWER
    vectors = _compose_spans(_unit_rows, encoder.encode(text.clauses) * weights[:, None], weights, width, 2)
    counts = np.array(
        [len(s.encode("utf-8", "replace")) ** _LENGTH_POWER for s in text.sentences], np.float32
    )
    sums = encoder.encode(text.sentences) * counts[:, None]
    return _compose_spans(_unit_rows, sums, counts, width, LONGEST), vectors


def _compose_spans(
    compose: Callable[[Floats, Floats], Floats],
    sums: Floats,
    counts: Floats,
    dimension: int,
    longest: int,
) -> NDArray[np.float16]:
    """Centred unit vectors of all spans of up to `longest` rows of `sums`, (longest, n, dimension).

    What all rows have in common is taken out (RESEARCH: finding 2). A block at a time.
    """
    spans = np.zeros((longest, len(sums), dimension), dtype=np.float16)
    singles = np.empty((len(sums), dimension), dtype=np.float32)
    for at in range(0, len(sums), _BLOCK):
        singles[at : at + _BLOCK] = compose(sums[at : at + _BLOCK], counts[at : at + _BLOCK])
    mean = singles.mean(axis=0) if len(sums) > 1 else np.zeros(dimension, dtype=np.float32)
    for at in range(0, len(sums), _BLOCK):
        spans[0, at : at + _BLOCK] = _unit_rows(singles[at : at + _BLOCK] - mean)
        window, counted = sums[at : at + _BLOCK].copy(), counts[at : at + _BLOCK].copy()
        for length in range(2, min(longest, len(sums) - at) + 1):
            added = sums[at + length - 1 : at + length - 1 + _BLOCK]
            window, counted = window[: len(added)], counted[: len(added)]
            window += added
            counted += counts[at + length - 1 : at + length - 1 + _BLOCK]
            spans[length - 1, at : at + len(window)] = _unit_rows(compose(window, counted) - mean)
    return spans


def _add_spans(spans: NDArray[np.float16], lengths: Floats) -> None:
    """Fill the vectors of the spans too long to be composed: sums of those of their parts.

    `lengths`: (n,), bytes of each row, by which a part counts.
    """
    longest, count, _ = spans.shape
    running = np.cumsum(np.append(0.0, lengths))
    for size in range(_COMPOSED + 1, min(longest, count) + 1):
        for at in range(0, count - size + 1, _BLOCK):
            end = min(at + _BLOCK, count - size + 1)
            head, rest = slice(at, end), slice(at + _COMPOSED, end + _COMPOSED)
            shares = running[rest] - running[head], running[at + size : end + size] - running[rest]
            parts = spans[_COMPOSED - 1, head], spans[size - _COMPOSED - 1, rest]
            total = sum(
                share.astype(np.float32)[:, None] * part for share, part in zip(shares, parts, strict=True)
            )
            spans[size - 1, head] = _unit_rows(total)


def _unit_rows(vectors: Floats, _: Floats | None = None) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = vectors / np.maximum(norms, 1e-9)
    return unit


def _word_units(segments: list[NDArray[np.int32]], words: int) -> Units:
    """Words weighted by their rarity, log(1 + n / segments that hold it); a segment without words gets a blank."""
    blank = np.array([words])
    keys = [ids.astype(np.int64) if len(ids) else blank for ids in segments]
    sizes = np.array([len(ids) for ids in keys], dtype=np.int64)
    flat = np.concatenate(keys) if keys else blank[:0]
    owners = np.repeat(np.arange(len(keys)), sizes)
    held = np.bincount(np.unique(owners * (words + 1) + flat) % (words + 1), minlength=words + 1)
    rarity = np.log1p(len(segments) / np.maximum(held, 1)).astype(np.float32)
    rarity[words] = 0
    return Units(np.cumsum([0, *sizes]), _per_segment(rarity[flat], len(segments)), flat)


def _open_quotes(clauses: list[str], paragraphs: Ints) -> NDArray[np.bool_]:
    """Whether a quotation is open after each clause; a straight quote turns the state, a new paragraph ends it."""
    state, states, last = False, [False], 0
    for clause, paragraph in zip(clauses, paragraphs.tolist(), strict=True):
        if paragraph != last:
            state, last = False, paragraph
            states[-1] = False
        for character in clause:
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
