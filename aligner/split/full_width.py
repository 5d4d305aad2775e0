"""The full-width stop ．: the end of a sentence where a text writes it for 。, else the dot in a foreign name.

Mathematics and physics in Chinese, and papers in Japanese, end their sentences with it (。 looks like a zero or an
index); elsewhere it stands between the parts of a name, 哈利．波特. Only the whole text tells which.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from aligner.language.tags import is_chinese, primary

_AT_THE_END = regex.compile(r"．[”’」』）)]{0,3}[ \t\u3000]*$", regex.MULTILINE)
_STOP = regex.compile(
    r"(?<=[^\s．])．[”’」』）)]{0,3}(?=[\p{Han}\p{Hiragana}\p{Katakana}\p{Lu}“「『‘（(《∵∴])(?![\p{Lu}]．)"
)
# What counts the items of a list: 1．, 三．, （2）．, a．
_COUNT = regex.compile(r"[\s（(]*(?:[一二三四五六七八九十百]{1,4}|[\d０-９]{1,3}|[A-Za-zＡ-Ｚａ-ｚ])[）)]?")


def ends_sentences(text: str, lang: str) -> bool:
    """Whether the paragraphs of `text` end with ． more often than it has any 。."""
    if not (is_chinese(lang) or primary(lang) == "ja") or "．" not in text:
        return False
    return sum(1 for _ in _AT_THE_END.finditer(text)) > text.count("。")


def full_width_stops(paragraph: str) -> Iterator[int]:
    """Places in `paragraph` after each ． that ends a sentence, ascending; numbers stay whole, and counted items."""
    start = 0
    for stop in _STOP.finditer(paragraph):
        if not _COUNT.fullmatch(paragraph, start, stop.start()):
            yield stop.end()
        start = stop.end()
