"""The review's operations on texts with inline codes, read from every format that has some: a golden table of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from coded_formats import SUFFIXES, read_from

from aligner.bitext import Document
from aligner.export import SaveFile
from aligner.export.unit_codes import codes_in
from aligner.review.operations import operate
from aligner.review.patches import apply_patches
from aligner.review.places import place_of

GOLDEN = Path(__file__).parent / "golden" / "review_codes.tsv"
CASES = [line.split("\t") for line in GOLDEN.read_text("utf-8").splitlines() if line[0] != "#"]
TAGS = {"bold": "b", "italic": "i", "underlined": "u", "superscript": "sup"}


def shown(document: Document, start: int, end: int) -> str:
    """Segments with their letters as tags."""
    text = document.span(start, end)
    raw = document.text[document.segments[start].start : document.segments[end - 1].end]
    assert len(text) == len(raw)
    parts, position = [], 0
    for code in codes_in(document, start, end):
        if code.type not in TAGS:
            continue
        parts += [text[position : code.at], f"<{'/' if code.kind == 'close' else ''}{TAGS[code.type]}>"]
        position = code.at
    return "".join([*parts, text[position:]])


def sources(saved: SaveFile) -> list[str]:
    alignment = saved.alignment
    return [
        shown(alignment.source, bead.src_start, bead.src_end)
        for bead in alignment.beads
        if bead.src_end > bead.src_start
    ]


def place(document: Document, words: str) -> int:
    """Where `words` begin, whether a blank or a new line parts them."""
    return document.text.replace("\n", " ").index(words)


def arguments(saved: SaveFile, name: str, given: str) -> dict[str, object]:
    source, target = saved.alignment.source, saved.alignment.target
    if name == "merge":
        (row,) = [b for b in saved.alignment.beads if saved.alignment.source_text(b).startswith(given)]
        return {"at": list(place_of(saved.alignment, row)), "with": "next"}
    if name == "split":
        one, two = given.split(" / ")
        return {"source": place(source, one), "target": place(target, two)}
    if name in ("cut", "join"):
        return {"side": "source", "offset": place(source, given)}
    old, new = given.split(" => ")
    if name == "replace":
        at, changes = source.text.find(old), []
        while at >= 0:
            changes.append([at, at + len(old), new])
            at = source.text.find(old, at + 1)
        return {"side": "source", "changes": changes}
    at = place(source, old)
    touched = [s for s in source.segments if s.start < at + len(old) and at < s.end]
    start, end = touched[0].start, touched[-1].end
    text = source.text[start:at] + new + source.text[at + len(old) : end]
    return {"side": "source", "start": start, "end": end, "text": text}


def recorded(saved: SaveFile) -> int:
    return sum(edit.is_code for edit in saved.alignment.source.edits)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(("steps", "expected", "records"), CASES)
def test_codes_stay_with_their_words_and_what_goes_is_recorded(
    suffix: str, steps: str, expected: str, records: str
) -> None:
    saved = first = SaveFile(read_from(suffix), {})
    for step in steps.split(" then "):
        name, _, given = step.partition(" ")
        after, _, inverses = operate(saved, name, arguments(saved, name, given))
        assert apply_patches(after, inverses)[0] == saved
        saved = after
    before = sources(first)
    assert " ¶ ".join(row for row in sources(saved) if row not in before) == expected
    assert recorded(saved) - recorded(first) == int(records)
    assert len(saved.alignment.source.codes) + int(records) == len(first.alignment.source.codes)
    assert saved.alignment.target.codes == first.alignment.target.codes
