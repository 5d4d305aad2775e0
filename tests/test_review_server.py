"""The review's server, by real requests to a real process: who gets in, what it answers, how it ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_review_operations import alignment

from aligner.export.savefile import load, save
from aligner.review.serve import _listening
from aligner.review.views import STATIC

httpx = pytest.importorskip("httpx")


class Served:
    """A running `align review` and a client of its page."""

    def __init__(self, file: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "aligner", "review", str(file), "--no-open", *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout
        self.address, _, self.code = self.process.stdout.readline().strip().partition("/#")
        self.client = httpx.Client(base_url=self.address, timeout=30)
        if self.code:
            token = self.client.post("/api/session", json={"code": self.code}).json()["token"]
            self.client.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(self, n: int, op: str, **args: object) -> Any:
        return self.client.post("/api/operations", json={"n": n, "op": op, "args": args})

    def n(self) -> int:
        """The number of the last operation."""
        return int(self.get("/api/rows?from=0&to=1")["n"])

    def undo_all(self) -> None:
        """Back to the file as it was opened, where several tests share a server."""
        while self.client.post("/api/undo", json={"n": self.n()}).status_code == 200:
            pass

    def end(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            os.kill(self.process.pid, number)
        return self.process.wait(20)


def write_file(folder: Path) -> Path:
    words = ["One two.", "Three four.", "Five.", "Six seven eight."]
    save(alignment(words, words[::-1], [(1, 1), (1, 1), (1, 1), (1, 1)]), folder / "a.json")
    return folder / "a.json"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_file(tmp_path)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for many requests that change nothing."""
    running = Served(write_file(tmp_path_factory.mktemp("asked")))
    yield running
    running.end()
    running.process.communicate()


@pytest.fixture
def served(file: Path) -> Iterator[Served]:
    running = Served(file)
    yield running
    running.end()
    running.process.communicate()


def test_a_row_accepted_and_finished_is_in_the_save_file(served: Served, file: Path) -> None:
    rows = served.get("/api/rows?from=0&to=60")
    assert [row["source"][0]["text"] for row in rows["rows"]][:2] == ["One two.", "Three four."]
    result = served.do(rows["n"], "accept", at=rows["rows"][1]["at"])
    assert result.json()["changes"][0]["rows"][0]["status"] == "confirmed"
    assert result.json()["counts"]["unread"] == 3
    assert served.client.post("/api/finish", json={}).status_code == 200
    assert served.process.wait(20) == 0
    assert [bead.status for bead in load(file).beads] == ["auto", "confirmed", "auto", "auto"]


@pytest.mark.parametrize("how", ["Ctrl-C", "finish"])
def test_ending_while_a_page_waits_for_news_says_no_error(served: Served, how: str) -> None:
    asking = socket.create_connection(("127.0.0.1", int(served.address.rpartition(":")[2])))
    token = served.client.headers["Authorization"]
    host = served.address.removeprefix("http://")
    asking.sendall(
        f"GET /api/events?n={served.n()} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {token}\r\n\r\n".encode()
    )
    served.get("/api/meta")
    if how == "finish":
        assert served.client.post("/api/finish", json={}).status_code == 200
    else:
        served.end()
    served.process.wait(20)
    with asking:
        assert asking.recv(100).startswith(b"HTTP/1.1 200")
    assert served.process.stderr
    said = served.process.stderr.read().strip()
    assert said == ("" if how == "finish" else "align: interrupted")


def test_after_kill_9_and_a_restart_everything_answered_is_there(served: Served, file: Path) -> None:
    n = served.do(0, "merge", at=[0, 0], **{"with": "next"}).json()["n"]
    served.do(n, "flag", at=[0, 0], comment="ask")
    served.end(signal.SIGKILL)
    again = Served(file)
    meta, row = again.get("/api/meta"), again.get("/api/row?at=0,0")["row"]
    assert (meta["opening"]["state"], meta["opening"]["operations"]) == ("replayed", 2)
    assert (row["type"], row["flag"]) == ("2-2", {"comment": "ask"})
    assert again.client.post("/api/undo", json={"n": meta["n"]}).json()["done"]["op"] == "flag"
    assert again.end() == 130
    assert load(file).beads[0].type == "2-2"


def test_a_late_tab_is_told_what_it_missed(served: Served) -> None:
    assert served.do(0, "accept", at=[0, 0]).status_code == 200
    late = served.do(0, "merge", at=[0, 0], **{"with": "next"})
    assert (late.status_code, late.json()["error"]) == (409, "stale")
    assert [(each["op"], each["by"]) for each in late.json()["missed"]] == [("accept", "other")]
    assert served.do(late.json()["n"], "merge", at=[0, 0], **{"with": "next"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403), ({"Host": "127.0.0.1:1"}, 403), ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403), ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Authorization": "Bearer no"}, 401), ({"Authorization": ""}, 401), ({}, 200),
    ],
)  # fmt: skip
def test_only_the_page_itself_gets_an_answer(asked: Served, headers: dict[str, str], status: int) -> None:
    answer = asked.client.get("/api/meta", headers=headers)
    assert answer.status_code == status
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    static = asked.client.get("/static/no.js", headers=headers)
    assert static.status_code == (403 if status == 403 else 404)


