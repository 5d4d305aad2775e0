"""Number words of English, German, French and Spanish, and words that go with digits elsewhere."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

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

# The same in other languages: about so many, the years that begin with so many.
HINTS: dict[str, dict[str, int | Fraction]] = {
    "fr": {"dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
           "quarantaine": 40,
           "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "centaines": 100, "décennie": 10,
           "siècle": 100, "demi": 2, "moitié": Fraction(1, 2)},
    "de": {"zwanziger": 20, "dreissiger": 30, "dreißiger": 30, "vierziger": 40, "fünfziger": 50,
           "sechziger": 60,
           "siebziger": 70, "achtziger": 80, "neunziger": 90, "dutzend": 12, "jahrzehnt": 10,
           "jahrhundert": 100,
           "beide": 2, "beiden": 2, "hälfte": Fraction(1, 2)},
    "es": {"docena": 12, "decena": 10, "veintena": 20, "centenar": 100, "década": 10, "siglo": 100},
}  # fmt: skip

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}

_MORE_MONTHS = {
    "en": {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9,
           "oct": 10,
           "nov": 11, "dec": 12},
    "de": {"jänner": 1, "feber": 2},
    "ru": {"январь": 1, "февраль": 2, "март": 3, "апрель": 4, "май": 5, "июнь": 6, "июль": 7, "август": 8,
           "сентябрь": 9, "октябрь": 10, "ноябрь": 11, "декабрь": 12},
}  # fmt: skip

# Month names that are other words too: only beside a figure.
DOUBTFUL_MONTHS = frozenset(
    {"may", "march", "mar", "mars", "mai", "jun", "mei", "мая", "марта", "май", "sep"}
)

SCALES = {
    "de": {"hundert": 100, "tausend": 1000, "million": 10**6, "millionen": 10**6, "mio": 10**6,
           "milliarde": 10**9,
           "milliarden": 10**9, "mrd": 10**9, "billion": 10**12, "billionen": 10**12},
    "fr": {"cent": 100, "cents": 100, "mille": 1000, "million": 10**6, "millions": 10**6, "milliard": 10**9,
           "milliards": 10**9},
    "es": {"mil": 1000, "millón": 10**6, "millones": 10**6},
    "it": {"mila": 1000, "mille": 1000, "milione": 10**6, "milioni": 10**6, "miliardo": 10**9,
           "miliardi": 10**9},
    "pt": {"mil": 1000, "milhão": 10**6, "milhões": 10**6, "bilhão": 10**9, "bilhões": 10**9},
    "nl": {"honderd": 100, "duizend": 1000, "miljoen": 10**6, "miljard": 10**9},
    "ru": {"тысяч": 1000, "тысячи": 1000, "тыс": 1000, "миллион": 10**6, "миллиона": 10**6,
           "миллионов": 10**6,
           "млн": 10**6, "миллиард": 10**9, "миллиарда": 10**9, "миллиардов": 10**9, "млрд": 10**9},
}  # fmt: skip

PERCENT = (
    r"%|per\s?cent\b|percentage points?|prozent\b|pour[\s-]cents?\b|por ciento\b"
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
    names = {name: place + 1 for place, name in enumerate(_MONTHS.get(language, "").split())}
    return names | _MORE_MONTHS.get(language, {})


@lru_cache(maxsize=8)
def cardinals_of(language: str) -> dict[str, int]:
    """Number words from 0 to 999 (German) or 99 (French, Spanish); empty for other languages."""
    build = {"de": _german, "fr": _french, "es": _spanish}.get(language)
    return build() if build else {}


@lru_cache(maxsize=8)
def ordinals_of(language: str) -> dict[str, int]:
    """Spelled ordinals of German and French, from the second on; English has its own."""
    words = {word: value for word, value in cardinals_of(language).items() if 1 < value < _HUNDRED}
    if language == "fr":
        return {_french_stem(word) + "ième": value for word, value in words.items()}
    if language == "de":
        return {
            _GERMAN_STEMS.get(word, word + ("t" if value < _TWENTY else "st")) + end: value
            for word, value in words.items()
            for end in ("e", "en", "er", "es", "em")
        }
    return {}


_GERMAN_STEMS = {"drei": "dritt", "sieben": "siebt", "acht": "acht"}


def _french_stem(word: str) -> str:
    for end, written in (("neuf", "neuv"), ("cinq", "cinqu"), ("trois", "trois")):
        if word.endswith(end):
            return word.removesuffix(end) + written
    return word.removesuffix("s").removesuffix("e")


AND_A_HALF: dict[str, dict[str, Fraction]] = {
    "de": {"anderthalb": Fraction(3, 2), "eineinhalb": Fraction(3, 2), "zweieinhalb": Fraction(5, 2),
           "dreieinhalb": Fraction(7, 2), "viereinhalb": Fraction(9, 2), "fünfeinhalb": Fraction(11, 2),
           "sechseinhalb": Fraction(13, 2)},
}  # fmt: skip
"""Words that hold a half."""

PARTS: dict[str, dict[str, int]] = {
    "en": ENGLISH_PARTS,
    "de": {"drittel": 3, "dritteln": 3, "viertel": 4, "vierteln": 4, "fünftel": 5, "sechstel": 6, "siebtel": 7,
           "achtel": 8, "neuntel": 9, "zehntel": 10, "hundertstel": 100, "tausendstel": 1000},
    "fr": {"tiers": 3, "quart": 4, "quarts": 4, "cinquièmes": 5, "sixièmes": 6, "septièmes": 7, "huitièmes": 8,
           "dixièmes": 10, "centièmes": 100, "millièmes": 1000},
}  # fmt: skip
"""Words of parts of one and their denominators, by language."""


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
