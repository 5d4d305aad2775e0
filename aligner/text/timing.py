"""How the clocks of two timed texts of one film differ: one may begin later, or run at another speed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aligner.text.cues import Cue

_Times = NDArray[np.float64]

# Two texts run by one clock where so large a part of the cues of the shorter begins within so many seconds of a cue of
# the other, and there are enough cues to say so: of 8 cues at random moments, one every 3 s, 5 do so once in 60 cases.
_SHARE, _NEAR, _FEWEST = 0.6, 0.3, 8
# A film of 24000/1001, 24 or 25 frames a second shown at the speed of another, both ways.
_FILM = 24000 / 1001
_SPEEDS = (1.0, 24 / _FILM, _FILM / 24, 25 / _FILM, _FILM / 25, 25 / 24, 24 / 25)
_LATEST = 900.0  # seconds by which one may begin later: a part of the film, an advertisement before it
# Of a clock that was sought among thousands: once in a thousand cases it may seem to fit by chance.
_BY_CHANCE = 1e-3
# Another clock that fits nearly so many cues makes it unsure which is right, as where all cues are equally far apart.
_RIVAL, _ELSEWHERE = 0.8, 1.0
_VOTERS, _TRIED = 500, 5


class Clock(NamedTuple):
    """`speed * t + shift` is the time of the second text where the first has `t`, in seconds."""

    speed: float
    shift: float

    def at(self, moment: float) -> float:
        """The time of the second text."""
        return self.speed * moment + self.shift

    def back(self, cue: Cue) -> Cue:
        """A cue of the second text with its times by the first."""
        return replace(cue, start=self._before(cue.start), stop=self._before(cue.stop))

    def _before(self, moment: float) -> float:
        return (moment - self.shift) / self.speed


def clock_between(first: Sequence[Cue], second: Sequence[Cue]) -> Clock | None:
    """The clock by which the cues of both begin so often together that they belong to one film; None where none does.

    The same clock is tried first; then those of the usual speeds of films, at whatever shift most cues vote for.
    """
    ours, theirs = (np.sort([cue.start for cue in cues]) for cues in (first, second))
    fewest = min(len(ours), len(theirs))
    if fewest < _FEWEST:
        return None
    if _together(ours, theirs) >= _SHARE * fewest:
        return Clock(1.0, 0.0)
    found = sorted(
        (
            (_together(speed * ours + shift, theirs), Clock(speed, shift))
            for speed, shift in _clocks(ours, theirs)
        ),
        key=lambda each: -each[0],
    )
    if not found or not _is_no_chance(found[0][0], ours, theirs):
        return None
    best, middle = found[0], float(np.median(ours))
    rivals = [count for count, clock in found[1:] if abs(clock.at(middle) - best[1].at(middle)) > _ELSEWHERE]
    return best[1] if max(rivals, default=0) < _RIVAL * best[0] else None


def by_one_clock(first: Sequence[Cue], second: Sequence[Cue]) -> list[Cue] | None:
    """The cues of `second` with their times by the clock of `first`; None where no clock fits both."""
    clock = clock_between(first, second)
    return None if clock is None else [clock.back(cue) for cue in second]


def _together(ours: _Times, theirs: _Times) -> int:
    """How many of the shorter begin within `_NEAR` seconds of one of the other; both ascend."""
    few, many = sorted((ours, theirs), key=len)
    return int((np.searchsorted(many, few + _NEAR) > np.searchsorted(many, few - _NEAR)).sum())


def _clocks(ours: _Times, theirs: _Times) -> Iterator[tuple[float, float]]:
    """For each speed the few shifts that most pairs of cues speak for."""
    voters = ours[:: max(1, len(ours) // _VOTERS)]
    for speed in _SPEEDS:
        apart = np.concatenate([_within(theirs, speed * moment) for moment in voters])
        votes, edges = np.histogram(apart, bins=int(2 * _LATEST / _NEAR), range=(-_LATEST, _LATEST))
        beside = votes[:-1] + votes[1:]  # a shift near an edge has half its votes on each side
        for place in np.argsort(-beside, kind="stable")[:_TRIED]:
            near = apart[(apart >= edges[place]) & (apart < edges[place + 2])]
            if len(near):
                yield speed, float(np.median(near))


def _within(theirs: _Times, moment: float) -> _Times:
    first, last = np.searchsorted(theirs, (moment - _LATEST, moment + _LATEST))
    return theirs[first:last] - moment


def _is_no_chance(together: int, ours: _Times, theirs: _Times) -> bool:
    """Whether so many cues begin together that chance, at its best shift, doesn't explain it (Chernoff's bound)."""
    few, many = sorted((ours, theirs), key=len)
    share = min(together / len(few), 1 - 1e-9)
    chance = 2 * _NEAR * len(many) / max(float(many[-1] - many[0]), 1.0)
    if share < max(_SHARE, chance) or chance >= 1:
        return False
    evidence = share * log(share / chance) + (1 - share) * log((1 - share) / (1 - chance))
    trials = len(_SPEEDS) * _LATEST / _NEAR
    return len(few) * evidence >= log(trials / _BY_CHANCE)
