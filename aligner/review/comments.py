"""What a reviewer wrote into the column `note` of a table, told from the doubts that stood there."""

from __future__ import annotations

import re
from collections.abc import Collection

_JOINT = "; "
# Doubts that hang on a glossary or on the run that cleaned the texts; neither is at hand when a table comes back.
_OTHER_DOUBTS = re.compile(r"the (?:source|target) looks damaged at “.*|.+: the (?:source|target) has not .+")


def comment_in(cell: str, doubts: Collection[str]) -> str:
    """The cell without the messages of doubts, which are written anew each time."""
    for doubt in sorted(doubts, key=len, reverse=True):
        cell = cell.replace(doubt, "")
    parts = (part.strip() for part in cell.split(_JOINT.strip()))
    return _JOINT.join(part for part in parts if part and not _OTHER_DOUBTS.fullmatch(part))
