"""Line breaks and blanks of the page and not of the text: page markers, hard wraps, spread characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from aligner.clean.columns import column_wraps, is_dense
from aligner.clean.furniture import vocabulary
from aligner.language.frequencies import is_han, is_word, simplify
from aligner.language.joints import line_joint

Change = tuple[int, int, str]

FEWEST_PAGES = 3

SHORTEST_PAGE = 60  # columns: the items of a numbered list without full stops are shorter

PAGE_WIDTH_SPREAD = 0.02  # a viewer cuts every page after as many characters

FEWEST_WRAPPED = 4  # lines

WRAP_WIDTHS = (40, 130)  # columns: narrower is verse or a table's cell, wider a paragraph

LATIN_SLACK = 0.7  # of the width: a long word that didn't fit leaves a line this short

CJK_SLACK = 4  # columns: a full stop that may not begin a line

LATIN_SPILL = 10  # columns by which a single line may be wider than usual

HABIT = 12  # joined lines by which a text shows that it is wrapped all through

FEWEST_IN_HABIT = 2

RUNNING_ON = 0.5  # of the lines end inside a sentence

NO_ROOM = 0.6  # of the lines end where the next word had no room; a line that was mended later is shorter

FEWEST_SPREAD = 20  # blanks between characters; a padded name or heading has a few

SPREAD = 0.5  # of all neighbouring characters

_MARKER = regex.compile(r"[ \t]*(\d{1,5})(?:、|[.．](?!\d)|[)）])[ \t]*")

_FIRST_PAGE = regex.compile(r"^[ \t]*1[、.．)）]", regex.MULTILINE)

_END = regex.compile(r"[.!?。！？：:;；…।॥۔؟։።៕။།][\"'”’」』）)]*\s*$")

_INNER_END = regex.compile(r"\p{L}\p{L}[.!?][\"'”’»)]* +[\"'“‘«„(]*\p{Lu}")

_ITEM = regex.compile(
    r"[ \t]*(?:[-*•·‣◦○●■□▪–—>#|+=~]|\d{1,4}[.)、．）]|[(（]\d{1,3}[)）]|[A-Za-z][.)] "
    r"|[（(]?[一二三四五六七八九十]{1,3}[、）)]|第[一二三四五六七八九十]+)"
)

_COLUMNS = regex.compile(r"\S(?: {3,}|\t)\S")

# East Asian characters two columns wide; those of them that are written without blanks between words.
_WIDE = regex.compile(
    r"[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\U00020000-\U0003FFFF]+"
)

_UNSPACED = regex.compile(r"[\u2E80-\uA4CF\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\U00020000-\U0003FFFF]+")

_HYPHEN = regex.compile(r"(?<=\p{Ll}{2})[-‐]$")

_WORD = regex.compile(r"[\w-]++")

_CJK = r"[\p{Han}\p{Hiragana}\p{Katakana}，。、；：！？]"

_SPREAD_GAP = regex.compile(rf"[ \u3000](?<={_CJK}.)(?={_CJK})")

_TIGHT = regex.compile(rf"{_CJK}{{2,}}")


class _Line(NamedTuple):
    start: int
    end: int  # before its line break
    text: str
    width: int  # columns, two for each character of an unspaced script


def _line(text: str, start: int, end: int) -> _Line:
    line = text[start:end]
    return _Line(start, end, line, len(line) + (0 if line.isascii() else _count(_WIDE, line)))


def _count(characters: regex.Pattern[str], line: str) -> int:
    return sum(match.end() - match.start() for match in characters.finditer(line))


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield _line(text, start, end)
        start = end + 1


def page_markers(text: str) -> list[Change]:
    """Lines that begin with 1, 2, 3 … and go on in the middle of a sentence: number and line break go.

    A numbered list has complete items; here most lines break off, all of one length or within words.
    """
    if not _FIRST_PAGE.search(text):
        return []
    changes: list[Change] = []
    run: list[tuple[_Line, int]] = []
    for line in _lines(text):
        match = _MARKER.match(line.text)
        number = int(match.group(1)) if match else None
        if number is None or number != len(run) + 1:
            changes += _unpaged(run)
            run = []
        if match and number == len(run) + 1:
            run.append((line, match.end()))
    return changes + _unpaged(run)


def _unpaged(run: Sequence[tuple[_Line, int]]) -> list[Change]:
    if len(run) < FEWEST_PAGES:
        return []
    pages = [(line.text[:marker], line.text[marker:].rstrip()) for line, marker in run]
    cuts = [(before[1], after[1]) for before, after in pairwise(pages)]
    broken = [bool(before and after) and not _END.search(before) for before, after in cuts]
    widths = [line.width for line, _ in run[:-1]]
    if min(widths) < SHORTEST_PAGE or 3 * sum(broken) < 2 * len(cuts):
        return []
    even = max(widths) - min(widths) <= PAGE_WIDTH_SPREAD * max(widths) + CJK_SLACK
    if not even and 3 * sum(_cuts_word(*cut) for cut in cuts) < len(cuts):
        return []
    changes = [_marker_and_watermark(run[0])]
    for (before, _), (line, marker), (left, right), cut in zip(run, run[1:], cuts, broken, strict=False):
        if cut:
            changes.append(
                (before.start + len(before.text.rstrip()), line.start + marker, line_joint(left, right))
            )
        else:
            changes.append((line.start, line.start + marker, ""))
    return changes


def _marker_and_watermark(first: tuple[_Line, int]) -> Change:
    line, marker = first
    plain = simplify(line.text)
    for watermark in sorted(vocabulary()["watermark"], key=len, reverse=True):
        if plain.startswith(watermark, marker):
            return line.start, line.start + marker + len(watermark), ""
    return line.start, line.start + marker, ""


def _cuts_word(before: str, after: str) -> bool:
    """Whether the characters at a cut make a word together, or a Latin sentence goes on in lower case."""
    if not (before and after):
        return False
    if is_han(before[-1]) and is_han(after[0]):
        return (
            is_word(before[-1] + after[0])
            or is_word(before[-2:] + after[0])
            or is_word(before[-1] + after[:2])
        )
    return before[-1].islower() and after[0].islower()


def hard_wraps(text: str) -> list[Change]:
    """Breaks within paragraphs of at least four lines that fill one width and run on inside sentences.

    Where a text has many such breaks its shorter paragraphs are joined too. Lines of verse, lists, tables and
    headings differ in width or end with their sentences. Words cut with a hyphen are joined, with the hyphen
    where the text has the word so elsewhere.
    """
    if text.count("\n") < FEWEST_WRAPPED - 1:
        return []
    columns = column_wraps(text)
    blocks = [block for block in _blocks(text) if not (columns and _is_dense(block))]
    sure = [(block, _wrapped(block, _widest(block), FEWEST_WRAPPED)) for block in blocks]
    widths = sorted(_widest(block) for block, pairs in sure for _ in pairs)
    if len(widths) >= HABIT:
        usual = widths[len(widths) // 2]
        sure = [(block, pairs or _wrapped(block, usual, FEWEST_IN_HABIT)) for block, pairs in sure]
    pairs = [pair for _, found in sure for pair in found]
    words = frozenset(_WORD.findall(text)) if pairs else frozenset()
    return sorted([*columns, *(_joined(words, *pair) for pair in pairs)])


def _is_dense(block: Sequence[_Line]) -> bool:
    return any(is_dense(line.text) for line in block)


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Runs of lines with no blank line, list item or new indent between them."""
    block: list[_Line] = []
    for line in _lines(text):
        blank = not line.text.strip()
        if block and (blank or _begins_paragraph(line.text, block)):
            yield block
            block = []
        if not blank:
            block.append(line)
    if block:
        yield block


