"""How good is a bead: every feature of every bead in a tile of the corridor, as arrays.

A tile is a rectangle of cells. Everything about sentence pairs is computed densely over it; what a bead needs is
then a slice, a sum over the source segments of the bead, or a maximum over its target segments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.engine.beads import BEAD_TYPES, ONE_SIDED
from aligner.engine.cover import COVER, cover
from aligner.engine.endings import ENDINGS
from aligner.engine.feature import Family, Feature, Scene
from aligner.engine.joins import JOINS
from aligner.engine.lengths import LENGTHS
from aligner.engine.planes import Plane
from aligner.engine.sides import Array, Channel, Floats, Ints, Tile, Units
from aligner.engine.spans import SPANS
from aligner.engine.structure import WEIGHTS, structure_planes
from aligner.system.listed import listed_in

_OWN = (SPANS, LENGTHS, ENDINGS, JOINS)
_ADDED: list[Family] = []

AGAIN = "one-sided.again"
"""Name of the weight of a one-sided bead that follows another: it is no feature of one bead."""


def with_family(family: Family) -> AbstractContextManager[None]:
    """Score with one more family of features inside the `with` block; weights without its features give them none."""
    return listed_in(_ADDED, family)


def added_features() -> tuple[Feature, ...]:
    """The features of `with_family`."""
    return tuple(feature for family in _ADDED for feature in family.features)


def added_marks(sentences: Sequence[str], lang: str) -> dict[str, Array]:
    """What the families of `with_family` ask of a side's text; ValueError where it isn't one value a sentence."""
    found: dict[str, Array] = {}
    for family in _ADDED:
        for name, mark in family.marks.items():
            found[name] = np.asarray(mark(sentences, lang))
            if found[name].shape != (len(sentences),):
                raise ValueError(f"mark {name!r} has the shape {found[name].shape}, not {(len(sentences),)}")
    return found


def bead_features(channels: Sequence[str]) -> tuple[Feature, ...]:
    """The features of a bead in the order of their weights: the families, then what each channel is asked."""
    own = tuple(feature for family in (*_OWN, *_ADDED) for feature in family.features)
    return own + tuple(_of_channel(feature, channel) for channel in channels for feature in COVER)


def _of_channel(feature: Feature, channel: str) -> Feature:
    mirror = f"{channel}.{feature.mirror}" if feature.mirror else ""
    return replace(feature, name=f"{channel}.{feature.name}", mirror=mirror)


def weighed(channels: Sequence[str]) -> tuple[Feature, ...]:
    """All that has a weight, in order: one for each bead type, one for runs of one-sided beads, the features."""
    types = [
        Feature(
            f"type.{a}-{b}",
            f"a bead of {a}-{b} segments",
            "pairs" if a and b else "one-sided",
            f"type.{b}-{a}",
        )
        for a, b in BEAD_TYPES
    ]
    again = Feature(AGAIN, "a one-sided bead follows another", "one-sided")
    return (*types, again, *bead_features(channels))


def feature_names(channels: Sequence[str]) -> tuple[str, ...]:
    """The names of the weights in order."""
    return tuple(feature.name for feature in weighed(channels))


def compute_features(scene: Scene, channels: Sequence[Channel]) -> Floats:
    """Features of every bead that ends inside the tile: float32 (rows, columns, T, F), without the type weights.

    Beads that would begin outside the documents get features too; the lattice rules them out.
    """
    planes = _planes(scene, channels)
    out = np.zeros((*scene.tile.shape, len(BEAD_TYPES), len(planes)), dtype=np.float32)
    for number, plane in enumerate(planes):
        for types, values in plane:
            out[:, :, types, number] = np.moveaxis(values, 0, -1)
    return out


@dataclass(frozen=True, slots=True)
class Places:
    """Beads of a tile, (E,): the rows and columns of it where they end, and their types."""

    rows: NDArray[np.integer]
    columns: NDArray[np.integer]
    kinds: Ints


def features_at(scene: Scene, channels: Sequence[Channel], places: Places) -> Floats:
    """The same of the beads in these `places` only: float32 (E, F)."""
    return pick(_planes(scene, channels), scene.tile, places)


def pick(planes: Sequence[Plane], tile: Tile, places: Places) -> Floats:
    """What `planes` of the tile hold for the beads in these `places`, float32 (E, planes)."""
    out = np.zeros((len(places.kinds), len(planes)), dtype=np.float32)
    chosen: dict[tuple[int, int], tuple[Ints, tuple[NDArray[np.integer], ...]]] = {}
    for number, plane in enumerate(planes):
        for types, values in plane:
            first, end, _ = types.indices(len(BEAD_TYPES))
            if (first, end) not in chosen:
                here = np.flatnonzero((places.kinds >= first) & (places.kinds < end))
                chosen[first, end] = (
                    here, (places.kinds[here] - first, places.rows[here], places.columns[here])
                )  # fmt: skip
            here, at = chosen[first, end]
            out[here, number] = np.broadcast_to(values, (end - first, *tile.shape))[at]
    return out


def score_tile(scene: Scene, channels: Sequence[Channel], weights: Floats) -> Floats:
    """The same features times `weights`, added up without being stored: float32 (T, rows, columns).

    What the documents' structure says is added, if they have any.
    `weights`: those of further channels may follow; they are not looked at.
    """
    planes, structure = _planes(scene, channels), list(structure_planes(scene))
    together = [*weights[: len(planes)], *(np.float32(WEIGHTS[name]) for name, _ in structure)]
    return _weigh([*planes, *(plane for _, plane in structure)], together, scene.tile)


def last_channel(source: Units, target: Units, channel: Channel, tile: Tile) -> list[Plane]:
    """The features of the last channel alone, in order."""
    return _in_order(COVER, cover(source, target, channel, tile))


def score_last_channel(planes: Sequence[Plane], tile: Tile, weights: Floats) -> Floats:
    """What the features of `last_channel` add, float32 (T, rows, columns)."""
    return _weigh(planes, weights[-len(planes) :], tile)


def _weigh(planes: Sequence[Plane], weights: Floats | Sequence[np.float32], tile: Tile) -> Floats:
    out = np.zeros((len(BEAD_TYPES), *tile.shape), dtype=np.float32)
    for weight, plane in zip(weights, planes, strict=True):
        for types, values in plane:
            out[types] += weight * values
    return out


def _planes(scene: Scene, channels: Sequence[Channel]) -> list[Plane]:
    """All features but those of channels that are not given, in the order of `bead_features`."""
    planes = [
        plane for family in (*_OWN, *_ADDED) for plane in _in_order(family.features, family.compute(scene))
    ]
    for number, channel in enumerate(channels):
        found = cover(scene.source.units[number], scene.target.units[number], channel, scene.tile)
        planes += _in_order(COVER, found)
    return planes


def _in_order(features: Sequence[Feature], planes: Mapping[str, Plane]) -> list[Plane]:
    """The planes as their features were declared; each must be there, and no other."""
    if len(planes) != len(features):
        raise ValueError(f"features {', '.join(planes)} were computed where {len(features)} are declared")
    return [planes[feature.name] for feature in features]


def applies(feature: Feature) -> list[bool]:
    """For each bead type whether the feature may be other than zero there."""
    sided = {"pairs": (False, True), "one-sided": (True, False), "all": (True, True)}[feature.applies_to]
    return [sided[0]] * ONE_SIDED + [sided[1]] * (len(BEAD_TYPES) - ONE_SIDED)
