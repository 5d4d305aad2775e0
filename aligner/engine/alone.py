"""Whether a text leaves out single sentences of the other all over: what is rare elsewhere must cost less there."""

from __future__ import annotations

import math

from aligner.engine.beads import ONE_SIDED
from aligner.engine.lattice import Posteriors

FULL = 0.02
"""Gaps, less the square root of their number, which chance may bring about, as a share of the segments of both sides,
from which a text counts as one that leaves out sentences all over.
Chosen with the five corpora of the gold whole and in pieces, and 0 to 10 % of their sentences struck
(models/README.md)."""

LEAST = 0.4
"""Below it a text counts as one that doesn't: what is gained with few gaps is lost with none."""

SINGLE = 0.28
"""Least share of the one-sided beads that begin a gap: at most .21 where passages were taken out of novels and
magazines, at least .34 where sentences were struck."""


def share_alone(found: Posteriors, segments: int) -> float:
    """How far single segments are left alone all over, 0 (hardly any) to 1, by what a first pass `found`.

    `segments`: of both sides.
    """
    alone = float(found.probability[:, :ONE_SIDED].sum())
    gaps = max(alone - found.runs, 0.0)
    if gaps < SINGLE * alone or not segments:
        return 0.0
    share = (gaps - math.sqrt(gaps)) / (FULL * segments)
    return min(share, 1.0) if share >= LEAST else 0.0
