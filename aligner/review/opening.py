"""What becomes of a review whose file something else has changed: applied to it, written beside it, or set aside."""

from __future__ import annotations

from typing import Any

from aligner.bitext import Alignment, Bead
from aligner.export.savefile import SaveFile, dumps
from aligner.files import replacing
from aligner.keep.confirmed import keep_confirmed
from aligner.review.places import Refused, document_on, offset_of, place_of, range_of
from aligner.review.redraw import ranges_of
from aligner.review.store import Store, free_name

CHOICES = ("apply", "copy", "fresh")


def possible_choices(store: Store) -> list[str]:
    """The choices there are: without the state that the journal begins with, only to start over."""
    try:
        store.reviewed()
    except Refused:
        return ["fresh"]
    return list(CHOICES)


def choose(store: Store, choice: object) -> dict[str, Any]:
    """Do it; the file that was written, and how many decided rows were kept and lost. Raises `Refused`."""
    if choice not in CHOICES or store.state != "changed" or store.read_only:
        raise Refused("body")
    if choice == "fresh":
        return {"file": store.start_over().name, "kept": 0, "lost": 0}
    reviewed = store.reviewed()
    decided = sum(bead.status != "auto" for bead in reviewed.alignment.beads)
    if choice == "copy":
        copy = _write_copy(store, reviewed)
        store.start_over()
        return {"file": copy, "kept": 0, "lost": 0}
    store.start_over()
    kept = _apply(store, reviewed)
    # What could not be applied must not be lost with the journal that is set aside.
    name = _write_copy(store, reviewed) if kept < decided else None
    return {"file": name, "kept": kept, "lost": decided - kept}


def _write_copy(store: Store, reviewed: SaveFile) -> str:
    path = free_name(store.path.with_name(f"{store.path.name.removesuffix('.json')}.reviewed.json"))
    with replacing(path) as (file,):
        file.write(dumps(reviewed).encode("utf-8", "backslashreplace"))
    return path.name


def _apply(store: Store, reviewed: SaveFile) -> int:
    """Put the decided rows into the file as it is now, by operations that can be taken back; how many there are."""
    now = store.saved.alignment
    found = keep_confirmed(reviewed.alignment, now.source, now.target)
    kept = 0
    for bead in found.beads:
        kept += _put(store, bead)
    return kept


def _put(store: Store, bead: Bead) -> bool:
    alignment = store.saved.alignment
    there = next((other for other in alignment.beads if ranges_of(other) == ranges_of(bead)), None)
    try:
        if there is not None:
            at = list(place_of(alignment, there))
            store.operate("accept", {"at": at})
        elif bead.is_pair:
            store.operate(
                "match",
                {"source": _span(alignment, "source", bead), "target": _span(alignment, "target", bead)},
            )
        else:
            return False
    except Refused:
        return False
    return True


def _span(alignment: Alignment, side: str, bead: Bead) -> list[int]:
    document, (first, last) = document_on(alignment, side), range_of(bead, side)
    return [offset_of(document, first), document.segments[last - 1].end]
