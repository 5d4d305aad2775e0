"""E-books: the chapters of an EPUB in reading order."""

from __future__ import annotations

import html.entities
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any
from urllib.parse import unquote

from aligner.read.archive import Archive, open_archive
from aligner.read.html import chapter_text
from aligner.read.html_text import render
from aligner.read.markup import Element, parse_xhtml
from aligner.read.reading import Reading, Source, Writing, document, join_lines
from aligner.read.rules import RULES
from aligner.read.stylesheets import mark_shifts, sheets_within
from aligner.read.xml import attribute, local_name, parse_xml
from aligner.text.counted import counted
from aligner.text.edits import EditedText

_PAGES = ("application/xhtml+xml", "text/html", "application/html+xml")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})


def read_epub(source: Source) -> Reading:
    """All chapters in spine order as one document; the table of contents is left out, on record."""
    parts: list[EditedText] = []
    named: Counter[str] = Counter()
    with open_archive(source) as archive:
        package_name = _package_name(archive)
        package = parse_xml(source, archive.read(package_name), package_name)
        locked = _locked(archive)
        sheet = cache(partial(_sheet, archive))  # all chapters link the same few
        for name, is_contents in _spine(package, posixpath.dirname(package_name)):
            if name in locked:
                raise source.refuse("locked by its shop (DRM); a copy without the lock is needed")
            named[name] += 1
            if named[name] == 1:
                root = _page(archive, name, sheet)
                is_left_out = is_contents and source.applies("epub-contents")
                parts.append(_left_out(root) if is_left_out else chapter_text(root, source.off))
    return document(source, join_lines(parts), "epub", "utf-8", _repeats(source, named))


def _repeats(source: Source, named: Counter[str]) -> tuple[str, ...]:
    """A note where the book names a chapter more than once, which EPUB forbids."""
    again = [name for name, times in named.items() if times > 1]
    if not again:
        return ()
    more = f" and {len(again) - 1} more" if len(again) > 1 else ""
    most = counted(max(named.values()), "time")
    return (f"{source.name}: names its part {again[0]!r}{more} again, up to {most}; read once",)


def _package_name(archive: Archive) -> str:
    container = parse_xml(archive.source, archive.read("META-INF/container.xml"), "META-INF/container.xml")
    for element in container.iter():
        if local_name(element) == "rootfile" and attribute(element, "full-path"):
            return posixpath.normpath(attribute(element, "full-path"))
    raise archive.source.refuse("a damaged EPUB: its container names no package file")


def _spine(package: Any, folder: str) -> Iterator[tuple[str, bool]]:
    """The name of each page in reading order, and whether it is the table of contents."""
    items = {attribute(element, "id"): element for element in package.iter() if local_name(element) == "item"}
    for reference in package.iter():
        item = items.get(attribute(reference, "idref")) if local_name(reference) == "itemref" else None
        if item is not None and attribute(item, "media-type") in _PAGES:
            name = posixpath.normpath(posixpath.join(folder, unquote(attribute(item, "href"))))
            yield name, "nav" in attribute(item, "properties").split()


def _locked(archive: Archive) -> frozenset[str]:
    """Members that are encrypted; fonts often are, without harm."""
    if "META-INF/encryption.xml" not in archive.names:
        return frozenset()
    root = parse_xml(archive.source, archive.read("META-INF/encryption.xml"), "META-INF/encryption.xml")
    references = [element for element in root.iter() if local_name(element) == "CipherReference"]
    return frozenset(posixpath.normpath(unquote(attribute(element, "URI"))) for element in references)


def _page(archive: Archive, name: str, sheet: Callable[[str], str]) -> Element:
    """A chapter's root element: as XML, or as HTML where it is malformed; UTF-8 where it doesn't say."""
    data = archive.read(name)
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    if "<!ENTITY" in text:
        raise archive.source.refuse(
            f"its part {name!r} declares XML entities, which may be an attack; refused"
        )
    body = re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.S)
    root = parse_xhtml(archive.source, _ENTITY.sub(_character, body), name)
    linked = (sheet(linked) for linked in _linked_sheets(root, posixpath.dirname(name)))
    mark_shifts(root, "\n".join([*linked, sheets_within(root)]))
    return root


def _linked_sheets(root: Element, folder: str) -> Iterator[str]:
    """The names of the style sheets that a page in a `folder` of the book links."""
    for element in root.walk():
        if element.name == "link" and "stylesheet" in element.get("rel").lower():
            yield posixpath.normpath(posixpath.join(folder, unquote(element.get("href"))))


def _sheet(archive: Archive, name: str) -> str:
    """A style sheet of the book, empty where there is none of the name."""
    return archive.read(name).decode("utf-8", errors="replace") if name in archive.names else ""


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    known = html.entities.html5.get(f"{name};") if name not in _PREDEFINED else None
    return known if known and not set(known) & set("<&>") else entity[0]


def _left_out(root: Element) -> EditedText:
    page = Writing()
    page.drop(" ".join(render(root, {}, frozenset(RULES)).text.split()), "epub-contents")
    return page.finish()
