"""What a numeral in a text says: the noun, digits in any notation, and what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log10

KINDS = ("number", "percent", "date", "ordinal", "currency")

# One for one, so that offsets survive: full-width digits and signs.
_NARROW = str.maketrans("０１２３４５６７８９％．＄￥－", "0123456789%.$¥-")

VULGAR = {
    "½": Fraction(1, 2),
    "¼": Fraction(1, 4),
    "¾": Fraction(3, 4),
    "⅓": Fraction(1, 3),
    "⅔": Fraction(2, 3),
}

CURRENCY_SIGNS = "$€£¥₽₩₹฿"


@dataclass(frozen=True, slots=True)
class Number:
    """Characters `[start, end)` say `value`; `kind` is one of `KINDS` and `weak` means it may not be a
    quantity.

    A percentage has the value of its figure (38 of 38 %). A date is one `Number` for each of year, month and
    day. A weak number (一, one, half, second) is never missed by a reader when it is gone.
    """

    start: int
    end: int
    value: Fraction
    kind: str = "number"
    weak: bool = False

    @property
    def key(self) -> str:
        """The value as a short text, the same in every language: `6269700`, `0.5`, `0.333333`."""
        if self.value.denominator == 1:
            return str(self.value.numerator)
        return f"{float(self.value):.6g}"


def narrowed(text: str) -> str:
    """`text` with full-width digits and signs as ASCII ones; the length is kept."""
    return text.translate(_NARROW)


# Two figures that keep this many digits when rounded are one quantity: 6.27 million for 6,269,700.
_DIGITS_KEPT = 2

_DECADE_LAST, _CENTURY = 99, 100

_EARLIEST_YEAR, _LATEST_YEAR = 1000, 2100


def same_quantity(left: Fraction, right: Fraction) -> bool:
    """Whether a careful translator may have written one value for the other.

    Equal, or the shorter figure is the longer one rounded or cut to its own digits (two at least), or one
    is a year of four digits and the other its last two, a decade.
    """
    if left == right:
        return True
    if left <= 0 or right <= 0:
        return False
    large, small = max(left, right), min(left, right)
    if small <= _DECADE_LAST and _EARLIEST_YEAR <= large <= _LATEST_YEAR and large % _CENTURY == small:
        return True
    if large > small * Fraction(11, 10):
        return False
    short, long = sorted((left, right), key=_significant)
    digits = max(_DIGITS_KEPT, _significant(short))
    if all(_EARLIEST_YEAR <= value <= _LATEST_YEAR for value in (left, right)) and digits > _DIGITS_KEPT:
        return False  # 2020 is not 2021 rounded
    place = Fraction(10) ** (_magnitude(long) - digits + 1)
    return abs(long - short) < place and (
        round(long / place) * place == short or long // place * place == short
    )


def _magnitude(value: Fraction) -> int:
    """The power of ten of the first digit."""
    return floor(log10(value))


def _significant(value: Fraction) -> int:
    """How many digits `value` has without the zeros around them."""
    return len(f"{float(value):.10g}".partition("e")[0].replace(".", "").strip("0")) or 1


# Arabic digits: groups of three, then a decimal part. A full-width comma groups in Chinese typesetting too.
POINT_LITERAL = r"(?:(?:\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<![\w.])\.\d+)"

# Where the comma is the decimal sign, groups are set apart by a point, a blank or an apostrophe.
COMMA_LITERAL = r"(?:\d{1,3}(?:[.'’\u00a0\u202f ]\d{3})+(?!\d)|\d+)(?:[,.]\d+)?"


def literal_value(literal: str, *, comma_decimal: bool) -> Fraction:
    """The value of a run of Arabic digits as the two patterns above find it."""
    if not comma_decimal:
        return Fraction(re.sub("[,，]", "", literal))
    if re.fullmatch(r"\d{1,3}(?:[.'’\u00a0\u202f ]\d{3})+(?:,\d+)?", literal):
        whole, _, decimals = literal.partition(",")
        return Fraction(re.sub(r"\D", "", whole) + ("." + decimals if decimals else ""))
    return Fraction(literal.replace(",", "."))


# Digits that are part of a name or an address are not quantities: COVID-19, H1N1, 747-400, www.163.com, 3D.
_CODE = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![A-Za-z0-9])(?:[A-Za-z]*[A-Z][A-Za-z]*-?\d[A-Za-z0-9]*(?:-[A-Za-z0-9]+)*|\d+(?:[A-Z]{1,2}[A-Za-z0-9]*(?!\w)|-[a-z]+[A-Z]\w*|-[A-Z]{1,2}\b))"
    r"|\b\d+(?:\.\d+){2,}\b|\b[\w-]+\.(?:com|org|net|cn|gov|edu)\b|\b\d{3,4}-\d{3}\b(?=ER|F|\b)",
    re.ASCII,
)

_MONEY_OR_SCALE = re.compile(r"(?:[A-Z]{1,2}[$€£¥]|RMB|CNY|USD|EUR|GBP|CHF)\d[\d.,]*|\d+[MBK]", re.ASCII)

_DATE_LIKE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{1,3}(?:\.\d{3})+", re.ASCII)


def code_spans(text: str) -> list[tuple[int, int]]:
    """Stretches of `text` whose digits belong to a name, a product or an address."""
    return [
        match.span()
        for match in _CODE.finditer(text)
        if any(c.isdigit() for c in match[0])
        and not _MONEY_OR_SCALE.fullmatch(match[0])
        and not _DATE_LIKE.fullmatch(match[0])
    ]
