"""One text as the engine sees it: vectors of spans, units of each segment, channels that compare them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.engine.beads import MAX_BEAD

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

    def part(self, segments: Ints) -> Units:
        """Those of these segments alone."""
        bounds, inside = ranges_of(self.bounds, segments)
        return Units(bounds, self.weights[inside], self.keys[inside])


def ranges_of(bounds: Ints, segments: Ints) -> tuple[Ints, Ints]:
    """The unit ranges of these segments alone, (len(segments) + 1,), and the units in them; `bounds` as in `Units`."""
    sizes = np.diff(bounds)[segments]
    found = np.append(0, np.cumsum(sizes))
    return found, np.arange(found[-1]) + np.repeat(bounds[segments] - found[:-1], sizes)


@dataclass(frozen=True, slots=True)
class Side:
    """What the scorer knows of one side of `n` segments.

    `spans`: float16 or float32 (LONGEST, n, d); `[k - 1, i]` is the unit vector of segments `[i, i + k)`, those of
    several encoders side by side. `lengths`: float32 (n,), UTF-8 bytes.
    `open_quote`: bool (n + 1,), whether a quotation is open after so many segments. `finals`: int64 (n,), class of
    the closing mark. `breaks`: bool (n + 1,), whether a paragraph ends there; all False where unknown. `units`: one
    entry a channel. `marks`: what added families asked of the text, by name, (n,) each.
    """

    spans: NDArray[np.floating]
    lengths: Floats
    open_quote: NDArray[np.bool_]
    finals: Ints
    breaks: NDArray[np.bool_]
    units: tuple[Units, ...]
    marks: Mapping[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lengths)

    def stretched(self, factor: float) -> Side:
        """The same with vectors `factor` times as long."""
        if factor == 1:
            return self
        grown = np.float16(factor)
        units = (replace(u, keys=u.keys * grown) if u.keys.ndim > 1 else u for u in self.units)
        return replace(self, spans=self.spans * grown, units=tuple(units))

    def part(self, segments: Ints) -> Side:
        """These segments alone, as if they followed each other; where they don't, no bead may reach over."""
        edges = np.append(segments, segments[-1] + 1)
        return Side(
            self.spans[:, segments], self.lengths[segments], self.open_quote[edges], self.finals[segments],
            self.breaks[edges], tuple(units.part(segments) for units in self.units),
            {name: values[segments] for name, values in self.marks.items()},
        )  # fmt: skip


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
