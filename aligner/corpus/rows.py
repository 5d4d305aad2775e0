"""The sentence pairs of a batch as rows, streamed document by document in an order that never changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aligner.bitext import Alignment, Bead
from aligner.corpus.manifest import Job
from aligner.corpus.outputs import output_path
from aligner.corpus.survey import Survey, survey
from aligner.errors import InputError
from aligner.export.savefile import load
from aligner.export.units import in_script, printable, stands_turned, written_lang


@dataclass(frozen=True, slots=True)
class Row:
    """One pair on its way out. `src_ids`, `tgt_ids`: half-open ranges of segments in document `doc`.

    `also`: other documents that hold the same pair, where duplicates were cut. `moved`: its sides stand in other
    places. `turned`: the document has `target` on its source's side, which `src_ids` and `type` are of.
    """

    source: str
    target: str
    confidence: float
    status: str
    type: str
    src_lang: str
    tgt_lang: str
    doc: str
    src_ids: tuple[int, int]
    tgt_ids: tuple[int, int]
    meta: tuple[tuple[str, str], ...] = ()
    doubts: frozenset[str] = frozenset()
    also: tuple[str, ...] = ()
    moved: bool = False
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Corpus:
    """A batch's folder and the jobs of its manifest; `script` converts Chinese text on the way out.

    `codes`: what becomes of inline codes in a TMX, as `ExportOptions` has it.
    `with_doubts`: rows carry the rules that doubt them, which takes as long as a tenth of aligning.
    `surveyed`: which documents are turned, so that all pairs of two languages run one way.
    """

    folder: Path
    jobs: tuple[Job, ...]
    script: str | None = None
    with_doubts: bool = False
    codes: str | None = None
    surveyed: Survey = field(default_factory=Survey)

    def alignments(self) -> Iterator[tuple[Job, Alignment]]:
        """Each job that is aligned, by id, all one way round. Raises `InputError` for a save file that is damaged."""
        for job in sorted(self.jobs, key=lambda job: job.id):
            path = output_path(self.folder, job.id)
            if path.exists():
                alignment = load(path)
                yield job, alignment.swapped() if job.id in self.surveyed.backwards else alignment

    def rows(self) -> Iterator[Row]:
        """The pairs of all documents in order."""
        for job, alignment in self.alignments():
            yield from rows_of(job, alignment, self.script, self._doubts(alignment))

    def _doubts(self, alignment: Alignment) -> dict[int, set[str]]:
        if not self.with_doubts:
            return {}
        from aligner.review.doubts import find_doubts

        doubts: dict[int, set[str]] = {}
        for doubt in find_doubts(alignment):
            doubts.setdefault(doubt.bead, set()).add(doubt.rule)
        return doubts

    def languages(self) -> list[tuple[str, str]]:
        """The languages of the documents, as they will be written, each pair of them once."""
        found = {
            (written_lang(a.source.lang, self.script), written_lang(a.target.lang, self.script))
            for _, a in self.alignments()
        }
        return sorted(found)


def rows_of(job: Job, alignment: Alignment, script: str | None, doubts: dict[int, set[str]]) -> Iterator[Row]:
    """The pairs of one document that hold text on both sides, those that moved among them."""
    langs = [written_lang(side.lang, script) for side in (alignment.source, alignment.target)]
    for number, bead in alignment.links():
        source, target = texts_of(alignment, bead, script)
        if source and target:
            turned = stands_turned(source, target, (alignment.source.lang, alignment.target.lang))
            texts = (target, source) if turned else (source, target)
            yield Row(
                *texts, bead.confidence, bead.status, bead.type, langs[0], langs[1], job.id,
                (bead.src_start, bead.src_end), (bead.tgt_start, bead.tgt_end), job.meta,
                frozenset(() if number is None else doubts.get(number, ())), moved=number is None, turned=turned,
            )  # fmt: skip


def texts_of(alignment: Alignment, bead: Bead, script: str | None) -> tuple[str, str]:
    """Both sides of a bead on one line each, in `script` where they are Chinese."""
    source = in_script(printable(alignment.source_text(bead)), alignment.source.lang, script)
    return source, in_script(printable(alignment.target_text(bead)), alignment.target.lang, script)


def open_corpus(
    folder: Path, script: str | None = None, with_doubts: bool = False, codes: str | None = None
) -> Corpus:
    """The batch in `folder`. Raises `InputError` where there is none, or nothing aligned yet."""
    from aligner.corpus.manifest import read_manifest
    from aligner.corpus.own_files import MANIFEST

    if not (folder / MANIFEST).is_file():
        raise InputError(f"{folder}: no batch in it; `align batch … -o {folder}` makes one")
    jobs: Sequence[Job] = read_manifest(folder / MANIFEST)
    if not any(output_path(folder, job.id).exists() for job in jobs):
        raise InputError(f"{folder}: no pair of its manifest is aligned yet; run `align batch` again")
    surveyed = survey(folder, [job.id for job in jobs])
    return Corpus(folder, tuple(jobs), script, with_doubts, codes, surveyed)
