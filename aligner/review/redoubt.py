"""Doubts while rows change: those of one row asked anew, and those found in an alignment that has moved on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from aligner.bitext import Alignment, Bead, Document
from aligner.review.doubts import Doubt, DoubtIndex, doubts_of_bead, index_doubts

NO_INDEX = index_doubts(Alignment(Document("", "und", ()), Document("", "und", ()), ()))
"""What is known before an alignment was looked through: each row is judged by itself."""

_Row = tuple[str, str, str]


def small_index(index: DoubtIndex) -> DoubtIndex:
    """The index without the texts of all rows, whose numbers change as rows do."""
    return DoubtIndex(
        index.off | {"inconsistent"},
        index.glossary,
        index.habits,
        index.lengths,
        NO_INDEX.repeats,
        index.damage,
    )


def carried_doubts(
    before: Alignment, found: Sequence[Doubt], after: Alignment, index: DoubtIndex
) -> list[list[Doubt]]:
    """The doubts of each row of `after`: those found in the same row of `before`, else asked of the row itself."""
    rows = [_row(before, bead) for bead in before.beads]
    known: dict[_Row, list[Doubt]] = {row: [] for row in rows}
    for number, doubts in groupby(found, key=lambda doubt: doubt.bead):
        known[rows[number]] = list(doubts)
    return [
        [Doubt(number, doubt.rule, doubt.message) for doubt in known[row]]
        if (row := _row(after, bead)) in known
        else doubts_of_bead(after, number, index)
        for number, bead in enumerate(after.beads)
    ]


def _row(alignment: Alignment, bead: Bead) -> _Row:
    return alignment.source_text(bead), alignment.target_text(bead), bead.status
