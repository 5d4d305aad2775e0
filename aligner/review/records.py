"""Patches as plain data for the journal, and back; what is read is checked, a journal may be damaged or forged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from typing import Any

from aligner.bitext import Alternative, Bead, Moved, Segment
from aligner.errors import BitextError, InputError
from aligner.review.patches import Patch, SidePatch
from aligner.text.codes import Code
from aligner.text.edits import Edit


def patches_as_data(patches: Sequence[Patch]) -> list[Any]:
    """Patches as what JSON holds."""
    return [_patch_data(patch) for patch in patches]


def patches_from_data(data: Any) -> list[Patch]:
    """The patches that `patches_as_data` wrote. Raises `InputError` where they are none."""
    try:
        return [_patch(each) for each in data]
    except (TypeError, ValueError, KeyError, AttributeError, BitextError) as error:
        raise InputError(f"a line of the journal holds no patch: {error}") from error


def _patch_data(patch: Patch) -> dict[str, Any]:
    data: dict[str, Any] = {"rows": [patch.first, patch.last], "beads": [_bead_data(b) for b in patch.beads]}
    if any(patch.extras):
        data["extras"] = [dict(extra) for extra in patch.extras]
    for side, changed in (("source", patch.source), ("target", patch.target)):
        if changed:
            data[side] = _side_data(changed)
    if patch.moved is not None:
        data["moved"] = [astuple(each) for each in patch.moved]
    return data


def _bead_data(bead: Bead) -> list[Any]:
    data: list[Any] = [
        bead.src_start,
        bead.src_end,
        bead.tgt_start,
        bead.tgt_end,
        bead.confidence,
        bead.status,
    ]
    if bead.alternatives or bead.note:
        data += [[astuple(other) for other in bead.alternatives], bead.note]
    return data


def _side_data(side: SidePatch) -> dict[str, Any]:
    data: dict[str, Any] = {
        "segments": [side.first, side.last, [astuple(each) for each in side.segments]],
        "text": [side.start, side.end, side.text],
        "edits": [side.first_edit, side.last_edit, [astuple(each) for each in side.edits]],
    }
    if side.last_code or side.codes:
        data["codes"] = [side.first_code, side.last_code, [astuple(each) for each in side.codes]]
    return data


def _patch(data: Any) -> Patch:
    first, last = data["rows"]
    beads = tuple(_bead(each) for each in data["beads"])
    extras = tuple(dict(each) for each in data["extras"]) if "extras" in data else ({},) * len(beads)
    moved = tuple(Moved(*each) for each in data["moved"]) if "moved" in data else None
    source, target = (_side(data[side]) if side in data else None for side in ("source", "target"))
    return Patch(first, last, beads, extras, source, target, moved)


def _bead(data: Any) -> Bead:
    a, b, c, d, confidence, status = data[:6]
    others = tuple(Alternative(*other) for other in data[6]) if len(data) > 6 else ()  # noqa: PLR2004
    note = data[7] if len(data) > 7 else ""  # noqa: PLR2004
    return Bead(a, b, c, d, confidence, status, others, note)


def _code(data: Any) -> Code:
    *facts, attributes = data
    return replace(Code(*facts), attributes=tuple((key, value) for key, value in attributes))


def _side(data: Any) -> SidePatch:
    first, last, segments = data["segments"]
    start, end, text = data["text"]
    first_edit, last_edit, edits = data["edits"]
    first_code, last_code, codes = data.get("codes", (0, 0, ()))
    return SidePatch(
        first, last, tuple(Segment(*each) for each in segments), start, end, text,
        first_edit, last_edit, tuple(Edit(*each) for each in edits),
        first_code, last_code, tuple(map(_code, codes)),
    )  # fmt: skip
