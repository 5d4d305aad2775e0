"""Character sets of one byte a letter, told by the alphabets of the languages that are written in them.

A wrong table turns letters into letters: Portuguese `ã` becomes `ă` in Latin-2, Turkish `ş` becomes `ţ`. Yet the result
is in no language's alphabet, or in one whose words these are not.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import regex

_VIETNAMESE = "đ" + unicodedata.normalize(
    "NFC",
    "".join(map("".join, product("aăâeêioôơuưy", ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")))),
)
# Letters beyond ASCII by language, as CLDR's exemplar characters have them, with those of words that are at home.
_CENTRAL = {
    "cs": "áčďéěíňóřšťúůýž", "pl": "ąćęłńóśźż", "sk": "áäčďéíĺľňóôŕšťúýž", "hu": "áéíóöőúüű", "sl": "čšž",
    "hr": "čćđšž", "ro": "ăâîşţ",
}  # fmt: skip
_WESTERN = {
    "fr": "àâçéèêëîïôùûüÿœæ", "pt": "áâãàçéêíóôõúü", "es": "áéíñóúü", "de": "äöüßé", "it": "àèéìíîòóùú",
    "is": "áéíóúýþæöð", "fo": "áíóúýæøð", "da": "æøåé", "no": "æøåéòô", "sv": "åäöé", "fi": "äöåšž", "et": "äöõüšž",
    "ca": "àçéèíïóòúü", "nl": "áéèëïóöü", "ga": "áéíóú", "sq": "çë", "gl": "áéíñóúü", "eu": "ñçü", "af": "áêéèëîïôûü",
}  # fmt: skip
_TURKISH = {"tr": "çğıİöşüâîû"}
_BALTIC = {"lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūžŗō", "et": "äöõüšž"}
_CYRILLIC = {
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя", "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "sr": "абвгдђежзијклљмнњопрстћуфхцчџш", "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
}  # fmt: skip
_GREEK = {"el": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"}
_HEBREW = {"he": "אבגדהוזחטיכךלמםנןסעפףצץקרשת"}
_ARABIC = {"ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي", "fa": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنهوی"}
_THAI = {"th": "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮฯะาำเแโใไๅๆ"}
# Which languages are written in which set; of sets that read a text alike the first is named.
_SETS = (
    *((name, _CENTRAL) for name in ("iso8859_2", "cp1250")), *((name, _WESTERN) for name in ("cp1252", "iso8859_15")),
    *((name, _TURKISH) for name in ("cp1254", "iso8859_9")), *((name, _BALTIC) for name in ("cp1257", "iso8859_13")),
    ("iso8859_14", {"ga": "áéíóúḃċḋḟġṁṗṡṫ", "cy": "âêîôûŵŷ"}),
    ("iso8859_3", {"eo": "ĉĝĥĵŝŭ", "mt": "ċġħżà"}), ("cp1258", {"vi": _VIETNAMESE}),
    *((name, _CYRILLIC) for name in ("cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866", "mac_cyrillic")),
    *((name, _GREEK) for name in ("cp1253", "iso8859_7")), *((name, _HEBREW) for name in ("cp1255", "iso8859_8")),
    *((name, _ARABIC) for name in ("cp1256", "iso8859_6")),
    ("cp874", _THAI),
)  # fmt: skip
# Older desks; some of their bytes are no letters in the sets above, so they are tried where none of those fits.
_OLDER = (
    ("cp850", _WESTERN), ("cp852", _CENTRAL), ("cp857", _TURKISH), ("cp775", _BALTIC), ("mac_roman", _WESTERN),
    ("mac_latin2", _CENTRAL), ("mac_turkish", _TURKISH), ("cp737", _GREEK), ("cp862", _HEBREW), ("mac_greek", _GREEK),
)  # fmt: skip
# Where an alphabet has no letter of ASCII, any table of that script gives letters of it. Its ten or so commonest make
# up about two in three of running text, and a third of text read with the wrong table.
_COMMON = frozenset("оаеинтсрвлαοιετσνηυρיוהלארמתבשاليمنرتبوهیدานรกอเงมยลวดทส")
_COMMON_SHARE = 0.5
_OTHER_SCRIPTS = (_CYRILLIC, _GREEK, _HEBREW, _ARABIC, _THAI)
# A foreign name here and there; more of them where a text is western by its letters as a whole.
_IN_ALPHABET = 0.95
_IN_WESTERN = 0.8
_SYMBOLS = frozenset("“”„‘’‚–—…«»‹›€£§©®™°№·•¡¿ªº¼½¾×÷±´²³¹†‡‰،؛؟ـ\xa0\xad\u200c\u200d\u200e\u200f")
# A capital behind a small letter, two scripts in one word, or a sign in it that is neither dash nor apostrophe nor
# opens a quotation.
_BROKEN = regex.compile(
    r"\p{Ll}(?![A-Z])\p{Lu}|[a-z][\p{Greek}\p{Cyrillic}\p{Hebrew}\p{Arabic}\p{Thai}]"
    r"|\p{L}[^\p{L}\p{M}\p{N}\s\x00-\x7f’‘´·ªº\xad—–…«“„\u200c\u200d]\p{Ll}"
)
_MOST_BROKEN = 0.01  # of the characters beyond ASCII: names of products, slips
_SAMPLE = 60_000


class _Fit(NamedTuple):
    text: str
    encoding: str
    lang: str


def set_by_alphabet(data: bytes) -> str | None:
    """The character set under which `data` is in the alphabet of a language that the set is for, None for none.

    Where several are, the one whose language is the likeliest by its words.
    """
    sample = data[:_SAMPLE]
    fits = list(_fits(sample, _SETS)) or list(_fits(sample, _OLDER))
    if len({fit.text for fit in fits}) > 1:
        return max(fits, key=_likelihood).encoding
    return fits[0].encoding if fits else None


def is_of_one_western_language(text: str) -> bool:
    """Whether one western language has nearly all letters of `text`, or it has none but ASCII's."""
    counts = _letters_beyond_ascii(text)
    return not counts or any(_are_in(counts, letters, _IN_WESTERN) for letters in _WESTERN.values())


