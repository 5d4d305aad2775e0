"""Plain text in any character set. The whole file decides, never its first bytes."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from aligner.errors import InputError, UsageError
from aligner.read.alphabets import is_of_one_western_language, set_by_alphabet
from aligner.read.reading import Reading, Source, document
from aligner.text.counted import counted
from aligner.text.edits import EditedText

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

_ESCAPES = ((b"\x1b$B", "iso2022_jp_ext"), (b"\x1b$@", "iso2022_jp_ext"), (b"\x1b$)C", "iso2022_kr"))

# The 300 or so commonest characters of modern Chinese, simplified and traditional. They make up about 60 % of
# running text in either script, and about 8 % of text decoded with the wrong table.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然"
    "家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长"
    "把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制"
    "身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气"
    "题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便"
    "空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格"
    "望觉术领共确传师观清今切院让识候带导争运"
    "這個們來為國說時會對發後過裡裏種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問並應戰頭體見產製話給門兒東"
    "聲員論處義幾認條係氣題爾別變總電數報結務場計資許統區隊決馬書則聽達強難權設記類據邊張該規萬覺術領確傳師觀讓識"
    "帶導爭運於著"
)
# Between the 60 % of real Chinese and the 8 % of wrongly decoded text; technical prose and poems stay above.
_COMMON_SHARE = 0.25
# A character in a hundred may be damaged before a character set is no longer believed.
_DAMAGED_SHARE = 0.01
# Whole UTF-8 characters beyond ASCII prove UTF-8 by themselves.
_UTF8_DAMAGED_SHARE = 0.1
# Control characters (beyond tab, line and page ends) above one in fifty mean that this is no text.
_CONTROL_SHARE = 0.02
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")
_HAN = re.compile(r"[\u3400-\u9fff]")
# Accented letters read as Chinese stand within words: `B鋜en` for `Bären`.
_WITHIN_WORDS = re.compile(r"(?<=[A-Za-z])[\u3400-\u9fff]|[\u3400-\u9fff](?=[A-Za-z])")
_MOST_WITHIN_WORDS = 0.5
_KANA = re.compile(r"[\u3041-\u30fe]")
# Kana are half of Japanese text; few kana stand in Chinese text, none by chance.
_KANA_SHARE = 0.2
_HIGH = re.compile(r"[^\x00-\x7f]")
# What Western European text in windows-1252 holds beyond ASCII; other languages' bytes fall outside it.
_WESTERN = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüÿßœÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒ“”„‘’‚–—…«»‹›€£§©®™°ªº·¡¿´¶•\xa0\xad"
)
# What Latin-9 has in place of fractions and signs of Latin-1; œ stands in a word, ½ after a figure or alone.
_LATIN_9_ONLY = re.compile("[€ŠšŽžŒœŸ]")
_LATIN_9 = re.compile(r"€|[œŒ][^\W\d_]|(?<=[a-zà-ÿ])[šž]|[ŠŽšž](?=[a-zà-ÿ])")
# A fraction stands alone or after a figure; in Latin-2 its byte is a letter of a word.
_FRACTION = re.compile(r"(?<![^\W\d_])[¼½¾](?![^\W\d_])")
# º and ª end what they stand in; Romanian ş and Ş have their bytes.
_NO_ORDINAL = re.compile(r"[ºª][^\W\d_]")
# Hungarian's ő and ű stand where õ and û are; languages that have those have one of these too.
_ACCENTS_BESIDE = frozenset("ãçêàâèëïîå")
# Vietnamese and Greek apart, accented letters are one in five at most.
_ACCENT_SHARE = 0.25
# Bytes that carry letters and quotes in windows-1250 and nothing in ISO 8859-2.
_WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")
# Character sets that files are really in, beside Chinese and Unicode; guesses outside them come last.
_USUAL = frozenset(
    {"cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
     "tis_620", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_9", "koi8_r", "cp866", "shift_jis", "cp932",
     "euc_jp",      "iso2022_jp", "euc_kr", "cp949"}
)  # fmt: skip
# Text without any letter beyond ASCII, such as English from a Chinese desk: its quotes, dashes, ± × ÷ ° ′ ″ ℃ ‰ § №
# and full-width signs are pairs of bytes that no Western text has, `¡°` and `£¬` in windows-1252.
_CHINESE_MARKS = (
    ("gb18030", re.compile(
        rb"(?:[\x00-\x7f]|\xa1[\xa1\xa4\xaa\xad-\xb1\xb6\xb7\xc0-\xc2\xe3-\xe6\xeb-\xed]|\xa3[\xa1\xa8\xa9\xac\xba\xbb\xbf]"
        rb"|\xa2\xe3|\xa8[\x43-\x45\xa1-\xba]|[\x81-\x84][\x30-\x39][\x81-\xfe][\x30-\x39])++"
    )),
    ("cp950", re.compile(rb"(?:[\x00-\x7f]|\xa1[\xa5-\xa8VXK])+")),
)  # fmt: skip
# Bytes by which a character set is chosen; then the whole file has to decode.
_TELLING = 2 * 1024 * 1024
_HIGH_LINE = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")
# Bytes shown to charset-normalizer, taken from the beginning, middle and end of a long file.
_SAMPLE = 60_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's characters, the character set they were in and what the user should know about it."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def read_text(source: Source) -> Reading:
    """The text as it is, line ends made `\\n`."""
    decoded = decode(source)
    return document(source, EditedText(decoded.text), "txt", decoded.encoding, decoded.notes)


def decode(source: Source) -> Decoded:
    """The characters of `source`, without byte order mark and with `\\n` line ends.

    `source.encoding` forces a character set; else byte order mark, strict UTF-8, UTF-16 without a mark,
    GB18030 and Big5 by how common their characters are, then charset-normalizer.
    Raises `InputError` for a binary file or bytes a forced character set does not know, `UsageError` for an
    unknown character set.
    """
    decoded = _forced(source, source.encoding) if source.encoding else _guessed(source)
    text = decoded.text.removeprefix("\ufeff")
    if "\0" in text or len(_CONTROLS.findall(text)) > _CONTROL_SHARE * len(text):
        raise source.refuse(
            "a binary file or a character set that was not recognised; name it with --encoding"
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text, decoded.encoding, decoded.notes)


def _forced(source: Source, encoding: str) -> Decoded:
    try:
        name = codecs.lookup(encoding).name
        return Decoded(source.data.decode(name), name)
    except UnicodeDecodeError as error:
        raise source.refuse(
            f"byte {error.start} is not {encoding}; leave --encoding out to have the character set found"
        ) from None
    except (LookupError, ValueError):
        raise UsageError(
            f"--encoding {encoding!r}: no such character set; try utf-8, gb18030, big5, cp1252"
        ) from None


def _guessed(source: Source) -> Decoded:
    data = source.data
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _tolerant(data[len(mark) :], name, source)
    if b"\0" not in data:
        if (escaped := _by_escapes(data)) is not None:
            return escaped
        try:
            return Decoded(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            pass
        if _is_damaged_utf8(data):
            return _tolerant(data, "utf-8", source)
    return _by_characters(source) or _by_statistics(source)


def _by_escapes(data: bytes) -> Decoded | None:
    """Text of seven bits a byte that says by escape sequences what its characters are, as Japanese mail does."""
    for mark, name in _ESCAPES:
        if mark in data and (text := _strict(data, name)):
            return Decoded(text, name)
    return None


def _tolerant(data: bytes, encoding: str, source: Source) -> Decoded:
    """Decode although a few bytes are damaged; they stand as U+FFFD and a note counts them."""
    text = data.decode(encoding, errors="replace")
    damaged = text.count("\ufffd")
    if damaged > max(1, (_UTF8_DAMAGED_SHARE if encoding == "utf-8" else _DAMAGED_SHARE) * len(text)):
        raise source.refuse(
            f"looks like {encoding}, but holds {counted(damaged, 'damaged character')}; name another with --encoding"
        )
    if not damaged:
        return Decoded(text, encoding)
    note = f"{source.name}: read as {encoding}; {damaged} damaged character(s) stand as U+FFFD"
    return Decoded(text, encoding, (note,))


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether whole UTF-8 characters outnumber broken ones by far, as in no other character set."""
    text = _telling_part(data).decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    return len(_HIGH.findall(text)) - damaged > damaged / _UTF8_DAMAGED_SHARE or damaged == 1 == _cut_tail(
        data
    )


