"""The running text of an OpenDocument: paragraphs, raised text, ruby, notes, revisions, frames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from aligner.read.reading import Writing
from aligner.read.runs import LOWERED, RAISED, Run, paragraph
from aligner.read.xml import attribute, local_name
from aligner.text.edits import EditedText

HIDDEN = "odf-hidden"
# What is no part of the running text, by the rule that leaves it out.
_BESIDE = {
    "annotation": "odf-comment", "tracked-changes": "odf-deleted", "title": "odf-description",
    "page-number": "odf-page-header", "date-time": "odf-page-header", "footer": "odf-page-header",
    "desc": "odf-description", "hidden-text": HIDDEN, "hidden-paragraph": HIDDEN,
}  # fmt: skip
# Declarations; page headers are recorded by themselves.
_SILENT = frozenset({
    "forms", "sequence-decls", "variable-decls", "user-field-decls", "script", "event-listeners", "footer-decl",
    "header-decl", "date-time-decl", "index-title-template", "image", "settings", "table-of-content-source",
})  # fmt: skip
_BOX = frozenset({"frame", "custom-shape", "text-box", "rect", "g", "line", "ellipse"})
_BLANKS = re.compile(r"[ \t\r\n]+")
# A run of blanks is a number in the file.
_MOST_BLANKS = 1_000


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles by name that raise, lower or hide text, with `RAISED`, `LOWERED` or `HIDDEN`."""

    marks: dict[str, str]

    @classmethod
    def of(cls, roots: Iterable[Any]) -> Styles:
        """Those of a document's parts."""
        marks = {}
        for root in roots:
            for style in root.iter():
                if local_name(style) == "style":
                    for settings in style:
                        if mark := _mark(settings):
                            marks[attribute(style, "name")] = mark
        return cls(marks)


def _mark(settings: Any) -> str:
    if local_name(settings) != "text-properties":
        return ""
    if attribute(settings, "display") == "none":
        return HIDDEN
    place = attribute(settings, "text-position").partition(" ")[0]
    if place == "super" or (place.rstrip("%").isdecimal() and place not in ("0", "0%")):
        return RAISED
    return LOWERED if place == "sub" or place.startswith("-") else ""


@dataclass(slots=True)
class Story:
    """How a document is read, and what waits for a paragraph's or the document's end."""

    off: frozenset[str]
    styles: Styles
    boxes: list[Any] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)

    def blocks(self, element: Any) -> Iterator[EditedText]:
        """The paragraphs under `element`, notes last."""
        yield from self._blocks(element)
        notes, self.notes = self.notes, []
        for note in notes:
            yield from self._blocks(note)

    def _blocks(self, element: Any) -> Iterator[EditedText]:
        for child in element:
            name = local_name(child)
            if name in ("p", "h"):
                yield from self._paragraph(child)
            elif rule := _rule_of(child) or (HIDDEN if attribute(child, "display") == "none" else ""):
                beside = Writing(off=self.off)
                beside.drop(words(child), rule)
                yield beside.finish()
            elif name and name not in _SILENT:
                yield from self._blocks(child)

    def _paragraph(self, element: Any) -> Iterator[EditedText]:
        yield paragraph(
            self._runs(element, self.styles.marks.get(attribute(element, "style-name"), "")), self.off
        )
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            yield from self._blocks(box)

    def _runs(self, element: Any, mark: str) -> Iterator[Run]:
        yield Run(_BLANKS.sub(" ", element.text or ""), mark)
        for child in element:
            yield from self._child(child, local_name(child), mark)
            yield Run(_BLANKS.sub(" ", child.tail or ""), mark)

    def _child(self, child: Any, name: str, mark: str) -> Iterator[Run]:
        if name == "s":
            count = attribute(child, "c")
            yield Run(
                " " * min(int(count) if count.isascii() and count.isdecimal() else 1, _MOST_BLANKS), mark
            )
        elif name in ("tab", "line-break"):
            yield Run("\t" if name == "tab" else "\n", mark)
        elif name in ("note-citation", "ruby-text"):
            yield Run(
                "".join(child.itertext()), "note-reference" if name == "note-citation" else "ruby-gloss"
            )
        elif name == "note-body":
            self.notes.append(child)
        elif rule := _rule_of(child):
            yield Run(words(child), rule)
        elif name in _BOX:
            self.boxes.append([child])
        elif name and name not in _SILENT:
            yield from self._runs(child, self.styles.marks.get(attribute(child, "style-name"), mark))


def _rule_of(element: Any) -> str:
    name = local_name(element)
    is_field = name in ("title", "desc") and "svg" not in element.tag  # the document's title, written out
    return "" if is_field else _BESIDE.get(name, "")


def words(element: Any) -> str:
    """All text under an element, a paragraph a line, for the record."""
    lines = [each for each in element.iter() if local_name(each) in ("p", "h")] or [element]
    return "\n".join(filter(None, (" ".join("".join(line.itertext()).split()) for line in lines)))
