"""Which beads of an earlier, reviewed alignment still stand: confirmed rows survive a realignment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, TypeVar

from aligner.bitext import Alignment, Bead, Document, Moved
from aligner.errors import InputError
from aligner.language.joints import letters
from aligner.text.counted import counted

_Item = TypeVar("_Item", Bead, Moved)
_Ranges = tuple[int, int, int, int]
_Find = Callable[[Bead | Moved, int, int], _Ranges | None]

_MOST = 0.5  # of the confirmed pairs: with more of them gone it is the review of other texts


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a review stands in two new documents.

    `alignment` is the review, turned round where the texts came the other way (`turned`). `beads` are its confirmed
    and edited beads as beads of the new documents, `lost` counts those that aren't there.
    """

    alignment: Alignment
    turned: bool
    beads: tuple[Bead, ...]
    lost: int

    @property
    def most_are_lost(self) -> bool:
        """Whether more confirmed pairs are gone than are there."""
        return self.lost > _MOST * (self.lost + len(self.beads))

    def notes(self) -> tuple[str, ...]:
        """What the user should hear."""
        told = ["the review has these texts the other way round and was turned"] if self.turned else []
        if self.lost:
            gone = ("is", "was") if self.lost == 1 else ("are", "were")
            told.append(
                f"{self.lost} of {self._confirmed()} {gone[0]} no longer in the texts and {gone[1]} aligned anew"
            )
        return tuple(told)

    def _confirmed(self) -> str:
        return counted(self.lost + len(self.beads), "confirmed pair")

    def refuse_other_texts(self, name: str) -> None:
        """Raise `InputError` where the review would be lost if its file, `name`, were written over."""
        if self.most_are_lost:
            raise InputError(
                f"{name}: {self.lost} of its {self._confirmed()} not in these texts"
                " and would be lost; is it the review of other texts? Write to another file than the one you keep"
            )


def keep_confirmed(review: Alignment, source: Document, target: Document) -> Kept:
    """The confirmed and edited beads of `review` as beads of `source` and `target`, as `keep_in` finds them."""
    return keep_in(review, lambda _: _Two(source, target))[1]


class Texts(Protocol):
    """Two documents and what goes with them."""

    @property
    def source(self) -> Document: ...  # noqa: D102
    @property
    def target(self) -> Document: ...  # noqa: D102


class _Two(NamedTuple):
    source: Document
    target: Document


_Texts = TypeVar("_Texts", bound=Texts)


def keep_in(review: Alignment, texts_for: Callable[[Alignment], _Texts]) -> tuple[_Texts, Kept]:
    """The texts that `texts_for` gives for the review, and what of it stands in them.

    Where the texts were segmented anew, a bead is found by its text, in order. Where more of the review stands when
    it is turned round, the texts were given the other way.
    """
    straight = _kept(review, texts_for(review), turned=False)
    if not straight[1].most_are_lost:
        return straight
    turned = _kept(review.swapped(), texts_for(review.swapped()), turned=True)
    return turned if turned[1].lost < straight[1].lost else straight


def _kept(review: Alignment, texts: _Texts, *, turned: bool) -> tuple[_Texts, Kept]:
    find = _finder(review, texts.source, texts.target)
    found: list[Bead] = []
    src = tgt = lost = 0
    for bead in review.beads:
        if bead.status == "auto":
            continue
        ranges = find(bead, src, tgt)
        if ranges is None:
            lost += 1
            continue
        found.append(_at(bead, ranges))
        src, tgt = ranges[1], ranges[3]
    return texts, Kept(review, turned, tuple(found), lost)


def carried(kept: Kept, alignment: Alignment) -> tuple[Alignment, dict[Bead, Bead]]:
    """`alignment` with the review's notes and confirmed moved passages, and for beads of the review where they went.

    A bead that was drawn anew is where its first segment is now.
    """
    find = _finder(kept.alignment, alignment.source, alignment.target)
    homes = {("source", n): bead for bead in alignment.beads for n in range(bead.src_start, bead.src_end)}
    homes |= {("target", n): bead for bead in alignment.beads for n in range(bead.tgt_start, bead.tgt_end)}
    went: dict[Bead, Bead] = {}
    notes: dict[Bead, str] = {}
    src = tgt = 0
    for old in kept.alignment.beads:
        ranges = find(old, src, tgt)
        if ranges is None:
            continue
        src, tgt = ranges[1], ranges[3]
        side, first = ("source", ranges[0]) if ranges[0] < ranges[1] else ("target", ranges[2])
        went[old] = homes[side, first]
        if old.note and old.note not in notes.get(went[old], ""):
            notes[went[old]] = "; ".join(filter(None, (notes.get(went[old]), old.note)))
    noted = {bead: replace(bead, note=note) for bead, note in notes.items()}
    beads = tuple(noted.get(bead, bead) for bead in alignment.beads)
    moved = _moved(kept.alignment, alignment, find)
    return replace(alignment, beads=beads, moved=moved), {o: noted.get(n, n) for o, n in went.items()}


