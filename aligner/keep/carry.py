"""What a reviewer wrote goes into the texts again, so that a realignment doesn't lose it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aligner.bitext import Alignment, Document, Segment
from aligner.clean.rules import Flag
from aligner.keep.confirmed import Kept, keep_in
from aligner.language.joints import letters
from aligner.prepare import Prepared
from aligner.text.edits import REVIEWER, EditedText

_Change = tuple[int, str]
"""A segment of the new document, and what the reviewer wrote in its place."""


def carry_review(review: Alignment, prepared: Prepared) -> tuple[Prepared, Kept]:
    """The texts with what the reviewer wrote in them, and what of the review stands in them."""
    return keep_in(review, lambda straight_or_turned: carry_edits(straight_or_turned, prepared))


def carry_edits(review: Alignment, prepared: Prepared) -> Prepared:
    """`prepared` with the reviewer's words for the segments that read as they did before the review."""
    source, src_flags = _rewritten(review.source, prepared.source, prepared.flags[0])
    target, tgt_flags = _rewritten(review.target, prepared.target, prepared.flags[1])
    return replace(prepared, source=source, target=target, flags=(src_flags, tgt_flags))


def _rewritten(old: Document, new: Document, flags: tuple[Flag, ...]) -> tuple[Document, tuple[Flag, ...]]:
    changes = dict(_changes(old, new))
    if not changes:
        return new, flags
    spans = [(new.segments[n].start, new.segments[n].end, text) for n, text in sorted(changes.items())]
    text = EditedText(new.text, new.edits, new.codes).replace(spans, REVIEWER)
    segments, grown = [], 0
    for number, segment in enumerate(new.segments):
        start = segment.start + grown
        if number in changes:
            grown += len(changes[number]) - (segment.end - segment.start)
        segments.append(Segment(start, segment.end + grown, segment.paragraph))
    document = replace(new, text=text.text, segments=tuple(segments), edits=text.edits, codes=text.codes)
    return document, tuple(_shifted(flags, spans))


def _shifted(flags: tuple[Flag, ...], spans: list[tuple[int, int, str]]) -> Iterator[Flag]:
    """The flags where they stand now; those on text that was written anew are gone."""
    for flag in flags:
        if not any(start < flag.end and flag.at < end for start, end, _ in spans):
            grown = sum(len(text) - (end - start) for start, end, text in spans if end <= flag.at)
            yield replace(flag, at=flag.at + grown, end=flag.end + grown)


def _changes(old: Document, new: Document) -> Iterator[_Change]:
    places: dict[str, list[int]] = {}
    for number, sentence in enumerate(new.sentences()):
        places.setdefault(letters(sentence), []).append(number)
    taken: set[int] = set()
    for number, segment in enumerate(old.segments):
        before = _before_review(old, segment)
        written = old.text[segment.start : segment.end]
        if before is None or letters(before) == letters(written):
            continue
        free = [n for n in places.get(letters(before), ()) if n not in taken]
        if free:
            nearest = min(free, key=lambda n: abs(n - number))
            taken.add(nearest)
            yield nearest, written


def _before_review(document: Document, segment: Segment) -> str | None:
    """The segment as it read before the reviewer changed it; None where nobody did."""
    inside = [
        edit
        for edit in document.edits
        if edit.rule == REVIEWER and segment.start <= edit.at and edit.end <= segment.end
    ]
    if not inside:
        return None
    pieces, position = [], segment.start
    for edit in inside:
        pieces += [document.text[position : edit.at], edit.found]
        position = edit.end
    return "".join([*pieces, document.text[position : segment.end]])