def test_a_code_opens_one_tab_only(served: Served) -> None:
    again = served.client.post("/api/session", json={"code": served.code})
    assert (again.status_code, again.json()["error"]) == (401, "code")
    code = served.client.post("/api/code", json={}).json()["code"]
    assert served.client.post("/api/session", json={"code": code}).status_code == 200


def test_large_and_odd_bodies_are_refused(served: Served) -> None:
    post = served.client.post
    assert post("/api/operations", content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert (
        post("/api/operations", json={"n": 0, "op": "edit", "args": {"text": "x" * (1 << 20)}}).status_code
        == 413
    )
    assert (
        post("/api/operations", content=b"[", headers={"Content-Type": "application/json"}).status_code == 400
    )
    assert served.do(0, "no_such", at=[0, 0]).status_code == 400
    assert served.do(0, "accept", at=[7, 7]).json()["reason"] == "unknown_place"
    assert served.client.get("/static/../server.py").status_code == 404
    assert served.client.get("/static/%2e%2e/server.py").status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{}", "is not a save file"), ("not json", "is not a save file"), (None, "can't be read"),
        ('{"format": "aligner/9"}', "update aligner"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_reviewed_is_told_in_one_line(
    tmp_path: Path, content: str | None, words: str
) -> None:
    file = tmp_path / "b.json"
    if content is not None:
        file.write_text(content)
    running = Served(file)
    out, err = running.process.communicate(timeout=30)
    assert running.process.returncode == 2
    assert words in err and err.count("\n") == 1 and not out
    assert [each.name for each in tmp_path.iterdir()] == ([] if content is None else ["b.json"])


def test_a_folder_is_told_in_one_line(tmp_path: Path) -> None:
    running = Served(Path())
    _, err = running.process.communicate(timeout=30)
    assert running.process.returncode == 2
    assert "can't be read: Is a directory" in err and err.count("\n") == 1


def test_a_locked_file_and_a_taken_port_are_told_in_one_line(served: Served, file: Path) -> None:
    port = served.address.rpartition(":")[2]
    other = file.with_name("other.json")
    shutil.copy(file, other)
    for path, options, words in ((file, (), "another process"), (other, ("--port", port), "can't be had")):
        running = Served(path, *options)
        _, err = running.process.communicate(timeout=30)
        assert running.process.returncode == 2
        assert words in err and err.count("\n") == 1


def test_read_only_changes_nothing(served: Served, file: Path) -> None:
    served.end()
    before = sorted(file.parent.iterdir())
    reading = Served(file, "--read-only")
    assert reading.do(0, "accept", at=[0, 0]).json()["error"] == "read_only"
    reading.end()
    assert sorted(file.parent.iterdir()) == before


def test_search_and_replacement_find_the_same_places_and_an_export_lies_beside(
    served: Served, file: Path
) -> None:
    asked = {"text": "FIVE", "side": "source", "filters": {"status": ["auto"]}}
    found = served.client.post("/api/search", json=asked).json()
    assert (found["rows"], found["total"]) == ([2], 1)
    shown = served.client.post(
        "/api/replace", json={"side": "source", "find": "Five", "replace": "Nine"}
    ).json()
    changes = [[hit["start"], hit["end"], hit["after"]] for hit in shown["hits"]]
    assert served.do(0, "replace", side="source", changes=changes).json()["changes"][0]["from"] == 2
    made = served.client.post("/api/exports", json={"format": "tsv"})
    assert made.json()["files"] == ["a.tsv"] and "Nine." in (file.parent / "a.tsv").read_text(
        encoding="utf-8"
    )
    assert served.client.post("/api/exports", json={"format": "tsv"}).json()["error"] == "exists"
    assert served.client.post("/api/exports", json={"format": "../x"}).status_code == 400
    assert served.client.post("/api/search", json={"text": "(", "regex": True}).status_code == 400


def test_what_was_chosen_for_the_page_is_there_in_the_next_review(
    file: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("ALIGNER_CONFIG", str(tmp_path / "config"))
    first = Served(file)
    assert first.get("/api/meta")["settings"] is None
    assert first.client.put("/api/settings", json={"language": "zh", "toured": True}).status_code == 204
    assert first.client.put("/api/settings", json={"remap": "x" * 20_000}).status_code == 422
    first.end()
    second = Served(file)
    assert second.get("/api/meta")["settings"] == {"language": "zh", "toured": True}
    second.end()
    (tmp_path / "config" / "review.json").write_text("{", encoding="utf-8")
    third = Served(file)
    assert third.get("/api/meta")["settings"] is None
    third.end()


def test_answers_do_not_wait_for_acknowledgements() -> None:
    """A socket made without its protocol is one that asyncio leaves to Nagle: 40 ms an answer."""
    with _listening(0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


def test_the_page_asks_at_once_for_what_draws_rows_and_later_for_the_rest() -> None:
    """The first screen waits for each module: those it needs are asked for together, the others after it."""
    needed, todo = set[str](), ["main.js"]
    while todo:
        found = re.findall(r'^import .*?"\./([\w.]+)"', (STATIC / todo.pop()).read_text("utf-8"), re.M)
        todo += [each for each in found if each not in needed]
        needed |= set(found)
    asked = re.findall(r'modulepreload" href="/static/([\w.]+)"', (STATIC / "index.html").read_text("utf-8"))
    assert sorted(asked) == sorted(needed)
    assert not needed & {"work.js", "help.js", "search.js"}


def test_doubts_are_looked_for_after_the_choice_what_to_do_with_a_changed_file(
    served: Served, file: Path
) -> None:
    served.do(0, "accept", at=[0, 0])
    served.end(signal.SIGKILL)
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    again = Served(file)
    assert again.client.post("/api/opening", json={"choice": "apply"}).json()["kept"] == 1
    again.get("/api/events?n=-1")  # the page shows rows
    until = time.monotonic() + 60
    while again.get("/api/meta")["counts"]["doubts"] != "known" and time.monotonic() < until:
        time.sleep(0.2)
    assert again.get("/api/meta")["counts"]["doubts"] == "known"
    again.end()


def test_two_texts_are_aligned_first_and_reviewed_in_a_save_file_beside_the_first(tmp_path: Path) -> None:
    (tmp_path / "zh.txt").write_text("他笑了。\n没有人睡觉。\n", encoding="utf-8")
    (tmp_path / "en.txt").write_text("He laughed.\nNobody slept.\n", encoding="utf-8")
    running = Served(tmp_path / "zh.txt", str(tmp_path / "en.txt"), "--src-lang", "zh-TW", "--tgt-lang", "en")
    rows = running.get("/api/rows?from=0&to=9")["rows"]
    assert [(row["source"][0]["text"], row["target"][0]["text"]) for row in rows] == [
        ("他笑了。", "He laughed."), ("没有人睡觉。", "Nobody slept."),
    ]  # fmt: skip
    running.do(running.n(), "accept", at=rows[1]["at"])
    assert running.end() == 130  # as Ctrl-C ends it
    written = load(tmp_path / "zh.txt.json")
    assert (written.source.lang, [bead.status for bead in written.beads]) == ("zh-TW", ["auto", "confirmed"])


def test_a_tab_that_comes_late_hears_what_happened_and_one_of_another_alignment_reads_anew(
    served: Served,
) -> None:
    g = served.get("/api/meta")["g"]
    n = served.do(0, "accept", at=[0, 0]).json()["n"]
    missed = served.get(f"/api/events?n=0&g={g}")
    assert [(each["op"], each["n"]) for each in missed["missed"]] == [("accept", n)]
    assert served.get(f"/api/events?n={n}&g={g + 1}")["reload"] is True
    assert served.get(f"/api/events?n={n + 7}&g={g}")["reload"] is True


def test_the_whole_work_is_handed_out_and_written_at_a_wish(served: Served, file: Path) -> None:
    before = file.read_bytes()
    at = served.get("/api/rows?from=1&to=2")["rows"][0]["at"]
    assert served.do(0, "accept", at=at).status_code == 200
    work = served.get("/api/work")
    assert [bead.get("status", "auto") for bead in work["beads"]] == ["auto", "confirmed", "auto", "auto"]
    assert file.read_bytes() == before
    assert served.client.post("/api/checkpoint", json={}).json()["saved"] == "saved"
    assert [bead.status for bead in load(file).beads] == ["auto", "confirmed", "auto", "auto"]


def test_where_one_stood_is_where_the_next_session_begins(served: Served, file: Path) -> None:
    assert served.client.put("/api/place", json={"at": [2, 2], "filters": {}}).status_code == 204
    assert served.client.put("/api/place", json={"filters": {}}).status_code == 400
    served.end()
    again = Served(file)
    assert again.get("/api/start")["meta"]["place"]["at"] == [2, 2]
    again.end()
    reading = Served(file, "--read-only")
    assert reading.client.put("/api/place", json={"at": [0, 0]}).status_code == 204
    reading.end()
    last = Served(file)
    assert last.get("/api/start")["meta"]["place"]["at"] == [2, 2]
    last.end()


def test_rows_in_short_and_their_paragraphs_are_told_and_no_place_that_is_none(asked: Served) -> None:
    outline = asked.get("/api/outline")
    assert (outline["rows"], outline["source"], outline["state"]) == (4, [8, 11, 5, 16], "aaaa")
    around = asked.get("/api/paragraph?at=0,0")["source"]
    assert around["text"].startswith("One two. Three four.") and around["here"] == [0, 8]
    assert asked.client.get("/api/paragraph?at=9,9").status_code == 422
    assert asked.client.get("/api/paragraph?at=x").status_code == 400
    assert asked.client.get("/api/row?at=0,1").status_code == 404


def test_a_share_of_wrong_pairs_to_stop_at_is_taken_within_bounds(served: Served) -> None:
    assert served.client.post("/api/target", json={"target": 0.5}).status_code == 400
    assert served.client.post("/api/target", json={"target": 0.02}).status_code == 200
    assert served.client.post("/api/target", json={}).status_code == 400
