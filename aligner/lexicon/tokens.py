"""Sentences as content words that compare: stems, simplified characters, numbers by value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from aligner.language.chinese import convert_script
from aligner.language.facts import facts, remembered
from aligner.language.joints import is_unspaced
from aligner.language.numerals import numbers
from aligner.language.stopwords import stop_words
from aligner.language.tags import primary
from aligner.lexicon.dictionary import chinese_headwords

NUMBER_MARK = "#"

# British and American spelling, by rule: organisation, colour.
_BRITISH_S = re.compile("(?<=[a-z]{3}i)s(?=(?:e|ed|er|es|ing|ation|ations)$)")

_BRITISH_OUR = re.compile("(?<=[a-z]{2})our(?=$|s$|ed$|ing$|able$|ful$|ite$)")

_WORD = re.compile(r"[A-Za-z]+-?\d[\w-]*|[^\W\d_]+|\d+")

_HAN_RUN = re.compile(r"([\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)")

_MAY_COUNT = re.compile(r"[0-9０-９〇零一二三四五六七八九十百千万萬亿億兆两兩廿卅½¼¾⅓⅔]")

_ADDRESS = re.compile(
    r"https?://[^\s\u3000-\u9fff\uff00-\uffef]+|www\.[\w./-]+|(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++",
    re.ASCII,
)
# A name has at most 60 letters before its figure: without a limit a long run of letters takes squared time.
_CODE_NAME = re.compile(
    r"[A-Za-z][A-Za-z.&]{0,60}-?\d[A-Za-z0-9-]*|(?<!\d)\d++[A-Z][A-Za-z0-9-]*"
    r"|\b[A-Z](?=[a-z]*+[A-Z])[A-Za-z]++\b|\b(?:[A-Z]\.){2,}",
    re.ASCII,
)

_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z.&'’-]*[A-Za-z]", re.ASCII)

_CAPITALISED = re.compile(r"(?<![.!?:;\"“”'‘’(]\s)(?<!^)(?<![\w-])[A-Z][a-z]{2,}", re.ASCII)


@remembered
def stemmer(language: str) -> Callable[[str], str]:
    """What stems a lower-case word of `language`; it remembers words, for a text says the same ones again."""
    algorithm = facts(language).get("stemmer")
    if algorithm is None:
        return _folded
    import Stemmer

    if algorithm not in Stemmer.algorithms():
        return _folded
    stem: Callable[[str], str] = Stemmer.Stemmer(algorithm).stemWord
    if language == "en":
        return lru_cache(maxsize=200_000)(
            lambda word: stem(_BRITISH_S.sub("z", _BRITISH_OUR.sub("or", word)))
        )
    return lru_cache(maxsize=200_000)(stem)


def _folded(word: str) -> str:
    return word


def tokenize(sentence: str, lang: str, *, simplified: bool = False) -> list[str]:
    """The content words of `sentence` in order, normalised so that equal tokens mean the same.

    Chinese is cut into dictionary words in simplified characters, other unspaced scripts into character
    bigrams, all else into stems in lower case. Stop words are left out. A number is `#` and its value, a name
    with figures one token. `lang` is a BCP 47 tag. `simplified`: Chinese is in simplified characters already.
    """
    language = primary(lang)
    chinese = language == "zh"
    text = convert_script(sentence, "simplified") if chinese and not simplified else sentence
    if not chinese:
        text = unicodedata.normalize("NFC", text)
    tokens: list[str] = []
    position = 0
    for start, end, key in _counted(text, language):
        _add_words(text[position:start], language, tokens)
        tokens.append(key)
        position = end
    _add_words(text[position:], language, tokens)
    return tokens


def _counted(text: str, language: str) -> list[tuple[int, int, str]]:
    """Where the sure numbers stand, and the token of each."""
    if language != "en" and not _MAY_COUNT.search(text) and language in ("zh", "ja", "ko"):
        return []
    places: list[tuple[int, int, str]] = []
    for number in numbers(text, language):
        if not number.weak and (not places or number.start >= places[-1][1]):
            places.append((number.start, number.end, NUMBER_MARK + number.key))
    return places


def _add_words(text: str, language: str, tokens: list[str]) -> None:
    if language == "zh":
        for run in _HAN_RUN.split(text):
            if run and _HAN_RUN.match(run):
                tokens += _chinese_words(run)
            elif run:
                _add_spaced(run, "en", tokens)
        return
    _add_spaced(text, language, tokens)


def _chinese_words(run: str) -> list[str]:
    words = chinese_headwords()
    stops = stop_words("zh")
    return [word for word in (words.cut(run) if words else run) if word not in stops]


def _add_spaced(text: str, language: str, tokens: list[str]) -> None:
    stops, stem = stop_words(language), stemmer(language)
    for word in _WORD.findall(text.lower()):
        if word.isalpha() and word.isascii():
            if len(word) > 1 and word not in stops:
                tokens.append(stem(word))
        elif word[-1].isdigit() or word[0].isdigit():
            tokens.append(NUMBER_MARK + word if word.isdigit() else word)
        elif is_unspaced(word[0]) or is_unspaced(word[-1]):
            tokens += [word[at : at + 2] for at in range(max(1, len(word) - 1))]
        elif len(word) > 1 and word not in stops:
            tokens.append(stem(word))


def words_of(text: str, language: str) -> list[str]:
    """The content words of `text` in a spaced language (primary subtag), numbers not looked for."""
    tokens: list[str] = []
    _add_spaced(text, language, tokens)
    return tokens


def names(text: str) -> set[str]:
    """Names that stand in Latin letters whatever the script around them, in lower case.

    Addresses, codes (`covid-19`, `g20`) and acronyms in any text; further capitalised words that do not
    open a sentence, and every Latin word where the text is in another script.
    """
    found = {match[0].lower().rstrip("./") for match in _ADDRESS.finditer(text)}
    rest = _ADDRESS.sub(" ", unicodedata.normalize("NFKC", text))
    found |= {match[0].lower().replace(".", "").rstrip("-") for match in _CODE_NAME.finditer(rest)}
    latin = sum(len(match[0]) for match in _LATIN_WORD.finditer(rest))
    letters = sum(character.isalpha() for character in rest)
    pattern = _LATIN_WORD if latin * 2 < letters else _CAPITALISED
    return found | {match[0].lower() for match in pattern.finditer(rest)}
