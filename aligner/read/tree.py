"""Localisation files that are trees (JSON, YAML): a text's key is the way to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from aligner.language.tags import is_known_tag
from aligner.read.keys import Entry, keyed
from aligner.read.reading import Column, Reading, Source, tidy_tag
from aligner.read.table import PAIR, named_columns, table
from aligner.read.text import Decoded
from aligner.text.edits import EditedText


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping in the order of the file; names may stand twice. Arrays are lists, texts strings."""

    pairs: tuple[tuple[str, object], ...]


def localised(source: Source, tree: object, kind: str, decoded: Decoded) -> Reading:
    """The texts of a tree by key; numbers and truth values are none.

    An array of records is a table. A mapping whose names are two languages or more gives a column each; one
    whose only name is a language is in that one, as in Rails. `@@locale` and `@…` are Flutter's, `message` and
    `description` those of browser extensions: what is said to translators is left out, on record.
    """
    if isinstance(tree, list) and tree and all(isinstance(each, Branch) for each in tree):
        return _records(source, tree, kind, decoded)
    if isinstance(tree, Branch) and not _is_extension(tree):
        tongues = [name for name, value in tree.pairs if is_known_tag(name) and isinstance(value, Branch)]
        if len(tongues) == len(tree.pairs) >= PAIR:
            return _columns(source, tree, kind, decoded)
        if len(tongues) == len(tree.pairs) == 1:
            return keyed(source, _entries(tree.pairs[0][1]), kind, decoded, tidy_tag(tongues[0]))
    lang = next((value for name, value in _pairs(tree) if name == "@@locale" and isinstance(value, str)), "")
    return keyed(source, _entries(tree), kind, decoded, tidy_tag(lang) or None)


def _records(source: Source, records: list[Branch], kind: str, decoded: Decoded) -> Reading:
    """An array of records with a text a language, as JSON lines have one a line."""
    flat = [{key.rpartition("\0")[2]: text for key, text in _leaves(record)} for record in records]
    names = list(dict.fromkeys(name for record in flat for name in record))
    rows = [[record.get(name, "") for name in names] for record in flat]
    heading = [names] if len(named_columns(names)) >= PAIR else []
    return table(source, [*heading, *rows], kind, decoded.encoding, decoded.notes)


def _columns(source: Source, tree: Branch, kind: str, decoded: Decoded) -> Reading:
    readings = [keyed(source, _entries(value), kind, decoded, tidy_tag(name)) for name, value in tree.pairs]
    sides = [dict(zip(each.keys, each.columns[0].cells, strict=True)) for each in readings]
    keys = tuple(dict.fromkeys(key for side in sides for key in side))
    columns = tuple(
        Column(each.columns[0].lang, tuple(side.get(key, EditedText("")) for key in keys))
        for each, side in zip(readings, sides, strict=True)
    )
    return Reading(source.name, columns, kind, decoded.encoding, decoded.notes, keys=keys)


def _entries(tree: object) -> Iterator[Entry]:
    beside: list[tuple[str, str]] = []
    is_extension = _is_extension(tree)
    for key, text in _leaves(tree):
        path = key.split("\0")
        if path[0].startswith("@") or (is_extension and path[1:] != ["message"]):
            beside.append((text, "translator-note"))
            continue
        yield Entry(path[0] if is_extension else ".".join(path), text, tuple(beside))
        beside = []
    if beside:
        yield Entry("@", "", tuple(beside))


def _is_extension(tree: object) -> bool:
    """Whether each text has its key above `message`, as browser extensions have them."""
    return isinstance(tree, Branch) and all(
        isinstance(value, Branch) and any(name == "message" for name, _ in value.pairs)
        for _, value in tree.pairs
    )


def _leaves(tree: object, way: str = "") -> Iterator[tuple[str, str]]:
    """The texts with the names on the way to them, a zero character between two."""
    if isinstance(tree, str):
        yield way, tree
    for name, value in _pairs(tree):
        yield from _leaves(value, f"{way}\0{name}" if way else name)


def _pairs(tree: object) -> Iterator[tuple[str, object]]:
    if isinstance(tree, Branch):
        yield from tree.pairs
    elif isinstance(tree, list):
        yield from ((f"[{number}]", value) for number, value in zip(count(), tree, strict=False))
