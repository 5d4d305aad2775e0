"""The quantities of a text: numbers with their units, times, dates, sums, shares, labels, in any notation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from aligner.language.numerals import numbers
from aligner.language.numerals.joined import hours_meant, merged, spread
from aligner.language.numerals.number import Number, narrowed
from aligner.language.numerals.phrases import (
    DAY_PARTS,
    FIRST_MARK,
    LAST_MARK,
    MARK,
    ClockPhrase,
    Phrases,
    phrases_of,
)
from aligner.language.numerals.quantity import Quantity, Reading
from aligner.language.tags import primary

_MARKS = re.compile(MARK)
_BLANK = "\ufffc"
_HOUR, _NOON, _DAY = 60, 720, 1440
_HALF_DAY = 12
_QUARTER, _FIVE = 15, 5
_LAST_MONTH, _LAST_DAY = 12, 31
_YEAR_FIGURES = 4
_TWICE = re.compile(rf"({MARK})\s?[(（]({MARK})[)）]")
# "A thousand pardons": a round number in words, of nothing that has a unit, is no count.
_HYPERBOLES = frozenset(Fraction(10**power) for power in range(2, 13))
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_LOOSE_CURRENCY = "元"
Found = Iterator[tuple[int, int, Quantity]]


@dataclass(frozen=True, slots=True)
class _Mark:
    """What one mark of the skeleton stands for."""

    start: int
    end: int
    text: str
    values: tuple[Fraction, ...]
    kind: str
    weak: bool

    @property
    def value(self) -> Fraction:
        return self.values[0]

    @property
    def written(self) -> str:
        if self.weak:
            return "weak"
        return "figures" if any(character.isdigit() for character in self.text) else "words"


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """A text whose numbers are one sign each: `origin` has the place of each sign in the text, and its end."""

    text: str
    origin: tuple[int, ...]
    marks: tuple[_Mark, ...]
    phrases: Phrases
    lang: str

    def mark(self, sign: str) -> _Mark:
        return self.marks[ord(sign) - FIRST_MARK]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where signs `[start, end)` stand in the text."""
        return self.origin[start], self.origin[end]


def quantities(text: str, lang: str) -> list[Quantity]:
    """The quantities of `text` in order of their place; `lang` is a BCP 47 tag.

    Languages without a data file give bare numbers. A clock time of two figures, a sum of hours and minutes
    and the like are one quantity with its parts.
    """
    language = primary(lang)
    phrases = phrases_of(language)
    plain = narrowed(text)
    if phrases is None:
        return [_bare(mark) for mark in _marks(plain, numbers(plain, lang), frozenset())[0]]
    plain = plain.translate(phrases.narrow)
    days, plain = _weekdays(plain, phrases)
    ordinals, plain = _ordinals(plain, phrases)
    counted = sorted([*numbers(plain, lang), *ordinals], key=lambda number: number.start)
    marks, unmarked = _marks(plain, counted, phrases.words)
    skeleton = _skeleton(plain, marks, phrases, lang)
    taken = [False] * len(skeleton.text)
    found: list[Quantity] = []
    for find in _FINDERS:
        for start, end, quantity in find(skeleton):
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                found.append(quantity)
    for match in _MARKS.finditer(skeleton.text):
        if not taken[match.start()]:
            found.append(_typed(skeleton.mark(match[0]), text))
    found += _contradicting(skeleton)
    found += [_bare(mark) for mark in marks[LAST_MARK - FIRST_MARK + 1 :]]
    found.sort(key=lambda quantity: quantity.start)
    return merged(spread(found, plain), plain, phrases) + [_bare(mark) for mark in unmarked] + days


def _weekdays(text: str, phrases: Phrases) -> tuple[list[Quantity], str]:
    """The days of the week, and the text without them (周五 holds no five)."""
    found = []
    for day, pattern in enumerate(phrases.weekdays, start=1):
        for match in pattern.finditer(text):
            reading = Reading("weekday", (Fraction(day),))
            found.append(Quantity(*match.span(), (), (reading,), "words"))
    for quantity in found:
        text = text[: quantity.start] + _BLANK * (quantity.end - quantity.start) + text[quantity.end :]
    return found, text


