"""Whether the lines of two texts are sentences, and segments that are whole lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from aligner.bitext import Document, Segment

# Share of the segments that are alone on their line. Where a person put a sentence a line, the rules still cut
# some; in an article none is alone. What it gives stands in models/README.md.
_ALONE = 0.85
_FEWEST = 30  # lines; in fewer the share says little


def lines_are_sentences(documents: Sequence[Document]) -> bool:
    """Whether a line is a sentence in all of `documents`, so that where lines end says nothing of paragraphs."""
    return all(_alone(document) for document in documents)


def _alone(document: Document) -> bool:
    sizes = Counter(segment.paragraph for segment in document.segments)
    single = sum(size == 1 for size in sizes.values())
    return len(sizes) >= _FEWEST and single >= _ALONE * len(document.segments)


def joined_by_line(document: Document) -> Document:
    """The document with one segment a line."""
    lines = (tuple(line) for _, line in groupby(document.segments, key=lambda segment: segment.paragraph))
    segments = tuple(Segment(line[0].start, line[-1].end, line[0].paragraph) for line in lines)
    return replace(document, segments=segments)
