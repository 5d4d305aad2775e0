"""A text cut into parts of given sizes, at marks and blanks near there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from unicodedata import category

from aligner.language.joints import is_unspaced

_MARKS = ".,;:!?…—，、；：。！？؛،؟।"
_CLOSERS = "\"'”’」』）)]»"
# What it costs to cut there, beside the distance in windows: after a mark nothing.
_AT_BLANK, _BETWEEN_CHARACTERS = 0.4, 0.9
# A cut goes at most this part of the smaller of the two parts beside it to the left or right.
_WINDOW = 0.75
_BLANKS = 4  # looked over for what stands before them


def cut_by_shares(text: str, shares: Sequence[int], known: Mapping[int, int]) -> list[int]:
    """Places, `len(shares)` + 1 of them, ascending from 0 to the text's end, that cut `text` in proportion.

    `known` gives cuts that are certain: before part i at this place. Words are not cut; a part may be empty.
    """
    cuts = [0]
    for part in range(1, len(shares)):
        place = known.get(part)
        if place is None:
            place = _near(text, shares, part, cuts[-1])
        cuts.append(min(max(place, cuts[-1]), len(text)))
    return [*cuts, len(text)]


def _near(text: str, shares: Sequence[int], part: int, least: int) -> int:
    """The best place for the cut before `part`, at `least` or later."""
    each = len(text) / sum(shares)
    wanted = each * sum(shares[:part])
    window = max(1.0, _WINDOW * each * min(shares[part - 1], shares[part]))
    low, high = max(least, round(wanted - window)), min(len(text), round(wanted + window))
    found = [(cost + abs(place - wanted) / window, place) for place, cost in _places(text, low, high)]
    if found:
        return min(found)[1]
    return _next_blank(text, max(least, round(wanted)))


def _places(text: str, low: int, high: int) -> Iterator[tuple[int, float]]:
    """Where a line may end between `low` and `high`, and what it costs."""
    for place in range(max(1, low), min(len(text), high + 1)):
        before, after = text[place - 1], text[place]
        if before.isspace():
            ended = text[max(0, place - _BLANKS) : place].rstrip()[-1:]
            yield place, 0.0 if ended and ended in _MARKS + _CLOSERS else _AT_BLANK
        elif is_unspaced(before) and not _goes_on(after):
            if before in _MARKS + _CLOSERS:
                yield place, 0.0
            elif is_unspaced(after):
                yield place, _BETWEEN_CHARACTERS


def _goes_on(sign: str) -> bool:
    """Whether a line can't begin with it."""
    return sign.isspace() or sign in _MARKS + _CLOSERS or category(sign).startswith("M")


def _next_blank(text: str, place: int) -> int:
    """The end of the word at `place`."""
    while 0 < place < len(text) and not text[place - 1].isspace():
        place += 1
    return min(place, len(text))
