"""A review while it goes on: the store's state with its doubts, counts and what each operation changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from aligner.bitext import Alignment, Bead
from aligner.export.savefile import SaveFile
from aligner.lexicon.glossary import load_glossary
from aligner.review.doubts import Doubt, DoubtIndex, doubts_of_bead
from aligner.review.patches import Patch, extra_of
from aligner.review.places import Place, bead_at, nearest_bead, place_of
from aligner.review.queue import STOPS_A_SPOT, TARGET, Queue, Stop, Watched, is_stop, watched
from aligner.review.redoubt import NO_INDEX, carried_doubts
from aligner.review.rows import row_of
from aligner.review.store import Store

MOST_KEPT = 200
"""Results kept for tabs that come late; one that is later reads everything anew."""
LOOKED_RIGHT = ("accept", "accept_all", "edit", "cut", "join", "replace")
"""Operations after which a spot check counts as right: the row was left as the aligner drew it."""
NOT_LOOKED = ("flag", "unflag", "unaccept", "learn", "realign")
"""Operations that say nothing of the rows that they change."""


@dataclass(slots=True)
class Learning:
    """How far learning from the decided rows is: `state` is "idle", "running" or "ready"."""

    state: str = "idle"
    progress: float | None = None
    proposal: Mapping[str, Any] | None = None


class Session:
    """What all tabs share. Not for threads: the server calls it from its one loop."""

    def __init__(self, path: Path, *, read_only: bool = False, glossary: Path | None = None) -> None:
        self.store = Store(path, read_only=read_only)
        langs = self.alignment.source.lang, self.alignment.target.lang
        self.glossary = load_glossary(glossary, *langs) if glossary else None
        self.results: list[dict[str, Any]] = []
        self.trouble = ""
        self.generation = 0
        self.learning = Learning()
        self.outline: tuple[tuple[int, int], dict[str, Any]] | None = None
        self.begin()

    def begin(self) -> None:
        """Begin with the store's state as it is."""
        self.doubts: list[list[Doubt]] = [[] for _ in self.alignment.beads]
        self.doubts_known = False
        self.index = replace(NO_INDEX, glossary=self.glossary)
        self.queue = self._all_watched()
        self.results.clear()
        self._known_from = self.store.n
        self.generation += 1
        self._passed: dict[Place, None] = {}
        self._visited: list[Place] = []

    @property
    def saved(self) -> SaveFile:
        """The state."""
        return self.store.saved

    @property
    def alignment(self) -> Alignment:
        """The alignment."""
        return self.store.saved.alignment

    @property
    def last_n(self) -> int:
        """The number of the last line that changed the state; places and checkpoints don't count."""
        return self.results[-1]["n"] if self.results else self._known_from

    def take_doubts(self, looked_at: Alignment, found: Sequence[Doubt], index: DoubtIndex) -> None:
        """Take the doubts found in the alignment as it was, and what single rows are compared with from now on."""
        self.doubts = carried_doubts(looked_at, found, self.alignment, index)
        self.doubts_known, self.index = True, index
        self.queue = self._all_watched()
        self.generation += 1

    def _all_watched(self) -> Queue:
        return Queue(self._watched(0, len(self.doubts)))

    def _watched(self, first: int, last: int) -> list[Watched]:
        alignment = self.alignment
        return [watched(alignment, alignment.beads[n], len(self.doubts[n])) for n in range(first, last)]

    def rows(self, first: int, last: int) -> list[dict[str, Any]]:
        """The rows `[first, last)` as far as there are such."""
        return [row_of(self.saved, n, self.doubts[n]) for n in range(first, min(last, len(self.doubts)))]

    def counts(self) -> dict[str, Any]:
        """The numbers under the page."""
        history, seen = self.store.history, self.queue.seen
        target = history.settings.get("target", TARGET)
        return {
            "rows": len(self.doubts), "pairs": seen.pairs, "unread": seen.unread,
            "confirmed": seen.confirmed, "edited": seen.edited, "flagged": self._flagged(), "stops": seen.stops,
            "expected_errors": abs(round(seen.errors, 2)), "target": target,
            "errors_allowed": round(target * seen.unread, 2), "reached": seen.errors <= target * seen.unread,
            "spot": {**history.spots(), "offered": seen.spots},
            "undo": history.last_group()[0].op if history.last_group() else None,
            "redo": history.undone[-1][0].op if history.undone else None,
            "doubts": "known" if self.doubts_known else "looking",
            "learning": {"mode": history.settings.get("learning", "ask"), **asdict(self.learning)},
            **({"saved": "not_saved", "trouble": self.trouble} if self.trouble else {"saved": "saved"}),
        }  # fmt: skip

    def _flagged(self) -> int:
        return sum(
            isinstance(value, dict) and bool(value.get("flag"))
            for key, value in self.saved.extra.items()
            if key.startswith("beads")
        )

    def is_flagged(self, bead: Bead) -> bool:
        """Whether the bead bears a flag."""
        return bool(self.saved.extra) and bool(extra_of(self.saved, bead).get("flag"))

    def next_stop(
        self, place: Place | None = None, *, by_risk: bool = True, back: bool = False,
        rules: Collection[str] = (), spots: bool = True,
    ) -> Any:  # fmt: skip
        """The next stop of the queue as plain data, None where there is none.

        By risk, a stop that is left undecided comes again after all others, and `back` goes to those visited before.
        """
        here = nearest_bead(self.alignment, place) if place else None
        if by_risk and not rules:
            stop = self._visited_before(place) if back else self._next_by_risk(place, here, spots=spots)
        else:
            stop = self.queue.in_text(-1 if here is None else here, back=back, among=self._doubted(rules))
        if stop is None:
            return None
        at = place_of(self.alignment, self.alignment.beads[stop.row])
        if self._visited[-1:] != [at]:
            self._visited.append(at)
        return {"row": stop.row, "at": list(at), "rows": [stop.first, stop.last], "kind": stop.kind,
                "risk": round(stop.risk, 4), "left": stop.left}  # fmt: skip

    def _doubted(self, rules: Collection[str]) -> set[int] | None:
        """The rows that `rules` doubt; None without rules."""
        if not rules:
            return None
        return {n for n, doubts in enumerate(self.doubts) if any(doubt.rule in rules for doubt in doubts)}

    def _next_by_risk(self, place: Place | None, here: int | None, *, spots: bool) -> Stop | None:
        stands = self.queue[here] if here is not None and here < len(self.doubts) else None
        if (
            stands
            and place
            and place not in self._passed
            and (stands.is_spot or is_stop(stands.bead, stands.doubts))
        ):
            self._passed[place] = None
        passed = self._numbers(self._passed)
        done = self.store.history.done
        due = (self.store.history.spots()["looked"] + 1) * STOPS_A_SPOT <= len(done)
        if spots and due and not (stands and stands.is_spot):
            return self.queue.spot(passed) or self.queue.riskiest(passed)
        return self.queue.riskiest(passed) or (self.queue.spot(passed) if spots else None)

    def _numbers(self, places: Iterable[Place]) -> set[int]:
        """The rows at `places`; a row that was drawn otherwise since is none of them."""
        found = ((place, nearest_bead(self.alignment, place)) for place in places)
        beads = self.alignment.beads
        return {n for place, n in found if n < len(beads) and place_of(self.alignment, beads[n]) == place}

    def _visited_before(self, place: Place | None) -> Stop | None:
        while self._visited:
            number = self._numbers(self._visited[-1:])
            if number and self._visited[-1] != place:
                return self.queue.around(number.pop())
            self._visited.pop()
        return None

    def operate(self, op: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Do an operation; what it changed. Raises `Refused`, `DiskFull`."""
        focus = bead_at(self.alignment, args["at"]) if "at" in args else None
        return self._result(
            op, op, self.store.operate(op, args, lambda patches: self._spots(op, patches)), focus
        )

    def _spots(self, op: str, patches: Sequence[Patch]) -> dict[str, Any]:
        """What the operation says of spot checks, for its line of the journal; empty where it touches none."""
        if op in NOT_LOOKED:
            return {}
        rows = [self.queue[n] for patch in patches for n in range(patch.first, patch.last)]
        spots = [row.bead for row in rows if row.is_spot]
        wrong = 0 if op in LOOKED_RIGHT else len(spots)
        expected = round(sum(1 - bead.confidence for bead in spots), 4)
        return {"spots": [len(spots), wrong, expected]} if spots else {}

    def take_back(self, direction: str) -> dict[str, Any]:
        """`undo` or `redo`; what it changed. Raises `Refused`, `DiskFull`."""
        name, patches = self.store.undo() if direction == "undo" else self.store.redo()
        return self._result(direction, name, patches, None)

    def _result(self, op: str, name: str, patches: Sequence[Patch], focus: int | None) -> dict[str, Any]:
        if name == "learn" and patches:
            return self._learned(op, patches)
        changes = [self._follow(patch) for patch in patches if patch.beads or patch.first != patch.last]
        moved = [patch.first for patch in patches if not patch.keeps_documents]
        also = sorted(self._ends_of_links()) if any(patch.moved is not None for patch in patches) else []
        first = min((change["from"] for change in changes), default=focus or 0)
        result = {
            "n": self.store.n if patches else self.last_n, "op": op, "by": "you", "changes": self._with_rows(changes),
            "stale_from": min(moved) if moved else None, "also": also,
            "focus": min(first if focus is None else focus, len(self.doubts) - 1), "next": self.next_stop(),
            "counts": self.counts(), "done": {"op": name, "rows": sum(c["removed"] for c in changes)},
        }  # fmt: skip
        if patches:
            self._keep(result)
        return result

    def _keep(self, result: dict[str, Any]) -> None:
        self.results.append(result)
        if len(self.results) > MOST_KEPT:
            self._known_from = self.results.pop(0)["n"]

    def _learned(self, op: str, patches: Sequence[Patch]) -> dict[str, Any]:
        """The result where rows all over the alignment changed: all are to be read anew."""
        for patch in patches:
            same = [(bead.src_end, bead.tgt_end) for bead in patch.beads]
            old = [self.queue[n].bead for n in range(patch.first, patch.last)]
            kept = self.doubts[patch.first : patch.last]
            self._follow(patch)
            if same == [(bead.src_end, bead.tgt_end) for bead in old]:
                self.doubts[patch.first : patch.first + len(same)] = kept
        self.doubts = [
            [Doubt(number, doubt.rule, doubt.message) for doubt in doubts]
            for number, doubts in enumerate(self.doubts)
        ]
        self.queue = self._all_watched()
        place = (self.store.history.place or {}).get("at", (0, 0))
        focus = min(nearest_bead(self.alignment, (place[0], place[1])), len(self.doubts) - 1)
        result = {
            "n": self.store.n, "op": op, "by": "you", "changes": [], "reload": True, "stale_from": 0, "also": [],
            "focus": focus, "next": self.next_stop(), "counts": self.counts(),
            "done": {"op": "learn", "rows": sum(len(patch.beads) for patch in patches)},
        }  # fmt: skip
        self._keep(result)
        return result

    def _follow(self, patch: Patch) -> dict[str, Any]:
        """Keep the doubts with the rows that stay; those of changed rows are looked for anew."""
        self.doubts[patch.first : patch.last] = [[] for _ in patch.beads]
        unknown = [Watched(bead, 0, 1) for bead in patch.beads]
        self.queue.put(patch.first, patch.last, unknown)
        return {"from": patch.first, "removed": patch.last - patch.first, "come": len(patch.beads)}

    def _with_rows(self, changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(changes) > 1:  # numbers of the first are not those of the end any more: one stretch over all
            grown = sum(each["come"] - each["removed"] for each in changes)
            first = min(each["from"] for each in changes)
            last = max(each["from"] + max(each["come"], each["removed"]) for each in changes) + abs(grown)
            last = min(last, len(self.doubts))
            changes = [{"from": first, "removed": last - first - grown, "come": last - first}]
        for each in changes:
            first, last = each["from"], each["from"] + each.pop("come")
            self._doubt_anew(first, last)
            each["rows"] = self.rows(first, last)
        return changes

    def _doubt_anew(self, first: int, last: int) -> None:
        """Doubts of rows `[first, last)`, by the rules that need no other row to compare with."""
        for number in range(first, last):
            self.doubts[number] = doubts_of_bead(self.alignment, number, self.index)
        self.queue.put(first, last, self._watched(first, last))

    def _ends_of_links(self) -> set[int]:
        return {
            number
            for number, bead in enumerate(self.alignment.beads)
            if not bead.is_pair
            and any(m.src_start <= bead.src_start < m.src_end or m.tgt_start <= bead.tgt_start < m.tgt_end
                    for m in self.alignment.moved)
        }  # fmt: skip

    def missed_since(self, n: int) -> list[dict[str, Any]] | None:
        """The results after line `n`, for a tab that is late; None where that is too long ago."""
        if n < self._known_from:
            return None
        missed = [{**result, "by": "other"} for result in self.results if result["n"] > n]
        return None if any(result.get("reload") for result in missed) else missed
