"""Build a release and try it: `python scripts/release.py [--rehearse]` (`make release`).

The version of `pyproject.toml` must head `CHANGELOG.md` with a date. The wheel is built from the sdist, installed
into a fresh environment away from the checkout, and aligns the page of the README there.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"


def run(*command: str | Path, folder: Path = ROOT) -> str:
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: failed\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def checked_version(rehearse: bool) -> str:
    """The version of the project; ends with one line where the changelog or the citation has another, or no date."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    heading = re.search(r"^## (\S+), (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    if not heading or heading[1] != version:
        sys.exit(
            f"CHANGELOG.md: does not begin with {version}, the version of pyproject.toml; write what is new in it"
        )
    if not rehearse and not re.fullmatch(r"\d{4}-\d\d-\d\d", heading[2]):
        sys.exit(f"CHANGELOG.md: {version} is {heading[2]!r}; write the date, as 2026-01-31, in its place")
    if f"\nversion: {version}\n" not in (ROOT / "CITATION.cff").read_text(encoding="utf-8"):
        sys.exit(f"CITATION.cff: has another version than pyproject.toml; write {version}")
    return str(version)


def try_wheel(wheel: Path, version: str) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        venv.create(folder / "env", with_pip=True)
        scripts = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
        run(scripts / "python", "-m", "pip", "install", "--quiet", wheel, folder=folder)
        shutil.copy(next((ROOT / "seeds").glob("003_*.txt")), folder / "page.txt")
        said = run(scripts / "align", "--version", folder=folder)
        if version not in said:
            sys.exit(
                f"{wheel.name}: says it is {said.strip()!r}, not {version}; build it from a clean checkout"
            )
        run(scripts / "align", "page.txt", "-o", "memory.tmx", "--quiet", folder=folder)
        run(scripts / "align", "check", "memory.tmx", folder=folder)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rehearse", action="store_true", help="the changelog need have no date yet")
    version = checked_version(parser.parse_args().rehearse)
    shutil.rmtree(DIST, ignore_errors=True)
    run(sys.executable, "-P", "-m", "build", "--outdir", DIST)
    wheel, sdist = next(DIST.glob("*.whl")), next(DIST.glob("*.tar.gz"))
    try_wheel(wheel, version)
    print(f"{version}: {wheel.name} and {sdist.name} are in dist/")
    print("the wheel aligns and checks a page in a fresh environment")


if __name__ == "__main__":
    main()
