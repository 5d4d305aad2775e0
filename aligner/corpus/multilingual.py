"""Units in several languages: where pairs of one source meet, cut into the smallest segments they have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from aligner.bitext import Alignment, Bead
from aligner.corpus.filters import Judgement
from aligner.corpus.manifest import Job
from aligner.corpus.rows import Corpus, texts_of
from aligner.export.units import in_script, printable, written_lang


@dataclass(frozen=True, slots=True)
class TextUnit:
    """One unit of a memory: its texts by language, the source's first; the least of its beads' confidences."""

    texts: tuple[tuple[str, str], ...]
    confidence: float
    status: str
    docs: tuple[str, ...]
    meta: tuple[tuple[str, str], ...] = ()


def units_of_corpus(corpus: Corpus, judgement: Judgement) -> Iterator[TextUnit]:
    """The units of all rows that stay. Pairs of one group become units of more than two languages."""
    grouped = groupby(_by_group(corpus), key=lambda item: item[0].group or f"\0{item[0].id}")
    for _, members in grouped:
        parts = list(members)
        kept = [_kept_beads(a, judgement, judgement.first.get(job.id, 0)) for job, a in parts]
        if len(parts) > 1 and len({_cut_of(a) for _, a in parts}) == 1:
            yield from _joined(parts, kept, corpus.script)
            continue
        for (job, alignment), beads in zip(parts, kept, strict=True):
            also = judgement.also
            for number, bead in beads:
                texts = _texts(alignment, bead, corpus.script)
                yield TextUnit(texts, bead.confidence, bead.status, (job.id, *also.get(number, ())), job.meta)


def _by_group(corpus: Corpus) -> Iterator[tuple[Job, Alignment]]:
    """The documents with those of a group together, at the place of the first of them."""
    jobs = {job.id: job for job in corpus.jobs}
    places: dict[str, str] = {}
    for job in sorted(jobs.values(), key=lambda job: job.id):
        places.setdefault(job.group or f"\0{job.id}", job.id)
    order = sorted(jobs.values(), key=lambda job: (places[job.group or f"\0{job.id}"], job.id))
    for job in order:
        for _, alignment in Corpus(corpus.folder, (job,), corpus.script).alignments():
            yield job, alignment


def _kept_beads(alignment: Alignment, judgement: Judgement, first: int) -> list[tuple[int, Bead]]:
    """The pairs of a document that stay, each with the number of its row."""
    texts = (
        bead
        for bead in alignment.beads
        if printable(alignment.source_text(bead)) and printable(alignment.target_text(bead))
    )
    return [(number, bead) for number, bead in enumerate(texts, first) if not judgement.verdicts[number]]


def _cut_of(alignment: Alignment) -> tuple[str, tuple[tuple[int, int], ...]]:
    source = alignment.source
    return source.text, tuple((segment.start, segment.end) for segment in source.segments)


def _joined(
    parts: Sequence[tuple[Job, Alignment]], kept: Sequence[Sequence[tuple[int, Bead]]], script: str | None
) -> Iterator[TextUnit]:
    """Units between the boundaries in the source that every alignment of the group has."""
    source = parts[0][1].source
    shared = set(range(len(source) + 1))
    for _, alignment in parts:
        shared &= {bead.src_start for bead in alignment.beads} | {len(source)}
    for start, end in pairwise(sorted(shared)):
        text = in_script(printable(source.span(start, end)), source.lang, script)
        texts, docs, beads = [(written_lang(source.lang, script), text)], list[str](), list[Bead]()
        for (job, alignment), stay in zip(parts, kept, strict=True):
            inside = [bead for bead in alignment.beads if bead.is_pair and start <= bead.src_start < end]
            if not inside or not {bead for _, bead in stay}.issuperset(inside):
                continue  # not translated here, or a part of it was cut
            target = alignment.target.span(inside[0].tgt_start, inside[-1].tgt_end)
            lang = alignment.target.lang
            texts.append((written_lang(lang, script), in_script(printable(target), lang, script)))
            docs.append(job.id)
            beads += inside
        if text and len(texts) > 1:
            statuses = {bead.status for bead in beads}
            yield TextUnit(
                tuple(texts), min(bead.confidence for bead in beads),
                statuses.pop() if len(statuses) == 1 else "auto", tuple(docs), parts[0][0].meta,
            )  # fmt: skip


def _texts(alignment: Alignment, bead: Bead, script: str | None) -> tuple[tuple[str, str], ...]:
    langs = [written_lang(side.lang, script) for side in (alignment.source, alignment.target)]
    source, target = texts_of(alignment, bead, script)
    return (langs[0], source), (langs[1], target)
