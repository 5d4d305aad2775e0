"""How good is a bead: named features of every bead in a tile of the corridor, as arrays. NumPy only.

A tile is a rectangle of cells. Everything about sentence pairs is computed densely over it; what a bead needs is
then a slice, a sum over the source segments of the bead, or a maximum over its target segments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from aligner.lattice import BEAD_TYPES, MAX_BEAD, ONE_SIDED

Array = NDArray[Any]
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

LONGEST = MAX_BEAD - 1  # sentences on one side of a two-sided bead
PAD = LONGEST + 1  # the longest span and one neighbour before it


@dataclass(frozen=True, slots=True)
class Units:
    """The clauses or words of one side. Each segment owns at least one unit.

    `bounds`: int64 (n + 1,), unit range of each segment. `weights`: float32 (u,), how much a unit counts; over a
    document the mean weight of a segment is 1. `keys`: (u, d) vectors or (u,) ids, what the channel compares.
    """

    bounds: Ints
    weights: Floats
    keys: NDArray[np.floating] | Ints


@dataclass(frozen=True, slots=True)
class Side:
    """What the scorer knows of one side of `n` segments.

    `spans`: float16 or float32 (LONGEST, n, d); `[k - 1, i]` is the unit vector of segments `[i, i + k)`, those of
    several encoders side by side. `lengths`: float32 (n,), UTF-8 bytes.
    `open_quote`: bool (n + 1,), whether a quotation is open after so many segments. `finals`: int64 (n,), class of
    the closing mark. `breaks`: bool (n + 1,), whether a paragraph ends there; all False where unknown. `units`: one
    entry a channel.
    """

    spans: NDArray[np.floating]
    lengths: Floats
    open_quote: NDArray[np.bool_]
    finals: Ints
    breaks: NDArray[np.bool_]
    units: tuple[Units, ...]

    def __len__(self) -> int:
        return len(self.lengths)

    def stretched(self, factor: float) -> Side:
        """The same with vectors `factor` times as long."""
        if factor == 1:
            return self
        grown = np.float16(factor)
        units = (replace(u, keys=u.keys * grown) if u.keys.ndim > 1 else u for u in self.units)
        return replace(self, spans=self.spans * grown, units=tuple(units))


Similarity = Callable[[Array, Array], Floats]
"""(p units' keys, q units' keys) -> float32 (p, q), 0 for unrelated, about 1 for the same."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way in which units of the two sides resemble each other."""

    name: str
    similarity: Similarity


@dataclass(frozen=True, slots=True)
class Tile:
    """The corridor's cells in rows `[top, bottom)`, computed as the rectangle around them.

    `low`, `high`: int64 (rows,), first and last column of each row; neither falls.
    """

    top: int
    bottom: int
    low: Ints
    high: Ints

    @property
    def left(self) -> int:
        """First column of the rectangle."""
        return int(self.low[0])

    @property
    def right(self) -> int:
        """The column after its last one."""
        return int(self.high[-1]) + 1

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of cells."""
        return self.bottom - self.top, self.right - self.left

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Which cells of the rectangle are in the corridor, (rows, columns)."""
        columns = np.arange(self.left, self.right)
        within: NDArray[np.bool_] = (columns >= self.low[:, None]) & (columns <= self.high[:, None])
        return within


_SPAN = ("cosine", "cosine.size", "margin", "margin.size", "margin.before", "margin.after")
_LENGTH = ("length.square", "length.clipped")
_STATE = ("quote.open", "final.same", "final.strong", "break.one", "break.both")
_JOINT = ("joint.break", "joint.weak", "joint.short", "joint.quote")
_COVER = (
    "cover.src", "cover.tgt", "cover.mean.src", "cover.mean.tgt", "worst.src", "worst.tgt", "first", "last",
    "leak.before.src", "leak.before.tgt", "leak.after.src", "leak.after.tgt", "null.leak",
)  # fmt: skip


