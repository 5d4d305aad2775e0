"""What the structure of two documents says of a bead: headings, items, notes, numbers, times of subtitles.

Plain text has none of it, and the gold corpora are plain text: so these features stand beside the trained ones, with
weights of their own that serve every pair of languages and every encoder (`scripts/train_structure.py`).
What does not agree where the nearest segments of both texts meet is no evidence in these documents and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from aligner.engine.anchors import Match
from aligner.engine.feature import Feature, Scene
from aligner.engine.planes import FANS, Plane, alone, rows_of, spans_total
from aligner.engine.sides import PAD, Array, Floats, Ints, Side

KIND, NUMBER, START, STOP = (f"structure.{name}" for name in ("kind", "number", "start", "stop"))
"""Names of the marks of a side: int64 labels of what begins with a segment, 0 where nothing does; seconds."""

CLOSING = "structure.closing"
"""Name of the mark of segments that hold nothing but closing marks, bool: such a one belongs to the segment before."""

MIDWAY = "structure.midway"
"""Name of the mark of segments that begin in the middle of a sentence, bool."""

FEATURES = (
    Feature(
        "structure.differ",
        "headings, items, notes of both sides that face none of their kind",
        weight=-4.0,
    ),
    Feature(
        "number.differ",
        "numbers of articles, items, notes of both sides that don't face the same",
        weight=-3.5,
    ),
    Feature("cue.overlap", "share of the time of both sides together in which both are heard", weight=5.0),
    Feature(
        "cue.apart", "log of one and the seconds between two sides that are never heard together", weight=-1.4
    ),
    Feature(
        "closing.first",
        "one side begins with nothing but closing marks, the other doesn't",
        "all",
        weight=-4.0,
    ),
    Feature("midway.first", "one side begins in the middle of a sentence, the other doesn't", weight=-1.0),
)
WEIGHTS = {feature.name: feature.weight for feature in FEATURES}

_TRUSTED = 0.5  # share of the labels at anchors that agree; below it they say more that is wrong than right
_RARE = 0.25  # share of the segments that may begin small where a small letter says that a sentence was cut
_BESIDE = 2  # numbers before and after that are compared
_WINDOW = 4  # lines before and after over which it is told which numbers go together
_CLEARLY = (
    0.05  # cosine by which others must be better: of lines that are all alike they are a little, by chance
)
_COUNTED = 0.8  # share of the lines for which these must be the same ones
_FEW = 4  # anchors with times below which no clock can be set
_DRIFT = 0.1  # of one clock against the other at most: films run at 24 or 25 frames a second
_ON_TIME = 1.5  # seconds that translated subtitles differ at most
_LEAST = 0.01  # seconds that two sides last together at least
_LATEST = 20.0  # seconds; further ones say no more


def trusted(source: Side, target: Side, chain: Sequence[Match]) -> tuple[Side, Side]:
    """Both sides with those of their marks that agree at the anchors of the `chain`, times by the target's clock."""
    ours, theirs = dict(source.marks), dict(target.marks)
    anchors = np.array([[match.src, match.tgt] for match in chain], dtype=np.int64).reshape(-1, 2).T
    if KIND in ours and KIND in theirs:
        for kind in np.unique(ours[KIND][ours[KIND] > 0]):
            _leave_out(ours, theirs, int(kind), anchors)
    if NUMBER in ours and NUMBER in theirs and not _same_count(source, target, anchors):
        del ours[NUMBER], theirs[NUMBER]
    if MIDWAY in ours and MIDWAY in theirs:
        _leave_out_usual(ours, theirs, anchors)
        _leave_out_usual(theirs, ours, anchors[::-1])
    if START in ours and START in theirs:
        clock = _clock(*(marks[START][at] for marks, at in zip((ours, theirs), anchors, strict=True)))
        for name in (START, STOP):
            if clock:
                ours[name] = clock[0] * ours[name] + clock[1]
            else:
                del ours[name], theirs[name]
    return replace(source, marks=ours), replace(target, marks=theirs)


