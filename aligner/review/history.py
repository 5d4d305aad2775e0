"""What was done and can be taken back, read from the journal's lines: it outlives a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aligner.errors import InputError
from aligner.review.journal import Entry

AUTOMATIC = ("learn",)
"""Operations that nobody asked for: they are taken back with the one before them."""

NO_OPERATIONS = ("checkpoint", "place", "setting")


@dataclass(frozen=True, slots=True)
class Done:
    """An operation that can be taken back by its inverse.

    `spots`: how many spot checks it decided, how many of them were wrong, and how many of them were expected to be.
    """

    n: int
    op: str
    args: Mapping[str, Any]
    inverse: Sequence[Any]
    spots: tuple[int, int, float] = (0, 0, 0.0)


@dataclass(slots=True)
class History:
    """What can be taken back and what can be done again, the last one last; place and settings as left."""

    done: list[Done] = field(default_factory=list)
    undone: list[list[Done]] = field(default_factory=list)
    place: Mapping[str, Any] | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Note a line of the journal. Raises `InputError` where it fits none before."""
        if entry.op == "place":
            self.place = entry.data
        elif entry.op == "setting":
            self.settings |= entry.data
        elif entry.op == "undo" and self.done:
            self.undone.append(self.last_group())
            del self.done[len(self.done) - len(self.undone[-1]) :]
        elif entry.op == "redo" and self.undone:
            # Doing it again from the same state gives the same, so the inverse is the one it had.
            self.done += self.undone.pop()
        elif entry.op in ("undo", "redo"):
            raise InputError(f"line {entry.n} of the journal takes back what was not done")
        elif entry.op not in NO_OPERATIONS:
            self.done.append(
                Done(entry.n, entry.op, entry.data["args"], entry.data["inverse"], _spots(entry))
            )
            self.undone.clear()

    def last_group(self) -> list[Done]:
        """The person's last operation and the automatic ones after it, in order; empty where there is none."""
        start = len(self.done) - 1
        while start >= 0 and self.done[start].op in AUTOMATIC:
            start -= 1
        return self.done[start:] if start >= 0 else []

    def spots(self) -> dict[str, Any]:
        """What the spot checks found."""
        looked, wrong, expected = 0, 0, 0.0
        for done in self.done:
            if done.spots[0]:
                looked, wrong, expected = (
                    looked + done.spots[0], wrong + done.spots[1], expected + done.spots[2],
                )  # fmt: skip
        return {"looked": looked, "wrong": wrong, "expected": round(expected, 2)}


def _spots(entry: Entry) -> tuple[int, int, float]:
    looked, wrong, expected = entry.data.get("spots", (0, 0, 0.0))
    return int(looked), int(wrong), float(expected)
