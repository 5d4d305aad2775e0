"""What becomes of weights and vectors where another encoder, a blank side or a broken installation meets the engine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from aligner.bitext import Bead
from aligner.engine.anchors import anchor, mean_cosine, mutual_matches
from aligner.engine.moved import Stray
from aligner.engine.passes import stretch
from aligner.engine.sides import Side, Units
from aligner.engine.walk import Clauses
from aligner.engine.weights import load_weights
from aligner.errors import InputError
from aligner.files import models_folder


def side(vectors: list[list[float]]) -> Side:
    """A side of so many segments of one unit each, with these vectors for its single segments."""
    rows = np.array(vectors, np.float32)
    count = len(rows)
    spans = np.zeros((7, *rows.shape), np.float32)
    spans[0] = rows
    units = Units(np.arange(count + 1), np.ones(count, np.float32), rows)
    flags = np.zeros(count + 1, bool)
    return Side(spans, np.ones(count, np.float32), flags, np.zeros(count, np.int64), flags, (units,))


FLAT = [[0.8, 0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.6, 0.8]]
SHARP = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


def stretched_by(source: list[list[float]], encoders: list[str]) -> float:
    here: Any = SimpleNamespace(source=side(source), target=side(SHARP))
    return stretch(here, anchor(here.source, here.target), encoders, load_weights("zh", "en", ("use",)))


def test_vectors_of_an_encoder_without_weights_are_stretched_until_pairs_look_as_those_of_the_training() -> (
    None
):
    """The anchors' cosines are 0.8 each: vectors grow by what the training's mean is higher."""
    trained = load_weights("zh", "en", ("use",)).spread
    assert mean_cosine(side(FLAT), side(SHARP), anchor(side(FLAT), side(SHARP))) == pytest.approx(0.8)
    assert stretched_by(FLAT, ["other"]) == pytest.approx(trained / 0.8)
    assert stretched_by(FLAT, ["use"]) == 1.0


def test_without_an_anchor_nothing_is_stretched() -> None:
    assert mean_cosine(side(FLAT), side(SHARP), []) == 0.0
    assert stretched_by([[0.0, 0.0, 0.0]] * 3, ["other"]) == 1.0


def test_stretching_makes_vectors_longer_and_leaves_words_and_lengths() -> None:
    units = Units(np.arange(4), np.ones(3, np.float32), np.array([7, 8, 9]))
    plain = side(SHARP)
    both = Side(
        plain.spans, plain.lengths, plain.open_quote, plain.finals, plain.breaks, (*plain.units, units)
    )
    grown = both.stretched(1.5)
    assert np.array_equal(grown.spans[0], 1.5 * np.array(SHARP))
    assert np.array_equal(grown.units[0].keys, 1.5 * np.array(SHARP))
    assert np.array_equal(grown.units[1].keys, [7, 8, 9])
    assert np.array_equal(grown.lengths, both.lengths)
    assert both.stretched(1) is both
    clauses = Clauses(np.ones((2, 3, 3), np.float32), units, np.arange(4))
    assert np.array_equal(clauses.stretched(0.5).vectors, np.full((2, 3, 3), 0.5))
    assert clauses.stretched(1) is clauses


def test_a_side_without_segments_has_no_nearest() -> None:
    none, some = np.zeros((0, 3), np.float32), np.array(SHARP, np.float32)
    assert mutual_matches(none, some) == mutual_matches(some, none) == []
    assert len(mutual_matches(some, some)) == 3


def test_only_pairs_that_are_not_too_unsure_are_called_moved() -> None:
    beads = [Bead(0, 1, 0, 1, 0.9), Bead(1, 2, 1, 1, 0.9), Bead(2, 3, 1, 2, 0.01)]
    moved = list(Stray(10, 13, 20, 22, 2).pairs(beads))
    assert [(each.src_start, each.src_end, each.tgt_start, each.tgt_end) for each in moved] == [
        (10, 11, 20, 21)
    ]


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(models_folder() / "scorer", tmp_path / "scorer")
    monkeypatch.setattr("aligner.engine.weights.models_folder", lambda: tmp_path)
    return tmp_path / "scorer"


def test_weights_that_are_missing_are_said_to_be(models: Path) -> None:
    for path in models.glob("*.use.json"):
        path.unlink()
    with pytest.raises(
        InputError, match=r"any\.use\.json: the scorer's weights are missing; install aligner"
    ):
        load_weights("zh", "en", ("use",))


def test_weights_of_another_version_are_refused(models: Path) -> None:
    path = models / "zh-en.use.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | {"format": "aligner-scorer/1"}), encoding="utf-8")
    with pytest.raises(InputError, match="weights of another version"):
        load_weights("zh", "en", ("use",))


def test_a_pair_without_weights_and_an_unknown_encoder_take_those_of_any_pair_and_the_default() -> None:
    assert load_weights("sw", "en", ("use",)).pair == "any"
    assert load_weights("zh", "en", ("other",)).encoders == ("use",)
    assert load_weights("zh", "en", ("other", "third")).encoders == ("use", "e5")
