"""The fast programme against brute force, and what its probabilities must obey."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.engine.beads import BEAD_TYPES
from aligner.engine.corridor import Corridor
from aligner.engine.lattice import IMPOSSIBLE, best_path, build_lattice, posteriors
from aligner.engine.walk import STEPS


def full(n, m):
    return Corridor(np.zeros(n + 1, dtype=np.int64), np.full(n + 1, m, dtype=np.int64))


@st.composite
def corridors(draw):
    n, m = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    low, high = [0], [draw(st.integers(0, m))]
    for _ in range(n):
        low.append(draw(st.integers(low[-1], high[-1])))
        high.append(draw(st.integers(high[-1], m)))
    high[-1] = m
    return Corridor(np.array(low), np.array(high))


def every_path(lattice, goal, origin):
    """All paths as tuples of (cell, type), by plain recursion."""
    if goal == origin:
        return [()]
    found = []
    for number in range(lattice.starts.shape[1]):
        start = lattice.starts[goal, number]
        if start < len(lattice):
            found += [(*path, (goal, number)) for path in every_path(lattice, start, origin)]
    return found


def total_of(path, scores, again):
    kinds = [number for _, number in path]
    follows = sum(max(pair) < 2 for pair in pairwise(kinds))  # the first two types are one-sided
    return sum(scores[bead] for bead in path) + again * follows


again = st.floats(-3, 3)


def random_scores(lattice, seed):
    scores = np.random.default_rng(seed).normal(size=lattice.starts.shape, scale=2.0)
    return np.where(lattice.possible, scores, IMPOSSIBLE)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(corridors(), min_size=1, max_size=3), st.sampled_from([BEAD_TYPES, STEPS]), st.integers(0, 10**6), again,
)  # fmt: skip
def test_fast_sums_equal_brute_force(problems, types, seed, again):
    lattice = build_lattice(problems, types)
    scores = random_scores(lattice, seed)
    found = posteriors(lattice, scores, again)
    expected, runs = np.zeros_like(found.probability), 0.0
    for number, (goal, origin) in enumerate(zip(lattice.goals, lattice.origins, strict=True)):
        paths = every_path(lattice, goal, origin)
        totals = np.array([total_of(path, scores, again) for path in paths])
        assert found.partition[number] == pytest.approx(np.logaddexp.reduce(totals), abs=1e-6)
        for path, weight in zip(paths, np.exp(totals - found.partition[number]), strict=True):
            runs += weight * (total_of(path, scores, 1) - total_of(path, scores, 0))
            for bead in path:
                expected[bead] += weight
    assert np.allclose(found.probability, expected, atol=1e-6)
    assert found.runs == pytest.approx(runs, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(corridors(), st.integers(0, 10**6), again)
def test_the_best_path_is_the_best_of_all_paths(corridor, seed, again):
    lattice = build_lattice([corridor])
    scores = random_scores(lattice, seed)
    path = best_path(lattice, scores, again)
    paths = every_path(lattice, lattice.goals[0], lattice.origins[0])
    assert tuple(path) in paths
    best = max(total_of(other, scores, again) for other in paths)
    assert total_of(path, scores, again) == pytest.approx(best, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 10**6), again)
def test_posteriors_sum_to_one_over_each_segment(n, m, seed, again):
    lattice = build_lattice([full(n, m)])
    probability = posteriors(lattice, random_scores(lattice, seed), again).probability
    source, target = np.zeros(n), np.zeros(m)
    for number, (a, b) in enumerate(BEAD_TYPES):
        for cell in np.flatnonzero(lattice.possible[:, number]):
            i, j = lattice.row[cell], lattice.column[cell]
            source[i - a : i] += probability[cell, number]
            target[j - b : j] += probability[cell, number]
    assert np.allclose(source, 1.0, atol=1e-6)
    assert np.allclose(target, 1.0, atol=1e-6)


@pytest.mark.parametrize(
    ("low", "high"), [([1, 1], [2, 2]), ([0, 3], [2, 4]), ([0, 1, 0], [2, 2, 2]), ([0, 0], [3, 2]), ([], [])]
)
def test_a_broken_corridor_is_refused(low, high):
    with pytest.raises(ValueError, match="corridor"):
        Corridor(np.array(low, dtype=np.int64), np.array(high, dtype=np.int64))


def test_problems_in_one_lattice_keep_apart_however_far_their_totals_lie_from_each_other():
    short, long = full(4, 6), Corridor(np.arange(0, 1201), np.minimum(np.arange(2, 1203), 1200))
    together, alone = build_lattice([long, short, long]), build_lattice([short])
    scores = random_scores(together, 3) + np.where(together.problem == 1, 0.0, 20.0)[:, None]
    scores = np.where(together.possible, scores, IMPOSSIBLE)
    mine = scores[together.problem == 1]
    found, expected = posteriors(together, scores), posteriors(alone, mine)
    assert found.partition[1] == pytest.approx(expected.partition[0], abs=1e-6)
    assert np.allclose(found.probability[together.problem == 1], expected.probability, atol=1e-6)


def test_scores_of_single_precision_lose_nothing_in_a_long_text():
    """The sums along the rows run through the whole lattice: they must not swallow a row's own."""
    rows = np.arange(3_001)
    low, high = np.maximum(rows - 6, 0), np.minimum(rows + 6, 3_000)
    lattice = build_lattice([Corridor(low, high)])
    scores = random_scores(lattice, 7)
    single = posteriors(lattice, scores.astype(np.float32), 1.0).probability
    double = posteriors(lattice, scores.astype(np.float32).astype(np.float64), 1.0).probability
    assert np.abs(single - double).max() < 1e-5
    assert double.sum(axis=1).max() < 1 + 1e-6
