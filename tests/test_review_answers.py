"""What the review's application answers to the page, asked in this process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_review_operations import alignment, at

from aligner.errors import UsageError
from aligner.export.savefile import load, save
from aligner.review.guard import Keys
from aligner.review.search import preview, search
from aligner.review.server import Pages
from aligner.review.session import Session

pytest.importorskip("httpx")
testclient = pytest.importorskip("starlette.testclient")
PORT = 8123


@pytest.fixture
def session(tmp_path: Path) -> Session:
    words = ["One two.", "Three four.", "Five.", "Six seven eight."]
    save(alignment(words, words[::-1], [(1, 1)] * 4), tmp_path / "a.json")
    return Session(tmp_path / "a.json")


@pytest.fixture
def finished() -> list[bool]:
    return []


@pytest.fixture
def stranger(session: Session, finished: list[bool]) -> Iterator[Any]:
    """A client that reaches the address but has no token yet."""
    keys = Keys()
    pages = Pages(session, keys, PORT, lambda: finished.append(True))
    with testclient.TestClient(pages.app(), base_url=f"http://127.0.0.1:{PORT}") as client:
        client.code = keys.new_code()
        yield client
    pages.helper.close()


@pytest.fixture
def client(stranger: Any) -> Any:
    token = stranger.post("/api/session", json={"code": stranger.code}).json()["token"]
    stranger.headers["Authorization"] = f"Bearer {token}"
    return stranger


def do(client: Any, n: int, op: str, **args: object) -> Any:
    return client.post("/api/operations", json={"n": n, "op": op, "args": args})


def test_without_a_token_there_is_the_page_but_none_of_the_texts(stranger: Any) -> None:
    assert stranger.get("/").status_code == 200 and stranger.get("/static/no.js").status_code == 404
    for path in ("/api/meta", "/api/rows?from=0&to=4", "/api/work"):
        assert (stranger.get(path).status_code, stranger.get(path).json()["error"]) == (401, "token")
    for headers in (
        {"Host": "evil.example"},
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        for path in ("/", "/api/meta"):
            assert stranger.get(path, headers=headers).status_code == 403
    assert stranger.post("/api/session", json={"code": "x" * 32}).status_code == 401


def test_a_body_is_json_and_of_a_mebibyte_at_most(client: Any) -> None:
    whole = b'{"n": 0}' + b" " * ((1 << 20) - 8)
    kind = {"Content-Type": "Application/JSON; charset=utf-8"}
    for body, headers, status in (
        (whole, kind, 422), (whole + b" ", kind, 413), (b'{"n": 0}', {"Content-Type": "text/plain"}, 415),
        (b"[]", kind, 400), (b"{", kind, 400),
    ):  # fmt: skip
        assert client.post("/api/undo", content=body, headers=headers).status_code == status


def test_a_row_is_read_by_its_place_and_else_the_nearest_is_told(client: Any, session: Session) -> None:
    assert client.get("/api/row?at=9,17").json()["row"]["row"] == 1
    for place, near in (("1,0", 1), ("10,20", 2), ("999,999", 3)):
        answer = client.get(f"/api/row?at={place}")
        assert (answer.status_code, answer.json()["near"]) == (404, near)
    assert client.get("/api/row?at=1").status_code == 400
    assert [row["row"] for row in client.get("/api/rows?from=1&to=3").json()["rows"]] == [1, 2]


def test_the_first_screen_has_an_outline_unless_the_page_has_it(client: Any) -> None:
    whole, again = client.get("/api/start").json(), client.get("/api/start?rows=2&outline=0").json()
    assert (len(whole["rows"]["rows"]), whole["outline"]["rows"]) == (4, 4)
    assert (len(again["rows"]["rows"]), again["outline"]) == (2, None)


def test_a_late_tab_is_told_what_it_missed_and_changes_nothing(client: Any, session: Session) -> None:
    first = do(client, 0, "accept", at=[0, 0])
    assert first.status_code == 200
    n, before = first.json()["n"], session.saved
    late = do(client, 0, "accept", at=[9, 17])
    assert (late.status_code, late.json()["error"], late.json()["n"]) == (409, "stale", n)
    assert [each["op"] for each in late.json()["missed"]] == ["accept"] and session.saved is before
    assert do(client, -1, "accept", at=[9, 17]).json()["reload"] is True and session.saved is before
    assert client.post("/api/undo", json={"n": n}).json()["op"] == "undo"
    assert client.post("/api/redo", json={"n": n + 1}).json()["op"] == "redo"
    assert [bead.status for bead in session.alignment.beads] == ["confirmed", "auto", "auto", "auto"]
    assert [each["op"] for each in client.get(f"/api/events?n={n}&g=1").json()["missed"]] == ["undo", "redo"]
    assert client.get(f"/api/events?n={n + 2}&g=0").json()["reload"] is True


def test_the_next_stop_is_asked_for_by_risk_or_in_the_order_of_the_text(
    client: Any, session: Session
) -> None:
    session.queue = type(session.queue)([
        type(session.queue[n])(bead, 0, 1) for n, bead in enumerate(unsure(session, 0.9, 0.4, 0.2, 0.3))
    ])  # fmt: skip

    def row(query: str) -> int:
        return client.get(f"/api/queue/next?{query}").json()["next"]["row"]

    assert row("") == row("order=risk") == 2
    places = [",".join(map(str, at(session.saved, n))) for n in range(4)]
    assert row(f"order=text&at={places[0]}") == 1 and row(f"order=text&at={places[1]}") == 2
    assert row(f"order=text&at={places[2]}&direction=-1") == 1
    assert row(f"order=text&at={places[2]}&direction=1") == 3
    assert client.get("/api/queue/next?rule=numbers").json()["next"] is None


def unsure(session: Session, *confidences: float) -> list[Any]:
    return [
        replace(bead, confidence=sure)
        for bead, sure in zip(session.alignment.beads, confidences, strict=True)
    ]


def test_the_target_is_between_a_thousandth_and_a_fifth(client: Any) -> None:
    for target, status in ((0.001, 200), (0.2, 200), (0.0009, 400), (0.21, 400), ("x", 400)):
        assert client.post("/api/target", json={"target": target}).status_code == status
    assert client.get("/api/meta").json()["counts"]["target"] == 0.2


def test_where_the_person_stood_is_kept_and_the_end_leaves_the_file_written(
    client: Any, session: Session, finished: list[bool]
) -> None:
    assert client.put("/api/place", json={"at": [9, 17]}).status_code == 204
    assert client.get("/api/meta").json()["place"] == {"at": [9, 17], "filters": {}}
    assert do(client, 0, "accept", at=[0, 0]).status_code == 200
    work = client.get("/api/work")
    assert (
        work.headers["content-disposition"] == "attachment"
        and work.json()["beads"][0]["status"] == "confirmed"
    )
    assert load(session.store.path).beads[0].status == "auto"
    assert client.post("/api/finish", json={}).json()["file"] == "a.json"
    assert load(session.store.path).beads[0].status == "confirmed" and finished == [True]


def test_what_can_not_be_done_is_refused_with_its_reason(client: Any) -> None:
    refused = do(client, 0, "accept", at=[1, 1])
    assert (refused.status_code, refused.json()["reason"]) == (422, "unknown_place")
    for body in (
        {"n": 0},
        {"n": 0, "op": 5},
        {"op": "accept", "args": {"at": [0, 0]}},
        {"n": 0, "op": "accept"},
    ):
        assert client.post("/api/operations", json=body).status_code == 400
    assert client.post("/api/learning", json={"mode": "never"}).status_code == 400
    assert client.post("/api/learning", json={"now": True}).json()["reason"] == "decided"
    assert client.post("/api/learning", json={"mode": "off"}).json()["counts"]["learning"]["mode"] == "off"


def test_what_needs_no_answer_gets_none(client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIGNER_CONFIG", str(tmp_path / "config"))
    for answer in (
        client.delete("/api/proposals/5"), client.delete("/api/learning"), client.put("/api/settings", json={}),
        client.put("/api/place", json={"at": [0, 0]}),
    ):  # fmt: skip
        assert (answer.status_code, answer.content) == (204, b"")


def test_a_code_opens_one_more_tab_and_no_second(client: Any) -> None:
    made = client.post("/api/code", json={}).json()
    assert made["address"] == f"http://127.0.0.1:{PORT}/#{made['code']}"
    answers = [client.post("/api/session", json={"code": made["code"]}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 401]


def test_a_replacement_shows_what_it_changes_with_thirty_characters_around(session: Session) -> None:
    # "One two. Three four. Five.⏎⏎Six seven eight."
    shown = preview(session, {"side": "source", "find": "FIVE", "replace": "Nine"})
    assert shown == {"total": 1, "more": False, "hits": [{
        "row": 2, "at": [21, 23], "start": 21, "end": 25, "before": "Five", "after": "Nine",
        "left": "One two. Three four. ", "right": ".\n\nSix seven eight.",
    }]}  # fmt: skip
    written = {"side": "source", "find": r"(\w+) (four)", "replace": r"\2 \1", "regex": True}
    (hit,) = preview(session, written)["hits"]
    assert (hit["before"], hit["after"]) == ("Three four", "four Three")
    with pytest.raises(UsageError, match="does not fit"):
        preview(session, {**written, "replace": r"\3"})
    assert preview(session, {"side": "source", "find": "five", "replace": "", "case": True})["total"] == 0
    assert preview(session, {"side": "source", "find": "e", "replace": ""})["total"] == 7


def test_a_search_says_the_rows_and_where_in_them(session: Session) -> None:
    both = search(session, {"text": "five"})
    assert both == {
        "total": 2,
        "rows": [1, 2],
        "hits": [[1, "target", 17, 21], [2, "source", 21, 25]],
        "more": False,
    }
    assert search(session, {"text": "e", "side": "target", "filters": {"status": ["edited"]}})["total"] == 0
    assert search(session, {"text": "our", "word": True})["total"] == 0
    assert search(session, {"filters": {"confidence": [0.0, 0.8]}})["rows"] == []
    assert search(session, {"filters": {"types": ["1-1"], "one_sided": False}})["rows"] == [0, 1, 2, 3]
    for text in ("", "x" * 500):
        assert search(session, {"text": text})["hits"] == []
    with pytest.raises(UsageError, match="1 to 500"):
        search(session, {"text": "x" * 501})


def test_an_empty_find_is_no_hit_and_a_bad_or_endless_pattern_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aligner.review.search._SECONDS", 0.05)
    save(alignment(["a" * 60 + "!"], ["B."], [(1, 1)]), tmp_path / "b.json")
    asked = {"side": "source", "regex": True}
    opened = Session(tmp_path / "b.json")
    assert search(opened, {**asked, "text": "x*"})["total"] == 0
    assert search(opened, {**asked, "text": "a*"})["total"] == 1
    for pattern, reason in (
        ("(a", "can't be read"),
        ("(?:a|a)+b", "takes too long"),
        ("a" * 501, "1 to 500"),
    ):
        with pytest.raises(UsageError, match=reason):
            search(opened, {**asked, "text": pattern})


def test_a_search_of_pairs_asks_confidence_status_and_doubts(session: Session) -> None:
    session.operate("accept", {"at": at(session.saved, 1)})
    for filters, rows in (
        ({"status": ["confirmed"]}, [1]),
        ({"status": ["auto"]}, [0, 2, 3]),
        ({"one_sided": True}, []),
        ({"edited": False}, [0, 1, 2, 3]),
        ({"types": ["1-2"]}, []),
    ):
        assert search(session, {"filters": filters})["rows"] == rows
