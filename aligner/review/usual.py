"""What is usual in one alignment, for doubts that one pair alone can't raise: lengths, and texts said twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from aligner.language.scripts import script_weights

# Robust z-score of a pair's length: 0.5 % of the correct pairs of `mag`, and 17 of 23 targets cut in half.
# With fewer pairs there is no usual length.
LENGTH_SCORE, _FEWEST_PAIRS = 3.0, 20

_LEAST_SPREAD = 0.5  # of texts that repeat themselves

_MAD_TO_DEVIATION = 1.4826

# Shorter texts ("Yes.") are rightly translated in many ways, or are names that stay.
REPEATED_WEIGHT = 24

SHOWN = 4  # of a list in a message


@dataclass(frozen=True, slots=True)
class Lengths:
    """The usual length of a target, after Gale and Church (1993): the difference's variance grows with length."""

    ratio: float
    centre: float
    spread: float

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]]) -> Lengths | None:
        """The lengths of `pairs` of texts, or `None` where they are too few to tell."""
        if len(pairs) < _FEWEST_PAIRS:
            return None
        sizes = np.array([[_length(source), _length(target)] for source, target in pairs], dtype=np.float64)
        ratio = float(np.exp(np.median(np.log(sizes[:, 1] / sizes[:, 0]))))
        expected = sizes[:, 0] * ratio
        difference = (sizes[:, 1] - expected) / np.sqrt((sizes[:, 1] + expected) / 2)
        centre = float(np.median(difference))
        spread = _MAD_TO_DEVIATION * float(np.median(np.abs(difference - centre)))
        return cls(ratio, centre, max(spread, _LEAST_SPREAD))

    def oddity(self, source: str, target: str) -> str:
        """What is odd about the pair's lengths; empty where nothing is."""
        size, expected = _length(target), _length(source) * self.ratio
        difference = (size - expected) / ((size + expected) / 2) ** 0.5
        if abs(difference - self.centre) <= LENGTH_SCORE * self.spread:
            return ""
        word, times = ("longer", size / expected) if size > expected else ("shorter", expected / size)
        return f"the target is {times:.1f} times {word} than expected"


def _length(text: str) -> int:
    return max(1, sum(not character.isspace() for character in text))


@dataclass(frozen=True, slots=True)
class Repeats:
    """Where each longer text of one side stands: its translations in plain form with the beads' numbers."""

    places: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    _told: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str, str]]) -> Repeats:
        """`pairs` are a bead's number, its text on this side and on the other."""
        repeats = cls()
        for number, text, other in pairs:
            key = plain(text)
            if weight(key) >= REPEATED_WEIGHT:
                value = plain(other)
                repeats.places.setdefault(key, []).append((number, value))
                repeats.counts.setdefault(key, Counter())[value] += 1
        return repeats

    def elsewhere(self, text: str, other: str) -> str:
        """The beads (from one) that have `text` with something else than `other`; empty where there is none.

        Each translation is looked up once and passes over its own places alone, so all together are linear.
        """
        key, value = plain(text), plain(other)
        places = self.places.get(key, ())
        if len(places) - (self.counts[key][value] if places else 0) == 0:
            return ""
        if (key, value) not in self._told:
            differing = (str(number + 1) for number, text in places if text != value)
            count = len(places) - self.counts[key][value]
            self._told[key, value] = listed(list(islice(differing, SHOWN)), count)
        return self._told[key, value]


def listed(shown: Sequence[str], count: int) -> str:
    """The first `SHOWN` of `count` items."""
    first = ", ".join(shown[:SHOWN])
    return first if count <= SHOWN else f"{first} and {count - SHOWN} more"


def plain(text: str) -> str:
    """`text` without marks and case."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def weight(text: str) -> float:
    """How much `text` says, in letters of Latin."""
    return sum(script_weights(text).values())
