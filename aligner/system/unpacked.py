"""A file of arrays that opens at once and of which only what is asked for is read.

Behind a mark stand the length and the CRC-32 of a directory in JSON, the directory, the arrays, and the rows of one
table, each followed by the CRC-32 of its number and itself. Whatever is read is checked, and each call opens the
file anew: neither a file that is cut short or removed in the meantime nor a process that was forked gets other
numbers than were written.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.files import check_writable, replacing

Bytes = NDArray[np.uint8]

Indices = NDArray[np.intp]

SUFFIX = ".unpacked"

_MARK = b"ALIGNER1"
_START = struct.Struct("<8sII")
_CHECKSUM = 4  # bytes of a CRC-32
_LONGEST_DIRECTORY = 1_000_000  # that of the `use` encoder has 3,000 bytes


_NO_TABLE = np.zeros((0, 1), np.uint8)


class DamagedError(Exception):
    """The file is not what was written."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an array stands in the file, and what it is: bytes, their CRC-32, NumPy's name of the type."""

    start: int
    size: int
    checksum: int
    kind: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UnpackedFile:
    """A file that `write_unpacked` wrote: its arrays by name, and where the table of rows of `width` bytes begins."""

    path: Path
    places: Mapping[str, Place]
    table: int
    width: int

    def array(self, name: str) -> NDArray[Any]:
        """One of the arrays. Raises `DamagedError`, and `OSError` where the file can't be read."""
        place = self.places[name]
        with self.path.open("rb") as file:
            file.seek(place.start)
            data = file.read(place.size)
        if zlib.crc32(data) != place.checksum:
            raise DamagedError
        return np.frombuffer(data, place.kind).reshape(place.shape)

    def rows(self, numbers: Indices) -> Bytes:
        """Rows of the table, (n,) numbers -> (n, width). Raises as `array` does."""
        stored = np.zeros((len(numbers), self.width + _CHECKSUM), np.uint8)
        with self.path.open("rb", buffering=0) as file:
            for number, row in zip(numbers.tolist(), stored, strict=True):
                file.seek(self.table + number * len(row))
                file.readinto(row.data)
        rows = np.ascontiguousarray(stored[:, : self.width])
        if (_row_checksums(rows, numbers) != stored[:, self.width :]).any():
            raise DamagedError
        return rows


def open_unpacked(path: Path) -> UnpackedFile:
    """The file at `path`. Raises `DamagedError` where it is another or cut short, `OSError` where there is none."""
    with path.open("rb") as file:
        start = file.read(_START.size)
        if len(start) < _START.size:
            raise DamagedError
        mark, length, checksum = _START.unpack(start)
        if mark != _MARK or length > _LONGEST_DIRECTORY:
            raise DamagedError
        written = file.read(length)
    if zlib.crc32(written) != checksum:
        raise DamagedError
    directory = json.loads(written)
    at, places = _START.size + length, {}
    for name, size, checksum, kind, shape in directory["arrays"]:
        places[name] = Place(at, size, checksum, kind, tuple(shape))
        at += size
    height, width = directory["table"]
    if path.stat().st_size != at + height * (width + _CHECKSUM):
        raise DamagedError
    return UnpackedFile(path, places, at, width)


def check_place(path: Path) -> None:
    """Make the user's own folder for `path`. Raises `OutputError` and `OSError` where nothing can be written there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    check_writable(path)


def write_unpacked(path: Path, arrays: Mapping[str, NDArray[Any]], table: Bytes = _NO_TABLE) -> None:
    """Write `arrays` and a `table` (height, width), in place of other versions' files.

    The name of the file is of the form KIND-VERSION. Raises `OutputError` and leaves nothing behind then.
    """
    described = [
        (name, array.nbytes, zlib.crc32(array.tobytes()), array.dtype.str, array.shape)
        for name, array in arrays.items()
    ]
    directory = json.dumps({"arrays": described, "table": table.shape}).encode()
    checksums = _row_checksums(table, np.arange(len(table)))
    with replacing(path) as (file,):
        file.write(_START.pack(_MARK, len(directory), zlib.crc32(directory)) + directory)
        for array in arrays.values():
            file.write(array.tobytes())
        file.write(np.concatenate([table, checksums], axis=1).data)
    for other in path.parent.glob(f"{path.name.partition('-')[0]}-*{SUFFIX}"):
        if other != path:
            other.unlink()


def _row_checksums(rows: Bytes, numbers: Indices) -> Bytes:
    """CRC-32 of each row behind its number, (n, width) and (n,) -> (n, 4)."""
    data, width = rows.reshape(-1).data, rows.shape[1]
    found = [
        zlib.crc32(data[at * width : (at + 1) * width], number) for at, number in enumerate(numbers.tolist())
    ]
    return np.array(found, "<u4").view(np.uint8).reshape(-1, _CHECKSUM)
