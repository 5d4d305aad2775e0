"""A bilingual e-book (EPUB 3): each pair one below the other, a chapter an alignment."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import accumulate, groupby
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from aligner.bitext import Alignment, Bead, Document
from aligner.export.formatted import markup, stretches, with_numbers
from aligner.export.options import ExportOptions
from aligner.export.tmx import xml_text
from aligner.export.units import Tally, counterpart, digest, label, side_codes, side_text, written_lang
from aligner.files import replacing
from aligner.language.tags import is_rtl

_CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)
_STYLE = (
    ".pair{margin:0 0 .6em}.pair p{margin:0}.target{opacity:.75;margin-left:1.2em!important}"
    ".moved{opacity:.75;font-style:italic}"
    ".alt{border:1px solid;border-radius:.2em;padding:0 .2em;opacity:.75}section{margin:0 0 1.4em}\n"
)
_XHTML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>{title}</title>'
    '<link rel="stylesheet" href="book.css"/></head><body>\n{body}</body></html>\n'
)
# The same texts give the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def write_epub(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """All beads of all alignments, paragraph by paragraph of the source; one-sided ones stand alone."""
    titles = [label(alignment) or f"Text {number}" for number, alignment in enumerate(alignments, 1)]
    members = {
        "META-INF/container.xml": _CONTAINER,
        "OPS/book.opf": _package(alignments, titles, options),
        "OPS/nav.xhtml": _contents(titles),
        "OPS/book.css": _STYLE,
    }
    for number, (alignment, title) in enumerate(zip(alignments, titles, strict=True), 1):
        body = f"<h1>{xml_text(title)}</h1>\n" + "".join(_sections(with_numbers(alignment), options))
        members[f"OPS/c{number}.xhtml"] = _XHTML.format(title=xml_text(title), body=body)
        tally.units += len(alignment.beads)
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as book:
        # Readers know a book by this member, first and not packed.
        book.writestr(zipfile.ZipInfo("mimetype", _MOMENT), "application/epub+zip", zipfile.ZIP_STORED)
        for name, text in members.items():
            book.writestr(zipfile.ZipInfo(name, _MOMENT), text, zipfile.ZIP_DEFLATED)
    with replacing(path) as (file,):
        file.write(data.getvalue())


def _sections(alignment: Alignment, options: ExportOptions) -> Iterator[str]:
    sides = [
        (side.lang, written_lang(side.lang, options.script)) for side in (alignment.source, alignment.target)
    ]
    paragraphs = list(accumulate((_paragraph(alignment, bead) for bead in alignment.beads), max))
    elsewhere = alignment.elsewhere()
    numbered = enumerate(zip(paragraphs, alignment.beads, strict=True))
    for _, group in groupby(numbered, lambda each: each[1][0]):
        yield "<section>\n"
        for number, (_, bead) in group:
            source = _formatted(alignment.source, bead.src_start, bead.src_end, options)
            target = _formatted(alignment.target, bead.tgt_start, bead.tgt_end, options)
            lines = zip(("source", "target"), sides, (source, target), strict=True)
            moved = _moved(counterpart(alignment, bead, elsewhere.get(number), options.script))
            yield f'<div class="pair">{"".join(_line(*line) for line in lines)}{moved}</div>\n'
        yield "</section>\n"


def _formatted(document: Document, start: int, end: int, options: ExportOptions) -> str:
    """The text of segments `[start, end)` as XHTML, with its letters and links."""
    text = side_text(document, start, end, options.script)
    codes = side_codes(document, start, end, text, options) if text else ()
    return markup(list(stretches(text, codes))) if codes else xml_text(text)


def _paragraph(alignment: Alignment, bead: Bead) -> int:
    """The paragraph of the source that a bead begins in; 0, so the one before it, where it has no source."""
    is_there = bead.src_end > bead.src_start
    return alignment.source.segments[bead.src_start].paragraph if is_there else 0


def _moved(text: str) -> str:
    """What stands in another place of the other text, below a sentence without counterpart here."""
    return f'<p class="moved">⇄ {xml_text(text)}</p>' if text else ""


def _line(side: str, langs: tuple[str, str], text: str) -> str:
    if not text:
        return ""
    direction = ' dir="rtl"' if is_rtl(langs[0]) else ""
    lang = xml_text(langs[1])
    return f'<p class="{side}" lang="{lang}" xml:lang="{lang}"{direction}>{text}</p>'


def _package(alignments: Sequence[Alignment], titles: Sequence[str], options: ExportOptions) -> str:
    langs = dict.fromkeys(
        written_lang(side.lang, options.script) for a in alignments for side in (a.source, a.target)
    )
    texts = [side.text for alignment in alignments for side in (alignment.source, alignment.target)]
    identity = uuid5(NAMESPACE_URL, f"{digest(*titles, *texts):016x}")
    chapters = range(1, len(titles) + 1)
    items = "".join(
        f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>\n' for n in chapters
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        'unique-identifier="id">\n<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<dc:identifier id="id">urn:uuid:{identity}</dc:identifier>\n<dc:title>{xml_text(titles[0])}</dc:title>\n'
        + "".join(f"<dc:language>{xml_text(lang)}</dc:language>\n" for lang in langs)
        + f'<meta property="dcterms:modified">{options.moment():%Y-%m-%dT%H:%M:%SZ}</meta>\n</metadata>\n<manifest>\n'
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>\n'
        f'<item id="css" href="book.css" media-type="text/css"/>\n{items}</manifest>\n<spine>'
        + "".join(f'<itemref idref="c{n}"/>' for n in chapters)
        + "</spine>\n</package>\n"
    )


def _contents(titles: Sequence[str]) -> str:
    links = "".join(
        f'<li><a href="c{n}.xhtml">{xml_text(title)}</a></li>' for n, title in enumerate(titles, 1)
    )
    return _XHTML.format(title="Contents", body=f'<nav epub:type="toc"><ol>{links}</ol></nav>\n')
