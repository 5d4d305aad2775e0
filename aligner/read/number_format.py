"""A number of a workbook as its cell shows it: `15%`, `¥1,200`, `3.50 €`, by the commoner parts of number formats.

ECMA-376 part 1, 18.8.31. Formats with fractions, exponents or scaling, and those of dates, are left to the caller.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)(?:-[^\]]*)?\]|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]+)?")
_UNKNOWN = re.compile(r"[/EeGgdmyhsDMYHS@]")


def shown(value: float, number_format: str) -> str | None:
    """The number as a cell with this format shows it; None where the format is general or not understood."""
    sections = number_format.split(";")
    is_negative = value < 0 and len(sections) > 1 and bool(sections[1])
    section = sections[1] if is_negative else sections[0]
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(next((part for part in match.groups() if part), ""))
        return f"\ue000{chr(0xE001 + len(literals) - 1)}"

    bare = _LITERAL.sub(keep, section)
    digits = _DIGITS.search(bare)
    if digits is None or _UNKNOWN.search(bare) or len(_DIGITS.findall(bare)) > 1:
        return None
    scale = 100 if "%" in bare else 1
    written = _written(abs(value) * scale if is_negative else value * scale, digits[0])
    text = bare[: digits.start()] + written + bare[digits.end() :]
    for number, literal in enumerate(literals):
        text = text.replace(f"\ue000{chr(0xE001 + number)}", literal)
    return text.strip()


def _written(value: float, digits: str) -> str:
    whole, _, decimals = digits.partition(".")
    places = Decimal(1).scaleb(-len(decimals))
    rounded = Decimal(repr(value)).quantize(places, rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    optional = len(decimals) - len(decimals.rstrip("#"))
    while optional and text.endswith("0") and "." in text:
        text, optional = text[:-1], optional - 1
    return text.rstrip(".") if "." in text else text
