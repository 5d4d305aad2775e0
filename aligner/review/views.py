"""What the page reads of a review: the first screen, rows, their lengths and states, the paragraphs around one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aligner.bitext import Document
from aligner.language.tags import is_rtl
from aligner.review.doubts import RULES
from aligner.review.exports import FORMATS
from aligner.review.opening import possible_choices
from aligner.review.places import Refused, bead_at, document_on, nearest_bead, offset_of, range_of
from aligner.review.queue import is_stop
from aligner.review.realign import LARGEST
from aligner.review.session import Session
from aligner.review.settings import read_settings
from aligner.system.installed import installed_version

STATIC = Path(__file__).parent / "static"
MOST_ROWS = 400
_BEFORE = 20
"""Rows shown above the one where the last session ended."""


def view_meta(session: Session) -> dict[str, Any]:
    """What the page must know first."""
    store, alignment = session.store, session.alignment
    opening: dict[str, Any] = {"state": store.state, "operations": store.replayed}
    if store.torn:
        opening["torn"] = {"bytes": store.torn, "file": f"{store.path.name}.journal.torn"}
    if store.state == "changed":
        opening["choices"] = possible_choices(store)
    return {
        "g": session.generation, "version": installed_version(), "file": store.path.name, "read_only": store.read_only,
        "languages": sorted(path.stem for path in (STATIC / "words").glob("*.json")),
        "source": _document(alignment.source), "target": _document(alignment.target),
        "signature": alignment.signature, "counts": session.counts(), "rules": list(RULES),
        "types": sorted({bead.type for bead in alignment.beads}), "place": store.history.place,
        "opening": opening, "exports": list(FORMATS), "longest_realign": LARGEST,
        "glossary": session.glossary is not None, "settings": read_settings(),
    }  # fmt: skip


def view_start(session: Session, count: int, *, with_outline: bool) -> dict[str, Any]:
    """The first screen in one answer: what the page must know, and `count` rows around the last place."""
    is_changed = session.store.state == "changed"
    place = (session.store.history.place or {}).get("at")
    stand = nearest_bead(session.alignment, (place[0], place[1])) if place else 0
    first = max(0, min(stand - _BEFORE, len(session.doubts) - count))
    return {
        "meta": view_meta(session), "rows": view_rows(session, first, first + count),
        "outline": view_outline(session) if with_outline and not is_changed else None,
        "next": None if is_changed else session.next_stop(),
    }  # fmt: skip


def view_rows(session: Session, first: int, last: int) -> dict[str, Any]:
    """Rows by number. Raises `Refused` for too many."""
    if not 0 <= first <= last <= first + MOST_ROWS:
        raise Refused("body")
    return {"from": first, "count": len(session.doubts), "rows": session.rows(first, last)}


def view_outline(session: Session) -> dict[str, Any]:
    """Lengths and states of all rows, kept until one changes: the first screen waits for them."""
    key = session.generation, session.last_n
    if session.outline is None or session.outline[0] != key:
        session.outline = key, _outlined(session)
    return session.outline[1]


def _outlined(session: Session) -> dict[str, Any]:
    alignment, letters = session.alignment, []
    for number, bead in enumerate(alignment.beads):
        letter = "?" if is_stop(bead, len(session.doubts[number])) else bead.status[0]
        letters.append(letter.upper() if bead.note else letter)
    lengths = {
        side: [_length(document_on(alignment, side), *range_of(bead, side)) for bead in alignment.beads]
        for side in ("source", "target")
    }
    return {"rows": len(letters), **lengths, "state": "".join(letters)}


def _length(document: Document, start: int, end: int) -> int:
    return document.segments[end - 1].end - document.segments[start].start if start < end else 0


def view_paragraph(session: Session, place: tuple[int, int]) -> dict[str, Any]:
    """The paragraphs around the row at `place`, on both sides. Raises `Refused` where there is none."""
    alignment = session.alignment
    bead = alignment.beads[bead_at(alignment, place)]
    return {
        side: _around(document_on(alignment, side), *range_of(bead, side)) for side in ("source", "target")
    }


def _around(document: Document, start: int, end: int) -> dict[str, Any]:
    segments, here = document.segments, offset_of(document, start)
    if not segments:
        return {"start": 0, "end": 0, "text": "", "here": [0, 0]}
    low, high = segments[min(start, len(segments) - 1)].paragraph, segments[max(end - 1, 0)].paragraph
    near = [segment for segment in segments if low - 1 <= segment.paragraph <= high + 1]
    return {
        "start": near[0].start, "end": near[-1].end, "text": document.text[near[0].start : near[-1].end],
        "here": [here, segments[end - 1].end if start < end else here],
    }  # fmt: skip


def _document(document: Document) -> dict[str, Any]:
    direction = "rtl" if is_rtl(document.lang) else "ltr"
    return {"name": document.name, "lang": document.lang, "dir": direction, "length": len(document.text)}
