"""Chinese and Japanese lines cut at one width: of characters or of columns, within numbers and foreign words too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from aligner.language.joints import line_joint

Change = tuple[int, int, str]

_FEWEST_FULL = 3  # lines of the width, each with a line after it
_FULL_SHARE = 0.3  # of the lines; dialogue has many short ones
_LONGER_SHARE = 0.1  # of the lines may be longer, such as those of another part of the text
_RUNNING_ON = 0.5  # of the full lines end inside a sentence
_EXACT_SHARE = 0.8  # of the full lines have the width to the character where lines are cut anywhere
_WIDTHS = (20, 70)  # characters: narrower is verse or a table's cell, wider a paragraph
_HANGING = 2  # a mark that may not begin a line stands outside the width
_LONGEST_WORD = 80  # characters looked back for the beginning of a word
_SPACED_SHARE = 0.8  # of the neighbours of two scripts have a blank between them where a text writes one

# East Asian characters two columns wide; quotation marks and dashes are so in their fonts.
_WIDE = regex.compile(
    r"[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\U00020000-\U0003FFFF“”‘’…—]"
)
_UNSPACED = regex.compile(r"[\u2E80-\uA4CF\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\U00020000-\U0003FFFF]")
_END = regex.compile(r"[.!?。！？：:;；…][\"'”’」』）)]*\s*$")
_ITEM = regex.compile(
    r"\s*(?:[-*•·‣◦○●■□▪>#|+=~]|\d{1,4}[.)、．）](?!\d)|[(（]\d{1,3}[)）]|[（(]?[一二三四五六七八九十]{1,3}[、）)]"
    r"|第[一二三四五六七八九十]+[章节節条條回])"
)
# What goes to the next line as one where lines aren't cut anywhere: opening marks, a word or character, closing marks.
_FIRST_UNIT = regex.compile(
    r"[（(「『《〈“‘\[]*(?:[A-Za-z0-9][\w.,%'’-]*|.)[，。、；：！？）)」』》〉”’%\]]*"
)
_SPACED = regex.compile(r"\p{Han} (?=[A-Za-z0-9])|[A-Za-z0-9] (?=\p{Han})")
_CLOSE = regex.compile(r"\p{Han}(?=[A-Za-z0-9])|[A-Za-z0-9](?=\p{Han})")
_WORD = regex.compile(r"[A-Za-z]++")
_LAST_WORD, _FIRST_WORD = regex.compile(r"(?<![A-Za-z])[A-Za-z]++$"), regex.compile(r"[A-Za-z]++")


class _Line(NamedTuple):
    start: int
    text: str
    characters: int
    columns: int


class _Width(NamedTuple):
    """How wide a text's lines are, in characters or in columns; `exact` where they are cut anywhere."""

    limit: int
    in_columns: bool
    exact: bool

    def of(self, line: _Line) -> int:
        """The width of a line, blanks at its end not counted."""
        return line.columns if self.in_columns else line.characters

    def of_text(self, text: str) -> int:
        """The width of a part of a line."""
        return len(text) + (len(_WIDE.findall(text)) if self.in_columns else 0)

    def is_full(self, line: _Line, following: _Line) -> bool:
        """Whether the first character or word of the next line had no room in `line`."""
        width = self.of(line)
        if width >= self.limit - self.in_columns:
            return width <= self.limit + _HANGING * (1 + self.in_columns)
        unit = _FIRST_UNIT.match(following.text.lstrip())
        if unit is None or (self.exact and _END.search(line.text)):
            return False
        return width + self.of_text(unit[0]) > self.limit


def column_wraps(text: str) -> list[Change]:
    """The line breaks to take out of a text in Chinese or Japanese, and what to write for each."""
    lines = list(_lines(text))
    dense = [line for line in lines if is_dense(line.text)]
    width = _width(lines, dense)
    if width is None:
        return []
    margin = min(_indent(line.text) for line in dense)
    pairs = [pair for pair in pairwise(lines) if _runs_on(pair, width, margin)]
    ended = sum(bool(_END.search(before.text)) for before, _ in pairs)
    if len(pairs) < max(_FEWEST_FULL, _FULL_SHARE * len(dense)) or ended > (1 - _RUNNING_ON) * len(pairs):
        return []
    spaced = len(_SPACED.findall(text))
    writes_blanks = spaced > _SPACED_SHARE * (spaced + len(_CLOSE.findall(text)))
    words = frozenset(_WORD.findall(text))
    return [_joined(pair, width, words, writes_blanks) for pair in pairs]


