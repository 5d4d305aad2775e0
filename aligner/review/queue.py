"""The doubt queue: which rows to look at, in which order, and how many wrong pairs are left unread.

All is kept as rows change, so that an operation costs the rows it touches and not the whole alignment.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from aligner.bitext import Alignment, Bead
from aligner.review.places import offset_of

STOP_BELOW = 0.9
"""Confidence below which a row is a stop: on textberg 18.6 % of the rows, with 61 of 72 errors."""
DOUBTED = 0.3
"""By how much a doubt raises the risk towards 1; a doubted row is always a stop."""
CONTEXT = 2
TARGET = 0.01
SPOT_EVERY = 50
"""One in so many pairs outside the queue is a spot check."""
STOPS_A_SPOT = 10
"""Operations after which a spot check comes."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Stand on bead `row`; beads `[first, last)` are shown. `kind` is "stop" or "spot"."""

    row: int
    first: int
    last: int
    risk: float
    left: int
    kind: str = "stop"


@dataclass(frozen=True, slots=True)
class Watched:
    """A row as the queue sees it: the bead, how many doubts it raises, the number by which spot checks are drawn."""

    bead: Bead
    doubts: int
    draw: int

    @property
    def is_spot(self) -> bool:
        """Whether it is a spot check: a pair that was drawn, outside the queue and undecided."""
        return (
            self.draw % SPOT_EVERY == 0
            and self.bead.status == "auto"
            and self.bead.is_pair
            and not is_stop(self.bead, self.doubts)
        )


def watched(alignment: Alignment, bead: Bead, doubts: int) -> Watched:
    """The bead as the queue sees it. The draw is made by its text: the same in every session."""
    start = offset_of(alignment.source, bead.src_start)
    text = alignment.source.text[start : offset_of(alignment.source, bead.src_end)]
    return Watched(bead, doubts, zlib.crc32(text.encode("utf-8", "replace")) if text else 1)


def risk_of(bead: Bead, doubts: int) -> float:
    """How much a bead wants a look, 0 to 1: 0 where a person decided."""
    if bead.status != "auto":
        return 0.0
    wrong = 1 - bead.confidence
    return wrong + (1 - wrong) * (1 - (1 - DOUBTED) ** doubts)


def is_stop(bead: Bead, doubts: int) -> bool:
    """Whether the bead belongs in the queue."""
    return bead.status == "auto" and (bead.confidence < STOP_BELOW or doubts > 0)


@dataclass(slots=True)
class Survey:
    """Numbers of the whole alignment; `errors`: wrong pairs to be expected among the unread."""

    pairs: int = 0
    unread: int = 0
    confirmed: int = 0
    edited: int = 0
    stops: int = 0
    spots: int = 0
    errors: float = 0.0

    def count(self, row: Watched, by: int) -> None:
        """Count a row in (`by` 1) or out again (-1)."""
        bead = row.bead
        self.pairs += by * bead.is_pair
        self.confirmed += by * (bead.status == "confirmed")
        self.edited += by * (bead.status == "edited")
        self.stops += by * is_stop(bead, row.doubts)
        self.spots += by * row.is_spot
        if bead.status == "auto" and bead.is_pair:
            self.unread += by
            self.errors += by * (1 - bead.confidence)


class Queue:
    """The rows of an alignment with their risks, and the survey of them all."""

    def __init__(self, rows: Sequence[Watched]) -> None:
        self.seen = Survey()
        self._rows: list[Watched] = []
        self._risks: list[float] = []  # 0 where the row is no stop
        self._drawn: list[int] = []  # -1 where the row was not drawn
        self.put(0, 0, rows)

    def put(self, first: int, last: int, rows: Sequence[Watched]) -> None:
        """`rows` in the place of rows `[first, last)`."""
        for row in self._rows[first:last]:
            self.seen.count(row, -1)
        for row in rows:
            self.seen.count(row, 1)
        self._rows[first:last] = rows
        self._drawn[first:last] = [row.draw if row.draw % SPOT_EVERY == 0 else -1 for row in rows]
        self._risks[first:last] = [
            risk_of(row.bead, row.doubts) if is_stop(row.bead, row.doubts) else 0.0 for row in rows
        ]

    def __getitem__(self, number: int) -> Watched:
        return self._rows[number]

    def riskiest(self, passed: Collection[int] = ()) -> Stop | None:
        """The stop that is likeliest wrong, those `passed` over after all others; None where none is left."""
        open_ = self._risks
        if passed:
            open_ = list(open_)
            for number in passed:
                open_[number] = 0.0
        top = max(open_, default=0.0)
        if top > 0.0:
            return self.around(open_.index(top))
        return self.riskiest() if passed else None

    def in_text(self, after: int, *, back: bool = False, among: Collection[int] | None = None) -> Stop | None:
        """The next stop behind row `after`, or before it, round the end; of the rows `among`, where given."""
        count = len(self._risks)
        step = -1 if back else 1
        for by in range(1, count + 1):
            number = (after + step * by) % count
            if self._risks[number] > 0.0 and (among is None or number in among):
                return self.around(number)
        return None

    def spot(self, passed: Collection[int] = ()) -> Stop | None:
        """A spot check, in the order of the draw; None where none is left."""
        drawn = [(draw, number) for number, draw in enumerate(self._drawn) if draw >= 0]
        spots = [each for each in drawn if self._rows[each[1]].is_spot and each[1] not in passed]
        return self.around(min(spots)[1]) if spots else None

    def around(self, row: int) -> Stop:
        """A stop on `row` with the neighbours that are stops too, and some rows before and after."""
        risks, first, last = self._risks, row, row + 1
        while first > 0 and risks[first - 1] > 0.0:
            first -= 1
        while last < len(risks) and risks[last] > 0.0:
            last += 1
        first, last = max(0, first - CONTEXT), min(len(risks), last + CONTEXT)
        seen = self._rows[row]
        risk, kind = risk_of(seen.bead, seen.doubts), "spot" if seen.is_spot else "stop"
        return Stop(row, first, last, risk, self.seen.stops, kind)
