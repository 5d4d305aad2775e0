"""What `align batch`, `align pair` and `align export FOLDER` say at the terminal."""

import json
import shutil
import sys
import time

import pytest
from corpus_samples import write_pairs
from test_corpus_release import put

from aligner.cli.corpus import _description
from aligner.cli.run import main
from aligner.corpus import rounds
from aligner.corpus.batch import Standing


def write_folders(folder):
    write_pairs(folder, 2)
    (folder / "zh" / "empty.txt").write_text("")
    (folder / "en" / "empty.txt").write_text("Nobody reads this.")
    (folder / "en" / "lonely.txt").write_text("It has no partner.")


@pytest.fixture
def folders(tmp_path):
    """Two pairs that can be aligned, one that can't, a document without a translation."""
    write_folders(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def aligned(tmp_path_factory):
    """The output of a batch of those folders, of which tests write corpora elsewhere."""
    folder = tmp_path_factory.mktemp("aligned")
    write_folders(folder)
    batch(folder, "--quiet")
    return folder / "out"


def batch(folder, *more):
    sides = [str(folder / "zh"), str(folder / "en")]
    return main(["batch", *sides, "-o", str(folder / "out"), "--workers", "1", "--no-cache", *more])


def test_a_batch_says_what_was_aligned_what_failed_and_what_has_no_partner(folders, capsys):
    assert batch(folders) == 1
    said = capsys.readouterr().err
    assert "aligned    2 of 3 pairs" in said and "sentences a second" in said
    assert "failed     1 pair; try again with --retry-failed" in said and "empty: " in said
    assert f"unpaired   1 document, listed in {folders / 'out' / 'unpaired.tsv'}" in said
    batch(folders)
    assert "2 were done before" in capsys.readouterr().err


def test_a_batch_says_which_texts_were_given_twice(tmp_path, capsys):
    write_pairs(tmp_path, 3)
    zh, en = tmp_path / "zh", tmp_path / "en"
    for old, new in ((zh / "d000.txt", zh / "same.txt"), (zh / "d000.txt", en / "same.txt")):
        shutil.copy(old, new)
    # The one again under another name, the other the other way round.
    for old, new in (("zh/d001.txt", "zh/e1.txt"), ("en/d001.txt", "en/e1.txt"), ("en/d002.txt", "zh/e2.txt"),
                     ("zh/d002.txt", "en/e2.txt")):  # fmt: skip
        shutil.copy(tmp_path / old, tmp_path / new)
    assert batch(tmp_path) == 0
    said = capsys.readouterr().err
    assert "same text  1 pair holds the same text on both sides: same\n" in said
    assert "twice      2 pairs of texts have several ids: d001 = e1, d002 = e2\n" in said
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["same_text"] == ["same"] and report["twice"] == [["d001", "e1"], ["d002", "e2"]]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    sections = dict(part.split("</h2>", 1) for part in page.split("<h2>")[1:])
    assert '<a href="pairs/same.json">' in sections["The same text on both sides"]
    assert all(
        f'<a href="pairs/{pair}.json">' in sections["Aligned twice"] for pair in ("d001", "e1", "d002", "e2")
    )


def test_of_many_failures_five_are_shown_and_the_rest_told_by_a_mark(tmp_path, capsys):
    write_pairs(tmp_path, 1)
    for number in range(7):
        for side in ("zh", "en"):
            (tmp_path / side / f"e{number}.txt").write_text("")
    batch(tmp_path)
    shown = [line.strip() for line in capsys.readouterr().err.partition("failed  ")[2].splitlines()]
    assert [line.partition(":")[0] for line in shown[1:7]] == ["e0", "e1", "e2", "e3", "e4", "…"]
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["failures"] == {
        "the file is empty; nothing to align": [f"e{number}" for number in range(7)]
    }


def test_a_save_file_that_vanishes_under_the_run_is_told_and_the_run_is_not_called_whole(
    tmp_path, capsys, monkeypatch
):
    write_pairs(tmp_path, 3)
    whole_run = rounds.run_batch

    def and_then_somebody_clears_up(*asked):
        standing = whole_run(*asked)
        (tmp_path / "out" / "pairs" / "d001.json").unlink()
        return standing

    monkeypatch.setattr(rounds, "run_batch", and_then_somebody_clears_up)
    assert batch(tmp_path) == 1
    assert "lost       1 save file is gone again, run the same command: d001\n" in capsys.readouterr().err
    monkeypatch.undo()
    assert batch(tmp_path) == 0 and "lost" not in capsys.readouterr().err


def test_a_plan_is_written_and_nothing_aligned(folders, capsys):
    assert batch(folders, "--dry-run") == 1  # since one has no partner
    said = capsys.readouterr().err
    assert "3 pairs; nothing was aligned" in said and "unpaired   1 document" in said
    assert "--pair both" not in said  # all of the other side have a partner
    assert not (folders / "out" / "pairs").exists()


def test_where_no_document_goes_with_another_nothing_is_written(tmp_path, capsys):
    for name, text in (("zh/a.txt", "今天下雨。"), ("en/b.txt", "It rains.")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert batch(tmp_path) == 1
    assert "no document of one folder goes with one of the other" in capsys.readouterr().err
    assert batch(tmp_path, "--dry-run") == 1
    assert "--pair both pairs them by content" in capsys.readouterr().err
    output = tmp_path / "pairs.tsv"
    assert (
        main(["pair", str(tmp_path / "zh"), str(tmp_path / "en"), "-o", str(output), "--pair", "name"]) == 1
    )
    assert "nothing was written" in capsys.readouterr().err and not output.exists()


def test_pairing_says_how_many_pairs_were_written_and_what_has_no_partner(folders, capsys):
    output = folders / "pairs.tsv"
    sides = [str(folders / "zh"), str(folders / "en")]
    assert main(["pair", *sides, "-o", str(output), "--pair", "name"]) == 1
    assert f"{output}  3 pairs" in capsys.readouterr().err
    assert main(["pair", *sides, "-o", str(output), "--pair", "name", "--quiet"]) == 1
    assert not capsys.readouterr().err


def test_a_corpus_says_what_was_written_and_what_each_filter_cut(aligned, tmp_path, capsys):
    output = tmp_path / "c.tmx"
    asked = ["export", str(aligned), "-o", str(output), "--filter", "near"]
    assert main(asked) == 0
    said = capsys.readouterr().err
    assert f"written    {output}  6 units" in said and "cut        6 near; listed in" in said
    assert main([*asked, "--json", "--quiet"]) == 0
    told = capsys.readouterr()
    wanted = {"written": {str(output): 6}, "cut": {"near": 6}, "warnings": []}
    assert json.loads(told.out) == wanted and not told.err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ([], "where to write its corpus"),
        (["-o", "c.tmx", "--duplicates", "merge"], "for a batch say keep or drop"),
    ],
)
def test_a_corpus_is_asked_for_in_one_way(aligned, capsys, more, says):
    assert main(["export", str(aligned), *more]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    "name",
    [
        "out/ledger.jsonl", "out/ledger-1-of-3.jsonl", "out/Ledger.JSONL", "out/manifest.tsv", "out/unpaired.tsv",
        "out/words.tsv", "out/quarantine.tsv", "out/rejects.jsonl", "out/pairs/c.tmx", "out/pairs/d000.src",
        "out/pairs/all.xces", "zh/../out/manifest.tsv", "link.jsonl", "linked/manifest.tsv", "hard.tsv",
    ],
)  # fmt: skip
def test_a_corpus_is_written_over_nothing_that_the_batch_keeps_of_itself(name, folders, capsys, monkeypatch):
    monkeypatch.chdir(folders)
    put(folders / "out", "d000", ["早上好。"], ["Good morning."], [((0, 1), (0, 1), 0.9)])
    (folders / "out" / "manifest.tsv").write_text("id\tsource\ttarget\nd000\tzh/d000.txt\ten/d000.txt\n")
    (folders / "link.jsonl").symlink_to("out/ledger.jsonl")  # not there yet
    (folders / "linked").symlink_to("out")
    (folders / "hard.tsv").hardlink_to("out/manifest.tsv")
    before = files_of(folders)
    assert main(["export", "out", "-o", "out/c.tsv", "-o", name]) == 2
    said = capsys.readouterr().err
    assert "is the batch's own" in said and len(said.splitlines()) == 1
    assert files_of(folders) == before
    assert main(["export", "out", "-o", "out/manifest.tmx", "-o", "out/corpus.tsv"]) == 0


