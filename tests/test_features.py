"""Every feature of every bead: worked out by hand, and equal to a slow, plain computation from the two sides."""

from __future__ import annotations

import json
import math
import shutil
from itertools import pairwise

import numpy as np
import plain_scorer
import pytest

from aligner.engine import weights as weights_module
from aligner.engine.beads import BEAD_TYPES
from aligner.engine.corridor import Corridor
from aligner.engine.decode import decode
from aligner.engine.feature import Family, Feature, Scene
from aligner.engine.features import (
    applies,
    bead_features,
    compute_features,
    feature_names,
    score_tile,
    weighed,
    with_family,
)
from aligner.engine.lattice import best_path
from aligner.engine.planes import PAIRS, rows_of
from aligner.engine.score import Ground, score_beads
from aligner.engine.sides import LONGEST, Channel, Side, Tile, Units
from aligner.engine.weights import BeadWeights, Weights, load_weights
from aligner.errors import InputError
from aligner.files import models_folder
from aligner.pipeline import align_segments

# By hand: three source segments against three target segments, vectors in the plane, a unit or two a segment.
CHANNEL = Channel("word", lambda a, b: (a[:, None] == b[None, :]).astype(np.float32) * 0.5)


def spans_of(singles):
    """Spans whose vectors are sums, not of unit length: easy to compute with."""
    n = len(singles)
    spans = np.zeros((LONGEST, n, 2), dtype=np.float32)
    for k in range(1, n + 1):
        for i in range(n - k + 1):
            spans[k - 1, i] = np.sum(singles[i : i + k], axis=0)
    return spans


def units_of(*segments):
    """Segments of (word, weight) pairs."""
    flat = [unit for segment in segments for unit in segment]
    return Units(
        np.cumsum([0, *map(len, segments)]),
        np.array([weight for _, weight in flat], dtype=np.float32),
        np.array([word for word, _ in flat]),
    )


SOURCE = Side(
    spans_of([(1, 0), (0, 1), (1, 1)]), np.array([9, 99, 9], np.float32), np.array([0, 1, 1, 0], bool),
    np.array([0, 2, 1]), np.array([0, 1, 0, 1], bool),
    (units_of([(1, 1.0)], [(2, 2.0), (3, 0.0)], [(4, 1.0)]),),
)  # fmt: skip
TARGET = Side(
    spans_of([(2, 0), (0, 2), (1, 0)]), np.array([9, 9, 99], np.float32), np.array([0, 0, 1, 0], bool),
    np.array([1, 2, 4]), np.array([0, 0, 0, 1], bool),
    (units_of([(1, 1.0)], [(2, 1.0)], [(2, 3.0), (9, 1.0)]),),
)  # fmt: skip
RATIO = (0.0, 0.5)

