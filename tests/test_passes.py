"""Both passes together, on texts of a word a segment that are made for the purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from test_align import CHANNELS, ranges, side, unit, weights

from aligner.engine.evidence import Evidence, Words
from aligner.engine.features import feature_names
from aligner.engine.interactions import Interactions
from aligner.engine.lattice import build_lattice
from aligner.engine.passes import align_part, align_sides, find_corners, survey
from aligner.engine.sides import Channel, Units
from aligner.engine.walk import PLAUSIBLE, Clauses
from aligner.engine.weights import BeadWeights, Weights

SAME_WORD = Channel("lexicon", lambda a, b: (a[:, None] == b[None, :]).astype(np.float32))


def texts(order: Sequence[int]) -> Evidence:
    """As many source segments, and their translations in this order, with noise."""
    generator, numbers, size = np.random.default_rng(4), np.array(order), len(order)
    source = unit(generator.normal(size=(size, 32)))
    target = unit(source[numbers] + 0.16 * generator.normal(size=source.shape))
    bounds, sides, clauses, words = np.arange(size + 1), [], [], []
    for vectors, ids in ((source, np.arange(size)), (target, numbers)):
        units = Units(bounds, np.ones(size, dtype=np.float32), ids)
        plain = side(vectors)
        sides.append(replace(plain, units=(*plain.units, units)))
        clauses.append(Clauses(np.stack([vectors, vectors]).astype(np.float32), units, bounds))
        words.append(Words([], [np.array([number], dtype=np.int32) for number in ids], bounds))
    known = np.zeros((size + 1, size + 1), dtype=np.uint8)
    return Evidence(*sides, *clauses, (*CHANNELS, SAME_WORD), *words, known)


def two_channels(interactions: Interactions | None = None) -> Weights:
    """The weights of one channel; those of the words are 0."""
    one = weights()
    values = dict(zip(feature_names(["clause"]), one.sentences.values, strict=True))
    names = feature_names(["clause", "lexicon"])
    sentences = BeadWeights(np.array([values.get(name, 0.0) for name in names], dtype=np.float32))
    return replace(one, channels=("clause", "lexicon"), sentences=sentences, interactions=interactions)


def test_a_passage_that_moved_is_aligned_by_its_segments_and_words() -> None:
    beads, moved = align_sides(
        texts([*range(10), *range(20, 26), *range(10, 20), *range(26, 40)]), two_channels()
    )
    assert ranges(moved) == [(20 + n, 21 + n, 10 + n, 11 + n) for n in range(6)]
    assert [bead.src_start for bead in beads if bead.is_pair] == [*range(20), *range(26, 40)]


def test_in_a_moved_passage_too_counts_what_the_features_say_together() -> None:
    part = texts(range(5))
    ground = survey(part, [])
    assert ranges(align_part(part, ground, SAME_WORD, two_channels())) == [
        (n, n + 1, n, n + 1) for n in range(5)
    ]
    # a feature without weight, both sizes, one-sided, 1-1, one to several, several to several
    inner = np.array([[0, 0, 0, 0, 99, 0, 0]], dtype=np.float32).T
    one, nothing = np.ones(1, dtype=np.float32), np.zeros(1, dtype=np.int64)
    against = Interactions(nothing, nothing, one, inner, 0 * one, -99 * one)
    found = ranges(align_part(part, ground, SAME_WORD, two_channels(against)))
    assert found and not [1 for a, b, c, d in found if b - a == 1 == d - c]


def test_the_clauses_of_a_bead_that_is_just_plausible_are_looked_at() -> None:
    evidence = texts(range(3))
    lattice = build_lattice([survey(evidence, []).corridor])
    clauses = evidence.source_clauses, evidence.target_clauses

    def ends(likely: float) -> np.ndarray:
        probability = lattice.possible * np.float32(likely)
        return find_corners(lattice, probability, clauses, SAME_WORD, two_channels().steps)

    np.testing.assert_array_equal(ends(PLAUSIBLE), ends(1.0))
    assert ends(PLAUSIBLE).mean() > -0.9
