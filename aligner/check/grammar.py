"""The rules of TMX 1.4 (LISA/OSCAR, 2005, tmx14.dtd): what may stand where, with which attributes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from io import StringIO
from typing import Any

from aligner.read.xml import local_name

SEGTYPES = frozenset({"block", "paragraph", "sentence", "phrase"})
INLINE = frozenset({"bpt", "ept", "ph", "it", "hi", "ut"})
_XML = "{http://www.w3.org/XML/1998/namespace}"
# How a schema wants xml:lang to look (xs:language).
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")

CHILDREN: dict[str, frozenset[str]] = {
    "header": frozenset({"note", "prop", "ude"}), "ude": frozenset({"map"}),
    "tu": frozenset({"note", "prop", "tuv"}), "tuv": frozenset({"note", "prop", "seg"}),
    "seg": INLINE, "hi": INLINE, "sub": INLINE,
    "bpt": frozenset({"sub"}), "ept": frozenset({"sub"}), "ph": frozenset({"sub"}), "it": frozenset({"sub"}),
    "ut": frozenset({"sub"}), "note": frozenset(), "prop": frozenset(), "map": frozenset(),
}  # fmt: skip
_MODELS = {
    "header": "(note|prop|ude)*", "ude": "(map+)", "map": "EMPTY", "tu": "((note|prop)*, tuv+)",
    "tuv": "((note|prop)*, seg)",
}  # fmt: skip
_WITHOUT_TEXT = frozenset({"header", "ude", "map", "tu", "tuv"})
_HISTORY = "o-encoding creationdate creationid changedate changeid"
_USE = f"{_HISTORY} datatype usagecount lastusagedate creationtool creationtoolversion o-tmf"
REQUIRED: dict[str, tuple[str, ...]] = {
    "header": ("creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"),
    "tuv": ("xml:lang",), "prop": ("type",), "ude": ("name",), "map": ("unicode",),
    "bpt": ("i",), "ept": ("i",), "it": ("pos",),
}  # fmt: skip
ALLOWED: dict[str, frozenset[str]] = {
    name: frozenset(optional.split()) | frozenset(REQUIRED.get(name, ()))
    for name, optional in {
        "header": _HISTORY, "tu": f"{_USE} tuid segtype srclang", "tuv": f"{_USE} lang", "seg": "",
        "note": "o-encoding xml:lang lang", "prop": "o-encoding xml:lang lang", "ude": "base",
        "map": "code ent subst", "bpt": "x type", "ept": "", "sub": "datatype type", "it": "x type",
        "ph": "x assoc type", "hi": "x type", "ut": "x",
    }.items()
}  # fmt: skip
# Which values a schema takes, where it does not take any.
VALUES = {
    ("header", "segtype"): SEGTYPES, ("tu", "segtype"): SEGTYPES, ("it", "pos"): frozenset({"begin", "end"}),
}  # fmt: skip
DATES = frozenset({"creationdate", "changedate", "lastusagedate"})
# What the specification asks of dates (ISO 8601 basic, UTC).
DATE = re.compile(r"\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ")

# A rule's name and what it is about.
Fault = tuple[str, str]


def attributes(element: Any) -> dict[str, str]:
    """The element's attributes, those of XML's own namespace as `xml:lang`."""
    found = dict(element.attrib)
    return {key.replace(_XML, "xml:"): value for key, value in found.items()} if found else found


def unit_faults(unit: Any, text: str) -> Iterator[Fault]:
    """Every breach of the rules in a `<tu>` whose text, repaired, is `text`; fast where there is none."""
    # What a document type can't say: pairs of tags, the look of codes.
    plain = "<bpt" not in text and "<ept" not in text and "<it" not in text
    if not plain or text.count("xml:lang") != text.count("<tuv") or not _dtd().validate(unit):
        yield from faults_of(unit)
        return
    yield from attribute_faults("tu", attributes(unit))
    for variant in unit.iterchildren("tuv"):
        yield from attribute_faults("tuv", attributes(variant))


@lru_cache(maxsize=1)
def _dtd() -> Any:
    """The rules above for libxml2, which sees twenty times faster that a unit breaks none."""
    from lxml import etree

    lines = []
    for name, inside in CHILDREN.items():
        model = _MODELS.get(name) or f"({'|'.join(['#PCDATA', *sorted(inside)])})*"
        lines.append(f"<!ELEMENT {name} {model}>")
        for attribute in sorted(ALLOWED[name]):
            need = "REQUIRED" if attribute in REQUIRED.get(name, ()) else "IMPLIED"
            lines.append(f"<!ATTLIST {name} {attribute} CDATA #{need}>")
    return etree.DTD(StringIO("\n".join(lines)))


def faults_of(element: Any) -> Iterator[Fault]:
    """Every breach of the rules in `element` and below."""
    name = local_name(element)
    yield from attribute_faults(name, attributes(element))
    if name in _WITHOUT_TEXT and (
        (element.text or "").strip() or any((c.tail or "").strip() for c in element)
    ):
        yield "stray-text", f"<{name}>"
    seen: Counter[str] = Counter()
    for child in element:
        inner = local_name(child)
        if "}" in child.tag or inner not in CHILDREN[name]:
            yield "unknown-element", f"<{_short(inner)}> in <{name}>"
            continue
        if name in ("tu", "tuv") and inner in ("note", "prop") and (seen["tuv"] or seen["seg"]):
            yield "order", f"<{inner}> after <{'tuv' if name == 'tu' else 'seg'}>"
        seen[inner] += 1
        yield from faults_of(child)
    if name == "tu" and not seen["tuv"]:
        yield "empty-unit", ""
    if name == "tuv" and seen["seg"] != 1:
        yield ("second-seg" if seen["seg"] else "no-seg"), ""
    if name == "ude" and not seen["map"]:
        yield "missing-element", "<map> in <ude>"
    if name == "seg":
        yield from (("inline-unbalanced", f"<{local_name(tag)}>") for tag in unbalanced(element))


def attribute_faults(name: str, found: dict[str, str]) -> Iterator[Fault]:
    """Missing, foreign and wrong attributes of an element called `name`."""
    for required in REQUIRED.get(name, ()):
        if required not in found or (name in ("header", "tuv") and not found[required]):
            yield _missing(name, required, found)
    for key, value in found.items():
        if key == "xml:space":
            yield "xml-space", f"<{name}>"
        elif key not in ALLOWED[name]:
            yield "extra-attribute", f"{_short(key)} on <{name}>"
        elif key == "xml:lang" and value and not LANGUAGE.fullmatch(value):
            yield "lang-code", _short(value)
        elif key in DATES and not DATE.fullmatch(value):
            yield "date", f"{key}={_short(value)!r}"
        elif (name, key) in VALUES and value and value not in VALUES[name, key]:
            yield "attribute-value", f"{key}={_short(value)!r} on <{name}>"


def _missing(name: str, required: str, found: dict[str, str]) -> Fault:
    if name == "tuv":
        return ("lang-attribute" if found.get("lang") else "lang-missing"), ""
    if name == "header":
        return ("srclang-missing", "") if required == "srclang" else ("header-attribute", required)
    return "missing-attribute", f"{required} on <{name}>"


def _short(text: str) -> str:
    """`text` from a stranger, fit for one line of a message."""
    text = "".join(char if char.isprintable() else "?" for char in text.rpartition("}")[2])
    return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004


def unbalanced(seg: Any) -> list[Any]:
    """The `<bpt>` and `<ept>` of a seg that have no counterpart after or before them."""
    open_tags: dict[str, Any] = {}
    alone = []
    for tag in seg.iter("bpt", "ept"):
        number = tag.get("i", "")
        if local_name(tag) == "bpt":
            if number in open_tags:
                alone.append(open_tags[number])
            open_tags[number] = tag
        elif open_tags.pop(number, None) is None:
            alone.append(tag)
    return alone + list(open_tags.values())
