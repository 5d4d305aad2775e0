"""A TMX or XLIFF as an alignment again, to review, score or export it: a unit is a bead, a side a segment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from aligner.bitext import STATUSES, Alignment, Bead, Document, Segment
from aligner.errors import InputError
from aligner.export.units import UNKNOWN_LANG
from aligner.files import ordinary
from aligner.read import xliff
from aligner.read.choice import left_out, pick
from aligner.read.inline import Content
from aligner.read.reading import Source
from aligner.read.tmx import variant_content
from aligner.read.xml import attribute, elements, local_name, root_name
from aligner.text.edits import EditedText

# XLIFF 1.2 and 2.0 states that only a person sets.
_REVIEWED = ("final", "signed-off", "reviewed")
_NOTHING = Content(EditedText(""))


@dataclass(frozen=True, slots=True)
class Loaded:
    """The units of a file in one pair of languages, and lines that say which others were left out."""

    alignment: Alignment
    notes: tuple[str, ...] = ()


class _Entry(NamedTuple):
    """A unit on its way in: its contents by language, source first, and what the file says about it."""

    contents: dict[str, Content]
    confidence: float
    status: str


class _Pair(NamedTuple):
    """A source and a target text that are one bead."""

    source: EditedText
    target: EditedText
    confidence: float
    status: str


def load_units(path: str | Path) -> Alignment:
    """The alignment of `read_units`, of the languages that most units have."""
    return read_units(path).alignment


def read_units(path: str | Path, src_lang: str | None = None, tgt_lang: str | None = None) -> Loaded:
    """The units of a TMX or XLIFF file, gzipped or not, with the confidence and status our writers put there.

    A unit from elsewhere has confidence 1. In a file with several languages `src_lang` and `tgt_lang` choose, or
    the source that it declares and the target that most units have. Raises `InputError` where the file is
    neither, has no pair, or none in the languages asked for.
    """
    path = Path(path)
    source = opened(path)
    kind = root_name(source.data)
    if kind not in ("tmx", "xliff"):
        raise source.refuse("is neither a TMX nor an XLIFF")
    entries = list(_tmx_entries(source) if kind == "tmx" else _xliff_entries(source))
    langs, notes = _chosen(source, entries, src_lang, tgt_lang)
    pairs = [pair for entry in entries for pair in _pairs_of(entry, langs)]
    if not any(pair.source.text.strip() and pair.target.text.strip() for pair in pairs):
        raise source.refuse("has no unit with text on both sides")
    return Loaded(_alignment(pairs, langs, path.name), notes)


def _alignment(pairs: Iterable[_Pair], langs: tuple[str, str], name: str) -> Alignment:
    """One bead a pair, in order; one with one side empty is a one-sided bead."""
    source, target = _Side(), _Side()
    beads = []
    for pair in pairs:
        starts = len(source.segments), len(target.segments)
        source.add(pair.source)
        target.add(pair.target)
        ends = len(source.segments), len(target.segments)
        if starts != ends:
            beads.append(Bead(starts[0], ends[0], starts[1], ends[1], pair.confidence, pair.status))
    documents = [side.document(_code(lang), name) for side, lang in zip((source, target), langs, strict=True)]
    return Alignment(documents[0], documents[1], tuple(beads))


@dataclass(slots=True)
class _Side:
    texts: list[EditedText] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    length: int = 0

    def add(self, text: EditedText) -> None:
        # Blanks at the edges stand in the text, as other tools wrote them, and in no segment.
        stripped = text.text.strip()
        if stripped:
            start = self.length + text.text.index(stripped)
            self.segments.append(Segment(start, start + len(stripped), len(self.segments)))
        if text.text or text.edits or text.codes:
            self.texts.append(text)
            self.length += len(text.text) + 1

    def document(self, lang: str, name: str) -> Document:
        whole = EditedText.join(self.texts, "\n")
        return Document(
            whole.text, lang or UNKNOWN_LANG, tuple(self.segments), name, whole.edits, whole.codes
        )


def _pairs_of(entry: _Entry, langs: tuple[str, str]) -> Iterator[_Pair]:
    """The entry's texts in `langs`, then its sub-flows, one with one where both sides have as many."""
    sides = [entry.contents.get(lang, _NOTHING) for lang in langs]
    if langs[0] not in entry.contents and langs[1] not in entry.contents:
        return
    yield _Pair(sides[0].text, sides[1].text, entry.confidence, entry.status)
    flows = [side.flows for side in sides]
    if len(flows[0]) != len(flows[1]):
        flows = [(EditedText.join(each, "\n"),) for each in flows]
    for source, target in zip(*flows, strict=True):
        yield _Pair(source, target, entry.confidence, entry.status)


