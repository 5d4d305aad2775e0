"""What several test files need."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import article, browser, review, small

__all__ = ["article", "browser", "review", "small"]

REPOSITORY = Path(__file__).resolve().parents[1]

# A job in the background begins with Ctrl-C ignored, and so would the programs that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


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
