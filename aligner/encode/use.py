"""The `use` encoder: Universal Sentence Encoder multilingual, on NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from aligner.encode.cards import Card
from aligner.encode.encoder import COMPOSED_AT_ONCE
from aligner.encode.model import LONGEST_TEXT, Floats
from aligner.encode.use_tokenizer import Tokenizer, WordByWord, use_tokenizer
from aligner.system.threads import blocks_of, in_threads

if TYPE_CHECKING:
    from aligner.encode.use_network import Tables

_MARKS = 2
"""Start and end mark around each text's pieces."""

_BYTES_PER_PIECE = 4.5
"""UTF-8 bytes in a piece of the `use` tokenizer, measured on Chinese and English novels."""

_SHARED = 65_536
"""Pieces that share the tables of their tokens: about 6,000 distinct ones, of 13 KB."""

_LEAST, _MOST, _RUNS = 1_024, 4_096, 16
"""Pieces that one thread computes at once, and how many runs there are to be. The same on any number of cores, and so
are the vectors, to the bit."""


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
        return WordByWord(use_tokenizer(self._files.vocabulary()))

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape (len(texts), 512)."""
        return self._in_runs(self._network.embed, texts)

    def embed_pieces(self, texts: Sequence[str]) -> Floats:
        """What each text adds to a longer one, shape (len(texts), piece_width), see `UseNetwork.sums`."""
        return self._in_runs(self._network.sums, texts)

    def compose(self, sums: Floats, texts: Floats) -> Floats:
        """Unit vectors of joined texts, see `UseNetwork.compose`; few are composed in this thread."""
        if len(sums) <= COMPOSED_AT_ONCE:
            return self._network.compose(sums, texts)
        blocks = blocks_of(len(sums), COMPOSED_AT_ONCE)
        return np.concatenate(
            list(in_threads(lambda block: self._network.compose(sums[block], texts[block]), blocks))
        )

    def keep(self) -> None:
        """Leave in the folder what the next start reads instead of the package's files."""
        self._files.keep()

    def _in_runs(self, compute: Callable[[list[list[int]], Tables], Floats], texts: Sequence[str]) -> Floats:
        work = np.cumsum([len(text.encode()) / _BYTES_PER_PIECE + _MARKS for text in texts])
        found: list[Floats] = []
        for part in _shares(work, _SHARED):
            pieces = [self._pieces(text) for text in texts[part]]
            tables = self._network.tables(np.unique(np.fromiter(chain.from_iterable(pieces), np.intp)))
            done = work[part] - (work[part.start - 1] if part.start else 0)
            runs = _shares(done, max(_LEAST, min(done[-1] / _RUNS, _MOST)))
            found += in_threads(partial(_of_run, compute, pieces, tables), runs)
        return np.concatenate(found)

    def _pieces(self, text: str) -> list[int]:
        ids = self._tokenizer.encode(text[:LONGEST_TEXT])
        return ids if len(ids) <= self._most else [*ids[: self._most - 1], ids[-1]]


def _of_run(
    compute: Callable[[list[list[int]], Tables], Floats], pieces: list[list[int]], tables: Tables, run: slice
) -> Floats:
    return compute(pieces[run], tables)


def _shares(work: NDArray[np.floating], share: float) -> list[slice]:
    """Cut texts into runs of about as much work; `work` (n,): that of all texts up to each."""
    cuts = np.flatnonzero(np.diff((work // share).astype(np.int64))) + 1
    return [slice(start, end) for start, end in pairwise([0, *cuts.tolist(), len(work)])]
