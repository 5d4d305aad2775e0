"""Which words of one text may translate which of the other: dictionary, names, numbers, glossary, learned.

Everything works on vocabularies of tokens (`tokenize`): `translations` relates those of two documents,
`learn` finds more such pairs in beads that are already sure. The engine sees arrays only.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import is_unspaced
from aligner.dictionary import Headwords, chinese_headwords, spelled_syllables, translations_of
from aligner.glossary import Glossary, load_glossary
from aligner.languages import primary
from aligner.numerals import same_quantity
from aligner.tokens import NUMBER_MARK, names, stemmer, tokenize, words_of

__all__ = [
    "Dictionary", "Glossary", "learn", "load_dictionary", "load_glossary", "names", "tokenize",
    "translations",
]  # fmt: skip

_EARLIEST_YEAR = 1000
_NUMBER_TOKEN = re.compile(rf"{NUMBER_MARK}\d+(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Translations between two languages; `reversed` where the headwords are the target's language."""

    words: Headwords
    reversed: bool

    def pairs(self, src_vocab: Sequence[str], tgt_vocab: Sequence[str]) -> dict[tuple[int, int], float]:
        """`(src id, tgt id)` to weight in (0, 1] for tokens that the dictionary calls translations."""
        heads, others = (tgt_vocab, src_vocab) if self.reversed else (src_vocab, tgt_vocab)
        place = {token: number for number, token in enumerate(others)}
        found: dict[tuple[int, int], float] = {}
        for number, head in enumerate(heads):
            for token, weight in _translations(head, self.words).items():
                if token in place:
                    pair = (number, place[token])
                    found[(pair[1], pair[0]) if self.reversed else pair] = weight
        explained = {pair[0 if self.reversed else 1] for pair in found}
        unknown = {number: token for number, token in enumerate(others) if number not in explained}
        for number, other, weight in self._names(heads, unknown):
            found[(other, number) if self.reversed else (number, other)] = weight
        return found

    def _names(self, heads: Sequence[str], others: Mapping[int, str]) -> Iterator[tuple[int, int, float]]:
        """Chinese tokens beside names in pinyin: 北京 beside Beijing, 清 and 扬 beside Qingyang."""
        spelled: dict[str, list[tuple[int, float]]] = {}
        for number, token in others.items():
            parts = spelled_syllables(token, self.words.syllables)
            for part in parts:
                spelled.setdefault(part, []).append((number, 1 / sqrt(len(parts))))
        whole = {token: number for number, token in others.items()}
        for number, head in enumerate(heads):
            for reading in self.words.readings(head):
                if len(head) == 1:
                    yield from ((number, other, weight) for other, weight in spelled.get(reading, ()))
                elif (other := whole.get(stemmer("en")(reading))) is not None:
                    yield number, other, 1.0


@lru_cache(maxsize=100_000)
def _translations(word: str, words: Headwords) -> dict[str, float]:
    return dict(translations_of(word, words, lambda gloss: words_of(gloss, "en")))


def load_dictionary(src_lang: str, tgt_lang: str) -> Dictionary | None:
    """The dictionary for two languages (BCP 47): Chinese and English in either direction, else `None`."""
    pair = (primary(src_lang), primary(tgt_lang))
    if pair not in (("zh", "en"), ("en", "zh")):
        return None
    words = chinese_headwords()
    return Dictionary(words, reversed=pair[1] == "zh") if words else None


