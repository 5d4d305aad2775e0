"""The docs say what the code does: examples run as they stand, tables and picture are those of the code."""

import importlib.util
import re
from pathlib import Path

import pytest

from aligner.clean.rules import ALL_RULES
from aligner.errors import InputError, OutputError
from aligner.export import SUFFIXES
from aligner.export.formats import check_suffix
from aligner.read import Source, read_bytes
from aligner.read.rules import RULES as READING_RULES
from aligner.review.doubts import RULES as DOUBTS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "extending.md"
SECTIONS = {
    section.partition("\n")[0]: re.findall(r"^```python\n(.*?)^```", section, re.S | re.M)
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
}


@pytest.fixture(scope="module")
def build_docs():
    spec = importlib.util.spec_from_file_location("build_docs", ROOT / "scripts" / "build_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_one_of_each_is_added_from_outside_by_the_code_of_its_section_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALIGNER_CACHE", str(tmp_path / "cache"))
    assert list(SECTIONS) == [
        "A reader", "A writer", "A cleaning rule", "A doubt", "An encoder", "A language", "A feature",
        "From the command line",
    ]  # fmt: skip
    reader = {}
    for title, examples in SECTIONS.items():
        names = {**reader} if title in ("A writer", "From the command line") else {}
        for code in examples:
            exec(compile(code, f"{PAGE}: {title}", "exec"), names)
        reader = reader or names
    assert [(edit.found, edit.rule) for edit in reader["a"].alignment.source.edits][:1] == [
        ("甲: ", "speaker")
    ]


def test_what_was_added_is_gone_after_the_block():
    with pytest.raises(OutputError, match="no known format"):
        check_suffix("pairs.arrows")
    assert read_bytes(Source("a.play", "甲: 他笑了。".encode())).kind == "txt"
    assert "stage-direction" not in ALL_RULES
    assert "shouting" not in DOUBTS


def test_a_name_that_is_taken_is_refused():
    from aligner.clean.rules import Rule, with_rule
    from aligner.review.doubts import with_doubt

    with pytest.raises(ValueError, match="already"), with_rule(Rule("spam", "again")):
        pass
    with pytest.raises(ValueError, match="already"), with_doubt("numbers", "again", lambda pair: iter(())):
        pass
    assert "spam" in ALL_RULES and "numbers" in DOUBTS


def test_a_reader_that_refuses_says_so_with_the_name_of_the_file():
    from aligner.read import Format, with_reader

    def refuses(source):
        raise source.refuse("no such play")

    with (
        with_reader(Format("play", refuses, (".play",))),
        pytest.raises(InputError, match=r"a\.play: no such play"),
    ):
        read_bytes(Source("a.play", b"A: x"))


def test_every_format_stands_in_the_docs():
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert [suffix for suffix in SUFFIXES if f"`{suffix}`" not in page] == []


def test_every_rule_of_a_reader_stands_in_the_docs_with_an_example():
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \| (.+) \|$", page, re.M)
    assert {name: what for name, what, _ in rows if name in READING_RULES} == dict(READING_RULES)


def test_the_save_file_of_the_docs_can_be_opened(tmp_path):
    from aligner.export import load

    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    example = re.search(r"## The save file.*?```json\n(.*?)```", page, re.S)[1]
    (tmp_path / "a.json").write_text(example, encoding="utf-8")
    alignment = load(tmp_path / "a.json")
    assert alignment.source_text(alignment.beads[1]) == "没有人睡觉。"
    assert alignment.target_text(alignment.beads[0]) == "He laughed."


def test_the_table_of_features_is_that_of_the_code(build_docs):
    page = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
    assert build_docs.with_table(page) == page
    assert page.count("\n| `CHANNEL.") == len(build_docs.COVER)


def test_the_picture_is_that_of_the_code(build_docs):
    """The beads of the best path; widths and probabilities may differ in the last digit from machine to machine."""
    path = re.compile(r'class="path" (x1="\d+" y1="\d+" x2="\d+" y2="\d+")')
    shown = path.findall((ROOT / "docs" / "images" / "lattice.svg").read_text(encoding="utf-8"))
    assert shown == path.findall(build_docs.picture())
    assert len(shown) == 4


def test_thresholds_named_in_the_docs_are_in_the_code():
    page = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
    table = page.partition("## Where each threshold")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?`) \| .*? \| `(.*?)` \|", table, re.M)
    assert len(rows) > 8
    for names, file in rows:
        code = (ROOT / "aligner" / "engine" / file).read_text(encoding="utf-8")
        for name in re.findall(r"`(\w+)`", names):
            assert re.search(rf"^{name}\b|, {name} = ", code, re.M), f"{name} is not in {file}"
