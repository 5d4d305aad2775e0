"""A text with each of its numbers as one sign, in which the phrases of quantities are looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from aligner.language.numerals.number import Number
from aligner.language.numerals.phrases import FIRST_MARK, LAST_MARK, MARK, Phrases
from aligner.language.numerals.quantity import Quantity, Reading

MARKS = re.compile(MARK)
BLANK = "\ufffc"
LAST_MONTH, LAST_DAY = 12, 31
# "A thousand pardons": a round number in words, of nothing that has a unit, is no count.
_HYPERBOLES = frozenset(Fraction(10**power) for power in range(2, 13))
Found = Iterator[tuple[int, int, Quantity]]


@dataclass(frozen=True, slots=True)
class Mark:
    """What one mark of the skeleton stands for."""

    start: int
    end: int
    text: str
    values: tuple[Fraction, ...]
    kind: str
    weak: bool

    @property
    def value(self) -> Fraction:
        """The first of its values."""
        return self.values[0]

    @property
    def written(self) -> str:
        """As in `Quantity`."""
        if self.weak:
            return "weak"
        return "figures" if any(character.isdigit() for character in self.text) else "words"


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A text whose numbers are one sign each: `origin` has the place of each sign in the text, and its end."""

    text: str
    origin: tuple[int, ...]
    marks: tuple[Mark, ...]
    phrases: Phrases
    lang: str

    def mark(self, sign: str) -> Mark:
        """What the sign stands for."""
        return self.marks[ord(sign) - FIRST_MARK]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where signs `[start, end)` stand in the text."""
        return self.origin[start], self.origin[end]


def marks_of(
    text: str, found: Sequence[Number], kept_words: frozenset[str], firm: frozenset[str] = frozenset()
) -> tuple[list[Mark], list[Mark]]:
    """Numbers that get a mark, each place once, and those whose words stay to be read; `firm` ones are not weak."""
    marks: list[Mark] = []
    words: list[Mark] = []
    for number in found:
        written = text[number.start : number.end]
        if marks and (number.start, number.end) == (marks[-1].start, marks[-1].end):
            marks[-1] = replace(marks[-1], values=(*marks[-1].values, number.value))
            continue
        weak = number.weak and written.lower() not in firm
        mark = Mark(number.start, number.end, written, (number.value,), number.kind, weak)
        overlaps = bool(marks) and number.start < marks[-1].end
        (words if overlaps or written.lower() in kept_words else marks).append(mark)
    return marks, words


def skeleton_of(text: str, marks: Sequence[Mark], phrases: Phrases, lang: str) -> Skeleton:
    """`text` with a sign for each mark, as many as there are signs."""
    pieces: list[str] = []
    origin: list[int] = []
    position = 0
    for index, mark in enumerate(marks[: LAST_MARK - FIRST_MARK + 1]):
        inside = mark.text[-2] if mark.text[-1:] == "半" and mark.text[-2:-1] in ("年", "天") else ""
        pieces += [MARKS.sub(BLANK, text[position : mark.start]), chr(FIRST_MARK + index), inside]
        origin += [*range(position, mark.start), mark.start, *([mark.end - 1] if inside else [])]
        position = mark.end
    pieces.append(MARKS.sub(BLANK, text[position:]))
    origin += range(position, len(text) + 1)
    return Skeleton("".join(pieces), tuple(origin), tuple(marks), phrases, lang)


def loosely_written(mark: Mark) -> str:
    """As `Mark.written`; a round number in words is weak."""
    return "weak" if mark.written == "words" and mark.value in _HYPERBOLES else mark.written


def bare(mark: Mark) -> Quantity:
    """The number alone."""
    return Quantity(
        mark.start, mark.end, mark.values, (), loosely_written(mark), percent=mark.kind == "percent"
    )


def scaled(dimension: str, values: tuple[Fraction, ...], factor: Fraction, units: str = "") -> Reading:
    """`values` times `factor` in `dimension`; `units` are parted by blanks."""
    return Reading(dimension, tuple(value * factor for value in values), frozenset(units.split()), factor)


def built(
    skeleton: Skeleton, match: re.Match[str], mark: Mark | None, *readings: Reading, loose: bool = False
) -> tuple[int, int, Quantity]:
    """A quantity at `match` whose figure is `mark`'s (none: a word such as midday)."""
    start, end = skeleton.place(*match.span())
    figures = mark.values if mark else ()
    written = mark.written if mark else "weak"
    return *match.span(), Quantity(start, end, figures, readings, written, loose)
