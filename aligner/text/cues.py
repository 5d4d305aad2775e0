"""When a text is heard: a mark at the character where a subtitle begins, and the times of what stands between two."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from aligner.text.codes import Code

_TIME = re.compile(r"(?<!\d)(\d+):(\d\d):(\d\d)\.(\d{3})")
_SECONDS = 60
_LEAST = 0.001  # seconds that a subtitle is shown at least: what the formats can tell


@dataclass(frozen=True, slots=True)
class Cue:
    """Characters `[at, end)` of a text are shown from `start` to `stop`, in seconds."""

    at: int
    end: int
    start: float
    stop: float

    def moment(self, place: int) -> float:
        """When the character at `place` is heard, were all of them equally long."""
        share = (place - self.at) / max(1, self.end - self.at)
        return self.start + (self.stop - self.start) * min(1.0, max(0.0, share))


def clock(seconds: float) -> str:
    """Hours, minutes, seconds and thousandths, `01:02:03.004`."""
    thousandths = max(0, round(seconds * 1000))
    minutes, left = divmod(thousandths, _SECONDS * 1000)
    hours, minutes = divmod(minutes, _SECONDS)
    return f"{hours:02}:{minutes:02}:{left // 1000:02}.{left % 1000:03}"


def cues_of(codes: Sequence[Code], length: int) -> list[Cue]:
    """The subtitles of a text of `length` characters; marks that can't be read are passed over."""
    marks = []
    for code in codes:
        times = _TIME.findall(code.data) if code.is_cue else []
        if len(times) == 2:  # noqa: PLR2004 - a beginning and an end
            start, stop = (_seconds(*time) for time in times)
            marks.append((code.at, start, max(stop, start + _LEAST)))
    following = pairwise([*marks, (length, 0.0, 0.0)])
    return [Cue(at, end, start, stop) for (at, start, stop), (end, _, _) in following]


def heard(cues: Sequence[Cue], start: int, end: int) -> tuple[float, float]:
    """From when to when the characters `[start, end)` are heard; `cues` must not be empty."""
    first = max(0, bisect_right(cues, start, key=lambda cue: cue.at) - 1)
    last = max(first, bisect_right(cues, end - 1, key=lambda cue: cue.at) - 1)
    begin = cues[first].moment(start)
    return begin, max(cues[last].moment(end), begin + _LEAST)


def _seconds(hours: str, minutes: str, seconds: str, thousandths: str) -> float:
    return (int(hours) * _SECONDS + int(minutes)) * _SECONDS + int(seconds) + int(thousandths) / 1000
