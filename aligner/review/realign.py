"""Aligning again what nobody decided on, between rows that are: a proposal for one gap, until it is taken.

Works on documents cut from the review, in another process, so that the page stays quick.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aligner.bitext import Alignment, Bead, Document
from aligner.export.savefile import SaveFile
from aligner.keep.settled import Settled
from aligner.options import Options
from aligner.pipeline import align_documents
from aligner.review.beside import Helper
from aligner.review.patches import shifted
from aligner.review.places import Refused, bead_at, part_of, place_of
from aligner.review.redraw import as_stretch, ranges_of
from aligner.review.rows import row_of
from aligner.review.session import Session

LARGEST = 300
"""Segments over both sides of a gap that is aligned while a person waits: about a second."""


@dataclass(slots=True)
class _Proposal:
    number: int
    first: int
    last: int
    saved: SaveFile
    began: float
    work: asyncio.Future[list[Bead]]


class Proposals:
    """The proposal that was asked for last. One at a time: a new one takes the place of the last."""

    def __init__(self, helper: Helper) -> None:
        self._helper = helper
        self._current: _Proposal | None = None
        self._count = 0

    def start(self, session: Session, body: Mapping[str, Any]) -> dict[str, Any]:
        """Begin to align the rows `from` to `to`, or the gap around `at`. Raises `Refused`."""
        first, last = _stretch(session.alignment, body)
        beads = session.alignment.beads[first:last]
        if not any(bead.status == "auto" for bead in beads):
            raise Refused("decided")
        segments = sum(b.src_end - b.src_start + b.tgt_end - b.tgt_start for b in beads)
        if segments > LARGEST:
            raise Refused("large")
        self._count += 1
        work = asyncio.ensure_future(_aligned(self._helper, session.alignment, first, last))
        self._current = _Proposal(self._count, first, last, session.saved, time.monotonic(), work)
        return {"id": self._count, "from": first, "to": last - 1, "segments": segments}

    def state(self, number: int, session: Session) -> dict[str, Any]:
        """How far the proposal is, and what it would change."""
        proposal = self._of(number)
        said: dict[str, Any] = {
            "id": number, "from": proposal.first, "to": proposal.last - 1,
            "seconds": round(time.monotonic() - proposal.began, 2),
        }  # fmt: skip
        if session.saved is not proposal.saved:
            return said | {"state": "stale"}
        if not proposal.work.done():
            return said | {"state": "running"}
        if proposal.work.exception():
            return said | {"state": "failed"}
        beads = proposal.work.result()
        before = session.alignment.beads[proposal.first : proposal.last]
        if [ranges_of(bead) for bead in beads] == [ranges_of(bead) for bead in before]:
            return said | {"state": "same"}
        after = _with_rows(session.saved, proposal.first, proposal.last, beads)
        return said | {
            "state": "ready",
            "before": session.rows(proposal.first, proposal.last),
            "after": [row_of(after, proposal.first + n, ()) for n in range(len(beads))],
        }

    def take(self, number: object, session: Session) -> list[dict[str, Any]]:
        """The stretches of a ready proposal. Raises `Refused`."""
        proposal = self._of(number)
        if session.saved is not proposal.saved or not proposal.work.done() or proposal.work.exception():
            raise Refused("stale")
        return list(_stretches(session.alignment, proposal.first, proposal.last, proposal.work.result()))

    def cancel(self, number: int) -> None:
        """Forget a proposal."""
        if self._current and self._current.number == number:
            self._current.work.cancel()
            self._current = None

    def _of(self, number: object) -> _Proposal:
        if self._current is None or self._current.number != number:
            raise Refused("unknown_place")
        return self._current


def _stretch(alignment: Alignment, body: Mapping[str, Any]) -> tuple[int, int]:
    if "from" in body:
        return bead_at(alignment, body["from"]), bead_at(alignment, body["to"]) + 1
    first = bead_at(alignment, body.get("at"))
    last = first + 1
    beads = alignment.beads
    if beads[first].status != "auto":
        raise Refused("decided")
    while first > 0 and beads[first - 1].status == "auto":
        first -= 1
    while last < len(beads) and beads[last].status == "auto":
        last += 1
    return first, last


async def _aligned(helper: Helper, alignment: Alignment, first: int, last: int) -> list[Bead]:
    """The beads of rows `[first, last)` drawn anew, in the numbers of the whole alignment."""
    beads = alignment.beads[first:last]
    i, j = beads[0].src_start, beads[0].tgt_start
    source = part_of(alignment.source, i, beads[-1].src_end)
    target = part_of(alignment.target, j, beads[-1].tgt_end)
    inner = [_shifted(bead, -i, -j) for bead in beads]
    found = await helper.ask(realign_beside, source, target, inner)
    return [_shifted(bead, i, j) for bead in found or inner]


def realign_beside(
    source: Document, target: Document, beads: Sequence[Bead], tell: Callable[[float], None]
) -> list[Bead]:
    """The beads of a part, drawn anew around those decided."""
    locked = [replace(bead, alternatives=()) for bead in beads if bead.status != "auto"]
    if not len(source) or not len(target):
        return list(beads)
    found = align_documents(source, target, Options(), Settled(tuple(locked))).beads
    return _with_locked_one_sided(list(found), locked)


def _with_locked_one_sided(found: list[Bead], locked: Sequence[Bead]) -> list[Bead]:
    """A decided row without counterpart keeps its status where the aligner drew the same one."""
    kept = {ranges_of(bead): bead for bead in locked}
    return [kept.get(ranges_of(bead), bead) for bead in found]


def _shifted(bead: Bead, source: int, target: int) -> Bead:
    if source < 0 or target < 0:  # alternatives may reach outside the part
        bead = replace(bead, alternatives=())
    return shifted(bead, source, target)


def _stretches(alignment: Alignment, first: int, last: int, new: Sequence[Bead]) -> Iterator[dict[str, Any]]:
    """The smallest stretches of undecided rows in which old and new beads differ, in order."""
    old = alignment.beads[first:last]
    a = b = 0
    while a < len(old) and b < len(new):
        c, d = a + 1, b + 1
        while _end(old[c - 1]) != _end(new[d - 1]):
            if _end(old[c - 1]) < _end(new[d - 1]) and c < len(old):
                c += 1
            elif d < len(new):
                d += 1
            else:
                return
        before, after = old[a:c], new[b:d]
        undecided = all(bead.status == "auto" for bead in before)
        if undecided and [ranges_of(x) for x in before] != [ranges_of(x) for x in after]:
            yield as_stretch(place_of(alignment, before[0]), len(before), after)
        a, b = c, d


def _end(bead: Bead) -> tuple[int, int]:
    return bead.src_end, bead.tgt_end


def _with_rows(saved: SaveFile, first: int, last: int, beads: Sequence[Bead]) -> SaveFile:
    """`saved` with other beads in the place of rows `[first, last)`, to draw them."""
    old = saved.alignment
    drawn = replace(old, beads=(*old.beads[:first], *beads, *old.beads[last:]))
    return SaveFile(drawn, saved.extra)
