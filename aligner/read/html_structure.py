"""The structure of a web page: headings, items of lists, notes of e-books."""

from __future__ import annotations

import re

from aligner.read.markup import Element
from aligner.read.outline import Outline, whole_number

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
# EPUB's structural semantics and DPUB-ARIA; what holds several of them is "footnotes".
_NOTE = re.compile(r"(?:^|\s)(?:doc-)?(?:foot|end|rear)note(?:$|\s)")


def pass_part(outline: Outline, element: Element, is_start: bool) -> None:
    """A block element begins or ends."""
    if is_start:
        _begin(outline, element)
    elif element.name in _LISTS:
        outline.end_list()
    elif element.name == "li" or element.name in _HEADINGS:
        outline.end_part()


def _begin(outline: Outline, element: Element) -> None:
    name = element.name
    if name in _HEADINGS:
        outline.begin_heading()
    elif name in _LISTS:
        outline.begin_list(whole_number(element.get("start"), 1))
    elif _NOTE.search(f"{element.get('type')} {element.get('role')}"):
        outline.begin_note()
    elif name == "li":
        is_numbered = element.parent is not None and element.parent.name == "ol"
        own = whole_number(element.get("value"), -1)
        outline.begin_item(is_numbered=is_numbered, number=own if own >= 0 else None)
