"""Readings that a page, a tool or a textbook wrote beside the characters they belong to.

In a lesson the reading is the text: 长 can be read cháng or zhǎng. It stays where the other side has it, where one
character of a sentence has two, and where it belongs to a character quoted on its own. Brackets 《》 hold readings
in Japanese texts only; in Chinese they hold titles, also those in kana.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from aligner.language.frequencies import is_han, is_reading, is_syllable

# As many toneless readings that fit their character are a habit of the text; one may be an English word.
GLOSS_HABIT = 3

_PINYIN = regex.compile(r"(?<=([\p{Han}A-Za-z]))(?:\((\p{Latin}{1,7})\)|（(\p{Latin}{1,7})）)")

_TONES = regex.compile(r"[\u0300\u0301\u0304\u030C]")

_WORD = regex.compile(r"[\p{Latin}\p{M}]+|[\p{Bopomofo}ˇˋˊ˙ˉ]+")

_SENTENCE_END = regex.compile(r"[。！？!?\n]")

_OPENING = frozenset("“‘「『《\"'")

_CLOSING = frozenset("”’」』》\"'")

# In a lesson more than half of a text's glosses stand on the other side, too; French words are some by chance.
_LESSON_SHARE = 0.5

_ANNOTATED = regex.compile(
    r"\uFFF9([^\uFFF9-\uFFFB\n]{1,40})\uFFFA[^\uFFF9-\uFFFB\n]{0,40}\uFFFB"
)  # Unicode's own

_AOZORA = regex.compile(
    r"(?<=\p{Han}[ヶ々〆]?|[｜|][^｜|《\n]{1,20})《[\p{Hiragana}\p{Katakana}ー・]{1,30}》"
)

_BOPOMOFO = regex.compile(r"(?<=(\p{Han}))[（(]([\p{Bopomofo}ˇˋˊ˙ˉ ]{1,30})[)）]")

_RUBY_START = regex.compile(r"[｜|](?=[^｜|《\n]{1,20}《[\p{Hiragana}\p{Katakana}ー・]{1,30}》)")

_BRACKETED = regex.compile(r"《([^《》\n]{1,60})》")

_HIRAGANA = regex.compile(r"\p{Hiragana}")

_BAR = regex.compile(r"[｜|]")

_KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")

_CJK = regex.compile(r"[\p{Hiragana}\p{Katakana}\p{Han}]")

# Half of Japanese is kana; of Chinese with a few Japanese names, some in a hundred.
_KANA_SHARE = 0.2

# Below this a text with Japanese names in it is Chinese as a whole.
_LEAST_KANA = 0.1

# What every few Chinese sentences have and no Japanese one.
_CHINESE = frozenset("这這们們你她很吗嗎还還没沒给給让讓说")

# In a text with ruby, what stands in 《》 is kana; of titles, a part.
_TITLE_SHARE = 0.1

# A line without any kana of its own is a heading in Japanese, if it is short and has no Chinese comma.
_HEADING = 20


class _Gloss(NamedTuple):
    """A reading in brackets at `[start, end)` behind `character`."""

    start: int
    end: int
    character: str
    reading: str


def pinyin(text: str, beside: str = "") -> Iterator[tuple[int, int, str]]:
    """One syllable in parentheses after one Han character. `beside` is the other side's text, if there is one.

    With a tone mark, any syllable of Mandarin; without one, only readings of that character, and only where
    the text has the habit.
    """
    toneless: list[_Gloss] = []
    toned: list[_Gloss] = []
    for match in _PINYIN.finditer(text):
        character, written = match.group(1), match.group(2) or match.group(3)
        marked = unicodedata.normalize("NFD", written.lower().replace("ɡ", "g"))
        syllable = unicodedata.normalize("NFC", _TONES.sub("", marked))
        gloss = _Gloss(match.start(), match.end(), character, unicodedata.normalize("NFC", marked))
        if not is_han(character):
            continue
        if len(_TONES.findall(marked)) == 1 and is_syllable(syllable):
            toned.append(gloss)
        elif _TONES.search(marked) is None and written.islower() and is_reading(character, syllable):
            toneless.append(gloss)
    habit = len(toned) + len(toneless) >= GLOSS_HABIT
    content = _content(text, toned, beside)
    yield from sorted(
        (gloss.start, gloss.end, "") for gloss in [*toned, *toneless * habit] if gloss not in content
    )


def ruby(text: str, beside: str = "") -> Iterator[tuple[int, int, str]]:
    """Annotation characters, kana in 《》 and bopomofo in parentheses after Han characters."""
    found = [(match.start(), match.end(), match.group(1)) for match in _ANNOTATED.finditer(text)]
    lines = list(_japanese_lines(text))
    spelled_out = [match for start, end in lines for match in _AOZORA.finditer(text, start, end)]
    # 倫敦《ロンドン》 stands among readings in hiragana; where there is none, a word in katakana is a title.
    bar = _BAR.search(text)
    first_bar = bar.start() if bar else len(text)
    if any(_HIRAGANA.search(match[0]) or first_bar < match.start() for match in spelled_out):
        found += [(match.start(), match.end(), "") for match in spelled_out]
    for start, end in lines:
        found += [(match.start(), match.end(), "") for match in _RUBY_START.finditer(text, start, end)]
    spelled = [_Gloss(match.start(), match.end(), match[1], match[2]) for match in _BOPOMOFO.finditer(text)]
    content = _content(text, spelled, beside)
    found += [(gloss.start, gloss.end, "") for gloss in spelled if gloss not in content]
    yield from sorted(found)


def _content(text: str, glosses: Sequence[_Gloss], beside: str) -> set[_Gloss]:
    """The glosses that are what the text is about."""
    if not glosses:
        return set()
    words = _words(beside) | _words(text, glosses)
    known = [gloss for gloss in glosses if gloss.reading in words]
    content = set(known) if len(known) > _LESSON_SHARE * len(glosses) else set()
    content.update(gloss for gloss in glosses if _is_quoted(text, gloss))
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    sentences: dict[int, list[_Gloss]] = defaultdict(list)
    for gloss in glosses:
        sentences[bisect_left(ends, gloss.start)].append(gloss)
    for inside in sentences.values():
        content.update(_contrasted(inside))
    return content


def _words(text: str, glosses: Sequence[_Gloss] = ()) -> set[str]:
    """The words of a text in lower case, without what stands in its glosses."""
    starts = {gloss.start + 1 for gloss in glosses}
    found = (match for match in _WORD.finditer(text) if match.start() not in starts)
    return {unicodedata.normalize("NFC", match[0].lower()) for match in found}


def _is_quoted(text: str, gloss: _Gloss) -> bool:
    """Whether the gloss and its character stand alone in quotation marks, `“妈(mā)”` or `“妈”(mā)`."""
    before, after = text[max(0, gloss.start - 2) : gloss.start - 1], text[gloss.end : gloss.end + 1]
    return before in _OPENING and after in _CLOSING


def _contrasted(inside: Sequence[_Gloss]) -> list[_Gloss]:
    """Of a sentence's glosses those of a character with two readings, if most glosses are such."""
    readings: dict[str, set[str]] = defaultdict(set)
    for gloss in inside:
        readings[gloss.character].add(gloss.reading)
    found = [gloss for gloss in inside if len(readings[gloss.character]) > 1]
    return found if len(found) > _LESSON_SHARE * len(inside) else []


def _holds_titles(text: str) -> bool:
    """Whether a part of what stands in 《》 is no reading."""
    held = _BRACKETED.findall(text)
    others = sum(regex.search(r"[\p{Han}\p{Latin}]", inner) is not None for inner in held)
    return others > _TITLE_SHARE * len(held)


def _japanese_lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines with 《》 that are in Japanese, by the kana outside them, in a text where they hold readings."""
    if "《" not in text or _holds_titles(text):
        return
    whole = _kana_share(text)
    start = 0 if whole >= _LEAST_KANA else len(text)
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        line = text[start:end]
        if (
            "《" in line
            and not _CHINESE & set(line)
            and (_kana_share(line) or whole * _may_be_heading(line)) >= _KANA_SHARE
        ):
            yield start, end
        start = end


def _kana_share(text: str) -> float:
    """Which part of the characters outside 《》 is kana."""
    plain = _BRACKETED.sub("", text)
    return len(_KANA.findall(plain)) / max(1, len(_CJK.findall(plain)))


def _may_be_heading(line: str) -> bool:
    return len(_CJK.findall(_BRACKETED.sub("", line))) <= _HEADING and not {"，", "的"} & set(line)
