"""A count and what is counted, as a person writes it."""

from __future__ import annotations


def counted(count: float, one: str, several: str = "") -> str:
    """`count`, in whole numbers, with `one` after it where it is 1, else `several`, which is `one` + s if not given."""
    number = f"{count:,.0f}"
    return f"{number} {one if number == '1' else several or one + 's'}"
