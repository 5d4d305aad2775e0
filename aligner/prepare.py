"""Files into two documents ready to be aligned: read, cleaned, halves found, split into segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Document, Segment
from aligner.clean.rules import RULES, Flag, cleaned, flags_on
from aligner.errors import InputError, Shortfall
from aligner.language.chinese import convert_script
from aligner.language.detect import detect, detect_by_script
from aligner.language.tags import primary
from aligner.options import Options, Progress
from aligner.read import Reading, read_documents, read_file
from aligner.read.choice import choose_pair
from aligner.read.collection import Documents
from aligner.read.keys import pair_by_key
from aligner.split.halves import find_halves
from aligner.split.lines import joined_by_line, lines_are_sentences
from aligner.split.sentences import segment
from aligner.text.cues import cues_of
from aligner.text.edits import EditedText
from aligner.text.silences import common_silences

_PAIR = 2


@dataclass(frozen=True, slots=True)
class Prepared:
    """Two documents ready to be aligned; `rows` are boundaries (source, target segment) that surely correspond.

    `keyed`: what stands between two of them surely corresponds, too.
    """

    source: Document
    target: Document
    flags: tuple[tuple[Flag, ...], tuple[Flag, ...]] = ((), ())
    rows: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()
    keyed: bool = False


def prepare_files(
    paths: Sequence[str | Path], options: Options, progress: Progress | None = None
) -> Prepared:
    """Read, clean and segment one mixed file or two files; a folder or a zip of documents is one text, or two.

    `progress` hears of each, with its share of the bytes.
    """
    step = progress or (lambda stage, done, total: None)
    sizes = [_size(path) for path in paths]
    known = len(paths) > 1 and all(sizes)  # how much of a single file is read nobody knows
    held: list[Documents | Reading] = []
    for number, path in enumerate(paths):
        step(f"reading {Path(path).name}", sum(sizes[:number]) if known else 0, sum(sizes) if known else 0)
        documents = read_documents(path, encoding=options.encoding, off=options.no_clean)
        held.append(documents or read_file(path, encoding=options.encoding, off=options.no_clean))
    step("cleaning", 0, 0)
    return _prepare_documents(held, options)


def _prepare_documents(held: Sequence[Documents | Reading], options: Options) -> Prepared:
    """Two folders, and one whose names say the languages, have a boundary after each document."""
    if len(held) == 1 and isinstance(held[0], Documents):
        return _prepare_readings(_texts_of(held[0]), options)
    first, second = held[0], held[-1]
    if (
        len(held) == _PAIR
        and isinstance(first, Documents)
        and isinstance(second, Documents)
        and first.bare_names() == second.bare_names()
        and not all(reading.keys for each in (first, second) for reading in each.readings)
    ):
        one, two = first.as_one().with_codes(options.codes), second.as_one().with_codes(options.codes)
        both = replace(one, columns=(*one.columns, *two.columns), notes=(*one.notes, *two.notes))
        return _prepare_rows(both, (0, 1), _column_tags(both), (_name(one), _name(two)), options, both.notes)
    readings = [each.as_one() if isinstance(each, Documents) else each for each in held]
    return _prepare_readings(readings, options)


def _texts_of(documents: Documents) -> list[Reading]:
    """One folder: a table by the languages in its names, else its two documents, else one text."""
    if table := documents.as_table():
        return [table]
    if len(documents.readings) == _PAIR:
        first, second = documents.readings
        return [replace(first, notes=()), replace(second, notes=documents.notes)]
    return [documents.as_one()]


def _prepare_readings(readings: Sequence[Reading], options: Options) -> Prepared:
    readings = [reading.with_codes(options.codes) for reading in readings]
    if len(readings) == 1:
        return _prepare_one(readings[0], options)
    if all(reading.keys for reading in readings):
        names = (_name(readings[0]), _name(readings[1]))
        paired = pair_by_key(*readings)
        return _prepare_rows(paired, (0, 1), _column_tags(paired), names, options, paired.notes)
    notes = tuple(note for reading in readings for note in reading.notes)
    source, target = (
        _Side(reading.flat(), reading.columns[0].lang or "", _name(reading)) for reading in readings
    )
    if source.text.text == target.text.text:
        notes += ("! source and target are the same text: was one file given twice?",)
    return _prepare_two(source, target, options, notes)


def _prepare_one(reading: Reading, options: Options) -> Prepared:
    if reading.is_table:
        return _prepare_table(reading, options)
    try:
        return _prepare_page(reading, options)
    except Shortfall:
        if not reading.keys:
            raise
        raise InputError(
            f"{reading.name}: no translations in it, one language only; name the file of the other language, too"
        ) from None


def _size(path: str | Path) -> int:
    """Bytes of a file; 0 for standard input, folders and what can't be looked at."""
    try:
        return Path(path).stat().st_size if Path(path).is_file() else 0
    except (OSError, ValueError):
        return 0


def prepare_texts(source: str, target: str, options: Options) -> Prepared:
    """Clean and segment two texts."""
    sides = _Side(EditedText(source), "", "source"), _Side(EditedText(target), "", "target")
    return _prepare_two(*sides, options, ())


@dataclass(frozen=True, slots=True)
class _Side:
    """A text, its language (empty where that is unknown), and what it is called."""

    text: EditedText
    lang: str
    name: str


