"""Quantities that belong together: a unit that holds for two figures, measures side by side."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from aligner.language.numerals.phrases import Phrases
from aligner.language.numerals.quantity import Quantity, Reading

_HOUR = 60  # minutes
_HALF_DAY = 12  # hours
RANGE = re.compile(r"\s?[-–—~～至到,，、]\s?|,?\s(?:to|or|and|bis|und|oder|à|au|et|ou|-|–)\s(?:the\s)?")


def hours_meant(hour: Fraction, part: str) -> tuple[Fraction, ...]:
    """The hours from midnight that `hour` may mean in a part of the day."""
    early, late = hour % _HALF_DAY, hour % _HALF_DAY + _HALF_DAY
    if hour > _HALF_DAY or (hour == 0 and not part):
        return (hour,)
    if part == "noon":
        return (hour,) if hour >= 10 else (late,)  # noqa: PLR2004 - eleven at noon is before it
    if part == "night":
        return (late,) if 5 < hour < _HALF_DAY else (early,)  # noqa: PLR2004
    return {"am": (early,), "pm": (late,)}.get(part, (early, late))


def spread(found: list[Quantity], text: str) -> list[Quantity]:
    """In "3 to 5 years" and 下午3-5点 the unit holds for both figures."""
    shared = list(found)
    for at in range(len(shared) - 2, -1, -1):
        left, right = shared[at], shared[at + 1]
        if left.readings and not left.loose:
            continue
        if not left.figures or not right.readings or not RANGE.fullmatch(text[left.end : right.start]):
            continue
        readings = tuple(
            _carried(left, each) for each in right.readings if each.factor or each.dimension == "clock"
        )
        shared[at] = replace(left, readings=(*left.readings, *readings), loose=True)
    return shared


def _carried(quantity: Quantity, reading: Reading) -> Reading:
    if reading.dimension == "clock":
        return Reading("clock", tuple(h * _HOUR for h in hours_meant(quantity.figures[0], "")))
    factor = reading.factor or Fraction(1)
    return replace(reading, values=tuple(figure * factor for figure in quantity.figures))


_ADD_UP = frozenset({"seconds", "months", "metres", "grams", "money"})


def merged(found: list[Quantity], text: str, phrases: Phrases) -> list[Quantity]:
    """Measures side by side, the larger unit first, as one: 2 hours 30 minutes, 5 feet 10, 三块五毛."""
    joined: list[Quantity] = []
    for quantity in found:
        before = joined[-1] if joined else None
        total = (
            _total(before, quantity)
            if before and phrases.join.fullmatch(text[before.end : quantity.start])
            else None
        )
        if before is None or total is None:
            joined.append(quantity)
            continue
        written = "figures" if "figures" in (before.written, quantity.written) else "words"
        parts = (*(before.parts or (before,)), quantity)
        joined[-1] = Quantity(before.start, quantity.end, (), (total,), written, parts=parts)
    return joined


def _total(left: Quantity, right: Quantity) -> Reading | None:
    for a in left.readings:
        for b in right.readings:
            adds_up = a.dimension == b.dimension in _ADD_UP and a.factor and b.factor and a.factor > b.factor
            if adds_up and len(a.values) == len(b.values) == 1:
                return replace(a, values=(a.values[0] + b.values[0],), factor=b.factor)
    return None
