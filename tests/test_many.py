"""Many pairs from Python: one call each for a batch and for pairing, processes whose death costs one pair."""

import contextlib
import io
import json
import os
import signal
import sys
from pathlib import Path

import pytest
from corpus_samples import EN, ZH, write_pairs

import aligner
from aligner.corpus.in_order import results_in_order
from aligner.options import Options

REPOSITORY = Path(__file__).resolve().parents[1]
QUIET = {"cache": False, "workers": 1}


def test_a_batch_tells_what_failed_goes_on_later_and_gives_its_bitexts(tmp_path):
    write_pairs(tmp_path, 2)
    (tmp_path / "zh" / "empty.txt").write_text("")
    (tmp_path / "en" / "empty.txt").write_text("Nobody reads this.")
    (tmp_path / "en" / "lonely.txt").write_text("It has no partner.")
    seen = []
    done = aligner.batch(
        [tmp_path / "zh", tmp_path / "en"], tmp_path / "out", progress=lambda s: seen.append(s.done), **QUIET
    )
    assert {name: len(bitext) for name, bitext in done} == {"d000": 6, "d001": 6} and seen
    assert set(done.failed) == {"empty"} and not done.put_aside
    assert [path.name for path in done.unpaired] == ["lonely.txt"]
    assert done.export(tmp_path / "all.jsonl", filters=["near"]) == {"near": 6}
    before = (tmp_path / "out" / "pairs" / "d000.json").stat().st_mtime_ns
    aligner.batch([tmp_path / "zh", tmp_path / "en"], tmp_path / "out", **QUIET)
    assert (tmp_path / "out" / "pairs" / "d000.json").stat().st_mtime_ns == before


def test_pairs_of_paths_and_a_manifest_are_batches_too(tmp_path):
    write_pairs(tmp_path, 2)
    paths = [(tmp_path / "zh" / f"d00{n}.txt", tmp_path / "en" / f"d00{n}.txt") for n in range(2)]
    assert (
        aligner.pair(tmp_path / "zh", tmp_path / "en", pair_by="name", manifest=tmp_path / "p.tsv") == paths
    )
    for number, inputs in enumerate((paths, tmp_path / "p.tsv")):
        assert len(aligner.batch(inputs, tmp_path / f"out{number}", **QUIET)) == 2


def test_a_batch_says_what_it_can_not_take(tmp_path):
    with pytest.raises(aligner.UsageError, match="folder of its translations"):
        aligner.batch(tmp_path, tmp_path / "out")
    with pytest.raises(aligner.UsageError, match="no pair of files"):
        aligner.batch([("a.txt", "b.txt", "c.txt")], tmp_path / "out")
    with pytest.raises(aligner.UsageError, match="no option colour"):
        aligner.batch([("a.txt", "b.txt")], tmp_path / "out", colour="red")


def obey(task, tell):
    if task == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return task * 2


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_process_that_dies_costs_its_pair_only_and_the_order_stays():
    tasks = [("a", 1), ("die", 2), ("b", 3), ("c", 4)]
    found = list(results_in_order(obey, Options(cache=False), tasks, workers=1))
    assert [key for _, key in found] == [1, 2, 3, 4]
    assert [result for result, key in found if key != 2] == ["aa", "bb", "cc"]
    assert isinstance(found[1][0], aligner.AlignerError) and "pair 2: its process crashed" in str(found[1][0])


def test_an_encoder_that_is_not_there_stops_the_pipe_with_one_line():
    model = aligner.Aligner(encoder="nowhere/to/be/found")
    with pytest.raises(aligner.AlignerError, match="nowhere"):
        list(model.pipe([("\n".join(ZH), "\n".join(EN))], workers=2))


def test_the_notebook_says_what_it_prints(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    notebook = json.loads((REPOSITORY / "docs" / "many-pairs.ipynb").read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    names, seen = {}, 0
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)
        shown = "".join(text for output in cell["outputs"] for text in output["text"])
        assert said.getvalue() == shown
        seen += bool(shown)
    assert seen == 4
