"""Bilingual terms in aligned pairs: phrases of both sides whose words translate each other and nothing
outside.

The words of each pair are linked one by one, surest first (competitive linking, Melamed 2000), by
dictionary and by a lexicon learned from the pairs. Phrases that are consistent with the links (Koehn, Och
and Marcu 2003) and look like terms are counted over all pairs; Dunning's log-likelihood ratio (1993) says
how far two of them belong together.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Alignment, is_unspaced
from aligner.dictionary import chinese_headwords, everyday_words
from aligner.errors import OutputError
from aligner.export.place import check_writable, replacing
from aligner.glossary import Glossary
from aligner.languages import convert_script, primary
from aligner.lexicon import learn, load_dictionary, translations
from aligner.numerals import numbers
from aligner.stopwords import stop_words
from aligner.tokens import NUMBER_MARK, stemmer

FIRST_TERMS = 500


@dataclass(frozen=True, slots=True)
class Term:
    """A term and its translation as they are most often written, seen together in `count` pairs.

    `score` ranks them: the log-likelihood ratio of their pairs, times the share of their words that the
    lexicon explains, times a weight for length. `example_bead` is the number of a pair that holds both.
    """

    source: str
    target: str
    count: int
    score: float
    example_bead: int


@dataclass(frozen=True, slots=True)
class _Word:
    """Characters `[start, end)`; `key` compares, `content`: no stop word, `joined`: no sign before it."""

    start: int
    end: int
    key: str
    content: bool
    joined: bool


_SPACED = re.compile(r"\d[\d,.]*(?![^\W\d_])|[^\W_]+(?:[-.'’&][^\W_]+)*(?:\.(?=[A-Z]\.))?")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_FIGURE = re.compile(r"[\d.,]+")


def place_words(sentence: str, lang: str) -> list[_Word]:
    """The words of `sentence` with their places, stop words too."""
    language = primary(lang)
    text = convert_script(sentence, "simplified") if language == "zh" else sentence
    stops, stem = stop_words(language), stemmer(language if language != "zh" else "en")
    words: list[_Word] = []
    for match in _SPACED.finditer(text):
        for start, end in _cut(text, match.start(), match.end(), language):
            plain = text[start:end].lower().removesuffix("'s").removesuffix("’s")
            key = NUMBER_MARK + plain if _FIGURE.fullmatch(plain) else stem(plain)
            gap = text[words[-1].end : start] if words else "."
            content = plain not in stops and (len(plain) > 1 or not plain.isascii())
            words.append(_Word(start, end, key, content, gap in ("", " ", "-")))
    return words


def _cut(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """A run of letters as words: Chinese by the dictionary, hyphened words in parts unless with figures."""
    run = text[start:end]
    headwords = chinese_headwords() if language == "zh" else None
    pieces = (
        [m.span() for m in re.finditer(rf"{_HAN.pattern}|[^\u3400-\u9fff]+", run)]
        if headwords
        else [(0, len(run))]
    )
    for first, last in pieces:
        piece = run[first:last]
        if headwords and _HAN.fullmatch(piece):
            at = start + first
            for word in headwords.cut(piece):
                yield at, at + len(word)
                at += len(word)
        elif "-" in piece and not any(character.isdigit() for character in piece):
            for match in re.finditer(r"[^-]+", piece):
                yield start + first + match.start(), start + first + match.end()
        else:
            yield start + first, start + last


def find_terms(
    alignment: Alignment, *, limit: int = FIRST_TERMS, glossary: Glossary | None = None
) -> list[Term]:
    """The terms found in the two-sided beads, best first, `limit` at most.

    A pair seen once counts only where the dictionary, the glossary or equal letters explain all of its words.
    """
    pairs = [
        (number, alignment.source_text(bead), alignment.target_text(bead))
        for number, bead in enumerate(alignment.beads)
        if bead.is_pair
    ]
    langs = alignment.source.lang, alignment.target.lang
    sides = (
        [place_words(source, langs[0]) for _, source, _ in pairs],
        [place_words(target, langs[1]) for _, _, target in pairs],
    )
    relation = _relation(sides, langs, glossary)
    counted = _Counts(langs)
    for (number, source, target), src_words, tgt_words in zip(pairs, *sides, strict=True):
        counted.add(number, (source, target), (src_words, tgt_words), relation)
    return counted.ranked(limit)


Relation = dict[str, dict[str, float]]


def _relation(
    sides: tuple[list[list[_Word]], list[list[_Word]]], langs: tuple[str, str], glossary: Glossary | None
) -> Relation:
    """How surely a source key translates a target key, from dictionary, glossary and the pairs themselves."""
    vocabularies = [sorted({w.key for words in side for w in words if w.content}) for side in sides]
    known = translations(vocabularies[0], vocabularies[1], load_dictionary(*langs), glossary)
    learned = learn(_ids(sides[0], vocabularies[0]), _ids(sides[1], vocabularies[1]))
    found: Relation = defaultdict(dict)
    for src, tgt, weights in (known, learned):
        for left, right, weight in zip(src.tolist(), tgt.tolist(), weights.tolist(), strict=True):
            row = found[vocabularies[0][left]]
            row[vocabularies[1][right]] = max(weight, row.get(vocabularies[1][right], 0.0))
    return found


def _ids(side: Sequence[list[_Word]], vocabulary: Sequence[str]) -> list[NDArray[np.int32]]:
    places = {key: at for at, key in enumerate(vocabulary)}
    return [np.array([places[w.key] for w in words if w.content], dtype=np.int32) for words in side]


# A link needs this much; of links as sure, the one between words at like places in their sentences wins.
_LEAST_LINK, _DISTANCE_COST = 0.2, 0.3
# Far apart in their sentences, only words that are sure and longer than a character are linked. A single
# character has many meanings: it is linked only near other links.
_FAR, _NEAR = 0.2, 3
# A second word joins a linked one only beside it: Shanghai Cooperation Organization for one Chinese word.
_REACH = 2


def _link(src: Sequence[_Word], tgt: Sequence[_Word], relation: Relation) -> dict[tuple[int, int], float]:
    """Which words of a pair translate each other, with the sureness of each link."""
    if not src or not tgt:
        return {}
    places = defaultdict(list)
    for at, word in enumerate(tgt):
        if word.content:
            places[word.key].append(at)
    candidates = []
    for at, word in enumerate(src):
        for key, weight in relation.get(word.key, {}).items() if word.content else ():
            is_vague = min(len(word.key), len(key)) == 1
            for other in places.get(key, ()):
                distance = abs(at / len(src) - other / len(tgt))
                if distance < _FAR or (weight >= 1 and not is_vague):
                    candidates.append((is_vague, _DISTANCE_COST * distance - weight, weight, at, other))
    links: dict[tuple[int, int], float] = {}
    of_src: dict[int, list[int]] = defaultdict(list)
    of_tgt: dict[int, list[int]] = defaultdict(list)
    for is_vague, _, weight, at, other in sorted(candidates):
        near_tgt = all(abs(other - linked) <= _REACH for linked in of_src[at])
        near_src = all(abs(at - linked) <= _REACH for linked in of_tgt[other])
        one_free = not of_src[at] or not of_tgt[other]
        supported = not is_vague or not links or _has_neighbour(at, other, links)
        if weight >= _LEAST_LINK and near_tgt and near_src and one_free and supported:
            links[at, other] = weight
            of_src[at].append(other)
            of_tgt[other].append(at)
    return links


def _has_neighbour(at: int, other: int, links: Collection[tuple[int, int]]) -> bool:
    return any(abs(at - src) <= _NEAR and abs(other - tgt) <= _NEAR + 1 for src, tgt in links)


_LONGEST = 7  # words of a term
_NAME_GAP = 3  # small words inside a name, at most: Ministry of the Interior
_ADVERB = ("ally", "ively", "ously", "antly", "ently", "fully", "ingly", "edly", "ably", "ibly")
_ARTICLES, _BEFORE_ARTICLE = frozenset({"the", "a", "an"}), frozenset({"of", "for", "with", "and"})
_HAN_COUNTS = frozenset("一二三四五六七八九十百千万亿两几多数")
_INNER = {
    "en": frozenset(["of", "for", "with", "the", "a", "an", "and"]),
    "fr": frozenset(["de", "du", "des", "la", "le", "les", "l", "d", "à", "au", "aux", "en", "et", "pour"]),
    "de": frozenset(["der", "des", "und", "für", "von", "zur", "zum"]),
    "es": frozenset(["de", "del", "la", "el", "los", "las", "y", "en", "para", "a"]),
}


def _spans(words: Sequence[_Word], text: str, language: str) -> list[tuple[int, int]]:
    """Stretches that may be a term: content words at both ends, no sign inside, only small words between."""
    inner = _INNER.get(language, frozenset())
    capital = [text[word.start].isupper() and language != "de" for word in words]
    spans = []
    for start in range(len(words)):
        if not _may_begin(words, text, start, capital, language):
            continue
        for end in range(start, min(len(words), start + _LONGEST)):
            word = words[end]
            if end > start and not word.joined:
                break
            if not word.content and word.key not in inner:
                break
            if word.key in _ARTICLES and words[end - 1].key not in _BEFORE_ARTICLE:
                break
            if _may_end(words, text, end, capital, language):
                spans.append((start, end + 1))
    return spans


def _may_begin(words: Sequence[_Word], text: str, at: int, capital: Sequence[bool], language: str) -> bool:
    """Not at a figure, an adverb, or inside a name: Council of Heads of State is not cut before State."""
    word = words[at]
    if (
        not word.content
        or word.key.startswith(NUMBER_MARK)
        or (language == "en" and text[word.start : word.end].endswith(_ADVERB))
    ):
        return False
    if at == 0 or not word.joined:
        return True
    if text[word.start - 1] == "-":
        return False
    before = words[at - 1]
    counted = before.key.startswith(NUMBER_MARK) or before.key in _HAN_COUNTS
    inside_name = capital[at] and capital[at - 1] and at > 1 and before.content
    return not inside_name and not (counted and word.end - word.start == 1)


def _may_end(words: Sequence[_Word], text: str, at: int, capital: Sequence[bool], language: str) -> bool:
    word = words[at]
    written = text[word.start : word.end]
    if not word.content or word.key.startswith(NUMBER_MARK) or text[word.end : word.end + 1] == "-":
        return False
    if language == "en" and written.islower() and written.endswith("ed") and at:
        return False
    inner = _INNER.get(language, frozenset())
    after = at + 1
    while after < len(words) and words[after].joined and words[after].key in inner and after - at < _NAME_GAP:
        after += 1
    goes_on = after < len(words) and words[after].joined and words[after].content
    return not (
        goes_on and capital[at] and capital[after] and (after == at + 1 or words[after - 1].key != "and")
    )


class _Counts:
    """Phrases and how many pairs hold them; phrase pairs with explained share, spelling and place."""

    def __init__(self, langs: tuple[str, str]) -> None:
        self.langs = (primary(langs[0]), primary(langs[1]))
        self.beads = 0
        self.single: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self.together: Counter[tuple[str, str]] = Counter()
        self.explained: dict[tuple[str, str], float] = defaultdict(float)
        self.written: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
        self.example: dict[tuple[str, str], int] = {}
        self.sizes: dict[tuple[str, str], tuple[int, int]] = {}
        self.closed: set[tuple[str, str]] = set()

    def add(
        self, number: int, texts: tuple[str, str], words: tuple[list[_Word], list[_Word]], relation: Relation
    ) -> None:
        """Count the phrases of one pair, each once."""
        self.beads += 1
        links = _link(*words, relation)
        spans = [_spans(words[side], texts[side], self.langs[side]) for side in (0, 1)]
        for side in (0, 1):
            self.single[side].update({_key(words[side], span) for span in spans[side]})
        linked = {at for at, _ in links}, {at for _, at in links}
        seen = set()
        allowed = set(spans[1])
        for span, other in _consistent(spans[0], allowed, words, links):
            keys = _key(words[0], span), _key(words[1], other)
            share = _share_explained(span, other, words, links)
            self.explained[keys] = max(self.explained[keys], share)
            self.written[keys][
                texts[0][words[0][span[0]].start : words[0][span[1] - 1].end],
                texts[1][words[1][other[0]].start : words[1][other[1] - 1].end],
            ] += 1
            self.example.setdefault(keys, number)
            self.sizes[keys] = _size(words[0], span), _size(words[1], other)
            loose = [_goes_on(words[side], (span, other)[side], linked[side]) for side in (0, 1)]
            if loose[0] == loose[1] and all(
                _ends_linked((span, other)[side], linked[side]) for side in (0, 1)
            ):
                self.closed.add(keys)
            seen.add(keys)
        self.together.update(seen)

    def ranked(self, limit: int) -> list[Term]:
        """The best phrase pairs, each phrase once; a part of a longer one only where it occurs alone."""
        scores = {keys: score for keys in self.together if (score := self._score(keys)) > 0}
        whole = self._completed(scores)
        taken: tuple[set[str], set[str]] = set(), set()
        chosen: dict[tuple[str, str], float] = {}
        for first in sorted(scores, key=lambda keys: (-scores[keys], keys)):
            keys = whole.get(first, first)
            if keys[0] in taken[0] or keys[1] in taken[1] or self._is_part(keys, chosen):
                continue
            chosen[keys] = scores[first]
            taken[0].add(keys[0])
            taken[1].add(keys[1])
            if len(chosen) >= limit:
                break
        return [self._term(keys, score) for keys, score in chosen.items()]

    def _completed(self, scores: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], tuple[str, str]]:
        """The longer pair that nearly all places of a pair belong to: a name that is in no dictionary."""
        whole: dict[tuple[str, str], tuple[str, str]] = {}
        for longer in self.together:
            count = self.together[longer]
            if count < _SEEN_TO_COMPLETE:
                continue
            for keys in product(_trimmed(longer[0]), _trimmed(longer[1])):
                if (
                    keys in scores
                    and self._only_adds_names(longer, keys)
                    and count >= _ALWAYS * self.together[keys]
                    and len(longer[0] + longer[1]) > len("".join(whole.get(keys, keys)))
                ):
                    whole[keys] = longer
        return whole

    def _only_adds_names(self, longer: tuple[str, str], shorter: tuple[str, str]) -> bool:
        """Whether what `longer` has more are capitalised words or a few characters without spaces."""
        for text, part in zip(self._spelling(longer), self._spelling(shorter), strict=True):
            added = text.replace(part, " ", 1).split()
            if any(not (word[0].isupper() or is_unspaced(word[0])) for word in added):
                return False
            if is_unspaced(text[0]) and sum(map(len, added)) > _GROWTH * 2:
                return False
        return True

    def _term(self, keys: tuple[str, str], score: float) -> Term:
        source, target = self._spelling(keys)
        return Term(source, target, self.together[keys], round(score, 2), self.example[keys])

    def _score(self, keys: tuple[str, str]) -> float:
        count, explained = self.together[keys], self.explained[keys]
        if self._is_acronym(keys) and explained >= _ACRONYM_EXPLAINED:
            explained = 1.0  # one word stands for many
        size = max(self.sizes[keys])
        whole = keys in self.closed or self._is_acronym(keys)
        if count == 1 and (explained < _ONCE_EXPLAINED or size > _ONCE_LONGEST or not whole):
            return 0.0
        if size == 1 and ((count == 1 and not self._is_acronym(keys)) or self._is_everyday(keys)):
            return 0.0
        if self._is_counted(keys):
            return 0.0
        left, right = self.single[0][keys[0]], self.single[1][keys[1]]
        ratio = log_likelihood_ratio(count, max(left, count), max(right, count), self.beads)
        size = max(size, _ACRONYM_SIZE) if self._is_acronym(keys) else size
        weight = _LENGTH_WEIGHT[min(size, len(_LENGTH_WEIGHT) - 1)]
        return ratio * explained * weight * (_VERB_FIRST if self._is_verbal(keys) else 1.0)

    def _spelling(self, keys: tuple[str, str]) -> tuple[str, str]:
        return self.written[keys].most_common(1)[0][0]

    def _is_acronym(self, keys: tuple[str, str]) -> bool:
        return any(text.isupper() and len(text) > 1 for text in self._spelling(keys))

    def _is_counted(self, keys: tuple[str, str]) -> bool:
        """Whether the phrase is or begins with a quantity: two years, 第一."""
        spelled = zip(self._spelling(keys), self.langs, strict=True)
        return any(found[0].start <= 1 for text, lang in spelled if (found := numbers(text, lang)))

    def _is_everyday(self, keys: tuple[str, str]) -> bool:
        """Whether a single word is a Chinese one that every learner knows or a verb, in either language."""
        spelled = self._spelling(keys)
        if any(
            lang == "en" and text.islower() and text.endswith("ed")
            for text, lang in zip(spelled, self.langs, strict=True)
        ):
            return True
        is_name = any(text[0].isupper() and len(text) > 1 for text in spelled)
        chinese = [key for key, lang in zip(keys, self.langs, strict=True) if lang == "zh"]
        words = chinese_headwords()
        return any(
            (key in everyday_words() and not is_name) or bool(words and words.is_verb(key)) for key in chinese
        )

    def _is_verbal(self, keys: tuple[str, str]) -> bool:
        """Whether a phrase begins with a verb: 维护稳定, "implemented plans" are no terms."""
        words = chinese_headwords()
        for key, text, lang in zip(keys, self._spelling(keys), self.langs, strict=True):
            first = text.split(" ")[0]
            if lang == "zh" and " " in key and words and words.is_verb(key.split(" ")[0]):
                return True
            if lang == "en" and first.islower() and first.endswith("ed") and "-" not in first:
                return True
        return False

    def _is_part(self, keys: tuple[str, str], chosen: Collection[tuple[str, str]]) -> bool:
        """Whether a longer chosen pair explains most places of this one, or this one only adds to one."""
        count = self.together[keys]
        for other in chosen:
            if _holds(other[0], keys[0]) and _holds(other[1], keys[1]):
                if count <= self.together[other] * _MORE_OFTEN:
                    return True
            elif count == 1 and _holds(keys[0], other[0]) and _holds(keys[1], other[1]):
                return True
        return False


# Tuned on the Chongqing article and on `mag` by reading the first fifty.
_ONCE_EXPLAINED, _ONCE_LONGEST = 0.66, 4
_LENGTH_WEIGHT = (0.0, 0.5, 1.0, 1.2, 1.3, 1.3)
_MORE_OFTEN = 1.5
_VERB_FIRST = 0.4
_ACRONYM_EXPLAINED, _ACRONYM_SIZE = 0.5, 3
_SEEN_TO_COMPLETE, _ALWAYS = 2, 0.8


def _trimmed(phrase: str) -> list[str]:
    """`phrase` and what is left of it without up to two words at either end."""
    words = phrase.split(" ")
    return [
        " ".join(words[low : len(words) - high])
        for low in range(_GROWTH + 1)
        for high in range(_GROWTH + 1)
        if low + high < len(words)
    ]


def _ends_linked(span: tuple[int, int], linked: Collection[int]) -> bool:
    return span[0] in linked and span[1] - 1 in linked


def _goes_on(words: Sequence[_Word], span: tuple[int, int], linked: Collection[int]) -> bool:
    """Whether the phrase goes on, at either end, with a word that nothing on the other side explains.

    On one side only, that word may belong to the term; on both sides, the two explain each other.
    """
    start, end = span
    before, after = start - 1, end
    if before > 0 and words[before].key in _ARTICLES and words[start].joined:
        before -= 1
    goes_before = start > 0 and all(word.joined for word in words[before + 1 : start + 1])
    goes_after = after < len(words) and words[after].joined
    return any(
        goes_on and words[at].content and at not in linked
        for at, goes_on in ((before, goes_before), (after, goes_after))
    )


def _holds(phrase: str, part: str) -> bool:
    return f" {part} " in f" {phrase} "


def _key(words: Sequence[_Word], span: tuple[int, int]) -> str:
    return " ".join(word.key for word in words[span[0] : span[1]])


def _size(words: Sequence[_Word], span: tuple[int, int]) -> int:
    return sum(word.content for word in words[span[0] : span[1]])


def _consistent(
    spans: Sequence[tuple[int, int]], allowed: set[tuple[int, int]],
    words: tuple[list[_Word], list[_Word]], links: dict[tuple[int, int], float],
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:  # fmt: skip
    """Source and target spans whose links all stay inside the two."""
    of_src, of_tgt = defaultdict(list), defaultdict(list)
    for at, other in links:
        of_src[at].append(other)
        of_tgt[other].append(at)
    for start, end in spans:
        reached = [other for at in range(start, end) for other in of_src.get(at, ())]
        if not reached:
            continue
        first, last = min(reached), max(reached) + 1
        back = [at for other in range(first, last) for at in of_tgt.get(other, ())]
        if any(not start <= at < end for at in back):
            continue
        for low, high in _grown(first, last, words[1], of_tgt):
            if (low, high) in allowed:
                yield (start, end), (low, high)


_GROWTH = 2  # unlinked words that may belong to a phrase at either end


def _grown(
    first: int, last: int, words: Sequence[_Word], linked: Mapping[int, list[int]]
) -> Iterator[tuple[int, int]]:
    """`[first, last)` and the wider spans that add unlinked words at either end."""
    low = first
    while low > 0 and first - low < _GROWTH and low - 1 not in linked and words[low].joined:
        low -= 1
    high = last
    while high < len(words) and high - last < _GROWTH and high not in linked and words[high].joined:
        high += 1
    for start in range(low, first + 1):
        for end in range(last, high + 1):
            yield start, end


_BY_EXCLUSION = 0.8  # how far words without a link explain each other when both sides of a phrase have some


def _share_explained(
    span: tuple[int, int], other: tuple[int, int], words: tuple[list[_Word], list[_Word]],
    links: dict[tuple[int, int], float],
) -> float:  # fmt: skip
    """The share of the worse side's content words that are linked, or unlinked on both sides."""
    inside = [(at, to) for at, to in links if span[0] <= at < span[1]]
    linked = len({at for at, _ in inside}), len({to for _, to in inside})
    sizes = _size(words[0], span), _size(words[1], other)
    left = min(sizes[0] - linked[0], sizes[1] - linked[1])
    return min((done + _BY_EXCLUSION * left) / size for done, size in zip(linked, sizes, strict=True))


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


