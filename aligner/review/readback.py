"""A reviewed sheet or table goes back into the alignment it came from.

Rows are known by their `id`, so they may be sorted, filtered and deleted. A status counts as set; a changed
text goes into the document, recorded as an edit of rule `reviewer`; two ids in a cell (`[0]:[0] [1]:[1]`)
merge; an emptied source or target takes the pair apart: both texts stay, unaligned, and leave the memory.
The status `wrong` gives a pair back to be looked at, texts cut into rows put in below split a pair, and what
is written into `note` stays with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from aligner.bitext import Alignment, Bead, Document, Segment
from aligner.errors import InputError
from aligner.export.units import counterpart, in_script, ladder, moved_note, printable
from aligner.language.joints import one_line
from aligner.review.comments import comment_in
from aligner.review.doubts import find_doubts
from aligner.review.garbled import has_lost_its_script, has_question_marks, is_misread
from aligner.review.moved_rows import reviewed_moved
from aligner.review.remapping import moved_bead, moved_passage
from aligner.review.table_rows import WRONG, TableRow, rows_of, with_splits
from aligner.review.tables import is_same, table_rows
from aligner.text.counted import counted
from aligner.text.edits import REVIEWER, EditedText

RULE = REVIEWER
_SHOWN = 30  # characters of a text in a message


@dataclass(frozen=True, slots=True)
class ReadBack:
    """The alignment with the review in it, what changed, and for the user what could not be taken over."""

    alignment: Alignment
    confirmed: int = 0
    edited: int = 0
    merged: int = 0
    warnings: tuple[str, ...] = ()
    changes: tuple[TextChange, ...] = ()


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text that the reviewer changed: the row, the side, what stood there and what stands there now."""

    place: str
    side: str
    before: str
    after: str


@dataclass(slots=True)
class _Change:
    """New text for segments `[first, last)` of a document."""

    first: int
    last: int
    text: str


@dataclass(slots=True)
class _Review:
    beads: list[Bead] = field(default_factory=list)
    changes: tuple[list[_Change], list[_Change]] = field(default_factory=lambda: ([], []))
    warnings: list[str] = field(default_factory=list)
    listed: list[TextChange] = field(default_factory=list)
    edited: int = 0
    merged: int = 0
    wrong: int = 0


def read_back(alignment: Alignment, path: str | Path, script: str | None = None) -> ReadBack:
    """`alignment` as reviewed in the `.xlsx`, `.ods`, `.xls`, `.tsv` or `.csv` at `path` that was exported from it.

    `script` is what the export converted Chinese text to, if anything. Rows that are gone leave their beads
    as they are. A pair with an emptied cell becomes two one-sided beads, reviewed and told in a warning: the
    translator says that the texts do not belong together, and no text is ever lost by a cell.
    Raises `InputError` where a row's id or status isn't one, it is another alignment's, or a whole column of
    several pairs is empty.
    """
    path = Path(path)
    table = list(table_rows(path))
    rows = rows_of(alignment, table)
    if not rows:
        raise InputError(f"{path}: no row with a pair in it; is it the table you reviewed?")
    _check_columns(alignment, rows, path)
    review = _Review()
    if any(row.note for row in rows):
        messages = _written_notes(alignment, script)
        rows = [replace(row, note=comment_in(row.note, messages.get(row.first, ()))) for row in rows]
    before = sum(bead.status == "confirmed" for bead in alignment.beads)
    alignment = replace(alignment, moved=reviewed_moved(alignment, table, script, review.warnings))
    alignment, rows = with_splits(alignment, rows)
    by_first = {row.first: row for row in rows}
    number = 0
    while number < len(alignment.beads):
        row = by_first.get(number)
        if row is None:
            review.beads.append(alignment.beads[number])
            number += 1
        else:
            _take(row, alignment, review, script)
            number = row.last
    _refuse_garbled(review.listed)
    if review.wrong:
        review.warnings.append(
            f"{review.wrong} marked wrong: at confidence 0 they come first in `align review`, and"
            " `align SOURCE TARGET --keep FILE.json` aligns them anew between the confirmed pairs"
        )
    _note_missing(alignment, rows, review)
    source, source_cuts = _rewritten(alignment.source, review.changes[0])
    target, target_cuts = _rewritten(alignment.target, review.changes[1])
    beads = tuple(moved_bead(bead, source_cuts, target_cuts) for bead in review.beads)
    moved = tuple(moved_passage(passage, source_cuts, target_cuts) for passage in alignment.moved)
    confirmed = sum(bead.status == "confirmed" for bead in beads) - before
    return ReadBack(
        Alignment(source, target, beads, alignment.signature, moved), max(0, confirmed), review.edited,
        review.merged, tuple(review.warnings), tuple(review.listed),
    )  # fmt: skip


