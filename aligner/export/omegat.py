"""Pairs whose codes stand in their text as the tags that OmegaT shows of a Word document, `<t0/>`.

OmegaT numbers the places where a paragraph's formatting changes, over its sentences and without those at its edges,
which belong to the document's frame. Its reader of memories counts the tags of each segment from zero, so that only
plain text can say `<t2/>`, as in the memories that it writes for itself. Seen with OmegaT 3.6 (`TMXReader2`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from aligner.bitext import Alignment, Document
from aligner.export.left_out import codes_without_tag
from aligner.export.unit_codes import whole_pairs
from aligner.export.units import Tally, Unit
from aligner.text.codes import ALONE, CLOSE, OPEN, Code

_NUMBER = "omegat"
_BREAKS = frozenset({"lb", "pb"})
"""End a paragraph in OmegaT."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Codes without text between them: what words have behind it, what stands alone there, its number if OmegaT
    shows it."""

    at: int
    end: int
    faces: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    number: str = ""
    codes: int = 0


def numbered(alignment: Alignment) -> Alignment:
    """`alignment` whose codes know the numbers of OmegaT's tags."""
    return replace(alignment, source=_numbered(alignment.source), target=_numbered(alignment.target))


def tagged(units: Iterable[Unit], tally: Tally) -> Iterator[Unit]:
    """The units with tags in their text; codes of a target that its source has no tag for are counted and told."""
    lost = 0
    for unit in units:
        (source, target), missing = in_tags(
            (unit.source, unit.target), (unit.source_codes, unit.target_codes)
        )
        lost += missing
        yield replace(unit, source=source, target=target, source_codes=(), target_codes=())
    tally.warnings += codes_without_tag(lost)


def in_tags(texts: Sequence[str], codes: Sequence[Sequence[Code]]) -> tuple[list[str], int]:
    """The texts of a unit, its source's first, with tags in them, and how many codes its source has no tag for."""
    source = _places(_inside(texts[0], codes[0]))
    written = [_written(texts[0], [(place, place.number) for place in source if place.number])]
    lost = 0
    for text, of in zip(texts[1:], codes[1:], strict=True):
        chosen, missing = _of_source(text, _places(_inside(text, of)), source)
        lost += missing
        written.append(_written(text, chosen))
    return written, lost


def _numbered(document: Document) -> Document:
    codes: list[Code] = []
    lines = _lines(document)
    first, last, break_at = next(lines)
    number, position = -1, -1
    for code in document.codes:
        while code.at > break_at:
            first, last, break_at = next(lines)
            number, position = -1, -1
        if first < code.at and code.end < last and code.type not in _BREAKS:
            number += code.at > position
            position = max(position, code.end)
            code = replace(code, attributes=(*code.attributes, (_NUMBER, str(number))))
        codes.append(code)
    return replace(document, codes=tuple(codes))


def _lines(document: Document) -> Iterator[tuple[int, int, int]]:
    """For each line where its first and last word begin and end, and where it does."""
    text = document.text
    breaks = {at for at, character in enumerate(text) if character == "\n"}
    breaks |= {code.at for code in document.codes if code.type in _BREAKS}
    start = 0
    for end in [*sorted(breaks), len(text)]:
        line = text[start:end]
        yield start + len(line) - len(line.lstrip()), start + len(line.rstrip()), end
        start = end


def _inside(text: str, codes: Sequence[Code]) -> list[Code]:
    """The codes without breaks before the first and behind the last word: they part paragraphs."""
    return [
        code
        for code in codes
        if code.type not in _BREAKS or (text[: code.at].strip() and text[code.end :].strip())
    ]


def _places(codes: Sequence[Code]) -> list[_Place]:
    """The places of a side, the first one before all codes."""
    whole = whole_pairs(codes)
    opened = [code for code in codes if code.kind == CLOSE and code.pair not in whole]
    found = [_Place(-1, -1, _types(opened))]
    for code in codes:
        if code.kind == OPEN:
            opened.append(code)
        elif code.kind == CLOSE:
            opened = [each for each in opened if each is not code and not 0 < code.pair == each.pair]
        place = found.pop() if found[-1].end == code.at else _Place(code.at, code.at)
        found.append(
            replace(
                place,
                end=max(place.end, code.end),
                faces=_types(opened),
                alone=(*place.alone, code.type) if code.kind == ALONE else place.alone,
                number=place.number or code.attribute(_NUMBER),
                codes=place.codes + 1,
            )
        )
    return found


def _types(codes: Sequence[Code]) -> tuple[str, ...]:
    return tuple(sorted(code.type for code in codes))


def _of_source(
    text: str, places: Sequence[_Place], source: Sequence[_Place]
) -> tuple[list[tuple[_Place, str]], int]:
    """The places of a target with the number of the source's tag that does the same, and how many codes have none."""
    tags = free = [place for place in source if place.number]
    # What the frame gives to the first word: no tag says it.
    faces = next(
        (place.faces for place in source[1:2] if place.at == 0 and not place.number), source[0].faces
    )
    first = replace(places[0], at=0, end=0)
    chosen, lost, after = [], 0, 0
    for place in places[1:] if places[1:2] and places[1].at == 0 else [first, *places[1:]]:
        if place.faces == faces and not place.alone:
            continue
        # Where two do the same, the one behind the last: both ends of a word's letters stay together.
        next_first = [tag for tag in [*tags[after : after + 1], *tags] if tag in free]
        tag = _alike(place, next_first) or (None if place.alone else _alike(place, tags))
        if tag:
            chosen.append((place, tag.number))
            faces, after = tag.faces, tags.index(tag) + 1
            free = [each for each in free if each is not tag]
        elif text[place.end :].strip():  # what ends a paragraph belongs to its frame
            lost += place.codes
    return chosen, lost


def _alike(place: _Place, tags: Sequence[_Place]) -> _Place | None:
    """The first of `tags` that does what is done at `place`; a note or a break may have other letters behind it."""
    found = [tag for tag in tags if tag.alone == place.alone]
    exact = [tag for tag in found if tag.faces == place.faces]
    return next(iter(exact or (found if place.alone else ())), None)


def _written(text: str, tags: Sequence[tuple[_Place, str]]) -> str:
    written, position = [], 0
    for place, number in tags:
        written.append(f"{text[position : place.at]}<t{number}/>")
        position = place.end
    return "".join([*written, text[position:]])
