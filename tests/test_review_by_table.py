"""Reviewing in a spreadsheet as people do it: comments, "wrong", pairs split into rows, and what changed since."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_files import make_ods
from test_export import one_to_one, pairs_of, small
from test_export_readback import Rows, edit, setting

from aligner.bitext import Alignment, Bead
from aligner.cli.run import main
from aligner.errors import InputError
from aligner.export import write
from aligner.export.options import ExportOptions
from aligner.export.savefile import SaveFile, load, save
from aligner.review.changes import changes_between
from aligner.review.comments import comment_in
from aligner.review.doubts import find_doubts
from aligner.review.readback import read_back
from aligner.review.splitting import adds_up, split

TABLES = (".xlsx", ".tsv", ".csv")


def exported(path: Path, alignment: Alignment) -> Path:
    notes: dict[int, list[str]] = {}
    for doubt in find_doubts(alignment):
        notes.setdefault(doubt.bead, []).append(doubt.message)
    write([alignment], path, ExportOptions(doubts=[notes]))
    return path


def numbered() -> Alignment:
    return one_to_one(
        ["他有24只羊。", "天黑了。", "下雨了。"], ["He has 12 sheep.", "Night fell.", "It rained."]
    )


def putting_below(row: int, cut: tuple[str, str], rest: tuple[str, str]) -> object:
    """The row's texts cut: `cut` stays in it, `rest` goes into a new row under it."""

    def change(rows: Rows) -> Rows:
        source, target = rows[0].index("source"), rows[0].index("target")
        rows[row][source], rows[row][target] = cut
        below = [""] * len(rows[0])
        below[source], below[target] = rest
        return [*rows[: row + 1], below, *rows[row + 1 :]]

    return change


@pytest.mark.parametrize("suffix", TABLES)
def test_a_comment_in_the_note_stays_with_its_pair_and_the_doubts_do_not(tmp_path: Path, suffix: str) -> None:
    path = exported(tmp_path / f"o{suffix}", numbered())

    def comment(rows: Rows) -> Rows:
        column = rows[0].index("note")
        assert "not in the target" in rows[1][column]
        rows[1][column] += "; ask 李: is it two dozen?"
        rows[2][column] = "fine; really"
        return rows

    edit(path, comment)
    back = read_back(numbered(), path).alignment
    assert [bead.note for bead in back.beads] == ["ask 李: is it two dozen?", "fine; really", ""]
    again = exported(tmp_path / f"again{suffix}", back)
    assert [bead.note for bead in read_back(back, again).alignment.beads] == [
        bead.note for bead in back.beads
    ]


def test_doubts_that_hang_on_a_glossary_or_the_cleaning_are_no_comments() -> None:
    cell = "甲方: the target has not Party A; the source looks damaged at “谌到” (gbk-damage); mine"
    assert comment_in(cell, []) == "mine"


@pytest.mark.parametrize("word", ["wrong", "Wrong", "again"])
def test_the_status_wrong_gives_a_pair_back_to_be_looked_at(tmp_path: Path, word: str) -> None:
    path = exported(tmp_path / "o.xlsx", numbered())
    edit(path, setting("status", 2, word))
    back = read_back(numbered(), path)
    assert [(bead.status, bead.confidence) for bead in back.alignment.beads] == [
        ("auto", 0.9), ("auto", 0.0), ("auto", 0.9),
    ]  # fmt: skip
    assert any("1 marked wrong" in warning for warning in back.warnings)


@pytest.mark.parametrize("suffix", TABLES)
def test_a_pair_is_split_by_a_row_put_in_under_it(tmp_path: Path, suffix: str) -> None:
    whole = one_to_one(["他走了，天黑了。", "下雨了。"], ["He left and night fell.", "It rained."])
    path = tmp_path / f"o{suffix}"
    write([whole], path)
    edit(path, putting_below(1, ("他走了，", "He left"), ("天黑了。", "and night fell.")))
    back = read_back(whole, path).alignment
    assert pairs_of(back) == [
        ("他走了，", "He left", 0.9, "edited"), ("天黑了。", "and night fell.", 0.9, "edited"),
        ("下雨了。", "It rained.", 0.9, "auto"),
    ]  # fmt: skip
    assert (back.source.text, back.target.text) == (whole.source.text, whole.target.text)


def test_a_pair_split_where_a_segment_ends_keeps_its_segments_and_moved_passages(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    write([small()], path)
    edit(path, putting_below(1, ("今天下雨。", "It rains,"), ("我们在家。", "so we are at home.")))
    back = read_back(small(), path).alignment
    assert [bead.type for bead in back.beads[:2]] == ["1-1", "1-1"]
    assert len(back.source) == len(small().source)
    assert back.target_text(back.beads[1]) == "so we are at home."
    [moved] = back.moved
    assert back.target.sentences()[moved.tgt_start] == "Then more."


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (("天黑了！", "and night fell."), "don't add up"),
        (("多了", "more"), "don't add up"),
    ],
)
def test_a_row_put_in_that_is_no_split_is_one_clear_line(
    tmp_path: Path, rest: tuple[str, str], told: str
) -> None:
    whole = one_to_one(["他走了，天黑了。", "下雨了。"], ["He left and night fell.", "It rained."])
    path = tmp_path / "o.tsv"
    write([whole], path)
    edit(path, putting_below(1, ("他走了，", "He left"), rest))
    with pytest.raises(InputError, match=f"row 2: .*{told}"):
        read_back(whole, path)


