"""The review's operations: nothing lost, all taken back, whatever is done in whatever order."""

from __future__ import annotations

import random

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aligner.bitext import Alignment, Alternative, Bead, Document, Moved, Segment
from aligner.export.savefile import SaveFile, dumps
from aligner.review.operations import OPERATIONS, operate
from aligner.review.patches import apply_patches
from aligner.review.places import Refused, place_of, range_of
from aligner.text.edits import Edit


def document(sentences: list[str], lang: str, name: str) -> Document:
    """A sentence a segment, a blank or a new paragraph between them."""
    text, segments, paragraph = "", [], 0
    for number, sentence in enumerate(sentences):
        if number:
            paragraph += number % 3 == 0
            text += "\n\n" if number % 3 == 0 else " "
        segments.append(Segment(len(text), len(text) + len(sentence), paragraph))
        text += sentence
    return Document(text, lang, tuple(segments), name)


def alignment(
    sources: list[str], targets: list[str], beads: list[tuple[int, int]], **more: object
) -> SaveFile:
    """Beads by their numbers of segments on each side."""
    drawn, s, t = [], 0, 0
    for a, b in beads:
        drawn.append(Bead(s, s + a, t, t + b, 0.9))
        s, t = s + a, t + b
    return SaveFile(
        Alignment(document(sources, "en", "a"), document(targets, "de", "b"), tuple(drawn), "test", **more)
    )


def rows(saved: SaveFile) -> list[tuple[str, str]]:
    a = saved.alignment
    return [(a.source_text(bead), a.target_text(bead)) for bead in a.beads]


@pytest.fixture
def saved() -> SaveFile:
    return alignment(
        ["One two.", "Three four.", "Five.", "Six."], ["Eins zwei.", "Drei vier.", "Fünf.", "Sechs."],
        [(1, 1), (1, 1), (2, 1), (0, 1)],
    )  # fmt: skip


def at(saved: SaveFile, number: int) -> list[int]:
    return list(place_of(saved.alignment, saved.alignment.beads[number]))


def do(saved: SaveFile, op: str, **args: object) -> SaveFile:
    """The state after the operation, which must be taken back to the letter."""
    after, _, inverses = operate(saved, op, args)
    assert apply_patches(after, inverses)[0] == saved
    return after


def test_accepting_decides_a_row_and_nothing_else(saved: SaveFile) -> None:
    after = do(saved, "accept", at=at(saved, 1))
    assert [bead.status for bead in after.alignment.beads] == ["auto", "confirmed", "auto", "auto"]
    assert do(after, "unaccept", at=at(saved, 1)) == saved


def test_merging_joins_the_texts_of_two_rows(saved: SaveFile) -> None:
    after = do(saved, "merge", at=at(saved, 0), **{"with": "next"})
    assert rows(after)[0] == ("One two. Three four.", "Eins zwei. Drei vier.")
    assert rows(do(saved, "merge", at=at(saved, 1), **{"with": "previous"})) == rows(after)


def test_a_split_row_can_be_merged_to_what_it_was(saved: SaveFile) -> None:
    source, target = saved.alignment.source, saved.alignment.target
    after = do(saved, "split", source=source.segments[3].start, target=target.segments[3].start)
    assert rows(after)[2:4] == [("Five.", "Fünf."), ("Six.", "")]
    assert rows(do(after, "merge", at=at(after, 2), **{"with": "next"})) == rows(saved)


def test_pushing_gives_the_last_segment_to_the_next_row_which_must_be_looked_at(saved: SaveFile) -> None:
    after = do(saved, "push", at=at(saved, 1), side="target")
    assert rows(after)[1:3] == [("Three four.", ""), ("Five. Six.", "Drei vier. Fünf.")]
    assert [bead.status for bead in after.alignment.beads[1:3]] == ["edited", "auto"]
    assert after.alignment.beads[2].confidence <= 0.5


