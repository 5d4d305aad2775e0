"""A TMX as pieces of text, one a translation unit, whatever its encoding, in constant memory.

The file is cut by its `<tu` tags before any XML parser sees it, so one broken unit does not hide the others.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from aligner.check.plain import PLAIN_UNIT
from aligner.errors import AlignerError, InputError
from aligner.files import ordinary
from aligner.read.reading import Source
from aligner.read.text import decode

_CHUNK = 1 << 20
# The XML declaration stands at the very beginning; a guess at the encoding needs more.
_HEAD, _SAMPLE = 1_024, 4 << 20
# No real unit comes near; what is longer is an attack or a file without ends of units.
MOST_CHARACTERS = 16_000_000
# No real tag comes near; after so many characters a quotation mark is missing.
_LONGEST_TAG = 65_536
# A token cut by the end of a chunk is at most so long.
_LONGEST_TOKEN = 16

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(r"\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([\w.:-]+)")
_TOKEN = re.compile(r"<!--|<!\[CDATA\[|<tu(?=[\s/>])|</tu\s{0,8}>|</(?:body|tmx)\s{0,8}>")
_CLOSING = {"<!--": "-->", "<![CDATA[": "]]>"}
_TAG = re.compile(r"<tu(?:[^\"'<>]++|\"[^\"]*+\"|'[^']*+')*+>")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is written: `used` really, `declared` by itself; `mark` where it begins with a BOM.

    `surrogates` where it holds halves of surrogate pairs, `damaged` where bytes mean nothing in `used`.
    """

    used: str
    declared: str = ""
    mark: bool = False
    surrogates: bool = False
    damaged: bool = False
    ascii_only: bool = False

    @property
    def contradicts(self) -> bool:
        """Whether the declaration (UTF-8 where there is none) is not what the bytes are."""
        declared = family(self.declared or ("utf-8" if not self.mark else self.used))
        if self.ascii_only:
            return declared.startswith(("utf-16", "utf-32"))
        return declared != family(self.used)


def family(encoding: str) -> str:
    """The encoding's name without byte order, its superset for the Chinese ones; as it is where unknown."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return encoding.lower()
    name = name.removesuffix("-le").removesuffix("-be").removesuffix("-sig")
    return {"gb2312": "gb18030", "gbk": "gb18030"}.get(name, name)


def find_encoding(path: Path) -> Encoding:
    """How the file at `path` is written: byte order mark, then UTF-8, then its declaration, then a guess."""
    with opened(path) as file:
        head = file.read(_HEAD)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _marked(path, name, _declaration(head[len(mark) :], name), mark=True)
    if head[:2] in (b"<\0", b"\0<"):
        name = "utf-16-le" if head[0] else "utf-16-be"
        return _marked(path, name, _declaration(head, name), mark=False)
    declared = _declaration(head, "latin-1")
    if _decodes(path, "utf-8", "strict"):
        ascii_only = family(declared or "utf-8") != "utf-8" and _decodes(path, "ascii", "strict")
        return Encoding("utf-8", declared, ascii_only=ascii_only)
    if _decodes(path, "utf-8", "surrogatepass"):
        return Encoding("utf-8", declared, surrogates=True)
    if declared and family(declared) != "utf-8" and _decodes(path, family(declared), "strict"):
        return Encoding(family(declared), declared)
    guessed = _guess(path)
    return Encoding(guessed, declared, damaged=not _decodes(path, guessed, "strict"))


def _marked(path: Path, used: str, declared: str, mark: bool) -> Encoding:
    strict = _decodes(path, used, "strict")
    surrogates = not strict and _decodes(path, used, "surrogatepass")
    return Encoding(used, declared, mark, surrogates, damaged=not strict and not surrogates)


def _declaration(head: bytes, encoding: str) -> str:
    found = _DECLARED.match(head.decode(encoding, errors="replace"))
    return found[1] if found else ""


def _decodes(path: Path, encoding: str, errors: str) -> bool:
    try:
        decoder = codecs.getincrementaldecoder(encoding)(errors)
        for chunk in _bytes_of(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except (UnicodeError, LookupError, ValueError):
        return False
    return True


def _guess(path: Path) -> str:
    with opened(path) as file:
        sample = file.read(_SAMPLE)
    try:
        return decode(Source(str(path), sample)).encoding
    except AlignerError:
        return "utf-8"


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked where it is gzipped. Raises `InputError` where it can't be read."""
    try:
        with ordinary(path).open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            if not packed:
                yield file
                return
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield cast(IO[bytes], unpacked)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise InputError(f"{path}: its gzip packing is damaged or cut short; get the file again") from None
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the name and the folder") from None
    except IsADirectoryError:
        raise InputError(f"{path}: a folder, not a file; name a TMX in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: can't be read ({reason}); check its name and permissions") from None


