"""The words of a sentence with their places, and what tells where a term may begin and end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from aligner.language.chinese import convert_script
from aligner.language.frequencies import costs
from aligner.language.stopwords import stop_words
from aligner.language.tags import primary
from aligner.lexicon.dictionary import chinese_headwords, glosses
from aligner.lexicon.tokens import NUMBER_MARK, stemmer


@dataclass(frozen=True, slots=True)
class Word:
    """Characters `[start, end)` of a sentence.

    `key` compares, `content`: no stop word, `joined`: no sign before it, `owner`: a possessive in lower case,
    `verb`: the share of the dictionary's uses that are verbs, 0 to 1; 0 where nothing is known.
    """

    start: int
    end: int
    key: str
    content: bool
    joined: bool
    owner: bool
    verb: float


_JOINTS = frozenset(["", " ", "-", "–", "—", "·"])  # what stands between the words of one term
_SPACED = re.compile(r"\d[\d,.]*(?![^\W\d_])|[^\W_]+(?:[-.'’&][^\W_]+)*(?:\.(?=[A-Z]\.))?")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_FIGURE = re.compile(r"[\d.,]+")


def place_words(sentence: str, lang: str, possessives: Collection[str] = ()) -> list[Word]:
    """The words of `sentence` with their places, stop words too; `possessives` lost their apostrophe."""
    language = primary(lang)
    text = convert_script(sentence, "simplified") if language == "zh" else sentence
    stops, stem = stop_words(language), stemmer(language if language != "zh" else "en")
    words: list[Word] = []
    for match in _SPACED.finditer(text):
        for start, end in _cut(text, match.start(), match.end(), language):
            written = text[start:end]
            plain = written.lower().removesuffix("'s").removesuffix("’s")
            owner = written.islower() and (plain != written or written in possessives)
            key = NUMBER_MARK + plain if _FIGURE.fullmatch(plain) else stem(plain)
            gap = text[words[-1].end : start] if words else "."
            content = plain not in stops and (len(plain) > 1 or not plain.isascii())
            words.append(Word(start, end, key, content, gap in _JOINTS, owner, verb_share(plain, language)))
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


def verb_share(word: str, language: str) -> float:
    """How many of the dictionary's uses of `word` (lower case) are verbs, 0 to 1: Chinese and English only.

    An English word is looked up in its base form; a noun made from a verb, promotion, is none.
    """
    if language == "zh":
        return _chinese_verb_share(word)
    if language != "en" or not word.isascii():
        return 0.0
    table = _english_verbs()
    return next((table[base] for base in _bases(word) if base in table), 0.0)


@cache
def _chinese_verb_share(word: str) -> float:
    words = chinese_headwords()
    found = (
        [gloss for definition in words.definitions(word) for gloss in glosses(definition)] if words else []
    )
    return sum(gloss.startswith("to ") for gloss in found) / max(1, len(found))


def _bases(word: str) -> Iterator[str]:
    yield word
    for ending in ("s", "es", "d", "ed", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            base = word.removesuffix(ending)
            yield base
            if ending == "ing":
                yield base + "e"
            if base[-1] == "i":
                yield base[:-1] + "y"
            if base[-2:-1] == base[-1]:
                yield base[:-1]


# Definitions of words more common than this (nats) show how English is used; the rest are rare names.
_COMMON_ENOUGH = 12.5
_SEEN_AS_VERB = 2  # definitions that use a word as a verb: one is chance


@cache
def _english_verbs() -> dict[str, float]:
    """English words that Chinese words are translated with, by the share of their uses as infinitives."""
    verbs: Counter[str] = Counter()
    others: Counter[str] = Counter()
    words = chinese_headwords()
    for word, cost in costs().words.items() if words else ():
        for definition in words.definitions(word) if words and cost <= _COMMON_ENOUGH else ():
            for gloss in glosses(definition):
                first, *rest = gloss.lower().split()
                if first == "to" and rest:
                    verbs[rest[0].strip(",.")] += 1
                else:
                    others[rest[-1] if rest else first] += 1
    return {word: n / (n + others[word]) for word, n in verbs.items() if n >= _SEEN_AS_VERB}
