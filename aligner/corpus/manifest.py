"""What a batch is to align: a pair of documents a line, in TSV, CSV or JSONL."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath

from aligner.errors import InputError, UsageError
from aligner.files import ordinary, replacing
from aligner.language.tags import check_tag
from aligner.read import Source
from aligner.read.text import decode
from aligner.text.counted import counted
from aligner.text.whole_numbers import bounded

SUFFIXES = (".tsv", ".csv", ".jsonl", ".ndjson", ".txt")
COLUMNS = ("id", "source", "target", "src_lang", "tgt_lang", "encoding", "layout", "glossary", "group")
_LONGEST_ID = 180  # bytes of a file's name that every file system takes, with room for suffixes
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*]')
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")  # names that Windows keeps for itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A pair of documents to align; without `target`, one file that holds both languages.

    `id` names the output, may hold `/` and never leaves its folder. `group` joins pairs that share their source
    document. What a manifest says beyond its own columns is in `meta`, in order.
    """

    id: str
    source: Path
    target: Path | None = None
    src_lang: str | None = None
    tgt_lang: str | None = None
    encoding: str | None = None
    layout: str | None = None
    glossary: Path | None = None
    group: str = ""
    meta: tuple[tuple[str, str], ...] = field(default=())

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files to read."""
        return (self.source, self.target) if self.target else (self.source,)


def read_manifest(path: str | Path) -> list[Job]:
    """The jobs of a manifest; paths in it are relative to its folder.

    The first line names the columns, `source` and `target` among them; without such a line the first two
    columns are source and target. Raises `InputError` with the line that is not understood.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{path}: a manifest ends in {', '.join(SUFFIXES[:3])}; or name two folders")
    try:
        text = decode(Source(str(path), ordinary(path).read_bytes())).text
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}; check its name") from error
    rows = list(_rows(text, path))
    if not rows:
        raise InputError(f"{path}: no pair in it; a line needs a source and a target")
    return with_ids([_job(row, f"{path}, line {line}", path.parent) for line, row in rows], str(path))


def write_manifest(jobs: Iterable[Job], path: Path) -> None:
    """Write `jobs` as TSV with paths relative to the folder of `path`, whole or not at all."""
    jobs = list(jobs)
    names = [*COLUMNS, *dict.fromkeys(name for job in jobs for name, _ in job.meta)]
    rows = [_cells(job, path.parent.resolve()) for job in jobs]
    used = [
        name for name in names if name in ("id", "source", "target") or any(row.get(name) for row in rows)
    ]
    out = io.StringIO()
    writer = csv.writer(out, "excel-tab", lineterminator="\n")
    writer.writerow(used)
    writer.writerows([row.get(name, "") for name in used] for row in rows)
    with replacing(path) as (file,):
        file.write(out.getvalue().encode("utf-8", "surrogateescape"))


def with_ids(jobs: Sequence[Job], where: str) -> list[Job]:
    """`jobs`, each with an id that no other has; raises `InputError` where a given one repeats.

    A missing id is the source's path without its suffix, with the target's name where several would be alike.
    """
    stems = [job.id or _stem(job.source, job.target) for job in jobs]
    often = {stem for stem, count in Counter(stems).items() if count > 1}
    taken: dict[str, int] = {}
    named = []
    for number, (job, stem) in enumerate(zip(jobs, stems, strict=True), 1):
        if not job.id and stem in often and job.target:
            stem = f"{stem}--{job.target.stem}"
        name = safe_id(stem)
        if name.casefold() in taken:
            other = taken[name.casefold()]
            raise InputError(f"{where}: pairs {other} and {number} are both called {name!r}; give each an id")
        taken[name.casefold()] = number
        named.append(replace(job, id=name))
    return named


