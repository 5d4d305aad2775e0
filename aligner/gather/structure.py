"""What a document's structure says of each segment: the part that begins with it, its number, when it is heard."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np

from aligner.bitext import Document
from aligner.engine.sides import Array
from aligner.engine.structure import KIND, NUMBER, START, STOP
from aligner.language.numbering import Numbering, numberings
from aligner.text.cues import cues_of, heard
from aligner.text.parts import KINDS, Part, parts_of

_DEEPEST, _NUMBERS = (
    5,
    2_000,
)  # levels of a number that are told apart, numbers of one level: int64 holds no more


def structure_of(document: Document) -> dict[str, Array]:
    """By the names of `aligner.engine.structure`, (n,) each: only what the document has.

    What begins with a segment is 0 where nothing does.
    """
    found: dict[str, Array] = {}
    parts = _begun(document)
    numbers = numberings(document.sentences())
    labels = {
        KIND: [KINDS.index(part.kind) + 1 if part else 0 for part in parts],
        NUMBER: [
            _label(number or ((part.number,) if part and part.number else ()))
            for number, part in zip(numbers, parts, strict=True)
        ],
    }
    for name, values in labels.items():
        if any(values):
            found[name] = np.array(values, dtype=np.int64)
    return found | _times(document)


def _begun(document: Document) -> list[Part | None]:
    """The innermost part that begins with each segment."""
    parts = parts_of(document.codes)
    begun: list[Part | None] = []
    position = 0
    for segment in document.segments:
        first = bisect_left(parts, position, key=lambda part: part.at)
        last = bisect_right(parts, segment.start, key=lambda part: part.at)
        begun.append(parts[last - 1] if last > first else None)
        position = segment.start + 1
    return begun


def _label(number: Numbering) -> int:
    label = 0
    for part in number[:_DEEPEST]:
        label = label * _NUMBERS + min(part + 1, _NUMBERS - 1)
    return label


def _times(document: Document) -> dict[str, Array]:
    cues = cues_of(document.codes, len(document.text))
    if not cues:
        return {}
    times = [heard(cues, segment.start, segment.end) for segment in document.segments]
    starts, stops = np.array(times, dtype=np.float64).reshape(-1, 2).T
    return {START: starts, STOP: stops}
