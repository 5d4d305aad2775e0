"""The rows of a reviewed table as what they ask: which beads each stands for, joined or split, and what it says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from aligner.bitext import STATUSES, Alignment
from aligner.errors import InputError
from aligner.export import sheet
from aligner.export.ladder import parse_bead
from aligner.export.units import label, ladder
from aligner.language.joints import letters
from aligner.review.splitting import Texts, adds_up, split
from aligner.review.tables import ID, Cells

_ALIKE = 0.8  # of two texts that are joined, what a reviser leaves who mends the join
_LONGEST = 2_000  # characters; comparing takes their square
DELETE, WRONG = ("delete", "deleted"), ("wrong", "again")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row on its way back: the old beads `[first, last)` it stands for and what the reviewer left in it."""

    place: str
    first: int
    last: int
    source: str | None
    target: str | None
    status: str | None
    note: str = ""
    below: tuple[Texts, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether both texts were taken out."""
        return not (self.source or "").strip() and not (self.target or "").strip() and self.source is not None


def rows_of(alignment: Alignment, table: Iterable[Cells]) -> list[TableRow]:
    """The rows of this alignment in a `table`. Raises `InputError` for an id or status that is none, or an id twice."""
    number_of = {
        (range(bead.src_start, bead.src_end), range(bead.tgt_start, bead.tgt_end)): number
        for number, bead in enumerate(alignment.beads)
    }
    taken: dict[int, str] = {}
    moved = {ladder(pair.bead()) for pair in alignment.moved}
    rows: list[TableRow] = []
    for place, cells in table:
        if cells.get(sheet.DOCUMENT, label(alignment)) != label(alignment) or cells["id"].strip() in moved:
            continue
        if not ID.search(cells["id"]):
            if not any(cells.get(side, "").strip() for side in ("source", "target", "id")):
                continue  # a remark between the pairs
            above = rows.pop() if rows and rows[-1].source is not None else None
            rows.append(_with_below(above, cells, alignment, place))
            continue
        first, last = _beads_of(cells["id"], number_of, place)
        for number in range(first, last):
            if number in taken:
                other = taken[number].rpartition(", ")[2]
                raise InputError(f"{place}: {cells['id']} stands in {other} too; delete one of the two")
            taken[number] = place
        status = cells.get("status", "").strip().lower() or None
        if status in DELETE:  # as an emptied cell: the texts stay, unaligned
            rows.append(TableRow(place, first, last, cells.get("source"), "", None))
            continue
        if status is not None and status not in (*STATUSES, *WRONG):
            raise InputError(f"{place}: status {status!r} is none of {', '.join(STATUSES)}, delete, wrong")
        texts = cells.get("source"), cells.get("target")
        rows.append(TableRow(place, first, last, *texts, status, cells.get("note", "").strip()))
    return _joined(rows, alignment)


def _with_below(
    above: TableRow | None, cells: Mapping[str, str], alignment: Alignment, place: str
) -> TableRow:
    """The row above with one more part. Raises `InputError` where there is none; `with_splits` adds the parts up."""
    if above is None or above.last - above.first > 1 or not alignment.beads[above.first].is_pair:
        raise InputError(
            f"{place}: no id like [0]:[0]; only a table with its id column can go back (a row that was put in has"
            " none: delete it, or put it under the pair that it was cut from)"
        )
    return replace(above, below=(*above.below, (cells.get("source", ""), cells.get("target", ""))))


def with_splits(alignment: Alignment, rows: list[TableRow]) -> tuple[Alignment, list[TableRow]]:
    """The alignment with the pairs split whose texts stand in rows below, and the rows by its numbers."""
    parts = {
        row.first: ((row.source or "", row.target or ""), *row.below) for row in rows if row.below
    }  # fmt: skip
    if not parts:
        return alignment, rows
    for row in rows:
        if row.below and not adds_up(alignment, alignment.beads[row.first], parts[row.first]):
            raise InputError(
                f"{row.place}: the row under it has no id, and the two don't add up to the pair's texts: to split a"
                " pair cut its texts into rows and change nothing else, to add a row is not possible"
            )
    whole, numbers = split(alignment, parts)
    kept = [replace(row, first=numbers[row.first], last=numbers[row.last]) for row in rows if not row.below]
    pieces = [
        TableRow(row.place, number, number + 1, None, None, "edited", row.note if number == numbers[row.first] else "")
        for row in rows if row.below
        for number in range(numbers[row.first], numbers[row.last])
    ]  # fmt: skip
    return whole, sorted([*kept, *pieces], key=lambda row: row.first)


def _joined(rows: Sequence[TableRow], alignment: Alignment) -> list[TableRow]:
    """The rows, each with those beside it that were deleted or emptied after their texts were joined to it."""
    empty = {row.first for row in rows if row.is_empty}
    there = {number for row in rows for number in range(row.first, row.last)} - empty
    joined = [_with_neighbours(row, alignment, there) for row in rows]
    taken_in = {
        number
        for old, new in zip(rows, joined, strict=True) for number in range(new.first, new.last)
        if not old.first <= number < old.last
    }  # fmt: skip
    return [row for row in joined if not (row.is_empty and row.first in taken_in)]


def _with_neighbours(row: TableRow, alignment: Alignment, there: Collection[int]) -> TableRow:
    """`row` with the beads below it, or above, that have no row of their own and whose texts it holds."""
    if not row.source or not row.target:
        return row
    said = letters(row.source), letters(row.target)
    near: dict[float, TableRow] = {}
    for step in (1, -1):
        first, last = row.first, row.last
        while 0 <= (number := last if step > 0 else first - 1) < len(alignment.beads) and number not in there:
            first, last = min(first, number), max(last, number + 1)
            texts = _texts(alignment, first, last)
            if texts == said:
                return replace(row, first=first, last=last, source=None, target=None)
            near.setdefault(_alike(said, texts), replace(row, first=first, last=last))
    best = max(near, default=0.0)
    own = _texts(alignment, row.first, row.last)
    return near[best] if best >= _ALIKE and best > _alike(said, own) else row


def _texts(alignment: Alignment, first: int, last: int) -> tuple[str, str]:
    """The letters of both sides of the beads `[first, last)`."""
    whole = replace(alignment.beads[first], src_end=alignment.beads[last - 1].src_end,
                    tgt_end=alignment.beads[last - 1].tgt_end)  # fmt: skip
    return letters(alignment.source_text(whole)), letters(alignment.target_text(whole))


def _alike(said: tuple[str, str], texts: tuple[str, str]) -> float:
    """How alike what is said is to the texts, on the side that is less so, 0 to 1; 0 for what no one reads at once."""
    if max(map(len, (*said, *texts))) > _LONGEST:
        return 0.0
    return min(SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in zip(said, texts, strict=True))


def _beads_of(text: str, number_of: Mapping[tuple[range, range], int], place: str) -> tuple[int, int]:
    numbers = []
    for piece in ID.findall(text):
        try:
            source, target = parse_bead(piece)
        except ValueError as error:
            raise InputError(f"{place}: {error}") from error
        # Empty ranges are equal wherever they stand, and a segment is in one bead only.
        numbers.append(number_of.get((source, target)))
    if not numbers or ID.sub("", text).strip(" +,;") or None in numbers:
        raise InputError(f"{place}: id {text!r} is no bead of this alignment; is the table from another?")
    known = sorted(number for number in numbers if number is not None)
    if known != list(range(known[0], known[0] + len(known))):
        raise InputError(f"{place}: {text!r} can't be merged; only neighbours can")
    return known[0], known[-1] + 1
