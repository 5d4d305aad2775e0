"""What features say together: a small network adds to a bead's score what their weighted sum can't hold."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.engine.beads import BEAD_TYPES
from aligner.engine.sides import Floats

_MIRRORED_SIZES = [1, 0, 2, 3, 4, 5]


def describe_types(kinds: NDArray[np.integer]) -> Floats:
    """What the network is told of each bead's type, (E, 6).

    The segments of either side, and whether it is one-sided, 1-1, one to several, several to several.
    """
    sizes = np.array(BEAD_TYPES, dtype=np.float32)[kinds]
    least, most = sizes.min(axis=1), sizes.max(axis=1)
    classes = [least == 0, least * most == 1, (least == 1) & (most > 1), least > 1]
    return np.column_stack([sizes, *classes]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Interactions:
    """One layer of tanh units over a bead's features and its type, equal for both directions.

    `columns`: int64 (F,), the features that are looked at, among all. `mirror`: int64 (F,), for each of them the
    place of the one that means the same with the sides exchanged. `deviations`: float32 (F,), in the training.
    `inner`: float32 (F + 6, H); `bias`, `outer`: float32 (H,).
    """

    columns: NDArray[np.int64]
    mirror: NDArray[np.int64]
    deviations: Floats
    inner: Floats
    bias: Floats
    outer: Floats

    def inputs(self, features: Floats, kinds: NDArray[np.integer]) -> tuple[Floats, Floats]:
        """What is seen of beads with these features (E, all) and types (E,), and of their mirrors: (E, F + 6)."""
        values, types = features[:, self.columns] / self.deviations, describe_types(kinds)
        return (
            np.hstack([values, types]),
            np.hstack([values[:, self.mirror], types[:, _MIRRORED_SIZES]]),
        )

    def add(self, features: Floats, kinds: NDArray[np.integer]) -> Floats:
        """What is added to the scores of these beads, (E,)."""
        both = [np.tanh(seen @ self.inner + self.bias) @ self.outer for seen in self.inputs(features, kinds)]
        added: Floats = (both[0] + both[1]) / 2
        return added

    def blended(self, other: Interactions, share: float) -> Interactions:
        """What says 1 - `share` of what this one says and `share` of what `other` says of the same features."""
        rescaled = other.inner.copy()
        rescaled[: len(self.deviations)] *= (self.deviations / other.deviations)[:, None]
        return replace(
            self,
            inner=np.hstack([self.inner, rescaled]),
            bias=np.concatenate([self.bias, other.bias]),
            outer=np.concatenate([self.outer * np.float32(1 - share), other.outer * np.float32(share)]),
        )
