"""The pieces of a page that holds two languages, and the language of each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from aligner.errors import Shortfall
from aligner.language.detect import detect, detect_by_script
from aligner.language.scripts import COMMON, SHARED_SCRIPTS, can_be_written_in, script_of, script_weights
from aligner.language.tags import name, primary
from aligner.text.edits import EditedText

Similarity = Callable[[Sequence[str], Sequence[str]], NDArray[np.float32]]


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


# All lengths are in Latin letters, a Han character counting 3 (`script_weights`).
_SHORT = 40  # a line below it is too short for language statistics or to be running text

_DOUBTFUL = 20  # a line below it goes with its neighbours where both languages share a script

_SPARSE = 0.1  # of the first language: with less of the second, the page is in one language

_SUMMARY = 200  # that much running text in the sparse language is a summary, not noise

_THIRD = 0.25  # of the second language: with more, the page is in three languages

# A line that holds so much of each language holds both; a page that consists of such lines is sentences.
_MIXED, _MIXED_PAGE = 0.2, 0.5

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
    """Places where a cut would split a repair or what a code stands for."""
    stretches = [(part.at, part.end) for part in page.edits] + [(code.at, code.end) for code in page.codes]
    return {at for start, end in stretches for at in range(start + 1, end)}


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


def _refuse_lengths(long: str, short: str, share: float) -> NoReturn:
    raise Shortfall(
        f"the halves differ too much in length to be each other's translation: {name(primary(short))} has"
        f" {share:.0%} of the text that {name(primary(long))} has; say --layout to align them all the same"
    )
