"""Score the beads of a corridor, tile by tile on all cores, and what is added to the scores later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.engine.beads import ONE_SIDED
from aligner.engine.corridor import Corridor
from aligner.engine.feature import Scene
from aligner.engine.features import last_channel, score_last_channel, score_tile
from aligner.engine.lattice import IMPOSSIBLE, Lattice, build_lattice
from aligner.engine.planes import Plane
from aligner.engine.sides import Channel, Side, Tile, Units
from aligner.engine.weights import BeadWeights
from aligner.system.threads import in_threads

Progress = Callable[[int, int], None]

_TILE_CELLS = 8_000  # cells of the rectangle a tile covers; larger ones hold more cells outside the corridor,

_TILE_ROWS = 48  # smaller ones cost more calls and threads that wait: 48 to 64 rows are the fastest

_BLOCK = 1 << 16  # cells looked at once where all would take much memory


@dataclass(frozen=True, slots=True)
class Ground:
    """Where beads are looked for: the corridor, the usual ratio of lengths, boundaries that no bead may cross.

    `ratio`: mean and deviation of log(target bytes / source bytes), as by `length_ratio`.
    """

    corridor: Corridor
    ratio: tuple[float, float]
    boundaries: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """The lattice of two sides with the score of every bead: float32 (C, T), `IMPOSSIBLE` where none can be."""

    corridor: Corridor
    lattice: Lattice
    scores: NDArray[np.float32]


def score_beads(
    source: Side,
    target: Side,
    channels: Sequence[Channel],
    ground: Ground,
    weights: BeadWeights,
    progress: Progress | None = None,
) -> Scored:
    """Score every bead of the corridor by its sentences and `channels`."""
    lattice = build_lattice([ground.corridor])
    scores = np.empty(lattice.starts.shape, dtype=np.float32)

    def score(tile: Tile) -> None:
        found = score_tile(Scene(source, target, tile, ground.ratio), channels, weights.features)
        scores[cells_of(lattice, tile)] = np.moveaxis(found, 0, -1)[tile.inside] + weights.types

    each_tile(score, ground.corridor, progress)
    for block, crossing in _crossing(lattice, ground.boundaries):
        scores[block][(lattice.starts[block] == len(lattice)) | crossing] = IMPOSSIBLE
    return Scored(ground.corridor, lattice, scores)


def add_last_channel(
    scored: Scored,
    units: tuple[Units, Units],
    channel: Channel,
    weights: BeadWeights,
    progress: Progress | None = None,
    look: Callable[[Tile, Sequence[Plane]], None] | None = None,
) -> Scored:
    """`scored`, overwritten, with what the last channel says of the beads by the `units` of both sides.

    `look` gets its features, tile by tile.
    """

    def score(tile: Tile) -> None:
        planes = last_channel(*units, channel, tile)
        found = score_last_channel(planes, tile, weights.features)
        scored.scores[cells_of(scored.lattice, tile)] += np.moveaxis(found, 0, -1)[tile.inside]
        if look:
            look(tile, planes)

    each_tile(score, scored.corridor, progress)
    return scored


def add_corners(scored: Scored, ends: NDArray[np.float32], weight: float) -> Scored:
    """`scored`, overwritten, with what the clauses say of the cells where two-sided beads end, (C,)."""
    scored.scores[:, ONE_SIDED:] += np.float32(weight) * ends[:, None]
    return scored


def each_tile(work: Callable[[Tile], None], corridor: Corridor, progress: Progress | None) -> None:
    """Do `work` on the tiles of the corridor, on all cores."""
    every = list(tiles(corridor))
    for tile, _ in zip(every, in_threads(work, every), strict=True):
        if progress:
            progress(tile.bottom, len(corridor.low))


def cells_of(lattice: Lattice, tile: Tile) -> slice:
    """Where the cells of the tile's rows are in the lattice."""
    return slice(int(lattice.bounds[tile.top]), int(lattice.bounds[tile.bottom]))


def tiles(corridor: Corridor, most_rows: int = _TILE_ROWS) -> Iterator[Tile]:
    """Rectangles that cover the corridor, row by row from the top."""
    top, count = 0, len(corridor.low)
    while top < count:
        bottom = top + 1
        while (
            bottom < count
            and bottom - top < most_rows
            and (bottom + 1 - top) * (corridor.high[bottom] + 1 - corridor.low[top]) <= _TILE_CELLS
        ):
            bottom += 1
        yield Tile(top, bottom, corridor.low[top:bottom], corridor.high[top:bottom])
        top = bottom


def _crossing(
    lattice: Lattice, boundaries: Sequence[tuple[int, int]]
) -> Iterator[tuple[slice, NDArray[np.bool_]]]:
    """Block by block, which beads that end in its cells pass a boundary without touching it.

    (cells, T), or (1, 1) where there are no boundaries.
    """
    blocks = [slice(begin, begin + _BLOCK) for begin in range(0, len(lattice), _BLOCK)]
    if not boundaries:
        yield from ((block, np.zeros((1, 1), dtype=bool)) for block in blocks)
        return
    rows, columns = np.array(sorted(set(boundaries))).T
    i, j = lattice.row, lattice.column
    before = np.minimum(np.searchsorted(rows, i, side="right"), np.searchsorted(columns, j, side="right"))
    behind = np.maximum(np.searchsorted(rows, i, side="left"), np.searchsorted(columns, j, side="left"))
    on = before > behind  # the cell is itself a boundary
    for block in blocks:
        starts = np.minimum(lattice.starts[block], len(lattice) - 1)
        yield block, before[block, None] - behind[starts] - on[block, None] - on[starts] > 0