def _ordinals(text: str, phrases: Phrases) -> tuple[list[Number], str]:
    """Spelled and Roman ordinals, and the text without them."""
    found = []
    for match in phrases.ordinals.finditer(text):
        roman = match.groupdict().get("roman")
        value = _roman(roman) if roman else phrases.ordinal_words[match[0].lower()]
        found.append(Number(*match.span(), Fraction(value), "ordinal"))
        text = text[: match.start()] + _BLANK * len(match[0]) + text[match.end() :]
    return found, text


def _marks(text: str, found: Sequence[Number], kept_words: frozenset[str]) -> tuple[list[_Mark], list[_Mark]]:
    """Numbers that get a mark, each place once, and those whose words stay to be read."""
    marks: list[_Mark] = []
    words: list[_Mark] = []
    for number in found:
        written = text[number.start : number.end]
        if marks and (number.start, number.end) == (marks[-1].start, marks[-1].end):
            marks[-1] = replace(marks[-1], values=(*marks[-1].values, number.value))
            continue
        mark = _Mark(number.start, number.end, written, (number.value,), number.kind, number.weak)
        overlaps = bool(marks) and number.start < marks[-1].end
        (words if overlaps or written.lower() in kept_words else marks).append(mark)
    return marks, words


def _skeleton(text: str, marks: Sequence[_Mark], phrases: Phrases, lang: str) -> _Skeleton:
    pieces: list[str] = []
    origin: list[int] = []
    position = 0
    for index, mark in enumerate(marks[: LAST_MARK - FIRST_MARK + 1]):
        inside = mark.text[-2] if mark.text[-1:] == "半" and mark.text[-2:-1] in ("年", "天") else ""
        pieces += [_MARKS.sub(_BLANK, text[position : mark.start]), chr(FIRST_MARK + index), inside]
        origin += [*range(position, mark.start), mark.start, *([mark.end - 1] if inside else [])]
        position = mark.end
    pieces.append(_MARKS.sub(_BLANK, text[position:]))
    origin += range(position, len(text) + 1)
    return _Skeleton("".join(pieces), tuple(origin), tuple(marks), phrases, lang)


def _bare(mark: _Mark) -> Quantity:
    written = "weak" if mark.written == "words" and mark.value in _HYPERBOLES else mark.written
    return Quantity(mark.start, mark.end, mark.values, (), written, percent=mark.kind == "percent")


def _contradicting(skeleton: _Skeleton) -> Iterator[Quantity]:
    """The figures of "thirty (60) days", which repeat another number than the word's."""
    for match in _TWICE.finditer(skeleton.text):
        word, figure = (skeleton.mark(sign) for sign in match.groups())
        if (
            figure.written == "figures"
            and word.written == "words"
            and not set(word.values) & set(figure.values)
        ):
            yield _bare(figure)


def _typed(mark: _Mark, text: str) -> Quantity:
    """A number that no phrase claims, by what it is by itself: a share, a part of a date, or bare."""
    bare = _bare(mark)
    if mark.kind == "percent":
        factor = Fraction(1, 1000) if text[mark.end : mark.end + 1] == "‰" else Fraction(1, 100)
        return replace(bare, readings=(_scaled("share", mark.values, factor),))
    if mark.kind != "date":
        return bare
    if not any(character.isdigit() for character in mark.text) and mark.value <= _LAST_MONTH:
        return replace(bare, figures=mark.values, readings=(Reading("month", mark.values),))
    if len(mark.text) == _YEAR_FIGURES and mark.value > _LAST_DAY:
        return replace(bare, readings=(Reading("year", mark.values, factor=Fraction(1)),), loose=True)
    return replace(bare, readings=(Reading("day", mark.values),), loose=mark.value <= _LAST_MONTH)