def feature_names(channels: Sequence[str]) -> tuple[str, ...]:
    """The names of the weights in order: one for each bead type, one for runs of one-sided beads, the features."""
    names = [*(f"type.{a}-{b}" for a, b in BEAD_TYPES), "one-sided.again"]
    names += [
        *_SPAN,
        "null.cosine",
        "null.neighbours",
        *_LENGTH,
        "null.length",
        *_STATE,
        *_JOINT,
    ]
    for channel in channels:
        names += [f"{channel}.{name}" for name in _COVER]
    return tuple(names)


_MEANINGS = {
    "corner": "two-sided: minus the probability that the alignment of clauses misses the end of the bead",
    "one-sided.again": "a one-sided bead follows another",
    "cosine": "cosine of the two spans", "cosine.size": "cosine of the two spans times the mean number of segments",
    "margin": "mean cosine of each span with the segments before and after the other",
    "margin.size": "the same times the mean number of segments",
    "margin.before": "by how much the segments before fit better than the spans themselves",
    "margin.after": "by how much the segments after fit better than the spans themselves",
    "null.cosine": "one-sided: best cosine with the two segments next to the gap",
    "null.neighbours": "one-sided: cosine of the segment with its predecessor and the segment before the gap",
    "length.square": "squared deviation of the log length ratio, at most 16",
    "length.clipped": "absolute deviation of the log length ratio, at most 4",
    "null.length": "one-sided: log of the length against the side's mean",
    "quote.open": "a quotation is open at the end on one side only",
    "final.same": "both end with the same class of mark", "final.strong": "the same, other than a full stop",
    "break.one": "a paragraph ends on one side only", "break.both": "a paragraph ends on both sides",
    "joint.break": "paragraph ends inside the bead", "joint.weak": "joints after a segment without a full stop",
    "joint.short": "joints beside a segment of less than half the mean length",
    "joint.quote": "joints inside a quotation",
    "cover.src": "weighted matches of the source units inside the bead, summed", "cover.tgt": "the same of the target",
    "cover.mean.src": "the same as a mean", "cover.mean.tgt": "the same of the target",
    "worst.src": "match of the worst matched source unit", "worst.tgt": "the same of the target",
    "first": "match of the first units", "last": "match of the last units",
    "leak.before.src": "by how much source units match the target segment before better", "leak.before.tgt": "reverse",
    "leak.after.src": "by how much source units match the target segment after better", "leak.after.tgt": "reverse",
    "null.leak": "one-sided: matches of the units with the two segments next to the gap",
}  # fmt: skip


def meaning_of(name: str) -> str:
    """What a feature is, for those who read the weights."""
    if name.startswith("type."):
        return f"a bead of {name[5:]} segments"
    return _MEANINGS[max((key for key in _MEANINGS if name == key or name.endswith("." + key)), key=len)]


def compute_features(
    source: Side, target: Side, channels: Sequence[Channel], tile: Tile, ratio: tuple[float, float]
) -> Floats:
    """Features of every bead that ends inside `tile`: float32 (rows, columns, T, F), without the type weights.

    `ratio`: mean and deviation of log(target bytes / source bytes) of a pair in these documents.
    Beads that would begin outside the documents get features too; the lattice rules them out.
    """
    planes = _planes(source, target, channels, tile, ratio)
    out = np.zeros((*tile.shape, len(BEAD_TYPES), len(planes)), dtype=np.float32)
    for number, plane in enumerate(planes):
        for types, values in plane:
            out[:, :, types, number] = np.moveaxis(values, 0, -1)
    return out


def score_tile(
    source: Side,
    target: Side,
    channels: Sequence[Channel],
    tile: Tile,
    ratio: tuple[float, float],
    weights: Floats,
) -> Floats:
    """The same features times `weights`, added up without being stored: float32 (T, rows, columns).

    `weights`: those of further channels may follow; they are not looked at.
    """
    planes = _planes(source, target, channels, tile, ratio)
    return _weigh(planes, weights[: len(planes)], tile)


def score_last_channel(source: Side, target: Side, channel: Channel, tile: Tile, weights: Floats) -> Floats:
    """What the features of the last channel add, float32 (T, rows, columns)."""
    planes = _cover_features(source.units[-1], target.units[-1], channel, tile)
    return _weigh(planes, weights[-len(planes) :], tile)


