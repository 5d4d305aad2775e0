"""XCES as OPUS has it: a file of numbered sentences for each document, a file of links for each pair of languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aligner.bitext import Alignment, Document
from aligner.corpus.filters import Judgement
from aligner.corpus.manifest import Job
from aligner.corpus.rows import Corpus, rows_of
from aligner.errors import OutputError
from aligner.export.tmx import xml_text
from aligner.export.units import in_script, printable, score, written_lang
from aligner.files import replacing

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def write_xces(corpus: Corpus, judgement: Judgement, folder: Path) -> int:
    """Write `LANG/DOC.xml` and `SRC-TGT.xml` below `folder`; gives the number of links.

    A document's sentences are all there; links are those of the rows that stay, and of sentences without a
    counterpart.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: can't be a folder: {error.strerror}") from error
    count = 0
    for src_lang, tgt_lang in corpus.languages():
        with replacing(folder / f"{src_lang}-{tgt_lang}.xml") as (links,):
            doctype = '<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN" "">\n'
            links.write(f'{_HEAD}{doctype}<cesAlign version="1.0">\n'.encode())
            for job, alignment in corpus.alignments():
                langs = [
                    written_lang(side.lang, corpus.script) for side in (alignment.source, alignment.target)
                ]
                if langs != [src_lang, tgt_lang]:
                    continue
                names = [f"{lang}/{job.id}.xml" for lang in langs]
                for name, side in zip(names, (alignment.source, alignment.target), strict=True):
                    _write_sentences(side, folder / name, corpus.script)
                links.write(
                    f'<linkGrp targType="s" fromDoc="{xml_text(names[0])}" toDoc="{xml_text(names[1])}">\n'.encode()
                )
                for link in _links(job, alignment, corpus, judgement):
                    links.write(link.encode())
                    count += 1
                links.write(b"</linkGrp>\n")
            links.write(b"</cesAlign>\n")
    return count


def _write_sentences(document: Document, path: Path, script: str | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as (file,):
        file.write(f"{_HEAD}<text>\n".encode())
        paragraph = -1
        for number, segment in enumerate(document.segments, 1):
            if segment.paragraph != paragraph:
                file.write(
                    ("</p>\n" if paragraph >= 0 else "").encode()
                    + f'<p id="{segment.paragraph + 1}">\n'.encode()
                )
                paragraph = segment.paragraph
            text = in_script(printable(document.span(number - 1, number)), document.lang, script)
            file.write(f'<s id="{number}">{xml_text(text)}</s>\n'.encode("utf-8", "replace"))
        file.write(b"</p>\n</text>\n" if paragraph >= 0 else b"</text>\n")


def _links(job: Job, alignment: Alignment, corpus: Corpus, judgement: Judgement) -> Iterator[str]:
    first = judgement.first.get(job.id, 0)
    rows = enumerate(rows_of(job, alignment, corpus.script, {}), first)
    kept = {(row.src_ids, row.tgt_ids) for number, row in rows if not judgement.verdicts[number]}
    for number, bead in enumerate(alignment.beads, 1):
        sides = (bead.src_start, bead.src_end), (bead.tgt_start, bead.tgt_end)
        if bead.is_pair and sides not in kept:
            continue
        targets = ";".join(" ".join(str(n + 1) for n in range(*side)) for side in sides)
        yield f'<link id="SL{number}" xtargets="{targets}" certainty="{score(bead.confidence)}"/>\n'
