"""How many keys a review takes: a simulated reviewer answers from the gold, by the page's own operations.

    python scripts/measure_review.py ../shared/gold/mac_dev ../shared/gold/mag ../shared/gold/textberg

Prints the keys pressed until so many pairs are wrong, for reading everything in order, for the doubt queue, and for
the queue that learns. The documents of a corpus are one file, as a book's chapters are.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from corpora import load_corpus
from corrections import Gold, Ranges, View, shortest

from aligner.bitext import Alignment, Bead
from aligner.export.savefile import SaveFile, save
from aligner.options import Options
from aligner.pipeline import align_documents
from aligner.prepare import document_of
from aligner.review.beside import look_for_doubts
from aligner.review.learning import LEARNED_AFTER, learn, verdicts_of
from aligner.review.patches import shifted
from aligner.review.places import offset_of, part_of, place_of, segment_at
from aligner.review.session import Session

SHARES = (0.02, 0.01, 0.005, 0.002)


@dataclass
class Curve:
    """Keys pressed and pairs wrong after each stop."""

    points: list[tuple[int, int]] = field(default_factory=list)

    def keys_for(self, wrong: float) -> int | None:
        return next((keys for keys, left in self.points if left <= wrong), None)


def joined(folder: Path) -> tuple[Alignment, Gold]:
    """A corpus as one file, aligned as `align` does, and its gold."""
    corpus = load_corpus(folder)
    source = [sentence for document in corpus.documents for sentence in document.source]
    target = [sentence for document in corpus.documents for sentence in document.target]
    rungs, joints, i, j = [], [], 0, 0
    for document in corpus.documents:
        rungs += [(tuple(s + i for s in a), tuple(t + j for t in b)) for a, b in document.gold]
        i, j = i + len(document.source), j + len(document.target)
        joints.append((i, j))
    documents = document_of(source, corpus.src_lang, "source"), document_of(target, corpus.tgt_lang, "target")
    alignment = align_documents(*documents, Options())
    return alignment, gold_of(rungs, i, j)


def gold_of(rungs: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], sources: int, targets: int) -> Gold:
    """The gold as rows can show it: a pair with a gap holds what stands in it; what crosses stands alone."""
    hulls = sorted((min(a), max(a) + 1, min(b), max(b) + 1) for a, b in rungs if a and b)
    pairs = _longest_chain(hulls)
    corners = {(i, j) for i in range(sources + 1) for j in _clear(pairs, i, targets)}
    held = {n for a, b, _, _ in pairs for n in range(a, b)}, {n for _, _, c, d in pairs for n in range(c, d)}
    alone = frozenset(range(sources)) - held[0], frozenset(range(targets)) - held[1]
    return Gold(frozenset(pairs), frozenset(corners), alone)


def _longest_chain(pairs: Sequence[Ranges]) -> list[Ranges]:
    """The pairs that stand in one order on both sides, as many segments as there can be."""
    best: list[tuple[int, int]] = []  # segments up to here, the pair before
    for number, (a, b, c, d) in enumerate(pairs):
        before = [(best[k][0], k) for k in range(number) if pairs[k][1] <= a and pairs[k][3] <= c]
        size, last = max(before, default=(0, -1))
        best.append((size + b - a + d - c, last))
    number, chain = max(range(len(best)), key=lambda k: best[k][0]), []
    while number >= 0:
        chain.append(pairs[number])
        number = best[number][1]
    return chain[::-1]


def _clear(spans: Sequence[Ranges], i: int, targets: int) -> range:
    """The target boundaries that form a corner with source boundary `i`."""
    if any(a < i < b for a, b, _, _ in spans):
        return range(0)
    low = max((d for _, b, _, d in spans if b <= i), default=0)
    high = min((c for a, _, c, _ in spans if a >= i), default=targets)
    return range(low, high + 1)


class Reviewer:
    """Somebody who knows the gold and works on the page of a file."""

    def __init__(self, path: Path, gold: Gold, learns: bool) -> None:
        self.session, self.gold, self.learns = Session(path), gold, learns
        self.keys, self.curve, self.since = 0, Curve(), 0
        self.hopeless: set[tuple[int, int]] = set()
        found, index = look_for_doubts(self.session.alignment, None, lambda share: None)
        self.session.take_doubts(self.session.alignment, found, index)
        self._note()

    def _note(self) -> None:
        wrong = sum(bead.is_pair and not self.gold.is_right(bead) for bead in self.session.alignment.beads)
        self.curve.points.append((self.keys, wrong))

    def in_order(self) -> Curve:
        """Every row from the first to the last: right ones are accepted, others corrected."""
        row = 0
        while row < len(self.session.alignment.beads):
            if self._is_wrong(row):
                self._correct(row, row)
            place = place_of(self.session.alignment, self.session.alignment.beads[row])
            self._accept(place)
            row += 1
        return self.curve

    def by_queue(self) -> Curve:
        """The stops of the queue until it is empty; what is wrong among the rows shown around is corrected too."""
        stop = self.session.next_stop()
        while stop:
            row = stop["row"]
            seen = sorted(range(*stop["rows"]), key=lambda number: abs(number - row))
            wrong = next((number for number in seen if self._is_wrong(number)), None)
            if wrong is not None:
                self._correct(row, wrong)
                self.keys += 1  # N
            else:
                self._accept(stop["at"])
            if self.learns:
                self._learn()
            self._note()
            stop = self.session.next_stop()
        return self.curve

    def _is_wrong(self, row: int) -> bool:
        alignment = self.session.alignment
        bead = alignment.beads[row]
        return not self.gold.is_right(bead) and place_of(alignment, bead) not in self.hopeless

    def _accept(self, at: Any) -> None:
        self.keys += 1
        self.since += 1
        self.session.operate("accept", {"at": list(at)})
        self._note()

    def _correct(self, focus: int, row: int) -> None:
        """Put the rows right that must be to put `row` right."""
        alignment = self.session.alignment
        first, last = self._stretch(row)
        beads = alignment.beads[first:last]
        i, j = beads[0].src_start, beads[0].tgt_start
        part = Alignment(
            part_of(alignment.source, i, beads[-1].src_end), part_of(alignment.target, j, beads[-1].tgt_end),
            tuple(shifted(_inside(bead, beads[0], beads[-1]), -i, -j) for bead in beads),
        )  # fmt: skip
        stand = max(first, min(focus, last - 1))
        found = shortest(View(SaveFile(part), stand - first, "source"), self._cut(part, i, j))
        if found is None:
            self.hopeless.update(place_of(alignment, bead) for bead in beads if not self.gold.is_right(bead))
            return
        self.keys += abs(focus - stand) + found[0]
        for op, args in found[1]:
            self.session.operate(op, _placed(args, part, alignment, (i, j)))
        self.since += 1

    def _cut(self, part: Alignment, i: int, j: int) -> Gold:
        """The gold of a part that begins at segments `i` and `j`."""
        n, m = len(part.source), len(part.target)
        inside = [
            (a - i, b - i, c - j, d - j)
            for a, b, c, d in self.gold.pairs
            if i <= a < i + n and j <= c < j + m
        ]
        corners = frozenset(
            (a - i, b - j) for a, b in self.gold.corners if i <= a <= i + n and j <= b <= j + m
        )
        alone = frozenset(k - i for k in self.gold.alone[0]), frozenset(k - j for k in self.gold.alone[1])
        return Gold(frozenset(inside), corners, alone)

    def _stretch(self, row: int) -> tuple[int, int]:
        """The rows around `row` that share no pair of the gold with others."""
        beads, corners = self.session.alignment.beads, self.gold.corners
        first, last = row, row + 1
        while first > 0 and (beads[first].src_start, beads[first].tgt_start) not in corners:
            first -= 1
        while last < len(beads) and (beads[last].src_start, beads[last].tgt_start) not in corners:
            last += 1
        return first, last

    def _learn(self) -> None:
        if self.since < LEARNED_AFTER:
            return
        self.since = 0
        alignment = self.session.alignment
        lesson = learn(alignment, verdicts_of(self.session.store.history.done))
        if lesson["stretches"]:
            self.keys += 1
            self.session.operate("learn", lesson)


def _inside(bead: Bead, first: Bead, last: Bead) -> Bead:
    """The bead with the alternatives up to the first that reaches out of the stretch: their numbers must stay."""
    kept = takewhile(
        lambda o: first.src_start <= o.src_start and o.src_end <= last.src_end
        and first.tgt_start <= o.tgt_start and o.tgt_end <= last.tgt_end,
        bead.alternatives,
    )  # fmt: skip
    return replace(bead, alternatives=tuple(kept))


def _placed(args: dict[str, Any], part: Alignment, whole: Alignment, base: tuple[int, int]) -> dict[str, Any]:
    """Arguments of the part, which begins at the segments `base`, as those of the whole file."""

    def boundary(side: int, offset: int) -> int:
        documents = (part.source, whole.source) if side == 0 else (part.target, whole.target)
        return offset_of(documents[1], base[side] + segment_at(documents[0], offset))

    def span(side: int, start: int, end: int) -> list[int]:
        shift = boundary(side, start) - start
        return [start + shift, end + shift]

    placed = dict(args)
    if "at" in args:
        placed["at"] = [boundary(side, offset) for side, offset in enumerate(args["at"])]
    for side, name in enumerate(("source", "target")):
        if isinstance(args.get(name), list):
            placed[name] = span(side, *args[name])
        elif name in args:
            placed[name] = boundary(side, args[name])
    return placed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--ways", nargs="+", default=["order", "queue", "learning"])
    args = parser.parse_args()
    for folder in args.folders:
        alignment, gold = joined(folder)
        pairs = sum(bead.is_pair for bead in alignment.beads)
        wrong = sum(bead.is_pair and not gold.is_right(bead) for bead in alignment.beads)
        print(f"{folder.name}: {len(alignment.beads)} rows, {pairs} pairs, {wrong} of them wrong", flush=True)
        for way in args.ways:
            with tempfile.TemporaryDirectory() as place:
                path = Path(place) / "review.json"
                save(SaveFile(alignment), path)
                reviewer = Reviewer(path, gold, learns=way == "learning")
                curve = reviewer.in_order() if way == "order" else reviewer.by_queue()
            told = "  ".join(f"{share:.1%}: {curve.keys_for(share * pairs)}" for share in SHARES)
            print(f"  {way:9} keys until so many are wrong: {told}   all: {curve.points[-1]}", flush=True)


if __name__ == "__main__":
    main()
