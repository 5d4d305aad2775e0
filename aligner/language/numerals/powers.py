"""Powers of ten: 10³, 2.5 × 10⁻⁶, 10^3, 10的3次方."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from aligner.language.numerals.number import Number

_SIGNS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−", "0123456789-+-")
_POWER = re.compile(
    r"(?<![0-9A-Za-z.,])(?:(?P<times>[0-9]{1,15}(?:[.,][0-9]{1,15})?)\s?[×x·*]\s?)?10"
    r"(?:(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})|\^(?P<caret>[-+−]?[0-9]{1,2})|的(?P<said>[0-9]{1,2})次[方幂])"
    "(?![0-9⁰¹²³⁴⁵⁶⁷⁸⁹])",
)


def powers(text: str) -> Iterator[Number]:
    """The powers of ten in `text`, in order. Another raised figure may call a note: 1998² is 1998."""
    for match in _POWER.finditer(text):
        exponent = int((match["raised"] or match["caret"] or match["said"]).translate(_SIGNS))
        times = Fraction((match["times"] or "1").replace(",", "."))
        yield Number(match.start(), match.end(), times * Fraction(10) ** exponent)
