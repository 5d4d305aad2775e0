"""XCES as OPUS has it, for one pair: a file of links beside two files of numbered sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from aligner.bitext import Alignment, Bead, Document
from aligner.export.options import ExportOptions
from aligner.export.tmx import xml_text
from aligner.export.units import Tally, in_script, printable, score, written_lang
from aligner.files import replacing

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
LINKS_HEAD = (
    f'{HEAD}<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN" "">\n<cesAlign version="1.0">\n'.encode()
)


def three_paths(path: Path) -> tuple[Path, Path, Path]:
    """`name.xces` with the links, `name.source.xml` and `name.target.xml` with the sentences."""
    return path, path.with_suffix(".source.xml"), path.with_suffix(".target.xml")


def write_xces(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """All beads of one alignment and its moved pairs, whatever the options; all three files or none."""
    alignment, paths = alignments[0], three_paths(path)
    with replacing(*paths) as (links, source, target):
        source.writelines(sentences(alignment.source, options.script))
        target.writelines(sentences(alignment.target, options.script))
        links.write(LINKS_HEAD + group_of(paths[1].name, paths[2].name))
        for number, (_, bead) in enumerate(alignment.links(), 1):
            links.write(link_of(number, bead))
            tally.units += 1
        links.write(b"</linkGrp>\n</cesAlign>\n")


def group_of(source: str, target: str) -> bytes:
    """The beginning of the links between two files of sentences."""
    return f'<linkGrp targType="s" fromDoc="{xml_text(source)}" toDoc="{xml_text(target)}">\n'.encode()


def link_of(number: int, bead: Bead) -> bytes:
    """A link by the numbers of the sentences, from one; a side may be empty."""
    sides = (bead.src_start, bead.src_end), (bead.tgt_start, bead.tgt_end)
    targets = ";".join(" ".join(str(n + 1) for n in range(*side)) for side in sides)
    return f'<link id="SL{number}" xtargets="{targets}" certainty="{score(bead.confidence)}"/>\n'.encode()


def sentences(document: Document, script: str | None) -> Iterator[bytes]:
    """The file of a document's sentences, numbered from one, in their paragraphs."""
    yield f'{HEAD}<text xml:lang="{xml_text(written_lang(document.lang, script))}">\n'.encode()
    paragraph = -1
    for number, segment in enumerate(document.segments, 1):
        if segment.paragraph != paragraph:
            yield (b"</p>\n" if paragraph >= 0 else b"") + f'<p id="{segment.paragraph + 1}">\n'.encode()
            paragraph = segment.paragraph
        text = in_script(printable(document.span(number - 1, number)), document.lang, script)
        yield f'<s id="{number}">{xml_text(text)}</s>\n'.encode("utf-8", "replace")
    yield b"</p>\n</text>\n" if paragraph >= 0 else b"</text>\n"
