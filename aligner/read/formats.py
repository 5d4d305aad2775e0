"""The formats that are read, a row each: how a file is known and what reads it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, cast

from aligner.read.reading import Reading, Source
from aligner.system.listed import listed_in


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: `read` is the module of this room with `read_MODULE`, loaded when needed, or the reader itself.

    It is known by the `root` of its XML, by the beginning of a `member` of its zip, else by one of `suffixes`,
    in lower case with the dot. `named` are suffixes of files that only their content makes one of this kind. What is
    told in other ways stands in `find_kind`. `gives` says what becomes of it in a folder: a "text" is a document of
    it, "keys" are read where there is no document, "pairs" are no part of a text in one language.
    """

    kind: str
    read: str | Callable[[Source], Reading]
    suffixes: tuple[str, ...] = ()
    root: str = ""
    member: str = ""
    named: tuple[str, ...] = ()
    gives: Literal["text", "keys", "pairs"] = "text"


_FORMATS = [
    Format("txt", "text", named=(".txt", ".text")),
    Format("markdown", "markdown", (".md", ".markdown")),
    Format("html", "html", (".htm", ".html", ".xhtml", ".xht"), root="html"),
    Format("docx", "docx", member="word/", named=(".docx",)),
    Format("xlsx", "xlsx", member="xl/workbook", named=(".xlsx",), gives="pairs"),
    Format("pptx", "pptx", member="ppt/", named=(".pptx",)),
    Format("epub", "epub", member="META-INF/container.xml", named=(".epub",)),
    Format("odf", "odf", (".fodt", ".fodp"), member="content.xml", named=(".odt", ".odp")),
    Format("odf", "odf", (".fods",), named=(".ods",), gives="pairs"),
    Format("rtf", "rtf", named=(".rtf",)),
    Format("legacy", "legacy", named=(".doc", ".ppt")),
    Format("pdf", "pdf", named=(".pdf",)),
    Format("subtitles", "subtitles", (".srt", ".vtt")),
    Format("ass", "ass", (".ass", ".ssa")),
    Format("ttml", "ttml", (".ttml", ".dfxp"), root="tt"),
    Format("table", "table", (".csv", ".tsv", ".tab"), gives="pairs"),
    Format("jsonl", "jsonl", (".jsonl", ".ndjson"), gives="pairs"),
    Format("po", "po", (".po", ".pot"), gives="pairs"),
    Format("properties", "properties", (".properties",), gives="keys"),
    Format("strings", "strings", (".strings", ".stringsdict"), gives="keys"),
    Format("android", "android", root="resources", named=(".xml",), gives="keys"),
    Format("resx", "resx", (".resx", ".resw"), gives="keys"),
    Format("json", "json", (".json", ".arb"), gives="keys"),
    Format("yaml", "yaml", (".yml", ".yaml"), gives="keys"),
    Format("tmx", "tmx", (".tmx",), root="tmx", gives="pairs"),
    Format("xliff", "xliff", (".xlf", ".xliff", ".sdlxliff", ".mqxliff"), root="xliff", gives="pairs"),
]


def with_reader(added: Format) -> AbstractContextManager[None]:
    """Read one more format inside the `with` block; of two with one suffix the added one is taken."""
    return listed_in(_FORMATS, added, first=True)


def formats() -> tuple[Format, ...]:
    """All of them, in the order in which they are asked."""
    return tuple(_FORMATS)


def given_by(suffix: str) -> str:
    """What a file with this suffix gives to a folder: `text`, `keys`, or nothing for what is not read there."""
    gives = next((each.gives for each in _FORMATS if suffix in (*each.suffixes, *each.named)), "pairs")
    return "" if gives == "pairs" else gives


def is_bilingual(suffix: str) -> bool:
    """Whether a file with this suffix holds a text and its translation by itself: a catalogue, memory or table."""
    return any(each.gives == "pairs" and suffix in (*each.suffixes, *each.named) for each in _FORMATS)


def reader_of(kind: str) -> Callable[[Source], Reading]:
    """The function that reads this kind; its module is loaded now."""
    read = next(each for each in _FORMATS if each.kind == kind).read
    if not isinstance(read, str):
        return read
    module = importlib.import_module(f"aligner.read.{read}")
    return cast(Callable[[Source], Reading], getattr(module, f"read_{read}"))
