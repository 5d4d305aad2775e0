"""The command line: parse, call, print. The only module that prints, exits or reads its arguments.

`align` alone aligns files; a first word from `COMMANDS` does something else (a file of that name is
`./eval`).
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aligner.cli import arguments as args
from aligner.cli import corpus_arguments as corpus_args
from aligner.errors import Shortfall, UsageError

if TYPE_CHECKING:
    from aligner.options import Progress


_DEFAULT_WIDTH, _WIDEST = 100, 140  # cells, where no terminal says how wide it is, and for easy reading


def align(
    inputs: args.Inputs = None,
    output: args.Outputs = None,
    src_lang: args.SrcLang = None,
    tgt_lang: args.TgtLang = None,
    encoding: args.Encoding = None,
    layout: args.Layout = None,
    no_clean: args.NoClean = None,
    presplit: args.Presplit = False,
    srx: args.Srx = None,
    split_clauses: args.SplitClauses = False,
    split: args.Split = "standard",
    quality: args.Quality = "fast",
    encoder: args.EncoderName = None,
    glossary: args.GlossaryFile = None,
    keep: args.Keep = None,
    download: args.Download = False,
    no_cache: args.NoCache = False,
    clear_cache: args.ClearCache = False,
    min_confidence: args.MinConfidence = 0.0,
    script: args.Script = None,
    duplicates: args.Duplicates = None,
    context: args.Context = False,
    penalty: args.Penalty = None,
    xliff: args.Xliff = "1.2",
    codes: args.Codes = None,
    no_header: args.NoHeader = False,
    sample: args.Sample = None,
    doubts: args.DoubtsFile = None,
    no_doubt: args.NoDoubt = None,
    quiet: args.Quiet = False,
    as_json: args.SummaryAsJson = False,
    version: args.Version = False,
) -> int:
    """Align a text with its translation, sentence by sentence.

    align page.txt -o memory.tmx              one file that holds both languages

    align zh.docx en.docx -o memory.tmx -o compare.html
    """
    if version:
        return _say_version()
    if clear_cache:
        _clear_cache(quiet)
        if not inputs:
            return 0
    from aligner.cli import deliver, preflight, summary
    from aligner.export.options import ExportOptions
    from aligner.export.savefile import SaveFile
    from aligner.options import Options
    from aligner.pipeline import align_files
    from aligner.review.doubts_list import write_doubts

    paths = preflight.check_inputs(inputs, layout)
    options = Options(
        src_lang=src_lang, tgt_lang=tgt_lang, encoding=encoding, layout=layout, presplit=presplit, srx=srx,
        no_clean=tuple(no_clean or ()), split_clauses=split_clauses, split=split, encoder=encoder, quality=quality,
        glossary=glossary, cache=not no_cache, download=download, codes=codes,
    )  # fmt: skip
    wanted = ExportOptions(
        src_lang=src_lang, tgt_lang=tgt_lang, min_confidence=min_confidence, script=script, context=context,
        duplicates=duplicates, penalty=penalty, header=not no_header, xliff=xliff, codes=codes,
    )  # fmt: skip
    outputs = preflight.checked_outputs(output, wanted)
    preflight.check_stdout_is_free(outputs, as_json or bool(sample))
    preflight.check_list(doubts, preflight.DOUBT_SUFFIXES, "doubts")
    preflight.check_rules(no_clean, no_doubt)
    preflight.check_apart(
        [*preflight.files_read(paths), glossary, srx],
        preflight.files_written(outputs, wanted, doubts),
        [keep],
    )
    kept = deliver.open_saved(keep) if keep else None
    preflight.protect_reviews(outputs, keep)
    began = time.perf_counter()
    with _progress(quiet) as progress:
        result = align_files(
            paths, options, kept.alignment if kept else None, progress,
            written_over=str(keep) if keep and preflight.is_among(keep, outputs) else None,
        )  # fmt: skip
    alignment = result.alignment
    found = deliver.doubts_of(alignment, no_doubt, glossary, result.flags)
    made = [deliver.with_keys(result, kept) if kept else SaveFile(alignment)]
    reports = deliver.write_all(made, outputs, wanted, [found])
    if doubts:
        write_doubts(found, alignment, doubts)
    if not (outputs or doubts or as_json or sample):
        print(deliver.as_table(made, wanted, [found]), end="")
    seconds = time.perf_counter() - began
    lists = [str(doubts)] if doubts else []
    run = summary.Run(alignment, result.flags, found, result.notes, reports, lists, seconds)
    if as_json:
        pairs = {"sample": summary.pairs_as_dicts(alignment, sample)} if sample else {}
        _print_json(summary.as_dict(run) | pairs)
    elif sample:
        print(summary.sample(alignment, sample, _width()))
    if not quiet:
        _tell(summary.as_text(run, _width()), apart=bool(sample) and not as_json)
    return 0


def evaluate(
    gold: args.Gold,
    system: args.System,
    source: args.SourceSentences = None,
    target: args.TargetSentences = None,
    as_json: args.AsJson = False,
) -> int:
    """Score an alignment against a right one: strict and lax F1, beads by type, edits left, calibration."""
    from aligner.evaluation.compare import compare_files
    from aligner.evaluation.report import as_dict, as_text

    if (source is None) != (target is None):
        raise UsageError("--source and --target go together: give both files of sentences or neither")
    scores = compare_files(gold, system, source=source, target=target)
    if as_json:
        _print_json(as_dict(scores))
    else:
        print(as_text(scores))
    return 0


def export(
    files: args.Saved,
    output: args.Outputs = None,
    reviewed: args.Reviewed = None,
    changes: args.Earlier = None,
    src_lang: args.SrcLang = None,
    tgt_lang: args.TgtLang = None,
    min_confidence: args.MinConfidence = 0.0,
    script: args.Script = None,
    duplicates: args.Duplicates = None,
    context: args.Context = False,
    penalty: args.Penalty = None,
    xliff: args.Xliff = "1.2",
    codes: args.Codes = None,
    no_header: args.NoHeader = False,
    glossary: args.GlossaryFile = None,
    doubts: args.DoubtsFile = None,
    no_doubt: args.NoDoubt = None,
    filters: corpus_args.Filters = None,
    quiet: args.Quiet = False,
    as_json: args.SummaryAsJson = False,
) -> int:
    """Write saved or reviewed alignments, or a whole batch, in any format; several files become one."""
    if files[0].is_dir():
        from aligner.cli.corpus import release

        return release(files, output, filters, min_confidence, script, duplicates, quiet, as_json)
    if filters:
        raise UsageError(
            "--filter is for the folder of a batch; --min-confidence and --duplicates hold everywhere"
        )
    from aligner.cli import deliver, preflight, summary
    from aligner.export.options import ExportOptions
    from aligner.review.doubts_list import write_doubts

    options = ExportOptions(
        src_lang=src_lang, tgt_lang=tgt_lang, min_confidence=min_confidence, script=script, context=context,
        duplicates=duplicates, penalty=penalty, header=not no_header, xliff=xliff, codes=codes,
    )  # fmt: skip
    if (reviewed or doubts or changes) and len(files) > 1:
        option = "--from" if reviewed else "--doubts" if doubts else "--changes"
        raise UsageError(f"{option} takes one saved alignment, not {len(files)}")
    if reviewed and files[0].suffix.lower() != ".json":
        raise UsageError(f"{files[0]}: --from goes back into a save file; name the .json the table came from")
    outputs = preflight.checked_outputs(output or (files if reviewed else None), options)
    preflight.check_stdout_is_free(outputs, as_json)
    preflight.check_list(doubts, preflight.DOUBT_SUFFIXES, "doubts")
    preflight.check_rules((), no_doubt)
    preflight.check_joinable(len(files), outputs)
    preflight.check_apart([reviewed, glossary], preflight.files_written(outputs, options, doubts), files)
    preflight.protect_reviews(outputs, files[0])
    if reviewed:
        back, said = deliver.take_review(deliver.open_saved(files[0]), reviewed, script)
        saved = [back]
    else:
        saved, said = deliver.open_together(files, src_lang, tgt_lang)
    if changes:
        listed = deliver.changes_since(changes, saved[0].alignment)
        if not outputs:
            _print_json(listed) if as_json else print(deliver.changes_as_text(listed))
            return 0
        said = [*said, deliver.changes_as_text(listed)]
    found = [deliver.doubts_of(each.alignment, no_doubt, glossary) for each in saved]
    reports = deliver.write_all(saved, outputs, options, found)
    if doubts:
        write_doubts(found[0], saved[0].alignment, doubts)
    if not (outputs or doubts or as_json):
        print(deliver.as_table(saved, options, found), end="")
    if as_json:
        _print_json({"notes": said, "written": [summary.report_dict(report) for report in reports]})
    if not quiet:
        _tell("\n".join([*said, *summary.written_lines(reports, [str(doubts)] if doubts else [])]))
    return 0


def check(
    file: args.Memory,
    fix: args.Fix = None,
    src_lang: args.SrcLang = None,
    tgt_lang: args.TgtLang = None,
    as_json: args.AsJson = False,
) -> int:
    """Is this TMX valid, and what will each translation tool make of it? Code 1 where one would refuse it.

    With --fix the code is about the corrected copy.
    """
    from aligner import check as checking
    from aligner.cli import preflight

    preflight.check_list(fix, preflight.MEMORY_SUFFIXES, "translation memories")
    preflight.check_apart([file], [fix] if fix else [])
    found = checking.check_tmx(file)
    if not as_json:
        print(checking.as_text(found), end="")
    if not fix:
        if as_json:
            _print_json(checking.as_dict(found))
        return Shortfall.exit_code if found.is_refused else 0
    fixed = checking.fix_tmx(file, fix, src_lang=src_lang, tgt_lang=tgt_lang)
    if as_json:
        _print_json(checking.as_dict(found) | {"fixed": checking.fix_as_dict(fixed)})
    else:
        print("\n" + checking.fix_as_text(fixed), end="")
    return Shortfall.exit_code if checking.check_tmx(fixed.path).is_refused else 0


def clean(
    file: args.Text = None,
    encoding: args.Encoding = None,
    no_clean: args.NoClean = None,
    rules: args.ListRules = False,
    as_json: args.AsJson = False,
) -> int:
    """Show what reading and cleaning remove, repair and suspect; no file is changed."""
    from aligner.clean.report import report
    from aligner.clean.rules import ALL_RULES
    from aligner.clean.rules import clean as clean_text
    from aligner.cli import preflight, summary
    from aligner.read import read_file

    preflight.check_rules(no_clean)
    if file is None and not rules:
        raise UsageError("no file given: name the one to clean, or list the rules with --rules")
    if file is None:
        print(json.dumps(dict(ALL_RULES)) if as_json else summary.rules(_width()))
        return 0
    off = tuple(no_clean or ())
    cleaned = clean_text(read_file(file, encoding=encoding, off=off).flat(), off=off)
    rows = report(cleaned)
    if as_json:
        _print_json([_fields(row, "line", "rule", "left", "before", "after", "right") for row in rows])
        return 0
    print(summary.cleaning(rows, _width()))
    if rules:
        print("\n" + summary.rules(_width()))
    return 0


def terms(
    file: args.OneSaved,
    output: args.TermFiles = None,
    glossary: args.GlossaryFile = None,
    limit: args.Limit = 500,
    quiet: args.Quiet = False,
    as_json: args.AsJson = False,
) -> int:
    """Find the bilingual terms of aligned pairs, best first."""
    from aligner import terms as term_finding
    from aligner.cli import deliver, preflight, summary

    for path in output or ():
        preflight.check_list(path, preflight.TERM_SUFFIXES, "terms")
    preflight.check_apart([file, glossary], list(dict.fromkeys(output or ())))
    alignment = deliver.open_saved(file).alignment
    found = term_finding.find_terms(
        alignment, limit=limit, glossary=deliver.glossary_for(alignment, glossary)
    )
    if not found:
        raise Shortfall(f"{file}: no terms found in its {len(alignment.pairs())} pairs; nothing was written")
    langs = {"src_lang": alignment.source.lang, "tgt_lang": alignment.target.lang}
    examples = [alignment.source_text(alignment.beads[term.example_bead]) for term in found]
    for path in output or ():
        term_finding.write_terms(found, path, examples=examples, **langs)
    if as_json:
        _print_json([_fields(term, "source", "target", "count", "score") for term in found])
    elif not output:
        print(summary.terms(found))
    if output and not quiet:
        _tell("\n".join(f"{path}  {len(found)} terms" for path in output))
    return 0


def review(
    files: args.Reviewing,
    port: args.Port = 0,
    no_open: args.NoOpen = False,
    read_only: args.ReadOnly = False,
    src_lang: args.SrcLang = None,
    tgt_lang: args.TgtLang = None,
    quality: args.Quality = "fast",
    glossary: args.GlossaryFile = None,
    quiet: args.Quiet = False,
) -> int:
    """Correct an alignment on a local page, by keyboard; the address is printed, Ctrl-C ends."""
    from aligner.review.serve import serve_review

    path = Path(files[0])
    if len(files) > 1:
        path = path.with_name(path.name + ".json")
        if path.exists():
            raise UsageError(
                f"{path}: is there already; review it with `align review {path}`, or move it away"
            )
        code = align(
            files,
            [path],
            src_lang=src_lang,
            tgt_lang=tgt_lang,
            quality=quality,
            glossary=glossary,
            quiet=quiet,
        )
        if code:
            return code
    return serve_review(
        path, port=port, open_browser=not no_open, read_only=read_only,
        say=lambda line: print(line, flush=True), tell=_tell,
    )  # fmt: skip


def models(as_json: args.AsJson = False) -> int:
    """List the sentence encoders: which can be used on this machine, and how fast they are here."""
    from aligner.cli import summary
    from aligner.encode.speed import list_encoders

    infos = list_encoders()
    if as_json:
        names = ("name", "available", "dimension", "licence", "speed", "note")
        _print_json([_fields(info, *names) for info in infos])
    else:
        print(summary.encoders(infos))
    return 0


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress | None]:
    """A bar on standard error while the work goes on, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    parts = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total)


def _width() -> int:
    return min(_WIDEST, shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _fields(item: object, *names: str) -> dict[str, Any]:
    return {name: getattr(item, name) for name in names}


def _tell(text: str, *, apart: bool = False) -> None:
    """Say `text` to the user, `apart` from what was printed as the result."""
    if text.strip():
        sys.stdout.flush()
        print(f"\n{text}" if apart else text, file=sys.stderr)


def _say_version() -> int:
    from aligner.export.tmx import tool_version

    print(f"aligner {tool_version()}")
    return 0


def _clear_cache(quiet: bool) -> None:
    from aligner.encode.cache import cache_folder, clear_cache

    freed = clear_cache()
    if not quiet:
        _tell(f"cache cleared: {freed / 1e6:.1f} MB freed in {cache_folder()}")