def compatible(source: Side, target: Side, matches: Sequence[Match]) -> list[Match]:
    """The `matches` of segments that bear the same label or none: of alike lines many are nearest by chance."""
    kept = list(matches)
    for name in (KIND, NUMBER):
        if name in source.marks and name in target.marks:
            ours, theirs = source.marks[name], target.marks[name]
            kept = [match for match in kept if ours[match.src] == theirs[match.tgt]]
    return kept


def _leave_out(ours: dict[str, Array], theirs: dict[str, Array], kind: int, anchors: Ints) -> None:
    """Take a `kind` out of both sides' marks where they mostly differ at the `anchors`, (2, A).

    One more that agrees and one that differs are counted, so that a single anchor doesn't decide.
    """
    here, there = ours[KIND] == kind, theirs[KIND] == kind
    either, both = here[anchors[0]] | there[anchors[1]], here[anchors[0]] & there[anchors[1]]
    if both.sum() + 1 < _TRUSTED * (either.sum() + 2):
        ours[KIND] = np.where(here, 0, ours[KIND])
        theirs[KIND] = np.where(there, 0, theirs[KIND])


def _leave_out_usual(ours: dict[str, Array], theirs: dict[str, Array], anchors: Ints) -> None:
    """Take `MIDWAY` out of our marks where many segments begin so, or whole sentences do by the `anchors`, (2, A)."""
    midway = ours[MIDWAY]
    whole = midway[anchors[0]] & ~theirs[MIDWAY][anchors[1]]
    if midway.sum() > _RARE * len(midway) or whole.sum() > _TRUSTED * midway.sum():
        ours[MIDWAY] = np.zeros_like(midway)


def _same_count(source: Side, target: Side, anchors: Ints) -> bool:
    """Whether segments of the same number resemble each other more than those of the numbers beside.

    Anchors can't tell: vectors know the numbers themselves, and of articles that are alike they bring those together.
    """
    ours, theirs = source.marks[NUMBER], target.marks[NUMBER]
    rows, columns = np.flatnonzero(ours), np.flatnonzero(theirs)
    near = np.interp(rows, [-1, *anchors[0], len(source)], [-1, *anchors[1], len(target)])
    far = np.abs(columns - near[:, None]) + np.where(theirs[columns] == ours[rows, None], 0, np.inf)
    partner = far.argmin(axis=1)
    found = np.isfinite(far.min(axis=1))
    if found.sum() < _TRUSTED * max(len(rows), len(columns)):
        return False
    beside = partner[found, None] + np.arange(-_BESIDE, _BESIDE + 1)
    possible = (beside >= 0) & (beside < len(columns))
    others = target.spans[0][columns[np.clip(beside, 0, len(columns) - 1)]].astype(np.float32)
    cosines = np.einsum("rd,rkd->rk", source.spans[0][rows[found]].astype(np.float32), others)
    kernel = np.ones(2 * _WINDOW + 1)
    sums, counts = (
        np.stack([np.convolve(column, kernel)[_WINDOW : len(beside) + _WINDOW] for column in values.T])
        for values in (np.where(possible, cosines, 0.0), possible.astype(np.float64))
    )
    means = sums / np.maximum(counts, 1)
    return bool((means[_BESIDE] + _CLEARLY >= means.max(axis=0)).mean() >= _COUNTED)


