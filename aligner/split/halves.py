"""One page that holds a text and its translation: which lines are which, and what belongs to neither.

The page is cut into pieces (lines; sentences where one line holds both languages), each piece gets the
language it is in, and the order of the languages tells the layout. What stands before and after the two
texts (site header, byline, lists of links) is found by matching the paragraphs of both sides by length,
after Gale and Church (1993), and is recorded as a removal: every character of the page is in the source,
in the target or in a removal of one of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aligner.errors import UsageError
from aligner.language.detect import detect
from aligner.language.tags import check_tag, name, primary
from aligner.split.arrange import LAYOUTS, _arrangement, _Turn, _two_runs, _with_fair_titles
from aligner.split.edges import _without_edges, _without_links
from aligner.split.page import (
    _OTHER_LANGUAGE,
    _OUTSIDE,
    FIRST,
    NEUTRAL,
    OTHER,
    SECOND,
    Similarity,
    _Piece,
    _pieces_of_page,
    _refuse_lengths,
    _share_a_script,
)
from aligner.text.counted import counted
from aligner.text.edits import EditedText


@dataclass(frozen=True, slots=True)
class Halves:
    """The two texts of one page.

    `rows` are places `(source offset, target offset)` where both sides are known to begin something that
    corresponds, in order, ends excluded; empty where the page is two plain halves. `confidence`, 0 to 1,
    is the share of the page that fits the layout, `reason` says in words what was seen.
    """

    source: EditedText
    target: EditedText
    src_lang: str
    tgt_lang: str
    layout: str
    rows: tuple[tuple[int, int], ...]
    confidence: float
    reason: str


# One side may be so many times the other and a little more; English is 0.8 to 1.6 times Chinese.
_RATIO, _SLACK = 2.5, 60


def find_halves(
    text: EditedText,
    *,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    layout: str | None = None,
    similarity: Similarity | None = None,
) -> Halves:
    """The source and the target text of a page in two languages.

    The source is the language declared as such, else the one that comes first. `layout`, one of `LAYOUTS`,
    stops all doubt about the arrangement. `similarity` gives the (n, m) cosines of n texts with m others;
    with it the edges are cut more surely. Raises `UsageError` for options that can't work, and
    `Shortfall` with the reason for a page in one language, in three with no word which two are meant, or
    in two that don't match.
    """
    if layout is not None and layout not in LAYOUTS:
        raise UsageError(f"layout {layout!r}: say {', '.join(LAYOUTS)}")
    declared = _declared(src_lang, tgt_lang)
    tags, pieces, inline = _pieces_of_page(text, declared, layout)
    turns, kind, share = _arrangement(pieces, inline, tags, layout)
    if kind == "halves" and not turns:
        pieces = _two_runs(_with_fair_titles(pieces) if _share_a_script(tags[:2]) else pieces)
    elif layout is None:
        turns, pieces = _without_links(turns, pieces)
    pieces = _without_edges(text.text, pieces, similarity)
    _check_lengths(pieces, tags, forced=layout is not None)
    source = FIRST if any(declared) else _leading(pieces)
    pieces = _settled(pieces)
    sides = (source, 1 - source)
    src, tgt = (_side(text, pieces, side) for side in sides)
    src_tag, tgt_tag = (_tag(part.text, tags[side]) for part, side in zip((src, tgt), sides, strict=True))
    rows = _rows(turns, pieces, text.text, source)
    reason = _reason(pieces, kind, (src_tag, tgt_tag), len(turns), source)
    return Halves(src, tgt, src_tag, tgt_tag, kind, rows, share, reason)


def _declared(src_lang: str | None, tgt_lang: str | None) -> tuple[str | None, str | None]:
    src, tgt = (check_tag(tag) if tag else None for tag in (src_lang, tgt_lang))
    if src and tgt and primary(src) == primary(tgt):
        raise UsageError(
            f"two halves of one page in {name(primary(src))} can't be told apart; give two files"
        )
    return src, tgt


def _check_lengths(pieces: Sequence[_Piece], tags: Sequence[str], *, forced: bool) -> None:
    weights = [sum(p.weight for p in pieces if p.side == side and not p.lost) for side in (FIRST, SECOND)]
    long, short = sorted((FIRST, SECOND), key=lambda side: -weights[side])
    if not weights[short] or (not forced and weights[long] > _RATIO * weights[short] + _SLACK):
        _refuse_lengths(tags[long], tags[short], weights[short] / (weights[long] or 1.0))


def _settled(pieces: list[_Piece]) -> list[_Piece]:
    """Each piece on the side whose text holds it; what is lost, on the side of the kept piece before it."""
    kept = [n for n, piece in enumerate(pieces) if piece.side in (FIRST, SECOND) and not piece.lost]
    side, out = pieces[kept[0]].side, []
    for n, (piece, fate) in enumerate(zip(pieces, _fates_around(pieces), strict=True)):
        lost = fate if piece.side == NEUTRAL else _fate(piece)
        if piece.side in (FIRST, SECOND) and not lost:
            side = piece.side
        if lost == _OUTSIDE:
            lost = "header" if n < kept[0] else "footer" if n > kept[-1] else _OUTSIDE
        out.append(replace(piece, side=side, lost=lost))
    return out


def _fates_around(pieces: Sequence[_Piece]) -> list[str]:
    """For each piece the rule that leaves it out if it has no letters: as its neighbours are left out."""
    around: list[set[str]] = [set() for _ in pieces]
    for order in (range(len(pieces)), reversed(range(len(pieces)))):
        last: set[str] = set()
        for n in order:
            around[n] |= last
            last = last if pieces[n].side == NEUTRAL else {_fate(pieces[n])}
    return [_OUTSIDE if _OUTSIDE in fates else fates.pop() if len(fates) == 1 else "" for fates in around]


def _fate(piece: _Piece) -> str:
    return _OTHER_LANGUAGE if piece.side == OTHER else piece.lost


def _leading(pieces: Sequence[_Piece]) -> int:
    kept = [piece for piece in pieces if piece.side in (FIRST, SECOND) and not piece.lost]
    return next((piece.side for piece in kept if piece.prose), kept[0].side)


def _side(page: EditedText, pieces: Sequence[_Piece], side: int) -> EditedText:
    """The text of one side with its removals; parts of a line become lines of their own."""
    own = [piece for piece in pieces if piece.side == side]
    parts = []
    for piece in own:
        part = _slice(page, piece.start, piece.end)
        parts.append(part.without_codes().remove([(0, len(part.text))], piece.lost) if piece.lost else part)
        parts.append(EditedText(_separator(page.text, piece)))
    return EditedText.join(parts)


def _separator(text: str, piece: _Piece) -> str:
    whole = piece.lost or piece.end == len(text) or text[piece.end - 1] == "\n"
    return "" if whole else "\n"


def _slice(page: EditedText, start: int, end: int) -> EditedText:
    """`page.slice`, in time that does not grow with the number of edits elsewhere."""
    first = bisect_left(page.edits, start, key=lambda edit: edit.end)
    last = bisect_right(page.edits, end, key=lambda edit: edit.at)
    codes = page.codes[bisect_left(page.codes, start, key=lambda code: code.at) :]
    codes = codes[: bisect_right(codes, end, key=lambda code: code.at)]
    return EditedText(page.text, page.edits[first:last], codes).slice(start, end)


def _tag(text: str, tag: str) -> str:
    """The tag as declared, or with the script of the text (`zh-Hant`)."""
    found = detect(text, [tag])
    return found if primary(found) == primary(tag) else tag


def _rows(
    turns: Sequence[_Turn], pieces: Sequence[_Piece], text: str, source: int
) -> tuple[tuple[int, int], ...]:
    """Where each turn but the first begins on both sides, in characters of the two texts."""
    at: list[int] = []
    lengths = [0, 0]
    for piece in pieces:
        at.append(lengths[piece.side])
        if not piece.lost:
            lengths[piece.side] += piece.end - piece.start + len(_separator(text, piece))
    rows = []
    for pair in turns:
        kept = [[n for n in block.pieces if not pieces[n].lost] for block in pair]
        if all(kept):
            places = (at[kept[FIRST][0]], at[kept[SECOND][0]])
            rows.append(places if source == FIRST else places[::-1])
    return tuple(row for row in rows if all(row))


def _reason(pieces: Sequence[_Piece], kind: str, tags: tuple[str, str], turns: int, source: int) -> str:
    names = [name(tag) for tag in tags]
    lost = sum(bool(piece.lost) for piece in pieces)
    if turns:
        seen = f"{names[0]} and {names[1]} in turn, {counted(turns, 'time')}"
    else:
        order = names if _leading(pieces) == source else names[::-1]
        seen = f"{order[0]}, then {order[1]}"
    return seen + (
        f"; {lost} {'lines' if kind != 'sentences' else 'pieces'} belong to neither" if lost else ""
    )
