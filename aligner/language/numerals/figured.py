"""Dates and times of day in figures, whatever script stands around them: 2021-03-08, 8/3/2021, 1990s, 14.30 Uhr."""

from __future__ import annotations

import re
from fractions import Fraction

from aligner.language.numerals.number import Number, Taken

LAST_MONTH, LAST_DAY = 12, 31

_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")

_SLASHED = re.compile(r"(?<!\d)(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?!\d)")

_DECADE = re.compile(r"(?<!\d)(?:(\d{3}0)|[’'‘](\d0))[’']?s\b")

_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{2})(?=\s?(?:Uhr|uur|h\b|a\.?m|p\.?m))")


def find_dates(text: str, taken: list[tuple[int, int]]) -> list[Number]:
    """Dates in figures and decades (1990s); a date inside a stretch `taken` for a code frees that stretch."""
    found: list[Number] = []
    dates: list[tuple[int, int]] = []
    for pattern, order in ((_ISO, (1, 3, 4)), (_SLASHED, (4, 3, 1))):
        for match in pattern.finditer(text):
            _, second, third = (int(match[group]) for group in order)
            if not (1 <= min(second, third) <= LAST_MONTH and max(second, third) <= LAST_DAY):
                continue
            found += [Number(*match.span(group), Fraction(match[group]), "date") for group in sorted(order)]
            dates.append(match.span())
    dated = Taken(dates)
    taken[:] = [*(span for span in taken if not dated.overlaps(*span)), *dates]
    found += [Number(*m.span(), Fraction(m[1] or m[2]), "date") for m in _DECADE.finditer(text)]
    for match in _CLOCK.finditer(text):
        found += [Number(*match.span(group), Fraction(match[group])) for group in (1, 2)]
    return found
