"""Passages that stand elsewhere in the other text: chains of nearest segments off the path, and what they make of it.

The path keeps the order of both texts, so of two passages that changed places one or both can't be on it. What the
first pass is not sure of is searched for chains of nearest segments that the path leaves out; the same engine aligns
the inside of each, and the path is drawn again without counterparts for what is found there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Bead, Moved
from aligner.engine.anchors import Match
from aligner.engine.beads import BEAD_TYPES, ONE_SIDED
from aligner.engine.evidence import Evidence
from aligner.engine.lattice import IMPOSSIBLE
from aligner.engine.score import Scored

_LEAST = 3  # nearest segments in a row that make a passage, not a coincidence

_STEP = (
    8  # segments between two of them at most; at 4 a tenth fewer pairs of moved passages of novels are found
)

_MARGIN = 12  # segments before the first and after the last that may belong to the passage

_CONFIDENCE = 0.98
"""That such a passage was moved: all of the 52 reported were, where passages of `mag` and `mac_dev` were moved on
purpose; (52 + 1) / (52 + 2) by the rule of succession. Neither the length of a chain nor its margin tells more."""

_LEAST_SURE = 0.2  # confidence of a pair inside; what the path has there is worse, and .05 gives the same


@dataclass(frozen=True, slots=True)
class Stray:
    """Source segments `[top, bottom)` and target segments `[left, right)` with `matches`, both rising, off the path."""

    top: int
    bottom: int
    left: int
    right: int
    matches: int

    def part(self, evidence: Evidence) -> Evidence:
        """What is known of these segments alone."""
        return evidence.part(np.arange(self.top, self.bottom), np.arange(self.left, self.right))

    def pairs(self, beads: Sequence[Bead]) -> Iterator[Moved]:
        """The pairs among the `beads` of its inside that are not too unsure."""
        for bead in beads:
            confidence = round(bead.confidence * _CONFIDENCE, 4)
            if bead.is_pair and confidence >= _LEAST_SURE:
                yield Moved(
                    bead.src_start + self.top, bead.src_end + self.top,
                    bead.tgt_start + self.left, bead.tgt_end + self.left, confidence,
                )  # fmt: skip


def stray_passages(
    matches: Sequence[Match], chain: Sequence[Match], sure: Sequence[Bead], shape: tuple[int, int]
) -> list[Stray]:
    """Where nearest segments outside the `chain`, none of them in a `sure` bead, follow each other in both texts.

    `matches`: in order of source. `shape`: segments of both texts.
    """
    free = [np.ones(size, dtype=bool) for size in shape]
    for bead in sure:
        free[0][bead.src_start : bead.src_end] = False
        free[1][bead.tgt_start : bead.tgt_end] = False
    kept = set(chain)
    stray = [match for match in matches if match not in kept and free[0][match.src] and free[1][match.tgt]]
    return [_around(run, free) for run in _chains(stray)]


def _around(run: Sequence[Match], free: Sequence[NDArray[np.bool_]]) -> Stray:
    (top, bottom), (left, right) = (
        _widened(first, last, side)
        for first, last, side in zip((run[0].src, run[0].tgt), (run[-1].src, run[-1].tgt), free, strict=True)
    )
    return Stray(top, bottom, left, right, len(run))


def _widened(first: int, last: int, free: NDArray[np.bool_]) -> tuple[int, int]:
    """`[first, last]` with up to `_MARGIN` free segments before and after."""
    begin, end = first, last + 1
    while begin > max(first - _MARGIN, 0) and free[begin - 1]:
        begin -= 1
    while end < min(last + 1 + _MARGIN, len(free)) and free[end]:
        end += 1
    return begin, end


def _chains(matches: Sequence[Match]) -> list[list[Match]]:
    """The runs of at least `_LEAST` of `matches` (in order of source) that rise in both texts, the longest first."""
    counts: list[int] = []
    before: list[int] = []
    for number, match in enumerate(matches):
        best, previous = 0, -1
        for other in range(number - 1, -1, -1):
            if match.src - matches[other].src > _STEP:
                break
            if 0 < match.tgt - matches[other].tgt <= _STEP and counts[other] > best:
                best, previous = counts[other], other
        counts.append(best + 1)
        before.append(previous)
    used: set[int] = set()
    found = []
    for end in sorted(range(len(matches)), key=lambda number: -counts[number]):
        run, number = list[int](), end
        while number >= 0 and number not in used:
            run.append(number)
            number = before[number]
        if len(run) >= _LEAST:
            used.update(run)
            found.append([matches[number] for number in reversed(run)])
    return found


def off_the_path(moved: Sequence[Moved], beads: Sequence[Bead]) -> list[Moved]:
    """The pairs of `moved` that are surer than the `beads` of the path they would undo, none twice, in order."""
    at = [np.zeros(side, dtype=np.int64) for side in (_ends(beads) if beads else (0, 0))]
    for number, bead in enumerate(beads):
        at[0][bead.src_start : bead.src_end] = number
        at[1][bead.tgt_start : bead.tgt_end] = number
    kept: list[Moved] = []
    taken = [np.zeros(len(side), dtype=bool) for side in at]
    for pair in sorted(moved, key=lambda pair: -pair.confidence):
        rows, columns = slice(pair.src_start, pair.src_end), slice(pair.tgt_start, pair.tgt_end)
        here, there = set(at[0][rows].tolist()), set(at[1][columns].tolist())
        weaker = all(not beads[n].is_pair or beads[n].confidence < pair.confidence for n in here | there)
        if weaker and not here & there and not taken[0][rows].any() and not taken[1][columns].any():
            taken[0][rows] = taken[1][columns] = True
            kept.append(pair)
    return sorted(kept, key=lambda pair: (pair.src_start, pair.tgt_start))


def edges_of(moved: Sequence[Moved]) -> list[tuple[int, int]]:
    """Where passages that `moved` begin and end, (source, target): no bead may grow over them."""
    return [
        edge for pair in moved for edge in ((pair.src_start, pair.tgt_start), (pair.src_end, pair.tgt_end))
    ]


def _ends(beads: Sequence[Bead]) -> tuple[int, int]:
    return beads[-1].src_end, beads[-1].tgt_end


def without_beads(scored: Scored, moved: Sequence[Moved]) -> Scored:
    """`scored`, overwritten, without two-sided beads that touch what `moved`."""
    lattice = scored.lattice
    n, m = scored.corridor.shape
    counts = [np.zeros(size + 1, dtype=np.int64) for size in (n, m)]
    for pair in moved:
        counts[0][pair.src_start + 1 : pair.src_end + 1] = 1
        counts[1][pair.tgt_start + 1 : pair.tgt_end + 1] = 1
    rows, columns = (np.cumsum(count) for count in counts)
    for kind, (a, b) in enumerate(BEAD_TYPES[ONE_SIDED:], ONE_SIDED):
        touched = (rows[lattice.row] > rows[np.maximum(lattice.row - a, 0)]) | (
            columns[lattice.column] > columns[np.maximum(lattice.column - b, 0)]
        )
        scored.scores[touched, kind] = IMPOSSIBLE
    return scored