def _moved(review: Alignment, alignment: Alignment, find: _Find) -> tuple[Moved, ...]:
    """The moved passages of `alignment`, a confirmed one of the review before those it overlaps."""
    lonely = {("s", n) for b in alignment.beads if not b.is_pair for n in range(b.src_start, b.src_end)}
    lonely |= {("t", n) for b in alignment.beads if not b.is_pair for n in range(b.tgt_start, b.tgt_end)}
    stand = []
    for passage in review.moved:
        ranges = find(passage, 0, 0) if passage.status != "auto" else None
        if ranges and _segments(moved := _at(passage, ranges)) <= lonely:
            stand.append(moved)
    taken = {segment for passage in stand for segment in _segments(passage)}
    free = [passage for passage in alignment.moved if not _segments(passage) & taken]
    return tuple(sorted([*stand, *free], key=lambda passage: passage.src_start))


def _segments(passage: Moved) -> set[tuple[str, int]]:
    sources = {("s", n) for n in range(passage.src_start, passage.src_end)}
    return sources | {("t", n) for n in range(passage.tgt_start, passage.tgt_end)}


def _at(item: _Item, ranges: _Ranges) -> _Item:
    src_start, src_end, tgt_start, tgt_end = ranges
    placed = replace(item, src_start=src_start, src_end=src_end, tgt_start=tgt_start, tgt_end=tgt_end)
    # Other ways to draw it were counted in the old segments.
    return replace(placed, alternatives=()) if isinstance(placed, Bead) else placed


def _finder(review: Alignment, source: Document, target: Document) -> _Find:
    """What finds a bead's text in `source` and `target`, from two segments on."""
    sides = _Places(review.source, source), _Places(review.target, target)

    def find(item: Bead | Moved, src: int, tgt: int) -> _Ranges | None:
        sources = sides[0].find_range(item.src_start, item.src_end, src)
        targets = sides[1].find_range(item.tgt_start, item.tgt_end, tgt)
        return (*sources, *targets) if sources and targets else None

    return find


class _Places:
    """Where the segments of an old document are in a new one, by their letters."""

    def __init__(self, old: Document, new: Document) -> None:
        self._old, self._new = old, new
        self._starts: dict[str, list[int]] = {}
        for number in range(len(new)):
            self._starts.setdefault(letters(new.span(number, number + 1)), []).append(number)
        self._lengths = sorted({len(head) for head in self._starts if head})

    def find_range(self, start: int, end: int, begin: int) -> tuple[int, int] | None:
        """Segments `[start, end)` from `begin` on; an empty range is where the one before it ends."""
        if start < end:
            return self._find(self._old.span(start, end), begin, start)
        if start == 0:
            return (0, 0) if begin == 0 else None
        before = self._find(self._old.span(start - 1, start), max(begin - 1, 0), start - 1)
        return (before[1], before[1]) if before and before[1] >= begin else None

    def _find(self, text: str, begin: int, hint: int) -> tuple[int, int] | None:
        """Segments from `begin` on that read as `text`; nearest to `hint` where there are several."""
        wanted = letters(text)
        heads = (wanted[:length] for length in self._lengths if length <= len(wanted))
        starts = [n for head in heads for n in self._starts.get(head, ()) if n >= begin]
        for start in sorted(starts, key=lambda number: abs(number - hint)):
            end = self._end(start, wanted)
            if end:
                return start, end
        return None

    def _end(self, start: int, wanted: str) -> int | None:
        read = ""
        for end in range(start + 1, len(self._new) + 1):
            read += letters(self._new.span(end - 1, end))
            if read == wanted:
                return end
            if not wanted.startswith(read):
                return None
        return None