def _weigh(planes: list[_Plane], weights: Floats, tile: Tile) -> Floats:
    out = np.zeros((len(BEAD_TYPES), *tile.shape), dtype=np.float32)
    for weight, plane in zip(weights, planes, strict=True):
        for types, values in plane:
            out[types] += weight * values
    return out


def _planes(
    source: Side, target: Side, channels: Sequence[Channel], tile: Tile, ratio: tuple[float, float]
) -> list[_Plane]:
    """All features but those of channels that are not given, in the order of `feature_names`."""
    planes = _span_features(source.spans, target.spans, tile)
    planes += _length_features(source, target, tile, ratio)
    planes += _state_features(source, target, tile)
    planes += _joint_features(source, target, tile)
    for number, channel in enumerate(channels):
        planes += _cover_features(source.units[number], target.units[number], channel, tile)
    return planes


_Plane = list[tuple[slice, Array]]
"""One feature: groups of bead types that have it, with its values, (types, rows, columns) or broadcastable."""

_OPEN_END = 4  # class of the closing marks that announce more: colon, ellipsis
_FULL_STOP = 2  # classes of closing marks, one higher: 0 outside, 1 none, 2 full stop, then the telling ones
_ALL, _PAIRS = slice(0, None), slice(ONE_SIDED, None)
_SOURCE_ALONE, _TARGET_ALONE = (
    slice(BEAD_TYPES.index(sizes), BEAD_TYPES.index(sizes) + 1) for sizes in ((1, 0), (0, 1))
)
# Source size a, its bead types (a, 1) to (a, count): all of these are computed at once.
_FANS = [
    (a, MAX_BEAD - a, slice(BEAD_TYPES.index((a, 1)), BEAD_TYPES.index((a, MAX_BEAD - a)) + 1))
    for a in range(1, MAX_BEAD)
]


def rows_of(values: Array, begin: int, end: int) -> Array:
    """`values[begin:end]` along the first axis, zeros where that lies outside."""
    first = min(max(begin, 0), len(values))
    last = max(min(end, len(values)), first)
    before = min(max(-begin, 0), end - begin)
    after = end - begin - before - (last - first)
    inside = values[first:last]
    return np.pad(inside, [(before, after), *[(0, 0)] * (values.ndim - 1)]) if before or after else inside


def _span_features(source: Array, target: Array, tile: Tile) -> list[_Plane]:
    rows, columns = tile.shape
    # span of k segments ending at each cell row; the single segments around it
    src = np.stack([rows_of(source[k - 1], tile.top - k, tile.bottom - k) for k in range(1, PAD)])
    tgt = np.stack([rows_of(target[k - 1], tile.left - k, tile.right - k) for k in range(1, PAD)])
    src, tgt = src.astype(np.float32), tgt.astype(np.float32).swapaxes(1, 2)
    src_one = rows_of(source[0], tile.top - PAD, tile.bottom + 1).astype(np.float32)
    tgt_one = rows_of(target[0], tile.left - PAD, tile.right + 1).astype(np.float32)
    to_tgt = src @ tgt_one.T  # (LONGEST, rows, columns + PAD + 1): column c is segment left - PAD + c
    to_src = src_one @ tgt
    planes: list[_Plane] = [[] for _ in _SPAN]
    for a, count, fan in _FANS:
        value = src[a - 1] @ tgt[:count]
        ahead = (
            _shifted(to_tgt[a - 1], PAD - 2, count, columns)
            + to_src[:count, PAD - a - 1 : PAD - a - 1 + rows]
        ) / 2
        behind = (to_tgt[a - 1, :, PAD : PAD + columns] + to_src[:count, PAD : PAD + rows]) / 2
        size = (a + np.arange(1, count + 1, dtype=np.float32)[:, None, None]) / 2
        margin = (ahead + behind) / 2
        values = (
            value, value * size, margin, margin * size,
            np.maximum(ahead - value, 0), np.maximum(behind - value, 0),
        )  # fmt: skip
        for plane, feature in zip(planes, values, strict=True):
            plane.append((fan, feature))
    ones = to_tgt[0]
    skip_src = np.maximum(ones[:, PAD - 1 : PAD - 1 + columns], ones[:, PAD : PAD + columns])
    ones = to_src[0]
    skip_tgt = np.maximum(ones[PAD - 1 : PAD - 1 + rows], ones[PAD : PAD + rows])
    near_src, near_tgt = to_tgt[1, :, PAD - 1 : PAD - 1 + columns], to_src[1, PAD - 1 : PAD - 1 + rows]
    return [*planes, _alone(skip_src, skip_tgt), _alone(near_src, near_tgt)]


