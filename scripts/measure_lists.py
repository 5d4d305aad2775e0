"""Sentences that face a list: `python scripts/measure_lists.py ../shared/gold/mag`.

In a copy of each document some runs of 9 to 20 pairs of one sentence each are one sentence on one side, their ends
commas, and so many segments on the other. Prints how many of these beads are found, how many nearly (at most two
segments more or less), and strict F1 of the rest.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from corpora import GoldDocument, load_corpus

from aligner.evaluation.scores import ladder_of, pool, score
from aligner.options import Options
from aligner.pipeline import align_segments

LENGTHS, APART = (9, 20), (10, 30)  # pairs that become a list, beads between two lists at least
SEED = 3


def with_lists(document: GoldDocument, chance: random.Random, strangers: int) -> GoldDocument:
    texts: tuple[list[str], list[str]] = ([], [])
    ladder, place, wait = [], 0, chance.randint(*APART)
    while place < len(document.gold):
        length = chance.randint(*LENGTHS)
        run = document.gold[place : place + length]
        joined = wait <= 0 and all(len(a) == len(b) == 1 for a, b in run) and len(run) >= LENGTHS[0]
        beads, side = (run, chance.randrange(2)) if joined else (document.gold[place : place + 1], None)
        bead = []
        for number, (own, text) in enumerate(zip(texts, (document.source, document.target), strict=True)):
            parts = [text[i] for each in beads for i in each[number]]
            if number == side:
                comma = "，" if any("一" <= c <= "鿿" for c in parts[0]) else ", "
                parts = [comma.join(part.rstrip(".。!?！？;；:：") for part in parts) + parts[-1][-1]]
            bead.append(tuple(range(len(own), len(own) + len(parts))))
            own += parts
        ladder.append((bead[0], bead[1]))
        place += len(beads)
        wait = chance.randint(*APART) if joined else wait - 1
        if joined:
            for each in document.gold[place : place + strangers]:
                other = texts[1 - side]
                parts = [(document.source, document.target)[1 - side][i] for i in each[1 - side]]
                for part in parts:
                    ladder.append(((len(other),), ()) if side else ((), (len(other),)))
                    other.append(part)
            place += strangers
    return GoldDocument(document.name, *texts, ladder)


def near(bead, beads):
    """Whether one of `beads` has the same single segment and at most two segments more or less."""
    return any(
        {len(bead[0]), len(bead[1])} - {1}
        and (bead[0] == other[0] if len(bead[0]) == 1 else bead[1] == other[1])
        and len({*bead[0], *bead[1]} ^ {*other[0], *other[1]}) <= 2
        for other in beads
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("gold", nargs="+", type=Path, help="gold folders")
    parser.add_argument("--quality", choices=("fast", "best"), default="fast")
    parser.add_argument(
        "--strangers", type=int, default=0, help="beads after each list without the sentence's side"
    )
    arguments = parser.parse_args()
    for folder in arguments.gold:
        corpus, chance = load_corpus(folder), random.Random(SEED)
        lists = found = nearly = 0
        scores = []
        for document in corpus.documents:
            made = with_lists(document, chance, arguments.strangers)
            alignment = align_segments(
                made.source, made.target, corpus.src_lang, corpus.tgt_lang, Options(quality=arguments.quality)
            )
            ladder = ladder_of(alignment)
            long = [bead for bead in made.gold if sum(map(len, bead)) > LENGTHS[0]]
            lists += len(long)
            found += sum(bead in ladder for bead in long)
            nearly += sum(near(bead, ladder) for bead in long)
            scores.append(score(made.gold, ladder, None))
        print(
            f"{corpus.name:10} {lists} lists, {found} found, {nearly} nearly or whole; strict F1"
            f" {pool(scores).strict[2]:.4f}", flush=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()
