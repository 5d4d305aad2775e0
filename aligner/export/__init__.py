"""Writers, one a format; the suffix of the file chooses.

The interchange formats (`.tmx`, `.tmx.gz`, `.xliff`, `.tsv`, `.csv`, `.jsonl`, `.src`/`.tgt`) hold the pairs
that pass the options. The records (`.json`, `.align`, `.html`, `.docx`, `.xlsx`) always hold every bead: they
are there to check that nothing was lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aligner.bitext import Alignment
from aligner.errors import OutputError, UsageError
from aligner.export.options import DOUBT_BELOW, ExportOptions, ExportReport
from aligner.export.place import check_writable
from aligner.export.savefile import SaveFile, load, open_savefile, save
from aligner.export.units import LONGEST_SIDE, Tally, Unit, file_name, in_script, written_lang
from aligner.languages import script_contradicts

__all__ = [
    "DOUBT_BELOW", "SUFFIXES", "ExportOptions", "ExportReport", "SaveFile", "Unit",
    "check_suffix", "check_writable", "load", "open_savefile", "output_paths", "save", "write",
]  # fmt: skip

# Longest first where one ends in another.
SUFFIXES = (
    ".tmx.gz", ".tmx", ".xliff", ".xlf", ".json", ".jsonl", ".tsv", ".csv", ".xlsx", ".html", ".docx",
    ".align", ".src", ".tgt",
)  # fmt: skip
_TMX = (".tmx", ".tmx.gz")
_LOSSLESS = (".json", ".align")
# Characters from a document's beginning that tell in which script it is written.
SCRIPT_SAMPLE = 20_000
_ONE_ALIGNMENT = (".json", ".align")


def check_suffix(path: str | Path) -> str:
    """The suffix that chooses the format, in lower case. Raises `OutputError` that names the known ones."""
    name = Path(path).name.lower()
    for suffix in SUFFIXES:
        if name.endswith(suffix) and name != suffix:
            return suffix
    raise OutputError(f"{path}: no known format; end the name in one of {' '.join(SUFFIXES)}")


def output_paths(path: str | Path, options: ExportOptions | None = None) -> tuple[Path, ...]:
    """The files that writing to `path` would write: two for Moses, another name for a TMX with a penalty."""
    from aligner.export.moses import both_paths

    path, suffix = Path(path), check_suffix(path)
    if suffix in (".src", ".tgt"):
        return both_paths(path)
    if suffix in _TMX and options and options.penalty is not None:
        stem = path.name[: -len(suffix)]
        return (path.with_name(f"{stem}.penalty-{options.penalty}{path.name[-len(suffix) :]}"),)
    return (path,)


def write(
    alignments: Sequence[Alignment], path: str | Path, options: ExportOptions | None = None
) -> ExportReport:
    """Write `alignments` to `path` in the format of its suffix, whole or not at all.

    Raises `OutputError` where the place or the suffix won't do, `UsageError` where the options don't fit.
    """
    options = options or ExportOptions()
    suffix, paths = check_suffix(path), output_paths(path, options)
    for each in paths:
        check_writable(each)
    if suffix in _ONE_ALIGNMENT and len(alignments) != 1:
        raise UsageError(
            f"{path}: {suffix} holds one alignment, here are {len(alignments)}; write a file for each"
        )
    tally = Tally()
    _write(alignments, paths[0], suffix, options, tally)
    warnings = [] if suffix in _LOSSLESS else _warnings(alignments, options, tally)
    if suffix in _TMX and not paths[0].name.endswith(suffix):
        warnings.append(f"{paths[0]}: OmegaT only sees names that end in lower-case .tmx")
    return ExportReport(
        paths, tally.units, tally.below_confidence, tally.one_sided, tally.duplicates,
        tuple(tally.several_targets), tuple(warnings + tally.warnings),
    )  # fmt: skip


def _write(
    alignments: Sequence[Alignment], path: Path, suffix: str, options: ExportOptions, tally: Tally
) -> None:
    from aligner.export import docx, jsonl, ladder, moses, page, sheet, table, tmx, xliff

    if suffix in _ONE_ALIGNMENT:
        tally.units = len(alignments[0].beads)
        if suffix == ".json":
            save(SaveFile(alignments[0], options.extra or {}), path)
        else:
            ladder.write_ladder(alignments[0], path)
        return
    writers = {
        ".tmx": tmx.write_tmx, ".tmx.gz": tmx.write_tmx,
        ".xliff": xliff.write_xliff, ".xlf": xliff.write_xliff,
        ".jsonl": jsonl.write_jsonl, ".tsv": table.write_table, ".csv": table.write_table,
        ".xlsx": sheet.write_sheet, ".html": page.write_page, ".docx": docx.write_docx,
        ".src": moses.write_moses, ".tgt": moses.write_moses,
    }  # fmt: skip
    writers[suffix](alignments, path, options, tally)


def _warnings(alignments: Sequence[Alignment], options: ExportOptions, tally: Tally) -> list[str]:
    warnings = []
    if tally.too_long:
        warnings.append(
            f"{tally.too_long} units have a side over {LONGEST_SIDE:,} characters; Trados Cloud refuses those"
        )
    return warnings + _script_warnings(alignments, options)


def _script_warnings(alignments: Sequence[Alignment], options: ExportOptions) -> list[str]:
    warnings = []
    for alignment in alignments:
        for document, code, option in (
            (alignment.source, options.src_lang, "--src-lang"),
            (alignment.target, options.tgt_lang, "--tgt-lang"),
        ):
            text = in_script(document.text[:SCRIPT_SAMPLE], document.lang, options.script)
            wrong = script_contradicts(text, code or written_lang(document.lang, options.script))
            if wrong:
                warnings.append(f"{file_name(document) or 'text'}: {wrong}; set {option}")
    return warnings
