"""Learning from the reviewer: what verdicts teach, and the proposal that comes of it, by a real server."""

from __future__ import annotations

import time
from typing import Any

import pytest
from test_review_operations import alignment
from test_review_realign import ZH, server
from test_review_server import Served, httpx

from aligner.review.history import Done
from aligner.review.learning import KINDS, Verdict, kind_of, leanings, verdicts_of
from aligner.review.teacher import learn_beside

__all__ = ["server"]
assert httpx


def told(kind: int, confidence: float, right: int, wrong: int) -> list[Verdict]:
    return [Verdict(kind, confidence, n < right) for n in range(right + wrong)]


def test_a_kind_that_is_right_more_often_than_its_confidence_says_gains_and_others_stay() -> None:
    shift = leanings([*told(1, 0.7, 20, 0), *told(2, 0.9, 5, 15)])
    assert shift[1] > 0.5 and shift[2] < -0.5
    assert [shift[n] for n in (0, 3, 4)] == [0, 0, 0]


def test_one_row_teaches_little_and_none_nothing() -> None:
    assert leanings([]) == [0.0] * len(KINDS)
    assert 0 > leanings(told(1, 0.9, 0, 1))[1] > -0.3


def test_what_was_learned_before_is_not_learned_twice() -> None:
    gone = [{"rows": [0, 1], "beads": [[0, 1, 0, 1, 0.9, "auto"]]}]
    first = [Done(1, "accept", {}, gone)]
    (plain,), (after,) = (
        verdicts_of(first),
        verdicts_of([Done(0, "learn", {"leaning": [0, 1.0, 0, 0, 0], "stretches": []}, []), *first]),
    )
    assert plain.is_right and plain.kind == kind_of(1, 1) and plain.confidence == pytest.approx(0.9)
    assert after.confidence < 0.8


def test_the_share_that_is_done_of_each_stage_goes_up_to_all() -> None:
    shares: list[float] = []
    learn_beside(alignment(["One two."], ["Eins zwei."], [(1, 1)]).alignment, [], shares.append)
    assert set(shares) <= {0.0, 1.0} and shares[-1] == 1.0  # one pair: a stage has one step


@pytest.fixture
def served(server: Served) -> Served:
    """As it was opened, with nothing learned."""
    server.undo_all()
    assert server.client.delete("/api/learning").status_code == 204
    return server


def drawn_wrongly(served: Served) -> int:
    """The first row confirmed as it is, the next three drawn wrongly and undecided."""
    n = served.do(served.n(), "accept", at=[0, 0]).json()["n"]
    rows = served.get("/api/rows?from=0&to=60")["rows"]
    n = served.do(n, "pull", at=rows[1]["at"], side="target").json()["n"]
    at = served.get("/api/rows?from=0&to=60")["rows"][1]["at"]
    return served.do(n, "unaccept", at=at).json()["n"]


def learned(served: Served) -> dict[str, Any]:
    assert served.client.post("/api/learning", json={"now": True}).status_code == 202
    until = time.monotonic() + 60
    while True:
        learning = served.get("/api/meta")["counts"]["learning"]
        if learning["state"] not in ("running", "idle") or time.monotonic() > until:
            return learning
        time.sleep(0.1)


def test_the_rest_is_drawn_anew_as_a_proposal_and_taken_as_one_operation(served: Served) -> None:
    n = drawn_wrongly(served)
    before = served.get("/api/rows?from=0&to=60")["rows"]
    learning = learned(served)
    assert learning["state"] == "ready", learning
    proposal = learning["proposal"]
    assert proposal["redrawn"] == 1 and proposal["decided"] == 1
    assert served.get("/api/rows?from=0&to=60")["rows"] == before
    shown = served.get(f"/api/learning/{proposal['id']}")["stretches"]
    assert [row["source"][0]["text"] for row in shown[0]["after"]] == ZH[1:3]
    result = served.do(n, "learn", proposal=proposal["id"]).json()
    assert result["reload"] and result["counts"]["learning"]["state"] == "idle"
    after = served.get("/api/rows?from=0&to=60")["rows"]
    assert [row["type"] for row in after] == ["1-1"] * len(ZH)
    assert after[0]["status"] == "confirmed"
    assert served.client.post("/api/undo", json={"n": result["n"]}).json()["done"]["op"] == "learn"
    types = [row["type"] for row in before]
    assert [row["type"] for row in served.get("/api/rows?from=0&to=60")["rows"]] == types


def test_a_row_decided_meanwhile_is_left_alone_and_a_left_proposal_is_gone(served: Served) -> None:
    n = drawn_wrongly(served)
    proposal = learned(served)["proposal"]
    at = served.get("/api/rows?from=0&to=60")["rows"][1]["at"]
    n = served.do(n, "accept", at=at).json()["n"]
    served.do(n, "learn", proposal=proposal["id"])
    assert served.get("/api/rows?from=0&to=60")["rows"][1]["type"] == "1-2"
    assert served.client.delete("/api/learning").status_code == 204
    assert served.do(n, "learn", proposal=proposal["id"]).json()["error"] in ("refused", "stale")


def test_a_stretch_of_the_proposal_that_is_left_stays_as_it_is(served: Served) -> None:
    n = drawn_wrongly(served)
    before = [row["type"] for row in served.get("/api/rows?from=0&to=60")["rows"]]
    proposal = learned(served)["proposal"]["id"]
    (shown,) = served.get(f"/api/learning/{proposal}")["stretches"]
    assert served.do(n, "learn", proposal=proposal, leave=[shown["at"]]).status_code == 200
    assert [row["type"] for row in served.get("/api/rows?from=0&to=60")["rows"]] == before


def test_nothing_decided_teaches_nothing_and_the_mode_is_kept(served: Served) -> None:
    assert served.client.post("/api/learning", json={"now": True}).json()["reason"] == "decided"
    assert served.client.post("/api/learning", json={"mode": "sometimes"}).status_code == 400
    counts = served.client.post("/api/learning", json={"mode": "off"}).json()["counts"]
    assert counts["learning"]["mode"] == "off"