def test_pulling_takes_the_first_segment_of_the_next_row_that_has_one(saved: SaveFile) -> None:
    after = do(saved, "pull", at=at(saved, 2), side="target")
    assert rows(after) == [*rows(saved)[:2], ("Five. Six.", "Fünf. Sechs.")]
    with pytest.raises(Refused) as refused:
        operate(saved, "pull", {"at": at(saved, 2), "side": "source"})
    assert refused.value.reason == "nothing"


def test_a_cut_segment_is_joined_to_what_it_was(saved: SaveFile) -> None:
    after = do(saved, "cut", side="source", offset=4)
    assert after.alignment.source.sentences()[:3] == ["One", "two.", "Three four."]
    assert rows(after) == rows(saved)
    assert do(after, "join", side="source", offset=4) == saved


def test_no_cut_goes_through_a_grapheme_or_leaves_a_blank_piece() -> None:
    family = "\U0001f468‍\U0001f469‍\U0001f467"
    saved = alignment([f"Ne\u0301e {family} ab."], ["Eins."], [(1, 1)])
    for offset, reason in ((2, "grapheme"), (6, "grapheme"), (0, "boundary"), (99, "boundary")):
        with pytest.raises(Refused) as refused:
            operate(saved, "cut", {"side": "source", "offset": offset})
        assert refused.value.reason == reason


def test_matching_puts_leftovers_around_the_pair(saved: SaveFile) -> None:
    source, target = saved.alignment.source.segments, saved.alignment.target.segments
    after = do(
        saved, "match", source=[source[0].start, source[0].end], target=[target[1].start, target[1].end]
    )
    assert rows(after)[:3] == [("", "Eins zwei."), ("One two.", "Drei vier."), ("Three four.", "")]
    assert [bead.status for bead in after.alignment.beads[:3]] == ["auto", "edited", "auto"]


def test_a_match_never_takes_a_decided_row_apart_by_the_way(saved: SaveFile) -> None:
    saved = do(saved, "accept", at=at(saved, 1))
    source, target = saved.alignment.source.segments, saved.alignment.target.segments
    with pytest.raises(Refused) as refused:
        operate(
            saved, "match",
            {"source": [source[0].start, source[0].end], "target": [target[2].start, target[2].end]},
        )  # fmt: skip
    assert refused.value.reason == "crossing"


def test_a_linked_passage_stands_alone_at_both_places(saved: SaveFile) -> None:
    source, target = saved.alignment.source.segments, saved.alignment.target.segments
    after = do(
        saved, "link", source=[source[0].start, source[0].end], target=[target[3].start, target[3].end]
    )
    assert rows(after)[:2] == [("One two.", ""), ("", "Eins zwei.")]
    assert [(m.src_start, m.src_end, m.tgt_start, m.tgt_end, m.status) for m in after.alignment.moved] == [
        (0, 1, 3, 4, "confirmed")
    ]
    assert do(after, "reject_link", link=0).alignment.moved == ()


def test_taking_apart_leaves_both_texts(saved: SaveFile) -> None:
    assert rows(do(saved, "apart", at=at(saved, 0)))[:2] == [("One two.", ""), ("", "Eins zwei.")]


def test_an_alternative_is_drawn_over_the_rows_it_reaches(saved: SaveFile) -> None:
    beads = list(saved.alignment.beads)
    beads[0] = Bead(0, 1, 0, 1, 0.6, alternatives=(Alternative(0, 2, 0, 1, 0.3),))
    saved = SaveFile(Alignment(saved.alignment.source, saved.alignment.target, tuple(beads)))
    after = do(saved, "alternative", at=at(saved, 0), key=1)
    assert rows(after)[:2] == [("One two. Three four.", "Eins zwei."), ("", "Drei vier.")]


