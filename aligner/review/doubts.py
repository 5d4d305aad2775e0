"""What a reviser should look at: pairs whose numbers, names, quotation marks, length or wording do not agree.

Each rule looks at one pair, or at all pairs of one alignment together, and says in a sentence what it saw.
They are tuned to be silent on careful translations (`scripts/measure_doubts.py` counts how often they are
not).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from aligner.bitext import Alignment, Bead, Document
from aligner.errors import UsageError
from aligner.export.options import DOUBT_BELOW
from aligner.language.numerals.quantities import quantities
from aligner.language.numerals.quantity import Quantity, missing
from aligner.language.scripts import can_be_written_in, script_weights
from aligner.language.tags import name, primary
from aligner.lexicon.glossary import Glossary
from aligner.lexicon.tokens import names
from aligner.review.marks import differing_brackets, differing_quotes, has_brackets, has_quotes
from aligner.review.usual import REPEATED_WEIGHT, SHOWN, Lengths, Repeats, listed, plain, weight

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

_SAME_WORDS = 4  # shorter texts are names that stay

_FOREIGN_LETTERS = 8

# What happens in more than this share of the pairs that have such marks, and more than a few times, is a
# habit of the text and no slip: on `mag`, whose Chinese leaves quotation marks out, that is 63 %.
_HABIT, _SLIPS = 0.2, 2


# Chinese letters parties by its cyclic signs.
_LETTER = re.compile("[甲乙丙丁戊己庚辛]")
_SHARED_HEAD = re.compile(
    rf"((?:{_LETTER.pattern}[、，/和与與及]?){{2,8}})(?:双|雙|两|兩|三|四|五|六|各|任一|任何一)方"
)


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
    index = index_doubts(alignment, off=off, glossary=glossary, src_flags=src_flags, tgt_flags=tgt_flags)
    return [
        doubt for number in range(len(alignment.beads)) for doubt in doubts_of_bead(alignment, number, index)
    ]


@dataclass(frozen=True, slots=True)
class DoubtIndex:
    """What the doubts of one bead need to know of its whole alignment.

    It stays good while beads are edited: a text changed since is compared with what was usual before.
    """

    off: frozenset[str]
    glossary: Glossary | None
    habits: frozenset[tuple[str, str]]
    lengths: Lengths | None
    repeats: tuple[Repeats, Repeats]
    damage: tuple[tuple[tuple[int, str], ...], tuple[tuple[int, str], ...]]


def index_doubts(
    alignment: Alignment,
    *,
    off: Collection[str] = (),
    glossary: Glossary | None = None,
    src_flags: Sequence[Span] = (),
    tgt_flags: Sequence[Span] = (),
) -> DoubtIndex:
    """The index for `doubts_of_bead`, in time linear in the beads; the arguments are those of `find_doubts`."""
    unknown = sorted(set(off) - set(RULES))
    if unknown:
        raise UsageError(f"no doubt rule is called {unknown[0]!r}; the rules are {', '.join(RULES)}")
    pairs = [_pair(alignment, number) for number, bead in enumerate(alignment.beads) if bead.is_pair]
    habitual = [rule for rule in ("quotes", "brackets") if rule not in off]
    sizes = [(pair.source, pair.target) for pair in pairs] if "length" not in off else []
    repeated = pairs if "inconsistent" not in off else []
    return DoubtIndex(
        frozenset(off),
        glossary if "glossary" not in off else None,
        _habits(
            [(rule, message) for rule in habitual for pair in pairs for message in _CHECKS[rule](pair)], pairs
        ),
        Lengths.of(sizes),
        (
            Repeats.of((pair.number, pair.source, pair.target) for pair in repeated),
            Repeats.of((pair.number, pair.target, pair.source) for pair in repeated),
        ),
        (_damage(alignment.source, src_flags), _damage(alignment.target, tgt_flags)),
    )


def doubts_of_bead(alignment: Alignment, number: int, index: DoubtIndex) -> list[Doubt]:
    """The doubts of bead `number` (from zero) as it stands now, in the order of `RULES`."""
    bead = alignment.beads[number]
    found: list[tuple[str, str]] = []
    if bead.is_pair:
        pair = _pair(alignment, number)
        found = [
            (rule, message)
            for rule, check in _CHECKS.items() if rule not in index.off
            for message in check(pair) if (rule, message) not in index.habits
        ]  # fmt: skip
        found += [(rule, message) for rule, message in _beside_others(pair, index)]
    if "damaged" not in index.off:
        found += [("damaged", message) for message in _damaged(bead, index)]
    order = list(RULES)
    found = sorted(dict.fromkeys(found), key=lambda each: order.index(each[0]))
    return [Doubt(number, rule, message) for rule, message in found]


def _pair(alignment: Alignment, number: int) -> _Pair:
    bead, langs = alignment.beads[number], (alignment.source.lang, alignment.target.lang)
    return _Pair(number, bead, alignment.source_text(bead), alignment.target_text(bead), *langs)


def _beside_others(pair: _Pair, index: DoubtIndex) -> Iterator[tuple[str, str]]:
    """What only the whole alignment, or the glossary, makes doubtful."""
    odd = index.lengths.oddity(pair.source, pair.target) if index.lengths else ""
    if odd:
        yield "length", odd
    sources, targets = index.repeats
    others = sources.elsewhere(pair.source, pair.target)
    if others:
        yield "inconsistent", f"the same source is translated in another way in pair {others}"
    others = targets.elsewhere(pair.target, pair.source)
    if others:
        yield "inconsistent", f"the same target translates another source in pair {others}"
    if index.glossary:
        for message in _terms_missed(pair, index.glossary):
            yield "glossary", message


def _differing_numbers(pair: _Pair) -> Iterator[str]:
    left, right = _quantities(pair.source, pair.src_lang), _quantities(pair.target, pair.tgt_lang)
    for text, own, other, side in (
        (pair.source, left, right, "target"),
        (pair.target, right, left, "source"),
    ):
        missed = [text[each.start : each.end].strip() for each in missing(own, other)]
        if missed:
            yield f"not in the {side}: {_told(list(dict.fromkeys(missed)))}"


@lru_cache(maxsize=64)
def _quantities(text: str, lang: str) -> list[Quantity]:
    """The quantities of a side, which more than one rule looks at."""
    return quantities(text, lang)


def _untranslated(pair: _Pair) -> Iterator[str]:
    source, target = plain(pair.source), plain(pair.target)
    if primary(pair.src_lang) == primary(pair.tgt_lang) or not target:
        return
    words = [word for word in re.findall(r"[^\W\d_]+", pair.source) if word.islower() or not word.isascii()]
    if source == target and (len(words) >= _SAME_WORDS or weight(source) > REPEATED_WEIGHT):
        yield "the target is the same as the source"
        return
    weights = script_weights(pair.target)
    own = sum(weight for script, weight in weights.items() if can_be_written_in(pair.tgt_lang, script))
    foreign = [script for script in weights if not can_be_written_in(pair.tgt_lang, script)]
    strange = sum(weights[script] for script in foreign)
    latin_in_other = not can_be_written_in(pair.tgt_lang, "Latin") and len(target.split()) < _SAME_WORDS
    if strange > own and strange >= _FOREIGN_LETTERS and not latin_in_other:
        yield f"the target is not in {name(pair.tgt_lang)} but in {' and '.join(foreign)} letters"


def _told(items: Sequence[str]) -> str:
    return listed(items, len(items))


def _habits(found: Sequence[tuple[str, str]], pairs: Sequence[_Pair]) -> frozenset[tuple[str, str]]:
    """What one side of the document never does, such as writing quotation marks: no slip, so no doubt."""
    marked = {
        "quotes": sum(has_quotes(pair.source) or has_quotes(pair.target) for pair in pairs),
        "brackets": sum(has_brackets(pair.source + pair.target) for pair in pairs),
    }
    seen = Counter(found)
    return frozenset(key for key, times in seen.items() if times > _SLIPS and times > _HABIT * marked[key[0]])


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
            yield f"not in the {side}: {_told(missed_as_written(missing, text))}"


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
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def _unsure(pair: _Pair) -> Iterator[str]:
    if pair.bead.status == "auto" and pair.bead.confidence < DOUBT_BELOW:
        yield f"the aligner gives it {pair.bead.confidence:.0%}"


_CHECKS: dict[str, Callable[[_Pair], Iterator[str]]] = {
    "numbers": _differing_numbers,
    "untranslated": _untranslated,
    "quotes": lambda pair: differing_quotes(pair.source, pair.target, (pair.src_lang, pair.tgt_lang)),
    "brackets": lambda pair: differing_brackets(pair.source, pair.target),
    "names": _missing_names,
    "confidence": _unsure,
}


@contextmanager
def with_doubt(rule: str, meaning: str, check: Callable[[_Pair], Iterator[str]]) -> Iterator[None]:
    """Ask one more question of each pair inside the block; `check` yields messages. ValueError for a taken name."""
    if rule in RULES:
        raise ValueError(f"there is a doubt called {rule!r} already")
    RULES[rule], _CHECKS[rule] = meaning, check
    try:
        yield
    finally:
        del RULES[rule], _CHECKS[rule]


def _terms_missed(pair: _Pair, glossary: Glossary) -> Iterator[str]:
    """Glossary terms on one side of a pair of whose translations none is on the other."""
    left = glossary.matches(_with_heads(pair.source), "source")
    right = glossary.matches(_with_heads(pair.target), "target")
    for own, other, at, side in ((left, right, 0, "target"), (right, left, 1, "source")):
        said = {glossary.pairs[entry][at] for entry in other}
        missing: dict[str, list[str]] = {}
        for entry in sorted(own):
            if glossary.pairs[entry][at] not in said:
                missing.setdefault(glossary.pairs[entry][at], []).append(glossary.pairs[entry][1 - at])
        for term, wanted in missing.items():
            yield f"{term}: the {side} has not {' or '.join(wanted[:SHOWN])}"


def _with_heads(text: str) -> str:
    """`text` and behind it what shares a head in it, each with its own: 甲、乙双方 says 甲方 and 乙方."""
    named = [letter + "方" for run in _SHARED_HEAD.finditer(text) for letter in _LETTER.findall(run[1])]
    return "\n".join([text, *named])


def _damage(document: Document, flags: Sequence[Span]) -> tuple[tuple[int, str], ...]:
    """The segment of each suspected place, and what is to be said of it."""
    if not len(document):
        return ()
    return tuple(
        sorted(
            (document.segment_at(flag.at), f"“{document.text[flag.at : flag.end][:20]}” ({flag.rule})")
            for flag in flags
        )
    )


def _damaged(bead: Bead, index: DoubtIndex) -> Iterator[str]:
    ranges = (bead.src_start, bead.src_end), (bead.tgt_start, bead.tgt_end)
    for side, (start, end), places in zip(("source", "target"), ranges, index.damage, strict=True):
        for segment, what in places[bisect_left(places, (start, "")) : bisect_left(places, (end, ""))]:
            if start <= segment < end:
                yield f"the {side} looks damaged at {what}"
