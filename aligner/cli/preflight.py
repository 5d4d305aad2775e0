"""What can be refused before any work is done: places, names of rules, files that would be lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aligner.clean.rules import check_names
from aligner.errors import OutputError, UsageError
from aligner.export.formats import output_paths
from aligner.export.options import ExportOptions
from aligner.export.savefile import backup_of, check_replaceable, load
from aligner.files import check_writable, identity
from aligner.read.collection import files_below
from aligner.review.doubts import RULES as DOUBT_RULES
from aligner.text.counted import counted

DOUBT_SUFFIXES = (".tsv", ".html")

TERM_SUFFIXES = (".tbx", ".csv")

MEMORY_SUFFIXES = (".tmx", ".gz")

_PAIR = 2

_ONE_ALIGNMENT = (".json", ".align", ".srt", ".vtt", ".xces")


@dataclass(frozen=True, slots=True)
class Places:
    """Where results go: `outputs`, written with `options`, and a list of doubts."""

    outputs: list[Path]
    options: ExportOptions
    doubts: Path | None = None

    def files(self) -> list[Path]:
        """Every file that is written, each output's own ones once."""
        paths = [file for path in self.outputs for file in output_paths(path, self.options)]
        return [*paths, self.doubts] if self.doubts else paths

    def lists(self) -> list[str]:
        """The lists, to be named in the summary."""
        return [str(self.doubts)] if self.doubts else []


def checked_places(
    outputs: Sequence[Path] | None, options: ExportOptions, doubts: Path | None, is_taken: bool
) -> Places:
    """The places to write to; `is_taken`: standard output has the summary. Raises errors for what can't be written."""
    checked = checked_outputs(outputs, options)
    check_stdout_is_free(checked, is_taken)
    check_list(doubts, DOUBT_SUFFIXES, "doubts")
    return Places(checked, options, doubts)


def checked_outputs(paths: Sequence[Path] | None, options: ExportOptions) -> list[Path]:
    """`paths`, each once. Raises `OutputError` for an unknown suffix or a place that can't be written."""
    checked: dict[tuple[Path, ...], Path] = {}
    for path in map(named, paths or ()):
        files = output_paths(path, options)
        if is_stdout(path):
            _check_stdout(path, files, list(checked.values()))
        else:
            for file in files:
                check_writable(file)
        checked.setdefault(files, path)
    return list(checked.values())


def named(path: Path) -> Path:
    """`-` is a table on standard output."""
    return Path("-.tsv") if str(path) == "-" else path


def is_stdout(path: Path) -> bool:
    """Whether an output is standard output, in the format of the suffix: `-.tmx`."""
    return str(path).startswith("-.")


def check_stdout_is_free(outputs: Sequence[Path], is_taken: bool) -> None:
    """Raise `UsageError` where a result and the summary or sample would both go to standard output."""
    if is_taken and any(map(is_stdout, outputs)):
        raise UsageError(
            "-o - writes the result to standard output, where --json and --sample go; name a file"
        )


def _check_stdout(path: Path, files: Sequence[Path], before: Sequence[Path]) -> None:
    if len(files) > 1:
        raise OutputError(
            f"{path}: this format is {counted(len(files), 'file')}; name them, standard output takes one"
        )
    if any(is_stdout(other) for other in before):
        raise OutputError(f"{path}: standard output takes one result; name a file for the other")


def check_list(path: Path | None, suffixes: Sequence[str], what: str) -> None:
    """Refuse a place or a suffix that a list of doubts or terms can't have."""
    if path is None:
        return
    if path.suffix.lower() not in suffixes:
        raise OutputError(f"{path}: {what} are written as {' or '.join(suffixes)}; name the file so")
    check_writable(path)


def check_rules(no_clean: Sequence[str] | None, no_doubt: Sequence[str] | None = ()) -> None:
    """Refuse the name of a rule that there isn't, or that can't be switched off."""
    check_names(no_clean or ())
    for name in no_doubt or ():
        if name not in DOUBT_RULES:
            raise UsageError(f"--no-doubt {name!r}: no such rule; the rules are {', '.join(DOUBT_RULES)}")


def check_inputs(inputs: Sequence[str] | None, layout: str | None) -> list[str]:
    """The one or two files to align. Raises `UsageError` for another number, or standard input twice."""
    if not inputs or len(inputs) > _PAIR:
        raise UsageError(
            f"{counted(len(inputs or ()), 'file')} given: name one that holds both languages, or a source and a target;"
            " see align --help"
        )
    if list(inputs) == ["-", "-"]:
        raise UsageError("standard input can be read only once: name a file for the other side")
    if layout is not None and len(inputs) == _PAIR:
        raise UsageError("--layout is for one file that holds both languages, here are two; leave it out")
    return list(inputs)


def files_read(inputs: Sequence[str]) -> list[str]:
    """`inputs`, of folders the documents in them."""
    return [
        name
        for path in inputs
        for name in (map(str, files_below(Path(path))) if path != "-" and Path(path).is_dir() else [path])
    ]


def check_apart(
    reads: Sequence[str | Path | None], outputs: Sequence[Path], saved: Sequence[Path | None] = ()
) -> None:
    """Refuse to write over what is read, and to write two things to one place; links are resolved.

    `reads` are files that are read, `outputs` all files that are written. A save file of `saved`, read too, may be
    written over by a save file: what stood there goes into a copy. What a batch keeps of itself is never written.
    """
    from aligner.corpus.own_files import check_no_batch

    written: dict[object, Path] = {}
    for path in outputs:
        other = written.setdefault(identity(path), path)
        if other is not path:
            raise OutputError(f"{path}: is {other}, which is written too; give each output a name of its own")
    for path in outputs:
        if path.suffix.lower() == ".json" and path.is_file():
            written.setdefault(identity(backup_of(path)), backup_of(path))
    rewritten = {identity(path) for path in outputs if path.suffix.lower() == ".json"}
    rewritten &= {identity(path) for path in saved if path and path.suffix.lower() == ".json"}
    for read in (*reads, *saved):
        if read is None or str(read) == "-":
            continue
        same = written.get(identity(read))
        if same and (identity(read) not in rewritten or read not in saved):
            raise OutputError(f"{same}: is the input, too ({read}); name another file to write")
    check_no_batch(outputs, rewritten)


def is_among(path: Path, outputs: Sequence[Path]) -> bool:
    """Whether one of `outputs` is the file at `path`."""
    return identity(path) in {identity(output) for output in outputs}


def check_joinable(count: int, outputs: Sequence[Path]) -> None:
    """Refuse outputs that hold one alignment where there are `count`."""
    for path in outputs:
        if count > 1 and path.suffix.lower() in _ONE_ALIGNMENT:
            raise UsageError(f"{path}: holds one alignment, not {count}; export each to a file of its own")


def protect_reviews(outputs: Sequence[Path], *kept: Path | None) -> None:
    """Refuse to write over a save file that can't be read, or whose confirmed pairs would be lost.

    Those of the files `kept` are kept.
    """
    for path in outputs:
        if path.suffix.lower() != ".json" or not path.is_file():
            continue
        check_replaceable(path)
        if not path.stat().st_size or any(file and path.samefile(file) for file in kept):
            continue
        reviewed = sum(bead.status != "auto" for bead in load(path).beads)
        if reviewed:
            raise OutputError(
                f"{path}: holds {counted(reviewed, 'confirmed pair')}, which would be lost; name another file, or let"
                f" `align … --keep {path}` keep what was confirmed"
            )
