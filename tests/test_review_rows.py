"""What operations and tables do to rows that reach over several others, and what a review keeps when they fail."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_review_operations import alignment, at, do, rows

from aligner.bitext import Alternative, Bead, Moved
from aligner.errors import AlignerError, InputError, OutputError
from aligner.export.savefile import SaveFile, save
from aligner.review.counterparts import row_at
from aligner.review.doubts import doubts_of_bead, index_doubts
from aligner.review.journal import DiskFull, Journal, Past
from aligner.review.learning import Verdict, leanings
from aligner.review.operations import operate
from aligner.review.places import Refused
from aligner.review.redoubt import small_index
from aligner.review.redraw import ranges_of
from aligner.review.rows import row_of
from aligner.review.search import MOST_HITS, MOST_REPLACED, preview, search
from aligner.review.session import Session
from aligner.review.store import Store
from aligner.review.table_rows import TableRow, _with_below
from aligner.review.teacher import Teacher


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


@pytest.mark.parametrize("wrong", [1, 4, 10, 12, 14])
def test_a_leaning_is_right_to_its_fourth_digit(wrong: int) -> None:
    """Rows of the confidence 0.999 that were all wrong: the shift is a quarter of what was expected of them."""
    low, high = -5.0, 0.0
    for _ in range(60):  # by halves
        middle = (low + high) / 2
        expected = wrong / (1 + 2.718281828459045**-middle / 999)
        low, high = (middle, high) if -middle / 0.25 > expected else (low, middle)
    assert leanings([Verdict(1, 0.999, False)] * wrong)[1] == pytest.approx(low, abs=5.1e-5)


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
