"""The story in one screen: read, clean, find the halves, segment, encode, align."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from aligner.bitext import Alignment, Bead, Document
from aligner.clean.rules import Flag
from aligner.encode.cards import unknown_languages
from aligner.encode.encoder import Encoder
from aligner.encode.unknown import MOST, tempered
from aligner.engine.evidence import Evidence
from aligner.engine.passes import Given, align_sides
from aligner.engine.weights import Weights, load_weights
from aligner.gather.closer import left_open, look_closer
from aligner.gather.gather import gather
from aligner.gather.likeness import less_sure, unlike
from aligner.keep.carry import carry_review
from aligner.keep.confirmed import Kept, carried
from aligner.keep.damage import doubt_damage
from aligner.keep.keyed import join_rows
from aligner.keep.settled import NOTHING, Settled, put_locked
from aligner.language.tags import name, primary
from aligner.lexicon.glossary import Glossary
from aligner.lexicon.relate import load_dictionary
from aligner.options import Options, Progress
from aligner.prepare import Prepared, document_of, prepare_files


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
    return align_prepared(
        prepare_files(paths, options, progress), options, kept, progress, written_over=written_over
    )


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
    settled = Settled(review.beads if review else (), prepared.rows)
    alignment = align_documents(prepared.source, prepared.target, options, settled, progress)
    alignment = join_rows(alignment, prepared.rows) if prepared.keyed else alignment
    notes = (*prepared.notes, *_unknown_notes(prepared, options), *_cache_notes(options))
    alignment = doubt_damage(alignment, prepared.flags)
    if not review:
        return Result(alignment, prepared.flags, notes)
    alignment, went = carried(review, alignment)
    return Result(alignment, prepared.flags, (*notes, *review.notes()), review, went)


def _unknown_notes(prepared: Prepared, options: Options) -> list[str]:
    """A line for each language that the encoder does not know."""
    return [
        f"the encoder does not know {name(lang)}: confidences are rough and at most {MOST:.2f}, read more than usual"
        for lang in unknown_languages((prepared.source.lang, prepared.target.lang), options.encoders)
    ]


def _cache_notes(options: Options) -> list[str]:
    """Why vectors are not kept, or were begun again, a line each."""
    notes = [getattr(encoder, "note", None) for encoder in options.load_encoders()]
    return [note for note in dict.fromkeys(notes) if note]


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
    settled: Settled = NOTHING,
    progress: Progress | None = None,
) -> Alignment:
    """Align two documents by what is `settled`.

    Swapping the documents swaps the beads: they are always aligned in one order of language and text.
    """
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
    encoders = options.load_encoders(progress)
    names = tuple(encoder.name for encoder in encoders)
    sure = [replace(bead, confidence=1.0) for bead in settled.locked if bead.is_pair]
    given = Given(settled.boundaries(), sure)

    def known(some: Sequence[Encoder]) -> Evidence:
        return gather(source, target, some, load_dictionary(*languages), glossary)

    def trained(some: Sequence[str]) -> Weights:
        found = load_weights(*languages, some).leaning(settled.leaning)
        return replace(found, lone=None) if unknown else found  # much looks alone to an encoder that is blind

    unknown = unknown_languages((source.lang, target.lang), options.encoders)
    weights = trained(names)
    if in_turn(weights, names, languages):
        evidence, first = known(encoders[:1]), trained(names[:1])
        beads, _ = align_sides(evidence, first, names[:1], given, progress)
        share = weights.spread / first.spread
        evidence = look_closer(evidence, (source, target), encoders[1], left_open(beads), share)
        beads, moved = align_sides(evidence, weights, names, given, _again(progress))
    else:
        beads, moved = align_sides(known(encoders), weights, names, given, progress)
    if unknown:
        beads = [replace(bead, confidence=tempered(bead.confidence)) for bead in beads]
    elif not given.pairs:
        beads = less_sure(beads, unlike(beads, source, target, encoders[0]))
    return Alignment(
        source.without_parts(), target.without_parts(), tuple(put_locked(beads, settled.locked)),
        options.signature(encoders, weights.signature),
        tuple(moved),
    )  # fmt: skip


def in_turn(weights: Weights, names: Sequence[str], languages: Sequence[str]) -> bool:
    """Whether the second of two encoders, by their `names`, is asked only about what the first leaves open.

    Not where the first knows one of the `languages` too little to settle anything, nor where they were not trained
    together.
    """
    return len(names) > 1 and tuple(names) == weights.encoders and not unknown_languages(languages, names[:1])


def _again(progress: Progress | None) -> Progress | None:
    """`progress` that tells the stages of the second time from those of the first."""
    return (lambda stage, done, total: progress(f"{stage} (closer)", done, total)) if progress else None
