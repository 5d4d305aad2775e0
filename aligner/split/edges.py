"""What stands before and after the two texts of a page and belongs to neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from aligner.split.arrange import _blocks, _deviation, _Turn
from aligner.split.page import _OUTSIDE, FIRST, SECOND, Similarity, _Piece

_WORST = 6.0

_MATCH, _SHORT_MATCH = 3.0, 1.0  # two titles of like length may be chance

_SHAPES = {(1, 1): 0.0, (1, 2): 1.2, (2, 1): 1.2, (2, 2): 2.0, (1, 3): 2.0, (3, 1): 2.0}

_PROSE_GAP, _OTHER_GAP, _EDGE_LIMIT = 2.0, 0.4, 3.0

_PROSE_SEEN, _LEAST_SEEN, _MOST_SEEN = 12, 40, 150  # paragraphs looked at from each end

# How many of them are embedded where a similarity is given, and how many characters of each.
_EMBEDDED, _EMBEDDED_LETTERS = 12, 300

# Cosine between what is no translation and what is (default encoder, short lines: to 0.4, from 0.55); nats.
_UNRELATED, _SIMILARITY_GAIN = 0.4, 6.0


def _without_links(turns: list[_Turn], pieces: list[_Piece]) -> tuple[list[_Turn], list[_Piece]]:
    """Short lines after the last running text are lost if several of one language follow each other.

    Two lists of links can look like one more turn.
    """
    end = max((n + 1 for n, piece in enumerate(pieces) if piece.prose), default=0)
    rest = _blocks(pieces[end:])
    weights = [sum(piece.weight for piece in part) for part in (pieces, pieces[end:])]
    prose = sum(piece.weight for piece in pieces if piece.prose)
    if prose < weights[0] - weights[1] - prose or weights[1] > weights[0] / 2:
        return turns, pieces
    if all(len(block.pieces) == 1 for block in rest):
        return turns, pieces
    kept = [turn for turn in turns if all(block.pieces[0] < end for block in turn)]
    return kept, [*pieces[:end], *(replace(piece, lost=_OUTSIDE) for piece in pieces[end:])]


def _without_edges(text: str, pieces: list[_Piece], similarity: Similarity | None) -> list[_Piece]:
    """Header and footer lines that nothing on the other side answers to are lost."""
    kept = [
        [n for n, piece in enumerate(pieces) if piece.side == side and not piece.lost]
        for side in (FIRST, SECOND)
    ]
    prose = [sum(pieces[n].weight for n in own if pieces[n].prose) for own in kept]
    ratio = prose[1] / prose[0] if all(prose) else 1.0
    lost: set[int] = set()
    for step in (1, -1):
        heads = [_edge(pieces, own[::step]) for own in kept]
        if not all(heads):
            continue
        alike = _likeness(text, pieces, heads, similarity)
        first, second = ([pieces[n] for n in head] for head in heads)
        whole = all(len(head) == len(own) for head, own in zip(heads, kept, strict=True))
        drops = _unmatched(first, second, ratio, alike, whole=whole)
        lost.update(n for head, drop in zip(heads, drops, strict=True) for n in head[:drop])
    for own in kept:
        text_of = [n for n in own if pieces[n].prose] or own
        if sum(pieces[n].weight for n in text_of if n in lost) > sum(pieces[n].weight for n in text_of) / 2:
            lost.difference_update(own)
    return [replace(piece, lost=_OUTSIDE) if n in lost else piece for n, piece in enumerate(pieces)]


def _edge(pieces: Sequence[_Piece], own: Sequence[int]) -> list[int]:
    """The first pieces of one side: enough of them to hold a dozen paragraphs of running text."""
    prose = 0
    for seen, n in enumerate(own[:_MOST_SEEN]):
        prose += pieces[n].prose
        if prose >= _PROSE_SEEN and seen >= _LEAST_SEEN:
            return list(own[:seen])
    return list(own[:_MOST_SEEN])


def _likeness(
    text: str, pieces: Sequence[_Piece], heads: Sequence[Sequence[int]], similarity: Similarity | None
) -> NDArray[np.float64]:
    """(n, m): what the meaning of two pieces adds to their match, in nats; zero where it is not known."""
    alike = np.zeros([len(head) for head in heads])
    if similarity is None:
        return alike
    chosen = [[pieces[n] for n in head[:_EMBEDDED]] for head in heads]
    first, second = ([text[p.start : p.end].strip()[:_EMBEDDED_LETTERS] for p in side] for side in chosen)
    gains = _SIMILARITY_GAIN * (np.asarray(similarity(first, second), dtype=np.float64) - _UNRELATED)
    alike[: len(first), : len(second)] = np.clip(gains, -_MATCH, _MATCH)
    return alike


def _unmatched(
    first: Sequence[_Piece],
    second: Sequence[_Piece],
    ratio: float,
    alike: NDArray[np.float64],
    *,
    whole: bool,
) -> tuple[int, int]:
    """How many pieces at the beginning of each side to drop so that the rest matches best.

    Unless these are the `whole` sides, matching may stop anywhere.
    """
    edges = [_edge_costs(side) for side in (first, second)]
    ends = [_edge_costs(side[::-1])[::-1] * whole for side in (first, second)]
    gains = {shape: _gains(first, second, shape, ratio, alike).tolist() for shape in _SHAPES}
    gaps = [[_PROSE_GAP if piece.prose else _OTHER_GAP for piece in side] for side in (first, second)]
    # A cell holds the best score of the pieces before it and where its path left the edge.
    cells = [[(-a - b, (i, j)) for j, b in enumerate(edges[1])] for i, a in enumerate(edges[0])]
    best = (-np.inf, (0, 0))
    for i, row in enumerate(cells):
        for j, own in enumerate(row):
            for (m, n), gain in gains.items():
                if m <= i and n <= j:
                    score, start = cells[i - m][j - n]
                    own = max(own, (score + gain[i - m][j - n], start))
            if i:
                own = max(own, (cells[i - 1][j][0] - gaps[0][i - 1], cells[i - 1][j][1]))
            if j:
                own = max(own, (row[j - 1][0] - gaps[1][j - 1], row[j - 1][1]))
            row[j] = own
            best = max(best, (own[0] - ends[0][i] - ends[1][j], own[1]))
    drops = best[1]
    # One line left over on each side is sooner a title and its translation than noise twice.
    return (0, 0) if drops == (1, 1) and alike[0, 0] > -1.0 else drops


def _gains(
    first: Sequence[_Piece],
    second: Sequence[_Piece],
    shape: tuple[int, int],
    ratio: float,
    alike: NDArray[np.float64],
) -> NDArray[np.float64]:
    """[i, j]: what it is worth in nats that m pieces from i on match n from j on; (m, n) is the `shape`."""
    if shape[0] > len(first) or shape[1] > len(second):
        return np.zeros((0, 0))
    lengths = [
        _windows([piece.weight for piece in side], n) for side, n in zip((first, second), shape, strict=True)
    ]
    prose = [
        _windows([piece.prose for piece in side], n) > 0
        for side, n in zip((first, second), shape, strict=True)
    ]
    missed = _deviation(lengths[0][:, None], lengths[1][None, :], ratio)
    sure = np.where(prose[0][:, None] | prose[1][None, :], _MATCH, _SHORT_MATCH)
    meant = np.lib.stride_tricks.sliding_window_view(alike, shape).max(axis=(2, 3))
    return np.asarray(sure - _SHAPES[shape] - np.minimum(missed**2 / 2, _WORST) + meant)


def _windows(values: Sequence[float], size: int) -> NDArray[np.float64]:
    """The sum of each `size` values in a row."""
    total = np.cumsum([0.0, *values])
    return np.asarray(total[size:] - total[:-size])


def _edge_costs(side: Sequence[_Piece]) -> NDArray[np.float64]:
    """What dropping the first 0, 1, 2, … pieces costs: a long list of links no more than a few of them."""
    links = np.cumsum([0.0, *(0.0 if piece.prose else _OTHER_GAP for piece in side)])
    prose = np.cumsum([0.0, *(_PROSE_GAP if piece.prose else 0.0 for piece in side)])
    return np.asarray(np.minimum(links, _EDGE_LIMIT) + prose)
