"""Chinese that lost one byte: `成效?;仡櫼荒陙?,` was `成效。回顧一年來,`.

In GBK a Han character is two bytes. Where a converter dropped the first byte of one, it wrote `?`, and every
byte after it was paired with the wrong neighbour, until a second byte below 0x80 stood alone (an ASCII
letter) or a last byte found no partner (another `?`). Written back to bytes, with one byte put before them,
such a run reads as Chinese again; which byte, a frequency table of Chinese words and pairs tells.

Shifted characters keep their bytes even where Unicode has no character for them (private use) or a page has
made full-width punctuation half-width. A tool that glosses characters with their reading may have lost the
parenthesis before the reading to the damage: `?qū)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import regex

from aligner.language.frequencies import character_cost, is_han, text_cost

TWO_BYTES = 2

UNKNOWN = "?"  # stays where the first or last character of a repaired run can't be told

LONGEST_RUN = 100  # characters; in GBK a run ends after two or three as a rule, in GB2312 later

CONTEXT = 5  # characters of text on each side that help to choose

REACH_LEFT, REACH_RIGHT = 40, 400  # characters looked at on each side, glosses included

MOST_ENDS = 4  # question marks at which one run may end

MOST_RUNS = 500  # in one pass; `clean` makes up to twelve

# The following were chosen by dropping a byte at random places of 80,000 characters of news and novels. Of
# 155 damaged places, simplified and traditional, 33 came out whole, 101 with `?` for the lost one,
# 6 with a wrong character, 15 were not found; no sound place was touched.
RARE = 10.0  # nats: rarer than 1 in 22,000 characters

RARE_SHARE = 4  # one character in four of a shifted run is rare, or more

MARGIN = 1.5  # nats between the best byte and the next one

LAST_MARGIN = 2.5  # the same for a last byte, where punctuation competes with itself

GAIN = 1.0  # nats a character by which the repaired text must be more usual than the damaged one

_GLOSS = regex.compile(r"[(（]\p{Latin}{1,7}[)）]")

_MARK = regex.compile(r"[?？\uFFFD](?:\p{Ll}{1,7}[)）])?")

_LOST = regex.compile(r"[?？\uFFFD](?=[^\n]{0,9}[\p{Han}\uE000-\uE864])")

_PRIVATE = regex.compile(
    r"(?<=[\p{Han}A-Za-z\uE000-\uE864])[\uE000-\uE864]+(?=[\p{Han}A-Za-z?\uE000-\uE864])"
)

_LEADS = tuple(range(0x81, 0xFF))

_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))


class _Run(NamedTuple):
    """`[start, end)` of the text reads `shifted` once the byte before it is known.

    `open`: its last byte is lost too. `glossed`: the remains of a reading follow the mark, so what was lost
    there is a Han character.
    """

    start: int
    end: int
    shifted: bytes
    seen: str
    open: bool
    glossed: bool


def find_repairs(text: str) -> list[tuple[int, int, str]]:
    """Each damaged run that can be read again, as `(start, end, repaired)`."""
    found: list[tuple[int, int, str]] = []
    for repair in _repairs(text):
        if not found or repair[0] >= found[-1][1]:
            found.append(repair)
    return found


def find_damage(text: str) -> list[tuple[int, int]]:
    """Runs and private characters that look damaged; disjoint, in order."""
    spans = [(match.start(), match.end()) for match in _PRIVATE.finditer(text)]
    spans += [(start, end) for start, end, _ in _repairs(text)]
    return _merged(spans)


def _repairs(text: str) -> Iterator[tuple[int, int, str]]:
    tried = 0
    for mark in _LOST.finditer(text):
        first = max(0, mark.start() - REACH_LEFT)
        outcome = _repair(text[first : mark.start() + REACH_RIGHT], mark.start() - first)
        tried += outcome is not None
        if outcome:
            yield mark.start(), first + outcome[0], outcome[1]
        if tried >= MOST_RUNS:
            return


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@lru_cache(maxsize=4 * MOST_RUNS)
def _repair(near: str, start: int) -> tuple[int, str] | tuple[()] | None:
    """Where the run at `start` ends and what it should read; () where it is sound, None without a run."""
    left = _context(near, start, -1)
    best: tuple[float, int, str] | None = None
    runs = list(islice(_runs(near, start), MOST_ENDS))
    for run in runs:
        right = _context(near, run.end, 1)
        candidate = _choose(run, left, right)
        if candidate is None:
            continue
        gain = _unusual(left + run.seen + right) - _unusual(left + candidate + right)
        if gain >= GAIN and (best is None or gain > best[0]):
            best = (gain, run.end, candidate)
    if best:
        return best[1:]
    return () if runs else None


def _unusual(text: str) -> float:
    return text_cost(text) / len(text)


def _context(text: str, position: int, step: int) -> str:
    """A few characters before (step -1) or after (step 1) `position` on the same line, glosses left out."""
    if step < 0:
        before: str = _GLOSS.sub("", text[max(0, position - REACH_LEFT) : position].rpartition("\n")[2])
        return before[-CONTEXT:]
    after: str = _GLOSS.sub("", text[position : position + REACH_LEFT].partition("\n")[0])
    return after[:CONTEXT]


def _runs(text: str, start: int) -> Iterator[_Run]:
    """The runs that may begin at the mark of a lost byte: they differ in where they end."""
    mark = _MARK.match(text, start)
    if not mark:
        return
    position, shifted, seen = mark.end(), b"", mark.group()[0]
    rare, glossed = 0, len(mark.group()) > 1
    while position < len(text) and len(shifted) <= 2 * LONGEST_RUN:
        gloss = _GLOSS.match(text, position)
        if gloss and shifted:
            position = gloss.end()
            continue
        character = text[position]
        damaged = shifted and RARE_SHARE * rare >= len(shifted) // 2
        if "\x40" <= character <= "\x7e":
            if damaged:
                trail = shifted + character.encode()
                yield _Run(start, position + 1, trail, seen + character, False, glossed)
            return
        if damaged and character in "?？\ufffd":
            debris = _MARK.match(text, position)
            end = debris.end() if debris else position + 1
            yield _Run(start, end, shifted, seen + character, True, glossed)
        pair = _bytes(character)
        if not pair:
            return
        rare += character_cost(character) > RARE
        shifted, seen, position = shifted + pair, seen + character, position + 1


def _bytes(character: str) -> bytes:
    """The two bytes GBK writes for `character` (for its full-width form, where it is ASCII); else nothing."""
    if "!" <= character <= "~":
        return bytes((0xA3, ord(character) + 0x80))
    try:
        encoded = character.encode("gb18030")
    except UnicodeEncodeError:
        return b""
    return encoded if len(encoded) == TWO_BYTES else b""


def _choose(run: _Run, left: str, right: str) -> str | None:
    """What the run should read, None where it reads as no Chinese.

    A first or last character that can't be told stays `?`.
    """
    middle = _decoded(run.shifted[1:-1] if run.open else run.shifted[1:])
    if middle is None:
        return None
    last = ""
    if run.open:
        lasts = [_decoded(bytes((run.shifted[-1], trail))) for trail in _TRAILS]
        possible = [last for last in lasts if last and (right or last not in "，、")]
        last = _best(possible, middle[-CONTEXT:] or left, right, LAST_MARGIN)
    firsts = [_decoded(bytes((lead, run.shifted[0]))) for lead in _LEADS]
    possible = [first for first in firsts if first and (is_han(first) or not run.glossed)]
    following = (middle + last.strip(UNKNOWN) + right)[:CONTEXT]
    return _best(possible, left, following, MARGIN) + middle + last


def _best(candidates: list[str], left: str, right: str, margin: float) -> str:
    """The candidate most usual between `left` and `right`; `?` where another comes within `margin` nats."""
    ranked = sorted((text_cost(left + candidate + right), candidate) for candidate in candidates)
    if not ranked or (len(ranked) > 1 and ranked[1][0] - ranked[0][0] < margin):
        return UNKNOWN
    return ranked[0][1]


def _decoded(shifted: bytes) -> str | None:
    """The Chinese of `shifted`, or None where it isn't Han characters and their punctuation throughout."""
    characters = []
    for at in range(0, len(shifted), 2):
        try:
            character = shifted[at : at + 2].decode("gb18030")
        except UnicodeDecodeError:
            return None
        if len(character) != 1 or not (is_han(character) or character in "。，、；：？！“”‘’（）《》—…"):
            return None
        characters.append(character)
    return "".join(characters)
