"""A corrected copy of a TMX: the same units, written as the strictest reader wants them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from gzip import GzipFile
from pathlib import Path
from typing import Any, BinaryIO

from aligner.check.grammar import SEGTYPES, attributes
from aligner.check.languages import Codes, choose_codes
from aligner.check.parse import Head, keys_of, read_head, read_unit, variants
from aligner.check.repeats import place_of
from aligner.check.rules import Check, Findings
from aligner.check.scan import SPACED, Scan
from aligner.check.stream import Piece, pieces, text_of
from aligner.check.write import children, element, seg_text, tidy
from aligner.errors import InputError, Shortfall, UsageError
from aligner.export.seen import Seen
from aligner.export.tmx import tmx_date, tool_version
from aligner.export.units import digest
from aligner.files import check_writable, replacing
from aligner.language.tags import is_chinese, primary
from aligner.read.xml import local_name

# The original stays as it is, so a list this long is enough to look through.
MOST_LISTED = 10_000
ILL_FORMED, ONE_LANGUAGE, STRAY = "malformed XML", "text in one language only", "not inside a unit"

# What is done about each finding; the findings that are not here stay as they are.
_DONE = {
    "control-character": "control characters taken out", "c1-control": "control characters taken out",
    "surrogate": "halves of surrogate pairs joined or taken out", "ampersand": "& escaped",
    "less-than": "< escaped", "html-entity": "HTML entities written as characters",
    "markup-in-seg": "HTML tags kept as text", "encoding-declaration": "written in UTF-8",
    "undecodable": "written in UTF-8, with U+FFFD for bytes that mean nothing", "utf-16": "written in UTF-8",
    "encoding-legacy": "written in UTF-8", "bom": "byte order mark left out", "version": "version 1.4",
    "version-missing": "version 1.4", "namespace": "xmlns left out", "header-missing": "header added",
    "header-attribute": "missing header attribute added", "srclang-missing": "srclang set",
    "srclang-different": "srclang set", "srclang-case": "srclang set", "srclang-all": "srclang set",
    "extra-attribute": "attributes TMX does not know left out", "xml-space": "xml:space left out",
    "missing-attribute": "missing attributes added, or another tag taken",
    "attribute-value": "attribute values TMX does not know replaced or left out",
    "lang-attribute": "lang written as xml:lang", "lang-missing": "xml:lang set by the text's language",
    "order": "notes and props moved to the front", "empty-unit": "units without variants left out",
    "no-seg": "variants without seg left out", "second-seg": "second segs made units of their own",
    "unknown-element": "elements TMX does not allow taken out, their text kept",
    "stray-text": "text outside segs made notes", "empty-seg": "variants without text left out",
    "same-language": "second variants in a language made units of their own",
    "segtype-paragraph": 'segtype="sentence"', "creationtool-omegat": "creationtool no longer OmegaT",
    "inline-unbalanced": "lone <bpt> and <ept> written as <it>",
    "cjk-spaces": "spaces between Chinese or Japanese sentences taken out",
    "duplicate": "copies of earlier units left out", "tuid-duplicate": "new tuid given",
    "date": "dates rewritten, or left out where they can't be read", "truncated": "the missing end added",
    "internal-subset": "document type left out",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A unit, or text beside the units, that the copy can't hold."""

    where: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class FixReport:
    """What became of a TMX: `units` in the copy at `path`; each change and how often.

    `left_out` has the first 10,000 of what the copy can't hold, `left_out_counts` counts all of it.
    """

    path: Path
    units: int
    src_lang: str
    tgt_langs: tuple[str, ...]
    changes: tuple[tuple[str, int], ...]
    left_out: tuple[LeftOut, ...]
    left_out_counts: tuple[tuple[str, int], ...]


def fix_tmx(
    path: str | Path, out_path: str | Path, *, src_lang: str | None = None, tgt_lang: str | None = None
) -> FixReport:
    """Write a copy of the TMX at `path` to `out_path` that every tool takes.

    It is gzipped where that ends in `.gz`; a suffix in capitals is written small. Units keep their order,
    notes, props, dates and sound inline tags. `src_lang` and `tgt_lang` are the codes to write for the source
    and the target.
    Raises `InputError` where the file is no TMX or an attack, `UsageError` for codes that can't be set or
    where the copy would overwrite the original, `OutputError`, and `Shortfall` where no unit has two sides.
    """
    path, target = Path(path), _small_suffix(Path(out_path))
    if target.resolve() == path.resolve() or (target.exists() and path.exists() and target.samefile(path)):
        raise UsageError(f"{target}: is the file to correct; give the copy another name")
    check_writable(target)
    scan = Scan(path)
    check = scan.run()
    if not scan.is_tmx:
        raise InputError(f"{path}: {check.findings[0].message}; {check.findings[0].advice}")
    codes = choose_codes(scan, src_lang, tgt_lang)
    with replacing(target) as (file,):
        fixer = _Fixer(scan, codes)
        if target.name.endswith(".gz"):
            with GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                fixer.write(packed)
        else:
            fixer.write(file)
        if not fixer.units:
            raise Shortfall(f"{path}: no unit has text in two languages; nothing was written")
    return FixReport(
        target, fixer.units, codes.source, tuple(sorted(fixer.targets)), _changes(check, codes),
        tuple(fixer.left_out), tuple(fixer.left_out_counts.items()),
    )  # fmt: skip


def _small_suffix(path: Path) -> Path:
    found = re.search(r"\.tmx(?:\.gz)?$", path.name, re.I)
    return path.with_name(path.name[: found.start()] + found[0].lower()) if found else path


def _changes(check: Check, codes: Codes) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for finding in check.findings:
        if finding.rule in _DONE:
            counts[_DONE[finding.rule]] += finding.count
    for found, written in codes.renamed():
        counts[f"{found or 'no code'} became {written}"] += 1
    return tuple(counts.items())


