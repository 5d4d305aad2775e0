"""Where two timed texts of one film are silent together: what one says before such a moment the other says, too."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from aligner.text.cues import Cue

# Seconds for which neither may show anything; translators move a subtitle by less.
_PAUSE = 2.0
# Two texts have one clock where so large a part of the cues of the shorter begins within so many seconds of a cue of
# the other, and there are enough cues to say so: of 8 cues at random moments, one every 3 s, 5 do so once in 60 cases.
_SHARE, _NEAR, _FEWEST = 0.6, 0.3, 8


def common_silences(first: Sequence[Cue], second: Sequence[Cue]) -> list[tuple[int, int]]:
    """Characters of both texts before which neither shows anything for a while; none where their clocks differ.

    Each is where a cue begins in both. Cues come by time.
    """
    if not have_one_clock(first, second):
        return []
    after = [_after_pauses(cues) for cues in (first, second)]
    return [
        (place, other)
        for start, stop, place in after[0]
        for begun, ended, other in _overlapping(after[1], start, stop)
        if min(stop, ended) - max(start, begun) >= _PAUSE
    ]


def have_one_clock(first: Sequence[Cue], second: Sequence[Cue]) -> bool:
    """Whether the cues of both begin so often at the same moments that they belong to one version of a film."""
    few, many = sorted((first, second), key=len)
    starts = sorted(cue.start for cue in many)
    return len(few) >= _FEWEST and sum(_is_near(starts, cue.start) for cue in few) >= _SHARE * len(few)


def _is_near(starts: Sequence[float], moment: float) -> bool:
    place = bisect_left(starts, moment - _NEAR)
    return place < len(starts) and starts[place] <= moment + _NEAR


def _after_pauses(cues: Sequence[Cue]) -> list[tuple[float, float, int]]:
    """Each pause that is long enough, from when to when, and the character that is heard next."""
    pauses, stop = [], 0.0
    for last, cue in pairwise(cues):
        stop = max(stop, last.stop)
        if cue.start - stop >= _PAUSE:
            pauses.append((stop, cue.start, cue.at))
    return pauses


def _overlapping(
    pauses: Sequence[tuple[float, float, int]], start: float, stop: float
) -> Iterator[tuple[float, float, int]]:
    place = bisect_left(pauses, start, key=lambda pause: pause[1])
    while place < len(pauses) and pauses[place][0] < stop:
        yield pauses[place]
        place += 1
