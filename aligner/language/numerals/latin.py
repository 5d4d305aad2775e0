"""Numerals of alphabetic scripts: 80,000-plus, two hundred thousand, $3.5 million, 3,5 Mio., 8 March 2021."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import zip_longest

from aligner.language.facts import facts, remembered
from aligner.language.numerals.figured import LAST_DAY, LAST_MONTH, find_dates
from aligner.language.numerals.number import (
    COMMA_LITERAL,
    CURRENCY_SIGNS,
    LONGEST_LITERAL,
    POINT_LITERAL,
    VULGAR,
    Number,
    Taken,
    code_spans,
    literal_value,
)
from aligner.language.numerals.words import (
    DOUBTFUL_MONTHS,
    ENGLISH_HINTS,
    ENGLISH_ORDINALS,
    ENGLISH_PARTS,
    ENGLISH_SCALES,
    ENGLISH_TENS,
    ENGLISH_UNITS,
    PERCENT,
    cardinals_of,
    hints_of,
    months_of,
    parts_of,
    scales_of,
    spelled_of,
    thousands_of,
)

_EARLIEST_YEAR, _LATEST_YEAR = 1000, 2100

_HUNDRED, _THOUSAND = 100, 1000

# Spelled ordinals up to this are ordinary words too (second thoughts, third party); so are "one" and "half".
_SURE_ORDINAL = 4

_LETTER_SCALES = {"m": 10**6, "k": 10**3, "b": 10**9, "bn": 10**9, "mn": 10**6, "tn": 10**12}

_LETTER_SCALE = re.compile(r"(?:bn|mn|tn)\b|[MKkBb]\b|m\b", re.ASCII)

_SIGN_SCALES = {"k": 10**3, "M": 10**6, "Mio": 10**6, "Md": 10**9, "Mds": 10**9, "Mrd": 10**9}

# 5 M€, 1,2 Md€.
_SCALED_SIGN = re.compile(rf"\s?({'|'.join(_SIGN_SCALES)})(?=\s?[{CURRENCY_SIGNS}])")

_CURRENCY_BEFORE = re.compile(rf"(?:[{CURRENCY_SIGNS}]|\b(?:RMB|CNY|USD|EUR|GBP|HK\$|CHF|Fr\.))\s?$")

_CURRENCY_AFTER = re.compile(
    rf"[\s-]*(?:[{CURRENCY_SIGNS}]|(?:us|u\.s\.|hong kong)?\s?(?:yuan|renminbi|rmb|dollars?|euros?|pounds?"
    r"|yen|rubles?|roubles?|francs?|franken|usd|cny|eur|chf)\b)",
    re.IGNORECASE,
)

_PERCENT_AFTER = re.compile(rf"[\s-]*(?:{PERCENT})", re.IGNORECASE)

_ORDINAL_AFTER = re.compile(r"(?:st|nd|rd|th|ers?|ère|ème|ième|e|[ºª°])(?!\w)")

_FIGURE = re.compile(r"\d")

_RANGE_GAP = re.compile(r"\s?[-–—~]\s?|\s(?:to|or|and|bis|à|ou|oder)\s")

_DAY_BEFORE = re.compile(r"\.?\s(?:of\s|de\s)?")

_DAY_AFTER = re.compile(r"\.?\s(?:the\s)?$")
_DAY_OF_MONTH = re.compile(r"\d(?:st|nd|rd|th)?\.?,?\s(?:of\s|de\s)?$")
_DAY_OR_YEAR = re.compile(r"\.?,?\s\d")
_IN_MONTH = re.compile(
    r"\b(?:in|of|since|until|last|next|this|early|late|mid|by|im|en|from)[\s-]$", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:^|\W)(an?)\s$", re.IGNORECASE)
# Characters before a number that these look at; longer than what any of them matches.
_LOOK_BEHIND = 16
_JOIN = re.compile(r"[\s-]+|\s?-\s?|[\s-]+and[\s-]+(?:an?\s)?")

_AND = "and"
_VAGUE_PARTS = frozenset({"half", "halves", "quarter", "quarters", "viertel", "quart", "quarts", "tiers"})

_BARE_SCALES = frozenset({"cent", "mille", "hundert", "tausend", "mil", "duizend", "honderd"})

_CUT_SHORT = frozenset({"mio", "mrd", "тыс", "млн", "млрд"})  # with a stop of their own

_SPANS_OF_YEARS = {"decade": 10, "decades": 10, "century": 100, "centuries": 100, "week": 7, "weeks": 7}


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    kind: str  # literal unit tens scale ordinal part month hint article
    value: Fraction
    word: str


def find_latin(text: str, language: str) -> list[Number]:
    """The numbers of `text`, whose full-width digits are ASCII already; `language` is a primary subtag."""
    figures = _FIGURE.search(text)
    spans = code_spans(text) if figures else []
    found = find_dates(text, spans) if figures else []
    taken = Taken([*spans, *((number.start, number.end) for number in found)])
    tokens = [token for token in _tokens(text, language) if not taken.overlaps(token.start, token.end)]
    index = 0
    while index < len(tokens):
        number, index = _read(text, tokens, index)
        found += number
    found = sorted(found, key=lambda number: number.start)
    return list(_with_days(text, list(_spread(text, found, tokens))))


@remembered
def _grammar(language: str) -> tuple[re.Pattern[str], dict[str, tuple[str, Fraction]], bool]:
    """What may be part of a number, what each word means, whether the comma is the decimal sign."""
    comma = not facts(language).get("decimal_point")
    words: dict[str, tuple[str, Fraction]] = {}

    def add(kind: str, table: Mapping[str, int | Fraction]) -> None:
        for word, value in table.items():
            words.setdefault(word, (kind, Fraction(value)))

    if language == "en":
        add("unit", ENGLISH_UNITS)
        add("tens", ENGLISH_TENS)
        add("scale", ENGLISH_SCALES)
        add("ordinal", ENGLISH_ORDINALS)
        add("hint", ENGLISH_HINTS)
    else:
        add("scale", scales_of(language))
        add("word", cardinals_of(language))
        add("hint", hints_of(language))
    add("word", spelled_of(language))
    add("part", parts_of(language))
    add("month", months_of(language))
    literal = COMMA_LITERAL if comma else POINT_LITERAL
    vulgar = "".join(VULGAR)
    phrases = [re.escape(word) for word in sorted(words, key=len, reverse=True) if not word.isalpha()]
    spelled = "".join(rf"(?<!\w){phrase}(?!\w)|" for phrase in phrases) + r"[^\W\d_]+" if words else ""
    return re.compile(rf"{literal}[{vulgar}]?|[{vulgar}]|{spelled or '(?!)'}", re.IGNORECASE), words, comma


def _tokens(text: str, language: str) -> list[_Token]:
    pattern, words, comma = _grammar(language)
    tokens = []
    for match in pattern.finditer(text):
        found = match[0]
        if len(found) > LONGEST_LITERAL:
            continue
        if found[0].isdecimal() or found[0] == "." or found[0] in VULGAR:
            extra = VULGAR.get(found[-1], Fraction(0))
            digits = found[:-1] if extra else found
            value = (literal_value(digits, comma_decimal=comma) if digits else Fraction(0)) + extra
            tokens.append(_Token(*match.span(), "literal", value, found))
            continue
        meaning = words.get(found.lower())
        grown_together = thousands_of(found.lower(), language)
        if grown_together:
            meaning = "word", Fraction(grown_together)
        if meaning is None or (text[match.end() : match.end() + 1].isdecimal()):
            continue
        kind, value = meaning
        if kind == "month" and not found[0].isupper() and language in ("en", "de", "nl"):
            continue
        stop = found.lower() in _CUT_SHORT and text[match.end() : match.end() + 1] == "."
        tokens.append(_Token(match.start(), match.end() + stop, kind, value, found.lower()))
    return tokens


def _before(text: str, end: int) -> str:
    """The last few characters of `text` before `end`; a search to the end of all of it takes squared time."""
    return text[max(0, end - _LOOK_BEHIND) : end]


def _read(text: str, tokens: list[_Token], index: int) -> tuple[list[Number], int]:
    """The number that begins at token `index` (none, where it is no quantity) and the next index."""
    token = tokens[index]
    reader = _READERS.get(token.kind, _cardinal)
    return reader(text, tokens, index)


def _hint(text: str, tokens: list[_Token], index: int) -> tuple[list[Number], int]:
    token = tokens[index]
    numbers = [Number(token.start, token.end, token.value, weak=True)]
    before = tokens[index - 1] if index else None
    if token.word in _SPANS_OF_YEARS and before and text[before.end : token.start] in (" ", "-"):
        value = before.value * _SPANS_OF_YEARS[token.word]  # two decades are 20 years
        numbers.append(Number(before.start, token.end, value, weak=True))
    return numbers, index + 1


def _month(text: str, tokens: list[_Token], index: int) -> tuple[list[Number], int]:
    token = tokens[index]
    before = _before(text, token.start)
    beside = _DAY_OF_MONTH.search(before) or _DAY_OR_YEAR.match(text, token.end)
    weak = not beside and (token.word in DOUBTFUL_MONTHS or not text[token.start].isupper())
    if weak and text[token.start].isupper():
        weak = not _IN_MONTH.search(before)
    return [Number(token.start, token.end, token.value, "date", weak)], index + 1


def _ordinal(text: str, tokens: list[_Token], index: int) -> tuple[list[Number], int]:
    token = tokens[index]
    weak = token.value < _SURE_ORDINAL
    return [Number(token.start, token.end, token.value, "ordinal", weak)], index + 1


def _part(text: str, tokens: list[_Token], index: int) -> tuple[list[Number], int]:
    """Half, quarter, thirds without a figure before them; "half a million" is 500,000."""
    token = tokens[index]
    share = 1 / token.value
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    between = text[token.end : after.start] if after else ""
    if (
        token.word in ("half", "quarter")
        and after
        and after.kind == "scale"
        and re.fullmatch(r"[\s-]+(?:of\s)?(?:an?\s)?", between)
    ):
        return [Number(token.start, after.end, share * after.value)], index + 2
    return [Number(token.start, token.end, share, weak=token.word in _VAGUE_PARTS)], index + 1


def _scale(text: str, tokens: list[_Token], index: int) -> tuple[list[Number], int]:
    """A scale word alone: "a million" is one, "several hundred" is none, "a dozen" is weak."""
    token = tokens[index]
    article = _ARTICLE.search(_before(text, token.start))
    if article:
        start = token.start - (len(article.string) - article.start(1))
        whole = _Token(start, token.end, "scale", token.value, "")
        return _grown(text, tokens, index + 1, whole, weak=token.value < _THOUSAND)
    if token.word in _BARE_SCALES:
        return _cardinal(text, tokens, index)
    return [], index + 1


def _cardinal(text: str, tokens: list[_Token], index: int) -> tuple[list[Number], int]:
    return _grown(text, tokens, index + 1, tokens[index], weak=False)


def _grown(
    text: str, tokens: list[_Token], index: int, first: _Token, *, weak: bool
) -> tuple[list[Number], int]:
    """Take the following tokens in as long as they continue the number that `first` begins.

    `first` has no word where an article stands for the one: a thousand.
    """
    start, end, last = first.start, first.end, first.kind
    closed, section = Fraction(0), first.value  # what scales have closed, and what is still growing
    if (not first.word or first.kind == "scale") and first.value >= _THOUSAND:
        closed, section = first.value, Fraction(0)
    words, kind = [first.word], "number"
    while index < len(tokens):
        token = tokens[index]
        gap = text[end : token.start]
        step = _step(last, section, closed, token, gap)
        if step is None:
            break
        closed, section, kind_now = step
        words.append(token.word)
        end, last, index = token.end, token.kind, index + 1
        if kind_now in ("fraction", "ordinal"):
            return [
                Number(start, end, closed + section, "ordinal" if kind_now == "ordinal" else "number")
            ], index
    value = closed + section
    end, value, kind, weak = _surroundings(text, start, end, value, last, weak)
    if words == ["one"] or (len(words) == 1 and words[0] in ("un", "eins", "uno")):
        weak = weak or kind == "number"
    return [Number(start, end, value, kind, weak)], index


def _step(
    last: str, section: Fraction, closed: Fraction, token: _Token, gap: str
) -> tuple[Fraction, Fraction, str] | None:
    """The number with one more token, or `None` where the token begins something else."""
    if not _JOIN.fullmatch(gap):
        return None
    linked = _AND in gap
    half = token.kind == "part" and token.word in ("half", "quarter") and linked
    if half:
        return closed, section + 1 / token.value, "number"
    if token.kind == "scale" and not linked:
        if token.value == _HUNDRED and section < _HUNDRED:
            return closed, section * _HUNDRED, "number"
        return (closed + section * token.value, Fraction(0), "number") if section else None
    if (
        (token.kind == "part" or token.word in ENGLISH_PARTS)
        and not linked
        and last in ("unit", "literal", "word")
    ):
        plural = token.word.endswith(("s", "half")) or section == 1 or token.word not in ENGLISH_PARTS
        return (closed, section / token.value, "fraction") if plural and section else None
    if token.kind == "ordinal" and last in ("tens", "scale"):
        return closed, section + token.value, "ordinal"
    if last == "tens" and token.kind == "unit" and 0 < token.value < 10 and not linked:  # noqa: PLR2004
        return closed, section + token.value, "number"
    if last == "scale" and token.kind in ("unit", "tens", "word"):
        return closed, section + token.value, "number"
    if last in ("unit", "tens") and token.kind in ("unit", "tens") and not linked and "-" not in gap:
        is_year = 10 < section <= 20 and token.value > 9  # nineteen forty-nine  # noqa: PLR2004
        return (closed, section * _HUNDRED + token.value, "number") if is_year else None
    return None


def _surroundings(
    text: str, start: int, end: int, value: Fraction, last: str, weak: bool
) -> tuple[int, Fraction, str, bool]:
    """The kind by what stands before and after; a scale letter ($3m, 5bn) joins the number."""
    before = text[max(0, start - 5) : start]
    money = bool(_CURRENCY_BEFORE.search(before))
    letter = _LETTER_SCALE.match(text, end) if last == "literal" else None
    sign = _SCALED_SIGN.match(text, end) if last == "literal" else None
    if sign:
        value, end = value * _SIGN_SCALES[sign[1]], sign.end()
    elif letter and (money or len(letter[0]) > 1 or letter[0] == "k"):
        value, end = value * _LETTER_SCALES[letter[0].lower()], letter.end()
    if money or _CURRENCY_AFTER.match(text, end):
        return end, value, "currency", weak
    percent = _PERCENT_AFTER.match(text, end)
    if percent:
        return end, value, "percent", weak
    ordinal = _ORDINAL_AFTER.match(text, end) if last == "literal" else None
    if ordinal:
        return ordinal.end(), value, "ordinal", weak
    if (value == 0 and before.endswith(":")) or before.endswith("24/"):  # 15:00, 24/7
        return end, value, "number", True
    whole = value.denominator == 1 and last == "literal"
    if whole and _EARLIEST_YEAR <= value <= _LATEST_YEAR and re.fullmatch(r"\d{4}", text[start:end]):
        return end, value, "date", weak
    return end, value, "number", weak


def _spread(text: str, found: list[Number], tokens: list[_Token]) -> Iterator[Number]:
    """In "3 to 4 million" and "$15-20 billion" the scale holds for both figures."""
    figures = {token.start: token.value for token in tokens}
    for number, following in zip_longest(found, found[1:]):
        if following and following.value >= _THOUSAND and 0 < number.value < _THOUSAND:
            figure = figures.get(following.start, following.value)
            gap = text[number.end : following.start].strip(CURRENCY_SIGNS)
            if figure < _THOUSAND and number.value <= figure and _RANGE_GAP.fullmatch(gap):
                yield replace(number, value=number.value * following.value / figure, kind=following.kind)
                continue
        yield number


def _with_days(text: str, found: list[Number]) -> Iterator[Number]:
    """A figure beside a month is its day: 8 March, March 8th, 9. September, 1er mai."""
    months = {n.start: n.end for n in found if n.kind == "date" and n.value <= LAST_MONTH and not n.weak}
    ends = set(months.values())
    for number in found:
        if (
            number.kind in ("number", "ordinal")
            and number.value <= LAST_DAY
            and number.value.denominator == 1
        ):
            before = _DAY_AFTER.search(_before(text, number.start))
            after = _DAY_BEFORE.match(text, number.end)
            if (before and number.start - len(before[0]) in ends) or (after and after.end() in months):
                yield replace(number, kind="date")
                continue
        yield number


_READERS: dict[str, Callable[[str, list[_Token], int], tuple[list[Number], int]]] = {
    "hint": _hint, "month": _month, "ordinal": _ordinal, "part": _part, "scale": _scale,
}  # fmt: skip
