"""Any sentence-transformers model, on torch (extra `[transformers]`), offline unless asked to download."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from aligner.encode.cards import Card
from aligner.encode.model import LONGEST_TEXT, Floats
from aligner.errors import InputError, MissingExtra
from aligner.system.threads import usable_cores

_BATCH_CHARACTERS = 8_192
"""Characters in a transformer's batch, counting each text as long as the longest."""

_BATCH_TEXTS = 128
"""Texts in a transformer's batch."""

_WEIGHT_SUFFIXES = (".safetensors", ".bin", ".json", ".txt", ".model")

_NOT_FETCHED = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.gguf", "imgs/*"]
"""Copies of the weights for other engines."""


class TransformerModel:
    """Any sentence-transformers model, by its folder or its name on huggingface.co; on CUDA where torch finds it."""

    chunk = 1024

    def __init__(self, name: str, card: Card | None, *, download: bool) -> None:
        folder = fetch_model(name, card, download=download)
        self.name = card.name if card else Path(name).name if Path(name).is_dir() else name
        self._prefix = card.prefix if card else ""
        self._model = _load_transformer(folder, card)
        with _quiet_torch():
            self.dimension = int(self._embed_batch(["."]).shape[1])
        ways = hashlib.sha256(repr((self._prefix, self._model.max_seq_length, str(self._model))).encode())
        self.signature = f"{self.name}-{_fingerprint(folder)[:8]}{ways.hexdigest()[:4]}"

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors, shape (len(texts), dimension)."""
        out = np.empty((len(texts), self.dimension), np.float32)
        with _quiet_torch():
            for batch in _batches_by_length(texts):
                out[batch] = self._embed_batch([texts[i] for i in batch])
        return out

    def _embed_batch(self, texts: list[str]) -> Floats:
        asked = [self._prefix + text[:LONGEST_TEXT] for text in texts]
        vectors = self._model.encode(
            asked, batch_size=len(asked), show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, np.float32)


def fetch_model(name: str, card: Card | None, *, download: bool) -> Path:
    """The folder of a sentence-transformers model: `name` itself, or its copy in the Hugging Face cache.

    Only `download=True` may use the network.
    """
    if find_spec("sentence_transformers") is None:
        raise MissingExtra(
            f'the encoder {name} needs sentence-transformers: pip install ".[transformers]" in its folder'
        )
    if Path(name).is_dir():
        return Path(name)
    _permit_network(download)
    from huggingface_hub import snapshot_download

    source = card.source if card else name
    try:
        return Path(snapshot_download(source, local_files_only=not download, ignore_patterns=_NOT_FETCHED))
    except Exception as error:  # the hub raises its own, the HTTP library's and the system's errors
        if download:
            raise InputError(
                f"could not download {source} from huggingface.co: {_first_line(error)}"
            ) from error
        size = f" ({card.size_mb / 1000:.1f} GB)" if card else ""
        raise InputError(
            f"the encoder {name} is not on this computer: add --download to fetch {source}{size} once from "
            "huggingface.co, or give the folder that holds it as --encoder FOLDER"
        ) from error


def _load_transformer(folder: Path, card: Card | None) -> Any:
    _permit_network(False)
    from sentence_transformers import SentenceTransformer

    bare = card is not None and not (folder / "modules.json").is_file()
    if card and bare and not card.pooling:
        raise InputError(f"{folder} holds only a part of {card.source}: modules.json is missing")
    try:
        with _quiet_torch():
            if card and bare:
                model = SentenceTransformer(modules=_bare_modules(folder, card), device=best_device())
            else:
                model = SentenceTransformer(str(folder), device=best_device(), local_files_only=True)
    except Exception as error:  # torch, transformers and safetensors each raise their own
        raise InputError(f"{folder} holds no sentence-transformers model: {_first_line(error)}") from error
    if card and model.max_seq_length:
        model.max_seq_length = min(model.max_seq_length, card.max_tokens)
    return model


def best_device() -> str:
    """`cuda` where torch finds a graphics card, else `cpu`."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _bare_modules(folder: Path, card: Card) -> list[Any]:
    """A transformer with the pooling its card names; left to itself, the library takes the mean."""
    try:
        from sentence_transformers.sentence_transformer import modules
    except ImportError:  # before sentence-transformers 5.4
        from sentence_transformers import models as modules

    return [modules.Transformer(str(folder)), modules.Pooling(card.dimension, pooling_mode=card.pooling)]


def _batches_by_length(texts: Sequence[str]) -> Iterator[list[int]]:
    """Indices of texts of like length, so that little is spent on padding."""
    batch: list[int] = []
    for i in sorted(range(len(texts)), key=lambda i: len(texts[i])):
        if batch and (len(batch) == _BATCH_TEXTS or (len(batch) + 1) * len(texts[i]) > _BATCH_CHARACTERS):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


@contextmanager
def _quiet_torch() -> Iterator[None]:
    """The real number of cores, and no progress bars or warnings on the terminal."""
    import torch
    from transformers.utils import logging

    before, level = torch.get_num_threads(), logging.get_verbosity()
    torch.set_num_threads(usable_cores())
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        torch.set_num_threads(before)
        logging.set_verbosity(level)


def _permit_network(allowed: bool) -> None:
    """Hold the Hugging Face libraries offline, also where they forget that only local files are wanted."""
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        os.environ[variable] = "0" if allowed else "1"
    if (constants := sys.modules.get("huggingface_hub.constants")) is not None:
        constants.HF_HUB_OFFLINE = not allowed  # type: ignore[attr-defined]


def _fingerprint(folder: Path) -> str:
    """SHA-256 over the names, sizes and first and last megabyte of a model's files."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in _WEIGHT_SUFFIXES and p.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()} {size}\n".encode())
        with path.open("rb") as stream:
            digest.update(stream.read(1 << 20))
            stream.seek(max(0, size - (1 << 20)))
            digest.update(stream.read(1 << 20))
    return digest.hexdigest()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
