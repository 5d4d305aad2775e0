"""Rows made of segments that a person points at: a match, a moved passage, an alternative of the aligner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aligner.bitext import Alignment, Bead, Moved
from aligner.export.savefile import SaveFile
from aligner.review.patches import Extra, Patch, extra_of
from aligner.review.places import Refused, argument, bead_at, bead_of, range_of, segments_in
from aligner.review.redraw import joined, leftovers, together

MOST_CROSSED = 30
"""Rows that one match may take apart; further away a moved passage is meant."""


def match_segments(saved: SaveFile, args: Mapping[str, Any]) -> list[Patch]:
    """`source` and `target`, whole segments, become one row; what stood with them stays around it."""
    alignment = saved.alignment
    i, k = segments_in(alignment.source, argument(args, "source"))
    j, m = segments_in(alignment.target, argument(args, "target"))
    drawn = Bead(i, k, j, m, 1.0, "edited")
    first, last = _touched(alignment, drawn)
    return [_drawn(saved, drawn, first, last)]


def draw_alternative(saved: SaveFile, args: Mapping[str, Any]) -> list[Patch]:
    """The row's alternative `key`, counted from 1, in the place of the rows that it reaches over."""
    number, key = bead_at(saved.alignment, argument(args, "at")), argument(args, "key")
    bead = saved.alignment.beads[number]
    if not isinstance(key, int) or not 1 <= key <= len(bead.alternatives):
        raise Refused("unknown_place")
    other = bead.alternatives[key - 1]
    if other.src_end > len(saved.alignment.source) or other.tgt_end > len(saved.alignment.target):
        raise Refused("unknown_place")
    drawn = Bead(
        other.src_start, other.src_end, other.tgt_start, other.tgt_end, other.confidence, "edited"
    )  # fmt: skip
    first, last = _touched(saved.alignment, drawn)
    return [_drawn(saved, drawn, min(first, number), max(last, number + 1))]


def _touched(alignment: Alignment, drawn: Bead) -> tuple[int, int]:
    """The beads `[first, last)` that hold segments of `drawn`, and those between them."""
    numbers = [
        bead_of(alignment, side, segment)
        for side in ("source", "target")
        for start, end in [range_of(drawn, side)]
        if start < end
        for segment in (start, end - 1)
    ]
    return min(numbers), max(numbers) + 1


def _drawn(saved: SaveFile, drawn: Bead, first: int, last: int) -> Patch:
    old = saved.alignment.beads[first:last]
    whole = old[0].src_start, old[-1].src_end, old[0].tgt_start, old[-1].tgt_end
    between = [bead for bead in old if not _overlaps(bead, drawn)]
    if len(old) > MOST_CROSSED or any(bead.status != "auto" for bead in between):
        raise Refused("crossing")
    if not (whole[0] <= drawn.src_start and whole[2] <= drawn.tgt_start):
        raise Refused("crossing")
    before = leftovers(whole[0], drawn.src_start, whole[2], drawn.tgt_start)
    after = leftovers(drawn.src_end, whole[1], drawn.tgt_end, whole[3])
    drawn = replace(drawn, note=joined(bead.note for bead in old))
    extras: list[Extra] = [{} for _ in before] + [together(saved, old)] + [{} for _ in after]
    return Patch(first, last, (*before, drawn, *after), tuple(extras))


def _overlaps(bead: Bead, other: Bead) -> bool:
    return (max(bead.src_start, other.src_start) < min(bead.src_end, other.src_end)) or (
        max(bead.tgt_start, other.tgt_start) < min(bead.tgt_end, other.tgt_end)
    )


def link_segments(saved: SaveFile, args: Mapping[str, Any]) -> list[Patch]:
    """`source` and `target`, whole segments of two rows that stand apart, become a moved passage, confirmed."""
    alignment = saved.alignment
    i, k = segments_in(alignment.source, argument(args, "source"))
    j, m = segments_in(alignment.target, argument(args, "target"))
    here, there = _holder(alignment, "source", i, k), _holder(alignment, "target", j, m)
    if here == there:
        raise Refused("order")
    patches = []
    # The later row first, so that the number of the earlier one stays.
    for number, side, start, end in sorted(((here, "source", i, k), (there, "target", j, m)), reverse=True):
        pieces = _set_free(alignment.beads[number], side, start, end)
        bead = alignment.beads[number]
        if pieces != [bead]:
            extras = (extra_of(saved, bead), *[{}] * (len(pieces) - 1))
            patches.append(Patch(number, number + 1, tuple(pieces), extras))
    others = [each for each in alignment.moved if (each.src_start, each.tgt_start) != (i, j)]
    moved = sorted(
        [*others, Moved(i, k, j, m, 1.0, "confirmed")], key=lambda each: (each.src_start, each.tgt_start)
    )
    return [*patches, Patch(0, 0, (), (), moved=tuple(moved))]


def _holder(alignment: Alignment, side: str, start: int, end: int) -> int:
    number = bead_of(alignment, side, start)
    if range_of(alignment.beads[number], side)[1] < end:
        raise Refused("order")
    return number


def _set_free(bead: Bead, side: str, start: int, end: int) -> Sequence[Bead]:
    """The bead in pieces, of which one holds segments `[start, end)` of `side` alone."""
    if side == "target":
        return [piece.swapped() for piece in _set_free(bead.swapped(), "source", start, end)]
    a, b, c, d = bead.src_start, bead.src_end, bead.tgt_start, bead.tgt_end
    # The other side's text stays with what stands before the passage, else with what stands behind it.
    cut = d if start > a else c
    ranges = [(a, start, c, cut), (start, end, cut, cut), (end, b, cut, d)]
    kept = [each for each in ranges if each[0] < each[1] or each[2] < each[3]]
    if len(kept) == 1:
        return [bead]
    pieces = [replace(bead, src_start=p, src_end=q, tgt_start=r, tgt_end=s, alternatives=(),
                      status="edited" if (p, q) == (start, end) else "auto",
                      confidence=min(bead.confidence, 0.5)) for p, q, r, s in kept]  # fmt: skip
    return [pieces[0], *(replace(piece, note="") for piece in pieces[1:])]
