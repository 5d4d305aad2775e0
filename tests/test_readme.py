"""The README's examples run, and its first screen shows what the command prints."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from aligner.cli.run import main

REPOSITORY = Path(__file__).resolve().parents[1]
SEEDS = REPOSITORY / "seeds"
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
NOT_RUN = "<!-- not run -->"
_BLOCK = re.compile(r"(?:^|\n)([^\n]*)\n```(\w+)\n(.*?)\n```", re.S)
_SRX = """<srx xmlns="http://www.lisa.org/srx20" version="2.0"><header cascade="yes"/><body>
<languagerules><languagerule languagerulename="all">
<rule break="yes"><beforebreak>[.!?]</beforebreak><afterbreak>\\s</afterbreak></rule>
<rule break="yes"><beforebreak>[。！？]</beforebreak><afterbreak></afterbreak></rule>
</languagerule></languagerules>
<maprules><languagemap languagepattern=".*" languagerulename="all"/></maprules></body></srx>"""


def commands():
    """Every `align …` line of the README's shell examples, in order."""
    found = []
    for before, language, body in _BLOCK.findall(README):
        if language == "sh" and before != NOT_RUN:
            found += [line for line in body.splitlines() if line.strip()]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files that the README speaks of."""
    folder = tmp_path_factory.mktemp("readme")
    gold = SEEDS / "gold"
    shutil.copytree(SEEDS, folder / "seeds")
    shutil.copy(next(SEEDS.glob("003*.txt")), folder / "page.txt")
    for name in ("zh", "en"):
        shutil.copy(gold / f"003.{name}", folder / f"{name}.txt")
        shutil.copy(gold / f"003.{name}", folder / f"gold.{name}")
    shutil.copy(gold / "003.align", folder / "gold.align")
    both = "\n".join((gold / f"003.{name}").read_text(encoding="utf-8") for name in ("zh", "en"))
    (folder / "zh-gbk.txt").write_text(both, encoding="gb18030")
    (folder / "glossary.csv").write_text("外事系統,foreign affairs system\n", encoding="utf-8")
    (folder / "rules.srx").write_text(_SRX, encoding="utf-8")
    return folder


def run(line, folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("ALIGNER_CACHE", str(folder.parent / "readme-cache"))
    words = shlex.split(line, comments=True)
    assert words[0] == "align", f"{line}: not a command of ours; put {NOT_RUN} above the block"
    return main(words[1:])


def test_every_example_runs_one_after_the_other(folder, monkeypatch, capsys):
    assert len(commands()) > 20
    for line in commands():
        if "other.json" in line:
            shutil.copy(folder / "memory.json", folder / "other.json")
        if "other-tool.tmx" in line:
            shutil.copy(folder / "memory.penalty-10.tmx", folder / "other-tool.tmx")
        assert run(line, folder, monkeypatch) == 0, f"{line}\n{capsys.readouterr().err}"
        named = re.findall(r"-o (\S+)", line)
        missing = [name for name in named if not list(folder.glob(f"{Path(name).stem}*{Path(name).suffix}"))]
        assert not missing, f"{line}: did not write {missing}"


def masked(text):
    """`text` without what differs from run to run: decimals, trailing blanks."""
    return [re.sub(r"\d+\.\d+", "#", line).rstrip() for line in text.strip().splitlines()]


def test_the_first_screen_shows_what_the_command_prints(folder, monkeypatch, capsys):
    command = re.search(r"```console\n\$ (.*?)\n```", README).group(1)
    shown = _BLOCK.findall(README)[2][2]
    assert run(command, folder, monkeypatch) == 0
    said = capsys.readouterr()
    printed = [line for line in [*masked(said.out), "", *masked(said.err)] if not line.startswith("time")]
    assert masked(shown) == printed


def test_the_input_shown_is_in_the_page():
    page = next(SEEDS.glob("003*.txt")).read_text(encoding="utf-8")
    for line in _BLOCK.findall(README)[1][2].splitlines():
        assert line.strip("… ") in page


def test_it_names_every_option_and_command():
    from aligner.cli import arguments
    from aligner.cli.run import COMMANDS

    source = Path(arguments.__file__).read_text(encoding="utf-8")
    names = set(re.findall(r'"(--[a-z-]+)"', source)) - {
        "--output",
        "--source",
        "--target",
        "--limit",
        "--rules",
    }
    assert not {name for name in names if name not in README}
    assert not {name for name in COMMANDS if f"align {name}" not in README}
