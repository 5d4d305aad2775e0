"""How far confidences can be trusted for languages that the encoder does not know.

    apt-get download gnome-user-docs && dpkg-deb -x gnome-user-docs_*.deb build/help
    python scripts/measure_unknown.py build/help/usr/share/help [--languages ta cs …] [--fit]

The pages of GNOME Help exist in many languages with the same elements in the same order, so each paragraph of a
page and its translation are a pair that nobody had to align. Paragraphs that were never translated are left out.
Documents are the pages in the order of their names; a tenth, then three tenths of the paragraphs of each side are
struck out, and one in seven pairs of neighbours is joined on one side, so that there is something to get wrong.
Prints strict F1 and the calibration error (ECE) of confidences as they are for known languages, as shown, and what it
would be on average if they were right (an ECE is never 0: the fewer the beads, the more is chance); with `--fit`, by a
slope and shift learned from the other languages, then those of all (`aligner/encode/unknown.py`).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from corpora import GoldDocument, without
from lxml import etree

import aligner.pipeline
from aligner.encode.unknown import tempered
from aligner.evaluation.calibration import calibrate
from aligner.evaluation.scores import Ladder, confidences_of, ladder_of, pool, score
from aligner.options import Options
from aligner.pipeline import align_segments

TAUGHT = ("el", "te", "uk", "fi", "hu")  # `aligner/encode/unknown.py`
UNKNOWN = (*TAUGHT, "ta", "cs", "da", "sv", "fa", "id", "vi", "ca", "hr", "lv", "sl", "sr", "gu", "mr", "as")
STRUCK = (0.1, 0.3)  # shares of the paragraphs of each side
DOCUMENTS, LENGTH = 9, 120  # of each language at most, and paragraphs of each
JOINED = 1 / 7
SEED, DRAWS = 1, 20
_TEXTS = frozenset({"title", "p", "desc"})

Outcomes = list[tuple[float, bool]]


def paragraphs(page: Path) -> list[str]:
    """The texts of a page's titles and paragraphs, in order."""
    return [
        " ".join("".join(element.itertext()).split())
        for element in etree.parse(str(page)).iter()
        if isinstance(element.tag, str) and etree.QName(element).localname in _TEXTS
    ]


def pairs(folder: Path, lang: str) -> Iterator[tuple[str, str]]:
    """Paragraphs of the pages whose structure is the same in both languages."""
    for page in sorted((folder / "C" / "gnome-help").glob("*.page")):
        other = folder / lang / "gnome-help" / page.name
        sides = paragraphs(page), paragraphs(other) if other.exists() else []
        if len(sides[0]) == len(sides[1]):
            yield from (pair for pair in zip(*sides, strict=True) if pair[0] != pair[1] and all(pair))


def documents(texts: Sequence[tuple[str, str]], name: str, share: float) -> Iterator[GoldDocument]:
    generator = np.random.default_rng(SEED)
    for number in range(min(DOCUMENTS, len(texts) // LENGTH)):
        part = texts[number * LENGTH : (number + 1) * LENGTH]
        gold: Ladder = [((n,), (n,)) for n in range(LENGTH)]
        whole = GoldDocument(name, [a for a, _ in part], [b for _, b in part], gold)
        lost = [set(np.flatnonzero(generator.random(LENGTH) < share).tolist()) for _ in range(2)]
        yield joined(without(whole, (lost[0], lost[1]), name), generator)


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


def outcomes_of(folder: Path, lang: str) -> Outcomes:
    """Each bead's confidence as it is for known languages, and whether the bead is right."""
    aligner.pipeline.tempered = float  # type: ignore[assignment] - what is learned here
    texts = list(pairs(folder, lang))
    found: Outcomes = []
    for share in STRUCK:
        scores = []
        for document in documents(texts, lang, share):
            alignment = align_segments(document.source, document.target, "en", lang, Options())
            scores.append(score(document.gold, ladder_of(alignment), confidences_of(alignment)))
        pooled = pool(scores)
        found += pooled.outcomes
        print(f"{lang:4} {share:.0%} struck  strict F1 {pooled.strict[2]:.3f}")
    print(f"{lang:4} {errors(found)}", flush=True)
    return found


def errors(outcomes: Outcomes) -> str:
    shown = [tempered(sure) for sure, _ in outcomes]
    return (
        f"{len(outcomes)} beads  ECE {error(outcomes, float):.3f}, shown {error(outcomes, tempered):.3f}, "
        f"by chance {chance(shown):.3f}"
    )


def chance(shown: Sequence[float]) -> float:
    """The mean calibration error of as many beads that are right as often as is `shown`."""
    generator = np.random.default_rng(SEED)
    draws = [[(sure, bool(generator.random() < sure)) for sure in shown] for _ in range(DRAWS)]
    return float(np.mean([calibrate(draw).ece for draw in draws]))


def error(outcomes: Outcomes, change: Callable[[float], float]) -> float:
    return calibrate([(change(sure), right) for sure, right in outcomes]).ece


def learned(outcomes: Outcomes) -> tuple[float, float]:
    """Slope and shift of the log-odds under which `outcomes` are likeliest."""
    from scipy.optimize import minimize

    odds = np.array([np.log(sure / (1 - sure)) for sure, _ in inside(outcomes)])
    right = np.array([right for _, right in outcomes], dtype=float)

    def loss(line: np.ndarray) -> float:
        logits = line[0] * odds + line[1]
        return float(np.sum(np.logaddexp(0, logits) - right * logits))

    slope, shift = minimize(loss, [1.0, 0.0]).x
    return float(slope), float(shift)


def inside(outcomes: Outcomes) -> Outcomes:
    return [(min(max(sure, 1e-4), 1 - 1e-4), right) for sure, right in outcomes]


def by(line: tuple[float, float]) -> Callable[[float], float]:
    def change(sure: float) -> float:
        sure = min(max(sure, 1e-4), 1 - 1e-4)
        return float(1 / (1 + np.exp(-line[0] * np.log(sure / (1 - sure)) - line[1])))

    return change


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="with C/gnome-help and its translations")
    parser.add_argument("--languages", nargs="+", default=UNKNOWN)
    parser.add_argument("--fit", action="store_true", help="learn slope and shift")
    arguments = parser.parse_args()
    found = {lang: outcomes_of(arguments.folder, lang) for lang in arguments.languages}
    every = [outcome for outcomes in found.values() for outcome in outcomes]
    print(f"all  {errors(every)}")
    if arguments.fit:
        for lang, outcomes in found.items():
            others = [each for other in found if other != lang for each in found[other]]
            line = learned(others)
            print(
                f"{lang:4} by the others, slope {line[0]:.2f} shift {line[1]:.2f}: ECE {error(outcomes, by(line)):.3f}"
            )
        print("all  slope {:.2f} shift {:.2f}".format(*learned(every)))
    for low, high, beads, mean, right in calibrate([(tempered(sure), right) for sure, right in every]).table:
        print(f"     {low:.2f}–{high:.2f}  {beads:6} beads, shown {mean:.3f}, right {right:.3f}")


if __name__ == "__main__":
    main()