def _clock(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> tuple[float, float] | None:
    """Slope and shift that make our times theirs, by the medians of Theil and Sen; None where most anchors deny it.

    `ours`, `theirs`: (A,), when the two segments of each anchor begin.
    """
    half = len(ours) // 2
    if len(ours) < _FEW:
        return None
    apart, there = ours[half:] - ours[: len(ours) - half], theirs[half:] - theirs[: len(ours) - half]
    slope = float(np.median(there / np.maximum(apart, 1e-3)))
    slope = slope if abs(slope - 1) <= _DRIFT else 1.0
    shift = float(np.median(theirs - slope * ours))
    on_time = np.abs(slope * ours + shift - theirs) <= _ON_TIME
    return (slope, shift) if on_time.mean() >= _TRUSTED else None


def structure_planes(scene: Scene) -> Iterator[tuple[str, Plane]]:
    """The features of what both sides have, by name; their weights are `WEIGHTS`."""
    ours, theirs = scene.source.marks, scene.target.marks
    for name, feature in ((KIND, "structure.differ"), (NUMBER, "number.differ")):
        if name in ours and name in theirs and ours[name].any() and theirs[name].any():
            yield feature, _differing(scene, name)
    if START in ours and START in theirs:
        yield from _heard(scene).items()
    for name, feature in ((CLOSING, "closing.first"), (MIDWAY, "midway.first")):
        if name in ours and name in theirs and (ours[name].any() or theirs[name].any()):
            yield feature, _one_first(scene, name, name == CLOSING)


def _one_first(scene: Scene, name: str, lone: bool) -> Plane:
    """Whether each bead begins with a segment that bears the mark on one side, and not on the other.

    `lone`: of the beads of one side, too.
    """
    ours, theirs = _first_marks(scene, name)
    plane = alone(ours[0][:, None], theirs[0]) if lone else []
    for a, most, fan in FANS:
        plane.append((fan, ours[a - 1][None, :, None] != theirs[:most, None, :]))
    return plane


def _differing(scene: Scene, name: str) -> Plane:
    """How many labels of both sides of each bead don't face the same."""
    tile = scene.tile
    rows, columns = tile.shape
    ours = spans_total((scene.source.marks[name] > 0).astype(np.float32), tile.top, tile.bottom)
    theirs = spans_total((scene.target.marks[name] > 0).astype(np.float32), tile.left, tile.right)
    same = _sums_of_same(scene, name)
    plane: Plane = []
    for a, count, fan in FANS:
        strip = same[PAD : PAD + rows] - same[PAD - a : PAD - a + rows]
        whole = strip[:, PAD : PAD + columns]
        blocks = np.stack([whole - strip[:, PAD - b : PAD - b + columns] for b in range(1, count + 1)])
        src, tgt = ours[a - 1][None, :, None], theirs[:count, None, :]
        # Two alike on either side are four pairs of labels, and two that face the same.
        plane.append((fan, src + tgt - 2 * np.minimum(blocks, np.minimum(src, tgt))))
    return plane


def _sums_of_same(scene: Scene, name: str) -> Floats:
    """Pairs of the same label among all segments before each row and column, from `PAD` segments before the tile on."""
    tile = scene.tile
    above = rows_of(scene.source.marks[name], tile.top - PAD, tile.bottom)
    left = rows_of(scene.target.marks[name], tile.left - PAD, tile.right)
    same = np.zeros((len(above) + 1, len(left) + 1), dtype=np.float32)
    same[1:, 1:] = ((above[:, None] == left) & (above > 0)[:, None]).cumsum(0).cumsum(1)
    return same


def _first_marks(scene: Scene, name: str) -> tuple[Array, Array]:
    """The mark of the first of the k = 1 to `LONGEST` segments before each row, and before each column, stacked."""
    tile = scene.tile
    ours, theirs = (
        np.stack([rows_of(side.marks[name], first - k, last - k) for k in range(1, PAD)])
        for side, first, last in (
            (scene.source, tile.top, tile.bottom),
            (scene.target, tile.left, tile.right),
        )
    )
    return ours, theirs


def _heard(scene: Scene) -> dict[str, Plane]:
    """Which share of a bead's time both sides are heard, and how far apart they are where never."""
    tile = scene.tile
    starts = _first_marks(scene, START)
    stop = rows_of(scene.source.marks[STOP], tile.top - 1, tile.bottom - 1)[:, None]
    end = rows_of(scene.target.marks[STOP], tile.left - 1, tile.right - 1)
    planes: dict[str, Plane] = {"cue.overlap": [], "cue.apart": []}
    for a, most, fan in FANS:
        begin, start = starts[0][a - 1][None, :, None], starts[1][:most, None, :]
        both = np.minimum(stop, end) - np.maximum(begin, start)
        either = np.maximum(stop, end) - np.minimum(begin, start)
        share = np.maximum(both, 0) / np.maximum(either, _LEAST)
        planes["cue.overlap"].append((fan, share.astype(np.float32)))
        planes["cue.apart"].append((fan, np.log1p(np.clip(-both, 0, _LATEST)).astype(np.float32)))
    return planes
