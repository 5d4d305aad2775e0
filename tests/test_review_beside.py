"""The process beside the review's server: what it remembers, how it ends, which questions it leaves out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

import psutil
import pytest

from aligner.errors import AlignerError
from aligner.review import beside
from aligner.review.beside import Helper


def which(tell: Callable[[float], None]) -> int:
    return os.getpid()


def crash(tell: Callable[[float], None]) -> None:
    os._exit(3)


def test_one_process_answers_until_it_is_ended_or_crashes() -> None:
    async def asked() -> tuple[list[int], str]:
        helper = Helper()
        pids = [await helper.ask(which), await helper.ask(which)]
        with pytest.raises(AlignerError) as error:
            await helper.ask(crash)
        pids.append(await helper.ask(which))
        helper.close()
        return pids, str(error.value)

    pids, why = asyncio.run(asked())
    assert pids[0] == pids[1] != pids[2] and os.getpid() not in pids
    assert "code 3" in why
    assert not psutil.pid_exists(pids[2])


def test_a_question_that_was_asked_anew_meanwhile_is_left_out() -> None:
    async def asked() -> list[int | None]:
        helper = Helper()
        await helper.ask(which)
        found = await asyncio.gather(*(helper.ask(which) for _ in range(3)))
        helper.close()
        return list(found)

    *left, last = asyncio.run(asked())
    assert last and left == [None, None]


def test_without_questions_it_ends_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_KEPT_SECONDS", 0.01)

    async def asked() -> tuple[int, int]:
        helper = Helper()
        first = await helper.ask(which)
        while psutil.pid_exists(first):
            await asyncio.sleep(0.05)
        second = await helper.ask(which)
        helper.close()
        return first, second

    first, second = asyncio.run(asked())
    assert first != second
