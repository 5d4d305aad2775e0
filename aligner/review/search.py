"""Rows that hold a text or fit filters, and what a replacement would change; nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import regex

from aligner.errors import UsageError
from aligner.review.doubts import Doubt
from aligner.review.places import SIDES, document_on, place_of, range_of
from aligner.review.queue import is_stop
from aligner.review.session import Session

MOST_HITS, MOST_REPLACED = 2_000, 5_000
_SECONDS, _AROUND, _LONGEST = 1.0, 30, 500
_ENDS = {"one_sided", "flagged", "edited", "moved", "stops"}


def search(session: Session, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The rows that hold `text` on `side` and fit `filters`, and where. Raises `UsageError` for a bad pattern."""
    rows = _fitting(session, asked.get("filters") or {})
    if not asked.get("text"):
        return {"total": len(rows), "rows": rows, "hits": [], "more": False}
    sides = SIDES if asked.get("side", "both") == "both" else (asked["side"],)
    hits = [hit for side in sides for hit in _hits(session, asked, asked["text"], side, rows)]
    found = sorted({row for row, *_ in hits})
    shown = [[row, side, match.start(), match.end()] for row, side, match in hits[:MOST_HITS]]
    return {"total": len(hits), "rows": found, "hits": sorted(shown), "more": len(hits) > MOST_HITS}


def preview(session: Session, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What writing `replace` for every `find` on one side would change. Raises `UsageError`."""
    side = asked["side"]
    document, rows = document_on(session.alignment, side), _fitting(session, asked.get("filters") or {})
    found, total = [], 0
    for row, _, match in _hits(session, asked, asked["find"], side, rows):
        total += 1
        if total > MOST_REPLACED:
            continue
        try:
            after = match.expand(asked["replace"]) if asked.get("regex") else str(asked["replace"])
        except (regex.error, IndexError) as error:
            raise UsageError(f"the replacement does not fit the pattern: {error}") from error
        start, end = match.span()
        found.append({
            "row": row, "at": list(place_of(session.alignment, session.alignment.beads[row])),
            "start": start, "end": end, "before": match[0], "after": after,
            "left": document.text[max(0, start - _AROUND) : start], "right": document.text[end : end + _AROUND],
        })  # fmt: skip
    return {"total": total, "hits": found, "more": total > MOST_REPLACED}


def _hits(
    session: Session, asked: Mapping[str, Any], text: Any, side: str, rows: Sequence[int]
) -> Iterator[tuple[int, str, Any]]:
    document, pattern = document_on(session.alignment, side), _pattern(asked, text)
    try:
        for row in rows:
            for segment in document.segments[slice(*range_of(session.alignment.beads[row], side))]:
                for match in pattern.finditer(document.text, segment.start, segment.end, timeout=_SECONDS):
                    if match[0]:
                        yield row, side, match
    except TimeoutError as error:
        raise UsageError("the pattern takes too long; write a simpler one") from error


def _pattern(asked: Mapping[str, Any], text: Any) -> Any:
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST:
        raise UsageError(f"a text of 1 to {_LONGEST} characters is searched for")
    written = text if asked.get("regex") else regex.escape(text)
    if asked.get("word"):
        written = rf"\b(?:{written})\b"
    try:
        return regex.compile(written, 0 if asked.get("case") else regex.IGNORECASE)
    except regex.error as error:
        raise UsageError(f"the pattern can't be read: {error}") from error


def _fitting(session: Session, filters: Mapping[str, Any]) -> list[int]:
    low, high = filters.get("confidence", (0.0, 1.0))
    links = {
        n
        for m in session.alignment.moved
        for n in (("s", k) for k in range(m.src_start, m.src_end))
    } | {("t", k) for m in session.alignment.moved for k in range(m.tgt_start, m.tgt_end)}  # fmt: skip
    found = []
    for number, bead in enumerate(session.alignment.beads):
        doubts: Sequence[Doubt] = session.doubts[number]
        fits = (
            low <= bead.confidence <= high
            and bead.status in filters.get("status", (bead.status,))
            and bead.type in filters.get("types", (bead.type,))
            and ("rules" not in filters or any(doubt.rule in filters["rules"] for doubt in doubts))
        )
        is_so = {
            "one_sided": not bead.is_pair, "flagged": session.is_flagged(bead), "edited": bead.status == "edited",
            "moved": not bead.is_pair and (("s", bead.src_start) in links or ("t", bead.tgt_start) in links),
            "stops": is_stop(bead, len(doubts)),
        }  # fmt: skip
        if fits and all(is_so[name] == bool(filters[name]) for name in _ENDS & set(filters)):
            found.append(number)
    return found
