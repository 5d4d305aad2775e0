"""Times of day: 下午三点半, half past three, 15:30, Viertel vor acht."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from aligner.language.numerals.joined import hours_meant
from aligner.language.numerals.phrases import DAY_PARTS, ClockPhrase
from aligner.language.numerals.quantity import Quantity, Reading
from aligner.language.numerals.skeleton import Found, Skeleton, bare, built

_HOUR, _DAY = 60, 1440
_HALF_DAY = 12
_QUARTER, _FIVE = 15, 5


def clock_times(skeleton: Skeleton) -> Found:
    """Times of day as minutes from midnight."""
    for phrase in skeleton.phrases.clock:
        for match in phrase.pattern.finditer(skeleton.text):
            time = _time(skeleton, phrase, match)
            if time:
                yield time
    for pattern, minutes in skeleton.phrases.clock_words:
        for match in pattern.finditer(skeleton.text):
            start, end, quantity = built(skeleton, match, None, Reading("clock", (Fraction(minutes),)))
            yield start, end, replace(quantity, written="words")


def _time(skeleton: Skeleton, phrase: ClockPhrase, match: re.Match[str]) -> tuple[int, int, Quantity] | None:
    groups = match.groupdict()
    hour = skeleton.mark(groups["h"]) if groups.get("h") else None
    minute = skeleton.mark(groups.get("m") or groups["q"]) if groups.get("m") or groups.get("q") else None
    if minute and minute.kind == "date":
        return None  # by 6 May
    part = next((name for name in DAY_PARTS if groups.get(name)), "")
    past = minute.value * (_QUARTER if phrase.way.startswith("quarters") else 1) if minute else Fraction(0)
    whole_hour = hour.value if hour else Fraction(phrase.minutes, _HOUR)
    if whole_hour > 2 * _HALF_DAY or past >= _HOUR or {whole_hour.denominator, past.denominator} != {1}:
        return None
    if (
        minute
        and groups.get("m")
        and minute.written == "figures"
        and not phrase.way
        and len(minute.text) != 2  # noqa: PLR2004 - 3:2 is a score
        and (":" in match[0] or "." in match[0])
    ):
        return None
    if phrase.way.startswith("fives") and (past % _FIVE or past > _HOUR / 2 or whole_hour > _HALF_DAY):
        return None
    shift = (phrase.minutes if hour else 0) + (-past if phrase.way.endswith("before") else past)
    times = tuple((each * _HOUR + shift) % _DAY for each in hours_meant(whole_hour, part))
    readings = [Reading("clock", times)]
    if phrase.way == "span":
        readings.append(Reading("seconds", ((whole_hour * _HOUR + shift) * _HOUR,), factor=Fraction(3600)))
    *place, quantity = built(skeleton, match, hour, *readings, loose=phrase.loose and not shift)
    parts = tuple(bare(each) for each in (hour, minute) if each)
    written = "figures" if any(each.written == "figures" for each in parts) else "words"
    composed = len(parts) > 1 or bool(shift)
    quantity = replace(
        quantity,
        written=written,
        figures=() if composed else quantity.figures,
        parts=parts if composed else (),
    )
    return place[0], place[1], quantity
