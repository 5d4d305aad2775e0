"""The engine for many machines: Dask hands the tasks out, and each worker supervises a process of its own.

So limits hold and a bad pair dies as it does on one machine, without the worker. Dask repeats nothing: what became
of a task is counted in the ledger only. The workers need the documents and the results at the same paths.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from aligner.corpus.ledger import KILLED, STARTED
from aligner.corpus.workers import Event, Limits, Pool
from aligner.errors import AlignerError, MissingExtra
from aligner.system.child import Call

CONNECT_SECONDS = 60.0
"""How long a scheduler that is gone may take to come back."""
_LOOK = 1.0  # seconds between two looks at the cluster
GPU = "GPU"
"""The resource that workers with a graphics card announce: `dask worker … --resources GPU=1`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where tasks go: to the cluster of `scheduler`, None for one made for the purpose.

    `wants_gpu`: to workers that announce `GPU`, as many at once as they announce; to all others, too, on their cores.
    """

    scheduler: str | None = None
    wants_gpu: bool = False


_of_this_thread = threading.local()


def supervise(task: Any, work: Callable[..., Any], limits: Limits, start: Call) -> tuple[str, Any, bool]:
    """Run one task in this Dask worker's own process; gives what came of it. The process stays for the next."""
    told = (work, limits, start)
    if getattr(_of_this_thread, "told", None) != told:
        for child in _of_this_thread.pool.children if hasattr(_of_this_thread, "pool") else ():
            child.kill()
        _of_this_thread.pool, _of_this_thread.told = Pool(*told), told
    *_, event = _of_this_thread.pool.run(iter([task]))
    return event.kind, event.value, event.is_hopeless


def start_on_cores(start: Call, tell: Any) -> None:
    """Start a process that leaves the graphics cards of its machine to those that were given one."""
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    function, arguments = start
    function(*arguments, tell)


def run_on_cluster(
    tasks: Iterable[Any],
    work: Callable[..., Any],
    limits: Limits,
    start: Call,
    place: Place,
    alone: bool = False,
) -> Iterator[Event]:
    """As `run_in_processes`, at `place`; a cluster made for the purpose has `limits.workers`.

    No more tasks are out than the cluster has threads, so that a worker's death is one task's. A task that was
    out when the scheduler was lost is handed out again. Raises `MissingExtra`, and `AlignerError` where there is no
    scheduler any more.
    """
    with ExitStack() as stack:
        run = _Run(stack, place, limits)
        yield from run.through(iter(tasks), (work, _for_one(limits), start), alone)


def _for_one(limits: Limits) -> Limits:
    return Limits(1, limits.seconds, limits.memory)


@dataclass(frozen=True, slots=True)
class _Slots:
    """How many tasks may be out on graphics cards and on cores; `plain`: workers without a card."""

    cards: int = 0
    cores: int = 0
    plain: tuple[str, ...] = ()


