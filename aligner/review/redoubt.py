"""The doubts of a few rows, asked of each row alone: fast enough for every key."""

from __future__ import annotations

from aligner.bitext import Alignment
from aligner.review.doubts import Doubt, find_doubts
from aligner.review.patches import shifted
from aligner.review.places import part_of


def doubts_within(alignment: Alignment, first: int, last: int) -> dict[int, list[Doubt]]:
    """For beads `[first, last)`, what the rules find that look at one pair."""
    beads = alignment.beads[first:last]
    if not beads:
        return {}
    s, t = beads[0].src_start, beads[0].tgt_start
    part = Alignment(
        part_of(alignment.source, s, beads[-1].src_end), part_of(alignment.target, t, beads[-1].tgt_end),
        tuple(shifted(bead, -s, -t) for bead in beads),
    )  # fmt: skip
    found: dict[int, list[Doubt]] = {first + number: [] for number in range(len(beads))}
    for doubt in find_doubts(part, off=("length", "inconsistent")):
        found[first + doubt.bead].append(Doubt(first + doubt.bead, doubt.rule, doubt.message))
    return found
