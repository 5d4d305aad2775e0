"""Apple's .strings: `"key" = "text";`, or a property list."""

from __future__ import annotations

import plistlib
import re
from collections.abc import Iterator
from xml.parsers.expat import ExpatError

from aligner.read.keys import Entry, keyed
from aligner.read.properties import joined_surrogates
from aligner.read.reading import Reading, Source
from aligner.read.text import Decoded, decode
from aligner.read.tree import Branch, localised

# Possessive, as what may be given back is held in memory: a hundred bytes a character.
_BLANK = re.compile(r"(?:\s++|/\*.*?\*/|//[^\n]*+)*+", re.S)
_TOKEN = re.compile(r'"((?:[^"\\]++|\\.)*+)"|([\w.$/:-]+)', re.S)
_ESCAPE = re.compile(r"\\(?:[uU]([0-9A-Fa-f]{4})|([0-7]{1,3})|(.))", re.S)
_WRITTEN = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "a": "\a", "b": "\b", "v": "\v"}


def read_strings(source: Source) -> Reading:
    """The texts by key, with their escapes resolved; comments are no text. Raises `InputError` where malformed."""
    if source.data.startswith(b"bplist00") or source.data.lstrip().startswith(b"<?xml"):
        try:
            tree = _tree(plistlib.loads(source.data))
        except (plistlib.InvalidFileException, ExpatError, ValueError, IndexError, TypeError) as error:
            raise source.refuse(f"a damaged property list: {error}") from None
        return localised(source, tree, "strings", Decoded("", "utf-8", ()))
    decoded = decode(source)
    return keyed(source, _entries(source, decoded.text), "strings", decoded)


def _tree(value: object) -> object:
    if isinstance(value, dict):
        return Branch(tuple((str(name), _tree(each)) for name, each in value.items()))
    return [_tree(each) for each in value] if isinstance(value, list) else value


def _entries(source: Source, text: str) -> Iterator[Entry]:
    place = _skip(text, 0)
    while place < len(text):
        key, place = _token(source, text, place)
        value = key
        if text[place : place + 1] == "=":
            value, place = _token(source, text, _skip(text, place + 1))
        if text[place : place + 1] != ";":
            raise _malformed(source, text, place, "a semicolon")
        # What gettext writes under no key describes the file.
        yield Entry(key, value) if key else Entry(key, "", ((value, "translator-note"),))
        place = _skip(text, place + 1)


def _token(source: Source, text: str, place: int) -> tuple[str, int]:
    """A string, quoted or not, and where what follows it begins."""
    found = _TOKEN.match(text, place)
    if not found:
        raise _malformed(source, text, place, "a string in quotation marks")
    written = found[2] if found[1] is None else joined_surrogates(_ESCAPE.sub(_character, found[1]))
    return written, _skip(text, found.end())


def _malformed(source: Source, text: str, place: int, wanted: str) -> Exception:
    return source.refuse(
        f"line {text.count(chr(10), 0, place) + 1}: {wanted} is missing there; `plutil -lint` checks it"
    )


def _skip(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return found.end() if found else place


def _character(escape: re.Match[str]) -> str:
    if escape[1] or escape[2]:
        return chr(int(escape[1], 16) if escape[1] else int(escape[2], 8))
    return _WRITTEN.get(escape[3], escape[3])