@pytest.fixture
def small_batch(tmp_path, monkeypatch):
    """A batch of two saved pairs, `d000` and `d001`, in `out`, two texts, a memory and a link into the batch."""
    monkeypatch.chdir(tmp_path)
    write_pairs(tmp_path, 1)
    for name in ("d000", "d001"):
        put(tmp_path / "out", name, ["早上好。"], ["Good morning."], [((0, 1), (0, 1), 0.9)])
    (tmp_path / "out" / "manifest.tsv").write_text("id\tsource\ttarget\nd000\ta.txt\tb.txt\n")
    (tmp_path / "out" / "ledger.jsonl").write_text("{}\n")
    (tmp_path / "a.txt").write_text("早上好。")
    (tmp_path / "b.txt").write_text("Good morning.")
    (tmp_path / "link.jsonl").symlink_to("out/ledger.jsonl")
    assert main(["export", "out/pairs/d000.json", "-o", "c.tmx", "--quiet"]) == 0
    return tmp_path


ONE = "out/pairs/d000.json"


@pytest.mark.parametrize(
    "command",
    [
        ["export", ONE, "-o", "c.tsv", "-o", "out/ledger.jsonl"],
        ["export", ONE, "-o", "out/Ledger-2-of-3.jsonl"],
        ["export", ONE, "-o", "link.jsonl"],
        ["export", ONE, "-o", "out/report.html"],
        ["export", ONE, "-o", "out/pairs/d001.json"],
        ["export", ONE, "--doubts", "out/quarantine.tsv"],
        ["a.txt", "b.txt", "-o", "out/ledger.jsonl"],
        ["a.txt", "b.txt", "-o", "out/pairs/new.json"],
        ["a.txt", "b.txt", "-o", "c.tmx", "--doubts", "out/unpaired.tsv"],
        ["pair", "zh", "en", "-o", "out/manifest.tsv"],
    ],
)
def test_no_command_writes_over_what_a_batch_keeps_of_itself(command, small_batch, capsys):
    before = files_of(small_batch)
    assert main(command) == 2
    said = capsys.readouterr().err
    assert "is what the batch in " in said and len(said.splitlines()) == 1
    assert files_of(small_batch) == before


