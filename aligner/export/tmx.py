"""TMX 1.4, streamed: what the strictest readers take the first time.

Plain strings, as trees take several times as long for a million units; tests hold the result to the schemas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from gzip import GzipFile
from html import escape
from pathlib import Path
from typing import BinaryIO

from aligner.bitext import Alignment
from aligner.export import omegat
from aligner.export.options import ExportOptions
from aligner.export.props import ATTRIBUTES, Props, type_of
from aligner.export.unit_codes import identified
from aligner.export.units import UNPRINTABLE, Tally, Unit, languages, printable, score, units_of
from aligner.files import replacing
from aligner.system.installed import installed_version
from aligner.text.codes import Code

# What XML writes otherwise or can't hold.
_SPECIAL = re.compile(f'[&<>"{UNPRINTABLE}]')


@dataclass(frozen=True, slots=True)
class Header:
    """What a TMX says about itself. `signatures` go into props, one each. `props`: as `ExportOptions` has them."""

    src_lang: str
    tgt_lang: str
    date: datetime
    signatures: tuple[str, ...] = ()
    props: Props = ()


def write_tmx(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """The pairs of all `alignments` as one TMX."""
    src_lang, tgt_lang = languages(alignments, options)
    signatures = tuple(dict.fromkeys(printable(a.signature) for a in alignments if a.signature))
    header = Header(src_lang, tgt_lang, options.moment(), signatures, options.props)
    if options.codes == "omegat":
        alignments = [omegat.numbered(alignment) for alignment in alignments]
    units = units_of(alignments, options, tally, options.duplicates or "drop")
    if options.codes == "omegat":
        units = omegat.tagged(units, tally)
    write_units(path, header, units)


def write_units(path: Path, header: Header, units: Iterable[Unit]) -> None:
    """Stream `units` to `path`, gzipped where it ends in `.gz`; memory does not grow with their number."""
    with replacing(path) as (file,):
        if path.name.lower().endswith(".gz"):
            # No name and no time inside: the same units give the same bytes.
            with GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                _write(packed, header, units)
        else:
            _write(file, header, units)


def _write(file: BinaryIO | GzipFile, header: Header, units: Iterable[Unit]) -> None:
    date = tmx_date(header.date)
    file.write(_header(header, date).encode())
    for unit in units:
        file.write(_translation_unit(unit, header, date).encode())
    file.write(b"</body>\n</tmx>\n")


def _header(header: Header, date: str) -> str:
    props = "".join(xml_prop("x-signature", signature) for signature in header.signatures)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
        f'<header creationtool="aligner" creationtoolversion="{xml_text(tool_version())}" segtype="sentence" '
        f'o-tmf="aligner" adminlang="en" srclang="{xml_text(header.src_lang)}" datatype="plaintext" '
        f'creationdate="{date}">\n{props}</header>\n<body>\n'
    )


def _translation_unit(unit: Unit, header: Header, date: str) -> str:
    source, target = segments((unit.source, unit.target), (unit.source_codes, unit.target_codes))
    notes = "".join(f"  <note>{xml_text(note)}</note>\n" for note in unit.notes)
    # memoQ's names for the context; OmegaT ignores them, where its own would tie a unit to one place.
    props = (
        xml_prop("x-align-moved", "yes" if unit.moved else "")
        + xml_prop("x-document", unit.document)
        + xml_prop("x-context-pre", unit.before)
        + xml_prop("x-context-post", unit.after)
        + own_props(header.props)
    )
    return (
        f'<tu tuid="{xml_text(unit.id)}" creationdate="{date}"{own_attributes(header.props, unit.status)}>\n{notes}'
        '  <prop type="x-Origin">Alignment</prop>\n'
        f'  <prop type="x-align-score">{score(unit.confidence)}</prop>\n'
        f'  <prop type="x-align-type">{unit.type}</prop>\n'
        f'  <prop type="x-align-status">{unit.status}</prop>\n{props}'
        f'  <tuv xml:lang="{xml_text(header.src_lang)}"><seg>{source}</seg></tuv>\n'
        f'  <tuv xml:lang="{xml_text(header.tgt_lang)}"><seg>{target}</seg></tuv>\n</tu>\n'
    )


def segments(texts: Sequence[str], sides: Sequence[Sequence[Code]]) -> list[str]:
    """What stands in the `seg` of each language of a unit: its text and the codes of its side, placed in it."""
    if not any(sides):
        return [xml_text(text) for text in texts]
    from aligner.export.tmx_codes import segment

    pairs, same = identified(sides, "i"), identified(sides, "x")
    return [segment(*each, xml_text) for each in zip(texts, sides, pairs, same, strict=True)]


def own_attributes(props: Props, status: str) -> str:
    """The attributes of a unit that the user named; who changed it only where a person did."""
    named = [name for name in ATTRIBUTES if name == "creationid" or status != "auto"]
    return "".join(f' {name}="{xml_text(value)}"' for name, value in props if name in named)


def own_props(props: Props) -> str:
    """The properties that the user named."""
    return "".join(xml_prop(type_of(name), value) for name, value in props if name not in ATTRIBUTES)


def xml_prop(kind: str, text: str) -> str:
    """A property of a unit or of the header; nothing where it is empty."""
    return f'  <prop type="{kind}">{xml_text(text)}</prop>\n' if text else ""


def xml_text(text: str) -> str:
    """`text` as XML holds it, between tags or quotes."""
    if not _SPECIAL.search(text):
        return text
    return escape(printable(text), quote=False).replace('"', "&quot;")


def tmx_date(moment: datetime) -> str:
    """`YYYYMMDDThhmmssZ`."""
    return moment.strftime("%Y%m%dT%H%M%SZ")


def tool_version() -> str:
    """The installed version of this package, as a header names it."""
    return installed_version("0")
