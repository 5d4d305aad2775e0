"""Passages that moved: `python scripts/measure_moves.py ../shared/gold/mag ../shared/gold/mac_dev`.

Each document is aligned as it is, with a passage of the target moved, with two tenths of it swapped and with two
neighbouring passages swapped. Of the gold's pairs in what moved: the share found, on the path or as moved pairs; of the
moved pairs reported: how many are not in the gold, and their share of all links. Strict F1 over the whole.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from corpora import Corpus, GoldDocument, load_corpus

from aligner.evaluation.scores import Scores, ladder_of, pool, score
from aligner.options import Options
from aligner.pipeline import align_segments
from aligner.read.ladder import Ladder, Rung

Order = Callable[[int], list[range]]
"""The pieces of a text of so many segments, in their new order."""

PIECES: dict[str, Order] = {
    "as it is": lambda n: [range(n)],
    "a passage moved": lambda n: [
        range(n // 5), range(n // 4, n * 11 // 20), range(n // 5, n // 4), range(n * 11 // 20, n)
    ],
    "two tenths swapped": lambda n: [
        range(n // 5), range(n * 3 // 5, n * 7 // 10), range(n * 3 // 10, n * 3 // 5),
        range(n // 5, n * 3 // 10), range(n * 7 // 10, n),
    ],
    "neighbours swapped": lambda n: [
        range(n * 2 // 5), range(n // 2, n * 3 // 5), range(n * 2 // 5, n // 2), range(n * 3 // 5, n)
    ],
}  # fmt: skip


def rearranged(document: GoldDocument, pieces: list[range]) -> tuple[GoldDocument, set[int]]:
    """The document with its target in this order, and the target segments that stand elsewhere now.

    Gold beads over a cut are left alone, one by one.
    """
    order = [old for piece in pieces for old in piece]
    place = {old: new for new, old in enumerate(order)}
    home = {old: number for number, piece in enumerate(pieces) for old in piece}
    ladder = []
    for source, target in document.gold:
        if len({home[old] for old in target}) > 1:
            ladder += [((i,), ()) for i in source] + [((), (place[j],)) for j in target]
        else:
            ladder.append((source, tuple(sorted(place[j] for j in target))))
    changed = GoldDocument(document.name, document.source, [document.target[old] for old in order], ladder)
    largest = max(pieces, key=len)
    return changed, {
        place[old] for piece in pieces for old in piece if piece != largest and place[old] != old
    }


def measure(corpus: Corpus, pieces: Order, options: Options) -> str:
    scores: list[Scores] = []
    wanted = found = reported = false = links = 0
    for document in corpus.documents:
        changed, elsewhere = rearranged(document, pieces(len(document.target)))
        alignment = align_segments(changed.source, changed.target, corpus.src_lang, corpus.tgt_lang, options)
        ladder, gold = ladder_of(alignment), set(changed.gold)
        scores.append(score(changed.gold, ladder, None))
        drawn = set(ladder)
        inside = [rung for rung in gold if rung[0] and not elsewhere.isdisjoint(rung[1])]
        wanted += len(inside)
        found += sum(rung in drawn for rung in inside)
        moved = [rung for (number, _), rung in zip(alignment.links(), ladder, strict=True) if number is None]
        reported += len(moved)
        false += sum(not _touches(rung, changed.gold) for rung in moved)
        links += sum(bool(source and target) for source, target in ladder)
    return (
        f"strict F1 {pool(scores).strict[2]:.4f}, found {found} of {wanted} pairs of what moved; "
        f"{reported} pairs reported moved, {false} false ({false / links:.2%} of the links)"
    )


def _touches(rung: Rung, gold: Ladder) -> bool:
    """Whether the gold links a source segment of the pair with a target segment of it."""
    return any(
        not set(rung[0]).isdisjoint(source) and not set(rung[1]).isdisjoint(target) for source, target in gold
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("gold", nargs="+", type=Path, help="gold folders")
    parser.add_argument("--quality", choices=("fast", "best"), default="fast")
    arguments = parser.parse_args()
    for folder in arguments.gold:
        corpus = load_corpus(folder)
        for title, pieces in PIECES.items():
            figures = measure(corpus, pieces, Options(quality=arguments.quality))
            print(f"{corpus.name:10} {title:20} {figures}", flush=True)


if __name__ == "__main__":
    main()
