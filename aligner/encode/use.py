"""The `use` encoder: Universal Sentence Encoder multilingual, on NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np

from aligner.encode.cards import Card
from aligner.encode.model import LONGEST_TEXT, Floats
from aligner.encode.use_tokenizer import Tokenizer, use_tokenizer
from aligner.system.threads import in_threads, usable_cores

_MARKS = 2
"""Start and end mark around each text's pieces."""

_BYTES_PER_PIECE = 4.5
"""UTF-8 bytes in a piece of the `use` tokenizer, measured on Chinese and English novels."""

_COMPOSED = 1024
"""Spans composed by one thread at once."""


class UseModel:
    """Universal Sentence Encoder multilingual v3: a thread for each core, its own texts, one BLAS thread.

    `folder` is where an earlier run may have left the files unpacked, see `keep`.
    """

    chunk = 4096

    def __init__(self, card: Card, folder: Path | None = None) -> None:
        from aligner.encode.use_files import UseFiles
        from aligner.encode.use_network import SUMS, UseNetwork

        self.name, self.dimension, self._most = card.name, card.dimension, card.max_tokens
        self.piece_width = SUMS
        self._files = UseFiles(card, folder)
        self.signature = self._files.signature
        self._network = UseNetwork(self._files)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return use_tokenizer(self._files.vocabulary())

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

    def keep(self) -> None:
        """Leave in the folder what the next start reads instead of the package's files."""
        self._files.keep()

    def _in_runs(self, compute: Callable[[list[list[int]]], Floats], texts: Sequence[str]) -> Floats:
        runs = self._runs(texts, usable_cores())
        encode = self._tokenizer.encode  # made once, before there are threads

        def pieces(text: str) -> list[int]:
            ids = encode(text[:LONGEST_TEXT])
            return ids if len(ids) <= self._most else [*ids[: self._most - 1], ids[-1]]

        return np.concatenate(
            list(in_threads(lambda run: compute([pieces(text) for text in texts[run]]), runs))
        )

    def _runs(self, texts: Sequence[str], cores: int) -> list[slice]:
        """Cut the texts into runs of about equal work, several a core, none above the network's batch."""
        work = np.cumsum([len(text.encode()) / _BYTES_PER_PIECE + _MARKS for text in texts])
        share = min(max(work[-1] / (2 * cores), self._network.batch_tokens / 8), self._network.batch_tokens)
        cuts = np.flatnonzero(np.diff((work // share).astype(np.int64))) + 1
        edges = [0, *cuts.tolist(), len(texts)]
        return [slice(start, end) for start, end in pairwise(edges)]
