"""The inline codes of an XLIFF unit, 1.2 and 2.0, put between the words of its `source` and `target`.

A code from an XLIFF of the same version goes back as the element it was, if both its ends are in the unit. Of all
others a pair is an element around text where it nests, and an end alone is said to be isolated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from aligner.export.unit_codes import content, identified, nested, pieces, whole_pairs
from aligner.export.units import Unit, printable
from aligner.text.codes import ALONE, CLOSE, OPEN, SPANS, Code

_OWN_1 = frozenset({"ctype", "clone", "crc", "equiv-text", "assoc", "mtype", "mid", "comment", "xid", "ts"})
_OWN_ENDS_1 = frozenset({"ctype", "crc", "xid", "clone", "equiv-text"})
_OWN_2 = frozenset({
    "type", "subType", "canCopy", "canDelete", "canReorder", "canOverlap", "dir", "disp", "equiv",
    "dispStart", "dispEnd", "equivStart", "equivEnd", "ref", "value", "translate", "copyOf",
})  # fmt: skip
# An attribute of another namespace, as XML can hold it; a save file may say anything.
_FOREIGN = re.compile(
    r"\{(?!http://www\.w3\.org/|aligner\})[A-Za-z][\w.:/#?=+-]{0,500}\}[A-Za-z_][\w.-]{0,100}", re.ASCII
)
# XLIFF 1.2's own values of `ctype`; others begin with `x-`.
_DELIMITERS_1 = frozenset({"bold", "italic", "underlined", "link"})
_PLACEHOLDERS_1 = frozenset({"image", "pb", "lb"})
_SUBTYPES_2 = {"bold": "b", "italic": "i", "underlined": "u", "lb": "lb", "pb": "pb"}
_TYPES_2 = frozenset({"link", "image", "quote"})
_NO_TOKEN = re.compile(r"[^\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """A code in its unit: its `id`, the `reference` that both ends share in 1.2, the `data` to write, whether both
    ends are there and can be one element, whether one of them has data."""

    code: Code
    id: str
    reference: str
    data: str
    is_whole: bool
    is_around: bool
    has_data: bool

    def own(self, version: str) -> str:
        """The element that the code was in an XLIFF of this version; empty where it was none."""
        return self.code.element if self.code.form == f"xliff{version}:{self.code.element}" else ""


class Tags(Protocol):
    """How a version of XLIFF writes codes."""

    @property
    def version(self) -> str:
        """`1` or `2`."""

    def tag(self, place: Place) -> tuple[str, dict[str, str], str]:
        """The element's name, its attributes and its text."""

    def end(self, element: Any, place: Place) -> None:
        """Note in `element`, which is around text, what ends it."""


def fill(unit: Unit, elements: tuple[Any, Any], tags: Tags) -> None:
    """Put both sides of `unit` with their codes into their elements."""
    sides = (unit.source_codes, unit.target_codes)
    texts = (unit.source, unit.target)
    named = identified(sides, "id")
    ids = [list(zip(*side, strict=True)) for side in zip(named, identified(sides, "rid"), strict=True)]
    for element, text, codes, names in zip(elements, texts, _with_copies(sides, named), ids, strict=True):
        element.text = text
        if codes:
            _put(element, text, _places(text, codes, names, tags), tags)


def _with_copies(sides: Sequence[Sequence[Code]], named: Sequence[Sequence[str]]) -> tuple[list[Code], ...]:
    """The codes of both sides, `copyOf` naming the id that its code has in this unit; left out where it isn't here."""
    written: dict[str, str] = {}
    found = []
    for codes, ids in zip(sides, named, strict=True):
        own = {code.attribute("id"): name for code, name in zip(codes, ids, strict=True)}
        written = written | own
        found.append([replace(code, attributes=_pointing(code, written)) for code in codes])
    return tuple(found)


