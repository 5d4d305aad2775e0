"""Tables: CSV and TSV files, and the choice of text columns that spreadsheets and documents share."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from aligner.files import unguard
from aligner.read.reading import Column, Reading, Source, Writing, document, join_lines, tidy_tag
from aligner.read.text import decode
from aligner.text.edits import EditedText

Row = Sequence[EditedText]

PAIR = 2

_DELIMITERS = "\t,;|"

# Records looked at to find the delimiter.
_SNIFFED = 2_000

# With fewer records alike, commas are those of sentences.
_ALIKE = 0.5

# Plain text is a table only where nearly every line is two cells.
_TABBED_SHARE = 0.9

# A column is text where at least half of its filled cells hold words.
_TEXT_SHARE = 0.5

# A single token with a digit in it and no CJK: numbers, dates, times, keys such as `ui.menu-03`.
_KEY = re.compile(r"(?:(?!\d)[\x21-\x7e])*+\d[\x21-\x7e]*|[\W\d_]*")

# The columns of the tables that this package exports. The pair comes first: that is where programs that import
# tables look for it.
COLUMNS = ("source", "target", "confidence", "type", "status", "note", "id")

_OWN_ID = re.compile(r"\[[\d,]*\]:\[[\d,]*\]")

_HEADINGS = {
    "": "source src target tgt original translation translated text segment string language "
    "原文 译文 譯文 源文 目标 目標 源语言 目标语言 原語 訳文 "
    "ausgangstext zieltext übersetzung traduction cible traducción origen destino оригинал перевод",
    "zh": "chinese mandarin 中文 汉语 漢語 华文 chinois chinesisch chino китайский 中国語 zh chi zho cmn",
    "zh-Hans": "简体 简体中文 simplified 简中",
    "zh-Hant": "繁體 繁體中文 traditional 繁中 正體中文",
    "en": "english 英文 英语 英語 anglais englisch inglés английский en eng",
    "ja": "japanese 日文 日语 日語 日本語 japonais japanisch ja jpn",
    "ko": "korean 韩文 韩语 韓語 한국어 ko kor",
    "fr": "french 法文 法语 法語 français französisch francés fr fra fre",
    "de": "german 德文 德语 德語 deutsch allemand alemán de deu ger",
    "es": "spanish 西班牙文 西班牙语 español espagnol spanisch es spa",
    "ru": "russian 俄文 俄语 俄語 русский russe russisch ru rus",
    "ar": "arabic 阿拉伯文 阿拉伯语 العربية ar ara",
    "it": "italian italiano italienisch 意大利语 it ita",
    "pt": "portuguese português 葡萄牙语 pt por",
    "nl": "dutch nederlands nl nld", "pl": "polish polski pl pol", "vi": "vietnamese 越南语 vi vie",
    "th": "thai 泰语 th tha", "tr": "turkish türkçe tr tur", "uk": "ukrainian українська uk ukr",
}  # fmt: skip

_LANGUAGE_OF = {word: tag for tag, words in _HEADINGS.items() for word in words.split()}

_TAG = re.compile(r"([a-z]{2,3})([-_][A-Za-z0-9]{2,8})+")


# The line with which spreadsheets say their delimiter; it is no row.
_SEPARATOR_LINE = re.compile(r'\A"?sep\s?=[ ]?([^\w\n"])[^\w\n"]?"?\r?\n', re.I)


def read_table(source: Source) -> Reading:
    """A CSV or TSV file: two or more text columns, or a document where there is one.

    A CSV that this package exported loses the apostrophes that guard against formulas.
    """
    decoded = decode(source)
    said = _SEPARATOR_LINE.match(decoded.text)
    text = decoded.text[said.end() :] if said else decoded.text
    rows = _split(text, said[1], None) if said else []
    if all(len(row) <= 1 for row in rows):
        rows = _records(source, text)
    kind = "tsv" if source.suffix in (".tsv", ".tab") else "csv"
    if kind == "csv" and _is_own(rows):
        rows = [[unguard(cell) for cell in row] for row in rows]
    return table(source, rows, kind, decoded.encoding, decoded.notes)


def _is_own(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows have the heading of an exported table, or, where it was left out, its ids."""
    heading = {cell.strip().lower() for cell in rows[0]} if rows else set()
    filled = [row for row in rows if any(row)]
    return heading.issuperset(COLUMNS) or all(
        len(row) == len(COLUMNS) and _OWN_ID.fullmatch(row[-1]) for row in filled
    )


def is_tabbed(text: str) -> bool:
    """Whether plain text is a table: nearly all of its lines hold exactly one tab between two texts."""
    lines = [line for line in text.split("\n") if line.strip()]
    paired = sum(
        1 for line in lines if line.count("\t") == 1 and all(cell.strip() for cell in line.split("\t"))
    )
    return len(lines) > 1 and paired >= _TABBED_SHARE * len(lines)


