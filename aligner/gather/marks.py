"""Quotations that are open, and the marks that end sentences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aligner.engine.evidence import Ints

_OPENING, _CLOSING = "“«「『„", "”»」』"

_FINALS = {"。": 1, ".": 1, "．": 1, "?": 2, "？": 2, "؟": 2, "!": 3, "！": 3, "…": 4, ":": 4, "：": 4}

_AFTER_FINAL = "”\"’'」』»)）〉》]】 "


def _open_quotes(clauses: list[str], paragraphs: Ints) -> NDArray[np.bool_]:
    """Whether a quotation is open after each clause; a straight quote turns the state, a new paragraph ends it."""
    state, states, last = False, [False], 0
    for clause, paragraph in zip(clauses, paragraphs.tolist(), strict=True):
        if paragraph != last:
            state, last = False, paragraph
            states[-1] = False
        for character in clause:
            if character in _OPENING:
                state = True
            elif character in _CLOSING:
                state = False
            elif character == '"':
                state = not state
        states.append(state)
    return np.array(states, dtype=bool)


def _final(sentence: str) -> int:
    """Class of the closing mark: 0 none, 1 stop, 2 question, 3 exclamation, 4 colon or ellipsis."""
    return _FINALS.get(sentence.rstrip(_AFTER_FINAL)[-1:], 0)
