"""What a reviewer confirmed survives a realignment, where it stood."""

from dataclasses import replace
from pathlib import Path

import pytest

from aligner.bitext import Alignment, Bead, Moved
from aligner.cli.preflight import protect_reviews
from aligner.cli.summary import Run, as_dict
from aligner.errors import InputError, OutputError
from aligner.export import write
from aligner.keep.confirmed import carried, keep_confirmed
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
    back = keep_confirmed(
        kept,
        document_of(["新加的一句。", *SOURCE], "zh", "s"),
        document_of(["A heading", "Added.", *TARGET], "en", "t"),
    )
    assert ranges(back.beads) == [(3, 4, 4, 5), (4, 5, 5, 6)]
    assert [bead.status for bead in back.beads] == ["confirmed", "edited"]
    assert not back.notes()


def test_a_pair_that_was_looked_at_is_doubtful_no_more() -> None:
    low = [
        replace(row(n, status), confidence=0.3) for n, status in enumerate(["auto", "confirmed", "edited"])
    ]
    told = as_dict(Run(reviewed(*low, row(3), row(4))))
    assert told["doubtful"] == 1


@pytest.mark.parametrize("status", ["confirmed", "edited"])
def test_a_review_is_not_written_over_by_a_run_that_does_not_keep_it(tmp_path: Path, status: str) -> None:
    review = tmp_path / "review.json"
    write([reviewed(row(0), row(1), row(2, status), row(3), row(4))], review)
    protect_reviews([review], review)
    with pytest.raises(OutputError, match="holds 1 confirmed pair,"):
        protect_reviews([review], None)


@pytest.mark.parametrize("at", range(len(SOURCE)))
def test_a_confirmed_one_sided_row_stays_where_it_stood(at: int) -> None:
    apart = [Bead(at, at + 1, at, at, 0.9, "edited"), Bead(at + 1, at + 1, at, at + 1, 0.9, "edited")]
    kept = reviewed(*(row(n) for n in range(at)), *apart, *(row(n) for n in range(at + 1, len(SOURCE))))
    back = keep_confirmed(kept, kept.source, kept.target)
    assert ranges(back.beads) == [(at, at + 1, at, at), (at + 1, at + 1, at, at + 1)]
    assert not back.notes()


def test_a_row_whose_text_is_gone_is_counted_and_the_rest_is_kept() -> None:
    kept = reviewed(row(0, "confirmed"), row(1), row(2, "confirmed"), row(3), row(4))
    back = keep_confirmed(kept, document_of(SOURCE[2:], "zh", "s"), document_of(TARGET, "en", "t"))
    assert ranges(back.beads) == [(0, 1, 2, 3)]
    assert back.notes() == ("1 of 2 confirmed pairs is no longer in the texts and was aligned anew",)


def test_a_review_of_swapped_files_is_turned_round() -> None:
    kept = reviewed(row(0, "confirmed"), row(1), row(2, "confirmed"), row(3), row(4))
    back = keep_confirmed(kept, kept.target, kept.source)
    assert back.turned
    assert ranges(back.beads) == [(0, 1, 0, 1), (2, 3, 2, 3)]
    assert back.alignment.source.sentences() == TARGET


def test_a_review_of_other_texts_may_not_be_written_over() -> None:
    kept = reviewed(row(0, "confirmed"), row(1, "confirmed"), *(row(n) for n in range(2, 5)))
    back = keep_confirmed(kept, document_of(["别的。"], "zh", "s"), document_of(["Other."], "en", "t"))
    with pytest.raises(InputError, match="2 of its 2 confirmed pairs not in these texts"):
        back.refuse_other_texts("a.json")


def test_a_note_goes_to_the_bead_that_holds_its_text_now() -> None:
    kept = reviewed(row(0), replace(row(1), note="术语？"), *(row(n) for n in range(2, 5)))
    source, target = document_of(["新。", *SOURCE], "zh", "s"), document_of(["New.", *TARGET], "en", "t")
    beads = (Bead(0, 1, 0, 1), Bead(1, 3, 1, 3), *(row(n) for n in range(3, 6)))
    alignment, went = carried(keep_confirmed(kept, source, target), Alignment(source, target, beads))
    assert [bead.note for bead in alignment.beads] == ["", "术语？", "", "", ""]
    assert went[kept.beads[1]] == alignment.beads[1]


def test_a_confirmed_moved_passage_stays_confirmed() -> None:
    alone = [Bead(n, n + 1, 0, 0) for n in range(5)] + [Bead(5, 5, n, n + 1) for n in range(5)]
    moved = Moved(2, 3, 4, 5, 0.9, "confirmed")
    kept = replace(reviewed(*alone), moved=(moved,))
    found = replace(kept, moved=(Moved(2, 4, 4, 5, 0.5), Moved(0, 1, 1, 2, 0.5)))
    alignment, _ = carried(keep_confirmed(kept, kept.source, kept.target), found)
    assert alignment.moved == (Moved(0, 1, 1, 2, 0.5), moved)
