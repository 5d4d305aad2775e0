"""The story in one screen: read, clean, find the halves, segment, encode, align."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from aligner.bitext import Alignment, Bead, Document
from aligner.clean.rules import Flag
from aligner.encode.encoder import Encoder
from aligner.engine.passes import align_sides
from aligner.engine.weights import load_weights
from aligner.gather.gather import gather
from aligner.keep import keep_confirmed
from aligner.language.tags import primary
from aligner.lexicon.glossary import Glossary
from aligner.lexicon.relate import load_dictionary
from aligner.options import Options, Progress
from aligner.prepare import Prepared, document_of, prepare_files
from aligner.split.srx import rules_signature

_DAMAGE = 0.5  # what a bead with garbled text keeps of its confidence: below even, so that it is looked at

_GARBLED = ("gbk-damage", "mojibake")  # flags on text that can't be read; the others only mark slips


@dataclass(frozen=True, slots=True)
class Result:
    """An alignment, what is suspected damaged on each side, and lines the user should see."""

    alignment: Alignment
    flags: tuple[tuple[Flag, ...], tuple[Flag, ...]]
    notes: tuple[str, ...]


def align_files(
    paths: Sequence[str | Path],
    options: Options,
    kept: Alignment | None = None,
    progress: Progress | None = None,
) -> Result:
    """Align one mixed file or two files; confirmed beads of `kept` survive.

    Raises `InputError` for files that can't be read, `Shortfall` where there is nothing to align.
    """
    return align_prepared(prepare_files(paths, options), options, kept, progress)


def align_prepared(
    prepared: Prepared, options: Options, kept: Alignment | None = None, progress: Progress | None = None
) -> Result:
    """Align two prepared documents; confirmed beads of `kept` survive, beads of garbled text are doubted."""
    locked, notes = keep_confirmed(kept, prepared.source, prepared.target) if kept else ((), ())
    alignment = align_documents(
        prepared.source, prepared.target, options, locked=locked, rows=prepared.rows, progress=progress
    )
    return Result(_doubt_damage(alignment, prepared.flags), prepared.flags, (*prepared.notes, *notes))


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
    glossary = options.load_glossary(source.lang, target.lang)
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
    languages = primary(source.lang), primary(target.lang)
    weights = load_weights(*languages, options.encoders)
    encoders = options.load_encoders(progress)
    beads, moved = align_sides(
        gather(source, target, encoders, load_dictionary(*languages), glossary),
        weights,
        [encoder.name for encoder in encoders],
        sorted({*rows, *_corners(locked)}),
        progress,
    )
    return Alignment(
        source, target, tuple(_put_locked(beads, locked)), _signature(encoders, weights.signature, options),
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
    try:
        release = version("aligner")
    except PackageNotFoundError:
        release = "unreleased"
    parts = [f"aligner:{release}", *(f"encoder:{encoder.signature}" for encoder in encoders), scorer]
    parts.append("split:lines" if options.presplit else f"split:{rules_signature(options.srx)}")
    parts += [f"{name}:{value}" for name, value in _told(options)]
    return " ".join(parts)


def _told(options: Options) -> list[tuple[str, str]]:
    told = [
        ("layout", options.layout or ""), ("no-clean", "+".join(options.no_clean)),
        ("clauses", "split" if options.split_clauses else ""), ("glossary", options.glossary_hash()),
    ]  # fmt: skip
    return [(name, value) for name, value in told if value]
