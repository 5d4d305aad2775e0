"""Links that may cross as an alignment holds them: a path of beads in order, and the pairs that moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from heapq import merge
from typing import NamedTuple

from aligner.bitext import Bead


class _Piece(NamedTuple):
    """Segments of one side without counterpart on the path; `rank` is the link's place in the file."""

    rank: int
    start: int
    end: int
    of_source: bool
    bead: Bead | None = None  # the link, where it is about these segments alone


class _Side(NamedTuple):
    of_source: bool
    known: dict[int, _Piece]


def path_of(links: Sequence[Bead], sizes: tuple[int, int]) -> tuple[tuple[Bead, ...], tuple[Bead, ...]]:
    """The beads that cover both sides once, in order, and the pairs of `links` that cross those.

    No two of `links` share a segment. As few pairs as can be are taken to have moved; what is in no link is
    without counterpart, a segment a bead. `sizes`: the segments of both sides.
    """
    kept = _longest_chain(sorted((bead for bead in links if bead.is_pair), key=lambda bead: bead.src_start))
    chain = set(map(id, kept))
    moved = tuple(bead for bead in links if bead.is_pair and id(bead) not in chain)
    loose = [(rank, bead) for rank, bead in enumerate(links) if id(bead) not in chain]
    sides = _loose_pieces(loose, of_source=True), _loose_pieces(loose, of_source=False)
    path: list[Bead] = []
    src = tgt = 0
    for pair in kept:
        path += _between(sides, (src, pair.src_start), (tgt, pair.tgt_start))
        path.append(pair)
        src, tgt = pair.src_end, pair.tgt_end
    path += _between(sides, (src, sizes[0]), (tgt, sizes[1]))
    return tuple(path), moved


def _longest_chain(pairs: Sequence[Bead]) -> list[Bead]:
    """The longest run of `pairs`, which come by source, whose targets come in order, too (Fredman 1975)."""
    ends: list[int] = []  # the smallest target with which a chain of each length ends …
    last: list[int] = []  # … and the number of its pair
    before: list[int] = []
    for number, pair in enumerate(pairs):
        length = bisect_left(ends, pair.tgt_start)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [pair.tgt_start]
        last[length : length + 1] = [number]
    chain: list[Bead] = []
    place = last[-1] if last else -1
    while place >= 0:
        chain.append(pairs[place])
        place = before[place]
    return chain[::-1]


def _loose_pieces(loose: Sequence[tuple[int, Bead]], *, of_source: bool) -> _Side:
    """What links that are not on the path hold of one side, by its first segment."""
    found: dict[int, _Piece] = {}
    for rank, bead in loose:
        start, end = (bead.src_start, bead.src_end) if of_source else (bead.tgt_start, bead.tgt_end)
        if start < end:
            found[start] = _Piece(rank, start, end, of_source, None if bead.is_pair else bead)
    return _Side(of_source, found)


def _between(sides: tuple[_Side, _Side], source: tuple[int, int], target: tuple[int, int]) -> Iterator[Bead]:
    """One-sided beads of the segments between two pairs of the path, as the links stand in their file."""
    src, tgt = source[0], target[0]
    pieces = (_pieces(side, *span) for side, span in zip(sides, (source, target), strict=True))
    for piece in merge(*pieces, key=lambda piece: piece.rank):
        size = piece.end - piece.start
        confidence, status = (piece.bead.confidence, piece.bead.status) if piece.bead else (1.0, "auto")
        ends = (src + size, tgt) if piece.of_source else (src, tgt + size)
        yield Bead(src, ends[0], tgt, ends[1], confidence, status)
        src, tgt = ends


def _pieces(side: _Side, start: int, end: int) -> Iterator[_Piece]:
    """The stretches of one side from `start` to `end`; ranks never fall, so that both sides can be merged."""
    rank = -1
    while start < end:
        piece = side.known.get(start) or _Piece(rank, start, start + 1, side.of_source)
        rank = max(rank, piece.rank)
        yield piece._replace(rank=rank)
        start = piece.end