def _scaled(dimension: str, values: tuple[Fraction, ...], factor: Fraction, units: str = "") -> Reading:
    return Reading(dimension, tuple(value * factor for value in values), frozenset(units.split()), factor)


def _built(
    skeleton: _Skeleton, match: re.Match[str], mark: _Mark | None, *readings: Reading, loose: bool = False
) -> tuple[int, int, Quantity]:
    """A quantity at `match` whose figure is `mark`'s (none: a word such as midday)."""
    start, end = skeleton.place(*match.span())
    figures = mark.values if mark else ()
    written = mark.written if mark else "weak"
    return *match.span(), Quantity(start, end, figures, readings, written, loose)


def _clock_times(skeleton: _Skeleton) -> Found:
    for phrase in skeleton.phrases.clock:
        for match in phrase.pattern.finditer(skeleton.text):
            time = _time(skeleton, phrase, match)
            if time:
                yield time
    for pattern, minutes in skeleton.phrases.clock_words:
        for match in pattern.finditer(skeleton.text):
            yield _built(skeleton, match, None, Reading("clock", (Fraction(minutes),)))


def _time(skeleton: _Skeleton, phrase: ClockPhrase, match: re.Match[str]) -> tuple[int, int, Quantity] | None:
    groups = match.groupdict()
    hour = skeleton.mark(groups["h"]) if groups.get("h") else None
    minute = skeleton.mark(groups.get("m") or groups["q"]) if groups.get("m") or groups.get("q") else None
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
    *place, quantity = _built(skeleton, match, hour, *readings, loose=phrase.loose and not shift)
    parts = tuple(_bare(each) for each in (hour, minute) if each)
    written = "figures" if any(each.written == "figures" for each in parts) else "words"
    composed = len(parts) > 1 or bool(shift)
    quantity = replace(
        quantity,
        written=written,
        figures=() if composed else quantity.figures,
        parts=parts if composed else (),
    )
    return place[0], place[1], quantity


def _labels(skeleton: _Skeleton) -> Found:
    for pattern in skeleton.phrases.labels:
        for match in pattern.finditer(skeleton.text):
            groups = match.groupdict()
            if groups.get("n"):
                mark = skeleton.mark(groups["n"])
                if mark.kind not in ("date", "percent", "currency"):
                    reading = Reading("label", mark.values, factor=Fraction(1))
                    yield _spelled(_built(skeleton, match, mark, reading))
                continue
            value = _roman(groups["roman"]) if groups.get("roman") else ord(groups["letter"]) - ord("A") + 1
            built = _built(skeleton, match, None, Reading("label", (Fraction(value),)))
            yield _spelled(built, Fraction(value)) if groups.get("roman") else built


def _spelled(built: tuple[int, int, Quantity], value: Fraction | None = None) -> tuple[int, int, Quantity]:
    """A label's number is no vague word, however small."""
    start, end, quantity = built
    figures = quantity.figures if value is None else (value,)
    written = "words" if quantity.written == "weak" else quantity.written
    return start, end, replace(quantity, written=written, figures=figures)


def _roman(numeral: str) -> int:
    values = [_ROMAN[letter] for letter in numeral]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _dates(skeleton: _Skeleton) -> Found:
    date, one = skeleton.phrases.date, Fraction(1)
    kinds: list[tuple[str, Callable[[tuple[Fraction, ...]], tuple[Reading, ...]]]] = [
        ("century_before", lambda n: (_scaled("century", n, -one),)),
        ("before_christ", lambda n: (_scaled("year", n, -one),)),
        ("century", lambda n: (_scaled("century", n, one),)),
        ("common_era", lambda n: (_scaled("year", n, one),)),
        ("years", lambda n: (_scaled("year", n, one),)),
        ("months", lambda n: (_scaled("month", n, one),)),
        ("days", lambda n: (_scaled("day", n, one), _scaled("seconds", n, Fraction(86400)), _scaled("label", n, one))),
        ("either", lambda n: (_scaled("year", n, one), _scaled("months", n, Fraction(12)))),
    ]  # fmt: skip
    for pattern, first in skeleton.phrases.eras:
        for match in pattern.finditer(skeleton.text):
            mark = skeleton.mark(match["n"])
            yield _built(skeleton, match, mark, Reading("year", (mark.value + first,)), loose=True)
    for name, readings in kinds:
        for pattern in date.get(name, ()):
            for match in pattern.finditer(skeleton.text):
                mark = skeleton.mark(match["n"])
                if mark.value.denominator == 1 and (name != "months" or mark.value <= _LAST_MONTH):
                    yield _built(skeleton, match, mark, *readings(mark.values))


