"""How well a bead's words and clauses are covered by the other side, and how much better outside it."""

from __future__ import annotations

import numpy as np

from aligner.engine.feature import Feature
from aligner.engine.planes import FANS, Plane, alone, shifted, window_mins, window_sums
from aligner.engine.sides import LONGEST, PAD, Array, Channel, Ints, Tile, Units

COVER = (
    Feature("cover.src", "weighted matches of the source units inside the bead, summed", mirror="cover.tgt"),
    Feature("cover.tgt", "the same of the target", mirror="cover.src"),
    Feature("cover.mean.src", "the same as a mean", mirror="cover.mean.tgt"),
    Feature("cover.mean.tgt", "the same of the target", mirror="cover.mean.src"),
    Feature("worst.src", "match of the worst matched source unit", mirror="worst.tgt"),
    Feature("worst.tgt", "the same of the target", mirror="worst.src"),
    Feature("first", "match of the first units"),
    Feature("last", "match of the last units"),
    Feature(
        "leak.before.src",
        "by how much source units match the target segment before better",
        mirror="leak.before.tgt",
    ),
    Feature("leak.before.tgt", "reverse", mirror="leak.before.src"),
    Feature(
        "leak.after.src",
        "by how much source units match the target segment after better",
        mirror="leak.after.tgt",
    ),
    Feature("leak.after.tgt", "reverse", mirror="leak.after.src"),
    Feature(
        "null.leak", "one-sided: matches of the units with the two segments next to the gap", "one-sided"
    ),
)
"""What each channel is asked; the channel's name and a dot stand before the names."""


def cover(source: Units, target: Units, channel: Channel, tile: Tile) -> dict[str, Plane]:
    """The planes of a channel, by the names of `COVER`."""
    rows, columns = tile.shape
    src = UnitRows(source, tile.top - PAD, tile.bottom + 1)
    tgt = UnitRows(target, tile.left - PAD, tile.right + 1)
    ahead, back = best_matches(src, tgt, channel)
    src_near, tgt_near = _reach(tile)
    src_sums, src_worst, src_first, src_last = _by_span(ahead, src, src_near, columns)
    tgt_sums, tgt_worst, tgt_first, tgt_last = _by_span(back, tgt, tgt_near, rows)
    planes: dict[str, Plane] = {}
    src_mass = window_sums(src.mass[:, None], rows) + _TINY
    tgt_mass = window_sums(tgt.mass[:, None], columns).swapaxes(1, 2) + _TINY
    for a, count, fan in FANS:
        matched, before, after = src_sums[a - 1, :, :, 1 : count + 1].transpose(1, 2, 0, 3)
        matched_t, before_t, after_t = tgt_sums[:count, :, :, a].transpose(2, 0, 3, 1)
        first = src_first[1 : count + 1, PAD - a : PAD - a + rows] + shifted(
            tgt_first[a].T, PAD - 1, count, columns
        )
        last = src_last[1 : count + 1, PAD - 1 : PAD - 1 + rows] + tgt_last[a, PAD - 1 : PAD - 1 + columns].T
        values = {
            "cover.src": matched, "cover.tgt": matched_t,
            "cover.mean.src": matched / src_mass[a - 1], "cover.mean.tgt": matched_t / tgt_mass[:count],
            "worst.src": src_worst[a - 1, :, 1 : count + 1].swapaxes(0, 1),
            "worst.tgt": tgt_worst[:count, :, a].swapaxes(1, 2),
            "first": first, "last": last,
            "leak.before.src": before, "leak.before.tgt": before_t,
            "leak.after.src": after, "leak.after.tgt": after_t,
        }  # fmt: skip
        for name, value in values.items():
            planes.setdefault(name, []).append((fan, value))
    leak, leak_t = (sums[0, :, 1, 0] + sums[0, :, 2, 0] for sums in (src_sums, tgt_sums))
    return planes | {"null.leak": alone(leak, leak_t.T)}


MOST_AT_ONCE = 1 << 24
"""Pairs of units compared at once, 200 MB; only segments as long as chapters have more."""

_TINY = np.float32(1e-6)


class UnitRows:
    """The units of segments `[begin, end)`, with one empty unit for each segment outside the document."""

    def __init__(self, units: Units, begin: int, end: int) -> None:
        count = len(units.bounds) - 1
        inner_begin, inner_end = min(max(begin, 0), count), min(max(end, 0), count)
        first, last = units.bounds[inner_begin], units.bounds[inner_end]
        self.keys = units.keys[first:last]
        self.before = inner_begin - begin
        self.after = end - inner_end
        weights = units.weights[first:last]
        self.weights = np.concatenate([np.zeros(self.before), weights, np.zeros(self.after)]).astype(
            np.float32
        )
        inner = units.bounds[inner_begin:inner_end] - first
        self.inner_starts = inner
        self.starts = np.concatenate(
            [np.arange(self.before), inner + self.before, np.arange(self.after) + self.before + len(weights)]
        )
        self.ends = np.append(self.starts[1:], len(self.weights)) - 1
        self.mass = np.add.reduceat(self.weights, self.starts)
        self.owners = np.repeat(
            np.arange(len(self.starts)), np.diff(np.append(self.starts, len(self.weights)))
        )

    def best_by_segment(self, matrix: Array) -> Array:
        """Maxima over each segment's units of `matrix` (units, x): (segments, x), 0 outside the document."""
        if not len(self.inner_starts):
            return np.zeros((self.before + self.after, matrix.shape[1]), dtype=np.float32)
        best = np.maximum.reduceat(matrix, self.inner_starts, axis=0)
        return np.pad(best, [(self.before, self.after), (0, 0)])

    def pad_units(self, matrix: Array) -> Array:
        """`matrix` (units inside, x) with empty rows for the segments outside the document."""
        return np.pad(matrix, [(self.before, self.after), (0, 0)])


