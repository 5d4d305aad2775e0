"""Paragraphs of office documents: stretches of text, some of them raised, lowered or left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from aligner.read.formatting import Format, Formatting, face
from aligner.read.raised import LONGEST, fractions, put, write_lowered, write_raised
from aligner.read.reading import Writing
from aligner.text.codes import Code
from aligner.text.edits import EditedText

RAISED = "superscript"
LOWERED = "subscript"


class Run(NamedTuple):
    """A stretch of a paragraph. `mark` is `RAISED`, `LOWERED`, the rule that leaves it out, or nothing. `formats` are
    those of its letters, `code` is what stands alone right before it and may stand for it."""

    text: str
    mark: str = ""
    formats: tuple[Format, ...] = ()
    code: Code | None = None


def paragraph(runs: Iterable[Run], off: frozenset[str]) -> EditedText:
    """The text of a paragraph with its record and its codes, without blanks at its edges."""
    groups = [(mark, list(group)) for mark, group in groupby(trimmed(runs), lambda run: run.mark)]
    out = Writing(off=off)
    formatting = Formatting(out)
    for number, (mark, group) in enumerate(groups):
        text = "".join(run.text for run in group)
        if mark in (RAISED, LOWERED):
            after = next((run.text for _, others in groups[number + 1 :] for run in others if run.text), "")
            _shift(formatting, group, after)
        elif not mark or (mark in off and mark != "ruby-gloss"):
            _keep(formatting, group)
        elif mark in off:
            formatting.open(group[0].formats)
            out.keep(f"（{text}）")
        else:
            _mark(formatting, group)
            out.drop(text, mark)
    formatting.close()
    if not out.length:
        out.codes.clear()  # what stands alone in a paragraph is beside no text
    whole = out.finish()
    return whole if "superscript" in off else whole.replace(fractions(whole.text), "superscript")


def _keep(formatting: Formatting, group: Sequence[Run], *more: Format) -> None:
    for run in group:
        if run.code:
            formatting.close((*run.formats, *more))
            formatting.out.mark(replace(run.code, length=len(run.text)))
        elif run.text:
            formatting.open((*run.formats, *more))
        formatting.out.keep(run.text)


def _mark(formatting: Formatting, group: Sequence[Run]) -> None:
    for run in group:
        if run.code:
            formatting.close(run.formats)
            formatting.out.mark(replace(run.code, length=0))


def _shift(formatting: Formatting, group: Sequence[Run], after: str) -> None:
    """Raised or lowered text: its characters where Unicode has them, else its letters as they are."""
    out, mark, text = formatting.out, group[0].mark, "".join(run.text for run in group)
    written = None
    if len(text.strip()) <= LONGEST:
        written = (
            write_raised(text, "".join(out.pieces[-3:]), after) if mark == RAISED else write_lowered(text)
        )
    if written is None or written.rule in out.off:
        _keep(formatting, group, face(mark))
        return
    _mark(formatting, group)
    if written.text:
        formatting.open(group[0].formats)
    put(out, text, written)


def trimmed(runs: Iterable[Run]) -> list[Run]:
    """Runs without the blanks before and after all text that stays."""
    kept = list(runs)
    for order, strip in ((range(len(kept)), str.lstrip), (range(len(kept) - 1, -1, -1), str.rstrip)):
        for place in order:
            run = kept[place]
            if not run.mark or run.mark in (RAISED, LOWERED):
                text = strip(run.text)
                # A break at the edge is none.
                kept[place] = run._replace(text=text, code=run.code if text or not run.text else None)
                if text:
                    break
    return [run for run in kept if run.text or run.code]
