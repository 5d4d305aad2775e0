"""One pass over a TMX: its findings and its languages. Of each unit some bytes stay in memory, never its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from aligner.check.grammar import attributes, faults_of, unit_faults
from aligner.check.parse import (
    Head,
    NotTmx,
    keys_of,
    read_head,
    read_unit,
    stray_faults,
    variants,
)
from aligner.check.plain import Content, read_plain
from aligner.check.repair import without_comments
from aligner.check.repeats import Repeats, place_of
from aligner.check.rules import MOST_LANGUAGES, Check, Findings
from aligner.check.stream import Encoding, Piece, find_encoding, pieces, text_of
from aligner.export.units import LONGEST_SIDE
from aligner.language.chinese import script_contradicts
from aligner.language.contradiction import is_in_other_script
from aligner.language.suggestion import is_registered, suggestion
from aligner.language.tags import is_chinese, is_valid_tag, primary
from aligner.language.tags import name as language_name

# Characters of each language by which its script is judged: all of the first units, then one unit in so many.
_SAMPLE, _SAMPLE_EVERY = 4_000, 500
_TAIL = re.compile(r"\s*</body\s*>\s*</tmx\s*>\s*")
# A full stop of Chinese or Japanese, then the next sentence; with and without a blank between.
SPACED = re.compile(r"(?:[。！？；][”」』）]?)[ \t\u00a0]+(?=[\u3041-\u30ff\u3400-\u9fff「『“（《])")
_TIGHT = re.compile(r"(?:[。！？；][”」』）]?)(?=[\u3041-\u30ff\u3400-\u9fff「『“（《])")


@dataclass(slots=True)
class Language:
    """One language code of the file: how many units have it, how many as their first variant; some text."""

    units: int = 0
    first: int = 0
    sample: list[str] = field(default_factory=list)
    sampled: int = 0

    def take(self, texts: Sequence[str], number: int) -> None:
        """Keep `texts` of unit `number` for the sample where there is room or its turn has come."""
        if self.sampled < _SAMPLE or (number % _SAMPLE_EVERY == 0 and self.sampled < 2 * _SAMPLE):
            text = "".join(texts)[:_SAMPLE]
            self.sample.append(text)
            self.sampled += len(text)

    def text(self) -> str:
        """The sample."""
        return "\n".join(self.sample)


def check_tmx(path: str | Path) -> Check:
    """What each tool will make of the TMX at `path` (gzipped or not).

    A file that is no TMX at all, cut short or malformed gives findings, not an error. Raises `InputError`
    where the file can't be read or its gzip packing is damaged.
    """
    return Scan(Path(path)).run()


class Scan:
    """A check under way. After `run`, `languages` and `srclang` say how the file's languages lie."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings = Findings()
        self.encoding: Encoding = Encoding("utf-8")
        self.languages: dict[str, Language] = {}
        self.srclang = ""
        self.units = 0
        self.is_tmx = True
        self.spaced = self.tight = 0
        self.spaced_at = ""
        self._together: set[frozenset[str]] = set()
        self._with_source = self._without_source = 0
        self._without_source_at = ""
        self._repeats = Repeats()
        self._other_script: dict[str, tuple[int, str]] = {}

    def run(self) -> Check:
        """Read the whole file."""
        self._check_name()
        self.encoding = find_encoding(self.path)
        try:
            self._read()
            self._check_encoding()
        except NotTmx as error:
            self.is_tmx = False
            self.findings.add(error.rule, "", str(error))
        return Check(
            self.path.name, self.findings.result(), self.units, self._codes(), self.encoding.used.upper()
        )

    def _read(self) -> None:
        head, tail = Head({}, None), ""
        place = ""
        for piece in pieces(text_of(self.path, self.encoding), str(self.path)):
            if piece.kind == "head":
                head = read_head(piece.text, self.findings)
                self.srclang = head.srclang
                self._check_head(head)
                tail = "in head" if re.search(r"</tmx\s*>|<tmx[^>]*/>", piece.text) else ""
            elif piece.kind == "unit":
                self.units += 1
                place = place_of(self.units, piece.line)
                self._check_unit(piece, head, place)
            elif piece.kind == "gap":
                self._check_gap(piece)
            else:
                tail = piece.text
        self._check_tail(tail)
        self._conclude()

    def _check_name(self) -> None:
        name = self.path.name
        if not name.endswith((".tmx", ".tmx.gz")):
            shown = (
                ".tmx" + name.lower().rpartition(".tmx")[2] if ".tmx" in name.lower() else self.path.suffix
            )
            self.findings.add("suffix", "", name[-len(shown) :] if shown else "no suffix")

    def _check_encoding(self) -> None:
        found, used = self.encoding, self.encoding.used.upper()
        if found.damaged:
            self.findings.add("undecodable", "", used)
        if found.contradicts:
            declared = found.declared or "UTF-8 (as it declares none)"
            self.findings.add("encoding-declaration", "", f"{declared}, while it is {used}")
        elif not used.startswith("UTF-"):
            self.findings.add("encoding-legacy", "", used)
        if used.startswith(("UTF-16", "UTF-32")):
            self.findings.add("utf-16", "", used.removesuffix("-LE").removesuffix("-BE"))
        elif found.mark:
            self.findings.add("bom")

    def _check_head(self, head: Head) -> None:
        for key, value in head.root.items():
            if key == "version" and value != "1.4":
                self.findings.add("version", "", repr(value))
            elif key == "xmlns":
                self.findings.add("namespace")
            elif key != "version" and not key.startswith(
                ("{http://www.w3.org/2001/XMLSchema-instance}", "xmlns")
            ):
                self.findings.add("extra-attribute", "", f"{key} on <tmx>")
        if "version" not in head.root:
            self.findings.add("version-missing")
        if head.header is None:
            self.findings.add("header-missing")
            return
        found = attributes(head.header)
        for rule, detail in faults_of(head.header):
            self.findings.add(rule, "the header", detail)
        if found.get("segtype") == "paragraph":
            self.findings.add("segtype-paragraph", "the header")
        if found.get("creationtool", "").lower() == "omegat":
            self.findings.add("creationtool-omegat", "the header")

    def _check_unit(self, piece: Piece, head: Head, place: str) -> None:
        self._repeats.open(piece.line)
        plain = read_plain(piece.plain) if piece.plain and not head.namespaces else None
        unit = plain or self._parsed(piece, head, place)
        if unit is None:
            return
        for rule, detail in unit.faults:
            self.findings.add(rule, place, detail)
        self._repeats.note_id(unit.attributes.get("tuid", ""))
        if not unit.codes:
            return
        shape = _shape(unit.codes, self.srclang)
        self._note_languages(unit, shape, place)
        self._check_texts(unit, shape, place)
        if len(unit.codes) > 1:
            self._repeats.note_texts(unit.codes, unit.texts, shape.source)

    def _parsed(self, piece: Piece, head: Head, place: str) -> Content | None:
        read = read_unit(piece, head.namespaces)
        for rule, count in read.faults.items():
            if rule != "comment":
                self.findings.add(rule, place, count=count)
        if read.element is None:
            self.findings.add("ill-formed", place, read.error)
            return None
        found = variants(read.element)
        return Content(
            attributes(read.element), tuple(unit_faults(read.element, read.text)),
            tuple(variant.code for variant in found), tuple(variant.texts for variant in found),
        )  # fmt: skip

    def _note_languages(self, unit: Content, shape: _Shape, place: str) -> None:
        for number, (key, texts) in enumerate(zip(shape.keys, unit.texts, strict=True)):
            language = self.languages.get(key)
            if language is None:
                if len(self.languages) >= MOST_LANGUAGES:
                    continue
                language = self.languages[key] = Language()
            language.units += 1
            language.first += number == 0
            language.take(texts, self.units)
        if len(self._together) < MOST_LANGUAGES:
            self._together.add(shape.distinct)
        for code in shape.doubled:
            self.findings.add("same-language", place, code)
        srclang = unit.attributes.get("srclang") or self.srclang
        if srclang in shape.distinct:
            self._with_source += 1
        elif srclang and srclang.lower() != "*all*":
            self._without_source += 1
            self._without_source_at = self._without_source_at or place

    def _check_texts(self, unit: Content, shape: _Shape, place: str) -> None:
        if len(unit.codes) == 1:
            self.findings.add("one-sided", place)
        elif not shape.doubled:
            self._note_scripts(unit, shape, place)
        for unspaced, texts in zip(shape.unspaced, unit.texts, strict=True):
            for text in texts:
                if not text or text.isspace():
                    self.findings.add("empty-seg", place)
                if len(text) > LONGEST_SIDE:
                    self.findings.add("too-long", place)
                if "\ufffd" in text:
                    self.findings.add("replacement-character", place)
                if unspaced:
                    self._note_spaces(text, place)

    def _note_scripts(self, unit: Content, shape: _Shape, place: str) -> None:
        """Count the variants in a script that their code never uses; a copy of the source stands for itself."""
        source = unit.texts[shape.source]
        for code, texts in zip(unit.codes, unit.texts, strict=True):
            beside = source[0] if source and texts is not source else ""
            if texts and is_in_other_script(texts[0], code.replace("_", "-"), beside):
                count, first = self._other_script.get(code, (0, place))
                self._other_script[code] = count + 1, first

    def _note_spaces(self, text: str, place: str) -> None:
        if "。" not in text and "！" not in text and "？" not in text:
            return
        spaced = len(SPACED.findall(text))
        self.tight += len(_TIGHT.findall(text))
        self.spaced += spaced
        if spaced and not self.spaced_at:
            self.spaced_at = place

    def _check_gap(self, piece: Piece) -> None:
        place = f"line {piece.line}"
        for rule, detail in stray_faults(without_comments(piece.text).strip(), "<body>"):
            self.findings.add(rule, place, detail)

    def _check_tail(self, tail: str) -> None:
        if tail == "in head":
            return
        rest = without_comments(tail)
        if _TAIL.fullmatch(rest):
            return
        if re.search(r"</tmx\s*>", rest):
            self.findings.add("ill-formed", "the end", "something else around </body></tmx>")
        else:
            self.findings.add("truncated", "", "</body></tmx> is missing")

    def _conclude(self) -> None:
        if not self.units:
            self.findings.add("no-units")
        self._repeats.report(self.findings)
        self._judge_srclang()
        self._judge_spellings()
        for code, language in self.named().items():
            if not is_known_code(code):
                meant = suggestion(code)
                self.findings.add("lang-name", "", f"{code!r} ({meant} is meant)" if meant else repr(code))
                continue
            contradiction = script_contradicts(language.text(), code.replace("_", "-"))
            units, place = self._other_script.get(code, (0, ""))
            if contradiction:
                self.findings.add("script-contradicts", "", contradiction, count=language.units)
            elif units:
                self.findings.add("unit-script", place, code, count=units)
        if self.spaced > self.tight:
            self.findings.add("cjk-spaces", self.spaced_at, count=self.spaced)

    def _judge_srclang(self) -> None:
        named = sorted(self.named(), key=lambda code: -self.languages[code].first)
        if self.srclang.lower() == "*all*":
            self.findings.add("srclang-all", "the header")
        elif self.srclang and named and not self._with_source:
            alike = next((code for code in named if code.lower() == self.srclang.lower()), "")
            if alike:
                self.findings.add("srclang-case", "the header", f"{self.srclang!r}, the units say {alike!r}")
            else:
                said = " and ".join(map(repr, named[:3]))
                self.findings.add(
                    "srclang-different", "the header", f"{self.srclang!r}, the units say {said}"
                )
        elif self._without_source and self.srclang and named:
            self.findings.add(
                "unit-srclang", self._without_source_at, self.srclang, count=self._without_source
            )

    def _judge_spellings(self) -> None:
        alike: dict[str, list[str]] = {}
        for code in self.named():
            alike.setdefault(code.lower().replace("_", "-"), []).append(code)
        for codes in alike.values():
            if len(codes) > 1:
                self.findings.add("lang-case", "", ", ".join(sorted(codes)))
        related: dict[str, list[str]] = {}
        for code in alike:
            related.setdefault(primary(code), []).append(code)
        for language, codes in related.items():
            together = any(
                len({c.lower().replace("_", "-") for c in unit if primary(c) == language}) > 1
                for unit in self._together
            )
            if language and len(codes) > 1 and not together:
                shown = ", ".join(sorted(alike[code][0] for code in codes))
                self.findings.add("lang-mixed", "", f"{language_name(language)}: {shown}")

    def _codes(self) -> tuple[str, ...]:
        """The codes of the file, the source's first, then by how many units have them."""
        source = self.srclang.lower()
        return tuple(
            sorted(self.named(), key=lambda code: (code.lower() != source, -self.languages[code].units))
        )

    def named(self) -> dict[str, Language]:
        """The languages under the codes that the file gives them."""
        return {key: language for key, language in self.languages.items() if "#" not in key}


class _Shape(NamedTuple):
    """What the codes of a unit's variants say about it.

    `keys` to keep them apart by, the `distinct` codes, those that are `doubled`, the place of the `source`,
    and for each variant whether its script stands `unspaced`.
    """

    keys: tuple[str, ...]
    distinct: frozenset[str]
    doubled: tuple[str, ...]
    source: int
    unspaced: tuple[bool, ...]


@lru_cache(maxsize=MOST_LANGUAGES)
def _shape(codes: tuple[str, ...], srclang: str) -> _Shape:
    distinct = frozenset(codes)
    return _Shape(
        tuple(keys_of(codes)),
        distinct,
        tuple(code for code in distinct if code and codes.count(code) > 1),
        next((number for number, code in enumerate(codes) if code.lower() == srclang.lower()), 0),
        tuple(is_chinese(code) or primary(code) == "ja" for code in codes),
    )


def is_known_code(code: str) -> bool:
    """Whether `code`, underscores forgiven, is a language code that a tool can know."""
    tag = code.replace("_", "-")
    return is_valid_tag(tag) and is_registered(tag) and (len(primary(tag)) > len("en") or not suggestion(tag))
