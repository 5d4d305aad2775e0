"""Paragraphs of office documents: stretches of text, some of them raised, lowered or left out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from aligner.read.raised import LONGEST, fractions, put, write_lowered, write_raised
from aligner.read.reading import Writing
from aligner.text.edits import EditedText

RAISED = "superscript"
LOWERED = "subscript"


class Run(NamedTuple):
    """A stretch of a paragraph. `mark` is `RAISED`, `LOWERED`, the rule that leaves it out, or nothing."""

    text: str
    mark: str = ""


def paragraph(runs: Iterable[Run], off: frozenset[str]) -> EditedText:
    """The text of a paragraph with its record, without blanks at its edges."""
    merged = [
        Run("".join(run.text for run in group), mark)
        for mark, group in groupby(trimmed(runs), lambda run: run.mark)
    ]
    out = Writing(off=off)
    for number, run in enumerate(merged):
        if run.mark in (RAISED, LOWERED) and len(run.text.strip()) <= LONGEST:
            after = next((other.text for other in merged[number + 1 :] if other.text), "")
            before = "".join(out.pieces[-3:])
            put(
                out,
                run.text,
                write_raised(run.text, before, after) if run.mark == RAISED else write_lowered(run.text),
            )
        elif not run.mark or run.mark in (RAISED, LOWERED):
            out.keep(run.text)
        elif run.mark in off:
            out.keep(f"（{run.text}）" if run.mark == "ruby-gloss" else run.text)
        else:
            out.drop(run.text, run.mark)
    text = out.finish()
    return text if "superscript" in off else text.replace(fractions(text.text), "superscript")


def trimmed(runs: Iterable[Run]) -> list[Run]:
    """Runs without the blanks before and after all text that stays."""
    kept = list(runs)
    for order, strip in ((range(len(kept)), str.lstrip), (range(len(kept) - 1, -1, -1), str.rstrip)):
        for place in order:
            text, mark = kept[place]
            if not mark or mark in (RAISED, LOWERED):
                kept[place] = Run(strip(text), mark)
                if kept[place].text:
                    break
    return [run for run in kept if run.text]
