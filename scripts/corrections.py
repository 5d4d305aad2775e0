"""The fewest keys that put some rows of a review right, by the page's own operations and what each costs there."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aligner.bitext import Bead
from aligner.errors import BitextError
from aligner.export.savefile import SaveFile
from aligner.review.operations import operate
from aligner.review.places import Refused, offset_of, place_of

SEARCHED = 1500  # states looked at for the shortest correction
Ranges = tuple[int, int, int, int]
_MARKS = re.compile(r"[,;:.!?，；：。！？、…]")


@dataclass(frozen=True)
class Gold:
    """The right pairs of a file, and the corners (source, target) that no pair reaches over."""

    pairs: frozenset[Ranges]
    corners: frozenset[tuple[int, int]]
    alone: tuple[frozenset[int], frozenset[int]]

    def is_right(self, bead: Bead) -> bool:
        if bead.is_pair:
            return (bead.src_start, bead.src_end, bead.tgt_start, bead.tgt_end) in self.pairs
        sides = range(bead.src_start, bead.src_end), range(bead.tgt_start, bead.tgt_end)
        return all(set(side) <= alone for side, alone in zip(sides, self.alone, strict=True))


@dataclass(frozen=True)
class View:
    """A stretch of rows cut out of the file, the row and side with the focus."""

    saved: SaveFile
    row: int
    side: str


@dataclass(frozen=True)
class Step:
    keys: int
    op: str | None
    args: dict[str, Any]
    row: int
    side: str


def steps(view: View, gold: Gold) -> Iterator[Step]:
    """What a person may do next on the page, with the keys that it takes."""
    alignment, row, side = view.saved.alignment, view.row, view.side
    other = "target" if side == "source" else "source"
    yield Step(1, None, {}, row, other)
    for near in (row - 1, row + 1):
        if 0 <= near < len(alignment.beads):
            yield Step(1, None, {}, near, side)
    at = list(place_of(alignment, alignment.beads[row]))
    yield Step(1, "merge", {"at": at, "with": "next"}, row, side)
    yield Step(1, "merge", {"at": at, "with": "previous"}, row - 1, side)
    if row + 1 < len(alignment.beads):  # what the row below the stretch gets would be wrong there
        yield Step(1, "push", {"at": at, "side": side}, row, side)
    yield Step(1, "pull", {"at": at, "side": side}, row, side)
    yield Step(1, "apart", {"at": at}, row, side)
    for key in range(1, len(alignment.beads[row].alternatives) + 1):
        yield Step(1, "alternative", {"at": at, "key": key}, row, side)
    yield from _splits(view, gold)
    yield from _matches(view, gold)


def _splits(view: View, gold: Gold) -> Iterator[Step]:
    """S, the caret to a boundary, Enter, the other side's boundary (the likeliest is offered), Enter."""
    alignment, bead = view.saved.alignment, view.saved.alignment.beads[view.row]
    if view.side == "target":
        mine, theirs = (
            (alignment.target, bead.tgt_start, bead.tgt_end),
            (alignment.source, bead.src_start, bead.src_end),
        )
    else:
        mine, theirs = (
            (alignment.source, bead.src_start, bead.src_end),
            (alignment.target, bead.tgt_start, bead.tgt_end),
        )
    document, first, last = mine
    length = theirs[2] - theirs[1]
    for cut in range(first + 1, last):
        # The caret begins at the second segment; Ctrl+→ stops at each mark on its way.
        begin, end = document.segments[first + 1].start, document.segments[cut].start
        moves = len(_MARKS.findall(document.text[begin:end])) if cut > first + 1 else 0
        start, whole = document.segments[first].start, document.segments[last - 1].end
        share = (document.segments[cut].start - start) / (whole - start)
        offered = round(share * length)
        for there in range(length + 1):
            corner = (cut, theirs[1] + there) if view.side == "source" else (theirs[1] + there, cut)
            if corner not in gold.corners:
                continue
            keys = 2 + moves if length == 0 else 3 + moves + abs(there - offered)
            args = {
                view.side: offset_of(document, cut),
                "target" if view.side == "source" else "source": offset_of(theirs[0], theirs[1] + there),
            }
            yield Step(keys, "split", args, view.row, view.side)


def _matches(view: View, gold: Gold) -> Iterator[Step]:
    """Space on one side, some moves, Space on the other: whole rows or single segments of them."""
    alignment = view.saved.alignment
    choices: dict[str, list[tuple[int, int, int, int]]] = {
        "source": [],
        "target": [],
    }  # start, end, row, keys
    for number, bead in enumerate(alignment.beads):
        for side, document, first, last in (
            ("source", alignment.source, bead.src_start, bead.src_end),
            ("target", alignment.target, bead.tgt_start, bead.tgt_end),
        ):
            segments = document.segments[first:last]
            if segments:
                choices[side].append((segments[0].start, segments[-1].end, number, 0))
            if len(segments) > 1:
                choices[side] += [
                    (s.start, s.end, number, 1 + min(k, len(segments) - k)) for k, s in enumerate(segments)
                ]
    spans = {
        (alignment.source.segments[a].start, alignment.source.segments[b - 1].end,
         alignment.target.segments[c].start, alignment.target.segments[d - 1].end)
        for a, b, c, d in gold.pairs
    }  # fmt: skip
    for start, end, row, keys in choices["source"]:
        for begin, stop, there, more in choices["target"]:
            if (start, end, begin, stop) not in spans:
                continue
            walk = min(
                abs(view.row - row) + abs(row - there) + (view.side != "source"),
                abs(view.row - there) + abs(row - there) + (view.side != "target"),
            )
            args = {"source": [start, end], "target": [begin, stop]}
            yield Step(3 + walk + keys + more, "match", args, -1, "target")


def shortest(view: View, gold: Gold) -> tuple[int, list[tuple[str, dict[str, Any]]]] | None:
    """The fewest keys after which all rows of the view are right, and the operations; None where none are found."""
    count = 0
    waiting: list[tuple[int, int, View, list[tuple[str, dict[str, Any]]]]] = [(0, 0, view, [])]
    seen: set[Any] = set()
    while waiting and len(seen) < SEARCHED:
        keys, _, here, done = heapq.heappop(waiting)
        beads = here.saved.alignment.beads
        state = (tuple((b.src_end, b.tgt_end, b.status == "auto") for b in beads), here.row, here.side)
        if state in seen:
            continue
        seen.add(state)
        if all(map(gold.is_right, beads)):
            return keys, done
        for step in steps(here, gold):
            after, ops, row = here.saved, done, step.row
            if step.op:
                try:
                    after, patches, _ = operate(here.saved, step.op, step.args)
                except (Refused, BitextError):
                    continue
                ops = [*done, (step.op, step.args)]
                row = patches[0].first if row < 0 and patches else row
            count += 1
            row = max(0, min(row, len(after.alignment.beads) - 1))
            heapq.heappush(waiting, (keys + step.keys, count, View(after, row, step.side), ops))
    return None
