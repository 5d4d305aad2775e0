"""What a user says of every unit of a memory goes into the TMX under the names that other tools read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from test_export import one_to_one

from aligner.check import check_tmx
from aligner.cli.run import main
from aligner.errors import UsageError
from aligner.export import ExportOptions, write
from aligner.export.props import parse_props


def props_of(path: Path) -> list[dict[str, str]]:
    return [
        {prop.get("type"): prop.text for prop in unit.iter("prop")} | dict(unit.attrib)
        for unit in etree.parse(path).iter("tu")
    ]


def test_client_project_and_own_names_are_properties_of_every_unit(tmp_path: Path) -> None:
    named = parse_props(["client=A & B", "Project=Museum", "domain=art", "shelf=x=1", "x-Origin2=7"])
    write([one_to_one(["一。", "二。"], ["One.", "Two."])], tmp_path / "o.tmx", ExportOptions(props=named))
    for unit in props_of(tmp_path / "o.tmx"):
        assert (unit["client"], unit["project"], unit["domain"]) == ("A & B", "Museum", "art")
        assert (unit["x-shelf"], unit["x-Origin2"]) == ("x=1", "7")
        assert "creationid" not in unit
    assert not check_tmx(tmp_path / "o.tmx").findings


def test_who_made_a_unit_is_an_attribute_and_who_changed_it_only_of_reviewed_ones(tmp_path: Path) -> None:
    made = one_to_one(["一。", "二。"], ["One.", "Two."])
    alignment = replace(made, beads=(made.beads[0], replace(made.beads[1], status="confirmed")))
    named = parse_props(["creationid=ANN", "changeid=BOB"])
    write([alignment], tmp_path / "o.tmx", ExportOptions(props=named))
    first, second = props_of(tmp_path / "o.tmx")
    assert (first["creationid"], first.get("changeid")) == ("ANN", None)
    assert (second["creationid"], second["changeid"]) == ("ANN", "BOB")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (["client"], "write NAME=VALUE"),
        (["=Acme"], "write NAME=VALUE"),
        (["客户=Acme"], "ASCII letters"),
        (["client="], "one line of 1 to 500"),
        (["client=a\nb"], "one line"),
        (["client=" + "a" * 501], "one line"),
        (["x-align-score=1"], "writes this one itself"),
        (["document=a"], "writes this one itself"),
        (["client=a", "Client=b"], "given twice"),
    ],
)
def test_what_is_no_property_is_one_clear_line(entries: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        parse_props(entries)
    assert "\n" not in str(raised.value)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("zh", "图书馆开了。\n孩子们在看书。\n"),
        ("en", "The library opened.\nThe children are reading.\n"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(text, "utf-8")
    return tmp_path


def test_align_and_align_export_take_props(folder: Path) -> None:
    words = ["zh/a.txt", "en/a.txt", "-o", "a.tmx", "-o", "a.json", "-q", "--prop", "client=Acme"]
    assert main(words) == 0
    assert {unit["client"] for unit in props_of(folder / "a.tmx")} == {"Acme"}
    assert main(["export", "a.json", "-o", "b.tmx", "-q", "--prop", "creationid=ANN", "--prop", "x-a=1"]) == 0
    assert {(unit["creationid"], unit["x-a"]) for unit in props_of(folder / "b.tmx")} == {("ANN", "1")}


def test_a_batch_keeps_props_for_its_corpus_which_names_documents_with_their_folders(folder: Path) -> None:
    for side in ("zh", "en"):
        (folder / side / "sub").mkdir()
        (folder / side / "a.txt").rename(folder / side / "sub" / "a.txt")
    words = [
        "batch",
        "zh",
        "en",
        "-o",
        "out",
        "-q",
        "--workers",
        "1",
        "--prop",
        "client=Acme",
        "--prop",
        "creationid=ANN",
    ]
    assert main(words) == 0
    assert main(["export", "out", "-o", "c.tmx", "-q", "--prop", "client=Other", "--prop", "domain=art"]) == 0
    for unit in props_of(folder / "c.tmx"):
        assert (unit["client"], unit["domain"], unit["creationid"]) == ("Acme", "art", "ANN")
        assert unit["x-document"] == "sub/a"


def test_a_prop_that_will_not_do_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zh/a.txt", "en/a.txt", "-o", "a.tmx", "--prop", "client"]) == 2
    assert main(["batch", "zh", "en", "-o", "out", "--prop", "client"]) == 2
    assert capsys.readouterr().err.count("write NAME=VALUE") == 2
    assert not (folder / "a.tmx").exists()
    assert not (folder / "out").exists()
