"""What can be refused before any work is done: places, names of rules, files that would be lost."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from aligner.clean.rules import RULES as CLEANING_RULES
from aligner.errors import AlignerError, OutputError, UsageError
from aligner.export.formats import output_paths
from aligner.export.options import ExportOptions
from aligner.export.savefile import load
from aligner.files import check_writable
from aligner.review.doubts import RULES as DOUBT_RULES

DOUBT_SUFFIXES = (".tsv", ".html")

TERM_SUFFIXES = (".tbx", ".csv")

MEMORY_SUFFIXES = (".tmx", ".gz")

_PAIR = 2

_ONE_ALIGNMENT = (".json", ".align")


def checked_outputs(paths: Sequence[Path] | None, options: ExportOptions) -> list[Path]:
    """`paths`, each once. Raises `OutputError` for an unknown suffix or a place that can't be written."""
    checked: dict[tuple[Path, ...], Path] = {}
    for path in paths or ():
        files = output_paths(path, options)
        for file in files:
            check_writable(file)
        checked.setdefault(files, path)
    return list(checked.values())


def check_list(path: Path | None, suffixes: Sequence[str], what: str) -> None:
    """Refuse a place or a suffix that a list of doubts or terms can't have."""
    if path is None:
        return
    if path.suffix.lower() not in suffixes:
        raise OutputError(f"{path}: {what} are written as {' or '.join(suffixes)}; name the file so")
    check_writable(path)


def check_rules(no_clean: Sequence[str] | None, no_doubt: Sequence[str] | None = ()) -> None:
    """Refuse the name of a rule that there isn't."""
    asked = (("--no-clean", no_clean, CLEANING_RULES), ("--no-doubt", no_doubt, DOUBT_RULES))
    for option, names, known in asked:
        for name in names or ():
            if name not in known:
                raise UsageError(f"{option} {name!r}: no such rule; the rules are {', '.join(known)}")


def check_inputs(inputs: Sequence[str] | None, layout: str | None) -> list[str]:
    """The one or two files to align. Raises `UsageError` for another number, or standard input twice."""
    if not inputs or len(inputs) > _PAIR:
        raise UsageError(
            f"{len(inputs or ())} files given: name one that holds both languages, or a source and a target;"
            " see align --help"
        )
    if list(inputs) == ["-", "-"]:
        raise UsageError("standard input can be read only once: name a file for the other side")
    if layout is not None and len(inputs) == _PAIR:
        raise UsageError("--layout is for one file that holds both languages, here are two; leave it out")
    return list(inputs)


def protect_inputs(inputs: Sequence[str], outputs: Sequence[Path]) -> None:
    """Refuse to write over what is read."""
    sources = {Path(path).resolve() for path in inputs if path != "-"}
    for path in outputs:
        if path.resolve() in sources:
            raise OutputError(f"{path}: is the input, too; name another file to write")


def check_joinable(count: int, outputs: Sequence[Path]) -> None:
    """Refuse outputs that hold one alignment where there are `count`."""
    for path in outputs:
        if count > 1 and path.suffix.lower() in _ONE_ALIGNMENT:
            raise UsageError(f"{path}: holds one alignment, not {count}; export each to a file of its own")


def protect_reviews(outputs: Sequence[Path], keep: Path | None) -> None:
    """Refuse to write over a save file whose confirmed pairs would be lost; those of `keep` are kept."""
    for path in outputs:
        if path.suffix.lower() != ".json" or not path.is_file() or (keep and path.samefile(keep)):
            continue
        reviewed = 0
        with suppress(AlignerError):  # another kind of file, or a damaged one
            reviewed = sum(bead.status != "auto" for bead in load(path).beads)
        if reviewed:
            raise OutputError(
                f"{path}: holds {reviewed} confirmed pairs, which would be lost; name another file, or let"
                f" `align … --keep {path}` keep them"
            )
