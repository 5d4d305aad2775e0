"""What changed between two reviews of the same texts: pairs drawn anew, texts, statuses and notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from aligner.bitext import Alignment, Bead
from aligner.language.joints import one_line
from aligner.review.table_rows import WRONG


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `bead` is its number from zero in the later review, `what` one of `KINDS`."""

    bead: int
    what: str
    before: str
    after: str


KINDS = ("pairs", "text", "status", "note")
_NONE = "(none)"


def changes_between(before: Alignment, after: Alignment) -> list[Change]:
    """What differs, in the order of the later review; none where both say the same."""
    old, new = ([_texts(alignment, bead) for bead in alignment.beads] for alignment in (before, after))
    found: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            for place in range(d - c):
                found += _decided(before.beads[a + place], after.beads[c + place], c + place)
        elif b - a == d - c and _same_cuts(before, after, range(a, b), range(c, d)):
            for place in range(d - c):
                found.append(Change(c + place, "text", _shown(old[a + place]), _shown(new[c + place])))
                found += _decided(before.beads[a + place], after.beads[c + place], c + place)
        else:
            found.append(
                Change(c, "pairs", " / ".join(map(_shown, old[a:b])), " / ".join(map(_shown, new[c:d])))
            )
    return found


def _decided(old: Bead, new: Bead, number: int) -> Iterator[Change]:
    statuses = _status(old), _status(new)
    if statuses[0] != statuses[1]:
        yield Change(number, "status", *statuses)
    if old.note != new.note:
        yield Change(number, "note", old.note or _NONE, new.note or _NONE)


def _status(bead: Bead) -> str:
    """As a review table says it: a pair that a reviewer called wrong has no confidence left."""
    return WRONG[0] if bead.is_pair and bead.status == "auto" and bead.confidence == 0 else bead.status


def _same_cuts(before: Alignment, after: Alignment, old: range, new: range) -> bool:
    """Whether the beads are of the same shapes, so that only their texts can differ."""
    return [before.beads[n].type for n in old] == [after.beads[n].type for n in new]


def _texts(alignment: Alignment, bead: Bead) -> tuple[str, str]:
    return one_line(alignment.source_text(bead)), one_line(alignment.target_text(bead))


def _shown(texts: tuple[str, str]) -> str:
    return " | ".join(text or "–" for text in texts)
