"""The features of one bead computed slowly and plainly from the two sides, as `docs/engine.md` defines them.

Nothing here is shared with the arrays of `aligner.engine`: a fault in one of the two shows.
"""

from __future__ import annotations

import math

ONE_SIDED_TYPES = ((1, 0), (0, 1))


def features_of(source, target, channels, ratio, bead):
    """Name → value for the bead `(i0, i1, j0, j1)`; a feature that isn't named is 0."""
    i0, i1, j0, j1 = bead
    found = {"quote.open": float(source.open_quote[i1] != target.open_quote[j1])}
    if (i1 - i0, j1 - j0) in ONE_SIDED_TYPES:
        return found | _alone(source, target, channels, bead)
    return (
        found
        | _spans(source, target, bead)
        | _lengths(source, target, ratio, bead)
        | _endings(source, target, bead)
        | _covers(source, target, channels, bead)
    )


def total(source, target, channels, ratio, weights, beads):
    """The score of a whole path: features and types of its beads, and `again` for each one-sided bead after another."""
    score, before = 0.0, False
    for i0, i1, j0, j1 in beads:
        values = features_of(source, target, channels, ratio, (i0, i1, j0, j1))
        score += weights[f"type.{i1 - i0}-{j1 - j0}"]
        score += sum(weights[name] * value for name, value in values.items())
        alone = i0 == i1 or j0 == j1
        score += weights["one-sided.again"] if alone and before else 0.0
        before = alone
    return score


def _dot(side, start, size, other, other_start, other_size):
    """Cosine of two spans; 0 where one of them does not lie inside its document."""
    for document, first, length in ((side, start, size), (other, other_start, other_size)):
        if first < 0 or first + length > len(document):
            return 0.0
    a, b = side.spans[size - 1][start], other.spans[other_size - 1][other_start]
    return float(sum(float(x) * float(y) for x, y in zip(a, b, strict=True)))


def _spans(source, target, bead):
    i0, i1, j0, j1 = bead
    a, b = i1 - i0, j1 - j0
    value = _dot(source, i0, a, target, j0, b)
    ahead = (_dot(source, i0, a, target, j0 - 1, 1) + _dot(source, i0 - 1, 1, target, j0, b)) / 2
    behind = (_dot(source, i0, a, target, j1, 1) + _dot(source, i1, 1, target, j0, b)) / 2
    size, margin = (a + b) / 2, (ahead + behind) / 2
    return {
        "cosine": value, "cosine.size": value * size, "margin": margin, "margin.size": margin * size,
        "margin.before": max(ahead - value, 0), "margin.after": max(behind - value, 0),
    }  # fmt: skip


def _lengths(source, target, ratio, bead):
    i0, i1, j0, j1 = bead
    src, tgt = float(sum(source.lengths[i0:i1])), float(sum(target.lengths[j0:j1]))
    odd = (math.log(1 + tgt) - math.log(1 + src) - ratio[0]) / ratio[1]
    return {"length.square": min(odd * odd, 16), "length.clipped": min(abs(odd), 4)}


def _endings(source, target, bead):
    i0, i1, j0, j1 = bead
    same = source.finals[i1 - 1] == target.finals[j1 - 1]
    broken = source.breaks[i1], target.breaks[j1]
    joints = [
        _joint(side, at)
        for side, (first, last) in ((source, (i0, i1)), (target, (j0, j1)))
        for at in range(first, last - 1)
    ]
    sums = [sum(values) for values in zip(*joints, strict=True)] or [0, 0, 0, 0]
    return {
        "final.same": float(same), "final.strong": float(same and source.finals[i1 - 1] > 1),
        "break.one": float(broken[0] != broken[1]), "break.both": float(broken[0] and broken[1]),
        "joint.break": sums[0], "joint.weak": sums[1], "joint.short": sums[2], "joint.quote": sums[3],
    }  # fmt: skip


def _joint(side, at):
    """What stands between segment `at` and the next."""
    mean = sum(float(length) for length in side.lengths) / len(side)
    short = any(side.lengths[number] < mean / 2 for number in (at, at + 1))
    weak = side.finals[at] in (0, 4)  # no mark, or one that announces more
    return float(side.breaks[at + 1]), float(weak), float(short), float(side.open_quote[at + 1])


def _match(channel, units, number, others, segment):
    """The best match of a unit in a segment of the other side; 0 outside the document."""
    if not 0 <= segment < len(others.bounds) - 1:
        return 0.0
    keys = others.keys[others.bounds[segment] : others.bounds[segment + 1]]
    return max(float(value) for value in channel.similarity(units.keys[number : number + 1], keys)[0])


def _inside(channel, units, number, others, segments):
    return max([0.0, *(_match(channel, units, number, others, segment) for segment in segments)])


def _covers(source, target, channels, bead):
    found = {}
    for place, channel in enumerate(channels):
        turned = _Turned(channel)
        one = _cover(channel, source.units[place], target.units[place], bead)
        other = _cover(turned, target.units[place], source.units[place], (bead[2], bead[3], bead[0], bead[1]))
        for name in ("cover", "cover.mean", "worst", "leak.before", "leak.after"):
            found[f"{channel.name}.{name}.src"] = one[name]
            found[f"{channel.name}.{name}.tgt"] = other[name]
        for name in ("first", "last"):
            found[f"{channel.name}.{name}"] = one[name] + other[name]
    return found


class _Turned:
    """A channel seen from the target."""

    def __init__(self, channel):
        self.name, self._channel = channel.name, channel

    def similarity(self, source, target):
        return self._channel.similarity(target, source).T


def _cover(channel, units, others, bead):
    i0, i1, j0, j1 = bead
    numbers = range(units.bounds[i0], units.bounds[i1])
    weights = [float(units.weights[number]) for number in numbers]
    inside = [_inside(channel, units, number, others, range(j0, j1)) for number in numbers]

    def leak(segment):
        outside = [_match(channel, units, number, others, segment) for number in numbers]
        return sum(w * max(out - best, 0) for w, out, best in zip(weights, outside, inside, strict=True))

    covered = sum(w * best for w, best in zip(weights, inside, strict=True))
    last = units.bounds[i1 - 1]  # the bead's last segment ends with its last unit
    return {
        "cover": covered, "cover.mean": covered / (sum(weights) + 1e-6),
        "worst": min([1.0, *(best for best, w in zip(inside, weights, strict=True) if w > 0)]),
        "first": inside[0], "last": inside[-1] if last < units.bounds[i1] else 0.0,
        "leak.before": leak(j0 - 1), "leak.after": leak(j1),
    }  # fmt: skip


def _alone(source, target, channels, bead):
    i0, i1, j0, _ = bead
    side, other, at, gap = (source, target, i0, j0) if i1 > i0 else (target, source, j0, i0)
    mean = sum(float(length) for length in side.lengths) / len(side)
    found = {
        "null.cosine": max(_dot(side, at, 1, other, gap - 1, 1), _dot(side, at, 1, other, gap, 1)),
        "null.neighbours": _dot(side, at - 1, 2, other, gap - 1, 1),
        "null.length": math.log(1 + float(side.lengths[at])) - math.log(1 + mean),
    }
    for place, channel in enumerate(channels):
        seen = channel if i1 > i0 else _Turned(channel)
        units, others = side.units[place], other.units[place]
        found[f"{channel.name}.null.leak"] = sum(
            float(units.weights[number]) * max(_match(seen, units, number, others, segment), 0.0)
            for number in range(units.bounds[at], units.bounds[at + 1])
            for segment in (gap - 1, gap)
        )
    return found
