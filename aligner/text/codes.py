"""Inline codes: what a document's own format has between the characters of its text, and where they go with it.

A code stands at a place of a text. Most codes stand for no text (bold begins), some for a stretch of it (a line
break, `{0}`). Whatever happens to the text, codes follow: `follow` through changes, `place_map` to another writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate, count

from aligner.errors import BitextError

OPEN, CLOSE, ALONE = "open", "close", "alone"
KINDS = (OPEN, CLOSE, ALONE)
CUE = "cue"
"""The type of a mark that a subtitle begins here; its data are the times. It is never written as a code."""
PART = "part"
"""The type of a mark that a heading, an item or a note begins here. It is written nowhere at all."""
RULE = "inline-code"
"""The rule of an edit that records a code which is gone."""

BLANK = "{aligner}blank"
"""The attribute of a code that says on which side the file has one more blank than the text: `BEFORE`, `AFTER`."""
BEFORE, AFTER = "before", "after"

# Elements around text; every other element that holds a code is empty or holds the code itself.
SPANS = frozenset({"g", "pc", "mrk", "hi"})
# A change longer than this on both sides is another text: what stood in it has no neighbourhood any more.
_LONGEST_COMPARED = 2_000
# Words, and the characters of scripts without blanks one by one.
_TOKEN = re.compile(r"[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uabff\uf900-\uffff]+|\s+|.", re.S)


@dataclass(frozen=True, slots=True)
class Code:
    """An inline code at character `at`; `text[at:end]`, mostly empty, is what it stands for.

    `kind`: `open`, `close` or `alone`. `pair`: a number that both ends share, 0 where there is one end only.
    `data`: what the document's own format has there, `<b>`, empty where the file doesn't say. `type`: what it does,
    in the words of XLIFF 1.2 (`bold`, `italic`, `underlined`, `link`, `lb`, …), where that is known. `form`: what
    held it in a memory or XLIFF, `tmx:bpt`, `xliff1:g`, `xliff2:pc`, with its `attributes`.
    """

    at: int
    kind: str
    data: str = ""
    pair: int = 0
    length: int = 0
    type: str = ""
    form: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.at < 0 or self.length < 0 or self.pair < 0 or self.kind not in KINDS:
            raise BitextError(f"code {self.shown!r} at {self.at}: no place, or none of {', '.join(KINDS)}")

    @property
    def end(self) -> int:
        """Where what it stands for ends."""
        return self.at + self.length

    @property
    def is_cue(self) -> bool:
        """Whether it marks where a subtitle begins."""
        return self.type == CUE

    @property
    def is_mark(self) -> bool:
        """Whether it says something about the text and is nothing that the document's own format has there."""
        return self.type in (CUE, PART)

    @property
    def element(self) -> str:
        """The name of the element that held it, without its format."""
        return self.form.rpartition(":")[2]

    @property
    def shown(self) -> str:
        """The code as a person may see it: its data, else the tag that stood for it."""
        if self.data.strip():
            return self.data
        name = self.element or self.type or "code"
        if self.kind == CLOSE and (self.element in SPANS or not self.form):
            return f"</{name}>"
        values = "".join(f' {key}="{value}"' for key, value in self.attributes if not key.startswith("{"))
        return f"<{name}{values}{'/' if self.kind == ALONE or self.element not in SPANS else ''}>"

    def attribute(self, name: str) -> str:
        """The value of an attribute, empty where there is none."""
        return dict(self.attributes).get(name, "")


def check_codes(codes: Sequence[Code], length: int) -> None:
    """Raise `BitextError` where codes of a text of `length` characters are out of order or outside it."""
    position = 0
    for code in codes:
        if not position <= code.at <= code.end <= length:
            raise BitextError(f"code {code.shown!r} at {code.at}: out of order or outside the text")
        position = code.at


def shifted(codes: Iterable[Code], by: int) -> tuple[Code, ...]:
    """The codes so many characters further on."""
    return tuple(replace(code, at=code.at + by) for code in codes) if by else tuple(codes)


def joined(parts: Iterable[tuple[int, Sequence[Code]]]) -> tuple[Code, ...]:
    """The codes of texts that begin at these places, pairs numbered anew so that no two share a number."""
    whole: list[Code] = []
    numbers = count(1)
    for at, codes in parts:
        given: dict[int, int] = {}
        for code in codes:
            if code.pair and code.pair not in given:
                given[code.pair] = next(numbers)
            whole.append(replace(code, at=code.at + at, pair=given.get(code.pair, 0)))
    return tuple(whole)


def cut(codes: Sequence[Code], start: int, end: int, *, last: bool) -> tuple[Code, ...]:
    """The codes of the part `[start, end)`, placed in it: at a cut, what closes goes before, the rest behind it."""
    return tuple(
        replace(code, at=code.at - start)
        for code in codes
        if (start < code.at or (code.at == start and not (code.kind == CLOSE and start)))
        and (code.at < end or (code.at == end and (last or code.kind == CLOSE)))
    )


Change = tuple[int, int, str]
"""`[start, end)` of a text and what is written there."""


