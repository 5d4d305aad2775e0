"""YAML of localisation, as Rails and others have it: texts by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aligner.read.reading import MAX_EXPANDED_BYTES, Reading, Source
from aligner.read.text import decode
from aligner.read.tree import Branch, localised

_TEXT = "tag:yaml.org,2002:str"
_MERGE = "tag:yaml.org,2002:merge"
# Aliases stand for what they name as often as they stand; each text or mapping so made takes memory of this order.
_BYTES_A_NODE = 256


def read_yaml(source: Source) -> Reading:
    """The texts of a YAML file, with `localised`; no tag makes an object.

    Raises `InputError` where it is malformed, holds several documents, or grows beyond bounds by its aliases.
    """
    import yaml

    decoded = decode(source)
    try:
        node = yaml.compose(decoded.text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        told = [part for part in (getattr(error, "context", ""), getattr(error, "problem", "")) if part]
        raise source.refuse(f"malformed YAML: {' '.join(told)}{where}") from None
    return localised(source, _Growing(source).tree(node), "yaml", decoded)


@dataclass(slots=True)
class _Growing:
    """Counts what aliases make of a file."""

    source: Source
    spent: int = 0

    def tree(self, node: Any) -> object:
        """The tree below a node of PyYAML, with texts, mappings and arrays."""
        kind = type(node).__name__
        self.spent += _BYTES_A_NODE + (len(node.value) if kind == "ScalarNode" else 0)
        if self.spent > MAX_EXPANDED_BYTES:
            raise self.source.refuse(
                f"expands to more than {MAX_EXPANDED_BYTES >> 20} MiB by its aliases; refused"
            )
        if kind == "SequenceNode":
            return [self.tree(child) for child in node.value]
        if kind == "MappingNode":
            return Branch(tuple(self._pairs(node)))
        return node.value if kind == "ScalarNode" and node.tag == _TEXT else None

    def _pairs(self, node: Any) -> Iterator[tuple[str, object]]:
        """Names and values; what is merged in (`<<`) comes first and gives way to the mapping's own."""
        own = {str(key.value) for key, _ in node.value if key.tag != _MERGE}
        for key, value in node.value:
            if key.tag == _MERGE:
                merged = self.tree(value)
                for branch in merged if isinstance(merged, list) else [merged]:
                    if isinstance(branch, Branch):
                        yield from (pair for pair in branch.pairs if pair[0] not in own)
        for key, value in node.value:
            if key.tag != _MERGE:
                yield str(key.value), self.tree(value)
