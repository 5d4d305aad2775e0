"""How good is a bead: named features of every bead in a tile of the corridor, as arrays. NumPy only.

A tile is a rectangle of cells. Everything about sentence pairs is computed densely over it; what a bead needs is
then a slice, a sum over the source segments of the bead, or a maximum over its target segments.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aligner.engine.beads import BEAD_TYPES
from aligner.engine.cover import _COVER, _cover_features
from aligner.engine.planes import _ALL, _FANS, _PAIRS, _alone, _Plane, _shifted, _spans_total, rows_of
from aligner.engine.sides import PAD, Array, Channel, Floats, Side, Tile

_SPAN = ("cosine", "cosine.size", "margin", "margin.size", "margin.before", "margin.after")

_LENGTH = ("length.square", "length.clipped")

_STATE = ("quote.open", "final.same", "final.strong", "break.one", "break.both")

_JOINT = ("joint.break", "joint.weak", "joint.short", "joint.quote")


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


_OPEN_END = 4  # class of the closing marks that announce more: colon, ellipsis

_FULL_STOP = 2  # classes of closing marks, one higher: 0 outside, 1 none, 2 full stop, then the telling ones


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
