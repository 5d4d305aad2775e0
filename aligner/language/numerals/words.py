"""Number words of English, German, French and Spanish, and words that go with digits elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import cast

from aligner.language.facts import facts, remembered

_EN_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"
]  # fmt: skip

_EN_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

_EN_ORDINALS = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth"
]  # fmt: skip

_EN_TEN_ORDINALS = [
    "twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth"
]  # fmt: skip

ENGLISH_UNITS = {word: value for value, word in enumerate(_EN_UNITS)}

ENGLISH_TENS = {word: 10 * (place + 2) for place, word in enumerate(_EN_TENS)}

ENGLISH_ORDINALS = {word: place + 1 for place, word in enumerate(_EN_ORDINALS)} | {
    word: 10 * (place + 2) for place, word in enumerate(_EN_TEN_ORDINALS)
}

ENGLISH_SCALES = {
    "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12,
    "mn": 10**6, "bn": 10**9, "hundredth": 100, "thousandth": 1000, "millionth": 10**6,
}  # fmt: skip

ENGLISH_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4} | {
    form: value
    for word, value in ENGLISH_ORDINALS.items()
    if value >= 4  # noqa: PLR2004
    for form in (word, word + "s")
}

# Words that hint at a number without saying it: they explain one on the other side and are never missed.
ENGLISH_HINTS: dict[str, int | Fraction] = {
    "couple": 2, "both": 2, "pair": 2, "twice": 2, "double": 2, "doubled": 2, "duplicate": 2, "twin": 2, "twins": 2,
    "triple": 3, "tripled": 3, "triplicate": 3, "quadruplicate": 4, "thrice": 3, "decade": 10, "century": 100,
    "centuries": 100, "fortnight": 14, "centenary": 100, "centennial": 100, "once": 1,
    "single": 1, "alone": 1, "halves": Fraction(1, 2), "halved": Fraction(1, 2), "noon": 12, "midnight": 12,
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70,
    "eighties": 80,
    "nineties": 90, "teens": 10, "decades": 10, "quarterly": 4, "weekly": 7, "week": 7, "weeks": 7,
}  # fmt: skip

# Month names that are other words too: only beside a figure.
DOUBTFUL_MONTHS = frozenset(
    {"may", "march", "mar", "mars", "mai", "jun", "mei", "мая", "марта", "май", "sep"}
)

PERCENT = (
    r"%|per\s?cent\b|percentage points?|prozent(?:punkte?n?)?\b|pour[\s-]cents?\b|points? de pourcentage|por ciento\b"
    r"|por cento\b|per cento\b|procent\b|процент\w*"
)

_TEN, _TWENTY, _HUNDRED = 10, 20, 100
_DE_UNITS = [
    "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf",
    "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"
]  # fmt: skip

_DE_TENS = ["zwanzig", "dreissig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]

_FR_UNITS = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"
]  # fmt: skip

_FR_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}

_FR_SWISS = {70: "septante", 80: "huitante", 90: "nonante"}

_ES_UNITS = [
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
    "doce", "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte"
]  # fmt: skip

_ES_TENS = {
    30: "treinta",
    40: "cuarenta",
    50: "cincuenta",
    60: "sesenta",
    70: "setenta",
    80: "ochenta",
    90: "noventa",
}


def months_of(language: str) -> dict[str, int]:
    """Month names of `language` in lower case; empty where unknown."""
    said = facts(language).get("numbers", {})
    names: dict[str, int] = {name: place + 1 for place, name in enumerate(said.get("months", "").split())}
    names.update(said.get("more_months", {}))
    return names


def scales_of(language: str) -> Mapping[str, int]:
    """Words that multiply what stands before them; empty where unknown."""
    return cast(Mapping[str, int], facts(language).get("numbers", {}).get("scales", {}))


def hints_of(language: str) -> Mapping[str, int]:
    """Words that hint at a number without saying it; empty where unknown."""
    return cast(Mapping[str, int], facts(language).get("numbers", {}).get("hints", {}))


def parts_of(language: str) -> Mapping[str, int]:
    """Words of parts of one and how many make it (third: 3); empty where unknown."""
    if language == "en":
        return ENGLISH_PARTS
    return cast(Mapping[str, int], facts(language).get("numbers", {}).get("parts", {}))


def spelled_of(language: str) -> dict[str, Fraction]:
    """Words that hold a half (anderthalb); empty where unknown."""
    spelled = facts(language).get("quantities", {}).get("spelled", {})
    return {word: Fraction(value) for word, value in spelled.items()}


@remembered
def cardinals_of(language: str) -> Mapping[str, int]:
    """Number words: those of the language's file, else 0 to 999 (German) or 99 (French, Spanish)."""
    build = {"de": _german, "fr": _french, "es": _spanish}.get(language)
    said = facts(language).get("numbers", {}).get("cardinals", {})
    return cast(Mapping[str, int], said or (build() if build else {}))


