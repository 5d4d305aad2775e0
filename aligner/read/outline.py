"""Where a reader stands in a document's structure: the headings, items and notes that are open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from aligner.read.reading import Writing
from aligner.text.codes import Code
from aligner.text.edits import EditedText
from aligner.text.parts import HEADING, ITEM, NOTE, part_mark


@dataclass(slots=True)
class Outline:
    """The parts that began and have no line yet: the next line begins with the innermost."""

    waiting: Code | None = None
    lists: list[int] = field(default_factory=list)  # the number of the last item of each open list
    notes: int = 0

    def begin_heading(self, number: int = 0) -> None:
        """A heading begins. `number`: one that the document counts itself."""
        self.waiting = part_mark(HEADING, number)

    def begin_list(self, start: int = 1) -> None:
        """A list begins; `start` is its first number."""
        self.lists.append(start - 1)

    def begin_item(self, *, is_numbered: bool, number: int | None = None) -> None:
        """An item of the innermost list begins; without a `number` of its own it has the next one."""
        if not self.lists:
            self.lists.append(0)
        self.lists[-1] = self.lists[-1] + 1 if number is None else number
        self.waiting = part_mark(ITEM, max(0, self.lists[-1]) if is_numbered else 0)

    def end_list(self) -> None:
        """The innermost list ends."""
        if self.lists:
            self.lists.pop()

    def begin_note(self) -> None:
        """A footnote or endnote begins."""
        self.notes += 1
        self.waiting = part_mark(NOTE, self.notes)

    def end_part(self) -> None:
        """What began ends; a part without a line leaves no mark."""
        self.waiting = None

    def mark(self, out: Writing) -> None:
        """A line begins at the end of `out`."""
        if self.waiting:
            out.mark(self.waiting)
            self.waiting = None

    def marked(self, line: EditedText) -> EditedText:
        """A line with what begins with it; one without text has no mark, what waits goes on waiting."""
        if not self.waiting or not line.text.strip():
            return line
        waiting, self.waiting = self.waiting, None
        return replace(line, codes=(waiting, *line.codes))


def whole_number(text: str, default: int) -> int:
    """The small whole number that an attribute gives, else `default`."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS else default


_DIGITS = 4