def _figure_dates(skeleton: _Skeleton) -> Found:
    """2021-03-08 and 8/3/2021: where the year is first, the order is known."""
    for match in re.finditer(rf"({MARK})[-/.]({MARK})[-/.]({MARK})", skeleton.text):
        marks = [skeleton.mark(sign) for sign in match.groups()]
        if {mark.kind for mark in marks} != {"date"}:
            continue
        dimensions = (
            ("year", "month", "day") if marks[0].value > _LAST_DAY else ("day month", "day month", "year")
        )
        for at, (mark, dimension) in enumerate(zip(marks, dimensions, strict=True)):
            start = match.start(at + 1)
            readings = tuple(Reading(name, mark.values) for name in dimension.split())
            yield start, start + 1, replace(_bare(mark), readings=readings)


def _prices(skeleton: _Skeleton) -> Found:
    """Discounts as what is paid, parts of one: 八折 and 20 % off are 0.8."""
    for name, patterns in skeleton.phrases.discount.items():
        for pattern in patterns:
            for match in pattern.finditer(skeleton.text):
                groups = match.groupdict()
                if name == "paid":
                    yield _built(skeleton, match, None, Reading("paid", (Fraction(1, 2),)))
                elif name == "fold":
                    mark = skeleton.mark(groups["n"])
                    folds = mark.value * 10 + skeleton.mark(groups["d"]).value if groups["d"] else mark.value
                    share = folds / (10 if folds < 10 else 100)  # noqa: PLR2004 - 八折, 75折, 七五折
                    yield _built(skeleton, match, mark, Reading("paid", (share,)))
                elif skeleton.mark(groups["p"]).kind == "percent":
                    mark = skeleton.mark(groups["p"])
                    share = mark.value / 100
                    reading = Reading("paid", (1 - share if name == "off" else share,))
                    start, end, quantity = _built(skeleton, match, mark, reading)
                    yield start, end, replace(quantity, percent=True)


def _temperatures(skeleton: _Skeleton) -> Found:
    phrases = skeleton.phrases.temperature
    for name, sign in (("below", -1), ("above", 1)):
        for pattern in phrases[name]:
            for match in pattern.finditer(skeleton.text):
                mark = skeleton.mark(match["n"])
                if mark.kind not in ("number", "ordinal"):
                    continue
                degrees = sign * mark.value
                if phrases["fahrenheit"][0].search(match[0]):
                    readings = [Reading("temperature", ((degrees - 32) * 5 / 9,), frozenset("C"))]
                    readings.append(Reading("temperature", (degrees,), frozenset("F")))
                else:
                    scale = frozenset("C") if phrases["celsius"][0].search(match[0]) else frozenset("CF")
                    readings = [Reading("temperature", (degrees,), scale)]
                yield _built(skeleton, match, mark, *readings)


