"""A whole batch: what is done already, what is left, what became of it. Takes up where a run was cut off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from aligner.corpus.ledger import DONE, FAILED, KILLED, RETRY, STARTED, STOPPED, History, Ledger
from aligner.corpus.manifest import Job, in_shard, write_manifest
from aligner.corpus.outputs import (
    batch_signatures,
    job_keys,
    options_for,
    output_path,
    sweep,
)
from aligner.corpus.own_files import MANIFEST, PAIRS, QUARANTINE, WORDS
from aligner.corpus.task import Task, align_task, is_done
from aligner.corpus.workers import Event, limits_for, run_in_processes
from aligner.errors import InputError, OutputError, UsageError
from aligner.files import replacing
from aligner.options import Options

ENGINES = ("local", "dask")
_LEFTOVER_AGE = 600.0  # seconds after which a half-written file is nobody's any more

Work = Callable[[Task, Callable[[float], None]], dict[str, object]]
Engine = Callable[[Iterable[Task], bool], Iterator[Event]]
"""Given tasks, and whether each must run alone: what happens to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a batch is run; nothing here changes a result.

    `workers`, `time_limit` (seconds a pair), `memory_limit` (MB a worker): None for what fits the machine.
    """

    workers: int | None = None
    engine: str = "local"
    scheduler: str | None = None
    shard: tuple[int, int] | None = None
    time_limit: float | None = None
    memory_limit: int | None = None
    retry_failed: bool = False

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise UsageError(f"--engine {self.engine!r} is not known: write {' or '.join(ENGINES)}")
        if self.scheduler and self.engine != "dask":
            raise UsageError("--scheduler goes with --engine dask")


@dataclass(slots=True)
class Standing:
    """How a batch stands: pairs, and sentences of both sides, done in this run; `began` by `time.monotonic`."""

    total: int = 0
    before: int = 0
    done: int = 0
    sentences: int = 0
    bytes_left: int = 0
    bytes_done: int = 0
    began: float = field(default_factory=time.monotonic)
    failed: dict[str, str] = field(default_factory=dict)
    quarantined: dict[str, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether every pair is done."""
        return not self.failed and not self.quarantined

    @property
    def speed(self) -> float:
        """Sentences a second, of all processes together."""
        return self.sentences / max(time.monotonic() - self.began, 1e-9)

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take, by the sizes of its files; None where nothing is done yet."""
        if not self.bytes_done:
            return None
        return (time.monotonic() - self.began) * self.bytes_left / self.bytes_done


Watcher = Callable[[Standing], None]


def run_batch(
    jobs: Sequence[Job],
    folder: str | Path,
    options: Options | None = None,
    settings: Settings | None = None,
    watch: Watcher | None = None,
    work: Work = align_task,
) -> Standing:
    """Align what is not aligned yet of `jobs`; the save files go below `folder`, with a ledger beside them.

    A pair that fails is on record and stops nothing. Raises `AlignerError` for what would stop every pair: options,
    encoders, a folder that can't be written.
    """
    folder, options, settings = Path(folder), options or Options(), settings or Settings()
    _make_ready(folder, jobs)
    ledger = Ledger(folder, settings.shard)
    run = _Run(ledger, Standing(), watch or (lambda standing: None))
    ledger.open()
    try:
        mine = [job for job in jobs if not settings.shard or in_shard(job, settings.shard)]
        fresh, suspects = run.plan(mine, folder, options, settings.retry_failed)
        if fresh or suspects:
            engine = _engine(settings, options, work)
            suspects += run.through(engine, fresh, alone=False)
            for suspect in suspects:
                again = run.through(engine, [suspect], alone=True)
                while again:
                    again = run.through(engine, again, alone=True)
    finally:
        ledger.close()
    _write_quarantine(folder, ledger.histories(), jobs)
    return run.standing


def _make_ready(folder: Path, jobs: Sequence[Job]) -> None:
    try:
        (folder / PAIRS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: can't be a folder for the results: {error.strerror}") from error
    write_manifest(jobs, folder / MANIFEST)
    sweep(folder, time.time() - _LEFTOVER_AGE)


def _engine(settings: Settings, options: Options, work: Work) -> Engine:
    start = (prepare_process, (options,))
    asked = settings.time_limit, settings.memory_limit
    limits = limits_for(settings.workers, *asked)
    if settings.engine == "dask":
        from aligner.corpus.cluster import Place, run_on_cluster

        place = Place(settings.scheduler, options.can_use_gpu)
        return lambda tasks, alone: run_on_cluster(tasks, work, limits, start, place, alone)
    return lambda tasks, alone: run_in_processes(
        tasks, work, limits_for(1, *asked) if alone else limits, start
    )


def prepare_process(options: Options, tell: Callable[[float], None]) -> None:
    """Load what every pair needs."""
    options.load_encoders()


class _Run:
    def __init__(self, ledger: Ledger, standing: Standing, watch: Watcher) -> None:
        self.standing = standing
        self._ledger, self._watch = ledger, watch

    def plan(
        self, jobs: Sequence[Job], folder: Path, options: Options, retry_failed: bool
    ) -> tuple[list[Task], list[Task]]:
        """The tasks to do, large ones first, and those that must run alone."""
        signatures, histories = batch_signatures(options, folder), self._ledger.histories()
        fresh: list[Task] = []
        suspects: list[Task] = []
        self.standing.total = len(jobs)
        for job in jobs:
            history = histories.get(job.id, History())
            found = self._task(job, folder, options, signatures, history)
            if found is None:
                continue
            task, keys = found
            # What failed in the round before would fail again.
            same = history.key in keys
            if is_done(task):
                self.standing.before += 1
            elif retry_failed or not same or not self._given_up(task, history):
                if retry_failed and same and (history.last == FAILED or history.is_quarantined):
                    self._ledger.append(RETRY, task.id, task.key)
                    same = False
                (suspects if same and history.is_suspect else fresh).append(task)
        self.standing.bytes_left = sum(task.size for task in [*fresh, *suspects])
        self._watch(self.standing)
        return sorted(fresh, key=lambda task: (-task.size, task.id)), suspects

    def _task(
        self, job: Job, folder: Path, options: Options, signatures: Sequence[str], history: History
    ) -> tuple[Task, list[str]] | None:
        """The task, and its keys of this round and the one before; None where a file can't be read."""
        try:
            keys = job_keys(job, signatures)
            size = sum(path.stat().st_size for path in job.paths)
        except (InputError, OSError) as error:
            self.standing.failed[job.id] = str(error)
            if (history.last, history.reason) != (FAILED, str(error)):
                self._ledger.append(FAILED, job.id, "", reason=str(error))
            return None
        words = folder / WORDS
        task = Task(
            job.id, keys[0], job.paths, output_path(folder, job.id), options_for(job, options), size,
            words if words.is_file() else None,
        )  # fmt: skip
        return task, keys

    def _given_up(self, task: Task, history: History) -> bool:
        if history.is_quarantined:
            self.standing.quarantined[task.id] = history.reason
        elif history.last == FAILED:
            self.standing.failed[task.id] = history.reason
        else:
            return False
        return True

    def through(self, engine: Engine, tasks: Sequence[Task], alone: bool) -> list[Task]:
        """Run `tasks`; gives those whose process died and that may try once more, alone."""
        again: list[Task] = []
        running: dict[str, Task] = {}
        try:
            with closing(engine(tasks, alone)) as events:  # type: ignore[type-var]
                for event in events:
                    self._note(event, alone)
                    if event.kind == STARTED:
                        running[event.task.id] = event.task
                        continue
                    running.pop(event.task.id, None)
                    if event.kind == KILLED and not self._is_given_up(event):
                        again.append(event.task)
                    self._watch(self.standing)
        except BaseException:
            for task in running.values():
                self._ledger.append(STOPPED, task.id, task.key)
            raise
        return again

    def _note(self, event: Event, alone: bool) -> None:
        task = event.task
        if event.kind == STARTED:
            self._ledger.append(STARTED, task.id, task.key, **({"alone": True} if alone else {}))
        elif event.kind == DONE:
            self._ledger.append(DONE, task.id, task.key, **event.value)
            self.standing.done += 1
            self.standing.sentences += int(event.value.get("sentences", 0))
        elif event.kind == FAILED:
            if event.is_hopeless:
                raise event.value
            self.standing.failed[task.id] = str(event.value)
            self._ledger.append(FAILED, task.id, task.key, reason=str(event.value))
        else:
            self._ledger.append(event.kind, task.id, task.key, reason=event.value)
        if event.kind in (DONE, FAILED):
            self._settle(task)

    def _is_given_up(self, event: Event) -> bool:
        history = self._ledger.histories().get(event.task.id, History())
        if not history.is_quarantined:
            return False
        self.standing.quarantined[event.task.id] = str(event.value)
        self._settle(event.task)
        return True

    def _settle(self, task: Task) -> None:
        self.standing.bytes_left -= task.size
        self.standing.bytes_done += task.size


def _write_quarantine(folder: Path, histories: dict[str, History], jobs: Sequence[Job]) -> None:
    """One line for each pair that ended its process twice, and why; no file where there is none."""
    path = folder / QUARANTINE
    rows = [
        (job.id, " ".join(histories[job.id].reason.split()), *map(str, job.paths))
        for job in jobs
        if job.id in histories and histories[job.id].is_quarantined
    ]
    if not rows:
        path.unlink(missing_ok=True)
        return
    with replacing(path) as (file,):
        file.write(b"id\treason\tsource\ttarget\n")
        for row in rows:
            file.write(("\t".join(cell.replace("\t", " ") for cell in row) + "\n").encode("utf-8", "replace"))
