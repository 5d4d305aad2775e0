"""Chinese as its readers write it: simplified from Taiwan's or Hong Kong's characters, and back, by OpenCC's tables.

The tables of phrases (`s2twp`) stay out: they translate words, 快捷通道 into 快捷信道, which no conversion of a script
should. What the tables of the package get wrong (they are of 2020) is put right by the few rules below.
"""

from __future__ import annotations

import re

from aligner.errors import UsageError
from aligner.language.chinese import convert_in_place
from aligner.language.tags import primary

# Macau writes as Hong Kong does. Without a region, traditional Chinese is written as in Taiwan: of OpenCC's own
# standard nobody writes 爲 or 麪.
_HONG_KONG = frozenset({"HK", "MO"})
# 著 is a particle nearly everywhere in Taiwan, 着 on the mainland; in these words it is "work" or "native".
_WORKS = re.compile(
    r"土着|(?:原|专|遗|拙|撰|杂|新|近|卓)着(?![急手落火陆装凉])|编着(?!辫|花|造|故事|号)"
    r"|(?<![谈议评讨争辩结推])论着|(?<!翻)译着|着译|(?<=见微知)着"
)
# … and here a particle although the tables have the two characters after it as a word.
_PARTICLE = re.compile(r"(?<=[执沉附])著(?=于)")
# Tables of 2016 take 錶, a clock, for every instrument; the dictionary of Taiwan's Ministry of Education has 表.
# Hong Kong writes 水錶 and 電錶.
_INSTRUMENT = re.compile(r"(?<=里程|壓力|轉速|溫度|速度)錶|(?<=[水電氣儀])錶")


def convert_region(text: str, script: str, tag: str) -> str:
    """`text` of language `tag` in `simplified` or `traditional` characters, as its region writes them.

    Each character stays at its place. Raises `UsageError` for any other `script`.
    """
    if script not in ("simplified", "traditional"):
        raise UsageError(f"script {script!r}: say simplified or traditional")
    in_hong_kong = not _HONG_KONG.isdisjoint(tag.upper().replace("_", "-").split("-"))
    if script == "traditional":
        return _traditional(text, in_hong_kong)
    if in_hong_kong:
        simplified = convert_in_place(text, "hk2s")
    else:
        simplified = _from_taiwan(text) if _is_traditional(tag) else convert_in_place(text, "t2s")
    return simplified.replace("甚么", "什么")


def _is_traditional(tag: str) -> bool:
    parts = tag.upper().replace("_", "-").split("-")
    return primary(tag) == "yue" or ("HANS" not in parts and ("HANT" in parts or "TW" in parts))


def _from_taiwan(text: str) -> str:
    converted = _PARTICLE.sub("着", convert_in_place(text, "tw2s"))
    return _WORKS.sub(lambda word: _again(word, text), converted)


def _again(word: re.Match[str], text: str) -> str:
    """The word with 著 where the text itself had it."""
    pairs = zip(word[0], text[word.start() : word.end()], strict=True)
    return "".join("著" if new == "着" and old == "著" else new for new, old in pairs)


def _traditional(text: str, in_hong_kong: bool) -> str:
    converted = convert_in_place(text, "s2hk" if in_hong_kong else "s2tw")
    if not in_hong_kong:
        converted = _INSTRUMENT.sub("表", converted)
    # 个中 comes out as 箇中 even across words, 一个中年人; 個中 is right in both.
    return "".join(
        "個" if new == "箇" and old == "个" else new for new, old in zip(converted, text, strict=True)
    )