def translations(
    src_vocab: Sequence[str],
    tgt_vocab: Sequence[str],
    dictionary: Dictionary | None = None,
    glossary: Glossary | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Pairs of tokens that translate each other, for any two languages.

    Returns `src_ids`, `tgt_ids` and `weights` in (0, 1], each of shape (pairs,), sorted and without repeats.
    Equal tokens (numbers, names, loan words) weigh 1, so do the glossary's; a dictionary's the more the fewer
    words the definition has beside them. The vocabularies must hold each token once.
    """
    found = dictionary.pairs(src_vocab, tgt_vocab) if dictionary else {}
    targets = {token: number for number, token in enumerate(tgt_vocab)}
    for number, token in enumerate(src_vocab):
        if token in targets:
            found[number, targets[token]] = 1.0
    for pair in _near_numbers(src_vocab, tgt_vocab):
        found.setdefault(pair, _NEAR_NUMBER)
    if glossary:
        sources = {token: number for number, token in enumerate(src_vocab)}
        for source, target, weight in glossary.token_pairs():
            if source in sources and target in targets:
                pair = (sources[source], targets[target])
                found[pair] = max(weight, found.get(pair, 0.0))
    for pair, weight in _cognates(src_vocab, tgt_vocab).items():
        found[pair] = max(weight, found.get(pair, 0.0))
    order = sorted(found)
    ids = np.array(order, dtype=np.int32).reshape(-1, 2)
    weights = np.array([found[pair] for pair in order], dtype=np.float32)
    return ids[:, 0], ids[:, 1], weights


_NEAR_NUMBER = (
    0.7  # weight of figures that are one quantity rounded, or a decade with and without its century
)


def _near_numbers(src_vocab: Sequence[str], tgt_vocab: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of number tokens that are not equal but say one quantity."""
    left, right = (
        [
            (number, Fraction(token[1:]))
            for number, token in enumerate(vocab)
            if _NUMBER_TOKEN.fullmatch(token)
        ]
        for vocab in (src_vocab, tgt_vocab)
    )
    places = sorted((value, number) for number, value in right)
    values = [value for value, _ in places]
    for number, value in left:
        near = range(
            bisect_left(values, value * Fraction(9, 10)), bisect_right(values, value * Fraction(11, 10))
        )
        last = value % 100
        decade = range(bisect_left(values, last), bisect_right(values, last) * (value > _EARLIEST_YEAR))
        for at in (*near, *decade):
            if value != values[at] and same_quantity(value, values[at]):
                yield number, places[at][1]


# Words of two languages that begin alike are often one word (Simard, Foster & Isabelle 1992 take four
# letters).
_COGNATE_LETTERS = 4
_COGNATE_SHARE = 0.5


def _cognates(src_vocab: Sequence[str], tgt_vocab: Sequence[str]) -> dict[tuple[int, int], float]:
    """Pairs of tokens of spaced scripts that begin alike, by the share of letters in common."""
    starts: dict[str, list[tuple[int, str]]] = {}
    for number, token in enumerate(tgt_vocab):
        bare = _bare(token)
        if bare:
            starts.setdefault(bare[:_COGNATE_LETTERS], []).append((number, bare))
    found = {}
    for number, token in enumerate(src_vocab):
        bare = _bare(token)
        for other, candidate in starts.get(bare[:_COGNATE_LETTERS], ()) if bare else ():
            share = _common_start(bare, candidate) / max(len(bare), len(candidate))
            if share >= _COGNATE_SHARE:
                found[number, other] = share * share
    return found


def _common_start(left: str, right: str) -> int:
    shorter = min(len(left), len(right))
    return next((at for at in range(shorter) if left[at] != right[at]), shorter)


def _bare(token: str) -> str:
    """`token` without accents; empty where it is no word of a spaced script, or too short to compare."""
    if len(token) < _COGNATE_LETTERS or not token.isalpha() or is_unspaced(token[0]):
        return ""
    return (
        token if token.isascii() else "".join(c for c in unicodedata.normalize("NFD", token) if c.isalpha())
    )


# IBM Model 1 (Brown et al. 1993). Five rounds settle the ranking; a null word takes what nothing explains.
ROUNDS = 5
_NULL_WORDS = 1.0
SEEN_AT_LEAST = 2
LEAST_PROBABILITY = 0.03
_DOUBT = 1.0  # linked n times, a pair keeps n / (n + 1) of its probability: two coincidences are no proof
_LARGEST_BEAD = 120  # tokens a side: longer ones say little about words and cost their product


def learn(
    src_token_ids: Sequence[NDArray[np.int32]],
    tgt_token_ids: Sequence[NDArray[np.int32]],
    confidence: NDArray[np.floating] | Sequence[float] | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """A lexicon learned from sure beads: bead i holds `src_token_ids[i]` and `tgt_token_ids[i]`.

    `confidence` (n,) weighs the beads. IBM Model 1 runs in both directions over pairs seen together in two
    beads or more; returns `src_ids`, `tgt_ids` and the geometric mean of both probabilities, best first a
    source.
    """
    weights = np.ones(len(src_token_ids)) if confidence is None else np.asarray(confidence, dtype=np.float64)
    if not len(src_token_ids) == len(tgt_token_ids) == len(weights):
        raise ValueError(
            f"{len(src_token_ids)} sources, {len(tgt_token_ids)} targets, {len(weights)} confidences"
        )
    src = [np.unique(ids)[:_LARGEST_BEAD] for ids in src_token_ids]
    tgt = [np.unique(ids)[:_LARGEST_BEAD] for ids in tgt_token_ids]
    bead, source, target, width = _cooccurrences(src, tgt)
    if not len(bead):
        return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32)
    keys, pair, seen = np.unique(source * width + target, return_inverse=True, return_counts=True)
    kept = seen[pair] >= SEEN_AT_LEAST
    bead, source, target, pair = bead[kept], source[kept], target[kept], pair[kept]
    weight = weights[bead]
    forward, times = _model_one(pair, len(keys), keys // width, bead * width + target, weight)
    height = int(keys[-1] // width) + 1
    backward, _ = _model_one(pair, len(keys), keys % width, bead * height + source, weight)
    probability = np.sqrt(forward * backward) * times / (times + _DOUBT)
    sure = np.flatnonzero(probability >= LEAST_PROBABILITY)
    sure = sure[np.lexsort((-probability[sure], keys[sure] // width))]
    return (
        (keys[sure] // width).astype(np.int32),
        (keys[sure] % width).astype(np.int32),
        probability[sure].astype(np.float32),
    )


def _cooccurrences(
    src: Sequence[NDArray[np.int32]], tgt: Sequence[NDArray[np.int32]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], int]:
    """Each source token with each target token of its bead: beads, sources, targets (n,), targets' width."""
    sizes = np.array([len(a) * len(b) for a, b in zip(src, tgt, strict=True)], dtype=np.int64)
    bead = np.repeat(np.arange(len(sizes)), sizes)
    if not len(bead):
        return bead, bead, bead, 1
    source = np.concatenate([np.repeat(a, len(b)) for a, b in zip(src, tgt, strict=True)]).astype(np.int64)
    target = np.concatenate([np.tile(b, len(a)) for a, b in zip(src, tgt, strict=True)]).astype(np.int64)
    return bead, source, target, int(target.max()) + 1


def _model_one(
    pair: NDArray[np.int64], pairs: int, given: NDArray[np.int64], explained: NDArray[np.int64],
    weight: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """p(other | given) for each of `pairs` and how often it was linked.

    Expectation maximisation over the co-occurrences `pair` (n,).
    """
    _, group = np.unique(explained, return_inverse=True)
    totals = np.bincount(given, weights=np.bincount(pair, weights=weight, minlength=pairs))
    probability: NDArray[np.float64] = np.bincount(pair, weights=weight, minlength=pairs) / np.maximum(
        totals[given], 1e-12
    )
    null = _NULL_WORDS / max(1, len(np.unique(given)))
    counts = np.zeros(pairs, dtype=np.float64)
    for _ in range(ROUNDS):
        share = probability[pair]
        total = np.bincount(group, weights=share) + null
        share = share * weight / total[group]
        counts = np.bincount(pair, weights=share, minlength=pairs).astype(np.float64)
        totals = np.bincount(given, weights=counts)
        probability = counts / np.maximum(totals[given], 1e-12)
    return probability, counts
