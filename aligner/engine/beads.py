"""The bead types: how many segments of each side a bead may hold."""

from __future__ import annotations

MAX_BEAD = 8  # segments over both sides; 2 of the 2,436 beads of the MAC training chapters are larger

BEAD_TYPES: tuple[tuple[int, int], ...] = (
    (1, 0),
    (0, 1),
    *((a, b) for a in range(1, MAX_BEAD) for b in range(1, MAX_BEAD + 1 - a)),
)
"""One-sided beads first, then by source size; `(0, 1)` is the only one that stays within a row of cells."""


ONE_SIDED = 2  # the first bead types
