""".NET's .resx: texts by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aligner.read.keys import Entry, keyed
from aligner.read.reading import Reading, Source
from aligner.read.xml import attribute, local_name, parse_xml


def read_resx(source: Source) -> Reading:
    """The texts of `data`; pictures, sizes and what else a form's designer keeps there is left out, on record."""
    return keyed(source, _resx(parse_xml(source, source.data)), "resx")


def _resx(root: Any) -> Iterator[Entry]:
    for element in root:
        if local_name(element) != "data":
            continue
        name = attribute(element, "name")
        text = "".join("".join(part.itertext()) for part in element if local_name(part) == "value")
        if attribute(element, "type") or attribute(element, "mimetype") or name.startswith((">>", "$")):
            yield Entry(name, "", ((text, "not-translatable"),))
        else:
            yield Entry(name, text)