def safe_id(name: str) -> str:
    """`name` as a path below a folder that every system can write: what it can't is written as %XX."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", ".", "..")]
    return "/".join(_safe_part(part) for part in parts) or "_"


def _safe_part(part: str) -> str:
    safe = _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", part)
    safe = re.sub(r"[. ]$", lambda match: f"%{ord(match[0]):02X}", safe)
    if _RESERVED.fullmatch(safe):
        safe = f"%{ord(safe[0]):02X}{safe[1:]}"
    raw = safe.encode("utf-8", "surrogateescape")
    if len(raw) <= _LONGEST_ID:
        return raw.decode("utf-8", "replace")
    return f"{raw[: _LONGEST_ID - 17].decode('utf-8', 'ignore')}~{sha256(raw).hexdigest()[:16]}"


def parse_shard(text: str) -> tuple[int, int]:
    """`3/16` as (3, 16). Raises `UsageError`."""
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip())
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise UsageError(f"--shard {text!r}: write which of how many, from 1: 3/16")
    return int(match[1]), int(match[2])


def in_shard(job: Job, shard: tuple[int, int]) -> bool:
    """Whether `job` belongs to the n-th of so many shards: by the hash of its id, whatever else there is."""
    number, count = shard
    return int.from_bytes(sha256(job.id.encode()).digest()[:8], "big") % count == number - 1


def _rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        yield from _json_rows(text, path)
        return
    head = text.split("\n", 1)[0]
    delimiter = max("\t,;", key=head.count) if path.suffix.lower() == ".csv" else "\t"
    names: list[str] | None = None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if not any(cell.strip() for cell in row) or row[0].startswith("#"):
                continue
            if names is None:
                names = [cell.strip() for cell in row]
                if "source" in names:
                    continue
                names = ["source", "target"]
            if len(row) > len(names):
                raise InputError(
                    f"{path}, line {reader.line_num}: {counted(len(row), 'column')}, names for {len(names)}"
                )
            yield reader.line_num, dict(zip(names, row, strict=False))
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: {error}; check its quotes") from error


def _json_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line, parse_int=bounded)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path}, line {number}: is not JSON ({error})") from error
        if not isinstance(entry, dict):
            raise InputError(f"{path}, line {number}: is not an object with source and target")
        yield number, {key: _as_text(value) for key, value in entry.items()}


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _job(row: Mapping[str, str], where: str, folder: Path) -> Job:
    cells = {name: cell.strip() for name, cell in row.items()}
    if not cells.get("source"):
        raise InputError(f"{where}: no source; a line needs a source and a target")
    if "target" not in cells:
        raise InputError(f"{where}: no target; leave it empty where one file holds both languages")
    if cells["target"] and cells.get("layout"):
        raise InputError(f"{where}: layout is for one file that holds both languages; leave the target empty")
    try:
        langs = [check_tag(cells[name]) if cells.get(name) else None for name in ("src_lang", "tgt_lang")]
    except UsageError as error:
        raise InputError(f"{where}: {error}") from error
    return Job(
        id=cells.get("id", ""), source=folder / cells["source"],
        target=folder / cells["target"] if cells["target"] else None,
        src_lang=langs[0], tgt_lang=langs[1],
        encoding=cells.get("encoding") or None, layout=cells.get("layout") or None,
        glossary=folder / cells["glossary"] if cells.get("glossary") else None, group=cells.get("group", ""),
        meta=tuple((name, cell) for name, cell in cells.items() if name not in COLUMNS and cell),
    )  # fmt: skip


def _cells(job: Job, folder: Path) -> dict[str, str]:
    cells = {name: getattr(job, name) or "" for name in COLUMNS}
    for name in ("source", "target", "glossary"):
        path = getattr(job, name)
        cells[name] = relative_path(path, folder) if path else ""
    return {**cells, **dict(job.meta)}


def relative_path(path: Path, folder: Path) -> str:
    """`path` as seen from `folder`, with forward slashes; absolute where they share no root."""
    try:
        return Path(os.path.relpath(path.resolve(), folder)).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


def _stem(source: Path, target: Path | None) -> str:
    """The source's path from where it and the target part, without its suffix."""
    whole = source.with_suffix("")
    if target is None:
        return whole.name
    parts, others = whole.absolute().parts, target.absolute().parts
    shared = next((n for n, (a, b) in enumerate(zip(parts, others, strict=False)) if a != b), 0)
    parts = parts[shared:]
    return "/".join(parts[1:] if len(parts) > 1 else parts)
