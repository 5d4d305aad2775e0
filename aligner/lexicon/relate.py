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

from aligner.language.joints import is_unspaced
from aligner.language.numerals.number import same_quantity
from aligner.language.tags import primary
from aligner.lexicon.dictionary import Headwords, chinese_headwords, spelled_syllables, translations_of
from aligner.lexicon.glossary import Glossary
from aligner.lexicon.tokens import NUMBER_MARK, stemmer, words_of

_EARLIEST_YEAR = 1000

# Longer figures are keys or noise, and Python refuses to read 4,301 digits at once.
_NUMBER_TOKEN = re.compile(rf"{NUMBER_MARK}\d{{1,100}}(?:\.\d{{1,100}})?", re.ASCII)


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
