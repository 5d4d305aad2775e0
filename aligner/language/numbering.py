"""The numbers that lines of a text bear: 第十二条, Article 12, § 12, 3.2.1, (a), （a）, 一、, I., ①.

What looks like one counts only where it goes on: a line with the next number of the same form stands near.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import regex

from aligner.language.numerals.dates import roman
from aligner.language.numerals.han import _value

Numbering = tuple[int, ...]
"""The number of a line, from the outermost to the innermost: `(12,)`, `(3, 2, 1)`; empty where it has none."""

_FEWEST = 3  # lines that make a series; two numbers that follow each other may be chance
_LONGEST_STEP = 3  # from one number to the next: some lines of a translation may be missing
_HAN = r"(?P<han>[〇零一二三四五六七八九十百千两]{1,7})"
_DIGITS = r"(?P<digits>\d{1,4})"
_CAPITALS = r"(?P<capitals>[IVXLC]{1,8})"
_LETTERS = r"(?P<small>[ivxlc]{1,8})|(?P<letter>\p{Latin})"
_ANY = rf"(?:{_HAN}|{_DIGITS}|{_CAPITALS}|{_LETTERS})"
# The most telling first. What is no number belongs to the form: a word before it, marks around it, a sign behind it.
_FORMS = tuple(
    regex.compile(pattern)
    for pattern in (
        rf"(?P<form>[第제])\s?(?:{_HAN}|{_DIGITS})\s?(?P<sign>[\p{{Han}}\p{{Hangul}}])",
        rf"(?P<form>[(（\[［【〔])\s?{_ANY}\s?[)）\]］】〕]",
        r"(?P<dotted>\d{1,3}(?:[.．]\d{1,3}){1,5})[.．]?(?=\s|\p{Han}|$)",
        rf"{_ANY}(?P<form>[.．)）:：])(?!\d)",
        rf"(?:{_HAN}|{_DIGITS})(?P<form>、)",
        rf"(?P<form>\p{{L}}[\p{{L}}\p{{M}}]{{1,14}}\.?|§{{1,2}}|№|#)\s?(?:{_DIGITS}|{_CAPITALS})(?=[\s.,:：)）—–-]|$)",
        r"(?P<circled>[①-⑳])",
    )
)
_ALIKE = str.maketrans("（［【〔．）：", "([[[.):")
_BEFORE_ONE = ord("①") - 1

_Style = tuple[object, ...]


def numberings(lines: Sequence[str]) -> list[Numbering]:
    """The number of each line."""
    read = [list(_readings(line)) for line in lines]
    series: defaultdict[_Style, list[tuple[int, Numbering]]] = defaultdict(list)
    for place, readings in enumerate(read):
        for style, number in readings:
            series[style].append((place, number))
    going_on = {
        style: places for style, found in series.items() if len(places := _going_on(found)) >= _FEWEST
    }
    return [
        next((number for style, number in readings if place in going_on.get(style, ())), ())
        for place, readings in enumerate(read)
    ]


def _going_on(found: Iterable[tuple[int, Numbering]]) -> set[int]:
    """The lines of one style whose number follows that of the line before, or is followed by that of the next."""
    return {
        place
        for (before, first), (after, second) in pairwise(found)
        if _follows(first, second)
        for place in (before, after)
    }


def _follows(first: Numbering, second: Numbering) -> bool:
    """Whether a line of the number `second` may well come next after `first`, on the same level, above or below."""
    if second[: len(first)] == first:
        inner = second[len(first) :]
        return bool(inner) and max(inner) <= _LONGEST_STEP
    level = next((n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), None)
    if level is None:
        return False
    return 0 < second[level] - first[level] <= _LONGEST_STEP and all(
        number <= _LONGEST_STEP for number in second[level + 1 :]
    )


def _readings(line: str) -> Iterator[tuple[_Style, Numbering]]:
    """What a line's beginning may mean: the style and the number. A lone `i` may be 1 or the ninth letter."""
    start = line[:40].lstrip()
    for kind, form in enumerate(_FORMS):
        found = form.match(start)
        if not found:
            continue
        groups = {name: text for name, text in found.groupdict().items() if text}
        around = (groups.pop("form", "").casefold().translate(_ALIKE), groups.pop("sign", ""))
        for name, text in groups.items():
            for writing, number in _values(name, text):
                yield (kind, *around, writing), number
        return


def _values(name: str, text: str) -> Iterator[tuple[str, Numbering]]:
    if name == "dotted":
        yield name, tuple(int(part) for part in regex.split(r"[.．]", text))
    elif name == "digits":
        yield name, (int(text),)
    elif name == "circled":
        yield name, (ord(text) - _BEFORE_ONE,)
    elif name == "han":
        value = _value(text)
        if value is not None and value.denominator == 1:
            yield name, (int(value),)
    else:
        if name != "letter":
            yield name, (roman(text.upper()),)
        if len(text) == 1 and text.casefold() in _ALPHABET:
            yield "letter", (_ALPHABET.index(text.casefold()) + 1,)


_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
