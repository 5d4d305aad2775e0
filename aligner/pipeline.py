"""The story in one screen: read, clean, find the halves, segment, encode, align."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.align import (
    add_corners,
    add_last_channel,
    bead_probabilities,
    decode,
    find_corners,
    length_ratio,
    narrow,
    nearest,
    score_beads,
    stretch,
    sure_pairs,
)
from aligner.bitext import Alignment, Bead, Document, EditedText, Segment
from aligner.clean import RULES, Flag, clean
from aligner.corridor import find_corridor, longest_chain, moved_passages, pin
from aligner.encode import QUALITY, Encoder, TextEncoder, load_encoder, parse_names
from aligner.errors import InputError, Shortfall, UsageError
from aligner.evidence import gather, with_learned_words, without_spans
from aligner.glossary import Glossary, load_glossary
from aligner.halves import find_halves
from aligner.keep import keep_confirmed
from aligner.languages import check_tag, convert_script, detect, primary
from aligner.lexicon import load_dictionary
from aligner.read import Reading, read_file
from aligner.segment import rules_signature, segment
from aligner.weights import load_weights

Progress = Callable[[str, int, int], None]
"""Called with the stage's name, how much of it is done and the total."""

_DAMAGE = 0.5  # what a bead with garbled text keeps of its confidence: below even, so that it is looked at
_GARBLED = ("gbk-damage", "mojibake")  # flags on text that can't be read; the others only mark slips


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Everything that can change a result. Paths and names are checked where they are used."""

    src_lang: str | None = None
    tgt_lang: str | None = None
    encoding: str | None = None
    layout: str | None = None
    no_clean: tuple[str, ...] = ()
    presplit: bool = False
    srx: Path | None = None
    split_clauses: bool = False
    encoder: str | None = None
    quality: str = "fast"
    glossary: Path | None = None
    cache: bool = True
    download: bool = False

    def __post_init__(self) -> None:
        for tag in (self.src_lang, self.tgt_lang):
            if tag is not None:
                check_tag(tag)
        if self.quality not in QUALITY:
            raise UsageError(f"--quality {self.quality!r} is not known: write {' or '.join(QUALITY)}")

    @property
    def encoders(self) -> tuple[str, ...]:
        """The names of the encoders to use."""
        return tuple(parse_names(self.encoder or QUALITY[self.quality]))


@dataclass(frozen=True, slots=True)
class Prepared:
    """Two documents ready to be aligned; `rows` are boundaries (source, target segment) that surely correspond."""

    source: Document
    target: Document
    flags: tuple[tuple[Flag, ...], tuple[Flag, ...]] = ((), ())
    rows: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()


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
    prepared: Prepared,
    options: Options,
    kept: Alignment | None = None,
    progress: Progress | None = None,
) -> Result:
    """Align what `prepare_files` gave; confirmed beads of `kept` survive."""
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


def prepare_files(paths: Sequence[str | Path], options: Options) -> Prepared:
    """Read, clean and segment one mixed file or two files."""
    readings = [read_file(path, encoding=options.encoding) for path in paths]
    if len(readings) == 1:
        return (
            _prepare_table(readings[0], options)
            if readings[0].is_table
            else _prepare_page(readings[0], options)
        )
    source, target = (_cleaned(reading.flat(), options) for reading in readings)
    tags = [reading.columns[0].lang for reading in readings]
    src_lang = options.src_lang or tags[0] or detect(source.text)
    tgt_lang = options.tgt_lang or tags[1] or detect(target.text)
    notes = tuple(note for reading in readings for note in reading.notes)
    names = [_name(reading) for reading in readings]
    return _prepare(source, target, (src_lang, tgt_lang), (names[0], names[1]), options, notes=notes)


def _prepare_page(reading: Reading, options: Options) -> Prepared:
    """One text that holds both languages."""
    page = _cleaned(reading.flat(), options)
    try:
        halves = find_halves(
            page, src_lang=options.src_lang, tgt_lang=options.tgt_lang, layout=options.layout,
            similarity=partial(_similarity, options),
        )  # fmt: skip
    except Shortfall as shortfall:
        raise Shortfall(f"{reading.name}: {shortfall}") from shortfall
    name = _name(reading)
    return _prepare(
        halves.source, halves.target, (halves.src_lang, halves.tgt_lang), (name, name), options,
        offsets=halves.rows, notes=(*reading.notes, halves.reason),
    )  # fmt: skip


def _prepare_table(reading: Reading, options: Options) -> Prepared:
    """Two of the columns of a table; every row is a boundary."""
    texts = ["\n".join(cell.text for cell in column.cells) for column in reading.columns]
    tags = [column.lang or detect(text) for column, text in zip(reading.columns, texts, strict=True)]
    first, second = _pick_columns(reading, tags, options)
    sides = [[_cleaned(cell, options) for cell in cells] for cells in reading.pair(first, second)]
    offsets, places = [], [0, 0]
    for cells in zip(*sides, strict=True):
        offsets.append((places[0], places[1]))
        places = [place + len(cell.text) + 1 for place, cell in zip(places, cells, strict=True)]
    src_lang, tgt_lang = options.src_lang or tags[first], options.tgt_lang or tags[second]
    source, target = (EditedText.join(cells, "\n") for cells in sides)
    name = _name(reading)
    return _prepare(
        source,
        target,
        (src_lang, tgt_lang),
        (name, name),
        options,
        offsets=tuple(offsets[1:]),
        notes=reading.notes,
    )


def _similarity(options: Options, first: Sequence[str], second: Sequence[str]) -> NDArray[np.float32]:
    """Cosines (p, q) of the few lines at the edges of two halves that may or may not belong to them."""
    encoder = shared_encoder(options.encoders[0], options.download, options.cache)
    sides = [
        encoder.encode([convert_script(text, "simplified") for text in texts]) for texts in (first, second)
    ]
    cosines: NDArray[np.float32] = sides[0] @ sides[1].T
    return cosines


def _pick_columns(reading: Reading, tags: list[str], options: Options) -> tuple[int, int]:
    """The two columns that hold the languages asked for, or the only two there are."""
    picked = []
    for wanted in (options.src_lang, options.tgt_lang):
        if wanted and len(tags) > 2:  # noqa: PLR2004 - more than a pair
            fitting = [n for n, tag in enumerate(tags) if primary(tag) == primary(wanted) and n not in picked]
            if not fitting:
                raise InputError(f"{reading.name}: no column in {wanted}; its columns are {', '.join(tags)}")
            picked.append(fitting[0])
    if len(picked) == 2:  # noqa: PLR2004
        return picked[0], picked[1]
    if len(tags) > 2:  # noqa: PLR2004
        raise InputError(
            f"{reading.name}: {len(tags)} columns of text ({', '.join(tags)}); say which with --src-lang and --tgt-lang"
        )
    if options.src_lang and primary(tags[0]) != primary(options.src_lang) == primary(tags[1]):
        return 1, 0
    return 0, 1


def _prepare(
    source: EditedText,
    target: EditedText,
    langs: tuple[str, str],
    names: tuple[str, str],
    options: Options,
    *,
    offsets: Sequence[tuple[int, int]] = (),
    notes: tuple[str, ...] = (),
) -> Prepared:
    documents = [
        segment(
            text,
            lang,
            name=name,
            srx=options.srx,
            presplit=options.presplit,
            split_clauses=options.split_clauses,
        )
        for text, lang, name in zip((source, target), langs, names, strict=True)
    ]
    for document in documents:
        if not len(document):
            raise InputError(
                f"{document.name}: no text left to align after cleaning; see `align clean {document.name}`"
            )
    first, second = documents
    rows = {(_segments_before(first, i), _segments_before(second, j)) for i, j in offsets}
    return Prepared(
        first, second, (_flags(source, options), _flags(target, options)), tuple(sorted(rows)), notes
    )


def _segments_before(document: Document, offset: int) -> int:
    number = document.segment_at(offset)
    return number + (len(document) > 0 and document.segments[number].start < offset)


def _cleaned(text: EditedText, options: Options) -> EditedText:
    return clean(text, off=_rules_off(options)).text


def _flags(text: EditedText, options: Options) -> tuple[Flag, ...]:
    # Cleaning what is clean changes nothing, so the places are those of the text that is exported.
    return tuple(clean(text, off=_rules_off(options)).flags)


def _rules_off(options: Options) -> tuple[str, ...]:
    """What is split already is taken as it stands."""
    return tuple(RULES) if options.presplit else options.no_clean


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


def document_of(sentences: Sequence[str], lang: str, name: str) -> Document:
    """A document of `sentences`, a line each."""
    segments, position = [], 0
    lines = [sentence.strip() for sentence in sentences]
    for number, line in enumerate(lines):
        if not line:
            raise InputError(f"{name} sentence {number}: blank; leave blank sentences out")
        segments.append(Segment(position, position + len(line)))
        position += len(line) + 1
    return Document("\n".join(lines), lang, tuple(segments), name)


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


def _name(reading: Reading) -> str:
    return "stdin" if reading.name == "-" else Path(reading.name).name


@lru_cache(maxsize=4)
def shared_encoder(name: str, download: bool, cache: bool) -> TextEncoder:
    """The encoder, loaded once for all alignments of this process; `Options` say what the arguments mean."""
    return load_encoder(name, download=download, cache=cache)


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
