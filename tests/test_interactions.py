"""What features say together: the network's additions to the scores of beads, and which beads get them."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from test_features import random_case, random_weights, whole

from aligner.engine.beads import BEAD_TYPES, ONE_SIDED
from aligner.engine.candidates import OPEN, add_interactions, add_words, find_candidates
from aligner.engine.corridor import Corridor
from aligner.engine.decode import bead_probabilities
from aligner.engine.evidence import Evidence
from aligner.engine.feature import Feature, Scene
from aligner.engine.features import Family, Places, bead_features, compute_features, features_at, with_family
from aligner.engine.interactions import Interactions
from aligner.engine.planes import PAIRS
from aligner.engine.score import Ground, score_beads
from aligner.engine.weights import Weights, load_weights
from aligner.errors import InputError
from aligner.files import models_folder

RATIO = (0.2, 0.7)


def random_network(generator, features, units=4):
    mirror = np.array([1, 0, *range(2, features)])
    arrays = [
        generator.normal(size=shape).astype(np.float32) for shape in ((features + 6, units), units, units)
    ]
    deviations = generator.random(features).astype(np.float32) + 0.5
    deviations[1] = deviations[0]
    return Interactions(np.arange(features), mirror, deviations, *arrays)


def test_an_addition_is_the_mean_of_the_bead_and_its_mirror_worked_out_number_by_number():
    generator = np.random.default_rng(1)
    network = random_network(generator, 5)
    features = generator.normal(size=(3, 5)).astype(np.float32)
    kinds = np.array([BEAD_TYPES.index(sizes) for sizes in ((1, 0), (2, 1), (2, 3))])
    told = [  # sizes, one-sided, 1-1, one to several, several to several
        [1, 0, 1, 0, 0, 0],
        [2, 1, 0, 0, 1, 0],
        [2, 3, 0, 0, 0, 1],
    ]
    for row, (a, b, *classes), found in zip(features, told, network.add(features, kinds), strict=True):
        scaled = [float(value / deviation) for value, deviation in zip(row, network.deviations, strict=True)]
        one = [*scaled, a, b, *classes]
        other = [scaled[1], scaled[0], *scaled[2:], b, a, *classes]
        plain = 0.0
        for seen in (one, other):
            for unit in range(4):
                inner = sum(x * float(w) for x, w in zip(seen, network.inner[:, unit], strict=True))
                plain += np.tanh(inner + float(network.bias[unit])) * float(network.outer[unit]) / 2
        assert found == pytest.approx(plain, abs=1e-4)


def test_a_1_1_bead_is_told_from_one_to_several():
    network = random_network(np.random.default_rng(2), 3)
    nothing = np.zeros((2, 3), np.float32)
    kinds = np.array([BEAD_TYPES.index((1, 1)), BEAD_TYPES.index((1, 2))])
    seen, _ = network.inputs(nothing, kinds)
    assert seen[:, 3:].tolist() == [[1, 1, 0, 1, 0, 0], [1, 2, 0, 0, 1, 0]]


def test_the_features_of_some_beads_are_those_of_the_whole_tile():
    source, target, channels, generator = random_case(7)
    scene = Scene(source, target, whole(source, target), RATIO)
    dense = compute_features(scene, channels)
    places = np.nonzero(generator.random(dense.shape[:3]) > 0.6)
    np.testing.assert_array_equal(features_at(scene, channels, Places(*places)), dense[places])


def scene_of(seed):
    """Two random sides, their first pass by the first channel, and the network's view of everything."""
    source, target, channels, generator = random_case(seed)
    weights, _ = random_weights(generator, channels)
    rows, columns = len(source) + 1, len(target) + 1
    corridor = Corridor(np.zeros(rows, dtype=np.int64), np.full(rows, columns - 1))
    scored = score_beads(source, target, channels, Ground(corridor, RATIO), weights)
    evidence = Evidence(source, target, None, None, channels, None, None, None)
    return evidence, scored, bead_probabilities(scored, weights), weights, generator


def with_words(evidence, scored, likely, weights, network):
    """The scores with the words, and the candidates of the network with all their features."""
    whole = Weights("any", ("x",), ("one", "two"), weights, np.zeros(3, np.float32), interactions=network)
    found = find_candidates(evidence, scored, likely, RATIO, whole)
    return add_words(scored, found, evidence, weights)


