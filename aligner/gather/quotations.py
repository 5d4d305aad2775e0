"""Whether a quotation is open after each sentence: marks are told by their direction, quotations may be nested.

A stack of kinds, double and single, is kept through a paragraph. Marks that look one way keep their direction; a
closing mark takes its kind and all above it off the stack. Straight marks, and marks that a language turns the other
way round, go by what stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aligner.language.facts import facts
from aligner.language.tags import primary

_DOUBLE, _SINGLE = "double", "single"
# Marks that look the same way in every language that writes them.
_OPENING = {
    "「": _DOUBLE,
    "﹁": _DOUBLE,
    "『": _SINGLE,
    "﹃": _SINGLE,
    "„": _DOUBLE,
    "‚": _SINGLE,
    "〝": _DOUBLE,
}
_CLOSING = {"」": _DOUBLE, "﹂": _DOUBLE, "』": _SINGLE, "﹄": _SINGLE, "〞": _DOUBLE, "〟": _DOUBLE}
# Marks that open in most languages and close in German („…“, »…«), or the reverse (Swedish ”…”).
_MOSTLY_OPENING = {"“": _DOUBLE, "‘": _SINGLE, "«": _DOUBLE, "‹": _SINGLE}
_MOSTLY_CLOSING = {"”": _DOUBLE, "’": _SINGLE, "»": _DOUBLE, "›": _SINGLE}
_LOW = {"“": "„", "‘": "‚", "«": "»", "‹": "›"}  # what the mark closes where it was opened by that
_STRAIGHT = {'"': _DOUBLE, "＂": _DOUBLE, "'": _SINGLE, "＇": _SINGLE}
_APOSTROPHES = "'’＇"
# English words that begin with an apostrophe; a name of a decade ('90s) begins with a figure.
_CLIPPED = (
    "em", "tis", "twas", "twill", "til", "till", "cause", "bout", "round", "neath", "n", "s", "d", "ll", "re",
    "ve", "m", "t",
)  # fmt: skip
_DECADE = re.compile(r"\d\d(s)?")
_BEFORE_OPENING = "([{—–-―/（【〈《…:：,，"
_AFTER_OPENING = "([{—–-―…¿¡“‘«„‚$€£#&@*_.'\""
_BLANK = " "


def open_quotations(sentences: Sequence[str], paragraphs: NDArray[np.int64], lang: str) -> NDArray[np.bool_]:
    """Whether a quotation is open before the first sentence and after each, bool (n + 1,).

    `paragraphs`: int64 (n,), the paragraph of each sentence; a new one begins with nothing open.
    """
    elides = facts(primary(lang)).get("elides", False)
    states, stack = [False], list[str]()
    last = paragraphs[0] if len(paragraphs) else 0
    for sentence, paragraph in zip(sentences, paragraphs.tolist(), strict=True):
        if paragraph != last:
            stack.clear()
            states[-1], last = False, paragraph
        _scan(sentence, stack, elides)
        states.append(bool(stack))
    return np.array(states, dtype=bool)


def _scan(sentence: str, stack: list[str], elides: bool) -> None:
    """Follow the marks of a sentence; `stack`, the marks that are open, is changed."""
    for place, mark in enumerate(sentence):
        if mark not in _KINDS:
            continue
        before = sentence[place - 1] if place else _BLANK
        after = sentence[place + 1] if place + 1 < len(sentence) else _BLANK
        if mark in _APOSTROPHES and (elides or _is_apostrophe(sentence, place, before, after)):
            continue
        direction = _direction(mark, before, after, stack)
        if direction:
            _close(
                mark, stack
            )  # a second opening mark of a kind goes on with it, as at the head of a paragraph
        if direction > 0:
            stack.append(mark)


def _direction(mark: str, before: str, after: str, stack: Sequence[str]) -> int:
    """1 where the mark opens a quotation, -1 where it closes one, 0 where it is neither."""
    if mark in _OPENING:
        return 1
    if mark in _CLOSING:
        return -1
    if mark in _MOSTLY_OPENING:
        return -1 if _LOW[mark] in stack else 1
    is_open = _KINDS[mark] in (_KINDS[other] for other in stack)
    begins = (before.isspace() or before in _BEFORE_OPENING) and (after.isalnum() or after in _AFTER_OPENING)
    if mark in _MOSTLY_CLOSING:
        return 1 if begins and not is_open and after.isalnum() else -1
    return _straight_direction(before, after, begins, is_open)


def _straight_direction(before: str, after: str, begins: bool, is_open: bool) -> int:
    if begins:
        return 1
    if not before.isspace():
        return -1 if is_open else 0
    return -1 if is_open else 1


def _close(mark: str, stack: list[str]) -> None:
    """Take the innermost quotation of the mark's kind off the stack, with all that is open inside it."""
    for place in range(len(stack) - 1, -1, -1):
        if _KINDS[stack[place]] == _KINDS[mark]:
            del stack[place:]
            return


def _is_apostrophe(sentence: str, place: int, before: str, after: str) -> bool:
    if before.isalnum() and after.isalnum() and before.isascii() == after.isascii():
        return True
    if before.isalnum() or not after.isalnum():
        return False
    word = sentence[place + 1 : place + 6]
    word = word[: next((n for n, letter in enumerate(word) if not letter.isalnum()), len(word))].lower()
    return word in _CLIPPED or bool(_DECADE.fullmatch(word))


_KINDS = {**_OPENING, **_CLOSING, **_MOSTLY_OPENING, **_MOSTLY_CLOSING, **_STRAIGHT}