def test_save_files_of_a_batch_are_reviewed_and_exported_where_they_are(small_batch):
    assert main(["export", ONE, "-o", "out/pairs/d000.tsv", "-o", "out/mine.jsonl", "--quiet"]) == 0
    assert main(["export", ONE, "--from", "out/pairs/d000.tsv", "--quiet"]) == 0
    assert main(["a.txt", "b.txt", "--keep", ONE, "-o", ONE, "--quiet", "--no-cache"]) == 0
    assert {path.name for path in (small_batch / "out" / "pairs").iterdir()} >= {"d000.tsv", "d000.json.bak"}


def files_of(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("inputs", "output", "says"),
    [
        (["zh", "en"], "zh", "is in zh, whose files are the documents"),
        (["zh", "en"], "en/out", "is in en, whose files are the documents"),
        (["zh", "en"], "linked/out/new", "is in zh, whose files are the documents"),
        (["zh", "en", "--dry-run"], "zh", "is in zh, whose files are the documents"),
        (["out/pairs", "en"], "out", "out/pairs: is where out keeps its results"),
        (["zh", "out/pairs/en"], "out", "out/pairs/en: is where out keeps its results"),
    ],
)
def test_results_are_not_put_where_the_next_run_would_take_them_for_documents(
    inputs, output, says, folders, capsys, monkeypatch
):
    monkeypatch.chdir(folders)
    shutil.copytree("en", "out/pairs")
    shutil.copytree("en", "out/pairs/en")
    (folders / "linked").symlink_to("zh")
    before = files_of(folders)
    assert main(["batch", *inputs, "-o", output]) == 2
    said = capsys.readouterr().err
    assert says in said and len(said.splitlines()) == 1
    assert files_of(folders) == before


def test_nor_is_a_list_of_pairs(folders, capsys, monkeypatch):
    monkeypatch.chdir(folders)
    before = files_of(folders)
    assert main(["pair", "zh", "en", "-o", "en/pairs.tsv", "--pair", "name"]) == 2
    assert "is in en, whose files are the documents" in capsys.readouterr().err
    assert files_of(folders) == before


def test_results_may_lie_around_the_folders_of_the_documents(tmp_path, monkeypatch, capsys):
    write_pairs(tmp_path, 1)
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert main(["batch", "zh", "en", "-o", ".", "--workers", "1", "--no-cache"]) == 0
        assert "1 pair" in capsys.readouterr().err


def test_at_a_terminal_a_batch_shows_how_far_it_is(folders, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    batch(folders)
    assert "aligned    2 of 3 pairs" in capsys.readouterr().err


def test_the_line_of_a_running_batch_tells_its_speed_what_is_left_and_what_failed():
    now = time.monotonic()
    assert _description(Standing(total=4, began=now)) == "starting"
    standing = Standing(
        total=4, done=1, sentences=1_000, bytes_left=300, bytes_done=100, began=now - 10,
        failed={"a": "why"}, quarantined={"b": "why"},
    )  # fmt: skip
    assert _description(standing) == "100 sentences/s · 0:00:30 left · 2 failed"
