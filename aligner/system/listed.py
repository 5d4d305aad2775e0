"""How the package is extended from outside: a list that is one longer inside a `with` block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

_Item = TypeVar("_Item")


@contextmanager
def listed_in(items: list[_Item], item: _Item, *, first: bool = False) -> Iterator[None]:
    """`item` stands in `items` inside the block, last or `first`; it goes whatever happens."""
    items.insert(0 if first else len(items), item)
    try:
        yield
    finally:
        del items[next(at for at, each in enumerate(items) if each is item)]
