"""Turn texts into unit vectors: the `Encoder` protocol, the encoders by name, which of them can be used here.

encoder = load_encoder("use")
vectors = encoder.encode(["你好。", "Hello."])      # (2, 512), float32, rows of unit length
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from aligner.encode.cache import VectorCache, text_keys
from aligner.encode.model import KeptModel, Model, PieceModel
from aligner.errors import InputError

Floats = NDArray[np.float32]

Progress = Callable[[int, int], None]
"""Called with the number of distinct texts done and their total."""

COMPOSED_AT_ONCE = 512
"""Texts up to which `PieceEncoder.compose` stays in the thread that asks: as many as a core's cache holds."""


class Encoder(Protocol):
    """What the engine needs of a sentence encoder. `signature` names all that could change a vector."""

    name: str
    dimension: int
    signature: str

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of shape (len(texts), dimension), float32, each row of unit length."""
        ...


@runtime_checkable
class PieceEncoder(Encoder, Protocol):
    """An encoder that can add texts up: one pass over the clauses gives sentences and all spans, too."""

    def pieces(self, texts: Sequence[str]) -> Floats:
        """What each text adds to a longer one, shape (len(texts), width), float32, to be summed."""
        ...

    def compose(self, sums: Floats, texts: Floats) -> Floats:
        """Unit vectors, shape (n, dimension), of joined texts: sums of pieces (n, width), how many (n,)."""
        ...


class TextEncoder:
    """A model made an `Encoder`: each distinct text once, looked up in the cache first, unit rows.

    `progress` may be set anew for each job.
    """

    def __init__(
        self, model: Model, cache: VectorCache | None = None, progress: Progress | None = None
    ) -> None:
        self.name, self.dimension, self.signature = model.name, model.dimension, model.signature
        self._model = model
        self._cache = cache
        self.progress = progress

    @property
    def note(self) -> str | None:
        """One line about a cache that was damaged or can't be used, or None."""
        return self._cache.note if self._cache else None

    def keep(self) -> None:
        """Leave in the cache folder what makes the model's next start quick, if there is such a thing."""
        if isinstance(self._model, KeptModel):
            self._model.keep()

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of shape (len(texts), dimension), float32, each row of unit length.

        A text gets the same vector (to 1e-5) whatever stands beside it. Raises InputError where the model
        gives something that is not a number.
        """
        return self._each_once(texts, self.dimension, self._embed, self._cache, self.signature)

    def _embed(self, texts: list[str]) -> Floats:
        return _unit(self._model.embed(texts), self.name)

    def _each_once(
        self,
        texts: Sequence[str],
        width: int,
        compute: Callable[[list[str]], Floats],
        cache: VectorCache | None,
        signature: str,
    ) -> Floats:
        """Rows (len(texts), width) from the cache or else from `compute`, each distinct text once."""
        row: dict[str, int] = {}
        rows = np.fromiter((row.setdefault(text, len(row)) for text in texts), np.intp, len(texts))
        if not row:
            return np.empty((0, width), np.float32)
        written = [text.encode("utf-8", "replace") for text in row]  # lone surrogates have no UTF-8
        vectors = np.empty((len(row), width), np.float32)
        keys = text_keys(signature, written) if cache else []
        found = cache.find(keys) if cache else {}
        missing = []
        for i in range(len(row)):
            if found and (vector := found.get(keys[i])) is not None:
                vectors[i] = vector
            else:
                missing.append(i)
        missing.sort(key=lambda i: len(written[i]))
        self._report(len(row) - len(missing), len(row))
        for start in range(0, len(missing), self._model.chunk):
            part = missing[start : start + self._model.chunk]
            vectors[part] = compute([written[i].decode() for i in part])
            if cache:
                cache.store([keys[i] for i in part], vectors[part])
            self._report(len(row) - len(missing) + start + len(part), len(row))
        return vectors if len(row) == len(rows) else vectors[rows]

    def _report(self, done: int, total: int) -> None:
        if self.progress:
            self.progress(done, total)


class TextPieceEncoder(TextEncoder):
    """A model that can add texts up, made a `PieceEncoder`."""

    _model: PieceModel

    def __init__(
        self,
        model: PieceModel,
        cache: VectorCache | None = None,
        piece_cache: VectorCache | None = None,
        progress: Progress | None = None,
    ) -> None:
        super().__init__(model, cache, progress)
        self._piece_cache = piece_cache

    @property
    def note(self) -> str | None:
        """One line about a cache that was damaged or can't be used, or None."""
        return super().note or (self._piece_cache.note if self._piece_cache else None)

    def pieces(self, texts: Sequence[str]) -> Floats:
        """What each text adds to a longer one, shape (len(texts), width), float32."""
        signature = f"{self.signature}-pieces"
        width = self._model.piece_width
        return self._each_once(texts, width, self._model.embed_pieces, self._piece_cache, signature)

    def compose(self, sums: Floats, texts: Floats) -> Floats:
        """Unit vectors, shape (n, dimension), of joined texts: sums of pieces (n, width), how many (n,)."""
        return self._model.compose(sums, texts)


def _unit(vectors: Floats, name: str) -> Floats:
    """Rows of unit length; a zero row (the model saw nothing of the text) gets the same number everywhere."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(norms).all():
        raise InputError(f"the encoder {name} gave a vector that is not a number: its weights are damaged")
    vectors = np.where(norms > 0, vectors, 1.0)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
