"""One page that holds a text and its translation: which lines are which, and what belongs to neither.

The page is cut into pieces (lines; sentences where one line holds both languages), each piece gets the
language it is in, and the order of the languages tells the layout. What stands before and after the two
texts (site header, byline, lists of links) is found by matching the paragraphs of both sides by length,
after Gale and Church (1993), and is recorded as a removal: every character of the page is in the source,
in the target or in a removal of one of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import EditedText
from aligner.errors import Shortfall, UsageError
from aligner.languages import (
    COMMON,
    SHARED_SCRIPTS,
    can_be_written_in,
    check_tag,
    detect,
    detect_by_script,
    name,
    primary,
    script_of,
    script_weights,
)

LAYOUTS = ("halves", "paragraphs", "sentences")

Similarity = Callable[[Sequence[str], Sequence[str]], NDArray[np.float32]]


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


FIRST, SECOND, OTHER, NEUTRAL = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters `[start, end)` of the page: a line with the blank lines after it, or a part of a line.

    `side` is the language (`FIRST` or `SECOND` of the pair, `OTHER`, `NEUTRAL` without letters), `weight` the
    length in Latin letters, `prose` whether it reads as running text, `lost` the rule that leaves it out.
    """

    start: int
    end: int
    side: int
    weight: float
    prose: bool
    lost: str = ""


@dataclass(frozen=True, slots=True)
class _Block:
    """Pieces of one language with none of the other between them: their numbers, their weight, any prose."""

    side: int
    pieces: tuple[int, ...]
    weight: float
    prose: bool


_Turn = tuple[_Block, _Block]  # of the first language and of the second, whichever comes first on the page

# All lengths are in Latin letters, a Han character counting 3 (`script_weights`).
_SHORT = 40  # a line below it is too short for language statistics or to be running text
_DOUBTFUL = 20  # a line below it goes with its neighbours where both languages share a script
_SPARSE = 0.1  # of the first language: with less of the second, the page is in one language
_SUMMARY = 200  # that much running text in the sparse language is a summary, not noise
_THIRD = 0.25  # of the second language: with more, the page is in three languages
# A line that holds so much of each language holds both; a page that consists of such lines is sentences.
_MIXED, _MIXED_PAGE = 0.2, 0.5
_TURNS = 0.7  # share of a page in pairs of plausible length that makes a layout in turns believable
_SPLIT = 0.85  # share of a page on the right side of its best cut that makes two halves believable
_MAIN = 0.8  # share of one pair of blocks that makes it two halves with a title or a note around them
# One side may be so many times the other and a little more; English is 0.8 to 1.6 times Chinese.
_RATIO, _SLACK = 2.5, 60
# What it costs a half to go on past text of the other language: per letter, per line.
_CROSSING, _CROSSED = 3.0, 20
_LINK_MASS = 0.3  # of running text: what other lines count when the page is cut in two
_TITLES = 2  # lines of the second language that may stand above the first half

# Matching paragraphs by length: a translation's length spreads by a quarter, and by a word or two where
# it is short. The rest in nats, in the order of Gale and Church's table 5: a paragraph matches one far
# more often than two.
_SPREAD, _SPREAD_FLOOR, _PLAUSIBLE, _WORST = 0.25, 12.0, 2.5, 6.0
_MATCH, _SHORT_MATCH = 3.0, 1.0  # two titles of like length may be chance
_SHAPES = {(1, 1): 0.0, (1, 2): 1.2, (2, 1): 1.2, (2, 2): 2.0, (1, 3): 2.0, (3, 1): 2.0}
_PROSE_GAP, _OTHER_GAP, _EDGE_LIMIT = 2.0, 0.4, 3.0
_PROSE_SEEN, _LEAST_SEEN, _MOST_SEEN = 12, 40, 150  # paragraphs looked at from each end
# How many of them are embedded where a similarity is given, and how many characters of each.
_EMBEDDED, _EMBEDDED_LETTERS = 12, 300
# Cosine between what is no translation and what is (default encoder, short lines: to 0.4, from 0.55); nats.
_UNRELATED, _SIMILARITY_GAIN = 0.4, 6.0

