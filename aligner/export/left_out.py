"""What is said of inline codes that a file leaves out, the same of a pair and of a batch; nothing of none."""

from __future__ import annotations


def dropped_codes(count: int) -> list[str]:
    """Of codes that `--codes drop` leaves out."""
    return [f"{count:,} inline codes were left out, as --codes drop says"] * bool(count)


def codes_beside_text(count: int, suffix: str) -> list[str]:
    """Of codes with no text of their own, in a format of this suffix that holds none."""
    return [f"{count:,} inline codes were left out: {suffix} holds text alone"] * bool(count)


def codes_without_tag(count: int) -> list[str]:
    """Of codes of targets that OmegaT's tags can't stand for."""
    told = (
        f"{count:,} inline codes of target sentences were left out: OmegaT has no tag for them in the source"
    )
    return [told] * bool(count)
