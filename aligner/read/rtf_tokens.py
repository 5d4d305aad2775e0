"""The tokens of an RTF file: groups, control words, characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# A control word has at most 32 letters and takes one blank behind it with it; line ends are nothing.
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|(.)",
    re.S,
)


class Token(NamedTuple):
    """`kind` is `word`, `symbol`, `bytes`, `{` or `}`; a word may have a number."""

    kind: str
    word: str = ""
    number: int | None = None
    data: bytes = b""


def tokens(data: bytes) -> Iterator[Token]:
    """All tokens in order; what `\\bin` announces is passed over."""
    place = 0
    while found := _TOKEN.match(data, place):
        place = found.end()
        word, number, code, symbol, brace, text, stray = found.groups()
        if word:
            count = int(number) if number else None
            if word == b"bin":
                place += max(0, count or 0)
            else:
                yield Token("word", word.decode(), count)
        elif code:
            yield Token("bytes", data=bytes([int(code, 16)]))
        elif symbol:
            yield Token("symbol", symbol.decode("latin-1"))
        elif brace:
            yield Token(brace.decode())
        elif text or stray:
            yield Token("bytes", "raw", data=text or stray)
