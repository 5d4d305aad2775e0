"""What stands in a page's margins, by its place: running headers and footers, page numbers, stamps of a browser."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from aligner.read.pdf_lines import Line

HEADER, NUMBER = "pdf-running-header", "pdf-page-number"

# A gap between two lines that exceeds this multiple of the usual one sets them apart (measured on printed
# articles: 71 of 72 paragraphs exact).
GAP = 1.25
# Lines whose sizes differ by more than this factor are not in one paragraph.
SIZE_FACTOR = 1.12
# Lines of a paragraph are not further apart than this many times their size …
_WIDEST_PITCH = 3.0
# … and at least this part of all neighbouring lines is as far apart as they are.
_COMMON_PITCH = 0.15
# Running headers and footers stand in this outer part of the page's height,
_MARGIN = 0.13
# … or go on from there without a gap, no further than this, …
_WIDEST_MARGIN = 0.2
# are the same, numbers aside, on at least this part of the pages (left and right pages differ) …
_REPEATED_SHARE = 0.4
# … or on so many pages where a gap sets them apart (those of one chapter) …
_REPEATED_PAGES = 3
# … and are among the outermost so many lines at the same height.
_OUTERMOST = 3
# Running headers may be larger than the text by this factor; titles are larger still.
_LARGEST = 1.5
# Points by which the same line may shift between pages.
_SHIFT = 6.0
# Points by which lines of one size may differ.
_SAME_SIZE = 0.2
_PAGE_NUMBER = re.compile(
    r"(?P<before>[\W_]*(?:(?:page|pagina|página|seite|страница|стр\.|p\.|s\.)\s*)?)"
    r"(?P<number>\d{1,4}|[ivxlc]{1,7})(?P<after>(?:\s*(?:/|of|von|sur|de|из|共)\s*\d{1,4})?[\W_]*)"
    r"|(?P<han>第\s*[\d〇零一二三四五六七八九十百]{1,6}\s*[页頁](?:\s*[,，/]?\s*共\s*\d{1,4}\s*[页頁])?)",
    re.I,
)
# What a browser prints in small type above and below every page: its address, or the date and time.
_STAMP = re.compile(
    r"(?:https?|file)://\S+|\d{1,4}[/.年-]\s?\d{1,2}[/.月-]\s?\d{1,4}日?,?\s.{0,4}?\d{1,2}:\d\d(?:\s[AP]M)?",
    re.I,
)
_COUNTER = re.compile(
    r"\d{1,6}|\b[ivxlc]{1,7}\b|(?<=第)\s?[〇零一二三四五六七八九十百]{1,6}(?=\s?[页頁])", re.I
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class _Row:
    """Lines at one height in a margin: how far from the page's edge, and whether a gap sets their group apart."""

    page: int
    lines: list[Line]
    distance: float
    apart: bool


