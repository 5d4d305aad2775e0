"""Other beads for a stretch of rows: what merging, matching, realigning and learning share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from aligner.bitext import Alternative, Bead
from aligner.export.savefile import SaveFile
from aligner.review.patches import Extra, Patch, extra_of
from aligner.review.places import Refused, argument, bead_at

UNSURE = 0.5
"""Confidence at most of a row that lost or gained text by what was done beside it: it must be looked at."""


def merged(saved: SaveFile, first: int, last: int) -> Patch:
    """Beads `[first, last)` as one, drawn by the reviewer."""
    old = saved.alignment.beads[first:last]
    new = Bead(
        old[0].src_start, old[-1].src_end, old[0].tgt_start, old[-1].tgt_end,
        min(bead.confidence for bead in old), "edited", note=joined(bead.note for bead in old),
    )  # fmt: skip
    return Patch(first, last, (new,), (together(saved, old),))


def joined(notes: Iterable[str]) -> str:
    """The notes, each once, a line each."""
    return "\n".join(dict.fromkeys(filter(None, notes)))


def together(saved: SaveFile, beads: Sequence[Bead]) -> Extra:
    """The keys of all the beads; of two of a name the first counts."""
    found: dict[str, Any] = {}
    for bead in beads:
        found = {**extra_of(saved, bead), **found}
    return found


def unsure(bead: Bead) -> Bead:
    """The bead as one that must be looked at."""
    return replace(bead, status="auto", confidence=min(bead.confidence, UNSURE), alternatives=())


def two_rows(saved: SaveFile, number: int, acted: Bead, other: Bead) -> Patch:
    """The bead acted on and the next one, which only lost or gained by it."""
    old = saved.alignment.beads[number : number + 2]
    new = (replace(acted, status="edited", alternatives=()), unsure(other))
    return Patch(number, number + 2, new, tuple(extra_of(saved, bead) for bead in old))


def one_sided(bead: Bead, side: str, start: int, end: int) -> Bead:
    """A bead of segments `[start, end)` alone, behind `bead`, that nobody decided on."""
    if side == "source":
        return Bead(start, end, bead.tgt_end, bead.tgt_end, UNSURE)
    return Bead(bead.src_end, bead.src_end, start, end, UNSURE)


def leftovers(src_start: int, src_end: int, tgt_start: int, tgt_end: int) -> list[Bead]:
    """Undecided beads for what is left of a stretch: one where both sides are left, else one a segment."""
    if src_start < src_end and tgt_start < tgt_end:
        return [Bead(src_start, src_end, tgt_start, tgt_end, UNSURE)]
    sources = [Bead(n, n + 1, tgt_start, tgt_start, UNSURE) for n in range(src_start, src_end)]
    return sources + [Bead(src_end, src_end, n, n + 1, UNSURE) for n in range(tgt_start, tgt_end)]


def redraw_rows(saved: SaveFile, args: Mapping[str, Any]) -> list[Patch]:
    """The beads that the aligner found for stretches between decided rows.

    `stretches`, in order: `{"from": place, "rows": how many go, "beads": [[sources, targets, confidence,
    alternatives], …]}`, alternatives as ranges from the bead's own start. Raises `Refused` where a stretch holds
    a decided row.
    """
    stretches = argument(args, "stretches")
    if not isinstance(stretches, list):
        raise Refused("body")
    # From the last to the first, so that the numbers of those before stay.
    return [_redrawn(saved, stretch) for stretch in reversed(stretches)]


def _redrawn(saved: SaveFile, stretch: Any) -> Patch:
    try:
        first = bead_at(saved.alignment, stretch["from"])
        old = saved.alignment.beads[first : first + int(stretch["rows"])]
        source, target = old[0].src_start, old[0].tgt_start
        new: list[Bead] = []
        for sources, targets, confidence, *others in stretch["beads"]:
            alternatives = tuple(_from(source, target, other) for other in (others[0] if others else ()))
            new.append(
                Bead(
                    source, source + sources, target, target + targets, confidence, alternatives=alternatives
                )
            )
            source, target = new[-1].src_end, new[-1].tgt_end
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Refused("body") from error
    if any(bead.status != "auto" for bead in old):
        raise Refused("decided")
    if not new:
        raise Refused("body")
    kept = {ranges_of(bead): bead for bead in old}
    same = [kept.get(ranges_of(bead)) for bead in new]
    new = [
        replace(bead, note=before.note) if before else bead for bead, before in zip(new, same, strict=True)
    ]
    extras = [extra_of(saved, before) if before else {} for before in same]
    gone = [bead for bead in old if ranges_of(bead) not in set(map(ranges_of, new))]
    notes, keys = joined(bead.note for bead in gone), together(saved, gone)
    if notes or keys:  # a flag must not go with the row it stood on
        new[0] = replace(new[0], note=joined((new[0].note, notes)))
        extras[0] = {**keys, **extras[0]}
    return Patch(first, first + len(old), tuple(new), tuple(extras))


def _from(source: int, target: int, other: Sequence[Any]) -> Alternative:
    a, b, c, d, confidence = other
    return Alternative(source + a, source + b, target + c, target + d, confidence)


def ranges_of(bead: Bead) -> tuple[int, int, int, int]:
    """The segments that the bead holds, by which two drawings of it are the same."""
    return bead.src_start, bead.src_end, bead.tgt_start, bead.tgt_end


def as_stretch(place: tuple[int, int], rows: int, beads: Sequence[Bead]) -> dict[str, Any]:
    """A stretch for `redraw_rows`: `beads` in the place of `rows` rows from `place` on."""
    return {"from": list(place), "rows": rows, "beads": [_counted(bead) for bead in beads]}


def _counted(bead: Bead) -> list[Any]:
    s, t = bead.src_start, bead.tgt_start
    counted: list[Any] = [bead.src_end - s, bead.tgt_end - t, bead.confidence]
    if bead.alternatives:
        others = bead.alternatives
        counted.append(
            [[o.src_start - s, o.src_end - s, o.tgt_start - t, o.tgt_end - t, o.confidence] for o in others]
        )
    return counted
