"""The words of a side as ids, weighted by their rarity."""

from __future__ import annotations

from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.engine.evidence import Words
from aligner.engine.sides import Units
from aligner.gather.text import _per_segment, _Text
from aligner.lexicon.tokens import tokenize

MOST_WORDS = 4_000
"""Words of one segment that are looked at: more is a file without sentences, and two such are compared word by word."""


def _words(text: _Text) -> Words:
    numbers: dict[str, int] = {}
    ids: list[NDArray[np.int32]] = []
    for first, last in pairwise(text.bounds.tolist()):
        left = MOST_WORDS
        for clause in text.clauses[first:last]:
            tokens = islice(tokenize(clause, text.lang, simplified=True), left) if left else ()
            ids.append(
                np.array([numbers.setdefault(token, len(numbers)) for token in tokens], dtype=np.int32)
            )
            left -= len(ids[-1])
    return Words(list(numbers), ids, text.bounds)


def _word_units(segments: list[NDArray[np.int32]], words: int) -> Units:
    """Words weighted by their rarity, log(1 + n / segments that hold it); a segment without words gets a blank."""
    blank = np.array([words])
    keys = [ids.astype(np.int64) if len(ids) else blank for ids in segments]
    sizes = np.array([len(ids) for ids in keys], dtype=np.int64)
    flat = np.concatenate(keys) if keys else blank[:0]
    owners = np.repeat(np.arange(len(keys)), sizes)
    held = np.bincount(np.unique(owners * (words + 1) + flat) % (words + 1), minlength=words + 1)
    rarity = np.log1p(len(segments) / np.maximum(held, 1)).astype(np.float32)
    rarity[words] = 0
    return Units(np.cumsum([0, *sizes]), _per_segment(rarity[flat], len(segments)), flat)
