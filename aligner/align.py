"""From two sides as arrays to beads with confidences: corridor, scores tile by tile, programme, posteriors.

NumPy only: texts, models and files are elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Alternative, Bead
from aligner.clauses import PLAUSIBLE, STEPS, Clauses, clause_corridor, corners, score_steps
from aligner.cores import in_threads
from aligner.corridor import Corridor, Match, enclose, longest_chain, mutual_matches
from aligner.lattice import BEAD_TYPES, IMPOSSIBLE, ONE_SIDED, Lattice, best_path, build_lattice, posteriors
from aligner.score import Channel, Side, Tile, score_last_channel, score_tile
from aligner.weights import BeadWeights, Weights

Progress = Callable[[int, int], None]

_TILE_CELLS = 8_000  # cells of the rectangle a tile covers; larger ones hold more cells outside the corridor,
_TILE_ROWS = 48  # smaller ones cost more calls and threads that wait: 48 to 64 rows are the fastest
PASSABLE = 1e-6
"""Probability that a path passes a cell below which the second pass leaves it out; on `mag` and `mac_dev` the beads
are the same from 0 to 1e-4, at 1e-6 with the same confidence to 0.0001."""

SURE = 0.8
"""Confidence from which a bead of the first pass teaches the lexicon."""

_MORE_LIKELY_THAN_NOT = 0.5  # no two beads that overlap are
_BLOCK = 1 << 16  # cells looked at once where all would take much memory
_LEAST_DEVIATION = 0.15  # of the log length ratio: less would call an ordinary pair odd
_FEW = 5  # anchors below which the whole texts' lengths are the better guide
_ALTERNATIVE = 0.05  # posterior from which another way to draw a bead is worth keeping
_MOST_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Scored:
    """The lattice of two sides with the score of every bead: float32 (C, T), `IMPOSSIBLE` where none can be."""

    corridor: Corridor
    lattice: Lattice
    scores: NDArray[np.float32]


def anchor(source: Side, target: Side) -> list[Match]:
    """The chain of segments that are each other's nearest."""
    return longest_chain(nearest(source, target))


def nearest(source: Side, target: Side) -> list[Match]:
    """The segments that are each other's nearest, in any order."""
    if not len(source) or not len(target):
        return []
    return mutual_matches(source.spans[0].astype(np.float32), target.spans[0].astype(np.float32))


def mean_cosine(source: Side, target: Side, chain: Sequence[Match]) -> float:
    """Mean cosine over the anchors; 0 where there are none."""
    if not chain:
        return 0.0
    src, tgt = [match.src for match in chain], [match.tgt for match in chain]
    products = source.spans[0][src].astype(np.float32) * target.spans[0][tgt].astype(np.float32)
    return float(products.sum(axis=1).mean())


def stretch(
    source: Side, target: Side, chain: Sequence[Match], names: Sequence[str], weights: Weights
) -> float:
    """By how much vectors of the source must grow for cosines to spread as those that `weights` was trained on.

    1 for the encoders that were trained.
    """
    if tuple(names) == weights.encoders:
        return 1.0
    here = mean_cosine(source, target, chain)
    return weights.spread / here if here > 0 else 1.0


def length_ratio(source: Side, target: Side, chain: Sequence[Match]) -> tuple[float, float]:
    """Median and deviation of log(target bytes / source bytes) over the anchors."""
    if len(chain) < _FEW:
        whole = np.log1p(target.lengths.sum()) - np.log1p(source.lengths.sum())
        return float(whole), 2 * _LEAST_DEVIATION
    logs = np.log1p([target.lengths[match.tgt] for match in chain]) - np.log1p(
        [source.lengths[match.src] for match in chain]
    )
    middle = float(np.median(logs))
    # 1.4826: the median absolute deviation of a normal distribution in units of its standard deviation
    return middle, max(1.4826 * float(np.median(np.abs(logs - middle))), _LEAST_DEVIATION)


def score_beads(
    source: Side,
    target: Side,
    channels: Sequence[Channel],
    weights: BeadWeights,
    corridor: Corridor,
    ratio: tuple[float, float],
    cuts: Sequence[tuple[int, int]] = (),
    progress: Progress | None = None,
) -> Scored:
    """Score every bead of `corridor` by its sentences and `channels`.

    `cuts` are boundaries that no bead may cross, `ratio` as by `length_ratio`.
    """
    lattice = build_lattice([corridor])
    scores = np.empty(lattice.starts.shape, dtype=np.float32)

    def score(tile: Tile) -> None:
        found = score_tile(source, target, channels, tile, ratio, weights.features)
        scores[_cells(lattice, tile)] = np.moveaxis(found, 0, -1)[tile.inside] + weights.types

    _each_tile(score, corridor, progress)
    for block, crossing in _crossing(lattice, cuts):
        scores[block][(lattice.starts[block] == len(lattice)) | crossing] = IMPOSSIBLE
    return Scored(corridor, lattice, scores)


