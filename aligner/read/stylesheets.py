"""Which texts of a page its style sheets raise or lower: exports of InDesign and Calibre name such classes anyhow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from aligner.read.markup import Element

_SELECTOR = re.compile(r"\s*([A-Za-z][\w-]*)?((?:\.[\w-]+)+)\s*")
# `super`, or a length; `top` and `bottom` move what stands in a line, too.
_ALIGNED = re.compile(
    r"(?:^|;)\s*vertical-align\s*:\s*(?:(super|sub)\b|([+-]?[\d.]{1,9})\s*(em|ex|rem|pt|px|%))", re.I
)
_MOVED = re.compile(r"(?:^|;)\s*(top|bottom)\s*:\s*([+-]?[\d.]{1,9})\s*(em|ex|rem|pt|px|%)", re.I)
_RELATIVE = re.compile(r"position\s*:\s*relative", re.I)
# Less than this many of a unit sets a line straight and raises nothing.
_LEAST = {"em": 0.15, "ex": 0.3, "rem": 0.15, "pt": 2.0, "px": 2.5, "%": 15.0}
_MOST_SELECTORS = 256  # that raise or lower; a book made by hand has a dozen
_WORDS = {"sup": "vertical-align:super", "sub": "vertical-align:sub"}


class _Shifted(NamedTuple):
    """A selector: an element's name or none, the classes that it needs, and `sup` or `sub`."""

    name: str
    classes: frozenset[str]
    shift: str


def shift_of_style(style: str) -> str:
    """`sup` or `sub` where declarations raise or lower a text, else empty."""
    if found := _ALIGNED.search(style):
        return str(found[1])[:3].lower() if found[1] else _shift_by(_number(found[2]), found[3])
    if _RELATIVE.search(style) and (found := _MOVED.search(style)):
        length = _number(found[2])
        return _shift_by(-length if found[1].lower() == "top" else length, found[3])
    return ""


def mark_shifts(root: Element, sheets: str) -> None:
    """Write into the style of each element what rules of `sheets` for its classes say of raising and lowering."""
    selectors = _selectors(sheets)
    if not selectors:
        return
    known = frozenset().union(*(selector.classes for selector in selectors))
    for element in root.walk():
        classes = frozenset(element.get("class").split()) & known if element.attributes else frozenset()
        for selector in selectors if classes else ():
            if selector.classes <= classes and selector.name in ("", element.name):
                element.attributes["style"] = f"{element.get('style')};{_WORDS[selector.shift]}"
                break


def sheets_within(root: Element) -> str:
    """The style sheets that stand in a page itself."""
    return "\n".join(element.text() for element in root.walk() if element.name == "style")


@lru_cache(maxsize=1)
def _selectors(sheets: str) -> tuple[_Shifted, ...]:
    return tuple(islice(_shifting(_without_comments(sheets)), _MOST_SELECTORS))


def _shifting(sheets: str) -> Iterator[_Shifted]:
    for rule in sheets.split("}"):
        before, _, said = rule.rpartition("{")
        shift = shift_of_style(said)
        # Before it may stand the beginning of a block of rules, or a statement.
        names = before[max(before.rfind("{"), before.rfind(";")) + 1 :]
        for selector in names.split(",") if shift else ():
            if match := _SELECTOR.fullmatch(selector):
                yield _Shifted((match[1] or "").lower(), frozenset(match[2].split(".")[1:]), shift)


def _without_comments(sheets: str) -> str:
    first, *rest = sheets.split("/*")
    return "".join([first, *(part.partition("*/")[2] for part in rest)])


def _shift_by(length: float, unit: str) -> str:
    if abs(length) < _LEAST[unit.lower()]:
        return ""
    return "sup" if length > 0 else "sub"


def _number(number: str) -> float:
    try:
        return float(number)
    except ValueError:
        return 0.0