def write_terms(
    terms: Sequence[Term],
    path: str | Path,
    *,
    src_lang: str = "und",
    tgt_lang: str = "und",
    examples: Sequence[str] = (),
) -> None:
    """Write the terms as `.csv` or `.tbx` (TBX-Basic, ISO 30042:2008, the `martif` that CAT tools read).

    `src_lang` and `tgt_lang` are BCP 47 tags; `examples[i]`, where given, is the text of term i's example
    pair. Raises `OutputError` for another suffix or a place that can't be written. Written whole or not at
    all.
    """
    path = Path(path)
    writers: dict[str, Callable[..., bytes]] = {".tbx": _as_tbx, ".csv": _as_csv}
    if path.suffix.lower() not in writers:
        raise OutputError(f"{path}: terms are written as .tbx or .csv; name the file so")
    check_writable(path)
    with replacing(path) as (file,):
        file.write(writers[path.suffix.lower()](terms, src_lang, tgt_lang, examples))


def _as_csv(terms: Sequence[Term], src_lang: str, tgt_lang: str, examples: Sequence[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["source", "target", "count", "score", "pair", "example", "source language", "target language"]
    )
    for number, term in enumerate(terms):
        example = examples[number] if any(examples[number : number + 1]) else ""
        cells = [term.source, term.target, example]
        source, target, example = ("'" + cell if cell[:1] in _FORMULA else cell for cell in cells)
        row = [source, target, term.count, term.score, term.example_bead + 1, example, src_lang, tgt_lang]
        writer.writerow(row)
    return ("\ufeff" + out.getvalue()).encode(
        "utf-8"
    )  # Excel takes a file without the mark for the local code page


_FORMULA = frozenset("=+-@\t\r")  # what a spreadsheet would execute
_TBX_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="{lang}">
<martifHeader>
<fileDesc><sourceDesc><p>Terms found in aligned texts; none has been checked.</p></sourceDesc></fileDesc>
<encodingDesc><p type="XCSURI">TBXBasicXCSV02.xcs</p></encodingDesc>
</martifHeader>
<text><body>
"""
_TBX_TAIL = "</body></text>\n</martif>\n"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _as_tbx(terms: Sequence[Term], src_lang: str, tgt_lang: str, examples: Sequence[str]) -> bytes:
    entries = []
    for number, term in enumerate(terms):
        context = (
            f'<descrip type="context">{_xml(examples[number])}</descrip>'
            if any(examples[number : number + 1])
            else ""
        )
        seen = f"seen in {term.count} pairs, first in {term.example_bead + 1}; score {term.score}"
        note = f"<note>{seen}</note>"
        entries.append(
            f'<termEntry id="t{number + 1}">{note}\n'
            f'<langSet xml:lang="{_xml(src_lang)}"><tig><term>{_xml(term.source)}</term>'
            f"{context}</tig></langSet>\n"
            f'<langSet xml:lang="{_xml(tgt_lang)}"><tig><term>{_xml(term.target)}</term></tig></langSet>\n'
            "</termEntry>\n"
        )
    return (_TBX_HEAD.format(lang=_xml(src_lang)) + "".join(entries) + _TBX_TAIL).encode("utf-8")


def _xml(text: str) -> str:
    return escape(_CONTROL.sub("", text))
