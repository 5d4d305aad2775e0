"""What each part of the lexicon is worth.

    python scripts/measure_lexicon.py ../shared/gold/mag ../shared/gold/textberg

Strict F1 with one part left out, weights as shipped: the dictionary with pinyin names, numbers, words equal on both
sides (names, acronyms, loans), words that look alike, and what the first pass teaches.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np
from corpora import load_corpus

from aligner import pipeline
from aligner.engine import passes
from aligner.engine.evidence import with_learned_words
from aligner.evaluation.scores import ladder_of, pool, score
from aligner.gather import gather
from aligner.lexicon.relate import translations
from aligner.lexicon.tokens import NUMBER_MARK

PARTS = ("nothing", "dictionary", "numbers", "equal words", "like words", "learned words", "everything")


def part_of(source: str, target: str, in_dictionary: bool) -> str:
    if NUMBER_MARK in (source[0], target[0]):
        return "numbers"
    if source == target:
        return "equal words"
    return "dictionary" if in_dictionary else "like words"


@contextmanager
def without(part: str) -> Iterator[None]:
    """Alignments made inside lack this part."""

    def some(source, target, dictionary=None, glossary=None):
        src_ids, tgt_ids, weights = translations(source, target, dictionary, glossary)
        known = dictionary.pairs(source, target) if dictionary else {}
        kept = [
            part not in ("everything", part_of(source[i], target[j], (i, j) in known))
            for i, j in zip(src_ids.tolist(), tgt_ids.tolist(), strict=True)
        ]
        kept = np.array(kept, dtype=bool)
        return src_ids[kept], tgt_ids[kept], weights[kept]

    def learned(found, beads):
        return found if part in ("learned words", "everything") else with_learned_words(found, beads)

    with (
        mock.patch.object(gather, "translations", some),
        mock.patch.object(passes, "with_learned_words", learned),
    ):
        yield


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("gold", nargs="+", type=Path, help="gold folders")
    for folder in parser.parse_args().gold:
        corpus = load_corpus(folder)
        for part in PARTS:
            with without(part):
                scores = [
                    score(
                        document.gold,
                        ladder_of(
                            pipeline.align_segments(
                                document.source, document.target, corpus.src_lang, corpus.tgt_lang
                            )
                        ),
                        None,
                    )
                    for document in corpus.documents
                ]
            print(f"{corpus.name:10} without {part:14} strict F1 {pool(scores).strict[2]:.4f}", flush=True)


if __name__ == "__main__":
    main()
