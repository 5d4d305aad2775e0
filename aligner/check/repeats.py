"""Which units repeat an earlier one: gathered in one pass, told at the end, 28 bytes a unit."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aligner.check.rules import Findings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Repeats:
    """For each unit its line and 64 bits that stand for its pair, its source and its id; 0 where it has none.

    Python's hashes differ from run to run, which is enough here and fast.
    """

    def __init__(self) -> None:
        self._lines = array("I")
        self._pairs, self._sources, self._ids = array("q"), array("q"), array("q")

    def open(self, line: int) -> None:
        """A unit begins in `line`; what is noted from now on is about it."""
        self._lines.append(line)
        for numbers in (self._pairs, self._sources, self._ids):
            numbers.append(0)

    def note_id(self, tuid: str) -> None:
        """The unit's tuid, if any."""
        if tuid:
            self._ids[-1] = hash(tuid)

    def note_texts(self, codes: Sequence[str], texts: Sequence[Sequence[str]], source: int) -> None:
        """The unit's variants; that at place `source` is the one that others translate."""
        self._pairs[-1] = hash((codes, texts))
        self._sources[-1] = hash((codes[source], texts[source]))

    def report(self, findings: Findings) -> None:
        """Add what repeats to `findings`."""
        copies = _repeated(self._pairs)
        for rule, found in (
            ("duplicate", copies),
            ("several-targets", _repeated(self._sources) & ~copies),
            ("tuid-duplicate", _repeated(self._ids)),
        ):
            for place in self._places(found):
                findings.add(rule, place)

    def _places(self, found: NDArray[np.bool_]) -> Iterator[str]:
        for index in found.nonzero()[0]:
            yield place_of(int(index) + 1, self._lines[index])


def place_of(number: int, line: int) -> str:
    """Where a unit stands, as findings say it; both from one."""
    return f"unit {number} (line {line})"


def _repeated(numbers: array[int]) -> NDArray[np.bool_]:
    """(n,) bool: which of the n numbers stood there before, zeros apart."""
    import numpy as np

    values = np.frombuffer(numbers, dtype=np.int64) if numbers else np.zeros(0, dtype=np.int64)
    repeated: NDArray[np.bool_] = values != 0
    repeated[np.unique(values, return_index=True)[1]] = False
    return repeated
