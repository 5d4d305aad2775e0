"""Work in processes, its results in the order of the tasks, for pairs that are held in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any

from aligner.corpus.batch import prepare_process
from aligner.corpus.ledger import FAILED, KILLED, STARTED
from aligner.corpus.workers import Event, limits_for, run_in_processes
from aligner.errors import AlignerError
from aligner.options import Options


def results_in_order(
    work: Callable[..., Any], options: Options, keyed: Iterable[tuple[Any, Any]], workers: int
) -> Iterator[tuple[Any, Any]]:
    """`work(task, tell)` for each `(task, key)`, as `(result, key)`; tasks are taken as processes get free.

    In the place of a result may be an `AlignerError`: where work raised it, or its process died. What is ready waits
    for what comes before it.
    """
    keys: dict[int, Any] = {}
    ready: dict[int, Any] = {}
    following = 0

    def numbered() -> Iterator[tuple[int, Any, Any]]:
        for number, (task, key) in enumerate(keyed):
            keys[number] = key
            yield number, work, task

    limits = limits_for(workers)
    with closing(run_in_processes(numbered(), _run, limits, (prepare_process, (options,)))) as events:  # type: ignore[type-var]
        for event in events:
            if event.kind != STARTED:
                ready[event.task[0]] = _result(event)
            while following in ready:
                yield ready.pop(following), keys.pop(following)
                following += 1


def _run(numbered: tuple[int, Callable[..., Any], Any], tell: Callable[[float], None]) -> Any:
    _, work, task = numbered
    return work(task, tell)


def _result(event: Event) -> Any:
    if event.kind == KILLED:
        return AlignerError(f"pair {event.task[0] + 1}: {event.value}; the others were done")
    if event.kind == FAILED and not isinstance(event.value, AlignerError):
        raise event.value
    return event.value