def _fits(data: bytes, sets: tuple[tuple[str, dict[str, str]], ...]) -> Iterator[_Fit]:
    for encoding, alphabets in sets:
        try:
            text = unicodedata.normalize("NFC", codecs.decode(data, encoding))
        except UnicodeDecodeError:
            continue
        counts = _letters_beyond_ascii(text)
        langs = [lang for lang, letters in alphabets.items() if _are_in(counts, letters)]
        if langs and _is_printed(text) and (alphabets not in _OTHER_SCRIPTS or _has_common_letters(text)):
            yield from (_Fit(text, encoding, lang) for lang in langs)


def _letters_beyond_ascii(text: str) -> Counter[str]:
    return Counter(letter for letter in text if letter > "\x7f" and letter.isalpha() and letter not in "ªº")


def _are_in(counts: Counter[str], letters: str, least: float = _IN_ALPHABET) -> bool:
    known = set(letters) | set(letters.upper())
    total = counts.total()
    return total > 0 and sum(counts[letter] for letter in known) >= least * total


def _is_printed(text: str) -> bool:
    """Whether all beyond ASCII is letters and signs of print, and those are where they belong."""
    high = [character for character in text if character > "\x7f"]
    strange = sum(
        not (character.isalpha() or character in _SYMBOLS or unicodedata.category(character) == "Mn")
        for character in high
    )
    return strange + len(_BROKEN.findall(text)) <= _MOST_BROKEN * len(high)


def _has_common_letters(text: str) -> bool:
    plain = [letter for letter in unicodedata.normalize("NFD", text) if letter > "\x7f" and letter.isalpha()]
    return sum(letter in _COMMON for letter in plain) >= _COMMON_SHARE * len(plain)


def _likelihood(fit: _Fit) -> float:
    """How near the fit's language comes to the one that its words are in, 0 for that one."""
    from aligner.language.identifier import identifier

    scores = dict(identifier().rank(fit.text))
    return scores.get(fit.lang, min(scores.values())) - max(scores.values())
