"""Units in their commonest shape, read without an XML parser: many times faster, with the same findings.

Two variants with text and nothing else in their segs, notes and props in their places. Whatever differs, were it
by a character, is for the parser.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from aligner.check.grammar import Fault, attribute_faults
from aligner.export.units import UNPRINTABLE

_BLANK = r"[ \t\r\n]*+"
# A parser would make other line ends of carriage returns, and blanks of all white space in attributes.
_TEXT = rf"[^<&\r{UNPRINTABLE}]*+(?:&(?:amp|lt|gt|quot|apos);[^<&\r{UNPRINTABLE}]*+)*+"
_VALUE = rf'"[^"<&\t\n\r{UNPRINTABLE}]*+"'
_NAME = r"(?:xml:lang|(?!xml)[A-Za-z][A-Za-z-]*+)"
_ATTRIBUTES = rf"((?:[ \t\r\n]++{_NAME}={_VALUE})*+){_BLANK}"
_NOTES = rf"(?:(?:<note>{_TEXT}</note>|<prop type={_VALUE}>{_TEXT}</prop>){_BLANK})*+"
_VARIANT = rf"<tuv{_ATTRIBUTES}>{_BLANK}{_NOTES}<seg>({_TEXT})</seg>{_BLANK}</tuv>{_BLANK}"
PLAIN_UNIT = re.compile(rf"<tu{_ATTRIBUTES}>{_BLANK}{_NOTES}{_VARIANT}{_VARIANT}</tu>")
_ATTRIBUTE = re.compile(rf"({_NAME})=({_VALUE})")
# Few units are longer. Those are for the parser, which has limits of its own, and not to be remembered.
_LONGEST = 20_000
# Attributes of variants repeat; so many different ones are remembered.
_REMEMBERED = 1_024


class Content(NamedTuple):
    """A unit's attributes, its breaches of the rules, and of each variant its code and the texts of its segs."""

    attributes: dict[str, str]
    faults: tuple[Fault, ...]
    codes: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]


def read_plain(match: re.Match[str]) -> Content | None:
    """The unit that `PLAIN_UNIT` matched; None where it is ill-formed all the same."""
    if match.end() - match.start() > _LONGEST or "]]>" in match[0]:
        return None
    own, first, first_text, second, second_text = match.groups()
    read = _attributes(own), _variant(first), _variant(second)
    if read[0] is None or read[1] is None or read[2] is None:
        return None
    faults = (*attribute_faults("tu", read[0]), *read[1][1], *read[2][1])
    texts = (_text(first_text),), (_text(second_text),)
    return Content(read[0], faults, (read[1][0], read[2][0]), texts)


def _attributes(written: str) -> dict[str, str] | None:
    found = _ATTRIBUTE.findall(written)
    named = {name: value[1:-1] for name, value in found}
    return named if len(named) == len(found) else None


@lru_cache(maxsize=_REMEMBERED)
def _variant(written: str) -> tuple[str, tuple[Fault, ...]] | None:
    found = _attributes(written)
    if found is None:
        return None
    return found.get("xml:lang") or found.get("lang", ""), tuple(attribute_faults("tuv", found))


def _text(written: str) -> str:
    return unescape(written) if "&" in written else written
