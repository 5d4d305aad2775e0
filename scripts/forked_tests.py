"""Tests run in a fork of a process that has imported them already: nothing is imported anew but what was changed.

Needs `os.fork`, so not Windows.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import hypothesis
import pytest

Functions = dict[tuple[str, str, int], list[FunctionType]]
WALL = 400  # seconds, for what waits for ever; what computes for ever is stopped by its seconds of computing
MEMORY = 6 * 2**30  # bytes a process may ask for
UNSHRUNK = (hypothesis.Phase.explicit, hypothesis.Phase.generate)  # that a test fails is enough
QUIET = ("-q", "-m", "not heavy", "-p", "no:cacheprovider", "-p", "no:cov")


def enter(tree: Path, files: Sequence[str]) -> None:
    """Work in `tree`, a copy of the project, with its package and all its tests imported."""
    os.environ |= {"PYTHONPATH": str(tree), "OMP_NUM_THREADS": "1"}
    sys.dont_write_bytecode = True
    os.chdir(tree)
    sys.path.insert(0, str(tree))
    hypothesis.settings.register_profile("forked", derandomize=True, database=None, phases=UNSHRUNK)
    hypothesis.settings.load_profile("forked")
    with silenced(tree / "collected.txt"):
        failed = pytest.main([*QUIET, "--collect-only", *files])
    if failed:
        raise SystemExit((tree / "collected.txt").read_text(encoding="utf-8")[-3000:])


class silenced:
    """What is printed goes to a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.kept = os.dup(1), os.dup(2)
        with self.file.open("w") as opened:
            os.dup2(opened.fileno(), 1)
            os.dup2(opened.fileno(), 2)

    def __exit__(self, *_: object) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        for number, kept in enumerate(self.kept, 1):
            os.dup2(kept, number)
            os.close(kept)


def live_functions(folder: Path) -> Functions:
    """All functions that were made from code under `folder`."""
    found: Functions = {}
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename.startswith(str(folder)):
            found.setdefault(key_of(thing.__code__), []).append(thing)
    return found


def key_of(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def codes_within(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from codes_within(constant)


def change_functions(path: Path, source: str, live: Functions) -> bool:
    """Give the functions of a module the code of `source`; whether that could be done."""
    try:
        for code in codes_within(compile(source, str(path), "exec", dont_inherit=True)):
            for function in live.get(key_of(code), ()):
                if function.__code__ != code:
                    function.__code__ = code
    except ValueError:  # a name of the outer function is no longer used
        return False
    return True


def forget_modules(tree: Path) -> None:
    """All modules of the project are imported anew, from the files as they are."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) if isinstance(module, ModuleType) else None
        if file and Path(file).is_relative_to(tree):
            del sys.modules[name]


class FirstFailure:
    """Writes down the first test that fails."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.file.read_text(encoding="utf-8"):
            self.file.write_text(report.nodeid, encoding="utf-8")


def failing_test(tree: Path, tests: Sequence[str], seconds: float, prepare: Callable[[], None]) -> str:
    """The first of the tests that fails after `prepare` has run, "time" where they compute for longer than
    `seconds`, another word for another end, empty where all pass."""
    told = tree / "failed.txt"
    told.write_text("", encoding="utf-8")
    status = forked(lambda: run_first(tree, tests, told, prepare), seconds, tree / "printed.txt")
    failed = told.read_text(encoding="utf-8")
    if os.WIFSIGNALED(status):
        return failed or "time"
    return failed or ("" if status == 0 else f"exit {os.WEXITSTATUS(status)}")


def run_first(tree: Path, tests: Sequence[str], told: Path, prepare: Callable[[], None]) -> int:
    prepare()
    return int(pytest.main([*QUIET, "-x", *tests], plugins=[FirstFailure(told)]))


def forked(work: Callable[[], int], seconds: float, printed: Path) -> int:
    """The wait status of a fork that does the work in a session of its own, which ends with it."""
    child = os.fork()
    if not child:
        code = 70
        try:
            os.setsid()
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 3))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            signal.alarm(WALL)
            with silenced(printed):
                code = work()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return status
