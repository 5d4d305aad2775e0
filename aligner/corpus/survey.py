"""What a corpus must know of all its documents before any goes out: which run the other way, what codes there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aligner.corpus.outputs import output_path, read_output
from aligner.export.units import UNKNOWN_LANG
from aligner.language.tags import primary
from aligner.text.codes import CUE

_Langs = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Survey:
    """`backwards`: the documents to turn, with the languages they are in now, by id. `codes`: how many inline codes
    there are; `bare`: those of them that stand beside the text, without any of their own.
    """

    backwards: Mapping[str, _Langs] = field(default_factory=dict)
    codes: int = 0
    bare: int = 0


def survey(folder: Path, pairs: Iterable[str]) -> Survey:
    """Look at the save file of each of `pairs` that has one which can be read."""
    langs: dict[str, _Langs] = {}
    codes = bare = 0
    for pair in sorted(pairs):
        data = read_output(output_path(folder, pair))
        if data is None:
            continue
        with suppress(KeyError, TypeError, AttributeError):
            langs[pair] = str(data["source"]["lang"]), str(data["target"]["lang"])
            found = _lengths(data)
            codes += len(found)
            bare += found.count(0)
    return Survey(backwards(langs), codes, bare)


def backwards(langs: Mapping[str, _Langs]) -> dict[str, _Langs]:
    """Those of `langs` whose way between two languages fewer go than the opposite one.

    Where as many go either way, the first of them tells.
    """
    ways = {pair: _way(*both) for pair, both in langs.items()}
    counts = Counter(ways.values())
    first: dict[frozenset[str], _Langs] = {}
    for way in ways.values():
        first.setdefault(frozenset(way), way)

    def loses(way: _Langs) -> bool:
        other = way[1], way[0]
        return (counts[way], way == first[frozenset(way)]) < (counts[other], other == first[frozenset(way)])

    return {
        pair: langs[pair]
        for pair, way in ways.items()
        if UNKNOWN_LANG not in way and way[0] != way[1] and loses(way)
    }


def _way(source: str, target: str) -> _Langs:
    """The languages; of simplified and traditional Chinese the whole codes tell."""
    short = primary(source), primary(target)
    return short if short[0] != short[1] else (source.lower(), target.lower())


def _lengths(data: Mapping[str, Any]) -> list[int]:
    """How much text each inline code of a save file's JSON has of its own."""
    return [int(code.get("length", 0)) for code in data.get("codes", ()) if code.get("type") != CUE]
