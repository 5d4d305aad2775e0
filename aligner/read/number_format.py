"""A number of a workbook as its cell shows it: `15%`, `¥1,200`, `3.50 €`, `1.2E+06`, `2 1/4`.

ECMA-376 part 1, 18.8.31. What depends on the country of the machine, and conditions of its own (`[>=100]`), is left
to the caller.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from fractions import Fraction
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

# Text in quotation marks or after a backslash, a currency with its country, room for a character, a colour.
_LITERAL = re.compile(
    r'"([^"]*)"|\\(.)|\[\$([^\]-]*)(?:-[^\]]*)?\]|_.|\*.|\[(?:[A-Za-z]+|Color ?\d+)\]', re.I
)
_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])+|(?<=;)(?=;|$)')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*,*)?(?P<exponent>E[+-][#0?]+)?|\.[#0?]+,*")
_FRACTION = re.compile(r"(?P<whole>[#0?]+ +)?[#?0]+ ?/ ?(?P<below>[#?0]+|\d+)")
# Signs of dates, of General and of text; square brackets that are left are conditions.
_UNKNOWN = re.compile(r"[/GgdmyhsDMYHSaA@\[\]]")
# More digits than a spreadsheet can store would only fill memory.
_MOST_PLACES, _PRECISION = 30, 400


class _Section(NamedTuple):
    """A part of a format: the text around its number, and how the number is written."""

    before: str
    digits: str
    after: str
    scale: int


def shown(value: float, number_format: str) -> str | None:
    """The number as a cell with this format shows it; None where the format is general or not understood."""
    if not isfinite(value) or number_format.strip().lower() in ("", "general", "@"):
        return None
    sections = _SECTION.findall(number_format)
    is_negative, is_zero = value < 0 and len(sections) > 1, value == 0 and len(sections) > 2  # noqa: PLR2004
    section = _section(sections[1 if is_negative else 2 if is_zero else 0] if sections else "")
    if section is None:
        return None
    number = Fraction(Decimal(repr(value))) * section.scale
    written = _written(abs(number) if is_negative else number, section.digits) if section.digits else ""
    if written is None:
        return None
    # The minus stands before a currency, too.
    minus = "-" if written.startswith("-") and section.before else ""
    return f"{minus}{section.before}{written.removeprefix('-') if minus else written}{section.after}".strip()


@lru_cache(maxsize=256)
def _section(text: str) -> _Section | None:
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(next((part for part in match.groups() if part), ""))
        return chr(0xE000 + len(literals) - 1)

    if len(text) > len(bytes(256)):
        return None
    bare = _LITERAL.sub(keep, text)
    found = _FRACTION.search(bare) or _DIGITS.search(bare)
    start, end = found.span() if found else (len(bare), len(bare))
    before, digits, after = bare[:start], bare[start:end], bare[end:]
    if _UNKNOWN.search(before + after) or _DIGITS.search(after):
        return None
    scale = 100 ** (before + after).count("%")
    return _Section(_restored(before, literals), digits, _restored(after, literals), scale)


def _restored(bare: str, literals: list[str]) -> str:
    return "".join(
        literals[ord(sign) - 0xE000] if 0 <= ord(sign) - 0xE000 < len(literals) else sign for sign in bare
    )


def _written(number: Fraction, digits: str) -> str | None:
    if match := _FRACTION.fullmatch(digits):
        return _as_fraction(number, match)
    digits, _, exponent = digits.partition("E")
    try:
        with localcontext() as context:
            context.prec = _PRECISION
            value = Decimal(number.numerator) / Decimal(number.denominator)
            return _as_power(value, digits, exponent) if exponent else _as_decimal(value, digits)
    except InvalidOperation:
        return None


def _as_decimal(value: Decimal, digits: str) -> str | None:
    whole, _, decimals = digits.partition(".")
    bare = whole.rstrip(",")
    # A comma at the end, of the decimals too, divides by a thousand.
    value = value.scaleb(-3 * (len(whole) - len(bare) + decimals.count(",")))
    decimals = decimals.rstrip(",")
    least, places = bare.count("0"), len(decimals)
    if max(len(bare), places) > _MOST_PLACES:
        return None
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    sign, text = ("-", f"{-rounded:f}") if rounded < 0 else ("", f"{abs(rounded):f}")
    units, _, parts = text.partition(".")
    units = ("" if units == "0" and not least and parts.strip("0") else units).zfill(least)
    if "," in bare:
        units = f"{int(units or 0):,}"
    kept = len(decimals.rstrip("#?"))
    parts = parts[:kept] + parts[kept:].rstrip("0")
    return f"{sign}{units}.{parts}" if parts else sign + units


def _as_power(value: Decimal, digits: str, exponent: str) -> str | None:
    power = value.adjusted() if value else 0
    front = _as_decimal(value.scaleb(-power), digits)
    if front and abs(Decimal(front)) >= 10:  # noqa: PLR2004 - 9.99 was rounded up
        power += 1
        front = _as_decimal(value.scaleb(-power), digits)
    sign = "-" if power < 0 else "+" if exponent.startswith("+") else ""
    return f"{front}E{sign}{str(abs(power)).zfill(exponent.count('0'))}" if front else None


def _as_fraction(number: Fraction, match: re.Match[str]) -> str | None:
    below = match["below"]
    sign, number = ("-", -number) if number < 0 else ("", number)
    whole = int(number) if match["whole"] else 0
    rest = number - whole
    if below.isdigit() and below.strip("0"):
        part = (round(rest * int(below)), int(below))
    else:
        near = rest.limit_denominator(10 ** min(len(below), 4) - 1)
        part = (near.numerator, near.denominator)
    if part[0] and part[0] == part[1] and match["whole"]:
        whole, part = whole + 1, (0, 1)
    units = str(whole) if whole or not part[0] else ""
    return sign + " ".join(filter(None, [units, f"{part[0]}/{part[1]}" if part[0] else ""]))
