"""Hold the quality floors in `floors.json`: a figure below its floor fails, so that it falls only on purpose.

A floor names its corpus and the corpus' hash, the quality, a figure of `scripts/evaluate.py --json` by its
path (`strict.f1`) and the `floor` it may not fall below, or the `ceiling` it may not pass. Corpora that are
not on this machine are skipped and named. `--raise` moves floors and ceilings to what was measured, never the
other way.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from itertools import groupby
from pathlib import Path

from corpora import SHARED, load_corpus
from evaluate import evaluate_corpus

from aligner.errors import MissingExtra
from aligner.evaluation.report import as_dict
from aligner.options import Options

FLOORS = Path(__file__).with_name("floors.json")
SEEDS = Path(__file__).resolve().parents[1] / "seeds" / "gold"
DIGITS = 3  # a raised floor is what was measured, rounded down to so many digits


def figure(report: dict, path: str) -> float:
    """The number at a dotted path, `calibration.errors_among_least_sure.10%`."""
    for key in path.split("."):
        report = report[key]
    return float(report)


def hold(floor: dict, value: float) -> bool:
    """Print one floor and what was measured; whether it holds."""
    kind = "floor" if "floor" in floor else "ceiling"
    holds = value >= floor["floor"] if kind == "floor" else value <= floor["ceiling"]
    verdict = "ok  " if holds else "FELL"
    print(
        f"{verdict} {floor['corpus']} {floor['quality']} {floor['metric']} {value:.4f} ({kind} {floor[kind]})"
    )
    return holds


def raise_floor(floor: dict, value: float) -> None:
    scale = 10**DIGITS
    if "floor" in floor:
        floor["floor"] = max(floor["floor"], math.floor(value * scale) / scale)
    else:
        floor["ceiling"] = min(floor["ceiling"], math.ceil(value * scale) / scale)


def measure(name: str, quality: str, hashes: set[str]) -> dict | str:
    """The report of one corpus, or why there is none."""
    folder = SEEDS if name == "seeds" else SHARED / name
    if not folder.is_dir():
        return f"skip {name} {quality}: {folder} is absent"
    corpus = load_corpus(folder)
    if hashes != {corpus.hash}:
        return f"FELL {name}: the corpus changed, its hash is {corpus.hash}; measure anew and set its floors"
    try:
        scores, signature = evaluate_corpus(corpus, Options(quality=quality))
    except MissingExtra as error:
        return f"skip {name} {quality}: {error}"
    print(f"     {name} {quality}: {signature}", flush=True)
    return as_dict(scores)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--raise", action="store_true", dest="lift", help="write what was measured as the new floors"
    )
    parser.add_argument("--only", metavar="CORPUS", help="this corpus only")
    arguments = parser.parse_args()
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    chosen = [floor for floor in floors if arguments.only in (None, floor["corpus"])]
    fell = 0
    for (name, quality), group in groupby(chosen, key=lambda floor: (floor["corpus"], floor["quality"])):
        held = list(group)
        report = measure(name, quality, {floor["hash"] for floor in held})
        if isinstance(report, str):
            print(report)
            fell += report.startswith("FELL")
            continue
        for floor in held:
            value = figure(report, floor["metric"])
            fell += not hold(floor, value)
            if arguments.lift:
                raise_floor(floor, value)
    if arguments.lift:
        rows = ",\n".join(" " + json.dumps(floor) for floor in floors)
        FLOORS.write_text(f"[\n{rows}\n]\n", encoding="utf-8")
    print(f"gate: {len(chosen)} floors, {fell} fell")
    return 1 if fell else 0


if __name__ == "__main__":
    sys.exit(main())
