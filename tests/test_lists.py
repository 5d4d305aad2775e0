"""Sentences that face a list of more items than the lattice holds."""

from __future__ import annotations

import numpy as np
import pytest

from aligner.bitext import Bead
from aligner.engine.lists import Sums, with_lists
from aligner.options import Options
from aligner.pipeline import align_segments

ITEMS = 12
Beads = list[tuple[int, int, int, int]]


def ranges(beads: list[Bead]) -> Beads:
    return [(bead.src_start, bead.src_end, bead.tgt_start, bead.tgt_end) for bead in beads]


def sides(strangers: int = 0) -> tuple[Sums, Sums]:
    """A sentence that says what twelve segments say together, one sentence on either side, strangers after it."""
    own = np.linalg.qr(np.random.default_rng(1).normal(size=(64, 64)))[0].astype(np.float32)
    whole = own[:ITEMS].sum(axis=0) / np.sqrt(ITEMS)
    source = np.stack([own[-1], whole, own[-2]])
    target = np.concatenate([own[-1:], own[: ITEMS + strangers], own[-2:-1]])
    return tuple(Sums(side, np.full(len(side), 20, np.float32)) for side in (source, target))


def path(first: int, last: int, items: int = ITEMS) -> list[Bead]:
    """A pair, the sentence with target segments `[first, last)` of the list, the rest of it alone, a pair."""
    return [
        Bead(0, 1, 0, 1),
        *(Bead(1, 1, n, n + 1, 0.9) for n in range(1, first)),
        Bead(1, 2, first, last, 0.9),
        *(Bead(2, 2, n, n + 1, 0.9) for n in range(last, items + 1)),
        Bead(2, 3, items + 1, items + 2),
    ]


def test_items_left_alone_on_both_sides_of_a_large_bead_join_it() -> None:
    grown = with_lists(path(4, 11), *sides())
    assert ranges(grown) == [(0, 1, 0, 1), (1, 2, 1, 13), (2, 3, 13, 14)]
    assert grown[1].confidence <= 0.5, "nothing was trained on such beads: to be looked at"


def test_what_says_something_else_stays_alone() -> None:
    grown = with_lists(path(1, 8, ITEMS + 3), *sides(strangers=3))
    assert ranges(grown)[1] == (1, 2, 1, 13)
    assert [bead.is_pair for bead in grown] == [True, True, False, False, False, True]


def test_the_same_with_the_sides_exchanged() -> None:
    source, target = sides()
    grown = with_lists([bead.swapped() for bead in path(4, 11)], target, source)
    assert ranges([bead.swapped() for bead in grown]) == [(0, 1, 0, 1), (1, 2, 1, 13), (2, 3, 13, 14)]


def test_no_list_grows_over_what_a_reviewer_or_a_moved_passage_ends() -> None:
    grown = with_lists(path(4, 11), *sides(), edges=[(2, 12)])
    assert ranges(grown)[1] == (1, 2, 1, 12)
    grown = with_lists(path(4, 11), *sides(), edges=[(1, 4), (2, 11)])
    assert grown == path(4, 11)


def test_a_small_bead_is_no_list() -> None:
    assert with_lists(path(4, 7), *sides()) == path(4, 7)


@pytest.mark.parametrize("swap", [False, True])
def test_a_sentence_with_a_dozen_items_faces_them_all(swap: bool) -> None:
    zh = [
        "下列物品禁止带上飞机。",
        "枪支、刀具、烟花、汽油、油漆、强酸、毒药、打火机、火柴、酒精、电池组和活的动物。",
        "违反规定的旅客将被罚款。",
    ]
    en = [
        "The following articles must not be taken on board.",
        *(
            "Firearms",
            "Knives",
            "Fireworks",
            "Petrol",
            "Paint",
            "Strong acids",
            "Poisons",
            "Lighters",
            "Matches",
        ),
        *("Alcohol", "Battery packs", "Living animals"),
        "Passengers who break these rules will be fined.",
    ]
    texts = ((en, "en"), (zh, "zh")) if swap else ((zh, "zh"), (en, "en"))
    (source, src_lang), (target, tgt_lang) = texts
    beads = align_segments(source, target, src_lang, tgt_lang, Options()).beads
    expected = [(0, 1, 0, 1), (1, 2, 1, 13), (2, 3, 13, 14)]
    assert ranges([bead.swapped() if swap else bead for bead in beads]) == expected