def opened(path: Path) -> Source:
    """The bytes of a file, gzipped or not. Raises `InputError` where it can't be read or is too large."""
    import gzip

    from aligner.read.reading import MAX_EXPANDED_BYTES

    try:
        data = ordinary(path).read_bytes()
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(path) as packed:
                data = packed.read(MAX_EXPANDED_BYTES + 1)
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: can't be read: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > MAX_EXPANDED_BYTES:
        raise InputError(f"{path}: expands to more than {MAX_EXPANDED_BYTES >> 20} MiB; split it")
    return Source(str(path), data)


def _tmx_entries(source: Source) -> Iterator[_Entry]:
    """Each unit, the variant in the language that the file declares as the source's first."""
    declared, spellings = "", dict[str, str]()
    for element in elements(source, "header", "tu"):
        if local_name(element) == "header":
            declared = attribute(element, "srclang").lower()
            continue
        contents: dict[str, Content] = {}
        for variant in element:
            if local_name(variant) == "tuv":
                code = attribute(variant, "lang")
                code = spellings.setdefault(code.lower(), code)
                contents[_free(code, contents)] = variant_content(variant)
        first = sorted(contents, key=lambda code: code.lower() != declared)
        facts = {attribute(prop, "type"): prop.text or "" for prop in element if local_name(prop) == "prop"}
        yield _entry({code: contents[code] for code in first}, facts)


def _xliff_entries(source: Source) -> Iterator[_Entry]:
    natives: dict[str, str] = {}
    for unit in elements(source, "tag", "trans-unit", "unit"):
        if local_name(unit) == "tag":
            natives |= xliff.native_of_tag(unit)
            continue
        langs = xliff.declared_languages(unit)
        facts = {
            attribute(fact, "context-type") or attribute(fact, "type"): fact.text or ""
            for fact in unit.iter()
            if local_name(fact) in ("context", "meta")
        }
        for segment in xliff.segments_of(unit):
            sides = [segment.side(side, natives) for side in ("source", "target")]
            entry = _entry({langs[0]: sides[0], _free(langs[1], langs[:1]): sides[1]}, facts)
            is_done = entry.status == "auto" and _is_reviewed(segment.element)
            yield entry._replace(status="confirmed") if is_done else entry


def _free(code: str, taken: Container[str]) -> str:
    """`code`, or `code#1`, `code#2` … where there is one already: a pair within one language."""
    return next(key for n in count() if (key := f"{code}#{n}" if n else code) not in taken)


def _code(key: str) -> str:
    return key.partition("#")[0]


def _chosen(
    source: Source, entries: Sequence[_Entry], src_lang: str | None, tgt_lang: str | None
) -> tuple[tuple[str, str], tuple[str, ...]]:
    """Two keys of `_Entry.contents`, and lines that name the others."""
    filled = Counter(key for entry in entries for key, content in entry.contents.items() if content.text.text)
    seen = Counter(
        (first, key) for entry in entries for first, *others in [entry.contents] for key in others
    )  # fmt: skip
    pairs = [pair for pair in seen if seen[pair] >= seen.get((pair[1], pair[0]), 0)]
    if not pairs:
        raise source.refuse("has no unit with text on both sides")
    keys = list(dict.fromkeys(key for pair in pairs for key in pair))
    if len(keys) == 2:  # noqa: PLR2004
        return pairs[0], ()
    tags = [f"{_code(key)} ({key.partition('#')[2]})" if "#" in key else key for key in keys]
    places = [(keys.index(first), keys.index(second)) for first, second in pairs]
    chosen = places[pairs.index(max(pairs, key=seen.__getitem__))]
    if src_lang or tgt_lang:
        is_tmx = any(len(entry.contents) > 2 for entry in entries)  # noqa: PLR2004
        chosen = pick(source.name, tags, () if is_tmx else places, src_lang, tgt_lang)
    notes = left_out(source.name, tags, places, chosen, [filled[key] for key in keys])
    return (keys[chosen[0]], keys[chosen[1]]), notes


def _is_reviewed(pair: Any) -> bool:
    states = [attribute(child, "state") for child in pair if local_name(child) == "target"]
    states.append(attribute(pair, "state"))
    return attribute(pair, "approved") == "yes" or any(state in _REVIEWED for state in states)


def _entry(contents: dict[str, Content], facts: dict[str, str]) -> _Entry:
    status, confidence = facts.get("x-align-status", ""), confidence_of(facts.get("x-align-score", ""))
    return _Entry(contents, confidence, status if status in STATUSES else "auto")


def confidence_of(text: str) -> float:
    """A confidence as a file has it; 1 where it has none, or what is none."""
    try:
        value = float(text)
    except ValueError:
        return 1.0
    return value if 0.0 <= value <= 1.0 else 1.0
