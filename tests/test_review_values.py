"""What the review computes of rows, texts and places: each value worked out by hand."""

from __future__ import annotations

import sys
import zlib
from collections import namedtuple
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_review_operations import alignment, at

from aligner.bitext import Alternative, Bead, Document, Moved, Segment
from aligner.errors import InputError, UsageError
from aligner.export.savefile import SaveFile, save
from aligner.review.changes import Change, changes_between
from aligner.review.doubts import RULES, find_doubts
from aligner.review.exports import _write_doubts, export_beside
from aligner.review.garbled import has_question_marks
from aligner.review.history import Done, History
from aligner.review.journal import Entry, Past, as_line, parse_line, read_journal
from aligner.review.learning import KINDS, Verdict, kind_of, leanings, learned_stretches, verdicts_of
from aligner.review.opening import choose
from aligner.review.places import Refused, bead_at, segments_in
from aligner.review.queue import Queue, Survey, Watched, risk_of
from aligner.review.readback import resegmented, smallest_change
from aligner.review.records import patches_from_data
from aligner.review.rows import row_of
from aligner.review.session import Session
from aligner.review.settings import LARGEST_SETTINGS, read_settings, settings_file, write_settings
from aligner.review.usual import Lengths, Repeats
from aligner.review.views import view_outline, view_paragraph, view_rows, view_start

Flag = namedtuple("Flag", "at end rule")
PAIR = Bead(0, 1, 0, 1, 0.8)


@pytest.mark.parametrize(
    ("bead", "doubts", "risk"),
    [
        (PAIR, 0, 0.2),  # what the confidence leaves
        (PAIR, 1, 0.2 + 0.8 * 0.1),  # a doubt takes a tenth of the way to 1
        (PAIR, 2, 0.2 + 0.8 * 0.19),  # 1 - 0.9²
        (replace(PAIR, status="confirmed"), 2, 0.0),
        (replace(PAIR, status="edited", confidence=0.1), 0, 0.0),
    ],
)
def test_the_risk_of_a_row_is_what_its_confidence_leaves_and_its_doubts_add(bead, doubts, risk) -> None:
    assert risk_of(bead, doubts) == pytest.approx(risk)


def test_a_survey_counts_rows_in_and_out_again() -> None:
    assert Survey() == Survey(pairs=0, unread=0, confirmed=0, edited=0, stops=0, spots=0, errors=0.0)
    queue = Queue([
        Watched(PAIR, 0, 1), Watched(Bead(1, 2, 1, 1, 0.95), 0, 50), Watched(Bead(2, 3, 1, 2, 0.95), 0, 50),
        Watched(Bead(3, 4, 2, 3, 0.1, "edited"), 3, 50), Watched(Bead(4, 5, 3, 4, 0.1, "confirmed"), 0, 1),
    ])  # fmt: skip
    seen = queue.seen
    assert (seen.pairs, seen.unread, seen.confirmed, seen.edited, seen.stops, seen.spots) == (
        4,
        2,
        1,
        1,
        1,
        1,
    )
    assert seen.errors == pytest.approx(0.2 + 0.05)
    queue.put(0, 5, [])
    assert replace(seen, errors=round(seen.errors, 9)) == Survey()


def test_a_stop_shows_its_neighbours_that_are_stops_and_two_rows_around() -> None:
    sure, stop = Bead(0, 1, 0, 1, 0.99), Bead(0, 1, 0, 1, 0.5)
    queue = Queue([Watched(bead, 0, 1) for bead in (sure, sure, sure, stop, stop, sure, sure, sure, stop)])
    assert [(queue.around(n).first, queue.around(n).last) for n in (3, 4, 8)] == [(1, 7), (1, 7), (6, 9)]
    assert [queue.in_text(n).row for n in (3, 4, 8)] == [4, 8, 3]
    assert [queue.in_text(n, back=True).row for n in (3, 4, 8)] == [8, 3, 4]
    assert queue.in_text(0, among={5}) is None


@pytest.mark.parametrize(
    ("sources", "targets", "kind"),
    [(0, 1, "one-sided"), (2, 0, "one-sided"), (1, 1, "1-1"), (1, 2, "1-n"), (3, 1, "n-1"), (2, 2, "n-m")],
)
def test_a_bead_is_of_the_kind_of_its_numbers(sources, targets, kind) -> None:
    assert KINDS[kind_of(sources, targets)] == kind


