"""Where things are: rows and segments are named by characters of the documents, never by numbers that shift."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

from aligner.bitext import Alignment, Bead, Document, Segment

Place = tuple[int, int]
"""The characters where a bead's source and target begin; of an empty side, where the next segment does."""

SIDES = ("source", "target")


class Refused(Exception):
    """An operation that can't be done here; `reason` is a code that the page puts into words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def offset_of(document: Document, segment: int) -> int:
    """The character where a segment begins; the text's length behind the last."""
    return document.segments[segment].start if segment < len(document) else len(document.text)


def place_of(alignment: Alignment, bead: Bead) -> Place:
    """The place of a bead. No two beads share one, and they rise with the beads."""
    return offset_of(alignment.source, bead.src_start), offset_of(alignment.target, bead.tgt_start)


def bead_at(alignment: Alignment, place: Any) -> int:
    """The number of the bead at `place`. Raises `Refused`."""
    wanted = _place(place)
    number = nearest_bead(alignment, wanted)
    if number == len(alignment.beads) or place_of(alignment, alignment.beads[number]) != wanted:
        raise Refused("unknown_place")
    return number


def nearest_bead(alignment: Alignment, place: Place) -> int:
    """The number of the first bead at or behind `place`."""
    return bisect_left(alignment.beads, place, key=lambda bead: place_of(alignment, bead))


def segment_at(document: Document, offset: Any) -> int:
    """The number of the segment that begins at `offset`, their count at the end of the text. Raises `Refused`."""
    number = bisect_left(document.segments, _count(offset), key=lambda segment: segment.start)
    if offset_of(document, number) != offset:
        raise Refused("unknown_place")
    return number


def segments_in(document: Document, span: Any) -> tuple[int, int]:
    """The whole segments that cover the characters `[start, end)` exactly. Raises `Refused`."""
    start, end = _place(span)
    first = segment_at(document, start)
    last = bisect_left(document.segments, end, key=lambda segment: segment.end) + 1
    if first >= last or last > len(document) or document.segments[last - 1].end != end:
        raise Refused("unknown_place")
    return first, last


def bead_of(alignment: Alignment, side: str, segment: int) -> int:
    """The number of the bead that holds a segment."""
    return bisect_left(alignment.beads, segment + 1, key=lambda bead: range_of(bead, side)[1])


def document_on(alignment: Alignment, side: Any) -> Document:
    """The document of a side. Raises `Refused`."""
    if side not in SIDES:
        raise Refused("body")
    return alignment.source if side == "source" else alignment.target


def part_of(document: Document, first: int, last: int) -> Document:
    """Segments `[first, last)` as a document of their own."""
    kept = document.segments[first:last]
    if not kept:
        return Document("", document.lang, (), document.name)
    base = kept[0].start
    segments = tuple(Segment(each.start - base, each.end - base, each.paragraph) for each in kept)
    return Document(document.text[base : kept[-1].end], document.lang, segments, document.name)


def range_of(bead: Bead, side: str) -> tuple[int, int]:
    """The segments of one side of a bead."""
    return (bead.src_start, bead.src_end) if side == "source" else (bead.tgt_start, bead.tgt_end)


def argument(args: Mapping[str, Any], name: str) -> Any:
    """The argument. Raises `Refused` where it is missing."""
    if name not in args:
        raise Refused("body")
    return args[name]


def text_argument(args: Mapping[str, Any], name: str, longest: int) -> str:
    """The argument, a text of `longest` characters at most. Raises `Refused`."""
    text = argument(args, name)
    if not isinstance(text, str):
        raise Refused("body")
    if len(text) > longest:
        raise Refused("large")
    return text


def _place(value: Any) -> Place:
    if not isinstance(value, list | tuple) or len(value) != 2:  # noqa: PLR2004
        raise Refused("body")
    return _count(value[0]), _count(value[1])


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Refused("body")
    return value
