"""The formatting of a pair's text for what a person looks at: stretches of text with what their letters have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from aligner.export.unit_codes import whole_pairs
from aligner.text.codes import ALONE, CLOSE, OPEN, Code

FACES = ("bold", "italic", "underlined", "strike", "superscript", "subscript")
"""What letters can have in a document or page."""
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
# An address that a person may follow from a document; all else stays text.
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>\"\\]{1,2000}", re.I)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to `address`; `pair` tells it from another one beside it."""

    pair: int
    address: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text with one formatting."""

    text: str
    faces: frozenset[str] = frozenset()
    link: Link | None = None


def stretches(text: str, codes: Sequence[Code]) -> Iterator[Stretch]:
    """`text` in stretches; an end whose other end is in another unit reaches as far as the text does."""
    whole = whole_pairs(codes)
    opened = [code for code in codes if code.kind == CLOSE and code.pair not in whole]
    position = 0
    for code in codes:
        if code.kind == ALONE:
            continue
        if code.at > position:
            yield _stretch(text[position : code.at], opened)
            position = code.at
        if code.kind == OPEN:
            opened.append(code)
        else:
            opened = [
                each for each in opened if each is not code and (not code.pair or each.pair != code.pair)
            ]
    if position < len(text):
        yield _stretch(text[position:], opened)


def _stretch(text: str, opened: Sequence[Code]) -> Stretch:
    faces = frozenset(code.type for code in opened if code.type in FACES)
    links = (Link(code.pair, address) for code in reversed(opened) if (address := _address(code)))
    return Stretch(text, faces, next(links, None))


def _address(code: Code) -> str:
    """Where a link leads outside the document, empty where it doesn't."""
    found = _HREF.search(code.data) if code.type == "link" else None
    address = unescape(found[1] or found[2] or "") if found else ""
    return address if _ADDRESS.fullmatch(address) else ""