# What both parts of a stretch need for it to count as two languages, `第一章 Chapter One`.
_TURN, _TURN_SHARE = 6, 0.3
_OUTSIDE, _OTHER_LANGUAGE = "outside-halves", "other-language"
# Languages that statistics on short texts mix up: the one that was asked for is meant.
_TWINS = (
    frozenset({"no", "nb", "nn", "da"}), frozenset({"hr", "bs", "sr", "sl"}), frozenset({"id", "ms", "jv"}),
    frozenset({"pt", "gl", "es", "ca"}), frozenset({"cs", "sk"}), frozenset({"zh", "yue", "wuu"}),
)  # fmt: skip
_LINE_BREAK = re.compile(r"\n(?:[^\S\n]*\n)*")

_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w.-]+|(?:https?://|\bwww\.)[!-~]+", re.ASCII)
_CLOSING = "”’」』）)\\]\"'»"
_SENTENCE_END = re.compile(rf"[。！？!?…；][{_CLOSING}]*|\.[{_CLOSING}]*(?=\s)|\t+")
_ENDS_SENTENCE = re.compile(rf"[.。！？!?…:：;；।؟۔][{_CLOSING}]*\s*$")
_STOP = re.compile(r"[,，、.。;；!！?？](?!\d)")
_STOPS_OF_PROSE = 3
_OPENING = "“‘「『（([\"'«《"
_LINES_A_TURN, _LONG_SENTENCE = 1.5, 300  # turns of fewer lines, all shorter, are sentence by sentence


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


# Which languages


def _declared(src_lang: str | None, tgt_lang: str | None) -> tuple[str | None, str | None]:
    src, tgt = (check_tag(tag) if tag else None for tag in (src_lang, tgt_lang))
    if src and tgt and primary(src) == primary(tgt):
        raise UsageError(
            f"two halves of one page in {name(primary(src))} can't be told apart; give two files"
        )
    return src, tgt


def _languages(text: str, declared: tuple[str | None, str | None], *, forced: bool) -> tuple[str, ...]:
    """The pair of languages, in the order declared, then the others that take up room on the page."""
    asked = [tag for tag in declared if tag]
    seen = _languages_seen(text, [primary(tag) for tag in asked])
    ranked = sorted(seen, key=lambda language: -seen[language])
    free = [language for language in ranked if language not in map(primary, asked)]
    missing = [tag for tag in asked if primary(tag) not in seen]
    if not seen:
        raise Shortfall("the page holds no words of any language; there is nothing to align")
    if missing or len(seen) == 1:
        found = name(detect(text)) if len(seen) == 1 else _listed(ranked)
        wanted = f", no {name(missing[0])}" if missing else ""
        raise Shortfall(f"only {found} was found on the page{wanted}; there is nothing to align")
    first, second = [tag or free.pop(0) for tag in declared]
    weights = sorted((seen[primary(first)], seen[primary(second)]))
    if not forced and weights[0] < _SPARSE * weights[1]:
        long, short = sorted((first, second), key=lambda tag: -seen[primary(tag)])
        if weights[0] >= _SUMMARY:
            _refuse_lengths(long, short, weights[0] / weights[1])
        raise Shortfall(f"only {name(detect(text))} was found on the page; there is nothing to align")
    if len(asked) < len(declared) and free and seen[free[0]] >= _THIRD * weights[0]:
        raise Shortfall(f"the page holds {_listed(ranked[:3])}; say which two with --src-lang and --tgt-lang")
    return first, second, *(language for language in free if seen[language] >= _SPARSE * weights[0])


def _languages_seen(text: str, asked: Sequence[str]) -> dict[str, float]:
    """How much of each language the page holds, judged on its longer lines if they will do."""
    lines = [line for line in text.split("\n") if line.strip()]
    weights = [_weight(line) for line in lines]
    long = [line for line, weight in zip(lines, weights, strict=True) if weight >= _SHORT]
    seen = _tally(long, asked)
    if len(seen) < len(("source", "target")):
        short = sum(weight for weight in weights if weight < _SHORT)
        if short >= _SPARSE * sum(weights):
            seen = _tally(lines, asked)
    if len(seen) == 1 and primary(next(iter(seen))) not in {"zh", "ja", "ko"}:
        seen = _tally([line[start:end] for line in lines for start, end in _sentences(line)], asked)
    return seen


def _tally(texts: Sequence[str], asked: Sequence[str]) -> dict[str, float]:
    """The weight of each language; statistics are asked only if they could change much."""
    seen: defaultdict[str, float] = defaultdict(float)
    doubtful: list[tuple[str, float]] = []
    parts = [(text, _sentences(text) if _holds_two_scripts(text) else [(0, len(text))]) for text in texts]
    for text in (whole[start:end] for whole, spans in parts for start, end in spans):
        weight = _weight(text)
        language = detect_by_script(text)
        if language:
            seen[_as_asked(primary(language), asked)] += weight
        elif weight:
            doubtful.append((text, weight))
    sparse = sum(weight for _, weight in doubtful) < _SPARSE * seen["en"]
    for text, weight in doubtful:
        seen["en" if sparse else _as_asked(primary(detect(text)), asked)] += weight
    return {language: weight for language, weight in seen.items() if weight}


def _as_asked(language: str, asked: Sequence[str]) -> str:
    """The language that was asked for where statistics name its twin."""
    twins = next((group for group in _TWINS if language in group), frozenset())
    return next((tag for tag in asked if tag in twins and language not in asked), language)


def _listed(languages: Sequence[str]) -> str:
    names = [name(language) for language in languages]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _weight(text: str) -> float:
    return sum(script_weights(_ADDRESS.sub("", text)).values())


# The page in pieces


def _pieces_of_page(
    page: EditedText, declared: tuple[str | None, str | None], layout: str | None
) -> tuple[tuple[str, ...], list[_Piece], bool]:
    """The languages of the page, the pair first; its pieces; whether these are sentences and not lines."""
    tags = _languages(page.text, declared, forced=layout is not None)
    uncut = _inside_repairs(page)
    breaks = [match.end() for match in _LINE_BREAK.finditer(page.text)]
    lines = [_piece(page.text, *span, tags) for span in _cut(breaks, 0, len(page.text), uncut)]
    parts = [_parts(page.text, line, tags, uncut) for line in lines]
    mixed = sum(line.weight for line, own in zip(lines, parts, strict=True) if _is_mixed(own))
    enough = mixed >= _MIXED_PAGE * sum(piece.weight for piece in lines)
    inline = mixed > 0 and (layout == "sentences" or enough)
    return tags, _smoothed([part for own in parts for part in own] if inline else lines, tags), inline


def _inside_repairs(page: EditedText) -> set[int]:
    """Places where a cut would split a repair."""
    return {at for edit in page.edits for at in range(edit.at + 1, edit.end)}


def _cut(at: Sequence[int], start: int, end: int, uncut: Set[int] = frozenset()) -> list[tuple[int, int]]:
    """`[start, end)` in parts, cut at each place that is inside it and not in `uncut`."""
    cuts = [start, *(place for place in at if start < place < end and place not in uncut), end]
    return [(first, last) for first, last in pairwise(cuts) if first < last]


def _piece(text: str, start: int, end: int, tags: Sequence[str]) -> _Piece:
    words = _ADDRESS.sub("", text[start:end])
    weight = _weight(words)
    if not weight:
        return _Piece(start, end, NEUTRAL, 0.0, False)
    known = [primary(tag) for tag in tags]
    found = primary(detect(words, tags))
    side = min(known.index(found), OTHER) if found in known else NEUTRAL
    ends = bool(_ENDS_SENTENCE.search(words)) or len(_STOP.findall(words)) >= _STOPS_OF_PROSE
    return _Piece(start, end, side, weight, weight >= _SHORT and ends)


def _parts(text: str, line: _Piece, tags: tuple[str, ...], uncut: set[int]) -> list[_Piece]:
    """The sentences of a line, neighbours in one language joined; the line itself if it can't hold both."""
    alike = _share_a_script(tags[:2])
    if not alike and not _holds_two_scripts(text[line.start : line.end]):
        return [line]
    cuts = [line.start + end for _, end in _sentences(text[line.start : line.end])]
    if not alike:
        stretches = _cut(cuts, line.start, line.end)
        cuts = sorted({*cuts, *(at for span in stretches for at in _turn_of_script(text, *span, tags[:2]))})
    parts: list[_Piece] = []
    for span in _cut(cuts, line.start, line.end, uncut):
        part = _piece(text, *span, tags)
        if not parts:
            parts.append(part)
        elif part.side in (parts[-1].side, NEUTRAL) or (alike and part.weight < _DOUBTFUL):
            parts[-1] = _joined(parts[-1], part, parts[-1].side)
        elif parts[-1].side == NEUTRAL:
            parts[-1] = _joined(parts[-1], part, part.side)
        else:
            parts.append(part)
    return parts


def _joined(first: _Piece, second: _Piece, side: int) -> _Piece:
    return _Piece(first.start, second.end, side, first.weight + second.weight, first.prose or second.prose)


def _sentences(text: str) -> list[tuple[int, int]]:
    return _cut([match.end() for match in _SENTENCE_END.finditer(text)], 0, len(text))


def _holds_two_scripts(text: str) -> bool:
    scripts = sorted(script_weights(_ADDRESS.sub("", text)).values())
    return len(scripts) > 1 and scripts[-2] >= _MIXED * sum(scripts)


def _turn_of_script(text: str, start: int, end: int, pair: tuple[str, ...]) -> list[int]:
    """Where a stretch without a full stop goes over from one language's script to the other's for good."""
    sides = [_side_of(script_of(char), pair) for char in text[start:end]]
    if FIRST not in sides or SECOND not in sides:
        return []
    runs = sorted(
        [at for at, side in enumerate(sides, start) if side == wanted] for wanted in (FIRST, SECOND)
    )
    lengths = sorted(_weight(text[run[0] : run[-1] + 1]) for run in runs)
    if runs[0][-1] > runs[1][0] or lengths[0] < max(_TURN, _TURN_SHARE * lengths[1]):
        return []
    at = runs[1][0]
    while text[at - 1] in _OPENING:
        at -= 1
    return [at]


@lru_cache(maxsize=1024)
def _side_of(script: str, pair: tuple[str, ...]) -> int:
    writes = [script != COMMON and can_be_written_in(tag, script) for tag in pair]
    return writes.index(True) if any(writes) else NEUTRAL


@lru_cache(maxsize=64)
def _share_a_script(pair: tuple[str, ...]) -> bool:
    """Whether statistics have to tell the two languages apart."""
    return any(all(can_be_written_in(tag, script) for tag in pair) for script in SHARED_SCRIPTS)


def _is_mixed(parts: Sequence[_Piece]) -> bool:
    sides = [sum(part.weight for part in parts if part.side == side) for side in (FIRST, SECOND)]
    return min(sides) > _MIXED * sum(sides)


def _smoothed(pieces: list[_Piece], tags: tuple[str, ...]) -> list[_Piece]:
    """A short piece between two that agree goes with them where only statistics tell the languages apart."""
    if not _share_a_script(tags[:2]):
        return pieces
    smooth = list(pieces)
    for n in range(1, len(pieces) - 1):
        before, after = smooth[n - 1].side, pieces[n + 1].side
        if before == after and pieces[n].side != NEUTRAL and pieces[n].weight < _DOUBTFUL:
            smooth[n] = replace(pieces[n], side=before)
    return smooth


# How the page is arranged


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
        f"it is not clear how {one} and {two} are arranged: {runs[0]} stretches of the one and {runs[1]} of"
        f" the other do not pair off by length; say --layout {', '.join(LAYOUTS[:-1])} or {LAYOUTS[-1]}"
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


# The edges


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


def _check_lengths(pieces: Sequence[_Piece], tags: Sequence[str], *, forced: bool) -> None:
    weights = [sum(p.weight for p in pieces if p.side == side and not p.lost) for side in (FIRST, SECOND)]
    long, short = sorted((FIRST, SECOND), key=lambda side: -weights[side])
    if not weights[short] or (not forced and weights[long] > _RATIO * weights[short] + _SLACK):
        _refuse_lengths(tags[long], tags[short], weights[short] / (weights[long] or 1.0))


def _refuse_lengths(long: str, short: str, share: float) -> NoReturn:
    raise Shortfall(
        f"the halves differ too much in length to be each other's translation: {name(primary(short))} has"
        f" {share:.0%} of the text that {name(primary(long))} has; say --layout to align them all the same"
    )


# The two texts


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
        parts.append(part.remove([(0, len(part.text))], piece.lost) if piece.lost else part)
        parts.append(EditedText(_separator(page.text, piece)))
    return EditedText.join(parts)


def _separator(text: str, piece: _Piece) -> str:
    whole = piece.lost or piece.end == len(text) or text[piece.end - 1] == "\n"
    return "" if whole else "\n"


def _slice(page: EditedText, start: int, end: int) -> EditedText:
    """`page.slice`, in time that does not grow with the number of edits elsewhere."""
    first = bisect_left(page.edits, start, key=lambda edit: edit.end)
    last = bisect_right(page.edits, end, key=lambda edit: edit.at)
    return EditedText(page.text, page.edits[first:last]).slice(start, end)


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
        seen = f"{names[0]} and {names[1]} in turn, {turns} times"
    else:
        order = names if _leading(pieces) == source else names[::-1]
        seen = f"{order[0]}, then {order[1]}"
    return seen + (
        f"; {lost} {'lines' if kind != 'sentences' else 'pieces'} belong to neither" if lost else ""
    )
