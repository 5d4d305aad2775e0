"""Units in several languages: where pairs of one source meet, cut into the smallest segments they have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from aligner.bitext import Alignment, Bead, Document
from aligner.corpus.filters import Judgement
from aligner.corpus.manifest import Job
from aligner.corpus.rows import Corpus
from aligner.export.left_out import codes_without_tag
from aligner.export.omegat import in_tags, numbered
from aligner.export.options import ExportOptions
from aligner.export.units import printable, side_codes, side_text, stands_turned, written_lang
from aligner.text.codes import Code

_Side = tuple[str, str, tuple[Code, ...]]
"""A language, the text in it, its codes."""


@dataclass(frozen=True, slots=True)
class TextUnit:
    """One unit of a memory: its texts by language, the source's first; the least of its beads' confidences.

    `codes`: the inline codes of each text, placed in it. `moved`: its sides stand in other places.
    """

    texts: tuple[tuple[str, str], ...]
    confidence: float
    status: str
    docs: tuple[str, ...]
    meta: tuple[tuple[str, str], ...] = ()
    codes: tuple[tuple[Code, ...], ...] = ()
    moved: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    """A bead that stays, the number of its row, whether it is a pair that moved."""

    row: int
    bead: Bead
    moved: bool


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Translations of one stretch of the source, which is the first of `sides`."""

    sides: list[_Side]
    docs: list[str] = field(default_factory=list)
    beads: list[Bead] = field(default_factory=list)

    def lacks(self, lang: str) -> bool:
        return lang not in [each for each, *_ in self.sides]


def units_of_corpus(corpus: Corpus, judgement: Judgement, warnings: list[str]) -> Iterator[TextUnit]:
    """The units of all rows that stay. Pairs of one group become units of more than two languages.

    What of their codes is left out is told in `warnings` at the end.
    """
    units = _units(corpus, judgement)
    return _in_tags(units, warnings) if corpus.codes == "omegat" else units


def _in_tags(units: Iterator[TextUnit], warnings: list[str]) -> Iterator[TextUnit]:
    lost = 0
    for unit in units:
        texts, missing = in_tags([text for _, text in unit.texts], unit.codes)
        lost += missing
        langs = [lang for lang, _ in unit.texts]
        yield replace(unit, texts=tuple(zip(langs, texts, strict=True)), codes=((),) * len(langs))
    warnings += codes_without_tag(lost)


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
            for each in beads:
                yield _unit_of_two(job, alignment, each, judgement.also.get(each.row, ()), options)


def _by_group(corpus: Corpus) -> Iterator[tuple[Job, Alignment]]:
    """The documents with those of a group together, at the place of the first of them."""
    jobs = {job.id: job for job in corpus.jobs}
    places: dict[str, str] = {}
    for job in sorted(jobs.values(), key=lambda job: job.id):
        places.setdefault(job.group or f"\0{job.id}", job.id)
    order = sorted(jobs.values(), key=lambda job: (places[job.group or f"\0{job.id}"], job.id))
    for job in order:
        for _, alignment in replace(corpus, jobs=(job,)).alignments():
            yield job, alignment


def _kept_beads(alignment: Alignment, judgement: Judgement, first: int) -> list[_Kept]:
    """The pairs of a document that stay."""
    texts = (
        (bead, place is None)
        for place, bead in alignment.links()
        if printable(alignment.source_text(bead)) and printable(alignment.target_text(bead))
    )
    return [
        _Kept(row, bead, moved)
        for row, (bead, moved) in enumerate(texts, first)
        if not judgement.verdicts[row]
    ]


def _cut_of(alignment: Alignment) -> tuple[str, tuple[tuple[int, int], ...]]:
    source = alignment.source
    return source.text, tuple((segment.start, segment.end) for segment in source.segments)


def _joined(
    parts: Sequence[tuple[Job, Alignment]], kept: Sequence[Sequence[_Kept]], options: ExportOptions
) -> Iterator[TextUnit]:
    """Units between the boundaries in the source that every alignment of the group has."""
    source = parts[0][1].source
    shared = set(range(len(source) + 1))
    for _, alignment in parts:
        shared &= {bead.src_start for bead in alignment.beads} | {len(source)}
    for start, end in pairwise(sorted(shared)):
        first = _side(source, start, end, options)
        units: list[_Meeting] = []
        for (job, alignment), stay in zip(parts, kept, strict=True):
            inside = [bead for bead in alignment.beads if bead.is_pair and start <= bead.src_start < end]
            if not first[1] or not inside or not {each.bead for each in stay}.issuperset(inside):
                continue  # not translated here, or a part of it was cut
            side = _side(alignment.target, inside[0].tgt_start, inside[-1].tgt_end, options)
            # A tool takes one text of a unit in each language.
            unit = next((each for each in units if each.lacks(side[0])), None)
            if unit is None:
                units.append(unit := _Meeting([first]))
            unit.sides.append(side)
            unit.docs.append(job.id)
            unit.beads.extend(inside)
        yield from (_unit(each.sides, each.beads, each.docs, parts[0][0].meta) for each in units)
    for (job, alignment), stay in zip(parts, kept, strict=True):
        yield from (_unit_of_two(job, alignment, each, (), options) for each in stay if each.moved)


def _unit_of_two(
    job: Job, alignment: Alignment, kept: _Kept, also: Sequence[str], options: ExportOptions
) -> TextUnit:
    bead = kept.bead
    source = _side(alignment.source, bead.src_start, bead.src_end, options)
    target = _side(alignment.target, bead.tgt_start, bead.tgt_end, options)
    if stands_turned(source[1], target[1], (alignment.source.lang, alignment.target.lang)):
        source, target = (source[0], *target[1:]), (target[0], *source[1:])
    return replace(_unit((source, target), [bead], (job.id, *also), job.meta), moved=kept.moved)


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
