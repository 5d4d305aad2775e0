"""How common Chinese words and characters are, and how characters are read.

The tables are derived from other people's (aligner/data/README.md), small, and loaded when first asked. They
are in simplified Chinese; traditional characters are looked up in their simplified form.
"""

from __future__ import annotations

import lzma
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import regex

LONGEST_WORD = 4

# Costs in nats of what the tables don't hold. Punctuation and Latin are what a page of news shows (one full
# stop in thirty characters); a Han character the dictionary lacks is rarer than its rarest one (e**-14).
UNLISTED_WORD = 2.0

UNSEEN_PAIR = 1.4  # the weight left for pairs the table lacks is a quarter: -ln 0.25

UNKNOWN_HAN = 16.0

UNKNOWN = 11.0

_OTHERS = {
    "，": 3.0, ",": 3.0, "。": 3.5, "、": 4.0, "“": 5.0, "”": 5.0, "：": 5.5, ":": 5.5, "；": 6.0, ";": 6.0,
    "（": 6.0, "）": 6.0, "《": 6.0, "》": 6.0, "？": 6.0, "！": 6.0, "…": 6.5, "—": 6.0, "\n": 4.0, " ": 6.0,
}  # fmt: skip

_DIGIT_OR_LATIN = 6.0

_HAN = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))  # with the planes of rare ideographs

# More than a text has; each is asked for again and again where readings of lost bytes are weighed.
_CHARACTERS_KEPT = 1 << 14

_FULL_WIDTH = str.maketrans(",!?:;()", "，！？：；（）")


class Costs(NamedTuple):
    """Minus the natural logarithm of the share of each word among words, in nats.

    A pair's share is that of its second character among all that follow its first.
    """

    words: dict[str, float]
    pairs: dict[str, float]


@cache
def costs() -> Costs:
    """The frequency table: 132,000 words of up to four characters, 166,000 pairs; takes a tenth of a second to load."""
    words: dict[str, float] = {}
    pairs: dict[str, float] = {}
    for line in _table("words_zh.txt.xz"):
        kind, cost, *entries = line.split(" ")
        if kind == "w":
            words.update(dict.fromkeys(entries, int(cost) / 10))
        else:
            value = int(cost) / 10
            pairs.update((group[0] + second, value) for group in entries for second in group[1:])
    return Costs(words, pairs)


@cache
def _characters() -> dict[str, float]:
    """What each character costs, as `Costs` tells of words."""
    found: dict[str, float] = {}
    for line in _table("characters_zh.txt.xz"):
        cost, entries = line.split(" ")
        found.update(dict.fromkeys(entries, int(cost) / 10))
    return found


@cache
def _readings() -> dict[str, frozenset[str]]:
    return {
        syllable: frozenset(han) for syllable, han in (line.split(" ") for line in _table("pinyin.txt.xz"))
    }


def _table(name: str) -> list[str]:
    packed = (files("aligner") / "data" / name).read_bytes()
    return lzma.decompress(packed).decode("utf-8").splitlines()


@cache
def _simplified() -> dict[int, str]:
    """Traditional to simplified, character by character: good enough to look a word up."""
    table = (files("opencc") / "dictionary" / "TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    first = ((old, new.split(" ")[0]) for old, new in pairs)
    return {ord(old): new for old, new in first if len(old) == len(new) == 1}


def simplify(text: str) -> str:
    """`text` with each traditional character in its simplified form, for comparison only; length is kept."""
    return text.translate(_simplified())


def is_word(word: str) -> bool:
    """Whether the table lists `word`, simplified or traditional."""
    return simplify(word) in costs().words


@lru_cache(maxsize=_CHARACTERS_KEPT)
def is_han(character: str) -> bool:
    """Whether `character` is a Han ideograph (compatibility ideographs too)."""
    point = ord(character)
    return any(first <= point <= last for first, last in _HAN)


def is_syllable(syllable: str) -> bool:
    """Whether `syllable` (without tone marks) is the reading of any character."""
    return syllable in _readings()


def is_reading(character: str, syllable: str) -> bool:
    """Whether `character` can be read `syllable` (without tone marks)."""
    return character in _readings().get(syllable, ())


@lru_cache(maxsize=_CHARACTERS_KEPT)
def character_cost(character: str) -> float:
    """Minus the logarithm of how common `character` is in Chinese text, in nats: 4 for 的, 12 for 谌."""
    if is_han(character):
        known = _characters()
        return known.get(character) or known.get(character.translate(_simplified()), UNKNOWN_HAN)
    if character in _OTHERS:
        return _OTHERS[character]
    return _DIGIT_OR_LATIN if character.isascii() and character.isalnum() else UNKNOWN


def text_cost(text: str) -> float:
    """Minus the logarithm of how likely `text` is as Chinese, in nats.

    The mean of two models: words on their own, and each character after the one before it.
    """
    simple = regex.sub("[A-Za-z0-9]+", "0", simplify(text))
    return (_word_cost(simple) + _pair_cost(simple.translate(_FULL_WIDTH))) / 2


def _word_cost(simple: str) -> float:
    words = costs().words
    best = [0.0]
    for end in range(1, len(simple) + 1):
        single = simple[end - 1]
        least = best[end - 1] + words.get(single, character_cost(single) + UNLISTED_WORD * is_han(single))
        for start in range(max(0, end - LONGEST_WORD), end - 1):
            cost = words.get(simple[start:end])
            if cost is not None and best[start] + cost < least:
                least = best[start] + cost
        best.append(least)
    return best[-1]


def _pair_cost(simple: str) -> float:
    pairs = costs().pairs
    return sum(
        pairs.get(simple[at - 1 : at + 1], UNSEEN_PAIR + character_cost(simple[at]))
        for at in range(1, len(simple))
    )
