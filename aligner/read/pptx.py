"""PowerPoint slides: the text of shapes and tables, slide by slide, and what the speaker notes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aligner.read.archive import Archive, external_links, open_archive, relations
from aligner.read.formatting import Format, alone, face, link
from aligner.read.reading import Reading, Source, Writing, document, join_lines
from aligner.read.runs import LOWERED, RAISED, Run, paragraph
from aligner.read.xml import attribute, local_name, parse_xml
from aligner.text.edits import EditedText

_MAIN = "ppt/presentation.xml"
# Placeholders that a slide's master fills: date, footer, number, header.
_FURNITURE = frozenset({"dt", "ftr", "sldNum", "hdr"})
# What a run says of its letters, and the values that say nothing.
_FACES = {"bold": "b", "italic": "i", "underlined": "u", "strike": "strike"}
_PLAIN = ("", "0", "false", "none", "noStrike")
# Beside the slides in the archive.
_BESIDE = {
    "ppt/comments/": "pptx-comment", "ppt/diagrams/data": "pptx-diagram", "ppt/charts/chart": "pptx-diagram",
}  # fmt: skip


def read_pptx(source: Source) -> Reading:
    """Paragraphs and table cells of each slide in order, then its notes.

    Slide numbers, dates, footers, comments and the words of diagrams are left out, on record.
    """
    parts: list[EditedText] = []
    with open_archive(source) as archive:
        archive.refuse_doctypes()
        for name in _slides(archive):
            parts += _slide(archive, name)
            for notes in _related(archive, name, "notesSlide").values():
                parts += _slide(archive, notes, only="body")
        beside = Writing(off=source.off)
        for name in sorted(archive.names):
            rule = next((rule for start, rule in _BESIDE.items() if name.startswith(start)), "")
            if rule and name.endswith(".xml"):
                beside.drop(_words(parse_xml(source, archive.read(name), name)), rule)
        parts.append(beside.finish())
    return document(source, join_lines(parts), "pptx")


def _slides(archive: Archive) -> list[str]:
    """The slides' parts in the order they are shown."""
    related = _related(archive, _MAIN, "slide")
    root = parse_xml(archive.source, archive.read(_MAIN), _MAIN)
    order = [
        value
        for element in root.iter()
        if local_name(element) == "sldId"
        for key, value in element.attrib.items()
        if key.endswith("}id")
    ]
    return [related[each] for each in dict.fromkeys(order) if each in related]


def _related(archive: Archive, name: str, kind: str) -> dict[str, str]:
    """The parts of a kind that a part refers to, by the identity it uses for them."""
    folder = posixpath.dirname(name)
    return {
        attribute(each, "Id"): posixpath.normpath(posixpath.join(folder, attribute(each, "Target"))).lstrip(
            "/"
        )
        for each in relations(archive, name)
        if attribute(each, "Type").endswith(f"/{kind}") and attribute(each, "TargetMode") != "External"
    }


def _slide(archive: Archive, name: str, only: str = "") -> Iterator[EditedText]:
    """The paragraphs of a slide's shapes; `only` those in placeholders of that type."""
    slide = _Slide(archive.source.off, only, external_links(archive, name))
    yield from slide.shapes(parse_xml(archive.source, archive.read(name), name))


@dataclass(frozen=True, slots=True)
class _Slide:
    off: frozenset[str]
    only: str
    links: Mapping[str, str]

    def shapes(self, element: Any) -> Iterator[EditedText]:
        for child in element:
            name = local_name(child)
            if name == "sp":
                place = _placeholder(child)
                if not self.only or place == self.only:
                    yield from self._paragraphs(child, "pptx-footer" if place in _FURNITURE else "")
            elif name == "graphicFrame":
                yield from self._paragraphs(child, "")
            elif name and name not in ("Fallback", "nvGrpSpPr", "pic"):
                yield from self.shapes(child)

    def _paragraphs(self, shape: Any, mark: str) -> Iterator[EditedText]:
        for element in shape.iter():
            if local_name(element) == "p":
                yield paragraph(self._runs(element, mark), self.off)

    def _runs(self, element: Any, mark: str) -> Iterator[Run]:
        for child in element:
            name = local_name(child)
            if name in ("r", "fld"):
                text = "".join(part.text or "" for part in child if local_name(part) == "t")
                shift = mark or ("pptx-footer" if name == "fld" else _shift(child))
                yield Run(text, shift, _formats(child, self.links))
            elif name == "br":
                yield Run("\n", mark, code=alone("lb", "<a:br/>"))
            elif name in ("m", "AlternateContent"):
                yield Run("".join(part.text or "" for part in child.iter() if local_name(part) == "t"), mark)


def _placeholder(shape: Any) -> str:
    return next((attribute(each, "type") for each in shape.iter() if local_name(each) == "ph"), "")


def _formats(run: Any, links: Mapping[str, str]) -> tuple[Format, ...]:
    """What a run's letters have, and where it links to."""
    found: tuple[Format, ...] = ()
    for settings in run:
        if local_name(settings) != "rPr":
            continue
        for each in settings:
            if local_name(each) == "hlinkClick" and attribute(each, "id") in links:
                address = links[attribute(each, "id")]
                found += (link(address, address),)
        said = {kind: attribute(settings, name) for kind, name in _FACES.items()}
        found += tuple(face(kind) for kind, value in said.items() if value not in _PLAIN)
    return found


def _shift(run: Any) -> str:
    """A baseline is so many thousandths of a percent above or below the line."""
    for settings in run:
        baseline = attribute(settings, "baseline") if local_name(settings) == "rPr" else ""
        if baseline.strip("-0"):
            return LOWERED if baseline.startswith("-") else RAISED
    return ""


def _words(root: Any) -> str:
    texts = (each.text or "" for each in root.iter() if local_name(each) in ("t", "text", "v"))
    return "\n".join(filter(None, (text.strip() for text in texts)))
