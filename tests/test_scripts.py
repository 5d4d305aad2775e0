"""The scripts that measure run on the seed page's gold as they are documented."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "seeds" / "gold"


def run(script: str, *arguments: str) -> str:
    command = [sys.executable, ROOT / "scripts" / script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_benchmark_times_every_stage_and_scores_what_it_aligned():
    results = json.loads(run("bench.py", str(GOLD), "--sizes", "200", "--json"))
    found = results["200"]["aligner"]
    assert sum(found["sentences"]) >= 200
    assert found["f1"] > 0.9
    assert all(found[stage]["cpu"] > 0 for stage in ("evidence", "features", "search", "whole"))
    assert found["peak_mib"] > 0


def test_the_parts_of_the_lexicon_are_left_out_one_at_a_time():
    printed = run("measure_lexicon.py", str(GOLD))
    assert printed.count("strict F1") == 7


@pytest.mark.heavy
def test_omissions_and_moved_passages_are_measured():
    printed = run("measure_omissions.py", str(GOLD))
    assert printed.count("strict F1") == 5
    assert "a passage moved" in printed
