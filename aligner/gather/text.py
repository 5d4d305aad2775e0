"""A document cut into clauses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aligner.bitext import Document
from aligner.engine.evidence import Floats, Ints
from aligner.language.chinese import convert_script
from aligner.language.tags import primary
from aligner.split.clauses import clauses
from aligner.split.lines import lines_are_sentences

MOST_CLAUSES = 1_000
"""Clauses of one sentence that have vectors of their own: more is a file without sentences, and takes 10 KB each."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A document cut into clauses: `bounds` (n + 1,) is the clause range of each segment."""

    lang: str
    sentences: list[str]
    clauses: list[str]
    bounds: Ints
    paragraphs: Ints


def _cut(document: Document, in_paragraphs: bool = True) -> _Text:
    """`in_paragraphs`: whether the segments' paragraphs mean anything; else the document is one."""
    sentences = document.sentences()
    if primary(document.lang) == "zh":
        sentences = [convert_script(sentence, "simplified") for sentence in sentences]
    cuts = [_bounded(clauses(sentence, document.lang)) for sentence in sentences]
    return _Text(
        document.lang, sentences,
        [sentence[a:b] for sentence, spans in zip(sentences, cuts, strict=True) for a, b in spans],
        np.cumsum([0, *(len(spans) for spans in cuts)]),
        np.array([segment.paragraph * in_paragraphs for segment in document.segments], dtype=np.int64),
    )  # fmt: skip


def _bounded(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans of a sentence's clauses, those beyond the most joined to the last."""
    if len(spans) <= MOST_CLAUSES:
        return spans
    return [*spans[: MOST_CLAUSES - 1], (spans[MOST_CLAUSES - 1][0], spans[-1][1])]


def cut_both(source: Document, target: Document) -> tuple[_Text, _Text]:
    """Both documents cut into clauses."""
    in_paragraphs = not lines_are_sentences((source, target))
    return _cut(source, in_paragraphs), _cut(target, in_paragraphs)


def sizes_of(text: _Text) -> Floats:
    """UTF-8 bytes of each clause."""
    return np.array([len(clause.encode("utf-8", "replace")) for clause in text.clauses], dtype=np.float32)


def _per_segment(weights: Floats, segments: int) -> Floats:
    """`weights` scaled so that a segment has 1 on average."""
    total = float(weights.sum())
    return (weights * (segments / total)).astype(np.float32) if total else weights.astype(np.float32)
