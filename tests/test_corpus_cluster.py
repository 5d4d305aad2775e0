"""The same batch on a Dask cluster: the same bytes, whatever dies."""

import json
import os
import random
import threading
import time
from pathlib import Path

import psutil
import pytest
from corpus_samples import outputs_of, write_pairs
from poison import obedient_task

from aligner.corpus.batch import Settings, run_batch
from aligner.corpus.cluster import GPU, Place, run_on_cluster
from aligner.corpus.folders import pair_folders
from aligner.corpus.workers import Limits
from aligner.options import Options

pytest.importorskip("distributed")
pytestmark = pytest.mark.heavy
OPTIONS = Options(cache=False)
SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster")
    write_pairs(folder, 40)
    jobs = pair_folders([folder / "zh", folder / "en"]).jobs
    run_batch(jobs, folder / "local", OPTIONS, Settings(workers=2))
    return folder, jobs


def test_a_cluster_gives_the_same_bytes_and_puts_the_same_pairs_aside(corpus, tmp_path):
    folder, jobs = corpus
    write_pairs(tmp_path, 4)
    for word in ("ENDLESS", "BOMB", "CRASH"):
        (tmp_path / "zh" / f"{word.lower()}.txt").write_text(word)
        (tmp_path / "en" / f"{word.lower()}.txt").write_text("Nobody will read this.")
    settings = Settings(engine="dask", workers=2, time_limit=8, memory_limit=900)
    poisoned = pair_folders([tmp_path / "zh", tmp_path / "en"]).jobs
    standing = run_batch(poisoned, tmp_path / "out", OPTIONS, settings, work=obedient_task)
    assert set(standing.quarantined) == {"endless", "bomb", "crash"} and standing.done == 4
    standing = run_batch(jobs, tmp_path / "whole", OPTIONS, settings)
    assert standing.is_whole and outputs_of(tmp_path / "whole") == outputs_of(folder / "local")


def test_killed_workers_and_a_killed_scheduler_change_no_byte(corpus, tmp_path, monkeypatch):
    folder, jobs = corpus
    monkeypatch.syspath_prepend(str(SCRIPTS))
    from dask_cluster import Cluster

    cluster, over, chance = Cluster(tmp_path, Path(__file__).parent), threading.Event(), random.Random(2)
    blows = {"worker": 0, "scheduler": 0}

    def storm():
        while not over.wait(0.5):
            # A blow for each five pairs that got through, so that a slow machine gets as far as a fast one.
            if sum(blows.values()) < min(6, len(list((tmp_path / "out").glob("pairs/*.json"))) // 5):
                which = "scheduler" if sum(blows.values()) == 1 else "worker"
                (cluster.scheduler if which == "scheduler" else chance.choice(cluster.workers)).kill()
                blows[which] += 1
            cluster.keep_alive()

    thread = threading.Thread(target=storm)
    thread.start()
    try:
        for attempt in range(4):
            settings = Settings(engine="dask", scheduler=cluster.url, retry_failed=attempt > 0)
            standing = run_batch(jobs, tmp_path / "out", OPTIONS, settings, work=slow_task)
            if standing.is_whole:
                break
    finally:
        over.set()
        thread.join()
        cluster.close()
    assert blows["scheduler"] == 1 and blows["worker"] >= 2
    assert outputs_of(tmp_path / "out") == outputs_of(folder / "local")
    events = [json.loads(line) for line in (tmp_path / "out" / "ledger.jsonl").read_text().splitlines()]
    done = [event["id"] for event in events if event["event"] == "done"]
    assert sorted(done) == sorted(job.id for job in jobs), "no pair is done twice"


def slow_task(task, tell):
    """Long enough for the storm to hit."""
    from aligner.corpus.task import align_task

    time.sleep(0.3)
    return align_task(task, tell)


@pytest.fixture(scope="module")
def mixed():
    """The address of a cluster of three workers, one of which says that it has a graphics card."""
    from distributed import LocalCluster, Nanny

    with LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=50, memory_limit=None,
        resources={GPU: 1}, env={"PRETENDED_CARD": "yes"},
    ) as cluster:  # fmt: skip
        plain = {"nthreads": 1, "memory_limit": None, "dashboard": False, "silence_logs": 50}
        cluster.worker_spec |= {name: {"cls": Nanny, "options": plain} for name in ("b", "c")}
        cluster.sync(cluster._correct_state)
        cluster.wait_for_workers(3)
        yield cluster.scheduler_address


def test_tasks_that_can_use_a_graphics_card_go_where_one_is_announced_and_to_idle_cores(mixed):
    """On the cores they see no card of the machine."""
    told = (where_it_runs, Limits(1, 60, 1 << 30), (nothing_to_load, ()))
    events = list(run_on_cluster(range(12), *told, Place(mixed, wants_gpu=True)))
    found = [event.value for event in events if event.kind == "done"]
    assert len(found) == 12
    on_card = [where for where in found if where[0] == "yes"]
    assert {sees for _, sees, _ in on_card} == {"unsaid"}, "who has the card sees it"
    assert {sees for _, sees, _ in set(found) - set(on_card)} == {""}
    assert len({process for *_, process in found}) == 3 and 2 <= len(on_card) <= 8, (
        "all three workers take part"
    )


def test_tasks_that_use_no_graphics_card_go_to_all_workers_and_leave_no_process_of_other_options_behind(
    mixed,
):
    for seconds in (60, 61):
        told = (where_it_runs, Limits(1, seconds, 1 << 30), (nothing_to_load, ()))
        events = list(run_on_cluster(range(12), *told, Place(mixed, wants_gpu=False)))
        found = {event.value for event in events if event.kind == "done"}
        assert len(found) == 3 and {where for where, *_ in found} == {"yes", ""}
        running = {process for *_, process in found}
        others = [
            each.pid
            for each in psutil.Process().children(recursive=True)
            if "aligner.system.child" in " ".join(each.cmdline()) and each.pid not in running
        ]
        assert not others


def test_tasks_that_can_use_a_graphics_card_run_on_cores_where_none_is_announced():
    told = (where_it_runs, Limits(1, 60, 1 << 30), (nothing_to_load, ()))
    events = list(run_on_cluster(range(2), *told, Place(None, wants_gpu=True)))
    assert [event.value[0] for event in events if event.kind == "done"] == ["", ""]


@pytest.mark.parametrize(
    ("encoder", "can"),
    [(None, False), ("use+e5", False), ("labse", True), ("use+labse", True), ("a/b", True)],
)
def test_encoders_of_sentence_transformers_can_use_a_graphics_card(encoder, can):
    assert Options(encoder=encoder).can_use_gpu is can


def where_it_runs(number, tell):
    time.sleep(0.3)
    return os.environ.get("PRETENDED_CARD", ""), os.environ.get("CUDA_VISIBLE_DEVICES", "unsaid"), os.getpid()


def nothing_to_load(tell):
    """These tasks need nothing."""
