"""Feed the project hostile files: `python scripts/fuzz [--count N] [--seed N] [--kills N] [--patterns]` (`make fuzz`).

Sound files of every kind are damaged (`mutate.py`) and read, cleaned, split, checked, opened or read back
(`tasks.py`). Right is: the text is there, each character in a segment or on record, or one line says what is wrong. An
exception of any other kind, over 10 s of computing a megabyte, over 1 GB more than at the beginning, a process that
dies or text that is lost is a fault: its file is kept in `build/fuzz/` and its line printed. Input n of a seed is
always the same.

`--kills` ends running commands at random moments and looks at what they leave; `--patterns` times every regular
expression that a module holds on n, 2n and 4n characters.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kills import kill_runs
from mutate import mutated
from patterns import slow_patterns
from samples import ROOT, Sample, samples
from tasks import TASKS

from aligner.errors import AlignerError

KEPT = ROOT / "build" / "fuzz"
SECONDS_A_MEGABYTE = 10
MORE_MEMORY = 1 << 30  # bytes of address space beside what the process has at its beginning
BATCH = 250  # inputs a process: one that dies costs little
PDF_SHARE = 0.02  # of the inputs; each starts a process of its own


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--count", type=int, default=2_000, metavar="N", help="damaged files to read [%(default)s]"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the damage [%(default)s]")
    parser.add_argument(
        "--first", type=int, default=0, metavar="N", help="number of the first input [%(default)s]"
    )
    parser.add_argument("--kills", type=int, default=0, metavar="N", help="runs to kill [%(default)s]")
    parser.add_argument("--patterns", action="store_true", help="time the regular expressions")
    options = parser.parse_args()
    faults = run_campaign(range(options.first, options.first + options.count), options.seed)
    moments = f"{options.seed} {options.first}"  # parts of a campaign kill at moments of their own
    faults += [f"killed run: {fault}" for fault in kill_runs(options.kills, moments)]
    faults += [f"slow pattern: {fault}" for fault in (slow_patterns() if options.patterns else ())]
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{options.count} damaged files, {options.kills} killed runs, {len(faults)} faults")
    return 1 if faults else 0


def run_campaign(numbers: range, seed: int) -> list[str]:
    """The faults, a line each."""
    context = multiprocessing.get_context(
        "fork"
    )  # what is imported already need not be imported by each process
    faults: list[str] = []
    counts: Counter[str] = Counter()
    began = time.monotonic()
    waiting = [
        range(first, min(first + BATCH, numbers.stop)) for first in range(numbers.start, numbers.stop, BATCH)
    ]
    with tempfile.TemporaryDirectory() as folder:
        sound = samples(Path(folder))
        while waiting:
            batch = waiting.pop()
            journal = Path(folder) / "journal"
            journal.write_text("")
            process = context.Process(target=read_batch, args=(batch, seed, sound, journal))
            process.start()
            for row in follow(process, journal):
                counts[row["outcome"]] += 1
                if row["outcome"] == "fault":
                    faults.append(keep(row, seed, sound))
            done = json.loads((journal.read_text().splitlines() or ["{}"])[-1]).get("number", batch.start - 1)
            if process.exitcode:
                row = {"number": done + 1, "told": f"the process died ({process.exitcode}) or took too long"}
                faults.append(keep(row, seed, sound))
                waiting.append(range(done + 2, batch.stop))
            told = " · ".join(f"{count:,} {outcome}" for outcome, count in counts.most_common())
            print(
                f"{told} · {sum(counts.values()) / (time.monotonic() - began):.0f} a second", file=sys.stderr
            )
    return faults


def follow(process: multiprocessing.process.BaseProcess, journal: Path) -> Iterator[dict[str, object]]:
    """Rows of the journal; ends a process that has added none for too long."""
    read, last = 0, time.monotonic()
    while True:
        alive = process.is_alive()
        lines = journal.read_text(encoding="utf-8").split("\n")[:-1]
        for line in lines[read:]:
            yield json.loads(line)
        if len(lines) > read:
            read, last = len(lines), time.monotonic()
        if not alive:
            return
        if time.monotonic() - last > 60 * SECONDS_A_MEGABYTE:  # its own alarm did not wake it
            process.kill()
        process.join(0.2)


def input_of(number: int, seed: int, sound: list[Sample]) -> tuple[Sample, bytes]:
    draw = random.Random(f"{seed} {number}")
    wanted = draw.random() < PDF_SHARE
    sample = draw.choice([each for each in sound if (each.task == "pdf") == wanted])
    return sample, mutated(sample.data, draw, [each.data for each in sound])


def read_batch(numbers: range, seed: int, sound: list[Sample], journal: Path) -> None:
    # The pages of this process are mapped already: what counts is what an input makes it take.
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MORE_MEMORY, taken + MORE_MEMORY))
    signal.signal(signal.SIGPROF, too_slow)
    sys.stderr = sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - to the end of the process
    with tempfile.TemporaryDirectory() as folder, journal.open("a", encoding="utf-8") as file:
        for number in numbers:
            row = {"number": number, **outcome_of(*input_of(number, seed, sound), Path(folder))}
            print(json.dumps(row), file=file, flush=True)


def outcome_of(sample: Sample, data: bytes, folder: Path) -> dict[str, object]:
    path = folder / f"input{sample.suffix}"
    path.write_bytes(data)
    signal.setitimer(signal.ITIMER_PROF, SECONDS_A_MEGABYTE * (1 + len(data) // 1_000_000))  # of computing
    try:
        TASKS[sample.task](path)
    except AlignerError as error:
        if "\n" in str(error) or not str(error):
            return {"outcome": "fault", "told": f"not one line: {error!r}"}
        return {"outcome": "refused"}
    except BaseException as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return {
            "outcome": "fault",
            "told": f"{type(error).__name__}: {error} at {frame.filename}:{frame.lineno}"[:500],
        }
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return {"outcome": "read"}


def too_slow(*_: object) -> None:
    raise TimeoutError(f"over {SECONDS_A_MEGABYTE} s of computing a megabyte")


def keep(row: dict[str, object], seed: int, sound: list[Sample]) -> str:
    number = int(str(row["number"]))
    sample, data = input_of(number, seed, sound)
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{seed}-{number}-{sample.name}"
    path.write_bytes(data)
    return f"{path.relative_to(ROOT)} ({sample.task}): {row['told']}"


if __name__ == "__main__":
    if shutil.which("true") is None or not Path("/proc/self/statm").exists():
        sys.exit("the campaign needs Linux: it forks, and limits memory")
    sys.exit(main())
