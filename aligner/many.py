"""What a Python user calls for many documents: pair two folders, align a whole batch, pipe texts through processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any, Unpack

from aligner.api import Bitext, Settings, load, options_of
from aligner.corpus.batch import Settings as Running
from aligner.corpus.batch import Watcher
from aligner.corpus.filters import cuts_of
from aligner.corpus.folders import Paired, pair_folders, write_lonely
from aligner.corpus.manifest import Job, read_manifest, with_ids, write_manifest
from aligner.corpus.outputs import output_path
from aligner.corpus.pairing import pair_documents
from aligner.corpus.release import release_corpus
from aligner.corpus.report import Report, write_reports
from aligner.corpus.rounds import Learning, run_rounds
from aligner.corpus.rows import open_corpus
from aligner.errors import Shortfall, UsageError
from aligner.export.options import ExportOptions
from aligner.options import Progress
from aligner.text.counted import counted

Inputs = str | Path | Sequence[str | Path] | Iterable[tuple[str | Path, str | Path]]
"""A manifest, folders (sources first), or pairs of files."""


class BatchSettings(Settings, total=False):
    """The options of an alignment and those of `align batch`, by name."""

    workers: int | None
    engine: str
    scheduler: str | None
    shard: tuple[int, int] | None
    time_limit: float | None
    memory_limit: int | None
    retry_failed: bool
    learn: bool
    memory: str | Path | None


@dataclass(frozen=True, slots=True, repr=False)
class Batch:
    """A batch as it stands in its `folder`. `failed`, `put_aside`: why, by id; `unpaired`: documents."""

    folder: Path
    report: Report
    unpaired: tuple[Path, ...] = ()

    @property
    def failed(self) -> Mapping[str, str]:
        """Pairs that couldn't be aligned."""
        return self.report.failed

    @property
    def put_aside(self) -> Mapping[str, str]:
        """Pairs that ended their process twice."""
        return self.report.quarantined

    def __len__(self) -> int:
        return len(self.report.aligned)

    def __iter__(self) -> Iterator[tuple[str, Bitext]]:
        """Id and bitext of each aligned pair, in order of the ids, opened as they are asked for."""
        for pair in sorted(self.report.aligned):
            yield pair, load(output_path(self.folder, pair))

    def export(
        self,
        *paths: str | Path,
        filters: Sequence[str] = (),
        min_confidence: float = 0.0,
        script: str | None = None,
        codes: str | None = None,
    ) -> dict[str, int]:
        """Write one corpus to each of `paths`, as `align export` does; gives the rows that each rule cut.

        `script`, `codes`: as `ExportOptions` has them. Raises `UsageError` for one that is not known.
        """
        cuts, options = cuts_of(filters, min_confidence), ExportOptions(script=script, codes=codes)
        corpus = open_corpus(self.folder, options.script, cuts.needs_doubts, options.codes)
        return dict(release_corpus(corpus, [Path(path) for path in paths], cuts).cut)

    def __repr__(self) -> str:
        return f"<Batch: {len(self)} of {counted(self.report.total, 'pair')} in {self.folder}>"


def batch(
    inputs: Inputs,
    folder: str | Path,
    *,
    pair_by: str = "name",
    progress: Watcher | None = None,
    **settings: Unpack[BatchSettings],
) -> Batch:
    """Align many pairs of files into `folder`, as `align batch` does; called again, it goes on where it was cut off.

    `inputs`: a manifest, folders of documents and their translations, or pairs of files. A pair that fails is in
    the result and stops nothing. Raises `Shortfall` where no document goes with another.
    """
    folder = Path(folder)
    given: dict[str, Any] = dict(settings)
    learning = Learning(bool(given.pop("learn", False)), _folder(given.pop("memory", None)))
    running = Running(**{f.name: given.pop(f.name) for f in fields(Running) if f.name in given})
    options = options_of(given)
    found = _found(inputs, pair_by, partial(pair_documents, options=options, workers=running.workers))
    if not found.jobs:
        raise Shortfall("no document of one folder goes with one of the other; try pair_by='both'")
    run_rounds(found.jobs, folder, options, running, learning, progress)
    write_lonely(found.lonely, folder)
    return Batch(folder, write_reports(folder, found.jobs), tuple(lonely.path for lonely in found.lonely))


def pair(
    source: str | Path,
    target: str | Path,
    *,
    pair_by: str = "both",
    manifest: str | Path | None = None,
    progress: Progress | None = None,
    **settings: Unpack[Settings],
) -> list[tuple[Path, Path]]:
    """Which file of one folder is the translation of which of the other: by `name`, `content`, or `both`.

    What is unclear is left out. `manifest`: also write the pairs to this `.tsv`, to look at and give to `batch`, and
    what has no partner to `unpaired.tsv` beside it.
    """
    by_content = partial(pair_documents, options=options_of(settings), progress=progress)
    found = pair_folders([Path(source), Path(target)], pair_by, by_content)
    if manifest is not None:
        write_manifest(found.jobs, Path(manifest))
        write_lonely(found.lonely, Path(manifest).parent)
    return [(job.source, job.target) for job in found.jobs if job.target]


def _found(inputs: Inputs, pair_by: str, by_content: Any) -> Paired:
    if isinstance(inputs, str | Path):
        if Path(inputs).is_dir():
            raise UsageError(f"{inputs}: one folder; give a list with the folder of its translations, too")
        return Paired(tuple(read_manifest(inputs)))
    items = list(inputs)
    if items and all(isinstance(item, str | Path) for item in items):
        return pair_folders([Path(str(item)) for item in items], pair_by, by_content)
    jobs = [_job(item) for item in items]
    often = {name for name, count in Counter(job.id for job in jobs).items() if count > 1}
    jobs = [replace(job, id="") if job.id in often else job for job in jobs]
    return Paired(tuple(with_ids(jobs, "pairs")))


def _job(item: Any) -> Job:
    try:
        source, target = item
        return Job(id=Path(source).stem, source=Path(source), target=Path(target))
    except (TypeError, ValueError):
        raise UsageError(f"{item!r}: no pair of files; give (source, target)") from None


def _folder(path: str | Path | None) -> Path | None:
    return None if path is None else Path(path)
