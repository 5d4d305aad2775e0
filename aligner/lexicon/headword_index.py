"""Where the entries of each Chinese headword stand in the dictionary's file; kept for the next start.

To split and index its 120,000 lines takes a seventh of a second, for which no short job should wait twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.system.unpacked import DamagedError, check_place, open_unpacked, write_unpacked

PAIR = 2
"""Characters of most words."""

_TONE = re.compile(r"[\d\s·,'-]+")

_BETWEEN = "\n"
"""Stands in no headword."""


@dataclass(frozen=True, slots=True)
class HeadwordIndex:
    """Of lines `traditional simplified [pinyin] /definition/definition/`, those of each simplified headword.

    `starts`, `ends`: int32 (n,), bytes of each entry's line. `last`: the number of a word's last entry; `earlier`:
    those of the entries before it, where it has several. `longer`: bit n for the first two characters of words of
    n > 2 characters. `syllables`: all of pinyin, without tones.
    """

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    last: Mapping[str, int]
    earlier: Mapping[str, Sequence[int]]
    longer: Mapping[str, int]
    syllables: frozenset[str]


def build_index(text: bytes) -> HeadwordIndex:
    """The index of a dictionary's file; lines that begin with `#` are left out."""
    starts, ends, entries = _entries(text)
    heads = [entry.split(" ", 2)[1] for entry in entries]
    last = dict(zip(heads, range(len(heads)), strict=True))
    earlier: dict[str, list[int]] = {}
    for number, end in enumerate(map(last.__getitem__, heads)):
        if number != end:
            earlier.setdefault(heads[number], []).append(number)
    longer: dict[str, int] = {}
    for head in last:
        if len(head) > PAIR:
            longer[head[:PAIR]] = longer.get(head[:PAIR], 0) | 1 << len(head)
    spoken = {pinyin_of(entry) for head, entry in zip(heads, entries, strict=True) if len(head) == 1}
    syllables = frozenset(filter(str.isalpha, map(toneless, spoken)))
    return HeadwordIndex(starts, ends, last, earlier, longer, syllables)


def _entries(text: bytes) -> tuple[NDArray[np.int32], NDArray[np.int32], list[str]]:
    """Where each entry's line begins and ends, and the lines."""
    breaks = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
    starts, ends = np.append(0, breaks + 1), np.append(breaks, len(text))
    lines = text.decode().split("\n")
    kept = [number for number, line in enumerate(lines) if line and line[0] != "#"]
    return starts[kept].astype(np.int32), ends[kept].astype(np.int32), [lines[number] for number in kept]


def pinyin_of(line: str) -> str:
    """The pinyin of an entry, as it stands there."""
    return line.split("[", 1)[-1].split("]", 1)[0]


def toneless(pinyin: str) -> str:
    """`Bei3 jing1` as `beijing`."""
    return _TONE.sub("", pinyin).lower().replace("u:", "u")


def write_index(path: Path, index: HeadwordIndex) -> None:
    """Keep the index at `path`. Raises `OutputError` and `OSError` where nothing can be written there."""
    check_place(path)
    several = [(word, place) for word, places in index.earlier.items() for place in places]
    write_unpacked(
        path,
        {
            "starts": index.starts,
            "ends": index.ends,
            "words": _joined(index.last),
            "last": np.array(list(index.last.values()), np.int32),
            "several": _joined(word for word, _ in several),
            "earlier": np.array([place for _, place in several], np.int32),
            "beginnings": _joined(index.longer),
            "longer": np.array(list(index.longer.values()), np.int64),
            "syllables": _joined(sorted(index.syllables)),
        },
    )


def read_index(path: Path) -> HeadwordIndex:
    """The index that an earlier run kept. Raises `DamagedError`, and `OSError` where there is none."""
    array = open_unpacked(path).array
    words, several, beginnings, syllables = (
        _parted(array, name) for name in ("words", "several", "beginnings", "syllables")
    )
    earlier: dict[str, list[int]] = {}
    try:
        for word, place in zip(several, array("earlier").tolist(), strict=True):
            earlier.setdefault(word, []).append(place)
        last = dict(zip(words, array("last").tolist(), strict=True))
        longer = dict(zip(beginnings, array("longer").tolist(), strict=True))
        return HeadwordIndex(array("starts"), array("ends"), last, earlier, longer, frozenset(syllables))
    except (KeyError, ValueError) as error:
        raise DamagedError from error


def _joined(words: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer(_BETWEEN.join(words).encode(), np.uint8)


def _parted(array: Callable[[str], NDArray[np.uint8]], name: str) -> list[str]:
    whole = array(name).tobytes().decode()
    return whole.split(_BETWEEN) if whole else []
