"""How often each doubt rule speaks up on correct pairs, and how often it finds a number changed on purpose.

    python scripts/measure_doubts.py ../shared/gold/mag ../shared/gold/textberg [--show numbers]

Every two-sided bead of a gold ladder is a correct pair, so each doubt on it is a false alarm (or a slip of
the translator). Planted errors: one figure of the target is changed in each pair that has one, and must be
noticed.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter

from corpora import Corpus, GoldDocument, load_corpus

from aligner.bitext import Alignment, Bead, Document, Segment
from aligner.review.doubts import RULES, Doubt, find_doubts


def document_of(sentences: list[str], lang: str, name: str) -> Document:
    text, segments, position = "\n".join(sentences), [], 0
    for sentence in sentences:
        stripped = sentence.strip()
        start = position + sentence.index(stripped)
        segments.append(Segment(start, start + len(stripped)))
        position += len(sentence) + 1
    return Document(text, lang, tuple(segments), name)


def pairs_of(document: GoldDocument, src_lang: str, tgt_lang: str) -> Alignment:
    """The document's gold pairs as an alignment of their texts, one segment a side."""
    sources, targets = [], []
    for source, target in document.gold:
        left = " ".join(document.source[at].strip() for at in source)
        right = " ".join(document.target[at].strip() for at in target)
        if left.strip() and right.strip():
            sources.append(left)
            targets.append(right)
    beads = tuple(Bead(at, at + 1, at, at + 1) for at in range(len(sources)))
    left, right = document_of(sources, src_lang, document.name), document_of(targets, tgt_lang, document.name)
    return Alignment(left, right, beads)


def with_changed_figures(alignment: Alignment, random_: random.Random) -> tuple[Alignment, set[int]]:
    """The alignment with one figure of every target that has one changed, and which beads those are."""
    changed, targets = set(), []
    for number, sentence in enumerate(alignment.target.sentences()):
        figures = [match for match in re.finditer(r"(?<![A-Za-z\d-])\d+", sentence)]
        if figures:
            match = random_.choice(figures)
            at = random_.randrange(match.start(), match.end())
            digit = random_.choice([d for d in "123456789" if d != sentence[at]])
            sentence = sentence[:at] + digit + sentence[at + 1 :]
            changed.add(number)
        targets.append(sentence)
    target = document_of(targets, alignment.target.lang, alignment.target.name)
    return Alignment(alignment.source, target, alignment.beads), changed


def measure(corpus: Corpus, show: str | None) -> None:
    rates: Counter[str] = Counter()
    total = planted = noticed = 0
    random_ = random.Random(1)
    for document in corpus.documents:
        alignment = pairs_of(document, corpus.src_lang, corpus.tgt_lang)
        total += len(alignment.beads)
        doubts = find_doubts(alignment)
        rates.update(rule for _, rule in {(doubt.bead, doubt.rule) for doubt in doubts})
        for doubt in doubts:
            if doubt.rule == show:
                print_doubt(doubt, alignment)
        worse, changed = with_changed_figures(alignment, random_)
        planted += len(changed)
        noticed += len({d.bead for d in find_doubts(worse) if d.rule == "numbers"} & changed)
    shares = "  ".join(f"{rule} {rates[rule] / total:.2%}" for rule in RULES)
    print(f"{corpus.name}: {total} correct pairs, doubts raised: {shares}")
    print(f"    changed figures noticed: {noticed} of {planted}")


def print_doubt(doubt: Doubt, alignment: Alignment) -> None:
    bead = alignment.beads[doubt.bead]
    print(f"{doubt.message}\n    {alignment.source_text(bead)}\n    {alignment.target_text(bead)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("gold", nargs="+", help="gold folders")
    parser.add_argument("--show", choices=RULES, help="print what this rule finds")
    options = parser.parse_args()
    for folder in options.gold:
        measure(load_corpus(folder), options.show)


if __name__ == "__main__":
    main()