def _cut_tail(data: bytes) -> int:
    """How many characters (0 or 1) are cut off at the end of otherwise sound UTF-8 beyond ASCII."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return int(
            error.reason == "unexpected end of data" and bool(_HIGH.search(data[: error.start].decode()))
        )
    return 0


def _by_characters(source: Source) -> Decoded | None:
    """Japanese by its kana, Chinese and UTF-16 by how common their characters are; None where none fits."""
    sample = _telling_part(source.data)
    candidates = [(_plausibility(sample, encoding), encoding) for encoding in _candidates(source.data)]
    for (_, share), encoding in sorted(candidates, key=lambda candidate: candidate[0], reverse=True):
        if share >= _COMMON_SHARE:
            try:
                return _tolerant(source.data, encoding, source)
            except InputError:
                continue
    return None


def _candidates(data: bytes) -> tuple[str, ...]:
    """UTF-16 and UTF-32 where the length allows it, Chinese and Japanese sets where no byte is zero."""
    wide = ("utf-16-le", "utf-16-be") if len(data) % 2 == 0 else ()
    if b"\0" not in data:
        return ("euc_jp", "cp932", "gb18030", "cp950", "big5hkscs", *wide)
    return (*wide, "utf-32-le", "utf-32-be") if len(data) % 4 == 0 and b"\0\0" in data else wide


def _telling_part(data: bytes) -> bytes:
    """All of a file of ordinary size; of a larger one its first lines beyond ASCII, unless it is UTF-16."""
    if len(data) <= _TELLING or b"\0" in data:
        return data[:_TELLING]
    lines, length = [], 0
    for line in _HIGH_LINE.finditer(data):
        lines.append(line[0])
        length += len(line[0])
        if length > _TELLING:
            break
    return b"".join(lines)


def _plausibility(sample: bytes, encoding: str) -> tuple[bool, float]:
    """Whether all of `sample` decodes, and which part of it, 0 to 1, is as text in `encoding` should be."""
    text = sample.decode(encoding, errors="replace")
    damaged = text.count("\ufffd")
    if damaged > max(1, _DAMAGED_SHARE * len(text)) or "\0" in text:
        return False, 0.0
    if encoding in ("euc_jp", "cp932"):
        kana = len(_KANA.findall(text))
        return not damaged, 1.0 if kana > _KANA_SHARE * len(text) and not damaged else 0.0
    if len(_WITHIN_WORDS.findall(text)) > _MOST_WITHIN_WORDS * len(_HAN.findall(text)):
        return False, 0.0
    share = _common_share(text)
    if share < _COMMON_SHARE and encoding == _narrower(sample) and _is_printable(text):
        share = _COMMON_SHARE
    return not damaged, share


def _narrower(data: bytes) -> str:
    """For data with zero bytes, the UTF-16 byte order under which the text keeps to fewer Unicode rows."""
    if b"\0" not in data:
        return ""
    return "utf-16-le" if len(set(data[1::2])) < len(set(data[::2])) else "utf-16-be"


def _common_share(text: str) -> float:
    """Which part of the letters beyond ASCII is common Chinese, 0 to 1."""
    counts = Counter(text)
    letters = sum(n for character, n in counts.items() if character.isalpha() and not character.isascii())
    common = sum(n for character, n in counts.items() if character in _COMMON)
    return common / letters if letters else 0.0


def _is_printable(text: str) -> bool:
    odd = sum(
        n for character, n in Counter(text).items() if not (character.isprintable() or character.isspace())
    )
    return odd <= _CONTROL_SHARE * len(text)


def _by_statistics(source: Source) -> Decoded:
    """Chinese sets where marks tell, windows-1252 and sets of other alphabets where letters do, else what is likely."""
    data = source.data
    if b"\0" in data:
        raise source.refuse(
            "a binary file, not text; give a document, or name its character set with --encoding"
        )
    for name, marks in _CHINESE_MARKS:
        if marks.fullmatch(data):
            return Decoded(data.decode(name), name)
    western = _western(data)
    if western and is_of_one_western_language(western.text):
        return western
    by_alphabet = set_by_alphabet(_telling_part(data))
    if by_alphabet and (text := _strict(data, by_alphabet)):
        return Decoded(text, by_alphabet)
    return western or _by_letters_in_place(source)


def _western(data: bytes) -> Decoded | None:
    """`data` in windows-1252 or Latin-9, None where it isn't all accents and quotes of Western Europe."""
    if _is_western(data.decode("cp1252", errors="replace")):
        return Decoded(data.decode("cp1252"), "cp1252")
    return Decoded(data.decode("iso8859_15"), "iso8859-15") if _is_latin_9(data) else None


