"""The commands for many pairs: parse, call, print."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aligner.cli import arguments as args
from aligner.cli import corpus_arguments as corpus_args
from aligner.cli.option_groups import Aligning, Telling, Writing
from aligner.cli.say import print_json, progress_bar
from aligner.cli.terminal import visible
from aligner.errors import Shortfall, UsageError
from aligner.text.counted import counted

if TYPE_CHECKING:
    from aligner.corpus.batch import Standing, Watcher
    from aligner.corpus.folders import Paired
    from aligner.options import Options

_FAILURES_SHOWN = 5


def batch(
    *,
    inputs: corpus_args.Many,
    output: corpus_args.OutFolder,
    pair: corpus_args.PairBy = "name",
    dry_run: corpus_args.DryRun = False,
    workers: corpus_args.Workers = None,
    engine: corpus_args.Engine = "local",
    scheduler: corpus_args.Scheduler = None,
    shard: corpus_args.Shard = None,
    time_limit: corpus_args.TimeLimit = None,
    memory_limit: corpus_args.MemoryLimit = None,
    retry_failed: corpus_args.RetryFailed = False,
    learn: corpus_args.Learn = False,
    memory: corpus_args.Memory = None,
    prop: args.Prop = None,
    aligning: Aligning,
    telling: Telling,
) -> int:
    """Align many pairs of documents; a run that was cut off goes on where it stopped.

    align batch zh/ en/ -o out/             folders: which goes with which is told by the names

    align batch pairs.tsv -o out/           a list with the columns source and target

    align export out/ -o corpus.tmx.gz      one corpus out of all
    """
    from aligner.corpus.batch import Settings
    from aligner.corpus.manifest import parse_shard
    from aligner.corpus.rounds import Learning, run_rounds
    from aligner.export.props import parse_props

    _check_folders(output, inputs, aligning.no_clean)
    options = aligning.options()
    settings = Settings(
        workers=workers, engine=engine, scheduler=scheduler, shard=parse_shard(shard) if shard else None,
        time_limit=time_limit, memory_limit=memory_limit, retry_failed=retry_failed,
    )  # fmt: skip
    props = parse_props(prop or ())
    found = _with_props(_jobs(inputs, pair, options, workers, telling.quiet), props)
    if dry_run:
        return _write_plan(found, output, telling.quiet)
    if not found.jobs:
        raise Shortfall("no document of one folder goes with one of the other; see --dry-run, --pair content")
    with _progress(telling.quiet) as watch:
        standing = run_rounds(found.jobs, output, options, settings, Learning(learn, memory), watch)
    return _report(found, output, standing, telling, settings.shard)


def pair(
    folders: corpus_args.Folders,
    output: corpus_args.PairsFile,
    pair: corpus_args.PairBy = "both",
    workers: corpus_args.Workers = None,
    src_lang: args.SrcLang = None,
    tgt_lang: args.TgtLang = None,
    encoding: args.Encoding = None,
    no_clean: args.NoClean = None,
    presplit: args.Presplit = False,
    encoder: args.EncoderName = None,
    no_cache: args.NoCache = False,
    quiet: args.Quiet = False,
) -> int:
    """Find which document of one folder is the translation of which of the other.

    align pair zh/ en/ -o pairs.tsv         then look at it, and: align batch pairs.tsv -o out/
    """
    from aligner.cli import preflight
    from aligner.corpus.folders import write_lonely
    from aligner.corpus.manifest import write_manifest
    from aligner.corpus.own_files import check_no_batch
    from aligner.options import Options

    _check_folders(output, folders, no_clean)
    preflight.check_list(output, (".tsv",), "pairs of documents")
    check_no_batch([output])
    options = Options(
        src_lang=src_lang, tgt_lang=tgt_lang, encoding=encoding, no_clean=tuple(no_clean or ()),
        presplit=presplit, encoder=encoder, cache=not no_cache,
    )  # fmt: skip
    found = _jobs(folders, pair, options, workers, quiet)
    if not found.jobs:
        raise Shortfall("no document of one folder goes with one of the other; nothing was written")
    write_manifest(found.jobs, output)
    write_lonely(found.lonely, output.parent)
    if not quiet:
        _tell([f"{output}  {counted(len(found.jobs), 'pair')}", *_lonely_lines(found, output.parent)])
    return Shortfall.exit_code if found.lonely else 0


def _check_folders(output: Path, inputs: Sequence[Path], no_clean: Sequence[str] | None) -> None:
    """Refuse rules that there aren't, and results that would be read as documents, before anything is read."""
    from aligner.cli.preflight import check_rules
    from aligner.corpus.own_files import check_outside

    check_rules(no_clean)
    check_outside(output, inputs)


def _jobs(inputs: Sequence[Path], way: str, options: Options, workers: int | None, quiet: bool) -> Paired:
    from aligner.corpus.folders import Paired, pair_folders
    from aligner.corpus.manifest import read_manifest
    from aligner.corpus.pairing import pair_documents

    if len(inputs) == 1 and not inputs[0].is_dir():
        return Paired(tuple(read_manifest(inputs[0])))
    if len(inputs) == 1:
        raise UsageError(f"{inputs[0]}: one folder; name the folder of its translations, too, or a manifest")
    with progress_bar(quiet, "pairing") as progress:
        by_content = partial(pair_documents, options=options, workers=workers, progress=progress)
        return pair_folders(inputs, way, by_content)


def _with_props(found: Paired, props: Sequence[tuple[str, str]]) -> Paired:
    """The pairs, of each of which `props` are said as a manifest would; what it says itself stays."""
    jobs = (
        replace(job, meta=(*job.meta, *(each for each in props if each[0] not in dict(job.meta))))
        for job in found.jobs
    )
    return replace(found, jobs=tuple(jobs)) if props else found


