"""Proposals of the aligner while a review goes on: what of them is offered, shown and taken, in this process."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_review_operations import alignment, at

from aligner.bitext import Alternative, Bead
from aligner.export.savefile import SaveFile, save
from aligner.review.beside import Helper
from aligner.review.places import Refused
from aligner.review.realign import LARGEST, Proposals, _Proposal, _shifted, _stretches
from aligner.review.redraw import as_stretch, merged, ranges_of
from aligner.review.session import Session
from aligner.review.teacher import Teacher


def opened(folder: Path, rows: int = 5, statuses: str = "aaaaa") -> Session:
    saved = alignment([f"N{n} a." for n in range(rows)], [f"M{n} b." for n in range(rows)], [(1, 1)] * rows)
    words = {"a": "auto", "c": "confirmed", "e": "edited"}
    beads = [
        replace(bead, status=words[letter])
        for bead, letter in zip(saved.alignment.beads, statuses, strict=True)
    ]
    save(SaveFile(replace(saved.alignment, beads=tuple(beads))), folder / "a.json")
    return Session(folder / "a.json")


def found_in(
    session: Session, first: int, last: int, new: list[Bead]
) -> list[tuple[list[int], int, list[Any]]]:
    found = _stretches(session.alignment, first, last, new)
    return [(each["from"], each["rows"], [bead[:2] for bead in each["beads"]]) for each in found]


def test_only_the_smallest_stretches_of_undecided_rows_that_differ_are_offered(tmp_path: Path) -> None:
    session = opened(tmp_path)
    rows = list(session.alignment.beads)
    crossed = [Bead(0, 1, 0, 2, 0.7), Bead(1, 2, 2, 2, 0.7)]
    assert found_in(session, 0, 5, rows) == []
    assert found_in(session, 0, 5, [*crossed, *rows[2:]]) == [([0, 0], 2, [[1, 2], [1, 0]])]
    joined = [*crossed, rows[2], Bead(3, 5, 3, 5, 0.7)]
    assert found_in(session, 0, 5, joined) == [
        ([0, 0], 2, [[1, 2], [1, 0]]), (at(session.saved, 3), 2, [[2, 2]]),
    ]  # fmt: skip
    three = [Bead(1, 2, 1, 1, 0.7), Bead(2, 3, 1, 1, 0.7), Bead(3, 4, 1, 4, 0.7)]
    assert found_in(session, 1, 4, three) == [(at(session.saved, 1), 3, [[1, 0], [1, 0], [1, 3]])]
    # Beads that end elsewhere than the rows are no proposal, but what comes before them is.
    assert found_in(session, 0, 3, [*crossed, Bead(2, 3, 2, 4, 0.7)]) == [([0, 0], 2, [[1, 2], [1, 0]])]


def test_a_stretch_with_a_decided_row_is_left_alone(tmp_path: Path) -> None:
    session = opened(tmp_path, statuses="acaaa")
    new = [Bead(0, 1, 0, 2, 0.7), Bead(1, 2, 2, 2, 0.7), session.alignment.beads[2], Bead(3, 5, 3, 5, 0.7)]
    assert found_in(session, 0, 5, new) == [(at(session.saved, 3), 2, [[2, 2]])]


def test_alternatives_go_along_but_not_out_of_a_part() -> None:
    bead = Bead(2, 3, 4, 5, 0.5, alternatives=(Alternative(1, 3, 4, 5, 0.2),))
    assert _shifted(bead, 0, 0) == bead
    assert _shifted(bead, 2, 3) == Bead(4, 5, 7, 8, 0.5, alternatives=(Alternative(3, 5, 7, 8, 0.2),))
    assert _shifted(bead, -1, 0) == Bead(1, 2, 4, 5, 0.5)
    assert _shifted(bead, 0, -4) == Bead(2, 3, 0, 1, 0.5)


def test_what_is_decided_or_too_large_is_not_aligned_again(tmp_path: Path) -> None:
    session = opened(tmp_path, statuses="accaa")
    proposals = Proposals(Helper())
    for body, reason in (
        ({"at": at(session.saved, 1)}, "decided"),
        ({"from": at(session.saved, 1), "to": at(session.saved, 2)}, "decided"),
        ({"at": [1, 1]}, "unknown_place"),
        ({}, "body"),
    ):
        with pytest.raises(Refused) as refused:
            proposals.start(session, body)
        assert refused.value.reason == reason
    (tmp_path / "large").mkdir()
    many = opened(tmp_path / "large", LARGEST // 2 + 1, "a" * (LARGEST // 2 + 1))
    with pytest.raises(Refused) as refused:
        proposals.start(many, {"at": [0, 0]})
    assert refused.value.reason == "large"
    with pytest.raises(Refused):
        proposals.state(1, session)


def test_a_gap_is_as_long_as_its_undecided_rows_and_goes_stale_with_the_next_operation(
    tmp_path: Path,
) -> None:
    """Nothing is aligned here: the answers come before the first question reaches the helper."""

    async def asked() -> None:
        session = opened(tmp_path, statuses="caaac")
        proposals = Proposals(Helper())
        started = proposals.start(session, {"at": at(session.saved, 2)})
        assert started == {"id": 1, "from": 1, "to": 3, "segments": 6}
        assert proposals.start(session, {"from": at(session.saved, 1), "to": at(session.saved, 2)}) == {
            "id": 2, "from": 1, "to": 2, "segments": 4,
        }  # fmt: skip
        with pytest.raises(Refused):
            proposals.state(1, session)
        session.operate("accept", {"at": at(session.saved, 1)})
        said = proposals.state(2, session)
        assert (said["state"], said["from"], said["to"]) == ("stale", 1, 2)
        with pytest.raises(Refused) as refused:
            proposals.take(2, session)
        assert refused.value.reason == "stale"
        proposals.cancel(1)
        assert proposals.state(2, session)["state"] == "stale"
        proposals.cancel(2)
        with pytest.raises(Refused):
            proposals.state(2, session)

    asyncio.run(asked())


def done_with(session: Session, first: int, last: int, beads: list[Bead]) -> Proposals:
    """A proposal that has come to its end."""
    work: asyncio.Future[list[Bead]] = asyncio.Future(loop=asyncio.new_event_loop())
    work.set_result(beads)
    proposals = Proposals(Helper())
    proposals._current = _Proposal(1, first, last, session.saved, 0.0, work)
    return proposals


def test_a_proposal_shows_its_rows_before_and_after_or_that_they_are_the_same(tmp_path: Path) -> None:
    session = opened(tmp_path)
    rows = list(session.alignment.beads)
    same = [replace(bead, confidence=0.3) for bead in rows[1:4]]
    assert done_with(session, 1, 4, same).state(1, session)["state"] == "same"
    ready = done_with(session, 1, 4, [Bead(1, 2, 1, 3, 0.7), Bead(2, 4, 3, 4, 0.6)]).state(1, session)
    assert (ready["state"], ready["from"], ready["to"]) == ("ready", 1, 3)
    assert [(row["row"], row["type"]) for row in ready["before"]] == [(1, "1-1"), (2, "1-1"), (3, "1-1")]
    assert [(row["row"], row["type"], row["confidence"]) for row in ready["after"]] == [
        (1, "1-2", 0.7), (2, "2-1", 0.6),
    ]  # fmt: skip
    proposals = done_with(session, 1, 3, [Bead(1, 2, 1, 3, 0.7), Bead(2, 3, 3, 3, 0.6)])
    assert [each["from"] for each in proposals.take(1, session)] == [at(session.saved, 1)]
    session.operate("accept", {"at": at(session.saved, 4)})
    with pytest.raises(Refused):
        proposals.take(1, session)


@pytest.mark.parametrize("sizes", [[[[2, 2]], [[2, 2]]], [[[1, 2], [1, 0]], [[2, 2]]], [
    [[1, 0], [0, 1], [1, 1]], [[1, 0], [0, 1], [1, 0], [0, 1]],
], [[[1, 0], [0, 1], [0, 1], [1, 0]], [[2, 2]]]])  # fmt: skip
def test_rows_drawn_anew_in_two_places_are_told_as_one_stretch(
    tmp_path: Path, sizes: list[list[list[int]]]
) -> None:
    """What the page has once it has put the new rows in the place of the old ones are the rows that there are."""
    session = opened(tmp_path, rows=7, statuses="aaaaaaa")
    page = session.rows(0, 7)
    stretches = [
        {"from": at(session.saved, first), "rows": 2, "beads": [[*size, 0.6] for size in new]}
        for first, new in zip((1, 4), sizes, strict=True)
    ]
    (change,) = session.operate("realign", {"stretches": stretches})["changes"]
    page[change["from"] : change["from"] + change["removed"]] = change["rows"]
    assert [row["at"] for row in page] == [row["at"] for row in session.rows(0, 99)]


def test_alternatives_are_written_from_the_start_of_their_bead() -> None:
    bead = Bead(2, 4, 5, 6, 0.7, alternatives=(Alternative(1, 4, 3, 7, 0.2),))
    assert as_stretch((8, 9), 2, [bead]) == {
        "from": [8, 9], "rows": 2, "beads": [[2, 1, 0.7, [[-1, 2, -2, 2, 0.2]]]],
    }  # fmt: skip


def test_three_rows_become_one_from_the_first_to_the_last(tmp_path: Path) -> None:
    session = opened(tmp_path)
    (bead,) = merged(session.saved, 1, 4).beads
    assert (ranges_of(bead), bead.status) == ((1, 4, 1, 4), "edited")


async def nobody() -> None:
    """There is no tab to tell."""


def taught(session: Session) -> Teacher:
    """A teacher whose run has come to its end: rows 1 and 2 drawn otherwise, row 4 weighed."""
    teacher = Teacher(session, nobody)
    stretches = [
        {"from": at(session.saved, 1), "rows": 2, "beads": [[2, 1, 0.9], [0, 1, 0.8]]},
        {"from": at(session.saved, 4), "rows": 1, "beads": [[1, 1, 0.3]]},
    ]
    teacher._found, teacher._id = (session.alignment, {"stretches": stretches, "leaning": [0.0] * 5}), 3
    return teacher


def test_nothing_is_learned_where_all_or_nothing_is_decided(tmp_path: Path) -> None:
    for number, statuses in enumerate(("aaaaa", "ccecc")):
        (tmp_path / str(number)).mkdir()
        with pytest.raises(Refused) as refused:
            Teacher(opened(tmp_path / str(number), statuses=statuses), nobody).start()
        assert refused.value.reason == "decided"


def test_what_was_learned_is_counted_and_shown_before_and_after(tmp_path: Path) -> None:
    session = opened(tmp_path, statuses="caaaa")
    teacher = taught(session)
    proposal = teacher._proposal()
    assert (proposal["id"], proposal["redrawn"], proposal["weighed"], proposal["decided"]) == (3, 1, 1, 1)
    # before: four rows of 0.9 are left, and no stops; after: 0.9, 0.3 and the new pair of 0.9, of 0.8 one alone
    assert (proposal["stops"], proposal["expected_errors"]) == ([0, 2], [0.4, 0.9])
    look = teacher.look(3)
    assert (look["id"], look["total"]) == (3, 1)
    (shown,) = look["stretches"]
    assert shown["from"] == 1 and [row["row"] for row in shown["before"]] == [1, 2]
    assert [(row["row"], row["type"], row["confidence"]) for row in shown["after"]] == [
        (1, "2-1", 0.9),
        (2, "0-1", 0.8),
    ]


def test_of_what_was_learned_only_rows_that_stayed_are_taken_and_once(tmp_path: Path) -> None:
    session = opened(tmp_path, statuses="caaaa")
    teacher = taught(session)
    session.operate("accept", {"at": at(session.saved, 2)})
    for number in (2, 4, None):
        with pytest.raises(Refused):
            teacher.take(number)
    assert [stretch["rows"] for stretch in teacher.take(3)["stretches"]] == [1]
    assert session.learning.state == "idle"
    with pytest.raises(Refused):
        teacher.take(3)
    teacher = taught(session)
    session.operate("cut", {"side": "source", "offset": 2})
    with pytest.raises(Refused) as refused:
        teacher.take(3)
    assert refused.value.reason == "stale"


def test_a_run_begins_by_itself_after_twenty_operations_unless_it_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[float] = []
    for mode, state, runs in (
        ("ask", "idle", 2),
        ("auto", "idle", 2),
        ("off", "idle", 0),
        ("ask", "running", 0),
    ):
        (tmp_path / mode / state).mkdir(parents=True)
        session = opened(tmp_path / mode / state, statuses="caaaa")
        session.store.append("setting", {"learning": mode})
        session.learning.state = state
        teacher = Teacher(session, nobody)
        monkeypatch.setattr(teacher, "start", lambda wait: begun.append(wait))
        for _ in range(21):
            teacher.note()
        assert (teacher.mode, len(begun)) == (mode, runs)
        begun.clear()
