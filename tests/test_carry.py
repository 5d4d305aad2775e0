"""Words that a reviewer wrote survive a realignment of the same files, also of grown and of swapped ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aligner.cli.run import main
from aligner.export.savefile import SaveFile, load, save
from aligner.review.operations import operate

ZH = "他走进房间。\n窗户开着，外面下着雨。\n“你来晚了。”她说。\n没有人回答。\n门又关上了。\n"
EN = "He walked into the room.\nThe window was open; it was raining.\nYou are late, she said.\n"
EN += "Nobody answered.\nThe door closed.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "zh.txt").write_text(ZH, encoding="utf-8")
    (tmp_path / "en.txt").write_text(EN, encoding="utf-8")
    align(tmp_path, "zh.txt", "en.txt")
    saved = SaveFile(load(tmp_path / "a.json"), {})
    for number, text in ((1, "The window stood wide open in the pouring rain."), (3, "No one said a word.")):
        segment = saved.alignment.target.segments[number]
        args = {"side": "target", "start": segment.start, "end": segment.end, "text": text}
        saved, _, _ = operate(saved, "edit", args)
    save(saved, tmp_path / "a.json")
    return tmp_path


def align(folder: Path, source: str, target: str, *more: str) -> int:
    files = [str(folder / source), str(folder / target)]
    return main([*files, "-o", str(folder / "a.json"), "--quiet", "--no-cache", *more])


def texts(folder: Path, side: str = "target") -> list[str]:
    alignment = load(folder / "a.json")
    return (alignment.target if side == "target" else alignment.source).sentences()


def statuses(folder: Path) -> list[str]:
    return [bead["status"] for bead in json.loads((folder / "a.json").read_text(encoding="utf-8"))["beads"]]


def test_the_reviewer_s_words_are_in_the_new_alignment(folder):
    assert align(folder, "zh.txt", "en.txt", "--keep", str(folder / "a.json")) == 0
    found = texts(folder)
    assert found[1] == "The window stood wide open in the pouring rain."
    assert found[3] == "No one said a word."
    assert found[0] == "He walked into the room."
    assert statuses(folder).count("edited") == 2


def test_they_are_found_where_the_texts_have_grown(folder):
    (folder / "zh.txt").write_text("第一章。\n" + ZH, encoding="utf-8")
    (folder / "en.txt").write_text("Chapter one.\n" + EN, encoding="utf-8")
    assert align(folder, "zh.txt", "en.txt", "--keep", str(folder / "a.json")) == 0
    assert texts(folder)[2] == "The window stood wide open in the pouring rain."
    assert statuses(folder)[2] == "edited"


def test_they_are_found_where_the_files_came_the_other_way_round(folder):
    assert align(folder, "en.txt", "zh.txt", "--keep", str(folder / "a.json")) == 0
    assert texts(folder, "source")[3] == "No one said a word."
    assert statuses(folder).count("edited") == 2


def test_where_the_text_itself_changed_the_new_one_counts_and_it_is_said(folder, capsys):
    (folder / "en.txt").write_text(EN.replace("Nobody answered.", "Everybody shouted."), encoding="utf-8")
    main([str(folder / "zh.txt"), str(folder / "en.txt"), "-o", str(folder / "b.json"), "--no-cache",
          "--keep", str(folder / "a.json")])  # fmt: skip
    assert "1 of 2 confirmed pairs is no longer in the texts" in " ".join(capsys.readouterr().err.split())
    assert load(folder / "b.json").target.sentences()[3] == "Everybody shouted."
