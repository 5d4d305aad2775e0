"""The inputs that once came out wrong, each with what is right (`golden/cases.tsv`), run as a user would."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from aligner.cli.run import main

CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"
GOLDEN = Path(__file__).parent / "golden" / "cases.tsv"
ROWS = [line.split("\t") for line in GOLDEN.read_text("utf-8").splitlines() if line[:1] not in ("#", "")]

pytestmark = [pytest.mark.heavy, pytest.mark.skipif(not CASES.is_dir(), reason="needs ../shared/cases")]


@pytest.mark.parametrize("case", list(dict.fromkeys(row[0] for row in ROWS)))
def test_a_case_comes_out_right(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [folder] = CASES.glob(f"{case}-*")
    shutil.copytree(folder, tmp_path / case)
    monkeypatch.chdir(tmp_path / case)
    for _, command, has, text in (row for row in ROWS if row[0] == case):
        main(shlex.split(command))
        said = capsys.readouterr()
        shown = " | ".join((said.out + said.err).replace("\t", " | ").splitlines())
        assert (text in shown) is (has == "has"), f"{command}: {text}"