def _prepare_two(source: _Side, target: _Side, options: Options, notes: tuple[str, ...]) -> Prepared:
    first = _cleaned(source.text, options, beside=target.text.text)
    second = _cleaned(target.text, options, beside=source.text.text)
    if _are_exchanged(first.text, second.text, options):
        said = f"--src-lang {options.src_lang} and --tgt-lang {options.tgt_lang}"
        notes += (f"! the texts are in each other's language: exchange the files, or {said}",)
    return _prepare(
        _Side(first, options.src_lang or source.lang or detect(first.text), source.name),
        _Side(second, options.tgt_lang or target.lang or detect(second.text), target.name),
        options,
        notes=notes,
    )


def _are_exchanged(source: str, target: str, options: Options) -> bool:
    """Whether the languages that options name stand the other way round, as far as scripts or English words tell."""
    if not options.src_lang or not options.tgt_lang:
        return False
    named = primary(options.src_lang), primary(options.tgt_lang)
    told = tuple(primary(detect_by_script(text) or "") for text in (source, target))
    is_either = told[0] == named[1] or told[1] == named[0]
    return is_either and told[0] != named[0] and told[1] != named[1]


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
        _Side(halves.source, halves.src_lang, name), _Side(halves.target, halves.tgt_lang, name), options,
        offsets=halves.rows, notes=(*reading.notes, halves.reason),
    )  # fmt: skip


def _prepare_table(reading: Reading, options: Options) -> Prepared:
    """Two of the columns of a table; every row is a boundary."""
    tags = _column_tags(reading)
    chosen, left_out = choose_pair(reading, tags, options.src_lang, options.tgt_lang)
    names = (_name(reading), _name(reading))
    return _prepare_rows(reading, chosen, tags, names, options, (*reading.notes, *left_out))


def _column_tags(reading: Reading) -> list[str]:
    """The columns' languages, as the file says or else as the text is."""
    return [
        column.lang or detect("\n".join(cell.text for cell in column.cells)) for column in reading.columns
    ]


def _prepare_rows(
    reading: Reading,
    chosen: tuple[int, int],
    tags: Sequence[str],
    names: tuple[str, str],
    options: Options,
    notes: tuple[str, ...],
) -> Prepared:
    """Two columns as two documents; every row is a boundary."""
    first, second = chosen
    rows = list(zip(*reading.pair(first, second), strict=True))
    sides = [
        [_cleaned(cell, options, beside=other.text) for cell, other in rows],
        [_cleaned(cell, options, beside=other.text) for other, cell in rows],
    ]
    offsets, places = [], [0, 0]
    for cells in zip(*sides, strict=True):
        offsets.append((places[0], places[1]))
        places = [place + len(cell.text) + 1 for place, cell in zip(places, cells, strict=True)]
    langs = options.src_lang or tags[first], options.tgt_lang or tags[second]
    joined = [EditedText.join(cells, "\n") for cells in sides]
    source, target = (_Side(*side) for side in zip(joined, langs, names, strict=True))
    prepared = _prepare(source, target, options, offsets=tuple(offsets[1:]), notes=notes)
    return replace(prepared, keyed=bool(reading.keys))


def _similarity(options: Options, first: Sequence[str], second: Sequence[str]) -> NDArray[np.float32]:
    """Cosines (p, q) of the few lines at the edges of two halves that may or may not belong to them."""
    encoder = options.load_encoders()[0]
    sides = [
        encoder.encode([convert_script(text, "simplified") for text in texts]) for texts in (first, second)
    ]
    cosines: NDArray[np.float32] = sides[0] @ sides[1].T
    return cosines


def _prepare(
    source: _Side,
    target: _Side,
    options: Options,
    *,
    offsets: Sequence[tuple[int, int]] = (),
    notes: tuple[str, ...] = (),
) -> Prepared:
    """Two cleaned texts, split into segments."""
    documents = [_segmented(side, options) for side in (source, target)]
    for document in documents:
        if not len(document):
            raise InputError(
                f"{document.name}: no text left to align after cleaning; see `align clean {document.name}`"
            )
    if not (options.presplit or options.srx or options.split_clauses) and lines_are_sentences(documents):
        documents = [joined_by_line(document) for document in documents]
    first, second = documents
    rows = {(_segments_before(first, i), _segments_before(second, j)) for i, j in offsets}
    rows |= _silent_together(first, second)
    return Prepared(
        first,
        second,
        (_flags(source.text, options), _flags(target.text, options)),
        tuple(sorted(rows)),
        notes,
    )


def _silent_together(first: Document, second: Document) -> set[tuple[int, int]]:
    """Segments of two texts read from subtitles before which both are silent; none where a sentence goes on there."""
    cues = [cues_of(document.codes, len(document.text)) for document in (first, second)]
    begins = [
        {segment.start: number for number, segment in enumerate(document.segments)}
        for document in (first, second)
    ]
    return {
        (begins[0][place], begins[1][other])
        for place, other in common_silences(*cues)
        if place in begins[0] and other in begins[1]
    }


def _segmented(side: _Side, options: Options) -> Document:
    return segment(
        side.text, side.lang, name=side.name, srx=options.srx, presplit=options.presplit,
        split_clauses=options.split_clauses, fine=options.split == "fine",
    )  # fmt: skip


def _segments_before(document: Document, offset: int) -> int:
    number = document.segment_at(offset)
    return number + (len(document) > 0 and document.segments[number].start < offset)


def _cleaned(text: EditedText, options: Options, beside: str = "") -> EditedText:
    return cleaned(text, off=_rules_off(options), beside=beside)


def _flags(text: EditedText, options: Options) -> tuple[Flag, ...]:
    return flags_on(text, off=_rules_off(options))


def _rules_off(options: Options) -> tuple[str, ...]:
    """What is split already is taken as it stands."""
    return tuple(RULES) if options.presplit else options.no_clean


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


def _name(reading: Reading) -> str:
    return "stdin" if reading.name == "-" else Path(reading.name).name
