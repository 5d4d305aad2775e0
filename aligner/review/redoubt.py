"""The doubts of a few rows, asked of each row alone: fast enough for every key."""

from __future__ import annotations

from aligner.bitext import Alignment, Document, Segment
from aligner.review.doubts import Doubt, find_doubts
from aligner.review.patches import shifted


def doubts_within(alignment: Alignment, first: int, last: int) -> dict[int, list[Doubt]]:
    """For beads `[first, last)`, what the rules find that look at one pair."""
    beads = alignment.beads[first:last]
    if not beads:
        return {}
    s, t = beads[0].src_start, beads[0].tgt_start
    part = Alignment(
        _part(alignment.source, s, beads[-1].src_end), _part(alignment.target, t, beads[-1].tgt_end),
        tuple(shifted(bead, -s, -t) for bead in beads),
    )  # fmt: skip
    found: dict[int, list[Doubt]] = {first + number: [] for number in range(len(beads))}
    for doubt in find_doubts(part, off=("length", "inconsistent")):
        found[first + doubt.bead].append(Doubt(first + doubt.bead, doubt.rule, doubt.message))
    return found


def _part(document: Document, start: int, end: int) -> Document:
    if start == end:
        return Document("", document.lang, ())
    kept = document.segments[start:end]
    base = kept[0].start
    segments = tuple(Segment(s.start - base, s.end - base, s.paragraph) for s in kept)
    return Document(document.text[base : kept[-1].end], document.lang, segments, document.name)
