"""The doubt queue: which rows to look at, in which order, and how many wrong pairs are left unread."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from aligner.bitext import Bead

STOP_BELOW = 0.9
"""Confidence below which a row is a stop: on textberg 18.6 % of the rows, with 61 of 72 errors."""
DOUBTED = 0.3
"""By how much a doubt raises the risk towards 1; a doubted row is always a stop."""
NEIGHBOURS, CONTEXT = 1, 2
TARGET = 0.01


@dataclass(frozen=True, slots=True)
class Stop:
    """Stand on bead `row`; beads `[first, last)` are shown."""

    row: int
    first: int
    last: int
    risk: float
    left: int


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
    """Numbers of the whole alignment, counted in one go; `errors`: wrong pairs to be expected among the unread."""

    pairs: int = 0
    unread: int = 0
    confirmed: int = 0
    edited: int = 0
    stops: int = 0
    errors: float = 0.0


def survey(beads: Sequence[Bead], doubted: Collection[int]) -> Survey:
    """Count `beads`, of which those numbered in `doubted` have doubts."""
    found = Survey()
    for number, bead in enumerate(beads):
        # Written out: this runs over all rows at each key.
        is_pair = bead.src_end > bead.src_start and bead.tgt_end > bead.tgt_start
        found.pairs += is_pair
        if bead.status == "auto":
            if is_pair:
                found.unread += 1
                found.errors += 1 - bead.confidence
            found.stops += bead.confidence < STOP_BELOW or number in doubted
        elif bead.status == "confirmed":
            found.confirmed += 1
        else:
            found.edited += 1
    return found


def next_stop(
    beads: Sequence[Bead],
    doubts: Mapping[int, int],
    after: int = -1,
    *,
    by_risk: bool = True,
    back: bool = False,
) -> Stop | None:
    """The riskiest stop, or the next in the text from bead `after` on, round its end; None where none is left.

    `doubts`: their number a bead. Stops that are neighbours are one: one stands on the riskiest of them.
    """
    stops = [
        number
        for number, bead in enumerate(beads)
        if bead.status == "auto" and (bead.confidence < STOP_BELOW or number in doubts)
    ]
    if not stops:
        return None

    def risk(number: int) -> float:
        return risk_of(beads[number], doubts.get(number, 0))

    if by_risk:
        row = max(stops, key=risk)
    elif back:
        row = next((n for n in reversed(stops) if n < after), stops[-1])
    else:
        row = next((n for n in stops if n > after), stops[0])
    members, first, last = set(stops), row, row + 1
    while first - NEIGHBOURS in members:
        first -= NEIGHBOURS
    while last in members:
        last += NEIGHBOURS
    return Stop(row, max(0, first - CONTEXT), min(len(beads), last + CONTEXT), risk(row), len(stops))