def _bytes_of(path: Path) -> Iterator[bytes]:
    with opened(path) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def text_of(path: Path, encoding: Encoding) -> Iterator[str]:
    """The file's characters, chunk by chunk, without its byte order mark; undecodable bytes as U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding.used)("replace" if encoding.damaged else "surrogatepass")
    first = True
    for chunk in _bytes_of(path):
        text = decoder.decode(chunk)
        yield text.removeprefix("\ufeff") if first else text
        first = first and not text
    yield decoder.decode(b"", final=True)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the file: its `head`, a `unit`, a `gap` with anything but blanks, or its `tail`.

    `closed` is False for a unit without its `</tu>`. `line` is where it begins, from one. `plain` is there where
    `PLAIN_UNIT` matched a unit.
    """

    kind: str
    text: str
    line: int
    closed: bool = True
    plain: re.Match[str] | None = None


def pieces(chunks: Iterable[str], name: str) -> Iterator[Piece]:
    """The file's pieces in order; the first is the head, blank gaps are left out.

    Raises `InputError` where a piece grows beyond `MOST_CHARACTERS`.
    """
    cutter = _Cutter(name)
    for chunk in chunks:
        yield from cutter.feed(chunk)
    yield from cutter.finish()


class _Cutter:
    def __init__(self, name: str) -> None:
        self.name = name
        self.buffer = ""
        self.start = self.search = 0
        self.line = 1
        self.kind = "head"
        self.ended = False
        # Comments or sections that no end follows: looking for it once is enough.
        self.unclosed: set[str] = set()

    def feed(self, chunk: str) -> Iterator[Piece]:
        self.buffer = self.buffer[self.start :] + chunk
        self.search -= self.start
        self.start = 0
        yield from self._cut()
        if len(self.buffer) - self.start > MOST_CHARACTERS:
            raise InputError(
                f"{self.name}: what begins in line {self.line} has no end within {MOST_CHARACTERS:,} "
                "characters; export it again"
            )

    def finish(self) -> Iterator[Piece]:
        self.ended = True
        yield from self._cut()
        yield from self._emit(len(self.buffer), "tail", closed=False)

    def _cut(self) -> Iterator[Piece]:
        while match := _TOKEN.search(self.buffer, self.search):
            mark = match[0]
            if mark in _CLOSING:
                end = -1 if mark in self.unclosed else self.buffer.find(_CLOSING[mark], match.end())
                if end < 0 and not self.ended:
                    self.search = match.start()
                    return
                if end < 0:
                    self.unclosed.add(mark)
                self.search = match.end() if end < 0 else end + len(_CLOSING[mark])
            elif mark == "<tu":
                if plain := PLAIN_UNIT.match(self.buffer, match.start()):
                    yield from self._emit(match.start(), "unit", closed=False)
                    yield from self._emit(plain.end(), "gap", plain=plain)
                    continue
                if not self._tag_is_complete(match.start()):
                    self.search = match.start()
                    return
                yield from self._open(match.start())
            elif mark.startswith("</tu") and self.kind == "unit":
                yield from self._emit(match.end(), "gap")
            elif mark[2] in "bt" and not mark.startswith("</tu") and self.kind in ("unit", "gap"):
                yield from self._emit(match.start(), "tail", closed=False)
                self.search = match.end()
            else:
                self.search = match.end()
        self.search = max(self.search, len(self.buffer) - _LONGEST_TOKEN)

    def _tag_is_complete(self, at: int) -> bool:
        waiting = len(self.buffer) - at < _LONGEST_TAG and not self.ended
        return not waiting or _TAG.match(self.buffer, at) is not None

    def _open(self, at: int) -> Iterator[Piece]:
        yield from self._emit(at, "unit", closed=False)
        tag = _TAG.match(self.buffer, at)
        self.search = tag.end() if tag else at + len("<tu")
        if tag and tag[0].endswith("/>"):
            yield from self._emit(tag.end(), "gap")

    def _emit(
        self, end: int, following: str, closed: bool = True, plain: re.Match[str] | None = None
    ) -> Iterator[Piece]:
        text = self.buffer[self.start : end]
        if self.kind != "gap" or text.strip():
            yield Piece(self.kind, text, self.line, closed or self.kind != "unit", plain)
        self.line += text.count("\n")
        self.start = self.search = end
        self.kind = following
