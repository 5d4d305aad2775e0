"""Whether a text leaves out single sentences of the other all over: what is rare elsewhere must cost less there."""

from __future__ import annotations

import math

from aligner.engine.beads import ONE_SIDED
from aligner.engine.lattice import Posteriors

MANY = 0.015
"""Gaps to be expected, as a share of the segments of both sides, that a text may have without leaving out many, and the
square root of their number besides: single gaps of a short text show nothing. The gold's documents as they are have at
most .0147, with a tenth of their sentences struck all but three .0158 or more."""

SINGLE = 0.28
"""Least share of the one-sided beads that begin a gap: at most .21 where passages were taken out of novels and
magazines, at least .34 where sentences were struck."""


def many_alone(found: Posteriors, segments: int) -> bool:
    """Whether single segments are left alone all over, by what a first pass `found`; `segments`: of both sides."""
    alone = float(found.probability[:, :ONE_SIDED].sum())
    gaps = alone - found.runs
    most = MANY * segments
    return gaps > most + math.sqrt(most) and gaps >= SINGLE * alone
