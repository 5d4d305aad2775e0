"""Rows as the page gets them: a bead with its texts, doubts, alternatives and moved passages as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aligner.bitext import Alignment, Bead, Document
from aligner.export.savefile import SaveFile
from aligner.review.counterparts import doubt_places
from aligner.review.doubts import Doubt
from aligner.review.patches import extra_of
from aligner.review.places import bead_of, offset_of, place_of
from aligner.review.queue import is_stop, risk_of
from aligner.review.readback import RULE


def row_of(saved: SaveFile, number: int, doubts: Sequence[Doubt]) -> dict[str, Any]:
    """One row, with `doubts` about its bead."""
    alignment = saved.alignment
    bead = alignment.beads[number]
    source, target = alignment.source, alignment.target
    return {
        "row": number, "at": list(place_of(alignment, bead)), "type": bead.type,
        "source": _segments(source, bead.src_start, bead.src_end),
        "target": _segments(target, bead.tgt_start, bead.tgt_end),
        "confidence": bead.confidence, "status": bead.status,
        "risk": round(risk_of(bead, len(doubts)), 4), "stop": is_stop(bead, len(doubts)),
        "doubts": [
            {"rule": doubt.rule, "message": doubt.message, "places": doubt_places(alignment, bead, doubt)}
            for doubt in doubts
        ],
        "flag": {"comment": bead.note} if extra_of(saved, bead).get("flag") else None,
        "notes": [bead.note] if bead.note else [],
        "edited": {"source": _is_edited(source, bead.src_start, bead.src_end),
                   "target": _is_edited(target, bead.tgt_start, bead.tgt_end)},
        "alternatives": _alternatives(alignment, bead), "moved": _moved(alignment, bead),
    }  # fmt: skip


def _segments(document: Document, start: int, end: int) -> list[dict[str, Any]]:
    return [
        {"start": s.start, "end": s.end, "paragraph": s.paragraph, "text": document.text[s.start : s.end]}
        for s in document.segments[start:end]
    ]


def _span(document: Document, start: int, end: int) -> list[int]:
    first = offset_of(document, start)
    return [first, document.segments[end - 1].end if end > start else first]


def _is_edited(document: Document, start: int, end: int) -> bool:
    if start == end:
        return False
    first, last = _span(document, start, end)
    return any(edit.rule == RULE and first <= edit.at < last for edit in document.edits)


def _alternatives(alignment: Alignment, bead: Bead) -> list[dict[str, Any]]:
    source, target = alignment.source, alignment.target
    return [
        {"key": key, "source": _span(source, o.src_start, o.src_end), "target": _span(target, o.tgt_start, o.tgt_end),
         "type": f"{o.src_end - o.src_start}-{o.tgt_end - o.tgt_start}", "confidence": o.confidence}
        for key, o in enumerate(bead.alternatives, 1)
        if o.src_end <= len(source) and o.tgt_end <= len(target)
    ]  # fmt: skip


def _moved(alignment: Alignment, bead: Bead) -> list[dict[str, Any]]:
    found = []
    for link, m in enumerate(alignment.moved):
        if bead.is_pair:
            break
        here_source = m.src_start <= bead.src_start < bead.src_end <= m.src_end
        here_target = m.tgt_start <= bead.tgt_start < bead.tgt_end <= m.tgt_end
        if not here_source and not here_target:
            continue
        side = "target" if here_source else "source"
        other = bead_of(alignment, side, m.tgt_start if here_source else m.src_start)
        text = (
            alignment.target.span(m.tgt_start, m.tgt_end)
            if here_source
            else alignment.source.span(m.src_start, m.src_end)
        )
        found.append({
            "link": link, "side": side, "text": text, "row": other,
            "at": list(place_of(alignment, alignment.beads[other])), "confidence": m.confidence, "status": m.status,
            "source": _span(alignment.source, m.src_start, m.src_end),
            "target": _span(alignment.target, m.tgt_start, m.tgt_end),
        })  # fmt: skip
    return found
