"""The story in one screen: read, clean, find the halves, segment, encode, align."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from aligner.bitext import Alignment, Bead, Document
from aligner.clean.rules import Flag
from aligner.encode.cards import unknown_languages
from aligner.encode.encoder import Encoder
from aligner.engine.passes import Given, align_sides
from aligner.engine.weights import load_weights
from aligner.gather.gather import gather
from aligner.keep.carry import carry_review
from aligner.keep.confirmed import Kept, carried
from aligner.keep.keyed import join_rows
from aligner.language.tags import name, primary
from aligner.lexicon.glossary import Glossary
from aligner.lexicon.relate import load_dictionary
from aligner.options import Options, Progress
from aligner.prepare import Prepared, document_of, prepare_files
from aligner.split.srx import rules_signature
from aligner.system.installed import installed_version

_DAMAGE = 0.5  # what a bead with garbled text keeps of its confidence: below even, so that it is looked at

# A judgement: nothing sure is known of languages that the encoder was not made for.
UNKNOWN_MOST = 0.9

_GARBLED = ("gbk-damage", "mojibake")  # flags on text that can't be read; the others only mark slips


@dataclass(frozen=True, slots=True)
class Result:
    """An alignment, what is suspected damaged on each side, lines the user should see, and what was kept.

    `went` says for beads of `kept.alignment` which bead of `alignment` they are now.
    """

    alignment: Alignment
    flags: tuple[tuple[Flag, ...], tuple[Flag, ...]]
    notes: tuple[str, ...]
    kept: Kept | None = None
    went: Mapping[Bead, Bead] = field(default_factory=dict)


def align_files(
    paths: Sequence[str | Path],
    options: Options,
    kept: Alignment | None = None,
    progress: Progress | None = None,
    *,
    written_over: str | None = None,
) -> Result:
    """Align one mixed file or two files; confirmed beads of `kept` survive, whichever way round its texts are.

    `written_over` names the file of `kept` where the result takes its place. Raises `InputError` for files that
    can't be read, and where most of a review would be lost with the file that is written over; `Shortfall` where
    there is nothing to align.
    """
    return align_prepared(prepare_files(paths, options), options, kept, progress, written_over=written_over)


def align_prepared(
    prepared: Prepared,
    options: Options,
    kept: Alignment | None = None,
    progress: Progress | None = None,
    *,
    written_over: str | None = None,
) -> Result:
    """Align two prepared documents as `align_files` does; beads of garbled text are doubted."""
    prepared, review = carry_review(kept, prepared) if kept else (prepared, None)
    if review and written_over:
        review.refuse_other_texts(written_over)
    alignment = align_documents(
        prepared.source, prepared.target, options,
        locked=review.beads if review else (), rows=prepared.rows, progress=progress,
    )  # fmt: skip
    alignment = join_rows(alignment, prepared.rows) if prepared.keyed else alignment
    notes = (*prepared.notes, *_unknown_notes(prepared, options))
    alignment = _doubt_damage(alignment, prepared.flags)
    if not review:
        return Result(alignment, prepared.flags, notes)
    alignment, went = carried(review, alignment)
    return Result(alignment, prepared.flags, (*notes, *review.notes()), review, went)


def _unknown_notes(prepared: Prepared, options: Options) -> list[str]:
    """A line for each language that the encoder does not know."""
    return [
        f"the encoder does not know {name(lang)}: confidences are not calibrated and at most {UNKNOWN_MOST:.2f}"
        for lang in unknown_languages((prepared.source.lang, prepared.target.lang), options.encoders)
    ]


def align_segments(
    source: Sequence[str], target: Sequence[str], src_lang: str, tgt_lang: str, options: Options | None = None
) -> Alignment:
    """Align two lists of sentences as they are; blank ones are refused, since no bead could hold them."""
    return align_documents(
        document_of(source, src_lang, "source"), document_of(target, tgt_lang, "target"), options or Options()
    )


def align_documents(
    source: Document,
    target: Document,
    options: Options,
    *,
    locked: Sequence[Bead] = (),
    rows: Sequence[tuple[int, int]] = (),
    progress: Progress | None = None,
) -> Alignment:
    """Align two documents around `locked` beads and `rows`, boundaries that no bead may cross.

    Swapping the documents swaps the beads: they are always aligned in one order of language and text.
    """
    return align_settled(source, target, options, Settled(tuple(locked), tuple(rows)), progress)


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known before two documents are aligned.

    `locked` beads come out as they are, and their words are learned; no bead crosses the boundaries `rows`.
    `leaning`: for bead types (sources, targets) by how much the logarithm of their odds is raised.
    """

    locked: tuple[Bead, ...] = ()
    rows: tuple[tuple[int, int], ...] = ()
    leaning: Mapping[tuple[int, int], float] = field(default_factory=dict)

    def swapped(self) -> Settled:
        """The same with source and target exchanged."""
        return Settled(
            tuple(bead.swapped() for bead in self.locked),
            tuple((j, i) for i, j in self.rows),
            {(targets, sources): odds for (sources, targets), odds in self.leaning.items()},
        )


