"""The marks that end sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import regex
from numpy.typing import NDArray

_FINALS = {"。": 1, ".": 1, "．": 1, "?": 2, "？": 2, "؟": 2, "!": 3, "！": 3, "…": 4, ":": 4, "：": 4}

_AFTER_FINAL = "”\"’'」』»)）〉》]】 "


def _final(sentence: str) -> int:
    """Class of the closing mark: 0 none, 1 stop, 2 question, 3 exclamation, 4 colon or ellipsis."""
    return _FINALS.get(sentence.rstrip(_AFTER_FINAL)[-1:], 0)


_CLOSING = regex.compile(r"(?![.…\s]*$)[\p{Pe}\p{Pf}.!?…,;:\"'。！？｡，；：、؟،؛।॥\s]+")


def only_closing(sentences: Sequence[str]) -> NDArray[np.bool_]:
    """Which sentences are nothing but marks that close another, bool (n,); dots may be a silence of their own."""
    return np.array([_CLOSING.fullmatch(sentence) is not None for sentence in sentences], dtype=bool)


_SMALL_FIRST = regex.compile(r"[^\p{L}\p{N}]*\p{Ll}(?![).])")  # but no label of an item


def begin_midway(sentences: Sequence[str]) -> NDArray[np.bool_]:
    """Which sentences begin with a small letter, and not after a colon: what is left of one that was cut, bool (n,)."""
    small = np.array([_SMALL_FIRST.match(sentence) is not None for sentence in sentences], dtype=bool)
    announced = np.array(
        [sentence.rstrip(_AFTER_FINAL).endswith((":", "：")) for sentence in sentences], dtype=bool
    )
    small[1:] &= ~announced[:-1]
    return small
