# ruff: noqa: E501 - long lines are sample text and markup
"""The same two texts with the same formatting, in every format that has some. The texts are written as tags of HTML."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

ENGLISH = (
    "The <b>old library</b> of the town",
    "After two years the <b>library</b> opened <i>its <b>doors</b></i> again. A long queue had <u>formed</u> by nine.",
    '“We hope,” said the director <a href="https://library.example/staff?a=1&amp;b=2">Ann Lee</a>, “that people <i>stay</i>.”',
    "On the 5<sup>th</sup> floor there is a<br/>garden. Readers may <b>reserve</b> books online.",
)
FRENCH = (
    "La <b>vieille bibliothèque</b> de la ville",
    "Après deux ans la <b>bibliothèque</b> a rouvert <i>ses <b>portes</b></i>. Une longue file s’était <u>formée</u> dès neuf heures.",
    '« Nous espérons, a dit la directrice <a href="https://library.example/staff?a=1&amp;b=2">Ann Lee</a>, que les gens <i>resteront</i>. »',
    "Au 5<sup>e</sup> étage il y a un<br/>jardin. Les lecteurs peuvent <b>réserver</b> des livres en ligne.",
)
KINDS = {
    "b": "bold",
    "i": "italic",
    "u": "underlined",
    "sup": "superscript",
    "sub": "subscript",
    "a": "link",
    "br": "lb",
}


@dataclass(frozen=True)
class Run:
    """Text with its tags, the outermost first; a line break is `\\n` alone."""

    text: str
    tags: tuple[str, ...] = ()
    address: str = ""


def runs(paragraph: str) -> list[Run]:
    return list(_runs(etree.fromstring(f"<p>{paragraph}</p>"), (), ""))


def _runs(element: etree._Element, tags: tuple[str, ...], address: str) -> Iterator[Run]:
    if element.tag == "br":
        yield Run("\n", tags, address)
        return
    if element.text:
        yield Run(element.text, tags, address)
    for child in element:
        yield from _runs(child, (*tags, child.tag) if child.tag != "br" else tags, child.get("href", address))
        if child.tail:
            yield Run(child.tail, tags, address)


def plain(story: Sequence[str]) -> list[str]:
    return ["".join(run.text for run in runs(paragraph)) for paragraph in story]


Place = tuple[int, str, str]


def places(story: Sequence[str]) -> list[list[Place]]:
    """For each paragraph its codes as place, kind and type, by a walk of its own."""
    return [_places(etree.fromstring(f"<p>{paragraph}</p>")) for paragraph in story]


def _places(root: etree._Element) -> list[Place]:
    found: list[Place] = []
    at = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_break = element.tag == "br"
        if event == "start":
            if is_break:
                found.append((at, "alone", "lb"))
            elif element is not root:
                found.append((at, "open", KINDS[element.tag]))
            at += len(element.text or "") + is_break
        elif element is not root:
            if not is_break:
                found.append((at, "close", KINDS[element.tag]))
            at += len(element.tail or "")
    return found


def make_html(story: Sequence[str], path: Path) -> Path:
    body = f"<h1>{story[0]}</h1>" + "".join(f"<p>{paragraph}</p>\n" for paragraph in story[1:])
    path.write_text(f'<!doctype html><meta charset="utf-8"><title>x</title><body>{body}</body>', "utf-8")
    return path


def make_docx(story: Sequence[str], path: Path) -> Path:
    import docx
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    document = docx.Document()
    for number, text in enumerate(story):
        paragraph = document.add_heading("", 1) if number == 0 else document.add_paragraph()
        for run in runs(text):
            made = paragraph.add_run("" if run.text == "\n" else run.text)
            if run.text == "\n":
                made.add_break()
            made.bold = "b" in run.tags or None
            made.italic = "i" in run.tags or None
            made.underline = "u" in run.tags or None
            made.font.superscript = "sup" in run.tags or None
            if run.address:
                link = OxmlElement("w:hyperlink")
                link.set(
                    qn("r:id"),
                    document.part.relate_to(run.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True),
                )
                link.append(made._r)
                paragraph._p.append(link)
    packed = io.BytesIO()
    document.save(packed)
    path.write_bytes(packed.getvalue())
    return path