def test_leanings_are_where_what_was_found_balances_the_prior() -> None:
    """At the best shift the rows that were right beyond expectation equal the shift over the prior's variance."""
    shift = leanings([Verdict(1, 0.5, True)] * 3 + [Verdict(1, 0.5, False)] + [Verdict(4, 0.8, False)] * 2)
    for kind, right, odds, rows in ((1, 3, 1.0, 4), (4, 0, 4.0, 2)):
        likely = odds * 2.718281828 ** shift[kind] / (1 + odds * 2.718281828 ** shift[kind])
        assert right - rows * likely == pytest.approx(shift[kind] / 0.25, abs=1e-3)
    assert shift == [round(each, 4) for each in shift] and shift[0] == shift[2] == shift[3] == 0


def test_only_what_the_aligner_drew_is_a_verdict_and_redrawn_rows_were_wrong() -> None:
    gone = [{"rows": [0, 3], "beads": [
        [0, 1, 0, 2, 0.9, "auto"], [1, 2, 2, 3, 0.5, "auto"], [2, 3, 3, 4, 0.7, "edited"],
    ]}]  # fmt: skip
    for op, right in (("accept", True), ("merge", False)):
        assert verdicts_of([Done(1, op, {}, gone)]) == [Verdict(2, pytest.approx(0.9), right)]
    assert verdicts_of([Done(1, "flag", {}, gone)]) == []
    assert verdicts_of([Done(0, "learn", {}, []), Done(1, "accept", {}, gone)])[
        0
    ].confidence == pytest.approx(0.9)


def test_rows_are_drawn_anew_only_where_the_least_sure_gains_much() -> None:
    old = alignment(["a."] * 4, ["b."] * 4, [(1, 1), (1, 1), (1, 1), (1, 1)]).alignment
    beads = [replace(bead, confidence=0.5) for bead in old.beads]
    old = replace(old, beads=tuple(beads))
    for sure, taken in ((0.69, []), (0.71, [([0, 0], 2)])):
        new = [Bead(0, 2, 0, 2, sure), *beads[2:]]
        assert [(each["from"], each["rows"]) for each in learned_stretches(old, new)] == taken
    weighed = [replace(beads[0], confidence=0.53), replace(beads[1], confidence=0.51), *beads[2:]]
    assert [each["beads"] for each in learned_stretches(old, weighed)] == [[[1, 1, 0.53]]]
    decided = replace(old, beads=(replace(beads[0], status="confirmed"), *beads[1:]))
    assert list(learned_stretches(decided, weighed)) == []


def test_a_length_is_odd_beyond_three_spreads_of_the_usual() -> None:
    lengths = Lengths(2.0, 0.5, 1.0)  # a target of 2 letters a letter; half a unit more is usual
    # expected 50: (72 - 50) / √61 = 2.8; (78 - 50) / √64 = 3.5; 3.5 - 0.5 = 3 is not beyond
    assert lengths.oddity("a" * 25, "b" * 72) == lengths.oddity("a" * 25, "b" * 78) == ""
    assert lengths.oddity("a" * 25, "b" * 80) == "the target is 1.6 times longer than expected"
    assert lengths.oddity("a" * 25, "b" * 20) == "the target is 2.5 times shorter than expected"
    # (66 - 50) / √58 = 2.1 and (85 - 50) / √67.5 = 4.3: within three spreads of two
    wide = Lengths(2.0, 0.5, 2.0)
    assert wide.oddity("a" * 25, "b" * 66) == wide.oddity("a" * 25, "b" * 85) == ""
    assert Lengths.of([("ab cd", "ef")] * 19) is None
    assert Lengths.of([("ab cd", "ef")] * 20) == Lengths(pytest.approx(0.5), pytest.approx(0.0), 0.5)


