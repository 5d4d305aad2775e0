"""Scores are the field's, and what they say about confidence is true."""

import json
import math
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.bitext import Alignment, Bead
from aligner.errors import InputError
from aligner.evaluation.calibration import calibrate
from aligner.evaluation.compare import compare_files
from aligner.evaluation.report import as_dict, as_text
from aligner.evaluation.scores import edits_left, pool, score
from aligner.files import read_sentences
from aligner.read.ladder import read_ladder


def rung(source, target):
    return tuple(source), tuple(target)


GOLD = [rung([0], [0]), rung([1, 2], [1]), rung([3], []), rung([4], [2, 3]), rung([], [4]), rung([5], [5])]
SYSTEM = [rung([0], [0]), rung([1], [1]), rung([2], []), rung([3], []), rung([4], [2, 3, 4]), rung([5], [5])]


@st.composite
def ladders(draw, source=6, target=6):
    """Monotone ladders over `source` and `target` sentences."""
    steps = [(1, 0), (0, 1), (1, 1), (1, 2), (2, 1), (2, 2)]
    ladder, i, j = [], 0, 0
    while (i, j) != (source, target):
        m, n = draw(st.sampled_from([s for s in steps if i + s[0] <= source and j + s[1] <= target]))
        ladder.append(rung(range(i, i + m), range(j, j + n)))
        i, j = i + m, j + n
    return ladder


def reference_counts(gold, system):
    """True and false positives as Vecalign's scorer counts them, written down naively."""

    def hits(reference, candidates):
        strict = lax = 0
        for bead in candidates:
            links = {(s, t) for s in bead[0] for t in bead[1]}
            shared = any(links & {(s, t) for s in other[0] for t in other[1]} for other in reference)
            strict += bead in reference
            lax += bead in reference or shared
        return strict, lax, len(candidates)

    pairs = [bead for bead in gold if bead[0] and bead[1]]
    system_pairs = [bead for bead in system if bead[0] and bead[1]]
    return hits(gold, system), hits(system_pairs, pairs)


def test_strict_and_lax_are_counted_as_the_field_does():
    scores = score(GOLD, SYSTEM)
    # right: 0-0, the one-sided 3, 5-5; [1]:[1] and [4]:[2,3,4] share a link; [2]:[] is wrong
    assert (scores.system, scores.system_strict, scores.system_lax) == (6, 3, 5)
    # of the two-sided gold, 0-0 and 5-5 are found, [1,2]:[1] and [4]:[2,3] share a link
    assert (scores.gold, scores.gold_strict, scores.gold_lax) == (4, 2, 4)
    assert scores.strict == pytest.approx((0.5, 0.5, 0.5))
    assert scores.lax == pytest.approx((5 / 6, 1.0, 10 / 11))


@given(ladders(), ladders())
def test_counts_equal_a_naive_reference(gold, system):
    scores = score(gold, system)
    assert (scores.system_strict, scores.system_lax, scores.system) == reference_counts(gold, system)[0]
    assert (scores.gold_strict, scores.gold_lax, scores.gold) == reference_counts(gold, system)[1]


@given(ladders(), ladders())
def test_swapping_source_and_target_changes_no_f1(gold, system):
    def swap(ladder):
        return [(target, source) for source, target in ladder]

    one, other = score(gold, system), score(swap(gold), swap(system))
    assert one.strict == other.strict
    assert one.lax == other.lax


def test_beads_empty_on_both_sides_do_not_count():
    assert score([*GOLD, ((), ())], [*SYSTEM, ((), ())]) == score(GOLD, SYSTEM)


def test_a_corpus_is_pooled_and_not_averaged():
    perfect = score([rung([0], [0])], [rung([0], [0])])
    wrong = score(
        [rung([0, 1], [0])] * 1 + [rung([2, 3], [1])], [rung([0], [0]), rung([1], []), rung([2, 3], [1])]
    )
    together = pool([perfect, wrong])
    assert together.strict[0] == pytest.approx(2 / 4)
    assert together.strict[1] == pytest.approx(2 / 3)
    assert together.types == (("1-1", 1, 1), ("2-1", 1, 2))