def _write_plan(found: Paired, folder: Path, quiet: bool) -> int:
    from aligner.corpus.folders import write_lonely
    from aligner.corpus.manifest import write_manifest
    from aligner.corpus.own_files import MANIFEST

    folder.mkdir(parents=True, exist_ok=True)
    write_manifest(found.jobs, folder / MANIFEST)
    write_lonely(found.lonely, folder)
    if not quiet:
        _tell(
            [
                f"{folder / MANIFEST}  {counted(len(found.jobs), 'pair')}; nothing was aligned",
                *_lonely_lines(found, folder),
            ]
        )
    return Shortfall.exit_code if found.lonely or not found.jobs else 0


def _report(
    found: Paired, folder: Path, standing: Standing, telling: Telling, shard: tuple[int, int] | None
) -> int:
    from aligner.corpus.folders import write_lonely
    from aligner.corpus.manifest import in_shard
    from aligner.corpus.report import named, write_reports

    write_lonely(found.lonely, folder)
    report = write_reports(folder, found.jobs)
    mine = {job.id for job in found.jobs if not shard or in_shard(job, shard)}
    gone = [pair for pair in report.waiting if pair in mine]
    if telling.as_json:
        print_json(report.as_dict())
    if not telling.quiet:
        what = counted(len(gone), "save file is", "save files are")
        lost = f"lost       {what} gone again, run the same command: {named(gone)}"
        lines = [*_standing_lines(standing), *_lonely_lines(found, folder), *report.lines()]
        _tell([*lines, *[lost] * bool(gone)])
    return 0 if standing.is_whole and not found.lonely and not gone else Shortfall.exit_code


def release(
    folders: Sequence[Path],
    outputs: Sequence[Path] | None,
    filters: Sequence[str] | None,
    writing: Writing,
    telling: Telling,
) -> int:
    """Write the corpus of a batch."""
    from aligner.corpus.filters import cuts_of
    from aligner.corpus.release import release_corpus
    from aligner.corpus.rows import open_corpus
    from aligner.export.props import parse_props

    if len(folders) > 1 or not outputs:
        raise UsageError("name one folder of a batch, and where to write its corpus: -o corpus.tmx.gz")
    if writing.duplicates not in (None, "keep", "drop"):
        raise UsageError(
            f"--duplicates {writing.duplicates!r}: for a batch say keep or drop, or --filter near"
        )
    exact = ["exact"] if writing.duplicates == "drop" else []
    cuts = cuts_of([*(filters or ()), *exact], writing.min_confidence)
    props = parse_props(writing.prop or ())
    corpus = open_corpus(folders[0], writing.script, cuts.needs_doubts, writing.options().codes)
    made = release_corpus(corpus, outputs, cuts, props)
    if telling.as_json:
        written = {str(path): count for path, count in made.written.items()}
        print_json({"written": written, "cut": made.cut, "warnings": list(made.warnings)})
    if not telling.quiet:
        lines = [f"written    {path}  {counted(count, 'unit')}" for path, count in made.written.items()]
        if made.cut:
            rules = " · ".join(f"{count:,} {rule}" for rule, count in made.cut.items())
            lines.append(f"cut        {rules}; listed in {made.rejects}")
        _tell([*lines, *(f"! {warning}" for warning in made.warnings)])
    return 0


_SLOW = 10.0  # sentences a second below which a decimal is told


def _standing_lines(standing: Standing) -> list[str]:
    seconds = time.monotonic() - standing.began
    lines = [f"aligned    {standing.done:,} of {counted(standing.total, 'pair')} in {seconds:,.0f} s"]
    if standing.before:
        lines[0] += f" · {counted(standing.before, 'was', 'were')} done before"
    if standing.sentences:
        lines[0] += f" · {standing.speed:,.{int(standing.speed < _SLOW)}f} sentences a second"
    for what, pairs in (("failed", standing.failed), ("put aside", standing.quarantined)):
        if pairs:
            lines.append(f"{what:<10} {counted(len(pairs), 'pair')}; try again with --retry-failed")
            lines += [
                f"             {pair}: {reason}" for pair, reason in sorted(pairs.items())[:_FAILURES_SHOWN]
            ]
            lines += ["             …"] if len(pairs) > _FAILURES_SHOWN else []
    return lines


def _lonely_lines(found: Paired, folder: Path) -> list[str]:
    lines = list(found.notes)
    if found.lonely:
        lines.append(
            f"unpaired   {counted(len(found.lonely), 'document')}, listed in {folder / 'unpaired.tsv'}"
        )
    return lines


def _tell(lines: Sequence[str]) -> None:
    sys.stdout.flush()
    print("\n".join(visible(line) for line in lines), file=sys.stderr)


@contextmanager
def _progress(quiet: bool) -> Iterator[Watcher | None]:
    """Pairs, sentences a second and the time left on standard error, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns: list[Any] = [BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}")]
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        line = bar.add_task("starting", total=None)

        def watch(standing: Standing) -> None:
            settled = standing.before + standing.done + len(standing.failed) + len(standing.quarantined)
            bar.update(line, completed=settled, total=standing.total, description=_description(standing))

        yield watch


def _description(standing: Standing) -> str:
    left = standing.seconds_left
    parts = [f"{standing.speed:,.0f} sentences/s" if standing.done else "starting"]
    if left is not None:
        parts.append(f"{timedelta(seconds=round(left))} left")
    if failures := len(standing.failed) + len(standing.quarantined):
        parts.append(f"{failures} failed")
    return " · ".join(parts)
