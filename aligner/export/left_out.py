"""What is said of inline codes that a file leaves out, the same of a pair and of a batch; nothing of none."""

from __future__ import annotations

from aligner.text.counted import counted

_WERE = ("inline code was", "inline codes were")


def dropped_codes(count: int) -> list[str]:
    """Of codes that `--codes drop` leaves out."""
    return [f"{counted(count, *_WERE)} left out, as --codes drop says"] * bool(count)


def codes_beside_text(count: int, suffix: str) -> list[str]:
    """Of codes with no text of their own, in a format of this suffix that holds none."""
    return [f"{counted(count, *_WERE)} left out: {suffix} holds text alone"] * bool(count)


def codes_without_tag(count: int) -> list[str]:
    """Of codes of targets that OmegaT's tags can't stand for."""
    told = counted(count, "inline code of target sentences was", "inline codes of target sentences were")
    told += " left out: the source has none that OmegaT could make a tag of"
    return [told] * bool(count)