def test_types_say_which_kinds_of_gold_bead_are_found():
    assert score(GOLD, SYSTEM).types == (
        ("0-1", 0, 1),
        ("1-0", 1, 1),
        ("1-1", 2, 2),
        ("1-2", 0, 1),
        ("2-1", 0, 1),
    )


def test_a_split_a_merge_and_a_moved_boundary_are_one_edit_each():
    two = [rung([0], [0]), rung([1], [1])]
    one = [rung([0, 1], [0, 1])]
    assert edits_left(two, one) == edits_left(one, two) == 1
    before = [rung([0], [0, 1]), rung([1], [2])]
    after = [rung([0], [0]), rung([1], [1, 2])]
    assert edits_left(before, after) == 1
    assert edits_left(before, before) == 0


def test_the_order_of_unaligned_sentences_is_no_edit():
    source_first = [rung([0], [0]), rung([1], []), rung([], [1]), rung([2], [2])]
    target_first = [rung([0], [0]), rung([], [1]), rung([1], []), rung([2], [2])]
    assert edits_left(source_first, target_first) == 0


def test_crossing_gold_beads_count_as_one_block():
    crossing = [rung([0], [1]), rung([1], [0]), rung([2], [2])]
    assert edits_left(crossing, [rung([0, 1], [0, 1]), rung([2], [2])]) == 0
    assert edits_left(crossing, [rung([0], [0]), rung([1], [1]), rung([2], [2])]) == 1


def chains(points):
    for size in range(len(points) + 1):
        for chosen in combinations(points, size):
            if all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(chosen)):
                yield frozenset(chosen)


def test_edits_equal_the_shortest_way_found_by_search():
    points = [(i, j) for i in range(3) for j in range(3) if (i, j) not in ((0, 0), (2, 2))]
    states = set(chains(points))

    def is_one_edit(old, new):
        """One boundary put in, taken out, or moved without jumping over another."""
        gone, come = sorted(old - new), sorted(new - old)
        if len(gone) != 1 or len(come) != 1:
            return len(gone) + len(come) == 1
        return sorted(old).index(gone[0]) == sorted(new).index(come[0])

    reach = {old: {new for new in states if is_one_edit(old, new)} for old in states}

    def as_ladder(state):
        cuts = [(0, 0), *sorted(state), (2, 2)]
        return [rung(range(a[0], b[0]), range(a[1], b[1])) for a, b in pairwise(cuts)]

    def is_canonical(state):
        kinds = ["".join("st"[k] for k in (0, 1) if bead[k]) for bead in as_ladder(state)]
        return all(pair != ("t", "s") for pair in pairwise(kinds))

    canonical = [state for state in states if is_canonical(state)]
    for start in canonical:
        distance, edge = {start: 0}, [start]
        for old in edge:
            for new in sorted(reach[old] - distance.keys(), key=sorted):
                distance[new] = distance[old] + 1
                edge.append(new)
        for goal in canonical:
            assert edits_left(as_ladder(goal), as_ladder(start)) == distance[goal]


def test_perfect_confidence_has_no_error_and_ranks_every_pair():
    calibration = calibrate([(1.0, True)] * 8 + [(0.0, False)] * 2)
    assert calibration.ece == 0.0
    assert calibration.auroc == 1.0
    assert dict(calibration.caught) == {0.05: 0.25, 0.10: 0.5, 0.20: 1.0}


def test_calibration_error_is_the_gap_between_being_sure_and_being_right():
    calibration = calibrate([(0.9, True)] * 6 + [(0.9, False)] * 4)
    assert calibration.ece == pytest.approx(0.3)
    assert calibration.auroc == pytest.approx(0.5)
    assert calibration.table == (
        (pytest.approx(13 / 15), pytest.approx(14 / 15), 10, pytest.approx(0.9), 0.6),
    )


