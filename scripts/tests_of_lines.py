"""Which tests run a line? Measured by coverage, in the tests' own process and in those that they start.

Each test file is measured by itself, and its answer kept until it changes. A line is named by its function and its
words, so that the answer holds where other lines change; for a line that is new the tests of its function count.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import coverage
import pytest
from draw_mutants import named_lines
from forked_tests import QUIET, forked

SECONDS = 600  # of computing; the slowest file takes one minute
# Processes that a test starts are measured too: the name of the test is in their environment.
STARTED = """import os
if "PYTEST_CURRENT_TEST" in os.environ and "COVERAGE_PROCESS_START" in os.environ:
    import coverage
    coverage.process_startup()
"""
CONFIG = """[run]
data_file = {data}
parallel = true
include =
{include}
context = ${{PYTEST_CURRENT_TEST-}}
sigterm = true
"""
ENDING = re.compile(r" \((setup|call|teardown)\)$")


@dataclass(frozen=True, slots=True)
class Measured:
    """Of (path in the project, name of a line) the tests that run it; of each test its seconds of computing."""

    tests: dict[tuple[str, str], set[str]]
    seconds: dict[str, float]
    files: set[str] = field(default_factory=set)

    def of_lines(self, path: str, lines: Iterable[str]) -> list[str]:
        """Tests that run one of the lines, else those of its function, shortest first."""
        known = [(path, line) for line in lines]
        if not any(each in self.tests for each in known):
            functions = {line.partition(":")[0] for _, line in known} - {""}
            known = [
                each for each in self.tests if each[0] == path and each[1].partition(":")[0] in functions
            ]
        return self._shortest_first({test for each in known for test in self.tests.get(each, ())})

    def of_file(self, path: str) -> list[str]:
        """Tests that run something of the file, shortest first."""
        return self._shortest_first(
            {test for each, tests in self.tests.items() if each[0] == path for test in tests}
        )

    def _shortest_first(self, tests: Iterable[str]) -> list[str]:
        return sorted(tests, key=lambda test: (self.seconds.get(test, 0.0), test))


class Contexts:
    """Tells coverage which test runs, and keeps how long it computes."""

    def __init__(self, measuring: coverage.Coverage) -> None:
        self.measuring = measuring
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.measuring.switch_context(item.nodeid)
        begun = sum(os.times()[:4])
        result = yield
        self.seconds[item.nodeid] = round(sum(os.times()[:4]) - begun, 3)
        return result


def measure(tree: Path, files: Iterable[str], rooms: Iterable[str], kept: Path, into: Measured) -> None:
    """Note what the test files run in `tree`, where they are imported; from `kept` where they were measured before."""
    kept.mkdir(parents=True, exist_ok=True)
    for file in files:
        if file in into.files:
            continue
        into.files.add(file)
        known = kept / f"{Path(file).stem}-{digest(tree / file)}.json"
        if not known.exists():
            print(f"measuring which lines {file} runs", file=sys.stderr, flush=True)
            measure_file(tree, file, rooms, known)
        found = json.loads(known.read_text(encoding="utf-8"))
        into.seconds.update(found["seconds"])
        for path, line, tests in found["lines"]:
            into.tests.setdefault((path, line), set()).update(tests)


def digest(file: Path) -> str:
    return hashlib.sha1(file.read_bytes(), usedforsecurity=False).hexdigest()[:10]


def measure_file(tree: Path, file: str, rooms: Iterable[str], known: Path) -> None:
    data, config, answer = tree / "coverage" / "data", tree / "coverage.ini", tree / "measured.json"
    data.parent.mkdir(exist_ok=True)
    for old in data.parent.iterdir():
        old.unlink()
    include = "\n".join(f"    {tree}/aligner/{room}{end}" for room in rooms for end in ("/*", ".py"))
    config.write_text(CONFIG.format(data=data, include=include), encoding="utf-8")
    (tree / "sitecustomize.py").write_text(STARTED, encoding="utf-8")
    try:
        status = forked(lambda: run_measured(tree, file, config, answer), SECONDS, tree / "printed.txt")
    finally:
        (tree / "sitecustomize.py").unlink()
    if status:
        printed = (tree / "printed.txt").read_text(encoding="utf-8")
        raise SystemExit(f"{printed[-3000:]}\n{file} fails without any fault: mend it first")
    found = json.loads(answer.read_text(encoding="utf-8")) | {"lines": read_lines(tree, data.parent)}
    known.write_text(json.dumps(found), encoding="utf-8")


def run_measured(tree: Path, file: str, config: Path, answer: Path) -> int:
    os.environ["COVERAGE_PROCESS_START"] = str(config)
    measuring = coverage.Coverage(config_file=str(config))
    contexts = Contexts(measuring)
    measuring.start()
    failed = int(pytest.main([*QUIET, file], plugins=[contexts]))
    measuring.stop()
    measuring.save()
    answer.write_text(json.dumps({"seconds": contexts.seconds}), encoding="utf-8")
    return 0 if failed == pytest.ExitCode.NO_TESTS_COLLECTED else failed  # a file may skip all of them


def read_lines(tree: Path, folder: Path) -> list[tuple[str, str, list[str]]]:
    found: dict[tuple[str, str], set[str]] = {}
    for part in sorted(folder.iterdir()):
        data = coverage.CoverageData(str(part))
        data.read()
        for path in data.measured_files():
            inside, names = (
                Path(path).relative_to(tree).as_posix(),
                named_lines(Path(path).read_text(encoding="utf-8")),
            )
            for line, contexts in data.contexts_by_lineno(path).items():
                tests = {ENDING.sub("", context) for context in contexts if context}
                found.setdefault((inside, names[line - 1]), set()).update(tests)
    return [(path, line, sorted(tests)) for (path, line), tests in found.items()]
