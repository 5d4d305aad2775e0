"""How a language says quantities: its data file, compiled into the patterns that find them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from typing import Any

from aligner.errors import InputError
from aligner.language.facts import facts, remembered
from aligner.language.numerals.words import PERCENT, cardinals_of, ordinals_of, spelled_of

# Each number of the text stands as one of these characters while phrases are looked for. They are private, and
# beyond U+FFFF: of a range below, re writes down each character, in every pattern anew.
FIRST_MARK, LAST_MARK = 0xF0000, 0xF0FFF
MARK = f"(?-i:[{chr(FIRST_MARK)}-{chr(LAST_MARK)}])"  # else re looks for the other case of each of them
DAY_PARTS = ("am", "pm", "night", "noon")
_WORDS_FIRST = re.compile(r"(?:\(\?[:a-z-]*:?)?\w")
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
_NEVER = "(?!)"
_ROMAN = "[IVXLC]{2,9}|[IVX]"
_CODES = (
    "USD|EUR|GBP|CNY|JPY|HKD|TWD|CHF|CAD|AUD|NZD|SGD|KRW|INR|RUB|THB|MYR|IDR|VND|PHP|BRL|MXN|ZAR|SEK|NOK|DKK"
    "|PLN|CZK|HUF|TRY|AED|SAR|ILS|DEM|FRF|MOP"
)
Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Unit:
    """`value` in a dimension; `loose` where translations put another unit for it and keep the figure."""

    dimension: str
    value: Fraction
    loose: bool = False


@dataclass(frozen=True, slots=True)
class ClockPhrase:
    """A pattern of a time of day, the minutes it adds, in which way its own minutes count (`before` the hour,
    as `quarters`, or the whole a `span` as well), and whether it may be no time at all.
    """

    pattern: Pattern
    minutes: int
    way: str
    loose: bool


@dataclass(frozen=True, slots=True)
class Phrases:
    """The compiled data of one language; what each key finds is told in `en.toml`."""

    words: frozenset[str]
    firm: frozenset[str]
    ordinals: Pattern
    ordinal_words: Mapping[str, int]
    narrow: Mapping[int, int]
    join: Pattern
    counts: tuple[Pattern, ...]
    units: Mapping[str, Unit]
    counted: Pattern
    half_of: Pattern
    one_of: Pattern
    compound: Pattern
    cardinals: Mapping[str, Fraction]
    tail: Pattern
    also: Mapping[tuple[str, Fraction], int]
    weekdays: tuple[Pattern, ...]
    money: tuple[tuple[Pattern, str], ...]
    signs: Pattern
    codes: Mapping[str, str]
    clock: tuple[ClockPhrase, ...]
    clock_words: tuple[tuple[Pattern, int], ...]
    date: Mapping[str, tuple[Pattern, ...]]
    eras: tuple[tuple[Pattern, int], ...]
    discount: Mapping[str, tuple[Pattern, ...]]
    temperature: Mapping[str, tuple[Pattern, ...]]
    labels: tuple[Pattern, ...]
    said: tuple[tuple[str, Pattern, Fraction | None], ...]
    part_units: Mapping[str, tuple[int, Unit]]


@remembered
def phrases_of(language: str) -> Phrases | None:
    """The phrases of `language`, a primary subtag; `None` where its file tells none."""
    data = facts(language).get("quantities")
    try:
        return _compiled(language, data) if data else None
    except KeyError as error:
        raise InputError(f"{language}.toml: [quantities] has no {error}; en.toml shows all of it") from None
    except re.error as error:
        raise InputError(f"{language}.toml: [quantities] has a pattern that is none: {error}") from None


def _compiled(language: str, data: Mapping[str, Any]) -> Phrases:
    shared = tomllib.loads((files("aligner.language.numerals") / "units.toml").read_text(encoding="utf-8"))
    spelled = spelled_of(language)
    ordinal_words = ordinals_of(language)
    write = _Writer(data)
    signs = _either(re.escape(sign) for sign in shared["signs"]) + f"|{_CODES}"
    units = {
        name: Unit(row[0], Fraction(row[1]), row[2:] == ["loose"]) for name, row in shared["units"].items()
    }
    return Phrases(
        words=frozenset(data["words"]),
        firm=frozenset(data.get("firm", ())),
        ordinals=_ordinals(data, ordinal_words),
        ordinal_words=ordinal_words,
        narrow=str.maketrans(data.get("traditional", ""), data.get("simplified", "")),
        join=re.compile(data["join"], re.IGNORECASE),
        counts=write.all(data["counts"]),
        units=units,
        **_counts(data, write),
        compound=_compound(data, language, spelled),
        cardinals={word: Fraction(value) for word, value in cardinals_of(language).items()} | spelled,
        also={(unit, Fraction(said)): meant for unit, said, meant in data.get("also", ())},
        weekdays=tuple(_names(data["weekdays"], write)),
        money=tuple(_money(data, write)),
        signs=re.compile(rf"(?<![A-Za-z])(?P<before>{signs})\s?(?P<n>{MARK})|(?P<m>{MARK})\s?(?P<after>{signs})(?![A-Za-z])"),
        codes=dict(shared["signs"]),
        clock=tuple(_clock(data["clock"], write)),
        clock_words=tuple((write(word), minutes) for word, minutes in data["clock"]["words"]),
        date={name: write.all(patterns) for name, patterns in data["date"].items() if name != "eras"},
        eras=tuple((write(name + "{n}年"), first) for name, first in data["date"].get("eras", {}).items()),
        discount={name: write.all(patterns) for name, patterns in data["discount"].items()},
        temperature={name: write.all(patterns) for name, patterns in data["temperature"].items()},
        labels=tuple(_labels(data["labels"], write)),
        said=tuple(_said(data.get("said", {}), write)),
        part_units={
            word: (parts, units[name]) for word, (parts, name) in data.get("part_units", {}).items()
        },
    )  # fmt: skip


class _Writer:
    """Fills the placeholders of one language's patterns and compiles them."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._spaced = data["ends_word"]
        self._fill = {
            "part": f"(?:{_named({part: data['clock'][part] for part in DAY_PARTS})})",
            "u": f"(?:{_named(data['units'])})" + (r"(?!\w)" if self._spaced else ""),
            # Contracts write a number twice: thirty (30) days.
            "n": rf"(?P<n>{MARK})(?:\s?[(（]{MARK}[)）])?",
            "plain": rf"(?P<n>{MARK})",
            "mark": MARK,
            "p": rf"(?P<p>{MARK})(?:\s?(?:{PERCENT}|‰))?",
        }

    def __call__(self, pattern: str) -> Pattern:
        filled = _PLACEHOLDER.sub(lambda match: self._fill.get(match[1], f"(?P<{match[1]}>{MARK})"), pattern)
        whole = rf"(?<!\w)(?:{filled})(?!\w)" if self._spaced and _WORDS_FIRST.match(pattern) else filled
        return re.compile(whole, re.IGNORECASE)

    def all(self, patterns: str | Iterable[str]) -> tuple[Pattern, ...]:
        return tuple(self(pattern) for pattern in ([patterns] if isinstance(patterns, str) else patterns))


