"""A patch puts other beads, and other text where wanted, in the place of some; what it replaced is its inverse.

Every operation of the review becomes patches, so that nothing else has to know how to undo anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aligner.bitext import Alignment, Alternative, Bead, Document, Moved, Segment
from aligner.export.foreign_keys import bead_place
from aligner.export.savefile import SaveFile
from aligner.text.codes import Code
from aligner.text.codes import shifted as shifted_codes
from aligner.text.edits import Edit

Extra = Mapping[str, Any]
NOTHING: Extra = {}
_RANGES = re.compile(r"\[(\d+),(\d+),(\d+),(\d+)\]")
_EDIT_KEY = re.compile(r"(removed|repaired|codes)\[(source|target),(\d+),(.*)\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SidePatch:
    """For one document: segments `[first, last)`, characters `[start, end)`, edits `[first_edit, last_edit)` and codes
    `[first_code, last_code)` go; `segments`, `text`, `edits` and `codes`, at their places in the new text, come."""

    first: int
    last: int
    segments: tuple[Segment, ...]
    start: int
    end: int
    text: str
    first_edit: int
    last_edit: int
    edits: tuple[Edit, ...]
    first_code: int = 0
    last_code: int = 0
    codes: tuple[Code, ...] = ()

    @property
    def more_segments(self) -> int:
        """By how much the number of segments grows."""
        return len(self.segments) - (self.last - self.first)

    @property
    def more_text(self) -> int:
        """By how many characters the text grows."""
        return len(self.text) - (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Patch:
    """Beads `[first, last)` go, `beads` come, each with its `extras`, the keys of its entry that aren't ours.

    The new beads cover what the old ones covered, counted in the segments of the new documents. `moved`, where
    given, is the whole new list of moved passages.
    """

    first: int
    last: int
    beads: tuple[Bead, ...]
    extras: tuple[Extra, ...]
    source: SidePatch | None = None
    target: SidePatch | None = None
    moved: tuple[Moved, ...] | None = None

    @property
    def keeps_documents(self) -> bool:
        """Whether only beads change."""
        return self.source is None and self.target is None


def extra_of(saved: SaveFile, bead: Bead) -> Extra:
    """The keys of the bead's entry that aren't ours."""
    found: Extra = saved.extra.get(bead_place(bead), NOTHING)
    return found


def apply_patches(saved: SaveFile, patches: Sequence[Patch]) -> tuple[SaveFile, list[Patch]]:
    """`saved` with `patches` applied one after another, and the patches that take them back.

    Raises `BitextError` where text or order would be lost; nothing is changed then.
    """
    if len(patches) > 1 and all(patch.keeps_documents and patch.moved is None for patch in patches):
        return _apply_beads(saved, patches)
    inverses: list[Patch] = []
    for patch in patches:
        saved, inverse = _apply(saved, patch)
        inverses.insert(0, inverse)
    return saved, inverses


def _apply(saved: SaveFile, patch: Patch) -> tuple[SaveFile, Patch]:
    old = saved.alignment
    source, source_back = _patched(old.source, patch.source)
    target, target_back = _patched(old.target, patch.target)
    shift = (
        patch.source.more_segments if patch.source else 0,
        patch.target.more_segments if patch.target else 0,
    )
    gone = old.beads[patch.first : patch.last]
    behind = _shifted_beads(old.beads[patch.last :], shift)
    moved = patch.moved
    if moved is None:
        ends = _ends(old, patch.last)
        moved = tuple(_shifted_moved(each, ends, shift) for each in old.moved) if any(shift) else old.moved
    alignment = replace(
        old,
        source=source,
        target=target,
        beads=(*old.beads[: patch.first], *patch.beads, *behind),
        moved=moved,
    )
    extra = _extra(saved, patch, shift)
    inverse = Patch(
        patch.first, patch.first + len(patch.beads), gone, tuple(extra_of(saved, bead) for bead in gone),
        source_back, target_back, old.moved if moved != old.moved else None,
    )  # fmt: skip
    return SaveFile(alignment, extra), inverse


def _apply_beads(saved: SaveFile, patches: Sequence[Patch]) -> tuple[SaveFile, list[Patch]]:
    """Patches of beads alone: the alignment is built, and checked, once."""
    beads, extra, inverses = list(saved.alignment.beads), dict(saved.extra), list[Patch]()
    for patch in patches:
        gone = tuple(beads[patch.first : patch.last])
        extras = tuple(extra.pop(bead_place(bead), NOTHING) for bead in gone)
        extra |= _keyed(patch)
        beads[patch.first : patch.last] = patch.beads
        inverses.insert(0, Patch(patch.first, patch.first + len(patch.beads), gone, extras))
    return SaveFile(replace(saved.alignment, beads=tuple(beads)), extra), inverses


def _patched(document: Document, patch: SidePatch | None) -> tuple[Document, SidePatch | None]:
    if patch is None:
        return document, None
    grown = patch.more_text
    segments: Iterable[Segment] = document.segments[patch.last :]
    edits: Iterable[Edit] = document.edits[patch.last_edit :]
    if grown:
        segments = [Segment(each.start + grown, each.end + grown, each.paragraph) for each in segments]
        edits = [replace(each, at=each.at + grown) for each in edits]
    new = replace(
        document,
        text=document.text[: patch.start] + patch.text + document.text[patch.end :],
        segments=(*document.segments[: patch.first], *patch.segments, *segments),
        edits=(*document.edits[: patch.first_edit], *patch.edits, *edits),
        codes=(
            *document.codes[: patch.first_code], *patch.codes,
            *shifted_codes(document.codes[patch.last_code :], grown),
        ),
    )  # fmt: skip
    back = SidePatch(
        patch.first, patch.first + len(patch.segments), document.segments[patch.first : patch.last],
        patch.start, patch.start + len(patch.text), document.text[patch.start : patch.end],
        patch.first_edit, patch.first_edit + len(patch.edits), document.edits[patch.first_edit : patch.last_edit],
        patch.first_code, patch.first_code + len(patch.codes), document.codes[patch.first_code : patch.last_code],
    )  # fmt: skip
    return new, back


def _shifted_beads(beads: Sequence[Bead], shift: tuple[int, int]) -> Sequence[Bead]:
    return [shifted(bead, *shift) for bead in beads] if any(shift) else beads


def shifted(bead: Bead, source: int, target: int) -> Bead:
    """The bead so many segments further on, its alternatives with it."""
    others = tuple(
        Alternative(o.src_start + source, o.src_end + source, o.tgt_start + target, o.tgt_end + target, o.confidence)
        for o in bead.alternatives
    )  # fmt: skip
    return replace(
        bead,
        src_start=bead.src_start + source, src_end=bead.src_end + source,
        tgt_start=bead.tgt_start + target, tgt_end=bead.tgt_end + target,
        alternatives=others,
    )  # fmt: skip


def _ends(alignment: Alignment, last: int) -> tuple[int, int]:
    if last == len(alignment.beads):
        return len(alignment.source), len(alignment.target)
    return alignment.beads[last].src_start, alignment.beads[last].tgt_start


def _shifted_moved(moved: Moved, ends: tuple[int, int], shift: tuple[int, int]) -> Moved:
    """A passage with the ranges that lie behind the patch further on."""
    by = [shift[0] if moved.src_start >= ends[0] else 0, shift[1] if moved.tgt_start >= ends[1] else 0]
    return replace(
        moved,
        src_start=moved.src_start + by[0], src_end=moved.src_end + by[0],
        tgt_start=moved.tgt_start + by[1], tgt_end=moved.tgt_end + by[1],
    )  # fmt: skip


def _keyed(patch: Patch) -> dict[str, Extra]:
    return {bead_place(bead): extra for bead, extra in zip(patch.beads, patch.extras, strict=True) if extra}


def _extra(saved: SaveFile, patch: Patch, shift: tuple[int, int]) -> dict[str, Any]:
    """The keys that aren't ours under the names that their owners have after the patch."""
    gone = {bead_place(bead) for bead in saved.alignment.beads[patch.first : patch.last]}
    ends = _ends(saved.alignment, patch.last)
    kept: dict[str, Any] = {}
    for key, value in saved.extra.items():
        if key not in gone:
            kept[_renamed(key, patch, ends, shift)] = value
    return kept | _keyed(patch)


def _further(ranges: re.Match[str], shift: tuple[int, int]) -> str:
    a, b, c, d = map(int, ranges.groups())
    return f"[{a + shift[0]},{b + shift[0]},{c + shift[1]},{d + shift[1]}]"


def _renamed(key: str, patch: Patch, ends: tuple[int, int], shift: tuple[int, int]) -> str:
    if any(shift) and key.startswith("beads") and (found := _RANGES.search(key)):
        if int(found[1]) >= ends[0] and int(found[3]) >= ends[1]:
            return _RANGES.sub(lambda ranges: _further(ranges, shift), key)
    elif found := _EDIT_KEY.fullmatch(key):
        side = patch.source if found[2] == "source" else patch.target
        if side and side.more_text and int(found[3]) >= side.end:
            return f"{found[1]}[{found[2]},{int(found[3]) + side.more_text},{found[4]}]"
    return key
