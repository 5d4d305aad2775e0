"""What to mark in one row: words with their counterparts, and the places of numbers and names that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product
from typing import Any

import numpy as np

from aligner.bitext import Alignment, Bead
from aligner.encode.encoder import Encoder, Floats
from aligner.encode.load import load_encoder
from aligner.language.numerals.quantities import quantities
from aligner.language.numerals.quantity import missing
from aligner.lexicon.glossary import Glossary
from aligner.lexicon.tokens import NUMBER_MARK
from aligner.review.doubts import Doubt
from aligner.review.places import Place, bead_at, document_on, offset_of, range_of
from aligner.terms.links import Lexicon, link_words
from aligner.terms.words import Word, place_words

_AROUND = 20
"""Pairs on either side of a row that its words are learned from."""
_OTHER = {"source": "target", "target": "source"}


_REMEMBERED = 20_000
"""Words whose vectors are kept: rows beside each other share most of those that they are learned from."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row to find counterparts in: where its sides begin, its texts and then those of the pairs around it."""

    starts: tuple[int, int]
    texts: tuple[list[str], list[str]]
    langs: tuple[str, str]
    is_pair: bool


def row_at(alignment: Alignment, place: Place) -> Row:
    """The row at `place` with what its words are learned from. Raises `Refused`."""
    number = bead_at(alignment, place)
    bead = alignment.beads[number]
    near = alignment.beads[max(0, number - _AROUND) : number + _AROUND + 1]
    pairs = (
        [bead, *(other for other in near if other.is_pair and other is not bead)] if bead.is_pair else [bead]
    )
    source, target = ([_raw(alignment, each, side)[1] for each in pairs] for side in _OTHER)
    starts = _raw(alignment, bead, "source")[0], _raw(alignment, bead, "target")[0]
    return Row(starts, (source, target), (alignment.source.lang, alignment.target.lang), bead.is_pair)


def counterparts_beside(row: Row, glossary: Glossary | None, tell: Callable[[float], None]) -> dict[str, Any]:
    """`counterparts` in a process of its own."""
    return counterparts(row, glossary)


@dataclass(slots=True)
class _Remembering:
    """An encoder that encodes a word once."""

    encoder: Encoder
    name: str
    dimension: int
    signature: str
    vectors: dict[str, Floats] = field(default_factory=dict)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of shape (len(texts), dimension)."""
        new = [text for text in dict.fromkeys(texts) if text not in self.vectors]
        if new:
            self.vectors.update(zip(new, self.encoder.encode(new), strict=True))
        found = np.array([self.vectors[text] for text in texts])
        if len(self.vectors) > _REMEMBERED:
            self.vectors.clear()
        return found


@cache
def _encoder() -> _Remembering:
    encoder = load_encoder("use", cache=False)
    return _Remembering(encoder, encoder.name, encoder.dimension, encoder.signature)


@lru_cache(maxsize=1_000)
def _words(text: str, lang: str) -> list[Word]:
    return place_words(text, lang)


def counterparts(row: Row, glossary: Glossary | None = None) -> dict[str, Any]:
    """The words of a row, as ranges of characters, links between them, and terms.

    A term is `[side, start, end, ok, translations]`: `ok` where the other side has one of its translations.
    """
    texts, langs, starts = row.texts, row.langs, row.starts
    sides = [[_words(text, lang) for text in some] for some, lang in zip(texts, langs, strict=True)]
    src, tgt = sides[0][0], sides[1][0]
    links = (
        link_words(src, tgt, Lexicon(texts, (sides[0], sides[1]), langs, glossary, _encoder()))
        if row.is_pair
        else {}
    )
    hits = _hits(glossary, (texts[0][0], texts[1][0])) if glossary else {}
    kinds = _kinds(hits, src, tgt)
    links |= {pair: 1.0 for pair in kinds}
    return {
        "source": [[starts[0] + word.start, starts[0] + word.end] for word in src],
        "target": [[starts[1] + word.start, starts[1] + word.end] for word in tgt],
        "links": sorted(
            (
                [i, j, round(min(1.0, weight), 3), kinds.get((i, j)) or _kind(src[i], tgt[j])]
                for (i, j), weight in links.items()
            ),
            key=lambda link: (link[3] == "word", -link[2]),
        ),
        "terms": list(_terms(glossary, hits, starts)) if glossary else [],
    }  # fmt: skip


_Hits = dict[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]]
"""Where the terms of each entry of the glossary stand on both sides of a row."""


def _hits(glossary: Glossary, texts: tuple[str, str]) -> _Hits:
    found: _Hits = {}
    for at, (text, side) in enumerate(zip(texts, _OTHER, strict=True)):
        for entry, start, end in glossary.places(text, side):
            found.setdefault(entry, ([], []))[at].append((start, end))
    return found


def _kinds(hits: _Hits, src: Sequence[Word], tgt: Sequence[Word]) -> dict[tuple[int, int], str]:
    """The words that stand in terms of one entry on both sides."""
    return {
        (i, j): "term"
        for sources, targets in hits.values()
        for i, j in product(_inside(src, sources), _inside(tgt, targets))
    }


def _inside(words: Sequence[Word], places: Sequence[tuple[int, int]]) -> list[int]:
    return [
        at
        for at, word in enumerate(words)
        if word.content and any(start <= word.start and word.end <= end for start, end in places)
    ]


def _terms(glossary: Glossary, hits: _Hits, starts: Sequence[int]) -> Iterator[list[Any]]:
    """One a place: a term of several entries is right where one of them is."""
    for at, side in enumerate(_OTHER):
        entries: dict[tuple[int, int], list[int]] = {}
        for entry, places in hits.items():
            for place in places[at]:
                entries.setdefault(place, []).append(entry)
        for (start, end), numbers in sorted(entries.items()):
            is_kept = any(hits[number][1 - at] for number in numbers)
            wanted = list(dict.fromkeys(glossary.pairs[number][1 - at] for number in numbers))
            yield [side, starts[at] + start, starts[at] + end, is_kept, wanted]


def _kind(source: Word, target: Word) -> str:
    if source.key.startswith(NUMBER_MARK) or target.key.startswith(NUMBER_MARK):
        return "number"
    return "name" if source.key == target.key and source.key.isascii() else "word"


def _raw(alignment: Alignment, bead: Bead, side: str) -> tuple[int, str]:
    """Where a side of the bead begins, and its text as the document has it."""
    document, (first, last) = document_on(alignment, side), range_of(bead, side)
    start = offset_of(document, first)
    return start, document.text[start : document.segments[last - 1].end] if first < last else ""


def doubt_places(alignment: Alignment, bead: Bead, doubt: Doubt) -> list[list[Any]]:
    """The places `[side, start, end]` of what a doubt about numbers, names or terms misses on the other side.

    The doubt's own number of the bead is that of when it was found: rows above may have come or gone since.
    """
    if doubt.rule == "glossary":
        return _missed_term(alignment, bead, doubt.message)
    for side, other in _OTHER.items():
        if doubt.message.startswith(f"not in the {other}: "):
            finder = _missing_numbers if doubt.rule == "numbers" else _missing_names
            start, _ = _raw(alignment, bead, side)
            return [[side, start + a, start + b] for a, b in finder(alignment, bead, side, doubt)]
    return []


def _missed_term(alignment: Alignment, bead: Bead, message: str) -> list[list[Any]]:
    term, _, rest = message.partition(": the ")
    side = _OTHER.get(rest.partition(" ")[0], "source")
    start, text = _raw(alignment, bead, side)
    at = text.lower().find(term.lower())
    return [[side, start + at, start + at + len(term)]] if at >= 0 else []


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
