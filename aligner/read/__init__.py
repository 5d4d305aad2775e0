"""Read a file of any format translators have into text with its paragraphs; one module a format."""

from __future__ import annotations

import re
import stat
import sys
from collections.abc import Collection
from pathlib import Path

from aligner.errors import InputError
from aligner.read.collection import Documents
from aligner.read.formats import Format, formats, reader_of, with_reader
from aligner.read.reading import Column, Reading, Source

__all__ = [
    "Column", "Documents", "Format", "Reading", "Source", "read_bytes", "read_documents", "read_file", "with_reader",
]  # fmt: skip


# What a file's first bytes say it is, where nothing here can read it: what it is and what to do about it.
_UNREADABLE = (
    (b'{"format": "aligner/', "an alignment saved by this programme; use `align export`"),
    (b"\x89PNG", "a picture; its text has to be recognised (OCR) first"),
    (b"\xff\xd8\xff", "a picture; its text has to be recognised (OCR) first"),
    (b"GIF8", "a picture; its text has to be recognised (OCR) first"),
    (b"\x1f\x8b", "packed with gzip; unpack it first"),
    (b"BZh", "packed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "packed with xz; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"\x7fELF", "a programme, not a text"),
    (b"MZ\x90", "a programme, not a text"),
    (b"SQLite format 3", "a database, not a text; export it as TMX or XLIFF"),
)
_PDF_WITHIN = 1_024  # Where readers look for a PDF's mark.
_HEAD = 4_096
_HTML = re.compile(r"<!doctype\s+html|<(?:html|head|body)[\s>]", re.I)
_SUBRIP = re.compile(rb"\s*\d+[ \t]*\r?\n[ \t]*(?:\d+:)?\d+:\d\d[,.]\d+[ \t]*-->")


def read_file(path: str | Path, *, encoding: str | None = None, off: Collection[str] = ()) -> Reading:
    """Read the file at `path`, `-` for standard input.

    The format is found by content first, then by suffix. `encoding` forces the character set of formats that
    are plain text underneath, `off` names rules of `aligner.read.rules` not to apply. Raises `InputError` for
    what can't be read, `UsageError` for an unknown `encoding`.
    """
    name = "standard input" if str(path) == "-" else str(path)
    if str(path) == "-" and sys.stdin is None:
        raise InputError("standard input is closed; name a file, or send the text in")
    is_file = str(path) != "-"
    data = _load(Path(path)) if is_file else sys.stdin.buffer.read()
    return read_bytes(Source(name, data, encoding, frozenset(off), Path(path).parent if is_file else None))


def read_documents(
    path: str | Path, *, encoding: str | None = None, off: Collection[str] = ()
) -> Documents | None:
    """The documents of a folder or a `.zip` at `path`, None for any other path. Raises as `read_file`."""
    from aligner.read.collection import is_zip_of_documents, read_folder, read_zip

    place = Path(path)
    if str(path) == "-":
        return None
    if place.is_dir():
        return read_folder(place, encoding, off, read_bytes)
    if not is_zip_of_documents(place):
        return None
    source = Source(str(path), _load(place), encoding, frozenset(off))
    return None if _is_office(source) else read_zip(source, read_bytes)


def _is_office(source: Source) -> bool:
    """Whether a zip is one document, whatever its name."""
    from aligner.read.archive import open_archive

    with open_archive(source) as archive:
        says_so = {"[Content_Types].xml", "mimetype", "META-INF/container.xml"} & archive.names
        return bool(says_so) and _kind_within(archive.names) is not None


def read_bytes(source: Source) -> Reading:
    """Read what is in memory already; `source.name` is for messages and its suffix."""
    if not source.data.strip():
        raise source.refuse("the file is empty; nothing to align")
    kind = find_kind(source)
    try:
        return reader_of(kind)(source)
    except RecursionError:
        raise source.refuse("nested too deeply; open it in its own program and save it again") from None


def find_kind(source: Source) -> str:
    """Which kind of file it is: by first bytes, a zip's members or an XML root, then by suffix."""
    data = source.data
    for mark, what in _UNREADABLE:
        if data.startswith(mark):
            raise source.refuse(what)
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(source)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "legacy"
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    by_suffix = next((each.kind for each in formats() if source.suffix in each.suffixes), "")
    marked = _kind_of_markup(data)
    if marked:
        return marked
    if data.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT") or _SUBRIP.match(
        data.removeprefix(b"\xef\xbb\xbf")
    ):
        return "subtitles"
    return by_suffix or _kind_of_text(source)


def _kind_of_zip(source: Source) -> str:
    from aligner.read.archive import open_archive

    with open_archive(source) as archive:
        kind = _kind_within(archive.names)
    if kind is None:
        raise source.refuse(
            "a zip file, but no office document or e-book; name it .zip if it holds documents, or unpack it"
        )
    return kind


def _kind_within(names: Collection[str]) -> str | None:
    for each in formats():
        if each.member and any(name.startswith(each.member) for name in names):
            return each.kind
    return None


def _kind_of_markup(data: bytes) -> str:
    from aligner.read.xml import end_of_prolog, root_name

    root = root_name(data)
    for each in formats():
        if root and each.root == root:
            return each.kind
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    return "html" if _HTML.match(head, end_of_prolog(head, doctype=False)) else ""


def _kind_of_text(source: Source) -> str:
    from aligner.read.jsonl import is_json_lines
    from aligner.read.table import is_tabbed
    from aligner.read.text import decode

    if source.data.lstrip().startswith(b"{") and is_json_lines(decode(source).text):
        return "jsonl"
    return "table" if b"\t" in source.data and is_tabbed(decode(source).text) else "txt"


def _load(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{path}: a folder, not a file; name a file in it")
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            raise InputError(f"{path}: a device, not an ordinary file; name a file")
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the name and the folder") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: can't be read ({reason}); check its name and permissions") from None
