"""Paragraphs of a PDF rebuilt over lines, columns and pages; footnotes stand after the paragraph that calls them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aligner.read.pdf_lines import HYPHENS, Line
from aligner.read.pdf_margins import GAP, SIZE_FACTOR, usual_pitch, usual_size

# A line that begins this many times its size further right than the one before begins a paragraph.
_INDENT = 0.7
# A line that leaves this part of the column free ends its paragraph, whatever it ends with.
_MUCH_ROOM = 0.25
_ENDED = re.compile(r"[.!?。！？…:：۔؟।։](?:\s?[\"'”’“‘」』）)»«›‹])*[⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
# What a list item begins with: a sign, a number, one letter or a Roman or Chinese number. "Dr." and "3.5" are none.
_NUMBER = r"\d{1,3}|[^\W\d_]|[ivxlcIVXLC]{1,4}|[一二三四五六七八九十百]{1,3}"
_MARKER = re.compile(
    rf"(?:[•·▪◦*–-]|[(（]?(?:{_NUMBER})[.)）、](?!\d)|\d{{1,2}}(?:\.\d{{1,2}})+\.?(?=\s))\s*\S"
)
# What a footnote begins with, and how its number stands raised in the text.
_NOTE = re.compile(r"[\[(（［]?([\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|[*†‡§]{1,3}|[①-⑳])[\])）］.]?\s*(?=\D)\S")
_CALL = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|[*†‡§]{1,3}|[①-⑳]|[\[［]\d{1,3}[\]］]")
# Behind a figure an exponent may stand, so that other calls come first.
_FREE_CALL = re.compile(rf"(?<!\d)(?:{_CALL.pattern})")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_DIGITS = str.maketrans("", "", "[]［］")
# Footnotes stand in this lower part of the page.
_FOOT = 0.6


@dataclass(slots=True)
class Block:
    """A paragraph under way, with the footnotes and what is left out that belong after it."""

    lines: list[Line] = field(default_factory=list)
    after: list[Block] = field(default_factory=list)

    def flat(self) -> Iterator[Block]:
        """The paragraph and what belongs after it."""
        yield self
        yield from self.after


def paragraphs_of(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[Block]:
    """Paragraphs in order; each footnote after the paragraph that calls it, or the last one of its page."""
    body = usual_size(line for lines in pages for line in lines if not line.rule)
    pitch = usual_pitch(pages)
    blocks: list[Block] = []
    texts: list[list[Line]] = []
    for lines, height in zip(pages, heights, strict=True):
        kept = [line for line in lines if not line.rule]
        text, notes = _without_notes(kept, body, pitch, height)
        texts.append(text)
        first = len(blocks)
        for run in _runs(text, pitch):
            paragraphs = _paragraphs(run)
            last = blocks[-1] if blocks else None
            if last and _goes_on(last, paragraphs[0], texts):
                last.lines += paragraphs.pop(0).lines
                first = min(first, len(blocks) - 1)
            blocks += paragraphs
        on_page = blocks[first:] or blocks[-1:]
        for note in _notes(notes, pitch):
            _caller(note, on_page, blocks).after.append(note)
        for line in lines:
            if line.rule:
                _last_of(blocks).after.append(Block([line]))
    return [part for block in blocks for part in block.flat() if part.lines]


def _last_of(blocks: list[Block]) -> Block:
    """The last paragraph so far; an empty one where there is none yet."""
    if not blocks:
        blocks.append(Block())
    return blocks[-1]


def _without_notes(
    lines: list[Line], body: float, pitch: float, height: float
) -> tuple[list[Line], list[Line]]:
    """The page's text and its footnotes: at a column's foot, in small type at the page's end or called above."""
    text: list[Line] = []
    notes: list[Line] = []
    columns = _columns(lines)
    calls: set[str] = set()
    for number, column in enumerate(columns, 1):
        cut = _small_end(column, body) if number == len(columns) else len(column)
        calls |= {key for line in column[:cut] for call in _CALL.findall(line.text) for key in _keys(call)}
        cut = min(cut, _first_called(column, calls, pitch, height))
        text += column[:cut]
        notes += column[cut:]
    return (text, notes) if text else (lines, [])


