"""Train what features say together: a small network whose additions make the gold more likely, by Adam."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aligner.engine.interactions import Interactions
from aligner.engine.lattice import IMPOSSIBLE, posteriors

MEMBERS, UNITS = 3, 16  # networks that are averaged, and the units of each
ROUNDS, RATE, DECAY = 130, 0.01, 30.0  # of Adam; DECAY is the strength of the Gaussian prior of every number
MOMENTS = (0.9, 0.999)
SEED = 20


def fit_interactions(problem, base, again, mirror):
    """The `Interactions` that make the gold of `problem` most likely when added to the scores `base` (E,)."""
    deviations = problem.values.std(axis=0) + 1e-6
    deviations = ((deviations + deviations[mirror]) / 2).astype(np.float32)
    columns = np.arange(len(mirror))
    members = [
        _fit_member(problem, base, again, Interactions(columns, mirror, deviations, *start))
        for start in _starts(len(mirror) + 6)
    ]
    whole = replace(
        members[0],
        inner=np.hstack([one.inner for one in members]),
        bias=np.concatenate([one.bias for one in members]),
        outer=np.concatenate([one.outer for one in members]) / MEMBERS,
    )
    return seen_alone(whole, problem.values.any(axis=0))


def seen_alone(network, seen):
    """The network without features that no bead of the training had, of which nothing is learned; `seen`: bool (F,)."""
    seen = seen | seen[network.mirror]
    place = np.cumsum(seen) - 1
    rows = np.append(seen, np.ones(len(network.inner) - len(seen), bool))
    return replace(
        network,
        columns=network.columns[seen],
        mirror=place[network.mirror[seen]],
        deviations=network.deviations[seen],
        inner=network.inner[rows],
    )


def _starts(inputs):
    generator = np.random.default_rng(SEED)
    for _ in range(MEMBERS):
        inner = generator.normal(0, inputs**-0.5, (inputs, UNITS)).astype(np.float32)
        bias = generator.uniform(-(inputs**-0.5), inputs**-0.5, UNITS).astype(np.float32)
        yield inner, bias, np.zeros(UNITS, np.float32)


def _fit_member(problem, base, again, member):
    seen = member.inputs(problem.values, problem.kind)
    numbers = [member.inner, member.bias, member.outer]
    means, squares = ([np.zeros_like(some) for some in numbers] for _ in range(2))
    for round_number in range(1, ROUNDS + 1):
        hidden = [np.tanh(side @ numbers[0] + numbers[1]) for side in seen]
        added = sum(side @ numbers[2] for side in hidden) / 2
        surplus = _surplus(problem, base + added, again).astype(np.float32) / 2
        back = [surplus[:, None] * numbers[2] * (1 - side**2) for side in hidden]
        gradients = [
            sum(side.T @ part for side, part in zip(seen, back, strict=True)),
            sum(part.sum(axis=0) for part in back),
            sum(surplus @ side for side in hidden),
        ]
        for number, gradient in enumerate(gradients):
            gradient = gradient + DECAY * numbers[number]
            means[number] += (1 - MOMENTS[0]) * (gradient - means[number])
            squares[number] += (1 - MOMENTS[1]) * (gradient**2 - squares[number])
            mean = means[number] / (1 - MOMENTS[0] ** round_number)
            square = squares[number] / (1 - MOMENTS[1] ** round_number)
            numbers[number] = numbers[number] - RATE * mean / (np.sqrt(square) + 1e-8)
    return replace(member, inner=numbers[0], bias=numbers[1], outer=numbers[2])


def _surplus(problem, values, again):
    """By how much each bead is more probable than by the gold, (E,)."""
    scores = np.full(problem.kept.shape, IMPOSSIBLE)
    scores[problem.kept] = values
    free = posteriors(problem.lattice, scores, again)
    gold = posteriors(problem.lattice, np.where(problem.gold, scores, IMPOSSIBLE), again)
    return free.probability[problem.kept] - np.where(problem.right, gold.probability[problem.kept], 0.0)
