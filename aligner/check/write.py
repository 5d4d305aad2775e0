"""Elements of TMX 1.4 written from what was read, sound whatever stood there."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from aligner.check.grammar import ALLOWED, CHILDREN, DATE, DATES, LANGUAGE, VALUES, attributes, unbalanced
from aligner.read.xml import local_name

_OTHER_DATE = re.compile(
    r"(\d{4})[-/.]?(0[1-9]|1[0-2])[-/.]?(0[1-9]|[12]\d|3[01])"
    r"(?:[T ]?([01]\d|2[0-3]):?([0-5]\d):?([0-5]\d)?(?:\.\d+)?)?(?:Z|[+-]00:?00)?"
)


def element(name: str, found: dict[str, str], inside: str) -> str:
    """An element as XML."""
    written = "".join(f' {key}="{_attribute(value)}"' for key, value in found.items())
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def _attribute(text: str) -> str:
    # A parser turns line breaks in attributes into blanks; references keep them.
    return escape(text).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")


def _text(text: str | None) -> str:
    return escape(text or "", quote=False).replace("\r", "&#13;")


def tidy(name: str, found: dict[str, str]) -> dict[str, str]:
    """The attributes that TMX allows on `name`, with values it allows, dates as it wants them."""
    kept = {key: value for key, value in found.items() if key in ALLOWED[name]}
    for key, value in list(kept.items()):
        if key in DATES:
            kept[key] = tidy_date(value)
        elif key == "xml:lang":
            kept[key] = value.replace("_", "-") if LANGUAGE.fullmatch(value.replace("_", "-")) else ""
        elif (name, key) in VALUES and value not in VALUES[name, key]:
            kept[key] = ""
        if not kept[key]:
            del kept[key]
    return kept


def tidy_date(text: str) -> str:
    """`text` as `YYYYMMDDThhmmssZ`; empty where it is no date, or in another time zone than UTC."""
    text = text.strip()
    if DATE.fullmatch(text):
        return text
    found = _OTHER_DATE.fullmatch(text)
    if not found:
        return ""
    year, month, day, hour, minute, second = (part or "00" for part in found.groups())
    return f"{year}{month}{day}T{hour}{minute}{second}Z"


def children(parent: Any, name: str) -> str:
    """Notes and props of a header, unit or variant, wherever they stand in it; text that may not stand there
    becomes notes."""
    written: list[str] = [_note(parent.text)]
    for child in parent:
        inner = local_name(child)
        if inner in ("note", "prop"):
            written.append("  " + _annotation(inner, child) + "\n")
        elif inner == "ude" and name == "header":
            maps = "".join(_map(node) for node in child if local_name(node) == "map" and node.get("unicode"))
            found = {"name": "unknown", **tidy("ude", attributes(child))}
            written.append(f"  {element('ude', found, maps)}\n" if maps else "")
        elif inner not in CHILDREN[name]:
            written.append(_note("".join(child.itertext())))
        written.append(_note(child.tail))
    return "".join(written)


def _annotation(name: str, child: Any) -> str:
    found = attributes(child)
    if "lang" in found:
        found.setdefault("xml:lang", found.pop("lang"))
    found = tidy(name, found)
    if name == "prop":
        found.setdefault("type", "x-unknown")
    return f"{element(name, found, _text(''.join(child.itertext())))}"


def _note(text: str | None) -> str:
    return f"  <note>{_text(text.strip())}</note>\n" if text and text.strip() else ""


def _map(node: Any) -> str:
    return element("map", tidy("map", attributes(node)), "")


def seg_text(seg: Any) -> str:
    """What a seg holds, as XML: its text whole, its tags as far as they are sound.

    A `<bpt>` or `<ept>` alone becomes an `<it>`; tags that TMX does not know go, what they hold stays.
    """
    return _inline(seg, "seg", unbalanced(seg))


def _inline(parent: Any, context: str, alone: list[Any]) -> str:
    pieces = [_text(parent.text)]
    for child in parent:
        name = local_name(child)
        known = name in CHILDREN[context] and "}" not in child.tag
        pieces.append(_tag(child, name, alone) if known else _inline(child, context, alone))
        pieces.append(_text(child.tail))
    return "".join(pieces)


def _tag(child: Any, name: str, alone: list[Any]) -> str:
    found = tidy(name, attributes(child))
    inside = _inline(child, name, alone)
    if name in ("bpt", "ept") and (child in alone or not found.get("i")):
        found.pop("i", None)
        found["pos"] = "begin" if name == "bpt" else "end"
        name = "it"
    elif name == "it" and "pos" not in found:
        name = "ph"
    return element(name, found, inside)
