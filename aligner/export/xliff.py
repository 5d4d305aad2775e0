"""XLIFF 1.2 and 2.0: one file element a document, states from the confidence and the review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from aligner.bitext import Alignment
from aligner.export.options import ExportOptions, is_doubtful
from aligner.export.tmx import tool_version
from aligner.export.units import Tally, Unit, languages, score, units_of
from aligner.export.xliff_codes import Tags1, Tags2, fill
from aligner.files import replacing

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAMESPACES = {"1.2": "urn:oasis:names:tc:xliff:document:1.2", "2.0": "urn:oasis:names:tc:xliff:document:2.0"}
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def write_xliff(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """The pairs of all `alignments`, in the version the options name."""
    from lxml import etree

    src_lang, tgt_lang = languages(alignments, options)
    version = options.xliff
    units = units_of(alignments, options, tally, options.duplicates or "keep")
    langs = ("srcLang", "trgLang") if version == "2.0" else ()
    root = {"version": version} | dict(zip(langs, (src_lang, tgt_lang), strict=False))
    with replacing(path) as (file,):
        file.write(_DECLARATION)
        with (
            etree.xmlfile(file, encoding="utf-8") as xml,
            xml.element(f"{{{NAMESPACES[version]}}}xliff", root, nsmap={None: NAMESPACES[version]}),
        ):
            groups = groupby(units, key=lambda unit: unit.document)
            empty = True
            for number, (document, members) in enumerate(groups, 1):
                empty = False
                if version == "2.0":
                    _write_file_2(xml, number, document, members, options)
                else:
                    _write_file_1(xml, document, (src_lang, tgt_lang), members, options)
            # Both want at least one file.
            if empty and version == "2.0":
                _write_empty_file_2(xml)
            elif empty:
                _write_file_1(xml, "", (src_lang, tgt_lang), (), options)
            xml.write("\n")


def _write_file_1(
    xml: Any, document: str, langs: tuple[str, str], units: Iterable[Unit], options: ExportOptions
) -> None:
    space = f"{{{NAMESPACES['1.2']}}}"
    date = options.moment().strftime("%Y-%m-%dT%H:%M:%SZ")
    about = {
        "original": document or "text", "source-language": langs[0], "target-language": langs[1],
        "datatype": "plaintext", "tool-id": "aligner", "date": date,
    }  # fmt: skip
    xml.write("\n")
    with xml.element(f"{space}file", about):
        tool = {"tool-id": "aligner", "tool-name": "aligner", "tool-version": tool_version()}
        with xml.element(f"{space}header"), xml.element(f"{space}tool", tool):
            pass
        with xml.element(f"{space}body"):
            for number, unit in enumerate(units, 1):
                xml.write("\n")
                xml.write(_trans_unit(number, unit, langs, options))


def _trans_unit(number: int, unit: Unit, langs: tuple[str, str], options: ExportOptions) -> Any:
    from lxml import etree

    space = f"{{{NAMESPACES['1.2']}}}"
    reviewed = unit.status != "auto"
    state = "final" if reviewed else "translated"
    if is_doubtful(unit, bool(unit.notes), options.doubt_below):
        state = "needs-review-translation"
    about = {"id": str(number), "resname": unit.id, "approved": "yes" if reviewed else "no"}
    element = etree.Element(f"{space}trans-unit", about, nsmap={None: NAMESPACES["1.2"]})
    source = etree.SubElement(element, f"{space}source", {XML_LANG: langs[0]})
    target = etree.SubElement(element, f"{space}target", {XML_LANG: langs[1], "state": state})
    fill(unit, (source, target), Tags1())
    group = etree.SubElement(element, f"{space}context-group", {"purpose": "x-alignment"})
    for kind, text in _facts(unit):
        etree.SubElement(group, f"{space}context", {"context-type": f"x-align-{kind}"}).text = text
    for note in unit.notes:
        etree.SubElement(element, f"{space}note", {"from": "aligner"}).text = note
    return element


def _write_file_2(
    xml: Any, number: int, document: str, units: Iterable[Unit], options: ExportOptions
) -> None:
    space = f"{{{NAMESPACES['2.0']}}}"
    xml.write("\n")
    with xml.element(f"{space}file", {"id": f"f{number}", "original": document or "text"}):
        for count, unit in enumerate(units, 1):
            xml.write("\n")
            xml.write(_unit_2(count, unit, options))


def _write_empty_file_2(xml: Any) -> None:
    """A file without units: 2.0 wants a unit or a group in each file, and lets a group be empty."""
    space = f"{{{NAMESPACES['2.0']}}}"
    xml.write("\n")
    with (
        xml.element(f"{space}file", {"id": "f1", "original": "text"}),
        xml.element(f"{space}group", {"id": "g1"}),
    ):
        pass


def _unit_2(number: int, unit: Unit, options: ExportOptions) -> Any:
    from lxml import etree

    space, meta = f"{{{NAMESPACES['2.0']}}}", f"{{{METADATA}}}"
    element = etree.Element(
        f"{space}unit", {"id": f"u{number}"}, nsmap={None: NAMESPACES["2.0"], "mda": METADATA}
    )
    metadata = etree.SubElement(element, f"{meta}metadata")
    group = etree.SubElement(metadata, f"{meta}metaGroup", {"category": "aligner"})
    for kind, text in _facts(unit):
        etree.SubElement(group, f"{meta}meta", {"type": f"x-align-{kind}"}).text = text
    if unit.notes:
        notes = etree.SubElement(element, f"{space}notes")
        for note in unit.notes:
            etree.SubElement(notes, f"{space}note", {"category": "doubt"}).text = note
    state = {"auto": "translated", "confirmed": "reviewed", "edited": "reviewed"}[unit.status]
    attributes = {"state": state}
    if is_doubtful(unit, bool(unit.notes), options.doubt_below):
        attributes["subState"] = "aligner:doubtful"
    segment = etree.Element(f"{space}segment", attributes)
    tags = Tags2()
    fill(unit, tuple(etree.SubElement(segment, f"{space}{side}") for side in ("source", "target")), tags)
    if tags.data:
        natives = etree.SubElement(element, f"{space}originalData")
        for data, name in tags.data.items():
            etree.SubElement(natives, f"{space}data", {"id": name}).text = data
    element.append(segment)
    return element


def _facts(unit: Unit) -> list[tuple[str, str]]:
    facts = [("score", score(unit.confidence)), ("type", unit.type), ("status", unit.status), ("id", unit.id)]
    return [*facts, *[("moved", "yes")] * unit.moved]
