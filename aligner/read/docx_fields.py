"""Fields of Word: what they read is no text, what they show is, also where they keep it in their code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from aligner.read.formatting import Format
from aligner.read.reading import Writing
from aligner.read.xml import attribute, local_name

# Word's formulas, as Chinese and Japanese documents write ruby: `EQ \o\ad(\s\up 9(hàn),汉)`.
_RUBY = re.compile(
    r"\\o\s*(?:\\a[a-z])?\s*\(\s*\\s\s*\\(?:up|do)\s*[\d.]*\s*\(([^()]*)\)\s*[,;，]\s*([^()]*)\)", re.I
)
_FRACTION = re.compile(r"\\f\s*\(([^,;()]*)[,;]([^()]*)\)", re.I)
_SWITCH = re.compile(r"\\\*\s*(?:\"[^\"]*\"|\S+)|\\[a-z]+\s*[\d.]*", re.I)
_SHOWS_CODE = re.compile(r"\s*(EQ|MACROBUTTON|GOTOBUTTON)\s+", re.I)
_FORM_LIST = re.compile(r"\s*FORMDROPDOWN\b", re.I)


@dataclass(slots=True)
class Field:
    """A field under way: `reads` until its result begins, at `result_at` of the text."""

    begin: Any
    code: str = ""
    reads: bool = True
    result_at: int = -1
    format: Format | None = None

    def write_own(self, out: Writing) -> None:
        """What a field without a result shows by its code alone: a formula, a button, a chosen entry."""
        shown = _SHOWS_CODE.match(self.code)
        if _FORM_LIST.match(self.code):
            out.keep(_chosen(self.begin))
        elif shown and shown[1].upper() == "EQ":
            _write_formula(out, self.code[shown.end() :])
        elif shown:
            out.keep(self.code[shown.end() :].partition(" ")[2].strip())


class Marks(NamedTuple):
    """The marks of fields that begin and end, and of these the ones that begin a result which ends in their paragraph:
    contents and indexes don't."""

    whole: frozenset[Any] = frozenset()
    inline: frozenset[Any] = frozenset()


def complete_fields(root: Any) -> Marks:
    """The marks of all fields under `root` that begin and end; damaged ones are left to be text."""
    whole: set[Any] = set()
    inline: set[Any] = set()
    opened: list[list[Any]] = []
    for mark in root.iter():
        if local_name(mark) != "fldChar":
            continue
        kind = attribute(mark, "fldCharType")
        if kind == "begin":
            opened.append([mark])
        elif kind == "separate" and opened and len(opened[-1]) == 1:
            opened[-1].append(mark)
        elif kind == "end" and opened:
            begun = opened.pop()
            whole.update(begun, [mark])
            if _paragraph(begun[0]) is _paragraph(mark):
                inline.update(begun[1:])
    return Marks(frozenset(whole), frozenset(inline))


def _paragraph(mark: Any) -> Any:
    return next((up for up in mark.iterancestors() if local_name(up) == "p"), None)


def _chosen(begin: Any) -> str:
    settings = {local_name(part): part for part in begin.iter()}
    entries = [attribute(part, "val") for part in begin.iter() if local_name(part) == "listEntry"]
    chosen = settings.get("result", settings.get("default"))
    number = attribute(chosen, "val") if chosen is not None else "0"
    return (
        entries[int(number)] if number.isascii() and number.isdigit() and int(number) < len(entries) else ""
    )


def _write_formula(out: Writing, code: str) -> None:
    place = 0
    for ruby in _RUBY.finditer(code):
        out.keep(_plain(code[place : ruby.start()]))
        out.keep(_plain(ruby[2]))
        if "ruby-gloss" in out.off:
            out.keep(f"（{_plain(ruby[1])}）")
        else:
            out.drop(_plain(ruby[1]), "ruby-gloss")
        place = ruby.end()
    out.keep(_plain(code[place:]))


def _plain(code: str) -> str:
    return _SWITCH.sub("", _FRACTION.sub(r"\1/\2", code)).strip()
