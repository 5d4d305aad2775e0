"""The field's ladder: one bead a line, `[0,1]:[2]` = source segments 0 and 1 with target segment 2."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from aligner.bitext import Alignment
from aligner.export.options import ExportOptions
from aligner.export.units import Tally, ladder
from aligner.files import replacing

# A score may follow, as Vecalign writes it.
_BEAD = re.compile(r"\[([\d,\s]*)\]\s*:\s*\[([\d,\s]*)\](?:\s*:\s*[-+\d.eEnaif]+)?")
# Longer than any text's segment count; Python refuses to parse absurdly long numbers anyway.
_MOST_DIGITS = 9


def write_ladder(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """All beads of one alignment, one-sided ones and moved pairs included, whatever the options."""
    lines = [f"{ladder(bead)}\n".encode() for _, bead in alignments[0].links()]
    tally.units = len(lines)
    with replacing(path) as (file,):
        file.writelines(lines)


def parse_bead(text: str) -> tuple[range, range]:
    """The two ranges of `[0,1]:[2]`. Raises `ValueError` that says what is wrong."""
    match = _BEAD.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{_short(text)} is not a bead like [0,1]:[2]")
    source, target = _consecutive(match[1], text), _consecutive(match[2], text)
    if not source and not target:
        raise ValueError(f"{_short(text)} is empty on both sides")
    return source, target


def _consecutive(numbers: str, text: str) -> range:
    parts = [part.strip() for part in numbers.split(",")] if numbers.strip() else []
    if not all(part.isdecimal() and len(part) <= _MOST_DIGITS for part in parts):
        raise ValueError(f"{_short(text)} is not a bead like [0,1]:[2]")
    values = [int(part) for part in parts]
    if not values:
        return range(0)
    if values != list(range(values[0], values[0] + len(values))):
        raise ValueError(f"{_short(text)} has segments that aren't consecutive")
    return range(values[0], values[-1] + 1)


def _short(text: str) -> str:
    text = text.strip()
    shown = 60
    return repr(text if len(text) <= shown else text[:shown] + "…")
