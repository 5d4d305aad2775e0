"""Does a test fail when a line is wrong? `python scripts/mutants.py [--count 400] [--workers 2]` (`make mutants`).

Draws a sample of small faults (cosmic-ray's operators: a comparison turned, a number one off, a term's sign, a loop
that never runs …) in the rooms below, puts each into a copy of the project and runs the tests of its room on it. A
fault is caught where a test fails or takes too long. The rest is printed with its line; those that change nothing that
can be seen stand in `scripts/equivalent_mutants.tsv`, each with its reason. What has been tried is kept in
`build/mutants.jsonl`: a run that is interrupted goes on where it was; `--again` tries those that no test caught once
more, after a test was written.

Needs the extra [mutants]. Before a release, not in every check: 400 faults take about an hour on two cores.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "mutants"
TRIED = ROOT / "build" / "mutants.jsonl"
EQUIVALENT = ROOT / "scripts" / "equivalent_mutants.tsv"
COPIED = ("aligner", "tests", "scripts", "seeds", "docs", "pyproject.toml", "README.md")
LEAST_CAUGHT = 0.9
SECONDS = 300  # a test run of one room takes seconds; a fault that makes it endless is caught by then

# The tests of a room, those first that are done soonest.
ENGINE = ("features", "lattice", "evidence", "align", "halves", "quotations", "pipeline", "seeds")
REVIEW = ("review_operations", "review_journal", "doubts", "doubts_golden", "carry", "keep", "bitext", "review_server",
          "review_realign", "export_readback", "corpus_release")  # fmt: skip
TESTS = {
    "engine": ENGINE,
    "gather": ENGINE,
    "lexicon": ("lexicon", "features", "doubts", "terms", "align", "languages"),
    "review": REVIEW,
    "cli/preflight": ("cli", "export", "keep", "check"),
}
SWAPS = {
    "Add": "Sub", "Sub": "Add", "Mul": "Div", "Div": "Mul", "FloorDiv": "Mul", "Mod": "FloorDiv", "Pow": "Mul",
    "BitAnd": "BitOr", "BitOr": "BitAnd", "BitXor": "BitOr", "LShift": "RShift", "RShift": "LShift",
}  # fmt: skip
COMPARISONS = {"Eq": ("NotEq",), "NotEq": ("Eq",), "Lt": ("LtE", "Gt"), "LtE": ("Lt", "GtE"), "Gt": ("GtE", "Lt"),
               "GtE": ("Gt", "LtE"), "Is": ("IsNot",), "IsNot": ("Is",)}  # fmt: skip
OPERATORS = (
    "AddNot", "NumberReplacer", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak", "ReplaceFalseWithTrue", "ReplaceTrueWithFalse", "ZeroIterationForLoop",
    "ExceptionReplacer", "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub",
    "ReplaceUnaryOperator_Delete_Invert",
    *(f"ReplaceBinaryOperator_{a}_{b}" for a, b in SWAPS.items()),
    *(f"ReplaceComparisonOperator_{a}_{b}" for a, bs in COMPARISONS.items() for b in bs),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    path: str
    operator: str
    occurrence: int
    line: int

    @property
    def name(self) -> str:
        return f"{self.path}:{self.operator}:{self.occurrence}"

    @property
    def room(self) -> str:
        return next(room for room in TESTS if self.path.startswith(f"aligner/{room}"))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=400, metavar="N", help="faults to draw [%(default)s]")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the draw [%(default)s]")
    parser.add_argument(
        "--workers", type=int, default=2, metavar="N", help="test runs at a time [%(default)s]"
    )
    parser.add_argument("--again", action="store_true", help="try those again that no test caught")
    options = parser.parse_args()
    mutants = sample(options.count, options.seed)
    tried = read_tried()
    waiting = [m for m in mutants if m.name not in tried or (options.again and not tried[m.name]["caught"])]
    try_all(waiting, options.workers, tried)
    return report([tried[m.name] for m in mutants])


def sample(count: int, seed: int) -> list[Mutant]:
    """Faults drawn from all places of the rooms alike; at a place that has several, one of them."""
    places: dict[tuple[str, int, int], list[Mutant]] = {}
    for room in TESTS:
        target = ROOT / "aligner" / room
        for path in sorted(target.rglob("*.py")) if target.is_dir() else [target.with_suffix(".py")]:
            for place, mutant in mutants_of(path):
                places.setdefault((mutant.path, *place), []).append(mutant)
    chosen = sorted(places, key=lambda place: drawn(seed, place))[:count]
    return [min(places[place], key=lambda mutant: drawn(seed, mutant.name)) for place in chosen]


def drawn(seed: int, what: object) -> bytes:
    """A random number that stays the same where other places come and go."""
    return hashlib.sha1(f"{seed} {what}".encode()).digest()


def mutants_of(path: Path) -> Iterator[tuple[tuple[int, int], Mutant]]:
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator

    source = path.read_text(encoding="utf-8")
    dull, nodes = list(unseen_ranges(ast.parse(source))), list(ast_nodes(get_ast(source)))
    for name in OPERATORS:
        operator, occurrence = get_operator(f"core/{name}")(), -1
        for start, _ in (position for node in nodes for position in operator.mutation_positions(node)):
            occurrence += 1
            if not any(first <= start < last for first, last in dull):
                yield start, Mutant(path.relative_to(ROOT).as_posix(), name, occurrence, start[0])


def unseen_ranges(tree: ast.Module) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where a fault changes nothing when the program runs: annotations, decorators, names given out, `*` in a
    list of parameters, the guard of a `zip`."""
    for node in ast.walk(tree):
        parts: list[ast.expr | None] = []
        if isinstance(node, ast.arg | ast.AnnAssign):
            parts.append(node.annotation)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts += [node.returns, *node.decorator_list]
            yield (node.lineno, node.col_offset), (node.body[0].lineno, 0)
        if isinstance(node, ast.ClassDef):
            parts += node.decorator_list
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"TypeVar", "cast", "field"}:
            parts.append(node)
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "").endswith("__") for t in node.targets):
            parts.append(node.value)
        if isinstance(node, ast.keyword) and node.arg == "strict":
            parts.append(node.value)
        for part in parts:
            if part is not None:
                yield (part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0)