def test_an_edit_is_recorded_so_that_what_was_read_can_be_rebuilt(saved: SaveFile) -> None:
    segment = saved.alignment.target.segments[1]
    after = do(saved, "edit", side="target", start=segment.start, end=segment.end, text="Drei\nfünf.")
    assert rows(after)[1] == ("Three four.", "Drei fünf.")
    assert after.alignment.beads[1].status == "edited"
    (edit,) = after.alignment.target.edits
    assert (edit.rule, edit.found, edit.written) == ("reviewer", "vier", "fünf")
    with pytest.raises(Refused) as refused:
        operate(saved, "edit", {"side": "target", "start": segment.start, "end": segment.end, "text": " \n"})
    assert refused.value.reason == "empty"


def test_replacing_changes_every_place_at_once(saved: SaveFile) -> None:
    text = saved.alignment.source.text
    places = [found.start() for found in regex.finditer("o", text)]
    after = do(saved, "replace", side="source", changes=[[place, place + 1, "oo"] for place in places])
    assert after.alignment.source.text == text.replace("o", "oo")
    assert [bead.status for bead in after.alignment.beads] == ["edited", "edited", "auto", "auto"]


def test_a_flag_stays_with_its_row_when_rows_before_it_are_cut(saved: SaveFile) -> None:
    after = do(saved, "flag", at=at(saved, 2), comment="ask")
    after = do(after, "cut", side="source", offset=4)
    assert after.alignment.beads[2].note == "ask"
    assert '"flag": true' in dumps(after)
    assert '"flag": true' in dumps(do(after, "merge", at=at(after, 1), **{"with": "next"}))
    assert '"flag"' not in dumps(do(after, "unflag", at=at(after, 2)))


def test_keys_of_others_stay_with_their_bead_and_their_edit() -> None:
    source = Document(
        "One two. Three.", "en", (Segment(0, 8), Segment(9, 15)), "a", (Edit(9, "x", "", "rule"),)
    )
    target = document(["Eins.", "Drei."], "de", "b")
    extra = {"beads[1,2,1,2]": {"mine": 1}, "removed[source,9,x,rule]": {"yours": 2}}
    saved = SaveFile(Alignment(source, target, (Bead(0, 1, 0, 1), Bead(1, 2, 1, 2))), extra)
    after = do(saved, "edit", side="source", start=0, end=8, text="One two three.")
    after = do(after, "cut", side="source", offset=4)
    assert after.extra == {"beads[2,3,1,2]": {"mine": 1}, "removed[source,15,x,rule]": {"yours": 2}}


def test_redrawing_refuses_decided_rows_and_keeps_flags(saved: SaveFile) -> None:
    stretch = {"from": [0, 0], "rows": 2, "beads": [[2, 1, 0.7], [0, 1, 0.8]]}
    flagged = do(saved, "flag", at=at(saved, 1), comment="ask")
    after = do(flagged, "realign", stretches=[stretch])
    assert rows(after)[:2] == [("One two. Three four.", "Eins zwei."), ("", "Drei vier.")]
    assert after.alignment.beads[0].note == "ask"
    with pytest.raises(Refused) as refused:
        operate(do(saved, "accept", at=[0, 0]), "realign", {"stretches": [stretch]})
    assert refused.value.reason == "decided"


def letters(text: str) -> str:
    return "".join(text.split())


WORDS = st.sampled_from(["一二。", "Ab cd.", "é̱x", "\U0001f468‍\U0001f469", "g h i.", "x", "“Q” 3."])
SENTENCES = st.lists(WORDS, min_size=1, max_size=9)


