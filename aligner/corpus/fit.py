"""How well the sentences of two documents answer each other in order, better than those of any other document do.

What a sentence finds in documents that are not its own translation is its base line: a formula that stands everywhere
proves nothing, however near its counterpart is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.corpus.sketch import Sentences, Sketch

LEAST = 0.065
"""Fit below which no pair is taken. Manuals in families that share half their text, where a third has no partner, and
pieces of novels have up to .075 with a wrong partner (`scripts/measure_pairing.py`)."""
USUAL, TIMES, TIMES_LOW = 0.4, 1.3, 1.7
"""A pair must fit `TIMES` as well as any other of its documents, or `TIMES_LOW` where it has less than `USUAL` of the
middle fit of the pairs that are sure. Above that, marks may tell apart what is nearer."""
_MARKS_TIMES = 2  # as many marks speak for it as against it, and one more
_PRIOR = 0.3  # the base line where there is no other document; it counts as one

Pair = tuple[int, int]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Rows:
    """A document's unit vectors (n, d), the root of each sentence's weight (n,), and their sum."""

    vectors: Floats
    roots: Floats
    total: float


def fits(
    left: Mapping[int, Sentences], right: Mapping[int, Sentences], pairs: Iterable[Pair]
) -> dict[Pair, float]:
    """The fit of each of `pairs`, keys of `left` and `right`: 0 to about .5."""
    rows = _rows(left), _rows(right)
    pairs = list(pairs)
    sums = {key: np.zeros(len(own.roots) + 1, np.float32) for key, own in _keyed(rows)}
    for i, j in pairs:
        cosines = rows[0][i].vectors @ rows[1][j].vectors.T
        for key, best in (((0, i), cosines.max(axis=1)), ((1, j), cosines.max(axis=0))):
            sums[key][:-1] += best
            sums[key][-1] += 1
    return {(i, j): _fit(rows[0][i], rows[1][j], sums[0, i], sums[1, j]) for i, j in pairs}


def clear_pairs(
    found: Mapping[Pair, float], sides: tuple[Sequence[Sketch], Sequence[Sketch]], sure: Sequence[Pair] = ()
) -> list[Pair]:
    """The pairs that fit, and that no other comes near, beside those that are `sure`."""
    of_side: tuple[dict[int, list[Pair]], dict[int, list[Pair]]] = {}, {}
    for pair in found:
        for side, key in enumerate(pair):
            of_side[side].setdefault(key, []).append(pair)
    gone = {i for i, _ in sure}, {j for _, j in sure}
    usual = USUAL * float(np.median([found[pair] for pair in sure if pair in found] or [0]))
    taken: list[Pair] = []
    for pair, value in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        if value < LEAST:
            break
        if pair[0] in gone[0] or pair[1] in gone[1]:
            continue
        near = [
            (side, other)
            for side, key in enumerate(pair)
            for other in of_side[side][key]
            if other != pair
            and value < found[other] * _times(value >= usual, other[1 - side] in gone[1 - side])
        ]
        if not near or (value >= usual and all(_told_apart(sides, *one, pair) for one in near)):
            taken.append(pair)
            gone[0].add(pair[0])
            gone[1].add(pair[1])
    return taken


def _times(is_usual: bool, is_gone: bool) -> float:
    """What has found its partner leaves the field to the others; but what fits it better has none."""
    if not is_usual:
        return TIMES_LOW
    return 1 if is_gone else TIMES


def _told_apart(sides: tuple[Sequence[Sketch], Sequence[Sketch]], side: int, other: Pair, pair: Pair) -> bool:
    """Whether the document that both have on `side` goes with `pair` by the marks in which the two others differ."""
    mine = sides[side][pair[side]].marks
    own, rival = (sides[1 - side][one[1 - side]].marks for one in (pair, other))
    speak_for = len(np.intersect1d(mine, np.setdiff1d(own, rival)))
    against = len(np.intersect1d(mine, np.setdiff1d(rival, own)))
    return speak_for > _MARKS_TIMES * against


def _rows(side: Mapping[int, Sentences]) -> dict[int, _Rows]:
    """Unit vectors without what their language has in common."""
    means: dict[str, Floats] = {}
    for lang in {own.lang for own in side.values()}:
        total = np.concatenate([own.vectors for own in side.values() if own.lang == lang])
        means[lang] = total.mean(axis=0, dtype=np.float32)
    found = {}
    for key, own in side.items():
        vectors = own.vectors.astype(np.float32) - means[own.lang]
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        roots = np.sqrt(own.weights)
        found[key] = _Rows(vectors, np.sqrt(roots), float(roots.sum()))
    return found


def _keyed(sides: tuple[dict[int, _Rows], dict[int, _Rows]]) -> Iterable[tuple[Pair, _Rows]]:
    for side, documents in enumerate(sides):
        for key, own in documents.items():
            yield (side, key), own


def _fit(a: _Rows, b: _Rows, a_sums: Floats, b_sums: Floats) -> float:
    cosines = a.vectors @ b.vectors.T
    bases = [
        (sums[:-1] - own + _PRIOR) / (sums[-1])
        for sums, own in ((a_sums, cosines.max(axis=1)), (b_sums, cosines.max(axis=0)))
    ]
    gains = np.maximum(cosines - (bases[0][:, None] + bases[1][None, :]) / 2, 0)
    most: float = max(1e-9, (a.total * b.total) ** 0.5)
    return _best_path(gains * a.roots[:, None] * b.roots[None, :]) / most


def _best_path(gains: Floats) -> float:
    """The largest sum of `gains` (n, m) on a path that goes forward on both sides and uses no sentence twice."""
    best = np.zeros(gains.shape[1] + 1, np.float32)
    for row in gains:
        best[1:] = np.maximum(best[1:], best[:-1] + row)
        np.maximum.accumulate(best, out=best)
    return float(best[-1])
