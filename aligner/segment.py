"""Text to sentences: an SRX 2.0 engine, and the clauses inside a sentence.

The rules are data, `data/sentences.srx`; any other SRX file does, too. A line break always ends a segment,
so that no quotation left open reaches past its paragraph. Nothing is lost: segments and the white space
between them are the whole text, which `Document` checks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import regex

from aligner.bitext import Document, EditedText, Segment
from aligner.errors import InputError

_OWN_RULES = "sentences.srx"
# OmegaT's own file is 0.15 MB; LanguageTool's, the largest in use, 0.5 MB.
_MAX_RULES_BYTES = 10_000_000
# Seconds that one pattern may search one paragraph: a start, and 10 times what our slowest needs a character.
_PATIENCE, _PATIENCE_PER_CHARACTER = 20.0, 1e-5
_CLOSERS = r"[”’」』»）\"')\]】》]{0,4}"
_SEMICOLON = regex.compile(
    r"(?:；|؛|(?<!&#?\w{1,31});(?=[\s”’」』\"')]|$|[\p{Han}\p{Hiragana}\p{Katakana}“‘「『（]))" + _CLOSERS
)
# Signs of Latin keyboards cut before a blank or where no blank is needed: 1,000 and 12:30 stay whole.
_CLAUSE_END = regex.compile(
    r"(?:[，；：。！？｡…⋯؛،؟।॥]|\.{3}|[—–―─]{1,3}|--"
    r"|(?<!&#?\w{1,31})[,;:!?]{1,3}(?=\s|[”’」』\"')]|[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}“‘「『（])"
    r"|(?<=\p{L}{3})\.(?=[”’\"')]{0,3}\s)|\s-(?=\s))[，；：。！？…—]{0,4}" + _CLOSERS + r"\s*"
)
_IDEOGRAPHIC_COMMA = regex.compile(r"、\s*")
_LETTER = regex.compile(r"[\p{L}\p{N}]")
_UNSPACED_LETTER = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
# A clause with fewer letters joins its neighbour ("Well,", 但是，); those of unspaced scripts count twice.
_MIN_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one language: groups that keep together or cut, in turn; the first that fits decides.

    `cuts` are the cutting rules one by one: only where one of them fits need the groups be asked.
    """

    groups: tuple[tuple[bool, regex.Pattern[str]], ...]
    cuts: tuple[regex.Pattern[str], ...]

    def breaks(self, paragraph: str) -> Iterator[int]:
        """Places in `paragraph` where a sentence ends, ascending. `TimeoutError` if a rule explodes."""
        patience = _PATIENCE + _PATIENCE_PER_CHARACTER * len(paragraph)
        # One search a rule: five times as fast as one search for all of them.
        places = {found.start() for cut in self.cuts for found in cut.finditer(paragraph, timeout=patience)}
        for place in sorted(places):
            for is_break, pattern in self.groups:
                if pattern.match(paragraph, place, timeout=patience):
                    if is_break:
                        yield place
                    break


def segment(
    text: EditedText,
    lang: str,
    *,
    name: str = "",
    srx: Path | None = None,
    presplit: bool = False,
    split_clauses: bool = False,
) -> Document:
    """Cut `text` into segments; `lang` (BCP 47) chooses the rules.

    A non-blank line is a paragraph, numbered from zero. `srx` takes the rules from a file instead of ours.
    `presplit`: each non-blank line is a segment, blank lines part the paragraphs. `split_clauses` cuts after
    semicolons, too. Raises `InputError` where `srx` can't be read or is no SRX.
    """
    spans = _lines(text.text) if presplit else _sentences(text.text, lang, srx)
    if split_clauses:
        spans = _cut_semicolons(text.text, spans)
    return Document(text.text, lang, tuple(Segment(*span) for span in spans), name, text.edits)


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    """Each non-blank line, stripped, with the number of its block of lines."""
    position, paragraph, in_block = 0, -1, False
    for line in text.splitlines(keepends=True):
        body = line.strip()
        if body:
            paragraph += not in_block
            start = position + line.index(body[0])
            yield start, start + len(body), paragraph
        in_block = bool(body)
        position += len(line)


def _sentences(text: str, lang: str, srx: Path | None) -> Iterator[tuple[int, int, int]]:
    rules = _rules(lang, srx)
    for paragraph, (start, end, _) in enumerate(_lines(text)):
        line = text[start:end]
        try:
            cuts = [*rules.breaks(line), len(line)]
        except TimeoutError:
            where = srx or _OWN_RULES
            raise InputError(
                f"{where}: a rule takes over {_PATIENCE:.0f} s for one paragraph; simplify it"
            ) from None
        for first, last in _pieces(line, cuts):
            yield start + first, start + last, paragraph