def _alone(source: Array, target: Array) -> _Plane:
    """A feature of the one-sided beads, (rows, columns) or broadcastable both."""
    return [(_SOURCE_ALONE, source[None]), (_TARGET_ALONE, target[None])]


def _shifted(values: Array, begin: int, count: int, width: int) -> Array:
    """`values[:, begin : begin + width]` and `count` - 1 more of it, each a column further left: (count, rows, width).

    A view: nothing is copied.
    """
    windows = sliding_window_view(values, width, axis=1)[:, begin - count + 1 : begin + 1]
    return windows[:, ::-1].swapaxes(0, 1)


def _spans_total(values: Array, begin: int, end: int) -> Array:
    """For k = 1 to `LONGEST`, the sum of the k rows of `values` before each of the cells `[begin, end)`, stacked."""
    return _window_sums(rows_of(values, begin - PAD, end + 1), end - begin)


def _length_features(source: Side, target: Side, tile: Tile, ratio: tuple[float, float]) -> list[_Plane]:
    src = np.log1p(_spans_total(source.lengths.astype(np.float64), tile.top, tile.bottom))[:, :, None]
    tgt = np.log1p(_spans_total(target.lengths.astype(np.float64), tile.left, tile.right))[:, None]
    mean, deviation = ratio
    square: _Plane = []
    clipped: _Plane = []
    for a, count, fan in _FANS:
        odd = ((tgt[:count] - src[a - 1] - mean) / deviation).astype(np.float32)
        square.append((fan, np.minimum(odd * odd, 16.0)))
        clipped.append((fan, np.minimum(np.abs(odd), 4.0)))
    null = _alone(src[0] - _mean_log(source.lengths), tgt[0] - _mean_log(target.lengths))
    return [square, clipped, null]


def _mean_log(lengths: Floats) -> float:
    return float(np.log1p(lengths.mean())) if len(lengths) else 0.0


def _state_features(source: Side, target: Side, tile: Tile) -> list[_Plane]:
    src_open = rows_of(source.open_quote, tile.top, tile.bottom)
    tgt_open = rows_of(target.open_quote, tile.left, tile.right)
    mismatch = src_open[:, None] != tgt_open
    src_final = rows_of(source.finals + 1, tile.top - 1, tile.bottom - 1)
    tgt_final = rows_of(target.finals + 1, tile.left - 1, tile.right - 1)
    same = src_final[:, None] == tgt_final
    strong = same & (src_final > _FULL_STOP)[:, None]
    src_break = rows_of(source.breaks, tile.top, tile.bottom)[:, None]
    tgt_break = rows_of(target.breaks, tile.left, tile.right)
    pairs = (same, strong, src_break != tgt_break, src_break & tgt_break)
    return [
        [(types, holds[None].astype(np.float32))]
        for types, holds in ((_ALL, mismatch), *((_PAIRS, holds) for holds in pairs))
    ]


def _joint_features(source: Side, target: Side, tile: Tile) -> list[_Plane]:
    """What stands where two segments of one side are joined."""
    src = _spans_total(_joints(source), tile.top - 1, tile.bottom - 1)
    tgt = _spans_total(_joints(target), tile.left - 1, tile.right - 1)
    # A span of k segments has k - 1 joints.
    above, left = (np.concatenate([np.zeros_like(total[:1]), total]) for total in (src, tgt))
    return [
        [(fan, above[a - 1, :, None, number] + left[:count, None, :, number]) for a, count, fan in _FANS]
        for number in range(len(_JOINT))
    ]


