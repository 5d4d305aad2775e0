"""Keys of a save file that aren't ours: where they stood, and where they go when beads and edits move.

A place is a short text: `""` is the top, `"source"` and `"target"` the documents, and a member of a list is named
by what identifies it: `"beads[0,2,0,1]"`, `"beads[0,2,0,1].alternatives[0,1,0,1]"`, `"moved[7,15,554,564]"`,
`"removed[source,17,(zhàn),pinyin-gloss]"`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aligner.bitext import Alignment, Alternative, Bead, Moved
from aligner.text.codes import Code
from aligner.text.edits import Edit

Extra = Mapping[str, Any]
"""For each place, the keys that stood there and aren't ours."""


def place_of(item: Bead | Alternative | Moved) -> str:
    """The ranges that name a member of a list."""
    return f"[{item.src_start},{item.src_end},{item.tgt_start},{item.tgt_end}]"


def bead_place(bead: Bead) -> str:
    """The place of a bead."""
    return f"beads{place_of(bead)}"


def alternative_place(bead: Bead, other: Alternative) -> str:
    """The place of an alternative of a bead."""
    return f"beads{place_of(bead)}.alternatives{place_of(other)}"


def moved_place(passage: Moved) -> str:
    """The place of a passage that moved."""
    return f"moved{place_of(passage)}"


def edit_place(side: str, edit: Edit) -> str:
    """The place of a removal or a repair."""
    return f"{'repaired' if edit.written else 'removed'}[{side},{edit.at},{edit.found},{edit.rule}]"


def code_place(side: str, code: Code) -> str:
    """The place of an inline code."""
    return f"codes[{side},{code.at},{code.kind},{code.shown}]"


def turned(extra: Extra, alignment: Alignment) -> dict[str, Any]:
    """`extra` of `alignment` for the alignment with source and target exchanged."""
    places = {"source": "target", "target": "source"}
    for bead in alignment.beads:
        places[bead_place(bead)] = bead_place(bead.swapped())
        for other in bead.alternatives:
            places[alternative_place(bead, other)] = alternative_place(bead.swapped(), other.swapped())
    places |= {moved_place(passage): moved_place(passage.swapped()) for passage in alignment.moved}
    for side, document in (("source", alignment.source), ("target", alignment.target)):
        places |= {edit_place(side, edit): edit_place(places[side], edit) for edit in document.edits}
        places |= {code_place(side, code): code_place(places[side], code) for code in document.codes}
    return follow(extra, places)


def follow(extra: Extra, places: Mapping[str, str]) -> dict[str, Any]:
    """`extra` with the keys of each old place of `places` at its new one; of two that meet the first one counts."""
    followed: dict[str, Any] = {}
    for place, keys in extra.items():
        new = places.get(place, place)
        followed[new] = {**keys, **followed.get(new, {})}
    return followed
