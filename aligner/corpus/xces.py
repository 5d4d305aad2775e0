"""XCES as OPUS has it: a file of numbered sentences for each document, a file of links for each pair of languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aligner.bitext import Alignment, Document
from aligner.corpus.filters import Judgement
from aligner.corpus.manifest import Job
from aligner.corpus.rows import Corpus, rows_of
from aligner.errors import OutputError
from aligner.export.units import written_lang
from aligner.export.xces import LINKS_HEAD, group_of, link_of, sentences
from aligner.files import replacing


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
            links.write(LINKS_HEAD)
            for job, alignment in corpus.alignments():
                langs = [
                    written_lang(side.lang, corpus.script) for side in (alignment.source, alignment.target)
                ]
                if langs != [src_lang, tgt_lang]:
                    continue
                names = [f"{lang}/{job.id}.xml" for lang in langs]
                for name, side in zip(names, (alignment.source, alignment.target), strict=True):
                    _write_sentences(side, folder / name, corpus.script)
                links.write(group_of(names[0], names[1]))
                for link in _links(job, alignment, corpus, judgement):
                    links.write(link)
                    count += 1
                links.write(b"</linkGrp>\n")
            links.write(b"</cesAlign>\n")
    return count


def _write_sentences(document: Document, path: Path, script: str | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as (file,):
        file.writelines(sentences(document, script))


def _links(job: Job, alignment: Alignment, corpus: Corpus, judgement: Judgement) -> Iterator[bytes]:
    first = judgement.first.get(job.id, 0)
    rows = enumerate(rows_of(job, alignment, corpus.script, {}), first)
    kept = {(row.src_ids, row.tgt_ids) for number, row in rows if not judgement.verdicts[number]}
    for number, (_, bead) in enumerate(alignment.links(), 1):
        sides = (bead.src_start, bead.src_end), (bead.tgt_start, bead.tgt_end)
        if bead.is_pair and sides not in kept:
            continue
        yield link_of(number, bead)
