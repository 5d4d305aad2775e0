"""Zip containers (docx, xlsx, epub) read in memory, with a limit on what they may expand to."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aligner.read.reading import MAX_EXPANDED_BYTES, Source
from aligner.read.xml import attribute, parse_xml

# Office XML packs 10 to 40 times; deflate can't exceed 1032. Small members may pack better without harm.
MAX_RATIO = 200
_RATIO_FLOOR = 8 * 1024 * 1024
# One XML member becomes a tree in memory; measured, up to 17 times its size, so some 800 MB.
MAX_MEMBER_BYTES = 48 * 1024 * 1024
# Pictures, sounds and fonts are never unpacked: they don't count.
_MEDIA = re.compile(
    r"\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|webp|wdp|mp[34]|m4[av]|wav|avi|mov|[to]tf|woff2?|odttf|bin|pdf)$",
    re.I,
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# A document type in any of the encodings XML allows without being told.
DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Archive:
    """The members of a zip file. Nothing is ever written to disk, so names can't leave a folder."""

    source: Source
    zip: zipfile.ZipFile
    names: frozenset[str]

    def read(self, name: str) -> bytes:
        """The bytes of a member that becomes a tree. Raises `InputError` where it is missing, damaged or too large."""
        name = posixpath.normpath(name).lstrip("/")
        if name not in self.names:
            raise self.source.refuse(
                f"damaged: it has no part {name!r}; open it in its own program and save it again"
            )
        member = self.zip.getinfo(name)
        if member.file_size > MAX_MEMBER_BYTES:
            raise self.source.refuse(
                f"its part {name!r} expands to {member.file_size >> 20} MiB from {member.compress_size >> 10} KiB; "
                f"up to {MAX_MEMBER_BYTES >> 20} MiB are read: split the document"
            )
        return self._unpack(member)

    def read_document(self, name: str) -> bytes:
        """The bytes of a member that is a file by itself, of whatever kind. Raises `InputError` as `read`."""
        member = self.zip.getinfo(name)
        if member.file_size > min(MAX_EXPANDED_BYTES, max(_RATIO_FLOOR, MAX_RATIO * member.compress_size)):
            raise self.source.refuse(
                f"its part {name!r} expands beyond all measure, as only an attack does; refused"
            )
        return self._unpack(member)

    def _unpack(self, member: zipfile.ZipInfo) -> bytes:
        name = member.filename
        if member.flag_bits & _ENCRYPTED:
            raise self.source.refuse("protected with a password; save it without one")
        if member.compress_type not in _METHODS:
            raise self.source.refuse(f"its part {name!r} is packed in an unusual way; save it again")
        try:
            return self.zip.read(member)  # stops at the size declared, which was added up before
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise self.source.refuse(f"damaged: its part {name!r} can't be unpacked ({error})") from None

    def refuse_doctypes(self) -> None:
        """Raise `InputError` where an XML part declares a document type, which office formats forbid."""
        for name in sorted(self.names):
            if not name.endswith((".xml", ".rels")):
                continue
            data = self._unpack(self.zip.getinfo(name))
            if any(mark in data for mark in DOCTYPES):
                raise self.source.refuse(
                    f"its part {name!r} declares a document type, which may be an attack; refused"
                )


@contextmanager
def open_archive(source: Source) -> Iterator[Archive]:
    """The zip file in `source`. Raises `InputError` where it is damaged or would expand beyond the limits."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(source.data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise source.refuse(f"damaged or cut off ({error}); get the file again") from None
    with archive:
        members = [m for m in archive.infolist() if not _MEDIA.search(m.filename)]
        if sum(member.file_size for member in members) > MAX_EXPANDED_BYTES:
            raise source.refuse(
                f"expands to more than {MAX_EXPANDED_BYTES >> 20} MiB beside its pictures; split the document"
            )
        if any(m.file_size > max(_RATIO_FLOOR, MAX_RATIO * m.compress_size) for m in members):
            raise source.refuse(
                f"a part expands more than {MAX_RATIO} times, as only an attack does; refused"
            )
        yield Archive(source, archive, frozenset(archive.namelist()))


def relations(archive: Archive, part: str) -> list[Any]:
    """What a part of an office document says of those that it refers to; nothing where it refers to none."""
    folder, name = posixpath.split(part)
    member = posixpath.join(folder, "_rels", f"{name}.rels")
    if member not in archive.names:
        return []
    return list(parse_xml(archive.source, archive.read(member), member))


def external_links(archive: Archive, part: str) -> dict[str, str]:
    """The addresses outside the document that a part's links lead to, by their id."""
    return {
        attribute(each, "Id"): attribute(each, "Target")
        for each in relations(archive, part)
        if attribute(each, "TargetMode") == "External"
    }