def test_confidences_drawn_as_they_say_are_calibrated():
    random = np.random.default_rng(3)
    sure = random.random(20_000)
    calibration = calibrate(list(zip(sure, random.random(20_000) < sure, strict=True)))
    assert calibration.ece < 0.02
    assert calibration.auroc == pytest.approx(5 / 6, abs=0.02)


def test_ties_share_their_errors_whatever_their_order():
    beads = [(0.5, False), (0.5, True), (0.5, True), (0.5, True), (0.9, True)] * 4
    assert calibrate(beads) == calibrate(beads[::-1])
    assert dict(calibrate(beads).caught)[0.20] == pytest.approx(0.25)


def test_without_any_error_ranking_is_undefined_and_null_in_json():
    outcomes = [(0.8, True), (0.9, True)]
    assert math.isnan(calibrate(outcomes).auroc)
    scores = score([rung([0], [0]), rung([1], [1])], [rung([0], [0]), rung([1], [1])], [0.8, 0.9])
    report = json.loads(json.dumps(as_dict(scores), allow_nan=False))
    assert report["calibration"]["auroc"] is None
    assert report["strict"]["f1"] == 1.0


def test_the_text_report_names_every_figure():
    report = as_text(score(GOLD, SYSTEM, [0.9] * 6))
    for figure in ("strict", "lax", "F1 0.5000", "1-1 2/2", "edits", "ECE", "AUROC", "10%"):
        assert figure in report