def test_a_text_said_twice_in_two_ways_names_the_other_rows() -> None:
    text, other = "The committee adopted the report.", "Der Ausschuss nahm ihn an."
    repeats = Repeats.of([(0, text, "A b."), (4, text, other), (6, text, other), (7, "Yes.", "Ja.")])
    assert repeats.elsewhere(text, "A b.") == "5, 7"
    assert repeats.elsewhere(text.upper(), other) == "1"
    assert repeats.elsewhere(text, "anything") == "1, 5, 7"
    assert repeats.elsewhere("Yes.", "Nein.") == repeats.elsewhere("unknown", "x") == ""


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ("Müller", "M?ller", True),
        ("天黑了", "???", True),
        ("天黑了下", "??", True),  # half of what was lost
        ("天黑了下雨", "??", False),  # less than half: rewritten, and asking
        ("Müller?", "M?ller", False),  # no mark more than there was
        ("天黑了", "Is it dark?", False),
        ("Is it?", "Is it??", False),
        ("It is.", "It is?", False),  # any code page has the full stop
        ("他来。", "他来?", False),  # and a person asks so
        ("他—来", "他?来", True),
    ],
)
def test_question_marks_in_the_place_of_letters_are_seen(before, after, lost) -> None:
    assert has_question_marks(before, after) is lost


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("One two.", "One three.", (5, 7, "hree")),
        ("abc", "abxc", (1, 2, "bx")),  # what only comes is put behind a character that was there
        ("abc", "xabc", (0, 1, "xa")),
        ("aaa", "aa", (2, 3, "")),
        ("ab", "abab", (1, 2, "bab")),
    ],
)
def test_the_smallest_change_between_two_texts(old, new, change) -> None:
    assert smallest_change(old, new) == change


def test_segments_that_a_change_leaves_alone_keep_their_bounds() -> None:
    old = [Segment(10, 14), Segment(15, 19), Segment(20, 24)]
    # "abcd efgh ijkl" → "abcd eXYh ijkl" and → "abcd eh ijkl": the middle one is touched
    assert resegmented(old, "abcd efgh ijkl", "abcd eXYh ijkl", (6, 8)) == old
    assert resegmented(old, "abcd efgh ijkl", "abcd eh ijkl", (6, 8)) == [
        Segment(10, 14), Segment(15, 17), Segment(18, 22),
    ]  # fmt: skip
    assert resegmented(old, "abcd efgh ijkl", "abcdefgh ijkl", (4, 5)) == [
        Segment(10, 14), Segment(14, 18), Segment(19, 23),
    ]  # fmt: skip
    assert resegmented(old, "abcd efgh ijkl", "abcXfgh ijkl", (3, 6)) == [Segment(10, 17), Segment(18, 22)]
    assert resegmented(old, "abcd efgh ijkl", " ", (0, 14)) == [Segment(10, 11)]


def test_texts_that_changed_in_several_rows_are_listed_each() -> None:
    old = alignment(
        ["One.", "Two.", "Three."], ["A.", "B.", "C."], [(1, 1), (1, 1), (1, 0), (0, 1)]
    ).alignment
    new = alignment(
        ["One!", "Two!", "Three!"], ["A.", "B.", "C."], [(1, 1), (1, 1), (1, 0), (0, 1)]
    ).alignment
    assert changes_between(old, new) == [
        Change(0, "text", "One. | A.", "One! | A."), Change(1, "text", "Two. | B.", "Two! | B."),
        Change(2, "text", "Three. | –", "Three! | –"),
    ]  # fmt: skip


def test_a_place_is_two_numbers_that_name_a_row() -> None:
    saved = alignment(["One.", "Two."], ["A.", "B."], [(1, 1), (1, 1)])
    assert bead_at(saved.alignment, (5, 3)) == bead_at(saved.alignment, [5, 3]) + 0 == 1
    for place in (None, 5, [5], [5, 3, 0], [True, 0], [-1, 0], [0.0, 0], "00"):
        with pytest.raises(Refused) as refused:
            bead_at(saved.alignment, place)
        assert refused.value.reason == "body"
    with pytest.raises(Refused) as refused:
        bead_at(saved.alignment, (4, 3))
    assert refused.value.reason == "unknown_place"
    assert segments_in(saved.alignment.source, [0, 9]) == (0, 2)
    for span in ([0, 5], [1, 4], [5, 4], [0, 10]):
        with pytest.raises(Refused, match="unknown_place"):
            segments_in(saved.alignment.source, span)


