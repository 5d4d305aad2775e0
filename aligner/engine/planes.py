"""Sums and least values over the cells of a tile, for all bead types at once."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from aligner.engine.beads import BEAD_TYPES, MAX_BEAD, ONE_SIDED
from aligner.engine.sides import LONGEST, PAD, Array, Floats

Plane = list[tuple[slice, Array]]
"""One feature: groups of bead types that have it, with its values, (types, rows, columns) or broadcastable."""

ALL, PAIRS = slice(0, None), slice(ONE_SIDED, None)

_SOURCE_ALONE, _TARGET_ALONE = (
    slice(BEAD_TYPES.index(sizes), BEAD_TYPES.index(sizes) + 1) for sizes in ((1, 0), (0, 1))
)

# Source size a, its bead types (a, 1) to (a, count): all of these are computed at once.
FANS = [
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


def alone(source: Array, target: Array) -> Plane:
    """A feature of the one-sided beads, (rows, columns) or broadcastable both."""
    return [(_SOURCE_ALONE, source[None]), (_TARGET_ALONE, target[None])]


def shifted(values: Array, begin: int, count: int, width: int) -> Array:
    """`values[:, begin : begin + width]` and `count` - 1 more of it, each a column further left: (count, rows, width).

    A view: nothing is copied.
    """
    windows = sliding_window_view(values, width, axis=1)[:, begin - count + 1 : begin + 1]
    return windows[:, ::-1].swapaxes(0, 1)


def spans_total(values: Array, begin: int, end: int) -> Array:
    """For k = 1 to `LONGEST`, the sum of the k rows of `values` before each of the cells `[begin, end)`, stacked."""
    return window_sums(rows_of(values, begin - PAD, end + 1), end - begin)


def window_sums(values: Array, cells: int) -> Array:
    """For k = 1 to `LONGEST`, sums of `values` over the k segments before each cell: (LONGEST, cells, x).

    `values`: (LONGEST + cells + 2, x).
    """
    running = np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0)])
    return np.stack([running[PAD : PAD + cells] - running[PAD - k : PAD - k + cells] for k in range(1, PAD)])


def window_mins(values: Array, cells: int) -> Floats:
    """The same of minima."""
    worst = np.empty((LONGEST, cells, *values.shape[1:]), dtype=np.float32)
    worst[0] = values[PAD - 1 : PAD - 1 + cells]
    for k in range(2, PAD):
        np.minimum(worst[k - 2], values[PAD - k : PAD - k + cells], out=worst[k - 1])
    return worst
