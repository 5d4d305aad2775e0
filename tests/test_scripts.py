"""The scripts that measure run on the seed page's gold as they are documented."""

import hashlib
import json
import shutil
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
    assert run("measure_omissions.py", str(GOLD)).count("strict F1") == 5
    printed = run("measure_moves.py", str(GOLD))
    assert printed.count("strict F1") == 4
    assert "0 pairs reported moved, 0 false" in printed.splitlines()[0]


def gold_list(folder, url):
    """A list of one corpus, with the seed page's gold as its files."""
    files = {
        f"src/{name}": hashlib.sha256((GOLD / name).read_bytes()).hexdigest()
        for name in ("003.zh", "003.align")
    }
    listed = folder / "list.json"
    listed.write_text(
        json.dumps({"page": {"from": [url], "licence": "free", "files": files}}), encoding="utf-8"
    )
    return listed


def fetch(folder, listed, *more):
    command = [sys.executable, ROOT / "scripts" / "fetch_gold.py", folder, "--checksums", listed, *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_gold_is_found_by_its_checksums_wherever_it_lies_in_the_history_of_a_repository(tmp_path):
    repository = tmp_path / "published"
    (repository / "deep" / "down").mkdir(parents=True)
    git = ["git", "-C", repository, "-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "init", "-q"], check=True)
    shutil.copy(GOLD / "003.zh", repository / "deep" / "down" / "other-name.txt")
    (repository / "003.align").write_bytes((GOLD / "003.align").read_bytes().replace(b"\n", b"\r\n"))
    for change in (
        ["add", "."],
        ["commit", "-qm", "all"],
        ["rm", "-q", "003.align"],
        ["commit", "-qm", "less"],
    ):
        subprocess.run([*git, *change], check=True)
    listed = gold_list(tmp_path, repository.as_uri())
    assert "page: 2 of 2 files missing" in fetch(tmp_path / "gold", listed, "--check").stdout
    done = fetch(tmp_path / "gold", listed)
    assert (done.returncode, done.stdout) == (0, "page: complete (free)\n"), done.stderr
    assert (tmp_path / "gold" / "page" / "src" / "003.zh").read_bytes() == (GOLD / "003.zh").read_bytes()
    (tmp_path / "gold" / "page" / "src" / "003.zh").write_text("another text\n", encoding="utf-8")
    assert fetch(tmp_path / "gold", listed, "--check").returncode == 1


def test_where_gold_cannot_be_fetched_one_line_says_so(tmp_path):
    done = fetch(tmp_path / "gold", gold_list(tmp_path, (tmp_path / "nowhere").as_uri()))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "where there is a network" in done.stderr


def test_the_structure_is_measured_as_a_table():
    rows = run("measure_structure.py").splitlines()
    assert "| climbs | 0 |" in rows
    measured = dict(row.strip("| ").split(" | ") for row in rows[2:])
    assert int(measured["rooms at the first level"]) < int(measured["arrows between rooms"])
    assert int(measured["files over 400 lines"]) <= int(measured["files"])
