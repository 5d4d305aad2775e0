"""The structure of a Word document: which paragraphs are headings and items, the numbers that it counts itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aligner.read.docx_format import based, settings_of
from aligner.read.outline import Outline, whole_number
from aligner.read.xml import attribute, local_name

_HEADING = re.compile(r"heading [1-9]", re.I)
_LEVELS = 9
_UNCOUNTED = ("bullet", "none")


@dataclass(frozen=True, slots=True)
class Outlines:
    """What styles and lists say of paragraphs. `headings`: the styles of headings.

    `lists`: the list and the level, from 0, of each style that is a list's. `counted`: the levels of lists that count.
    """

    headings: frozenset[str] = frozenset()
    lists: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    counted: frozenset[tuple[str, int]] = frozenset()


def outlines_of(styles: Mapping[str, Any], numbering: Any) -> Outlines:
    """`styles` by their id; `numbering` is the root of the part that describes lists, None where there is none."""
    headings: list[str] = []
    lists: dict[str, tuple[str, int]] = {}
    for name in styles:
        settings: dict[str, Any] = {}
        for each in based(name, styles):
            settings = settings_of(each, "pPr") | settings
        if _is_heading(settings) or _HEADING.fullmatch(_name(styles[name])):
            headings.append(name)
        if "numPr" in settings:
            lists[name] = _list_of(settings["numPr"])
    return Outlines(frozenset(headings), lists, frozenset() if numbering is None else _counted(numbering))


def _is_heading(settings: Mapping[str, Any]) -> bool:
    level = settings.get("outlineLvl")
    return level is not None and whole_number(attribute(level, "val"), _LEVELS) < _LEVELS


def _name(style: Any) -> str:
    return next((attribute(each, "val") for each in style if local_name(each) == "name"), "")


def _list_of(settings: Any) -> tuple[str, int]:
    values = {local_name(each): attribute(each, "val") for each in settings}
    return values.get("numId", "0"), whole_number(values.get("ilvl", "0"), 0)


def _counted(numbering: Any) -> frozenset[tuple[str, int]]:
    kinds: dict[str, list[int]] = {}
    for kind in (each for each in numbering if local_name(each) == "abstractNum"):
        kinds[attribute(kind, "abstractNumId")] = [
            whole_number(attribute(level, "ilvl"), 0)
            for level in kind
            if local_name(level) == "lvl"
            and any(
                local_name(each) == "numFmt" and attribute(each, "val") not in _UNCOUNTED for each in level
            )
        ]
    return frozenset(
        (attribute(each, "numId"), level)
        for each in numbering
        if local_name(each) == "num"
        for kind in each
        if local_name(kind) == "abstractNumId"
        for level in kinds.get(attribute(kind, "val"), ())
    )


@dataclass(slots=True)
class DocxOutline:
    """Where the story stands: the outline, and how far each list has counted."""

    outlines: Outlines
    outline: Outline = field(default_factory=Outline)
    counts: dict[str, list[int]] = field(default_factory=dict)

    def begin_paragraph(self, settings: Mapping[str, Any]) -> None:
        """A paragraph with these settings begins: a heading, an item, or nothing of its own."""
        style = attribute(settings["pStyle"], "val") if "pStyle" in settings else ""
        name, depth = (
            _list_of(settings["numPr"]) if "numPr" in settings else self.outlines.lists.get(style, ("0", 0))
        )
        number = self._count(name, depth) if name != "0" and depth < _LEVELS else 0
        is_counted = (name, depth) in self.outlines.counted
        if _is_heading(settings) or style in self.outlines.headings:
            self.outline.begin_heading(number if is_counted else 0)
        elif number:
            self.outline.lists = [0]
            self.outline.begin_item(is_numbered=is_counted, number=number)

    def _count(self, name: str, depth: int) -> int:
        """The number of the next paragraph of a list on a level."""
        counts = self.counts.setdefault(name, [0] * _LEVELS)
        counts[depth] += 1
        counts[depth + 1 :] = [0] * (_LEVELS - depth - 1)
        return counts[depth]
