"""What the page reads of a row and what it writes beside the file: counterparts, places of doubts, exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from test_review_operations import alignment

from aligner.errors import UsageError
from aligner.export.savefile import load, save
from aligner.lexicon.tokens import NUMBER_MARK
from aligner.review.beside import look_for_doubts
from aligner.review.counterparts import _kind, _Remembering, counterparts, row_at
from aligner.review.doubts import Doubt
from aligner.review.exports import export_beside
from aligner.review.session import Session
from aligner.terms.words import Word

SOURCES = [
    "The bridge has 24 lamps.",
    "NATO sent 300 soldiers.",
    "The old bridge fell in winter.",
    "Nothing more.",
]
TARGETS = [
    "Die Brücke hat 42 Lampen.",
    "300 Soldaten kamen.",
    "Die alte Brücke fiel im Winter.",
    "Nichts weiter.",
]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    save(alignment(SOURCES, TARGETS, [(1, 1)] * 4), tmp_path / "a.json")
    (tmp_path / "glossary.csv").write_text(
        "lamp,Leuchte\nold bridge,alte Brücke\nold,alt\n", encoding="utf-8"
    )
    session = Session(tmp_path / "a.json", glossary=tmp_path / "glossary.csv")
    session.take_doubts(
        session.alignment, *look_for_doubts(session.alignment, session.glossary, lambda share: None)
    )
    return session


def test_words_that_are_the_same_number_or_name_are_counterparts(session: Session) -> None:
    row = session.rows(1, 2)[0]
    found = counterparts(row_at(session.alignment, tuple(row["at"])))
    texts = session.alignment.source.text, session.alignment.target.text
    linked = {
        (texts[0][slice(*found["source"][i])], texts[1][slice(*found["target"][j])]): kind
        for i, j, weight, kind in found["links"]
    }
    assert linked["300", "300"] == "number"


def test_a_word_is_encoded_once_until_too_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[str] = []

    class Counting:
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            encoded.extend(texts)
            return np.array([[float(len(text))] for text in texts])

    monkeypatch.setattr("aligner.review.counterparts._REMEMBERED", 3)
    remembering = _Remembering(Counting(), "counting", 1, "c")
    assert remembering.encode(["old", "bridge", "old"]).tolist() == [[3.0], [6.0], [3.0]]
    assert remembering.encode(["bridge", "at"]).tolist() == [[6.0], [2.0]]
    assert encoded == ["old", "bridge", "at"]
    remembering.encode(["winter"])
    remembering.encode(["old"])
    assert encoded == ["old", "bridge", "at", "winter", "old"]


def test_a_link_to_a_number_is_one_of_numbers_whatever_stands_on_the_other_side() -> None:
    number, name, word = (
        Word(0, 3, key, True, False, False, 0.0) for key in (f"{NUMBER_MARK}3", "nato", "три")
    )
    assert [_kind(*pair) for pair in ((number, number), (number, word), (word, number))] == ["number"] * 3
    assert [_kind(*pair) for pair in ((name, name), (word, word), (name, word))] == ["name", "word", "word"]


def test_what_a_doubt_misses_is_marked_where_it_stands(session: Session) -> None:
    marked = [
        (place[0], session.alignment.source.text[slice(*place[1:])] if place[0] == "source"
         else session.alignment.target.text[slice(*place[1:])])
        for doubt in session.rows(0, 1)[0]["doubts"] for place in doubt["places"]
    ]  # fmt: skip
    assert marked == [("source", "24"), ("target", "42"), ("source", "lamp")]


def test_doubts_stay_with_their_rows_when_rows_above_come_and_go(session: Session) -> None:
    session.operate("merge", {"at": [0, 0], "with": "next"})
    session.operate("flag", {"at": [0, 0], "comment": ""})
    session.take_doubts(session.alignment, [Doubt(2, "names", "not in the target: Nothing")], session.index)
    session.operate("merge", {"at": [0, 0], "with": "next"})
    (row,) = session.rows(1, 2)
    assert row["doubts"][0]["places"] == [
        ["source", row["source"][0]["start"], row["source"][0]["start"] + 7]
    ]
    export_beside(session, {"format": "doubts.tsv"})
    text = (session.store.path.parent / "a.doubts.tsv").read_text(encoding="utf-8")
    assert [line.split("\t")[0] for line in text.splitlines()[1:] if "\tnames\t" in line] == ["2"]


def test_terms_are_linked_and_those_translated_otherwise_are_told(session: Session) -> None:
    told, linked = [], []
    for row in session.rows(0, 3):
        found = counterparts(row_at(session.alignment, tuple(row["at"])), session.glossary)
        text = {"source": session.alignment.source.text, "target": session.alignment.target.text}
        told += [(text[side][start:end], ok, wanted) for side, start, end, ok, wanted in found["terms"]]
        linked += [
            (text["source"][slice(*found["source"][i])], text["target"][slice(*found["target"][j])])
            for i, j, _, kind in found["links"]
            if kind == "term"
        ]
    assert told == [
        ("lamps", False, ["Leuchte"]), ("old", True, ["alt"]), ("old bridge", True, ["alte Brücke"]),
        ("alte", True, ["old"]), ("alte Brücke", True, ["old bridge"]),
    ]  # fmt: skip
    assert ("bridge", "Brücke") in linked and ("old", "alte") in linked


def test_only_reviewed_pairs_are_exported_where_that_is_asked(session: Session) -> None:
    session.operate("accept", {"at": [0, 0]})
    made = export_beside(session, {"format": "tsv", "options": {"reviewed_only": True, "header": False}})
    assert made["units"] == 1
    text = (session.store.path.parent / "a.tsv").read_text(encoding="utf-8")
    assert "24 lamps" in text and "soldiers" not in text


def test_the_save_file_the_doubts_and_the_terms_lie_beside(session: Session) -> None:
    folder = session.store.path.parent
    assert export_beside(session, {"format": "json"})["files"] == ["a.reviewed.json"]
    assert load(folder / "a.reviewed.json") == session.alignment
    made = export_beside(session, {"format": "doubts.tsv", "options": {"off": ["names"]}})
    text = (folder / "a.doubts.tsv").read_text(encoding="utf-8")
    assert made["units"] >= 2 and "not in the target: 24" in text and "\tnames\t" not in text
    made = export_beside(session, {"format": "terms.csv", "options": {"limit": 5_000}})
    assert made["files"] == ["a.terms.csv"] and "no pair is reviewed" in made["warnings"][0]
    assert "exists" in export_beside(session, {"format": "terms.csv"})
    with pytest.raises(UsageError, match="limit"):
        export_beside(session, {"format": "tbx", "options": {"limit": 0}})
    assert export_beside(session, {"format": "tbx", "options": {"limit": 1}})["units"] == 1
