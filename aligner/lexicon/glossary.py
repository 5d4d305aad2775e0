"""The user's glossary: terms that must be translated in a given way, from CSV, TSV or TBX."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from math import sqrt
from pathlib import Path

from aligner.errors import InputError
from aligner.files import ordinary
from aligner.language.chinese import convert_script
from aligner.language.tags import primary
from aligner.lexicon.tokens import tokenize
from aligner.text.counted import counted

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_UNSPACED = ("zh", "ja", "th", "km", "lo", "my")

_MOST_PAIRS = 2_500  # of one entry of a TBX; fifty synonyms in each language


@dataclass(frozen=True)
class Glossary:
    """Pairs of terms, source and target; `src_lang` and `tgt_lang` (BCP 47) say how to cut them.

    `words`: tokens learned elsewhere, with the probability that they translate each other; they help to align, and
    nothing is amiss where they are translated otherwise.
    """

    pairs: tuple[tuple[str, str], ...]
    src_lang: str = "und"
    tgt_lang: str = "und"
    words: tuple[tuple[str, str, float], ...] = ()
    _index: dict[str, dict[str, list[tuple[int, tuple[str, ...]]]]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.pairs) + len(self.words)

    def swapped(self) -> Glossary:
        """The same entries seen from the other side."""
        return Glossary(
            tuple((target, source) for source, target in self.pairs), self.tgt_lang, self.src_lang,
            tuple((target, source, weight) for source, target, weight in self.words),
        )  # fmt: skip

    def token_pairs(self) -> Iterator[tuple[str, str, float]]:
        """Tokens that translate each other: 1 for terms of single words, less for each of several; learned ones."""
        yield from self.words
        for source, target in self.pairs:
            left, right = tokenize(source, self.src_lang), tokenize(target, self.tgt_lang)
            for pair in product(left, right):
                yield *pair, 1 / sqrt(max(len(left), len(right)))

    def matches(self, sentence: str, side: str) -> frozenset[int]:
        """Which entries' terms `sentence` holds on `side`, `"source"` or `"target"`: numbers into `pairs`.

        A bead's glossary hits are the entries found on both sides. Words compare by stem, Chinese without
        regard to traditional or simplified characters.
        """
        lang = self.src_lang if side == "source" else self.tgt_lang
        index = self._indexed(side, lang)
        words = _pieces(sentence, lang)
        found = set()
        for at, word in enumerate(words):
            for number, term in index.get(word, ()):
                if tuple(words[at : at + len(term)]) == term:
                    found.add(number)
        return frozenset(found)

    def places(self, sentence: str, side: str) -> list[tuple[int, int, int]]:
        """Where the entries' terms stand in `sentence`: number into `pairs` and characters `[start, end)`."""
        lang = self.src_lang if side == "source" else self.tgt_lang
        spans = _spans(sentence, lang)
        found = []
        for number in sorted(self.matches(sentence, side)):
            term = _pieces(self.pairs[number][0 if side == "source" else 1], lang)
            at = 0
            while at < len(spans):
                last = _last_of(sentence, spans[at : at + len(term) + _MORE_WORDS], term, lang)
                if last:
                    found.append((number, spans[at][0], spans[at + last - 1][1]))
                at += last or 1
        return found

    def _indexed(self, side: str, lang: str) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
        if side not in self._index:
            index: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
            for number, pair in enumerate(self.pairs):
                term = tuple(_pieces(pair[0 if side == "source" else 1], lang))
                if term:
                    index.setdefault(term[0], []).append((number, term))
            self._index[side] = index
        return self._index[side]


# "Party A": a capital alone tells the term from "Party B", though it is no word elsewhere.
_LETTER = re.compile(r"(?<![\w.'’-])([A-Z])(?![\w'’-]|\.\w)")


_WORD = re.compile(r"\w+(?:[-.'’&]\w+)*")
_MORE_WORDS = 3  # a term may hold so many words that are no pieces, as of, the


def _spans(text: str, lang: str) -> list[tuple[int, int]]:
    """Where terms may begin and end: around each character of unspaced scripts, each word of the others."""
    if primary(lang) in _UNSPACED:
        return [(at, at + 1) for at, character in enumerate(text) if not character.isspace()]
    return [match.span() for match in _WORD.finditer(text)]


def _last_of(text: str, spans: list[tuple[int, int]], term: list[str], lang: str) -> int:
    """How many of `spans`, from the first on, are the term; 0 where they are not."""
    for count in range(1, len(spans) + 1):
        begins = _pieces(text[spans[0][0] : spans[0][1]], lang)[:1] == term[:1]
        if begins and _pieces(text[spans[0][0] : spans[count - 1][1]], lang) == term:
            return count
    return 0


@lru_cache(maxsize=10_000)
def _pieces(text: str, lang: str) -> list[str]:
    """What terms are matched by: characters of unspaced scripts, stems of the others."""
    if primary(lang) in _UNSPACED:
        plain = convert_script(text, "simplified") if primary(lang) == "zh" else text
        return [character for character in plain.lower() if not character.isspace()]
    pieces: list[str] = []
    for at, part in enumerate(_LETTER.split(text)):
        pieces += [part] if at % 2 else tokenize(part, lang)
    return pieces or text.lower().split()


