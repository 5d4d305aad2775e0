"""Anchors, corridor, boundaries that hold, and decoding, on vectors made for the purpose."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.bitext import Bead, Moved
from aligner.engine import anchors
from aligner.engine.anchors import Match, anchor, length_ratio, longest_chain, mutual_matches
from aligner.engine.beads import BEAD_TYPES
from aligner.engine.corridor import Corridor, find_corridor, pin
from aligner.engine.decode import bead_probabilities, decode, sure_pairs
from aligner.engine.feature import Scene
from aligner.engine.features import feature_names, score_tile
from aligner.engine.lattice import IMPOSSIBLE, build_lattice
from aligner.engine.moved import off_the_path, stray_passages, without_beads
from aligner.engine.passes import find_corners, narrow
from aligner.engine.score import Ground, Scored, add_last_channel, score_beads, tiles
from aligner.engine.sides import LONGEST, Channel, Side, Tile, Units
from aligner.engine.walk import STEP_FEATURES, Clauses, clause_corridor, step_features
from aligner.engine.weights import BeadWeights, Weights


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def side(vectors):
    """Segments of one clause and no words each, with `vectors` (n, d)."""
    n = len(vectors)
    running = np.concatenate([np.zeros((1, vectors.shape[1])), np.cumsum(vectors, axis=0)])
    spans = np.zeros((LONGEST, n, vectors.shape[1]), dtype=np.float32)
    for k in range(1, min(LONGEST, n) + 1):
        spans[k - 1, : n - k + 1] = unit(running[k:] - running[:-k])
    units = Units(np.arange(n + 1), np.ones(n, dtype=np.float32), vectors.astype(np.float32))
    return Side(
        spans, np.full(n, 50, dtype=np.float32),
        np.zeros(n + 1, dtype=bool), np.ones(n, dtype=np.int64), np.zeros(n + 1, dtype=bool), (units,),
    )  # fmt: skip


CHANNELS = (Channel("clause", lambda a, b: np.maximum(a @ b.T, 0)),)


STEP_WEIGHTS = np.full(len(STEP_FEATURES), 3.0, dtype=np.float32)


def bead_weights(**named):
    merging = {f"type.{a}-{b}": -4.0 * (a + b - 2) for a, b in BEAD_TYPES if a and b}
    values = {"cosine.size": 8.0, "margin.size": -4.0, "type.1-0": 1.0, "type.0-1": 1.0} | merging | named
    names = feature_names(["clause"])
    return BeadWeights(np.array([values.get(name, 0.0) for name in names], np.float32))


def weights(**named):
    return Weights("any", ("x",), ("clause",), bead_weights(**named), STEP_WEIGHTS)


def random_pair(seed, n, m):
    """`n` segments, and `m` that translate them in order as far as they go, with noise."""
    generator = np.random.default_rng(seed)
    source = unit(generator.normal(size=(n, 16)))
    picks = np.sort(generator.integers(0, n, size=m))
    return side(source), side(unit(source[picks] + 0.3 * generator.normal(size=(m, 16))))


def run(source, target, cuts=(), scorer=None):
    scorer, chain = scorer or weights(), anchor(source, target)
    corridor = pin(find_corridor((len(source), len(target)), chain), cuts)
    ratio = length_ratio(source, target, chain)
    ground = Ground(corridor, ratio, tuple(cuts))
    return decode(score_beads(source, target, CHANNELS, ground, scorer.sentences), scorer)


def ranges(beads):
    return [(b.src_start, b.src_end, b.tgt_start, b.tgt_end) for b in beads]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 25), st.integers(1, 25))
def test_beads_cover_both_sides_once_in_order(seed, n, m):
    beads = ranges(run(*random_pair(seed, n, m)))
    assert beads[0][0] == beads[0][2] == 0
    assert (beads[-1][1], beads[-1][3]) == (n, m)
    assert all((a[1], a[3]) == (b[0], b[2]) for a, b in itertools.pairwise(beads))


@settings(deadline=None, max_examples=40)
@given(st.data(), st.integers(0, 10**6), st.integers(2, 20), st.integers(2, 20))
def test_no_bead_crosses_a_boundary_that_must_hold(data, seed, n, m):
    points = data.draw(st.lists(st.tuples(st.integers(0, n), st.integers(0, m)), max_size=4))
    cuts, last = [], (0, 0)
    for i, j in sorted(points):
        if j >= last[1]:
            cuts.append((i, j))
            last = (i, j)
    beads = ranges(run(*random_pair(seed, n, m), cuts))
    corners = {(0, 0)} | {(b[1], b[3]) for b in beads}
    assert set(cuts) <= corners


def test_boundaries_that_cross_are_refused():
    source, target = random_pair(1, 5, 5)
    with pytest.raises(ValueError, match="cross"):
        run(source, target, [(1, 3), (2, 2)])


@pytest.mark.parametrize(("gap", "side_cut"), [(60, "source"), (60, "target"), (200, "target")])
def test_a_missing_chapter_costs_only_itself(gap, side_cut):
    generator = np.random.default_rng(7)
    source = unit(generator.normal(size=(400, 32)))
    target = unit(source + 0.4 * generator.normal(size=source.shape) / np.sqrt(32) * 3)
    kept = np.r_[0:100, 100 + gap : 400]
    pair = (side(source[kept]), side(target)) if side_cut == "source" else (side(source), side(target[kept]))
    beads = ranges(run(*pair))
    right = sum(
        1
        for a, b, c, d in beads
        if b - a == 1 == d - c and (kept[a] == c if side_cut == "source" else a == kept[c])
    )
    assert right >= 0.97 * len(kept)


def test_a_moved_passage_is_found_off_the_path_and_not_forced_into_pairs():
    generator = np.random.default_rng(3)
    source = unit(generator.normal(size=(90, 32)))
    order = np.r_[0:30, 60:70, 30:60, 70:90]
    target = unit(source[order] + 0.1 * generator.normal(size=source.shape))
    pair = side(source), side(target)
    beads = run(*pair)
    assert all(
        order[j] == i
        for b in beads
        if b.is_pair
        for i in range(b.src_start, b.src_end)
        for j in range(b.tgt_start, b.tgt_end)
    )
    matches = mutual_matches(pair[0].spans[0], pair[1].spans[0])
    sure = [bead for bead in beads if bead.is_pair]
    (stray,) = stray_passages(matches, longest_chain(matches), sure, (90, 90))
    assert (stray.top, stray.bottom, stray.left, stray.right, stray.matches) == (60, 70, 30, 40, 10)


def test_what_a_chain_of_matches_is_too_short_for_is_no_moved_passage():
    matches = [Match(i, i, 1.0) for i in range(10)]
    far = [Match(20, 15, 0.5), Match(21, 16, 0.5), Match(31, 17, 0.5)]
    assert stray_passages([*matches, *far], matches, [], (40, 40)) == []
    assert len(stray_passages([*matches, *far[:2], Match(23, 17, 0.5)], matches, [], (40, 40))) == 1


def test_a_moved_pair_undoes_only_beads_that_are_less_sure():
    beads = [Bead(0, 1, 0, 1, 0.9), Bead(1, 2, 1, 2, 0.1), Bead(2, 3, 2, 3, 0.2)]
    strong, weak, on_the_path = Moved(1, 2, 2, 3, 0.6), Moved(0, 1, 1, 2, 0.6), Moved(1, 2, 1, 2, 0.6)
    assert off_the_path([strong, weak, on_the_path], beads) == [strong]
    assert off_the_path([strong, replace(strong, confidence=0.7)], beads) == [replace(strong, confidence=0.7)]


def test_what_moved_has_no_counterpart_on_the_path():
    generator = np.random.default_rng(4)
    source = unit(generator.normal(size=(12, 16)))
    pair = side(source), side(unit(source + 0.1 * generator.normal(size=source.shape)))
    scored = score_beads(*pair, CHANNELS, Ground(whole(12, 12), (0.0, 0.3)), weights().sentences)
    beads = decode(without_beads(scored, [Moved(2, 4, 8, 9)]), weights())
    assert {bead.type for bead in beads if bead.src_start in (2, 3) and bead.src_end > bead.src_start} == {
        "1-0"
    }
    assert {bead.type for bead in beads if bead.tgt_start == 8 and bead.tgt_end > 8} == {"0-1"}
    assert (0, 1, 0, 1) in ranges(beads)
    assert (11, 12, 11, 12) in ranges(beads)


@pytest.mark.parametrize("noise", [0.02, 0.05])
def test_long_texts_searched_by_pages_match_as_if_all_pairs_were_compared(monkeypatch, noise):
    generator = np.random.default_rng(2)
    chapters = np.repeat(generator.normal(size=(130, 48)), 70, axis=0)
    source = unit(chapters + generator.normal(size=chapters.shape)).astype(np.float32)
    order = np.r_[0:1000, 3000:3400, 1000:2000, 3400:9100]  # a passage moved, another missing
    target = unit(source[order] + noise * generator.normal(size=(len(order), 48))).astype(np.float32)
    by_pages = {(match.src, match.tgt) for match in mutual_matches(source, target)}
    assert len(source) * len(target) > anchors.PAIRS_COMPARED
    monkeypatch.setattr(anchors, "PAIRS_COMPARED", len(source) * len(target))
    every = {(match.src, match.tgt) for match in mutual_matches(source, target)}
    right = {(int(i), j) for j, i in enumerate(order)}
    assert len(every & right) > 0.97 * len(right)
    assert len(by_pages & right) > 0.97 * len(right)
    assert len(by_pages - right) <= len(every - right) + 0.01 * len(right)


def test_a_doubtful_boundary_keeps_its_alternatives():
    generator = np.random.default_rng(5)
    vectors = unit(generator.normal(size=(6, 16)))
    beads = run(side(vectors), side(unit(vectors + vectors[[0, 1, 3, 3, 4, 5]])))
    doubtful = [bead for bead in beads if bead.confidence < 0.9]
    assert all(0 < rival.confidence <= 1 for bead in beads for rival in bead.alternatives)
    assert any(bead.alternatives for bead in doubtful) or not doubtful


def test_alternatives_stand_best_first():
    generator = np.random.default_rng(8)
    vectors = unit(generator.normal(size=(3, 8)) + 2)
    beads = run(side(vectors[[0, 0, 1, 1, 2, 2]]), side(vectors[[0, 1, 1, 2]]))
    several = [bead.alternatives for bead in beads if len({a.confidence for a in bead.alternatives}) > 1]
    assert several
    for rivals in several:
        assert [a.confidence for a in rivals] == sorted((a.confidence for a in rivals), reverse=True)


def clauses_of(vectors, counts):
    """Clauses with `vectors` (u, d), so many in each sentence."""
    words = Units(np.arange(len(vectors) + 1), np.ones(len(vectors), dtype=np.float32), vectors)
    spans = side(vectors).spans[:2]
    return Clauses(spans, words, np.concatenate([[0], np.cumsum(counts)]))


def whole(n, m):
    return find_corridor((n, m), [])


def test_clauses_tell_where_a_bead_of_sentences_ends():
    """Two sentences of two clauses each; in the translation the second clause went to the second sentence."""
    generator = np.random.default_rng(4)
    clauses = unit(generator.normal(size=(8, 16)))
    source, target = clauses_of(clauses, [2, 2, 2, 2]), clauses_of(clauses, [2, 1, 3, 2])
    lattice = build_lattice([whole(4, 4)])
    ends = find_corners(lattice, lattice.possible, (source, target), CHANNELS[0], STEP_WEIGHTS)
    passing = {(int(i), int(j)): float(e) for i, j, e in zip(lattice.row, lattice.column, ends, strict=True)}
    assert all(passing[corner] > -0.1 for corner in [(0, 0), (1, 1), (3, 3), (4, 4)])
    assert passing[2, 2] < -0.4  # beside the way that fits, which half of all walks touch


def test_steps_of_swapped_sides_are_the_steps_swapped():
    generator = np.random.default_rng(9)
    first, second = (clauses_of(unit(generator.normal(size=(n, 8))), [n]) for n in (7, 5))
    tile = Tile(0, 8, np.zeros(8, dtype=np.int64), np.full(8, 5))
    turned = Tile(0, 6, np.zeros(6, dtype=np.int64), np.full(6, 7))
    steps, swapped = (
        step_features(*sides, CHANNELS[0], of)
        for sides, of in (((first, second), tile), ((second, first), turned))
    )
    np.testing.assert_allclose(steps, swapped.transpose(0, 1, 3, 2)[:, ::-1], atol=1e-5)


def scored_pair(seed, n, m):
    source, target = random_pair(seed, n, m)
    ratio, corridor = length_ratio(source, target, anchor(source, target)), whole(n, m)
    return score_beads(source, target, CHANNELS, Ground(corridor, ratio), weights().sentences)


def test_the_last_channel_may_be_added_after_the_others():
    generator = np.random.default_rng(5)
    source, target = (replace(s, units=s.units * 2) for s in random_pair(5, 30, 25))
    channels = (*CHANNELS, Channel("words", CHANNELS[0].similarity))
    names = feature_names([channel.name for channel in channels])
    values = BeadWeights(generator.normal(size=len(names)).astype(np.float32))
    ground = Ground(find_corridor((30, 25), anchor(source, target)), (0.0, 1.0))
    together = score_beads(source, target, channels, ground, values)
    apart = score_beads(source, target, channels[:1], ground, values)
    assert np.abs(apart.scores - together.scores).max() > 1
    apart = add_last_channel(apart, (source.units[-1], target.units[-1]), channels[1], values)
    np.testing.assert_allclose(apart.scores, together.scores, atol=1e-3)


def test_narrowing_keeps_the_alignment_and_its_confidences():
    scored = scored_pair(3, 40, 30)
    likely = bead_probabilities(scored, weights().sentences)
    narrowed, kept = narrow(scored, likely)
    assert len(narrowed.lattice) < len(scored.lattice) / 2
    assert (narrowed.scores[~narrowed.lattice.possible] == IMPOSSIBLE).all()
    assert ranges(decode(narrowed, weights())) == ranges(decode(scored, weights()))
    again = bead_probabilities(narrowed, weights().sentences)
    assert np.abs(again - kept)[narrowed.lattice.possible].max() < 1e-3
    assert likely.sum() - kept.sum() < 1e-2


def test_narrowing_stays_within_the_corridor_where_a_bead_leaps_over_rows():
    corridor = Corridor(np.array([0, 0, 0, 0, 4]), np.array([1, 1, 2, 5, 5]))
    lattice = build_lattice([corridor])
    likely = np.zeros(lattice.starts.shape, dtype=np.float32)
    leap = lattice.cells_at(np.array([4]), np.array([5]))
    likely[leap, BEAD_TYPES.index((4, 4))] = 1.0
    scores = np.where(lattice.possible, np.arange(len(lattice))[:, None], IMPOSSIBLE).astype(np.float32)
    narrowed, _ = narrow(Scored(corridor, lattice, scores), likely)
    assert (narrowed.corridor.low >= corridor.low).all()
    assert (narrowed.corridor.high <= corridor.high).all()
    same = lattice.cells_at(narrowed.lattice.row, narrowed.lattice.column)
    kept = narrowed.lattice.possible
    assert (narrowed.scores[kept] == scores[same][kept]).all()


def test_sure_pairs_are_those_of_the_alignment_that_are_sure():
    scored = scored_pair(7, 40, 30)
    likely = bead_probabilities(scored, weights().sentences)
    found = sure_pairs(scored.lattice, likely, weights())
    chosen = [bead for bead in decode(scored, weights()) if bead.is_pair and bead.confidence >= 0.8]
    assert ranges(found) == ranges(chosen)
    assert found


def test_a_narrow_tile_scores_its_cells_as_a_wide_one():
    source, target = random_pair(11, 40, 40)
    narrow_bands = [find_corridor((40, 40), anchor(source, target)), whole(40, 40)]
    values = weights().sentences.features
    (slim,) = tiles(narrow_bands[0])
    wide = Tile(0, 41, narrow_bands[1].low, narrow_bands[1].high)
    slim_scores, wide_scores = (
        score_tile(Scene(source, target, tile, (0.0, 1.0)), CHANNELS, values) for tile in (slim, wide)
    )
    assert slim.inside.sum() < wide.inside.sum()
    np.testing.assert_allclose(slim_scores[:, slim.inside], wide_scores[:, slim.inside], atol=1e-4)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(1, 4), min_size=0, max_size=5), st.lists(st.integers(1, 4), min_size=0, max_size=5),
    st.integers(0, 10**6),
)  # fmt: skip
def test_the_corridor_of_clauses_holds_the_clauses_of_every_plausible_bead(sources, targets, seed):
    bounds = [np.concatenate([[0], np.cumsum(counts)]).astype(np.int64) for counts in (sources, targets)]
    lattice = build_lattice([whole(len(sources), len(targets))])
    plausible = lattice.possible & (np.random.default_rng(seed).random(lattice.starts.shape) < 0.1)
    corridor = clause_corridor(lattice, plausible, *bounds)
    assert corridor.shape == (sum(sources), sum(targets))
    for cell, kind in np.argwhere(plausible):
        (a, b), i, j = BEAD_TYPES[kind], int(lattice.row[cell]), int(lattice.column[cell])
        for row in range(bounds[0][i - a], bounds[0][i] + 1):
            inner = bounds[0][i - a] < row < bounds[0][i]
            first, last = (
                (bounds[1][j - b], bounds[1][j])
                if inner or not a
                else (
                    (bounds[1][j], bounds[1][j])
                    if row == bounds[0][i]
                    else (bounds[1][j - b], bounds[1][j - b])
                )
            )
            assert corridor.low[row] <= first
            assert corridor.high[row] >= last


@pytest.mark.parametrize(("n", "m"), [(0, 0), (1, 0), (0, 3), (1, 1)])
def test_tiny_texts_align(n, m):
    generator = np.random.default_rng(0)
    beads = ranges(run(side(generator.normal(size=(n, 8))), side(generator.normal(size=(m, 8)))))
    assert sum(b[1] - b[0] for b in beads) == n
    assert sum(b[3] - b[2] for b in beads) == m


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.floats(0.01, 2)), max_size=14))
def test_the_chain_is_the_heaviest_increasing_one(points):
    matches = [Match(i, j, w) for i, (j, w) in sorted({p[0]: p[1:] for p in points}.items())]
    best = 0.0
    for mask in range(1 << len(matches)):
        chosen = [match for k, match in enumerate(matches) if mask >> k & 1]
        if all(a.tgt < b.tgt for a, b in itertools.pairwise(chosen)):
            best = max(best, sum(match.weight for match in chosen))
    chain = longest_chain(matches)
    assert all(a.src < b.src and a.tgt < b.tgt for a, b in itertools.pairwise(chain))
    assert sum(match.weight for match in chain) == pytest.approx(best)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 60),
    st.integers(0, 60),
    st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=8),
)
def test_any_chain_gives_a_corridor_that_holds_it(n, m, points):
    chain, last = [], (-1, -1)
    for i, j in sorted(points):
        if i < n and j < m and i > last[0] and j > last[1]:
            chain.append(Match(i, j, 1.0))
            last = (i, j)
    corridor = find_corridor((n, m), chain)
    assert corridor.shape == (n, m)
    assert all(corridor.low[x.src] <= x.tgt <= corridor.high[x.src] for x in chain)
    assert pin(corridor, [(x.src, x.tgt) for x in chain]).shape == (n, m)


def test_two_long_texts_without_any_anchor_stay_within_bounds():
    corridor = find_corridor((5000, 7000), [])
    assert (corridor.high - corridor.low + 1).sum() < 2_000_000
