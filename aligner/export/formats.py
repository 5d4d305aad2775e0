"""The formats that can be written, a row each, and the call that writes one."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from aligner.bitext import Alignment
from aligner.errors import OutputError
from aligner.export.options import ExportOptions
from aligner.export.units import Tally
from aligner.system.listed import listed_in

Writer = Callable[[Sequence[Alignment], Path, ExportOptions, Tally], None]
"""Writes whole or not at all (`aligner.files.replacing`) and counts in the tally what it wrote."""


@dataclass(frozen=True, slots=True)
class Format:
    """What the `suffixes` of a file ask for: `write` is "MODULE.FUNCTION" of this room, or the writer itself.

    `holds_all`: every bead goes in, whatever the options leave out of other formats. `lossless`: nothing that another
    format could warn of is changed. `one_alignment`: several don't fit into a file.
    """

    suffixes: tuple[str, ...]
    write: str | Writer
    holds_all: bool = False
    lossless: bool = False
    one_alignment: bool = False
    codes: str = "all"


_TMX = (".tmx.gz", ".tmx")

_FORMATS = [
    Format(_TMX, "tmx.write_tmx"),
    Format((".xliff", ".xlf"), "xliff.write_xliff"),
    Format((".json",), "savefile.write_savefile", holds_all=True, lossless=True, one_alignment=True),
    Format((".jsonl",), "jsonl.write_jsonl", codes="none"),
    Format((".tsv", ".csv"), "table.write_table", codes="none"),
    Format((".xlsx",), "sheet.write_sheet", holds_all=True, codes="none"),
    Format((".po",), "po.write_po", codes="none"),
    Format((".tei",), "tei.write_tei", holds_all=True, codes="none"),
    Format((".epub",), "epub.write_epub", holds_all=True, codes="shown"),
    Format((".html",), "page.write_page", holds_all=True, codes="shown"),
    Format((".docx",), "docx.write_docx", holds_all=True, codes="shown"),
    Format((".xces",), "xces.write_xces", holds_all=True, one_alignment=True, codes="none"),
    Format((".srt", ".vtt"), "subtitles.write_subtitles", holds_all=True, one_alignment=True, codes="none"),
    Format((".align",), "ladder.write_ladder", holds_all=True, lossless=True, one_alignment=True),
    Format((".src", ".tgt"), "moses.write_moses", codes="none"),
]

SUFFIXES = tuple(suffix for each in _FORMATS for suffix in each.suffixes)
"""The project's own, without those of `with_writer`."""


def with_writer(added: Format) -> AbstractContextManager[None]:
    """Write one more format inside the `with` block; of two with one suffix the added one is taken."""
    return listed_in(_FORMATS, added, first=True)


def check_suffix(path: str | Path) -> str:
    """The suffix that chooses the format, in lower case. Raises `OutputError` that names the known ones."""
    name = Path(path).name.lower()
    known = [suffix for each in _FORMATS for suffix in each.suffixes]
    for suffix in known:
        if name.endswith(suffix) and name != suffix:
            return suffix
    raise OutputError(f"{path}: no known format; end the name in one of {' '.join(known)}")


def format_of(path: str | Path) -> Format:
    """The format of the file's suffix. Raises `OutputError` as `check_suffix`."""
    suffix = check_suffix(path)
    return next(each for each in _FORMATS if suffix in each.suffixes)


def holds_all(path: str | Path) -> bool:
    """Whether a file of this name holds every bead; of names that are no format of an alignment, False."""
    return any(each.holds_all and Path(path).name.lower().endswith(each.suffixes) for each in _FORMATS)


def writer_of(of: Format) -> Writer:
    """The function that writes a format; its module is loaded now."""
    if not isinstance(of.write, str):
        return of.write
    module, _, function = of.write.partition(".")
    return cast(Writer, getattr(importlib.import_module(f"aligner.export.{module}"), function))


def output_paths(path: str | Path, options: ExportOptions | None = None) -> tuple[Path, ...]:
    """The files that writing to `path` would write: two for Moses, three for XCES, a TMX with its penalty."""
    from aligner.export.moses import both_paths
    from aligner.export.xces import three_paths

    path, suffix = Path(path), check_suffix(path)
    if suffix in (".src", ".tgt"):
        return both_paths(path)
    if suffix == ".xces":
        return three_paths(path)
    if suffix in _TMX and options and options.penalty is not None:
        stem = path.name[: -len(suffix)]
        return (path.with_name(f"{stem}.penalty-{options.penalty}{path.name[-len(suffix) :]}"),)
    return (path,)
