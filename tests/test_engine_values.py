"""Small pieces of the engine and of what it is given: each value worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from test_align import side, unit, weights, whole

from aligner.bitext import Bead, Moved
from aligner.engine import anchors
from aligner.engine.anchors import Match, length_ratio, longest_chain, mutual_matches
from aligner.engine.beads import BEAD_TYPES
from aligner.engine.corridor import Corridor, enclose, find_corridor, pin
from aligner.engine.decode import sure_pairs
from aligner.engine.evidence import Words
from aligner.engine.features import weighed
from aligner.engine.lattice import build_lattice
from aligner.engine.model_one import learn
from aligner.engine.moved import Stray, off_the_path, stray_passages
from aligner.engine.passes import stretch
from aligner.engine.planes import rows_of, window_mins, window_sums
from aligner.engine.score import tiles
from aligner.engine.sides import LONGEST, PAD, Side, ranges_of
from aligner.engine.walk import clause_corridor
from aligner.engine.weights import Weights, load_weights
from aligner.gather import vectors
from aligner.gather.marks import _final
from aligner.gather.text import _Text
from aligner.lexicon.dictionary import glosses, spelled_syllables
from aligner.lexicon.glossary import Glossary, load_glossary
from aligner.lexicon.relate import translations
from aligner.lexicon.tokens import names, tokenize


class Pair(NamedTuple):
    """What is asked of the evidence here: both sides."""

    source: Side
    target: Side


def bounds(corridor: Corridor) -> list[tuple[int, int]]:
    return list(zip(corridor.low.tolist(), corridor.high.tolist(), strict=True))


def test_the_corridor_reaches_two_segments_beyond_the_third_anchor_on_either_side() -> None:
    found = find_corridor((12, 12), [Match(n, n, 1.0) for n in range(12)])
    # before row i stands anchor i - 3, two more than may be wrong: columns i - 2 to it and two further back
    assert bounds(found) == [(max(i - 4, 0), min(i + 4, 12)) for i in range(13)]
    assert bounds(find_corridor((2, 3), [])) == [(0, 3)] * 3


def test_a_large_gap_without_anchors_is_searched_in_a_band_and_along_its_lower_edge() -> None:
    found = find_corridor((1000, 1000), [])
    # 400,000 cells for 1001 rows: a band of 199 columns, 99 to either side, and at the bottom 200 rows to the edge
    assert bounds(found)[0] == (0, 99)
    assert bounds(found)[500] == (400, 598)  # around 500 · 1000 / 1001
    assert bounds(found)[800] == (700, 898)
    assert bounds(found)[801:] == [(700, 1000)] * 200


def test_a_corridor_is_the_narrowest_around_what_it_must_hold() -> None:
    low, high = np.array([3, 1, 4, 2]), np.array([0, 2, 3, 0])
    assert bounds(enclose(low, high, 5)) == [(0, 1), (1, 2), (2, 3), (2, 5)]


def test_what_is_pinned_lies_on_the_right_side_of_each_boundary() -> None:
    free = Corridor(np.zeros(5, dtype=np.int64), np.full(5, 6))
    assert bounds(pin(free, [(2, 3)])) == [(0, 3), (0, 3), (0, 6), (3, 6), (3, 6)]
    assert bounds(pin(free, [(1, 1), (3, 5)])) == [(0, 1), (0, 5), (1, 5), (1, 6), (5, 6)]
    assert pin(free, [(0, 0), (4, 6)]).shape == (4, 6)
    for cuts in ([(2, 3), (3, 2)], [(-1, 0)], [(-1, 0), (2, 3)], [(5, 6)], [(4, 7)], [(0, -1)]):
        with pytest.raises(ValueError, match="cross each other or lie outside"):
            pin(free, cuts)


def test_matches_found_a_block_at_a_time_are_those_of_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(5)
    source = unit(generator.normal(size=(23, 8))).astype(np.float32)
    target = unit(source[::-1] + 0.4 * generator.normal(size=source.shape)).astype(np.float32)
    whole_matches = mutual_matches(source, target)
    assert len(whole_matches) > 10
    for size in (1, 2, 7, 22, 23):
        monkeypatch.setattr(anchors, "_BLOCK", size)
        found = mutual_matches(source, target)
        assert [(match.src, match.tgt) for match in found] == [
            (match.src, match.tgt) for match in whole_matches
        ]
        assert [match.weight for match in found] == pytest.approx(
            [match.weight for match in whole_matches], abs=1e-5
        )


def test_in_long_texts_a_match_is_looked_for_on_the_most_similar_page_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(anchors, "_PAGE", 2)
    monkeypatch.setattr(anchors, "_PAGES", 1)
    vectors = np.eye(4, dtype=np.float32)
    # segments 0 and 2 changed places: their pages are most like those of 1 and 3
    exchanged = vectors[[2, 1, 0, 3]] * np.array([[0.9], [1], [0.9], [1]], dtype=np.float32)
    for compared, found in ((16, [0, 1, 2, 3]), (15, [1, 3])):
        monkeypatch.setattr(anchors, "PAIRS_COMPARED", compared)
        assert [match.src for match in mutual_matches(vectors, exchanged)] == found


def test_the_lengths_of_few_anchors_are_those_of_the_whole_texts() -> None:
    few, more = np.eye(4), np.eye(6)
    # all segments have 50 bytes
    assert length_ratio(side(few), side(more), [Match(0, 0, 1.0)] * 4) == (
        pytest.approx(np.log(301 / 201)), pytest.approx(2 * anchors._LEAST_DEVIATION),
    )  # fmt: skip
    assert length_ratio(side(few), side(more), [Match(0, 0, 1.0)] * 5) == (0.0, anchors._LEAST_DEVIATION)


def test_of_chains_that_weigh_the_same_each_holds_a_segment_once() -> None:
    matches = [Match(0, 0, 1.0), Match(1, 3, 2.0), Match(2, 1, 1.0), Match(3, 2, 1.5), Match(4, 3, 0.5)]
    assert [match.src for match in longest_chain(matches)] == [0, 2, 3, 4]
    assert longest_chain([]) == []
    assert longest_chain([Match(4, 2, 0.1)]) == [Match(4, 2, 0.1)]


def test_tiles_cover_the_corridor_and_are_as_high_as_they_may_be() -> None:
    rows = np.arange(120)
    for low, high, heights in (
        (rows, rows + 5, [48, 48, 24]),
        (np.zeros(120, dtype=np.int64), np.full(120, 1999), [4] * 30),  # of 8000 cells
        (np.zeros(120, dtype=np.int64), np.full(120, 2000), [3] * 40),
    ):
        found = list(tiles(Corridor(low, high)))
        assert [tile.top for tile in found] == [0, *(tile.bottom for tile in found[:-1])]
        assert [tile.bottom - tile.top for tile in found] == heights
        for tile in found:
            assert (tile.low.tolist(), tile.high.tolist()) == (
                low[tile.top : tile.bottom].tolist(), high[tile.top : tile.bottom].tolist(),
            )  # fmt: skip


def test_pairs_of_a_moved_passage_are_counted_from_its_corner_and_unsure_ones_left_out() -> None:
    stray = Stray(10, 14, 3, 8, 4)
    beads = [Bead(0, 1, 0, 2, 0.9), Bead(1, 2, 2, 2, 0.9), Bead(2, 4, 2, 5, 0.2), Bead(2, 4, 2, 5, 0.25)]
    assert list(stray.pairs(beads)) == [Moved(10, 11, 3, 5, 0.882), Moved(12, 14, 5, 8, 0.245)]


def test_a_passage_is_followed_past_matches_that_do_not_fit_and_widened_over_what_is_free() -> None:
    run = [Match(20 + n, 60 + n, 0.5) for n in (0, 2, 4)]
    noise = [Match(21, 5, 0.5), Match(23, 90, 0.5)]
    matches = sorted([*run, *noise], key=lambda match: match.src)
    (found,) = stray_passages(matches, [], [], (100, 100))
    assert (found.top, found.bottom, found.left, found.right, found.matches) == (8, 37, 48, 77, 3)
    sure = [Bead(10, 18, 63, 64), Bead(30, 31, 40, 50)]
    assert stray_passages(matches, [], sure, (100, 100)) == [Stray(18, 30, 50, 77, 3)]
    assert stray_passages(matches, [], [Bead(22, 23, 0, 1)], (100, 100)) == []
    (ended,) = stray_passages([Match(n, n, 0.5) for n in range(3)], [], [], (3, 4))
    assert (ended.top, ended.bottom, ended.left, ended.right) == (0, 3, 0, 4)
    assert (
        stray_passages([Match(20, 60, 0.5), Match(21, 60, 0.5), Match(22, 61, 0.5)], [], [], (100, 100)) == []
    )


def test_a_moved_pair_must_be_surer_than_every_pair_it_undoes() -> None:
    beads = [Bead(0, 2, 0, 1, 0.5), Bead(2, 3, 1, 2, 0.9), Bead(3, 4, 2, 2, 0.99), Bead(4, 5, 2, 3, 0.1)]
    assert off_the_path([Moved(1, 2, 2, 3, 0.6)], beads) == [Moved(1, 2, 2, 3, 0.6)]
    assert off_the_path([Moved(1, 3, 2, 3, 0.6)], beads) == []
    assert off_the_path([Moved(3, 4, 0, 1, 0.6)], beads) == [
        Moved(3, 4, 0, 1, 0.6)
    ]  # a segment alone undoes nothing
    assert off_the_path([Moved(0, 1, 2, 3, 0.5)], beads) == []
    both = [Moved(3, 4, 0, 1, 0.7), Moved(4, 5, 0, 1, 0.6), Moved(3, 4, 2, 3, 0.65)]
    assert off_the_path(both, beads) == [Moved(3, 4, 0, 1, 0.7)]


def test_the_clauses_beside_a_plausible_bead_are_looked_at_and_no_others() -> None:
    lattice = build_lattice([whole(3, 3)])
    clauses = np.array([0, 2, 3, 5]), np.array([0, 1, 4, 5])  # where the sentences of both sides begin

    def looked_at(*beads: tuple[int, int, tuple[int, int]]) -> list[tuple[int, int]]:
        plausible = np.zeros_like(lattice.possible)
        for i, j, kind in beads:
            plausible[(lattice.row == i) & (lattice.column == j), BEAD_TYPES.index(kind)] = True
        return bounds(clause_corridor(lattice, plausible, *clauses))

    # Rows overlap: where one begins further on, the one above reaches to there.
    assert looked_at((1, 1, (1, 1)), (2, 2, (1, 1)), (3, 3, (1, 1))) == [
        (0, 1), (0, 1), (1, 4), (4, 5), (4, 5), (4, 5),
    ]  # fmt: skip
    assert looked_at((2, 1, (2, 1)), (2, 2, (0, 1)), (3, 3, (1, 1))) == [
        (0, 1), (0, 1), (0, 1), (1, 5), (4, 5), (4, 5),
    ]  # fmt: skip


def test_sums_and_minima_over_the_segments_before_a_cell() -> None:
    values = np.arange(1.0, LONGEST + 5)[:, None]  # two cells
    sums, least = window_sums(values, 2), window_mins(values, 2)
    for k in range(1, PAD):
        for cell in range(2):
            before = values[PAD + cell - k : PAD + cell, 0]
            assert (sums[k - 1, cell, 0], least[k - 1, cell, 0]) == (before.sum(), before.min())
    assert rows_of(values, -2, 2)[:, 0].tolist() == [0, 0, 1, 2]
    assert rows_of(values, len(values) - 1, len(values) + 2)[:, 0].tolist() == [LONGEST + 4, 0, 0]
    assert rows_of(values, len(values) + 3, len(values) + 5)[:, 0].tolist() == [0, 0]


def test_units_of_some_segments_are_numbered_anew() -> None:
    found, inside = ranges_of(np.array([0, 2, 2, 5, 6]), np.array([3, 0, 2]))
    assert found.tolist() == [0, 1, 3, 6]
    assert inside.tolist() == [5, 0, 1, 2, 3, 4]


def test_of_a_confidence_four_digits_are_kept() -> None:
    lattice = build_lattice([whole(1, 1)])
    probability = np.zeros(lattice.starts.shape)
    probability[-1, BEAD_TYPES.index((1, 1))] = 0.912361
    assert sure_pairs(lattice, probability, weights()) == [Bead(0, 1, 0, 1, 0.9124)]


def test_encoders_without_weights_of_their_own_use_those_of_the_default_ones() -> None:
    assert load_weights("zh", "en", ("use",)).encoders == ("use",)
    assert load_weights("zh", "en", ("other",)).encoders == ("use",)
    assert load_weights("en", "zh", ("other", "third")).encoders == ("use", "e5")


def test_of_what_is_weighed_beside_features_only_pairs_have_segments_on_both_sides() -> None:
    sided = {feature.name for feature in weighed(()) if feature.applies_to == "pairs"}
    types = {f"type.{a}-{b}" for a, b in BEAD_TYPES}
    assert types - sided == {"type.1-0", "type.0-1"}


def test_confidence_is_the_posterior_with_its_logit_stretched_and_moved() -> None:
    changed = Weights("any", ("x",), (), weights().sentences, np.zeros(3, np.float32), slope=2.0, shift=1.0)
    odds = (0.8 / 0.2) ** 2 * np.e
    assert changed.calibrate(np.array([0.8]))[0] == pytest.approx(odds / (1 + odds))
    assert changed.leaning({}) is changed
    raised = changed.leaning({(1, 1): 0.5}).sentences.values - changed.sentences.values
    assert raised.sum() == pytest.approx(0.5) and raised[2] == pytest.approx(0.5)


def test_beads_of_many_words_teach_by_their_first_hundred_and_twenty() -> None:
    few = np.array([5], dtype=np.int32)
    for others, learned in ((119, [10_000]), (120, [])):
        beads = [np.array([*range(first, first + others), 10_000], dtype=np.int32) for first in (0, 1000)]
        assert learn(beads, [few, few])[0].tolist() == learned
        assert learn([few, few], beads)[1].tolist() == learned
    assert learn([], [])[0].shape == (0,)


def test_a_learned_pair_is_as_sure_as_both_directions_are_together_and_as_it_was_seen_often() -> None:
    # Each of two words always stands for the one that half of the time stands for it; a bead links it 1 / (1 + 1 + ½).
    two, one = np.array([0, 1], dtype=np.int32), np.array([0], dtype=np.int32)
    expected = np.sqrt(1 * 0.5) * (2 / 2.5) / (2 / 2.5 + 1)
    assert learn([two, two], [one, one])[2] == pytest.approx([expected, expected])


def test_beads_to_learn_from_are_as_many_on_both_sides() -> None:
    few = np.array([5], dtype=np.int32)
    with pytest.raises(ValueError, match="of sources, targets and confidences: 1, 0"):
        learn([few], [])


def test_spans_composed_a_block_at_a_time_are_those_of_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(2)
    sums, counts = (
        generator.normal(size=(13, 4)).astype(np.float32),
        generator.random(13).astype(np.float32) + 1,
    )
    lengths = generator.integers(5, 90, size=13).astype(np.float32)

    def composed() -> np.ndarray:
        spans = np.zeros((LONGEST, 13, 4), dtype=np.float16)
        spans[:3] = vectors._compose_spans(vectors._unit_rows, sums, counts, 4, 3)
        vectors._add_spans(spans, lengths)
        return spans

    at_once = composed()
    for size in (1, 2, 3, 5, 12, 13):
        monkeypatch.setattr(vectors, "_BLOCK", size)
        np.testing.assert_allclose(composed(), at_once, atol=2e-3)
    centred = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    mean = centred.mean(axis=0)
    two = (sums[4] + sums[5]) / np.linalg.norm(sums[4] + sums[5]) - mean
    np.testing.assert_allclose(at_once[1, 4], two / np.linalg.norm(two), atol=2e-3)
    # five are the three before and the two behind, each by its bytes
    five = lengths[2:5].sum() * at_once[2, 2] + lengths[5:7].sum() * at_once[1, 5]
    np.testing.assert_allclose(at_once[4, 2], five / np.linalg.norm(five), atol=2e-3)
    assert not at_once[4, 9:].any() and at_once[4, 8].any()


def test_the_clauses_of_a_pair_count_by_the_root_of_their_bytes() -> None:
    class Plain:
        name, dimension, signature = "plain", 2, "plain"

        def encode(self, texts: Sequence[str]) -> np.ndarray:
            return np.array([[1, 0] if text[0] == "a" else [0, 1] for text in texts], dtype=np.float32)

    text = _Text("en", ["aaaaaaaaab"], ["aaaaaaaaa", "b"], np.array([0, 2]), np.zeros(1, dtype=np.int64))
    _, clauses = vectors._embed(Plain(), text, np.array([9.0, 1.0], dtype=np.float32))
    pair = np.array([3, 1]) / np.sqrt(10) - 0.5  # less what both clauses have in common
    np.testing.assert_allclose(clauses[1, 0], pair / np.linalg.norm(pair), atol=1e-3)


def test_marks_at_the_end_of_sentences_that_mean_the_same_are_one_class() -> None:
    for number, marks in enumerate(("a,;、", "。.．", "?？؟", "!！", "…:：")):
        assert {_final(f"So{mark}”") for mark in marks} == {number}, marks
    assert _final("") == 0


def test_the_words_of_a_segment_are_those_of_its_clauses() -> None:
    ids = [np.array(some, dtype=np.int32) for some in ([0, 1], [], [2], [0])]
    found = Words(["a", "b", "c"], ids, np.array([0, 1, 3, 4, 4])).segments()
    assert [some.tolist() for some in found] == [[0, 1], [2], [0], []]


def test_the_glosses_of_a_definition_are_its_translations_without_notes() -> None:
    assert glosses("surname Wang") == ["Wang"]
    assert glosses("community/(law) union; to join") == ["community", "union", "to join"]
    assert glosses("variant of 個|个[ge4]") == []
    assert glosses("see 個|个[ge4]/WHO (abbr. for X)") == ["WHO"]
    assert spelled_syllables("qingyang", {"qing", "yang", "qin", "gyang"}) == ["qing", "yang"]
    assert spelled_syllables("chen", {"chen"}) == []
    assert spelled_syllables("überall", {"ü"}) == []


def test_a_term_is_found_on_the_side_that_is_asked() -> None:
    glossary = Glossary((("house rules", "Hausordnung"), ("Party A", "Partei A")), "en", "de")
    assert glossary.matches("Read the house rule.", "source") == {0}
    assert glossary.matches("Party B and party A", "source") == {1}
    assert glossary.matches("Die Hausordnungen", "target") == {0}
    assert glossary.matches("house rules", "target") == frozenset()


def test_tables_of_terms_are_told_by_their_first_line(tmp_path) -> None:
    for text, pairs in (
        ("a\tb\nc\td, e\n", (("a", "b"), ("c", "d, e"))),
        ("a,b\nc,d\te\n", (("a", "b"), ("c", "d\te"))),
        ("a,b\tx\nc,d\n", (("a", "b\tx"), ("c", "d"))),
    ):
        path = tmp_path / "terms.csv"
        path.write_text(text, encoding="utf-8")
        found = load_glossary(path)
        assert (found.pairs, found.src_lang, found.tgt_lang) == (pairs, "und", "und")
    assert load_glossary(path, "en", "de").tgt_lang == "de"


def test_a_number_is_near_another_within_a_tenth_and_a_year_beside_its_decade() -> None:
    left, right = ["#1985", "#85", "#6269700"], ["#85", "#6270000", "#6900000", "#5600000"]
    src, tgt, weights_of = translations(left, right)
    assert {(left[a], right[b]): round(float(w), 3) for a, b, w in zip(src, tgt, weights_of, strict=True)} == {
        ("#1985", "#85"): 0.7, ("#85", "#85"): 1.0, ("#6269700", "#6270000"): 0.7,
    }  # fmt: skip


def test_words_are_told_by_their_letters_and_figures() -> None:
    assert tokenize("é né a bb 12", "tlh") == ["né", "bb", "#12"]  # single letters say nothing
    assert tokenize("дом и я", "ru") == ["дом"]
    assert (tokenize("國際", "zh"), tokenize("國際", "ja")) == (["国际"], ["國際"])
    assert names("我们在这里学习和使用numpy，也用别的工具") == {"numpy"}
    assert "he" not in names("In Paris he saw Python and Berlin") and "paris" in names("In Paris he saw")


def test_without_anchors_vectors_of_other_encoders_stay_as_long_as_they_are() -> None:
    assert stretch(Pair(side(np.eye(2)), side(np.eye(2))), [], ("other",), weights()) == 1.0
    anchored = [Match(0, 0, 1.0), Match(1, 1, 1.0)]
    spread = replace(weights(), spread=0.8)
    assert stretch(Pair(side(np.eye(2)), side(np.eye(2))), anchored, ("other",), spread) == pytest.approx(0.8)
    assert stretch(Pair(side(np.eye(2)), side(np.eye(2))), anchored, ("x",), spread) == 1.0
