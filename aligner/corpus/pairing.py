"""Documents of two sides paired by what they say; close cases are aligned to see which fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aligner.corpus.batch import prepare_process
from aligner.corpus.facts import TRANSLATIONS, likeness_of
from aligner.corpus.ledger import DONE, STARTED
from aligner.corpus.matching import Scores, alike_pairs, mutual_best, score_sides
from aligner.corpus.sketch import Sketch, problem_of, sketch_documents
from aligner.corpus.workers import Limits, limits_for, run_in_processes
from aligner.errors import AlignerError
from aligner.options import Options
from aligner.pipeline import align_prepared
from aligner.prepare import prepare_files

_AT_ONCE = 50  # documents that a worker sketches for one answer
_TRIED = 3  # candidates of a document that are aligned in a close case
_TOGETHER = 0.85
"""Likeness and score together from which a close case is a pair: five sentences may align with any others by accident,
but not be near them as well."""
_FEW = 4  # sentences below which any two texts align: then the score has to say it
_SAME = 0.05  # likenesses nearer to each other than this tell nothing


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner that a document may have, and its score."""

    path: Path
    score: float


@dataclass(frozen=True, slots=True)
class ContentPairs:
    """Pairs; what is left on each side with up to three candidates; near duplicates of a side; unreadable files."""

    pairs: tuple[tuple[Path, Path], ...]
    left: tuple[tuple[Path, tuple[Candidate, ...]], ...]
    right: tuple[tuple[Path, tuple[Candidate, ...]], ...]
    alike: tuple[tuple[Path, Path], ...]
    problems: tuple[tuple[Path, str], ...]


