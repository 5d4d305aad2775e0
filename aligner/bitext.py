"""The nouns: edited text, segments, documents, beads, alignments. Frozen; they refuse to lose text.

Indices are stored, text is derived. All offsets are in characters (Unicode code points), zero-based, half-open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aligner.errors import BitextError

STATUSES = ("auto", "confirmed", "edited")


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


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters `[start, end)` of a document's text; `paragraph` counts from zero."""

    start: int
    end: int
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A text cut into segments: every character is in one segment or in white space between two.

    `lang` is a BCP 47 tag. `edits` says how `text` differs from what was read.
    Raises `BitextError` where a segment is empty, out of order, overlapping, blank at its edges, or where text
    would stand outside every segment.
    """

    text: str
    lang: str
    segments: tuple[Segment, ...]
    name: str = ""
    edits: tuple[Edit, ...] = ()

    def __post_init__(self) -> None:
        position, paragraph = 0, 0
        for number, segment in enumerate(self.segments):
            if not position <= segment.start < segment.end <= len(self.text):
                raise self._error(number, "empty, overlapping, out of order or outside the text")
            if self.text[position : segment.start].strip():
                raise self._error(number, "text before it is in no segment")
            if self.text[segment.start].isspace() or self.text[segment.end - 1].isspace():
                raise self._error(number, "begins or ends with white space")
            if segment.paragraph < paragraph:
                raise self._error(number, f"paragraph {segment.paragraph} after paragraph {paragraph}")
            position, paragraph = segment.end, segment.paragraph
        if self.text[position:].strip():
            raise BitextError(f"{self.name or 'document'}: text after the last segment is in no segment")
        EditedText(self.text, self.edits)

    def _error(self, number: int, what: str) -> BitextError:
        segment = self.segments[number]
        where = f"{self.name or 'document'}, segment {number} [{segment.start}, {segment.end})"
        return BitextError(f"{where}: {what}")

    def __len__(self) -> int:
        return len(self.segments)

    def sentences(self) -> list[str]:
        """The text of each segment."""
        return [self.text[segment.start : segment.end] for segment in self.segments]

    def span(self, start: int, end: int) -> str:
        """The text of segments `[start, end)` on one line, joined as the document had them."""
        if not 0 <= start <= end <= len(self.segments):
            raise BitextError(f"span [{start}, {end}) outside the {len(self.segments)} segments")
        if start == end:
            return ""
        return one_line(self.text[self.segments[start].start : self.segments[end - 1].end])

    def segment_at(self, offset: int) -> int:
        """The number of the last segment that starts at or before `offset`; 0 where none does."""
        return max(0, bisect_right(self.segments, offset, key=lambda segment: segment.start) - 1)


def one_line(text: str) -> str:
    """`text` with its line breaks (and the blanks around them) written as `line_joint` says."""
    pieces: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        pieces += [line_joint(pieces[-1], line), line] if pieces else [line]
    return "".join(pieces)


def line_joint(before: str, after: str) -> str:
    """What a line break between two texts becomes: nothing in scripts without blanks, elsewhere one blank.

    Quotation marks, dashes and dots that such scripts share with others go with the text around them.
    """
    inner = before[-1:], after[:1]
    if not all(character in _WIDE_MARKS or is_unspaced(character) for character in inner if character):
        return " "
    outer = before.rstrip(_WIDE_MARKS)[-1:], after.lstrip(_WIDE_MARKS)[:1]
    return "" if any(character and is_unspaced(character) for character in outer) else " "


def is_unspaced(character: str) -> bool:
    """Whether `character` belongs to a script written without spaces between words (Han, kana, Thai, …)."""
    point = ord(character)
    return any(first <= point <= last for first, last in _UNSPACED)


# Punctuation that Chinese and Japanese share with other scripts and write without blanks.
_WIDE_MARKS = "“”‘’…—·"
# Unicode blocks: Thai and Lao, Myanmar, Khmer, CJK punctuation to Yi, CJK compatibility, full-width forms, Han planes.
_UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x312F), (0x3130, 0x318F), (0x31A0, 0xA4CF),
    (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFF9F), (0x20000, 0x3FFFF),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bead:
    """Source segments `[src_start, src_end)` translate target segments `[tgt_start, tgt_end)`; one side may be empty.

    `confidence` is a probability, 0 to 1, that a careful annotator would draw this very bead. `alternatives`
    are other ways to draw the same stretch, each a tuple of source and target cut points with its probability.
    `note` is what a reviewer wrote beside it.
    """

    src_start: int
    src_end: int
    tgt_start: int
    tgt_end: int
    confidence: float = 1.0
    status: str = "auto"
    alternatives: tuple[Alternative, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not (0 <= self.src_start <= self.src_end and 0 <= self.tgt_start <= self.tgt_end):
            raise BitextError(f"{self}: a range runs backwards")
        if self.src_start == self.src_end and self.tgt_start == self.tgt_end:
            raise BitextError(f"{self}: empty on both sides")
        _check_review(self)

    @property
    def type(self) -> str:
        """How many segments on each side, `2-1`."""
        return f"{self.src_end - self.src_start}-{self.tgt_end - self.tgt_start}"

    @property
    def is_pair(self) -> bool:
        """Whether both sides have text."""
        return self.src_end > self.src_start and self.tgt_end > self.tgt_start

    def swapped(self) -> Bead:
        """The same bead seen from the other side."""
        return replace(
            self,
            src_start=self.tgt_start, src_end=self.tgt_end, tgt_start=self.src_start, tgt_end=self.src_end,
            alternatives=tuple(alternative.swapped() for alternative in self.alternatives),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alternative:
    """A bead `[src_start, src_end) x [tgt_start, tgt_end)` that competes with the chosen one, and how likely it is."""

    src_start: int
    src_end: int
    tgt_start: int
    tgt_end: int
    confidence: float

    def swapped(self) -> Alternative:
        """The same alternative seen from the other side."""
        return Alternative(self.tgt_start, self.tgt_end, self.src_start, self.src_end, self.confidence)


@dataclass(frozen=True, slots=True)
class Moved:
    """Source segments `[src_start, src_end)` seem to translate `[tgt_start, tgt_end)`, which stand elsewhere.

    In the alignment itself both stretches are one-sided beads. `confidence`, 0 to 1, and `status` are about the
    link between them, as a bead's are about the bead.
    """

    src_start: int
    src_end: int
    tgt_start: int
    tgt_end: int
    confidence: float = 1.0
    status: str = "auto"

    def __post_init__(self) -> None:
        if not (0 <= self.src_start < self.src_end and 0 <= self.tgt_start < self.tgt_end):
            raise BitextError(f"{self}: a range is empty or runs backwards")
        _check_review(self)

    def swapped(self) -> Moved:
        """The same passage seen from the other side."""
        return replace(
            self,
            src_start=self.tgt_start, src_end=self.tgt_end, tgt_start=self.src_start, tgt_end=self.src_end,
        )  # fmt: skip


def _check_review(item: Bead | Moved) -> None:
    if not 0.0 <= item.confidence <= 1.0:
        raise BitextError(f"{item}: confidence outside 0 to 1")
    if item.status not in STATUSES:
        raise BitextError(f"{item}: status {item.status!r} is none of {', '.join(STATUSES)}")


@dataclass(frozen=True, slots=True)
class Alignment:
    """Beads that cover source and target exactly once, in order. `signature` names all that could change the result."""

    source: Document
    target: Document
    beads: tuple[Bead, ...]
    signature: str = ""
    moved: tuple[Moved, ...] = ()

    def __post_init__(self) -> None:
        src, tgt = 0, 0
        for number, bead in enumerate(self.beads):
            if (bead.src_start, bead.tgt_start) != (src, tgt):
                raise BitextError(
                    f"bead {number} starts at ({bead.src_start}, {bead.tgt_start}), the last ended at ({src}, {tgt})"
                )
            src, tgt = bead.src_end, bead.tgt_end
        if (src, tgt) != (len(self.source), len(self.target)):
            raise BitextError(
                f"beads end at ({src}, {tgt}), the documents at ({len(self.source)}, {len(self.target)})"
            )

    def pairs(self) -> list[Bead]:
        """The beads with text on both sides."""
        return [bead for bead in self.beads if bead.is_pair]

    def source_text(self, bead: Bead) -> str:
        """The bead's source side on one line, empty where it has none."""
        return self.source.span(bead.src_start, bead.src_end)

    def target_text(self, bead: Bead) -> str:
        """The bead's target side on one line, empty where it has none."""
        return self.target.span(bead.tgt_start, bead.tgt_end)

    def swapped(self) -> Alignment:
        """The same alignment with source and target exchanged."""
        return Alignment(
            self.target, self.source, tuple(bead.swapped() for bead in self.beads), self.signature,
            tuple(passage.swapped() for passage in self.moved),
        )  # fmt: skip
