"""What operations and tables do to rows that reach over several others, and what a review keeps when they fail."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_export_readback import edit
from test_review_operations import alignment, at, do, rows

from aligner.bitext import Alternative, Bead, Moved
from aligner.errors import AlignerError, InputError, OutputError
from aligner.export import write
from aligner.export.savefile import SaveFile, save
from aligner.review.counterparts import doubt_places, row_at
from aligner.review.doubts import Doubt, doubts_of_bead, index_doubts
from aligner.review.journal import DiskFull, Journal, Past
from aligner.review.learning import Verdict, leanings
from aligner.review.operations import operate
from aligner.review.patches import apply_patches
from aligner.review.places import Refused
from aligner.review.readback import read_back
from aligner.review.redoubt import small_index
from aligner.review.redraw import ranges_of
from aligner.review.rows import row_of
from aligner.review.search import MOST_HITS, MOST_REPLACED, preview, search
from aligner.review.session import Session
from aligner.review.store import Store
from aligner.review.table_rows import TableRow, _with_below, _with_neighbours
from aligner.review.teacher import Teacher
from aligner.text.codes import Code


def plain(count: int, **changes: object) -> SaveFile:
    """Rows of one segment a side; `changes` are of the third row."""
    saved = alignment(
        [f"N{n} a." for n in range(count)], [f"M{n} b." for n in range(count)], [(1, 1)] * count
    )
    beads = list(saved.alignment.beads)
    beads[2] = replace(beads[2], **changes)
    return SaveFile(replace(saved.alignment, beads=tuple(beads)))


def test_an_alternative_over_three_rows_leaves_what_it_does_not_hold_around_it() -> None:
    saved = plain(5, alternatives=(Alternative(1, 4, 1, 2, 0.3),))
    assert row_of(saved, 2, ())["alternatives"][0]["type"] == "3-1"
    after = do(saved, "alternative", at=at(saved, 2), key=1)
    assert [ranges_of(bead) for bead in after.alignment.beads] == [
        (0, 1, 0, 1), (1, 4, 1, 2), (4, 4, 2, 3), (4, 4, 3, 4), (4, 5, 4, 5),
    ]  # fmt: skip


def test_rows_drawn_anew_have_their_alternatives_and_the_notes_of_those_that_went() -> None:
    saved = plain(5, note="ask")
    beads = [[1, 0, 0.7, [[-1, 2, -2, 3, 0.2]]], [0, 1, 0.6]]
    after = do(saved, "realign", stretches=[{"from": at(saved, 2), "rows": 1, "beads": beads}])
    first, second = after.alignment.beads[2:4]
    assert first.alternatives == (Alternative(1, 4, 0, 5, 0.2),)
    assert (first.note, second.note) == ("ask", "")
    kept = [[1, 0, 0.7], [0, 1, 0.6], [1, 1, 0.9]]
    saved = plain(4, note="below")
    beads = [replace(bead, note="above") if n == 1 else bead for n, bead in enumerate(saved.alignment.beads)]
    saved = SaveFile(replace(saved.alignment, beads=tuple(beads)))
    after = do(saved, "realign", stretches=[{"from": at(saved, 1), "rows": 2, "beads": kept}])
    assert [bead.note for bead in after.alignment.beads] == ["", "above", "", "below", ""]


def test_a_moved_passage_goes_on_with_its_own_side() -> None:
    saved = alignment(
        ["One.", "Two.", "Three."], ["Eins.", "Zwei.", "Drei."], [(1, 1), (1, 0), (1, 1), (0, 1)]
    )
    saved = SaveFile(replace(saved.alignment, moved=(Moved(1, 2, 2, 3, 0.7),)))
    assert do(saved, "cut", side="target", offset=2).alignment.moved == (Moved(1, 2, 3, 4, 0.7),)
    assert do(saved, "cut", side="source", offset=2).alignment.moved == (Moved(2, 3, 2, 3, 0.7),)
    for side, moved in (("target", Moved(1, 2, 3, 4, 0.7)), ("source", Moved(2, 3, 2, 3, 0.7))):
        patches = [
            replace(patch, moved=None) for patch in operate(saved, "cut", {"side": side, "offset": 2})[1]
        ]
        assert apply_patches(saved, patches)[0].alignment.moved == (moved,)  # a patch need not list them


@pytest.mark.parametrize("change", [[0, 1, "x"], [3, 8, "x"], [5, 7, "x"]])
def test_a_change_outside_one_segment_is_refused(change: list[Any]) -> None:
    saved = alignment(["One.", "Two."], ["A.", "B."], [(1, 1), (1, 1)])
    source = saved.alignment.source
    segments = tuple(replace(each, start=each.start + 1, end=each.end + 1) for each in source.segments)
    saved = SaveFile(
        replace(saved.alignment, source=replace(source, text=" " + source.text, segments=segments))
    )
    with pytest.raises(Refused) as refused:
        operate(saved, "replace", {"side": "source", "changes": [change]})
    assert refused.value.reason == "order"
    assert rows(do(saved, "replace", side="source", changes=[[1, 5, "Un."]])) == [
        ("Un.", "A."),
        ("Two.", "B."),
    ]


def test_the_last_row_merged_with_the_one_before_leaves_the_page_on_the_last(tmp_path: Path) -> None:
    save(plain(5), tmp_path / "a.json")
    session = Session(tmp_path / "a.json")
    assert session.operate("merge", {"at": at(session.saved, 4), "with": "previous"})["focus"] == 3


def test_a_rule_that_is_off_stays_off_for_rows_asked_anew() -> None:
    saved = alignment(["It has 24 lamps."], ["Es hat 42 Lampen."], [(1, 1)]).alignment
    found = {
        off: [doubt.rule for doubt in doubts_of_bead(saved, 0, small_index(index_doubts(saved, off={off})))]
        for off in ("numbers", "names")
    }
    assert "numbers" in found["names"] and "numbers" not in found["numbers"]


def test_the_words_of_a_row_are_learned_from_twenty_pairs_on_either_side() -> None:
    saved = plain(60)
    texts = row_at(saved.alignment, tuple(at(saved, 30))).texts
    numbers = (30, *range(10, 30), *range(31, 51))
    assert texts == ([f"N{n} a." for n in numbers], [f"M{n} b." for n in numbers])


@pytest.mark.parametrize("wrong", [5, 9, 13, 17])
def test_a_leaning_is_right_to_its_fourth_digit(wrong: int) -> None:
    """Rows of the confidence 0.999 that were all wrong: the shift is a quarter of what was expected of them."""
    low, high = -5.0, 0.0
    for _ in range(60):  # by halves
        middle = (low + high) / 2
        expected = wrong / (1 + 2.718281828459045**-middle / 999)
        low, high = (middle, high) if -middle / 0.25 > expected else (low, middle)
    assert leanings([Verdict(1, 0.999, False)] * wrong)[1] == round(low, 4)


def test_nothing_is_written_where_nothing_was_done(tmp_path: Path) -> None:
    save(plain(3), tmp_path / "a.json")
    store = Store(tmp_path / "a.json")
    store.checkpoint()
    assert store.n == 0 and not (tmp_path / "a.json.journal").exists()
    store.close()


def test_a_journal_that_can_not_be_had_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "a.journal").mkdir()
    with pytest.raises(DiskFull, match="can't be written"):
        Journal(tmp_path / "a.journal", Past()).append("accept", {})
    save(plain(3), tmp_path / "b.json")
    with pytest.raises(OutputError, match="can't be set aside"):  # there is none yet
        Store(tmp_path / "b.json").start_over()


def test_a_row_put_in_under_two_merged_rows_or_one_without_counterpart_is_refused() -> None:
    saved = alignment(["One.", "Two.", "Three."], ["A.", "B."], [(1, 1), (1, 1), (1, 0)]).alignment
    below = {"source": "x", "target": "y"}
    assert _with_below(TableRow("row 2", 0, 1, "a", "b", None), below, saved, "row 3").below == (("x", "y"),)
    for above in (None, TableRow("row 2", 0, 2, "a", "b", None), TableRow("row 2", 2, 3, "a", "b", None)):
        with pytest.raises(InputError, match="row 3: no id"):
            _with_below(above, below, saved, "row 3")


def test_so_many_places_are_found_and_so_many_replaced(tmp_path: Path) -> None:
    for count in (MOST_HITS, MOST_HITS + 1, 5_000, 5_001):
        save(alignment(["e" * count], ["A."], [(1, 1)]), tmp_path / f"{count}.json")
        session = Session(tmp_path / f"{count}.json")
        found = search(session, {"text": "e", "side": "source"})
        assert (found["total"], len(found["hits"]), found["more"]) == (count, 2_000, count > MOST_HITS)
        shown = preview(session, {"side": "source", "find": "e", "replace": "i"})
        assert (shown["total"], len(shown["hits"])) == (count, min(count, 5_000))
        assert shown["more"] is (count > MOST_REPLACED)


async def nobody() -> None:
    """There is no tab to tell."""


@pytest.mark.parametrize(
    ("mode", "lesson", "state", "taken"),
    [
        ("ask", "found", "ready", False), ("auto", "found", "idle", True), ("auto", "nothing", "idle", False),
        ("ask", "trouble", "idle", False),
    ],
)  # fmt: skip
def test_a_run_ends_in_a_proposal_an_operation_nothing_or_one_line_of_trouble(
    mode: str, lesson: str, state: str, taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(plain(5, status="confirmed"), tmp_path / "a.json")
    session = Session(tmp_path / "a.json")
    session.store.append("setting", {"learning": mode})
    stretches = [{"from": [0, 0], "rows": 2, "beads": [[2, 1, 0.9], [0, 1, 0.8]]}]

    async def run(*args: object, **how: object) -> dict[str, Any]:
        if lesson == "trouble":
            raise AlignerError("no memory")
        return {"stretches": stretches if lesson == "found" else [], "leaning": [0.0] * 5}

    async def learned() -> None:
        teacher = Teacher(session, nobody)
        teacher.start()
        assert teacher._task
        await teacher._task

    monkeypatch.setattr("aligner.review.teacher.run_beside", run)
    asyncio.run(learned())
    assert session.learning.state == state
    assert (session.alignment.beads[0].type == "2-1") is taken
    assert ("no memory" in session.trouble) is (lesson == "trouble")
    assert Bead(0, 1, 0, 1, 0.9) in session.alignment.beads or taken


def test_a_run_waits_although_nothing_was_done_yet(tmp_path: Path) -> None:
    save(plain(5, status="confirmed"), tmp_path / "a.json")
    session = Session(tmp_path / "a.json")

    async def begun() -> str:
        teacher = Teacher(session, nobody)
        teacher.start(wait=60)
        for _ in range(5):
            await asyncio.sleep(0)
        state = session.learning.state
        teacher.cancel()
        return state

    assert asyncio.run(begun()) == "idle"


def test_a_row_with_one_text_takes_in_no_neighbour() -> None:
    saved = alignment(["One.", "Two."], ["A."], [(1, 1), (1, 0)]).alignment
    for texts in (("One.Two.", ""), (None, "A."), ("One.", None)):
        row = TableRow("row 2", 0, 1, *texts, None)
        assert _with_neighbours(row, saved, {0}) == row


def test_three_rows_merged_in_a_table_are_one_from_the_first_to_the_last(tmp_path: Path) -> None:
    saved = plain(5).alignment
    write([saved], tmp_path / "o.tsv")

    def merge(table: list[list[str]]) -> list[list[str]]:
        for column, sign in ((0, " "), (1, " "), (2, " ")):
            table[2][column] = sign.join(row[column] for row in table[2:5])
        return [*table[:3], *table[5:]]

    edit(tmp_path / "o.tsv", merge)
    back = read_back(saved, tmp_path / "o.tsv").alignment
    assert [ranges_of(bead) for bead in back.beads] == [(0, 1, 0, 1), (1, 4, 1, 4), (4, 5, 4, 5)]


def test_a_term_that_the_source_has_not_is_marked_in_the_target() -> None:
    saved = alignment(["The lamp."], ["Die Lampe, Lampe."], [(1, 1)]).alignment
    for message, place in (
        ("lamp: the target has not Leuchte", ["source", 4, 8]), ("Lampe: the source has not light", ["target", 4, 9]),
    ):  # fmt: skip
        assert doubt_places(saved, saved.beads[0], Doubt(0, "glossary", message)) == [place]


def test_codes_behind_an_edit_go_on_with_their_text() -> None:
    saved = alignment(["One two three.", "Four."], ["A.", "B."], [(1, 1), (1, 1)])
    codes = (
        Code(0, "open", "<b>", 1),
        Code(3, "close", "</b>", 1),
        Code(5, "alone", "<i/>"),
        Code(15, "alone", "<x/>"),
    )
    saved = SaveFile(replace(saved.alignment, source=replace(saved.alignment.source, codes=codes)))
    after = do(saved, "replace", side="source", changes=[[8, 13, "3"]]).alignment.source
    assert after.text.startswith("One two 3.") and [(code.at, code.data) for code in after.codes] == [
        (0, "<b>"), (3, "</b>"), (5, "<i/>"), (11, "<x/>"),
    ]  # fmt: skip
    after = do(saved, "replace", side="source", changes=[[4, 7, "II"]]).alignment.source
    # What stood inside a word that was written anew goes with it.
    assert [(code.at, code.data) for code in after.codes] == [(0, "<b>"), (3, "</b>"), (14, "<x/>")]
