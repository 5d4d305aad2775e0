"""Measure how the package is built: `python scripts/measure_structure.py [FOLDER …]`, one column a folder.

A FOLDER is a checkout (default: this one). Rooms are the names at the first level of `aligner/`. An arrow leads from a
room to one it imports; a climb is an arrow to a room that stands above the importer: with arrows one way there is an
order of rooms without any, and the least number of arrows against the best order found is what is printed.
"""

from __future__ import annotations

import argparse
import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

LONGEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS = 400, 40, 6


def measure(folder: Path) -> dict[str, str]:
    package = folder / "aligner"
    files = sorted(package.rglob("*.py"))
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    functions = [(path, node) for path, tree in trees.items() for node in ast.walk(tree)
                 if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]  # fmt: skip
    sizes = {f"{name_of(path, package)}:{node.name}": lines_of(node) for path, node in functions}
    widths = {f"{name_of(path, package)}:{node.name}": parameters_of(node) for path, node in functions}
    outside = {name: width for name, width in widths.items() if not name.startswith(("cli/", "cli."))}
    arrows = arrows_of(package, trees)
    rooms = {room_of(path, package) for path in files} - {"__init__", "__main__"}
    return {
        "rooms at the first level": str(len(rooms)),
        "arrows between rooms": str(len(arrows)),
        "climbs": str(climbs(rooms, arrows)),
        "files": str(len(files)),
        "lines": f"{sum(lengths.values()):,}",
        f"files over {LONGEST_FILE} lines": str(sum(n > LONGEST_FILE for n in lengths.values())),
        "longest file": longest({name_of(path, package): n for path, n in lengths.items()}),
        "functions": f"{len(functions):,}",
        "median function, lines": f"{statistics.median(lines_of(node) for _, node in functions):g}",
        f"functions over {LONGEST_FUNCTION} lines": str(sum(n > LONGEST_FUNCTION for n in sizes.values())),
        "longest function": longest(sizes),
        f"over {MOST_PARAMETERS} parameters, outside the command line": str(
            sum(n > MOST_PARAMETERS for n in outside.values())
        ),
        "most parameters, outside the command line": longest(outside),
    }


def name_of(path: Path, package: Path) -> str:
    return path.relative_to(package).as_posix()


def room_of(path: Path, package: Path) -> str:
    return path.relative_to(package).parts[0].removesuffix(".py")


def longest(sizes: dict[str, int]) -> str:
    name = max(sizes, key=lambda key: sizes[key])
    return f"{sizes[name]} (`{name}`)"


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From `def` to the last line, the docstring left out."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def parameters_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    arguments = function.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def arrows_of(package: Path, trees: dict[Path, ast.Module]) -> set[tuple[str, str]]:
    """Pairs of rooms, importer and imported; what `__init__` and `__main__` import is the face, not the house."""
    found = set()
    for path, tree in trees.items():
        own = room_of(path, package)
        for name in imported(tree):
            other = name.split(".")[1] if name.startswith("aligner.") else own
            exists = (package / other).is_dir() or (package / f"{other}.py").is_file()
            if exists and other != own and own not in ("__init__", "__main__"):
                found.add((own, other))
    return found


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def climbs(rooms: set[str], arrows: set[tuple[str, str]]) -> int:
    """Arrows against the order that takes, again and again, the room with the fewest imports still untaken."""
    left, against = set(rooms), 0
    while left:
        waiting = {room: sum(a == room and b in left for a, b in arrows) for room in left}
        lowest = min(sorted(left), key=lambda room: waiting[room])
        against += waiting[lowest]
        left.discard(lowest)
    return against


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, default=[Path(__file__).resolve().parents[1]])
    folders = parser.parse_args().folders
    columns = [measure(folder) for folder in folders]
    print("| | " + " | ".join(folder.resolve().name for folder in folders) + " |")
    print("|---" * (len(folders) + 1) + "|")
    for name in columns[0]:
        print(f"| {name} | " + " | ".join(column[name] for column in columns) + " |")


if __name__ == "__main__":
    main()