def add_last_channel(
    scored: Scored,
    source: Side,
    target: Side,
    channel: Channel,
    weights: BeadWeights,
    progress: Progress | None = None,
) -> Scored:
    """`scored`, overwritten, with what the last channel says of the beads."""

    def score(tile: Tile) -> None:
        found = score_last_channel(source, target, channel, tile, weights.features)
        scored.scores[_cells(scored.lattice, tile)] += np.moveaxis(found, 0, -1)[tile.inside]

    _each_tile(score, scored.corridor, progress)
    return scored


def narrow(scored: Scored, likely: NDArray[np.floating]) -> tuple[Scored, NDArray[np.floating]]:
    """`scored` and `likely`, the posteriors of its beads (C, T), within the cells that a path may well take."""
    old = scored.lattice
    passing = likely.sum(axis=1) >= PASSABLE
    n, m = scored.corridor.shape
    low, high = np.full(n + 1, m), np.zeros(n + 1, dtype=np.int64)
    np.minimum.at(low, old.row[passing], old.column[passing])
    np.maximum.at(high, old.row[passing], old.column[passing])
    # Where a large bead leaps over rows, the way around it must not leave the cells that have scores.
    low[1:] = np.minimum(low[1:], scored.corridor.high[:-1])
    corridor = enclose(low, high, m)
    lattice = build_lattice([corridor])
    before = old.cells_at(lattice.row, lattice.column)
    scores = scored.scores[before]
    scores[~lattice.possible] = IMPOSSIBLE
    return Scored(corridor, lattice, scores), likely[before]


