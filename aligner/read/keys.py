"""Localisation files, whose texts have keys: two files are paired by them, and nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aligner.language.joints import line_joint
from aligner.read.choice import shortened
from aligner.read.reading import Column, Reading, Source, Writing
from aligner.read.text import Decoded
from aligner.text.breaks import BREAK, written
from aligner.text.codes import ALONE, Code
from aligner.text.counted import counted
from aligner.text.edits import EditedText

_NOTHING = EditedText("")
# A PO's key is its whole original.
_LONGEST_SHOWN = 40
_BREAKS = re.compile(r"(?<!\s)\s*\n[ \t]*|\r")
_NEAR = 16  # Characters on each side of a line break that say whether a blank belongs there.
_WRAP = "hard-wrap"
MOST_BREAKS = 10_000
"""Line breaks of one text that become codes, 60 bytes each; more is a document, cut at its lines like any other."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text and its key; `beside` is what stood with it and is none of its text, `(text, rule)`."""

    key: str
    text: str
    beside: tuple[tuple[str, str], ...] = ()


def keyed(
    source: Source,
    entries: Iterable[Entry],
    kind: str,
    decoded: Decoded | None = None,
    lang: str | None = None,
) -> Reading:
    """The reading of a file in one language: a cell a key.

    Of a key that stands twice the last text counts, as for the programmes that use such files; the others are
    left out, on record. Raises `InputError` where no entry has a text.
    """
    cells: dict[str, EditedText] = {}
    for entry in entries:
        out = Writing(off=source.off)
        if entry.key in cells:
            out.drop(cells[entry.key].original(), "repeated-key")
        for text, rule in entry.beside:
            out.drop(text, rule)
        keep_whole(entry.text, out)
        cells[entry.key] = out.finish()
    if not any(cell.text.strip() for cell in cells.values()):
        raise source.refuse("there is no text with a key in it; check that it is the file you meant")
    return Reading(
        source.name,
        (Column(lang, tuple(cells.values())),),
        kind,
        decoded.encoding if decoded else "",
        decoded.notes if decoded else (),
        keys=tuple(cells),
    )


def keep_whole(text: str, out: Writing) -> None:
    """Add an entry's text as one unit: a line break in it is a code that stands for a blank, or for nothing."""
    if _WRAP in out.off or text.count("\n") > MOST_BREAKS:
        out.keep(text)
        return
    position, end = 0, len(text.rstrip())
    for run in _BREAKS.finditer(text):
        before, after = text[max(0, run.start() - _NEAR) : run.start()], text[run.end() : run.end() + _NEAR]
        joint = line_joint(before, after) if 0 < run.start() < end else ""
        out.keep(text[position : run.start()])
        out.mark(Code(0, ALONE, written(run[0]), length=len(joint), type=BREAK))
        out.keep(joint)
        position = run.end()
    out.keep(text[position:])


def pair_by_key(first: Reading, second: Reading) -> Reading:
    """Two columns, a row a key: in the order of `first`, a key of `second` alone behind the one it follows there.

    Where only one has the key the row has one side. Raises `InputError` where the two share no key, or where one
    of them is in several languages by itself.
    """
    sides = [dict(zip(reading.keys, _own_texts(reading).cells, strict=True)) for reading in (first, second)]
    if not sides[0].keys() & sides[1].keys():
        raise Source(first.name, b"").refuse(
            f"{counted(len(sides[0]), 'key')}, none of which is among the {len(sides[1])} of {second.name}; "
            "check that the two belong together"
        )
    keys = tuple(_in_one_order(*sides))
    rows = [(sides[0].get(key, _NOTHING), sides[1].get(key, _NOTHING)) for key in keys]
    columns = tuple(
        Column(_own_texts(reading).lang, cells)
        for reading, cells in zip((first, second), zip(*rows, strict=True), strict=True)
    )
    notes = (*first.notes, *second.notes, *_without_partner(first, second), *_without_partner(second, first))
    return Reading(first.name, columns, first.kind, first.encoding, notes, keys=keys)


def _own_texts(reading: Reading) -> Column:
    """The one column of a file that is given with another: of a PO the translations, of a template the originals."""
    if reading.kind != "po":
        if reading.is_table:
            raise Source(reading.name, b"").refuse(
                f"holds {counted(len(reading.columns), 'language')}; give it alone, without a second file"
            )
        return reading.columns[0]
    filled = [column for column in reading.columns if any(cell.text.strip() for cell in column.cells)]
    return filled[-1]


def _in_one_order(first: dict[str, EditedText], second: dict[str, EditedText]) -> list[str]:
    following: dict[str, list[str]] = {"": []}
    last = ""
    for key in second:
        if key in first:
            last = key
        else:
            following.setdefault(last, []).append(key)
    order = list(following[""])
    for key in first:
        order += [key, *(following.get(key, ()) if key else ())]
    return order


def _without_partner(reading: Reading, other: Reading) -> Sequence[str]:
    """A line that lists the keys with a text that the other file has no text for."""
    texts = [
        {key for key, cell in zip(each.keys, _own_texts(each).cells, strict=True) if cell.text.strip()}
        for each in (reading, other)
    ]
    lonely = [key for key in reading.keys if key in texts[0] - texts[1]]
    if not lonely:
        return ()
    count = f"{counted(len(lonely), 'key')} without a text in {other.name}"
    return (f"{reading.name}: {count}: {shortened(map(_shown, lonely))}",)


def _shown(key: str) -> str:
    """A key as it can stand in a message: a file may hold anything in it."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in key).split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"