def test_a_row_shows_alternatives_that_are_in_the_texts_and_what_moved() -> None:
    saved = alignment(["One.", "Two.", "Three."], ["A.", "B.", "C."], [(1, 1), (1, 0), (1, 1), (0, 1)])
    beads = list(saved.alignment.beads)
    beads[0] = replace(beads[0], alternatives=(Alternative(0, 2, 0, 1, 0.3), Alternative(0, 4, 0, 1, 0.2),
                                               Alternative(0, 0, 0, 3, 0.1)))  # fmt: skip
    moved = (Moved(1, 2, 2, 3, 0.7),)
    saved = SaveFile(replace(saved.alignment, beads=tuple(beads), moved=moved))
    shown = row_of(saved, 0, ())["alternatives"]
    assert [(each["key"], each["source"], each["target"], each["type"]) for each in shown] == [
        (1, [0, 9], [0, 2], "2-1"), (3, [0, 0], [0, 8], "0-3"),
    ]  # fmt: skip
    assert [row_of(saved, n, ())["moved"] for n in (0, 2)] == [[], []]
    (there,), (here,) = (row_of(saved, n, ())["moved"] for n in (1, 3))
    assert (there["side"], there["text"], there["row"], there["source"], there["target"]) == (
        "target", "C.", 3, [5, 9], [6, 8],
    )  # fmt: skip
    assert (here["side"], here["text"], here["row"], here["at"]) == ("source", "Two.", 1, [5, 3])


@pytest.fixture
def session(tmp_path: Path) -> Session:
    sources = ["One.", "Two.", "Three.", "Four.", "Five.", "Six.", "Seven.", "Eight."]
    saved = alignment(sources, ["A."] * 7, [(1, 1), (2, 1), (1, 0), (1, 1), (1, 2), (2, 1), (0, 1)])
    beads = [replace(bead, confidence=0.95) for bead in saved.alignment.beads]
    beads[3] = replace(beads[3], confidence=0.4)
    save(SaveFile(replace(saved.alignment, beads=tuple(beads))), tmp_path / "a.json")
    return Session(tmp_path / "a.json")


def test_the_outline_has_the_length_and_the_state_of_every_row(session: Session) -> None:
    session.operate("accept", {"at": at(session.saved, 0)})
    session.operate("flag", {"at": at(session.saved, 1), "comment": "ask"})
    session.operate("merge", {"at": at(session.saved, 4), "with": "next"})
    assert view_outline(session) == {
        "rows": 6, "source": [4, 11, 5, 5, 19, 0], "target": [2, 2, 0, 2, 8, 2], "state": "cAa?ea",
    }  # fmt: skip


def test_rows_are_read_by_the_hundred(session: Session) -> None:
    assert [row["row"] for row in view_rows(session, 2, 4)["rows"]] == [2, 3]
    assert view_rows(session, 0, 400)["count"] == 7 and view_rows(session, 3, 3)["rows"] == []
    for first, last in ((0, 401), (-1, 2), (3, 2)):
        with pytest.raises(Refused):
            view_rows(session, first, last)


def test_the_first_screen_stands_twenty_rows_above_the_last_place(tmp_path: Path) -> None:
    save(alignment([f"N{n}." for n in range(100)], ["A."] * 100, [(1, 1)] * 100), tmp_path / "b.json")
    session = Session(tmp_path / "b.json")
    for row, first in ((50, 30), (5, 0), (99, 60)):
        session.store.append("place", {"at": at(session.saved, row)})
        start = view_start(session, 40, with_outline=True)
        assert [each["row"] for each in start["rows"]["rows"]] == list(range(first, first + 40))
        assert start["outline"]["rows"] == 100
    assert start["next"]["kind"] == "spot"
    assert view_start(session, 40, with_outline=False)["outline"] is None


