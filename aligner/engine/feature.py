"""What a feature is: a number that every bead of a tile gets, declared once beside the code that computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from aligner.engine.planes import Plane
from aligner.engine.sides import Array, Side, Tile


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its name, what it means, which beads have it, and its mirror.

    `mirror` names the feature that means the same with the sides exchanged; empty where that is the feature itself.
    `weight`: what it weighs where the weights in force don't know it.
    """

    name: str
    meaning: str
    applies_to: Literal["pairs", "one-sided", "all"] = "pairs"
    mirror: str = ""
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A tile of the corridor and the two sides around it.

    `ratio`: mean and deviation of log(target bytes / source bytes) of a pair in these documents.
    """

    source: Side
    target: Side
    tile: Tile
    ratio: tuple[float, float]


Mark = Callable[[Sequence[str], str], Array]
"""(the n sentences of a side, its language) -> a value for each, (n,) numbers or truths."""


@dataclass(frozen=True, slots=True)
class Family:
    """Features that are computed together. `compute` gives a plane for each of them, by name.

    `marks`: what it wants to know of the text beside what a `Side` holds; found by name in `Side.marks`.
    """

    features: tuple[Feature, ...]
    compute: Callable[[Scene], Mapping[str, Plane]]
    marks: Mapping[str, Mark] = field(default_factory=dict)