def _records(source: Source, text: str) -> list[list[str]]:
    """Cut by the delimiter that gives most records alike; a column of one where none does."""
    preferred = "\t" if source.suffix in (".tsv", ".tab", ".txt") else ","
    delimiters = sorted(_DELIMITERS, key=lambda character: character != preferred)
    share, delimiter = max(
        ((_consistency(text, delimiter), delimiter) for delimiter in delimiters), key=lambda found: found[0]
    )
    rows = _split(text, delimiter if share >= _ALIKE else preferred, None)
    if share >= _ALIKE or all(len(row) <= 1 for row in rows):
        return rows
    return [[line] for line in text.split("\n")]


def _consistency(text: str, delimiter: str) -> float:
    """Which part of the records has the commonest number of cells, if that is two or more."""
    widths = Counter(len(row) for row in _split(text, delimiter, _SNIFFED) if any(row))
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return count / widths.total() if width > 1 else 0.0


def _split(text: str, delimiter: str, most: int | None) -> list[list[str]]:
    """The first `most` records, or all; a file that breaks the rules of quoting is cut as if it had none."""
    try:
        return _split_quoted(text, delimiter, most)
    except csv.Error:
        return [line.split(delimiter) for line in text.split("\n")[:most]]


def _split_quoted(text: str, delimiter: str, most: int | None) -> list[list[str]]:
    previous = csv.field_size_limit(len(text) + 1)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [row for row, _ in zip(rows, range(most), strict=False)] if most else list(rows)
    finally:
        csv.field_size_limit(previous)


def table(
    source: Source, rows: Sequence[Sequence[str]], kind: str, encoding: str = "", notes: tuple[str, ...] = ()
) -> Reading:
    """`table_of_cells` for plain strings."""
    return table_of_cells(
        source, [[EditedText(_lines(cell)) for cell in row] for row in rows], kind, encoding, notes
    )


def table_of_cells(
    source: Source, rows: Sequence[Row], kind: str, encoding: str = "", notes: tuple[str, ...] = ()
) -> Reading:
    """The text columns of `rows`; heading and columns of numbers or keys are left out, on record.

    Where the first row names two columns by their language, or as source and target, only such columns count.
    One text column only gives a document with a line a row. Raises `InputError` where there is none.
    """
    rows = [row for row in rows if any(cell.text.strip() for cell in row)]
    texts = text_columns([[cell.text for cell in row] for row in rows])
    if not texts:
        raise source.refuse("a table without text; nothing to align")
    named = named_columns([cell.text for cell in rows[0]]) if len(rows) > 1 else {}
    is_headed = len(named) >= PAIR or set(texts) <= named.keys()
    if not source.applies("table-column"):
        texts = list(range(max(map(len, rows))))
    elif len(named) >= PAIR:
        texts = [place for place in texts if place in named]
        texts = texts if len(texts) >= PAIR else list(named)
    headings = [named.get(place, "") for place in texts] if is_headed else None
    body = rows[1:] if headings and source.applies("table-heading") else rows
    left_out = [_left_out(row, texts) for row in body]
    if len(body) < len(rows):
        left_out[0] = [("\t".join(cell.text for cell in rows[0]), "table-heading"), *left_out[0]]
    columns = []
    for number, place in enumerate(texts):
        cells = [row[place] if place < len(row) else EditedText("") for row in body]
        if number == 0:
            cells = [_recorded(cell, texts_out) for cell, texts_out in zip(cells, left_out, strict=True)]
        columns.append(Column(headings[number] or None if headings else None, tuple(cells)))
    if len(columns) == 1:
        return document(source, join_lines(columns[0].cells), kind, encoding, notes)
    return Reading(source.name, tuple(columns), kind, encoding, notes)


def text_columns(rows: Sequence[Sequence[str]]) -> list[int]:
    """The places of the columns that hold text rather than numbers, dates or keys."""
    texts = []
    for place in range(max((len(row) for row in rows), default=0)):
        filled = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        words = sum(1 for cell in filled if not _KEY.fullmatch(cell))
        if filled and words >= _TEXT_SHARE * len(filled) and not words == 1 < len(filled):
            texts.append(place)
    return texts


def named_columns(row: Sequence[str]) -> dict[int, str]:
    """Places of headings that name a language, with its tag, or `source`, `译文` …, with ""."""
    tags = ((place, _language(cell)) for place, cell in enumerate(row))
    return {place: tag for place, tag in tags if tag is not None}


def _language(cell: str) -> str | None:
    text = cell.strip()
    if _TAG.fullmatch(text) and text[:2].lower() in _LANGUAGE_OF:
        return tidy_tag(text)
    words = [word for word in re.split(r"[\s()（）\[\]:：/_-]+", text.casefold()) if word]
    tags = [_LANGUAGE_OF.get(word) for word in words]
    if not tags or tags[0] is None or len(tags) > 3:  # noqa: PLR2004 - `Chinese (simplified) text`
        return None
    named = max((tag for tag in tags if tag), key=len, default="")
    return None if None in tags and not named else named


def _left_out(row: Row, texts: Sequence[int]) -> list[tuple[str, str]]:
    return [(cell.text, "table-column") for place, cell in enumerate(row) if place not in texts]


def _recorded(cell: EditedText, left_out: Sequence[tuple[str, str]]) -> EditedText:
    """The cell, with what stood before it in its row and was left out on record."""
    before = Writing()
    for text, rule in left_out:
        before.drop(text, rule)
    return EditedText.join([before.finish(), cell])


def _lines(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n")