def follow(
    codes: Sequence[Code], text: str, changes: Sequence[Change], *, reworded: bool = False
) -> tuple[list[Code], dict[int, list[Code]]]:
    """Where `codes` of `text` stand after `changes`, and by number of change those that have no place any more.

    A code inside a change stays beside the word that it stood beside. Where that word is gone it goes, too, if the
    text was `reworded`, and where one end of a pair is gone, so is the other; what was only mended keeps it.
    """
    homes = _homes(codes, changes)
    lost = _emptied(codes, changes, homes)
    grown = [0, *accumulate(len(new) - (end - start) for start, end, new in changes)]
    placed: list[Code] = []
    gone: dict[int, list[Code]] = {}
    position = 0
    for code, (number, is_inside) in zip(codes, homes, strict=True):
        place = _inside(code, text, changes[number], reworded) if is_inside else (code.at, code.length)
        if place is None and code.pair:
            lost.setdefault(code.pair, number)
        if place is None or code.pair in lost:
            gone.setdefault(lost.get(code.pair, number), []).append(code)
            continue
        position = max(position, place[0] + grown[number])
        placed.append(replace(code, at=position, length=place[1]))
    for code in placed:
        if code.pair in lost:
            gone[lost[code.pair]].append(code)
    return [code for code in placed if code.pair not in lost], gone


def _homes(codes: Sequence[Code], changes: Sequence[Change]) -> list[tuple[int, bool]]:
    """For each code the first change that ends behind it, and whether the code is inside, not at its edge."""
    homes: list[tuple[int, bool]] = []
    number = 0
    for code in codes:
        while number < len(changes) and changes[number][1] <= code.at:
            number += 1
        # What stands for text is inside where the change takes some of that text.
        last = max(code.end, code.at)
        homes.append((number, number < len(changes) and changes[number][0] < last))
    return homes


def _emptied(
    codes: Sequence[Code], changes: Sequence[Change], homes: Sequence[tuple[int, bool]]
) -> dict[int, int]:
    """The pairs around nothing but what a change takes out, each with the number of the change."""
    opened: dict[int, tuple[int, int]] = {}
    found: dict[int, int] = {}
    for code, (number, _) in zip(codes, homes, strict=True):
        if code.kind == OPEN and code.pair:
            opened[code.pair] = (code.at, number)
        elif code.kind == CLOSE and code.pair in opened:
            at, first = opened[code.pair]
            if (
                first < len(changes)
                and not changes[first][2]
                and changes[first][0] <= at < code.at <= changes[first][1]
            ):
                found[code.pair] = first
    return found


def _inside(code: Code, text: str, change: Change, reworded: bool) -> tuple[int, int] | None:
    """Where a code inside a change stands after it, in characters of the text before, and how long it is."""
    start, end, new = change
    if not new:
        return None if code.kind == ALONE else (start, 0)
    if code.length:
        place = _stretch(code, text, change)
    else:
        beside = _beside(text[start:end], new, code.at - start)
        place = None if beside is None else (start + beside, 0)
    if place is None and not reworded:
        return start + min(max(0, code.at - start), len(new)), 0
    return place


def _stretch(code: Code, text: str, change: Change) -> tuple[int, int] | None:
    """The same for a code that stands for text: a blank may become another one, all else must still be there."""
    start, end, new = change
    shown = text[code.at : code.end]
    if shown.isspace():
        if not text[start:end].strip():
            return max(code.at, start), min(len(new), code.length)
        place = _beside(text[start:end], new, max(0, code.at - start))
        return None if place is None else (start + place, 0)
    head, tail = text[code.at : max(code.at, start)], text[min(end, code.end) : code.end]
    around = head + new + tail
    found = around.find(shown)
    return (min(code.at, start) + found, code.length) if found >= 0 else None


def _beside(old: str, new: str, place: int) -> int | None:
    """Where `place` of `old` is in `new`: beside the word it stood beside; None where both neighbours are gone."""
    if max(len(old), len(new)) > _LONGEST_COMPARED:
        return None
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    starts = [_lengths(before), _lengths(after)]
    matched = {
        block.a + n: block.b + n
        for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        for n in range(block.size)
        if before[block.a + n].strip()
    }
    for number in range(len(before)):
        first, last = starts[0][number], starts[0][number + 1]
        if number in matched and first <= place <= last:
            return starts[1][matched[number]] + place - first
    return None


def _lengths(tokens: Sequence[str]) -> list[int]:
    places = [0]
    for token in tokens:
        places.append(places[-1] + len(token))
    return places


def place_map(old: str, new: str, insignificant: re.Pattern[str]) -> list[int]:
    """For each place of `old`, 0 to its length, the place in `new`, which differs in white space and what is
    `insignificant`, or in whatever takes as many characters."""
    if len(old) == len(new):
        return list(range(len(old) + 1))
    kept = [
        [n for n, c in enumerate(text) if not c.isspace() and not insignificant.match(c)]
        for text in (old, new)
    ]
    if len(kept[0]) != len(kept[1]):
        return _compared(old, new)
    places, rank = [], 0
    for place in range(len(old) + 1):
        while rank < len(kept[0]) and kept[0][rank] < place:
            rank += 1
        before = kept[1][rank - 1] + 1 if rank else 0
        after = kept[1][rank] if rank < len(kept[1]) else len(new)
        at_end = rank > 0 and kept[0][rank - 1] + 1 == place
        at_start = rank < len(kept[0]) and kept[0][rank] == place
        since = place - (kept[0][rank - 1] + 1 if rank else 0)
        places.append(before if at_end else after if at_start else min(after, before + since))
    return places


def _compared(old: str, new: str) -> list[int]:
    places = [0] * (len(old) + 1)
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for place in range(i1, i2 + 1):
            places[place] = min(j2, j1 + place - i1)
    return places
