"""Does a test fail when a line is wrong? `python scripts/mutants.py [--count 400] [--workers 2]` (`make mutants`).

Draws a sample of small faults (cosmic-ray's operators: a comparison turned, a number one off, a term's sign, a loop
that never runs …) in the rooms below, puts each into a copy of the project and runs on it those tests of its room
that run its line. A fault is caught where a test fails or takes too long. The rest is printed with its line; those
that behave the same for every input stand in `scripts/equivalent_mutants.tsv`, each with its reason, and are not
counted. What has been tried is kept in `build/mutants.jsonl`: a run that is interrupted goes on where it was;
`--again` tries those that no test caught once more, after a test was written.

Needs the extra [mutants] and `os.fork`. Before a release, not in every check.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from draw_mutants import Mutant, change_of, draw, lines_of_statement, mutated, named_lines
from forked_tests import Functions, change_functions, enter, failing_test, forget_modules, live_functions
from tests_of_lines import Measured, measure

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "mutants"
TRIED = ROOT / "build" / "mutants.jsonl"
EQUIVALENT = ROOT / "scripts" / "equivalent_mutants.tsv"
COPIED = ("aligner", "tests", "scripts", "seeds", "docs", "pyproject.toml", "README.md")
LEAST_CAUGHT = 0.9
MOST_SECONDS = 6.0  # of computing for the tests of one fault, the shortest first
SLOWER = 5  # times as long as without the fault, and half a minute more, is too long

# The tests of a room; those of `SLOW` are measured and run only for a fault that no other catches.
ENGINE = ("engine_values", "passes", "features", "lattice", "align", "quotations", "pipeline", "moved", "evidence",
          "halves", "seeds")  # fmt: skip
REVIEW = (
    "review_values", "operations_golden", "review_proposals", "review_operations", "review_journal", "review_queue",
    "review_reading", "review_answers", "review_rows", "review_by_table", "doubts", "doubts_golden", "doubtful",
    "carry", "keep", "bitext", "moved", "review_beside", "hostile_tables", "review_learning", "review_server",
    "review_realign", "export_readback", "corpus_release",
)  # fmt: skip
LEXICON = ("engine_values", "glossary_places", "lexicon", "features", "doubts", "terms", "align", "languages")
SLOW = {"evidence", "halves", "seeds", "terms", "languages", "hostile_tables", "review_learning", "review_beside",
        "review_server", "review_realign", "export_readback", "corpus_release", "cli", "check"}  # fmt: skip
TESTS: dict[str, tuple[str, ...]] = {
    "engine": ENGINE,
    "gather": ENGINE,
    "lexicon": LEXICON,
    "review": REVIEW,
    "cli/preflight": ("cli", "cli_face", "export", "keep", "check"),
}
Row = dict[str, str | int | float]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=400, metavar="N", help="faults to draw [%(default)s]")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the draw [%(default)s]")
    parser.add_argument(
        "--workers", type=int, default=2, metavar="N", help="test runs at a time [%(default)s]"
    )
    parser.add_argument(
        "--only", default="", metavar="PART", help="of a file's path: try those of such files"
    )
    parser.add_argument("--minutes", type=float, default=1e9, metavar="N", help="begin nothing after them")
    parser.add_argument("--again", action="store_true", help="try those again that no test caught")
    parser.add_argument("--quick", action="store_true", help="leave out the slow test files: less is caught")
    options = parser.parse_args()
    if options.quick:
        for room, names in TESTS.items():
            TESTS[room] = tuple(name for name in names if name not in SLOW)
    mutants, tried = draw(TESTS, options.count, options.seed), read_tried()
    waiting = [
        mutant
        for mutant in mutants
        if (mutant.name not in tried or (options.again and not tried[mutant.name]["caught"]))
        and options.only in mutant.path
    ]
    try_all(waiting, options.workers, time.monotonic() + 60 * options.minutes)
    return report(mutants, read_tried())


def room_of(path: str) -> str:
    return next(room for room in TESTS if path.startswith(f"aligner/{room}"))


def read_tried() -> dict[str, Row]:
    if not TRIED.exists():
        return {}
    rows = (json.loads(line) for line in TRIED.read_text(encoding="utf-8").splitlines())
    return {row["name"]: row for row in rows}


def try_all(waiting: Sequence[Mutant], workers: int, until: float) -> None:
    """Each worker is a process with its own copy of the project; all write to one journal, a line at a time."""
    children = []
    for number in range(min(workers, len(waiting))):
        tree = BUILD / f"{os.getpid()}-{number}"
        child = os.fork()
        if not child:
            status = 1
            try:
                try_some(copy_of_project(tree), waiting[number::workers], until)
                status = 0
            except SystemExit as error:
                print(error, file=sys.stderr)
            finally:
                sys.stderr.flush()
                os._exit(status)
        children.append((child, tree))
    ends = []
    for child, tree in children:
        ends.append(os.waitpid(child, 0)[1])
        shutil.rmtree(tree, ignore_errors=True)
    if any(ends):
        raise SystemExit("a worker did not come to its end")


def copy_of_project(tree: Path) -> Path:
    tree.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree / name)
    (tree / "models").symlink_to(ROOT / "models")
    return tree


def try_some(tree: Path, waiting: Sequence[Mutant], until: float) -> None:
    since = {name: float(row["at"]) for name, row in read_tried().items()}
    quick = {file for names in TESTS.values() for file in files_of(names) if file not in files_of(SLOW)}
    enter(tree, sorted(quick))
    live, known = live_functions(tree), Measured({}, {})
    for mutant in waiting:
        if time.monotonic() > until:
            return
        row = try_one(mutant, tree, live, known, since.get(mutant.name, 0))
        with TRIED.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(f"{row['caught'] or 'NOT CAUGHT'}: {mutant.path}:{mutant.line}", file=sys.stderr, flush=True)


def files_of(names: Iterable[str]) -> list[str]:
    return [f"tests/test_{name}.py" for name in names]


def try_one(mutant: Mutant, tree: Path, live: Functions, known: Measured, since: float) -> Row:
    """Of tests that it was tried with, only files changed `since` then are run again."""
    right = (tree / mutant.path).read_text(encoding="utf-8")
    wrong = mutated(right, mutant)
    names = TESTS[room_of(mutant.path)]
    caught = ""
    for slow in (False, True):
        files = [file for file in files_of(name for name in names if (name in SLOW) == slow)
                 if (tree / file).stat().st_mtime > since]  # fmt: skip
        if not caught:
            measure(tree, files, TESTS, BUILD / "lines", known)
            caught = failure(mutant, tree, live, known, (right, wrong, files))
    return {"name": mutant.name, "path": mutant.path, "line": mutant.line, "caught": caught, "at": time.time(),
            "place": mutant.place, "change": change_of(right, wrong)}  # fmt: skip


def failure(
    mutant: Mutant, tree: Path, live: Functions, known: Measured, how: tuple[str, str, list[str]]
) -> str:
    """The first test of some files that fails on the fault; empty where none does."""
    right, wrong, files = how
    path, names = tree / mutant.path, named_lines(right)
    lines = [names[n - 1] for n in lines_of_statement(right, mutant.line)]
    found = known.of_lines(mutant.path, lines) if not mutant.place.startswith(":") else []
    reaching = [test for test in found or known.of_file(mutant.path) if test.partition("::")[0] in files]
    tests, seconds = affordable(reaching, known)

    def prepare() -> None:
        if not found or not change_functions(path, wrong, live):
            forget_modules(tree)

    path.write_text(wrong, encoding="utf-8")
    try:
        return failing_test(tree, tests, 30 + SLOWER * seconds, prepare) if tests else ""
    finally:
        path.write_text(right, encoding="utf-8")


def affordable(tests: Sequence[str], measured: Measured) -> tuple[list[str], float]:
    chosen, spent = list[str](), 0.0
    for test in tests:
        spent += measured.seconds.get(test, 0.0)
        if chosen and spent > MOST_SECONDS:
            break
        chosen.append(test)
    return chosen, spent


def report(mutants: Sequence[Mutant], tried: dict[str, Row]) -> int:
    with EQUIVALENT.open(encoding="utf-8", newline="") as file:
        reasons = {
            (row["path"], row["place"], row["change"]): row["why"]
            for row in csv.DictReader(file, delimiter="\t")
        }
    counts: dict[str, Counter[str]] = {}
    for mutant in mutants:
        row = tried.get(mutant.name)
        verdict = "untried" if row is None else "caught" if row["caught"] else "left"
        if row and verdict == "left" and (mutant.path, row["place"], row["change"]) in reasons:
            verdict = "equivalent"
        elif row and verdict == "left":
            print(f"{mutant.path}:{mutant.line}: {row['change']}")
        for room in (room_of(mutant.path), "all"):
            counts.setdefault(room, Counter())[verdict] += 1
    print(f"{'room':15}{'faults':>8}{'caught':>8}{'equivalent':>12}{'left':>6}{'untried':>9}{'share':>8}")
    for room in (*TESTS, "all"):
        count = counts.get(room, Counter())
        share = count["caught"] / max(count["caught"] + count["left"], 1)
        print(f"{room:15}{count.total():8}{count['caught']:8}{count['equivalent']:12}{count['left']:6}"
              f"{count['untried']:9}{share:8.1%}")  # fmt: skip
    whole = counts["all"]
    share = whole["caught"] / max(whole["caught"] + whole["left"], 1)
    return 0 if share >= LEAST_CAUGHT and not whole["untried"] else 1


if __name__ == "__main__":
    sys.exit(main())
