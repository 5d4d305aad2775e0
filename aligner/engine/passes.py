"""Both passes on one screen: from the evidence of two sides to beads with confidences.

The first pass scores every bead of a wide corridor by its sentences and clauses. What it is sure of teaches the words
of the texts; what it holds impossible is left out. Where it leaves single segments alone it is done again, the more by
weights that were trained on such texts the more there are. The second pass adds what the words say, and where the walk
through the clauses passes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Bead, Moved
from aligner.engine.alone import share_alone
from aligner.engine.anchors import Match, anchor, length_ratio, longest_chain, mean_cosine, nearest
from aligner.engine.candidates import Candidates, add_interactions, add_words, find_candidates
from aligner.engine.corridor import enclose, find_corridor, pin
from aligner.engine.decode import bead_probabilities, decode, sure_pairs
from aligner.engine.evidence import Evidence, with_learned_words, without_spans
from aligner.engine.lattice import IMPOSSIBLE, Lattice, Posteriors, build_lattice, posteriors
from aligner.engine.lists import Sums, with_lists
from aligner.engine.moved import edges_of, off_the_path, stray_passages, without_beads
from aligner.engine.score import (
    Ground,
    Progress,
    Scored,
    add_corners,
    cells_of,
    each_tile,
    score_beads,
)
from aligner.engine.sides import Channel, Tile
from aligner.engine.structure import compatible, trusted
from aligner.engine.walk import PLAUSIBLE, STEPS, Clauses, clause_corridor, corners, score_steps
from aligner.engine.weights import Weights

PASSABLE = 1e-6
"""Probability that a path passes a cell below which the second pass leaves it out; on `mag` and `mac_dev` the beads
are the same from 0 to 1e-4, at 1e-6 with the same confidence to 0.0001."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of the beads: `boundaries`, (source, target) segments that none may reach over, and right pairs."""

    boundaries: Sequence[tuple[int, int]] = ()
    pairs: Sequence[Bead] = ()


