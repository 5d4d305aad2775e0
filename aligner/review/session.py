"""A review while it goes on: the store's state with its doubts, counts and what each operation changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aligner.bitext import Alignment, Bead
from aligner.export.savefile import SaveFile
from aligner.review.doubts import Doubt, find_doubts
from aligner.review.patches import Patch, extra_of
from aligner.review.places import Place, bead_at, nearest_bead, place_of
from aligner.review.queue import TARGET, Stop, next_stop, survey
from aligner.review.rows import row_of
from aligner.review.store import Store

MOST_KEPT = 200
"""Results kept for tabs that come late; one that is later reads everything anew."""


class Session:
    """What all tabs share. Not for threads: the server calls it from its one loop."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.store = Store(path, read_only=read_only)
        self.doubts: list[list[Doubt]] = [[] for _ in self.alignment.beads]
        self.results: list[dict[str, Any]] = []
        self._known_from = self.store.n

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

    def find_doubts(self) -> None:
        """Look for doubts in the whole alignment."""
        self.take_doubts(find_doubts(self.alignment))

    def take_doubts(self, found: Sequence[Doubt]) -> None:
        """Take the doubts of the whole alignment as it stands now."""
        self.doubts = [[] for _ in self.alignment.beads]
        for doubt in found:
            self.doubts[doubt.bead].append(doubt)

    def rows(self, first: int, last: int) -> list[dict[str, Any]]:
        """The rows `[first, last)` as far as there are such."""
        return [row_of(self.saved, n, self.doubts[n]) for n in range(first, min(last, len(self.doubts)))]

    def counts(self) -> dict[str, Any]:
        """The numbers under the page."""
        history = self.store.history
        seen = survey(self.alignment.beads, {row for row, doubts in enumerate(self.doubts) if doubts})
        target = history.settings.get("target", TARGET)
        return {
            "rows": len(self.alignment.beads), "pairs": seen.pairs, "unread": seen.unread,
            "confirmed": seen.confirmed, "edited": seen.edited, "flagged": self._flagged(), "stops": seen.stops,
            "expected_errors": round(seen.errors, 2), "target": target,
            "errors_allowed": round(target * seen.unread, 2), "reached": seen.errors <= target * seen.unread,
            "spot": {"looked": 0, "wrong": 0, "expected": 0.0},
            "undo": history.last_group()[0].op if history.last_group() else None,
            "redo": history.undone[-1][0].op if history.undone else None,
            "learning": "off", "saved": "saved",
        }  # fmt: skip

    def _flagged(self) -> int:
        if not self.saved.extra:
            return 0
        return sum(map(self.is_flagged, self.alignment.beads))

    def is_flagged(self, bead: Bead) -> bool:
        """Whether the bead bears a flag."""
        return bool(self.saved.extra) and bool(extra_of(self.saved, bead).get("flag"))

    def next_stop(self, place: Place | None = None, *, by_risk: bool = True, back: bool = False) -> Any:
        """The next stop of the queue as plain data, None where there is none."""
        after = nearest_bead(self.alignment, place) if place else -1
        number = {row: len(doubts) for row, doubts in enumerate(self.doubts) if doubts}
        stop = next_stop(self.alignment.beads, number, after, by_risk=by_risk, back=back)
        return self._stop_data(stop) if stop else None

    def _stop_data(self, stop: Stop) -> dict[str, Any]:
        at = list(place_of(self.alignment, self.alignment.beads[stop.row]))
        return {"row": stop.row, "at": at, "rows": [stop.first, stop.last], "kind": "stop",
                "risk": round(stop.risk, 4), "left": stop.left}  # fmt: skip

    def operate(self, op: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Do an operation; what it changed. Raises `Refused`, `DiskFull`."""
        focus = bead_at(self.alignment, args["at"]) if "at" in args else None
        return self._result(op, op, self.store.operate(op, args), focus)

    def take_back(self, direction: str) -> dict[str, Any]:
        """`undo` or `redo`; what it changed. Raises `Refused`, `DiskFull`."""
        name, patches = self.store.undo() if direction == "undo" else self.store.redo()
        return self._result(direction, name, patches, None)

    def _result(self, op: str, name: str, patches: Sequence[Patch], focus: int | None) -> dict[str, Any]:
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
            self.results.append(result)
            if len(self.results) > MOST_KEPT:
                self._known_from = self.results.pop(0)["n"]
        return result

    def _follow(self, patch: Patch) -> dict[str, Any]:
        """Keep the doubts with the rows that stay; those of changed rows are looked for anew."""
        self.doubts[patch.first : patch.last] = [[] for _ in patch.beads]
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
        from aligner.review.redoubt import doubts_within

        for number, found in doubts_within(self.alignment, first, last).items():
            self.doubts[number] = found

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
        return [{**result, "by": "other"} for result in self.results if result["n"] > n]
