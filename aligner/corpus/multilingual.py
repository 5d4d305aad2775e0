"""Units in several languages: where pairs of one source meet, cut into the smallest segments they have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from aligner.bitext import Alignment, Bead, Document
from aligner.corpus.filters import Judgement
from aligner.corpus.manifest import Job
from aligner.corpus.rows import Corpus
from aligner.export.omegat import in_tags, numbered
from aligner.export.options import ExportOptions
from aligner.export.units import printable, side_codes, side_text, written_lang
from aligner.text.codes import Code

_Side = tuple[str, str, tuple[Code, ...]]
"""A language, the text in it, its codes."""


@dataclass(frozen=True, slots=True)
class TextUnit:
    """One unit of a memory: its texts by language, the source's first; the least of its beads' confidences.

    `codes`: the inline codes of each text, placed in it.
    """

    texts: tuple[tuple[str, str], ...]
    confidence: float
    status: str
    docs: tuple[str, ...]
    meta: tuple[tuple[str, str], ...] = ()
    codes: tuple[tuple[Code, ...], ...] = ()


def units_of_corpus(corpus: Corpus, judgement: Judgement) -> Iterator[TextUnit]:
    """The units of all rows that stay. Pairs of one group become units of more than two languages."""
    units = _units(corpus, judgement)
    return map(_in_tags, units) if corpus.codes == "omegat" else units


def _in_tags(unit: TextUnit) -> TextUnit:
    texts, _ = in_tags([text for _, text in unit.texts], unit.codes)
    langs = [lang for lang, _ in unit.texts]
    return replace(unit, texts=tuple(zip(langs, texts, strict=True)), codes=((),) * len(langs))


def _units(corpus: Corpus, judgement: Judgement) -> Iterator[TextUnit]:
    options = ExportOptions(script=corpus.script, codes=corpus.codes)
    grouped = groupby(_by_group(corpus), key=lambda item: item[0].group or f"\0{item[0].id}")
    for _, members in grouped:
        parts = [(job, numbered(a) if corpus.codes == "omegat" else a) for job, a in members]
        kept = [_kept_beads(a, judgement, judgement.first.get(job.id, 0)) for job, a in parts]
        if len(parts) > 1 and len({_cut_of(a) for _, a in parts}) == 1:
            yield from _joined(parts, kept, options)
            continue
        for (job, alignment), beads in zip(parts, kept, strict=True):
            also = judgement.also
            for number, bead in beads:
                yield _unit_of_two(job, alignment, bead, also.get(number, ()), options)


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
        for _, bead in alignment.links()
        if printable(alignment.source_text(bead)) and printable(alignment.target_text(bead))
    )
    return [(number, bead) for number, bead in enumerate(texts, first) if not judgement.verdicts[number]]


def _cut_of(alignment: Alignment) -> tuple[str, tuple[tuple[int, int], ...]]:
    source = alignment.source
    return source.text, tuple((segment.start, segment.end) for segment in source.segments)


def _joined(
    parts: Sequence[tuple[Job, Alignment]], kept: Sequence[Sequence[tuple[int, Bead]]], options: ExportOptions
) -> Iterator[TextUnit]:
    """Units between the boundaries in the source that every alignment of the group has."""
    source = parts[0][1].source
    shared = set(range(len(source) + 1))
    for _, alignment in parts:
        shared &= {bead.src_start for bead in alignment.beads} | {len(source)}
    for start, end in pairwise(sorted(shared)):
        sides, docs, beads = [_side(source, start, end, options)], list[str](), list[Bead]()
        for (job, alignment), stay in zip(parts, kept, strict=True):
            inside = [bead for bead in alignment.beads if bead.is_pair and start <= bead.src_start < end]
            if not inside or not {bead for _, bead in stay}.issuperset(inside):
                continue  # not translated here, or a part of it was cut
            sides.append(_side(alignment.target, inside[0].tgt_start, inside[-1].tgt_end, options))
            docs.append(job.id)
            beads += inside
        if sides[0][1] and len(sides) > 1:
            yield _unit(sides, beads, docs, parts[0][0].meta)
    for (job, alignment), stay in zip(parts, kept, strict=True):
        on_the_path = set(alignment.beads)
        moved = [bead for _, bead in stay if bead not in on_the_path]
        yield from (_unit_of_two(job, alignment, bead, (), options) for bead in moved)


def _unit_of_two(
    job: Job, alignment: Alignment, bead: Bead, also: Sequence[str], options: ExportOptions
) -> TextUnit:
    sides = (
        _side(alignment.source, bead.src_start, bead.src_end, options),
        _side(alignment.target, bead.tgt_start, bead.tgt_end, options),
    )
    return _unit(sides, [bead], (job.id, *also), job.meta)


def _side(document: Document, start: int, end: int, options: ExportOptions) -> _Side:
    text = side_text(document, start, end, options.script)
    return written_lang(document.lang, options.script), text, side_codes(document, start, end, text, options)


def _unit(
    sides: Sequence[_Side], beads: Sequence[Bead], docs: Sequence[str], meta: tuple[tuple[str, str], ...]
) -> TextUnit:
    statuses = {bead.status for bead in beads}
    return TextUnit(
        tuple((lang, text) for lang, text, _ in sides), min(bead.confidence for bead in beads),
        statuses.pop() if len(statuses) == 1 else "auto", tuple(docs), meta, tuple(codes for *_, codes in sides),
    )  # fmt: skip
