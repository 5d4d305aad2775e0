"""The field's ladder, `[0,1]:[2]` a line."""

from __future__ import annotations

import re
from pathlib import Path

from aligner.errors import InputError
from aligner.files import _read_text

Rung = tuple[tuple[int, ...], tuple[int, ...]]

Ladder = list[Rung]

_RUNG = re.compile(r"\[([\d,\s]*)\]\s*:\s*\[([\d,\s]*)\](?:\s*:.*)?")

_MOST_DIGITS = 9  # no text has a thousand million sentences


def read_ladder(path: str | Path) -> Ladder:
    """Read a ladder, `[0,1]:[2]` a line, zero-based; what follows a second colon (a cost) is ignored.

    Raises `InputError` for a line that is no rung and for a file without any.
    """
    ladder: Ladder = []
    for line_number, line in enumerate(_read_text(path).splitlines(), 1):
        if not line.strip():
            continue
        match = _RUNG.fullmatch(line.strip())
        if not match:
            raise InputError(f"{path}, line {line_number}: not a rung of a ladder, write it as [0,1]:[2]")
        numbers = [re.findall(r"\d+", side) for side in match.groups()[:2]]
        if any(len(number) > _MOST_DIGITS for side in numbers for number in side):
            raise InputError(
                f"{path}, line {line_number}: a number of over {_MOST_DIGITS} digits counts no sentence"
            )
        source, target = (tuple(sorted(map(int, side))) for side in numbers)
        ladder.append((source, target))
    if not ladder:
        raise InputError(f"{path}: no rung in it, a ladder has lines such as [0,1]:[2]")
    return ladder
