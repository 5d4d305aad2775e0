"""The save files of a batch: where each lies, and whether it is what the batch would make again.

A save file is its own marker: it is written whole, and holds the key of all that made it under `batch`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from aligner.corpus.manifest import Job
from aligner.corpus.own_files import PAIRS, WORDS
from aligner.errors import InputError
from aligner.export.savefile import SaveFile, dumps
from aligner.files import models_folder, replacing
from aligner.options import Options
from aligner.split.srx import rules_signature
from aligner.system.installed import installed_version

LEARNED, RECALLED = "learned from this batch; before:", "recalled from earlier batches"
"""How the first line of the words begins: in the second round, and in the first where earlier batches taught some."""
BATCH = "batch"
"""The key of a save file under which a batch keeps what is its own."""


def output_path(folder: Path, pair: str) -> Path:
    """Where the save file of the pair with this id lies."""
    return folder / PAIRS / f"{pair}.json"


def job_keys(job: Job, signatures: Sequence[str]) -> list[str]:
    """What the result depends on, as 32 hexadecimal digits, for each of `signatures`.

    The hashes of the documents and of the glossary, what the manifest says of them, and the signature. Raises
    `InputError` where a file can't be read.
    """
    told = [job.src_lang, job.tgt_lang, job.encoding, job.layout]
    files = [[path.name, _digest(path)] for path in job.paths]
    files += [["glossary", _digest(job.glossary)]] if job.glossary else []
    said = [json.dumps([[signature, *told], files], ensure_ascii=False) for signature in signatures]
    return [hashlib.sha256(each.encode("utf-8", "replace")).hexdigest()[:32] for each in said]


def batch_signatures(options: Options, folder: Path) -> list[str]:
    """All that could change the result of every pair, in one line: version, encoders, weights, options, words.

    Of the round that is due, then of the one before it where the words were learned from its results.
    """
    words, common = folder / WORDS, _signature(options)
    if not words.is_file():
        return [common]
    now = f"{common} {_digest(words)}"
    with words.open(encoding="utf-8", errors="replace") as file:
        _, learned, before = file.readline().partition(LEARNED)
    return [now, f"{common} {before.strip()}".strip()] if learned else [now]


def _signature(options: Options) -> str:
    encoders = [encoder.signature for encoder in options.load_encoders()]
    said = [
        options.src_lang, options.tgt_lang, options.encoding, options.layout, options.presplit,
        options.split_clauses, sorted(options.no_clean), options.codes, options.split,
    ]  # fmt: skip
    words = options.glossary_hash()
    return (
        f"{installed_version()} {encoders} {_weights_digest()} {rules_signature(options.srx)} {said} {words}"
    ).strip()


def options_for(job: Job, options: Options) -> Options:
    """`options` with what the manifest says of `job`."""
    told = {name: getattr(job, name) for name in ("src_lang", "tgt_lang", "encoding", "layout", "glossary")}
    return replace(options, **{name: value for name, value in told.items() if value})


def read_output(path: Path) -> dict[str, Any] | None:
    """A save file's JSON as it stands; `None` where there is none that can be read."""
    with suppress(OSError, ValueError, RecursionError):
        data = json.loads(path.read_bytes())
        if isinstance(data, dict) and isinstance(data.get("beads"), list):
            return data
    return None


def key_of(data: Mapping[str, Any] | None) -> str:
    """The key in a save file's JSON, empty where it has none."""
    batch = data.get(BATCH) if data else None
    return str(batch.get("key", "")) if isinstance(batch, dict) else ""


def reviewed_beads(data: Mapping[str, Any]) -> int:
    """How many beads of a save file's JSON a person has confirmed or edited."""
    return sum(isinstance(bead, dict) and bead.get("status", "auto") != "auto" for bead in data["beads"])


def write_output(path: Path, savefile: SaveFile) -> None:
    """Write a save file whole, with a copy of the reviewed one whose place it takes as `.bak`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = read_output(path)
    if before and reviewed_beads(before):
        with replacing(path.with_name(f"{path.name}.bak")) as (copy,):
            copy.write(path.read_bytes())
    with replacing(path) as (file,):
        file.write(dumps(savefile).encode("utf-8", "backslashreplace"))


def strangers(folder: Path, pairs: Sequence[str]) -> list[Path]:
    """The save files of a batch's folder that belong to none of `pairs`."""
    known = {output_path(folder, pair) for pair in pairs}
    return sorted(path for path in (folder / PAIRS).rglob("*.json") if path not in known)


def sweep(folder: Path, older_than: float) -> None:
    """Remove what processes that were killed left half written, where it is older than this moment."""
    for path in (folder / PAIRS).rglob(".*.part"):
        with suppress(OSError):
            if path.stat().st_mtime < older_than:
                path.unlink()


@lru_cache(maxsize=1)
def _weights_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(models_folder().rglob("*.json")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _digest(path: Path) -> str:
    try:
        # What a pipe gives comes once, and a device gives without end.
        if not path.is_file() and not path.is_dir() and path.exists():
            raise InputError(f"{path}: is a pipe or a device; save what it gives to a file, and name that")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the name and the folder") from None
    except OSError as error:
        raise InputError(
            f"{path}: can't be read: {error.strerror}; check its name and permissions"
        ) from error
