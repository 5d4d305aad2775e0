"""Words that say a number by themselves or name a part of the year: twice, in triplicate, Q3, 上半年, 腊月."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from aligner.language.numerals.quantity import Reading
from aligner.language.numerals.skeleton import LAST_MONTH, Found, Skeleton, built

_DOZEN = 12
_WHOLES = frozenset(Fraction(10**power) for power in range(3, 7))  # per thousand to per million
_MANY = 20
_FIRST_PART = 3  # a third; "a second of" is time
Understood = Callable[[Fraction], tuple[Reading, ...]]


def _as(dimension: str) -> Understood:
    return lambda value: (Reading(dimension, (value,)),)


def _lunar(value: Fraction) -> tuple[Reading, ...]:
    return (Reading("month", (value,), frozenset(["lunar"])),)


def _lunar_or_solar(value: Fraction) -> tuple[Reading, ...]:
    """A lunar month begins within the solar month of its number and ends in the one after."""
    solar = Reading("month", (value, value % LAST_MONTH + 1), frozenset(["solar"]))
    return (*_lunar(value), solar)


def _doubled(value: Fraction) -> tuple[Reading, ...]:
    """翻两番 is twice two times."""
    return (Reading("fold", (Fraction(2 ** round(min(value, Fraction(_MANY)))),)),)


# What each list under [quantities.said] of a language's file says.
SAID: dict[str, Understood] = {
    "quarter": _as("quarter"),
    "half_year": _as("half of a year"),
    "fold": _as("fold"),
    "fold_more": lambda value: (Reading("fold", (value, value + 1)),),
    "doublings": _doubled,
    "copies": lambda value: (*_as("copies")(value), *_as("fold")(value)),
    "lunar_month": _lunar,
    "month_of_lunar_calendar": _lunar_or_solar,
    "share": _as("share"),
    "part": lambda value: (Reading("share", (1 / value,)),),
    "dozens": lambda _: (),
    "kept_copies": _as("copies"),
    "ratio": _as("share"),
}


def sayings(skeleton: Skeleton) -> Found:
    """What the language's file lists under `said`."""
    for name, pattern, said in skeleton.phrases.said:
        for match in pattern.finditer(skeleton.text):
            mark = skeleton.mark(match["n"]) if said is None else None
            value = mark.value if mark else said or Fraction(0)
            if name == "part" and not (mark and mark.kind == "ordinal" and value >= _FIRST_PART):
                continue
            if name == "ratio":
                whole = skeleton.mark(match["m"]).value
                if whole not in _WHOLES:
                    continue
                value /= whole
            if value <= 0 or (mark and mark.kind in ("date", "percent", "currency") and "month" not in name):
                continue
            start, end, quantity = built(skeleton, match, mark, *SAID[name](value))
            figures = (value * _DOZEN,) if name == "dozens" else (value,)
            written = "figures" if quantity.written == "figures" else "words"
            counts = name in ("copies", "dozens")
            yield start, end, replace(quantity, figures=figures, written=written, counts=counts)