def test_the_paragraphs_around_a_row_are_its_own_and_their_neighbours(session: Session) -> None:
    # paragraphs of the source: segments 0–2, 3–5, 6–7; of the target: 0–2, 3–5, 6
    source = session.alignment.source
    around = view_paragraph(session, tuple(at(session.saved, 0)))
    assert (
        around["source"]["text"] == source.text[: source.segments[5].end] and around["source"]["start"] == 0
    )
    assert around["source"]["here"] == [0, 4]
    last = view_paragraph(session, tuple(at(session.saved, 6)))
    assert last["source"]["text"] == source.text[source.segments[3].start :]
    assert last["source"]["here"] == [len(source.text)] * 2
    middle = view_paragraph(session, tuple(at(session.saved, 2)))
    assert middle["source"]["text"] == source.text
    assert middle["target"]["here"] == [session.alignment.target.segments[2].start] * 2


def test_an_operation_says_what_changed_and_where_to_look(session: Session) -> None:
    result = session.operate("accept", {"at": at(session.saved, 3)})
    assert (result["n"], result["focus"], result["stale_from"], result["also"]) == (2, 3, None, [])
    assert [(each["from"], each["removed"], len(each["rows"])) for each in result["changes"]] == [(3, 1, 1)]
    assert result["next"] is None
    undone = session.take_back("undo")
    assert (undone["op"], undone["done"], undone["focus"]) == ("undo", {"op": "accept", "rows": 1}, 3)
    assert undone["next"]["row"] == 3 and undone["next"]["rows"] == [1, 6]
    again = session.operate("unaccept", {"at": at(session.saved, 3)})
    assert (again["changes"], again["n"], again["focus"]) == ([], session.last_n, 3)
    cut = session.operate("cut", {"side": "source", "offset": 2})
    assert (cut["stale_from"], cut["focus"]) == (0, 0)
    assert session.missed_since(undone["n"]) == [{**cut, "by": "other"}]
    assert session.missed_since(-1) is None and session.missed_since(cut["n"]) == []


def test_the_counts_say_how_many_errors_are_left_and_how_many_are_allowed(session: Session) -> None:
    counts = session.counts()
    # five pairs: four of 0.95, one of 0.4; one in a hundred may be wrong
    assert (counts["rows"], counts["pairs"], counts["unread"], counts["stops"]) == (7, 5, 5, 1)
    assert (counts["expected_errors"], counts["errors_allowed"], counts["reached"]) == (0.8, 0.05, False)
    session.store.append("setting", {"target": 0.17})
    assert session.counts()["reached"] is True and session.counts()["errors_allowed"] == 0.85
    session.store.append("setting", {"target": 0.0112})
    assert session.counts()["errors_allowed"] == 0.06  # of 0.056


def test_a_limit_of_terms_that_is_none_is_refused(session: Session) -> None:
    for limit in (0, 5_001):
        with pytest.raises(UsageError):
            export_beside(session, {"format": "tbx", "options": {"limit": limit}})


def test_a_line_of_the_journal_is_read_only_whole_and_in_its_place() -> None:
    line = as_line(Entry(3, "accept", {"args": {"at": [0, 0]}}))
    assert parse_line(line.rstrip(b"\n"), 3) == Entry(3, "accept", {"args": {"at": [0, 0]}})
    assert line.startswith(b'{"crc":"') and line.endswith(b"}\n")
    assert parse_line(line.rstrip(b"\n"), 4) is None and parse_line(line[:-3], 3) is None
    assert parse_line(line.rstrip(b"\n").replace(b"accept", b"accepu"), 3) is None
    assert Past() == Past((), 0, 0) and Past().replay_from("x") is None


def test_what_takes_back_nothing_is_refused_and_automatic_work_goes_with_the_step_before() -> None:
    history = History()
    for op in ("undo", "redo"):
        with pytest.raises(InputError):
            history.take(Entry(1, op))
    for n, by in enumerate(("you", "itself", "you", "itself", "itself"), 1):
        history.take(Entry(n, "accept" if by == "you" else "learn", {"args": {"by": by}, "inverse": []}))
    assert [done.n for done in history.last_group()] == [3, 4, 5]
    history.take(Entry(6, "undo"))
    assert [done.n for done in history.done] == [1, 2] and [done.n for done in history.undone[0]] == [3, 4, 5]
    history.take(Entry(7, "redo"))
    assert [done.n for done in history.done] == [1, 2, 3, 4, 5] and history.undone == []
    only = History()
    only.take(Entry(1, "learn", {"args": {"by": "itself"}, "inverse": []}))
    assert only.last_group() == []


