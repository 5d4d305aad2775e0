"""The text of a TMX or XLIFF segment: codes give way to what they stand for, and every one that goes is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, NamedTuple

from aligner.edits import EditedText
from aligner.language.joints import is_unspaced, line_joint
from aligner.read.codes import BREAK, first_meaning, meaning, meaning_of_equivalent, meaning_of_kind
from aligner.read.reading import Writing
from aligner.read.xml import attribute, local_name

RULE = "inline-code"
CODES = frozenset({"bpt", "ept", "it", "ph", "ut", "x", "bx", "ex", "sc", "ec", "cp"})
"""Elements that hold or stand for a code; what a `sub` inside holds is text of its own."""

# These stand alone: what they replace is not the beginning or the end of a stretch.
_ALONE = frozenset({"ph", "ut", "x", "cp"})
# Codes around text: `g` of XLIFF 1.2 and `pc` of 2.0, with what each calls the attributes of its two ends.
_SPANS = frozenset({"g", "pc"})
_KINDS = ("type", "ctype", "subType")
_EQUIVALENTS = ("equiv-text", "disp", "equiv")
# White space as XML has it, and our break; no-break and ideographic spaces are text.
_BLANKS = re.compile(f"[ \\t\\r\\n{BREAK}]+")
# Characters on each side of a line break that say whether a blank belongs there.
_NEAR = 16
# A segment that begins so was laid out by a program: its line breaks are layout, too.
_LAID_OUT = re.compile(r"\s*\n[ \t]*\S")


class Content(NamedTuple):
    """A segment's own text, and the texts of its sub-flows (footnotes, titles of links) in their order."""

    text: EditedText
    flows: tuple[EditedText, ...] = ()

    def lines(self) -> EditedText:
        """All of it as one text, a line a flow."""
        return EditedText.join([self.text, *(flow for flow in self.flows if flow.text)], "\n")


@dataclass(frozen=True, slots=True)
class _Atom:
    """A stretch of a segment: text, or a code and what it stands for; `parts` where it may part two words."""

    found: str
    written: str
    is_code: bool = True
    parts: bool = False


@dataclass(slots=True)
class _Walk:
    natives: Mapping[str, str]
    atoms: list[_Atom] = field(default_factory=list)
    flows: list[Any] = field(default_factory=list)

    def keep(self, text: str | None) -> None:
        if text:
            self.atoms.append(_Atom(text, text, is_code=False))


def content(element: Any, *, collapse: bool = False, natives: Mapping[str, str] | None = None) -> Content:
    """What `element`, a `<seg>`, `<source>` or `<target>`, says.

    `collapse` makes white space one blank, as XML's layout asks. `natives` are the native codes that
    stand elsewhere in the file, by what `dataRef` or `id` names them.
    """
    walk = _Walk(natives or {})
    _gather(element, walk)
    text = _settled(walk.atoms, collapse)
    flows = [content(flow, collapse=collapse, natives=natives) for flow in walk.flows]
    return Content(text, tuple(each for flow in flows for each in (flow.text, *flow.flows)))


def is_laid_out(element: Any) -> bool:
    """Whether a segment begins with a line break, as only a program writes it."""
    return _LAID_OUT.match(element.text or "") is not None


def _gather(element: Any, walk: _Walk) -> None:
    walk.keep(element.text)
    for child in element:
        name = local_name(child)
        if name in CODES:
            walk.atoms.append(_code(child, walk))
        elif name in _SPANS:
            walk.atoms.append(_end(child, "Start", walk))
            _gather(child, walk)
            walk.atoms.append(_end(child, "End", walk))
        elif name == "sub":
            walk.flows.append(child)
        elif name:
            _gather(child, walk)
        walk.keep(child.tail)


