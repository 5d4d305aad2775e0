"""What a reviewer confirmed survives a realignment, where it stood."""

import pytest

from aligner.bitext import Alignment, Bead
from aligner.keep import keep_confirmed
from aligner.prepare import document_of

SOURCE = ["第一句。", "好。", "第三句。", "好。", "第五句。"]
TARGET = ["Sentence one.", "Good.", "Sentence three.", "Good.", "Sentence five."]


def reviewed(*beads: Bead) -> Alignment:
    return Alignment(document_of(SOURCE, "zh", "s"), document_of(TARGET, "en", "t"), beads)


def row(n: int, status: str = "auto") -> Bead:
    return Bead(n, n + 1, n, n + 1, 0.9, status)


def ranges(beads: tuple[Bead, ...]) -> list[tuple[int, int, int, int]]:
    return [(b.src_start, b.src_end, b.tgt_start, b.tgt_end) for b in beads]


def test_confirmed_and_edited_rows_are_found_again_by_their_text_after_the_texts_have_grown() -> None:
    kept = reviewed(row(0), row(1), row(2, "confirmed"), row(3, "edited"), row(4))
    found, notes = keep_confirmed(
        kept,
        document_of(["新加的一句。", *SOURCE], "zh", "s"),
        document_of(["A heading", "Added.", *TARGET], "en", "t"),
    )
    assert ranges(found) == [(3, 4, 4, 5), (4, 5, 5, 6)]
    assert [bead.status for bead in found] == ["confirmed", "edited"]
    assert not notes


@pytest.mark.parametrize("at", range(len(SOURCE)))
def test_a_confirmed_one_sided_row_stays_where_it_stood(at: int) -> None:
    apart = [Bead(at, at + 1, at, at, 0.9, "edited"), Bead(at + 1, at + 1, at, at + 1, 0.9, "edited")]
    kept = reviewed(*(row(n) for n in range(at)), *apart, *(row(n) for n in range(at + 1, len(SOURCE))))
    found, notes = keep_confirmed(kept, kept.source, kept.target)
    assert ranges(found) == [(at, at + 1, at, at), (at + 1, at + 1, at, at + 1)]
    assert not notes


def test_a_row_whose_text_is_gone_is_counted_and_the_rest_is_kept() -> None:
    kept = reviewed(row(0, "confirmed"), row(1), row(2, "confirmed"), row(3), row(4))
    found, notes = keep_confirmed(kept, document_of(SOURCE[2:], "zh", "s"), document_of(TARGET, "en", "t"))
    assert ranges(found) == [(0, 1, 2, 3)]
    assert notes == ("1 of 2 confirmed pairs are no longer in the texts and were aligned anew",)