def read_tried() -> dict[str, dict[str, object]]:
    if not TRIED.exists():
        return {}
    rows = (json.loads(line) for line in TRIED.read_text(encoding="utf-8").splitlines())
    return {row["name"]: row for row in rows}


def try_all(waiting: list[Mutant], workers: int, tried: dict[str, dict[str, object]]) -> None:
    trees: Queue[Path] = Queue()
    for number in range(workers):
        trees.put(copy_of_project(BUILD / str(number)))
    right = BUILD / "0"
    for room in sorted({mutant.room for mutant in waiting}):
        if failed := tests_fail(right, room):
            raise SystemExit(f"{failed} fails without any fault: mend it first")
    TRIED.parent.mkdir(exist_ok=True)
    with TRIED.open("a", encoding="utf-8") as journal, ThreadPoolExecutor(workers) as pool:
        for done, row in enumerate(pool.map(lambda mutant: try_one(mutant, trees), waiting), 1):
            tried[str(row["name"])] = row
            print(json.dumps(row, ensure_ascii=False), file=journal, flush=True)
            print(
                f"{done}/{len(waiting)} {'caught' if row['caught'] else 'NOT CAUGHT'} {row['name']}",
                file=sys.stderr,
            )


def copy_of_project(tree: Path) -> Path:
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree / name)
    (tree / "models").symlink_to(ROOT / "models")
    return tree


def try_one(mutant: Mutant, trees: Queue[Path]) -> dict[str, object]:
    tree = trees.get()
    path = tree / mutant.path
    right = (ROOT / mutant.path).read_text(encoding="utf-8")
    wrong = mutated(right, mutant)
    try:
        path.write_text(wrong, encoding="utf-8")
        caught = tests_fail(tree, mutant.room)
    finally:
        path.write_text(right, encoding="utf-8")
        trees.put(tree)
    return {"name": mutant.name, "path": mutant.path, "line": mutant.line, "room": mutant.room, "caught": caught,
            "change": change_of(right, wrong)}  # fmt: skip


def mutated(source: str, mutant: Mutant) -> str:
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    wrong = mutate_code(source, get_operator(f"core/{mutant.operator}")(), mutant.occurrence)
    if not wrong or wrong == source:
        raise SystemExit(f"{mutant.name}: no such place; delete {TRIED} after the code has changed")
    return str(wrong)


def change_of(right: str, wrong: str) -> str:
    lines = difflib.unified_diff(right.splitlines(), wrong.splitlines(), lineterm="", n=0)
    kept = [line for line in lines if line[:1] in "-+" and not line.startswith(("---", "+++"))]
    return " ".join(" ".join(line.split()) for line in kept)


def tests_fail(tree: Path, room: str) -> str:
    """The test files that failed ("time" where they took too long), empty where none did."""
    environment = os.environ | {
        "PYTHONPATH": str(tree),
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    files = [f"tests/test_{name}.py" for name in TESTS[room]]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-m",
        "not heavy",
        "-p",
        "no:cacheprovider",
        *files,
    ]
    try:
        run = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=SECONDS,
                             errors="replace", check=False)  # fmt: skip
    except subprocess.TimeoutExpired:
        return "time"
    if run.returncode == 0:
        return ""
    failed = [line.split(" ")[1] for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0] if failed else f"exit {run.returncode}"


def report(rows: list[dict[str, object]]) -> int:
    reasons = dict(line.split("\t") for line in EQUIVALENT.read_text(encoding="utf-8").splitlines())
    left = [row for row in rows if not row["caught"]]
    for row in left:
        change = str(row["change"])
        print(f"{row['path']}:{row['line']}: {change}  [{reasons.get(change, 'NOT CAUGHT')}]")
    for room in TESTS:
        of_room = [row for row in rows if row["room"] == room]
        print(f"{room}: {sum(bool(row['caught']) for row in of_room)} of {len(of_room)} caught")
    share = 1 - len(left) / max(len(rows), 1)
    print(f"{len(rows) - len(left)} of {len(rows)} caught: {share:.1%}")
    return 0 if share >= LEAST_CAUGHT else 1


if __name__ == "__main__":
    sys.exit(main())
