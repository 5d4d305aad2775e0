"""A closer look, with more encoders, where the alignment by the first is not sure: their vectors cost most time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Alternative, Bead, Moved
from aligner.engine.decode import SURE
from aligner.engine.evidence import Evidence, Ints, with_learned_words, without_spans
from aligner.engine.passes import Given, align_part, align_sides
from aligner.engine.sides import Channel
from aligner.engine.weights import Weights

Flags = NDArray[np.bool_]

Look = Callable[[Evidence, Ints, Ints], Evidence]
"""What is known of some segments of the source and of the target, with vectors of more encoders beside the first's."""

_SURE_ENOUGH = 0.85
"""Confidence from which a bead of the first encoder stays; from .8 to .95 F1 stays within noise (models/README.md)."""

_NEIGHBOURS = 1  # beads on both sides of an unsure one that are drawn again with it

_LEAST = 64  # segments of a side: the mean of fewer vectors, which is taken out of each, holds what they say


@dataclass(frozen=True, slots=True)
class Stretch:
    """Beads that cover source segments `[top, bottom)` and target segments `[left, right)`."""

    top: int
    bottom: int
    left: int
    right: int


def align_closer(
    evidence: Evidence,
    weights: tuple[Weights, Weights],
    look: Look,
    given: Given,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[list[Bead], list[Moved]]:
    """The beads of two sides by one encoder, and those it isn't sure of by more, with the pairs that moved.

    `weights`: for the first encoder, whose vectors `evidence` has, and for all. `given` is what is known already.
    """
    coarse, fine = weights
    beads, moved = align_sides(evidence, coarse, coarse.encoders, given, progress)
    stretches = unsure_stretches(beads, moved)
    if not stretches:
        return beads, moved
    rows = np.concatenate([np.arange(each.top, each.bottom) for each in stretches])
    columns = np.concatenate([np.arange(each.left, each.right) for each in stretches])
    part = look(evidence.part(rows, columns), rows, columns)
    cuts = _corners(stretches)
    inner = [
        (i - each.top + top, j - each.left + left)
        for each, (top, left) in zip(stretches, cuts, strict=False)
        for i, j in given.boundaries
        if each.top <= i <= each.bottom and each.left <= j <= each.right
    ]

    def teach(sure: list[Bead]) -> Channel:
        kept = [bead for bead in beads if bead.is_pair and bead.confidence >= SURE]
        taught = with_learned_words(without_spans(evidence), _put_in(kept, stretches, sure))
        return taught.channels[-1]

    return _put_in(beads, stretches, align_part(part, teach, fine, boundaries=sorted({*cuts, *inner}))), moved


def unsure_stretches(beads: Sequence[Bead], moved: Sequence[Moved] = ()) -> list[Stretch]:
    """Where beads are unsure, with their neighbours, and more of these where too few segments would be looked at."""
    fixed = np.array(
        [not bead.is_pair and any(pair.holds(bead) for pair in moved) for bead in beads], dtype=bool
    )
    wanted = np.array([bead.confidence < _SURE_ENOUGH for bead in beads], dtype=bool) & ~fixed
    if not wanted.any():
        return []
    wanted = _grown(wanted, _NEIGHBOURS) & ~fixed
    while True:
        found = _runs(beads, wanted)
        grown = _grown(wanted, 1) & ~fixed
        sides = sum(s.bottom - s.top for s in found), sum(s.right - s.left for s in found)
        if min(sides) >= _LEAST or (grown == wanted).all():
            return found
        wanted = grown


def _grown(wanted: Flags, by: int) -> Flags:
    wider = wanted.copy()
    for step in range(1, by + 1):
        wider[step:] |= wanted[:-step]
        wider[:-step] |= wanted[step:]
    return wider


def _runs(beads: Sequence[Bead], wanted: Flags) -> list[Stretch]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]))).reshape(-1, 2)
    return [
        Stretch(
            beads[first].src_start, beads[last - 1].src_end, beads[first].tgt_start, beads[last - 1].tgt_end
        )
        for first, last in edges.tolist()
    ]


def _corners(stretches: Sequence[Stretch]) -> list[tuple[int, int]]:
    """Where each stretch begins among the segments of all, and where the last ends."""
    rows = np.cumsum([0, *(each.bottom - each.top for each in stretches)])
    columns = np.cumsum([0, *(each.right - each.left for each in stretches)])
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _put_in(beads: Sequence[Bead], stretches: Sequence[Stretch], again: Sequence[Bead]) -> list[Bead]:
    """`beads` with those of each stretch replaced by those of `again`, which count the segments of all stretches."""
    found: list[Bead] = []
    rest, number = iter([*beads, None]), 0
    bead = next(rest)
    for each, ((top, left), (bottom, right)) in zip(stretches, pairwise(_corners(stretches)), strict=True):
        while bead is not None and (bead.src_end, bead.tgt_end) <= (each.top, each.left):
            found.append(bead)
            bead = next(rest)
        while number < len(again) and (again[number].src_end, again[number].tgt_end) <= (bottom, right):
            found.append(_shifted(again[number], each.top - top, each.left - left))
            number += 1
        while bead is not None and (bead.src_end, bead.tgt_end) <= (each.bottom, each.right):
            bead = next(rest)
    return [*found, *([bead] if bead is not None else []), *(each for each in rest if each is not None)]


def _shifted(bead: Bead, down: int, right: int) -> Bead:
    return replace(
        bead,
        src_start=bead.src_start + down, src_end=bead.src_end + down,
        tgt_start=bead.tgt_start + right, tgt_end=bead.tgt_end + right,
        alternatives=tuple(
            Alternative(o.src_start + down, o.src_end + down, o.tgt_start + right, o.tgt_end + right, o.confidence)
            for o in bead.alternatives
        ),
    )  # fmt: skip
