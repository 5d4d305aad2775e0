"""How many processors this process may really use, and how to use them: a thread each, one BLAS thread in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

Item = TypeVar("Item")

Result = TypeVar("Result")

_CGROUPS = Path("/sys/fs/cgroup")


def usable_cores() -> int:
    """Cores the threads of this process may use, at least 1: those granted, and no more than OMP_NUM_THREADS."""
    asked = os.environ.get("OMP_NUM_THREADS", "").split(",")[0]
    return min(granted_cores(), int(asked)) if asked.isdecimal() and int(asked) else granted_cores()


def granted_cores() -> int:
    """Cores this process and those it starts may use, at least 1: the least of affinity and container quota."""
    affinity = getattr(os, "sched_getaffinity", None)
    return min(
        [len(affinity(0)) if affinity else os.cpu_count() or 1, *(max(1, int(quota)) for quota in _quotas())]
    )


def _quotas() -> Iterator[float]:
    """CPU quotas, in cores, of this process's control groups (versions 2 and 1) and those around them."""
    for folder in _control_groups():
        with suppress(OSError, ValueError):
            quota, period = (folder / "cpu.max").read_text().split()
            yield float(quota) / float(period)
        with suppress(OSError, ValueError):
            quota_us = int((folder / "cpu.cfs_quota_us").read_text())
            if quota_us > 0:
                yield quota_us / int((folder / "cpu.cfs_period_us").read_text())


def _control_groups() -> Iterator[Path]:
    yield from (_CGROUPS, _CGROUPS / "cpu", _CGROUPS / "cpu,cpuacct")
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, inner = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        place = _CGROUPS / controllers / inner.strip("/")
        yield from (p for p in (place, *place.parents) if p.is_relative_to(_CGROUPS))


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """`work` of each item, in order: a thread for each core. BLAS's own threads only wait on matrices this small."""
    with blas_threads(1), ThreadPoolExecutor(usable_cores()) as pool:
        yield from pool.map(work, items)


def blocks_of(count: int, size: int) -> list[slice]:
    """Slices that cut `count` rows into blocks of `size`, the last of what is left."""
    return [slice(at, min(at + size, count)) for at in range(0, count, size)]


def blas_threads(count: int) -> AbstractContextManager[Any]:
    """Limit NumPy's matrix products to `count` threads."""
    if find_spec("threadpoolctl") is None:
        return nullcontext()
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[Any] = threadpool_limits(count, user_api="blas")
    return limits
