# ruff: noqa: E501 - long lines are markup
"""Office documents written by hand, as small as they may be. One function a format."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_SLIDE = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pack(path: Path, members: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def odf_content(body: str, styles: str = "") -> str:
    return (
        f'<?xml version="1.0"?><office:document-content {_ODF}><office:automatic-styles>{styles}</office:automatic-styles>'
        f"<office:body>{body}</office:body></office:document-content>"
    )


def make_odt(paragraphs: Sequence[str], path: Path) -> Path:
    heading = f'<text:h text:outline-level="1">{escape(paragraphs[0])}</text:h>'
    body = heading + "".join(f"<text:p>{escape(each)}</text:p>" for each in paragraphs[1:])
    return pack(path, {"content.xml": odf_content(f"<office:text>{body}</office:text>")})


def _odf_table(rows: Sequence[Sequence[str]]) -> str:
    lines = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in row)
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for row in rows
    )
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    return f'<table:table table:name="Sheet1">{lines}{empty}</table:table>'


def make_ods(rows: Sequence[Sequence[str]], path: Path) -> Path:
    return pack(
        path, {"content.xml": odf_content(f"<office:spreadsheet>{_odf_table(rows)}</office:spreadsheet>")}
    )


def make_odt_table(rows: Sequence[Sequence[str]], path: Path) -> Path:
    lines = _odf_table(rows).replace('<table:table-cell table:number-columns-repeated="16000"/>', "")
    table = lines[: lines.index("<table:table-row table:number-rows")] + "</table:table>"
    return pack(path, {"content.xml": odf_content(f"<office:text>{table}<text:p/></office:text>")})


def slide(shapes: str) -> str:
    return f'<?xml version="1.0"?><p:sld {_SLIDE}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>'


def shape(paragraphs: Sequence[str], place: str = "") -> str:
    """A shape; `place` is the type of its placeholder. Paragraphs may hold runs of their own."""
    lines = "".join(
        f"<a:p>{each}</a:p>" if each.startswith("<a:") else f"<a:p><a:r><a:t>{escape(each)}</a:t></a:r></a:p>"
        for each in paragraphs
    )
    mark = f'<p:nvPr><p:ph type="{place}"/></p:nvPr>' if place else "<p:nvPr/>"
    return f"<p:sp><p:nvSpPr>{mark}</p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"


def make_pptx(paragraphs: Sequence[str], path: Path) -> Path:
    """A slide a paragraph; the archive has them in another order than they are shown in."""
    return pack_slides([slide(shape([each])) for each in paragraphs], path)


def pack_slides(slides: Sequence[str], path: Path, beside: Mapping[str, str] | None = None) -> Path:
    order = list(enumerate(slides))
    references = "".join(f'<p:sldId id="{256 + n}" r:id="r{n}"/>' for n, _ in order)
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATIONS}/slide" Target="slides/slide{len(slides) - n}.xml"/>'
        for n, _ in order
    )
    members = {
        "ppt/presentation.xml": f'<p:presentation {_SLIDE} xmlns:r="{_RELATIONS}"><p:sldIdLst>{references}</p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": f"<Relationships>{relations}</Relationships>",
        **{f"ppt/slides/slide{len(slides) - n}.xml": each for n, each in order},
        **(beside or {}),
    }
    return pack(path, members)


def notes_of(number: int, text: str) -> dict[str, str]:
    """The members that give a slide's part a page of notes."""
    return {
        f"ppt/slides/_rels/slide{number}.xml.rels": f'<Relationships><Relationship Id="n" Type="{_RELATIONS}/notesSlide" Target="../notesSlides/n.xml"/></Relationships>',
        "ppt/notesSlides/n.xml": slide(shape([text], "body") + shape(["7"], "sldNum")),
    }


def rtf(body: str) -> str:
    return (
        "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fswiss Helvetica;}{\\f1\\fcharset134 SimSun;}}\n"
        + body
        + "}"
    )


def rtf_text(text: str) -> str:
    """Text as Word writes it: what is not ASCII by its number, with a question mark for old programmes."""
    units = text.encode("utf-16-le")
    codes = (int.from_bytes(units[n : n + 2], "little", signed=True) for n in range(0, len(units), 2))
    return "".join(
        chr(code) if 31 < code < 127 and chr(code) not in "\\{}" else f"\\u{code} ?" for code in codes
    )


def make_rtf(paragraphs: Sequence[str], path: Path) -> Path:
    path.write_text(
        rtf("".join(f"\\pard\\plain {rtf_text(each)}\\par\n" for each in paragraphs)), encoding="ascii"
    )
    return path


def make_rtf_table(rows: Sequence[Sequence[str]], path: Path) -> Path:
    lines = "".join(
        "\\trowd\\cellx4000\\cellx8000 "
        + "".join(f"\\pard\\intbl {rtf_text(cell)}\\cell " for cell in row)
        + "\\row\n"
        for row in rows
    )
    path.write_text(rtf(lines + "\\pard\\par"), encoding="ascii")
    return path
