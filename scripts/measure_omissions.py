"""What is lost where passages are missing: `python scripts/measure_omissions.py ../shared/gold/mag`.

Each document is aligned as it is, with a tenth of the sentences of each side deleted one by one, with 30 % of one side
deleted in one piece, and with a dozen short passages deleted from either side. Strict F1 is against the gold without
what was deleted.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from corpora import Corpus, GoldDocument, load_corpus, struck, without

from aligner.bitext import Alignment
from aligner.evaluation.scores import ladder_of, pool, score
from aligner.options import Options
from aligner.pipeline import align_segments

SEED = 1
DELETED = 0.3  # of one side
GAPS, GAP_LENGTH = 12, (3, 15)

Change = Callable[[GoldDocument, np.random.Generator], GoldDocument]


def as_it_is(document: GoldDocument, _: np.random.Generator) -> GoldDocument:
    return document


def without_block(side: int) -> Change:
    def change(document: GoldDocument, _: np.random.Generator) -> GoldDocument:
        count = len((document.source, document.target)[side])
        first = int(count * (1 - DELETED) / 2)
        block = set(range(first, first + int(count * DELETED)))
        return without(document, (block, set()) if side == 0 else (set(), block), document.name)

    return change


def with_gaps(document: GoldDocument, generator: np.random.Generator) -> GoldDocument:
    lost: tuple[set[int], set[int]] = (set(), set())
    for _ in range(GAPS):
        side = int(generator.integers(2))
        length = int(generator.integers(*GAP_LENGTH))
        first = int(generator.integers(len((document.source, document.target)[side]) - length))
        lost[side].update(range(first, first + length))
    return without(document, lost, document.name)


def with_sentences_struck(document: GoldDocument, generator: np.random.Generator) -> GoldDocument:
    return struck(document, generator, document.name)


CHANGES: dict[str, Change] = {
    "as it is": as_it_is,
    "a tenth of each side struck": with_sentences_struck,
    "30 % of the source deleted": without_block(0),
    "30 % of the target deleted": without_block(1),
    "a dozen passages deleted": with_gaps,
}


def align(corpus: Corpus, source: list[str], target: list[str], options: Options) -> Alignment:
    return align_segments(source, target, corpus.src_lang, corpus.tgt_lang, options)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("gold", nargs="+", type=Path, help="gold folders")
    parser.add_argument("--quality", choices=("fast", "best"), default="fast")
    arguments = parser.parse_args()
    options = Options(quality=arguments.quality)
    for folder in arguments.gold:
        corpus = load_corpus(folder)
        for title, change in CHANGES.items():
            generator = np.random.default_rng(SEED)
            scores = []
            for document in corpus.documents:
                changed = change(document, generator)
                found = align(corpus, changed.source, changed.target, options)
                scores.append(score(changed.gold, ladder_of(found), None))
            print(f"{corpus.name:10} {title:28} strict F1 {pool(scores).strict[2]:.4f}", flush=True)


if __name__ == "__main__":
    main()