# name, bead (i0, i1, j0, j1), value
BY_HAND = [
    ("cosine", (0, 1, 0, 1), 2.0),  # (1,0)·(2,0)
    ("cosine", (0, 2, 0, 1), 2.0),  # (1,1)·(2,0)
    ("cosine.size", (0, 2, 0, 1), 3.0),  # times (2 + 1) / 2
    ("margin", (1, 2, 1, 2), (0 + 0 + 0 + 2) / 4),  # s1·t0 = 0, s0·t1 = 0, s1·t2 = 0, s2·t1 = 2
    ("margin.size", (1, 2, 1, 3), (0 + 1 + 0 + 3) / 4 * 1.5),  # s1·t0, s0·t12 = 1, nothing after t2, s2·t12 = 3
    ("margin.before", (2, 3, 2, 3), (2 + 0) / 2 - 1 if (2 + 0) / 2 > 1 else 0.0),  # s2·t1 = 2, s1·t2 = 0, s2·t2 = 1
    ("margin.before", (2, 3, 1, 3), 0.0),  # (s2·t0 + s1·t12) / 2 = 2, no more than s2·t12 = 3
    ("margin.after", (0, 1, 1, 2), (1 + 2) / 2),  # s0·t2 = 1, s1·t1 = 2, s0·t1 = 0
    ("margin.after", (1, 2, 0, 1), (2 + 2) / 2),  # s1·t1 = 2, s2·t0 = 2, s1·t0 = 0
    ("null.cosine", (1, 2, 1, 1), 2.0),  # the better of s1·t0 = 0 and s1·t1 = 2
    ("null.cosine", (1, 1, 1, 2), 2.0),  # the better of t1·s0 = 0 and t1·s1 = 2
    ("null.neighbours", (1, 2, 1, 1), 2.0),  # (s0 + s1)·t0 = (1,1)·(2,0)
    ("null.neighbours", (0, 1, 1, 1), 0.0),  # no predecessor
    ("length.square", (0, 1, 2, 3), 16.0),  # log(100 / 10) / 0.5 = 4.6, squared 21.2, at most 16
    ("length.square", (1, 2, 1, 2), 16.0),
    ("length.square", (0, 2, 1, 3), 0.0),  # 108 against 108 bytes
    ("length.clipped", (0, 1, 2, 3), 4.0),
    ("length.clipped", (0, 1, 0, 2), math.log(19 / 10) / 0.5),
    ("null.length", (1, 2, 0, 0), math.log(100 / 40)),  # the mean is 39 bytes
    ("quote.open", (0, 1, 0, 1), 1.0),  # open after the first source segment only
    ("quote.open", (1, 2, 1, 2), 0.0),
    ("quote.open", (0, 1, 1, 1), 1.0),  # one-sided ones too
    ("final.same", (1, 2, 1, 2), 1.0),
    ("final.same", (1, 2, 0, 1), 0.0),
    ("final.strong", (1, 2, 1, 2), 1.0),  # both end in a question
    ("final.strong", (2, 3, 0, 1), 0.0),  # both end in a full stop
    ("break.one", (0, 1, 0, 1), 1.0),
    ("break.one", (2, 3, 2, 3), 0.0),
    ("break.both", (2, 3, 2, 3), 1.0),
    ("break.both", (0, 1, 2, 3), 1.0),
    ("joint.break", (0, 2, 0, 2), 1.0),  # the paragraph that ends after the first source segment
    ("joint.weak", (0, 3, 0, 1), 1.0),  # no mark after the first; a question after the second
    ("joint.short", (0, 2, 0, 1), 1.0),  # 9 bytes beside a mean of 39
    ("joint.short", (0, 1, 0, 3), 2.0),
    ("joint.quote", (0, 3, 0, 1), 2.0),
    ("joint.quote", (0, 1, 0, 3), 1.0),
    ("word.cover.src", (0, 2, 0, 2), 0.5 + 1.0),  # word 1 for half of 1, word 2 for half of 2
    ("word.cover.tgt", (0, 2, 0, 3), 0.5 + 0.5 + 1.5),
    ("word.cover.mean.src", (0, 2, 0, 2), 1.5 / 3),
    ("word.cover.mean.tgt", (0, 2, 0, 3), 2.5 / 6),
    ("word.worst.src", (0, 2, 0, 2), 0.5),  # word 3 has no weight
    ("word.worst.tgt", (0, 2, 0, 2), 0.5),
    ("word.worst.tgt", (0, 2, 0, 3), 0.0),  # word 9
    ("word.first", (0, 2, 0, 1), 1.0),  # word 1 both ways
    ("word.first", (0, 1, 1, 2), 0.0),
    ("word.last", (0, 2, 0, 2), 0.5),  # word 3 finds nothing, word 2 of the target does
    ("word.leak.before.src", (1, 2, 2, 3), 0.0),  # word 2 matches no better before
    ("word.leak.before.src", (1, 2, 1, 1 + 1), 0.0),
    ("word.leak.after.src", (1, 2, 0, 1), 1.0),  # half of weight 2 in the next target segment
    ("word.leak.before.tgt", (2, 3, 1, 2), 0.5),  # word 2 stands in the source segment before
    ("word.leak.after.tgt", (0, 1, 1, 2), 0.5),
    ("word.leak.before.src", (2, 3, 2, 3), 0.0),
    ("word.null.leak", (1, 2, 1, 1), 1.0),  # word 2 in the target segment after the gap
    ("word.null.leak", (1, 2, 2, 2), 2.0),  # before and after
    ("word.null.leak", (1, 1, 1, 2), 0.5),
]  # fmt: skip


def whole(source, target):
    rows, columns = len(source) + 1, len(target) + 1
    return Tile(0, rows, np.zeros(rows, dtype=np.int64), np.full(rows, columns - 1))


def value_in(features, names, bead, name):
    i0, i1, j0, j1 = bead
    return features[i1, j1, BEAD_TYPES.index((i1 - i0, j1 - j0)), names.index(name)]


