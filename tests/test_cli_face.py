"""What the command line shows before it works: help in a narrow terminal, completion, results on standard output."""

from __future__ import annotations

import inspect
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import typer
from lxml import etree
from test_export import small

from aligner.cli.completion import complete
from aligner.cli.grouped import flat
from aligner.cli.preflight import checked_outputs
from aligner.cli.run import COMMANDS, align, main
from aligner.errors import OutputError
from aligner.export import write
from aligner.export.options import ExportOptions


@pytest.fixture(name="saved")
def _saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write([small()], Path("saved.json"))
    return Path("saved.json")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_eighty_columns_and_speaks_of_no_python(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    assert main([*command.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    assert "Usage: align" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert not re.search(r"<(?:list|str|Path|bool|int)\b", shown)


def test_no_word_of_the_help_is_cut_in_two(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    main(["--help"])
    shown = capsys.readouterr().out
    for word in ("simplified|traditional", "keep|drop|best", "FILE.json", "fast|best", "sentences"):
        assert word in shown


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("align ex", "export"), ("align export --min", "--min-confidence"), ("align --outp", "--output"),
        ("align ba", "batch"),
    ],
)  # fmt: skip
def test_the_shell_is_told_what_may_follow(
    line: str, offered: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split()) - 1))
    monkeypatch.setenv("_ALIGN_COMPLETE", "complete_bash")
    complete([], align, COMMANDS)
    assert capsys.readouterr().out.split() == [offered]


def test_the_script_for_a_shell_is_shown_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--show-completion", "bash"]) == 0
    assert "_ALIGN_COMPLETE=complete_bash" in capsys.readouterr().out


def test_a_dash_is_a_table_on_standard_output(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(saved), "-o", "-", "--quiet"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split("\t")[:2] == ["source", "target"]


def test_a_dash_with_a_suffix_is_that_format_on_standard_output(
    saved: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["export", str(saved), "-o", "-.tmx", "-o", "o.tsv", "--quiet"]) == 0
    root = etree.parse(io.BytesIO(capfdbinary.readouterr().out)).getroot()
    assert len(root.findall("body/tu")) == len(small().pairs())
    assert Path("o.tsv").is_file()
    assert not list(Path().glob("-*"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-o", "-.tmx", "-o", "-"], "takes one result"),
        (["-o", "-.src"], "is 2 files"),
        (["-o", "-", "--json"], "--json"),
        (["-o", "-.odd"], "no known format"),
    ],
)
def test_two_things_on_standard_output_are_refused(
    saved: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(saved), *words]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert not said.out


def test_the_save_file_on_standard_output_can_be_read_back(
    saved: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["export", str(saved), "-o", "-.json", "--quiet"]) == 0
    assert json.loads(capfdbinary.readouterr().out) == json.loads(saved.read_bytes())


@dataclass(frozen=True)
class Asked:
    first: Annotated[int, typer.Option("--first")] = 1
    shared: Annotated[int, typer.Option("--shared")] = 2


@dataclass(frozen=True)
class Told:
    shared: Annotated[int, typer.Option("--shared")] = 2
    last: Annotated[int, typer.Option("--last")] = 3


def _grouped(*, name: str, asked: Asked, own: int = 0, told: Told) -> int:
    """What it does."""
    return asked.first * 10_000 + asked.shared * 1_000 + own * 100 + told.shared * 10 + told.last


def test_groups_of_options_are_options_and_one_that_two_groups_share_goes_to_both() -> None:
    command = flat(_grouped)
    parameters = inspect.signature(command).parameters
    assert list(parameters) == ["name", "first", "shared", "own", "last"]
    assert parameters["name"].default is inspect.Parameter.empty
    assert parameters["last"].default == 3
    assert command(name="n", first=1, shared=5, own=7, last=9) == 15_759
    assert command.__doc__ == "What it does."


def test_a_place_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    outputs = [tmp_path / "out.tsv", tmp_path / "missing" / "out.tmx"]
    with pytest.raises(OutputError, match=r"missing.out\.tmx: its folder does not exist"):
        checked_outputs(outputs, ExportOptions())
    assert checked_outputs([outputs[0], outputs[0]], ExportOptions()) == outputs[:1]
