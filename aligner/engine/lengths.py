"""How far the lengths of a bead's two sides, in bytes, are from those of a usual pair of the documents."""

from __future__ import annotations

import numpy as np

from aligner.engine.feature import Family, Feature, Scene
from aligner.engine.planes import FANS, Plane, alone, spans_total
from aligner.engine.sides import Floats

_CLIPPED_AT = 4.0  # deviations; further ones say no more
_SQUARE_AT_MOST = _CLIPPED_AT**2


def _compute(scene: Scene) -> dict[str, Plane]:
    source, target, tile = scene.source, scene.target, scene.tile
    src = np.log1p(spans_total(source.lengths.astype(np.float64), tile.top, tile.bottom))[:, :, None]
    tgt = np.log1p(spans_total(target.lengths.astype(np.float64), tile.left, tile.right))[:, None]
    mean, deviation = scene.ratio
    square: Plane = []
    clipped: Plane = []
    for a, count, fan in FANS:
        odd = ((tgt[:count] - src[a - 1] - mean) / deviation).astype(np.float32)
        square.append((fan, np.minimum(odd * odd, _SQUARE_AT_MOST)))
        clipped.append((fan, np.minimum(np.abs(odd), _CLIPPED_AT)))
    null = alone(src[0] - _mean_log(source.lengths), tgt[0] - _mean_log(target.lengths))
    return {"length.square": square, "length.clipped": clipped, "null.length": null}


def _mean_log(lengths: Floats) -> float:
    return float(np.log1p(lengths.mean())) if len(lengths) else 0.0


LENGTHS = Family(
    (
        Feature("length.square", "squared deviation of the log length ratio, at most 16"),
        Feature("length.clipped", "absolute deviation of the log length ratio, at most 4"),
        Feature("null.length", "one-sided: log of the length against the side's mean", "one-sided"),
    ),
    _compute,
)
