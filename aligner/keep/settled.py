"""What is known before two documents are aligned, and how it comes out of the alignment as it went in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aligner.bitext import Bead


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known before two documents are aligned.

    `locked` beads come out as they are, and their words are learned; no bead crosses the boundaries `rows`.
    `leaning`: for bead types (sources, targets) by how much the logarithm of their odds is raised.
    """

    locked: tuple[Bead, ...] = ()
    rows: tuple[tuple[int, int], ...] = ()
    leaning: Mapping[tuple[int, int], float] = field(default_factory=dict)

    def swapped(self) -> Settled:
        """The same with source and target exchanged."""
        return Settled(
            tuple(bead.swapped() for bead in self.locked),
            tuple((j, i) for i, j in self.rows),
            {(targets, sources): odds for (sources, targets), odds in self.leaning.items()},
        )

    def boundaries(self) -> list[tuple[int, int]]:
        """All boundaries (source, target segment) that no bead crosses, in order."""
        corners = {
            corner for b in self.locked for corner in ((b.src_start, b.tgt_start), (b.src_end, b.tgt_end))
        }
        return sorted({*self.rows, *corners})


NOTHING = Settled()


def put_locked(beads: list[Bead], locked: Sequence[Bead]) -> list[Bead]:
    """`beads` with those inside a locked one replaced by it."""
    if not locked:
        return beads
    free = [
        bead
        for bead in beads
        if not any(
            lock.src_start <= bead.src_start and bead.src_end <= lock.src_end
            and lock.tgt_start <= bead.tgt_start and bead.tgt_end <= lock.tgt_end
            for lock in locked
        )
    ]  # fmt: skip
    return sorted(
        [*free, *locked], key=lambda bead: (bead.src_start, bead.tgt_start, bead.src_end, bead.tgt_end)
    )
