"""Days of the year: a day and a month beside each other are one date, 1 February is not 2 January."""

from __future__ import annotations

import re
from fractions import Fraction

from aligner.language.numerals.joined import RANGE
from aligner.language.numerals.quantity import Quantity, Reading
from aligner.language.numerals.skeleton import LAST_DAY, LAST_MONTH

_GAP = re.compile(r"\s?[-/.]?\s?|\.?,?\s(?:of\s|de\s|the\s)?")
_MONTH = 100  # a date as month times this and day


def dated(found: list[Quantity], text: str) -> list[Quantity]:
    """`found`, in order of place, with each day and its month as one quantity of two parts.

    A day of a range ("from 1 to 5 May") stays apart: languages differ in which of its days stands by the month.
    """
    joined: list[Quantity] = []
    for at, quantity in enumerate(found):
        before = joined[-1] if joined else None
        date = _date(before, quantity, text) if before else None
        if before and date and not _is_in_range(found, at, text):
            written = "figures" if "figures" in (before.written, quantity.written) else "words"
            joined[-1] = Quantity(before.start, quantity.end, (), (date,), written, parts=(before, quantity))
        else:
            joined.append(quantity)
    return joined


def _date(left: Quantity, right: Quantity, text: str) -> Reading | None:
    if left.parts or right.parts or not _GAP.fullmatch(text[left.end : right.start]):
        return None
    values = [*_pairs(left, right), *_pairs(right, left)]
    return Reading("date", tuple(values)) if values else None


def _pairs(month: Quantity, day: Quantity) -> list[Fraction]:
    return [
        named * _MONTH + numbered
        for named in _values(month, "month", LAST_MONTH)
        for numbered in _values(day, "day", LAST_DAY)
    ]


def _values(quantity: Quantity, dimension: str, last: int) -> list[Fraction]:
    """The days or months that `quantity` may be; those of another calendar are none."""
    readings = [each for each in quantity.readings if each.dimension == dimension and not each.units]
    return [value for each in readings for value in each.values if 1 <= value <= last]


def _is_in_range(found: list[Quantity], at: int, text: str) -> bool:
    """Whether the day of the two quantities that end with `found[at]` stands in a range with another day."""
    if _has_month(found[at - 1]) and _has_month(found[at]):
        return False
    beyond, near = (at + 1, at) if _has_month(found[at - 1]) else (at - 2, at - 1)
    if not 0 <= beyond < len(found) or _has_month(found[beyond]) or not found[beyond].figures:
        return False
    first, second = sorted((beyond, near))
    return RANGE.fullmatch(text[found[first].end : found[second].start]) is not None and not _is_year(
        found[beyond]
    )


def _has_month(quantity: Quantity) -> bool:
    return any(each.dimension == "month" for each in quantity.readings)


def _is_year(quantity: Quantity) -> bool:
    return any(each.dimension == "year" for each in quantity.readings)
