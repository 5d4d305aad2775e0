"""The formatting of Word: what runs and their styles say of letters, where links lead, what codes show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from aligner.read.formatting import Format, alone, face, link
from aligner.read.raised import LEAST_MOVED
from aligner.read.xml import attribute, local_name
from aligner.text.codes import Code

_FACES = {"b": "bold", "i": "italic", "strike": "strike", "u": "underlined"}
_OFF = ("0", "false", "off", "none")
# Word allows a style to be based on another ten times over.
_STYLES_DEEP = 10
_HYPERLINK = re.compile(r'\s*HYPERLINK\s+(?:\\l\s+)?"?([^"\s]+)"?', re.I)
_REFERENCES = {
    "footnoteReference": "note",
    "endnoteReference": "note",
    "footnoteRef": "note",
    "endnoteRef": "note",
}
_MOVED = re.compile(r"-?\d{1,4}")
_PICTURES = frozenset({"drawing", "pict", "object"})
_IMAGES = frozenset({"blip", "imagedata"})


def settings_of(element: Any, name: str) -> dict[str, Any]:
    """What the child `name` of a run, paragraph or style says, by the names of its elements."""
    return {local_name(mark): mark for child in element if local_name(child) == name for mark in child}


def shift(element: Any) -> str:
    """What a run or style says of itself: `superscript`, `subscript`, `baseline`, `vanish` or nothing."""
    settings = settings_of(element, "rPr")
    hidden = settings.get("vanish")
    if hidden is not None and attribute(hidden, "val") not in _OFF:
        return "vanish"
    if "vertAlign" in settings:
        return attribute(settings["vertAlign"], "val")
    raised = attribute(settings["position"], "val") if "position" in settings else ""
    if not _MOVED.fullmatch(raised) or abs(int(raised)) < LEAST_MOVED:
        return ""
    return "subscript" if raised.startswith("-") else "superscript"


def _faces(element: Any) -> dict[str, bool]:
    """For each of the formats of letters that a run or style names, whether it has it."""
    settings = settings_of(element, "rPr")
    return {
        kind: attribute(settings[name], "val").lower() not in _OFF
        for name, kind in _FACES.items()
        if name in settings
    }


def shifts(styles: Mapping[str, Any]) -> dict[str, str]:
    """The styles that raise, lower or hide text: `superscript`, `subscript` or `vanish` by their id."""
    found = {style: next(filter(None, map(shift, based(style, styles))), "") for style in styles}
    return {style: said for style, said in found.items() if said not in ("", "baseline")}


def faces_of_styles(styles: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The formats of letters that each style of characters has; links are underlined and blue anyway."""
    found = {}
    for name, style in styles.items():
        if attribute(style, "type") == "character" and attribute(style, "styleId") != "Hyperlink":
            told: dict[str, bool] = {}
            for each in based(name, styles):
                told = _faces(each) | told
            if faces := frozenset(kind for kind, has in told.items() if has):
                found[name] = faces
    return found


def based(style: str, styles: Mapping[str, Any]) -> list[Any]:
    """A style and those that it is based on, the nearest first."""
    found: list[Any] = []
    while style in styles and len(found) < _STYLES_DEEP:
        found.append(styles[style])
        style = next((attribute(up, "val") for up in styles[style] if local_name(up) == "basedOn"), "")
    return found


def faces_of_run(run: Any, styles: Mapping[str, frozenset[str]]) -> tuple[Format, ...]:
    """The formats of a run's letters, in a fixed order."""
    style = settings_of(run, "rPr").get("rStyle")
    has = dict.fromkeys(styles.get(attribute(style, "val"), ()), True) if style is not None else {}
    has |= _faces(run)
    return tuple(face(kind) for kind in _FACES.values() if has.get(kind))


def link_of(element: Any, links: Mapping[str, str]) -> Format:
    """The format of what `w:hyperlink` holds; `links` are the addresses of the part by their id."""
    anchor = attribute(element, "anchor")
    return link(links.get(attribute(element, "id"), "") + (f"#{anchor}" if anchor else ""), element)


def field_format(code: str, key: Any) -> Format:
    """The format of a field's result: a link, or what the field's code says."""
    address = _HYPERLINK.match(code)
    if address:
        return link(("#" if "\\l" in code[: address.start(1)] else "") + address[1], key)
    said = " ".join(code.split())
    return Format("field", f"{{{said}}}", f"{{/{said.partition(' ')[0]}}}", key)


def lone_code(element: Any, written: str) -> Code | None:
    """The code of what stands alone in a run: a break or tab that is `written`, a note's reference, a picture."""
    name = local_name(element)
    if name in ("br", "cr"):
        is_page = attribute(element, "type") in ("page", "column")
        return alone("pb" if is_page else "lb", f"<w:{name}/>", len(written))
    if name in ("tab", "ptab"):
        return alone("tab", f"<w:{name}/>", len(written))
    if name in _REFERENCES:
        number = attribute(element, "id")
        return alone("note", f'<w:{name} w:id="{number}"/>' if number else f"<w:{name}/>")
    is_picture = name in _PICTURES and any(local_name(part) in _IMAGES for part in element.iter())
    return alone("image", f"<w:{name}{_in_words(element)}/>") if is_picture else None


def _in_words(picture: Any) -> str:
    """What a picture shows, as its author describes it, as an attribute."""
    told = (
        " ".join(attribute(part, name).split())
        for part in picture.iter()
        for name, holder in (("descr", "docPr"), ("alt", "shape"))
        if local_name(part) == holder
    )
    return next((f' descr="{escape(words)}"' for words in told if words), "")