def load_glossary(path: str | Path, src_lang: str | None = None, tgt_lang: str | None = None) -> Glossary:
    """Read a glossary: `.tbx`/`.xml` as TBX (Basic, v2 or v3), `.csv` and `.tsv`/`.txt` as tables.

    A table's first two columns are source and target, a header is optional and may name the columns `source`,
    `target` or by their language tag, in either order. A TBX file needs terms in both languages of an entry.
    Raises `InputError` with the line of a row that is not understood.
    """
    path = Path(path)
    try:
        data = ordinary(path).read_bytes()
    except OSError as error:
        raise InputError(f"glossary {path}: can't be read ({error.strerror}); check the path") from None
    if path.suffix.lower() in (".tbx", ".xml"):
        pairs = _read_tbx(data, path, src_lang, tgt_lang)
    else:
        pairs = _read_table(data, path, src_lang, tgt_lang)
    if not pairs:
        raise InputError(f"glossary {path}: no pair of terms in it; give source and target, one pair a line")
    return Glossary(tuple(dict.fromkeys(pairs)), src_lang or "und", tgt_lang or "und")


def _read_table(data: bytes, path: Path, src_lang: str | None, tgt_lang: str | None) -> list[tuple[str, str]]:
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"glossary {path}: byte {error.start} is not UTF-8; save the file as UTF-8"
        ) from None
    tabs = path.suffix.lower() != ".csv" or (
        "\t" in text.split("\n", 1)[0] and "," not in text.split("\n", 1)[0]
    )
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if tabs else ",", strict=True)
    columns: tuple[int, int] | None = None
    pairs = []
    for line, row in _numbered(rows, path):
        if not any(cell.strip() for cell in row) or row[0].startswith("#"):
            continue
        if columns is None:
            columns = _columns(row, src_lang, tgt_lang)
            if columns:
                continue
            columns = (0, 1)
        cells = [row[at].strip() if at < len(row) else "" for at in columns]
        if not all(cells):
            wanted = "a tab" if tabs else "a comma"
            raise InputError(
                f"glossary {path}, line {line}: needs a source and a target term with {wanted} between"
            )
        pairs.append((cells[0], cells[1]))
    return pairs


def _numbered(rows: Iterator[list[str]], path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        for row in rows:
            yield rows.line_num, row  # type: ignore[attr-defined]
    except csv.Error as error:
        raise InputError(f"glossary {path}, line {rows.line_num}: {error}; check its quotes") from None  # type: ignore[attr-defined]


def _columns(row: list[str], src_lang: str | None, tgt_lang: str | None) -> tuple[int, int] | None:
    """Where a header puts source and target; `None` where the row is no header."""
    names = [cell.strip().lower() for cell in row]
    tags = [primary(name) for name in names]
    if src_lang and tgt_lang and primary(src_lang) in tags and primary(tgt_lang) in tags:
        return tags.index(primary(src_lang)), tags.index(primary(tgt_lang))
    for source, target in (
        ("source", "target"),
        ("src", "tgt"),
        ("source term", "target term"),
        ("term", "translation"),
    ):
        if source in names and target in names:
            return names.index(source), names.index(target)
    return None


def _read_tbx(data: bytes, path: Path, src_lang: str | None, tgt_lang: str | None) -> list[tuple[str, str]]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(
            f"glossary {path}, line {error.lineno}: not well-formed XML ({' '.join(str(error.msg).split())})"
        ) from None
    pairs: list[tuple[str, str]] = []
    for entry in root.iter("{*}termEntry", "{*}conceptEntry"):
        terms: dict[str, list[str]] = {}
        for section in entry.iter("{*}langSet", "{*}langSec"):
            lang = primary(section.get(_XML_LANG) or section.get("lang") or "und")
            found = ("".join(term.itertext()).strip() for term in section.iter("{*}term"))
            terms.setdefault(lang, []).extend(term for term in found if term)
        sources, targets = (list(dict.fromkeys(side)) for side in _sides(terms, src_lang, tgt_lang))
        if len(sources) * len(targets) > _MOST_PAIRS:
            held = f"{len(sources):,} × {counted(len(targets), 'term')}"
            raise InputError(
                f"glossary {path}, line {entry.sourceline}: an entry with {held};"
                " each concept needs an entry of its own"
            )
        pairs += [(source, target) for source in sources for target in targets]
    return pairs


def _sides(terms: dict[str, list[str]], src_lang: str | None, tgt_lang: str | None) -> Iterable[list[str]]:
    if src_lang and tgt_lang:
        return terms.get(primary(src_lang), []), terms.get(primary(tgt_lang), [])
    first = list(terms.values())[:2]
    return first if len(first) == 2 else ([], [])  # noqa: PLR2004
