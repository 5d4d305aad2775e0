"""How two languages take turns on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any

import numpy as np

from aligner.errors import Shortfall
from aligner.language.tags import name, primary
from aligner.split.page import _OUTSIDE, FIRST, NEUTRAL, SECOND, _Piece
from aligner.text.counted import counted

LAYOUTS = ("halves", "paragraphs", "sentences")


@dataclass(frozen=True, slots=True)
class _Block:
    """Pieces of one language with none of the other between them: their numbers, their weight, any prose."""

    side: int
    pieces: tuple[int, ...]
    weight: float
    prose: bool


_Turn = tuple[_Block, _Block]  # of the first language and of the second, whichever comes first on the page

_TURNS = 0.7  # share of a page in pairs of plausible length that makes a layout in turns believable

_SPLIT = 0.85  # share of a page on the right side of its best cut that makes two halves believable

_MAIN = 0.8  # share of one pair of blocks that makes it two halves with a title or a note around them

# What it costs a half to go on past text of the other language: per letter, per line.
_CROSSING, _CROSSED = 3.0, 20

_LINK_MASS = 0.3  # of running text: what other lines count when the page is cut in two

_TITLES = 2  # lines of the second language that may stand above the first half

# Matching paragraphs by length: a translation's length spreads by a quarter, and by a word or two where
# it is short. The rest in nats, in the order of Gale and Church's table 5: a paragraph matches one far
# more often than two.
_SPREAD, _SPREAD_FLOOR, _PLAUSIBLE = 0.25, 12.0, 2.5

_LINES_A_TURN, _LONG_SENTENCE = 1.5, 300  # turns of fewer lines, all shorter, are sentence by sentence


def _arrangement(
    pieces: list[_Piece], inline: bool, tags: Sequence[str], layout: str | None
) -> tuple[list[_Turn], str, float]:
    """The pairs of blocks that take turns (none: two plain halves), the layout, the share that fits it."""
    blocks = _blocks(pieces)
    turns, in_turn = _best_turns(blocks)
    halved = _best_cut(pieces)[1]
    if layout is not None:
        return ([] if layout == "halves" else turns), layout, halved if layout == "halves" else in_turn
    largest = max((_pair_weight(pair) for pair in turns), default=0.0)
    one_main = largest >= _MAIN * sum(map(_pair_weight, turns))
    if len(turns) > 1 and in_turn >= _TURNS and (not one_main or _all_meant(turns, largest)):
        return turns, "halves" if one_main else _name_of_turns(pieces, turns, inline), in_turn
    if halved >= _SPLIT:
        return [], "halves", halved
    one, two = (name(primary(tag)) for tag in tags[:2])
    runs = [sum(block.side == side for block in blocks) for side in (FIRST, SECOND)]
    raise Shortfall(
        f"it is not clear how {one} and {two} are arranged: {counted(runs[0], 'stretch', 'stretches')} of the"
        f" one, {runs[1]} of the other, do not pair off by length;"
        f" say --layout {', '.join(LAYOUTS[:-1])} or {LAYOUTS[-1]}"
    )


def _blocks(pieces: Sequence[_Piece]) -> list[_Block]:
    numbered = [(n, piece) for n, piece in enumerate(pieces) if piece.side in (FIRST, SECOND)]
    blocks = []
    for side, group in groupby(numbered, key=lambda item: item[1].side):
        own = list(group)
        weight = sum(piece.weight for _, piece in own)
        blocks.append(_Block(side, tuple(n for n, _ in own), weight, any(piece.prose for _, piece in own)))
    return blocks


def _best_turns(blocks: Sequence[_Block]) -> tuple[list[_Turn], float]:
    """Neighbouring blocks of plausible length paired from the first block or the second, as fits better."""
    first, second = (sum(block.weight for block in blocks if block.side == side) for side in (FIRST, SECOND))
    best: list[_Turn] = []
    if not first or not second:
        return best, 0.0
    for offset in (0, 1):
        pairs = list(pairwise(blocks))[offset::2]
        turns = [(a, b) if a.side == FIRST else (b, a) for a, b in pairs]
        fitting = [(a, b) for a, b in turns if _deviation(a.weight, b.weight, second / first) <= _PLAUSIBLE]
        if sum(map(_pair_weight, fitting)) > sum(map(_pair_weight, best)):
            best = fitting
    return best, sum(map(_pair_weight, best)) / (first + second)


def _pair_weight(pair: _Turn) -> float:
    return pair[0].weight + pair[1].weight


def _deviation(src: Any, tgt: Any, ratio: float) -> Any:
    """By how many standard deviations the second length misses what the first leads to expect."""
    return abs(src * ratio - tgt) / (_SPREAD * (src * ratio + tgt) / 2 + _SPREAD_FLOOR)


def _all_meant(turns: Sequence[_Turn], largest: float) -> bool:
    """Whether the small pairs are above the large one or running text: a title, a note, no lists of links."""
    main = next(n for n, pair in enumerate(turns) if _pair_weight(pair) == largest)
    return all(a.prose and b.prose for a, b in turns[main + 1 :])


def _name_of_turns(pieces: Sequence[_Piece], turns: Sequence[_Turn], inline: bool) -> str:
    lines = sum(len(block.pieces) for pair in turns for block in pair)
    single = lines <= _LINES_A_TURN * 2 * len(turns)
    short = all(pieces[n].weight < _LONG_SENTENCE for a, b in turns for n in (*a.pieces, *b.pieces))
    return "sentences" if inline or (single and short) else "paragraphs"


def _best_cut(pieces: Sequence[_Piece]) -> tuple[int, float, int]:
    """Before which piece the page is best cut in two, the share on its right side then, and which side leads.

    What does not read as running text counts for less: a list of links can be longer than the article.
    """
    masses = np.array([piece.weight * (1.0 if piece.prose else _LINK_MASS) for piece in pieces])
    sides = np.array([piece.side for piece in pieces])
    first, second = (np.concatenate([[0.0], np.cumsum(masses * (sides == side))]) for side in (FIRST, SECOND))
    total = float(first[-1] + second[-1]) or 1.0
    right = (first + second[-1] - second, second + first[-1] - first)
    leading = FIRST if right[FIRST].max() >= right[SECOND].max() else SECOND
    at = int(right[leading].argmax())
    return at, float(right[leading][at]) / total, leading


def _two_runs(pieces: list[_Piece]) -> list[_Piece]:
    """The two halves: what stands outside them is lost, what is quoted inside them goes with them."""
    at, _, leading = _best_cut(pieces)
    runs = (_main_run(pieces, 0, at, leading), _main_run(pieces, at, len(pieces), 1 - leading))
    above = pieces[: runs[0].start]
    titles = sum(piece.side == 1 - leading for piece in above) <= _TITLES
    out = list(above) if titles else [replace(piece, lost=_OUTSIDE) for piece in above]
    for n, piece in enumerate(pieces[runs[0].start :], runs[0].start):
        run = next((run for run in runs if n in run), None)
        if run is None:
            out.append(replace(piece, lost=_OUTSIDE))
        else:
            own = leading if run is runs[0] else 1 - leading
            out.append(replace(piece, side=own) if piece.side in (FIRST, SECOND) else piece)
    return out


def _with_fair_titles(pieces: list[_Piece]) -> list[_Piece]:
    """Short lines where the halves meet, shared out so that both halves begin and end with as many.

    Statistics can't tell whether a title full of names is German or French.
    """
    at, _, leading = _best_cut(pieces)
    short = [piece.side != NEUTRAL and not piece.prose for piece in pieces]
    above, below = _run(short[:at][::-1]), _run(short[at:])
    head, tail = _run(short), _run(short[::-1])
    if max(head, tail, above, below) > _TITLES:
        return pieces
    cuts = range(at - above, at + below + 1)
    cut = min(cuts, key=lambda k: (abs(head - (at + below - k)) + abs(k - at + above - tail), abs(k - at)))
    doubtful = {*range(head), *range(min(at, cut), max(at, cut)), *range(len(pieces) - tail, len(pieces))}
    sides = [leading if n < cut else 1 - leading for n in range(len(pieces))]
    return [replace(p, side=sides[n]) if n in doubtful else p for n, p in enumerate(pieces)]


def _run(flags: Sequence[bool]) -> int:
    """How many are true at the beginning."""
    return next((n for n, flag in enumerate(flags) if not flag), len(flags))


def _main_run(pieces: Sequence[_Piece], start: int, end: int, side: int) -> range:
    """The stretch of `[start, end)` with the most text of `side`; the other side's counts against it."""
    best, best_sum, run, run_sum = range(start, start), 0.0, start, 0.0
    for n in range(start, end):
        piece = pieces[n]
        if run_sum <= 0:
            run, run_sum = n, 0.0
        if piece.side == side:
            run_sum += piece.weight
        elif piece.side == 1 - side:
            run_sum -= _CROSSING * piece.weight + _CROSSED
        if run_sum > best_sum:
            best, best_sum = range(run, n + 1), run_sum
    return best
