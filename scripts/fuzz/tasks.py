"""What is done with a hostile file, and the check, by code of its own, that no text is lost on the way.

Each task raises `AlignerError` where the project refuses the file; anything else that is raised is a fault.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path

from lxml import etree
from samples import REVIEW, TEXTS, keyed, make

from aligner.bitext import Alignment, Bead, Document
from aligner.check import as_text, check_tmx
from aligner.export import ExportOptions, write
from aligner.export.from_units import load_units
from aligner.export.savefile import load
from aligner.export.units import printable
from aligner.language.joints import letters
from aligner.lexicon.glossary import load_glossary
from aligner.options import Options
from aligner.prepare import Prepared, prepare_files
from aligner.read import read_file
from aligner.read.ladder import read_ladder
from aligner.review.readback import read_back
from aligner.text.edits import Edit

OTHER = Path(tempfile.mkdtemp()) / "other.txt"  # the sound side of a pair
keyed.make_json(TEXTS, OTHER.with_name("keys.json"))
OTHER.write_text("\n".join(make.ENGLISH), encoding="utf-8")
atexit.register(shutil.rmtree, OTHER.parent)


class TextLost(Exception):
    """What went in is neither in a segment nor on record."""


def read_text(path: Path) -> None:
    """As one side of a pair: read, cleaned, split; every character is followed."""
    _check_prepared(prepare_files([path, OTHER], Options(src_lang="en", tgt_lang="en")))


def read_coded(path: Path) -> None:
    """With and without codes the same text; what is written has it, too, once its codes are taken out."""
    kept, dropped = (
        prepare_files(
            [path, OTHER], Options(src_lang="en", tgt_lang="en", codes=codes)
        ).source.without_parts()
        for codes in ("keep", "drop")
    )
    if (kept.text, kept.segments) != (dropped.text, dropped.segments) or dropped.codes:
        raise TextLost("codes change the text")
    beads = tuple(Bead(n, n + 1, n, n + 1, 1.0) for n in range(len(kept)))
    written = [path.with_name(f"written.{suffix}") for suffix in ("tmx", "xliff", "docx", "html", "json")]
    for each in written:
        write([Alignment(kept, kept, beads)], each, ExportOptions(duplicates="keep"))
    segments = [_without_codes(seg) for seg in etree.parse(written[0]).iter("seg")]
    for number, found in enumerate(segments[::2]):
        segment = kept.segments[number]
        shown = {at for code in kept.codes for at in range(code.at, code.end)}
        plain = (kept.text[at] for at in range(segment.start, segment.end) if at not in shown)
        if found != letters(printable("".join(plain))):
            raise TextLost(f"{found!r} is no longer what segment {number} says")
    if load(written[-1]).source != kept:
        raise TextLost("a save file with codes is another one when it is opened")


def _without_codes(segment: etree._Element) -> str:
    for code in segment.iter("bpt", "ept", "it", "ph"):
        code.text = ""
    return letters("".join(segment.itertext()))


def read_page(path: Path) -> None:
    """As a page with two texts."""
    _check_prepared(prepare_files([path], Options(src_lang="zh", tgt_lang="en")))


def read_any(path: Path) -> None:
    """As a document or a table of two columns."""
    reading = read_file(path)
    if reading.is_table:
        _check_prepared(prepare_files([path], Options(src_lang="zh", tgt_lang="en")))
    else:
        read_text(path)


def read_keyed(path: Path) -> None:
    """As one language of a program, beside another whose keys are sound."""
    _check_prepared(
        prepare_files([OTHER.with_name("keys.json"), path], Options(src_lang="en", tgt_lang="en-GB"))
    )


def read_timed(path: Path) -> None:
    """As a source with times, written as subtitles again; every line is shown."""
    prepared = prepare_files([path, OTHER], Options(src_lang="en", tgt_lang="en"))
    _check_prepared(prepared)
    source, target = prepared.source, prepared.target
    whole = Alignment(source, target, (Bead(0, len(source), 0, len(target)),))
    for suffix in (".srt", ".vtt"):
        write([whole], path.with_name(f"again{suffix}"))
    shown = path.with_name("again.srt").read_text("utf-8")
    # Cue by cue, so that the lines stand apart.
    if Counter(letters(printable(source.text))) - Counter(letters(shown)):
        raise TextLost("a line of the source is not shown")


def check_memory(path: Path) -> None:
    """`align check`, then read as units and written again."""
    as_text(check_tmx(path))
    write([load_units(path)], path.with_name("again.tmx"))


def open_savefile(path: Path) -> None:
    """Opened, exported, saved and opened again."""
    alignment = load(path)
    write([alignment], path.with_name("again.tmx"))
    write([alignment], path.with_name("again.json"))
    if load(path.with_name("again.json")) != alignment:
        raise TextLost("a save file that is saved again is another one")


def read_review(path: Path) -> None:
    """A reviewed table into its alignment: both texts are there afterwards, or the change is on record."""
    read = read_back(REVIEW, path)
    for old, new in ((REVIEW.source, read.alignment.source), (REVIEW.target, read.alignment.target)):
        if original(new.text, new.edits) != original(old.text, old.edits):
            raise TextLost("a review changed a text without record")


def read_glossary(path: Path) -> None:
    """Terms of a glossary."""
    load_glossary(path, "zh", "en")


def read_gold(path: Path) -> None:
    """A ladder."""
    read_ladder(path)


TASKS: dict[str, Callable[[Path], None]] = {
    "text": read_text, "timed": read_timed, "page": read_page, "coded": read_coded, "read": read_any,
    "pdf": read_any, "keyed": read_keyed, "check": check_memory, "savefile": open_savefile, "review": read_review,
    "glossary": read_glossary, "ladder": read_gold,
}  # fmt: skip


def _check_prepared(prepared: Prepared) -> None:
    for document in (prepared.source, prepared.target):
        _check_segments(document)
        for edit in document.edits:
            if document.text[edit.at : edit.at + len(edit.written)] != edit.written:
                raise TextLost(f"{edit.rule}: the record does not say what stands in the text")


def _check_segments(document: Document) -> None:
    position = 0
    for segment in document.segments:
        if document.text[position : segment.start].strip() or segment.end <= segment.start:
            raise TextLost(f"{document.text[position : segment.start]!r} is in no segment")
        position = segment.end
    if document.text[position:].strip():
        raise TextLost(f"{document.text[position:]!r} is in no segment")


def original(text: str, edits: Collection[Edit]) -> str:
    """The text before all edits, by hand."""
    pieces, position = [], 0
    for edit in edits:
        pieces += [text[position : edit.at], edit.found]
        position = edit.at + len(edit.written)
    return "".join([*pieces, text[position:]])
