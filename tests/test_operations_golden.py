"""The golden table of the review's operations: which rows come of each, and what goes along with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_review_operations import alignment, at, do

from aligner.bitext import Alternative, Moved
from aligner.export.savefile import SaveFile
from aligner.review.operations import OPERATIONS
from aligner.review.places import Refused

GOLDEN = Path(__file__).parent / "golden" / "review_operations.tsv"
CASES = [line.split("\t") for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line[0] != "#"]


def first() -> SaveFile:
    saved = alignment(
        ["S0 a.", "S1 b.", "S2 c.", "S3 d.", "S4 e.", "S5 f."], ["T0 u.", "T1 v.", "T2 w.", "T3 x.", "T4 y.", "T5 z."],
        [(1, 1), (2, 1), (0, 1), (1, 1), (1, 0), (1, 2)],
    )  # fmt: skip
    beads = list(saved.alignment.beads)
    others = (Alternative(3, 5, 3, 4, 0.2), Alternative(1, 4, 2, 4, 0.1), Alternative(5, 7, 3, 4, 0.1))
    beads[3] = replace(beads[3], alternatives=others, note="ask")
    beads[4] = replace(beads[4], status="confirmed")
    drawn = replace(saved.alignment, beads=tuple(beads), moved=(Moved(4, 5, 2, 3, 0.8),))
    return SaveFile(drawn, {"beads[3,4,3,4]": {"theirs": 1}})


def arguments(saved: SaveFile, words: list[str]) -> dict[str, object]:
    """`at=row3`, `source=1-3` (a span), `source=2` (where a segment begins), `offset=2+3`, `key=1`, `with=next`."""
    given = dict(word.split("=") for word in words)
    found: dict[str, object] = {}
    for name, value in given.items():
        side = given.get("side", name)
        segments = (saved.alignment.target if side == "target" else saved.alignment.source).segments
        if value.startswith("row"):
            found[name] = at(saved, int(value[3:]))
        elif name in ("source", "target"):
            begin, _, end = value.partition("-")
            start = segments[int(begin)].start
            found[name] = [start, segments[int(end) - 1].end] if end else start
        elif name == "offset":
            number, _, more = value.partition("+")
            found[name] = segments[int(number)].start + int(more)
        else:
            found[name] = int(value) if value.lstrip("-").isdigit() else value
    return found


def told(saved: SaveFile) -> str:
    drawn, start = saved.alignment, first().alignment

    def ranges(item) -> str:
        return f"{item.src_start}-{item.src_end}:{item.tgt_start}-{item.tgt_end}"

    said = [" ".join(ranges(bead) + bead.status[0] for bead in drawn.beads)]
    if drawn.moved != start.moved:
        said.append(f"moved {', '.join(ranges(each) + each.status[0] for each in drawn.moved) or 'none'}")
    others = [other for bead in drawn.beads for other in bead.alternatives]
    if others != [other for bead in start.beads for other in bead.alternatives]:
        said.append(f"others {', '.join(map(ranges, others)) or 'gone'}")
    return "; ".join(said)


@pytest.mark.parametrize(("operation", "expected"), CASES)
def test_an_operation_makes_the_rows_of_the_golden_table(operation: str, expected: str) -> None:
    name, *words = operation.split(" ")
    saved = first()
    if expected.startswith("refused: "):
        with pytest.raises(Refused) as refused:
            do(saved, name, **arguments(saved, words))
        assert refused.value.reason == expected.removeprefix("refused: ")
        return
    after = do(saved, name, **arguments(saved, words))
    assert told(after) == expected
    # A comment and the keys of others stay, each with one row.
    assert [bead.note for bead in after.alignment.beads if bead.note] == ["ask"]
    assert list(after.extra.values()) == [{"theirs": 1}]


def test_the_golden_table_has_every_operation_that_redraws() -> None:
    tried = {case[0].partition(" ")[0] for case in CASES}
    others = {"accept", "unaccept", "flag", "unflag", "edit", "replace", "realign", "learn"}
    assert set(OPERATIONS) - tried == others


@pytest.mark.parametrize(
    ("name", "args", "reason"),
    [
        ("cut", {"side": "source", "offset": True}, "body"),
        ("cut", {"side": "left", "offset": 2}, "body"),
        ("join", {"side": "source", "offset": "6"}, "body"),
        ("push", {"at": [0, 0], "side": "left"}, "body"),
        ("push", {"at": [0, 0]}, "body"),
        ("merge", {"at": [0, 0], "with": "both"}, "body"),
        ("alternative", {"at": [19, 19], "key": "1"}, "unknown_place"),
        ("accept", {"at": [1, 0]}, "unknown_place"),
        ("edit", {"side": "source", "start": 0, "end": 11, "text": "x"}, "order"),
        ("edit", {"side": "source", "start": 0, "end": 5, "text": "x" * 20_001}, "large"),
        ("edit", {"side": "source", "start": 0, "end": 5, "text": 5}, "body"),
        ("replace", {"side": "source", "changes": "x"}, "body"),
        ("replace", {"side": "source", "changes": [[0, 1]]}, "body"),
        ("replace", {"side": "source", "changes": [[0, 1, 2]]}, "order"),
        ("replace", {"side": "source", "changes": [[3, 4, "x"], [0, 1, "x"]]}, "order"),
        ("replace", {"side": "source", "changes": [[2, 2, "x"]]}, "order"),
        ("replace", {"side": "source", "changes": [[4, 7, "x"]]}, "order"),  # over the end of a segment
        ("replace", {"side": "source", "changes": [[5, 6, "x"]]}, "order"),  # between segments
        ("replace", {"side": "source", "changes": [[35, 37, "x"]]}, "order"),  # behind the text
        ("replace", {"side": "source", "changes": [[0, 5, " "]]}, "empty"),
        ("replace", {"side": "source", "changes": [[0, 1, " "]]}, "boundary"),
        ("replace", {"side": "source", "changes": [[0, 1, "x" * 20_001]]}, "large"),
        ("replace", {"side": "source", "changes": [[0, 1, "x"]] * 5_001}, "large"),
        ("realign", {"stretches": {}}, "body"),
        ("realign", {"stretches": [{"from": [0, 0], "rows": 1, "beads": []}]}, "body"),
        ("realign", {"stretches": [{"from": [0, 0], "rows": 1, "beads": [[1, 1]]}]}, "body"),
        ("realign", {"stretches": [{"from": [0, 0], "rows": 0, "beads": [[1, 1, 0.5]]}]}, "body"),
        ("realign", {"stretches": [{"from": [25, 25], "rows": 1, "beads": [[1, 0, 0.5]]}]}, "decided"),
        ("realign", {"stretches": [{"from": [0, 0], "rows": 1, "beads": [[2, 1, 0.5]]}]}, "order"),
        ("vanish", {}, "body"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_reason(
    name: str, args: dict[str, object], reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        do(first(), name, **args)
    assert refused.value.reason == reason


def test_the_most_rows_are_accepted_at_once_and_no_more() -> None:
    saved = alignment(["a."] * 402, ["b."] * 402, [(1, 1)] * 402)
    with pytest.raises(Refused) as refused:
        do(saved, "accept_all", **{"from": at(saved, 1), "to": at(saved, 401)})
    assert refused.value.reason == "large"
    after = do(saved, "accept_all", **{"from": at(saved, 1), "to": at(saved, 400)})
    assert [bead.status for bead in after.alignment.beads] == ["auto", *["confirmed"] * 400, "auto"]


def test_replacing_in_several_rows_moves_all_that_stands_behind() -> None:
    after = do(
        first(),
        "replace",
        side="source",
        changes=[[0, 1, "Long"], [3, 4, "A"], [12, 17, "S2."], [19, 21, "x"]],
    )
    assert after.alignment.source.sentences() == ["Long0 A.", "S1 b.", "S2.", "x d.", "S4 e.", "S5 f."]
    assert [bead.status[0] for bead in after.alignment.beads] == ["e", "e", "a", "e", "c", "a"]
    assert after.alignment.source.text == "Long0 A. S1 b. S2.\n\nx d. S4 e. S5 f."
    same = do(first(), "replace", side="source", changes=[[0, 1, "S"]])
    assert same == first()
    lines = do(first(), "replace", side="source", changes=[[3, 4, "A\r\nB"]])
    assert lines.alignment.source.sentences()[0] == "S0 A B."


def test_an_edit_over_two_segments_of_a_row_leaves_one_where_their_border_went() -> None:
    after = do(first(), "edit", side="source", start=6, end=17, text="S1 b. S2 new c.")
    assert after.alignment.source.sentences()[1:3] == ["S1 b.", "S2 new c."]
    joined = do(first(), "edit", side="source", start=6, end=17, text="S1 b, S2 c.")
    assert joined.alignment.source.sentences()[1:3] == ["S1 b,", "S2 c."]
    whole = do(first(), "edit", side="source", start=6, end=17, text="S1, and c.")
    assert whole.alignment.source.sentences()[1:3] == ["S1, and c.", "S3 d."]
    assert told(whole).startswith("0-1:0-1a 1-2:1-2e 2-2:2-3a 2-3:3-4a 3-4:4-4c 4-5:4-6a; moved 3-4:2-3a")
    assert do(first(), "edit", side="source", start=6, end=17, text="S1 b.\nS2 c.") == first()


def test_rows_drawn_anew_keep_comments_and_take_their_alternatives_along() -> None:
    after = do(first(), "realign", stretches=[
        {"from": [0, 0], "rows": 1, "beads": [[1, 0, 0.4], [0, 1, 0.3]]},
        {"from": at(first(), 2), "rows": 2, "beads": [[0, 1, 0.7], [1, 0, 0.4], [0, 1, 0.3, [[-1, 0, -1, 1, 0.2]]]]},
    ])  # fmt: skip
    assert told(after) == (
        "0-1:0-0a 1-1:0-1a 1-3:1-2a 3-3:2-3a 3-4:3-3a 4-4:3-4a 4-5:4-4c 5-6:4-6a; others 3-4:2-4"
    )
    assert [(bead.confidence, bead.note) for bead in after.alignment.beads[3:6]] == [
        (0.7, "ask"), (0.4, ""), (0.3, ""),
    ]  # fmt: skip
    assert list(after.extra) == ["beads[3,3,2,3]"]  # the first row of those that came
