"""How far confidences can be trusted for languages that the encoder does not know.

    apt-get download gnome-user-docs && dpkg-deb -x gnome-user-docs_*.deb build/help
    python scripts/measure_unknown.py build/help/usr/share/help [--languages el hi …] [--cap 1]

The pages of GNOME Help exist in many languages with the same elements in the same order, so each paragraph of a
page and its translation are a pair that nobody had to align. Messages that were never translated are left out.
Documents are made of the pages in the order of their names; a tenth of the paragraphs of each side is struck out, and
one in seven pairs of neighbours is joined on one side, so that there is something to get wrong. Prints for each
language strict F1, and the calibration error (ECE) with confidences as they come out and with each cap of `CAPS`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from corpora import GoldDocument, struck
from lxml import etree

import aligner.pipeline
from aligner.evaluation.calibration import calibrate
from aligner.evaluation.scores import Ladder, confidences_of, ladder_of, pool, score
from aligner.options import Options
from aligner.pipeline import align_segments

UNKNOWN = ("el", "hi", "uk", "fi", "hu", "cs", "te")
CAPS = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
DOCUMENTS, LENGTH = 4, 120  # of each language, and paragraphs of each
JOINED = 1 / 7
SEED = 1
_TEXTS = frozenset({"title", "p", "desc"})


def paragraphs(page: Path) -> list[str]:
    """The texts of a page's titles and paragraphs, in order."""
    found = []
    for element in etree.parse(str(page)).iter():
        if isinstance(element.tag, str) and etree.QName(element).localname in _TEXTS:
            found.append(" ".join("".join(element.itertext()).split()))
    return found


def pairs(folder: Path, lang: str) -> Iterator[tuple[str, str]]:
    """Paragraphs of the pages whose structure is the same in both languages."""
    for page in sorted((folder / "C" / "gnome-help").glob("*.page")):
        other = folder / lang / "gnome-help" / page.name
        sides = paragraphs(page), paragraphs(other) if other.exists() else []
        if len(sides[0]) == len(sides[1]):
            yield from (pair for pair in zip(*sides, strict=True) if pair[0] != pair[1] and all(pair))


def documents(texts: Sequence[tuple[str, str]], name: str) -> Iterator[GoldDocument]:
    generator = np.random.default_rng(SEED)
    for number in range(min(DOCUMENTS, len(texts) // LENGTH)):
        part = texts[number * LENGTH : (number + 1) * LENGTH]
        whole = GoldDocument(
            name, [a for a, _ in part], [b for _, b in part], [((n,), (n,)) for n in range(LENGTH)]
        )
        yield joined(struck(whole, generator, name), generator)


def joined(document: GoldDocument, generator: np.random.Generator) -> GoldDocument:
    """The document with some pairs of neighbours run together on one side."""
    sides: tuple[list[str], list[str]] = ([], [])
    gold: Ladder = []
    run = False
    for source, target in document.gold:
        texts = [document.source[n] for n in source], [document.target[n] for n in target]
        joins = not run and bool(gold) and all(map(len, (*texts, *gold[-1]))) and generator.random() < JOINED
        if joins:
            side = int(generator.integers(2))
            sides[side][-1] += " " + texts[side].pop()
        places = tuple(
            tuple(range(len(mine), len(mine) + len(new))) for mine, new in zip(sides, texts, strict=True)
        )
        for mine, new in zip(sides, texts, strict=True):
            mine += new
        if joins:
            gold[-1] = (gold[-1][0] + places[0], gold[-1][1] + places[1])
        else:
            gold.append((places[0], places[1]))
        run = joins
    return GoldDocument(document.name, *sides, gold)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="with C/gnome-help and its translations")
    parser.add_argument("--languages", nargs="+", default=UNKNOWN)
    parser.add_argument("--cap", type=float, help="on confidences, instead of the aligner's own")
    arguments = parser.parse_args()
    if arguments.cap:
        aligner.pipeline.UNKNOWN_MOST = arguments.cap
    outcomes: list[tuple[float, bool]] = []
    for lang in arguments.languages:
        scores = []
        for document in documents(list(pairs(arguments.folder, lang)), lang):
            found = align_segments(document.source, document.target, "en", lang, Options())
            scores.append(score(document.gold, ladder_of(found), confidences_of(found)))
        pooled = pool(scores)
        outcomes += pooled.outcomes
        print(
            f"{lang:6} {len(pooled.outcomes):5} beads  strict F1 {pooled.strict[2]:.3f}  {errors(pooled.outcomes)}",
            flush=True,
        )
    print(f"{'all':6} {len(outcomes):5} beads  {'':16} {errors(outcomes)}")
    for low, high, beads, mean, right in calibrate(outcomes).table:
        print(f"       {low:.2f}–{high:.2f}  {beads:6} beads, sure {mean:.3f}, right {right:.3f}")


def errors(outcomes: Sequence[tuple[float, bool]]) -> str:
    capped = ((cap, calibrate([(min(sure, cap), right) for sure, right in outcomes]).ece) for cap in CAPS)
    return "ECE " + "  ".join(f"{cap:.2f}: {error:.3f}" for cap, error in capped)


if __name__ == "__main__":
    main()
