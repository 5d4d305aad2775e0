"""What several test files need."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import article, browser, review, small

from aligner.system.threads import granted_cores, usable_cores

__all__ = ["article", "browser", "review", "small"]

REPOSITORY = Path(__file__).resolve().parents[1]

# A job in the background begins with Ctrl-C ignored, and so would the programs that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

MOST_JOBS = 4  # the largest process takes 1.3 GB where E5 is installed, and four of that size fit into 8 GB

# Files of tests run side by side share the cores; before NumPy and the encoders start their threads.
if "PYTEST_XDIST_WORKER_COUNT" in os.environ:
    share = usable_cores() // int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    os.environ["OMP_NUM_THREADS"] = str(max(1, share))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """As many processes as there are cores granted; pytest-xdist itself overlooks what a container may use."""
    return min(MOST_JOBS, granted_cores())


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder of development corpora beside the repository; where it is absent, the test skips."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "gold").is_dir():
        pytest.skip(f"no development corpora: {folder / 'gold'} is absent")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a developer chose for the review page neither changes a test nor is changed by one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALIGNER_CONFIG", str(tmp_path_factory.mktemp("config")))
        yield


def pytest_runtest_setup() -> None:
    """Python drops coverage's tracer where a stack overflows or a signal comes: the next tests are seen again."""
    coverage = sys.modules.get("coverage")
    current = coverage.Coverage.current() if coverage and sys.gettrace() is None else None
    if current:
        current.stop()
        current.start()