def _sums(skeleton: _Skeleton) -> Found:
    """Money: the currency before or after, as a sign, a code or a word."""
    phrases = skeleton.phrases
    for match in phrases.signs.finditer(skeleton.text):
        mark = skeleton.mark(match["n"] or match["m"])
        sign = match["before"] or match["after"]
        yield _built(skeleton, match, mark, _sum(mark, phrases.codes.get(sign, sign)))
    for pattern, codes in phrases.money:
        for match in pattern.finditer(skeleton.text):
            mark = skeleton.mark(match["n"])
            if mark.kind in ("date", "percent") and mark.written != "figures":
                continue
            if codes == _LOOSE_CURRENCY:
                codes = "CNY" if _is_mainland(skeleton.lang) else "CNY TWD HKD MOP"
            readings = [_sum(mark, "" if codes == "any" else codes)]
            if "LBS" in codes:
                readings.append(_scaled("grams", mark.values, phrases.units["pound_weight"].value))
            yield _built(skeleton, match, mark, *readings)


def _sum(mark: _Mark, codes: str) -> Reading:
    return _scaled("money", mark.values, Fraction(1), codes)


def _is_mainland(lang: str) -> bool:
    return not any(part in lang.lower() for part in ("hant", "tw", "hk", "mo"))


def _measures(skeleton: _Skeleton) -> Found:
    """Numbers with a unit, articles with one ("a year"), halves of one, words grown together with one."""
    phrases, text = skeleton.phrases, skeleton.text
    for match in phrases.counted.finditer(text):
        mark = skeleton.mark(match["n"])
        if mark.kind == "ordinal" or (mark.kind == "percent"):
            continue
        more = Fraction(1, 2) if match["more"] else Fraction(0)
        yield _measure(skeleton, match, mark, tuple(value + more for value in mark.values))
    for match in phrases.half_of.finditer(text):
        yield _measure(skeleton, match, None, (Fraction(1, 2),))
    for match in phrases.one_of.finditer(text):
        yield _measure(skeleton, match, None, (Fraction(3, 2) if match["more"] else Fraction(1),))
    for match in phrases.compound.finditer(text):
        value = phrases.cardinals[match["number"].lower()]
        start, end, quantity = _measure(skeleton, match, None, (value,))
        yield start, end, replace(quantity, written="words", figures=(value,))


def _measure(
    skeleton: _Skeleton, match: re.Match[str], mark: _Mark | None, values: tuple[Fraction, ...]
) -> tuple[int, int, Quantity]:
    phrases = skeleton.phrases
    name = next(name for name, found in match.groupdict().items() if found and name in phrases.units)
    unit = phrases.units[name]
    meant = [phrases.also[name, value] for value in values if (name, value) in phrases.also]
    reading = _scaled(unit.dimension, (*values, *map(Fraction, meant)), unit.value)
    start, end, quantity = _built(skeleton, match, mark, reading, loose=unit.loose)
    return start, end, replace(quantity, figures=values)


def _tails(skeleton: _Skeleton) -> Found:
    for match in skeleton.phrases.tail.finditer(skeleton.text):
        yield from _with_tail(skeleton, match)


def _with_tail(skeleton: _Skeleton, match: re.Match[str]) -> Found:
    """一米七五, 三块五: the digits after the unit are its tenths and hundredths."""
    phrases = skeleton.phrases
    mark, *digits = (skeleton.mark(match[group]) for group in ("n", "d", "e") if match[group])
    if any(len(digit.text) > 1 or digit.written == "figures" for digit in digits):
        return
    value = mark.value + sum(digit.value / 10 ** (place + 1) for place, digit in enumerate(digits))
    name = {"米": "metre", "丈": "zhang", "尺": "chi", "斤": "jin"}.get(match["tail"])
    unit = phrases.units[name] if name else None
    reading = (
        _scaled(unit.dimension, (value,), unit.value)
        if unit
        else _scaled("money", (value,), Fraction(1), "CNY TWD HKD")
    )
    start, end, quantity = _built(skeleton, match, mark, reading, loose=unit is not None and unit.loose)
    yield start, end, replace(quantity, figures=(value,), written="words")


_FINDERS: tuple[Callable[[_Skeleton], Found], ...] = (
    _prices, _temperatures, _figure_dates, _clock_times, _labels, _tails, _sums, _dates, _measures,
)  # fmt: skip