@remembered
def ordinals_of(language: str) -> dict[str, int]:
    """Spelled ordinals of German and French; English has its own."""
    words = {word: value for word, value in cardinals_of(language).items() if 1 < value < _HUNDRED}
    if language == "fr":
        return {_french_stem(word) + "ième": value for word, value in words.items()} | _FR_FIRST
    if language == "de":
        return {
            _GERMAN_STEMS.get(word, word + ("t" if value < _TWENTY else "st")) + end: value
            for word, value in words.items()
            for end in _GERMAN_ENDINGS
        } | {"erst" + end: 1 for end in _GERMAN_ENDINGS}
    return {}


_GERMAN_ENDINGS = ("e", "en", "er", "es", "em")
_FR_FIRST = {"premier": 1, "première": 1, "second": 2, "seconde": 2}
_GERMAN_STEMS = {"drei": "dritt", "sieben": "siebt", "acht": "acht"}


def _french_stem(word: str) -> str:
    for end, written in (("neuf", "neuv"), ("cinq", "cinqu"), ("trois", "trois")):
        if word.endswith(end):
            return word.removesuffix(end) + written
    return word.removesuffix("s").removesuffix("e")


def thousands_of(word: str, language: str) -> int | None:
    """A German number over a thousand, written as one word: zweitausenddreihundert; `None` where it is none."""
    before, found, after = word.partition("tausend")
    if language != "de" or not found:
        return None
    words = {**cardinals_of(language), "": 1, "ein": 1, "hundert": 100}
    thousands, rest = words.get(before), words.get(after.removeprefix("und")) if after else 0
    return None if thousands is None or rest is None else thousands * 1000 + rest


def _german() -> dict[str, int]:
    below = {word: value for value, word in enumerate(_DE_UNITS)}
    for tens, word in enumerate(_DE_TENS, start=2):
        below[word] = 10 * tens
        for unit in range(1, 10):
            below[("ein" if unit == 1 else _DE_UNITS[unit]) + "und" + word] = 10 * tens + unit
    below |= {
        word.replace("dreissig", "dreißig"): value for word, value in below.items() if "dreissig" in word
    }
    words = dict(below)
    for hundreds, prefix in enumerate(["ein", *_DE_UNITS[2:10]], start=1):
        words[prefix + "hundert"] = 100 * hundreds
        words |= {prefix + "hundert" + word: 100 * hundreds + value for word, value in below.items() if value}
        words[prefix + "tausend"] = 1000 * hundreds
    words |= {"hundert" + word: 100 + value for word, value in below.items() if value}
    return words


def _french() -> dict[str, int]:
    words = {word: value for value, word in enumerate(_FR_UNITS)}
    for tens, word in (_FR_TENS | _FR_SWISS).items():
        words |= {word: tens, word + " et un": tens + 1, word + "-et-un": tens + 1}
        words |= {f"{word}-{_FR_UNITS[unit]}": tens + unit for unit in range(2, 10)}
    words["soixante et onze"] = 71
    words |= {f"soixante-{_FR_UNITS[unit]}": 60 + unit for unit in range(10, 20)}
    words |= {f"quatre-vingt-{_FR_UNITS[unit]}": 80 + unit for unit in range(1, 20)}
    words |= {"quatre-vingts": 80, "quatre-vingt": 80}
    return words


def _spanish() -> dict[str, int]:
    words = {word: value for value, word in enumerate(_ES_UNITS)}
    words |= {f"veinti{_ES_UNITS[unit]}": 20 + unit for unit in range(1, 10)}
    words |= {"veintidós": 22, "veintitrés": 23, "veintiséis": 26, "cien": 100}
    for tens, word in _ES_TENS.items():
        words[word] = tens
        words |= {f"{word} y {_ES_UNITS[unit]}": tens + unit for unit in range(1, 10)}
    return words
