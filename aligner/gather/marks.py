"""The marks that end sentences."""

from __future__ import annotations

_FINALS = {"。": 1, ".": 1, "．": 1, "?": 2, "？": 2, "؟": 2, "!": 3, "！": 3, "…": 4, ":": 4, "：": 4}

_AFTER_FINAL = "”\"’'」』»)）〉》]】 "


def _final(sentence: str) -> int:
    """Class of the closing mark: 0 none, 1 stop, 2 question, 3 exclamation, 4 colon or ellipsis."""
    return _FINALS.get(sentence.rstrip(_AFTER_FINAL)[-1:], 0)