def _take(row: TableRow, alignment: Alignment, review: _Review, script: str | None) -> None:
    """Put the row's bead, with its status, and its changed texts into the review."""
    old = alignment.beads[row.first : row.last]
    bead = old[0]
    if len(old) > 1:
        least = min(each.confidence for each in old)
        bead = Bead(bead.src_start, old[-1].src_end, bead.tgt_start, old[-1].tgt_end, least, "edited")
        review.merged += 1
    elif row.status in WRONG:
        bead = replace(bead, status="auto", confidence=0.0)
        review.wrong += 1
    elif row.status:
        bead = replace(bead, status=row.status)
    if row.note:
        bead = replace(bead, note=row.note)
    changed, emptied = _take_texts(row, bead, alignment, review, script)
    if changed or emptied:
        review.edited += 1
        bead = replace(bead, status="edited")
    if emptied:
        review.warnings.append(
            f"{row.place}: the {' and the '.join(emptied)} {'are' if emptied[1:] else 'is'} empty now; "
            f"{ladder(bead)} is taken apart, its texts stay unaligned"
        )
    review.beads += _taken_apart(bead) if emptied else [bead]


def _take_texts(
    row: TableRow, bead: Bead, alignment: Alignment, review: _Review, script: str | None
) -> tuple[bool, list[str]]:
    """Put the row's changed texts into the review; whether there are any, and which sides of a pair are empty now."""
    sides = (
        (alignment.source, bead.src_start, bead.src_end, row.source, "source"),
        (alignment.target, bead.tgt_start, bead.tgt_end, row.target, "target"),
    )
    changed, emptied = False, []
    for changes, (document, first, last, cell, side) in zip(review.changes, sides, strict=True):
        shown = in_script(printable(document.span(first, last)), document.lang, script)
        if cell is None or is_same(cell, shown):
            continue
        if first == last:
            review.warnings.append(f"{row.place}: {ladder(bead)} has no {side}; the text there is left out")
        elif one_line(cell):
            changes.append(_Change(first, last, one_line(cell)))
            review.listed.append(TextChange(row.place, side, shown, one_line(cell)))
            changed = True
        elif bead.is_pair:
            emptied.append(side)
        else:
            review.warnings.append(f"{row.place}: the {side} is empty now; its text stays as it was")
    return changed, emptied


def _taken_apart(bead: Bead) -> list[Bead]:
    source_only = replace(bead, tgt_end=bead.tgt_start, alternatives=())
    return [source_only, replace(bead, src_start=bead.src_end, alternatives=())]


def _check_columns(alignment: Alignment, rows: Sequence[TableRow], path: Path) -> None:
    """Raise `InputError` where a side of every pair is empty: a slip, or a program that lost the column."""
    pairs = [row for row in rows if any(bead.is_pair for bead in alignment.beads[row.first : row.last])]
    for side in ("source", "target"):
        cells = [getattr(row, side) for row in pairs]
        if len(cells) > 1 and all(cell is not None and not one_line(cell) for cell in cells):
            raise InputError(
                f"{path}: the column {side!r} is empty in every pair; is it the table you reviewed?"
            )


