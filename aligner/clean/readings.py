"""Readings that a page, a tool or a textbook wrote beside the characters they belong to."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex

from aligner.language.frequencies import is_han, is_reading, is_syllable

# As many toneless readings that fit their character are a habit of the text; one may be an English word.
GLOSS_HABIT = 3

_PINYIN = regex.compile(r"(?<=([\p{Han}A-Za-z]))(?:\((\p{Latin}{1,7})\)|（(\p{Latin}{1,7})）)")

_TONES = regex.compile(r"[\u0300\u0301\u0304\u030C]")

_RUBY = regex.compile(
    r"\uFFF9([^\uFFF9-\uFFFB\n]{1,40})\uFFFA[^\uFFF9-\uFFFB\n]{0,40}\uFFFB"  # Unicode's own
    r"|(?<=\p{Han})《[\p{Hiragana}\p{Katakana}ー・]{1,30}》"  # the style of Aozora
    r"|(?<=\p{Han})[（(][\p{Bopomofo}ˇˋˊ˙ˉ ]{1,30}[)）]"
)

_RUBY_START = regex.compile(r"[｜|](?=[^｜|《\n]{1,20}《[\p{Hiragana}\p{Katakana}ー・]{1,30}》)")


def pinyin(text: str) -> Iterator[tuple[int, int, str]]:
    """One syllable in parentheses after one Han character.

    With a tone mark, any syllable of Mandarin; without one, only readings of that character, and only where
    the text has the habit.
    """
    toneless: list[tuple[int, int, str]] = []
    toned = []
    for match in _PINYIN.finditer(text):
        character, written = match.group(1), match.group(2) or match.group(3)
        marked = unicodedata.normalize("NFD", written.lower().replace("ɡ", "g"))
        syllable = unicodedata.normalize("NFC", _TONES.sub("", marked))
        span = (match.start(), match.end(), "")
        if not is_han(character):
            continue
        if len(_TONES.findall(marked)) == 1 and is_syllable(syllable):
            toned.append(span)
        elif _TONES.search(marked) is None and written.islower() and is_reading(character, syllable):
            toneless.append(span)
    if len(toned) + len(toneless) >= GLOSS_HABIT:
        toned += toneless
    yield from sorted(toned)


def ruby(text: str) -> Iterator[tuple[int, int, str]]:
    """Annotation characters, kana in 《》 and bopomofo in parentheses after Han characters."""
    if not regex.search(r"[\uFFF9《ㄅ-ㄯ]", text):
        return
    found = [(match.start(), match.end(), match.group(1) or "") for match in _RUBY.finditer(text)]
    found += [(match.start(), match.end(), "") for match in _RUBY_START.finditer(text)]
    yield from sorted(found)
