"""How near the vectors of a bead's two spans are, and whether other segments beside them fit better."""

from __future__ import annotations

import numpy as np

from aligner.engine.feature import Family, Feature, Scene
from aligner.engine.planes import FANS, Plane, alone, rows_of, shifted
from aligner.engine.sides import PAD


def _compute(scene: Scene) -> dict[str, Plane]:
    source, target, tile = scene.source.spans, scene.target.spans, scene.tile
    rows, columns = tile.shape
    # span of k segments ending at each cell row; the single segments around it
    src = np.stack([rows_of(source[k - 1], tile.top - k, tile.bottom - k) for k in range(1, PAD)])
    tgt = np.stack([rows_of(target[k - 1], tile.left - k, tile.right - k) for k in range(1, PAD)])
    src, tgt = src.astype(np.float32), tgt.astype(np.float32).swapaxes(1, 2)
    src_one = rows_of(source[0], tile.top - PAD, tile.bottom + 1).astype(np.float32)
    tgt_one = rows_of(target[0], tile.left - PAD, tile.right + 1).astype(np.float32)
    to_tgt = src @ tgt_one.T  # (LONGEST, rows, columns + PAD + 1): column c is segment left - PAD + c
    to_src = src_one @ tgt
    planes: dict[str, Plane] = {}
    for a, count, fan in FANS:
        value = src[a - 1] @ tgt[:count]
        ahead = (
            shifted(to_tgt[a - 1], PAD - 2, count, columns) + to_src[:count, PAD - a - 1 : PAD - a - 1 + rows]
        ) / 2
        behind = (to_tgt[a - 1, :, PAD : PAD + columns] + to_src[:count, PAD : PAD + rows]) / 2
        size = (a + np.arange(1, count + 1, dtype=np.float32)[:, None, None]) / 2
        margin = (ahead + behind) / 2
        values = {
            "cosine": value, "cosine.size": value * size, "margin": margin, "margin.size": margin * size,
            "margin.before": np.maximum(ahead - value, 0), "margin.after": np.maximum(behind - value, 0),
        }  # fmt: skip
        for name, feature in values.items():
            planes.setdefault(name, []).append((fan, feature))
    ones = to_tgt[0]
    skip_src = np.maximum(ones[:, PAD - 1 : PAD - 1 + columns], ones[:, PAD : PAD + columns])
    ones = to_src[0]
    skip_tgt = np.maximum(ones[PAD - 1 : PAD - 1 + rows], ones[PAD : PAD + rows])
    near_src, near_tgt = to_tgt[1, :, PAD - 1 : PAD - 1 + columns], to_src[1, PAD - 1 : PAD - 1 + rows]
    return planes | {"null.cosine": alone(skip_src, skip_tgt), "null.neighbours": alone(near_src, near_tgt)}


SPANS = Family(
    (
        Feature("cosine", "cosine of the two spans"),
        Feature("cosine.size", "cosine of the two spans times the mean number of segments"),
        Feature("margin", "mean cosine of each span with the segments before and after the other"),
        Feature("margin.size", "the same times the mean number of segments"),
        Feature("margin.before", "by how much the segments before fit better than the spans themselves"),
        Feature("margin.after", "by how much the segments after fit better than the spans themselves"),
        Feature("null.cosine", "one-sided: best cosine with the two segments next to the gap", "one-sided"),
        Feature(
            "null.neighbours",
            "one-sided: cosine of the segment with its predecessor and the segment before the gap",
            "one-sided",
        ),
    ),
    _compute,
)
