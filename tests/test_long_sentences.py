"""Sentences as long as chapters, as files without sentence ends have them: bounded in memory and in time."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

import aligner.engine.cover as cover_module
from aligner.engine.cover import UnitRows, best_matches
from aligner.engine.sides import Channel, Units
from aligner.gather.text import MOST_CLAUSES, cut_both
from aligner.gather.words import MOST_WORDS, _words
from aligner.options import Options
from aligner.pipeline import align_segments
from aligner.prepare import document_of

WORDS = " ".join(f"word{number}," for number in range(3 * MOST_WORDS))


def units(segments: int, generator: np.random.Generator) -> Units:
    bounds = np.append(0, np.cumsum(generator.integers(1, 9, segments)))
    keys = generator.normal(size=(bounds[-1], 4)).astype(np.float32)
    return Units(bounds, np.ones(bounds[-1], np.float32), keys)


@pytest.mark.parametrize("spans", [((-9, 20), (-5, 44)), ((5, 33), (0, 20)), ((0, 30), (38, 45))])
def test_units_compared_in_blocks_match_as_all_at_once(
    spans: tuple[tuple[int, int], tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(1)
    source, target = (UnitRows(units(n, generator), *span) for n, span in zip((30, 40), spans, strict=True))
    dot = Channel("dot", lambda a, b: a @ b.T)
    whole = best_matches(source, target, dot)
    monkeypatch.setattr(cover_module, "MOST_AT_ONCE", 50)
    for expected, found in zip(whole, best_matches(source, target, dot), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_clauses_and_words_of_a_sentence_without_end_are_bounded() -> None:
    texts = [
        document_of(["Good morning.", WORDS, "Good night."], "en", side) for side in ("source", "target")
    ]
    (text, _) = cut_both(*texts)
    assert np.diff(text.bounds).tolist() == [1, MOST_CLAUSES, 1]
    assert "".join(text.clauses[1:-1]) == WORDS, "what is joined is not lost"
    words = _words(text)
    assert sum(map(len, words.clauses[1:-1])) == MOST_WORDS
    assert len(words.clauses) == len(text.clauses)


def test_two_texts_without_sentences_are_aligned_in_little_memory() -> None:
    source = ["Good morning.", WORDS, "Good night."]
    target = ["Bonjour.", WORDS.replace("word", "mot"), "Bonne nuit."]
    tracemalloc.start()
    beads = align_segments(source, target, "en", "fr", Options(cache=False)).beads
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [bead.type for bead in beads] == ["1-1", "1-1", "1-1"]
    assert peak < 1 << 30
