"""Turn texts into unit vectors: the `Encoder` protocol, the encoders by name, which of them can be used here.

encoder = load_encoder("use")
vectors = encoder.encode(["你好。", "Hello."])      # (2, 512), float32, rows of unit length
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from aligner.cards import Card, encoder_cards
from aligner.encoders import Model, PieceModel, fetch_model, load_model
from aligner.errors import AlignerError, InputError, UsageError
from aligner.vector_cache import VectorCache, text_keys

Floats = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with the number of distinct texts done and their total."""

QUALITY = {"fast": "use", "best": "use+e5"}
"""Encoder names behind `--quality`."""
_TRIAL_SENTENCES = 200
_TRIAL_SECONDS = 2.0
"""How long `list_encoders` measures each encoder at most (one batch may pass it)."""
_TRIAL_BATCH = 40


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


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """One line of `align models`. `speed` is short sentences a second here, None where it wasn't measured."""

    name: str
    available: bool
    dimension: int
    licence: str
    speed: float | None
    note: str


def parse_names(names: str) -> list[str]:
    """Split "use+e5" into ["use", "e5"]; a folder whose name has a plus is one encoder."""
    if "+" in names and Path(names).is_dir():
        return [names]
    parts = [part.strip() for part in names.split("+")]
    if not all(parts):
        raise UsageError(
            f"--encoder {names!r} names no encoder: write use, use+e5, a folder or organisation/model"
        )
    return list(dict.fromkeys(parts))


def load_encoder(
    name: str, *, download: bool = False, cache: bool = True, progress: Progress | None = None
) -> TextEncoder:
    """Load one encoder: a card's name, a folder with a sentence-transformers model, or "organisation/model".

    Only `download=True` may use the network. Raises UsageError for a name that can't be an encoder,
    MissingExtra where its packages are not installed, InputError where its weights are missing or damaged.
    """
    model = load_model(name, download=download)
    if model is None:
        known = ", ".join(encoder_cards())
        raise UsageError(f"no encoder {name!r}: write one of {known}, a folder, or organisation/model")
    vectors = VectorCache(model.dimension) if cache else None
    if isinstance(model, PieceModel):
        return TextPieceEncoder(model, vectors, VectorCache(model.piece_width) if cache else None, progress)
    return TextEncoder(model, vectors, progress)


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


def list_encoders() -> list[EncoderInfo]:
    """Every encoder with a card; those that run here are measured on up to 200 sentences (2 seconds each)."""
    return [_inspect(card) for card in encoder_cards().values()]


def _inspect(card: Card) -> EncoderInfo:
    try:
        if card.kind == "transformers":
            fetch_model(card.name, card, download=False)
        model = load_model(card.name)
        speed = _speed(model) if model else None
    except AlignerError as error:
        return EncoderInfo(card.name, False, card.dimension, card.licence, None, str(error))
    return EncoderInfo(card.name, True, card.dimension, card.licence, speed, card.note)


def _speed(model: Model) -> float:
    """Sentences a second, from the second batch on."""
    sentences = _trial_sentences()
    model.embed(sentences[:_TRIAL_BATCH])
    done, start = 0, time.perf_counter()
    while done < _TRIAL_SENTENCES and time.perf_counter() - start < _TRIAL_SECONDS:
        done += len(model.embed(sentences[done : done + _TRIAL_BATCH]))
    return done / (time.perf_counter() - start)


def _trial_sentences() -> list[str]:
    """Fixed sentences, half Chinese and half English, of the length of those in novels."""
    patterns = (
        "第{}天早上，他又沿着河边走了很久，才慢慢回到家里。",
        "On the {}th morning he walked along the river for a long time before going home.",
    )
    return [pattern.format(number) for number in range(_TRIAL_SENTENCES // 2) for pattern in patterns]


def _unit(vectors: Floats, name: str) -> Floats:
    """Rows of unit length; a zero row (the model saw nothing of the text) gets the same number everywhere."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(norms).all():
        raise InputError(f"the encoder {name} gave a vector that is not a number: its weights are damaged")
    vectors = np.where(norms > 0, vectors, 1.0)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