def _either(patterns: Iterable[str]) -> str:
    return "|".join(patterns)


def any_word(words: Iterable[str]) -> str:
    """One of `words`, the longest that fits; by first letters, so that hardly any is tried at most places."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        rests.setdefault(word[0], []).append(word[1:])
    if not rests:
        return _NEVER
    return (
        f"(?=[{''.join(rests)}])(?:{_either(f'{first}(?:{_either(some)})' for first, some in rests.items())})"
    )


def _named(patterns: Mapping[str, str]) -> str:
    """One alternative a name, so that the match tells which it was."""
    return _either(f"(?P<{name}>{pattern})" for name, pattern in patterns.items())


def _counts(data: Mapping[str, Any], write: _Writer) -> dict[str, Pattern]:
    """Patterns of a number or an article before a unit."""
    more = f"(?P<more>{data['and_half'] or _NEVER})?"
    edge = r"(?<!\w)" if data["ends_word"] else ""
    tail = data["tail"] or _NEVER
    return {
        "counted": write(rf"{{n}}{data['gap']}{{u}}{more}"),
        "half_of": write(rf"{edge}(?:{data['half']}){{u}}"),
        "one_of": write(rf"{edge}(?:{data['article']}){{u}}{more}"),
        # 一米七五 is 1.75 metres, 三块五 is 3.50 yuan.
        "tail": write(
            rf"{{n}}(?P<tail>{tail}){{d}}(?P<e>{MARK})?"
            rf"(?!{MARK}(?![斤个张本只条件盒瓶公])|{tail}|[十百千万亿毛角分年月日个度])"
        ),
    }


def _ordinals(data: Mapping[str, Any], words: Mapping[str, int]) -> Pattern:
    """Ordinals that are no numbers elsewhere: dix-neuvième, neunzehnten, and XIXe before "siècle"."""
    return re.compile(rf"(?<![\w-]){any_word(words)}(?!\w)|(?-i:{data.get('roman', _NEVER)})", re.IGNORECASE)


def _compound(data: Mapping[str, Any], language: str, spelled: Mapping[str, Fraction]) -> Pattern:
    """A number word grown together with a unit: dreijährig, zweiwöchig."""
    if "compound" not in data:
        return re.compile(_NEVER)
    numbers = any_word([*cardinals_of(language), *spelled])
    return re.compile(rf"(?<!\w)(?P<number>{numbers})(?:{_named(data['compound'])})(?!\w)", re.IGNORECASE)


def _names(patterns: Iterable[str], write: _Writer) -> Iterable[Pattern]:
    """Names in the case that they are written in: Sun. is a day, sun. is not."""
    for pattern in patterns:
        yield write(pattern) if pattern[0].islower() else re.compile(write(pattern).pattern)


def _money(data: Mapping[str, Any], write: _Writer) -> Iterable[tuple[Pattern, str]]:
    for codes, pattern in data.get("currency_before", {}).items():
        yield write(rf"(?<!{MARK}|[万亿])(?:{pattern})\s?{{n}}(?:元|圆)?(?:整)?"), codes
    end = r"(?!\w)" if data["ends_word"] else ""
    for codes, pattern in data["currency"].items():
        yield write(rf"{{n}}{data['gap']}(?:{pattern}){end}"), codes


def _clock(data: Mapping[str, Any], write: _Writer) -> Iterable[ClockPhrase]:
    for loose in (False, True):
        for pattern, minutes, *way in data["loose" if loose else "patterns"]:
            yield ClockPhrase(write(pattern), minutes, way[0] if way else "", loose)


def _labels(data: Mapping[str, str], write: _Writer) -> Iterable[Pattern]:
    before = rf"(?:{data['before']})\s?"
    yield write(before + rf"(?:{{plain}}|(?P<roman>(?-i:{_ROMAN}))(?!\w))")
    yield write(before + r"(?P<letter>(?-i:[A-H]))(?![\w.'’])")
    after = rf"\s?(?:{data['after']})"
    yield write("{n}" + after)
    yield write(rf"(?<![A-Za-z\d]|{MARK})(?P<roman>(?-i:{_ROMAN}))" + after)
    # Louis XIV, Elizabeth I, François Ier: behind a name; a lone letter may be an initial, or the pronoun.
    yield re.compile(
        r"\b[A-Z\u00c0-\u00de][a-z\u00df-\u00ff]+\s(?P<roman>[IVX]{2,7}(?![\w'’-])|[VX](?![\w.'’-])|I(?=er\b))"
    )
    yield re.compile(
        r"\b[A-Z\u00c0-\u00de][a-z\u00df-\u00ff]+\s(?P<lone>I)(?=[.,;:)’]|$|\s(?:of|in|and|von|und|de|et)\b)"
    )


def _said(data: Mapping[str, Any], write: _Writer) -> Iterable[tuple[str, Pattern, Fraction | None]]:
    for name, rows in data.items():
        for pattern, *value in rows:
            yield name, write(pattern), Fraction(value[0]) if value else None
