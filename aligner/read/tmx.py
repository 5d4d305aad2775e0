"""TMX 1.1 to 1.4: a translation unit is a row, a language a column."""

from __future__ import annotations

from collections import Counter
from typing import Any

from aligner.edits import EditedText
from aligner.read.reading import Column, Reading, Source, Writing, tidy_tag
from aligner.read.xml import attribute, elements, inline_text, local_name

# Elements that hold a document's own codes rather than text; `hi` holds text.
CODES = frozenset({"bpt", "ept", "ph", "it", "ut", "sub"})
# The place of a variant: its language, and which of that language's variants in the unit it is.
_Place = tuple[str, int]


def read_tmx(source: Source) -> Reading:
    """One row a translation unit, one column a language in the order they first appear.

    A second variant in the same language makes a column of its own where most units have one (a pair within
    one language), else it is recorded as left out.
    """
    rows = [_variants(unit) for unit in elements(source, "tu")]
    if not rows:
        raise source.refuse("a TMX without translation units")
    found = Counter(place for row in rows for place in row)
    places = [place for place in found if place[1] == 0 or 2 * found[place] > len(rows)]
    if len(places) < 2:  # noqa: PLR2004 - a pair
        raise source.refuse("a TMX in one language only; nothing to align")
    columns = tuple(
        Column(place[0] or None, tuple(_cell(row, place, places) for row in rows)) for place in places
    )
    return Reading(source.name, columns, "tmx")


def _variants(unit: Any) -> dict[_Place, str]:
    variants: dict[_Place, str] = {}
    for variant in unit:
        if local_name(variant) != "tuv":
            continue
        tag = tidy_tag(attribute(variant, "lang"))
        number = sum(1 for language, _ in variants if language == tag)
        text = "".join(inline_text(seg, CODES) for seg in variant if local_name(seg) == "seg")
        variants[tag, number] = text
    return variants


def _cell(row: dict[_Place, str], place: _Place, places: list[_Place]) -> EditedText:
    cell = Writing()
    cell.keep(row.get(place, ""))
    for other, text in row.items():
        if other not in places and other[0] == place[0] and place[1] == 0:
            cell.drop(text, "tmx-variant")
    return cell.finish()
