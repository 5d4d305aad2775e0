"""Phrase pairs counted over all pairs of an alignment, and the best of them as terms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np

from aligner.language.frequencies import costs
from aligner.language.numerals import numbers
from aligner.language.stopwords import stop_words
from aligner.language.tags import primary
from aligner.lexicon.dictionary import everyday_words
from aligner.terms.links import Lexicon, link_words
from aligner.terms.phrases import (
    Span,
    begins_with_judgement,
    capitals,
    consistent,
    ends_linked,
    find_phrases,
    goes_on,
    is_inside,
    key_of,
    share_explained,
    size_of,
)  # fmt: skip
from aligner.terms.term import Term
from aligner.terms.words import Word, verb_share

# Read off the first fifty of the Chongqing article and of `mag`: a pair seen once must be explained so far and
# be no longer than this.
_ONCE_EXPLAINED, _NAME_EXPLAINED, _ONCE_LONGEST = 0.66, 0.6, 5
_ACRONYM_WORDS = 2  # beside an acronym seen once
_MORE_OFTEN = 1.5  # a part of a chosen term is one, too, if seen so many times as often
_ACRONYM_EXPLAINED = 0.5
# Chinese words seen more than ten times in a million (nats) belong to the general language.
_GENERAL = log(1e5)
_UNLISTED = 14.0  # nats: as rare as the rarest words of the table
# Longer words are rarer (Zipf 1935): nats of a word by its letters, where no table says more.
_SHORT_WORD, _PER_LETTER = 4.0, 0.7
_LETTERS = 6  # of a word, about
_MOST_SURPRISE = 20.0  # nats: beyond, a phrase is not more of a term, only longer
_NAME = 1.4  # names and what stands in quotation marks
_VERB = 0.9  # share of infinitives among the translations of a Chinese verb
_OPENING, _CLOSING = "“\"「『《‘'<«„", "”\"」』》’'>»“"

_ACRONYM = re.compile(r"[A-Z][A-Z0-9.&-]+")

Keys = tuple[str, str]


@dataclass(slots=True)
class _Seen:
    """What is known of a phrase pair: in how many pairs it stands, how it is written, where it stood first."""

    example: int
    sizes: tuple[int, int]
    count: int = 0
    whole: int = 0
    named: int = 0
    plain: int = 0
    explained: float = 0.0
    closed: bool = False
    anchored: bool = False
    written: Counter[tuple[str, str]] = field(default_factory=Counter)


class Counts:
    """Phrases, how many pairs hold them, and phrase pairs."""

    def __init__(self, langs: tuple[str, str], lexicon: Lexicon) -> None:
        self._langs = (primary(langs[0]), primary(langs[1]))
        self._lexicon = lexicon
        self._beads = 0
        self._words = 0
        self._single: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self._seen: dict[Keys, _Seen] = {}
        self._capitalised: set[str] = set()  # words with a capital where no sentence begins

    def add(self, number: int, texts: tuple[str, str], words: tuple[list[Word], list[Word]]) -> None:
        """Count the phrases of one pair, each once."""
        self._beads += 1
        self._words += max(sum(word.content for word in side) for side in words)
        links = link_words(*words, self._lexicon)
        spans = [find_phrases(words[side], texts[side], self._langs[side]) for side in (0, 1)]
        for side in (0, 1):
            self._single[side].update({key_of(words[side], span) for span in spans[side]})
        linked = {at for at, _ in links}, {at for _, at in links}
        capital = self._note_capitals(texts, words)
        counted: set[Keys] = set()
        for both in consistent(spans[0], set(spans[1]), words, links):
            keys = key_of(words[0], both[0]), key_of(words[1], both[1])
            sizes = size_of(words[0], both[0]), size_of(words[1], both[1])
            judged = any(begins_with_judgement(words[i], texts[i], both[i], self._langs[i]) for i in (0, 1))
            named = any(_is_named(words[i], both[i], capital[i]) for i in (0, 1)) or all(
                _is_quoted(texts[i], words[i], both[i]) for i in (0, 1)
            )
            if not named and _is_clause(both, words, links, self._langs):
                continue
            ends = [[at in linked[i] for at in (both[i][0], both[i][1] - 1)] for i in (0, 1)]
            if any(_cuts_characters(words[i], both[i], linked[i], self._langs[i]) for i in (0, 1)):
                continue
            seen = self._seen.setdefault(keys, _Seen(number, sizes))
            first = keys not in counted
            counted.add(keys)
            written = [_written(texts[side], words[side], both[side]) for side in (0, 1)]
            seen.written[written[0], written[1]] += 1
            share = share_explained(*both, words, links)
            seen.explained = max(seen.explained, share)
            loose = [goes_on(words[side], both[side], linked[side]) for side in (0, 1)]
            seen.closed |= loose[0] == loose[1] and all(ends_linked(both[i], linked[i]) for i in (0, 1))
            alike = ends[0] == ends[1] and all(any(side) for side in ends)
            sealed = any(all(ends[i]) and not loose[i] for i in (0, 1) if self._langs[i] == "zh")
            seen.anchored |= alike or (sealed and share >= _ONCE_EXPLAINED)
            inside = any(is_inside(words[i], texts[i], both[i], self._langs[i]) for i in (0, 1))
            seen.count += first
            seen.whole += first and not inside and not judged
            seen.named += first and named
            seen.plain += first and not named and any(text[0].islower() for text in written)

    def _note_capitals(
        self, texts: tuple[str, str], words: tuple[list[Word], list[Word]]
    ) -> list[list[bool]]:
        """For each side which of its words are capitalised; they are remembered."""
        capital = [capitals(words[side], texts[side], self._langs[side]) for side in (0, 1)]
        for side in (0, 1):
            inner = zip(words[side], capital[side], strict=True)
            self._capitalised |= {word.key for word, is_capital in inner if is_capital and word.joined}
        return capital

    def ranked(self, limit: int) -> list[Term]:
        """The best phrase pairs, each phrase once; a part of a longer one only where it occurs alone."""
        scores = {keys: score for keys in self._seen if (score := self._score(keys)) > 0}
        taken: tuple[set[str], set[str]] = set(), set()
        chosen: dict[Keys, float] = {}
        for keys in sorted(scores, key=lambda keys: (-scores[keys], keys)):
            if keys[0] in taken[0] or keys[1] in taken[1] or self._is_part(keys, chosen):
                continue
            chosen[keys] = scores[keys]
            taken[0].add(keys[0])
            taken[1].add(keys[1])
            if len(chosen) >= limit:
                break
        return [self._term(keys, score) for keys, score in chosen.items()]

    def _score(self, keys: Keys) -> float:
        seen = self._seen[keys]
        acronym = self._is_acronym(keys)
        explained = 1.0 if acronym and seen.explained >= _ACRONYM_EXPLAINED else seen.explained
        is_word = max(seen.sizes) == 1
        if seen.count == 1 and not self._is_sure(keys, explained):
            return 0.0
        if not (seen.whole or acronym) or self._is_counted(keys) or self._is_composed(keys):
            return 0.0
        if is_word and ((seen.count == 1 and not acronym) or self._is_general(keys)):
            return 0.0
        left, right = self._single[0][keys[0]], self._single[1][keys[1]]
        ratio = log_likelihood_ratio(seen.count, max(left, seen.count), max(right, seen.count), self._beads)
        surprise = self._rarity(keys) - log(self._words / seen.count)
        name = _NAME if self._is_name(keys) else 1.0
        return ratio * explained * min(max(surprise, 0.0), _MOST_SURPRISE) * name

    def _is_sure(self, keys: Keys, explained: float) -> bool:
        """Whether a pair seen once is explained, with nothing around it that belongs to it."""
        seen = self._seen[keys]
        if self._is_name(keys) and max(seen.sizes) > 1:
            return explained >= _NAME_EXPLAINED and seen.anchored
        if explained < _ONCE_EXPLAINED:
            return False
        if (
            self._is_acronym(keys)
            and seen.anchored
            and 1 in seen.sizes
            and all(n <= _ACRONYM_WORDS for n in seen.sizes)
        ):
            return True
        return seen.closed and "en" in self._langs and max(seen.sizes) <= _ONCE_LONGEST

    def _rarity(self, keys: Keys) -> float:
        """How rare the words are in general, in nats: by the table for Chinese phrases, else both sides' mean."""
        rarities = []
        for key, text, lang in zip(keys, self._spelling(keys), self._langs, strict=True):
            if lang == "zh":
                words = [word for word in key.split(" ") if word not in stop_words("zh")]
                rarity = sum(costs().words.get(word, _UNLISTED) for word in words)
                if len(words) > 1:
                    return rarity
                rarities.append(rarity)
            else:
                words = [word for word in text.split() if word.lower() not in stop_words(lang)]
                rarities.append(sum(map(_rarity_by_letters, words)))
        return sum(rarities) / len(rarities)

    def _is_name(self, keys: Keys) -> bool:
        seen = self._seen[keys]
        return seen.named > seen.plain

    def _is_general(self, keys: Keys) -> bool:
        """Whether a single word is one of the general language, not a name."""
        if self._is_name(keys) and not self._is_acronym(keys):
            return False
        chinese = [key for key, lang in zip(keys, self._langs, strict=True) if lang == "zh"]
        return any(
            key in everyday_words()
            or costs().words.get(key, _UNLISTED) < _GENERAL
            or verb_share(key, "zh") >= _VERB
            for key in chinese
        )

    def _is_composed(self, keys: Keys) -> bool:
        """Whether an English phrase seen once only joins others: innovation and breakthroughs."""
        seen = self._seen[keys]
        if seen.count > 1 or self._is_name(keys):
            return False
        english = [key for key, lang in zip(keys, self._langs, strict=True) if lang == "en"]
        other_is_word = any(
            " " not in key for key, lang in zip(keys, self._langs, strict=True) if lang != "en"
        )
        return not other_is_word and any(" and " in key or " of " in key for key in english)

    def _is_acronym(self, keys: Keys) -> bool:
        return any(_ACRONYM.fullmatch(text) for text in self._spelling(keys))

    def _is_counted(self, keys: Keys) -> bool:
        """Whether the phrase is or begins with a quantity: two years, 第一."""
        spelled = zip(self._spelling(keys), self._langs, strict=True)
        return any(found[0].start <= 1 for text, lang in spelled if (found := numbers(text, lang)))

    def _spelling(self, keys: Keys) -> tuple[str, str]:
        return self._seen[keys].written.most_common(1)[0][0]

    def _term(self, keys: Keys, score: float) -> Term:
        seen = self._seen[keys]
        source, target = (
            text[0].lower() + text[1:]
            if lang == "en"
            and " " in text
            and text[1:].islower()
            and key.split(" ")[0] not in self._capitalised
            else text
            for key, text, lang in zip(keys, self._spelling(keys), self._langs, strict=True)
        )
        return Term(source, target, seen.count, round(score, 2), seen.example)

    def _is_part(self, keys: Keys, chosen: Collection[Keys]) -> bool:
        """Whether a longer chosen pair explains most places of this one, or this one only adds to one."""
        count = self._seen[keys].count
        for other in chosen:
            if _holds(other[0], keys[0]) and _holds(other[1], keys[1]):
                if count <= self._seen[other].count * _MORE_OFTEN:
                    return True
            elif (
                count == 1
                and not self._is_name(keys)
                and _holds(keys[0], other[0])
                and _holds(keys[1], other[1])
            ):
                return True
        return False


