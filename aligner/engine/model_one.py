"""Word pairs learned from aligned segments: IBM Model 1 (Brown et al. 1993)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# IBM Model 1 (Brown et al. 1993). Five rounds settle the ranking; a null word takes what nothing explains.
ROUNDS = 5

_NULL_WORDS = 1.0

SEEN_AT_LEAST = 2

LEAST_PROBABILITY = 0.03

_DOUBT = 1.0  # linked n times, a pair keeps n / (n + 1) of its probability: two coincidences are no proof

_LARGEST_BEAD = 120  # tokens a side: longer ones say little about words and cost their product


def learn(
    src_token_ids: Sequence[NDArray[np.int32]],
    tgt_token_ids: Sequence[NDArray[np.int32]],
    confidence: NDArray[np.floating] | Sequence[float] | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """A lexicon learned from sure beads: bead i holds `src_token_ids[i]` and `tgt_token_ids[i]`.

    `confidence` (n,) weighs the beads. IBM Model 1 runs in both directions over pairs seen together in two
    beads or more; returns `src_ids`, `tgt_ids` and the geometric mean of both probabilities, best first a
    source.
    """
    weights = np.ones(len(src_token_ids)) if confidence is None else np.asarray(confidence, dtype=np.float64)
    if not len(src_token_ids) == len(tgt_token_ids) == len(weights):
        raise ValueError(
            f"lengths of sources, targets and confidences: {len(src_token_ids)}, {len(tgt_token_ids)}, {len(weights)}"
        )
    src = [np.unique(ids)[:_LARGEST_BEAD] for ids in src_token_ids]
    tgt = [np.unique(ids)[:_LARGEST_BEAD] for ids in tgt_token_ids]
    bead, source, target, width = _cooccurrences(src, tgt)
    if not len(bead):
        return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32)
    keys, pair, seen = np.unique(source * width + target, return_inverse=True, return_counts=True)
    kept = seen[pair] >= SEEN_AT_LEAST
    bead, source, target, pair = bead[kept], source[kept], target[kept], pair[kept]
    weight = weights[bead]
    forward, times = _model_one(pair, len(keys), keys // width, bead * width + target, weight)
    height = int(keys[-1] // width) + 1
    backward, _ = _model_one(pair, len(keys), keys % width, bead * height + source, weight)
    probability = np.sqrt(forward * backward) * times / (times + _DOUBT)
    sure = np.flatnonzero(probability >= LEAST_PROBABILITY)
    sure = sure[np.lexsort((-probability[sure], keys[sure] // width))]
    return (
        (keys[sure] // width).astype(np.int32),
        (keys[sure] % width).astype(np.int32),
        probability[sure].astype(np.float32),
    )


def _cooccurrences(
    src: Sequence[NDArray[np.int32]], tgt: Sequence[NDArray[np.int32]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], int]:
    """Each source token with each target token of its bead: beads, sources, targets (n,), targets' width."""
    sizes = np.array([len(a) * len(b) for a, b in zip(src, tgt, strict=True)], dtype=np.int64)
    bead = np.repeat(np.arange(len(sizes)), sizes)
    if not len(bead):
        return bead, bead, bead, 1
    source = np.concatenate([np.repeat(a, len(b)) for a, b in zip(src, tgt, strict=True)]).astype(np.int64)
    target = np.concatenate([np.tile(b, len(a)) for a, b in zip(src, tgt, strict=True)]).astype(np.int64)
    return bead, source, target, int(target.max()) + 1


def _model_one(
    pair: NDArray[np.int64], pairs: int, given: NDArray[np.int64], explained: NDArray[np.int64],
    weight: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """p(other | given) for each of `pairs` and how often it was linked.

    Expectation maximisation over the co-occurrences `pair` (n,).
    """
    _, group = np.unique(explained, return_inverse=True)
    totals = np.bincount(given, weights=np.bincount(pair, weights=weight, minlength=pairs))
    probability: NDArray[np.float64] = np.bincount(pair, weights=weight, minlength=pairs) / np.maximum(
        totals[given], 1e-12
    )
    null = _NULL_WORDS / max(1, len(np.unique(given)))
    counts = np.zeros(pairs, dtype=np.float64)
    for _ in range(ROUNDS):
        share = probability[pair]
        total = np.bincount(group, weights=share) + null
        share = share * weight / total[group]
        counts = np.bincount(pair, weights=share, minlength=pairs).astype(np.float64)
        totals = np.bincount(given, weights=counts)
        probability = counts / np.maximum(totals[given], 1e-12)
    return probability, counts