@pytest.mark.parametrize(("name", "bead", "value"), BY_HAND)
def test_a_feature_has_the_value_worked_out_by_hand(name, bead, value):
    features = compute_features(Scene(SOURCE, TARGET, whole(SOURCE, TARGET), RATIO), [CHANNEL])
    names = [feature.name for feature in bead_features(["word"])]
    assert value_in(features, names, bead, name) == pytest.approx(value, abs=1e-5)


def test_every_feature_has_a_case_by_hand_that_is_not_zero():
    shown = {name for name, _, value in BY_HAND if value}
    missing = {feature.name for feature in bead_features(["word"])} - shown
    assert missing == {"margin.before", "word.leak.before.src"}  # these two below


def test_what_fits_better_before_is_seen():
    features = compute_features(Scene(TARGET, SOURCE, whole(TARGET, SOURCE), RATIO), [CHANNEL])
    names = [feature.name for feature in bead_features(["word"])]
    # sides exchanged: t2·s0 = 1, t1·s1 = 2, t2·s1 = 0
    assert value_in(features, names, (2, 3, 1, 2), "margin.before") == pytest.approx(1.5)
    # the target's words 2 (weight 3) stand in the source segment before
    assert value_in(features, names, (2, 3, 2, 3), "word.leak.before.src") == pytest.approx(1.5)


def random_side(generator, n, channels):
    spans = generator.normal(size=(LONGEST, n, 6)).astype(np.float32)
    spans /= np.linalg.norm(spans, axis=-1, keepdims=True)
    for k in range(1, LONGEST + 1):
        spans[k - 1, max(n - k + 1, 0) :] = 0
    units = []
    for _ in range(channels):
        sizes = generator.integers(1, 4, size=n)
        count = int(sizes.sum())
        weights = (generator.random(count) * (generator.random(count) > 0.2)).astype(np.float32)
        units.append(Units(np.cumsum([0, *sizes]), weights, generator.integers(0, 12, size=count)))
    return Side(
        spans, generator.integers(1, 200, size=n).astype(np.float32), generator.random(n + 1) > 0.5,
        generator.integers(0, 5, size=n), generator.random(n + 1) > 0.6, tuple(units),
    )  # fmt: skip


def random_case(seed, n=9, m=11):
    generator = np.random.default_rng(seed)
    table = generator.random((12, 12)).astype(np.float32)
    channels = (
        Channel("one", lambda a, b: table[a[:, None], b]),
        Channel("two", lambda a, b: table.T[a[:, None], b]),
    )
    return random_side(generator, n, 2), random_side(generator, m, 2), channels, generator


@pytest.mark.parametrize(("seed", "n", "m"), [(0, 9, 11), (1, 3, 8), (2, 7, 4)])
def test_the_arrays_hold_what_a_plain_computation_gives_for_every_bead(seed, n, m):
    source, target, channels, _ = random_case(seed, n, m)
    names = [feature.name for feature in bead_features([channel.name for channel in channels])]
    found = compute_features(Scene(source, target, whole(source, target), (0.2, 0.7)), channels)
    for i1 in range(len(source) + 1):
        for j1 in range(len(target) + 1):
            for number, (a, b) in enumerate(BEAD_TYPES):
                if a > i1 or b > j1:
                    continue
                bead = (i1 - a, i1, j1 - b, j1)
                plain = plain_scorer.features_of(source, target, channels, (0.2, 0.7), bead)
                expected = np.array([plain.get(name, 0.0) for name in names])
                np.testing.assert_allclose(found[i1, j1, number], expected, atol=2e-5, err_msg=str(bead))


