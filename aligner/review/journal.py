"""What was done, a line an operation, on the disk before it is answered; a crash loses nothing that was answered.

A line is `{"crc": …, "n": …, "t": …, "op": …, …}`: the checksum is over the rest of the line as it stands. Lines
count from 1 without a gap. A line `checkpoint` holds the SHA-256 of the save file that it stands for and is
written before that file is, so that the file always matches one: the new or the one before.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from aligner.errors import InputError, OutputError
from aligner.files import sync_folder

_CRC = b'{"crc":"'
_CRC_LENGTH = 8
_BODY = len(_CRC) + _CRC_LENGTH + len('",')


class DiskFull(OutputError):
    """A line could not be written whole; the journal is what it was before."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: its number, the operation's name and what else it says."""

    n: int
    op: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Past:
    """The sound lines of a journal, their length in bytes, and how many bytes behind them were set aside."""

    entries: tuple[Entry, ...] = ()
    length: int = 0
    torn: int = 0

    def replay_from(self, digest: str) -> int | None:
        """The number of entries up to the last checkpoint for the file of this SHA-256; None without one."""
        for number in range(len(self.entries), 0, -1):
            entry = self.entries[number - 1]
            if entry.op == "checkpoint" and entry.data.get("sha256") == digest:
                return number
        return None


def as_line(entry: Entry) -> bytes:
    """The line of an entry, its end included."""
    fields = {"n": entry.n, "t": round(time.time(), 3), "op": entry.op, **entry.data}
    # ASCII: a lone surrogate in a text must not keep the line from being written.
    body = json.dumps(fields, separators=(",", ":")).encode("ascii")[1:]
    return _CRC + b"%08x" % zlib.crc32(body) + b'",' + body + b"\n"


def parse_line(line: bytes, n: int) -> Entry | None:
    """The entry on a line, which must have number `n`; None where it is damaged."""
    body = line[_BODY:]
    if not line.startswith(_CRC) or line[len(_CRC) : len(_CRC) + _CRC_LENGTH] != b"%08x" % zlib.crc32(body):
        return None
    try:
        data = json.loads(b"{" + body)
    except (ValueError, RecursionError):
        return None
    if data.pop("n", None) != n or not isinstance(data.get("op"), str):
        return None
    data.pop("t", None)
    return Entry(n, data.pop("op"), data)


def read_journal(path: Path) -> Past:
    """The lines of the journal up to the first that is damaged, missing or torn; an absent one is empty."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Past()
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from error
    entries: list[Entry] = []
    length = 0
    while (end := raw.find(b"\n", length)) >= 0:
        entry = parse_line(raw[length:end], len(entries) + 1)
        if entry is None:
            break
        entries.append(entry)
        length = end + 1
    return Past(tuple(entries), length, len(raw) - length)


class Journal:
    """The open journal of a save file: appends whole lines or none."""

    def __init__(self, path: Path, past: Past) -> None:
        """Opens at the end of `past`; what stands behind it goes to `PATH.torn` first."""
        self.path = path
        self.last = len(past.entries)
        self._length = past.length
        self._file: BinaryIO | None = None
        if past.torn:
            self._set_aside()

    def _set_aside(self) -> None:
        try:
            raw = self.path.read_bytes()[self._length :]
            with self.path.with_name(self.path.name + ".torn").open("ab") as torn:
                torn.write(raw + b"\n")
                torn.flush()
                os.fsync(torn.fileno())
            os.truncate(self.path, self._length)
        except OSError as error:
            raise OutputError(f"{self.path}: can't be written: {error.strerror}") from error

    def append(self, op: str, data: Mapping[str, Any], *, sync: bool = True) -> Entry:
        """Write one line, on the disk when this returns unless `sync` is off.

        Raises `DiskFull` where that can't be done; the journal is then as it was.
        """
        entry = Entry(self.last + 1, op, data)
        line = as_line(entry)
        try:
            file = self._opened()
            file.write(line)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        except OSError as error:
            self._cut_back()
            reason = error.strerror or error
            raise DiskFull(f"{self.path}: can't be written: {reason}; make room, then try again") from error
        self._length += len(line)
        self.last = entry.n
        return entry

    def _opened(self) -> BinaryIO:
        if self._file is None:
            is_new = not self.path.exists()
            self._file = self.path.open("ab")
            if is_new:
                sync_folder(self.path.parent)
        return self._file

    def _cut_back(self) -> None:
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        self._file = None
        with suppress(OSError):
            if self.path.exists():
                os.truncate(self.path, self._length)

    def close(self) -> None:
        """End writing; the file stays, since its history outlives the session."""
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        self._file = None
