"""`align export`: parse, call, print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.cli import arguments as args
from aligner.cli import corpus_arguments as corpus_args
from aligner.cli.option_groups import Doubting, Telling, Writing
from aligner.cli.say import print_json, tell
from aligner.errors import UsageError

if TYPE_CHECKING:
    from aligner.cli.preflight import Places
    from aligner.export.savefile import SaveFile


def export(
    *,
    files: args.Saved,
    output: args.Outputs = None,
    reviewed: args.Reviewed = None,
    changes: args.Earlier = None,
    writing: Writing,
    doubting: Doubting,
    filters: corpus_args.Filters = None,
    telling: Telling,
) -> int:
    """Write saved or reviewed alignments, or a whole batch, in any format; several files become one."""
    if files[0].is_dir():
        from aligner.cli.corpus import release

        _refuse_for_folder(files[0], writing, {"--from": reviewed, "--changes": changes}, doubting)
        return release(files, output, filters, writing, telling)
    if filters:
        raise UsageError(
            "--filter is for the folder of a batch; --min-confidence and --duplicates hold everywhere"
        )
    from aligner.cli import opening, preflight

    options = writing.options()
    _check_single(files, reviewed, changes, doubting)
    preflight.check_rules((), doubting.no_doubt)
    outputs = output or (files if reviewed else None)
    places = preflight.checked_places(outputs, options, doubting.doubts, telling.as_json)
    preflight.check_joinable(len(files), places.outputs)
    preflight.check_apart([reviewed, doubting.glossary], places.files(), files)
    preflight.protect_reviews(places.outputs, files[0])
    saved, said = _opened(files, reviewed, writing)
    if changes:
        listed = opening.changes_since(changes, saved[0].alignment)
        if not places.outputs:
            print_json(listed) if telling.as_json else print(opening.changes_as_text(listed))
            return 0
        said = [*said, opening.changes_as_text(listed)]
    _write(saved, said, places, doubting, telling)
    return 0


def _refuse_for_folder(
    folder: Path, writing: Writing, single: Mapping[str, Path | None], doubting: Doubting
) -> None:
    """What says nothing of a whole batch is refused, so that nobody thinks it was done."""
    given = {
        **single, "--src-lang": writing.src_lang, "--tgt-lang": writing.tgt_lang, "--context": writing.context,
        "--penalty": writing.penalty, "--xliff": writing.xliff != Writing().xliff, "--no-header": writing.no_header,
        "--glossary": doubting.glossary, "--doubts": doubting.doubts, "--no-doubt": doubting.no_doubt,
    }  # fmt: skip
    names = ", ".join(name for name, value in given.items() if value)
    if names:
        raise UsageError(
            f"{folder}: {names} is not for the folder of a batch; export a save file of its pairs/ to use it"
        )


def _check_single(
    files: Sequence[Path], reviewed: Path | None, changes: Path | None, doubting: Doubting
) -> None:
    if (reviewed or doubting.doubts or changes) and len(files) > 1:
        option = "--from" if reviewed else "--doubts" if doubting.doubts else "--changes"
        raise UsageError(f"{option} takes one saved alignment, not {len(files)}")
    if reviewed and files[0].suffix.lower() != ".json":
        raise UsageError(f"{files[0]}: --from goes back into a save file; name the .json the table came from")


def _opened(
    files: Sequence[Path], reviewed: Path | None, writing: Writing
) -> tuple[list[SaveFile], list[str]]:
    from aligner.cli import opening

    if not reviewed:
        return opening.open_together(files, writing.src_lang, writing.tgt_lang)
    back, said = opening.take_review(opening.open_saved(files[0]), reviewed, writing.script)
    return [back], said


def _write(
    saved: Sequence[SaveFile], said: Sequence[str], places: Places, doubting: Doubting, telling: Telling
) -> None:
    from aligner.cli import deliver, summary

    found = [deliver.doubts_of(each.alignment, doubting.no_doubt, doubting.glossary) for each in saved]
    reports = deliver.hand_over(saved, found, places, printed=not telling.as_json)
    if telling.as_json:
        print_json({"notes": list(said), "written": [summary.report_dict(report) for report in reports]})
    if not telling.quiet:
        tell("\n".join([*said, *summary.written_lines(reports, places.lists())]))
