"""TEI P5: both texts with their sentences, and links between them beside the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from aligner.bitext import Alignment, Bead, Document
from aligner.export.options import ExportOptions
from aligner.export.tmx import tool_version, xml_text
from aligner.export.units import Tally, file_name, label, printable, score, side_text, written_lang
from aligner.files import replacing

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<teiCorpus xmlns="http://www.tei-c.org/ns/1.0">\n'


def write_tei(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """A TEI document for each alignment; a sentence without counterpart is in no link, a text is whole in any case.

    A pair that moved is a link with `n="moved"`.

    Confidence is the `cert` of a link, 0 to 1.
    """
    with replacing(path) as (file,):
        file.write(f"{_HEAD}{_about('Aligned texts')}".encode())
        for number, alignment in enumerate(alignments, 1):
            for piece in _document(number, alignment, options):
                file.write(piece.encode())
            tally.units += len(alignment.beads)
        file.write(b"</teiCorpus>\n")


def _about(title: str) -> str:
    return (
        f"<teiHeader><fileDesc><titleStmt><title>{xml_text(title)}</title></titleStmt>"
        f"<publicationStmt><p>Written by aligner {xml_text(tool_version())}.</p></publicationStmt>"
        "<sourceDesc><p>Two texts, the one a translation of the other.</p></sourceDesc></fileDesc></teiHeader>\n"
    )


def _document(number: int, alignment: Alignment, options: ExportOptions) -> Iterator[str]:
    yield f"<TEI>\n{_about(label(alignment) or 'Aligned texts')}<standOff>\n"
    yield '<linkGrp type="translation">\n'
    for place, (bead_number, bead) in enumerate(alignment.links()):
        if bead.is_pair:
            yield _link(number, place, bead, is_moved=bead_number is None)
    yield "</linkGrp>\n</standOff>\n<text>\n<group>\n"
    for side, document in (("s", alignment.source), ("t", alignment.target)):
        yield from _text(f"{side}{number}", document, options)
    yield "</group>\n</text>\n</TEI>\n"


def _link(number: int, place: int, bead: Bead, *, is_moved: bool) -> str:
    """Of several sentences on one side each is named; all targets of a link are one translation."""
    targets = [f"#s{number}.{n + 1}" for n in range(bead.src_start, bead.src_end)]
    targets += [f"#t{number}.{n + 1}" for n in range(bead.tgt_start, bead.tgt_end)]
    moved = ' n="moved"' if is_moved else ""
    return (
        f'<link xml:id="l{number}.{place + 1}" type="{bead.type}" subtype="{bead.status}" '
        f'cert="{score(bead.confidence)}"{moved} target="{" ".join(targets)}"/>\n'
    )


def _text(prefix: str, document: Document, options: ExportOptions) -> Iterator[str]:
    lang = xml_text(written_lang(document.lang, options.script))
    yield f'<text xml:lang="{lang}" n="{xml_text(printable(file_name(document)))}">\n<body>\n'
    paragraph = None
    for number, segment in enumerate(document.segments, 1):
        if segment.paragraph != paragraph:
            yield ("</p>\n" if paragraph is not None else "") + "<p>\n"
            paragraph = segment.paragraph
        text = side_text(document, number - 1, number, options.script)
        yield f'<s xml:id="{prefix}.{number}">{xml_text(text)}</s>\n'
    yield ("</p>\n" if paragraph is not None else "<p/>\n") + "</body>\n</text>\n"
