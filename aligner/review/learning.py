"""Learning from a reviewer: the undecided rows aligned and weighed again by what the decided ones teach.

Three things are learned: where rows that are decided begin and end, their words, and which bead types are right more
often, or less, than their confidence says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from typing import Any

import numpy as np

from aligner.bitext import Alignment, Bead
from aligner.engine.beads import BEAD_TYPES
from aligner.keep.settled import Settled
from aligner.options import Options, Progress
from aligner.pipeline import align_documents
from aligner.review.history import Done
from aligner.review.places import place_of
from aligner.review.records import patches_from_data
from aligner.review.redraw import UNSURE, as_stretch, ranges_of

LEARNED_AFTER = 20
"""Operations after which the rest is aligned again; after each correction it costs more keys than it saves."""
NOTICED = 0.02
"""By how much a confidence must change for the row to be written anew."""
SURER = 0.2
"""By how much the least sure row must gain for rows to be drawn otherwise: on `textberg`, where any other drawing was
taken, eight more pairs became wrong than right."""
LEANING = 0.5
"""How far the odds of a kind of bead may be from what the aligner was trained on: one standard deviation of their
logarithm. On `mac_dev`, `mag` and `textberg` 0.5 finds errors sooner than 1, which believes a few rows too much."""
_ROUNDS, _SUREST = 15, 1e-3
ACCEPTED = ("accept", "accept_all")
REDRAWN = ("merge", "split", "push", "pull", "apart", "match", "alternative", "link")
KINDS = ("one-sided", "1-1", "1-n", "n-1", "n-m")
"""Kinds of beads, since most types are too rare in one text to be learned by themselves."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer found of a bead that the aligner drew with `confidence`."""

    kind: int
    confidence: float
    is_right: bool


def kind_of(sources: int, targets: int) -> int:
    """The number, in `KINDS`, of the kind of a bead."""
    if not sources or not targets:
        return 0
    if sources == targets == 1:
        return 1
    return 2 if sources == 1 else 3 if targets == 1 else 4


def leanings(verdicts: Sequence[Verdict]) -> list[float]:
    """By how much the logarithm of the odds of each of `KINDS` is to be raised, by what the reviewer found.

    Logistic regression of right and wrong on the confidence, its slope fixed at 1, with a normal prior of 0.
    """
    shift = np.zeros(len(KINDS))
    if not verdicts:
        return shift.tolist()
    kinds = np.array([verdict.kind for verdict in verdicts])
    right = np.array([verdict.is_right for verdict in verdicts], dtype=np.float64)
    sure = np.clip([verdict.confidence for verdict in verdicts], _SUREST, 1 - _SUREST)
    odds = np.log(sure / (1 - sure))
    for _ in range(_ROUNDS):  # Newton's method
        likely = 1 / (1 + np.exp(-(odds + shift[kinds])))
        slope = np.bincount(kinds, right - likely, len(KINDS)) - shift / LEANING**2
        shift += slope / (np.bincount(kinds, likely * (1 - likely), len(KINDS)) + 1 / LEANING**2)
    return [round(float(each), 4) for each in shift]


def verdicts_of(done: Sequence[Done]) -> list[Verdict]:
    """What a review found of rows as the aligner drew them: accepted ones were right, redrawn ones wrong."""
    found, shift = [], [0.0] * len(KINDS)
    for each in done:
        if each.op == "learn":
            shift = each.args.get("leaning", shift)
        elif each.op in ACCEPTED or each.op in REDRAWN:
            for bead in (bead for patch in patches_from_data(each.inverse) for bead in patch.beads):
                if bead.status == "auto" and bead.confidence != UNSURE:
                    kind = kind_of(bead.src_end - bead.src_start, bead.tgt_end - bead.tgt_start)
                    confidence = _leaning(bead.confidence, -shift[kind])
                    found.append(Verdict(kind, confidence, each.op in ACCEPTED))
    return found


def _leaning(confidence: float, by: float) -> float:
    sure = min(max(confidence, _SUREST), 1 - _SUREST)
    return 1 / (1 + exp(-(log(sure / (1 - sure)) + by)))


def learn(
    alignment: Alignment, verdicts: Sequence[Verdict], progress: Progress | None = None
) -> dict[str, Any]:
    """The arguments of the operation `learn`: stretches of undecided rows that come out otherwise, and the leanings."""
    shift = leanings(verdicts)
    beads = _learned_beads(alignment, shift, progress)
    return {"stretches": list(learned_stretches(alignment, beads)), "leaning": shift}


def _learned_beads(alignment: Alignment, shift: Sequence[float], progress: Progress | None) -> list[Bead]:
    """The beads of the whole alignment, those undecided drawn and weighed again."""
    locked = tuple(replace(bead, alternatives=()) for bead in alignment.beads if bead.status != "auto")
    settled = Settled(locked, (), {kind: shift[kind_of(*kind)] for kind in BEAD_TYPES})
    found = align_documents(alignment.source, alignment.target, Options(), settled, progress).beads
    kept = {ranges_of(bead): bead for bead in locked}
    return [kept.get(ranges_of(bead), bead) for bead in found]


def learned_stretches(old: Alignment, new: Sequence[Bead]) -> Iterator[dict[str, Any]]:
    """The stretches of undecided rows in which `new` beads are drawn or weighed otherwise, in order."""
    for before, after in _between_corners(old.beads, new):
        if any(bead.status != "auto" for bead in before):
            continue
        same = [ranges_of(bead) for bead in before] == [ranges_of(bead) for bead in after]
        if same and abs(before[0].confidence - after[0].confidence) < NOTICED:
            continue
        if not same and _least(after) < _least(before) + SURER:
            continue
        yield as_stretch(place_of(old, before[0]), len(before), after)


def _between_corners(
    old: Sequence[Bead], new: Sequence[Bead]
) -> Iterator[tuple[Sequence[Bead], Sequence[Bead]]]:
    a = b = 0
    while a < len(old) and b < len(new):
        c, d = a + 1, b + 1
        while _end(old[c - 1]) != _end(new[d - 1]):
            if _end(old[c - 1]) < _end(new[d - 1]):
                c += 1
            else:
                d += 1
        yield old[a:c], new[b:d]
        a, b = c, d


def _least(beads: Sequence[Bead]) -> float:
    return min(bead.confidence for bead in beads)


def _end(bead: Bead) -> tuple[int, int]:
    return bead.src_end, bead.tgt_end
