"""`align` itself: parse, call, print. `align review` of two files aligns them first."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.cli import arguments as args
from aligner.cli.option_groups import Aligning, Doubting, Telling, Writing
from aligner.cli.say import print_json, progress_bar, tell, width
from aligner.errors import UsageError

if TYPE_CHECKING:
    from aligner.cli.summary import Run
    from aligner.export.savefile import SaveFile
    from aligner.options import Options
    from aligner.pipeline import Result


def align(
    *,
    inputs: args.Inputs = None,
    output: args.Outputs = None,
    aligning: Aligning,
    keep: args.Keep = None,
    clear_cache: args.ClearCache = False,
    writing: Writing,
    sample: args.Sample = None,
    doubting: Doubting,
    telling: Telling,
    version: args.Version = False,
) -> int:
    """Align a text with its translation, sentence by sentence.

    align page.txt -o memory.tmx              one file that holds both languages

    align zh.docx en.docx -o memory.tmx -o compare.html
    """
    if version:
        return _say_version()
    if clear_cache:
        _clear_cache(telling.quiet)
        if not inputs:
            return 0
    from aligner.cli import deliver, preflight, summary

    paths = preflight.check_inputs(inputs, aligning.layout)
    options = aligning.options()
    preflight.check_rules(aligning.no_clean, doubting.no_doubt)
    is_taken = telling.as_json or bool(sample)
    places = preflight.checked_places(output, writing.options(), doubting.doubts, is_taken)
    preflight.check_apart(
        [*preflight.files_read(paths), aligning.glossary, aligning.srx], places.files(), [keep]
    )
    began = time.perf_counter()
    result, made = _aligned(paths, options, keep, places.outputs, telling.quiet)
    found = deliver.doubts_of(result.alignment, doubting.no_doubt, aligning.glossary, result.flags)
    reports = deliver.hand_over([made], [found], places, printed=not is_taken)
    seconds = time.perf_counter() - began
    run = summary.Run(result.alignment, result.flags, found, result.notes, reports, places.lists(), seconds)
    _sum_up(run, sample, telling)
    options.keep_models()
    return 0


def _aligned(
    paths: Sequence[str], options: Options, keep: Path | None, outputs: Sequence[Path], quiet: bool
) -> tuple[Result, SaveFile]:
    """The result, and its save file with the foreign keys of the review that was kept."""
    from aligner.cli import deliver, preflight
    from aligner.export.savefile import SaveFile
    from aligner.pipeline import align_files

    kept = _opened(keep) if keep else None
    preflight.protect_reviews(outputs, keep)
    written_over = str(keep) if keep and preflight.is_among(keep, outputs) else None
    review = kept.alignment if kept else None
    with progress_bar(quiet) as progress:
        result = align_files(paths, options, review, progress, written_over=written_over)
    return result, deliver.with_keys(result, kept) if kept else SaveFile(result.alignment)


def _opened(keep: Path) -> SaveFile:
    from aligner.cli.opening import open_saved

    return open_saved(keep)


def _sum_up(run: Run, sample: int | None, telling: Telling) -> None:
    from aligner.cli import summary

    if telling.as_json:
        pairs = {"sample": summary.pairs_as_dicts(run.alignment, sample)} if sample else {}
        print_json(summary.as_dict(run) | pairs)
    elif sample:
        print(summary.sample(run.alignment, sample, width()))
    if not telling.quiet:
        tell(summary.as_text(run, width()), apart=bool(sample) and not telling.as_json)


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
    from aligner.review.session import Session

    path = Path(files[0])
    if len(files) > 1:
        path = path.with_name(path.name + ".json")
        if path.exists():
            raise UsageError(
                f"{path}: is there already; review it with `align review {path}`, or move it away"
            )
        aligning = Aligning(src_lang=src_lang, tgt_lang=tgt_lang, quality=quality, glossary=glossary)
        writing = Writing(src_lang=src_lang, tgt_lang=tgt_lang)
        code = align(
            inputs=files, output=[path], aligning=aligning, writing=writing,
            doubting=Doubting(glossary=glossary), telling=Telling(quiet=quiet),
        )  # fmt: skip
        if code:
            return code
    session = Session(path, read_only=read_only, glossary=glossary)
    return serve_review(
        session, port=port, open_browser=not no_open,
        say=lambda line: print(line, flush=True), tell=tell,
    )  # fmt: skip


def _say_version() -> int:
    from aligner.export.tmx import tool_version

    print(f"aligner {tool_version()}")
    return 0


def _clear_cache(quiet: bool) -> None:
    from aligner.encode.cache import clear_cache
    from aligner.system.places import cache_folder

    freed = clear_cache()
    if not quiet:
        tell(f"cache cleared: {freed / 1e6:.1f} MB freed in {cache_folder()}")