def _code(element: Any, walk: _Walk) -> _Atom:
    """The atom of a code; sub-flows inside it are put aside."""
    native = [element.text or ""]
    for child in element.iter():
        if child is element:
            continue
        if local_name(child) == "sub" and not any(local_name(up) == "sub" for up in _between(child, element)):
            walk.flows.append(child)
        if child.getparent() is element:
            native.append(child.tail or "")
    name = local_name(element)
    alone = name in _ALONE
    named = [
        attribute(element, key) for key in ("dataRef", "id") if name in ("x", "ph", "sc", "ec") or key != "id"
    ]
    codes = ["".join(native), *(walk.natives.get(key, "") for key in named if key)]
    equivalents = [element.get(key) for key in _EQUIVALENTS]
    found = first_meaning(
        [
            *(meaning_of_kind(attribute(element, key)) for key in _KINDS),
            _character(element) if name == "cp" else None,
            *(meaning(code, paired=not alone) for code in codes),
            *(meaning_of_equivalent(text) for text in equivalents),
        ]
    )
    shown = next((code for code in codes if code.strip()), "") or _tag(element)
    return _Atom(shown, found or "", parts=found is None and name in ("ph", "x"))


def _between(child: Any, top: Any) -> Iterator[Any]:
    for up in child.iterancestors():
        if up is top:
            return
        yield up


def _end(element: Any, which: str, walk: _Walk) -> _Atom:
    """The atom of one end of a code around text."""
    native = walk.natives.get(attribute(element, f"dataRef{which}"), "")
    found = first_meaning(
        [
            *(meaning_of_kind(attribute(element, key)) for key in _KINDS),
            meaning(native, paired=True),
            meaning(attribute(element, f"disp{which}"), paired=True),
        ]
    )
    shown = native or (_tag(element, "") if which == "Start" else f"</{local_name(element)}>")
    return _Atom(shown, found if found == BREAK else "")


def _character(element: Any) -> str | None:
    """What `<cp hex="…"/>` of XLIFF 2.0 stands for: a character that XML can't hold, a tab at best."""
    try:
        return " " if chr(int(attribute(element, "hex"), 16)).isspace() else ""
    except (ValueError, OverflowError):
        return None


def _tag(element: Any, close: str = "/") -> str:
    values = "".join(f' {key.rpartition("}")[2]}="{value}"' for key, value in element.attrib.items())
    return f"<{local_name(element)}{values}{close}>"


def _settled(atoms: Sequence[_Atom], collapse: bool) -> EditedText:
    """The atoms as one text: blanks settled, codes on record."""
    whole = "".join(atom.written for atom in atoms)
    ends = list(accumulate(len(atom.written) for atom in atoms))
    bare = {end for atom, end in zip(atoms, ends, strict=True) if not atom.written}
    characters = list(whole)
    for run in _BLANKS.finditer(whole):
        joint = _joint(whole, run, collapse, bare)
        characters[run.start() : run.end()] = [joint, *([""] * (run.end() - run.start() - 1))]
    out = Writing()
    for atom, end in zip(atoms, ends, strict=True):
        written = "".join(characters[end - len(atom.written) : end])
        if not atom.is_code or written == atom.found:
            out.keep(written)
        elif written or (atom.parts and _stands_between_words(whole, end)):
            out.repair(atom.found, written or " ", RULE)
        else:
            out.drop(atom.found, RULE)
    return out.finish()


def _joint(whole: str, run: re.Match[str], collapse: bool, bare: set[int]) -> str:
    """What a run of blanks in `whole` becomes; `bare` are the places of codes that stand for nothing."""
    blanks, start, end = run[0], run.start(), run.end()
    at_edge = start == 0 or end == len(whole)
    if BREAK in blanks or (collapse and "\n" not in blanks):
        return "" if at_edge else " "
    if collapse:
        return "" if at_edge else line_joint(whole[max(0, start - _NEAR) : start], whole[end : end + _NEAR])
    doubled = "\n" not in blanks and any(place in bare for place in range(start + 1, end))
    return " " if doubled else blanks


def _stands_between_words(whole: str, place: int) -> bool:
    around = whole[max(0, place - 1) : place + 1]
    return len(around) == len("ab") and around.isalnum() and not any(map(is_unspaced, around))
