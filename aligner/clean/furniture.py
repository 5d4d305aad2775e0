"""Lines that belong to the site, the viewer or the word processor and not to the text.

Every rule here would rather leave noise than take a line of text out. The vocabulary is in
aligner/data/furniture.txt.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import regex

from aligner.language.frequencies import simplify

FEWEST_ITEMS = 5  # a title with its site's sections has three or four

LONGEST_ITEM = 50  # characters

LONGEST_LABEL_LINE = 100

LONGEST_LINK = 110  # characters of one title in a list of other pages

PARAGRAPH = 30  # characters: a line this long that ends as a sentence does is text again

FEWEST_LINKS = 2

FEWEST_STEPS = 3

SITE_LINES = 8  # how many of the last lines may say who runs the site

SITE_WORDS = 2

_FIELD = regex.compile(
    r"\[bookmark: ?[^\[\]\n]{1,60}\]|\[(?:end)?if ?[^\[\]\n]{0,40}\](?=-->)"
    r"|<!--\[(?:if|endif)[^\n>]{0,60}>|<!\[endif\]-->"
    r"|(?:PAGEREF|NOTEREF|REF) _(?:Toc|Ref|Hlk)\d{3,12}(?: \\[a-z])*|\b_(?:Toc|Hlk)\d{6,12}\b"
    r"|\{ ?(?:PAGE|NUMPAGES|SEQ \w{1,20}|TOC|DATE|TIME)(?: ?\\[^{}\n]{1,40})* ?\}|\\\* ?MERGEFORMAT"
    r"|Error! (?:Bookmark not defined|Reference source not found)\."
    r"|错误！(?:未定义书签|未找到引用源)。|錯誤! ?尚未定義書籤。"
)

_SENTENCE_END = regex.compile(r"[.!?。！？…][\"'”’」』）)]*$")

_TERMINAL = regex.compile(r"[.!?。！？；;]")

_STEPS = regex.compile(r"(?:(?<!\s)\s++)?(?:>|»|›|＞|→)\s*+")

_BETWEEN = regex.compile(r"[\s|｜│/·【】\[\]()（）<>《》\-]+")

_PAGE_NUMBER = regex.compile(
    r"第 ?\d{1,5} ?页(?: ?[,，/]? ?[共总] ?\d{1,5} ?页)?|page \d{1,5} of \d{1,5}|[-–—] ?\d{1,5} ?[-–—]"
)

_NUMBER = regex.compile(r"\d{6,20}")

Change = tuple[int, int, str]


class _Line(NamedTuple):
    start: int
    stop: int  # behind its line break
    text: str  # without blanks at its ends


@cache
def vocabulary() -> dict[str, frozenset[str]]:
    """The sections of aligner/data/furniture.txt."""
    sections: dict[str, set[str]] = {}
    entries: set[str] = set()
    for line in (files("aligner") / "data" / "furniture.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            entries = sections.setdefault(line.strip("[]"), set())
        elif line.strip() and not line.startswith("#"):
            entries.add(line.strip())
    return {name: frozenset(words) for name, words in sections.items()}


def field_debris(text: str) -> Iterator[Change]:
    """What an export left of bookmarks, page references and conditional comments."""
    return ((match.start(), match.end(), "") for match in _FIELD.finditer(text))


def spam(text: str) -> Iterator[Change]:
    """Lines of five or more phrases tied with underscores, no sentence among them."""
    return _lists(text, "_")


def link_lists(text: str) -> Iterator[Change]:
    """Lines of five or more short items with bars between them; the rows of a table stay."""
    for bar in "|｜│丨":
        if bar in text:
            return _lists(text, bar)
    return iter(())


def _lists(text: str, bar: str) -> Iterator[Change]:
    if text.count(bar) < FEWEST_ITEMS - 1:
        return
    lines = list(_lines(text))
    counts = [line.text.count(bar) for line in lines]
    for number, line in enumerate(lines):
        if counts[number] < FEWEST_ITEMS - 1 or counts[number] in counts[max(0, number - 1) : number]:
            continue
        if counts[number] in counts[number + 1 : number + 2] or (line.text[0] == bar == line.text[-1]):
            continue
        items = [item.strip() for item in line.text.split(bar) if item.strip()]
        if len(items) >= FEWEST_ITEMS and all(map(_is_item, items)) and _has_words(items):
            yield line.start, line.stop, ""


def _is_item(item: str) -> bool:
    return len(item) <= LONGEST_ITEM and not _TERMINAL.search(item)


def _has_words(items: list[str]) -> bool:
    """Whether most items are phrases: `max_line_length_of_code` is one name."""
    return 2 * sum(not item.isascii() or " " in item for item in items) > len(items)


def site_furniture(text: str) -> list[Change]:
    """Labels of widgets, paths to the page, lists of other pages, page numbers, who runs the site."""
    lines = [line for line in _lines(text)]
    filled = [number for number, line in enumerate(lines) if line.text]
    taken = {number for number in filled if _is_furniture(lines[number].text)}
    for number in filled:
        if number not in taken and _is_related(lines[number].text):
            taken |= _links_after(lines, number)
    for number in filled[-SITE_LINES:]:
        if _is_site_line(lines[number].text):
            taken.add(number)
    if len(filled) > 1 and _NUMBER.fullmatch(lines[filled[-1]].text):
        taken.add(filled[-1])
    return [(lines[number].start, lines[number].stop, "") for number in sorted(taken)]


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    while start < len(text):
        stop = text.find("\n", start) + 1 or len(text)
        yield _Line(start, stop, text[start:stop].strip())
        start = stop


def _is_furniture(line: str) -> bool:
    if len(line) > LONGEST_LABEL_LINE:
        return False
    words = vocabulary()
    plain = simplify(line).casefold()
    head, colon, rest = plain.replace("：", ":").partition(":")
    if colon and head.strip() in words["label"] and not _SENTENCE_END.search(rest):
        return True
    if (
        all(piece in words["line"] for piece in _BETWEEN.split(plain) if piece)
        or _strip(plain) in words["line"]
    ):
        return any(character.isalpha() for character in plain)
    return bool(_PAGE_NUMBER.fullmatch(plain)) or _is_path(plain)


def _strip(line: str) -> str:
    return line.strip(" \t[]【】()（）<>《》|｜:：…")


def _is_path(line: str) -> bool:
    """`首页>栏目>文章`: from the site's front page down; `File > Open > Save` begins elsewhere."""
    steps = _STEPS.split(line)
    if len(steps) < FEWEST_STEPS or _SENTENCE_END.search(line) or max(map(len, steps)) > LONGEST_ITEM:
        return False
    return steps[0].strip(" :：") in vocabulary()["home"]


def _is_related(line: str) -> bool:
    return len(line) <= LONGEST_ITEM and _strip(simplify(line).casefold()) in vocabulary()["related"]


def _links_after(lines: list[_Line], heading: int) -> set[int]:
    """The heading and the titles that follow it up to a blank line, a paragraph or the end.

    Where a paragraph follows without a blank line, the last title may be its heading and stays.
    """
    number = heading + 1
    while number < len(lines) and not lines[number].text and number <= heading + 1:
        number += 1
    first = number
    while number < len(lines) and lines[number].text and _is_link(lines[number].text):
        number += 1
    if number < len(lines) and lines[number].text:
        number -= 1
    if number - first < FEWEST_LINKS:
        return set()
    return {heading, *range(first, number)}


def _is_link(line: str) -> bool:
    return len(line) <= LONGEST_LINK and not (len(line) >= PARAGRAPH and _SENTENCE_END.search(line))


def _is_site_line(line: str) -> bool:
    if len(line) > 2 * LONGEST_LABEL_LINE:
        return False
    plain = simplify(line).casefold()
    site = sum(word in plain for word in vocabulary()["site"])
    return site >= SITE_WORDS or (site > 0 and any(word in plain for word in vocabulary()["copyright"]))