def _rarity_by_letters(word: str) -> float:
    """Longer words are rarer; each letter of an acronym stands for a word."""
    if _ACRONYM.fullmatch(word):
        return len(word) * (_SHORT_WORD + _PER_LETTER * _LETTERS)
    return _SHORT_WORD + _PER_LETTER * len(word)


def _written(text: str, words: Sequence[Word], span: Span) -> str:
    written = text[words[span[0]].start : words[span[1] - 1].end]
    if "." in written and _ACRONYM.fullmatch(written) and text[words[span[1] - 1].end :].startswith("."):
        return written + "."  # U.M.T.S.
    return written.removesuffix("'s").removesuffix("’s")


def _is_named(words: Sequence[Word], span: Span, capital: Sequence[bool]) -> bool:
    """Whether all words are written as names, and not only because a sentence begins."""
    inner = [at for at in range(*span) if words[at].content]
    return all(capital[at] for at in inner) and (len(inner) > 1 or words[span[0]].joined)


def _cuts_characters(words: Sequence[Word], span: Span, linked: Collection[int], lang: str) -> bool:
    """Whether an end of a Chinese phrase takes a character that nothing translates or leaves out half a name.

    What the dictionary lacks is cut into single characters: a run of them is one name.
    """
    if lang != "zh":
        return False

    def is_loose(at: int) -> bool:
        return words[at].content and words[at].end - words[at].start == 1 and at not in linked

    start, end = span
    for edge, inner, outer in ((start, start + 1, start - 1), (end - 1, end - 2, end)):
        is_single = words[edge].end - words[edge].start == 1
        is_run = start <= inner < end and words[inner].end - words[inner].start == 1
        if is_loose(edge) and not is_run:
            return True
        joined = 0 <= outer < len(words) and words[max(edge, outer)].joined
        if is_single and joined and words[outer].content and words[outer].end - words[outer].start == 1:
            return True
    return False


