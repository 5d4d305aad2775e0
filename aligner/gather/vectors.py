"""Vectors of all spans of sentences and of clauses, centred and of unit length."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from aligner.encode.encoder import COMPOSED_AT_ONCE, Encoder, PieceEncoder
from aligner.engine.evidence import Floats
from aligner.engine.sides import LONGEST
from aligner.gather.text import _Text
from aligner.system.threads import blocks_of, in_threads

_BLOCK = 4096  # rows added up at once: bounds the memory

_LENGTH_POWER = 0.5  # weight of a text in a mean of vectors: bytes to this power (RESEARCH: finding 1)

_COMPOSED = 3  # sentences up to which a span is composed exactly; longer ones add up vectors of such spans


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
    # At once: many sentences are a clause.
    rows = encoder.encode([*text.clauses, *text.sentences])
    clauses, sentences = rows[: len(text.clauses)], rows[len(text.clauses) :]
    vectors = _compose_spans(_unit_rows, clauses * weights[:, None], weights, width, 2)
    counts = np.array(
        [len(s.encode("utf-8", "replace")) ** _LENGTH_POWER for s in text.sentences], np.float32
    )
    return _compose_spans(_unit_rows, sentences * counts[:, None], counts, width, LONGEST), vectors


def _compose_spans(
    compose: Callable[[Floats, Floats], Floats],
    sums: Floats,
    counts: Floats,
    dimension: int,
    longest: int,
) -> NDArray[np.float16]:
    """Centred unit vectors of all spans of up to `longest` rows of `sums`, (longest, n, dimension).

    What all rows have in common is taken out (RESEARCH: finding 2). A block at a time, on all cores.
    """
    count = len(sums)
    spans = np.zeros((longest, count, dimension), dtype=np.float16)
    singles = np.empty((count, dimension), dtype=np.float32)
    blocks = blocks_of(count, COMPOSED_AT_ONCE)

    def alone(block: slice) -> None:
        singles[block] = compose(sums[block], counts[block])

    def joined(block: slice) -> None:
        spans[0, block] = _unit_rows(singles[block] - mean)
        window, counted = sums[block].copy(), counts[block].copy()
        for more in range(1, min(longest, count - block.start)):
            added = slice(block.start + more, min(block.stop + more, count))
            window, counted = window[: added.stop - added.start], counted[: added.stop - added.start]
            window += sums[added]
            counted += counts[added]
            spans[more, block.start : added.stop - more] = _unit_rows(compose(window, counted) - mean)

    list(in_threads(alone, blocks))
    mean = singles.mean(axis=0) if count > 1 else np.zeros(dimension, dtype=np.float32)
    list(in_threads(joined, blocks))
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
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    unit: Floats = vectors / np.maximum(norms, 1e-9)
    return unit
