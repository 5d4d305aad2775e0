"""The local engine: tasks handed to processes of this machine, each of which may be ended by itself."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from aligner.corpus.ledger import DONE, FAILED, KILLED, STARTED
from aligner.errors import AlignerError, UsageError
from aligner.system.child import ERROR, GONE, MORE, NO_MEMORY, READY, RESULT, Call, Child, Message
from aligner.system.threads import granted_cores

FIRST_SECONDS = 60.0
"""What reading a pair may take, until its number of sentences is known."""
MEMORY_A_WORKER = 400 << 20
"""Bytes that a worker with the default encoder holds, with room for an ordinary pair."""
_FREE_SHARE = 0.9  # of the free memory that the workers may fill together where nobody says
_LEAST_MEMORY = 1 << 30
_BLOATED = 1 << 30  # bytes that a worker holds after a pair from which a fresh one is better
_TICK = 0.2  # seconds between two looks at clocks and memory
_FAILED_STARTS = 10  # in a row, before it is no accident


@dataclass(frozen=True, slots=True)
class Limits:
    """How many processes at once; what one task may take: seconds (None: by its size) and bytes of memory."""

    workers: int
    seconds: float | None
    memory: int


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a task. `value`: its result, its `AlignerError`, or why its process ended."""

    kind: str
    task: Any
    value: Any = None
    is_hopeless: bool = False


def limits_for(
    workers: int | None = None, seconds: float | None = None, memory_mb: int | None = None
) -> Limits:
    """The limits asked for; else a worker for each core and 400 MB of free memory, which share what is free."""
    import psutil

    for name, value in (("--workers", workers), ("--time-limit", seconds), ("--memory-limit", memory_mb)):
        if value is not None and value <= 0:
            raise UsageError(f"{name} {value}: must be more than 0")
    free = psutil.virtual_memory().available
    count = workers or max(1, min(granted_cores(), free // MEMORY_A_WORKER))
    share = max(_LEAST_MEMORY, int(_FREE_SHARE * free / count))
    return Limits(int(count), seconds, memory_mb << 20 if memory_mb else share)


def run_in_processes(
    tasks: Iterable[Any], work: Callable[..., Any], limits: Limits, start: Call
) -> Iterator[Event]:
    """Run `work(task, tell)` for each task; gives `STARTED` before a task is begun, then what came of it.

    `start` is called first in each process. Tasks are taken from the iterable as processes get free. When the
    iterator is closed, so are all processes, at once. Raises `AlignerError` where none can be started.
    """
    pool = Pool(work, limits, start)
    try:
        yield from pool.run(iter(tasks))
    finally:
        for child in pool.children:
            child.kill()


class Pool:
    """Processes that stay between runs; whoever makes one kills its `children`."""

    def __init__(self, work: Callable[..., Any], limits: Limits, start: Call) -> None:
        self.children: list[Child] = []
        self._work, self._limits, self._start = work, limits, start
        self._messages: queue.Queue[Message] = queue.Queue()
        self._failed_starts = 0

    def run(self, tasks: Iterator[Any]) -> Iterator[Event]:
        """What `run_in_processes` gives."""
        waiting = next(tasks, None)
        while waiting is not None or any(child.task is not None for child in self.children):
            idle = [child for child in self.children if child.is_ready and child.task is None]
            while idle and waiting is not None:
                yield Event(STARTED, waiting)
                idle.pop().give(waiting, (self._work, (waiting,)), self._limits.seconds or FIRST_SECONDS)
                waiting = next(tasks, None)
            if waiting is not None and len(self.children) < self._limits.workers:
                self.children.append(Child(self._messages, self._start, self._limits.memory))
                if len(self.children) < self._limits.workers:
                    continue
            yield from self._look()

    def _look(self) -> Iterator[Event]:
        """Wait a moment for a message, and see to what it says; then to clocks and memory."""
        try:
            child, kind, value = self._messages.get(timeout=_TICK)
        except queue.Empty:
            self._watch()
            return
        if child not in self.children:
            return
        if kind == READY:
            child.is_ready, self._failed_starts = True, 0
        elif kind == MORE and self._limits.seconds is None:
            child.deadline = time.monotonic() + value
        elif kind == NO_MEMORY:
            child.end_reason = f"needs more than {self._limits.memory >> 20} MB of memory"
        elif kind == GONE:
            yield from self._bury(child)
        elif kind in (RESULT, ERROR):
            yield self._finished(child, kind, value)
        self._watch()

    def _finished(self, child: Child, kind: str, value: Any) -> Event:
        if not child.is_ready:
            raise value[0]
        task, child.task, child.deadline = child.task, None, float("inf")
        if child.memory() > _BLOATED:
            self.children.remove(child)
            child.kill()
        return Event(DONE, task, value) if kind == RESULT else Event(FAILED, task, *value)

    def _bury(self, child: Child) -> Iterator[Event]:
        self.children.remove(child)
        reason = child.why()
        child.kill()
        if child.task is not None:
            yield Event(KILLED, child.task, reason)
            return
        self._failed_starts += not child.is_ready
        if self._failed_starts >= _FAILED_STARTS:
            raise AlignerError(
                f"no worker can be started: {reason}; try fewer --workers or a higher --memory-limit"
            )

    def _watch(self) -> None:
        """End what takes too long or too much; its pipe will say that it is gone."""
        now = time.monotonic()
        for child in self.children:
            if now > child.deadline:
                said = self._limits.seconds
                child.kill(f"took longer than {said:g} seconds" if said else "took far too long for its size")
            elif child.task is not None and child.memory() > self._limits.memory:
                child.kill(f"needs more than {self._limits.memory >> 20} MB of memory")
