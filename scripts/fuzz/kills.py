"""Commands that are killed (`kill -9`) at random moments: what they leave is whole, and the next run goes through."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from samples import ROOT, make

from aligner.bitext import Alignment
from aligner.errors import AlignerError
from aligner.export import write
from aligner.export.from_units import load_units
from aligner.export.savefile import backup_of, load

_TIMES = 12  # the two texts, so that a run takes longer than it takes to start


def kill_runs(count: int, seed: str) -> Iterator[str]:
    """A line for each thing that was left broken."""
    if not count:
        return
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make.make_txt(make.CHINESE * _TIMES, folder / "zh.txt")
        make.make_txt(make.ENGLISH * _TIMES, folder / "en.txt")
        whole = seconds_of(run(folder))
        confirm_first(folder / "review.json")
        for number in range(count):
            process = run(folder)
            time.sleep(draw.random() * whole)
            process.kill()
            process.wait()
            yield from (f"{number}: {fault}" for fault in left_broken(folder))
        for left in folder.glob(".*.part"):
            os.utime(left, (0, 0))  # one that is a moment old may be of a run that goes on, and stays
        if run(folder).wait():
            yield "the run after the last one that was killed did not go through"
        yield from (f"{path.name} was never removed" for path in folder.glob("*.part*"))


def run(folder: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "aligner",
        "zh.txt",
        "en.txt",
        "--quiet",
        "-o",
        "review.json",
        "-o",
        "memory.tmx",
    ]
    if (folder / "review.json").exists():
        command += ["--keep", "review.json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "ALIGNER_CACHE": str(folder / "cache")}
    return subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)


def seconds_of(process: subprocess.Popen[bytes]) -> float:
    start = time.monotonic()
    if process.wait():
        raise SystemExit("the command fails without being killed")
    return time.monotonic() - start


def confirm_first(path: Path) -> None:
    alignment = load(path)
    first, *rest = alignment.beads
    confirmed = replace(alignment, beads=(replace(first, status="confirmed"), *rest))
    write([confirmed], path)
    backup_of(path).unlink()  # of what nobody had looked at


def left_broken(folder: Path) -> Iterator[str]:
    """What of the outputs can't be read, or has lost the review."""
    for name in ("review.json", "review.json.bak", "memory.tmx"):
        path = folder / name
        if not path.exists():
            if name != "review.json.bak":
                yield f"{name} is gone"
            continue
        try:
            alignment = read(path)
        except AlignerError as error:
            yield str(error)
            continue
        if name != "memory.tmx" and not any(bead.status == "confirmed" for bead in alignment.beads):
            yield f"{name}: the review is lost"


def read(path: Path) -> Alignment:
    return load_units(path) if path.suffix == ".tmx" else load(path)
