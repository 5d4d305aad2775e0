"""How well confidences tell right beads from wrong ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.errors import InputError
from aligner.text.counted import counted

RELIABILITY_BINS = 15  # equal width, Guo et al. 2017

LEAST_SURE = (0.05, 0.10, 0.20)  # shares of the beads a reviewer might look at


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether confidences can be trusted; all figures are 0 to 1.

    `ece` is the expected calibration error over `RELIABILITY_BINS` bins of equal width. `auroc` is how often
    a right bead is surer than a wrong one. `caught` has for each share of `LEAST_SURE` the part of all errors
    among that many least sure beads; `auroc` is NaN where all beads are right or all are wrong. `table` has
    for each bin that is not empty its lower and upper bound, the number of beads, their mean confidence and
    the part of them that is right.
    """

    ece: float
    auroc: float
    caught: tuple[tuple[float, float], ...]
    table: tuple[tuple[float, float, int, float, float], ...]


def calibrate(outcomes: Sequence[tuple[float, bool]]) -> Calibration:
    """Calibration of `(confidence, right)` pairs; at least one is needed. Ties share their errors evenly."""
    confidence = np.array([pair[0] for pair in outcomes], dtype=np.float64)
    right = np.array([pair[1] for pair in outcomes], dtype=np.float64)
    if not len(confidence) or not np.all((confidence >= 0) & (confidence <= 1)):
        raise InputError(
            f"calibration of {counted(len(confidence), 'bead')}: needs at least one, with confidences from 0 to 1"
        )
    table = tuple(_reliability(confidence, right))
    ece = sum(beads * abs(mean - part) for _, _, beads, mean, part in table) / len(confidence)
    caught = tuple((share, _caught(confidence, right, share)) for share in LEAST_SURE)
    return Calibration(float(ece), _auroc(confidence, right), caught, table)


def _reliability(
    confidence: NDArray[np.float64], right: NDArray[np.float64]
) -> Iterator[tuple[float, float, int, float, float]]:
    bins = np.minimum((confidence * RELIABILITY_BINS).astype(int), RELIABILITY_BINS - 1)
    for number in np.unique(bins):
        inside = bins == number
        bounds = (int(number) / RELIABILITY_BINS, (int(number) + 1) / RELIABILITY_BINS)
        yield *bounds, int(inside.sum()), float(confidence[inside].mean()), float(right[inside].mean())


def _auroc(confidence: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    rights, wrongs = confidence[right > 0], np.sort(confidence[right == 0])
    if not len(rights) or not len(wrongs):
        return float("nan")
    below = np.searchsorted(wrongs, rights, side="left") + np.searchsorted(wrongs, rights, side="right")
    return float(below.mean() / 2 / len(wrongs))


def _caught(confidence: NDArray[np.float64], right: NDArray[np.float64], share: float) -> float:
    """The part of all errors among the `share` least sure; 1 where there is no error."""
    levels, level = np.unique(confidence, return_inverse=True)
    beads = np.bincount(level, minlength=len(levels))
    errors = np.bincount(level, weights=1 - right, minlength=len(levels))
    if not errors.sum():
        return 1.0
    reached = np.interp(share * len(confidence), np.r_[0, np.cumsum(beads)], np.r_[0, np.cumsum(errors)])
    return float(reached / errors.sum())
