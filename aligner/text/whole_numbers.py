"""Whole numbers of JSON, whatever their length: Python reads 4,300 digits at most, and says so to programmers only."""

from __future__ import annotations

from decimal import Decimal

MOST_DIGITS = 600  # far more than any number in use, and less than the least that Python can be told to read


def bounded(digits: str) -> int:
    """`int`, as `parse_int` of `json.loads`. Raises `ValueError` that says how long the number is."""
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"it holds a number of {len(digits):,} digits; {MOST_DIGITS:,} at most")
    return int(digits)


def exact(digits: str) -> int | Decimal:
    """`int`, or a `Decimal` where there are more digits than Python reads as one."""
    return Decimal(digits) if len(digits) > MOST_DIGITS else int(digits)
