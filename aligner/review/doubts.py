"""What a reviser should look at: pairs whose numbers, names, quotation marks, length or wording do not agree.

Each rule looks at one pair, or at all pairs of one alignment together, and says in a sentence what it saw.
They are tuned to be silent on careful translations (`scripts/measure_doubts.py` counts how often they are
not).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from aligner.bitext import Alignment, Bead, Document
from aligner.errors import UsageError
from aligner.language.numerals.quantities import quantities
from aligner.language.numerals.quantity import Quantity, missing
from aligner.language.scripts import can_be_written_in, script_weights
from aligner.language.tags import name, primary
from aligner.lexicon.glossary import Glossary
from aligner.lexicon.tokens import names

RULES = {
    "numbers": "a number, date, time, sum or measure of one side is not on the other",
    "untranslated": "the target is the source again, or not in its own language",
    "length": "one side is much longer than the document's other pairs lead to expect",
    "quotes": "quotation marks on one side only, or left open on one side only",
    "brackets": "brackets on one side only, or left open on one side only",
    "inconsistent": "the same text is translated in different ways",
    "names": "a name in Latin letters, a code or an address of one side is not on the other",
    "glossary": "a glossary term is not translated as the glossary says",
    "confidence": "the aligner itself is not sure of the pair",
    "damaged": "characters look damaged and were not repaired",
}

# Robust z-score of a pair's length: 0.5 % of the correct pairs of `mag`, and 17 of 23 targets cut in half.
# With fewer pairs there is no usual length.
LENGTH_SCORE, _FEWEST_PAIRS = 3.0, 20

_LEAST_SPREAD = 0.5  # of texts that repeat themselves

_MAD_TO_DEVIATION = 1.4826

LOW_CONFIDENCE = 0.5

# Shorter texts ("Yes.") are rightly translated in many ways, or are names that stay.
_REPEATED_WEIGHT, _SAME_WORDS = 24, 4

_FOREIGN_LETTERS = 8

_SHOWN = 4

# What happens in more than this share of the pairs that have such marks, and more than a few times, is a
# habit of the text and no slip: on `mag`, whose Chinese leaves quotation marks out, that is 63 %.
_HABIT, _SLIPS = 0.2, 2


class Span(Protocol):
    """Characters `[at, end)` of a document's text that look damaged, and the rule that says so."""

    @property
    def at(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def rule(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Doubt:
    """Bead number `bead` (from zero) should be looked at for `rule`, one of `RULES`; `message` says why."""

    bead: int
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """One bead with text on both sides, its number, and what the rules need to know about the languages."""

    number: int
    bead: Bead
    source: str
    target: str
    src_lang: str
    tgt_lang: str


def find_doubts(
    alignment: Alignment,
    *,
    off: Collection[str] = (),
    glossary: Glossary | None = None,
    src_flags: Sequence[Span] = (),
    tgt_flags: Sequence[Span] = (),
) -> list[Doubt]:
    """What every rule but those named in `off` finds, in the order of the beads.

    `src_flags` and `tgt_flags` are places in the documents' texts that cleaning suspects. One-sided beads
    raise no doubt but damage. Raises `UsageError` for an unknown rule.
    """
    unknown = sorted(set(off) - set(RULES))
    if unknown:
        raise UsageError(f"no doubt rule is called {unknown[0]!r}; the rules are {', '.join(RULES)}")
    src, tgt = alignment.source, alignment.target
    pairs = [
        _Pair(number, bead, alignment.source_text(bead), alignment.target_text(bead), src.lang, tgt.lang)
        for number, bead in enumerate(alignment.beads)
        if bead.is_pair
    ]
    found = [
        Doubt(pair.number, rule, message)
        for rule, check in _CHECKS.items()
        if rule not in off
        for pair in pairs
        for message in check(pair)
    ]
    found = _without_habits(found, pairs)
    if "length" not in off:
        found += _odd_lengths(pairs)
    if "inconsistent" not in off:
        found += _inconsistent(pairs, "source") + _inconsistent(pairs, "target")
    if "glossary" not in off and glossary:
        found += _terms_missed(pairs, glossary)
    if "damaged" not in off:
        found += _damaged(alignment, src_flags, "source") + _damaged(alignment, tgt_flags, "target")
    order = list(RULES)
    return sorted(dict.fromkeys(found), key=lambda doubt: (doubt.bead, order.index(doubt.rule)))


def _differing_numbers(pair: _Pair) -> Iterator[str]:
    left, right = _quantities(pair.source, pair.src_lang), _quantities(pair.target, pair.tgt_lang)
    for text, own, other, side in (
        (pair.source, left, right, "target"),
        (pair.target, right, left, "source"),
    ):
        missed = [text[each.start : each.end].strip() for each in missing(own, other)]
        if missed:
            yield f"not in the {side}: {_listed(list(dict.fromkeys(missed)))}"


@lru_cache(maxsize=64)
def _quantities(text: str, lang: str) -> list[Quantity]:
    """The quantities of a side, which more than one rule looks at."""
    return quantities(text, lang)


def _untranslated(pair: _Pair) -> Iterator[str]:
    source, target = _plain(pair.source), _plain(pair.target)
    if primary(pair.src_lang) == primary(pair.tgt_lang) or not target:
        return
    words = [word for word in re.findall(r"[^\W\d_]+", pair.source) if word.islower() or not word.isascii()]
    if source == target and (len(words) >= _SAME_WORDS or sum(map(_weight, source)) > _REPEATED_WEIGHT):
        yield "the target is the same as the source"
        return
    weights = script_weights(pair.target)
    own = sum(weight for script, weight in weights.items() if can_be_written_in(pair.tgt_lang, script))
    foreign = [script for script in weights if not can_be_written_in(pair.tgt_lang, script)]
    strange = sum(weights[script] for script in foreign)
    latin_in_other = not can_be_written_in(pair.tgt_lang, "Latin") and len(target.split()) < _SAME_WORDS
    if strange > own and strange >= _FOREIGN_LETTERS and not latin_in_other:
        yield f"the target is not in {name(pair.tgt_lang)} but in {' and '.join(foreign)} letters"


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def _weight(character: str) -> float:
    return next(iter(script_weights(character).values()), 0.0)


_OPENING, _CLOSING = "“„«「『〝", "”»」』〞"

_SINGLE_QUOTES = re.compile(r"(?<!\w)[‘'](?=\w)|(?<=[\w.,!?…])[’'](?!\w)")

_TITLE_MARKS = re.compile("[《》〈〉]")


def _quotes(text: str) -> tuple[int, int, int]:
    """How many double quotation marks open, close, and how many undirected or lesser ones there are."""
    low = "„" in text  # then “ closes, as in German
    opening, closing = (_OPENING.replace("“", ""), _CLOSING + "“") if low else (_OPENING, _CLOSING)
    return (
        sum(text.count(mark) for mark in opening),
        sum(text.count(mark) for mark in closing),
        text.count('"') + text.count("＂"),
    )


def _quotation_state(text: str) -> int:
    """-1 where a quotation ends that began before, 1 where one stays open, 0 where all are in pairs."""
    opened, closed, straight = _quotes(text)
    if straight:
        return 1 if (straight + opened + closed) % 2 else 0
    return (opened > closed) - (opened < closed)


def _differing_quotes(pair: _Pair) -> Iterator[str]:
    counts = [sum(_quotes(text)) for text in (pair.source, pair.target)]
    for text, own, other, side in (
        (pair.target, counts[0], counts[1], "target"),
        (pair.source, counts[1], counts[0], "source"),
    ):
        otherwise = _SINGLE_QUOTES.search(text) or _TITLE_MARKS.search(text) or text.lstrip()[:1] in "—–-"
        if own and not other and not otherwise:
            yield f"the {side} has no quotation marks"
    if all(counts) and not any(_SINGLE_QUOTES.search(text) for text in (pair.source, pair.target)):
        states = _quotation_state(pair.source), _quotation_state(pair.target)
        if (states[0] == 0) != (states[1] == 0):
            yield f"a quotation is not closed or not opened in the {'target' if states[1] else 'source'}"


_BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】", "〔": "〕", "［": "］", "｛": "｝"}

# (a), （二）, (30), iv): labels of lists and figures repeated, which languages set in their own way.
_LABEL = "(?:[0-9]{1,2}|[ivxIVX]{1,5}|[a-zA-Z一二三四五六七八九十]{1,2})"
_LIST_LABELS = re.compile(rf"[(（]{_LABEL}[)）]|(?:(?<=^)|(?<=\s)){_LABEL}[)）]")


def _differing_brackets(pair: _Pair) -> Iterator[str]:
    counts = []
    for text in (pair.source, pair.target):
        bare = _LIST_LABELS.sub("", text)
        counts.append((sum(map(bare.count, _BRACKETS)), sum(map(bare.count, _BRACKETS.values()))))
    for (opened, closed), (other_opened, other_closed), side in (
        (counts[0], counts[1], "target"),
        (counts[1], counts[0], "source"),
    ):
        if opened and opened == closed and not other_opened + other_closed:
            yield f"the {side} has no brackets"
        if opened == closed and other_opened != other_closed:
            yield f"a bracket is not closed or not opened in the {side}"


def _without_habits(doubts: Sequence[Doubt], pairs: Sequence[_Pair]) -> list[Doubt]:
    """Leave out what one side of the document never does, such as writing quotation marks."""
    marked = {
        "quotes": sum(any(sum(_quotes(text)) for text in (pair.source, pair.target)) for pair in pairs),
        "brackets": sum(any(mark in pair.source + pair.target for mark in _BRACKETS) for pair in pairs),
    }
    seen = Counter((doubt.rule, doubt.message) for doubt in doubts if doubt.rule in marked)
    habits = {key for key, times in seen.items() if times > _SLIPS and times > _HABIT * marked[key[0]]}
    return [doubt for doubt in doubts if (doubt.rule, doubt.message) not in habits]


def _missing_names(pair: _Pair) -> Iterator[str]:
    for text, lang, other, other_lang, side in (
        (pair.source, pair.src_lang, pair.target, pair.tgt_lang, "target"),
        (pair.target, pair.tgt_lang, pair.source, pair.src_lang, "source"),
    ):
        foreign_here = not can_be_written_in(lang, "Latin")
        foreign_there = not can_be_written_in(other_lang, "Latin")
        squeezed = _squeezed(other)
        counted = [text[each.start : each.end].lower() for each in _quantities(text, lang)]
        missing = [
            found
            for found in sorted(names(text))
            if (foreign_here or _is_code(found, lenient=not foreign_there))
            and _squeezed(found) not in squeezed
            and not any(found in quantity for quantity in counted)
        ]
        if missing:
            yield f"not in the {side}: {_listed(missed_as_written(missing, text))}"


def missed_as_written(missing: Sequence[str], text: str) -> list[str]:
    """The names as `text` writes them; names are compared in lower case."""
    lowered = text.lower()
    places = [(lowered.find(found), len(found)) for found in missing]
    return [
        text[at : at + size] if at >= 0 else found for (at, size), found in zip(places, missing, strict=True)
    ]


def _is_code(found: str, *, lenient: bool) -> bool:
    """Whether a name must stay letter for letter: an address; in a Latin text a code with figures too."""
    if "@" in found or "/" in found or found.startswith("www."):
        return True
    return lenient and any(character.isdigit() for character in found) and found[0].isalpha()


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _unsure(pair: _Pair) -> Iterator[str]:
    if pair.bead.status == "auto" and pair.bead.confidence < LOW_CONFIDENCE:
        yield f"the aligner gives it {pair.bead.confidence:.0%}"


_CHECKS: dict[str, Callable[[_Pair], Iterator[str]]] = {
    "numbers": _differing_numbers,
    "untranslated": _untranslated,
    "quotes": _differing_quotes,
    "brackets": _differing_brackets,
    "names": _missing_names,
    "confidence": _unsure,
}


def _odd_lengths(pairs: Sequence[_Pair]) -> list[Doubt]:
    """Pairs of odd length, after Gale and Church (1993): the difference's variance grows with length."""
    if len(pairs) < _FEWEST_PAIRS:
        return []
    sizes = np.array([[_length(pair.source), _length(pair.target)] for pair in pairs], dtype=np.float64)
    ratio = float(np.exp(np.median(np.log(sizes[:, 1] / sizes[:, 0]))))
    expected = sizes[:, 0] * ratio
    difference = (sizes[:, 1] - expected) / np.sqrt((sizes[:, 1] + expected) / 2)
    centred = difference - np.median(difference)
    spread = _MAD_TO_DEVIATION * float(np.median(np.abs(centred)))
    scores = centred / max(spread, _LEAST_SPREAD)
    return [
        Doubt(pair.number, "length", _length_message(target, wanted))
        for pair, score, (_, target), wanted in zip(pairs, scores, sizes, expected, strict=True)
        if abs(score) > LENGTH_SCORE
    ]


def _length(text: str) -> int:
    return max(1, sum(not character.isspace() for character in text))


def _length_message(target: float, expected: float) -> str:
    word, times = ("longer", target / expected) if target > expected else ("shorter", expected / target)
    return f"the target is {times:.1f} times {word} than expected"


def _inconsistent(pairs: Sequence[_Pair], side: str) -> list[Doubt]:
    """Pairs with one text on `side` and different ones on the other."""
    groups: dict[str, list[tuple[_Pair, str]]] = {}
    for pair in pairs:
        texts = (pair.source, pair.target) if side == "source" else (pair.target, pair.source)
        key, value = _plain(texts[0]), _plain(texts[1])
        if sum(map(_weight, key)) >= _REPEATED_WEIGHT:
            groups.setdefault(key, []).append((pair, value))
    found = []
    for group in groups.values():
        if len({value for _, value in group}) == 1:
            continue
        for pair, value in group:
            others = [str(other.number + 1) for other, text in group if text != value]
            ways = "translates" if side == "target" else "is translated in"
            what = "another source" if side == "target" else "another way"
            found.append(
                Doubt(pair.number, "inconsistent", f"the same {side} {ways} {what} in pair {_listed(others)}")
            )
    return found


def _terms_missed(pairs: Sequence[_Pair], glossary: Glossary) -> list[Doubt]:
    """Glossary terms on one side of a pair of whose translations none is on the other."""
    found = []
    for pair in pairs:
        left, right = glossary.matches(pair.source, "source"), glossary.matches(pair.target, "target")
        for own, other, at, side in ((left, right, 0, "target"), (right, left, 1, "source")):
            said = {glossary.pairs[entry][at] for entry in other}
            missing: dict[str, list[str]] = {}
            for entry in sorted(own):
                if glossary.pairs[entry][at] not in said:
                    missing.setdefault(glossary.pairs[entry][at], []).append(glossary.pairs[entry][1 - at])
            for term, wanted in missing.items():
                message = f"{term}: the {side} has not {' or '.join(wanted[:_SHOWN])}"
                found.append(Doubt(pair.number, "glossary", message))
    return found


def _damaged(alignment: Alignment, flags: Sequence[Span], side: str) -> list[Doubt]:
    document: Document = alignment.source if side == "source" else alignment.target
    ranges = [
        (bead.src_start, bead.src_end) if side == "source" else (bead.tgt_start, bead.tgt_end)
        for bead in alignment.beads
    ]
    owner = {segment: number for number, (start, end) in enumerate(ranges) for segment in range(start, end)}
    found = []
    for flag in flags if len(document) else ():
        piece = document.text[flag.at : flag.end][:20]
        message = f"the {side} looks damaged at “{piece}” ({flag.rule})"
        found.append(Doubt(owner[document.segment_at(flag.at)], "damaged", message))
    return found


def _listed(items: Sequence[str]) -> str:
    shown = ", ".join(items[:_SHOWN])
    return shown if len(items) <= _SHOWN else f"{shown} and {len(items) - _SHOWN} more"
