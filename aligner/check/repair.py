"""What makes a stretch of text ill-formed XML, mended so that a strict parser takes it."""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from html.entities import html5

from aligner.export.units import LINE_BREAKS, UNPRINTABLE

_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})
_SUSPECT = re.compile(f"[&{UNPRINTABLE}]|<[^A-Za-z/]|<$")
_FAULT = re.compile(
    r"&(?:#(?P<decimal>\d{1,10})|#x(?P<hex>[0-9a-fA-F]{1,8})|(?P<name>[A-Za-z][A-Za-z0-9]{0,31}));"
    f"|&|<(?![A-Za-z/?])|[{UNPRINTABLE}]"
)
_SURROGATE_REFERENCE = re.compile(r"&#(?:x([dD][89a-fA-F][0-9a-fA-F]{2})|(5[5-7]\d{3}));")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_SEG = re.compile(r"(<seg(?:\s[^<>]*)?>)(.*?)(</seg\s*>)", re.S)
_FOREIGN_TAG = re.compile(r"<(?!/?(?:bpt|ept|ph|it|hi|ut|sub)[\s/>])")
# More in one unit is an attack on the lazy search above.
_MOST_SEGS = 64
_LAST_ASCII, _LAST_C1 = 0x7E, 0x9F


def mend(text: str) -> tuple[str, Counter[str]]:
    """`text` as well-formed as its characters allow, and how often each rule had to do something.

    Comments go, CDATA becomes text, control characters and lone surrogates go (a blank where they break a
    line), two halves of a pair become their character, `&` and `<` that begin nothing become entities.
    """
    faults: Counter[str] = Counter()
    if not _SUSPECT.search(text):
        return text, faults
    if "<!" in text:
        text = _without_sections(text, faults)
    text = _SURROGATE_REFERENCE.sub(lambda match: _surrogate(match, faults), text)
    text = _PAIR.sub(lambda match: _joined(match[0], faults), text)
    return _FAULT.sub(lambda match: _replacement(match, faults), text), faults


def _without_sections(text: str, faults: Counter[str]) -> str:
    kept: list[str] = []
    position = 0
    while (at := text.find("<!", position)) >= 0:
        opening, closing = ("<![CDATA[", "]]>") if text.startswith("<![CDATA[", at) else ("<!--", "-->")
        end = text.find(closing, at + len(opening)) if text.startswith(opening, at) else -1
        if end < 0:
            break
        kept.append(text[position:at])
        if opening == "<!--":
            faults["comment"] += 1
        else:
            kept.append(escape(text[at + len(opening) : end], quote=False))
        position = end + len(closing)
    return "".join([*kept, text[position:]])


def without_comments(text: str) -> str:
    """`text` without comments and processing instructions; one without an end stays."""
    for opening, closing in (("<!--", "-->"), ("<?", "?>")):
        kept: list[str] = []
        position = 0
        while (at := text.find(opening, position)) >= 0:
            end = text.find(closing, at + len(opening))
            if end < 0:
                break
            kept.append(text[position:at])
            position = end + len(closing)
        text = "".join([*kept, text[position:]])
    return text


def _surrogate(match: re.Match[str], faults: Counter[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    if not 0xD800 <= number <= 0xDFFF:  # noqa: PLR2004 - the surrogates
        return match[0]
    faults["surrogate"] += 1
    return chr(number)


def _joined(pair: str, faults: Counter[str]) -> str:
    # Half of the pair is counted where it was a reference; a raw one is counted here.
    faults["surrogate"] = max(faults["surrogate"], 1)
    return pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _replacement(match: re.Match[str], faults: Counter[str]) -> str:
    found = match[0]
    if match["name"]:
        return _entity(match["name"], faults)
    if match["decimal"] or match["hex"]:
        number = int(match["decimal"] or match["hex"], 10 if match["decimal"] else 16)
        return _character(number, found, faults)
    if found == "&":
        faults["ampersand"] += 1
        return "&amp;"
    if found == "<":
        faults["less-than"] += 1
        return "&lt;"
    return _character(ord(found), found, faults)


def _entity(name: str, faults: Counter[str]) -> str:
    if name in _PREDEFINED:
        return f"&{name};"
    faults["html-entity"] += 1
    character = html5.get(f"{name};")
    return escape(character) if character else f"&amp;{name};"


def _character(number: int, found: str, faults: Counter[str]) -> str:
    if number > 0x10FFFF or number in (0xFFFE, 0xFFFF):  # noqa: PLR2004 - the end of Unicode, noncharacters
        faults["control-character"] += 1
        return ""
    character = chr(number)
    if not re.match(f"[{UNPRINTABLE}]", character):
        return found
    if 0xD800 <= number <= 0xDFFF:  # noqa: PLR2004 - the surrogates
        faults["surrogate"] += not faults["surrogate"]
        return ""
    faults["c1-control" if _LAST_ASCII < number <= _LAST_C1 else "control-character"] += 1
    return " " if character in LINE_BREAKS else ""


def escape_markup(text: str) -> str:
    """A unit that did not parse, with tags in its segs that are no TMX made text (`<br>`)."""
    if text.count("<seg") > _MOST_SEGS:
        return text
    return _SEG.sub(lambda match: match[1] + _FOREIGN_TAG.sub("&lt;", match[2]) + match[3], text)