class _Run:
    def __init__(self, stack: ExitStack, place: Place, limits: Limits) -> None:
        try:
            import distributed
        except ImportError:
            raise MissingExtra('--engine dask needs Dask: pip install ".[dask]" in its folder') from None
        # A scheduler that is lost is told in one line or waited for; Dask would print a traceback for each try.
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
        self._stack, self._scheduler = stack, place.scheduler
        if place.scheduler is None:
            cluster = distributed.LocalCluster(
                n_workers=limits.workers, threads_per_worker=1, dashboard_address=None, silence_logs=50,
                memory_limit=None,
            )  # fmt: skip
            self._scheduler = stack.enter_context(cluster).scheduler_address
        self._connect()
        self._wants_gpu = place.wants_gpu
        self._out: dict[Any, Any] = {}
        self._on_cards: set[Any] = set()

    def through(self, tasks: Iterator[Any], call: tuple[Any, ...], alone: bool) -> Iterator[Event]:
        waiting: list[Any] = []
        following = next(tasks, None)
        while following is not None or waiting or self._out:
            slots = self._slots()
            while self._has_room(slots, alone) and (waiting or following is not None):
                if waiting:
                    self._submit(waiting.pop(), call, slots)
                    continue
                yield Event(STARTED, following)
                self._submit(following, call, slots)
                following = next(tasks, None)
            yield from self._finished()
            waiting += self._lost()

    def _has_room(self, slots: _Slots, alone: bool) -> bool:
        return not self._out if alone else bool(self._free_cards(slots) or self._free_cores(slots))

    def _free_cards(self, slots: _Slots) -> int:
        return max(0, slots.cards - len(self._on_cards & self._out.keys()))

    def _free_cores(self, slots: _Slots) -> int:
        return max(0, slots.cores - len(self._out.keys() - self._on_cards))

    def _submit(self, task: Any, call: tuple[Any, ...], slots: _Slots) -> None:
        """Hand a task out: to a card where one is free, else to a worker without one."""
        work, limits, start = call
        where: dict[str, Any] = {}
        on_card = self._free_cards(slots) > 0
        if on_card:
            where = {"resources": {GPU: 1}}
        elif slots.cards:
            # Others only where all of these are gone, so that nothing waits for ever.
            where = {"workers": list(slots.plain), "allow_other_workers": True}
            start = (start_on_cores, (start,))
        future = self._client.submit(supervise, task, work, limits, start, pure=False, retries=0, **where)
        self._out[future] = task
        self._on_cards = (self._on_cards | {future} if on_card else self._on_cards) & self._out.keys()

    def _finished(self) -> Iterator[Event]:
        """Wait a moment for any task, and give what is known of those that ended."""
        from distributed import KilledWorker, wait

        if not self._out:  # no worker is there
            time.sleep(_LOOK)
            return
        with suppress(Exception):  # a time-out, or a scheduler that is gone: `_lost` sees to it
            wait(list(self._out), timeout=_LOOK, return_when="FIRST_COMPLETED")
        for future in [future for future in self._out if future.status in ("finished", "error")]:
            task = self._out[future]
            try:
                kind, value, hopeless = future.result(timeout=CONNECT_SECONDS)
            except KilledWorker:
                del self._out[future]
                yield Event(KILLED, task, "its Dask worker died; out of memory, or somebody ended it")
            except (TimeoutError, OSError):
                return
            else:
                del self._out[future]
                yield Event(kind, task, value, hopeless)

    def _lost(self) -> list[Any]:
        """The tasks that were out at a scheduler that is gone, once there is one again."""
        cancelled = [future for future in self._out if future.status in ("cancelled", "lost")]
        if self._client.status == "running":
            return [self._out.pop(future) for future in cancelled]
        tasks = list(self._out.values())
        self._out = {}
        with suppress(Exception):
            self._client.close(timeout=1)
        self._connect()
        return tasks

    def _connect(self) -> None:
        from distributed import Client

        end = time.monotonic() + CONNECT_SECONDS
        while True:
            try:
                self._client = Client(self._scheduler, timeout=5, set_as_default=False)
                self._client.run_on_scheduler(_blame_at_once)
                break
            except (OSError, TimeoutError) as error:
                if time.monotonic() > end:
                    raise AlignerError(
                        f"no Dask scheduler at {self._scheduler}: start one, and run the same command again;"
                        " what is done stays done"
                    ) from error
                time.sleep(_LOOK)
        self._stack.callback(self._client.close)

    def _slots(self) -> _Slots:
        with suppress(Exception):
            if self._wants_gpu:
                return _Slots(*self._client.run_on_scheduler(_cards_and_cores))
            return _Slots(cores=sum(self._client.nthreads().values()))
        return _Slots()


def _cards_and_cores(dask_scheduler: Any) -> tuple[int, int, tuple[str, ...]]:
    """How many graphics cards the workers announce, each of them one for each of its threads at most; how many threads
    those have that announce none, and who they are.
    """
    workers = dask_scheduler.workers.values()
    cards = {each.address: min(int(each.resources.get(GPU, 0)), each.nthreads) for each in workers}
    plain = [each for each in workers if not cards[each.address]]
    return sum(cards.values()), sum(each.nthreads for each in plain), tuple(each.address for each in plain)


def _blame_at_once(dask_scheduler: Any) -> None:
    """A task whose worker died comes back to us; the scheduler doesn't try it on the next worker."""
    dask_scheduler.allowed_failures = 0
