"""A pair split in a table: the rest of its texts stands in rows put in under it, which have no id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aligner.bitext import Alignment, Bead, Document, Segment
from aligner.language.joints import letters
from aligner.review.remapping import moved_bead, moved_passage

Texts = tuple[str, str]


def adds_up(alignment: Alignment, bead: Bead, parts: Sequence[Texts]) -> bool:
    """Whether the parts hold the pair's two texts, letter for letter and in order."""
    joined = tuple(letters("".join(side)) for side in zip(*parts, strict=True))
    return joined == (letters(alignment.source_text(bead)), letters(alignment.target_text(bead)))


def split(alignment: Alignment, parts: Mapping[int, Sequence[Texts]]) -> tuple[Alignment, list[int]]:
    """`alignment` with the beads of `parts` split, and for each old bead (and the end) its new number.

    The texts stay as they are; a segment that a part ends inside becomes two. The parts must add up.
    """
    ends = {
        number: [_ends(alignment, alignment.beads[number], texts, side) for side in (0, 1)]
        for number, texts in parts.items()
    }
    source, source_cuts = _cut(alignment.source, [end for sides in ends.values() for end in sides[0]])
    target, target_cuts = _cut(alignment.target, [end for sides in ends.values() for end in sides[1]])
    beads: list[Bead] = []
    numbers = []
    for number, bead in enumerate(alignment.beads):
        numbers.append(len(beads))
        whole = moved_bead(bead, source_cuts, target_cuts)
        beads += _pieces(whole, (source, target), ends[number]) if number in ends else [whole]
    numbers.append(len(beads))
    moved = tuple(moved_passage(passage, source_cuts, target_cuts) for passage in alignment.moved)
    return Alignment(source, target, tuple(beads), alignment.signature, moved), numbers


def _ends(alignment: Alignment, bead: Bead, parts: Sequence[Texts], side: int) -> list[int]:
    """The character after each part but the last."""
    document = (alignment.source, alignment.target)[side]
    first, last = ((bead.src_start, bead.src_end), (bead.tgt_start, bead.tgt_end))[side]
    position = document.segments[first].start if first < last else 0
    ends = []
    for part in parts[:-1]:
        left = len(letters(part[side]))
        while left:
            left -= not document.text[position].isspace()
            position += 1
        ends.append(position)
    return ends


def _cut(document: Document, places: Sequence[int]) -> tuple[Document, list[int]]:
    """The document with its segments cut at `places`, and the new number of each old cut between segments."""
    segments: list[Segment] = []
    cuts = [0]
    for segment in document.segments:
        inside = sorted({place for place in places if segment.start < place < segment.end})
        start = segment.start
        for end in [*inside, segment.end]:
            while start < end and document.text[start].isspace():
                start += 1
            segments.append(Segment(start, end, segment.paragraph))
            start = end
        cuts.append(len(segments))
    return replace(document, segments=tuple(segments)), cuts


def _pieces(whole: Bead, documents: tuple[Document, Document], ends: Sequence[Sequence[int]]) -> list[Bead]:
    """The bead as one a part, decided on by the reviewer; a part without any text is none."""
    bounds = []
    for document, first, last, side in (
        (documents[0], whole.src_start, whole.src_end, ends[0]),
        (documents[1], whole.tgt_start, whole.tgt_end, ends[1]),
    ):
        inner = [first + sum(segment.end <= end for segment in document.segments[first:last]) for end in side]
        bounds.append([first, *inner, last])
    return [
        replace(
            whole, src_start=a, src_end=b, tgt_start=c, tgt_end=d, status="edited", alternatives=(), note=""
        )
        for (a, b), (c, d) in zip(
            zip(bounds[0], bounds[0][1:], strict=False),
            zip(bounds[1], bounds[1][1:], strict=False),
            strict=True,
        )
        if a < b or c < d
    ]