def find_corners(
    lattice: Lattice,
    likely: NDArray[np.floating],
    source: Clauses,
    target: Clauses,
    channel: Channel,
    weights: NDArray[np.float32],
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """Minus the probability that the walk through the clauses, `source` and `target`, misses each cell, (C,).

    `likely` (C, T): posteriors of the sentences' beads, which tell the ones worth a look. `weights`: of the steps.
    """
    corridor = clause_corridor(lattice, likely >= PLAUSIBLE, source.bounds, target.bounds)
    walks = build_lattice([corridor], STEPS)
    scores = np.empty(walks.starts.shape, dtype=np.float32)

    def score(tile: Tile) -> None:
        found = score_steps(source, target, channel, tile, weights)
        scores[_cells(walks, tile)] = np.moveaxis(found, 0, -1)[tile.inside]

    _each_tile(score, corridor, progress)
    scores[~walks.possible] = IMPOSSIBLE
    return corners(lattice, walks, posteriors(walks, scores).probability, source.bounds, target.bounds)


def add_corners(scored: Scored, ends: NDArray[np.float32], weight: float) -> Scored:
    """`scored`, overwritten, with what the clauses say of the cells where two-sided beads end, (C,)."""
    scored.scores[:, ONE_SIDED:] += np.float32(weight) * ends[:, None]
    return scored


def _each_tile(work: Callable[[Tile], None], corridor: Corridor, progress: Progress | None) -> None:
    every = list(tiles(corridor))
    for tile, _ in zip(every, in_threads(work, every), strict=True):
        if progress:
            progress(tile.bottom, len(corridor.low))


def _cells(lattice: Lattice, tile: Tile) -> slice:
    """Where the cells of the tile's rows are in the lattice."""
    return slice(int(lattice.bounds[tile.top]), int(lattice.bounds[tile.bottom]))


def tiles(corridor: Corridor) -> Iterator[Tile]:
    """Rectangles that cover the corridor, row by row from the top."""
    top, count = 0, len(corridor.low)
    while top < count:
        bottom = top + 1
        while (
            bottom < count
            and bottom - top < _TILE_ROWS
            and (bottom + 1 - top) * (corridor.high[bottom] + 1 - corridor.low[top]) <= _TILE_CELLS
        ):
            bottom += 1
        yield Tile(top, bottom, corridor.low[top:bottom], corridor.high[top:bottom])
        top = bottom


def _crossing(lattice: Lattice, cuts: Sequence[tuple[int, int]]) -> Iterator[tuple[slice, NDArray[np.bool_]]]:
    """Block by block, which beads that end in its cells pass a cut without touching it.

    (cells, T), or (1, 1) where there are no cuts.
    """
    blocks = [slice(begin, begin + _BLOCK) for begin in range(0, len(lattice), _BLOCK)]
    if not cuts:
        yield from ((block, np.zeros((1, 1), dtype=bool)) for block in blocks)
        return
    rows, columns = np.array(sorted(set(cuts))).T
    i, j = lattice.row, lattice.column
    before = np.minimum(np.searchsorted(rows, i, side="right"), np.searchsorted(columns, j, side="right"))
    behind = np.maximum(np.searchsorted(rows, i, side="left"), np.searchsorted(columns, j, side="left"))
    on = before > behind  # the cell is itself a cut
    for block in blocks:
        starts = np.minimum(lattice.starts[block], len(lattice) - 1)
        yield block, before[block, None] - behind[starts] - on[block, None] - on[starts] > 0


def sure_pairs(lattice: Lattice, probability: NDArray[np.floating], weights: Weights) -> list[Bead]:
    """The two-sided beads of a confidence of `SURE` or more, in order; none overlap."""
    places = np.argwhere(probability[:, ONE_SIDED:] > _MORE_LIKELY_THAN_NOT)
    cells, kinds = places.T[0], places.T[1] + ONE_SIDED
    confidences = weights.calibrate(probability[cells, kinds].astype(np.float64))
    return [
        Bead(*_ranges(lattice, cell, kind), _rounded(confidence))
        for cell, kind, confidence in zip(cells, kinds, confidences, strict=True)
        if confidence >= SURE
    ]


def _ranges(lattice: Lattice, cell: int, kind: int) -> tuple[int, int, int, int]:
    """Begin and end in the source and in the target of the bead of a type that ends in `cell`."""
    i, j = int(lattice.row[cell]), int(lattice.column[cell])
    a, b = BEAD_TYPES[kind]
    return i - a, i, j - b, j


def bead_probabilities(scored: Scored, weights: BeadWeights) -> NDArray[np.floating]:
    """The posterior of each bead of the lattice, (C, T)."""
    return posteriors(scored.lattice, scored.scores, weights.again).probability


def decode(scored: Scored, weights: Weights) -> list[Bead]:
    """The most probable alignment; each bead with its calibrated posterior and its strongest alternatives."""
    lattice = scored.lattice
    if len(lattice) == 1:
        return []
    probability = bead_probabilities(scored, weights.sentences)
    path = best_path(lattice, scored.scores, weights.sentences.again)
    confidences = weights.calibrate(probability[tuple(np.array(path).T)].astype(np.float64))
    beads = [
        Bead(*_ranges(lattice, cell, kind), _rounded(confidence))
        for (cell, kind), confidence in zip(path, confidences, strict=True)
    ]
    return _with_alternatives(beads, lattice, probability, weights)


def _rounded(confidence: float) -> float:
    """Four digits: more mean nothing, and a file that is read back gives the same number."""
    return round(float(confidence), 4)


def _with_alternatives(
    beads: list[Bead], lattice: Lattice, probability: NDArray[np.floating], weights: Weights
) -> list[Bead]:
    """Hang each strong bead off the best path on the chosen bead that holds its first segment."""
    rivals: dict[int, list[Alternative]] = {}
    starts = np.array([(bead.src_start, bead.tgt_start) for bead in beads]).reshape(-1, 2)
    chosen = {(bead.src_start, bead.src_end, bead.tgt_start, bead.tgt_end) for bead in beads}
    places = np.argwhere(probability >= _ALTERNATIVE)
    confidences = weights.calibrate(probability[tuple(places.T)].astype(np.float64))
    for (cell, kind), confidence in zip(places, confidences, strict=True):
        ranges = _ranges(lattice, cell, kind)
        if ranges in chosen:
            continue
        src_start, src_end, tgt_start, _ = ranges
        column, value = (0, src_start) if src_start < src_end else (1, tgt_start)
        home = int(np.searchsorted(starts[:, column], value, side="right")) - 1
        rivals.setdefault(home, []).append(Alternative(*ranges, _rounded(confidence)))
    ordered = {
        home: tuple(sorted(some, key=lambda rival: -rival.confidence)[:_MOST_ALTERNATIVES])
        for home, some in rivals.items()
    }
    return [replace(bead, alternatives=ordered.get(number, ())) for number, bead in enumerate(beads)]