def pair_documents(
    sources: Sequence[Path],
    targets: Sequence[Path],
    options: Options | None = None,
    workers: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> ContentPairs:
    """Pair documents by content, one to one; what is not sure stays unpaired, with its candidates.

    `progress` gets a stage, how much of it is done and the total. Raises `AlignerError` where no worker can run.
    """
    options, step = options or Options(), progress or (lambda stage, done, total: None)
    limits = limits_for(workers)
    work = _Work(options, limits, step)
    sketched = [
        work.sketches(paths, lang)
        for paths, lang in ((sources, options.src_lang), (targets, options.tgt_lang))
    ]
    left, right = ([sketch for sketch in side if not sketch.problem] for side in sketched)
    problems = tuple((sketch.path, sketch.problem) for side in sketched for sketch in side if sketch.problem)
    if not left or not right:
        alone = [tuple((sketch.path, ()) for sketch in side) for side in (left, right)]
        return ContentPairs((), alone[0], alone[1], (), problems)
    scores = score_sides(left, right)
    sure, maybe = mutual_best(scores, len(right))
    found = sorted([*sure, *work.decide(left, right, sure, maybe)])
    alike = tuple((side[a].path, side[b].path) for side in (left, right) for a, b in alike_pairs(side))
    return ContentPairs(
        tuple((left[i].path, right[j].path) for i, j in found),
        _left_over(left, right, {i for i, _ in found}, scores),
        _left_over(right, left, {j for _, j in found}, score_sides(right, left)),
        alike, problems,
    )  # fmt: skip


class _Work:
    def __init__(self, options: Options, limits: Limits, step: Callable[[str, int, int], None]) -> None:
        self._options, self._limits, self._step = options, limits, step

    def _run(
        self, tasks: Sequence[object], work: Callable[..., object], stage: str
    ) -> Iterator[tuple[object, object]]:
        done = 0
        for event in run_in_processes(tasks, work, self._limits, (prepare_process, (self._options,))):
            if event.kind == STARTED:
                continue
            done += 1
            self._step(stage, done, len(tasks))
            yield event.task, event.value if event.kind == DONE else AlignerError(str(event.value))

    def sketches(self, paths: Sequence[Path], lang: str | None) -> list[Sketch]:
        """The sketch of each document, in order; a document that ends its worker is told like an unreadable one."""
        parts = [(tuple(part), lang, self._options) for part in _parts(paths)]
        found: dict[Path, Sketch] = {}
        retry: list[tuple[tuple[Path, ...], str | None, Options]] = []
        for part, value in self._run(parts, sketch_task, "reading"):
            if isinstance(value, AlignerError):
                retry += [((path,), lang, self._options) for path in part[0]]  # type: ignore[index]
            else:
                found |= {sketch.path: sketch for sketch in value}  # type: ignore[attr-defined]
        for part, value in self._run(retry, sketch_task, "reading"):
            path = part[0][0]  # type: ignore[index]
            found[path] = problem_of(path, str(value)) if isinstance(value, AlignerError) else value[0]  # type: ignore[index]
        return [found[path] for path in paths]

    def decide(
        self,
        left: Sequence[Sketch],
        right: Sequence[Sketch],
        sure: Sequence[tuple[int, int]],
        maybe: Sequence[tuple[int, int, float]],
    ) -> list[tuple[int, int]]:
        """The close cases that an alignment decides: the likeliest, where it is translation and no other is near."""
        gone = {i for i, _ in sure}, {j for _, j in sure}
        tried: list[tuple[int, int]] = []
        counts: dict[tuple[str, int], int] = {}
        for i, j, _ in maybe:
            if (
                i in gone[0]
                or j in gone[1]
                or min(counts.get(("l", i), 0), counts.get(("r", j), 0)) >= _TRIED
            ):
                continue
            tried.append((i, j))
            for key in (("l", i), ("r", j)):
                counts[key] = counts.get(key, 0) + 1
        tasks = [(left[i].path, right[j].path, self._options) for i, j in tried]
        places = {(task[0], task[1]): pair for task, pair in zip(tasks, tried, strict=True)}
        likeness = {
            places[task[0], task[1]]: value  # type: ignore[index]
            for task, value in self._run(tasks, likeness_task, "comparing")
            if isinstance(value, float)
        }
        values = {(i, j): value for i, j, value in maybe}
        return _best_of({pair: (like, values[pair]) for pair, like in likeness.items()})


def _best_of(tried: Mapping[tuple[int, int], tuple[float, float]]) -> list[tuple[int, int]]:
    """The pairs of (left, right) to (likeness, score) that are translations and that no other comes near."""
    fits = {
        pair: sum(both) for pair, both in tried.items() if both[0] >= TRANSLATIONS and sum(both) >= _TOGETHER
    }
    taken: list[tuple[int, int]] = []
    gone = set[int](), set[int]()
    for (i, j), value in sorted(fits.items(), key=lambda item: (-item[1], item[0])):
        if i in gone[0] or j in gone[1]:
            continue
        rivals = [
            other
            for (a, b), other in fits.items()
            if (a, b) != (i, j) and ((a == i and b not in gone[1]) or (b == j and a not in gone[0]))
        ]
        gone[0].add(i)
        gone[1].add(j)
        if value - max(rivals, default=0.0) >= _SAME:
            taken.append((i, j))
    return taken


def sketch_task(
    task: tuple[tuple[Path, ...], str | None, Options], tell: Callable[[float], None]
) -> list[Sketch]:
    """The sketches of some documents, in a worker."""
    return sketch_documents(*task, tell)


def likeness_task(task: tuple[Path, Path, Options], tell: Callable[[float], None]) -> float:
    """How much of two documents aligns surely, in a worker."""
    source, target, options = task
    alignment = align_prepared(prepare_files([source, target], options), options).alignment
    shorter = min(len(alignment.source), len(alignment.target))
    return min(likeness_of(alignment), TRANSLATIONS) if shorter < _FEW else likeness_of(alignment)


def _parts(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    yield from (paths[at : at + _AT_ONCE] for at in range(0, len(paths), _AT_ONCE))


def _left_over(
    side: Sequence[Sketch], other: Sequence[Sketch], paired: set[int], scores: Scores
) -> tuple[tuple[Path, tuple[Candidate, ...]], ...]:
    return tuple(
        (
            sketch.path,
            tuple(
                Candidate(other[int(j)].path, float(value))
                for j, value in zip(scores.columns[i][:3], scores.values[i][:3], strict=True)
            ),
        )
        for i, sketch in enumerate(side)
        if i not in paired
    )
