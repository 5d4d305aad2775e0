"""What a person may do to an alignment: pure functions from a save file and arguments to patches.

Arguments name characters of the documents. A function raises `Refused` where it can't be done, and gives no
patch where there is nothing to do.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from aligner.bitext import Alignment, Bead, Moved
from aligner.errors import BitextError
from aligner.export.savefile import SaveFile
from aligner.review import matching, redraw, retext
from aligner.review.patches import Patch, apply_patches, extra_of
from aligner.review.places import Refused, argument, bead_at, range_of, segment_at, text_argument
from aligner.review.redraw import UNSURE, merged, one_sided

Args = Mapping[str, Any]
Operation = Callable[[SaveFile, Args], list[Patch]]

LONGEST_COMMENT = 2_000
MOST_ACCEPTED = 400


def operate(saved: SaveFile, name: str, args: Args) -> tuple[SaveFile, list[Patch], list[Patch]]:
    """`saved` after the operation, the patches that did it and those that take it back.

    Raises `Refused`, also where the operation would lose text.
    """
    if name not in OPERATIONS:
        raise Refused("body")
    try:
        patches = OPERATIONS[name](saved, args)
        after, inverses = apply_patches(saved, patches)
    except BitextError as error:
        raise Refused("order") from error
    return after, patches, inverses


def _changed(saved: SaveFile, number: int, **changes: Any) -> list[Patch]:
    bead = saved.alignment.beads[number]
    new = replace(bead, **changes)
    return [Patch(number, number + 1, (new,), (extra_of(saved, bead),))] if new != bead else []


def _accept(saved: SaveFile, args: Args) -> list[Patch]:
    number = bead_at(saved.alignment, argument(args, "at"))
    undecided = saved.alignment.beads[number].status == "auto"
    return _changed(saved, number, status="confirmed") if undecided else []


def _accept_all(saved: SaveFile, args: Args) -> list[Patch]:
    first, last = (bead_at(saved.alignment, argument(args, name)) for name in ("from", "to"))
    if not first <= last < first + MOST_ACCEPTED:
        raise Refused("large" if first <= last else "order")
    old = saved.alignment.beads[first : last + 1]
    new = tuple(replace(bead, status="confirmed") if bead.status == "auto" else bead for bead in old)
    return [Patch(first, last + 1, new, tuple(extra_of(saved, bead) for bead in old))] if new != old else []


def _unaccept(saved: SaveFile, args: Args) -> list[Patch]:
    number = bead_at(saved.alignment, argument(args, "at"))
    bead = saved.alignment.beads[number]
    confidence = min(bead.confidence, UNSURE) if bead.status == "edited" else bead.confidence
    return _changed(saved, number, status="auto", confidence=confidence)


def _merge(saved: SaveFile, args: Args) -> list[Patch]:
    number = bead_at(saved.alignment, argument(args, "at"))
    if argument(args, "with") not in ("next", "previous"):
        raise Refused("body")
    first = number if args["with"] == "next" else number - 1
    if not 0 <= first < len(saved.alignment.beads) - 1:
        raise Refused("nothing")
    return [merged(saved, first, first + 2)]


def _split(saved: SaveFile, args: Args) -> list[Patch]:
    alignment = saved.alignment
    source = segment_at(alignment.source, argument(args, "source"))
    target = segment_at(alignment.target, argument(args, "target"))
    number = _bead_around(alignment, source, target)
    bead = alignment.beads[number]
    first = replace(bead, src_end=source, tgt_end=target, status="edited", alternatives=())
    second = replace(bead, src_start=source, tgt_start=target, status="edited", alternatives=(), note="")
    return [Patch(number, number + 1, (first, second), (extra_of(saved, bead), {}))]


def _bead_around(alignment: Alignment, source: int, target: int) -> int:
    """The number of the bead inside which, not at whose corner, both boundaries lie."""
    number = (
        bisect_left(alignment.beads, source + target, key=lambda bead: bead.src_start + bead.tgt_start) - 1
    )
    if number < 0:
        raise Refused("boundary")
    bead = alignment.beads[number]
    inside = bead.src_start <= source <= bead.src_end and bead.tgt_start <= target <= bead.tgt_end
    if not inside or (source, target) == (bead.src_end, bead.tgt_end):
        raise Refused("boundary")
    return number


def _push(saved: SaveFile, args: Args) -> list[Patch]:
    number, side = bead_at(saved.alignment, argument(args, "at")), argument(args, "side")
    beads = saved.alignment.beads
    bead = beads[number]
    first, last = _range(bead, side)
    if first == last:
        raise Refused("nothing")
    if number + 1 == len(beads):
        if last - first == 1 and not bead.is_pair:
            raise Refused("nothing")
        rest = one_sided(bead, side, last - 1, last)
        kept = _with_end(bead, side, last - 1)
        return [Patch(number, number + 1, (kept, rest), (extra_of(saved, bead), {}))]
    if last - first == 1 and not bead.is_pair:
        return [merged(saved, number, number + 2)]
    kept, grown = _with_end(bead, side, last - 1), _with_start(beads[number + 1], side, last - 1)
    return [redraw.two_rows(saved, number, kept, grown)]


def _pull(saved: SaveFile, args: Args) -> list[Patch]:
    number, side = bead_at(saved.alignment, argument(args, "at")), argument(args, "side")
    beads = saved.alignment.beads
    boundary = _range(beads[number], side)[1]
    giver = number + 1
    while giver < len(beads) and len(set(range_of(beads[giver], side))) == 1:
        giver += 1
    if giver == len(beads):
        raise Refused("nothing")
    grown = _with_end(beads[number], side, boundary + 1)
    between = [
        _with_end(_with_start(b, side, boundary + 1), side, boundary + 1) for b in beads[number + 1 : giver]
    ]
    given = beads[giver]
    if given.is_pair or range_of(given, side)[1] > boundary + 1:
        between.append(_with_start(given, side, boundary + 1))
    new = [replace(grown, status="edited", alternatives=())]
    new += [redraw.unsure(bead) for bead in between]
    old = beads[number : giver + 1]
    extras = [extra_of(saved, bead) for bead in old][: len(new)]
    if len(new) < len(old):
        new[0] = replace(new[0], note=redraw.joined((new[0].note, given.note)))
        extras[0] = redraw.together(saved, (old[0], old[-1]))
    return [Patch(number, giver + 1, tuple(new), tuple(extras))]


def _range(bead: Bead, side: Any) -> tuple[int, int]:
    if side not in ("source", "target"):
        raise Refused("body")
    return range_of(bead, side)


def _with_end(bead: Bead, side: str, end: int) -> Bead:
    return replace(bead, src_end=end) if side == "source" else replace(bead, tgt_end=end)


def _with_start(bead: Bead, side: str, start: int) -> Bead:
    # Where the bead has nothing on this side its end goes along.
    name, last = ("src", bead.src_end) if side == "source" else ("tgt", bead.tgt_end)
    changes: dict[str, Any] = {f"{name}_start": start, f"{name}_end": max(start, last)}
    return replace(bead, **changes)


def _apart(saved: SaveFile, args: Args) -> list[Patch]:
    number = bead_at(saved.alignment, argument(args, "at"))
    bead = saved.alignment.beads[number]
    if not bead.is_pair:
        raise Refused("nothing")
    pieces = (
        replace(bead, tgt_end=bead.tgt_start, status="edited", alternatives=()),
        replace(bead, src_start=bead.src_end, status="edited", alternatives=(), note=""),
    )
    return [Patch(number, number + 1, pieces, (extra_of(saved, bead), {}))]


def _flag(saved: SaveFile, args: Args) -> list[Patch]:
    number = bead_at(saved.alignment, argument(args, "at"))
    comment = text_argument(args, "comment", LONGEST_COMMENT)
    return _flagged(saved, number, comment, {**extra_of(saved, saved.alignment.beads[number]), "flag": True})


def _unflag(saved: SaveFile, args: Args) -> list[Patch]:
    number = bead_at(saved.alignment, argument(args, "at"))
    extra = {k: v for k, v in extra_of(saved, saved.alignment.beads[number]).items() if k != "flag"}
    return _flagged(saved, number, "", extra)


def _flagged(saved: SaveFile, number: int, note: str, extra: Mapping[str, Any]) -> list[Patch]:
    bead = saved.alignment.beads[number]
    if bead.note == note and extra == extra_of(saved, bead):
        return []
    return [Patch(number, number + 1, (replace(bead, note=note),), (extra,))]


def _confirm_link(saved: SaveFile, args: Args) -> list[Patch]:
    number, moved = _link(saved, args)
    return _with_moved(
        saved, (*moved[:number], replace(moved[number], status="confirmed"), *moved[number + 1 :])
    )


def _reject_link(saved: SaveFile, args: Args) -> list[Patch]:
    number, moved = _link(saved, args)
    return _with_moved(saved, (*moved[:number], *moved[number + 1 :]))


def _link(saved: SaveFile, args: Args) -> tuple[int, tuple[Moved, ...]]:
    number, moved = argument(args, "link"), saved.alignment.moved
    if not isinstance(number, int) or not 0 <= number < len(moved):
        raise Refused("unknown_place")
    return number, moved


def _with_moved(saved: SaveFile, moved: tuple[Moved, ...]) -> list[Patch]:
    return [Patch(0, 0, (), (), moved=moved)] if moved != saved.alignment.moved else []


OPERATIONS: dict[str, Operation] = {
    "accept": _accept, "accept_all": _accept_all, "unaccept": _unaccept, "merge": _merge, "split": _split,
    "push": _push, "pull": _pull, "apart": _apart, "flag": _flag, "unflag": _unflag,
    "confirm_link": _confirm_link, "reject_link": _reject_link,
    "match": matching.match_segments, "link": matching.link_segments, "alternative": matching.draw_alternative,
    "cut": retext.cut_segment, "join": retext.join_segments, "edit": retext.edit_text,
    "replace": retext.replace_text, "realign": redraw.redraw_rows, "learn": redraw.redraw_rows,
}  # fmt: skip
