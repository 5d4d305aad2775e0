"""The nouns: edited text, segments, documents, beads, alignments. Frozen; they refuse to lose text.

Indices are stored, text is derived. All offsets are in characters (Unicode code points), zero-based, half-open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from aligner.errors import BitextError
from aligner.language.joints import one_line
from aligner.text.codes import PART, Code
from aligner.text.counted import counted
from aligner.text.edits import Edit, EditedText

STATUSES = ("auto", "confirmed", "edited")


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters `[start, end)` of a document's text; `paragraph` counts from zero."""

    start: int
    end: int
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A text cut into segments: every character is in one segment or in white space between two.

    `lang` is a BCP 47 tag. `edits` says how `text` differs from what was read, `codes` are the
    inline codes that stand in it.
    Raises `BitextError` where a segment is empty, out of order, overlapping, blank at its edges, or where text
    would stand outside every segment.
    """

    text: str
    lang: str
    segments: tuple[Segment, ...]
    name: str = ""
    edits: tuple[Edit, ...] = ()
    codes: tuple[Code, ...] = ()

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
        EditedText(self.text, self.edits, self.codes)

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
            raise BitextError(f"span [{start}, {end}) outside the {counted(len(self.segments), 'segment')}")
        if start == end:
            return ""
        return one_line(self.text[self.segments[start].start : self.segments[end - 1].end])

    def without_parts(self) -> Document:
        """The document without the marks of headings, items and notes, which only the alignment looks at."""
        codes = tuple(code for code in self.codes if code.type != PART)
        return self if len(codes) == len(self.codes) else replace(self, codes=codes)

    def segment_at(self, offset: int) -> int:
        """The number of the last segment that starts at or before `offset`; 0 where none does."""
        return max(0, bisect_right(self.segments, offset, key=lambda segment: segment.start) - 1)


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
    """Source segments `[src_start, src_end)` seem to translate `[tgt_start, tgt_end)`, which stand elsewhere: a pair.

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

    def holds(self, bead: Bead) -> bool:
        """Whether the bead is one-sided and its segments are of this pair."""
        if bead.is_pair:
            return False
        if bead.src_start < bead.src_end:
            return self.src_start <= bead.src_start and bead.src_end <= self.src_end
        return self.tgt_start <= bead.tgt_start and bead.tgt_end <= self.tgt_end

    def bead(self) -> Bead:
        """The pair as a bead, which no path holds."""
        return Bead(self.src_start, self.src_end, self.tgt_start, self.tgt_end, self.confidence, self.status)

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

    def elsewhere(self) -> dict[int, Moved]:
        """The numbers of the one-sided beads of which moved pairs are made, each with its pair."""
        sources = {n: pair for pair in self.moved for n in range(pair.src_start, pair.src_end)}
        targets = {n: pair for pair in self.moved for n in range(pair.tgt_start, pair.tgt_end)}
        found = {}
        for number, bead in enumerate(self.beads if self.moved else ()):
            pair = (
                sources.get(bead.src_start) if bead.src_start < bead.src_end else targets.get(bead.tgt_start)
            )
            if pair and pair.holds(bead):
                found[number] = pair
        return found

    def links(self) -> Iterator[tuple[int | None, Bead]]:
        """Each bead with its number, in order; a moved pair, without one, in place of its first bead of the source.

        A pair of which a two-sided bead holds a segment now stands no longer.
        """
        elsewhere = self.elsewhere()
        size: Counter[Moved] = Counter()
        for number, pair in elsewhere.items():
            bead = self.beads[number]
            size[pair] += bead.src_end - bead.src_start + bead.tgt_end - bead.tgt_start
        for number, bead in enumerate(self.beads):
            moved = elsewhere.get(number)
            if (
                moved is None
                or size[moved] < moved.src_end - moved.src_start + moved.tgt_end - moved.tgt_start
            ):
                yield number, bead
            elif bead.src_start == moved.src_start and bead.src_start < bead.src_end:
                yield None, moved.bead()

    def moved_passages(self) -> list[Moved]:
        """The moved pairs, those that follow each other in both texts joined to one passage."""
        passages: list[Moved] = []
        for pair in self.moved:
            last = passages[-1] if passages else None
            if last and (last.src_end, last.tgt_end) == (pair.src_start, pair.tgt_start):
                passages[-1] = replace(last, src_end=pair.src_end, tgt_end=pair.tgt_end)
            else:
                passages.append(pair)
        return passages

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
