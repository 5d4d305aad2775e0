"""What numbers measure: lengths and weights, spans of time, money, shares of a price, degrees."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from aligner.language.numerals.quantity import Quantity, Reading
from aligner.language.numerals.skeleton import Found, Mark, Skeleton, bare, built, loosely_written, scaled

_LOOSE_CURRENCY = "元"
_TEN, _DOZEN = 10, 12  # 十几遍 is a dozen times


def prices(skeleton: Skeleton) -> Found:
    """Discounts as what is paid, parts of one: 八折 and 20 % off are 0.8."""
    for name, patterns in skeleton.phrases.discount.items():
        for pattern in patterns:
            for match in pattern.finditer(skeleton.text):
                groups = match.groupdict()
                if name == "paid":
                    yield built(skeleton, match, None, Reading("paid", (Fraction(1, 2),)))
                elif name == "fold":
                    mark = skeleton.mark(groups["n"])
                    folds = mark.value * 10 + skeleton.mark(groups["d"]).value if groups["d"] else mark.value
                    share = folds / (10 if folds < 10 else 100)  # noqa: PLR2004 - 八折, 75折, 七五折
                    yield built(skeleton, match, mark, Reading("paid", (share,)))
                elif skeleton.mark(groups["p"]).kind == "percent":
                    mark = skeleton.mark(groups["p"])
                    share = mark.value / 100
                    reading = Reading("paid", (1 - share if name == "off" else share,))
                    start, end, quantity = built(skeleton, match, mark, reading)
                    yield start, end, replace(quantity, percent=True)


def temperatures(skeleton: Skeleton) -> Found:
    """Degrees of Celsius; those of Fahrenheit as both."""
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
                yield built(skeleton, match, mark, *readings)


def sums(skeleton: Skeleton) -> Found:
    """Money: the currency before or after, as a sign, a code or a word."""
    phrases = skeleton.phrases
    for match in phrases.signs.finditer(skeleton.text):
        mark = skeleton.mark(match["n"] or match["m"])
        sign = match["before"] or match["after"]
        yield built(skeleton, match, mark, _sum(mark, phrases.codes.get(sign, sign)))
    for pattern, codes in phrases.money:
        for match in pattern.finditer(skeleton.text):
            mark = skeleton.mark(match["n"])
            if mark.kind in ("date", "percent") and mark.written != "figures":
                continue
            if codes == _LOOSE_CURRENCY:
                codes = "CNY" if _is_mainland(skeleton.lang) else "CNY TWD HKD MOP"
            readings = [_sum(mark, "" if codes == "any" else codes)]
            if "LBS" in codes:
                readings.append(scaled("grams", mark.values, phrases.units["pound_weight"].value))
            yield built(skeleton, match, mark, *readings)


def _sum(mark: Mark, codes: str) -> Reading:
    return scaled("money", mark.values, Fraction(1), codes)


def _is_mainland(lang: str) -> bool:
    return not any(part in lang.lower() for part in ("hant", "tw", "hk", "mo"))


def measures(skeleton: Skeleton) -> Found:
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
    skeleton: Skeleton, match: re.Match[str], mark: Mark | None, values: tuple[Fraction, ...]
) -> tuple[int, int, Quantity]:
    phrases = skeleton.phrases
    name = next(name for name, found in match.groupdict().items() if found and name in phrases.units)
    unit = phrases.units[name]
    meant = [phrases.also[name, value] for value in values if (name, value) in phrases.also]
    if mark and mark.weak and mark.value == _TEN:
        meant.append(_DOZEN)
    reading = scaled(unit.dimension, (*values, *map(Fraction, meant)), unit.value)
    start, end, quantity = built(skeleton, match, mark, reading, loose=unit.loose)
    written = loosely_written(mark) if mark and name == "fold" else quantity.written  # mille fois
    return (
        start,
        end,
        replace(quantity, figures=values, written=written, counts=name == "copy" and written == "words"),
    )


def counts(skeleton: Skeleton) -> Found:
    """Small numbers in words that count things: 五个, three apples."""
    for pattern in skeleton.phrases.counts:
        for match in pattern.finditer(skeleton.text):
            mark = skeleton.mark(match["n"])
            if mark.kind == "number" and mark.written == "words" and mark.value >= 1:
                yield match.start("n"), match.end("n"), replace(bare(mark), counts=True)


def tails(skeleton: Skeleton) -> Found:
    """Digits after their unit: 一米七五, 三块五."""
    for match in skeleton.phrases.tail.finditer(skeleton.text):
        yield from _with_tail(skeleton, match)


def _with_tail(skeleton: Skeleton, match: re.Match[str]) -> Found:
    """一米七五, 三块五: the digits after the unit are its tenths and hundredths."""
    phrases = skeleton.phrases
    mark, *digits = (skeleton.mark(match[group]) for group in ("n", "d", "e") if match[group])
    if any(len(digit.text) > 1 or digit.written == "figures" for digit in digits):
        return
    value = mark.value + sum(digit.value / 10 ** (place + 1) for place, digit in enumerate(digits))
    name = {"米": "metre", "丈": "zhang", "尺": "chi", "斤": "jin"}.get(match["tail"])
    unit = phrases.units[name] if name else None
    reading = (
        scaled(unit.dimension, (value,), unit.value)
        if unit
        else scaled("money", (value,), Fraction(1), "CNY TWD HKD")
    )
    start, end, quantity = built(skeleton, match, mark, reading, loose=unit is not None and unit.loose)
    yield start, end, replace(quantity, figures=(value,), written="words")