def test_a_row_without_id_above_all_others_is_named(tmp_path: Path) -> None:
    path = tmp_path / "o.tsv"
    write([numbered()], path)
    edit(path, lambda rows: [rows[0], ["new"] * 2 + [""] * (len(rows[0]) - 2), *rows[1:]])
    with pytest.raises(InputError, match="row 2: no id"):
        read_back(numbered(), path)


@pytest.mark.parametrize("suffix", TABLES)
def test_an_empty_table_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"o{suffix}"
    write([numbered()], path)
    edit(path, lambda rows: rows[:1])
    with pytest.raises(InputError, match="no row with a pair"):
        read_back(numbered(), path)


@given(
    st.lists(
        st.text(st.sampled_from("一二ab。 "), min_size=1).map(str.strip).filter(bool), min_size=1, max_size=4
    ),
    st.data(),
)
def test_any_cutting_of_a_pair_loses_no_character(parts: list[str], data: st.DataObject) -> None:
    others = [data.draw(st.sampled_from(["x.", "y z.", "w"])) for _ in parts]
    whole = one_to_one(["".join(parts), "尾。"], [" ".join(others), "End."])
    texts = list(zip(parts, others, strict=True))
    assert adds_up(whole, whole.beads[0], texts)
    new, numbers = split(whole, {0: texts})
    assert new.source.text == whole.source.text
    assert numbers == [0, len(parts), len(parts) + 1]
    assert ["".join(new.source_text(bead).split()) for bead in new.beads[:-1]] == [
        "".join(part.split()) for part in parts
    ]


def reviewed(alignment: Alignment, *beads: Bead) -> Alignment:
    return replace(alignment, beads=beads)


def test_what_changed_between_two_reviews_is_listed() -> None:
    old = numbered()
    one, two, three = old.beads
    new = reviewed(old, replace(one, status="confirmed"), replace(two, note="odd"), three)
    assert [(c.bead, c.what, c.before, c.after) for c in changes_between(old, new)] == [
        (0, "status", "auto", "confirmed"), (1, "note", "(none)", "odd"),
    ]  # fmt: skip
    joined = reviewed(old, one, replace(two, src_end=3, tgt_end=3, status="edited"))
    [change] = changes_between(old, joined)
    assert (change.bead, change.what) == (1, "pairs")
    assert change.after == "天黑了。下雨了。 | Night fell. It rained."
    retold = one_to_one(
        ["他有24只羊。", "天黑了。", "下雨了。"], ["He has 24 sheep.", "Night fell.", "It rained."]
    )
    assert [(c.what, c.after) for c in changes_between(old, retold)] == [
        ("text", "他有24只羊。 | He has 24 sheep.")
    ]
    assert changes_between(old, old) == []


def test_the_command_lists_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    save(SaveFile(numbered()), old)
    first, *others = numbered().beads
    save(SaveFile(reviewed(numbered(), replace(first, status="confirmed"), *others)), new)
    assert main(["export", str(new), "--changes", str(old)]) == 0
    said = capsys.readouterr().out
    assert said.splitlines() == ["pair 1, status: auto → confirmed", "changes    status 1"]
    assert main(["export", str(new), "--changes", str(old), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["after"] == "confirmed"


@pytest.mark.parametrize("suffix", [*TABLES, ".ods"])
def test_pairs_deleted_and_called_wrong_in_any_table_are_listed_as_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    saved, table = tmp_path / "o.json", tmp_path / f"o{suffix}"
    save(SaveFile(numbered()), saved)
    plain = exported(tmp_path / "o.tsv" if suffix == ".ods" else table, numbered())
    edit(plain, setting("status", 1, "delete"))
    edit(plain, setting("status", 3, "wrong"))
    if suffix == ".ods":
        make_ods([line.split("\t") for line in plain.read_text("utf-8").splitlines()], table)
    assert main(["export", str(saved), "--from", str(table)]) == 0
    capsys.readouterr()
    assert main(["export", str(saved), "--changes", f"{saved}.bak"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "pair 1, pairs: 他有24只羊。 | He has 12 sheep. → 他有24只羊。 | – / – | He has 12 sheep.",
        "pair 4, status: auto → wrong",
        "changes    pairs 1, status 1",
    ]


def test_a_split_and_a_comment_reach_the_save_file(tmp_path: Path) -> None:
    saved, table = tmp_path / "o.json", tmp_path / "o.tsv"
    whole = one_to_one(["他走了，天黑了。", "下雨了。"], ["He left and night fell.", "It rained."])
    save(SaveFile(whole), saved)
    write([whole], table)
    edit(table, putting_below(1, ("他走了，", "He left"), ("天黑了。", "and night fell.")))
    edit(table, setting("note", 3, "why?"))
    assert main(["export", str(saved), "--from", str(table), "--quiet"]) == 0
    back = load(saved)
    assert [bead.status for bead in back.beads] == ["edited", "edited", "auto"]
    assert back.beads[2].note == "why?"