def _columns(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines in the order they are drawn, cut where one stands above the one before."""
    columns: list[list[Line]] = []
    for line in lines:
        if not columns or line.base > columns[-1][-1].base + line.size / 2:
            columns.append([])
        columns[-1].append(line)
    return columns


def _small_end(column: Sequence[Line], body: float) -> int:
    cut = len(column)
    while cut and column[cut - 1].size * SIZE_FACTOR < body:
        cut -= 1
    return cut


def _first_called(column: Sequence[Line], calls: set[str], pitch: float, height: float) -> int:
    """Where lines begin that a gap or smaller type sets apart and a call in the text above announces."""
    for number in range(1, len(column)):
        above, line = column[number - 1], column[number]
        match = _NOTE.match(line.text)
        if not match or line.base > _FOOT * height or _key(match[1]) not in calls:
            continue
        if above.base - line.base > GAP * pitch * line.size or not _is_like(above, line):
            return number
    return len(column)


def _keys(call: str) -> set[str]:
    """What a raised number may call: 39, or 9 where it follows an exponent, as in 10³⁹."""
    return {_key(call)[at:] for at in range(len(call))}


def _key(call: str) -> str:
    return call.translate(_PLAIN).translate(_DIGITS)


def _notes(lines: Sequence[Line], pitch: float) -> list[Block]:
    """Footnotes, each beginning with its number where they are numbered."""
    notes: list[Block] = []
    for run in _runs(lines, pitch):
        if not _NOTE.match(run[0].text):
            notes += _paragraphs(run)
            continue
        for line in run:
            if _NOTE.match(line.text) or not notes:
                notes.append(Block())
            notes[-1].lines.append(line)
    return notes


def _caller(note: Block, on_page: Sequence[Block], blocks: list[Block]) -> Block:
    """The paragraph of the note's page that calls it, else the last one."""
    match, page = _NOTE.match(note.lines[0].text), note.lines[0].page
    for call in (_FREE_CALL, _CALL) if match else ():
        for block in on_page:
            found = (
                raised for line in block.lines if line.page == page for raised in call.findall(line.text)
            )
            if match and any(_key(match[1]) in _keys(raised) for raised in found):
                return block
    return on_page[-1] if on_page else _last_of(blocks)


def _runs(lines: Sequence[Line], pitch: float) -> list[list[Line]]:
    """Lines cut where a wide gap, another size or another column begins."""
    runs: list[list[Line]] = []
    for line in lines:
        last = runs[-1][-1] if runs else None
        if last is None or not _follows(last, line, pitch):
            runs.append([])
        runs[-1].append(line)
    return runs


def _follows(above: Line, below: Line, pitch: float) -> bool:
    if above.cell != below.cell:
        return False
    beside = below.left > above.right or above.left > below.right
    return 0 < above.base - below.base <= GAP * pitch * above.size and _is_like(above, below) and not beside


def _is_like(line: Line, other: Line) -> bool:
    """Whether two lines have a size in common, as far as fonts of one size differ."""
    return line.smallest <= SIZE_FACTOR * other.largest and other.smallest <= SIZE_FACTOR * line.largest


def _paragraphs(run: Sequence[Line]) -> list[Block]:
    """A run cut where a line is indented or the one before had room for the next word."""
    left, right = min(line.left for line in run), max(line.right for line in run)
    blocks: list[Block] = []
    for number, line in enumerate(run):
        above = run[number - 1]
        if (
            number == 0
            or _is_indented(line, above, left, right)
            or has_room(above, line, left, right)
            or _is_next_item(line, blocks[-1].lines[0])
        ):
            blocks.append(Block())
        blocks[-1].lines.append(line)
    return blocks


def _is_indented(line: Line, above: Line, left: float, right: float) -> bool:
    """Whether a paragraph begins by indention, or a list item by standing left of the line above."""
    ended = bool(_ENDED.search(above.text)) or right - above.right > line.first_width() + above.size
    if line.left - left <= _INDENT * line.size:
        return ended and above.left - line.left > _INDENT * line.size and bool(_MARKER.match(line.text))
    if _MARKER.match(above.text) and abs(above.left - left) < line.size / 2:
        return False
    return ended


def _is_next_item(line: Line, first: Line) -> bool:
    """Whether a list's item follows one that begins with the same kind of mark at the same place."""
    marks = [_MARKER.match(text) for text in (line.text, first.text)]
    if not all(marks) or abs(line.left - first.left) > line.size / 2:
        return False
    kinds = [re.sub(r"\w+", "1", mark[0][:-1]) for mark in marks if mark]
    return kinds[0] == kinds[1]


def has_room(above: Line, below: Line, left: float, right: float) -> bool:
    """Whether a line of the column `left` to `right` ended on purpose.

    That is so where the next word would have fitted, with an em to spare, and a sentence ends there or much
    room is left.
    """
    if above.text[-1] in HYPHENS and above.text[-2:-1].isalnum() and below.text[0].isalnum():
        return False
    room = right - above.right
    ended = bool(_ENDED.search(above.text)) or room > _MUCH_ROOM * (right - left)
    return room > below.first_width() + above.size and ended


def _goes_on(block: Block, following: Block, pages: Sequence[Sequence[Line]]) -> bool:
    """Whether a paragraph runs on over a page's end: its last line is full, the next is not indented."""
    last, first = block.lines[-1], following.lines[0]
    if last.cell or first.cell:
        return False
    if last.page == first.page and not _is_next_column(last, first, pages[last.page]):
        return False
    if not _is_like(last, first):
        return False
    column = [
        line for line in pages[last.page] if not line.rule and abs(line.left - last.left) < 4 * last.size
    ]
    below = [
        line for line in pages[first.page] if not line.rule and abs(line.left - first.left) < 4 * first.size
    ]
    indented = first.left - min(line.left for line in below) > _INDENT * first.size
    edges = min(line.left for line in column), max(line.right for line in column)
    return not indented and not has_room(last, first, *edges)


def _is_next_column(last: Line, first: Line, lines: Sequence[Line]) -> bool:
    """Whether `first` begins a column and `last` ended one at the foot of the page's text."""
    lowest = min(line.base for line in lines if not line.rule)
    return first.base > last.base + last.size and last.base < lowest + 2 * last.size
