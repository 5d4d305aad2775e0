"""The formats that can be written, by suffix, and the call that writes one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aligner.bitext import Alignment
from aligner.errors import OutputError
from aligner.export.options import ExportOptions
from aligner.export.savefile import SaveFile, save
from aligner.export.units import Tally

# Longest first where one ends in another.
SUFFIXES = (
    ".tmx.gz", ".tmx", ".xliff", ".xlf", ".json", ".jsonl", ".tsv", ".csv", ".xlsx", ".html", ".docx",
    ".align", ".src", ".tgt",
)  # fmt: skip

_TMX = (".tmx", ".tmx.gz")

_LOSSLESS = (".json", ".align")

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
