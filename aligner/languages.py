"""Which language a text is in, and what its tag says: script first, statistics where one is shared.

Tags are BCP 47 (RFC 5646). The script alone decides Chinese, Japanese, Korean, Thai, Greek and others,
without any model; English is known by its function words; only what is left (French or Spanish, Russian
or Ukrainian) goes to py3langid, which takes 0.8 s to load. OpenCC's tables tell simplified Chinese from
traditional and convert one into the other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from aligner.errors import UsageError

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

# Function words that no other big Latin-script language writes; running English holds 20 to 35 % of them.
_ENGLISH_SURE = frozenset({
    "about", "after", "and", "because", "been", "before", "could", "couldn't", "didn't", "from", "how",
    "into", "never", "she", "should", "than", "that", "the", "their", "there", "these", "they", "this", "to",
    "were", "what", "when", "where", "which", "who", "why", "with", "would", "you", "your",
})  # fmt: skip
_ENGLISH = _ENGLISH_SURE | {
    "are", "as", "be", "but", "by", "for", "has", "have", "he", "her", "him", "his", "is", "it", "its", "my",
    "not", "of", "or", "will",
}  # fmt: skip
_ENGLISH_SHARE = 0.15  # of all words; one of the sure words must be among them
_LONG_ENOUGH, _ENGLISH_PRIOR = 40, 3.0  # a text of fewer characters is English where so many nats decide
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_CJK_STOP = re.compile(r"[。，、]")
_ENOUGH_WORDS = 5  # below it the share says little

_NAMES = {
    "zh": "Chinese", "zh-Hans": "simplified Chinese", "zh-Hant": "traditional Chinese", "en": "English",
    "ja": "Japanese", "ko": "Korean", "fr": "French", "de": "German", "es": "Spanish", "pt": "Portuguese",
    "it": "Italian", "nl": "Dutch", "ru": "Russian", "uk": "Ukrainian", "pl": "Polish", "cs": "Czech",
    "ar": "Arabic", "fa": "Persian", "ur": "Urdu", "he": "Hebrew", "tr": "Turkish", "el": "Greek",
    "th": "Thai", "vi": "Vietnamese", "id": "Indonesian", "ms": "Malay", "hi": "Hindi", "bn": "Bengali",
    "sv": "Swedish", "da": "Danish", "no": "Norwegian", "nb": "Norwegian Bokmål", "fi": "Finnish",
    "hu": "Hungarian", "ro": "Romanian", "bg": "Bulgarian", "sr": "Serbian", "hr": "Croatian", "sk": "Slovak",
    "sl": "Slovenian", "ca": "Catalan", "et": "Estonian", "lv": "Latvian", "lt": "Lithuanian",
    "mn": "Mongolian", "bo": "Tibetan", "ug": "Uyghur", "kk": "Kazakh", "ta": "Tamil", "my": "Burmese",
    "km": "Khmer", "lo": "Lao", "ka": "Georgian", "hy": "Armenian", "und": "an unknown language",
}  # fmt: skip
_COUNTRY_NOT_LANGUAGE = {
    "cn": "zh", "jp": "ja", "tw": "zh-TW", "hk": "zh-HK", "dk": "da", "cz": "cs", "gb": "en-GB",
}  # fmt: skip

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}(?:-[a-z]{3}){0,3})"
    r"(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?"
    r"|x(?:-[a-z\d]{1,8})+",
    re.IGNORECASE | re.ASCII,
)
_TRADITIONAL_REGIONS = frozenset({"TW", "HK", "MO"})

_LANGID_NAMES = {"nb": "no", "fil": "tl", "iw": "he", "in": "id", "sh": "sr", "cmn": "zh"}

# How much one-sided evidence contradicts a tag: so many telling characters, so large a share of one kind.
_CONTRADICTION, _CONTRADICTION_SHARE = 5, 0.8
# OpenCC's time grows with the square of an unbroken run, so it gets at most so many characters at once.
_HAN_RUN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]{1,1000}")


def primary(tag: str) -> str:
    """The language subtag in lower case: `zh` of `zh-Hant-TW`."""
    return tag.replace("_", "-").split("-", 1)[0].lower()


def is_valid_tag(tag: str) -> bool:
    """Whether `tag` has the shape of a BCP 47 tag; whether it is registered is not checked."""
    return _TAG.fullmatch(tag) is not None


def check_tag(tag: str) -> str:
    """`tag` with the usual capitals (`zh-hans` gives `zh-Hans`). Raises `UsageError`, with a suggestion."""
    lowered = tag.strip().lower()
    if lowered in _COUNTRY_NOT_LANGUAGE:
        raise UsageError(f"language {tag!r}: that is a country; say {_COUNTRY_NOT_LANGUAGE[lowered]}")
    if is_valid_tag(tag):
        return _with_capitals(tag)
    suggestion = next((code for code, title in _NAMES.items() if title.lower() == lowered), None)
    if not suggestion and is_valid_tag(tag.strip().split(".")[0].replace("_", "-")):
        suggestion = _with_capitals(tag.strip().split(".")[0].replace("_", "-"))
    hint = f"say {suggestion}" if suggestion else "say a BCP 47 tag such as zh-Hans, en or pt-BR"
    raise UsageError(f"language {tag!r} is not a language tag; {hint}")


def _with_capitals(tag: str) -> str:
    match = _TAG.fullmatch(tag)
    if not match or not match["language"]:
        return tag.lower()
    script, region = (match["script"] or "").title(), (match["region"] or "").upper()
    rest = tag[max(match.end("language"), match.end("script"), match.end("region")) :].lower()
    return "-".join(part for part in (match["language"].lower(), script, region) if part) + rest


def name(tag: str) -> str:
    """What to call the language in a message: `traditional Chinese` for `zh-Hant`, else the tag itself."""
    if primary(tag) == "zh" and tag != "zh":
        tag = "zh-Hant" if _wants_traditional(tag) else "zh-Hans"
    return _NAMES.get(tag) or _NAMES.get(primary(tag)) or tag


def _wants_traditional(tag: str) -> bool:
    parts = _with_capitals(tag).split("-")
    return "Hant" in parts or ("Hans" not in parts and not _TRADITIONAL_REGIONS.isdisjoint(parts))


@lru_cache(maxsize=4096)
def script_of(char: str) -> str:
    """The Unicode script of one character, kana as one `Kana`; `Common` for digits and signs."""
    return _RUNS[bisect_right(_STARTS, ord(char)) - 1][1]


def detect(text: str, among: Sequence[str] | None = None) -> str:
    """The language of `text` as a BCP 47 tag, Chinese as `zh-Hans` or `zh-Hant`; `und` for no letters.

    `among` narrows the choice wherever the script leaves one, and its tag comes back as given (`en-GB`, `zh-
    CN`), save that a bare `zh` comes back with its script. A text in a script that none of them uses gets
    its own answer. At most 9,000 characters are looked at.
    """
    sample = _sample(text)
    weights = script_weights(sample)
    if not weights:
        return "und"
    script = _main_script(sample, weights)
    given = [tag for tag in among or () if can_be_written_in(tag, script)]
    if script == HAN:
        return _chinese(sample, given)
    if len({primary(tag) for tag in given}) == 1:
        return given[0]
    candidates = [primary(tag) for tag in given] or list(_LANGUAGES_OF.get(script, ()))
    found = candidates[0] if len(candidates) == 1 else _by_statistics(sample, script, candidates)
    return next((tag for tag in given if primary(tag) == found), found)


def detect_by_script(text: str) -> str | None:
    """Like `detect` where the script or English function words tell; None where statistics are needed."""
    sample = _sample(text)
    weights = script_weights(sample)
    script = _main_script(sample, weights) if weights else COMMON
    if script == HAN:
        return _chinese(sample, [])
    if script == LATIN:
        return "en" if _is_english(sample) else None
    languages = _LANGUAGES_OF.get(script, ())
    return languages[0] if len(languages) == 1 else None


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


def _main_script(text: str, weights: Mapping[str, float]) -> str:
    """The script of most of `text`; beside Chinese or Japanese, a Latin word counts no more than a character.

    Chinese sentences quote whole names in Latin letters, English ones seldom more than a word in characters.
    """
    own = {script: weight for script, weight in weights.items() if script in (HAN, KANA)}
    others = {script: weight for script, weight in weights.items() if script not in own}
    if own and LATIN in others:
        characters = sum(weight / _WEIGHT[script] for script, weight in own.items())
        marks = len(_CJK_STOP.findall(text))
        others = {} if characters + marks >= len(_LATIN_WORD.findall(text)) else others
        own = {} if others else own
    either = {**own, **others}
    return max(either, key=either.__getitem__)


def can_be_written_in(tag: str, script: str) -> bool:
    """Whether the language is commonly written in the script, or the tag says it is."""
    language = primary(tag)
    named = [_SCRIPT_SUBTAGS[part] for part in _with_capitals(tag).split("-")[1:] if part in _SCRIPT_SUBTAGS]
    if script == HAN:
        return language in {"zh", "yue", "wuu", "ja"}
    if named:
        return script in named
    return (language not in _NOT_LATIN) if script == LATIN else language in _LANGUAGES_OF.get(script, ())


def _chinese(text: str, given: Sequence[str]) -> str:
    """Chinese of the script that `text` shows, in the words of `given`; Japanese where only that is given."""
    if given and all(primary(tag) == "ja" for tag in given):
        return given[0]
    found = chinese_script(text) or "zh-Hans"
    told_apart = [tag for tag in given if primary(tag) != "ja" and tag != "zh"]
    if not told_apart or "zh" in given:
        return found
    alike = (tag for tag in told_apart if _wants_traditional(tag) == (found == "zh-Hant"))
    return next(alike, told_apart[0])


def chinese_script(text: str) -> str | None:
    """`zh-Hans` or `zh-Hant`, whichever has more characters of its own in `text`; None where level."""
    simplified, traditional = _telling_characters(text)
    if simplified == traditional:
        return None
    return "zh-Hans" if simplified > traditional else "zh-Hant"


def _telling_characters(text: str) -> tuple[int, int]:
    simplified_only, traditional_only = _one_sided_characters()
    return sum(char in simplified_only for char in text), sum(char in traditional_only for char in text)


@lru_cache(maxsize=1)
def _one_sided_characters() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that OpenCC's tables give to one script alone; 后, 台 and others in both are left out."""
    simplified, traditional = _opencc_table("STCharacters.txt"), _opencc_table("TSCharacters.txt")
    return (
        frozenset(char for char, others in simplified.items() if char not in others),
        frozenset(char for char, others in traditional.items() if char not in others),
    )


