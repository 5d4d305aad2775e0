"""What stands where two segments of one side are joined inside a bead."""

from __future__ import annotations

import numpy as np

from aligner.engine.feature import Family, Feature, Scene
from aligner.engine.planes import FANS, Plane, spans_total
from aligner.engine.sides import Floats, Side

_OPEN_END = 4  # class of the closing marks that announce more: colon, ellipsis

# In the order of the columns of `_joints`.
_FEATURES = (
    Feature("joint.break", "paragraph ends inside the bead"),
    Feature("joint.weak", "joints after a segment without a full stop"),
    Feature("joint.short", "joints beside a segment of less than half the mean length"),
    Feature("joint.quote", "joints inside a quotation"),
)


def _compute(scene: Scene) -> dict[str, Plane]:
    source, target, tile = scene.source, scene.target, scene.tile
    src = spans_total(_joints(source), tile.top - 1, tile.bottom - 1)
    tgt = spans_total(_joints(target), tile.left - 1, tile.right - 1)
    # A span of k segments has k - 1 joints.
    above, left = (np.concatenate([np.zeros_like(total[:1]), total]) for total in (src, tgt))
    return {
        feature.name: [
            (fan, above[a - 1, :, None, number] + left[:count, None, :, number]) for a, count, fan in FANS
        ]
        for number, feature in enumerate(_FEATURES)
    }


def _joints(side: Side) -> Floats:
    """For the boundary after each segment, float32 (n, 4): paragraph end, weak, short, in a quotation."""
    short = side.lengths < side.lengths.mean() / 2 if len(side) else np.zeros(0, dtype=bool)
    beside = short | np.append(short[1:], False)[: len(short)]
    weak = (side.finals == 0) | (side.finals == _OPEN_END)
    joints: Floats = np.stack([side.breaks[1:], weak, beside, side.open_quote[1:]], axis=1).astype(np.float32)
    return joints


JOINS = Family(_FEATURES, _compute)
