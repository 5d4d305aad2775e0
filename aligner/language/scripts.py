"""Which script characters belong to (Unicode's Scripts.txt)."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from aligner.language.tags import _with_capitals, primary

COMMON = "Common"

HAN, KANA, HANGUL, LATIN = "Han", "Kana", "Hangul", "Latin"

SHARED_SCRIPTS = (LATIN, "Cyrillic", "Arabic", "Devanagari", HAN)
"""Scripts that do not tell a language by themselves; Han does, but for Chinese beside Japanese."""

# First character of each run of a script, from Unicode's Scripts.txt; a run ends where the next begins.
_RUNS = tuple(sorted({
    0x0000: COMMON, 0x0041: LATIN, 0x005B: COMMON, 0x0061: LATIN, 0x007B: COMMON, 0x00AA: LATIN,
    0x00AB: COMMON, 0x00BA: LATIN, 0x00BB: COMMON, 0x00C0: LATIN, 0x00D7: COMMON, 0x00D8: LATIN,
    0x00F7: COMMON, 0x00F8: LATIN, 0x02B9: COMMON, 0x0370: "Greek", 0x037E: COMMON, 0x037F: "Greek",
    0x0385: COMMON, 0x0386: "Greek", 0x0387: COMMON, 0x0388: "Greek", 0x0400: "Cyrillic",
    0x0531: "Armenian", 0x0591: "Hebrew", 0x0600: "Arabic", 0x0700: COMMON, 0x0750: "Arabic",
    0x0780: COMMON, 0x08A0: "Arabic", 0x0900: "Devanagari", 0x0964: COMMON, 0x0966: "Devanagari",
    0x0980: "Bengali", 0x0A00: "Gurmukhi", 0x0A80: "Gujarati", 0x0B00: "Oriya", 0x0B80: "Tamil",
    0x0C00: "Telugu", 0x0C80: "Kannada", 0x0D00: "Malayalam", 0x0D80: "Sinhala", 0x0E01: "Thai",
    0x0E3F: COMMON, 0x0E40: "Thai", 0x0E80: "Lao", 0x0F00: "Tibetan", 0x1000: "Myanmar",
    0x10A0: "Georgian", 0x1100: HANGUL, 0x1200: "Ethiopic", 0x13A0: COMMON, 0x1780: "Khmer",
    0x1800: COMMON, 0x1C90: "Georgian", 0x1CC0: COMMON, 0x1D00: LATIN, 0x1DC0: COMMON, 0x1E00: LATIN,
    0x1F00: "Greek", 0x2000: COMMON, 0x2C60: LATIN, 0x2C80: COMMON, 0x2E80: HAN, 0x2FF0: COMMON,
    0x3005: HAN, 0x3006: COMMON, 0x3007: HAN, 0x3008: COMMON, 0x3041: KANA, 0x3099: COMMON,
    0x309D: KANA, 0x30A0: COMMON, 0x30A1: KANA, 0x30FB: COMMON, 0x30FD: KANA, 0x3100: COMMON,
    0x3131: HANGUL, 0x3190: COMMON, 0x31F0: KANA, 0x3200: COMMON, 0x3400: HAN, 0x4DC0: COMMON,
    0x4E00: HAN, 0xA000: COMMON, 0xA640: "Cyrillic", 0xA6A0: COMMON, 0xA722: LATIN, 0xA800: COMMON,
    0xAC00: HANGUL, 0xD7B0: COMMON, 0xF900: HAN, 0xFB00: LATIN, 0xFB07: COMMON, 0xFB1D: "Hebrew",
    0xFB50: "Arabic", 0xFE00: COMMON, 0xFE70: "Arabic", 0xFEFF: COMMON, 0xFF21: LATIN, 0xFF3B: COMMON,
    0xFF41: LATIN, 0xFF5B: COMMON, 0xFF66: KANA, 0xFF9E: COMMON, 0x20000: HAN, 0x3FFFE: COMMON,
}.items()))  # fmt: skip

_STARTS = [start for start, _ in _RUNS]

# A script that one living language owns, or the candidates that share it, most likely first.
_LANGUAGES_OF: Mapping[str, tuple[str, ...]] = {
    HAN: ("zh",), KANA: ("ja",), HANGUL: ("ko",), "Greek": ("el",), "Armenian": ("hy",), "Thai": ("th",),
    "Lao": ("lo",), "Tibetan": ("bo",), "Myanmar": ("my",), "Georgian": ("ka",), "Ethiopic": ("am",),
    "Khmer": ("km",), "Gurmukhi": ("pa",), "Gujarati": ("gu",), "Oriya": ("or",), "Tamil": ("ta",),
    "Telugu": ("te",), "Kannada": ("kn",), "Malayalam": ("ml",), "Sinhala": ("si",), "Hebrew": ("he", "yi"),
    "Bengali": ("bn", "as"), "Devanagari": ("hi", "mr", "ne", "sa"),
    "Cyrillic": ("ru", "uk", "bg", "sr", "be", "mk", "kk", "ky", "mn", "tg", "tt", "ba", "uz", "az", "tk"),
    "Arabic": ("ar", "fa", "ur", "ug", "ps", "ku", "az", "kk", "pa"),
}  # fmt: skip

_ALSO_LATIN = frozenset({"sr", "uz", "az", "kk", "ku", "mn", "tk", "tt"})

_NOT_LATIN = frozenset(tag for tags in _LANGUAGES_OF.values() for tag in tags) - _ALSO_LATIN

_SCRIPT_SUBTAGS = {
    "Hans": HAN, "Hant": HAN, "Hani": HAN, "Jpan": KANA, "Kore": HANGUL, "Latn": LATIN, "Cyrl": "Cyrillic",
    "Arab": "Arabic", "Deva": "Devanagari", "Grek": "Greek", "Hebr": "Hebrew",
}  # fmt: skip

# One Chinese character says as much as about 3 Latin letters, one kana or Hangul syllable as about 2 (the
# length ratios of translated text), so a Chinese sentence full of Latin names still counts as Chinese.
_WEIGHT = {HAN: 3.0, KANA: 2.0, HANGUL: 2.0}

_KANA_SHARE = 0.05  # of Han and kana together: below it the kana is a quotation or a shop sign in Chinese

# What `detect` looks at: the first characters, then so many samples of so many characters.
_HEAD, _SAMPLES, _SAMPLE = 6000, 6, 500


@lru_cache(maxsize=4096)
def script_of(char: str) -> str:
    """The Unicode script of one character, kana as one `Kana`; `Common` for digits and signs."""
    return _RUNS[bisect_right(_STARTS, ord(char)) - 1][1]


def _sample(text: str) -> str:
    if len(text) <= _HEAD + _SAMPLES * _SAMPLE:
        return text
    step = (len(text) - _HEAD) // _SAMPLES
    return "\n".join(
        [text[:_HEAD], *(text[at : at + _SAMPLE] for at in range(_HEAD, len(text) - _SAMPLE, step))]
    )


def script_weights(text: str) -> dict[str, float]:
    """How much of `text` each script makes up, in Latin letters: a Han character counts 3, a syllable 2.

    Han goes to the kana in Japanese and to the Hangul in Korean.
    """
    counts: Counter[str] = Counter()
    for char, count in Counter(text).items():
        counts[script_of(char)] += count
    counts.pop(COMMON, None)
    for owner in (KANA, HANGUL):
        if counts[owner] and counts[owner] >= _KANA_SHARE * (counts[owner] + counts[HAN]):
            counts[owner] += counts.pop(HAN, 0)
    return {script: count * _WEIGHT.get(script, 1.0) for script, count in counts.items() if count}


def can_be_written_in(tag: str, script: str) -> bool:
    """Whether the language is commonly written in the script, or the tag says it is."""
    language = primary(tag)
    named = [_SCRIPT_SUBTAGS[part] for part in _with_capitals(tag).split("-")[1:] if part in _SCRIPT_SUBTAGS]
    if script == HAN:
        return language in {"zh", "yue", "wuu", "ja"}
    if named:
        return script in named
    return (language not in _NOT_LATIN) if script == LATIN else language in _LANGUAGES_OF.get(script, ())
