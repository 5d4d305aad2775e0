"""What a batch costs: sentences a second and core, efficiency of several workers, start-up, a run with nothing to do.

python scripts/bench_batch.py --pairs 1000 --workers 1 2 4
python scripts/bench_batch.py --finished 10000          only the second run of a finished batch of so many pairs

Processor time stands beside the clock, since other programs may take a share of the cores. The texts are pieces of the
gold of novels and magazines, no vector is in a cache.
"""

import argparse
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from corpora import SHARED, load_corpus

from aligner.corpus.batch import Settings, run_batch
from aligner.corpus.manifest import Job, with_ids
from aligner.corpus.outputs import BATCH, write_output
from aligner.corpus.report import write_reports
from aligner.corpus.task import align_task
from aligner.export.savefile import open_savefile
from aligner.options import Options

OPTIONS = Options(cache=False)
SENTENCES = 100


def write_documents(folder, count):
    """`count` pairs of about `SENTENCES` sentences, both sides together; each with a line of its own."""
    beads = []
    for name in ("mac_train", "mac_dev"):
        for document in load_corpus(SHARED / name).documents:
            for source, target in document.gold:
                beads.append(([document.source[i] for i in source], [document.target[j] for j in target]))
    jobs, at = [], 0
    for number in range(count):
        sides, size = ([], []), 0
        while size < SENTENCES:
            source, target = beads[at % len(beads)]
            at += 1
            sides[0].extend(f"{number}{text}" for text in source)
            sides[1].extend(f"{number} {text}" for text in target)
            size += len(source) + len(target)
        paths = [folder / lang / f"d{number:05}.txt" for lang in ("zh", "en")]
        for path, lines in zip(paths, sides, strict=True):
            path.parent.mkdir(exist_ok=True)
            path.write_text("\n".join(lines), encoding="utf-8")
        jobs.append(Job(id=f"d{number:05}", source=paths[0], target=paths[1]))
    return with_ids(jobs, "bench")


def events(folder):
    return [json.loads(line) for line in (folder / "ledger.jsonl").read_text().splitlines()]


def measure(jobs, folder, workers):
    began = time.perf_counter()
    run_batch(jobs, folder, OPTIONS, Settings(workers=workers))
    whole = time.perf_counter() - began
    found = events(folder)
    done = [event for event in found if event["event"] == "done"]
    started = {event["id"]: event["at"] for event in found if event["event"] == "started"}
    # From the first start to the last end: without loading the encoder, which a long run doesn't notice.
    span = max(event["at"] for event in done) - min(started.values())
    sentences, cpu = sum(e["sentences"] for e in done), sum(e["cpu"] for e in done)
    between = sum(event["at"] - started[event["id"]] - event["seconds"] for event in done) / len(done)
    print(
        f"{workers} workers  {len(done)} pairs  {sentences} sentences  {whole:.0f} s, {span:.0f} s without the start"
        f"  {sentences / span:.0f} sentences/s  {sentences / cpu:.0f} a second of processor time"
        f"  {1000 * between:.1f} ms between pairs", flush=True,
    )  # fmt: skip
    return sentences / span, cpu


def place_template(task, tell):
    """Work that costs nothing: the batch's first result under the key of this pair."""
    template = open_savefile(task.output.parents[1] / "template.json")
    write_output(
        task.output, replace(template, extra={"": {BATCH: {"id": task.id, "key": task.key, "doubts": {}}}})
    )
    return {"sentences": SENTENCES, "pairs": 40, "seconds": 0.4, "cpu": 0.4}


def measure_finished(folder, count):
    jobs = write_documents(folder, count)
    run_batch(jobs[:1], folder / "one", OPTIONS, Settings(workers=1), work=align_task)
    (folder / "out").mkdir()
    (folder / "out" / "template.json").write_bytes(
        (folder / "one" / "pairs" / f"{jobs[0].id}.json").read_bytes()
    )
    from bench_batch import place_template as importable  # a worker knows no __main__

    run_batch(jobs, folder / "out", OPTIONS, Settings(workers=2), work=importable)
    began, used = time.perf_counter(), time.process_time()
    standing = run_batch(jobs, folder / "out", OPTIONS, Settings(workers=2), work=importable)
    checked = time.process_time() - used
    write_reports(folder / "out", jobs)
    print(
        f"second run of {standing.before} finished pairs: {time.perf_counter() - began:.1f} s,"
        f" {time.process_time() - used:.1f} s of processor time, {checked:.1f} s of it without the report"
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--finished", type=int)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.finished:
            measure_finished(folder, arguments.finished)
            return
        jobs = write_documents(folder, arguments.pairs)
        speeds = {}
        for workers in arguments.workers:
            speeds[workers] = measure(jobs, folder / f"out{workers}", workers)
        first = min(speeds)
        for workers, (speed, cpu) in speeds.items():
            wall = speed / speeds[first][0] / (workers / first)
            print(
                f"{workers} workers: efficiency {wall:.2f} by the clock, {speeds[first][1] / cpu:.2f} by processor time"
            )


if __name__ == "__main__":
    main()