def test_only_beads_that_are_open_get_an_addition_and_it_is_that_of_all_their_features():
    evidence, scored, likely, weights, generator = scene_of(3)
    declared = bead_features(["one", "two"])
    network = random_network(generator, len(declared) + 1)
    ends = generator.random(len(scored.lattice)).astype(np.float32)
    scored, found = with_words(evidence, scored, likely, weights, network)
    before = scored.scores.copy()
    after = add_interactions(scored, likely, found, ends, network).scores
    cells, kinds = np.nonzero(likely >= OPEN)
    changed = np.zeros(before.shape, bool)
    changed[cells, kinds] = True
    np.testing.assert_array_equal(after[~changed], before[~changed])
    tile = whole(evidence.source, evidence.target)
    dense = compute_features(Scene(evidence.source, evidence.target, tile, RATIO), evidence.channels)
    rows, columns = scored.lattice.row[cells], scored.lattice.column[cells]
    corner = np.where(kinds < ONE_SIDED, 0, ends[cells])[:, None]
    expected = network.add(np.hstack([corner, dense[rows, columns, kinds]]).astype(np.float32), kinds)
    np.testing.assert_allclose(
        after[cells, kinds] - before[cells, kinds], expected, atol=0.02
    )  # kept in float16


def test_most_beads_are_not_looked_at():
    _, scored, likely, _, _ = scene_of(3)
    assert 0 < (likely >= OPEN).sum() < scored.lattice.possible.sum() / 2


def test_a_family_added_from_outside_leaves_the_network_as_it_is():
    family = Family((Feature("equal", "none"),), lambda scene: {"equal": [(PAIRS, np.ones((28, 1, 1)))]})
    own = load_weights("zh", "en", ("use",)).interactions
    with with_family(family):
        names = ["corner", *(feature.name for feature in bead_features(["clause", "lexicon"]))]
        added = load_weights("zh", "en", ("use",)).interactions
    without = ["corner", *(feature.name for feature in bead_features(["clause", "lexicon"]))]
    assert [names[place] for place in added.columns] == [without[place] for place in own.columns]


@pytest.mark.parametrize("encoders", [("use",), ("use", "e5")])
@pytest.mark.parametrize("pair", [("zh", "en"), ("de", "fr")])
def test_every_feature_of_the_shipped_networks_has_its_mirror_among_them(pair, encoders):
    network = load_weights(*pair, encoders).interactions
    if network is None:
        pytest.skip("these weights are sums alone")
    assert sorted(network.mirror) == list(range(len(network.columns)))
    np.testing.assert_array_equal(network.mirror[network.mirror], np.arange(len(network.columns)))
    np.testing.assert_allclose(network.deviations[network.mirror], network.deviations, rtol=1e-4)


def test_a_network_over_unknown_features_is_refused_in_one_line(tmp_path, monkeypatch):
    shutil.copytree(models_folder(), tmp_path / "models")
    path = tmp_path / "models" / "scorer" / "zh-en.use.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["interactions"]["names"][3] = "no such feature"
    path.write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setattr("aligner.engine.weights.models_folder", lambda: tmp_path / "models")
    with pytest.raises(InputError, match=r"zh-en\.use\.json: not a scorer's weights"):
        load_weights("zh", "en", ("use",))


def test_what_the_network_adds_decides_between_two_ways_to_draw_a_bead():
    evidence, scored, likely, weights, _ = scene_of(5)
    network = random_network(np.random.default_rng(0), len(bead_features(["one", "two"])) + 1)
    inner = np.zeros_like(network.inner)
    inner[-1] = 10  # the last thing told: several to several
    network = replace(network, inner=inner, bias=np.zeros(4, np.float32), outer=np.full(4, 3.0, np.float32))
    several = [number for number, sizes in enumerate(BEAD_TYPES) if min(sizes) > 1]
    ends = np.zeros(len(scored.lattice), np.float32)
    scored, found = with_words(evidence, scored, likely, weights, network)
    before = bead_probabilities(scored, weights)[:, several].sum()
    scored = add_interactions(scored, likely, found, ends, network)
    assert bead_probabilities(scored, weights)[:, several].sum() > before
