"""The quantities of a text: numbers with their units, times, dates, sums, shares, labels, in any notation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from aligner.language.numerals import numbers
from aligner.language.numerals.calendar import dated
from aligner.language.numerals.clock import clock_times
from aligner.language.numerals.dates import dates, figure_dates, labels, roman
from aligner.language.numerals.joined import merged, spread
from aligner.language.numerals.measures import counts, measures, prices, sums, tails, temperatures
from aligner.language.numerals.number import Number, Taken, narrowed
from aligner.language.numerals.phrases import FIRST_MARK, LAST_MARK, MARK, Phrases, phrases_of
from aligner.language.numerals.quantity import Quantity, Reading
from aligner.language.numerals.sayings import sayings
from aligner.language.numerals.skeleton import (
    BLANK,
    LAST_DAY,
    LAST_MONTH,
    MARKS,
    Found,
    Mark,
    Skeleton,
    bare,
    marks_of,
    scaled,
    skeleton_of,
)
from aligner.language.tags import primary

_YEAR_FIGURES = 4
_VAGUE_ORDINAL = 10  # Spelled ordinals up to it are other words too: achten, second.
_TWICE = re.compile(rf"({MARK})\s?[(（]({MARK})[)）]")


def quantities(text: str, lang: str) -> list[Quantity]:
    """The quantities of `text` in order of their place; `lang` is a BCP 47 tag.

    Languages without a data file give bare numbers. A clock time of two figures, a sum of hours and minutes
    and the like are one quantity with its parts.
    """
    language = primary(lang)
    phrases = phrases_of(language)
    plain = narrowed(text)
    if phrases is None:
        return [bare(mark) for mark in marks_of(plain, numbers(plain, lang), frozenset())[0]]
    plain = plain.translate(phrases.narrow)
    days, plain = _weekdays(plain, phrases)
    ordinals, plain = _ordinals(plain, phrases)
    counted = sorted([*numbers(plain, lang), *ordinals], key=lambda number: number.start)
    marks, unmarked = marks_of(plain, counted, phrases.words, phrases.firm)
    skeleton = skeleton_of(plain, marks, phrases, lang)
    taken = [False] * len(skeleton.text)
    found: list[Quantity] = []
    for find in _FINDERS:
        for start, end, quantity in find(skeleton):
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                found.append(quantity)
    for match in MARKS.finditer(skeleton.text):
        if not taken[match.start()]:
            found.append(_typed(skeleton.mark(match[0]), text, phrases))
    found += _contradicting(skeleton)
    found += [bare(mark) for mark in marks[LAST_MARK - FIRST_MARK + 1 :]]
    found.sort(key=lambda quantity: quantity.start)
    said = Taken((quantity.start, quantity.end) for quantity in found)
    return (
        merged(dated(spread(found, plain), plain), plain, phrases)
        + [_typed(mark, text, phrases) for mark in unmarked if not said.overlaps(mark.start, mark.end)]
        + days
    )


def _weekdays(text: str, phrases: Phrases) -> tuple[list[Quantity], str]:
    """The days of the week, and the text without them (周五 holds no five)."""
    found = []
    for day, pattern in enumerate(phrases.weekdays, start=1):
        for match in pattern.finditer(text):
            reading = Reading("weekday", (Fraction(day),))
            found.append(Quantity(*match.span(), (), (reading,), "words"))
    for quantity in found:
        text = text[: quantity.start] + BLANK * (quantity.end - quantity.start) + text[quantity.end :]
    return found, text


def _ordinals(text: str, phrases: Phrases) -> tuple[list[Number], str]:
    """Spelled and Roman ordinals, and the text without them."""
    found = []
    for match in phrases.ordinals.finditer(text):
        numeral = match.groupdict().get("roman")
        value = roman(numeral) if numeral else phrases.ordinal_words[match[0].lower()]
        weak = not numeral and value <= _VAGUE_ORDINAL
        found.append(Number(*match.span(), Fraction(value), "ordinal", weak))
        text = text[: match.start()] + BLANK * len(match[0]) + text[match.end() :]
    return found, text


def _contradicting(skeleton: Skeleton) -> Iterator[Quantity]:
    """The figures of "thirty (60) days", which repeat another number than the word's."""
    for match in _TWICE.finditer(skeleton.text):
        word, figure = (skeleton.mark(sign) for sign in match.groups())
        if (
            figure.written == "figures"
            and word.written == "words"
            and not set(word.values) & set(figure.values)
        ):
            yield bare(figure)


def _typed(mark: Mark, text: str, phrases: Phrases) -> Quantity:
    """A number that no phrase claims, by what it is by itself: a share, a part of a date, or bare."""
    plain = bare(mark)
    if mark.kind == "percent":
        factor = Fraction(1, 1000) if text[mark.end : mark.end + 1] == "‰" else Fraction(1, 100)
        return replace(plain, readings=(scaled("share", mark.values, factor),))
    if mark.kind == "ordinal":
        return replace(plain, readings=(Reading("label", mark.values, factor=Fraction(1)),))
    if mark.kind == "number" and mark.written != "figures" and mark.value < 1:
        share = scaled("share", mark.values, Fraction(1))
        return replace(plain, readings=(share, *_as_unit(mark, phrases)))
    if mark.kind != "date":
        return plain
    if not any(character.isdigit() for character in mark.text) and mark.value <= LAST_MONTH:
        return replace(plain, figures=mark.values, readings=(Reading("month", mark.values),))
    if len(mark.text) == _YEAR_FIGURES and mark.value > LAST_DAY:
        return replace(plain, readings=(Reading("year", mark.values, factor=Fraction(1)),), loose=True)
    return replace(plain, readings=(Reading("day", mark.values),), loose=mark.value <= LAST_MONTH)


def _as_unit(mark: Mark, phrases: Phrases) -> Iterator[Reading]:
    """Three quarters are three fourths of anything, or nine months."""
    word = mark.text.split()[-1].lower()
    if word in phrases.part_units:
        parts, unit = phrases.part_units[word]
        yield scaled(unit.dimension, mark.values, unit.value * parts)


_FINDERS: tuple[Callable[[Skeleton], Found], ...] = (
    sayings, prices, temperatures, figure_dates, clock_times, labels, tails, sums, dates, measures, counts,
)  # fmt: skip
