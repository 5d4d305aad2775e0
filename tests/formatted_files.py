# ruff: noqa: E501 - long lines are sample text and markup
"""The same two texts with the same formatting, in every format that has some. The texts are written as tags of HTML."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from office_files import odf_content, pack, pack_slides, rtf, rtf_text, shape, slide
from sample_files import make_epub as pack_epub

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


def make_epub(story: Sequence[str], path: Path) -> Path:
    import zipfile

    packed = pack_epub([plain(story)], path.with_suffix(".tmp"))
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            page = old.read(name).decode()
            for bare, rich in zip(plain(story), story, strict=True):
                page = page.replace(escape(bare), rich)
            new.writestr(name, page)
    return path


def make_markdown(story: Sequence[str], path: Path) -> Path:
    """Emphasis with asterisks, links in brackets, HTML for what Markdown has no signs for."""
    marks = {"b": ("**", "**"), "i": ("*", "*"), "u": ("<u>", "</u>"), "sup": ("<sup>", "</sup>")}

    def written(element: etree._Element) -> str:
        inner = (element.text or "") + "".join(written(child) + (child.tail or "") for child in element)
        if element.tag == "a":
            return f"[{inner}](<{element.get('href')}>)"
        first, last = marks.get(element.tag, ("", ""))
        return "  \n" if element.tag == "br" else first + inner + last

    blocks = [written(etree.fromstring(f"<p>{paragraph}</p>")) for paragraph in story]
    path.write_text("# " + "\n\n".join(blocks) + "\n", "utf-8")
    return path


_ODF_STYLES = {
    "b": 'fo:font-weight="bold"', "i": 'fo:font-style="italic"', "u": 'style:text-underline-style="solid"',
    "sup": 'style:text-position="super 58%"',
}  # fmt: skip


def make_odt(story: Sequence[str], path: Path) -> Path:
    def written(element: etree._Element) -> str:
        inner = escape(element.text or "") + "".join(
            written(child) + escape(child.tail or "") for child in element
        )
        if element.tag == "a":
            return f"<text:a xlink:href={quoteattr(element.get('href'))}>{inner}</text:a>"
        if element.tag == "br":
            return "<text:line-break/>"
        return (
            f'<text:span text:style-name="{element.tag}">{inner}</text:span>' if element.tag != "p" else inner
        )

    styles = "".join(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties {says}/></style:style>'
        for name, says in _ODF_STYLES.items()
    )
    lines = [written(etree.fromstring(f"<p>{paragraph}</p>")) for paragraph in story]
    body = f"<text:h>{lines[0]}</text:h>" + "".join(f"<text:p>{line}</text:p>" for line in lines[1:])
    content = odf_content(f"<office:text>{body}</office:text>", styles)
    spaces = 'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    return pack(
        path,
        {"content.xml": content.replace("<office:document-content ", f"<office:document-content {spaces}")},
    )


def make_pptx(story: Sequence[str], path: Path) -> Path:
    """A slide a paragraph; links by the slide's relations."""
    slides, beside = [], {}
    for number, paragraph in enumerate(story):
        lines, addresses = [], [run.address for run in runs(paragraph) if run.address]
        for run in runs(paragraph):
            says = "".join(f' {tag}="{"sng" if tag == "u" else 1}"' for tag in run.tags if tag in "biu")
            says += ' baseline="30000"' if "sup" in run.tags else ""
            leads = '<a:hlinkClick r:id="l"/>' if run.address else ""
            lines.append(
                "<a:br/>"
                if run.text == "\n"
                else f"<a:r><a:rPr{says}>{leads}</a:rPr><a:t>{escape(run.text)}</a:t></a:r>"
            )
        space = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        slides.append(slide(shape(["".join(lines)])).replace("<p:sld ", f"<p:sld {space}"))
        for address in addresses:
            beside[f"ppt/slides/_rels/slide{len(story) - number}.xml.rels"] = (
                f'<Relationships><Relationship Id="l" Type="hyperlink" Target={quoteattr(address)} TargetMode="External"/>'
                "</Relationships>"
            )
    return pack_slides(slides, path, beside)


def make_rtf(story: Sequence[str], path: Path) -> Path:
    words = {"b": "\\b", "i": "\\i", "u": "\\ul", "sup": "\\super"}
    lines = [
        "".join(
            "\\line "
            if run.text == "\n"
            else f"{{\\plain{''.join(words.get(tag, '') for tag in run.tags)} {rtf_text(run.text)}}}"
            for run in runs(paragraph)
        )
        for paragraph in story
    ]
    path.write_text(rtf("".join(f"\\pard\\plain {line}\\par\n" for line in lines)), encoding="ascii")
    return path
