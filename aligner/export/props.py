"""What a user says of every unit of a memory: `--prop client=Acme`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aligner.errors import UsageError

ATTRIBUTES = ("creationid", "changeid")
"""These are attributes of a unit; `changeid` of those that a person changed or confirmed."""
_KNOWN = frozenset({"client", "project", "domain", "subject"})
# What aligner says of a unit itself.
_OWN = re.compile(r"(?:x-)?(?:align-.*|origin|document|signature|context-(?:pre|post))", re.I)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")
_LONGEST = 500
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

Props = tuple[tuple[str, str], ...]


def parse_props(entries: Iterable[str]) -> Props:
    """Names and values of `NAME=VALUE`, in order. Raises `UsageError` for one that won't do."""
    found: dict[str, str] = {}
    for entry in entries:
        name, sign, value = (part.strip() for part in entry.partition("="))
        if not sign or not _NAME.fullmatch(name):
            raise UsageError(
                f"--prop {entry[:60]!r}: write NAME=VALUE, the name in ASCII letters: client=Acme"
            )
        if not value or len(value) > _LONGEST or _CONTROL.search(value):
            raise UsageError(f"--prop {name}: its value must be one line of 1 to {_LONGEST} characters")
        if _OWN.fullmatch(name):
            raise UsageError(f"--prop {name}: aligner writes this one itself; choose another name")
        if name.casefold() in map(str.casefold, found):
            raise UsageError(f"--prop {name}: given twice; name each once")
        found[name] = value
    return tuple(found.items())


def type_of(name: str) -> str:
    """The type of a prop in a TMX: memoQ's names as they are, all others with the `x-` that TMX asks for."""
    if name.lower() in _KNOWN:
        return name.lower()
    return name if name.lower().startswith("x-") else f"x-{name}"
