"""Rows that a key pairs: what is in one is each other's translation, whatever it looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from aligner.bitext import Alignment, Bead

# A judgement: the key says that the two are one, the texts that they are not; an even chance brings them to be seen.
_KEY_ALONE = 0.5


def join_rows(alignment: Alignment, rows: Sequence[tuple[int, int]]) -> Alignment:
    """A row of which the texts alone would pair nothing is one bead; no passage is in another place.

    `rows` are the boundaries (source, target segment) between rows, in order.
    """
    ends = [*rows, (len(alignment.source), len(alignment.target))]
    beads: list[Bead] = []
    number = 0

    def row_of(bead: Bead) -> int:
        nonlocal number
        while (bead.src_end, bead.tgt_end) != ends[number] and (
            bead.src_end > ends[number][0] or bead.tgt_end > ends[number][1]
        ):
            number += 1
        return number

    for _, group in groupby(alignment.beads, row_of):
        row = list(group)
        first, last = row[0], row[-1]
        whole = Bead(first.src_start, last.src_end, first.tgt_start, last.tgt_end, _KEY_ALONE)
        is_apart = not any(bead.is_pair or bead.status != "auto" for bead in row)
        beads += [whole] if is_apart and whole.is_pair else row
    return replace(alignment, beads=tuple(beads), moved=())