@pytest.mark.parametrize("data", [None, [{}], [{"rows": [0]}], [{"rows": [0, 1], "beads": [[0, 1]]}], [[1]], "x",
                                  [{"rows": [0, 1], "beads": [[2, 1, 0, 1, 0.5, "auto"]]}]])  # fmt: skip
def test_a_forged_patch_is_one_clear_error(data) -> None:
    with pytest.raises(InputError, match="holds no patch"):
        patches_from_data(data)


def test_settings_lie_where_the_platform_or_the_user_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIGNER_CONFIG", "/x")
    assert settings_file() == Path("/x/review.json")
    monkeypatch.delenv("ALIGNER_CONFIG")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/y")
    assert settings_file() == Path("/y/aligner/review.json")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", "/home/me")
    assert settings_file() == Path("/home/me/.config/aligner/review.json")


def test_settings_that_can_not_be_kept_or_read_are_none_and_too_large_ones_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ALIGNER_CONFIG", str(tmp_path / "own"))
    assert read_settings() is None
    write_settings({"theme": "dark"})
    assert read_settings() == {"theme": "dark"}
    with pytest.raises(Refused):
        write_settings({"theme": "x" * LARGEST_SETTINGS})
    assert read_settings() == {"theme": "dark"}
    for damaged in (b"[1]", b"{", b" " * LARGEST_SETTINGS + b"{}"):
        settings_file().write_bytes(damaged)
        assert read_settings() is None
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("ALIGNER_CONFIG", str(tmp_path / "file"))
    write_settings({"theme": "dark"})
    assert read_settings() is None


def test_a_journal_that_is_a_folder_or_holds_other_json_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    with pytest.raises(InputError, match="a folder: can't be read"):
        read_journal(folder)
    body = b'"n":3}x'
    assert parse_line(b'{"crc":"%08x",' % zlib.crc32(body) + body, 3) is None


def test_an_empty_document_has_empty_paragraphs(tmp_path: Path) -> None:
    saved = alignment(["One."], [], [(1, 0)])
    assert saved.alignment.target == Document("", "de", (), "b")
    save(saved, tmp_path / "c.json")
    session = Session(tmp_path / "c.json")
    assert view_paragraph(session, (0, 0))["target"] == {"start": 0, "end": 0, "text": "", "here": [0, 0]}


def test_a_doubt_shows_twenty_characters_of_what_looks_damaged() -> None:
    saved = alignment(["Sound.", "ÃÃÃÃÃÃÃÃÃÃ" * 3], ["A.", "B."], [(1, 1), (1, 1)])
    (doubt,) = find_doubts(saved.alignment, src_flags=[Flag(7, 37, "mojibake")], off=set(RULES) - {"damaged"})
    assert (doubt.bead, doubt.message) == (1, f"the source looks damaged at “{'Ã' * 20}” (mojibake)")


def test_what_to_do_with_a_changed_file_is_one_of_three_and_asked_only_then():
    changed = SimpleNamespace(state="changed", read_only=False, start_over=lambda: Path("a.json.journal.1"))
    assert choose(changed, "fresh") == {"file": "a.json.journal.1", "kept": 0, "lost": 0}
    for store, choice in (
        (changed, "burn"),
        (SimpleNamespace(state="known", read_only=False), "apply"),
        (SimpleNamespace(state="changed", read_only=True), "apply"),
    ):
        with pytest.raises(Refused):
            choose(store, choice)


def test_a_doubt_that_nobody_knows_cannot_be_left_out_of_an_export(tmp_path):
    with pytest.raises(UsageError, match="no doubt rule is called 'gossip'"):
        _write_doubts(None, tmp_path / "doubts.tsv", {"off": ["gossip"]})


def test_settings_are_where_each_system_keeps_what_users_choose(monkeypatch, tmp_path):
    monkeypatch.delenv("ALIGNER_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "roaming"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert settings_file() == tmp_path / "xdg" / "aligner" / "review.json"
    monkeypatch.setattr(sys, "platform", "win32")
    assert settings_file() == tmp_path / "roaming" / "aligner" / "review.json"
