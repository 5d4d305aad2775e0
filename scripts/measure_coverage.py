"""Say how much of each room the tests reach: `make coverage`, or `python scripts/measure_coverage.py [DATA …]`.

DATA are files of coverage.py (default: `.coverage` here). Branches are what is held: in the rooms of `HELD` at least 95
of 100 must have been taken, else the code is 1. Child processes are counted, too (`[tool.coverage.run]`).
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

from coverage import Coverage
from coverage.results import Numbers

ROOT = Path(__file__).resolve().parents[1]
HELD, LEAST = ("engine", "review", "cli"), 95.0


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "aligner").parts[0].removesuffix(".py")


def measured(data: list[Path]) -> Coverage:
    """All of `data` together, the files kept."""
    cov = Coverage(data_file=None, config_file=str(ROOT / "pyproject.toml"))
    cov.combine([str(path) for path in data], strict=True, keep=True)
    return cov


def share(numbers: Numbers) -> float:
    return 100.0 * numbers.n_executed_branches / numbers.n_branches if numbers.n_branches else 100.0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", nargs="*", type=Path, default=[ROOT / ".coverage"])
    parser.add_argument(
        "--missing", metavar="ROOM", help="list the lines and branches of ROOM that no test reaches"
    )
    options = parser.parse_args()
    cov = measured(options.data)
    rooms: dict[str, Numbers] = defaultdict(Numbers)
    for path in sorted((ROOT / "aligner").rglob("*.py")):
        analysis = cov._analyze(str(path))
        rooms[room_of(path)] += analysis.numbers
        if options.missing == room_of(path) and (missing := analysis.missing_formatted(branches=True)):
            print(f"{path.relative_to(ROOT)}: {missing}")
    print(f"{'room':<12}{'branches':>9}{'taken':>8}{'lines':>9}")
    for room, numbers in sorted(rooms.items()):
        lines = 100.0 * numbers.n_executed / numbers.n_statements if numbers.n_statements else 100.0
        print(f"{room:<12}{numbers.n_branches:>9,}{share(numbers):>7.1f}%{lines:>8.1f}%")
    short = [room for room in HELD if share(rooms[room]) < LEAST]
    if short:
        print(f"under {LEAST:g} % of the branches: {', '.join(short)}", file=sys.stderr)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