def best_matches(source: UnitRows, target: UnitRows, channel: Channel) -> tuple[Array, Array]:
    """The best match of each source unit in each target segment, (units, segments), and the reverse.

    As many source units at once as make `MOST_AT_ONCE` pairs with those of the target: nearly always all.
    """
    owners = source.owners[source.before : source.before + len(source.keys)]
    ahead = np.zeros((len(source.keys), len(target.starts)), dtype=np.float32)
    back = np.zeros((len(source.starts), len(target.keys)), dtype=np.float32)
    back[owners] = -np.inf
    rows = MOST_AT_ONCE // max(1, len(target.keys)) or 1
    for begin in range(0, len(owners), rows):
        block = slice(begin, begin + rows)
        matrix = channel.similarity(source.keys[block], target.keys)
        ahead[block] = target.best_by_segment(matrix.T).T
        of_block, starts = np.unique(owners[block], return_index=True)
        back[of_block] = np.maximum(back[of_block], np.maximum.reduceat(matrix, starts, axis=0))
    return source.pad_units(ahead), target.pad_units(back.T)


def _reach(tile: Tile) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """Of each segment from `LONGEST` + 1 before the tile to one after it, the cells that a bead with it can end in.

    Of the source the columns, of the target the rows, `[begin, end)` within the tile: two int64 arrays each.
    """
    rows, columns = tile.shape
    low, high = tile.low - tile.left, tile.high - tile.left
    first = np.arange(rows + LONGEST + 2) - LONGEST
    last = np.minimum(first + LONGEST, rows) - 1
    some = (first < rows) & (last >= 0)
    source = np.where(some, low[np.clip(first, 0, rows - 1)], 0), np.where(some, high[last] + 1, 0)
    first = np.arange(columns + LONGEST + 2) - LONGEST
    last = np.minimum(first + LONGEST, columns) - 1
    target = np.searchsorted(high, first), np.searchsorted(low, last, side="right")
    return source, target


def _by_span(
    best: Array, units: UnitRows, reach: tuple[Ints, Ints], cells: int
) -> tuple[Array, Array, Array, Array]:
    """What a span of b = 0 to `LONGEST` segments on the other side, ending at each of its `cells`, covers.

    `best`: (units, other segments). Returns for each k = 1 to `LONGEST` the sums over the k segments before a cell,
    (own cells, 3, b, cells): weighted cover, leak to the segment before the span, leak to the one after; likewise
    the worst unit, (own cells, b, cells); and the first and the last unit of each segment, (b, segments, cells).
    All of it only for the cells within `reach` of a segment: elsewhere there is nothing to look for.
    """
    count = len(units.starts)
    begin, end = reach
    width = int((end - begin).max())
    begin = np.minimum(begin, cells - width)
    near = np.take_along_axis(best, begin[units.owners, None] + np.arange(width + PAD), axis=1)
    covered, before, after = inside = np.zeros((3, LONGEST + 1, len(best), width), dtype=np.float32)
    for b in range(LONGEST + 1):
        if b:
            np.maximum(covered[b - 1], near[:, PAD - b : PAD - b + width], out=covered[b])
        np.subtract(near[:, PAD - b - 1 : PAD - b - 1 + width], covered[b], out=before[b])
    np.subtract(near[:, PAD:], covered, out=after)
    np.maximum(inside[1:], 0, out=inside[1:])
    found = np.empty((6, LONGEST + 1, count, width), dtype=np.float32)
    found[3], found[4] = covered[:, units.starts], covered[:, units.ends]
    covered[:, units.weights <= 0] = 1.0
    found[5] = np.minimum.reduceat(covered, units.starts, axis=1)
    inside *= units.weights[:, None]
    np.add.reduceat(inside, units.starts, axis=2, out=found[:3])
    placed = np.zeros((count, 6, LONGEST + 1, cells), dtype=np.float32)
    for segment, at in enumerate(begin.tolist()):
        placed[segment, :, :, at : at + width] = found[:, :, segment]
    own = count - PAD - 1
    first, last = (placed[:, number].swapaxes(0, 1) for number in (3, 4))
    return window_sums(placed[:, :3], own), window_mins(placed[:, 5], own), first, last
