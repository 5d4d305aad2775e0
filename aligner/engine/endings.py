"""What both sides look like where a bead ends: open quotations, closing marks, ends of paragraphs."""

from __future__ import annotations

import numpy as np

from aligner.engine.feature import Family, Feature, Scene
from aligner.engine.planes import ALL, PAIRS, Plane, rows_of

_FULL_STOP = 2  # classes of closing marks, one higher: 0 outside, 1 none, 2 full stop, then the telling ones


def _compute(scene: Scene) -> dict[str, Plane]:
    source, target, tile = scene.source, scene.target, scene.tile
    src_open = rows_of(source.open_quote, tile.top, tile.bottom)
    tgt_open = rows_of(target.open_quote, tile.left, tile.right)
    mismatch = src_open[:, None] != tgt_open
    src_final = rows_of(source.finals + 1, tile.top - 1, tile.bottom - 1)
    tgt_final = rows_of(target.finals + 1, tile.left - 1, tile.right - 1)
    same = src_final[:, None] == tgt_final
    strong = same & (src_final > _FULL_STOP)[:, None]
    src_break = rows_of(source.breaks, tile.top, tile.bottom)[:, None]
    tgt_break = rows_of(target.breaks, tile.left, tile.right)
    pairs = {
        "final.same": same, "final.strong": strong,
        "break.one": src_break != tgt_break, "break.both": src_break & tgt_break,
    }  # fmt: skip
    planes: dict[str, Plane] = {"quote.open": [(ALL, mismatch[None].astype(np.float32))]}
    return planes | {name: [(PAIRS, holds[None].astype(np.float32))] for name, holds in pairs.items()}


ENDINGS = Family(
    (
        Feature("quote.open", "a quotation is open at the end on one side only", "all"),
        Feature("final.same", "both end with the same class of mark"),
        Feature("final.strong", "the same, other than a full stop"),
        Feature("break.one", "a paragraph ends on one side only"),
        Feature("break.both", "a paragraph ends on both sides"),
    ),
    _compute,
)
