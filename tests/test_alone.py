"""Texts that leave out single sentences all over, and weights that were trained on such texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from aligner.bitext import Alignment
from aligner.engine.alone import share_alone
from aligner.engine.beads import BEAD_TYPES
from aligner.engine.lattice import Posteriors
from aligner.engine.weights import Weights, load_weights
from aligner.files import read_sentences
from aligner.options import Options
from aligner.pipeline import align_segments
from aligner.read.ladder import read_ladder

SEEDS = Path(__file__).resolve().parents[1] / "seeds" / "gold"
EVERY = 9  # one sentence in so many is struck

with_every_set = pytest.mark.parametrize(
    ("languages", "encoders"), list(product([("zh", "en"), ("de", "fr")], [("use",), ("use", "e5")]))
)


def struck(first: int) -> Iterator[tuple[str, str]]:
    """The pairs of a document of the gold, one in nine without its Chinese and one in nine without its English."""
    sides = [read_sentences(SEEDS / f"003.{lang}") for lang in ("zh", "en")]
    for number, bead in enumerate(read_ladder(SEEDS / "003.align")):
        source, target = (
            "".join(text[place] + " " for place in side) for text, side in zip(sides, bead, strict=True)
        )
        if not source.strip() or not target.strip():
            continue
        yield "" if number % EVERY == first else source, "" if number % EVERY == first + 4 else target


def aligned(pairs: list[tuple[str, str]]) -> Alignment:
    source, target = ([text.strip() for text in side if text] for side in zip(*pairs, strict=True))
    return align_segments(source, target, "zh", "en", Options())


@pytest.mark.parametrize("first", range(4))
def test_sentences_whose_translation_is_missing_here_and_there_stay_alone(first: int) -> None:
    pairs = list(struck(first))
    alone = {(source or target).strip() for source, target in pairs if not (source and target)}
    alignment = aligned(pairs)
    found = {
        alignment.source_text(bead) or alignment.target_text(bead)
        for bead in alignment.beads
        if not bead.is_pair
    }
    assert len(alone) > 5
    assert len(found & alone) >= len(alone) - 1
    assert len(found) <= len(alone) + 1


def expected(alone: float, runs: float, segments: int) -> float:
    """What is thought of a text in which so many one-sided beads are expected, so many of them after another."""
    probability = np.zeros((1, len(BEAD_TYPES)), np.float32)
    probability[0, 0] = alone
    return share_alone(Posteriors(probability, np.zeros(1), runs), segments)


def test_a_text_leaves_out_the_more_the_more_gaps_it_has_and_the_shorter_they_are() -> None:
    assert expected(alone=45, runs=5, segments=1000) == 1
    assert 0 < expected(alone=18, runs=2, segments=1000) < expected(alone=22, runs=2, segments=1000) < 1
    assert expected(alone=8, runs=1, segments=1000) == 0, "a few sentences of a novel"
    assert expected(alone=300, runs=299, segments=1000) == 0, "a chapter"
    assert expected(alone=100, runs=80, segments=1000) == 0, "twenty passages"
    assert expected(alone=1, runs=0, segments=30) == 0, "a sentence of a letter"
    assert expected(alone=0, runs=0, segments=0) == 0, "nothing at all"


@with_every_set
def test_weights_lead_from_those_for_whole_texts_to_those_for_abridged_ones(
    encoders: tuple[str, ...], languages: tuple[str, str]
) -> None:
    weights = load_weights(*languages, encoders)
    assert weights.lone is not None
    assert weights.blended(0) is weights
    for share, like in ((1e-6, weights), (1 - 1e-6, weights.lone)):
        assert shown(weights.blended(share)) == pytest.approx(shown(like), abs=1e-3)
    between = (shown(weights) + shown(weights.lone)) / 2
    assert shown(weights.blended(0.5)) == pytest.approx(between, abs=1e-3)
    assert shown(weights) != pytest.approx(shown(weights.lone), abs=0.1)


def shown(weights: Weights) -> NDArray[np.float64]:
    """All that `weights` say: of features, of clauses, of confidence, and of some beads looked at together."""
    line = [*weights.sentences.values, *weights.steps, weights.corner, weights.slope, weights.shift]
    if weights.interactions:
        width = len(weights.sentences.values) - len(BEAD_TYPES)
        beads = np.random.default_rng(1).normal(size=(20, width)).astype(np.float32)
        line += [*weights.interactions.add(beads, np.arange(20))]
    return np.array(line)


@with_every_set
def test_the_weights_for_such_texts_are_trained_and_part_of_the_signature(
    encoders: tuple[str, ...], languages: tuple[str, str]
) -> None:
    weights = load_weights(*languages, encoders)
    assert weights.lone is not None
    assert "--lone" in weights.lone.trained["command"]
    (digest,) = re.findall(r"\.lone-([0-9a-f]{8})$", weights.lone.signature)
    assert weights.signature.endswith(f"+lone-{digest}")
    assert weights.lone.sentences.types[0] > weights.sentences.types[0], "a lone sentence costs less"


def test_what_a_reviewer_found_leans_these_weights_too() -> None:
    weights = load_weights("zh", "en", ("use",))
    leaning = weights.leaning({(1, 2): 0.5})
    assert weights.lone is not None
    assert leaning.lone is not None
    place = BEAD_TYPES.index((1, 2))
    assert leaning.lone.sentences.types[place] == pytest.approx(weights.lone.sentences.types[place] + 0.5)
    assert replace(weights, lone=None).leaning({(1, 2): 0.5}).lone is None


def test_a_language_that_the_encoder_does_not_know_says_nothing_of_lone_sentences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(
        "aligner.engine.passes.share_alone", lambda found, segments: asked.append(segments) or 0.0
    )
    texts = ["Ο καιρός είναι καλός.", "Φεύγουμε αύριο."], ["The weather is fine.", "We leave tomorrow."]
    align_segments(*texts, "el", "en", Options())
    assert not asked
    align_segments(texts[1], texts[1], "en", "en", Options())
    assert asked == [4]