def _pointing(code: Code, written: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    named = ((key, written.get(value, "") if key == "copyOf" else value) for key, value in code.attributes)
    return tuple((key, value) for key, value in named if value or key != "copyOf")


def _foreign(code: Code) -> dict[str, str]:
    """What the code's element said in words of another namespace."""
    return {key: printable(value) for key, value in code.attributes if _FOREIGN.fullmatch(key)}


def _places(text: str, codes: Sequence[Code], ids: Sequence[tuple[str, str]], tags: Tags) -> list[Place]:
    whole = whole_pairs(codes)
    known = {code.pair for code in codes if code.data}
    own = {code.pair: code.element for code in codes if code.form == f"xliff{tags.version}:{code.element}"}
    # In 1.2 an element around text has no place for native codes.
    free = {pair for pair in whole if tags.version == "2" or pair not in known or own.get(pair) == "mrk"}
    around = nested(codes, {pair for pair in free if own.get(pair, "g") in SPANS})
    return [
        Place(
            code,
            name,
            reference,
            printable(content(code, text)),
            code.pair in whole,
            code.pair in around,
            code.pair in known,
        )
        for code, (name, reference) in zip(codes, ids, strict=True)
    ]


def _put(element: Any, text: str, places: Sequence[Place], tags: Tags) -> None:
    from lxml import etree

    element.text = None
    holders, last = [element], None
    for piece, number in pieces(text, [place.code for place in places]):
        if last is None:
            holders[-1].text = (holders[-1].text or "") + piece
        else:
            last.tail = (last.tail or "") + piece
        if number < 0:
            continue
        place = places[number]
        if place.is_around and place.code.kind == CLOSE:
            last = holders.pop()
            tags.end(last, place)
            continue
        name, attributes, inner = tags.tag(place)
        attributes |= _foreign(place.code) if place.own(tags.version) else {}
        space = element.tag.rpartition("}")[0]
        last = etree.SubElement(holders[-1], f"{space}}}{name}", attributes)
        last.text = inner or None
        if place.is_around:
            holders.append(last)
            last = None


@dataclass(frozen=True, slots=True)
class Tags1:
    """XLIFF 1.2: `g` or `bpt` and `ept`, `it` for an end alone, `x` or `ph`."""

    version: str = "1"

    def tag(self, place: Place) -> tuple[str, dict[str, str], str]:
        """As `Tags` says."""
        own, code = place.own("1"), place.code
        about = {key: value for key, value in code.attributes if key in _OWN_1} if own else _shown_1(code)
        # What an SDLXLIFF says of a code stands in its head, which isn't written: the element says it itself then.
        if own != "mrk" and "ctype" not in about and (kind := self._kind(code)):
            about["ctype"] = kind
        if place.is_around:
            if code.form in ("xliff2:mrk", "xliff2:sm"):
                return "mrk", _annotation_1(code), ""
            name = own if own in SPANS else "g"
            return name, about if name == "mrk" else {"id": place.id} | about, ""
        if code.kind == ALONE:
            native = code.data if own == "x" else place.data
            if own != "ph" and not native.strip():
                return "x", {"id": place.id} | about, ""
            about.pop("clone", None)
            return "ph", {"id": place.id} | about, place.data
        about = {key: value for key, value in about.items() if key in _OWN_ENDS_1}
        if not place.is_whole:
            about.pop("clone", None)
            position = "open" if code.kind == OPEN else "close"
            return "it", {"id": place.id, "pos": position} | about, place.data
        return self._end_of_pair(place, about)

    def end(self, element: Any, place: Place) -> None:
        """As `Tags` says: the end of an element says nothing."""

    @staticmethod
    def _end_of_pair(place: Place, about: dict[str, str]) -> tuple[str, dict[str, str], str]:
        is_bare = not place.has_data
        if place.code.kind == CLOSE:
            name = place.code.attribute("id") if place.own("1") else place.id
            about = {key: value for key, value in about.items() if key in ("xid", "equiv-text")}
            return (
                "ex" if is_bare else "ept",
                {"id": name or place.id, "rid": place.reference} | about,
                "" if is_bare else place.data,
            )
        if is_bare:
            about.pop("crc", None)
            return "bx", {"id": place.id, "rid": place.reference} | about, ""
        about.pop("clone", None)
        return "bpt", {"id": place.id, "rid": place.reference} | about, place.data

    @staticmethod
    def _kind(code: Code) -> str:
        known = _PLACEHOLDERS_1 if code.kind == ALONE else _DELIMITERS_1
        name = _NO_TOKEN.sub("-", code.type)
        return name if name in known or not name else f"x-{name}"


def _annotation_1(code: Code) -> dict[str, str]:
    kind = _NO_TOKEN.sub("-", code.attribute("type") or "generic")
    value = code.attribute("value")
    return {"mtype": kind if kind == "term" else f"x-{kind}"} | ({"comment": value} if value else {})


def _shown_1(code: Code) -> dict[str, str]:
    """What another format says that a code is to be shown as."""
    shown = code.attribute("equiv") if code.kind == ALONE else ""
    return {"equiv-text": shown} if shown else {}


@dataclass(slots=True)
class Tags2:
    """XLIFF 2.0: `pc`, or `sc` and `ec` where pairs cross or are cut, `ph`; native codes stand apart, in `data`."""

    version: str = "2"
    data: dict[str, str] = field(default_factory=dict)  # the id of each native code of the unit

    def tag(self, place: Place) -> tuple[str, dict[str, str], str]:
        """As `Tags` says."""
        own, code = place.own("2"), place.code
        about = {key: value for key, value in code.attributes if key in _OWN_2} if own else self._kind(code)
        name = _NO_TOKEN.sub("_", place.id)
        if own == "cp":
            return "cp", {"hex": code.attribute("hex")}, ""
        if own in ("mrk", "sm", "em") and place.is_whole:
            return self._annotation(place, name, about)
        if code.form == "xliff1:mrk" and place.is_around:
            return self._annotation(place, name, self._meaning(code))
        if place.is_around:
            return "pc", {"id": name} | about | self._reference("dataRefStart", place), ""
        shown = {} if place.data or not code.length else {"equiv": " "}
        shown |= {} if own or not code.attribute("equiv-text") else {"equiv": code.attribute("equiv-text")}
        about |= self._reference("dataRef", place)
        if code.kind == ALONE:
            return "ph", {"id": name} | shown | about, ""
        for key in ("dispStart", "dispEnd", "equivStart", "equivEnd", "ref", "value", "translate"):
            about.pop(key, None)
        if code.kind == CLOSE:
            about.pop("copyOf", None)
        if not place.is_whole:
            return "sc" if code.kind == OPEN else "ec", {"id": name, "isolated": "yes"} | about, ""
        return (
            ("sc", {"id": name} | about, "") if code.kind == OPEN else ("ec", {"startRef": name} | about, "")
        )

    def end(self, element: Any, place: Place) -> None:
        """As `Tags` says."""
        if not element.tag.endswith("}mrk"):
            element.attrib.update(self._reference("dataRefEnd", place))

    @staticmethod
    def _annotation(place: Place, name: str, about: dict[str, str]) -> tuple[str, dict[str, str], str]:
        about = {key: value for key, value in about.items() if key in ("type", "ref", "value", "translate")}
        if place.is_around:
            return "mrk", {"id": name} | about, ""
        return ("sm", {"id": name} | about, "") if place.code.kind == OPEN else ("em", {"startRef": name}, "")

    @staticmethod
    def _meaning(code: Code) -> dict[str, str]:
        kind = _NO_TOKEN.sub("-", code.attribute("mtype").removeprefix("x-")) or "generic"
        comment = code.attribute("comment")
        known = kind in ("term", "comment", "generic")
        return {"type": kind if known else f"aligner:{kind}"} | ({"value": comment} if comment else {})

    def _reference(self, attribute: str, place: Place) -> dict[str, str]:
        if not place.data:
            return {}
        return {attribute: self.data.setdefault(place.data, f"d{len(self.data) + 1}")}

    @staticmethod
    def _kind(code: Code) -> dict[str, str]:
        if code.type in _SUBTYPES_2:
            return {"type": "fmt", "subType": f"xlf:{_SUBTYPES_2[code.type]}"}
        if code.type in _TYPES_2:
            return {"type": code.type}
        name = _NO_TOKEN.sub("-", code.type)
        return {"type": "other", "subType": f"aligner:{name}"} if name else {}
