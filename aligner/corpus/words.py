"""Words learned from many documents at once, which no short document could teach: learned, kept, given to each pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Alignment
from aligner.engine.decode import SURE
from aligner.engine.model_one import learn
from aligner.errors import InputError
from aligner.files import replacing
from aligner.language.tags import primary
from aligner.lexicon.glossary import Glossary
from aligner.lexicon.tokens import tokenize

MOST_TOKEN_PAIRS = 10_000_000
"""Pairs of tokens, all of one side of a bead with all of the other, that a lexicon is learned from; they take a
gigabyte while it is. They come from some 30,000 beads of 20 tokens a side."""

Langs = tuple[str, str]
Lexicon = dict[Langs, dict[tuple[str, str], float]]
"""Of two primary languages, in the order of the alphabet: tokens and the probability that they translate each other."""
Taught = tuple[Langs, str, str, float]
"""Languages, source, target, and how sure it is that they belong together."""


@dataclass(slots=True)
class _Lessons:
    """Token numbers of both sides of the beads of two languages."""

    langs: Langs
    sides: tuple[list[NDArray[np.int32]], list[NDArray[np.int32]]] = field(default_factory=lambda: ([], []))
    sure: list[float] = field(default_factory=list)
    vocabularies: tuple[dict[str, int], dict[str, int]] = field(default_factory=lambda: ({}, {}))
    size: int = 0

    def take(self, texts: Sequence[str], sure: float) -> None:
        if self.size >= MOST_TOKEN_PAIRS:
            return
        rows = []
        for text, lang, vocabulary in zip(texts, self.langs, self.vocabularies, strict=True):
            tokens = tokenize(text, lang)
            rows.append(np.array([vocabulary.setdefault(t, len(vocabulary)) for t in tokens], dtype=np.int32))
        self.size += len(rows[0]) * len(rows[1])
        for side, row in zip(self.sides, rows, strict=True):
            side.append(row)
        self.sure.append(sure)

    def lexicon(self) -> dict[tuple[str, str], float]:
        names = [list(vocabulary) for vocabulary in self.vocabularies]
        learned = learn(*self.sides, self.sure)
        return {
            (names[0][a], names[1][b]): round(float(p), 4)
            for a, b, p in zip(*(column.tolist() for column in learned), strict=True)
            if names[0][a] != names[1][b]  # known without any table
        }


def taught_by(alignment: Alignment) -> Iterable[Taught]:
    """What an alignment is sure of; what a person confirmed or edited is certain."""
    langs = primary(alignment.source.lang), primary(alignment.target.lang)
    for bead in alignment.pairs():
        sure = bead.confidence if bead.status == "auto" else 1.0
        if sure >= SURE:
            yield langs, alignment.source_text(bead), alignment.target_text(bead), sure


def learn_words(lessons: Iterable[Taught]) -> Lexicon:
    """The words that sure pairs of sentences teach, by languages; what comes after `MOST_TOKEN_PAIRS` is left out."""
    by_langs: dict[Langs, _Lessons] = {}
    for langs, source, target, sure in lessons:
        ordered = langs if langs <= langs[::-1] else langs[::-1]
        texts = (source, target) if ordered == langs else (target, source)
        by_langs.setdefault(ordered, _Lessons(ordered)).take(texts, sure)
    return {langs: lesson.lexicon() for langs, lesson in sorted(by_langs.items())}


def merged(first: Lexicon, second: Lexicon) -> Lexicon:
    """Both, each pair of words with its higher probability."""
    made = {langs: dict(words) for langs, words in first.items()}
    for langs, words in second.items():
        known = made.setdefault(langs, {})
        for pair, probability in words.items():
            known[pair] = max(probability, known.get(pair, 0.0))
    return made


def write_words(lexicon: Lexicon, path: Path, heading: str = "") -> None:
    """A table of languages, words and probabilities, below a line of comment."""
    with replacing(path) as (file,):
        file.write(f"# {heading}\n".encode())
        for langs, words in sorted(lexicon.items()):
            for pair, probability in sorted(words.items()):
                file.write(
                    ("\t".join((*langs, *pair, f"{probability:.4f}")) + "\n").encode("utf-8", "replace")
                )


def heading_of(path: Path) -> str:
    """The comment of a table of words; empty where there is no table."""
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline().removeprefix("#").strip()


def read_words(path: Path) -> Lexicon:
    """Raises `InputError` where `path` is no table of words."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: no table of learned words ({error}); delete it, and they are learned anew"
        ) from None


@lru_cache(maxsize=4)
def _read(path: Path, _: int) -> Lexicon:
    lexicon: Lexicon = {}
    with path.open(encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                src_lang, tgt_lang, source, target, probability = line.rstrip("\n").split("\t")
                lexicon.setdefault((src_lang, tgt_lang), {})[source, target] = float(probability)
    return lexicon


def with_words(glossary: Glossary | None, lexicon: Lexicon, src_lang: str, tgt_lang: str) -> Glossary | None:
    """`glossary` and the learned words of these languages; what there is of them, or None."""
    langs = primary(src_lang), primary(tgt_lang)
    if words := lexicon.get(langs):
        rows = [(source, target, probability) for (source, target), probability in words.items()]
    else:
        rows = [(source, target, p) for (target, source), p in lexicon.get(langs[::-1], {}).items()]
    if not rows:
        return glossary
    return replace(glossary or Glossary((), src_lang, tgt_lang), words=tuple(sorted(rows)))
