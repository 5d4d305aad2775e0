"""The text of a TMX or XLIFF segment with its inline codes, each at what it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from aligner.language.joints import is_unspaced, line_joint
from aligner.read.codes import (
    BREAK,
    first_meaning,
    function,
    meaning,
    meaning_of_equivalent,
    meaning_of_kind,
)
from aligner.read.reading import Writing
from aligner.read.xml import attribute, local_name
from aligner.text.codes import AFTER, ALONE, BEFORE, BLANK, CLOSE, OPEN, SPANS, Code
from aligner.text.edits import EditedText

CODES = frozenset({"bpt", "ept", "it", "ph", "ut", "x", "bx", "ex", "sc", "ec", "cp"})
"""Elements that hold or stand for a code; what a `sub` inside holds is text of its own."""

# These stand alone: what they replace is not the beginning or the end of a stretch.
_ALONE = frozenset({"ph", "ut", "x", "cp"})
# The ends of a stretch, and the attribute that both share where it isn't `id`.
_OPENS = {"bpt": "i", "bx": "rid", "sc": "id", "sm": "id"}
_CLOSES = {"ept": "i", "ex": "rid", "ec": "startRef", "em": "startRef"}
_POSITIONS = {"begin": OPEN, "open": OPEN, "end": CLOSE, "close": CLOSE}
# Parts a unit into segments, as its tool cut it: no code of the document.
_CUT = "seg"
_KINDS = ("type", "ctype", "subType")
_EQUIVALENTS = ("equiv-text", "disp", "equiv")
# Attributes of XML itself, and names that stand for notes of our own.
_NOT_FOREIGN = ("{http://www.w3.org/", "{aligner}")
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

    written: str
    code: Code | None = None
    parts: bool = False


@dataclass(slots=True)
class _Walk:
    natives: Mapping[str, str]
    form: str
    atoms: list[_Atom] = field(default_factory=list)
    flows: list[Any] = field(default_factory=list)
    opened: dict[str, int] = field(default_factory=dict)  # the pair of each stretch that is open, by its key
    types: dict[int, str] = field(default_factory=dict)  # what each pair does, as its beginning says
    pairs: int = 0

    def keep(self, text: str | None) -> None:
        if text:
            self.atoms.append(_Atom(text))

    def begin(self, key: str) -> int:
        """A new pair, which `end` with the same key ends."""
        self.pairs += 1
        self.opened[key] = self.pairs
        return self.pairs

    def end(self, key: str) -> int:
        """The pair that ends here; 0 where it began elsewhere."""
        return self.opened.pop(key, 0)


def content(element: Any, *, collapse: bool = False, natives: Mapping[str, str] | None = None) -> Content:
    """What `element`, a `<seg>`, `<source>` or `<target>`, says.

    `collapse` makes white space one blank, as XML's layout asks. `natives` are the native codes that
    stand elsewhere in the file, by what `dataRef` or `id` names them.
    """
    walk = _Walk(natives or {}, _form(element))
    _gather(element, walk)
    lonely = frozenset(walk.opened.values())
    text = _settled(walk.atoms, collapse, lonely)
    flows = [content(flow, collapse=collapse, natives=natives) for flow in walk.flows]
    return Content(text, tuple(each for flow in flows for each in (flow.text, *flow.flows)))


def is_laid_out(element: Any) -> bool:
    """Whether a segment begins with a line break, as only a program writes it."""
    return _LAID_OUT.match(element.text or "") is not None


def _form(element: Any) -> str:
    """Whose codes stand in a segment: `tmx`, `xliff1` or `xliff2`."""
    if local_name(element) == "seg":
        return "tmx"
    while (element := element.getparent()) is not None:
        if local_name(element) in ("segment", "ignorable", "seg"):
            return "tmx" if local_name(element) == "seg" else "xliff2"
    return "xliff1"


def _gather(element: Any, walk: _Walk) -> None:
    walk.keep(element.text)
    for child in element:
        name = local_name(child)
        if name in CODES:
            walk.atoms.append(_code(child, walk))
        elif name in SPANS and attribute(child, "mtype") != _CUT:
            key = f"<{walk.pairs + 1}>"
            walk.atoms.append(_end(child, OPEN, walk.begin(key), walk))
            _gather(child, walk)
            walk.atoms.append(_end(child, CLOSE, walk.end(key), walk))
        elif name in ("sm", "em"):
            walk.atoms.append(_Atom("", _placed(child, "", walk)))
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
    data = next((code for code in codes if code.strip()), codes[0])
    return _Atom(found or "", _placed(element, data, walk), parts=found is None and name in ("ph", "x"))


def _placed(element: Any, data: str, walk: _Walk) -> Code:
    """The code of an element that is or holds one end, or stands alone."""
    name, pair = local_name(element), 0
    kind = _POSITIONS.get(attribute(element, "pos"), ALONE) if name == "it" else ALONE
    if name in _OPENS or name in _CLOSES:
        kind = OPEN if name in _OPENS else CLOSE
        shared = (
            attribute(element, (_OPENS | _CLOSES)[name])
            or attribute(element, "rid")
            or attribute(element, "id")
        )
        if attribute(element, "isolated") != "yes":
            pair = walk.begin(shared) if kind == OPEN else walk.end(shared)
    return _described(Code(0, kind, data, pair), element, walk)


def _described(code: Code, element: Any, walk: _Walk) -> Code:
    """`code` with what its element says of it."""
    attributes = tuple(
        (key, str(value)) for key, value in element.attrib.items() if not key.startswith(_NOT_FOREIGN)
    )
    kinds = [attribute(element, key) for key in ("subType", "ctype", "mtype", "type")]
    form = f"{walk.form}:{local_name(element)}"
    known = walk.types.get(code.pair, "") if code.kind == CLOSE else ""
    kind = known or function(kinds, code.data)
    if code.kind == OPEN and code.pair:
        walk.types[code.pair] = kind
    return replace(code, type=kind, form=form, attributes=attributes)


def _between(child: Any, top: Any) -> Iterator[Any]:
    for up in child.iterancestors():
        if up is top:
            return
        yield up


def _end(element: Any, kind: str, pair: int, walk: _Walk) -> _Atom:
    """The atom of one end of a code around text."""
    which = "Start" if kind == OPEN else "End"
    native = walk.natives.get(attribute(element, f"dataRef{which}"), "")
    found = first_meaning(
        [
            *(meaning_of_kind(attribute(element, key)) for key in _KINDS),
            meaning(native, paired=True),
            meaning(attribute(element, f"disp{which}"), paired=True),
        ]
    )
    name = attribute(element, "id") if local_name(element) == "g" else ""
    data = native or walk.natives.get(name if kind == OPEN else end_of(name), "")
    code = _described(Code(0, kind, data, pair), element, walk)
    return _Atom(BREAK if found == BREAK else "", code if kind == OPEN else replace(code, attributes=()))


def end_of(name: str) -> str:
    """What names the closing code of `name` among the native codes of a file."""
    return f"{name}/end"


def _character(element: Any) -> str | None:
    """What `<cp hex="…"/>` of XLIFF 2.0 stands for: a character that XML can't hold, a tab at best."""
    try:
        return " " if chr(int(attribute(element, "hex"), 16)).isspace() else ""
    except (ValueError, OverflowError):
        return None


