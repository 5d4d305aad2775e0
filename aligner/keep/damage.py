"""Text that can't be read is no evidence: what stands with it is doubted, whatever the engine says."""

from __future__ import annotations

from dataclasses import replace

from aligner.bitext import Alignment
from aligner.clean.rules import Flag

_DAMAGE = 0.5  # what a bead with garbled text keeps of its confidence: below even, so that it is looked at

_GARBLED = ("gbk-damage", "mojibake")  # flags on text that can't be read; the others only mark slips


def doubt_damage(alignment: Alignment, flags: tuple[tuple[Flag, ...], tuple[Flag, ...]]) -> Alignment:
    """Lower the confidence of beads that hold text flagged as damaged."""
    damaged: set[tuple[int, int]] = set()
    for side, document in enumerate((alignment.source, alignment.target)):
        damaged |= {(side, document.segment_at(flag.at)) for flag in flags[side] if flag.rule in _GARBLED}
    beads = []
    for bead in alignment.beads:
        inside = {(0, i) for i in range(bead.src_start, bead.src_end)} | {
            (1, j) for j in range(bead.tgt_start, bead.tgt_end)
        }
        hit = bead.status == "auto" and not inside.isdisjoint(damaged)
        beads.append(replace(bead, confidence=round(bead.confidence * _DAMAGE, 4)) if hit else bead)
    return replace(alignment, beads=tuple(beads))