def _opencc_table(file: str) -> dict[str, list[str]]:
    lines = (files("opencc") / "dictionary" / file).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line)
    return {row[0]: row[1].split() for row in rows}


def _by_statistics(text: str, script: str, candidates: Sequence[str]) -> str:
    """One of `candidates`, or any language of the script where there are none."""
    if script == LATIN and (not candidates or "en" in candidates) and _is_english(text):
        return "en"
    scores = _langid_scores(text)
    ranking = sorted(scores, key=lambda code: -scores[code])
    if not candidates:
        return next((code for code in ranking if can_be_written_in(code, script)), "und")
    places = {
        code: ranking.index(_LANGID_NAMES.get(code, code)) for code in candidates if _is_ranked(code, ranking)
    }
    best = min(places, key=places.__getitem__, default=candidates[0])
    # A language the model doesn't know is meant where none of the others is what the model would say first.
    return best if places.get(best) == 0 else next((code for code in candidates if code not in places), best)


def _is_ranked(code: str, ranking: Sequence[str]) -> bool:
    return _LANGID_NAMES.get(code, code) in ranking


def _is_english(text: str) -> bool:
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < _ENOUGH_WORDS or _ENGLISH_SURE.isdisjoint(words):
        return False
    return sum(word in _ENGLISH for word in words) >= _ENGLISH_SHARE * len(words)


