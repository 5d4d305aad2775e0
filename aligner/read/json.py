"""JSON: localisation files by key, arrays of records as tables."""

from __future__ import annotations

import json

from aligner.read.jsonl import is_json_lines, read_jsonl
from aligner.read.reading import Reading, Source
from aligner.read.text import decode
from aligner.read.tree import Branch, localised
from aligner.text.whole_numbers import exact


def read_json(source: Source) -> Reading:
    """The texts of a JSON file, with `localised`. Raises `InputError` where it is malformed."""
    decoded = decode(source)
    try:
        tree = json.loads(
            decoded.text, object_pairs_hook=lambda pairs: Branch(tuple(pairs)), strict=False, parse_int=exact
        )
    except json.JSONDecodeError as error:
        if is_json_lines(decoded.text):
            return read_jsonl(source)
        raise source.refuse(
            f"malformed JSON: {error.msg}, line {error.lineno}, column {error.colno}"
        ) from None
    return localised(source, tree, "json", decoded)
