"""The doubt queue: which row comes next, what spot checks find, and counts that are right after any operation."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from test_review_operations import alignment, random_operation

from aligner.export.savefile import SaveFile, save
from aligner.review.doubts import find_doubts, index_doubts
from aligner.review.places import Refused, place_of
from aligner.review.queue import STOPS_A_SPOT, Queue, watched
from aligner.review.redoubt import carried_doubts, small_index
from aligner.review.session import Session

ROWS = 400
WORDS = ["river", "city", "winter", "house", "people", "water", "mountain", "school", "market", "bridge"]


def text(chance: random.Random, number: int) -> str:
    return f"{' '.join(chance.choices(WORDS, k=6))} no{chr(97 + number % 26)}x.".capitalize()


def made(rows: int = ROWS, low: tuple[int, ...] = ()) -> SaveFile:
    """Sure rows, but for those of `low`, the first the least sure."""
    chance = random.Random(4)
    sources, targets = ([text(chance, n) for n in range(rows)] for _ in range(2))
    saved = alignment(sources, targets, [(1, 1)] * rows)
    sure = [replace(bead, confidence=0.98) for bead in saved.alignment.beads]
    for rank, row in enumerate(low):
        sure[row] = replace(sure[row], confidence=0.3 + rank / 50)
    return SaveFile(replace(saved.alignment, beads=tuple(sure)))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    save(made(low=(200, 30, 31, 350)), tmp_path / "a.json")
    return Session(tmp_path / "a.json")


def at(session: Session, row: int) -> tuple[int, int]:
    return place_of(session.alignment, session.alignment.beads[row])


def walk(session: Session, steps: int, **how: object) -> list[int]:
    """The rows that pressing N leads to, one after another."""
    rows, place = [], None
    for _ in range(steps):
        stop = session.next_stop(place, **how)
        rows.append(stop["row"])
        place = tuple(stop["at"])
    return rows


def test_the_likeliest_errors_come_first_and_one_that_is_passed_over_comes_last(session: Session) -> None:
    assert walk(session, 5, spots=False) == [200, 30, 31, 350, 200]


def test_previous_goes_back_over_the_stops_that_were_visited(session: Session) -> None:
    rows = walk(session, 3, spots=False)
    back = session.next_stop(at(session, rows[-1]), back=True)
    assert back["row"] == rows[-2]
    assert session.next_stop(tuple(back["at"]), back=True)["row"] == rows[0]
    assert session.next_stop(at(session, rows[0]), back=True) is None


def test_in_the_order_of_the_text_the_queue_goes_round_its_end(session: Session) -> None:
    assert walk(session, 5, by_risk=False) == [30, 31, 200, 350, 30]
    assert session.next_stop(at(session, 30), by_risk=False, back=True)["row"] == 350


def test_neighbours_are_one_stop_with_two_rows_around(session: Session) -> None:
    assert session.next_stop(at(session, 1), by_risk=False)["rows"] == [28, 34]


def test_a_rule_leads_to_the_rows_it_doubts_only(tmp_path: Path) -> None:
    saved = made()
    numbered = saved.alignment.source.text.replace("noax", "4 17")
    saved = SaveFile(replace(saved.alignment, source=replace(saved.alignment.source, text=numbered)))
    save(saved, tmp_path / "a.json")
    session = Session(tmp_path / "a.json")
    index = index_doubts(session.alignment)
    session.take_doubts(session.alignment, find_doubts(session.alignment), small_index(index))
    rows = [n for n, doubts in enumerate(session.doubts) if any(d.rule == "numbers" for d in doubts)]
    assert rows and walk(session, len(rows), rules=["numbers"], by_risk=False) == rows
    assert session.next_stop(rules=["brackets"]) is None


def test_spot_checks_come_after_ten_operations_and_when_the_queue_is_empty(tmp_path: Path) -> None:
    low = tuple(range(0, 2 * STOPS_A_SPOT, 2))
    save(made(low=low), tmp_path / "a.json")
    session = Session(tmp_path / "a.json")
    kinds = []
    stop = session.next_stop()
    while stop:
        kinds.append(stop["kind"])
        stop = session.operate("accept", {"at": stop["at"]})["next"]
    spots = kinds.count("spot")
    assert kinds[: STOPS_A_SPOT + 1] == ["stop"] * STOPS_A_SPOT + ["spot"]
    assert ROWS / 100 < spots < ROWS / 25  # one in fifty is drawn
    found = session.counts()["spot"]
    assert (found["looked"], found["wrong"], found["offered"]) == (spots, 0, 0)
    assert found["expected"] == pytest.approx(0.02 * spots)


def test_what_spot_checks_found_outlives_the_session_and_undo_takes_it_back(tmp_path: Path) -> None:
    save(made(), tmp_path / "a.json")
    session = Session(tmp_path / "a.json")
    spot = session.next_stop()
    assert spot["kind"] == "spot"
    row = session.operate("merge", {"at": spot["at"], "with": "next"})
    assert row["counts"]["spot"]["wrong"] == 1
    session.operate("accept", {"at": session.next_stop()["at"]})
    session.store.close()
    again = Session(tmp_path / "a.json")
    assert (again.counts()["spot"]["looked"], again.counts()["spot"]["wrong"]) == (2, 1)
    again.take_back("undo")
    again.take_back("undo")
    assert again.counts()["spot"]["looked"] == 0
    assert again.next_stop()["at"] == spot["at"]


def test_a_spot_check_that_is_passed_over_makes_way_for_another(tmp_path: Path) -> None:
    save(made(), tmp_path / "a.json")
    session = Session(tmp_path / "a.json")
    rows = walk(session, 4)
    assert len(set(rows)) == 4


def test_counts_kept_while_rows_change_are_those_of_the_whole_counted_anew(session: Session) -> None:
    chance = random.Random(5)
    for _ in range(150):
        try:
            if chance.random() < 0.2:
                session.take_back(chance.choice(("undo", "redo")))
            else:
                session.operate(*random_operation(session.saved, chance))
        except Refused:
            continue
        beads = session.alignment.beads
        whole = Queue([watched(session.alignment, b, len(session.doubts[n])) for n, b in enumerate(beads)])
        errors = (session.queue.seen.errors, whole.seen.errors)
        whole.seen.errors = session.queue.seen.errors
        assert session.queue.seen == whole.seen and errors[0] == pytest.approx(errors[1])
        assert session.queue.riskiest() == whole.riskiest()


def test_doubts_found_while_rows_change_stay_with_their_rows() -> None:
    before = made(6).alignment
    texts = before.source.text, before.target.text
    before = replace(before, source=replace(before.source, text=texts[0].replace("nodx", "4 17")))
    beads = before.beads
    merged = replace(beads[0], src_end=2, tgt_end=2, status="edited")
    after = replace(before, beads=(merged, *beads[2:]))
    found, index = find_doubts(before), index_doubts(before)
    assert [doubt.bead for doubt in found] == [3]
    carried = carried_doubts(before, found, after, small_index(index))
    assert [[doubt.rule for doubt in doubts] for doubts in carried] == [[], [], ["numbers"], [], []]
    assert carried[2][0].bead == 2
