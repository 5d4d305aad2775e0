"""Vectors kept on disk between runs, so that a text is embedded once by each encoder.

One SQLite file in the user's cache folder holds, for each pair of encoder signature and text, a 16-byte
BLAKE2 key and the vector as float32 with a checksum; the texts themselves are not stored. Several processes
may use it at once.

Nothing here can fail a run: a folder that can't be written, a full disk or a locked file means working
without the cache, and a damaged file is dropped and begun again (its vectors are never returned).
`VectorCache.note` then says what happened.
"""

from __future__ import annotations

import math
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from aligner.system.places import cache_folder
from aligner.system.unpacked import SUFFIX

_Result = TypeVar("_Result")

SIZE_LIMIT = 1 << 30
"""Bytes the file may grow to (about 480,000 vectors of the default encoder) before the oldest vectors go."""

_KEPT_SHARE = 0.75
"""Share of the limit that is kept when the oldest vectors go, so that it happens seldom."""

_PAGE = 16_384
"""SQLite page size: vectors of 1.5 to 4 KB waste less of it than of the default 4,096."""

_ASKED_AT_ONCE = 500
"""Keys in one SELECT; SQLite builds before 3.32 take at most 999."""

_PATIENCE = 10.0
"""Seconds to wait for another process that writes."""

_UNUSABLE = (
    "SQLITE_BUSY",
    "SQLITE_CANTOPEN",
    "SQLITE_FULL",
    "SQLITE_NOMEM",
    "SQLITE_PERM",
    "SQLITE_READONLY",
)
"""SQLite's errors that say nothing against the file's contents."""

_SCHEMA = 1
"""Changes when the table does; a file with another number is begun again."""


def clear_cache(folder: Path | None = None) -> int:
    """Delete every cached vector and unpacked model; gives the bytes freed. Files of others in the folder stay."""
    folder = folder or cache_folder()
    freed = 0
    for path in chain(folder.glob("vectors-*.db*"), folder.glob(f"*{SUFFIX}")):
        with suppress(OSError):
            size = path.stat().st_size
            path.unlink()
            freed += size
    return freed


def text_keys(signature: str, texts: Sequence[bytes]) -> list[bytes]:
    """The key of each text (UTF-8) under an encoder's signature: 16 bytes."""
    start = blake2b(signature.encode() + b"\0", digest_size=16)
    keys = []
    for text in texts:
        digest = start.copy()
        digest.update(text)
        keys.append(digest.digest())
    return keys


class VectorCache:
    """Vectors of one dimension, by key. `note`: why it was begun again or is off, in one line, or None."""

    def __init__(self, dimension: int, folder: Path | None = None, size_limit: int = SIZE_LIMIT) -> None:
        self.note: str | None = None
        self._dimension = dimension
        self._limit = size_limit
        self._folder = folder or cache_folder()
        self._on = True

    def find(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """The vectors that are there, each of shape (dimension,)."""

        def select(connection: sqlite3.Connection) -> dict[bytes, NDArray[np.float32]]:
            found = {}
            for start in range(0, len(keys), _ASKED_AT_ONCE):
                asked = keys[start : start + _ASKED_AT_ONCE]
                marks = ",".join("?" * len(asked))
                question = f"SELECT key, vector, checksum FROM vectors WHERE key IN ({marks})"  # noqa: S608
                for key, vector, checksum in connection.execute(question, asked):
                    found[key] = self._checked(key, vector, checksum)
            return found

        return self._attempt(select) or {}

    def store(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Keep vectors, shape (len(keys), dimension); those already there stay as they are."""

        def insert(connection: sqlite3.Connection) -> None:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT OR IGNORE INTO vectors VALUES (NULL, ?, ?, ?)", rows)
                self._drop_oldest(connection)

        blobs = [vector.tobytes() for vector in vectors.astype("<f4", copy=False)]
        rows = [(key, blob, _checksum(key, blob)) for key, blob in zip(keys, blobs, strict=True)]
        self._attempt(insert)

    def _checked(self, key: bytes, vector: object, checksum: object) -> NDArray[np.float32]:
        if not isinstance(vector, bytes) or _checksum(key, vector) != checksum:
            raise _DamagedError
        row = np.frombuffer(vector, "<f4")
        if row.shape != (self._dimension,):
            raise _DamagedError
        return row.astype(np.float32, copy=False)

    def _drop_oldest(self, connection: sqlite3.Connection) -> None:
        pages, free = (
            connection.execute(f"PRAGMA {p}").fetchone()[0] for p in ("page_count", "freelist_count")
        )
        used = (pages - free) * _PAGE
        if used <= self._limit:
            return
        first, last = connection.execute("SELECT min(id), max(id) FROM vectors").fetchone()
        going = math.ceil((last - first + 1) * (1 - _KEPT_SHARE * self._limit / used))
        connection.execute("DELETE FROM vectors WHERE id < ?", (first + going,))

    def _attempt(self, task: Callable[[sqlite3.Connection], _Result]) -> _Result | None:
        """The task's result, or None where the cache is off or fails; a failure never reaches the caller."""
        if not self._on:
            return None
        try:
            import sqlite3
        except ImportError:
            self._switch_off("this Python has no sqlite3")
            return None
        number = self._number()
        try:
            with closing(self._open(number)) as connection:
                return task(connection)
        except OSError as error:
            self._switch_off(error.strerror or str(error))
        except (sqlite3.DatabaseError, ValueError, _DamagedError) as error:  # ValueError: damaged text
            if _name_of(error).startswith(_UNUSABLE):
                self._switch_off(str(error))
            else:
                self._begin_again(number)
        return None

    def _open(self, number: int) -> sqlite3.Connection:
        import sqlite3

        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(self._file(number), timeout=_PATIENCE, isolation_level=None)
        try:
            connection.execute(f"PRAGMA page_size = {_PAGE}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (id INTEGER PRIMARY KEY,"
                " key BLOB UNIQUE NOT NULL, vector BLOB NOT NULL, checksum INTEGER NOT NULL)"
            )
        except BaseException:
            connection.close()
            raise
        return connection

    def _file(self, number: int) -> Path:
        return self._folder / f"vectors-{_SCHEMA}-{number:06d}.db"

    def _number(self) -> int:
        """The newest file's number, 0 where there is none."""
        stems = (path.stem.rpartition("-")[2] for path in self._folder.glob(f"vectors-{_SCHEMA}-*.db"))
        return max((int(stem) for stem in stems if stem.isdecimal()), default=0)

    def _begin_again(self, number: int) -> None:
        """Leave a damaged file for a new one; its name isn't used again, another process may have it open."""
        self.note = f"the vector cache was damaged and is begun again ({self._folder})"
        try:
            self._file(number + 1).touch()
        except OSError as error:
            self._switch_off(error.strerror or str(error))
        for path in self._folder.glob(f"{self._file(number).name}*"):
            with suppress(OSError):
                path.unlink()

    def _switch_off(self, reason: str) -> None:
        self._on = False
        self.note = f"vectors are not cached: {reason} ({self._folder})"


class _DamagedError(Exception):
    """A row whose checksum doesn't fit."""


def _checksum(key: bytes, vector: bytes) -> int:
    return zlib.crc32(vector, zlib.crc32(key))


def _name_of(error: Exception) -> str:
    return getattr(error, "sqlite_errorname", None) or ""
