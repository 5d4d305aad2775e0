"""Numbers in a text, whatever notation: 626.97万, 6.2697 million and 6,269,700 have one value."""

from __future__ import annotations

import re

from aligner.language.numerals.han import find_han
from aligner.language.numerals.latin import find_dates, find_latin
from aligner.language.numerals.number import Number, code_spans, narrowed
from aligner.language.tags import primary

__all__ = ["KINDS", "Number", "numbers", "same_quantity"]

_HAN_LANGUAGES = frozenset({"zh", "ja", "yue", "lzh"})

_FIGURES = re.compile(r"[0-9]")


def numbers(text: str, lang: str) -> list[Number]:
    """The numbers of `text` in order of their place; `lang` is a BCP 47 tag.

    Numbers inside names and addresses (COVID-19, 747-400, www.163.com) are left out, and so are Roman
    numerals. Languages without tables of their own get figures, with the decimal comma where the language
    writes one.
    """
    plain = narrowed(text)
    language = primary(lang)
    if language not in _HAN_LANGUAGES:
        return find_latin(plain, language)
    taken: list[tuple[int, int]] = []
    dates: list[Number] = []
    if _FIGURES.search(plain):
        taken = code_spans(plain)
        dates = find_dates(plain, taken)
        taken += [(number.start, number.end) for number in dates]
    han = [n for n in find_han(plain) if not any(s < n.end and n.start < e for s, e in taken)]
    return sorted([*dates, *han], key=lambda number: number.start)
