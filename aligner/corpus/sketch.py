"""A document in a few kilobytes, enough to find its translation among thousands: vectors, marks, length."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Document
from aligner.clean.rules import RULES, clean
from aligner.encode.encoder import Encoder, PieceEncoder
from aligner.errors import AlignerError
from aligner.language.chinese import convert_script
from aligner.language.detect import detect
from aligner.language.tags import primary
from aligner.lexicon.tokens import names
from aligner.options import Options
from aligner.read import read_file
from aligner.split.clauses import clauses
from aligner.split.sentences import segment

SENTENCES = 32
"""At most so many sentences of a document are embedded, evenly spaced."""
WINDOWS = 8
"""Stretches of a document that have a vector each."""
_MOST_MARKS = 400
_NUMBER = re.compile(r"(?<![\w.])\d[\d.,:/-]*\d(?!\w)|(?<!\w)\d{2,}(?!\w)", re.ASCII)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is known of one document. `windows`: float16 (WINDOWS, d), rows of unit length; `weight`: bytes of text.

    `marks`: hashes of its numbers and Latin names, sorted uint64. `problem`: why it can't be read.
    """

    path: Path
    lang: str
    windows: NDArray[np.float16]
    weight: int
    marks: NDArray[np.uint64]
    problem: str = ""


def sketch_documents(
    paths: Sequence[Path], lang: str | None, options: Options, tell: Callable[[float], None]
) -> list[Sketch]:
    """The sketches of some documents; one that can't be read has its problem."""
    encoder = options.load_encoders()[0]
    texts: list[Document | str] = []
    for path in paths:
        tell(60.0)
        try:
            texts.append(_read(path, lang, options))
        except AlignerError as error:
            texts.append(" ".join(str(error).split()))
    chosen = [[] if isinstance(text, str) else _chosen(text) for text in texts]
    vectors = _embed([s for sentences in chosen for s in sentences], texts, chosen, encoder)
    return [
        problem_of(path, text) if isinstance(text, str) else _sketch(path, text, rows, sentences)
        for path, text, rows, sentences in zip(paths, texts, vectors, chosen, strict=True)
    ]


def _read(path: Path, lang: str | None, options: Options) -> Document:
    text = clean(
        read_file(path, encoding=options.encoding).flat(),
        off=tuple(RULES) if options.presplit else options.no_clean,
    ).text
    document = segment(
        text, lang or detect(text.text), name=path.name, srx=options.srx, presplit=options.presplit,
        split_clauses=options.split_clauses, fine=options.split == "fine",
    )  # fmt: skip
    if not len(document):
        raise AlignerError(f"{path}: no text left after cleaning")
    return document


def _chosen(document: Document) -> list[str]:
    """Evenly spaced sentences, the first and the last among them."""
    count = len(document)
    numbers = sorted({round(n) for n in np.linspace(0, count - 1, min(count, SENTENCES))})
    chosen = [document.text[document.segments[n].start : document.segments[n].end] for n in numbers]
    return [convert_script(s, "simplified") for s in chosen] if primary(document.lang) == "zh" else chosen


def _embed(
    sentences: Sequence[str],
    texts: Sequence[Document | str],
    chosen: Sequence[Sequence[str]],
    encoder: Encoder,
) -> list[Floats]:
    """The vectors of each document's sentences, made of its clauses, so that the alignment finds these in the cache."""
    if not sentences:
        return [np.zeros((0, encoder.dimension), np.float32) for _ in chosen]
    if isinstance(encoder, PieceEncoder):
        langs = [
            text.lang
            for text, own in zip(texts, chosen, strict=True)
            for _ in own
            if not isinstance(text, str)
        ]
        cuts = [clauses(sentence, lang) for sentence, lang in zip(sentences, langs, strict=True)]
        rows = encoder.pieces([s[a:b] for s, spans in zip(sentences, cuts, strict=True) for a, b in spans])
        counts = np.array([len(spans) for spans in cuts])
        sums = np.add.reduceat(rows, np.cumsum([0, *counts[:-1]]), axis=0)
        vectors = encoder.compose(sums, counts.astype(np.float32))
    else:
        vectors = encoder.encode(sentences)
    return np.split(vectors, np.cumsum([len(own) for own in chosen])[:-1])


def _sketch(path: Path, document: Document, vectors: Floats, sentences: Sequence[str]) -> Sketch:
    sizes = np.sqrt([len(sentence.encode("utf-8", "replace")) for sentence in sentences]).astype(np.float32)
    # Where each sentence stands in the text, by what is written before it; a short text fills its windows anyhow.
    places = (np.cumsum(sizes) - sizes / 2) / sizes.sum() * WINDOWS
    middles = np.arange(WINDOWS) + 0.5
    near = np.maximum(0, 1 - np.abs(places[None, :] - middles[:, None])) + 1e-3 / (
        1 + np.abs(places[None, :] - middles[:, None])
    )
    windows = (near * sizes[None, :]).astype(np.float32) @ vectors
    windows /= np.maximum(np.linalg.norm(windows, axis=1, keepdims=True), 1e-9)
    text = document.text
    marks = {match[0].strip(".,:/-") for match in _NUMBER.finditer(text)} | names(text)
    return Sketch(
        path, document.lang, windows.astype(np.float16), len(text.encode("utf-8", "replace")), _hashes(marks),
    )  # fmt: skip


def _hashes(marks: set[str]) -> NDArray[np.uint64]:
    hashed = [
        int.from_bytes(blake2b(mark.encode("utf-8", "replace"), digest_size=8).digest(), "big")
        for mark in marks
    ]
    return np.array(sorted(hashed)[:_MOST_MARKS], dtype=np.uint64)


def problem_of(path: Path, reason: str) -> Sketch:
    """What stands for a document that can't be read."""
    nothing = np.zeros((WINDOWS, 0), np.float16)
    return Sketch(path, "und", nothing, 0, np.zeros(0, np.uint64), reason)
