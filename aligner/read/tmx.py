"""TMX 1.1 to 1.4: a translation unit is a row, a language a column."""

from __future__ import annotations

from collections import Counter
from typing import Any

from aligner.read.inline import Content, content, is_laid_out
from aligner.read.reading import Column, Reading, Source, Writing, tidy_tag
from aligner.read.xml import attribute, elements, local_name
from aligner.text.edits import EditedText

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
    every = not source.applies("tmx-variant")
    found = Counter(place for row in rows for place in row)
    places = [place for place in found if place[1] == 0 or every or 2 * found[place] > len(rows)]
    if len(places) < 2:  # noqa: PLR2004 - a pair
        raise source.refuse("a TMX in one language only; nothing to align")
    columns = tuple(
        Column(place[0] or None, tuple(_cell(row, place, places) for row in rows)) for place in places
    )
    return Reading(source.name, columns, "tmx")


def variant_content(variant: Any) -> Content:
    """What a `<tuv>` says; of several `<seg>`, against the rules, one after the other."""
    found = [content(seg, collapse=is_laid_out(seg)) for seg in variant if local_name(seg) == "seg"]
    text = EditedText.join([each.text for each in found])
    return Content(text, tuple(flow for each in found for flow in each.flows))


def _variants(unit: Any) -> dict[_Place, EditedText]:
    variants: dict[_Place, EditedText] = {}
    for variant in unit:
        if local_name(variant) != "tuv":
            continue
        tag = tidy_tag(attribute(variant, "lang"))
        number = sum(1 for language, _ in variants if language == tag)
        variants[tag, number] = variant_content(variant).lines()
    return variants


def _cell(row: dict[_Place, EditedText], place: _Place, places: list[_Place]) -> EditedText:
    spare = Writing()
    for other, text in row.items():
        if other not in places and other[0] == place[0] and place[1] == 0:
            spare.drop(text.without_codes().original(), "tmx-variant")
    return EditedText.join([row.get(place, EditedText("")), spare.finish()])
