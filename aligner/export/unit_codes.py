"""The inline codes of a pair on its way out: where they stand in its text, which have both ends there, their ids."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import count

from aligner.bitext import Document
from aligner.text.codes import AFTER, ALONE, BEFORE, BLANK, CLOSE, OPEN, Code, place_map

_Key = tuple[str, ...]


def codes_in(document: Document, start: int, end: int) -> list[Code]:
    """The codes of segments `[start, end)`, placed in their text as the document has it.

    Between two segments, what closes and what stands right behind a word belongs to the one before, all else to
    the one after.
    """
    if not document.codes or start == end:
        return []
    segments = document.segments
    first, last = segments[start].start, segments[end - 1].end
    least = segments[start - 1].end if start else 0
    most = segments[end].start if end < len(segments) else len(document.text)
    found: list[Code] = []
    opened: set[int] = set()
    later: set[int] = set()
    for code in _between(document.codes, least, most):
        if code.is_cue:
            continue
        closes = code.kind == CLOSE
        is_lone = code.kind == ALONE and not code.length
        if (
            start
            and code.at <= first
            and (code.pair not in opened if closes else is_lone and code.at == least)
        ):
            continue
        if (
            end < len(segments)
            and code.at >= last
            and (code.pair in later if closes else code.at > last or not is_lone)
        ):
            later.add(code.pair)
            continue
        opened.add(code.pair)
        at = min(max(code.at, first), last)
        found.append(replace(code, at=at - first, length=max(0, min(code.end, last) - at)))
    return found


def _between(codes: Sequence[Code], first: int, last: int) -> Sequence[Code]:
    start = bisect_left(codes, first, key=lambda code: code.at)
    return codes[start : bisect_right(codes, last, key=lambda code: code.at)]


def codes_of_side(
    document: Document, start: int, end: int, text: str, insignificant: re.Pattern[str]
) -> tuple[Code, ...]:
    """The codes of segments `[start, end)`, placed in `text`, which is theirs on its way out."""
    codes = codes_in(document, start, end)
    if not codes:
        return ()
    segments = document.segments
    places = place_map(document.text[segments[start].start : segments[end - 1].end], text, insignificant)
    moved, position = [], 0
    for code in codes:
        at = max(position, places[code.at])
        position = at
        moved.append(replace(code, at=at, length=max(0, places[code.end] - at)))
    return tuple(moved)


def whole_pairs(codes: Sequence[Code]) -> frozenset[int]:
    """The pairs that begin and then end among `codes`."""
    opened = {code.pair for code in codes if code.kind == OPEN and code.pair}
    found, seen = set(), set()
    for code in codes:
        if code.kind == OPEN:
            seen.add(code.pair)
        elif code.kind == CLOSE and code.pair in seen:
            found.add(code.pair)
    return frozenset(found & opened)


def nested(codes: Sequence[Code], among: Collection[int]) -> frozenset[int]:
    """Those pairs of `among` that can be elements around text: none begins in one and ends outside it."""
    stack: list[int] = []
    found = set()
    for code in codes:
        if code.pair not in among:
            continue
        if code.kind == OPEN:
            stack.append(code.pair)
        elif code.pair in stack:
            if stack[-1] == code.pair:
                found.add(code.pair)
            stack.remove(code.pair)
    return frozenset(found)


def identified(sides: Sequence[Sequence[Code]], name: str) -> list[list[str]]:
    """An id for each code of each side; both ends of a pair share one, and so does the same code of the other side.

    What the file gave in the attribute `name` stays, unless another code of the unit has it already.
    """
    asked = {code.attribute(name) for codes in sides for code in codes}
    free = (str(number) for number in count(1) if str(number) not in asked)
    given: dict[tuple[_Key, int], str] = {}
    taken: set[str] = set()
    ids: list[list[str]] = []
    for codes in sides:
        seen: Counter[_Key] = Counter()
        pairs: dict[int, str] = {}
        ids.append([])
        for code in codes:
            chosen = pairs.get(code.pair, "") if code.kind == CLOSE and code.pair else ""
            if not chosen:
                key = _key(code, name)
                place = (key, seen[key])
                seen[key] += 1
                wanted = code.attribute(name)
                if place not in given:
                    given[place] = wanted if wanted and wanted not in taken else next(free)
                    taken.add(given[place])
                chosen = given[place]
            if code.pair:
                pairs[code.pair] = chosen
            ids[-1].append(chosen)
    return ids


def _key(code: Code, name: str) -> _Key:
    """What makes a code of the target the same as one of the source."""
    own = code.attribute(name)
    return (own, code.kind) if own else ("", code.kind, code.type, code.data)


def pieces(text: str, codes: Sequence[Code]) -> Iterator[tuple[str, int]]:
    """The text between codes, each piece with the number of the code behind it; the last one with -1.

    Where the file had a blank on both sides of a code, so have the pieces.
    """
    position, owed = 0, ""
    for number, code in enumerate(codes):
        piece = text[position : code.at]
        before = " " if code.attribute(BLANK) == BEFORE and not piece[-1:].isspace() else ""
        yield _owing(owed, piece) + before, number
        position = max(position, code.end)
        owed = " " if code.attribute(BLANK) == AFTER else ""
    yield _owing(owed, text[position:]), -1


def _owing(blank: str, piece: str) -> str:
    return piece if piece[:1].isspace() else blank + piece


def content(code: Code, text: str) -> str:
    """What to write for a code that holds its data: that, else the words that it stands for."""
    if code.form == "xliff2:cp":  # a character that XML can't hold
        return code.shown
    shown = text[code.at : code.end]
    return code.data or (shown if shown.strip() else "")
