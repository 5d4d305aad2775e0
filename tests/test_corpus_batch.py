"""A batch does every pair once, whatever happens to it on the way."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from corpus_samples import EN, ZH, outputs_of, write_pairs
from poison import obedient_task

from aligner.cli.run import main
from aligner.corpus.batch import Settings, run_batch
from aligner.corpus.folders import pair_folders
from aligner.corpus.ledger import Ledger
from aligner.corpus.manifest import Job
from aligner.corpus.report import collect
from aligner.corpus.workers import limits_for
from aligner.export.savefile import load
from aligner.options import Options
from aligner.system import threads

OPTIONS = Options(cache=False)


def jobs_of(folder):
    return pair_folders([folder / "zh", folder / "en"]).jobs


def events_of(folder):
    return [json.loads(line) for line in (folder / "ledger.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    write_pairs(folder, 8)
    return folder


@pytest.fixture(scope="module")
def finished(corpus):
    """The batch done in one go, by two workers."""
    run_batch(jobs_of(corpus), corpus / "out", OPTIONS, Settings(workers=2))
    return corpus / "out"


def test_every_pair_gets_a_save_file(finished):
    assert sorted(outputs_of(finished)) == [f"pairs/d{n:03}.json" for n in range(8)]
    alignment = load(finished / "pairs" / "d003.json")
    assert [bead.type for bead in alignment.beads] == ["1-1"] * 6


def test_a_second_run_finds_everything_done(corpus, finished):
    before = {path: path.stat().st_mtime_ns for path in (finished / "pairs").iterdir()}
    standing = run_batch(jobs_of(corpus), finished, OPTIONS, Settings(workers=2))
    assert (standing.before, standing.done) == (8, 0)
    assert {path: path.stat().st_mtime_ns for path in (finished / "pairs").iterdir()} == before


def test_there_is_a_worker_for_each_core_however_few_threads_a_process_may_have(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    monkeypatch.setattr(threads, "_quotas", lambda: iter([]))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=64 << 30))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # as on many clusters
    assert limits_for().workers == 3
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=900 << 20))
    assert limits_for().workers == 2, "400 MB for each"


def test_how_many_pairs_there_are_is_told_before_the_first_is_done(tmp_path):
    write_pairs(tmp_path, 2)
    seen = []
    run_batch(
        jobs_of(tmp_path), tmp_path / "out", OPTIONS, Settings(workers=1),
        watch=lambda standing: seen.append((standing.total, standing.done)),
    )  # fmt: skip
    assert seen == [(2, 0), (2, 1), (2, 2)]


def test_the_number_of_workers_changes_no_byte(corpus, finished, tmp_path):
    run_batch(jobs_of(corpus), tmp_path, OPTIONS, Settings(workers=1))
    assert outputs_of(tmp_path) == outputs_of(finished)


def test_shards_together_are_the_whole(corpus, finished, tmp_path):
    for number in (1, 2, 3):
        run_batch(jobs_of(corpus), tmp_path, OPTIONS, Settings(workers=1, shard=(number, 3)))
    assert outputs_of(tmp_path) == outputs_of(finished)
    assert collect(tmp_path, jobs_of(corpus)).waiting == []


def test_only_what_changed_is_done_again(tmp_path):
    write_pairs(tmp_path, 3)
    run_batch(jobs_of(tmp_path), tmp_path / "out", OPTIONS, Settings(workers=1))
    first = outputs_of(tmp_path / "out")
    (tmp_path / "en" / "d001.txt").write_text("\n".join(EN[:3]), encoding="utf-8")
    standing = run_batch(jobs_of(tmp_path), tmp_path / "out", OPTIONS, Settings(workers=1))
    second = outputs_of(tmp_path / "out")
    assert (standing.before, standing.done) == (2, 1)
    assert [name for name in first if first[name] != second[name]] == ["pairs/d001.json"]
    standing = run_batch(jobs_of(tmp_path), tmp_path / "out", Options(cache=False, presplit=True))
    assert standing.done == 3, "another option is another result"


def test_a_save_file_that_was_cut_off_is_made_again(corpus, finished, tmp_path):
    run_batch(jobs_of(corpus), tmp_path, OPTIONS, Settings(workers=1))
    torn = tmp_path / "pairs" / "d002.json"
    torn.write_bytes(torn.read_bytes()[:-20])
    with (tmp_path / "ledger.jsonl").open("a") as ledger:
        ledger.write('{"event": "star')
    standing = run_batch(jobs_of(corpus), tmp_path, OPTIONS, Settings(workers=1))
    assert standing.done == 1 and outputs_of(tmp_path) == outputs_of(finished)


def test_what_a_person_confirmed_survives_a_change_of_the_text_and_has_a_copy(tmp_path):
    write_pairs(tmp_path, 1)
    run_batch(jobs_of(tmp_path), tmp_path / "out", OPTIONS, Settings(workers=1))
    path = tmp_path / "out" / "pairs" / "d000.json"
    reviewed = path.read_text(encoding="utf-8").replace('"status": "auto"', '"status": "confirmed"', 1)
    path.write_text(reviewed, encoding="utf-8")
    assert run_batch(jobs_of(tmp_path), tmp_path / "out", OPTIONS).before == 1, (
        "a review is no reason to align again"
    )
    with (tmp_path / "en" / "d000.txt").open("a", encoding="utf-8") as more:
        more.write("Nobody knows this sentence.\n")
    run_batch(jobs_of(tmp_path), tmp_path / "out", OPTIONS, Settings(workers=1))
    assert [bead.status for bead in load(path).beads].count("confirmed") == 1
    assert path.with_name("d000.json.bak").read_text(encoding="utf-8") == reviewed


def test_a_review_that_is_under_way_is_not_written_over(tmp_path):
    write_pairs(tmp_path, 1)
    run_batch(jobs_of(tmp_path), tmp_path / "out", OPTIONS, Settings(workers=1))
    before = outputs_of(tmp_path / "out")
    (tmp_path / "out" / "pairs" / "d000.json.journal").write_text("{}\n")
    (tmp_path / "en" / "d000.txt").write_text("\n".join(EN[:3]), encoding="utf-8")
    standing = run_batch(jobs_of(tmp_path), tmp_path / "out", OPTIONS, Settings(workers=1))
    assert "is being reviewed" in standing.failed["d000"]
    assert outputs_of(tmp_path / "out") == before


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    """Eight good pairs and one of each kind of bad one, run twice by two workers."""
    folder = tmp_path_factory.mktemp("poisoned")
    write_pairs(folder, 8)
    zh, en = folder / "zh", folder / "en"
    for word in ("ENDLESS", "BOMB", "CRASH"):
        (zh / f"{word.lower()}.txt").write_text(f"{word} {ZH[0]}", encoding="utf-8")
    (zh / "empty.txt").write_text("")
    (zh / "binary.txt").write_bytes(random.Random(1).randbytes(5_000))
    with zipfile.ZipFile(zh / "zipbomb.docx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b" " * (600 << 20))
    (zh / "different.txt").write_text(
        "\n".join(f"第{n}条规定船舶的吨位和登记方法。" for n in range(9)), encoding="utf-8"
    )
    (zh / "unlucky.txt").write_text("\n".join(ZH), encoding="utf-8")
    (zh / "unlucky.txt.once").write_text("")
    names = ["endless", "bomb", "crash", "empty", "binary", "zipbomb", "different", "unlucky"]
    for name in names:
        (en / f"{name}.txt").write_text("\n".join(EN), encoding="utf-8")
    jobs = [job for job in jobs_of(folder) if not job.source.name.endswith(".once")]
    jobs.append(Job(id="missing", source=zh / "nowhere.txt", target=en / "d000.txt"))
    settings = Settings(workers=2, time_limit=8, memory_limit=900)
    standing = run_batch(jobs, folder / "out", OPTIONS, settings, work=obedient_task)
    return folder, jobs, standing, collect(folder / "out", jobs)


@pytest.mark.heavy
def test_a_pair_that_ends_its_process_twice_is_put_aside_with_a_reason(poisoned):
    folder, _, standing, report = poisoned
    assert {pair: reason.split("(")[0].strip() for pair, reason in standing.quarantined.items()} == {
        "endless": "took longer than 8 seconds",
        "bomb": "needs more than 900 MB of memory",
        "crash": "its process crashed",
    }
    listed = (folder / "out" / "quarantine.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split("\t")[0] for line in listed] == ["bomb", "crash", "endless"]
    assert set(report.quarantined) == {"endless", "bomb", "crash"}


@pytest.mark.heavy
def test_a_pair_that_can_not_be_read_fails_with_a_reason(poisoned):
    _, _, standing, report = poisoned
    assert set(standing.failed) == {"empty", "binary", "zipbomb", "missing"} == set(report.failed)
    assert "the file is empty" in standing.failed["empty"]
    assert "no such file" in standing.failed["missing"]


@pytest.mark.heavy
def test_the_others_are_done_and_no_innocent_is_blamed(poisoned):
    folder, _, _, report = poisoned
    assert {f"d{n:03}" for n in range(8)} | {"different", "unlucky"} == set(report.aligned)
    deaths = [event["id"] for event in events_of(folder / "out") if event["event"] == "killed"]
    assert sorted(deaths) == ["bomb", "bomb", "crash", "crash", "endless", "endless", "unlucky"]


@pytest.mark.heavy
def test_texts_that_are_no_translations_are_listed_as_such(poisoned):
    assert poisoned[3].unlike() == ["different"]


@pytest.mark.heavy
def test_what_failed_is_tried_again_only_when_asked(poisoned):
    folder, jobs, _, _ = poisoned
    lines = len(events_of(folder / "out"))
    again = run_batch(jobs, folder / "out", OPTIONS, Settings(workers=2))
    assert (again.done, again.before, len(again.failed), len(again.quarantined)) == (0, 10, 4, 3)
    assert len(events_of(folder / "out")) == lines
    third = run_batch(jobs, folder / "out", OPTIONS, Settings(workers=2, retry_failed=True))
    assert third.done == 3 and not third.quarantined, (
        "the words that the worker obeyed mean nothing to another"
    )
    assert not (folder / "out" / "quarantine.tsv").exists()


def run_cli(folder, *more, **settings):
    command = [
        sys.executable,
        "-m",
        "aligner",
        "batch",
        "zh",
        "en",
        "-o",
        "out",
        "--no-cache",
        "--workers",
        "2",
        *more,
    ]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    return subprocess.Popen(
        command, cwd=folder, stderr=subprocess.PIPE, text=True, env=environment, **settings
    )


def children_left(before):
    me = psutil.Process()
    return [
        p for p in me.children(recursive=True) if p.pid not in before and p.status() != psutil.STATUS_ZOMBIE
    ]


def wait_until(what, seconds=60):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


@pytest.mark.parametrize(
    "how",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.heavy),
        pytest.param(signal.SIGKILL, marks=pytest.mark.heavy),
    ],
)
def test_a_run_that_is_stopped_leaves_nothing_running_and_goes_on_later(tmp_path, how):
    write_pairs(tmp_path, 8)
    (tmp_path / "big").mkdir()
    for name, sentences in (
        ("zh", ZH),
        ("en", EN),
    ):  # the largest comes first: it is under way when the blow falls
        text = "\n".join(sentence.format(n) for n in range(1_500) for sentence in sentences)
        (tmp_path / name / "big.txt").write_text(text, encoding="utf-8")
    process = run_cli(tmp_path)
    wait_until(lambda: len(list((tmp_path / "out" / "pairs").glob("*.json"))) > 2)
    workers = psutil.Process(process.pid).children(recursive=True)
    assert len(workers) == 2
    process.send_signal(how)
    _, said = process.communicate(timeout=20)
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive
    if how != signal.SIGKILL:
        assert process.returncode == 130 and said.strip() == "align: interrupted"
        assert events_of(tmp_path / "out")[-1]["event"] == "stopped"
    (tmp_path / "zh" / "big.txt").unlink()
    (tmp_path / "en" / "big.txt").unlink()
    done = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "pairs").glob("*.json")}
    assert run_cli(tmp_path).wait(timeout=60) == 0
    assert all(path.stat().st_mtime_ns == at for path, at in done.items())
    assert len(outputs_of(tmp_path / "out")) == 8


def test_the_command_says_what_came_out_and_its_code_tells_whether_all_did(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_pairs(tmp_path, 2)
    assert main(["batch", "zh", "en", "-o", "out", "--dry-run"]) == 0
    assert "2 pairs; nothing was aligned" in capsys.readouterr().err
    assert not (tmp_path / "out" / "pairs").exists()
    assert main(["batch", "out/manifest.tsv", "-o", "out", "--workers", "1", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["sentence_pairs"] == 12
    assert "aligned    2 of 2 pairs" in told.err
    (tmp_path / "zh" / "lonely.txt").write_text(ZH[0], encoding="utf-8")
    assert main(["batch", "zh", "en", "-o", "out"]) == 1
    assert "2 were done before" in (said := capsys.readouterr().err) and "unpaired   1 document" in said
    assert (
        (tmp_path / "out" / "unpaired.tsv")
        .read_text(encoding="utf-8")
        .splitlines()[1]
        .startswith("source\tzh/lonely.txt")
    )
    assert main(["batch", "zh", "en", "-o", "out", "--shard", "9/3"]) == 2
    assert main(["batch", "nowhere.tsv", "-o", "out"]) == 2
    assert main(["batch", "zh", "-o", "out"]) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_a_device_in_a_manifest_fails_and_holds_nothing_up(tmp_path):
    write_pairs(tmp_path, 1)
    os.mkfifo(tmp_path / "zh" / "pipe.txt")
    good = jobs_of(tmp_path)[0]
    jobs = [Job(id="pipe", source=tmp_path / "zh" / "pipe.txt", target=good.target),
            Job(id="zero", source=good.source, target=Path("/dev/zero")), good]  # fmt: skip
    standing = run_batch(jobs, tmp_path / "out", OPTIONS, Settings(workers=1))
    assert standing.done == 1 and set(standing.failed) == {"pipe", "zero"}
    assert all("is a pipe or a device" in reason for reason in standing.failed.values())


def test_an_output_folder_that_can_not_be_written_stops_the_batch_at_once(tmp_path, capsys):
    write_pairs(tmp_path, 1)
    (tmp_path / "out").write_text("a file")
    assert main(["batch", str(tmp_path / "zh"), str(tmp_path / "en"), "-o", str(tmp_path / "out")]) == 2
    assert "can't be a folder" in capsys.readouterr().err


@pytest.mark.heavy
def test_fifty_kills_at_random_change_no_byte(tmp_path):
    """Workers are killed fifty times while 300 pairs are aligned; what two blows hit is tried again when asked."""
    write_pairs(tmp_path, 300)
    jobs = jobs_of(tmp_path)
    run_batch(jobs, tmp_path / "calm", OPTIONS, Settings(workers=2))
    chance, kills, over = random.Random(5), [0], threading.Event()

    def strike():
        while kills[0] < 50 and not over.wait(chance.uniform(0.05, 0.8)):
            with suppress(
                psutil.Error
            ):  # those at work: they have computed enough to have loaded what they need
                workers = [w for w in psutil.Process().children() if sum(w.cpu_times()[:2]) > 2.5]
                if workers:
                    chance.choice(workers).kill()
                    kills[0] += 1

    striker = threading.Thread(target=strike)
    striker.start()
    rounds = 0
    try:
        while True:
            rounds += 1
            settings = Settings(workers=2, retry_failed=rounds > 1)
            standing = run_batch(jobs, tmp_path / "stormy", OPTIONS, settings)
            if standing.is_whole and kills[0] >= 50:
                break
            if standing.is_whole:
                for path in list((tmp_path / "stormy" / "pairs").iterdir())[:100]:
                    path.unlink()
            assert rounds < 60
    finally:  # or it goes on with the children of later tests
        over.set()
        striker.join()
    assert outputs_of(tmp_path / "stormy") == outputs_of(tmp_path / "calm")
    events = events_of(tmp_path / "stormy")
    cut_off = sum(event["event"] == "killed" for event in events)
    assert cut_off <= 50
    assert not any(history.is_quarantined for history in Ledger(tmp_path / "stormy").histories().values())
