"""Android's `strings.xml`: texts by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from aligner.read.keys import Entry, keyed
from aligner.read.properties import joined_surrogates
from aligner.read.reading import Reading, Source
from aligner.read.xml import attribute, local_name, parse_xml

_REFERENCE = re.compile(r"@(?:\w[\w.]*:)?(?:string|null|empty|array|plurals)\b[\w/.]*|\?[\w:./]+")
# What aapt makes of a text: blanks shrink outside quotation marks, escapes stand for characters.
_ANDROID = re.compile(r'\\u([0-9A-Fa-f]{4})|\\(.)|"|\s+', re.S)
_WRITTEN = {"n": "\n", "t": "\t"}


def read_android(source: Source) -> Reading:
    """The texts of `string`, `string-array` and `plurals`; tags inside a text are formatting.

    What is marked as not translatable, and references to other texts, are left out, on record.
    """
    return keyed(source, _android(parse_xml(source, source.data)), "android")


def _android(root: Any) -> Iterator[Entry]:
    for element in root:
        name, kind = attribute(element, "name"), local_name(element)
        if kind == "string":
            yield _android_entry(name, element)
        elif kind in ("string-array", "array", "plurals"):
            number: Counter[str] = Counter()
            for item in element:
                quantity = attribute(item, "quantity")
                yield _android_entry(f"{name}[{quantity or number[quantity]}]", item)
                number[quantity] += 1


def _android_entry(key: str, element: Any) -> Entry:
    text = _android_text("".join(element.itertext()))
    fixed = any(attribute(each, "translatable") == "false" for each in (element, element.getparent()))
    if fixed or _REFERENCE.fullmatch(text):
        return Entry(key, "", ((text, "not-translatable"),))
    return Entry(key, text)


def _android_text(written: str) -> str:
    quoted = False

    def shown(found: re.Match[str]) -> str:
        nonlocal quoted
        if found[1]:
            return chr(int(found[1], 16))
        if found[2]:
            return _WRITTEN.get(found[2], found[2])
        if found[0] == '"':
            quoted = not quoted
            return ""
        return found[0] if quoted else " "

    return joined_surrogates(_ANDROID.sub(shown, written)).strip(" ")
