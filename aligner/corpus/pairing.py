"""Documents of two sides paired by what they say; what sketches leave open is looked at sentence by sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aligner.corpus.batch import prepare_process
from aligner.corpus.fit import clear_pairs, fits
from aligner.corpus.ledger import DONE, STARTED
from aligner.corpus.matching import Scores, alike_pairs, mutual_best, score_sides
from aligner.corpus.sketch import Sentences, Sketch, embed_documents, problem_of, sketch_documents
from aligner.corpus.workers import Pool, limits_for
from aligner.errors import AlignerError
from aligner.options import Options

_Work = Callable[[Sequence[Path], str | None, Options, Callable[[float], None]], list[Any]]

_MEASURES = 50  # pairs that are sure, or up to twice as many, which tell how well translations fit here
_AT_ONCE = 50  # documents that a worker works on for one answer


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
    with closing(_Run(options, workers, step)) as run:
        return _pair(run, sources, targets, options)


def _pair(run: _Run, sources: Sequence[Path], targets: Sequence[Path], options: Options) -> ContentPairs:
    sketched = [
        run.sketches(paths, lang)
        for paths, lang in ((sources, options.src_lang), (targets, options.tgt_lang))
    ]
    left, right = ([sketch for sketch in side if not sketch.problem] for side in sketched)
    problems = tuple((sketch.path, sketch.problem) for side in sketched for sketch in side if sketch.problem)
    if not left or not right:
        alone = [tuple((sketch.path, ()) for sketch in side) for side in (left, right)]
        return ContentPairs((), alone[0], alone[1], (), problems)
    scores = score_sides(left, right)
    sure, maybe = mutual_best(scores, len(right))
    found = sorted([*sure, *run.look_closer((left, right), sure, maybe)])
    alike = tuple((side[a].path, side[b].path) for side in (left, right) for a, b in alike_pairs(side))
    return ContentPairs(
        tuple((left[i].path, right[j].path) for i, j in found),
        _left_over(left, right, {i for i, _ in found}, scores),
        _left_over(right, left, {j for _, j in found}, score_sides(right, left)),
        alike, problems,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    """Some documents of one side, and what is to be done with them."""

    work: _Work
    paths: tuple[Path, ...]
    lang: str | None
    options: Options


class _Run:
    """Processes that work for all stages."""

    def __init__(self, options: Options, workers: int | None, step: Callable[[str, int, int], None]) -> None:
        self._options, self._step = options, step
        self._pool = Pool(part_task, limits_for(workers), (prepare_process, (options,)))

    def close(self) -> None:
        """End them."""
        for child in self._pool.children:
            child.kill()

    def sketches(self, paths: Sequence[Path], lang: str | None) -> list[Sketch]:
        """The sketch of each document, in order; a document that ends its worker is told like an unreadable one."""
        found = self._of_each(paths, lang, sketch_documents, "reading")
        return [
            problem_of(path, str(found[path])) if isinstance(found[path], AlignerError) else found[path]
            for path in paths
        ]

    def look_closer(
        self,
        sides: tuple[Sequence[Sketch], Sequence[Sketch]],
        sure: Sequence[tuple[int, int]],
        maybe: Sequence[tuple[int, int]],
    ) -> list[tuple[int, int]]:
        """The pairs among those that may be which are clear sentence by sentence."""
        pairs = [*maybe, *sure[:: max(1, len(sure) // _MEASURES)]] if maybe else []
        langs = self._options.src_lang, self._options.tgt_lang
        known = [
            self._sentences(side, sorted({pair[number] for pair in pairs}), langs[number])
            for number, side in enumerate(sides)
        ]
        seen = [(i, j) for i, j in pairs if i in known[0] and j in known[1]]
        return clear_pairs(fits(known[0], known[1], seen), sides, sure)

    def _sentences(
        self, side: Sequence[Sketch], numbers: Sequence[int], lang: str | None
    ) -> dict[int, Sentences]:
        found = self._of_each([side[n].path for n in numbers], lang, embed_documents, "comparing")
        known = {n: found[side[n].path] for n in numbers}
        return {n: value for n, value in known.items() if isinstance(value, Sentences)}

    def _of_each(self, paths: Sequence[Path], lang: str | None, work: _Work, stage: str) -> dict[Path, Any]:
        """What `work` gives for each document, or its `AlignerError`; one that ends its worker costs no other."""
        found: dict[Path, Any] = {}
        parts = [_Part(work, tuple(part), lang, self._options) for part in _parts(paths)]
        while parts:
            again: list[_Part] = []
            for part, value in self._run(parts, stage):
                if not isinstance(value, AlignerError):
                    found |= zip(part.paths, value, strict=True)
                elif len(part.paths) == 1:
                    found[part.paths[0]] = value
                else:
                    again += [replace(part, paths=(path,)) for path in part.paths]
            parts = again
        return found

    def _run(self, parts: Sequence[_Part], stage: str) -> Iterator[tuple[_Part, Any]]:
        done = 0
        for event in self._pool.run(iter(parts)):
            if event.kind == STARTED:
                continue
            done += 1
            self._step(stage, done, len(parts))
            yield event.task, event.value if event.kind == DONE else AlignerError(str(event.value))


def part_task(part: _Part, tell: Callable[[float], None]) -> list[Any]:
    """What a part's work gives, in a worker."""
    return part.work(part.paths, part.lang, part.options, tell)


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