def _settled(atoms: Sequence[_Atom], collapse: bool, lonely: frozenset[int]) -> EditedText:
    """The atoms as one text: blanks settled, codes in their places; pairs in `lonely` have one end only."""
    whole = "".join(atom.written for atom in atoms)
    ends = list(accumulate(len(atom.written) for atom in atoms))
    bare = {end for atom, end in zip(atoms, ends, strict=True) if not atom.written}
    characters, blanks = list(whole), dict[int, str]()
    for run in _BLANKS.finditer(whole):
        joint = _joint(whole, run, collapse, bare)
        if len(joint) < len(run[0]):
            blanks |= _blanks_beside_codes(run, bare, at_end=run.end() == len(whole))
        characters[run.start() : run.end()] = [joint, *([""] * (run.end() - run.start() - 1))]
    out = Writing()
    for number, (atom, end) in enumerate(zip(atoms, ends, strict=True)):
        written = "".join(characters[end - len(atom.written) : end])
        if atom.code:
            written = written or (" " if atom.parts and _stands_between_words(whole, end) else "")
            pair = 0 if atom.code.pair in lonely else atom.code.pair
            code = replace(atom.code, length=len(written), pair=pair)
            # Of codes at one place the first has the blank before it, the last the one after it.
            neighbour = number - 1 if blanks.get(end) == BEFORE else number + 1
            is_alone = not 0 <= neighbour < len(ends) or ends[neighbour] != end or atoms[neighbour].written
            if end in blanks and not atom.written and is_alone:
                code = replace(code, attributes=(*code.attributes, (BLANK, blanks[end])))
            out.mark(code)
        out.keep(written)
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


def _blanks_beside_codes(run: re.Match[str], bare: set[int], *, at_end: bool) -> dict[int, str]:
    """Places of codes in a run of blanks which the text has once at most, and where the file has another beside them.

    The text's blank stands before the codes; none stands at its beginning or end.
    """
    start, end = run.span()
    places = [place for place in range(start + (start > 0), end + at_end) if place in bare]
    if at_end:
        edges, side = [start, *places], BEFORE
        beside = [(place, run.string[last:place]) for last, place in pairwise(edges)]
    else:
        edges, side = [*places, end], AFTER
        beside = [(place, run.string[place:following]) for place, following in pairwise(edges)]
    return {place: side for place, blank in beside if blank and not {"\n", BREAK} & set(blank)}


def _stands_between_words(whole: str, place: int) -> bool:
    around = whole[max(0, place - 1) : place + 1]
    return len(around) == len("ab") and around.isalnum() and not any(map(is_unspaced, around))