def is_dense(text: str) -> bool:
    """Whether most of `text` is written without blanks between words."""
    return 2 * len(_UNSPACED.findall(text)) > len(text.strip()) > 0


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for line in text.split("\n"):
        shown = line.rstrip()
        yield _Line(start, line, len(shown), len(shown) + len(_WIDE.findall(shown)))
        start += len(line) + 1


def _width(lines: Sequence[_Line], dense: Sequence[_Line]) -> _Width | None:
    """The width that most of the lines before another line have; None where there is none."""
    before = [line for line, following in pairwise(lines) if following.text.strip() and is_dense(line.text)]
    found: list[tuple[int, _Width]] = []
    for in_columns in (False, True):
        widths = Counter(line.columns if in_columns else line.characters for line in before)
        if in_columns:  # a wide character may leave the last column free
            widths = Counter({width: count + widths[width - 1] for width, count in widths.items()})
        limit, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        longest = limit + _HANGING * (1 + in_columns)
        longer = sum((line.columns if in_columns else line.characters) > longest for line in dense)
        low, high = (edge * (1 + in_columns) for edge in _WIDTHS)
        if count >= _FEWEST_FULL and low <= limit <= high and longer <= _LONGER_SHARE * len(dense):
            whole = _Width(limit, in_columns, exact=False)
            full = sum(whole.is_full(*pair) for pair in pairwise(lines) if pair[1].text.strip())
            found.append((count, _Width(limit, in_columns, exact=count >= _EXACT_SHARE * full)))
    return max(found, key=lambda item: item[0])[1] if found else None


def _runs_on(pair: tuple[_Line, _Line], width: _Width, margin: int) -> bool:
    """Whether the second line goes on with the first one's paragraph; `margin` is the least indention."""
    before, after = pair
    if not after.text.strip() or not (is_dense(before.text) or is_dense(after.text)):
        return False
    if not width.is_full(before, after) or _indent(after.text) > margin + 1:
        return False
    return not (_ITEM.match(after.text) and _END.search(before.text))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _joined(pair: tuple[_Line, _Line], width: _Width, words: frozenset[str], writes_blanks: bool) -> Change:
    before, after = pair
    left, right = before.text.rstrip(), after.text.lstrip()
    start, end = before.start + len(left), after.start + len(after.text) - len(right)
    return start, end, _joint(pair, width, words, writes_blanks)


def _joint(pair: tuple[_Line, _Line], width: _Width, words: frozenset[str], writes_blanks: bool) -> str:
    """What stands for the line break; `words` are those that the text has within its lines."""
    before, after = pair[0].text, pair[1].text.lstrip()
    if before[-1].isspace():
        return line_joint(before.rstrip(), after) if not width.exact else _blank(before.rstrip(), after)
    last, first = before[-1], after[0]
    if bool(_UNSPACED.match(last)) != bool(_UNSPACED.match(first)):
        return line_joint(before, after) if writes_blanks and last.isalnum() and first.isalnum() else ""
    if width.exact and width.of(pair[0]) == width.limit:
        return " " if pair[1].text[0] == " " else ""
    if (last.isdigit() or last in ".,") and (first.isdigit() or first in ".,%"):
        return ""
    left, right = _LAST_WORD.search(before[-_LONGEST_WORD:]), _FIRST_WORD.match(after)
    if left and right and (width.exact or left[0] + right[0] in words):
        return ""
    return line_joint(before, after)


def _blank(before: str, after: str) -> str:
    """A blank that was cut with its line, unless both sides are of a script that writes none."""
    return "" if _UNSPACED.match(before[-1]) and _UNSPACED.match(after[0]) else " "
