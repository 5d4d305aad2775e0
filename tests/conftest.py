"""What several test files need."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder of development corpora beside the repository; where it is absent, the test skips."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "gold").is_dir():
        pytest.skip(f"no development corpora: {folder / 'gold'} is absent")
    return folder
