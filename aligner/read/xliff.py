"""XLIFF 1.2 and 2.0: a translation unit (1.2) or segment (2.0) is a row of source and target."""

from __future__ import annotations

from typing import Any

from aligner.edits import EditedText
from aligner.read.reading import Column, Reading, Source, tidy_tag
from aligner.read.xml import attribute, elements, inline_text, local_name

# Elements that stand for, or hold, a document's own codes; g, mrk, pc and mrk hold text.
CODES = frozenset({"bpt", "ept", "ph", "it", "x", "bx", "ex", "sc", "ec", "sub"})


def read_xliff(source: Source) -> Reading:
    """Two columns, source and target; a unit not yet translated has an empty target."""
    rows: list[tuple[str, str]] = []
    languages: tuple[str, str] = ("", "")
    for unit in elements(source, "trans-unit", "segment", "ignorable"):
        if not rows:
            languages = _languages(unit)
        row = _text(unit, "source"), _text(unit, "target")
        if any(side.strip() for side in row):
            rows.append(row)
    if not any(target.strip() for _, target in rows):
        raise source.refuse("an XLIFF without any translated unit; nothing to align")
    columns = (
        Column(languages[0] or None, tuple(EditedText(text) for text, _ in rows)),
        Column(languages[1] or None, tuple(EditedText(text) for _, text in rows)),
    )
    return Reading(source.name, columns, "xliff")


def _text(unit: Any, side: str) -> str:
    """Only the unit's own child counts: alternatives and earlier matches hold sources and targets too."""
    return "".join(inline_text(child, CODES) for child in unit if local_name(child) == side)


def _languages(unit: Any) -> tuple[str, str]:
    for holder in unit.iterancestors():
        source = attribute(holder, "source-language") or attribute(holder, "srcLang")
        if source:
            target = attribute(holder, "target-language") or attribute(holder, "trgLang")
            return tidy_tag(source), tidy_tag(target)
    return "", ""
