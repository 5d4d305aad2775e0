"""What is lost where passages are missing or stand elsewhere: `python scripts/measure_omissions.py ../shared/gold/mag`.

Each document is aligned as it is, with a tenth of the sentences of each side deleted one by one, with 30 % of one side
deleted in one piece, with a dozen short passages deleted from either side, and with a passage of one side moved. Strict
F1 is against the gold without what was deleted; for the moved passage, how many documents report it and which share of
the linked pairs of segments is false.
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
MOVED, BY = 0.05, 0.3  # length of the passage and how far it goes, in shares of the side

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


def move(corpus: Corpus, document: GoldDocument, options: Options) -> tuple[bool, int, int]:
    """Move a passage of the target: whether it is reported, false links, links."""
    count = len(document.target)
    first, length, far = (int(count * share) for share in (0.2, MOVED, BY))
    order = [*range(first), *range(first + length, first + length + far)]
    order += [*range(first, first + length), *range(first + length + far, count)]
    alignment = align(corpus, document.source, [document.target[j] for j in order], options)
    linked = {
        (i, order[j])
        for bead in alignment.beads
        for i in range(bead.src_start, bead.src_end)
        for j in range(bead.tgt_start, bead.tgt_end)
    }
    gold = {(i, j) for source, target in document.gold for i in source for j in target}
    place = {old: new for new, old in enumerate(order)}
    passage = {place[j] for j in range(first, first + length)}
    others = {place[j] for j in range(first + length, first + length + far)}
    reported = any(
        len(span & set(range(moved.tgt_start, moved.tgt_end))) > len(span) / 2
        for moved in alignment.moved
        for span in (passage, others)
    )
    return reported, len(linked - gold), len(linked)


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
        moves = [move(corpus, document, options) for document in corpus.documents]
        reported, false, linked = (sum(column) for column in zip(*moves, strict=True))
        print(
            f"{corpus.name:10} {'a passage moved':28} reported in {reported} of {len(moves)} documents, "
            f"{false / linked:.2%} of the links false"
        )


if __name__ == "__main__":
    main()
