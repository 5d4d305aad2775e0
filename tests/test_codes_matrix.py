"""The same two texts with the same codes: the same alignment and the same codes one by one, in every format."""

from __future__ import annotations

import pytest
from coded_formats import SUFFIXES, read_from

from aligner.bitext import Alignment, Document

WITHOUT_LINKS = ("rtf",)  # its links are fields, of which only the words are read


def letters(text: str) -> str:
    return "".join(text.split())


def codes_of(document: Document, *left_out: str) -> list[tuple[int, str, str]]:
    """Each code by the letters before it, its kind and its type; breaks are as a format has them."""
    return [
        (len(letters(document.text[: code.at])), code.kind, code.type)
        for code in document.codes
        if code.type not in ("lb", *left_out)
    ]


def ends(alignment: Alignment) -> set[tuple[int, int]]:
    """Where rows end, in letters of both sides."""
    source, target = alignment.source, alignment.target
    return {
        (
            len(letters(source.text[: source.segments[bead.src_end - 1].end])),
            len(letters(target.text[: target.segments[bead.tgt_end - 1].end])),
        )
        for bead in alignment.beads
    }


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_codes_are_the_same_one_by_one(suffix: str) -> None:
    first, other = read_from("docx"), read_from(suffix)
    left_out = ("link",) if suffix in WITHOUT_LINKS else ()
    for one, two in ((first.source, other.source), (first.target, other.target)):
        assert letters(one.text) == letters(two.text)
        assert codes_of(one, *left_out) == codes_of(two)
        assert len(codes_of(two)) > 10


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_rows_end_where_those_of_the_document_do(suffix: str) -> None:
    # A break in a sentence parts it in a document, not in a memory's unit.
    assert ends(read_from(suffix)) <= ends(read_from("docx"))
    assert len(ends(read_from(suffix))) >= 6


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_dropped_codes_change_no_row_and_are_recorded_one_by_one(suffix: str) -> None:
    kept, dropped = read_from(suffix), read_from(suffix, "drop")
    assert dropped.beads == kept.beads
    for one, two in ((kept.source, dropped.source), (kept.target, dropped.target)):
        assert (one.text, one.segments) == (two.text, two.segments)
        assert two.codes == ()
        assert [edit.found for edit in two.edits if edit.is_code] == [code.shown for code in one.codes]
