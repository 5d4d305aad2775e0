"""Java's .properties: a key and a text a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aligner.read.keys import Entry, keyed
from aligner.read.reading import Reading, Source
from aligner.read.text import decode

# Possessive, as what may be given back is held in memory: a hundred bytes a character.
_KEY = re.compile(r"((?:\\.|[^\s:=\\]++)*+)[ \t\f]*[:=]?[ \t\f]*", re.S)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.S)
_WRITTEN = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}


def read_properties(source: Source) -> Reading:
    """The texts by key, with their escapes resolved; comments are no text."""
    decoded = decode(source)
    return keyed(source, _entries(decoded.text), "properties", decoded)


def _entries(text: str) -> Iterator[Entry]:
    for line in _lines(text):
        found = _KEY.match(line)
        if found:
            yield Entry(_unescape(found[1]), _unescape(line[found.end() :]))


def _lines(text: str) -> Iterator[str]:
    begun: list[str] = []
    for part in text.split("\n"):
        part = part.lstrip(" \t\f")
        if not begun and (not part or part[0] in "#!"):
            continue
        if _goes_on(part):
            begun += [part[:-1]] if part[:-1] else []
        else:
            yield "".join([*begun, part])
            begun = []
    if begun:
        yield "".join(begun)


def _goes_on(line: str) -> bool:
    """Whether an odd number of backslashes ends it, as java.util.Properties.load has it."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _unescape(text: str) -> str:
    unescaped = _ESCAPE.sub(
        lambda found: chr(int(found[1][1:], 16)) if len(found[1]) > 1 else _WRITTEN.get(found[1], found[1]),
        text,
    )
    return joined_surrogates(unescaped)


def joined_surrogates(text: str) -> str:
    """`text` with characters that were escaped as two halves (UTF-16) made whole; a lone half is U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
