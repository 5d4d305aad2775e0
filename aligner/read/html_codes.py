"""The inline codes of web pages: which elements give words a format, and how an element is shown in short."""

from __future__ import annotations

import re
from html import escape

from aligner.read.formatting import Format, alone
from aligner.read.markup import Element
from aligner.text.codes import Code

_TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "cite": "italic", "dfn": "italic", "var": "italic",
    "u": "underlined", "ins": "underlined", "s": "strike", "strike": "strike", "del": "strike", "sup": "superscript",
    "sub": "subscript", "a": "link", "code": "code", "kbd": "code", "samp": "code", "tt": "code", "mark": "mark",
}  # fmt: skip
_STYLES = (
    ("bold", re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)),
    ("italic", re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.I)),
    ("underlined", re.compile(r"text-decoration[\w-]*\s*:[^;]*underline", re.I)),
    ("superscript", re.compile(r"vertical-align\s*:\s*super", re.I)),
    ("subscript", re.compile(r"vertical-align\s*:\s*sub\b", re.I)),
)
# What says where a link leads and which element it is; scripts, sizes and data of programmes don't.
_SHOWN = ("href", "src", "id", "name", "class", "title", "alt", "lang", "style")
# A picture may be written into its own address.
_LONGEST_VALUE = 1_000


def format_of(element: Element) -> Format | None:
    """What the words inside an element have, None where it says nothing of them."""
    kind = _TYPES.get(element.name, "")
    if element.name in ("span", "font") and element.get("style"):
        kind = next((name for name, style in _STYLES if style.search(element.get("style"))), "")
    if not kind or (kind == "link" and not element.get("href")):
        return None
    return Format(kind, start_tag(element), f"</{element.name}>", element)


def start_tag(element: Element) -> str:
    """An element's start tag with the attributes that matter to a person."""
    shown = "".join(
        f' {name}="{escape(" ".join(value.split()))}"'
        for name, value in element.attributes.items()
        if name in _SHOWN and len(value) <= _LONGEST_VALUE
    )
    return f"<{element.name}{shown}>"


def lone_code(element: Element, kind: str, length: int = 0) -> Code:
    """The code of an element that stands alone."""
    return alone(kind, start_tag(element), length)