def _begins_paragraph(line: str, block: Sequence[_Line]) -> bool:
    """A list's next item, a line indented more than those before or less than its item's text."""
    first, last, indent = block[0].text, block[-1].text, _indent(line)
    if _ITEM.match(line) or (len(block) > 1 and indent > _indent(last)):
        return True
    if _ITEM.match(first):
        return indent <= _indent(first)
    return len(block) == 1 and indent > _indent(first)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _widest(block: Sequence[_Line]) -> int:
    return max(line.width for line in block)


def _wrapped(block: Sequence[_Line], limit: int, fewest: int) -> list[tuple[_Line, _Line]]:
    """The pairs of lines to join, none where the block doesn't look wrapped."""
    if (
        len(block) < fewest
        or not WRAP_WIDTHS[0] <= limit <= WRAP_WIDTHS[1]
        or _widest(block) > limit + LATIN_SPILL
    ):
        return []
    pairs = [(a, b) for a, b in pairwise(block) if _fills(a, limit) or not _END.search(a.text)]
    if len(pairs) < fewest - 1 or not all(_fills(before, limit) for before, _ in pairs):
        return []
    if sum(not _END.search(before.text) for before, _ in pairs) < RUNNING_ON * len(pairs):
        return []
    if sum(bool(_COLUMNS.search(line.text)) for line in block) > 1:
        return []
    starts = [after.text.strip()[0] for _, after in pairs]
    cased = [start for start in starts if start.isupper() or start.islower()]
    if sum(start.islower() for start in cased) >= RUNNING_ON * len(cased):
        return pairs
    full = sum(_had_no_room(*pair, limit) for pair in pairs)
    return pairs if _is_prose(block) and full >= NO_ROOM * len(pairs) else []


def _is_prose(block: Sequence[_Line]) -> bool:
    """Whether sentences end and begin within the lines: German nouns begin lines with capitals as verse does."""
    return any(_INNER_END.search(line.text) for line in block)


def _had_no_room(before: _Line, after: _Line, limit: int) -> bool:
    """Whether the next line's first word would have made the line wider than any."""
    text = before.text.rstrip()
    return text.endswith(("-", "‐")) or before.width + 1 + len(after.text.split()[0]) > limit


def _fills(line: _Line, limit: int) -> bool:
    unspaced = 2 * _count(_UNSPACED, line.text) > len(line.text)
    return line.width >= (limit - CJK_SLACK if unspaced else LATIN_SLACK * limit)


def _joined(words: frozenset[str], before: _Line, after: _Line) -> Change:
    left, right = before.text.rstrip(), after.text.lstrip()
    start, end = before.start + len(left), after.end - len(right)
    if _HYPHEN.search(left) and right[0].islower():
        word = regex.search(r"[\w-]+$", left).group() + regex.match(r"\w+", right).group()
        return (start, end, "") if word in words else (start - 1, end, "")
    return start, end, line_joint(left, right)


def cjk_spaces(text: str) -> list[Change]:
    """Blanks between characters, where half of all neighbours in the line or in the text are so set."""
    gaps = [(match.start(), match.end(), "") for match in _SPREAD_GAP.finditer(text)]
    if len(gaps) < FEWEST_SPREAD:
        return []
    if _is_spread(text, len(gaps)):
        return gaps
    changes: list[Change] = []
    for line in _lines(text):
        inside = [(m.start() + line.start, m.end() + line.start, "") for m in _SPREAD_GAP.finditer(line.text)]
        if len(inside) >= FEWEST_SPREAD and _is_spread(line.text, len(inside)):
            changes += inside
    return changes


def _is_spread(text: str, gaps: int) -> bool:
    tight = sum(match.end() - match.start() - 1 for match in _TIGHT.finditer(text))
    return bool(gaps >= SPREAD * (gaps + tight))
