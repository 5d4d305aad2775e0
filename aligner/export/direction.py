"""Memories of two directions as one: those that run the other way are turned, others are never mixed in."""

from __future__ import annotations

from collections.abc import Sequence

from aligner.bitext import Alignment
from aligner.errors import UsageError
from aligner.export.units import UNKNOWN_LANG, label
from aligner.language.tags import primary
from aligner.text.counted import counted


def runs_backwards(alignment: Alignment, src_lang: str | None, tgt_lang: str | None) -> bool:
    """Whether its source is in the language wanted for the target, or its target in that of the source."""
    own = alignment.source.lang, alignment.target.lang
    for same in (primary, str.lower):
        source, target = same(own[0]), same(own[1])
        if source == target:  # simplified and traditional Chinese: the whole codes tell
            continue
        wanted = same(src_lang) if src_lang else None, same(tgt_lang) if tgt_lang else None
        if wanted[0] == wanted[1]:
            continue
        return (wanted[0] in (None, target) and wanted[1] in (None, source)) and wanted != (None, None)
    return False


def turned_by_script(count: int) -> list[str]:
    """What is said of units that were turned as their script told; nothing of none."""
    ways = ("unit stood the wrong way round by its script and was turned",
            "units stood the wrong way round by their script and were turned")  # fmt: skip
    return [counted(count, *ways)] * bool(count)


def check_one_pair(alignments: Sequence[Alignment]) -> None:
    """Raise `UsageError` where alignments, all turned one way, are in more than one pair of languages."""
    pairs: dict[tuple[str, str], str] = {}
    for alignment in alignments:
        langs = primary(alignment.source.lang), primary(alignment.target.lang)
        if UNKNOWN_LANG not in langs:
            pairs.setdefault(langs, label(alignment) or "the first")
    if len(pairs) > 1:
        told = ", ".join(f"{name} is {source} → {target}" for (source, target), name in pairs.items())
        raise UsageError(
            f"one memory holds one pair of languages, here are several: {told}; export each by itself"
        )
