"""Which two columns of a file in several languages are wanted, and what is left out for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations

from aligner.errors import InputError
from aligner.language.tags import primary
from aligner.read.reading import Reading
from aligner.text.counted import counted

_Pair = tuple[int, int]
# More than these are counted in a message, not listed.
_LISTED = 12


def choose_pair(
    reading: Reading, tags: Sequence[str], src_lang: str | None, tgt_lang: str | None
) -> tuple[_Pair, tuple[str, ...]]:
    """The places of the two columns in the languages asked for, and lines that say what else there is.

    `tags` are the columns' languages. Raises `InputError` where several pairs of columns would do, or none.
    """
    if len(tags) == 2 and not reading.pairs:  # noqa: PLR2004 - the only pair there is
        return _in_order(tags, src_lang, tgt_lang), ()
    chosen = _with_source(reading, tags, src_lang, tgt_lang) or pick(
        reading.name, tags, reading.pairs, src_lang, tgt_lang
    )
    filled = [sum(1 for cell in column.cells if cell.text.strip()) for column in reading.columns]
    return chosen, left_out(reading.name, tags, reading.pairs, chosen, filled)


def _with_source(
    reading: Reading, tags: Sequence[str], src_lang: str | None, tgt_lang: str | None
) -> _Pair | None:
    """The only pair that has the column all others are translated from, and is in the languages asked for."""
    others = [n for n in range(1, len(tags)) if primary(tags[n]) != primary(tags[0])]
    for pairs in ([(0, n) for n in others], [(n, 0) for n in others]) if reading.first_is_source else ():
        fitting = _fitting(_fitting(pairs, tags, src_lang, 0), tags, tgt_lang, 1)
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def pick(
    name: str, tags: Sequence[str], pairs: Sequence[_Pair], src_lang: str | None, tgt_lang: str | None
) -> _Pair:
    """The pair of places in `tags` that is in the languages asked for; any two places where `pairs` is empty.

    Raises `InputError` that lists what there is where several pairs would do, or none.
    """
    fitting = _fitting(list(pairs or permutations(range(len(tags)), 2)), tags, src_lang, 0)
    fitting = _fitting(fitting, tags, tgt_lang, 1)
    there = shortened(f"{tags[first]} → {tags[second]}" for first, second in pairs) or ", ".join(tags)
    if not fitting:
        asked = " and ".join(tag for tag in (src_lang, tgt_lang) if tag)
        raise InputError(f"{name}: no column in {asked}; its columns are {there}")
    if len(fitting) > 1:
        what = (
            counted(len(pairs), "pair of languages", "pairs of languages")
            if pairs
            else counted(len(tags), "column of text", "columns of text")
        )
        raise InputError(f"{name}: {what} ({there}); say which with --src-lang and --tgt-lang")
    return fitting[0]


def left_out(
    name: str, tags: Sequence[str], pairs: Sequence[_Pair], chosen: _Pair, filled: Sequence[int]
) -> tuple[str, ...]:
    """A line that names the other languages, or pairs of them, with how many texts each has (`filled`)."""
    if pairs:
        others = [
            f"{tags[first]} → {tags[second]} ({filled[second]})"
            for first, second in pairs
            if (first, second) != chosen
        ]
    else:
        others = [f"{tag} ({filled[n]})" for n, tag in enumerate(tags) if n not in chosen]
    took = f"{tags[chosen[0]]} → {tags[chosen[1]]}"
    more = "--src-lang and --tgt-lang choose another pair"
    return (f"{name}: {took} taken, left out: {shortened(others)}; {more}",) if others else ()


def _in_order(tags: Sequence[str], src_lang: str | None, tgt_lang: str | None) -> _Pair:
    """The two columns, turned where what was asked for says so."""
    turned = any(
        asked and primary(tags[own]) != primary(asked) == primary(tags[other])
        for asked, own, other in ((src_lang, 0, 1), (tgt_lang, 1, 0))
    )
    return (1, 0) if turned else (0, 1)


def _fitting(pairs: list[_Pair], tags: Sequence[str], wanted: str | None, side: int) -> list[_Pair]:
    """The pairs whose `side` is in the language `wanted`: in that very code if any is, else in any of it."""
    if not wanted:
        return pairs
    exact = [pair for pair in pairs if tags[pair[side]].lower() == wanted.lower()]
    return exact or [pair for pair in pairs if primary(tags[pair[side]]) == primary(wanted)]


def shortened(items: Iterable[str]) -> str:
    """The first items, and how many more there are."""
    listed = list(items)
    more = len(listed) - _LISTED
    return ", ".join(listed[:_LISTED]) + (f" and {more} more" if more > 0 else "")