def _refuse_garbled(listed: Sequence[TextChange]) -> None:
    """Raise `InputError` where texts came back as question marks or misread, or whole rows in another script."""
    asked = [each for each in listed if has_question_marks(each.before, each.after)]
    misread = [each for each in listed if is_misread(each.before, each.after)]
    other = [each for each in listed if has_lost_its_script(each.before, each.after)]
    garbled = asked or misread or (other if len(other) > 1 else [])
    if garbled:
        first = garbled[0]
        how = "question marks" if asked else "another encoding" if misread else "another script"
        raise InputError(
            f"{first.place}: the {first.side} came back in {how} ({first.before[:_SHOWN]!r} is now"
            f" {first.after[:_SHOWN]!r}), as in {counted(len(garbled), 'cell')}; nothing was read back:"
            " save the table as .xlsx or as UTF-8 csv"
        )


def _note_missing(alignment: Alignment, rows: Sequence[TableRow], review: _Review) -> None:
    there = {number for row in rows for number in range(row.first, row.last)}
    missing = sum(bead.is_pair for number, bead in enumerate(alignment.beads) if number not in there)
    if missing:
        review.warnings.append(f"{counted(missing, 'pair has', 'pairs have')} no row and stay as before")


def _rewritten(document: Document, changes: Sequence[_Change]) -> tuple[Document, list[int]]:
    """The document with the changes, and for each old cut between segments (0 to their count) the new one."""
    edits: list[tuple[int, int, str]] = []
    segments: list[Segment] = []
    cuts = [0]
    shift = done = 0
    for change in changes:
        for segment in document.segments[done : change.first]:
            segments.append(Segment(segment.start + shift, segment.end + shift, segment.paragraph))
            cuts.append(len(segments))
        old = document.segments[change.first : change.last]
        raw = document.text[old[0].start : old[-1].end]
        start, end, new = smallest_change(raw, change.text)
        edits.append((old[0].start + start, old[0].start + end, new))
        pieces = resegmented(old, raw, change.text, (start, end))
        segments += [Segment(p.start + shift, p.end + shift, p.paragraph) for p in pieces]
        kept = len(segments) - len(pieces)
        cuts += [kept + min(n, len(pieces)) for n in range(1, len(old))] + [len(segments)]
        shift += len(change.text) - len(raw)
        done = change.last
    for segment in document.segments[done:]:
        segments.append(Segment(segment.start + shift, segment.end + shift, segment.paragraph))
        cuts.append(len(segments))
    text = EditedText(document.text, document.edits, document.codes).replace(edits, RULE)
    changed = replace(document, text=text.text, edits=text.edits, codes=text.codes, segments=tuple(segments))
    return changed, cuts


def smallest_change(old: str, new: str) -> tuple[int, int, str]:
    """The shortest `[start, end)` of `old` to be written anew, never empty, and what to write there."""
    start, most = 0, min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < most - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if start == len(old) - tail:  # nothing goes, something comes: an edit needs a character that was there
        start, tail = (start - 1, tail) if start else (start, tail - 1)
    return start, len(old) - tail, new[start : len(new) - tail]


def resegmented(old: Sequence[Segment], raw: str, new: str, changed: tuple[int, int]) -> list[Segment]:
    """The segments of the new text, placed as if it began where the old one did; those touched become one."""
    base, shift = old[0].start, len(new) - len(raw)
    start, end = base + changed[0], base + changed[1]
    before = [s for s in old if s.end <= start]
    after = [Segment(s.start + shift, s.end + shift, s.paragraph) for s in old if s.start >= end]
    touched = old[len(before) : len(old) - len(after)]
    middle = [Segment(touched[0].start, touched[-1].end + shift, touched[0].paragraph)] if touched else []
    pieces = [*before, *middle, *after]
    try:
        # The noun itself knows whether these segments cover the text.
        Document(new, "", tuple(Segment(p.start - base, p.end - base, p.paragraph) for p in pieces))
    except ValueError:
        return [Segment(base, base + len(new), old[0].paragraph)]
    return pieces


def _written_notes(alignment: Alignment, script: str | None) -> dict[int, list[str]]:
    """What the export itself wrote beside each bead: its doubts, and what stands elsewhere for it."""
    found: dict[int, list[str]] = {}
    for doubt in find_doubts(alignment):
        found.setdefault(doubt.bead, []).append(printable(doubt.message))
    for place, pair in alignment.elsewhere().items():
        text = counterpart(alignment, alignment.beads[place], pair, script)
        found.setdefault(place, []).extend(moved_note(text))
    return found
