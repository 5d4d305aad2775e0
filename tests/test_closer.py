"""A closer look: the second encoder is asked about what the first leaves open, and about no other sentence."""

import numpy as np
import pytest

from aligner.bitext import Bead
from aligner.engine.weights import load_weights
from aligner.gather.closer import SETTLED, left_open, look_closer
from aligner.gather.gather import gather
from aligner.options import Options
from aligner.pipeline import align_documents, in_turn
from aligner.prepare import document_of

SOURCE = ["One came late.", "Two ate; then they left.", "Three slept.", "Four sang."]
TARGET = ["Einer kam spät.", "Zwei aßen, dann gingen sie.", "Drei schliefen.", "Vier sangen."]


class Listening:
    """An encoder that keeps what it was asked."""

    signature = "listening-1"

    def __init__(self, name="listening", dimension=8):
        self.name, self.dimension, self.heard = name, dimension, []

    def encode(self, texts):
        self.heard += texts
        seeds = [np.random.default_rng(sum(map(ord, text))) for text in texts]
        rows = np.array([seed.normal(size=self.dimension) for seed in seeds], np.float32)
        return (
            rows.reshape(-1, self.dimension)
            / np.linalg.norm(rows.reshape(-1, self.dimension), axis=1)[:, None]
        )


def documents():
    return document_of(SOURCE, "en", "source"), document_of(TARGET, "de", "target")


def test_what_is_left_open_are_the_segments_of_unsettled_beads_and_of_those_beside_them():
    sure, unsure = SETTLED, SETTLED - 0.01
    beads = [
        Bead(0, 1, 0, 1, sure), Bead(1, 2, 1, 3, sure), Bead(2, 4, 3, 4, unsure), Bead(4, 4, 4, 5, sure),
        Bead(4, 5, 5, 6, sure), Bead(5, 6, 6, 7, sure),
    ]  # fmt: skip
    source, target = left_open(beads)
    assert source.tolist() == [1, 2, 3] and target.tolist() == [1, 2, 3, 4]


def test_where_everything_is_settled_nothing_is_left_open():
    assert [some.tolist() for some in left_open([Bead(0, 1, 0, 1, 1.0)])] == [[], []]


@pytest.mark.parametrize("asked", [([1], [0, 2]), ([0, 1, 2, 3], [1]), ([], [3])])
def test_the_second_encoder_reads_no_sentence_that_it_was_not_asked_about(asked):
    sides, second = documents(), Listening()
    evidence = gather(*sides, [Listening()])
    look_closer(evidence, sides, second, tuple(np.array(some, dtype=np.int64) for some in asked), 0.9)
    for sentences, some in zip((SOURCE, TARGET), asked, strict=True):
        assert [text in second.heard for text in sentences] == [n in some for n in range(4)]


def test_a_cosine_is_the_mean_of_both_where_both_were_asked_and_else_a_share_of_the_first():
    sides, first, second = documents(), Listening("first"), Listening("second", 5)
    asked = np.array([0, 1, 3]), np.array([0, 1, 3])
    evidence = gather(*sides, [first])
    both = look_closer(evidence, sides, second, asked, 0.8)
    other = gather(
        *(
            document_of([lines[n] for n in (0, 1, 3)], lang, lang)
            for lines, lang in ((SOURCE, "en"), (TARGET, "de"))
        ),
        [second],
    )

    def cosine(of, size, i, j):
        return float(of.source.spans[size - 1, i].astype(np.float64) @ of.target.spans[size - 1, j])

    for i, j, k, m in ((0, 1, 0, 1), (1, 3, 1, 2), (3, 3, 2, 2)):
        assert cosine(both, 1, i, j) == pytest.approx(
            (cosine(evidence, 1, i, j) + cosine(other, 1, k, m)) / 2, abs=2e-3
        )
    assert cosine(both, 1, 2, 2) == pytest.approx(0.8 * cosine(evidence, 1, 2, 2), abs=2e-3)
    # Of spans, those that are asked about as a whole.
    assert cosine(both, 2, 0, 0) == pytest.approx(
        (cosine(evidence, 2, 0, 0) + cosine(other, 2, 0, 0)) / 2, abs=2e-3
    )
    assert cosine(both, 2, 1, 1) == pytest.approx(0.8 * cosine(evidence, 2, 1, 1), abs=2e-3)
    assert cosine(both, 2, 2, 2) == pytest.approx(0.8 * cosine(evidence, 2, 2, 2), abs=2e-3)
    clauses = [side.vectors[0] for side in (both.source_clauses, both.target_clauses)]
    assert clauses[0].shape == (len(evidence.source_clauses.vectors[0]), 8 + 5)
    np.testing.assert_array_equal(both.source.units[0].keys, clauses[0])


def test_the_second_encoder_has_its_turn_only_after_one_that_knows_both_languages_and_was_trained_with_it():
    weights = load_weights("zh", "en", ("use", "e5"))
    assert in_turn(weights, ("use", "e5"), ("zh", "en"))
    assert not in_turn(weights, ("use", "e5"), ("el", "en"))  # `use` knows no Greek
    assert not in_turn(weights, ("use", "e7"), ("zh", "en"))
    assert not in_turn(load_weights("zh", "en", ("use",)), ("use",), ("zh", "en"))


def test_best_asks_the_second_encoder_about_the_doubtful_part_of_a_text_alone(monkeypatch):
    lines = [f"Number {n} of the list is here." for n in range(12)]
    source = document_of([*lines, "He went home.", "It was late.", "And then?"], "en", "source")
    target = document_of([*lines, "He went home; it was late.", "Nobody knew.", "And then?"], "en", "target")
    second, told = Listening("e5", 384), []
    options = Options(quality="best", cache=False)
    (use,) = Options(cache=False).load_encoders()
    monkeypatch.setattr(Options, "load_encoders", lambda self, progress=None: [use, second])
    aligned = align_documents(source, target, options, progress=lambda *said: told.append(said[0]))
    assert second.heard and not set(lines[:8]) & set(second.heard)
    assert {"words", "words (closer)"} <= set(told)
    assert "encoder:listening-1" in aligned.signature and "use+e5" in aligned.signature


def test_weights_that_were_trained_together_say_how_near_pairs_usually_are():
    alone, both = (load_weights("zh", "en", names) for names in (("use",), ("use", "e5")))
    assert 0.7 < both.spread / alone.spread < 1.1
