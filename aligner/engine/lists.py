"""Beads beyond what a lattice holds: a sentence that faces a list, each of its items a segment.

The best path draws such a list as the largest bead of one segment and leaves the rest of the items alone beside it.
They join the bead as far as they bring its other side nearer to the sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Bead
from aligner.engine.beads import MAX_BEAD
from aligner.engine.sides import Side

LONGEST_LIST = 64
"""Items beside the bead, before it or after it, that are looked at."""

LEAST_ITEMS = 5
"""Segments of a bead from which it may be part of a list. From 7 on, the largest that a lattice holds, 5 of 20 lists
made of `mag` were found whole, from 5 on 7."""

_SLACK = 0.1
"""By what share of itself over the number of segments the cosine may stay below the best; a stranger among k segments
takes off about a 2k-th. Of 53 lists made of `mag`, `textberg`, `transread` 13 are found whole with 0, 20 with .1, 27
with .2; of 50 with three strangers beside each 10, 11 and 9 (`scripts/measure_lists.py`)."""

_MOST_SURE = 0.5  # nothing was trained on such beads: a reviewer should see them

_TINY = 1e-9

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sums:
    """One side: unit vectors (n, d) and lengths (n,) of its segments, and where none may join another, `edges`.

    Vectors as long as the texts add up to what several segments say together.
    """

    vectors: NDArray[np.floating]
    lengths: Floats
    edges: frozenset[int] = frozenset()

    @classmethod
    def of(cls, side: Side) -> Sums:
        """Those of a side that still has its vectors."""
        return cls(side.spans[0].copy(), side.lengths)

    def of_each(self, first: int, last: int) -> Floats:
        """Segments `[first, last)`, each as long as its text."""
        found: Floats = self.vectors[first:last].astype(np.float32) * self.lengths[first:last, None]
        return found


def with_lists(
    beads: Sequence[Bead], source: Sums, target: Sums, edges: Collection[tuple[int, int]] = ()
) -> list[Bead]:
    """`beads` with the largest ones of one segment grown over the one-sided ones beside them.

    `edges`: numbers of segments (source, target) before which a bead must end.
    """
    rows, columns = (frozenset(edge[side] for edge in edges) for side in (0, 1))
    source, target = replace(source, edges=rows), replace(target, edges=columns)
    turned = [bead.swapped() for bead in _grown(beads, source, target)]
    return [bead.swapped() for bead in _grown(turned, target, source)]


def _grown(beads: Sequence[Bead], source: Sums, target: Sums) -> list[Bead]:
    """The same where a source segment faces a list of the target."""
    found: list[Bead] = []
    place = 0
    while place < len(beads):
        bead = beads[place]
        place += 1
        if bead.src_end - bead.src_start == 1 and bead.tgt_end - bead.tgt_start >= LEAST_ITEMS:
            before = _left_alone(found[: -LONGEST_LIST - 1 : -1], target.edges, bead.tgt_start)
            after = _left_alone(beads[place : place + LONGEST_LIST], target.edges, bead.tgt_end)
            sooner, later = _best_growth(bead, before, after, source, target)
            bead = _longer(bead, sooner, later)
            del found[len(found) - sooner :]
            place += later
        found.append(bead)
    return found


def _left_alone(beads: Sequence[Bead], edges: Collection[int], place: int) -> int:
    """How many of the first `beads` from `place` on are target segments alone, with no edge before them."""
    count = 0
    for bead in beads:
        if bead.src_end > bead.src_start or place in edges:
            break
        count += 1
        place = bead.tgt_end if bead.tgt_start == place else bead.tgt_start
    return count


def _best_growth(bead: Bead, before: int, after: int, source: Sums, target: Sums) -> tuple[int, int]:
    """How many of the segments before and after the bead bring its target nearest to its source."""
    sentence = source.of_each(bead.src_start, bead.src_end)[0]
    ahead = np.cumsum(target.of_each(bead.tgt_start - before, bead.tgt_start)[::-1], axis=0)
    behind = np.cumsum(target.of_each(bead.tgt_end, bead.tgt_end + after), axis=0)
    none = np.zeros((1, len(sentence)), np.float32)
    ahead, behind = np.concatenate([none, ahead]), np.concatenate([none, behind])
    inside = target.of_each(bead.tgt_start, bead.tgt_end).sum(axis=0)
    sums = inside + ahead[:, None] + behind[None]
    cosines = (sums @ sentence) / (np.linalg.norm(sums, axis=2) + _TINY)
    sizes = bead.tgt_end - bead.tgt_start + np.add.outer(np.arange(before + 1), np.arange(after + 1))
    good = cosines >= cosines.max() * (1 - _SLACK / sizes)
    sooner, later = np.unravel_index(int(np.where(good, sizes, 0).argmax()), cosines.shape)
    if sizes[sooner, later] < MAX_BEAD:
        return 0, 0  # the lattice could have drawn it
    return int(sooner), int(later)


def _longer(bead: Bead, sooner: int, later: int) -> Bead:
    if not sooner and not later:
        return bead
    return replace(
        bead,
        tgt_start=bead.tgt_start - sooner, tgt_end=bead.tgt_end + later,
        confidence=min(bead.confidence, _MOST_SURE), alternatives=(),
    )  # fmt: skip
