"""Java's .properties: a key and a text a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aligner.read.keys import Entry, keyed
from aligner.read.reading import Reading, Source
from aligner.read.text import decode

# java.util.Properties.load: a line goes on where an odd number of backslashes ends it.
_GOES_ON = re.compile(r"(?<!\\)(?:\\\\)*\\$")
_KEY = re.compile(r"((?:\\.|[^\s:=\\])*)[ \t\f]*[:=]?[ \t\f]*", re.S)
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
    line = ""
    for part in text.split("\n"):
        part = part.lstrip(" \t\f")
        if not line and (not part or part[0] in "#!"):
            continue
        if _GOES_ON.search(part):
            line += part[:-1]
        else:
            yield line + part
            line = ""
    if line:
        yield line


def _unescape(text: str) -> str:
    unescaped = _ESCAPE.sub(
        lambda found: chr(int(found[1][1:], 16)) if len(found[1]) > 1 else _WRITTEN.get(found[1], found[1]),
        text,
    )
    return joined_surrogates(unescaped)


def joined_surrogates(text: str) -> str:
    """`text` with characters that were escaped as two halves (UTF-16) made whole; a lone half is U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
