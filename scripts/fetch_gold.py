"""Fetch the gold corpora from where they are published: `python scripts/fetch_gold.py FOLDER`; or only `--check`.

`gold_checksums.json` names for each corpus the repository, its licence, and the SHA-256 of each file we learned from
(UTF-8, blanks at both ends of lines off). The repository's history is searched for files of these checksums: wherever
they lie in it they are found, nothing else is taken, and what is published in another form is listed as missing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

CHECKSUMS = Path(__file__).resolve().parent / "gold_checksums.json"
LARGEST = 4 << 20  # bytes; no text of the corpora is larger


def normal(data: bytes) -> bytes:
    """What is hashed and written."""
    text = data.decode("utf-8-sig", "replace")
    return "".join(f"{line.strip()}\n" for line in text.splitlines()).encode()


def checksum(data: bytes) -> str:
    return hashlib.sha256(normal(data)).hexdigest()


def blobs(repository: Path) -> Iterator[bytes]:
    """The contents of all files that a repository ever had, without those that are too large."""
    command = ["git", "-C", str(repository), "cat-file"]
    listed = subprocess.run(
        [*command, "--batch-all-objects", "--batch-check"], capture_output=True, check=True
    ).stdout.split(b"\n")
    entries = [line.split() for line in listed if line]
    names = [name for name, kind, size in entries if kind == b"blob" and int(size) <= LARGEST]
    with subprocess.Popen([*command, "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as git:
        assert git.stdin and git.stdout
        for name in names:
            git.stdin.write(name + b"\n")
            git.stdin.flush()
            size = int(git.stdout.readline().split()[2])
            yield git.stdout.read(size)
            git.stdout.read(1)  # the line's end after each object
        git.stdin.close()


def missing(folder: Path, files: dict[str, str]) -> list[str]:
    return [name for name, wanted in files.items()
            if not (folder / name).is_file() or checksum((folder / name).read_bytes()) != wanted]  # fmt: skip


def fetch(url: str, folder: Path, files: dict[str, str]) -> None:
    """Write those of `files` that the repository at `url` has. Raises OSError where it can't be reached."""
    wanted: dict[str, list[str]] = {}
    for name, digest in files.items():
        wanted.setdefault(digest, []).append(name)
    with tempfile.TemporaryDirectory() as temporary:
        command = ["git", "clone", "--quiet", "--mirror", url, temporary]
        quiet = os.environ | {"GIT_TERMINAL_PROMPT": "0"}
        done = subprocess.run(command, capture_output=True, text=True, env=quiet)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["git failed"])[-1]
            raise OSError(reason)
        for data in blobs(Path(temporary)):
            for name in wanted.get(checksum(data), ()):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(normal(data))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="only say what is there")
    parser.add_argument("--checksums", type=Path, default=CHECKSUMS, help="another list of corpora")
    given = parser.parse_args()
    lacking = 0
    for name, corpus in json.loads(given.checksums.read_text(encoding="utf-8")).items():
        folder, files = given.folder / name, corpus["files"]
        for url in corpus["from"] if not given.check else ():
            if not missing(folder, files):
                break
            try:
                fetch(url, folder, files)
            except OSError as error:
                sys.exit(
                    f"{url}: can't be fetched ({error}); run this where there is a network, or copy the files"
                )
        left = missing(folder, files)
        lacking += len(left)
        state = "complete" if not left else f"{len(left)} of {len(files)} files missing, {left[0]} first"
        print(f"{name}: {state} ({corpus['licence']})")
    sys.exit(1 if lacking else 0)


if __name__ == "__main__":
    main()
