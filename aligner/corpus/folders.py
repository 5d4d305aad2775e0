"""Folders of documents to jobs: the first holds the sources, each of the others their translations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from aligner.corpus.manifest import Job, with_ids
from aligner.corpus.naming import list_documents, pair_by_name
from aligner.corpus.own_files import UNPAIRED
from aligner.corpus.pairing import ContentPairs, pair_documents
from aligner.errors import UsageError
from aligner.files import replacing

SIDES = ("source", "target")
WAYS = ("name", "content", "both")
_BY_CONTENT = "by name    some are left over on both sides; --pair both pairs them by content"


@dataclass(frozen=True, slots=True)
class Lonely:
    """A document without a partner; `candidates` are the likeliest ones with their scores, best first."""

    path: Path
    side: str
    candidates: tuple[tuple[Path, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Paired:
    """The jobs that two or more folders give, the documents left over, and lines the user should see."""

    jobs: tuple[Job, ...]
    lonely: tuple[Lonely, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    pairs: list[tuple[Path, Path]]
    lonely: list[Lonely]
    notes: tuple[str, ...] = ()


ByContent = Callable[[Sequence[Path], Sequence[Path]], ContentPairs]


def pair_folders(
    folders: Sequence[Path], way: str = "name", by_content: ByContent = pair_documents
) -> Paired:
    """Pair the documents of the first folder with those of each other one.

    `way`: `name`, `content`, or `both` (by name, and the rest by content). Several folders of translations give
    jobs in groups, one for each source. Raises `InputError` where a folder holds nothing.
    """
    if way not in WAYS:
        raise UsageError(f"--pair {way!r} is not known: write {', '.join(WAYS)}")
    sources = list_documents(folders[0])
    several = len(folders) > 2  # noqa: PLR2004 - a source and one translation
    jobs: list[Job] = []
    lonely: list[Lonely] = []
    notes: list[str] = []
    for folder in folders[1:]:
        targets = list_documents(folder)
        found = _pair(folders[0], sources, folder, targets, way, by_content)
        lonely += found.lonely
        notes += found.notes
        for source, target in found.pairs:
            name = name_within(source, folders[0])
            jobs.append(
                Job(
                    id=f"{name}.{folder.name}" if several else name,
                    source=source,
                    target=target,
                    group=name if several else "",
                )
            )
    return Paired(tuple(with_ids(told_apart(jobs), str(folders[0]))), tuple(lonely), tuple(notes))


def _pair(
    first: Path,
    sources: Sequence[Path],
    second: Path,
    targets: Sequence[Path],
    way: str,
    by_content: ByContent,
) -> _Found:
    left, right = list(range(len(sources))), list(range(len(targets)))
    pairs: list[tuple[int, int]] = []
    if way != "content":
        names = [
            [path.relative_to(root).as_posix() for path in side]
            for root, side in ((first, sources), (second, targets))
        ]
        pairs, left, right = pair_by_name(*names)
    found = [(sources[i], targets[j]) for i, j in sorted(pairs)]
    rest = [sources[n] for n in left], [targets[n] for n in right]
    if way == "name":
        lonely = [Lonely(path, side) for side, paths in zip(SIDES, rest, strict=True) for path in paths]
        return _Found(found, lonely, (_BY_CONTENT,) * all(rest))
    more = _as_found(by_content(*rest))
    return _Found(sorted([*found, *more.pairs]), more.lonely, more.notes)


def _as_found(content: ContentPairs) -> _Found:
    lonely = [
        Lonely(path, side, tuple((candidate.path, candidate.score) for candidate in candidates))
        for side, left in zip(SIDES, (content.left, content.right), strict=True)
        for path, candidates in left
    ]
    notes = [f"unreadable {path}: {reason}" for path, reason in content.problems]
    notes += [f"alike      {first} and {second} are nearly the same" for first, second in content.alike]
    return _Found(list(content.pairs), lonely, tuple(notes))


def name_within(path: Path, folder: Path) -> str:
    """The path of a document of `folder`, from there, without its suffix."""
    return PurePosixPath(path.relative_to(folder).with_suffix("")).as_posix()


def told_apart(jobs: Sequence[Job]) -> list[Job]:
    """Ids with the source's suffix where two would be alike without: `a.docx` and `a.pdf`."""
    often = {name for name, count in Counter(job.id.casefold() for job in jobs).items() if count > 1}
    return [
        replace(job, id=f"{job.id}{job.source.suffix}") if job.id.casefold() in often else job for job in jobs
    ]


def write_lonely(lonely: Sequence[Lonely], folder: Path) -> None:
    """`unpaired.tsv` with up to three candidates a document; no file where every document has a partner."""
    path = folder / UNPAIRED
    if not lonely:
        path.unlink(missing_ok=True)
        return
    rows = ["side\tdocument\tcandidate\tscore\tcandidate\tscore\tcandidate\tscore"]
    for one in lonely:
        cells = [one.side, _cell(one.path)]
        for candidate, score in one.candidates[:3]:
            cells += [_cell(candidate), f"{score:.3f}"]
        rows.append("\t".join(cells))
    with replacing(path) as (file,):
        file.write(("\n".join(rows) + "\n").encode("utf-8", "surrogateescape"))


def _cell(path: Path) -> str:
    return str(path).replace("\t", " ").replace("\n", " ")
