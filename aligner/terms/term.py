"""A term and its translation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A term and its translation as they are most often written, seen together in `count` pairs.

    `score` ranks them: how strongly the two are associated, times how much of a term they are. `example_bead`
    is the number of a pair that holds both.
    """

    source: str
    target: str
    count: int
    score: float
    example_bead: int