def _is_quoted(text: str, words: Sequence[Word], span: Span) -> bool:
    start, end = words[span[0]].start, words[span[1] - 1].end
    return text[start - 1 : start] in tuple(_OPENING) and text[end : end + 1] in tuple(_CLOSING)


def _is_clause(
    both: tuple[Span, Span],
    words: tuple[list[Word], list[Word]],
    links: Collection[tuple[int, int]],
    langs: tuple[str, str],
) -> bool:
    """Whether Chinese words stand in another order than the English ones, without a preposition: 传输数据, a
    verb and its object, and data transmission.
    """
    if set(langs) != {"zh", "en"}:
        return False
    chinese = langs.index("zh")
    span, other = both[chinese], both[1 - chinese]
    if span[1] - span[0] == 1:
        return False
    if not all(words[1 - chinese][at].content for at in range(*other)):
        return False
    first, last = (
        {pair[1 - chinese] for pair in links if pair[chinese] == at} for at in (span[0], span[1] - 1)
    )
    return bool(first and last) and min(first) > max(last)


def _holds(phrase: str, part: str) -> bool:
    return f" {part} " in f" {phrase} "


def log_likelihood_ratio(together: int, left: int, right: int, total: int) -> float:
    """Dunning's statistic: two events `together`, `left` and `right` times each, in `total` places.

    Zero where they meet less often than by chance.
    """
    if together * total <= left * right:
        return 0.0
    table = np.array(
        [[together, left - together], [right - together, total - left - right + together]], dtype=np.float64
    )
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    filled = table > 0
    return float(2 * (table[filled] * np.log(table[filled] / expected[filled])).sum())
