"""XLIFF 1.2 and 2.0: a translation unit (1.2) or segment (2.0) is a row of source and target."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aligner.language.joints import line_joint
from aligner.language.tags import primary
from aligner.read.inline import Content, content, end_of
from aligner.read.reading import Column, Reading, Source, tidy_tag
from aligner.read.xml import attribute, elements, local_name
from aligner.text.edits import EditedText

Languages = tuple[str, str]
"""The codes of source and target as the file declares them, empty where it does not."""

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_WRAP = "hard-wrap"
_NO_TEXT = "not-translatable"
# The unit that holds the head of a gettext catalogue, as OASIS's guide for PO names it.
_GETTEXT_HEAD = "x-gettext-domain-header"
_BREAKS = re.compile(r"(?<![ \t])[ \t]*[\r\n]\s*")
_NEAR = 16  # Characters on each side of a line break that say whether a blank belongs there.
_NOTHING = EditedText("")


def read_xliff(source: Source) -> Reading:
    """Two columns, source and target, for each pair of languages that the file's parts declare.

    A unit is one paragraph, of whose sentences the splitter knows: where `xml:space` preserves its line breaks, they
    are read as blanks, on record as `hard-wrap`. A unit not yet translated has an empty target. Raises `InputError`
    where none is translated.
    """
    rows: list[tuple[Languages, EditedText, EditedText]] = []
    natives: dict[str, str] = {}
    for unit in elements(source, "tag", "trans-unit", "unit"):
        if local_name(unit) == "tag":
            natives |= native_of_tag(unit)
            continue
        languages = declared_languages(unit)
        for segment in segments_of(unit):
            sides = [segment.side(side, natives) for side in ("source", "target")]
            if source.applies(_WRAP):
                sides = [
                    Content(_on_one_line(text), tuple(map(_on_one_line, flows))) for text, flows in sides
                ]
            lines = [side.lines() for side in sides]
            here = (languages[0], segment.language("target") or languages[1])
            if primary(here[1]) == primary(languages[1]):  # the part's code stands for all that are as near
                here = languages
            if source.applies(_NO_TEXT) and _is_no_text(unit, lines):
                lines = [
                    line.replace([(0, len(line.text), "")] * bool(line.text), _NO_TEXT) for line in lines
                ]
            if any(side.text.strip() or side.edits or side.codes for side in lines):
                rows.append((here, lines[0], lines[1]))
    if not any(target.text.strip() for _, _, target in rows):
        raise source.refuse("an XLIFF without any translated unit; nothing to align")
    pairs = list(dict.fromkeys(languages for languages, _, _ in rows))
    columns = [column for pair in pairs for column in _columns(pair, rows)]
    places = tuple((2 * number, 2 * number + 1) for number in range(len(pairs)))
    return Reading(source.name, tuple(columns), "xliff", pairs=places if len(pairs) > 1 else ())


def _is_no_text(unit: Any, sides: Sequence[EditedText]) -> bool:
    """Whether a unit is the head of a catalogue, or is not to be translated and was not."""
    if attribute(unit, "restype") == _GETTEXT_HEAD:
        return True
    source, target = (side.text.strip() for side in sides)
    return attribute(unit, "translate") == "no" and target in ("", source)


def _on_one_line(text: EditedText) -> EditedText:
    """`text` with line breaks as blanks, or as nothing where its script has none."""
    breaks = [
        (
            run.start(),
            run.end(),
            line_joint(
                text.text[max(0, run.start() - _NEAR) : run.start()], text.text[run.end() : run.end() + _NEAR]
            ),
        )
        for run in _BREAKS.finditer(text.text)
    ]
    return text.replace(breaks, _WRAP)


def _columns(pair: Languages, rows: list[tuple[Languages, EditedText, EditedText]]) -> Iterator[Column]:
    sides = [
        (source, target) if languages == pair else (_NOTHING, _NOTHING) for languages, source, target in rows
    ]
    yield Column(tidy_tag(pair[0]) or None, tuple(source for source, _ in sides))
    yield Column(tidy_tag(pair[1]) or None, tuple(target for _, target in sides))


@dataclass(frozen=True, slots=True)
class Segment:
    """An element that holds a `source` and perhaps a `target`; `data` are the native codes its unit keeps."""

    element: Any
    data: Mapping[str, str] = field(default_factory=dict)

    def side(self, side: str, natives: Mapping[str, str]) -> Content:
        """Its own `source` or `target`; those of alternatives and earlier matches are no text of the unit."""
        for child in self.element:
            if local_name(child) == side:
                return content(child, collapse=not _keeps_space(child), natives={**natives, **self.data})
        return Content(_NOTHING)

    def language(self, side: str) -> str:
        """The language that its `source` or `target` names for itself, empty where it names none."""
        named = (child.get(_XML_LANG) for child in self.element if local_name(child) == side)
        return next(named, None) or ""


def segments_of(unit: Any) -> Iterator[Segment]:
    """The segments of a `trans-unit` (itself) or of a `unit`, in order, without those in a `matches` part."""
    if local_name(unit) == "trans-unit":
        yield Segment(unit)
        return
    data = {
        attribute(each, "id"): "".join(each.itertext())
        for part in unit
        if local_name(part) == "originalData"
        for each in part
        if local_name(each) == "data"
    }
    for part in unit:
        if local_name(part) in ("segment", "ignorable"):
            yield Segment(part, data)


def declared_languages(unit: Any) -> Languages:
    """The languages of the `file` (1.2) or of the `xliff` (2.0) that `unit` is in."""
    for holder in unit.iterancestors():
        for names in (("source-language", "target-language"), ("srcLang", "trgLang")):
            if attribute(holder, names[0]):
                return attribute(holder, names[0]), attribute(holder, names[1])
    return "", ""


def _keeps_space(element: Any) -> bool:
    """Whether white space is text here: the nearest `xml:space` says so."""
    for holder in (element, *element.iterancestors()):
        if holder.get(_XML_SPACE):
            return str(holder.get(_XML_SPACE)) == "preserve"
    return False


def native_of_tag(tag: Any) -> dict[str, str]:
    """What an SDLXLIFF says about a code that its units name by number, and about the end of one around text."""
    texts = {local_name(part): part.text or "" for part in tag}
    begins = [texts[name] for name in ("ph", "bpt", "st") if name in texts]
    name = attribute(tag, "id")
    return {name: begins[0], end_of(name): texts.get("ept", "")} if begins else {}