def test_a_ladder_is_read_with_gaps_crossings_and_costs(tmp_path):
    path = tmp_path / "x.align"
    path.write_text("[0, 2]:[1]:0.37\n\n[1]:[0]\n[]:[2]\n", encoding="utf-8")
    assert read_ladder(path) == [rung([0, 2], [1]), rung([1], [0]), rung([], [2])]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"[0]:[0]\n0 1\n", "line 2"), (b"", "no rung"), (b"\xff\xfe\x00", "UTF-8")],
)
def test_a_file_that_is_no_ladder_is_refused_in_one_line(tmp_path, content, said):
    path = tmp_path / "x.align"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        read_ladder(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused_in_one_line(tmp_path):
    with pytest.raises(InputError, match=r"x\.align: can't be read"):
        read_ladder(tmp_path / "x.align")


def test_only_a_line_feed_ends_a_sentence(tmp_path):
    path = tmp_path / "x"
    path.write_text("a\u2028b\x0bc\nd\n", encoding="utf-8")
    assert read_sentences(path) == ["a\u2028b\x0bc", "d"]


def write_gold(folder):
    (folder / "gold.align").write_text("[0,1]:[0]\n[2]:[1]\n", encoding="utf-8")
    (folder / "gold.zh").write_text("一。\n二。\n三。\n", encoding="utf-8")
    (folder / "gold.en").write_text("One, two.\nThree.\n", encoding="utf-8")
    return folder / "gold.align"


def test_two_ladders_are_compared_by_number(tmp_path):
    gold = write_gold(tmp_path)
    (tmp_path / "mine.align").write_text("[0]:[]\n[1]:[0]\n[2]:[1]\n", encoding="utf-8")
    scores = compare_files(gold, tmp_path / "mine.align")
    assert (scores.system_strict, scores.system, scores.gold_strict, scores.gold) == (1, 3, 1, 2)


def test_ladders_over_other_sentences_are_refused(tmp_path):
    gold = write_gold(tmp_path)
    (tmp_path / "mine.align").write_text("[0]:[0]\n[1]:[1]\n", encoding="utf-8")
    with pytest.raises(InputError, match="numbers 2 and 2 sentences"):
        compare_files(gold, tmp_path / "mine.align")


def write_tsv(path, rows):
    path.write_text("".join(f"{source}\t{target}\n" for source, target in rows), encoding="utf-8")
    return path


def test_other_sentences_are_compared_by_their_place_in_the_gold(tmp_path):
    """The table has the gold's first bead as one unit and cuts its second in two."""
    gold = write_gold(tmp_path)
    mine = write_tsv(tmp_path / "mine.tsv", [("一。二。", "One, two."), ("三。", "Three.")])
    scores = compare_files(gold, mine)
    assert scores.strict[2] == 1.0
    assert scores.edits == 0
    assert scores.types == (("1-1", 1, 1), ("2-1", 1, 1))
    mine = write_tsv(tmp_path / "other.tsv", [("一。", "One,"), ("二。", "two."), ("三。", "Three.")])
    scores = compare_files(gold, mine)
    assert (scores.system_strict, scores.system_lax, scores.gold_strict) == (1, 3, 1)
    assert scores.edits == 1


def test_text_that_the_gold_does_not_have_is_wrong(tmp_path):
    gold = write_gold(tmp_path)
    mine = write_tsv(
        tmp_path / "mine.tsv", [("一。二。", "One, two."), ("三。", "Three."), ("四。", "Four.")]
    )
    scores = compare_files(gold, mine)
    assert (scores.system_strict, scores.system_lax, scores.system) == (2, 2, 3)


def test_texts_can_be_named_where_they_do_not_stand_beside_the_ladder(tmp_path):
    gold = write_gold(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    alone = gold.rename(elsewhere / "gold.align")
    mine = write_tsv(tmp_path / "mine.tsv", [("一。二。", "One, two."), ("三。", "Three.")])
    with pytest.raises(InputError, match="put the gold's sentences beside it"):
        compare_files(alone, mine)
    scores = compare_files(alone, mine, source=tmp_path / "gold.zh", target=tmp_path / "gold.en")
    assert scores.strict[2] == 1.0


def test_the_development_gold_scores_itself_perfectly(shared_folder):
    for ladder in sorted((shared_folder / "gold").glob("*/gold/*")):
        gold = read_ladder(ladder)
        scores = score(gold, gold)
        assert scores.strict == scores.lax == (1.0, 1.0, 1.0)
        assert scores.edits == 0


@pytest.mark.parametrize(
    "line", ["x", "3", "[]", '{"source": "a"}', '{"source": "a", "target": "b", "confidence": "high"}']
)
def test_a_line_of_jsonl_that_is_no_pair_is_refused_in_one_line(tmp_path, line):
    gold = write_gold(tmp_path)
    (tmp_path / "mine.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        compare_files(gold, tmp_path / "mine.jsonl")


def _saved(path: Path, source: list[str], target: list[str]) -> str:
    from aligner.export.savefile import SaveFile, save
    from aligner.prepare import document_of

    beads = tuple(Bead(n, n + 1, n, n + 1) for n in range(len(source)))
    documents = document_of(source, "en", "a"), document_of(target, "de", "b")
    save(SaveFile(Alignment(*documents, beads)), path)
    return str(path)


@pytest.mark.parametrize("exchanged", [False, True])
def test_a_gold_of_another_text_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], exchanged: bool
) -> None:
    from aligner.cli.run import main

    english, german = ["Cranes fly south.", "It is cold."], ["Kraniche fliegen nach Süden.", "Es ist kalt."]
    gold = _saved(tmp_path / "gold.json", english, german)
    others = (german, english) if exchanged else (["Tickets are sold."], ["Karten gibt es am Tor."])
    assert main(["eval", gold, _saved(tmp_path / "other.json", *others)]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert len(told.err.splitlines()) == 1
    assert "different texts" in told.err


def test_a_system_that_cut_the_text_otherwise_is_still_scored(tmp_path: Path) -> None:
    from aligner.cli.run import main

    gold = _saved(
        tmp_path / "gold.json", ["Cranes fly south.", "It is cold."], ["Kraniche fliegen.", "Es ist kalt."]
    )
    other = _saved(tmp_path / "b.json", ["Cranes fly south. It is cold."], ["Kraniche fliegen. Es ist kalt."])
    assert main(["eval", gold, other]) == 0