def mark_margins(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> None:
    """Set `rule` on running headers, footers and page numbers.

    The outermost line of each page is looked at first, and the next one where all before it is furniture or a
    gap sets both apart from the text; so a header is found though the text follows it without a gap.
    """
    body, pitch = usual_size(line for lines in pages for line in lines), usual_pitch(pages)
    fewest = max(2.0, _REPEATED_SHARE * sum(1 for lines in pages if lines))
    for upper in (True, False):
        margins = [_margin(lines, height, pitch, upper) for lines, height in zip(pages, heights, strict=True)]
        for depth in range(_OUTERMOST):
            front = [
                rows[depth]
                for rows in margins
                if len(rows) > depth and (rows[depth].apart or all(map(_is_marked, rows[:depth])))
            ]
            _mark(front, body, fewest)
        for rows in margins:
            _keep_sentences([row for row in rows if row.apart], sure=_sure(rows))


def usual_size(lines: Iterable[Line]) -> float:
    """The size that most characters have."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def usual_pitch(pages: Sequence[Sequence[Line]]) -> float:
    """The distance of two lines of a paragraph in multiples of their size: the smallest that is common."""
    steps: dict[float, list[float]] = defaultdict(list)
    for lines in pages:
        for above, below in pairwise(line for line in lines if not line.rule):
            step = (above.base - below.base) / above.size
            if 0 < step < _WIDEST_PITCH:
                steps[round(step, 1)].append(step)
    fewest = _COMMON_PITCH * sum(map(len, steps.values()))
    common = min((step for step, alike in steps.items() if len(alike) >= fewest), default=None)
    return max(median(steps[common]), 0.5) if common is not None else 1.2


def _margin(lines: Sequence[Line], height: float, pitch: float, upper: bool) -> list[_Row]:
    """The outermost rows of the page's upper or lower margin, from the edge inwards."""
    rows = _rows(sorted(lines, key=lambda line: line.base, reverse=upper))
    found: list[_Row] = []
    detached = 0
    for number, (row, inner) in enumerate(pairwise(rows[: _OUTERMOST + 1]), 1):
        distance = height - row[0].base if upper else row[0].base
        goes_on = number > 1 and not detached and distance <= _WIDEST_MARGIN * height
        if distance > _MARGIN * height and not goes_on:
            break
        found.append(_Row(row[0].page, row, distance, apart=False))
        if not detached and abs(inner[0].base - row[0].base) > GAP * pitch * row[0].size:
            detached = number
    return [
        _Row(row.page, row.lines, row.distance, apart=number <= detached)
        for number, row in enumerate(found, 1)
    ]


def _rows(ordered: Sequence[Line]) -> list[list[Line]]:
    """Lines on one height together."""
    rows: list[list[Line]] = []
    for line in ordered:
        if rows and abs(rows[-1][0].base - line.base) < line.size / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _is_marked(row: _Row) -> bool:
    return all(line.rule for line in row.lines)


def _mark(front: Sequence[_Row], body: float, fewest: float) -> None:
    places = [(row, line) for row in front for line in row.lines]
    _mark_numbers(places, fewest)
    keys = Counter(_key(line) for _, line in places)
    same: dict[str, list[tuple[_Row, Line]]] = defaultdict(list)
    for row, line in places:
        beside = (other for other in row.lines if not other.rule)
        alone = row.apart or all(
            keys[_key(other)] > 1 for other in beside
        )  # no text of another column beside it
        if alone and not line.rule and line.size <= _LARGEST * body:
            same[_key(line)].append((row, line))
    for repeated in same.values():
        for line in _running(repeated, fewest):
            line.rule = HEADER
    headers = [(row.distance, line.size) for row, line in places if line.rule == HEADER]
    for row in front:
        small = all(SIZE_FACTOR * line.size < body for line in row.lines)
        if small and (any(_STAMP.fullmatch(line.text) for line in row.lines) or _is_in_place(row, headers)):
            for line in row.lines:
                line.rule = line.rule or HEADER


def _is_in_place(row: _Row, headers: Sequence[tuple[float, float]]) -> bool:
    """Whether a row that no other page has stands where other pages have their header, in its size: a chapter's."""
    return row.apart and any(
        abs(distance - row.distance) <= _SHIFT
        and all(abs(size - line.size) < _SAME_SIZE for line in row.lines)
        for distance, size in headers
    )


def _key(line: Line) -> str:
    return _COUNTER.sub("#", line.text)


def _mark_numbers(places: Sequence[tuple[_Row, Line]], fewest: float) -> None:
    """Mark page numbers: written as such, set apart, or counting with the pages."""
    counting: Counter[int] = Counter()
    bare: list[tuple[Line, int]] = []
    for row, line in places:
        match = _PAGE_NUMBER.fullmatch(line.text)
        if match is None:
            continue
        number = match["number"] or ""
        decorated = bool(match["han"]) or _is_decorated(match)
        if decorated or (row.apart and number.isdigit()):
            line.rule = NUMBER
        elif number:
            shift = _count(number) - line.page
            bare.append((line, shift))
            counting[shift] += 1
    for line, shift in bare:
        if counting[shift] >= max(2, min(fewest, _REPEATED_PAGES)):
            line.rule = NUMBER


def _is_decorated(match: re.Match[str]) -> bool:
    """Whether words or signs on both sides say that this is a page's number: Page 3, 3/12, – 3 –."""
    before, after = match["before"].strip(), match["after"].strip()
    return bool(before and after) or any(sign.isalnum() for sign in before + after)


def _count(text: str) -> int:
    """The value of Arabic or Roman figures; 0 for others."""
    if text.strip().isdecimal():
        return int(text)
    values = [_ROMAN.get(letter, 0) for letter in text.lower()]
    return sum(-a if a < b else a for a, b in pairwise([*values, 0]))


def _running(repeated: Sequence[tuple[_Row, Line]], fewest: float) -> Iterator[Line]:
    """Of lines with one text, numbers aside, those that stand at one height on enough pages."""
    usual = median(row.distance for row, _ in repeated)
    same = [(row, line) for row, line in repeated if abs(row.distance - usual) <= _SHIFT]
    pages = {row.page for row, _ in same}
    apart = all(row.apart for row, _ in same)
    enough = len(pages) >= fewest or (apart and len(pages) >= _REPEATED_PAGES)
    if enough and _counts_with_pages([line for _, line in same]):
        yield from (line for _, line in same)


def _counts_with_pages(lines: Sequence[Line]) -> bool:
    """Whether each number in the lines grows with the page, or is the same on runs of pages (a chapter's)."""
    counters = [[_count(figure) for figure in _COUNTER.findall(line.text)] for line in lines]
    for column in zip(*counters, strict=True):
        shifts = {value - line.page for value, line in zip(column, lines, strict=True)}
        changes = sum(value != following for value, following in pairwise(column))
        if len(shifts) > 1 and 2 * changes >= len(column):
            return False
    return True


def _sure(rows: Sequence[_Row]) -> int:
    """How many of the rows, from the edge inwards, are furniture as a whole."""
    return next((number for number, row in enumerate(rows) if not _is_marked(row)), len(rows))


def _keep_sentences(group: Sequence[_Row], sure: int) -> None:
    """A repeated line between others that are not repeated is part of their paragraph."""
    text = [line for row in group for line in row.lines if not line.rule]
    for row in group[sure:]:
        for line in row.lines:
            if any(other.left < line.right and line.left < other.right for other in text):
                line.rule = ""
