"""What was answered outlives `kill -9`: some of the kills that `scripts/measure_crashes.py` makes by the hundred."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from measure_crashes import kill_servers, write_file

pytestmark = pytest.mark.heavy


def test_nothing_that_was_answered_is_lost_when_the_server_is_killed_at_random(tmp_path: Path) -> None:
    write_file(tmp_path / "review.json")
    found = kill_servers(tmp_path / "review.json", 8, random.Random(3))
    assert found.answered > 0
    assert (found.kills, found.lost) == (8, 0)
