"""Raised and lowered text (exponents, indices, fractions, numbers of notes) as plain characters.

A page's `10³` is no 103, its `1998²` no 19982 and its `H₂O` no word `H2O`: where Unicode has the raised
characters they are written, on record as a repair. What can only be the number of a note goes, on record.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import regex

from aligner.read.reading import Writing

LEAST_MOVED = 4
"""Half-points off the line, in which Word and RTF count; less sets a letter straight."""

# Longer than this it is no exponent, index or number of a note.
LONGEST = 12

_RAISED = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_RAISED_LETTER = dict(zip("abcdefghijklmnoprstuvwxyzT", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ", strict=True))
_LOWERED_LETTER = dict(zip("aeioruvxhklmnpst", "ₐₑᵢₒᵣᵤᵥₓₕₖₗₘₙₚₛₜ", strict=True))
_ORDINAL = {"o": "º", "a": "ª"}
_SIGN = {"TM": "™", "SM": "℠"}

# `[1]`, `(2)`, `注3` and lists such as `1,2`: numbers of notes wherever they stand.
_NOTE = re.compile(
    r"[\[［〔【]\s*\w{1,4}\s*[\]］〕】]|[（(]?[注註]\s?\d{0,3}[)）]?|\d{1,3}(?:\s?[,，、;–]\s?\d{1,3})+"
)
_NUMBER = re.compile(r"\d{1,3}")
# A number raised right behind these counts notes. A closing bracket may be that of a power.
_AFTER_TEXT = regex.compile(r"[\p{Sentence_Terminal},;:，；：、”’」』》\"…]$")
_BEFORE_TEXT = regex.compile(r"$|[\s\p{P}\p{Han}\p{Kana}\p{Hira}]")
_ONE_LETTER = regex.compile(r"(?<!\p{L})\p{L}$")
_FRACTION = re.compile("([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})[/⁄∕]([₀₁₂₃₄₅₆₇₈₉]{1,4})")
_VULGAR = {unicodedata.normalize("NFKC", character): character for character in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"}


class Written(NamedTuple):
    """What is written for a raised or lowered text, empty where it goes, and the rule that says so."""

    text: str
    rule: str


def write_raised(text: str, before: str, after: str) -> Written | None:
    """What a superscript `text` between `before` and `after` becomes; None where it stays as it is, as in 5th."""
    plain = _plain(text)
    if _NOTE.fullmatch(unicodedata.normalize("NFKC", text.strip())):
        return Written("", "note-reference")
    if _NUMBER.fullmatch(plain) and _AFTER_TEXT.search(before) and _BEFORE_TEXT.match(after):
        return Written("", "note-reference")
    written = _SIGN.get(plain) or _raised_letter(plain, before, after) or _mapped(plain, _RAISED, "^")
    return Written(written, "superscript") if written else None


def write_lowered(text: str) -> Written | None:
    """What a subscript `text` becomes; None where it stays as it is."""
    plain = _plain(text)
    written = _LOWERED_LETTER.get(plain) or _mapped(plain, _LOWERED, "_")
    return Written(written, "superscript") if written else None


def put(out: Writing, found: str, written: Written | None) -> None:
    """Add `found` to `out`, or what is written for it, on record."""
    if written is None:
        out.keep(found)
    elif written.text:
        out.repair(found, written.text, written.rule)
    else:
        out.drop(found, written.rule)


def fractions(text: str) -> Iterator[tuple[int, int, str]]:
    """Places where a raised and a lowered number with a slash between them are one fraction."""
    for match in _FRACTION.finditer(text):
        above, below = (unicodedata.normalize("NFKC", part) for part in match.groups())
        yield match.start(), match.end(), _VULGAR.get(f"{above}⁄{below}", f"{match[1]}⁄{match[2]}")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text.strip()).replace("−", "-").replace("–", "-")


def _raised_letter(plain: str, before: str, after: str) -> str:
    if len(plain) != 1 or not plain.isalpha():
        return ""
    if plain in _ORDINAL and (before[-1:].isdecimal() or before[-1:] in (".", "n", "N")):
        return "°" if plain == "o" and re.match(r"\s?[CF]\b", after) else _ORDINAL[plain]
    is_power = bool(_ONE_LETTER.search(before)) or before[-1:] in (")", "]") or _AFTER_TEXT.search(before)
    return _RAISED_LETTER.get(plain, "") if is_power or (plain == "n" and before[-1:].isdecimal()) else ""


def _mapped(plain: str, table: dict[str, str], sign: str) -> str:
    """`plain` in the characters of `table`; where some are missing there, behind `sign`. Words stay."""
    if not any(character.isdecimal() for character in plain) and not (plain and set(plain) <= set("+-")):
        return ""
    if all(character in table for character in plain):
        return "".join(table[character] for character in plain)
    return f"{sign}({plain})"