def _pieces(line: str, cuts: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The stretches between `cuts`, without the white space at their edges; blank ones are left out."""
    first = 0
    for cut in cuts:
        piece = line[first:cut]
        body = piece.strip()
        if body:
            start = first + len(piece) - len(piece.lstrip())
            yield start, start + len(body)
        first = cut


def _cut_semicolons(text: str, spans: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    for start, end, paragraph in spans:
        sentence = text[start:end]
        cuts = [found.end() for found in _SEMICOLON.finditer(sentence)]
        for first, last in _pieces(sentence, [*cuts, len(sentence)]):
            yield start + first, start + last, paragraph


def clauses(sentence: str, lang: str) -> list[tuple[int, int]]:
    """Spans `[start, end)` of the clauses of `sentence`: in order, without a gap, from 0 to its length.

    Cut after commas, semicolons, colons, dashes, dots and inner sentence ends, whatever the script; after 、
    only in Japanese, where it is the comma. A clause of a few letters is joined to the next one, the last to
    the one before.
    """
    cuts = {found.end() for found in _CLAUSE_END.finditer(sentence)} | {len(sentence)}
    if lang.split("-")[0].lower() == "ja":
        cuts.update(found.end() for found in _IDEOGRAPHIC_COMMA.finditer(sentence))
    spans: list[tuple[int, int]] = []
    start = piece = letters = 0
    for cut in sorted(cuts - {0}):
        letters += _count_letters(sentence[piece:cut])
        piece = cut
        if letters >= _MIN_LETTERS:
            spans.append((start, cut))
            start, letters = cut, 0
    if start < len(sentence):
        start = spans.pop()[0] if spans else start
        spans.append((start, len(sentence)))
    return spans


def _count_letters(text: str) -> int:
    return len(_LETTER.findall(text)) + len(_UNSPACED_LETTER.findall(text))


# SRX ----------------------------------------------------------------------------------------------------


def _rules(lang: str, srx: Path | None) -> Rules:
    if srx is None:
        return _own_rules(lang)
    try:
        if srx.stat().st_size > _MAX_RULES_BYTES:
            raise InputError(
                f"{srx}: larger than {_MAX_RULES_BYTES // 1_000_000} MB, no file of segmentation rules"
            )
        data = srx.read_bytes()
    except OSError as error:
        raise InputError(f"{srx}: can't read the segmentation rules: {error.strerror}") from None
    return _read_srx(data, lang, str(srx))


@lru_cache(maxsize=8)
def rules_signature(srx: Path | None = None) -> str:
    """A short hash of the rules in force: our own, or those of the file `srx`."""
    data = srx.read_bytes() if srx else (resources.files("aligner") / "data" / _OWN_RULES).read_bytes()
    return f"{srx.name if srx else 'own'}-{hashlib.sha256(data).hexdigest()[:8]}"


@lru_cache(maxsize=32)
def _own_rules(lang: str) -> Rules:
    return _read_srx((resources.files("aligner") / "data" / _OWN_RULES).read_bytes(), lang, _OWN_RULES)


def _read_srx(data: bytes, lang: str, where: str) -> Rules:
    """The rules that an SRX file holds for `lang`; they cascade unless the header says `cascade="no"`."""
    root = _parse(data, where)
    groups = {element.get("languagerulename"): element for element in root.iter("{*}languagerule")}
    cascade = all(header.get("cascade") != "no" for header in root.iter("{*}header"))
    rules: list[tuple[bool, str]] = []
    for entry in root.iter("{*}languagemap"):
        pattern, rule_name = entry.get("languagepattern") or "", entry.get("languagerulename")
        if not _compile(pattern, where, regex.IGNORECASE | regex.DOTALL).fullmatch(lang):
            continue
        if rule_name not in groups:
            raise InputError(
                f"{where}: the language map names {rule_name!r}, but there is no such languagerule"
            )
        rules += [_read_rule(rule, where) for rule in groups[rule_name].iter("{*}rule")]
        if not cascade:
            break
    return _group(rules, where)


def _parse(data: bytes, where: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"{where}: no SRX file, it isn't well-formed XML: {_first_line(error)}") from None
    if etree.QName(root).localname != "srx" or next(root.iter("{*}languagemap"), None) is None:
        raise InputError(f"{where}: no SRX file: <srx> with a <languagemap> is expected, found <{root.tag}>")
    if next(root.iter(etree.Entity), None) is not None:
        raise InputError(
            f"{where}: holds entities of its own, which are not read; write the characters instead"
        )
    return root


def _read_rule(rule: Any, where: str) -> tuple[bool, str]:
    """Whether it breaks, and one pattern that fits, without width, the places of the rule."""
    before, after = (rule.findtext("{*}" + tag) or "" for tag in ("beforebreak", "afterbreak"))
    for part in (before, after):
        _compile(_from_java(part), where)
    return rule.get("break") != "no", f"(?={_from_java(after)})(?<={_from_java(before)})"


def _from_java(pattern: str) -> str:
    """Patterns are written for ICU or Java, whose `\\x{201D}` and `\\Q...\\E` are spelt otherwise here."""
    pattern = regex.sub(r"\\x\{([0-9A-Fa-f]{1,8})\}", lambda m: f"\\U{int(m[1], 16):08X}", pattern)
    return str(regex.sub(r"\\Q(.*?)(?:\\E|$)", lambda m: regex.escape(m[1]), pattern))


def _group(rules: list[tuple[bool, str]], where: str) -> Rules:
    groups: list[tuple[bool, list[str]]] = []
    for is_break, pattern in rules:
        if not groups or groups[-1][0] != is_break:
            groups.append((is_break, []))
        groups[-1][1].append(pattern)
    return Rules(
        tuple((is_break, _compile(_either(patterns), where)) for is_break, patterns in groups),
        tuple(_compile(pattern, where) for is_break, pattern in rules if is_break),
    )


def _either(patterns: list[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def _compile(pattern: str, where: str, flags: int = 0) -> regex.Pattern[str]:
    try:
        return regex.compile(pattern, regex.VERSION1 | flags)
    except (regex.error, OverflowError, RecursionError) as error:
        raise InputError(
            f"{where}: can't understand the pattern {pattern[:80]!r}: {_first_line(error)}"
        ) from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
