"""Whether a text leaves out single sentences of the other all over: what is rare elsewhere must cost less there."""

from __future__ import annotations

from aligner.engine.beads import ONE_SIDED
from aligner.engine.lattice import Posteriors

MANY = 0.015
"""Gaps to be expected, as a share of the segments of both sides, from which a text leaves out many. The gold's novels,
magazines and other prose have at most .0147; with a tenth of their sentences struck 36 of 39 have more."""

SINGLE = 0.28
"""Least share of the one-sided beads that begin a gap: at most .21 where passages were taken out of novels and
magazines, at least .34 where sentences were struck."""

FEWEST = 2.0
"""Gaps to be expected from which a short text shows anything: one sentence left out is no habit."""


def many_alone(found: Posteriors, segments: int) -> bool:
    """Whether single segments are left alone all over, by what a first pass `found`; `segments`: of both sides."""
    alone = float(found.probability[:, :ONE_SIDED].sum())
    gaps = alone - found.runs
    return gaps > max(MANY * segments, FEWEST) and gaps >= SINGLE * alone
