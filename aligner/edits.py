"""A text with a record of every edit that made it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aligner.errors import BitextError

REVIEWER = "reviewer"
"""The rule of an edit that a person made."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One place where a text differs from what was read: `text[at:at+len(written)]` stood there as `found`.

    An empty `written` is a removal, an empty `found` is not allowed. `rule` names the rule that did it.
    """

    at: int
    found: str
    written: str
    rule: str

    def __post_init__(self) -> None:
        if self.at < 0 or not self.found or not self.rule:
            raise BitextError(f"edit at {self.at}: needs a place >= 0, the text found and the rule's name")

    @property
    def end(self) -> int:
        """Where the written text ends."""
        return self.at + len(self.written)


@dataclass(frozen=True, slots=True)
class EditedText:
    """A text with a record of every edit that made it, so that what was read can always be rebuilt.

    `edits` are ordered and do not overlap; several removals may share one place.
    """

    text: str
    edits: tuple[Edit, ...] = ()

    def __post_init__(self) -> None:
        position = 0
        for edit in self.edits:
            if edit.at < position or self.text[edit.at : edit.end] != edit.written:
                raise BitextError(
                    f"edit of rule {edit.rule!r} at {edit.at}: out of order or not what the text says"
                )
            position = edit.end

    def original(self) -> str:
        """The text as it was read."""
        return _restore(self.text, self.edits, 0)

    def replace(self, changes: Iterable[tuple[int, int, str]], rule: str) -> EditedText:
        """Write `new` over `[start, end)` for each `(start, end, new)`, recording it under `rule`.

        Changes must be in order, must not overlap and can't insert (`start < end`). One that overlaps an earlier
        edit swallows it: the new edit's `found` is what was read there. A change that changes nothing is ignored.
        """
        queue = self._checked(changes, rule)
        if not queue:
            return self
        edits: list[Edit] = []
        pieces: list[str] = []
        position = length = kept = index = 0
        while index < len(queue):
            start, end, _ = queue[index]
            while kept < len(self.edits) and self.edits[kept].end <= start:
                edits.append(replace(self.edits[kept], at=self.edits[kept].at + length - position))
                kept += 1
            first_edit, first_change = kept, index
            while True:
                if kept < len(self.edits) and self.edits[kept].at < end:
                    start, end = min(start, self.edits[kept].at), max(end, self.edits[kept].end)
                    kept += 1
                elif index < len(queue) and (index == first_change or queue[index][0] < end):
                    end = max(end, queue[index][1])
                    index += 1
                else:
                    break
            new = _write(self.text[start:end], queue[first_change:index], start)
            found = _restore(self.text[start:end], self.edits[first_edit:kept], start)
            pieces += [self.text[position:start], new]
            length += start - position
            if found != new:
                edits.append(Edit(length, found, new, rule))
            length += len(new)
            position = end
        edits.extend(replace(edit, at=edit.at + length - position) for edit in self.edits[kept:])
        pieces.append(self.text[position:])
        return EditedText("".join(pieces), tuple(edits))

    def _checked(self, changes: Iterable[tuple[int, int, str]], rule: str) -> list[tuple[int, int, str]]:
        queue, position = [], 0
        for start, end, new in changes:
            if not position <= start < end <= len(self.text):
                raise BitextError(
                    f"change [{start}, {end}) of rule {rule!r}: empty, out of order or outside the text"
                )
            if self.text[start:end] != new:
                queue.append((start, end, new))
            position = end
        return queue

    def remove(self, spans: Iterable[tuple[int, int]], rule: str) -> EditedText:
        """Take out each `[start, end)`, recording it under `rule`."""
        return self.replace(((start, end, "") for start, end in spans), rule)

    def slice(self, start: int, end: int) -> EditedText:
        """The part `[start, end)` with its edits. A cut inside a repair is refused.

        A removal that stands exactly at `start` belongs to this part, one exactly at `end` to the next, except
        at the very end of the text.
        """
        last = end == len(self.text)
        kept = []
        for edit in self.edits:
            if (
                edit.end < start
                or edit.at > end
                or (edit.at == end and not last)
                or (edit.at < start >= edit.end)
            ):
                continue
            if edit.at < start or edit.end > end:
                raise BitextError(f"cut at {start}..{end} inside the repair at {edit.at}")
            kept.append(replace(edit, at=edit.at - start))
        return EditedText(self.text[start:end], tuple(kept))

    @staticmethod
    def join(parts: Sequence[EditedText], separator: str = "") -> EditedText:
        """The parts one after another, edits kept, `separator` (white space) between them."""
        edits: list[Edit] = []
        length = 0
        for part in parts:
            edits.extend(replace(edit, at=edit.at + length) for edit in part.edits)
            length += len(part.text) + len(separator)
        return EditedText(separator.join(part.text for part in parts), tuple(edits))


def _write(text: str, changes: Sequence[tuple[int, int, str]], offset: int) -> str:
    pieces: list[str] = []
    position = 0
    for start, end, new in changes:
        pieces += [text[position : start - offset], new]
        position = end - offset
    return "".join([*pieces, text[position:]])


def _restore(text: str, edits: Sequence[Edit], offset: int) -> str:
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces.append(text[position : edit.at - offset])
        pieces.append(edit.found)
        position = edit.end - offset
    pieces.append(text[position:])
    return "".join(pieces)
