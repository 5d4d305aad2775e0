"""The story in one screen: read, clean, find the halves, segment, encode, align."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from aligner.bitext import Alignment, Bead, Document
from aligner.clean.rules import Flag
from aligner.encode.encoder import Encoder
from aligner.encode.load import shared_encoder
from aligner.engine.anchors import length_ratio, longest_chain, moved_passages, nearest
from aligner.engine.corridor import find_corridor, pin
from aligner.engine.decode import bead_probabilities, decode, sure_pairs
from aligner.engine.evidence import with_learned_words, without_spans
from aligner.engine.passes import find_corners, narrow, stretch
from aligner.engine.score import add_corners, add_last_channel, score_beads
from aligner.engine.weights import load_weights
from aligner.gather.gather import gather
from aligner.keep import Kept, carried, keep_confirmed
from aligner.language.tags import primary
from aligner.lexicon.glossary import Glossary, load_glossary
from aligner.lexicon.relate import load_dictionary
from aligner.options import Options
from aligner.prepare import document_of, prepare_files
from aligner.split.srx import rules_signature

Progress = Callable[[str, int, int], None]
"""Called with the stage's name, how much of it is done and the total."""

_DAMAGE = 0.5  # what a bead with garbled text keeps of its confidence: below even, so that it is looked at

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
    prepared = prepare_files(paths, options)
    review = keep_confirmed(kept, prepared.source, prepared.target) if kept else None
    if review and written_over:
        review.refuse_other_texts(written_over)
    alignment = align_documents(
        prepared.source, prepared.target, options,
        locked=review.beads if review else (), rows=prepared.rows, progress=progress,
    )  # fmt: skip
    alignment = _doubt_damage(alignment, prepared.flags)
    if not review:
        return Result(alignment, prepared.flags, prepared.notes)
    alignment, went = carried(review, alignment)
    return Result(alignment, prepared.flags, (*prepared.notes, *review.notes()), review, went)


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
    glossary = load_glossary(options.glossary, source.lang, target.lang) if options.glossary else None
    if (target.lang, target.text) < (source.lang, source.text):
        swapped = glossary.swapped() if glossary else None
        locks, bounds = [bead.swapped() for bead in locked], [(j, i) for i, j in rows]
        return _align(target, source, options, swapped, locks, bounds, progress).swapped()
    return _align(source, target, options, glossary, locked, rows, progress)


def _align(
    source: Document,
    target: Document,
    options: Options,
    glossary: Glossary | None,
    locked: Sequence[Bead],
    rows: Sequence[tuple[int, int]],
    progress: Progress | None,
) -> Alignment:
    step = progress or (lambda stage, done, total: None)
    languages = primary(source.lang), primary(target.lang)
    weights = load_weights(*languages, options.encoders)
    encoders = [shared_encoder(name, options.download, options.cache) for name in options.encoders]
    for encoder in encoders:
        encoder.progress = partial(step, f"embedding ({encoder.name})")
    evidence = gather(source, target, encoders, load_dictionary(*languages), glossary)
    matches = nearest(evidence.source, evidence.target)
    chain = longest_chain(matches)
    names = [encoder.name for encoder in encoders]
    factor = stretch(evidence.source, evidence.target, chain, names, weights)
    evidence = replace(
        evidence,
        source=evidence.source.stretched(factor),
        source_clauses=evidence.source_clauses.stretched(factor),
    )
    cuts = sorted({*rows, *_corners(locked)})
    ratio = length_ratio(evidence.source, evidence.target, chain)
    corridor = pin(find_corridor((len(source), len(target)), chain), cuts)
    # Words wait until the corridor is narrow and the texts have taught some: without them it is as good.
    *others, _ = evidence.channels
    scored = score_beads(
        evidence.source, evidence.target, others, weights.sentences, corridor, ratio, cuts,
        partial(step, "sentences"),
    )  # fmt: skip
    evidence = without_spans(evidence)
    likely = bead_probabilities(scored, weights.sentences)
    evidence = with_learned_words(evidence, sure_pairs(scored.lattice, likely, weights))
    scored, likely = narrow(scored, likely)
    *_, words = evidence.channels
    scored = add_last_channel(
        scored, evidence.source, evidence.target, words, weights.sentences, partial(step, "words")
    )
    ends = find_corners(
        scored.lattice, likely, evidence.source_clauses, evidence.target_clauses, words, weights.steps,
        partial(step, "clauses"),
    )  # fmt: skip
    beads = decode(add_corners(scored, ends, weights.corner), weights)
    return Alignment(
        source, target, tuple(_put_locked(beads, locked)), _signature(encoders, weights.signature, options),
        tuple(moved_passages(matches, beads)),
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
    try:
        release = version("aligner")
    except PackageNotFoundError:
        release = "unreleased"
    parts = [f"aligner:{release}", *(f"encoder:{encoder.signature}" for encoder in encoders), scorer]
    parts.append("split:lines" if options.presplit else f"split:{rules_signature(options.srx)}")
    parts += [f"{name}:{value}" for name, value in _told(options)]
    return " ".join(parts)


def _told(options: Options) -> list[tuple[str, str]]:
    glossary = hashlib.sha256(options.glossary.read_bytes()).hexdigest()[:8] if options.glossary else ""
    told = [
        ("layout", options.layout or ""), ("no-clean", "+".join(options.no_clean)),
        ("clauses", "split" if options.split_clauses else ""), ("glossary", glossary),
    ]  # fmt: skip
    return [(name, value) for name, value in told if value]