def random_weights(generator, channels):
    names = feature_names([channel.name for channel in channels])
    values = generator.normal(size=len(names)).astype(np.float32) * 0.4
    for number, name in enumerate(names):
        if name.startswith("type."):
            values[number] -= 1.0
    return BeadWeights(values), dict(zip(names, values.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_the_best_path_scores_what_a_plain_rescoring_gives_and_no_other_scores_more(seed):
    source, target, channels, generator = random_case(seed, 5, 5)
    weights, named = random_weights(generator, channels)
    rows, columns = len(source) + 1, len(target) + 1
    corridor = Corridor(np.zeros(rows, dtype=np.int64), np.full(rows, columns - 1))
    scored = score_beads(source, target, channels, Ground(corridor, (0.2, 0.7)), weights)
    path = best_path(scored.lattice, scored.scores, weights.again)
    kinds = [kind for _, kind in path]
    arrays = sum(float(scored.scores[cell, kind]) for cell, kind in path)
    arrays += weights.again * sum(one < 2 and other < 2 for one, other in pairwise(kinds))

    def plain(beads):
        return plain_scorer.total(source, target, channels, (0.2, 0.7), named, beads)

    beads = [
        (bead.src_start, bead.src_end, bead.tgt_start, bead.tgt_end)
        for bead in decode(scored, Weights("any", ("x",), ("one", "two"), weights, np.zeros(3, np.float32)))
    ]
    assert plain(beads) == pytest.approx(arrays, abs=1e-3)
    best = _best(source, target, channels, named)
    assert plain(beads) == pytest.approx(best, abs=1e-3)


def _best(source, target, channels, named):
    """The highest score of all paths, by trying every bead at every place."""
    best = {(0, 0, False): 0.0}
    for i1 in range(len(source) + 1):
        for j1 in range(len(target) + 1):
            for a, b in BEAD_TYPES:
                if a > i1 or b > j1:
                    continue
                bead = (i1 - a, i1, j1 - b, j1)
                values = plain_scorer.features_of(source, target, channels, (0.2, 0.7), bead)
                gain = named[f"type.{a}-{b}"] + sum(named[name] * value for name, value in values.items())
                alone = not (a and b)
                for before in (False, True):
                    start = best.get((i1 - a, j1 - b, before))
                    if start is not None:
                        score = start + gain + (named["one-sided.again"] if alone and before else 0.0)
                        key = (i1, j1, alone)
                        best[key] = max(best.get(key, -math.inf), score)
    return max(value for (i, j, _), value in best.items() if (i, j) == (len(source), len(target)))


def test_scores_are_the_features_times_their_weights():
    source, target, channels, generator = random_case(7)
    weights, _ = random_weights(generator, channels)
    scene = Scene(source, target, whole(source, target), (0.2, 0.7))
    features = compute_features(scene, channels)
    scores = score_tile(scene, channels, weights.features)
    np.testing.assert_allclose(np.moveaxis(scores, 0, -1), features @ weights.features, atol=1e-3)


def test_a_feature_is_zero_where_it_does_not_apply():
    source, target, channels, _ = random_case(11)
    found = compute_features(Scene(source, target, whole(source, target), (0.2, 0.7)), channels)
    for number, feature in enumerate(bead_features(["one", "two"])):
        for kind, may in enumerate(applies(feature)):
            assert may or not found[:, :, kind, number].any(), (feature.name, BEAD_TYPES[kind])


def test_exchanging_the_sides_exchanges_each_feature_with_its_mirror():
    source, target, channels, _ = random_case(5)
    turned = tuple(Channel(c.name, lambda a, b, c=c: c.similarity(b, a).T) for c in channels)
    declared = bead_features(["one", "two"])
    names = [feature.name for feature in declared]
    found = compute_features(Scene(source, target, whole(source, target), (0.2, 0.7)), channels)
    other = compute_features(Scene(target, source, whole(target, source), (-0.2, 0.7)), turned)
    for kind, (a, b) in enumerate(BEAD_TYPES):
        for number, feature in enumerate(declared):
            mirror = names.index(feature.mirror or feature.name)
            one = found[a:, b:, kind, number]
            reverse = other[b:, a:, BEAD_TYPES.index((b, a)), mirror]
            np.testing.assert_allclose(one, reverse.T, atol=2e-5, err_msg=feature.name)


def test_names_meanings_and_mirrors_are_whole():
    declared = weighed(["clause", "lexicon"])
    names = [feature.name for feature in declared]
    assert len(set(names)) == len(names)
    assert all(feature.meaning for feature in declared)
    by_name = {feature.name: feature for feature in declared}
    assert all(
        (by_name[feature.mirror].mirror or feature.name) == feature.name
        for feature in declared
        if feature.mirror
    )


LENGTHS_EQUAL = Family(
    (Feature("equal", "both sides have as many segments"),),
    lambda scene: {
        "equal": [(PAIRS, np.array([a == b for a, b in BEAD_TYPES if a and b], np.float32)[:, None, None])]
    },
)


def test_a_family_of_features_can_be_added_from_outside():
    source, target, channels, _ = random_case(3)
    with with_family(LENGTHS_EQUAL):
        names = [feature.name for feature in bead_features(["one", "two"])]
        found = compute_features(Scene(source, target, whole(source, target), (0.2, 0.7)), channels)
        assert value_in(found, names, (2, 4, 3, 5), "equal") == 1.0
        assert value_in(found, names, (2, 4, 3, 4), "equal") == 0.0
        added = load_weights("zh", "en", ("use",))
    own = load_weights("zh", "en", ("use",))
    assert "equal" not in [feature.name for feature in bead_features(["one", "two"])]
    assert len(added.sentences.values) == len(own.sentences.values) + 1
    assert sorted(added.sentences.values) == sorted([*own.sentences.values, 0.0])


def _asks(sentences, lang):
    return np.array([sentence.endswith("?") for sentence in sentences])


def _asks_alike(scene):
    tile = scene.tile
    source = rows_of(scene.source.marks["asks"], tile.top - 1, tile.bottom - 1)
    target = rows_of(scene.target.marks["asks"], tile.left - 1, tile.right - 1)
    return {"asks": [(PAIRS, (source[:, None] == target)[None].astype(np.float32))]}


def asking(weight):
    return Family((Feature("asks", "both ask or neither does", weight=weight),), _asks_alike, {"asks": _asks})


def test_a_feature_from_outside_reads_the_text_and_counts_by_the_weight_it_brings():
    source, target = ["Gehst du?", "Ich gehe.", "Er geht."], ["I go.", "Are you going?", "He goes."]

    def aligned(weight):
        with with_family(asking(weight)):
            return align_segments(source, target, "de", "en")

    assert {bead.type for bead in aligned(-9.0).beads if bead.is_pair} != {"1-1"}
    liked, without = aligned(9.0), align_segments(source, target, "de", "en")
    pairs = [(bead.src_start, bead.tgt_start) for bead in liked.beads if bead.type == "1-1"]
    assert all(source[i].endswith("?") == target[j].endswith("?") for i, j in pairs)
    assert liked.beads != without.beads
    assert "+asks:9" in liked.signature
    assert "asks" not in without.signature


def test_a_mark_that_is_not_one_value_a_sentence_is_refused():
    family = Family((), lambda scene: {}, {"few": lambda sentences, lang: np.zeros(1)})
    with with_family(family), pytest.raises(ValueError, match=r"mark 'few' has the shape \(1,\), not \(3,\)"):
        align_segments(["a", "b", "c"], ["a", "b", "c"], "de", "en")


def test_a_family_that_computes_other_features_than_it_declares_is_refused():
    source, target, channels, _ = random_case(3)
    scene = Scene(source, target, whole(source, target), (0.2, 0.7))
    family = Family((Feature("a", "x"), Feature("b", "y")), lambda scene: {"a": []})
    with with_family(family), pytest.raises(ValueError, match="2 are declared"):
        compute_features(scene, channels)


@pytest.fixture
def scorer(tmp_path, monkeypatch):
    """A copy of the folder of weights, which is used instead of it."""
    shutil.copytree(models_folder() / "scorer", tmp_path / "scorer")
    monkeypatch.setattr(weights_module, "models_folder", lambda: tmp_path)
    return tmp_path / "scorer"


def exchange_features(content):
    content["features"][-1], content["features"][-2] = content["features"][-2], content["features"][-1]


def later_format(content):
    content["format"] = "aligner-scorer/99"


@pytest.mark.parametrize("change", [exchange_features, later_format])
def test_weights_of_other_features_or_another_format_are_refused(scorer, change):
    path = scorer / "zh-en.use.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match=r"zh-en\.use\.json: .*another version"):
        load_weights("zh", "en", ("use",))


def test_weights_that_are_missing_are_told_with_what_to_do(scorer):
    shutil.rmtree(scorer)
    with pytest.raises(InputError, match=r"any\.use\.json: .* missing; install aligner again"):
        load_weights("zh", "en", ("use",))


def test_calibration_has_a_slope_and_a_shift():
    weights = Weights("any", ("x",), (), BeadWeights(np.zeros(0)), np.zeros(3), slope=2.0, shift=1.0)
    odds = math.exp(2.0 * math.log(0.75 / 0.25) + 1.0)
    assert weights.calibrate(np.array([0.75]))[0] == pytest.approx(odds / (1 + odds))
    plain = Weights("any", ("x",), (), BeadWeights(np.zeros(0)), np.zeros(3))
    assert plain.calibrate(np.array([0.3]))[0] == pytest.approx(0.3)
