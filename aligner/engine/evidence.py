"""All that is known of two documents as arrays, and the word pairs learned from sure beads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Bead
from aligner.engine.model_one import learn
from aligner.engine.sides import Channel, Side
from aligner.engine.walk import Clauses

Floats = NDArray[np.float32]

Ints = NDArray[np.int64]

_LEARN_FROM = 20  # beads below which nothing can be learned


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

    def stretched(self, factor: float) -> Evidence:
        """The same with the vectors of the source `factor` times as long."""
        return replace(
            self,
            source=self.source.stretched(factor),
            source_clauses=self.source_clauses.stretched(factor),
        )

    def between(self, source: Side, target: Side) -> Evidence:
        """The same with these in place of its sides."""
        return replace(self, source=source, target=target)

    def part(self, rows: Ints, columns: Ints) -> Evidence:
        """The same of these segments of the source and of the target alone."""
        return replace(
            self,
            source=self.source.part(rows), target=self.target.part(columns),
            source_clauses=self.source_clauses.part(rows), target_clauses=self.target_clauses.part(columns),
        )  # fmt: skip


Table = NDArray[np.uint8]
"""How far two words are known to translate each other, 0 to `_WHOLE`; the last row and column are 'no word'."""

_WHOLE = 255  # a byte a pair of words: a Bible's 10,000 by 15,000 words take 150 MB


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
