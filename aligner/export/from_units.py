"""A TMX or XLIFF as an alignment again, to review, score or export it: a unit is a bead, a side a segment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aligner.bitext import STATUSES, Alignment, Bead, Document, Segment
from aligner.errors import InputError
from aligner.export.units import UNKNOWN_LANG, Unit
from aligner.language.joints import one_line
from aligner.read import tmx, xliff
from aligner.read.reading import Source
from aligner.read.xml import attribute, elements, inline_text, local_name, root_name

# XLIFF 1.2 and 2.0 states that only a person sets.
_REVIEWED = ("final", "signed-off", "reviewed")


@dataclass(slots=True)
class _Languages:
    source: str = ""
    target: str = ""


def load_units(path: str | Path) -> Alignment:
    """The units of a TMX or XLIFF file, gzipped or not, with the confidence and status our writers put there.

    A unit from elsewhere has confidence 1. Raises `InputError` where the file is neither or has no pair.
    """
    path = Path(path)
    source = _opened(path)
    kind, langs = root_name(source.data), _Languages()
    if kind not in ("tmx", "xliff"):
        raise source.refuse("is neither a TMX nor an XLIFF")
    units = list(_tmx_units(source, langs) if kind == "tmx" else _xliff_units(source, langs))
    if not any(unit.source and unit.target for unit in units):
        raise source.refuse("has no unit with text on both sides")
    return alignment_from_units(units, langs.source, langs.target, path.name)


def alignment_from_units(units: Iterable[Unit], src_lang: str, tgt_lang: str, name: str = "") -> Alignment:
    """One bead a unit, in order; a unit with one side empty is a one-sided bead, one with none is nothing."""
    source, target = _Side(), _Side()
    beads = []
    for unit in units:
        texts = one_line(unit.source), one_line(unit.target)
        if not any(texts):
            continue
        starts = len(source.segments), len(target.segments)
        source.add(texts[0])
        target.add(texts[1])
        ends = len(source.segments), len(target.segments)
        beads.append(Bead(starts[0], ends[0], starts[1], ends[1], unit.confidence, unit.status))
    documents = [side.document(lang, name) for side, lang in ((source, src_lang), (target, tgt_lang))]
    return Alignment(documents[0], documents[1], tuple(beads))


@dataclass(slots=True)
class _Side:
    lines: list[str] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> None:
        if text:
            self.segments.append(Segment(self.length, self.length + len(text), len(self.segments)))
            self.lines.append(text)
            self.length += len(text) + 1

    def document(self, lang: str, name: str) -> Document:
        return Document("\n".join(self.lines), lang or UNKNOWN_LANG, tuple(self.segments), name)


def _opened(path: Path) -> Source:
    import gzip

    from aligner.read.reading import MAX_EXPANDED_BYTES

    try:
        data = path.read_bytes()
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(path) as packed:
                data = packed.read(MAX_EXPANDED_BYTES + 1)
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: can't be read: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > MAX_EXPANDED_BYTES:
        raise InputError(f"{path}: expands to more than {MAX_EXPANDED_BYTES >> 20} MiB; split it")
    return Source(str(path), data)


def _tmx_units(source: Source, langs: _Languages) -> Iterator[Unit]:
    for element in elements(source, "header", "tu"):
        if local_name(element) == "header":
            declared = attribute(element, "srclang")
            langs.source = "" if declared == "*all*" else declared
            continue
        texts: dict[str, str] = {}
        for variant in element:
            if local_name(variant) == "tuv":
                text = "".join(inline_text(seg, tmx.CODES) for seg in variant if local_name(seg) == "seg")
                texts.setdefault(attribute(variant, "lang"), text)
        langs.source = _matching(texts, langs.source) or next(iter(texts), "")
        langs.target = langs.target or next((lang for lang in texts if lang != langs.source), "")
        facts = {attribute(prop, "type"): prop.text or "" for prop in element if local_name(prop) == "prop"}
        yield _unit(texts.get(langs.source, ""), texts.get(langs.target, ""), facts)


def _matching(texts: dict[str, str], lang: str) -> str:
    """The language among `texts` that is `lang` but for its letters' case; `lang` itself where none is."""
    return next((tag for tag in texts if tag.lower() == lang.lower()), lang)


def _xliff_units(source: Source, langs: _Languages) -> Iterator[Unit]:
    for element in elements(source, "trans-unit", "unit"):
        if not langs.source:
            langs.source, langs.target = _declared(element)
        facts = {
            attribute(fact, "context-type") or attribute(fact, "type"): fact.text or ""
            for fact in element.iter()
            if local_name(fact) in ("context", "meta")
        }
        pairs = [element] if local_name(element) == "trans-unit" else element.iter()
        for pair in pairs:
            if local_name(pair) not in ("trans-unit", "segment"):
                continue
            unit = _unit(_child_text(pair, "source"), _child_text(pair, "target"), facts)
            yield _reviewed(unit) if unit.status == "auto" and _is_reviewed(pair) else unit


def _declared(unit: Any) -> tuple[str, str]:
    for holder in unit.iterancestors():
        for names in (("source-language", "target-language"), ("srcLang", "trgLang")):
            if attribute(holder, names[0]):
                return attribute(holder, names[0]), attribute(holder, names[1])
    return "", ""


def _child_text(unit: Any, side: str) -> str:
    return "".join(inline_text(child, xliff.CODES) for child in unit if local_name(child) == side)


def _is_reviewed(pair: Any) -> bool:
    states = [attribute(child, "state") for child in pair if local_name(child) == "target"]
    states.append(attribute(pair, "state"))
    return attribute(pair, "approved") == "yes" or any(state in _REVIEWED for state in states)


def _reviewed(unit: Unit) -> Unit:
    return Unit(unit.id, unit.source, unit.target, unit.confidence, unit.type, "confirmed")


def _unit(source: str, target: str, facts: dict[str, str]) -> Unit:
    status, confidence = facts.get("x-align-status", ""), _confidence(facts.get("x-align-score", ""))
    return Unit(
        facts.get("x-align-id", ""), source.strip(), target.strip(), confidence,
        facts.get("x-align-type", "1-1"), status if status in STATUSES else "auto",
    )  # fmt: skip


def _confidence(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 1.0
    return value if 0.0 <= value <= 1.0 else 1.0
