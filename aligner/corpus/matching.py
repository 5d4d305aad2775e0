"""Which sketches of two sides belong together: near means first, then windows, marks and lengths, one to one.

NumPy only, in blocks: 10,000 by 10,000 documents need about a gigabyte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.corpus.sketch import WINDOWS, Sketch

CANDIDATES = 32
"""Documents of the other side that are looked at closely for each, nearest by their means."""
SURE = ((0.5, 0.1), (0.35, 0.2))
"""(score, margin) from which a pair is taken as it is: the margin is over every other pair of its two documents.
All else is decided sentence by sentence."""
CLOSE = 12
"""Candidates of a document that is not sure which are looked at sentence by sentence."""
ALIKE = 0.97
"""Mean cosine of windows from which two documents of one side are nearly the same."""
_MARKS_WEIGHT, _LENGTH_WEIGHT = 0.5, 0.15
_BLOCK = 512
_LEAST_DEVIATION = 0.25  # of the log of the ratio of lengths
_FEW_MARKS = 2.0  # in the weight of shared marks: a single shared year is no proof

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scores:
    """Close candidates: `columns` (n, k) numbers on the other side, `values` (n, k) their scores, best first."""

    columns: NDArray[np.int64]
    values: Floats


def score_sides(left: Sequence[Sketch], right: Sequence[Sketch]) -> Scores:
    """The best candidates on the right for each sketch on the left."""
    windows = [_centred(side) for side in (left, right)]
    columns = _nearest(windows[0].mean(axis=1), windows[1].mean(axis=1))
    cosines = np.empty(columns.shape, np.float32)
    for at in range(0, len(left), _BLOCK):
        block = slice(at, at + _BLOCK)
        cosines[block] = _window_score(windows[0][block], windows[1][columns[block]])
    values = cosines + _MARKS_WEIGHT * _shared_marks(left, right, columns)
    values -= _LENGTH_WEIGHT * _odd_lengths(left, right, columns, values)
    order = np.argsort(-values, axis=1, kind="stable")
    return Scores(np.take_along_axis(columns, order, 1), np.take_along_axis(values, order, 1))


def mutual_best(scores: Scores, count: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """(left, right) that are sure, and what else each document that is not may be, best first; `count` on the right.

    Sure is what each prefers to all others by a margin. What is sure stands among the others too, as their rival.
    """
    lefts = np.repeat(np.arange(len(scores.columns)), scores.columns.shape[1])
    rights, values = scores.columns.ravel(), scores.values.ravel()
    best_left, second_left = _two_best(lefts, values, len(scores.columns))
    best_right, second_right = _two_best(rights, values, count)
    at = np.flatnonzero(
        (best_left[lefts] == np.arange(len(values))) & (best_right[rights] == np.arange(len(values)))
    )
    margins = values[at] - np.maximum(second_left[lefts[at]], second_right[rights[at]])
    sure = at[np.any([(values[at] >= least) & (margins >= margin) for least, margin in SURE], axis=0)]
    known = np.isin(lefts, lefts[sure]), np.isin(rights, rights[sure])
    counts = np.zeros(len(scores.columns), np.int64), np.zeros(count, np.int64)
    maybe: list[tuple[int, int]] = []
    for n in np.argsort(-values, kind="stable"):
        pair = int(lefts[n]), int(rights[n])
        if any(not known[side][n] and counts[side][pair[side]] < CLOSE for side in (0, 1)):
            counts[0][pair[0]] += 1
            counts[1][pair[1]] += 1
            maybe.append(pair)
    return [(int(lefts[n]), int(rights[n])) for n in sure], maybe


def alike_pairs(side: Sequence[Sketch]) -> list[tuple[int, int]]:
    """Documents of one side that are nearly the same, each with the first such one before it."""
    windows = _centred(side)
    means = windows.mean(axis=1)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    found: list[tuple[int, int]] = []
    for at in range(0, len(side), _BLOCK):
        rows, columns = np.nonzero(np.tril(means[at : at + _BLOCK] @ means.T, at - 1) >= ALIKE)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            straight = float(np.einsum("wd,wd->w", windows[at + row], windows[column]).mean())
            sizes = side[at + row].weight, side[column].weight
            if (
                straight >= ALIKE
                and min(sizes) >= ALIKE * max(sizes)
                and not any(b == at + row for _, b in found[-4:])
            ):
                found.append((column, at + row))
    return found


def _centred(side: Sequence[Sketch]) -> Floats:
    """The windows of all sketches (n, WINDOWS, d) without what their language has in common, unit rows."""
    windows = np.stack([sketch.windows for sketch in side]).astype(np.float32)
    langs = np.array([sketch.lang.split("-")[0] for sketch in side])
    for lang in np.unique(langs):
        of_lang = langs == lang
        if of_lang.sum() > WINDOWS:  # of a few the mean is what they say
            windows[of_lang] -= windows[of_lang].mean(axis=(0, 1))
    windows /= np.maximum(np.linalg.norm(windows, axis=2, keepdims=True), 1e-9)
    return windows


def _nearest(left: Floats, right: Floats) -> NDArray[np.int64]:
    left, right = (
        side / np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9) for side in (left, right)
    )
    count = min(CANDIDATES, len(right))
    chosen = np.empty((len(left), count), np.int64)
    for at in range(0, len(left), _BLOCK):
        cosines = left[at : at + _BLOCK] @ right.T
        chosen[at : at + _BLOCK] = (
            np.argpartition(-cosines, count - 1, axis=1)[:, :count]
            if count < len(right)
            else np.arange(count)
        )
    return chosen


def _window_score(left: Floats, right: Floats) -> Floats:
    """(b, k): mean over the windows of `left` (b, W, d) and `right` (b, k, W, d) of the best near the same place."""
    cosines = np.einsum("bwd,bkvd->bkwv", left, right, optimize=True)
    places = np.arange(WINDOWS)
    cosines[:, :, np.abs(places[:, None] - places[None, :]) > 1] = -1
    both: Floats = (cosines.max(axis=3).mean(axis=2) + cosines.max(axis=2).mean(axis=2)) / 2
    return both


def _shared_marks(left: Sequence[Sketch], right: Sequence[Sketch], columns: NDArray[np.int64]) -> Floats:
    """(n, k): how much of the rarer marks of both documents they share, 0 to 1."""
    every = np.concatenate([sketch.marks for sketch in (*left, *right)] or [np.zeros(0, np.uint64)])
    marks, counts = np.unique(every, return_counts=True)
    rarity = np.log((len(left) + len(right) + 1) / counts) if len(marks) else counts
    ids = [[np.searchsorted(marks, sketch.marks) for sketch in side] for side in (left, right)]
    totals = [np.array([rarity[own].sum() for own in side]) for side in ids]
    shared = np.zeros(columns.shape, np.float32)
    here = np.zeros(len(marks), bool)
    for i, own in enumerate(ids[0]):
        here[own] = True
        for k, j in enumerate(columns[i]):
            other = ids[1][j]
            common = rarity[other[here[other]]].sum()
            shared[i, k] = common / (np.sqrt(totals[0][i] * totals[1][j]) + _FEW_MARKS)
        here[own] = False
    return shared


def _odd_lengths(
    left: Sequence[Sketch], right: Sequence[Sketch], columns: NDArray[np.int64], values: Floats
) -> Floats:
    """(n, k): by how many deviations the ratio of lengths is unusual, 2 at most."""
    sizes = [np.log([max(1, sketch.weight) for sketch in side]) for side in (left, right)]
    ratios = sizes[1][columns] - sizes[0][:, None]
    best = np.take_along_axis(ratios, values.argmax(axis=1)[:, None], 1)
    middle = float(np.median(best))
    deviation = max(1.4826 * float(np.median(np.abs(best - middle))), _LEAST_DEVIATION)
    odd: Floats = np.minimum(np.abs(ratios - middle) / deviation, 2.0).astype(np.float32)
    return odd


def _two_best(owners: NDArray[np.int64], values: Floats, count: int) -> tuple[NDArray[np.int64], Floats]:
    """For each owner the place of its best value, and its second best value."""
    order = np.lexsort((np.arange(len(values)), -values, owners))
    sorted_owners = owners[order]
    starts = np.searchsorted(sorted_owners, np.arange(count))
    ends = np.searchsorted(sorted_owners, np.arange(count), side="right")
    best = np.full(count, -1)
    second = np.full(count, -1.0, np.float32)
    best[ends > starts] = order[starts[ends > starts]]
    more = ends > starts + 1
    second[more] = values[order[starts[more] + 1]]
    return best, second
