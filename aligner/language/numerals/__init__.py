"""Numbers in a text, whatever notation: 626.97万, 6.2697 million and 6,269,700 have one value."""

from __future__ import annotations

import re

from aligner.language.numerals.figured import find_dates
from aligner.language.numerals.han import find_han
from aligner.language.numerals.latin import find_latin
from aligner.language.numerals.number import KINDS, Number, Taken, code_spans, narrowed, same_quantity
from aligner.language.numerals.powers import powers
from aligner.language.tags import primary

__all__ = ["KINDS", "Number", "numbers", "same_quantity"]

_HAN_LANGUAGES = frozenset({"zh", "ja", "yue", "lzh"})

_FIGURES = re.compile(r"[0-9]")

# Longer runs of figures are keys, checksums or noise; Python refuses to read 4,301 digits at once.
_ENDLESS = re.compile("(?:[0-9〇零一二三四五六七八九][,，.'’\u00a0\u202f ]?){100,}|[百千万萬亿億兆]{20,}")

_LARGEST = 10**100


def numbers(text: str, lang: str) -> list[Number]:
    """The numbers of `text` in order of their place; `lang` is a BCP 47 tag.

    Numbers inside names and addresses (COVID-19, 747-400, www.163.com) are left out, and so are Roman
    numerals. Languages without tables of their own get figures, with the decimal comma where the language
    writes one.
    """
    plain = _ENDLESS.sub(_blank, narrowed(text))
    raised = list(powers(plain)) if "10" in plain else []
    for power in raised:
        plain = plain[: power.start] + " " * (power.end - power.start) + plain[power.end :]
    return sorted([*raised, *_plain_numbers(plain, primary(lang))], key=lambda number: number.start)


def _blank(run: re.Match[str]) -> str:
    return " " * len(run[0])


def _plain_numbers(plain: str, language: str) -> list[Number]:
    if language not in _HAN_LANGUAGES:
        return [number for number in find_latin(plain, language) if number.value < _LARGEST]
    spans: list[tuple[int, int]] = []
    dates: list[Number] = []
    if _FIGURES.search(plain):
        spans = code_spans(plain)
        dates = find_dates(plain, spans)
    taken = Taken([*spans, *((number.start, number.end) for number in dates)])
    han = [
        number
        for number in find_han(plain)
        if number.value < _LARGEST and not taken.overlaps(number.start, number.end)
    ]
    return [*dates, *han]
