"""Moses pairs: two plain files, line by line each other's translation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aligner.bitext import Alignment
from aligner.export.options import ExportOptions
from aligner.export.units import Tally, units_of
from aligner.files import replacing


def both_paths(path: Path) -> tuple[Path, Path]:
    """`name.src` and `name.tgt`, whichever of the two was named."""
    return path.with_suffix(".src"), path.with_suffix(".tgt")


def write_moses(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """The pairs' sources to `name.src`, their targets to `name.tgt`, both or neither."""
    with replacing(*both_paths(path)) as (source, target):
        for unit in units_of(alignments, options, tally, options.duplicates or "keep"):
            source.write(unit.source.encode() + b"\n")
            target.write(unit.target.encode() + b"\n")
