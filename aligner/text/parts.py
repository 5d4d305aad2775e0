"""What a document makes of its lines: a mark at the character where a heading, list item or note begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aligner.text.codes import ALONE, PART, Code

HEADING, ITEM, NOTE = "heading", "item", "note"
KINDS = (HEADING, ITEM, NOTE)
_FIELDS = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A line of one of `KINDS` begins at character `at`; `number`, from 1: what the document counts itself, else 0."""

    at: int
    kind: str
    number: int = 0


def part_mark(kind: str, number: int = 0) -> Code:
    """The mark of a line that begins at character 0."""
    return Code(0, ALONE, f"{kind} {number}", type=PART)


def parts_of(codes: Sequence[Code]) -> list[Part]:
    """The marked lines of a text, in order; marks that can't be read are passed over."""
    found = []
    for code in codes:
        words = code.data.split(" ") if code.type == PART else []
        if len(words) == _FIELDS and words[0] in KINDS and words[1].isdecimal():
            found.append(Part(code.at, words[0], int(words[1])))
    return found
