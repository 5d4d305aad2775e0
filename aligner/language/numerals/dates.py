"""What numbers name rather than count: days, months, years, centuries, articles and annexes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from aligner.language.numerals.phrases import MARK
from aligner.language.numerals.quantity import Quantity, Reading
from aligner.language.numerals.skeleton import LAST_DAY, LAST_MONTH, Found, Skeleton, bare, built, scaled
from aligner.language.tags import primary

_MONTH_MAY_BE_FIRST = frozenset({"en", "zh", "ja", "ko"})
_VAGUE = 20
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def dates(skeleton: Skeleton) -> Found:
    """Dates with a word beside them: 3月, the 19th century, 221 BC, 民国38年."""
    date, one = skeleton.phrases.date, Fraction(1)
    kinds: list[tuple[str, Callable[[tuple[Fraction, ...]], tuple[Reading, ...]]]] = [
        ("century_before", lambda n: (scaled("century", n, -one),)),
        ("before_christ", lambda n: (scaled("year", n, -one),)),
        ("century", lambda n: (scaled("century", n, one),)),
        ("common_era", lambda n: (scaled("year", n, one),)),
        ("years", lambda n: (scaled("year", n, one),)),
        ("months", lambda n: (scaled("month", n, one),)),
        ("days", lambda n: (scaled("day", n, one), scaled("seconds", n, Fraction(86400)), scaled("label", n, one))),
        ("either", lambda n: (scaled("year", n, one), scaled("months", n, Fraction(12)))),
    ]  # fmt: skip
    for pattern, first in skeleton.phrases.eras:
        for match in pattern.finditer(skeleton.text):
            mark = skeleton.mark(match["n"])
            yield built(skeleton, match, mark, Reading("year", (mark.value + first,)), loose=True)
    for name, readings in kinds:
        for pattern in date.get(name, ()):
            for match in pattern.finditer(skeleton.text):
                mark = skeleton.mark(match["n"])
                if mark.value.denominator == 1 and (name != "months" or mark.value <= LAST_MONTH):
                    yield built(skeleton, match, mark, *readings(mark.values))


def figure_dates(skeleton: Skeleton) -> Found:
    """2021-03-08 and 8/3/2021: where the year is first, the order is known."""
    for match in re.finditer(rf"({MARK})[-/.]({MARK})[-/.]({MARK})", skeleton.text):
        marks = [skeleton.mark(sign) for sign in match.groups()]
        if {mark.kind for mark in marks} != {"date"}:
            continue
        dimensions = ("day month", "day month", "year")
        if marks[0].value > LAST_DAY:
            dimensions = ("year", "month", "day")
        elif primary(skeleton.lang) not in _MONTH_MAY_BE_FIRST:
            dimensions = ("day", "month", "year")
        for at, (mark, dimension) in enumerate(zip(marks, dimensions, strict=True)):
            start = match.start(at + 1)
            readings = tuple(Reading(name, mark.values) for name in dimension.split())
            yield start, start + 1, replace(bare(mark), readings=readings)


def labels(skeleton: Skeleton) -> Found:
    """The numbers of articles, annexes, pages: 第三条, Annex B, Kapitel IV."""
    for pattern in skeleton.phrases.labels:
        for match in pattern.finditer(skeleton.text):
            groups = match.groupdict()
            if groups.get("n"):
                mark = skeleton.mark(groups["n"])
                if mark.kind not in ("date", "percent", "currency"):
                    reading = Reading("label", mark.values, factor=Fraction(1))
                    yield _spelled(built(skeleton, match, mark, reading))
                continue
            if groups.get("roman") == "I" and not match[0][0].isupper():
                continue  # in this chapter I say
            value = Fraction(_lettered(groups))
            lettered = built(skeleton, match, None, Reading("label", (value,)))
            yield _spelled(lettered, value) if groups.get("roman") else lettered


def _lettered(groups: Mapping[str, str | None]) -> int:
    """The number that a label's Roman numeral or letter says."""
    letter, numeral = groups.get("letter"), groups.get("roman") or groups.get("lone") or ""
    return ord(letter) - ord("A") + 1 if letter else roman(numeral)


def _spelled(labelled: tuple[int, int, Quantity], value: Fraction | None = None) -> tuple[int, int, Quantity]:
    """A label's number is no vague word, however small; 百战 is a round one, and no label."""
    start, end, quantity = labelled
    figures = quantity.figures if value is None else (value,)
    is_small = not figures or figures[0] <= _VAGUE
    written = "words" if quantity.written == "weak" and is_small else quantity.written
    return start, end, replace(quantity, written=written, figures=figures)


def roman(numeral: str) -> int:
    """The value of a Roman numeral in capitals, up to C."""
    values = [_ROMAN[letter] for letter in numeral]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
