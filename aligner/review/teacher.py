"""When the rest of a review is aligned again, in another process, and what becomes of the proposal that comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from aligner.bitext import Alignment
from aligner.errors import AlignerError
from aligner.review.beside import run_beside
from aligner.review.learning import LEARNED_AFTER, Verdict, learn, verdicts_of
from aligner.review.operations import operate
from aligner.review.places import Refused, bead_at
from aligner.review.queue import is_stop
from aligner.review.redraw import ranges_of
from aligner.review.rows import row_of
from aligner.review.session import Session

MODES = ("ask", "auto", "off")
IDLE_SECONDS = 2.0
MOST_SHOWN = 50


class Teacher:
    """Starts a run after some operations, or when asked; one at a time. `tell` lets all tabs know."""

    def __init__(self, session: Session, tell: Callable[[], Awaitable[None]]) -> None:
        self.session, self._tell = session, tell
        self._task: asyncio.Task[None] | None = None
        self._since = self._id = 0
        self._found: tuple[Alignment, dict[str, Any]] | None = None

    @property
    def mode(self) -> str:
        """What becomes of a run's result: it is asked about, taken, or there is none."""
        return str(self.session.store.history.settings.get("learning", MODES[0]))

    def note(self) -> None:
        """An operation was done."""
        self._since += 1
        if self._since >= LEARNED_AFTER and self.mode != "off" and self.session.learning.state != "running":
            self.start(wait=IDLE_SECONDS)

    def start(self, *, wait: float = 0.0) -> None:
        """Begin a run. Raises `Refused` where nothing can be learned."""
        statuses = {bead.status for bead in self.session.alignment.beads}
        if "auto" not in statuses or statuses == {"auto"}:
            raise Refused("decided")
        self.cancel()
        self._task = asyncio.create_task(self._run(wait))

    def cancel(self) -> None:
        """End the run, or leave its proposal."""
        if self._task is not None:
            self._task.cancel()
        self._task, self._found, self._since = None, None, 0
        self._say("idle")

    def _say(self, state: str, proposal: dict[str, Any] | None = None) -> None:
        learning = self.session.learning
        learning.state, learning.progress, learning.proposal = state, None, proposal

    async def _run(self, wait: float) -> None:
        seen = -1
        while seen != self.session.last_n:  # until nothing was done for a while
            seen = self.session.last_n
            await asyncio.sleep(wait)
        alignment, verdicts = self.session.alignment, verdicts_of(self.session.store.history.done)
        self._say("running")
        await self._tell()
        try:
            lesson = await run_beside(learn_beside, alignment, verdicts, hear=self._hear)
        except AlignerError as error:
            self.session.trouble = f"the rest could not be aligned again: {error}"
            lesson = {"stretches": []}
        self._since, self._id = 0, self._id + 1
        self._found = (alignment, lesson) if lesson["stretches"] else None
        self._say("ready" if self._found else "idle", self._proposal() if self._found else None)
        if self._found and self.mode == "auto":
            args = self.take(self._id)
            if args["stretches"]:
                self.session.operate("learn", {**args, "by": "itself"})
        await self._tell()

    def _hear(self, share: float) -> None:
        self.session.learning.progress = round(share, 2)

    def take(self, number: object, left: Collection[Sequence[int]] = ()) -> dict[str, Any]:
        """The arguments of `learn` for proposal `number`, without rows that changed since. Raises `Refused`.

        `left` are the places of stretches that stay as they are.
        """
        lesson = self._lesson(number)
        places = {tuple(place) for place in left}
        lesson["stretches"] = [each for each in lesson["stretches"] if tuple(each["from"]) not in places]
        self._task, self._found, self._since = None, None, 0
        self._say("idle")
        return lesson

    def _lesson(self, number: object) -> dict[str, Any]:
        if self._found is None or number != self._id:
            raise Refused("unknown_place")
        looked_at, lesson = self._found
        now = self.session.alignment
        if now.source is not looked_at.source or now.target is not looked_at.target:
            raise Refused("stale")
        free = {ranges_of(bead) for bead in now.beads if bead.status == "auto"}
        kept = []
        for stretch in lesson["stretches"]:
            first = bead_at(looked_at, stretch["from"])
            rows = looked_at.beads[first : first + stretch["rows"]]
            if all(ranges_of(bead) in free for bead in rows):
                kept.append(stretch)
        return {**lesson, "stretches": kept}

    def _proposal(self) -> dict[str, Any]:
        saved, lesson = self.session.saved, self._lesson(self._id)
        after = operate(saved, "learn", lesson)[0]
        seen, beads = self.session.queue.seen, after.alignment.beads
        undecided = [bead for bead in beads if bead.status == "auto"]
        redrawn = sum(self._is_redrawn(stretch) for stretch in lesson["stretches"])
        return {
            "id": self._id, "redrawn": redrawn, "weighed": len(lesson["stretches"]) - redrawn,
            "stops": [seen.stops, sum(is_stop(bead, 0) for bead in undecided)],
            "expected_errors": [
                round(abs(seen.errors), 2), round(sum(1 - bead.confidence for bead in undecided if bead.is_pair), 2)
            ],
            "decided": len(beads) - len(undecided),
        }  # fmt: skip

    def _is_redrawn(self, stretch: dict[str, Any]) -> bool:
        alignment = self.session.alignment
        first = bead_at(alignment, stretch["from"])
        old = alignment.beads[first : first + stretch["rows"]]
        sizes = [(bead.src_end - bead.src_start, bead.tgt_end - bead.tgt_start) for bead in old]
        return sizes != [(bead[0], bead[1]) for bead in stretch["beads"]]

    def look(self, number: int) -> dict[str, Any]:
        """The rows that proposal `number` draws otherwise, before and after."""
        lesson, session = self._lesson(number), self.session
        redrawn = [stretch for stretch in lesson["stretches"] if self._is_redrawn(stretch)]
        shown = []
        for stretch in redrawn[:MOST_SHOWN]:
            first = bead_at(session.alignment, stretch["from"])
            after = operate(session.saved, "learn", {"stretches": [stretch]})[0]
            rows = [row_of(after, first + n, ()) for n in range(len(stretch["beads"]))]
            shown.append(
                {
                    "from": first,
                    "at": stretch["from"],
                    "before": session.rows(first, first + stretch["rows"]),
                    "after": rows,
                }
            )
        return {"id": number, "total": len(redrawn), "stretches": shown}


def learn_beside(
    alignment: Alignment, verdicts: list[Verdict], tell: Callable[[float], None]
) -> dict[str, Any]:
    """`learn` in a process of its own; `tell` gets the share that is done of each stage."""
    return learn(alignment, verdicts, progress=lambda stage, done, total: tell(done / max(1, total)))
