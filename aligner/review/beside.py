"""Long work in another process, so that the page stays quick, and that can be ended at any moment."""

from __future__ import annotations

import asyncio
import os
import queue
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aligner.bitext import Alignment
from aligner.errors import AlignerError
from aligner.lexicon.glossary import Glossary
from aligner.review.doubts import Doubt, DoubtIndex, doubts_of_bead, index_doubts
from aligner.review.redoubt import small_index
from aligner.system.child import ERROR, GONE, MORE, NO_MEMORY, Child, Message

_NICENESS = 10
_NO_LIMIT = 0
_KEPT_SECONDS = 120.0
"""How long a helper stays without a question: on Chinese it holds more memory than the server may."""


async def run_beside(
    work: Callable[..., Any], *arguments: Any, hear: Callable[[float], None] = lambda share: None
) -> Any:
    """What `work(*arguments, tell)` gives in a process of its own, which is ended when this is cancelled.

    `hear` gets what the work tells. Raises the work's `AlignerError`, or one that says why the process ended.
    """
    messages: queue.Queue[Message] = queue.Queue()
    child = Child(messages, (_politely, (work, arguments)), _NO_LIMIT)
    try:
        while True:
            _, kind, value = await asyncio.to_thread(messages.get)
            if kind == MORE:
                hear(value)
            elif kind == ERROR:
                raise value[0]
            elif kind in (GONE, NO_MEMORY):
                raise AlignerError(child.why())
            else:
                return value
    finally:
        child.kill()


class Helper:
    """A process that stays between questions, so that what it loaded and remembers serves the next one."""

    def __init__(self) -> None:
        self._messages: queue.Queue[Message] = queue.Queue()
        self._child: Child | None = None
        self._lock = asyncio.Lock()
        self._ending: asyncio.TimerHandle | None = None
        self._newest: dict[Callable[..., Any], int] = {}

    async def ask(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """What `work(*arguments, tell)` gives, after what was asked before; None where it was asked anew meanwhile.

        Raises the work's `AlignerError`, or one that says why the process ended; the next question starts another.
        """
        number = self._newest[work] = self._newest.get(work, 0) + 1
        # A question that nobody waits for any more is still answered: the next one must not get its answer.
        return await asyncio.shield(asyncio.ensure_future(self._answer(number, work, arguments)))

    async def _answer(self, number: int, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        async with self._lock:
            if number != self._newest[work]:
                return None
            if self._ending:
                self._ending.cancel()
            if self._child is None:
                self._child = Child(self._messages, (_politely, (work, arguments)), _NO_LIMIT)
            else:
                self._child.give(number, (_plainly, (work, arguments)), float("inf"))
            try:
                return await self._heard()
            finally:
                self._ending = asyncio.get_running_loop().call_later(_KEPT_SECONDS, self.close)

    async def _heard(self) -> Any:
        while True:
            child, kind, value = await asyncio.to_thread(self._messages.get)
            if kind == ERROR:
                raise value[0]
            if kind in (GONE, NO_MEMORY):
                self.close()
                raise AlignerError(child.why())
            if kind != MORE:
                return value

    def close(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.kill()
        self._child, self._messages = None, queue.Queue()


def _plainly(work: Callable[..., Any], arguments: tuple[Any, ...], tell: Callable[[float], None]) -> Any:
    return work(*arguments, tell)


def _politely(work: Callable[..., Any], arguments: tuple[Any, ...], tell: Callable[[float], None]) -> Any:
    with suppress(AttributeError, OSError):  # Windows has no niceness
        os.nice(_NICENESS)
    return _plainly(work, arguments, tell)


def look_for_doubts(
    alignment: Alignment, glossary: Glossary | None, tell: Callable[[float], None]
) -> tuple[list[Doubt], DoubtIndex]:
    """The doubts of a whole alignment, and what single rows of it are compared with from then on."""
    index = index_doubts(alignment, glossary=glossary)
    found = [
        doubt for number in range(len(alignment.beads)) for doubt in doubts_of_bead(alignment, number, index)
    ]
    return found, small_index(index)