def align_sides(
    evidence: Evidence,
    weights: Weights,
    encoders: Sequence[str] = (),
    given: Given = Given(),
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[list[Bead], list[Moved]]:
    """The most probable beads of two sides with their confidences, and the pairs of passages that moved.

    `encoders`: names of those behind the vectors, where they may be others than `weights` were trained on.
    `given` is what is known already. `progress` gets a stage, done and total.
    The evidence is taken over: a caller that keeps none of it saves half of the memory.
    """
    step = progress or (lambda stage, done, total: None)
    matches = nearest(evidence.source, evidence.target)
    chain = longest_chain(matches)
    evidence = evidence.stretched(stretch(evidence, chain, encoders or weights.encoders, weights))
    evidence = evidence.between(*trusted(evidence.source, evidence.target, chain))
    kept = compatible(evidence.source, evidence.target, matches)
    if len(kept) < len(matches):
        matches, chain = kept, longest_chain(kept)
    ground = survey(evidence, chain, given.boundaries)
    scored, likely, weights = fitting_pass(evidence, ground, weights, partial(step, "sentences"))
    sure = [*given.pairs, *_besides(sure_pairs(scored.lattice, likely, weights), given.pairs)]
    strays = [
        (passage, passage.part(evidence))
        for passage in stray_passages(matches, chain, sure, scored.corridor.shape)
    ]
    scored, likely = narrow(scored, likely)
    candidates = find_candidates(evidence, scored, likely, ground.ratio, weights)
    sums = Sums.of(evidence.source), Sums.of(evidence.target)
    evidence = with_learned_words(without_spans(evidence), sure)
    scored = second_pass(evidence, scored, likely, candidates, weights, step)
    beads = decode(scored, weights)
    words = evidence.channels[-1]
    moved = [pair for each, part in strays for pair in each.pairs(align_part(part, ground, words, weights))]
    moved = off_the_path(moved, beads)
    if moved:
        beads = decode(without_beads(scored, moved), weights)
    return with_lists(beads, *sums, [*ground.boundaries, *edges_of(moved)]), moved


def second_pass(
    evidence: Evidence,
    scored: Scored,
    likely: NDArray[np.floating],
    candidates: Candidates | None,
    weights: Weights,
    step: Callable[[str, int, int], None],
) -> Scored:
    """What the first pass `scored`, with what the words and clauses of `evidence` add.

    `likely` (C, T): the posteriors of the first pass. `candidates`: beads whose features are looked at together.
    """
    scored, candidates = add_words(scored, candidates, evidence, weights.sentences, partial(step, "words"))
    clauses = evidence.source_clauses, evidence.target_clauses
    ends = find_corners(
        scored.lattice, likely, clauses, evidence.channels[-1], weights.steps, partial(step, "clauses")
    )
    return conclude(scored, candidates, ends, weights)


def conclude(
    scored: Scored, candidates: Candidates | None, ends: NDArray[np.float32], weights: Weights
) -> Scored:
    """`scored` with what the walk through the clauses says of each cell, `ends` (C,), and all features together."""
    scored = add_corners(scored, ends, weights.corner)
    if candidates is None or weights.interactions is None:
        return scored
    likely = bead_probabilities(scored, weights.sentences)
    return add_interactions(scored, likely, candidates, ends, weights.interactions)


def align_part(part: Evidence, whole: Ground, words: Channel, weights: Weights) -> list[Bead]:
    """The beads of a part of two texts; the `whole` texts tell the ratio of lengths, and what their `words` are."""
    corridor = survey(part, anchor(part.source, part.target)).corridor
    scored, found = first_pass(part, Ground(corridor, whole.ratio), weights)
    scored, likely = narrow(scored, found.probability)
    candidates = find_candidates(part, scored, likely, whole.ratio, weights)
    part = replace(part, channels=(*part.channels[:-1], words))
    return decode(
        second_pass(part, scored, likely, candidates, weights, lambda stage, done, total: None), weights
    )


def _besides(sure: Sequence[Bead], pairs: Sequence[Bead]) -> list[Bead]:
    """The sure beads that share no source segment with one of `pairs`."""
    taken = {number for bead in pairs for number in range(bead.src_start, bead.src_end)}
    return [bead for bead in sure if taken.isdisjoint(range(bead.src_start, bead.src_end))]


def survey(evidence: Evidence, chain: Sequence[Match], boundaries: Sequence[tuple[int, int]] = ()) -> Ground:
    """Where the beads of two sides are to be looked for, by the `chain` of their anchors."""
    shape = len(evidence.source), len(evidence.target)
    corridor = pin(find_corridor(shape, list(chain)), sorted(set(boundaries)))
    return Ground(corridor, length_ratio(evidence.source, evidence.target, chain), tuple(boundaries))


def first_pass(
    evidence: Evidence, ground: Ground, weights: Weights, progress: Progress | None = None
) -> tuple[Scored, Posteriors]:
    """The scores of all beads by everything but the words, and how probable each is.

    Words wait until the corridor is narrow and the texts have taught some: without them it is as good.
    """
    scored = score_beads(
        evidence.source, evidence.target, evidence.channels[:-1], ground, weights.sentences, progress
    )
    return scored, posteriors(scored.lattice, scored.scores, weights.sentences.again)


def fitting_pass(
    evidence: Evidence, ground: Ground, weights: Weights, progress: Progress | None = None
) -> tuple[Scored, NDArray[np.floating], Weights]:
    """The first pass by the weights that fit the texts: its scores, the posteriors of its beads (C, T), the weights."""
    scored, found = first_pass(evidence, ground, weights, progress)
    if weights.lone and (share := share_alone(found, sum(scored.corridor.shape))):
        weights = weights.blended(share)
        ground = replace(ground, corridor=narrow(scored, found.probability)[0].corridor)
        scored, found = first_pass(evidence, ground, weights, progress)
    return scored, found.probability, weights


def stretch(evidence: Evidence, chain: Sequence[Match], encoders: Sequence[str], weights: Weights) -> float:
    """By how much vectors of the source must grow for cosines to spread as those that `weights` was trained on.

    1 for the encoders that were trained.
    """
    if tuple(encoders) == weights.encoders:
        return 1.0
    here = mean_cosine(evidence.source, evidence.target, chain)
    return weights.spread / here if here > 0 else 1.0


def narrow(scored: Scored, likely: NDArray[np.floating]) -> tuple[Scored, NDArray[np.floating]]:
    """`scored` and `likely`, the posteriors of its beads (C, T), within the cells that a path may well take."""
    old = scored.lattice
    passing = likely.sum(axis=1) >= PASSABLE
    n, m = scored.corridor.shape
    low, high = np.full(n + 1, m), np.zeros(n + 1, dtype=np.int64)
    np.minimum.at(low, old.row[passing], old.column[passing])
    np.maximum.at(high, old.row[passing], old.column[passing])
    # Where a large bead leaps over rows, the way around it must not leave the cells that have scores.
    low[1:] = np.minimum(low[1:], scored.corridor.high[:-1])
    corridor = enclose(low, high, m)
    lattice = build_lattice([corridor])
    before = old.cells_at(lattice.row, lattice.column)
    scores = scored.scores[before]
    scores[~lattice.possible] = IMPOSSIBLE
    return Scored(corridor, lattice, scores), likely[before]


def find_corners(
    lattice: Lattice,
    likely: NDArray[np.floating],
    sides: tuple[Clauses, Clauses],
    words: Channel,
    weights: NDArray[np.float32],
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """Minus the probability that the walk through the clauses of both `sides` misses each cell, (C,).

    `likely` (C, T): posteriors of the sentences' beads, which tell the ones worth a look. `weights`: of the steps.
    """
    source, target = sides
    corridor = clause_corridor(lattice, likely >= PLAUSIBLE, source.bounds, target.bounds)
    walks = build_lattice([corridor], STEPS)
    scores = np.empty(walks.starts.shape, dtype=np.float32)

    def score(tile: Tile) -> None:
        found = score_steps(source, target, words, tile, weights)
        scores[cells_of(walks, tile)] = np.moveaxis(found, 0, -1)[tile.inside]

    each_tile(score, corridor, progress)
    scores[~walks.possible] = IMPOSSIBLE
    return corners(lattice, walks, posteriors(walks, scores).probability, source.bounds, target.bounds)
