"""The running text of an OpenDocument: paragraphs, raised text, ruby, notes, revisions, frames."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aligner.read.formatting import Format, alone, face, link
from aligner.read.outline import Outline, whole_number
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
# What a field shows is text; which field it is, is a code around it.
_FIELDS = frozenset({
    "bookmark-ref", "reference-ref", "note-ref", "sequence-ref", "sequence", "date", "time", "chapter", "file-name",
    "author-name", "variable-get", "variable-set", "user-field-get", "expression", "page-count", "sheet-name",
})  # fmt: skip
# What a style says of letters, and the values that say nothing.
_FACES = (
    ("bold", "font-weight", ("normal", "100", "200", "300", "400", "500")),
    ("italic", "font-style", ("normal",)),
    ("underlined", "text-underline-style", ("none",)),
    ("strike", "text-line-through-style", ("none",)),
)
_STYLES_DEEP = 10
# A run of blanks is a number in the file.
_MOST_BLANKS = 1_000


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles by name that raise, lower or hide text, with `RAISED`, `LOWERED` or `HIDDEN`, and the formats of
    letters that those of characters have. `numbered`: names and levels of the styles of lists that count."""

    marks: dict[str, str]
    faces: dict[str, tuple[Format, ...]] = field(default_factory=dict)
    numbered: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def of(cls, roots: Sequence[Any]) -> Styles:
        """Those of a document's parts."""
        marks = {}
        found: dict[str, Any] = {}
        for style in (each for root in roots for each in root.iter() if local_name(each) == "style"):
            for settings in style:
                if mark := _mark(settings):
                    marks[attribute(style, "name")] = mark
            if attribute(style, "family") == "text":
                found[attribute(style, "name")] = style
        return cls(marks, {name: _faces(name, found) for name in found}, frozenset(_numbered(roots)))


def _numbered(roots: Sequence[Any]) -> Iterator[tuple[str, int]]:
    for style in (each for root in roots for each in root.iter() if local_name(each) == "list-style"):
        for level in style:
            if local_name(level) == "list-level-style-number" and attribute(level, "num-format"):
                yield attribute(style, "name"), whole_number(attribute(level, "level"), 1)


def _faces(name: str, styles: Mapping[str, Any]) -> tuple[Format, ...]:
    """The formats of letters that a style has of its own or of those that it is based on."""
    has: dict[str, bool] = {}
    for _ in range(_STYLES_DEEP):
        if name not in styles:
            break
        for settings in styles[name]:
            if local_name(settings) == "text-properties":
                has = {kind: value not in plain for kind, value, plain in _told(settings) if value} | has
        name = attribute(styles[name], "parent-style-name")
    return tuple(face(kind) for kind, is_so in has.items() if is_so)


def _told(settings: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for kind, name, plain in _FACES:
        yield kind, attribute(settings, name), plain


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
    outline: Outline = field(default_factory=Outline)
    lists: list[str] = field(default_factory=list)  # the styles of the open lists

    def blocks(self, element: Any) -> Iterator[EditedText]:
        """The paragraphs under `element`, notes last."""
        yield from self._blocks(element)
        notes, self.notes = self.notes, []
        for note in notes:
            self.outline.begin_note()
            yield from self._blocks(note)
            self.outline.end_part()

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
                self._begin_part(child, name)
                yield from self._blocks(child)
                self._end_part(name)

    def _begin_part(self, element: Any, name: str) -> None:
        if name == "list":
            self.lists.append(attribute(element, "style-name") or (self.lists[-1] if self.lists else ""))
            self.outline.begin_list()
        elif name == "list-item":
            is_numbered = (self.lists[-1] if self.lists else "", len(self.lists)) in self.styles.numbered
            own = whole_number(attribute(element, "start-value"), -1)
            self.outline.begin_item(is_numbered=is_numbered, number=own if own >= 0 else None)

    def _end_part(self, name: str) -> None:
        if name == "list":
            self.lists.pop()
            self.outline.end_list()
        elif name == "list-item":
            self.outline.end_part()

    def _paragraph(self, element: Any) -> Iterator[EditedText]:
        mark = self.styles.marks.get(attribute(element, "style-name"), "")
        if local_name(element) == "h":
            self.outline.begin_heading()
        text = paragraph(self._runs(element, Run("", mark)), self.off)
        yield self.outline.marked(text)
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            yield from self._blocks(box)

    def _runs(self, element: Any, like: Run) -> Iterator[Run]:
        """The runs under `element`, which are `like` this one."""
        yield like._replace(text=_BLANKS.sub(" ", element.text or ""))
        for child in element:
            yield from self._child(child, local_name(child), like)
            yield like._replace(text=_BLANKS.sub(" ", child.tail or ""))

    def _child(self, child: Any, name: str, like: Run) -> Iterator[Run]:
        if name == "s":
            count = attribute(child, "c")
            blanks = min(int(count) if count.isascii() and count.isdecimal() else 1, _MOST_BLANKS)
            yield like._replace(text=" " * blanks)
        elif name in ("tab", "line-break"):
            is_tab = name == "tab"
            code = alone("tab" if is_tab else "lb", f"<text:{name}/>")
            yield like._replace(text="\t" if is_tab else "\n", code=code)
        elif name == "note-citation":
            yield Run("".join(child.itertext()), "note-reference", code=alone("note", "<text:note/>"))
        elif name == "ruby-text":
            yield Run("".join(child.itertext()), "ruby-gloss")
        elif name == "note-body":
            self.notes.append(child)
        elif rule := _rule_of(child):
            yield Run(words(child), rule)
        elif name in _BOX:
            if any(local_name(part) == "image" for part in child):
                yield like._replace(code=alone("image", f"<draw:{name}/>"))
            self.boxes.append([child])
        elif name and name not in _SILENT:
            yield from self._runs(child, self._inside(child, name, like))

    def _inside(self, child: Any, name: str, like: Run) -> Run:
        """A run as it is inside `child`."""
        style = attribute(child, "style-name")
        formats = like.formats
        if name == "a" and attribute(child, "href"):
            formats += (link(attribute(child, "href"), child),)
        elif name in _FIELDS:
            formats += (Format("field", f"<text:{name}>", f"</text:{name}>", child),)
        elif name == "span":
            formats += tuple(each for each in self.styles.faces.get(style, ()) if each not in formats)
        return like._replace(mark=self.styles.marks.get(style, like.mark), formats=formats)


def _rule_of(element: Any) -> str:
    name = local_name(element)
    is_field = name in ("title", "desc") and "svg" not in element.tag  # the document's title, written out
    return "" if is_field else _BESIDE.get(name, "")


def words(element: Any) -> str:
    """All text under an element, a paragraph a line, for the record."""
    lines = [each for each in element.iter() if local_name(each) in ("p", "h")] or [element]
    return "\n".join(filter(None, (" ".join("".join(line.itertext()).split()) for line in lines)))