def _joints(side: Side) -> Floats:
    """For the boundary after each segment, float32 (n, len(_JOINT)): paragraph end, weak, short, in a quotation."""
    short = side.lengths < side.lengths.mean() / 2 if len(side) else np.zeros(0, dtype=bool)
    beside = short | np.append(short[1:], False)[: len(short)]
    weak = (side.finals == 0) | (side.finals == _OPEN_END)
    joints: Floats = np.stack([side.breaks[1:], weak, beside, side.open_quote[1:]], axis=1).astype(np.float32)
    return joints


def _cover_features(source: Units, target: Units, channel: Channel, tile: Tile) -> list[_Plane]:
    rows, columns = tile.shape
    src = UnitRows(source, tile.top - PAD, tile.bottom + 1)
    tgt = UnitRows(target, tile.left - PAD, tile.right + 1)
    ahead, back = best_matches(src, tgt, channel)
    src_near, tgt_near = _reach(tile)
    src_sums, src_worst, src_first, src_last = _by_span(ahead, src, src_near, columns)
    tgt_sums, tgt_worst, tgt_first, tgt_last = _by_span(back, tgt, tgt_near, rows)
    planes: list[_Plane] = [[] for _ in _COVER]
    src_mass = _window_sums(src.mass[:, None], rows) + _TINY
    tgt_mass = _window_sums(tgt.mass[:, None], columns).swapaxes(1, 2) + _TINY
    for a, count, fan in _FANS:
        cover, before, after = src_sums[a - 1, :, :, 1 : count + 1].transpose(1, 2, 0, 3)
        cover_t, before_t, after_t = tgt_sums[:count, :, :, a].transpose(2, 0, 3, 1)
        first = src_first[1 : count + 1, PAD - a : PAD - a + rows] + _shifted(
            tgt_first[a].T, PAD - 1, count, columns
        )
        last = src_last[1 : count + 1, PAD - 1 : PAD - 1 + rows] + tgt_last[a, PAD - 1 : PAD - 1 + columns].T
        values = (
            cover, cover_t, cover / src_mass[a - 1], cover_t / tgt_mass[:count],
            src_worst[a - 1, :, 1 : count + 1].swapaxes(0, 1), tgt_worst[:count, :, a].swapaxes(1, 2),
            first, last, before, before_t, after, after_t,
        )  # fmt: skip
        for plane, value in zip(planes[:-1], values, strict=True):
            plane.append((fan, value))
    leak, leak_t = (sums[0, :, 1, 0] + sums[0, :, 2, 0] for sums in (src_sums, tgt_sums))
    planes[-1] = _alone(leak, leak_t.T)
    return planes


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
    """The best match of each source unit in each target segment, (units, segments), and the reverse."""
    matrix = channel.similarity(source.keys, target.keys)
    ahead = source.pad_units(target.best_by_segment(matrix.T).T)
    return ahead, target.pad_units(source.best_by_segment(matrix).T)


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
    return _window_sums(placed[:, :3], own), _window_mins(placed[:, 5], own), first, last


def _window_sums(values: Array, cells: int) -> Array:
    """For k = 1 to `LONGEST`, sums of `values` over the k segments before each cell: (LONGEST, cells, x).

    `values`: (LONGEST + cells + 2, x).
    """
    running = np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0)])
    return np.stack([running[PAD : PAD + cells] - running[PAD - k : PAD - k + cells] for k in range(1, PAD)])


def _window_mins(values: Array, cells: int) -> Floats:
    """The same of minima."""
    worst = np.empty((LONGEST, cells, *values.shape[1:]), dtype=np.float32)
    worst[0] = values[PAD - 1 : PAD - 1 + cells]
    for k in range(2, PAD):
        np.minimum(worst[k - 2], values[PAD - k : PAD - k + cells], out=worst[k - 1])
    return worst
