"""Where two timed texts of one film are silent together: what one says before such a moment the other says, too."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from aligner.text.cues import Cue
from aligner.text.timing import by_one_clock

# Seconds for which neither may show anything; translators move a subtitle by less.
_PAUSE = 2.0


def common_silences(first: Sequence[Cue], second: Sequence[Cue]) -> list[tuple[int, int]]:
    """Characters of both texts before which neither shows anything for a while; none where no clock fits both.

    Each is where a cue begins in both. Cues come by time.
    """
    retimed = by_one_clock(first, second)
    if retimed is None:
        return []
    after = [_after_pauses(cues) for cues in (first, retimed)]
    return [
        (place, other)
        for start, stop, place in after[0]
        for begun, ended, other in _overlapping(after[1], start, stop)
        if min(stop, ended) - max(start, begun) >= _PAUSE
    ]


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