def align_settled(
    source: Document, target: Document, options: Options, settled: Settled, progress: Progress | None = None
) -> Alignment:
    """Align two documents as `align_documents` does, by all that is `settled`."""
    glossary = options.load_glossary(source.lang, target.lang)
    if (target.lang, target.text) < (source.lang, source.text):
        swapped = glossary.swapped() if glossary else None
        return _align(target, source, options, swapped, settled.swapped(), progress).swapped()
    return _align(source, target, options, glossary, settled, progress)


def _align(
    source: Document,
    target: Document,
    options: Options,
    glossary: Glossary | None,
    settled: Settled,
    progress: Progress | None,
) -> Alignment:
    languages = primary(source.lang), primary(target.lang)
    weights = load_weights(*languages, options.encoders).leaning(settled.leaning)
    encoders = options.load_encoders(progress)
    names, dictionary = tuple(encoder.name for encoder in encoders), load_dictionary(*languages)
    given = Given(
        sorted({*settled.rows, *_corners(settled.locked)}),
        [replace(bead, confidence=1.0) for bead in settled.locked if bead.is_pair],
    )
    beads, moved = align_sides(
        gather(source, target, encoders, dictionary, glossary), weights, names, given, progress
    )
    if unknown_languages((source.lang, target.lang), options.encoders):
        beads = [replace(bead, confidence=min(bead.confidence, UNKNOWN_MOST)) for bead in beads]
    return Alignment(
        source, target, tuple(_put_locked(beads, settled.locked)), _signature(encoders, weights.signature, options),
        tuple(moved),
    )  # fmt: skip


def _doubt_damage(alignment: Alignment, flags: tuple[tuple[Flag, ...], tuple[Flag, ...]]) -> Alignment:
    """Lower the confidence of beads that hold text flagged as damaged."""
    damaged: set[tuple[int, int]] = set()
    for side, document in enumerate((alignment.source, alignment.target)):
        damaged |= {(side, document.segment_at(flag.at)) for flag in flags[side] if flag.rule in _GARBLED}
    beads = []
    for bead in alignment.beads:
        inside = {(0, i) for i in range(bead.src_start, bead.src_end)} | {
            (1, j) for j in range(bead.tgt_start, bead.tgt_end)
        }
        hit = bead.status == "auto" and not inside.isdisjoint(damaged)
        beads.append(replace(bead, confidence=round(bead.confidence * _DAMAGE, 4)) if hit else bead)
    return replace(alignment, beads=tuple(beads))


def _corners(locked: Sequence[Bead]) -> list[tuple[int, int]]:
    return [corner for b in locked for corner in ((b.src_start, b.tgt_start), (b.src_end, b.tgt_end))]


def _put_locked(beads: list[Bead], locked: Sequence[Bead]) -> list[Bead]:
    """`beads` with those inside a locked one replaced by it."""
    if not locked:
        return beads
    free = [
        bead
        for bead in beads
        if not any(
            lock.src_start <= bead.src_start and bead.src_end <= lock.src_end
            and lock.tgt_start <= bead.tgt_start and bead.tgt_end <= lock.tgt_end
            for lock in locked
        )
    ]  # fmt: skip
    return sorted(
        [*free, *locked], key=lambda bead: (bead.src_start, bead.tgt_start, bead.src_end, bead.tgt_end)
    )


def _signature(encoders: Sequence[Encoder], scorer: str, options: Options) -> str:
    """One line that names everything that could change the result."""
    parts = [
        f"aligner:{installed_version()}",
        *(f"encoder:{encoder.signature}" for encoder in encoders),
        scorer,
    ]
    parts.append("split:lines" if options.presplit else f"split:{rules_signature(options.srx)}")
    parts += [f"{name}:{value}" for name, value in _told(options)]
    return " ".join(parts)


def _told(options: Options) -> list[tuple[str, str]]:
    told = [
        ("layout", options.layout or ""), ("no-clean", "+".join(options.no_clean)),
        ("clauses", "split" if options.split_clauses else ""), ("glossary", options.glossary_hash()),
        ("codes", options.codes or ""),
    ]  # fmt: skip
    return [(name, value) for name, value in told if value]
