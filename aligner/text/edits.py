"""A text with a record of every edit that made it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from aligner.errors import BitextError
from aligner.text.codes import RULE as CODE_RULE
from aligner.text.codes import Code, check_codes, cut, follow, joined

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

    @property
    def is_code(self) -> bool:
        """Whether it records an inline code that is gone: formatting, no text."""
        return self.rule == CODE_RULE


@dataclass(frozen=True, slots=True)
class EditedText:
    """A text with a record of every edit that made it, so that what was read can always be rebuilt.

    `edits` are ordered and do not overlap; several removals may share one place. `codes` are the inline codes that
    stand in it, in order; they follow the text through every change.
    """

    text: str
    edits: tuple[Edit, ...] = ()
    codes: tuple[Code, ...] = ()

    def __post_init__(self) -> None:
        position = 0
        for edit in self.edits:
            if edit.at < position or self.text[edit.at : edit.end] != edit.written:
                raise BitextError(
                    f"edit of rule {edit.rule!r} at {edit.at}: out of order or not what the text says"
                )
            position = edit.end
        check_codes(self.codes, len(self.text))

    def original(self) -> str:
        """The text as it was read."""
        return _restore(self.text, self.edits, 0)

    def replace(self, changes: Iterable[tuple[int, int, str]], rule: str) -> EditedText:
        """Write `new` over `[start, end)` for each `(start, end, new)`, recording it under `rule`.

        Changes must be in order, must not overlap and can't insert (`start < end`). One that overlaps an earlier
        edit swallows it: the new edit's `found` is what was read there. A change that changes nothing is ignored.
        Codes stay where a word beside them stays; one that has no place any more is on record before the edit.
        """
        queue = self._checked(changes, rule)
        if not queue:
            return self
        codes, gone = follow(self.codes, self.text, queue, reworded=rule == REVIEWER)
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
            swallowed = self.edits[first_edit:kept]
            found = _restore(self.text[start:end], [edit for edit in swallowed if not edit.is_code], start)
            pieces += [self.text[position:start], new]
            length += start - position
            edits += [Edit(length, edit.found, "", edit.rule) for edit in swallowed if edit.is_code]
            lost = (code for number in range(first_change, index) for code in gone.get(number, ()))
            edits += [Edit(length, code.shown, "", CODE_RULE) for code in lost if not code.is_mark]
            if found != new:
                edits.append(Edit(length, found, new, rule))
            length += len(new)
            position = end
        edits.extend(replace(edit, at=edit.at + length - position) for edit in self.edits[kept:])
        pieces.append(self.text[position:])
        return EditedText("".join(pieces), tuple(edits), tuple(codes))

    def without_codes(self) -> EditedText:
        """The same text with its codes on record: what stands for no text as removed, the rest as written anew.

        Times of subtitles and marks of headings, items and notes stay.
        """
        marks = tuple(code for code in self.codes if code.is_mark)
        if len(marks) == len(self.codes):
            return self
        codes = [code for code in self.codes if not code.is_mark]
        return EditedText(self.text, tuple(_with_records(self.text, self.edits, codes)), marks)

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
        return EditedText(self.text[start:end], tuple(kept), cut(self.codes, start, end, last=last))

    @staticmethod
    def join(parts: Sequence[EditedText], separator: str = "") -> EditedText:
        """The parts one after another, edits kept, `separator` (white space) between them."""
        edits: list[Edit] = []
        places: list[int] = []
        length = 0
        for part in parts:
            edits.extend(replace(edit, at=edit.at + length) for edit in part.edits)
            places.append(length)
            length += len(part.text) + len(separator)
        codes = joined((place, part.codes) for place, part in zip(places, parts, strict=True))
        return EditedText(separator.join(part.text for part in parts), tuple(edits), codes)


def _write(text: str, changes: Sequence[tuple[int, int, str]], offset: int) -> str:
    pieces: list[str] = []
    position = 0
    for start, end, new in changes:
        pieces += [text[position : start - offset], new]
        position = end - offset
    return "".join([*pieces, text[position:]])


def _with_records(text: str, edits: Sequence[Edit], codes: Sequence[Code]) -> Iterator[Edit]:
    """The edits with a record of each code, where an edit covers its place before that edit."""
    number = position = 0
    for code in codes:
        while number < len(edits) and edits[number].end <= code.at:
            yield edits[number]
            position = edits[number].end
            number += 1
        at, written = code.at, text[code.at : code.end]
        if number < len(edits) and edits[number].at < code.end:
            at, written = edits[number].at, ""
        if at < position:
            at, written = position, ""
        if code.shown != written:
            yield Edit(at, code.shown, written, CODE_RULE)
            position = at + len(written)
    yield from edits[number:]


def _restore(text: str, edits: Sequence[Edit], offset: int) -> str:
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces.append(text[position : edit.at - offset])
        pieces.append(edit.found)
        position = edit.end - offset
    pieces.append(text[position:])
    return "".join(pieces)
