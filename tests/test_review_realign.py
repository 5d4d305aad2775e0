"""Aligning a gap of the review again: a proposal first, then rows, and decided rows stay as they are."""

from __future__ import annotations

import time

import pytest
from test_review_server import Served, httpx

import aligner

assert httpx
ZH = [
    "他走进房间。",
    "窗户开着，外面下着雨。",
    "“你来晚了。”她说。",
    "没有人回答。",
    "门又关上了。",
    "他笑了。",
]
EN = ["He walked into the room.", "The window was open; it was raining outside.", "“You are late,” she said.",
      "Nobody answered.", "The door closed again.", "He laughed."]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One for all tests, for it and its helper load what they need only once."""
    path = tmp_path_factory.mktemp("review") / "a.json"
    aligner.align(ZH, EN, src_lang="zh", tgt_lang="en", cache=False).save(path)
    running = Served(path)
    yield running
    running.end()


@pytest.fixture
def served(server):
    """As it was opened."""
    server.undo_all()
    return server


def drawn_wrongly(served):
    """Six rows whose target sides are all one too far up, none of them decided."""
    n = served.n()
    for _ in range(2):
        first = served.get("/api/rows?from=0&to=60")["rows"][0]
        n = served.do(n, "pull", at=first["at"], side="target").json()["n"]
    first = served.get("/api/rows?from=0&to=60")["rows"][0]
    return served.do(n, "unaccept", at=first["at"]).json()["n"]


def ready(served, number):
    until = time.monotonic() + 60
    while (found := served.get(f"/api/proposals/{number}"))["state"] == "running":
        assert time.monotonic() < until
        time.sleep(0.1)
    return found


def test_a_gap_is_drawn_anew_and_taken_or_left(served):
    n = drawn_wrongly(served)
    rows = served.get("/api/rows?from=0&to=60")["rows"]
    assert rows[0]["type"] != "1-1"
    begun = served.client.post("/api/proposals", json={"n": n, "at": rows[0]["at"]})
    assert begun.status_code == 202, begun.text
    found = ready(served, begun.json()["id"])
    assert found["state"] == "ready"
    assert [row["source"][0]["text"] for row in found["after"]] == ZH
    assert [row["row"] for row in found["before"]] == list(range(len(rows)))
    assert served.get("/api/rows?from=0&to=60")["rows"] == rows  # a proposal changes nothing
    assert served.do(n, "realign", proposal=begun.json()["id"]).status_code == 200
    now = served.get("/api/rows?from=0&to=60")["rows"]
    assert [(row["source"][0]["text"], row["target"][0]["text"]) for row in now] == list(
        zip(ZH, EN, strict=True)
    )
    assert served.client.post("/api/undo", json={"n": n + 1}).status_code == 200
    assert served.get("/api/rows?from=0&to=60")["rows"] == rows


def test_a_decided_row_bounds_the_gap_and_stays(served):
    rows = served.get("/api/rows?from=0&to=60")["rows"]
    n = served.do(served.n(), "accept", at=rows[2]["at"]).json()["n"]
    begun = served.client.post("/api/proposals", json={"n": n, "at": rows[4]["at"]}).json()
    assert (begun["from"], begun["to"]) == (3, 5)
    assert ready(served, begun["id"])["state"] == "same"
    refused = served.client.post("/api/proposals", json={"n": n, "at": rows[2]["at"]})
    assert refused.json()["reason"] == "decided"


def test_a_proposal_is_stale_once_something_else_was_done(served):
    n = drawn_wrongly(served)
    rows = served.get("/api/rows?from=0&to=60")["rows"]
    begun = served.client.post("/api/proposals", json={"n": n, "at": rows[0]["at"]}).json()
    ready(served, begun["id"])
    n = served.do(n, "accept", at=rows[-1]["at"]).json()["n"]
    assert served.get(f"/api/proposals/{begun['id']}")["state"] == "stale"
    assert served.do(n, "realign", proposal=begun["id"]).json()["reason"] == "stale"
    assert served.client.delete(f"/api/proposals/{begun['id']}").status_code == 204