class _Fixer:
    def __init__(self, scan: Scan, codes: Codes) -> None:
        self.scan, self.codes = scan, codes
        self.tighten = scan.spaced > scan.tight
        self.units = 0
        self.targets: set[str] = set()
        self.left_out: list[LeftOut] = []
        self.left_out_counts: Counter[str] = Counter()
        self._pairs, self._ids = Seen(), Seen()

    def write(self, file: BinaryIO | GzipFile) -> None:
        head, number = Head({}, None), 0
        for piece in pieces(text_of(self.scan.path, self.scan.encoding), str(self.scan.path)):
            if piece.kind == "head":
                head = read_head(piece.text, Findings())
                file.write(self._header(head.header).encode())
            elif piece.kind == "unit":
                number += 1
                for unit in self._units(piece, head, place_of(number, piece.line)):
                    file.write(unit.encode())
            else:
                self._look_beside(piece)
        file.write(b"</body>\n</tmx>\n")

    def _header(self, header: Any) -> str:
        found = tidy("header", attributes(header)) if header is not None else {}
        if found.get("creationtool", "OmegaT").lower() == "omegat":
            found |= {"creationtool": "aligner", "creationtoolversion": tool_version()}
        if found.get("segtype") not in SEGTYPES - {"paragraph"}:
            found["segtype"] = "sentence"
        defaults = {
            "creationtoolversion": "0", "o-tmf": "unknown", "adminlang": "en", "datatype": "plaintext",
            "creationdate": tmx_date(datetime.now(UTC)),
        }  # fmt: skip
        found = {
            **defaults,
            **{key: value for key, value in found.items() if value},
            "srclang": self.codes.source,
        }
        inside = children(header, "header") if header is not None else ""
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
            f"{element('header', found, inside)}\n<body>\n"
        )

    def _units(self, piece: Piece, head: Head, place: str) -> Iterator[str]:
        unit = read_unit(piece, head.namespaces).element
        if unit is None:
            self._leave_out(place, ILL_FORMED, piece.text)
            return
        groups = self._groups(unit)
        if len(groups) < 2:  # noqa: PLR2004 - a pair
            texts = [text for group in groups.values() for text, _ in group]
            if texts or _has_text(unit):
                self._leave_out(place, ONE_LANGUAGE, " | ".join(texts) or "".join(unit.itertext()).strip())
            return
        for chosen in _combinations(groups):
            if self._pairs.add(digest(*(part for tag, (seg, _) in chosen for part in (tag, seg)))):
                yield self._unit(unit, chosen)

    def _groups(self, unit: Any) -> dict[str, list[tuple[str, Any]]]:
        """For each language, the source first, its segs as XML, each with the `<tuv>` it came from."""
        found = variants(unit)
        groups: dict[str, list[tuple[str, Any]]] = {}
        for key, variant in zip(keys_of([v.code for v in found]), found, strict=True):
            tag = self.codes.tag(key)
            for seg, text in zip(variant.segs, variant.texts, strict=True):
                if text.strip():
                    groups.setdefault(tag, []).append((self._seg(seg, tag), variant.element))
        source = self.codes.source
        return {source: groups[source], **groups} if source in groups else groups

    def _seg(self, seg: Any, tag: str) -> str:
        written = seg_text(seg)
        if self.tighten and (is_chinese(tag) or primary(tag) == "ja"):
            return SPACED.sub(lambda match: match[0].rstrip(), written)
        return written

    def _unit(self, unit: Any, chosen: Sequence[tuple[str, tuple[str, Any]]]) -> str:
        found = tidy("tu", attributes(unit))
        found.pop("srclang", None)
        found["tuid"] = self._tuid(found.get("tuid", ""), [seg for _, (seg, _) in chosen])
        inside = children(unit, "tu")
        for tag, (seg, variant) in chosen:
            own = tidy("tuv", attributes(variant))
            own.pop("lang", None)
            notes = children(variant, "tuv")
            inside += "  " + element("tuv", {**own, "xml:lang": tag}, f"{notes}<seg>{seg}</seg>") + "\n"
        self.units += 1
        self.targets |= {tag for tag, _ in chosen} - {self.codes.source}
        return element("tu", found, f"\n{inside}") + "\n"

    def _tuid(self, tuid: str, segs: list[str]) -> str:
        number = 0
        while not tuid or not self._ids.add(digest(tuid)):
            tuid = f"{digest(*segs, str(number)):016x}"
            number += 1
        return tuid

    def _look_beside(self, piece: Piece) -> None:
        rest = re.sub(r"</?(?:body|tmx)\s*>", "", piece.text).strip()
        if rest and not rest.startswith(("<!--", "<?")):
            self._leave_out(f"line {piece.line}", STRAY, rest)

    def _leave_out(self, where: str, reason: str, text: str) -> None:
        self.left_out_counts[reason] += 1
        if len(self.left_out) < MOST_LISTED:
            self.left_out.append(LeftOut(where, reason, text.strip()))


def _combinations(groups: dict[str, list[tuple[str, Any]]]) -> Iterator[list[tuple[str, tuple[str, Any]]]]:
    """The first variants of all languages; then each further variant with the first of one other language."""
    firsts = [(tag, group[0]) for tag, group in groups.items()]
    yield firsts
    for place, (tag, group) in enumerate(groups.items()):
        for extra in group[1:]:
            yield [(tag, extra), firsts[1]] if place == 0 else [firsts[0], (tag, extra)]


def _has_text(unit: Any) -> bool:
    return any(
        text.strip() for node in unit.iter() if local_name(node) != "prop" for text in [node.text or ""]
    )