def _langid_scores(text: str) -> dict[str, float]:
    """Log probability of each language, unnormalised; of a short text only those that have a name here."""
    # Three-letter labels are dialects and "no language": for a document nearly always a wrong guess.
    scores = {code: score for code, score in _identifier().rank(text) if len(code) == len("en")}
    if len(text) < _LONG_ENOUGH:
        scores = {code: score for code, score in scores.items() if code in _NAMES}
        scores["en"] += _ENGLISH_PRIOR
    return scores


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)


def script_contradicts(text: str, tag: str) -> str | None:
    """What is wrong with calling `text` by `tag`, as a clause for a warning; None where nothing is.

    Only the script is judged: Latin letters under `zh`, or traditional characters under `zh-CN`. A short or
    level text is never a contradiction.
    """
    sample = _sample(text)
    weights = script_weights(sample)
    if not weights:
        return None
    script = max(weights, key=weights.__getitem__)
    if weights[script] < _CONTRADICTION_SHARE * sum(weights.values()) or weights[script] < _CONTRADICTION:
        return None
    if not can_be_written_in(tag, script):
        return f"{tag} is declared, but the text is written in {script} characters"
    if script != HAN or primary(tag) != "zh" or tag == "zh":
        return None
    simplified, traditional = _telling_characters(sample)
    wanted, other = (traditional, simplified) if _wants_traditional(tag) else (simplified, traditional)
    if other < _CONTRADICTION or other < _CONTRADICTION_SHARE * (wanted + other):
        return None
    kind, right = ("simplified", "zh-Hans") if _wants_traditional(tag) else ("traditional", "zh-Hant")
    return f"{tag} is declared, but the text is written in {kind} characters ({right})"


def convert_script(text: str, script: str) -> str:
    """`text` in `simplified` or `traditional` characters; each character stays at its place, so offsets hold.

    Raises `UsageError` for any other `script`.
    """
    if script not in ("simplified", "traditional"):
        raise UsageError(f"script {script!r}: say simplified or traditional")
    converter = _converter("t2s" if script == "simplified" else "s2t")
    return _HAN_RUN.sub(lambda run: _in_place(run[0], converter), text)


def _in_place(run: str, converter: Any) -> str:
    converted: str = converter.convert(run)
    if len(converted) == len(run):
        return converted
    return "".join(
        single if len(single) == 1 else char for char in run for single in [converter.convert(char)]
    )


@lru_cache(maxsize=2)
def _converter(conversion: str) -> Any:
    from opencc import OpenCC

    return OpenCC(conversion)
