"""What to mark in one row: words with their counterparts, and the places of numbers and names that differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aligner.bitext import Alignment, Bead
from aligner.language.numerals.quantities import quantities
from aligner.language.numerals.quantity import missing
from aligner.lexicon.tokens import NUMBER_MARK
from aligner.review.doubts import Doubt
from aligner.review.places import Place, bead_at, document_on, offset_of, range_of
from aligner.terms.links import Lexicon, link_words
from aligner.terms.words import Word, place_words

_AROUND = 20
"""Pairs on either side of a row that its words are learned from."""
_OTHER = {"source": "target", "target": "source"}


def counterparts(alignment: Alignment, place: Place) -> dict[str, Any]:
    """The words of the row at `place`, as ranges of characters, and links between them. Raises `Refused`."""
    number = bead_at(alignment, place)
    bead = alignment.beads[number]
    near = alignment.beads[max(0, number - _AROUND) : number + _AROUND + 1]
    pairs = (
        [bead, *(other for other in near if other.is_pair and other is not bead)] if bead.is_pair else [bead]
    )
    langs = alignment.source.lang, alignment.target.lang
    texts = [[_raw(alignment, each, side)[1] for each in pairs] for side in _OTHER]
    sides = [[place_words(text, lang) for text in some] for some, lang in zip(texts, langs, strict=True)]
    src, tgt = sides[0][0], sides[1][0]
    links = (
        link_words(src, tgt, Lexicon((texts[0], texts[1]), (sides[0], sides[1]), langs))
        if bead.is_pair
        else {}
    )
    starts = [_raw(alignment, bead, side)[0] for side in _OTHER]
    return {
        "source": [[starts[0] + word.start, starts[0] + word.end] for word in src],
        "target": [[starts[1] + word.start, starts[1] + word.end] for word in tgt],
        "links": sorted(
            ([i, j, round(min(1.0, weight), 3), _kind(src[i], tgt[j])] for (i, j), weight in links.items()),
            key=lambda link: (link[3] == "word", -link[2]),
        ),
        "terms": [],
    }  # fmt: skip


def _kind(source: Word, target: Word) -> str:
    if source.key.startswith(NUMBER_MARK) or target.key.startswith(NUMBER_MARK):
        return "number"
    return "name" if source.key == target.key and source.key.isascii() else "word"


def _raw(alignment: Alignment, bead: Bead, side: str) -> tuple[int, str]:
    """Where a side of the bead begins, and its text as the document has it."""
    document, (first, last) = document_on(alignment, side), range_of(bead, side)
    start = offset_of(document, first)
    return start, document.text[start : document.segments[last - 1].end] if first < last else ""


def doubt_places(alignment: Alignment, doubt: Doubt) -> list[list[Any]]:
    """The places `[side, start, end]` of what a doubt about numbers or names misses on the other side."""
    bead = alignment.beads[doubt.bead]
    for side, other in _OTHER.items():
        if doubt.message.startswith(f"not in the {other}: "):
            finder = _missing_numbers if doubt.rule == "numbers" else _missing_names
            start, _ = _raw(alignment, bead, side)
            return [[side, start + a, start + b] for a, b in finder(alignment, bead, side, doubt)]
    return []


def _missing_numbers(alignment: Alignment, bead: Bead, side: str, doubt: Doubt) -> Iterator[tuple[int, int]]:
    texts = [_raw(alignment, bead, each)[1] for each in (side, _OTHER[side])]
    langs = [document_on(alignment, each).lang for each in (side, _OTHER[side])]
    own, others = (quantities(text, lang) for text, lang in zip(texts, langs, strict=True))
    yield from ((each.start, each.end) for each in missing(own, others))


def _missing_names(alignment: Alignment, bead: Bead, side: str, doubt: Doubt) -> Iterator[tuple[int, int]]:
    text = _raw(alignment, bead, side)[1]
    for name in doubt.message.partition(": ")[2].split(", "):
        if (at := text.find(name)) >= 0:
            yield at, at + len(name)
