"""What killing workers at random costs a batch: the same bytes, no pair twice, how much work is done again.

python scripts/measure_kills.py                         25 blows at local workers, 25 at Dask's, one at its scheduler
python scripts/measure_kills.py --engine local --kills 50 --pairs 3000

A blow falls for each `pairs / kills` pairs that got through, so that a slow machine is hit as often as a fast one; with
Dask every other one hits the process that aligns for a worker instead of the worker.
"""

import argparse
import json
import random
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import bench_batch
import psutil
from dask_cluster import Cluster

from aligner.corpus.batch import Settings, run_batch
from aligner.options import Options

OPTIONS = Options(cache=False)
WORKERS = 2
ROUNDS = 20


def outputs_of(folder):
    return {path.name: path.read_bytes() for path in (folder / "pairs").glob("*.json")}


def at_work(parent):
    """The processes that align below `parent`, those that have loaded what they need."""
    with suppress(psutil.Error):
        children = psutil.Process(parent).children()
        return [child for child in children if time.time() - child.create_time() > 2]
    return []


def strike(chance, cluster, number, blows):
    """One blow; False where nothing is there to be hit."""
    if cluster is None:
        victims, kind = at_work(None), "worker"
    elif number == blows // 2:
        victims, kind = [cluster.scheduler], "scheduler"
    elif number % 2:
        victims, kind = cluster.workers, "worker"
    else:
        victims, kind = [child for worker in cluster.workers for child in at_work(worker.pid)], "process"
    if not victims:
        return ""
    with suppress(psutil.Error):
        chance.choice(victims).kill()
        return kind
    return ""


def storm(folder, cluster, pairs, kills, over, struck):
    chance, blows = random.Random(5), kills + (cluster is not None)
    due = chance.uniform(0.5, 1.5)
    while not over.wait(chance.uniform(0.02, 0.2)):
        done = sum(1 for _ in (folder / "pairs").glob("*.json"))
        if len(struck) < blows and done >= due * pairs / (blows + 1):
            kind = strike(chance, cluster, len(struck), blows)
            if kind:
                struck.append(kind)
                due = len(struck) + chance.uniform(0.5, 1.5)
        if cluster:
            cluster.keep_alive()


def run_to_the_end(jobs, folder, cluster):
    """The rounds it takes until all is done, as a person who runs the command again."""
    engine = {"engine": "dask", "scheduler": cluster.url} if cluster else {}
    for number in range(ROUNDS):
        settings = Settings(workers=WORKERS, retry_failed=number > 0, **engine)
        if run_batch(jobs, folder, OPTIONS, settings).is_whole:
            return number + 1
    raise SystemExit(f"not done after {ROUNDS} runs")


def repeated(events):
    """Share of the work that was done and lost: what an attempt that was cut off can have done at most."""
    seconds = {event["id"]: event["seconds"] for event in events if event["event"] == "done"}
    lost, began = 0.0, {}
    for event in events:
        if event["event"] == "started":
            if event["id"] in began:
                lost += min(event["at"] - began[event["id"]], seconds[event["id"]])
            began[event["id"]] = event["at"]
        elif event["id"] in began:
            if event["event"] != "done":
                lost += min(event["at"] - began[event["id"]], seconds[event["id"]])
            del began[event["id"]]
    return lost / sum(seconds.values())


def measure(folder, jobs, calm, engine, kills):
    cluster = Cluster(folder) if engine == "dask" else None
    out, over, struck = folder / engine, threading.Event(), []
    thread = threading.Thread(target=storm, args=(out, cluster, len(jobs), kills, over, struck))
    thread.start()
    began = time.perf_counter()
    try:
        rounds = run_to_the_end(jobs, out, cluster)
    finally:
        over.set()
        thread.join()
        if cluster:
            cluster.close()
    events = [json.loads(line) for line in (out / "ledger.jsonl").read_text().splitlines()]
    done = [event["id"] for event in events if event["event"] == "done"]
    blows = ", ".join(f"{struck.count(kind)} at a {kind}" for kind in sorted(set(struck)))
    print(
        f"{engine}: {len(jobs)} pairs, {len(struck)} blows ({blows}), {rounds} runs of the command,"
        f" {time.perf_counter() - began:.0f} s\n"
        f"  bytes {'the same' if outputs_of(out) == calm else 'DIFFER'};"
        f" {len(done) - len(set(done))} pairs done twice; {sum(e['event'] == 'killed' for e in events)} attempts ended;"
        f" at most {100 * repeated(events):.2f} % of the work repeated", flush=True,
    )  # fmt: skip


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=1500)
    parser.add_argument("--sentences", type=int, default=20)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--engine", nargs="+", choices=("local", "dask"), default=["local", "dask"])
    arguments = parser.parse_args()
    bench_batch.SENTENCES = arguments.sentences
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jobs = bench_batch.write_documents(folder, arguments.pairs)
        run_batch(jobs, folder / "calm", OPTIONS, Settings(workers=WORKERS))
        calm = outputs_of(folder / "calm")
        for engine in arguments.engine:
            measure(folder, jobs, calm, engine, arguments.kills)


if __name__ == "__main__":
    main()
