"""Beads and moved passages after the segments of a document were joined or cut: their new ranges."""

from __future__ import annotations

from collections.abc import Sequence

from aligner.bitext import Alternative, Bead, Moved

_Ranges = tuple[int, int, int, int]


def _cuts(item: Bead | Alternative | Moved) -> _Ranges:
    return item.src_start, item.src_end, item.tgt_start, item.tgt_end


def _mapped(cuts: _Ranges, source: Sequence[int], target: Sequence[int]) -> _Ranges:
    return source[cuts[0]], source[cuts[1]], target[cuts[2]], target[cuts[3]]


def moved_bead(bead: Bead, source: Sequence[int], target: Sequence[int]) -> Bead:
    """The bead by the new cut of each old cut between segments; an edited one loses its alternatives."""
    others = tuple(
        Alternative(*_mapped(_cuts(other), source, target), other.confidence)
        for other in bead.alternatives
        if bead.status != "edited"
    )
    return Bead(*_mapped(_cuts(bead), source, target), bead.confidence, bead.status, others, bead.note)


def moved_passage(passage: Moved, source: Sequence[int], target: Sequence[int]) -> Moved:
    """The passage by the new cut of each old cut between segments."""
    src_start, src_end, tgt_start, tgt_end = _mapped(_cuts(passage), source, target)
    # A passage whose segments were joined to the one before is where that one is.
    starts = min(src_start, src_end - 1), min(tgt_start, tgt_end - 1)
    return Moved(starts[0], src_end, starts[1], tgt_end, passage.confidence, passage.status)