@st.composite
def states(draw: st.DrawFn) -> SaveFile:
    sources, targets = draw(SENTENCES), draw(SENTENCES)
    beads, s, t = [], 0, 0
    while s < len(sources) or t < len(targets):
        a = draw(st.integers(0, min(3, len(sources) - s)))
        b = draw(st.integers(0 if a else 1, 3)) if len(targets) > t else 0
        b = min(b, len(targets) - t)
        if a or b:
            others = tuple(
                Alternative(s, min(s + 2, len(sources)), max(t - 1, 0), t, 0.3)
                for _ in range(draw(st.integers(0, 1)))
            )
            beads.append(Bead(s, s + a, t, t + b, 0.7, alternatives=others))
        s, t = s + a, t + b
    moved = (Moved(0, 1, len(targets) - 1, len(targets), 0.9),) if draw(st.booleans()) else ()
    return SaveFile(
        Alignment(document(sources, "zh", "a"), document(targets, "en", "b"), tuple(beads), moved=moved)
    )


def random_operation(saved: SaveFile, chance: random.Random) -> tuple[str, dict[str, object]]:
    """Any operation, with arguments that often fit."""
    a = saved.alignment
    side = chance.choice(("source", "target"))
    doc = a.source if side == "source" else a.target
    bead = chance.choice(a.beads)

    def segment(document: Document) -> list[int]:
        found = chance.choice(document.segments)
        return [found.start, found.end]

    start, end = segment(doc)
    inner = chance.randrange(start, end)
    first, last = range_of(bead, side)
    return chance.choice(
        [
            ("accept", {"at": place_of(a, bead)}), ("unaccept", {"at": place_of(a, bead)}),
            ("merge", {"at": place_of(a, bead), "with": chance.choice(("next", "previous"))}),
            ("split", {"source": segment(a.source)[0], "target": segment(a.target)[0]}),
            ("push", {"at": place_of(a, bead), "side": side}), ("pull", {"at": place_of(a, bead), "side": side}),
            ("cut", {"side": side, "offset": inner}), ("cut", {"side": side, "offset": inner}),
            ("join", {"side": side, "offset": start}), ("apart", {"at": place_of(a, bead)}),
            ("match", {"source": segment(a.source), "target": segment(a.target)}),
            ("link", {"source": segment(a.source), "target": segment(a.target)}),
            ("alternative", {"at": place_of(a, bead), "key": 1}),
            ("edit", {"side": side, "start": start, "end": end, "text": doc.text[start:inner] + "新 n"}),
            ("replace", {"side": side, "changes": [[start, end, "r r"]]}),
            ("flag", {"at": place_of(a, bead), "comment": "c"}), ("unflag", {"at": place_of(a, bead)}),
            ("confirm_link", {"link": 0}), ("reject_link", {"link": 0}),
            ("realign", {"stretches": [{"from": place_of(a, bead), "rows": 1,
                                        "beads": [[1, 0, 0.4]] * (last - first) if side == "source" else []}]}),
        ]
    )  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.large_base_example])
@given(states(), st.integers(0, 1 << 30))
def test_every_character_is_accounted_for_and_undoing_all_gives_the_first_state(
    first: SaveFile, seed: int
) -> None:
    chance, saved, undo = random.Random(seed), first, []
    for _ in range(25):
        name, args = random_operation(saved, chance)
        try:
            after, _, inverses = operate(saved, name, args)
        except Refused:
            continue
        for old, new in (
            (saved.alignment.source, after.alignment.source),
            (saved.alignment.target, after.alignment.target),
        ):
            if name not in ("edit", "replace"):
                assert new.text == old.text
            assert letters("".join(new.sentences())) == letters(new.text)
        covered = rows(after)
        assert letters("".join(s for s, _ in covered)) == letters(after.alignment.source.text)
        assert letters("".join(t for _, t in covered)) == letters(after.alignment.target.text)
        undo.append(inverses)
        saved = after
    while undo:
        saved, _ = apply_patches(saved, undo.pop())
    assert saved == first


def test_every_operation_is_tried_by_the_random_sequences(saved: SaveFile) -> None:
    chance = random.Random(1)
    tried = {random_operation(saved, chance)[0] for _ in range(1000)}
    assert set(OPERATIONS) - tried == {"accept_all", "learn"}
