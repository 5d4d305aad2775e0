"""Cuts inside segments and other words for them: the operations that change documents."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import regex

from aligner.bitext import Alignment, Alternative, Bead, Document, Moved, Segment
from aligner.export.savefile import SaveFile
from aligner.language.joints import one_line
from aligner.review.patches import Patch, SidePatch, extra_of
from aligner.review.places import (
    Refused,
    argument,
    bead_of,
    document_on,
    range_of,
    segments_in,
    text_argument,
)
from aligner.review.readback import RULE, resegmented, smallest_change
from aligner.text.edits import EditedText

_Noun = TypeVar("_Noun", Bead, Alternative, Moved)
LONGEST_TEXT = 20_000
MOST_REPLACED = 5_000
Mapped = Callable[[int], int | None]
"""From a boundary between segments to the one it becomes, None where it is gone."""


def cut_segment(saved: SaveFile, args: Mapping[str, Any]) -> list[Patch]:
    """The segment around character `offset` becomes two."""
    side, offset = argument(args, "side"), argument(args, "offset")
    document = document_on(saved.alignment, side)
    number = _segment_around(document, offset)
    segment = document.segments[number]
    text = document.text[segment.start : segment.end]
    left, right = text[: offset - segment.start].rstrip(), text[offset - segment.start :].lstrip()
    if not left or not right:
        raise Refused("empty")
    if offset not in _grapheme_starts(text, segment.start):
        raise Refused("grapheme")
    pieces = (
        Segment(segment.start, segment.start + len(left), segment.paragraph),
        Segment(segment.end - len(right), segment.end, segment.paragraph),
    )
    return [_resegmenting(saved, side, number, number + 1, pieces, lambda old: old + (old > number))]


def _segment_around(document: Document, offset: Any) -> int:
    if not isinstance(offset, int) or isinstance(offset, bool):
        raise Refused("body")
    number = _last_begun(document, offset)
    if number < 0 or offset >= document.segments[number].end:
        raise Refused("boundary")
    if offset == document.segments[number].start:
        raise Refused("boundary")
    return number


def _last_begun(document: Document, offset: int) -> int:
    """The number of the last segment that begins at `offset` or before it; -1 before all."""
    return bisect_right(document.segments, offset, key=lambda segment: segment.start) - 1


def _grapheme_starts(text: str, offset: int) -> set[int]:
    return {offset + match.start() for match in regex.finditer(r"\X", text)}


def join_segments(saved: SaveFile, args: Mapping[str, Any]) -> list[Patch]:
    """The two segments of a row that meet at character `offset`, or in the white space around it, become one."""
    side, offset = argument(args, "side"), argument(args, "offset")
    document = document_on(saved.alignment, side)
    if not isinstance(offset, int):
        raise Refused("body")
    number = bisect_left(document.segments, offset, key=lambda segment: segment.start)
    if not 0 < number < len(document) or document.segments[number - 1].end > offset:
        raise Refused("unknown_place")
    if bead_of(saved.alignment, side, number - 1) != bead_of(saved.alignment, side, number):
        raise Refused("order")
    left, right = document.segments[number - 1 : number + 1]
    piece = (Segment(left.start, right.end, left.paragraph),)
    gone: Mapped = lambda old: None if old == number else old - (old > number)  # noqa: E731
    return [_resegmenting(saved, side, number - 1, number + 1, piece, gone)]


def _resegmenting(
    saved: SaveFile, side: str, first: int, last: int, segments: tuple[Segment, ...], mapped: Mapped
) -> Patch:
    """Other segments for the same text."""
    document = document_on(saved.alignment, side)
    start = document.segments[first].start
    where = bisect_left(document.edits, start, key=lambda edit: edit.at)
    patch = SidePatch(first, last, segments, start, start, "", where, where, ())
    return _with_beads(
        saved, side, patch, mapped, {bead_of(saved.alignment, side, first)}, text_changed=False
    )


def edit_text(saved: SaveFile, args: Mapping[str, Any]) -> list[Patch]:
    """The segments from character `start` to `end`, all of one row, read `text`."""
    side = argument(args, "side")
    document = document_on(saved.alignment, side)
    first, last = segments_in(document, (argument(args, "start"), argument(args, "end")))
    if bead_of(saved.alignment, side, first) != bead_of(saved.alignment, side, last - 1):
        raise Refused("order")
    text = one_line(text_argument(args, "text", LONGEST_TEXT))
    if not text:
        raise Refused("empty")
    raw = document.text[document.segments[first].start : document.segments[last - 1].end]
    if text in (raw, one_line(raw)):
        return []
    start, end, new = smallest_change(raw, text)
    pieces = resegmented(document.segments[first:last], raw, text, (start, end))
    shift = document.segments[first].start
    return [_rewriting(saved, side, [(start + shift, end + shift, new)], first, last, pieces)]


def replace_text(saved: SaveFile, args: Mapping[str, Any]) -> list[Patch]:
    """Every `[start, end, text]` of `changes`, in order, each inside one segment, over one side."""
    side = argument(args, "side")
    document = document_on(saved.alignment, side)
    changes = _changes(document, argument(args, "changes"))
    if not changes:
        return []
    first = _segment_of(document, changes[0])
    last = _segment_of(document, changes[-1]) + 1
    pieces, shift, index = [], 0, 0
    for number in range(first, last):
        segment, before, text = document.segments[number], shift, ""
        place = segment.start
        while index < len(changes) and changes[index][0] < segment.end:
            start, end, new = changes[index]
            if end > segment.end:
                raise Refused("order")
            text += document.text[place:start] + new
            place, shift, index = end, shift + len(new) - (end - start), index + 1
        text += document.text[place : segment.end]
        if not text.strip():
            raise Refused("empty")
        if text != text.strip():
            raise Refused("boundary")
        pieces.append(Segment(segment.start + before, segment.start + before + len(text), segment.paragraph))
    return [_rewriting(saved, side, changes, first, last, pieces)]


def _changes(document: Document, given: Any) -> list[tuple[int, int, str]]:
    if not isinstance(given, list):
        raise Refused("body")
    if len(given) > MOST_REPLACED:
        raise Refused("large")
    changes, place = [], 0
    for each in given:
        try:
            start, end, new = each
            in_order = place <= start < end <= len(document.text) and isinstance(new, str)
        except (TypeError, ValueError) as error:
            raise Refused("body") from error
        if not in_order:
            raise Refused("order")
        if len(new) > LONGEST_TEXT:
            raise Refused("large")
        if "\n" in new or "\r" in new:
            new = " ".join(new.split())
        if document.text[start:end] != new:
            changes.append((start, end, new))
        place = end
    return changes


def _segment_of(document: Document, change: tuple[int, int, str]) -> int:
    number = _last_begun(document, change[0])
    if number < 0 or document.segments[number].end < change[1]:
        raise Refused("order")
    return number


def _rewriting(
    saved: SaveFile, side: str, changes: Sequence[tuple[int, int, str]], first: int, last: int,
    pieces: Sequence[Segment],
) -> Patch:  # fmt: skip
    """Other text for segments `[first, last)`, which become `pieces`."""
    document = document_on(saved.alignment, side)
    new = EditedText(document.text, document.edits, document.codes).replace(changes, RULE)
    grown = len(new.text) - len(document.text)
    start, end = changes[0][0], changes[-1][1]
    same, tail = _common(document.edits, new.edits, grown)
    same_codes, last_codes = _common(document.codes, new.codes, grown)
    # A repair that reached over the changed text was swallowed with the text around it; that text is the same.
    patch = SidePatch(
        first, last, tuple(pieces), start, end, new.text[start : end + grown],
        same, len(document.edits) - tail, new.edits[same : len(new.edits) - tail],
        same_codes, len(document.codes) - last_codes, new.codes[same_codes : len(new.codes) - last_codes],
    )  # fmt: skip
    touched = {bead_of(saved.alignment, side, _last_begun(document, change[0])) for change in changes}
    count, shift = len(pieces), len(pieces) - (last - first)

    def mapped(old: int) -> int | None:
        if old <= first:
            return old
        if old >= last:
            return old + shift
        return old if count == last - first else None

    return _with_beads(saved, side, patch, mapped, touched, text_changed=True)


def _common(old: Sequence[Any], new: Sequence[Any], grown: int) -> tuple[int, int]:
    """How many edits are the same at the beginning and, moved by `grown`, at the end."""
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    tail = 0
    while tail < min(len(old), len(new)) - same:
        before, after = old[-1 - tail], new[-1 - tail]
        if replace(before, at=before.at + grown) != after:
            break
        tail += 1
    return same, tail


def _with_beads(
    saved: SaveFile, side: str, patch: SidePatch, mapped: Mapped, touched: set[int], *, text_changed: bool
) -> Patch:
    """The patch of a document with the beads that it changes: those touched, and those with alternatives there."""
    alignment = saved.alignment
    first = min(touched)
    last = max(touched) + 1
    if patch.first != patch.last and (patch.more_segments or text_changed):
        first, last = _reached(alignment, side, patch, first, last)
    beads = []
    for number in range(first, last):
        bead = _mapped_bead(alignment.beads[number], side, mapped)
        if number in touched and (text_changed or bead.status == "confirmed"):
            bead = replace(bead, status="edited", alternatives=() if text_changed else bead.alternatives)
        beads.append(bead)
    old = alignment.beads[first:last]
    moved = tuple(_mapped_moved(each, side, mapped) for each in alignment.moved)
    return Patch(
        first, last, tuple(beads), tuple(extra_of(saved, bead) for bead in old),
        source=patch if side == "source" else None, target=patch if side == "target" else None,
        moved=moved if moved != alignment.moved else None,
    )  # fmt: skip


def _reached(alignment: Alignment, side: str, patch: SidePatch, first: int, last: int) -> tuple[int, int]:
    """`[first, last)` with the beads outside whose alternatives reach to the other side of the patch."""
    for number, bead in enumerate(alignment.beads):
        for other in bead.alternatives:
            ends = (other.src_start, other.src_end) if side == "source" else (other.tgt_start, other.tgt_end)
            if (number < first and ends[1] > patch.first) or (number >= last and ends[0] < patch.last):
                first, last = min(first, number), max(last, number + 1)
    return first, last


def _mapped_bead(bead: Bead, side: str, mapped: Mapped) -> Bead:
    start, end = (mapped(boundary) for boundary in range_of(bead, side))
    if start is None or end is None:
        raise Refused("order")
    others = []
    for other in bead.alternatives:
        ends = (other.src_start, other.src_end) if side == "source" else (other.tgt_start, other.tgt_end)
        new = [mapped(boundary) for boundary in ends]
        if None not in new:
            others.append(_with_range(other, side, new[0], new[1]))
    return _with_range(replace(bead, alternatives=tuple(others)), side, start, end)


def _mapped_moved(moved: Moved, side: str, mapped: Mapped) -> Moved:
    ends = (moved.src_start, moved.src_end) if side == "source" else (moved.tgt_start, moved.tgt_end)
    start, end = (mapped(boundary) for boundary in ends)
    # A boundary that is gone lay inside a segment of two: the passage keeps the whole of it.
    start = mapped(ends[0] - 1) if start is None else start
    end = mapped(ends[1] + 1) if end is None else end
    return _with_range(moved, side, start, end)


def _with_range(item: _Noun, side: str, start: int | None, end: int | None) -> _Noun:
    changes: dict[str, Any] = {
        f"{'src' if side == 'source' else 'tgt'}_{end_name}": boundary
        for end_name, boundary in (("start", start), ("end", end))
    }
    return replace(item, **changes)