def _by_letters_in_place(source: Source) -> Decoded:
    """Of what charset-normalizer finds possible the set that puts the fewest capitals and signs within words."""
    import charset_normalizer

    data = source.data
    middle = len(data) // 2
    sample = (
        data
        if len(data) <= 3 * _SAMPLE
        else data[:_SAMPLE] + data[middle : middle + _SAMPLE] + data[-_SAMPLE:]
    )
    guesses = [match.encoding for match in charset_normalizer.from_bytes(sample)]
    usual = [name for name in guesses if name in _USUAL]
    central = ("cp1250", "iso8859_2") if _WINDOWS_ONLY.search(data) else ("iso8859_2", "cp1250")
    usual = [central[0] if name in central else name for name in [*usual, central[0]]]
    readings = [
        (text, name) for name in dict.fromkeys([*usual, *guesses, "gb18030"]) if (text := _strict(data, name))
    ]
    if not readings:
        raise source.refuse("its character set was not recognised; name it with --encoding")
    likely = [reading for reading in readings if reading[1] in _USUAL] or readings
    text, name = min(likely, key=lambda reading: _oddness(reading[0]))
    return Decoded(text, name)


def _is_latin_9(data: bytes) -> bool:
    """Whether the text is western with the letters or the euro that Latin-9 has where Latin-1 has ½ and ¤.

    In Latin-2 the same bytes are ź, ž and ˝: those stand in words that hold other letters too, as these don't.
    """
    if _WINDOWS_ONLY.search(data):
        return False
    text = data.decode("iso8859_15")
    tell = _LATIN_9.search(text)
    return bool(tell) and not _oddness(text) and _is_western(_LATIN_9_ONLY.sub("", text))


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _oddness(text: str) -> int:
    """How often a word holds a capital or symbol after a small letter, and how many more capitals it has."""
    sample = text[: 3 * _SAMPLE]
    broken = sum(1 for last, character in pairwise(sample) if last.islower() and _is_out_of_place(character))
    upper, lower = (sum(1 for character in sample if case(character)) for case in (str.isupper, str.islower))
    return broken + len(_CONTROLS.findall(sample)) + max(0, upper - lower)


def _is_out_of_place(character: str) -> bool:
    symbol = "\xa0" < character < "\u0250" and not character.isalpha() and character not in _WESTERN
    return symbol or (character.isupper() and not character.isascii())


def _is_western(text: str) -> bool:
    """Whether all beyond ASCII is accents and quotes of Western Europe, among mostly plain letters."""
    if _NO_ORDINAL.search(text):
        return False
    high = _HIGH.findall(_FRACTION.sub("", text))
    letters = sum(1 for character in text if character.isalpha())
    accents = sum(1 for character in high if character.isalpha())
    hungarian = {"õ", "û"} & set(high) and not _ACCENTS_BESIDE & set(high)
    return set(high) <= _WESTERN and accents <= _ACCENT_SHARE * letters and not hungarian
