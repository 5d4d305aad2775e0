"""What happened to each pair, appended line by line, so that a run that was cut off can be taken up again."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STARTED, DONE, FAILED, KILLED, STOPPED, RETRY = "started", "done", "failed", "killed", "stopped", "retry"
MOST_DEATHS = 2
"""Deaths of its process after which a pair is put aside: one may be somebody else's fault."""


@dataclass(slots=True)
class History:
    """What the ledger says of one pair under its latest key."""

    key: str = ""
    last: str = ""
    reason: str = ""
    deaths: int = 0
    unfinished: bool = False
    sentences: int = 0
    seconds: float = 0.0

    @property
    def is_quarantined(self) -> bool:
        """Whether it ended its process too often."""
        return self.deaths >= MOST_DEATHS

    @property
    def is_suspect(self) -> bool:
        """Whether it should run alone: its process died, or the whole run was cut off while it was running."""
        return self.deaths > 0 or self.unfinished


class Ledger:
    """The lines of all runs in a folder; each run appends to a file of its own shard."""

    def __init__(self, folder: Path, shard: tuple[int, int] | None = None) -> None:
        name = f"ledger-{shard[0]}-of-{shard[1]}.jsonl" if shard else "ledger.jsonl"
        self._folder, self._path = folder, folder / name
        self._file: int | None = None

    def open(self) -> None:
        """Make ready to append; a line that a crash cut off is closed first."""
        self._file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        end = os.lseek(self._file, 0, os.SEEK_END)
        if end:
            os.lseek(self._file, end - 1, os.SEEK_SET)
            if os.read(self._file, 1) != b"\n":
                os.write(self._file, b"\n")

    def close(self) -> None:
        """Append no more."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def append(self, event: str, pair: str, key: str, **more: Any) -> None:
        """One line, on the disk before anything else happens where a pair is started."""
        assert self._file is not None, "open the ledger first"
        entry = {"event": event, "id": pair, "key": key, "at": round(time.time(), 3)} | more
        os.write(self._file, (json.dumps(entry, ensure_ascii=False) + "\n").encode("utf-8", "replace"))
        if event == STARTED:
            os.fsync(self._file)

    def histories(self) -> dict[str, History]:
        """The history of each pair, by id."""
        histories: dict[str, History] = {}
        for entry in sorted(self._entries(), key=lambda entry: entry.get("at", 0.0)):
            _take(histories.setdefault(str(entry.get("id")), History()), entry)
        return histories

    def _entries(self) -> Iterator[dict[str, Any]]:
        for path in sorted(self._folder.glob("ledger*.jsonl")):
            with path.open("rb") as lines:
                for line in lines:
                    with suppress(ValueError, RecursionError):  # cut off by a crash
                        entry = json.loads(line)
                        if isinstance(entry, dict) and isinstance(entry.get("at", 0.0), float | int):
                            yield entry


def _take(history: History, entry: dict[str, Any]) -> None:
    event, key = str(entry.get("event")), str(entry.get("key"))
    if event == RETRY or key != history.key:
        history.key, history.deaths, history.unfinished = key, 0, False
    if event == STARTED:
        # Cut off while it ran by itself: it was the pair's own doing, or near enough.
        history.deaths += history.unfinished and bool(entry.get("alone"))
        history.unfinished = True
    else:
        history.unfinished = False
    history.deaths += event == KILLED
    history.last, history.reason = event, str(entry.get("reason", ""))
    if event == DONE:
        history.deaths = 0
        history.sentences, history.seconds = int(entry.get("sentences", 0)), float(entry.get("seconds", 0.0))
