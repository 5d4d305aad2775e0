"""JSON lines: an object a line, as corpora and this programme's own export have them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from aligner.read.reading import Reading, Source
from aligner.read.table import PAIR, named_columns, table
from aligner.read.text import decode
from aligner.text.whole_numbers import exact


def read_jsonl(source: Source) -> Reading:
    """JSON lines, `{"source": …, "target": …}` each, also with an object inside, `{"translation": {…}}`.

    Names are headings. Raises `InputError` where a line is no object.
    """
    decoded = decode(source)
    records = list(_objects(source, decoded.text))
    names = list(dict.fromkeys(name for record in records for name in record))
    rows = [[record.get(name, "") for name in names] for record in records]
    heading = [names] if len(named_columns(names)) >= PAIR else []
    return table(source, [*heading, *rows], "jsonl", decoded.encoding, decoded.notes)


def is_json_lines(text: str) -> bool:
    """Whether the first line is a JSON object that is not empty."""
    try:
        record = json.loads(text.lstrip().partition("\n")[0], parse_int=exact)
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and bool(record)


def _objects(source: Source, text: str) -> Iterator[dict[str, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, parse_int=exact)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            raise source.refuse(f"line {number} is no JSON object, as each line of a .jsonl file has to be")
        yield dict(_cells(record))


def _cells(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    for name, value in record.items():
        inner = value.items() if isinstance(value, dict) else [(name, value)]
        for own, content in inner:
            # An object inside may have a name that the outer one has, too.
            yield (f"{name} {own}" if own in taken else own), _cell(content)
            taken.add(own)


def _cell(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, default=str)
