"""Subtitles in two languages, SubRip and WebVTT: the source above its translation, at the times of the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from aligner.bitext import Alignment, Bead, Document
from aligner.errors import UsageError
from aligner.export.options import ExportOptions
from aligner.export.units import Tally, side_text, written_lang
from aligner.files import replacing
from aligner.text.cues import Cue, clock, cues_of, heard

# Times and the lines that are shown.
_Shown = tuple[float, float, list[str]]


def write_subtitles(
    alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally
) -> None:
    """Every bead is shown, `alignments` being one: with the times of the source, else of the target.

    A sentence that begins within a subtitle is heard in proportion to its place in it. What only the side without
    times has is shown with what stands before it. Raises `UsageError` where neither side was read from subtitles.
    """
    alignment = alignments[0]
    timed = [cues_of(side.codes, len(side.text)) for side in (alignment.source, alignment.target)]
    if not any(timed):
        raise UsageError(f"{path}: no times: one of the two texts must have been read from subtitles")
    shown = _shown(alignment, timed[0] or timed[1], not timed[0], options)
    is_web = path.suffix.lower() == ".vtt"
    tally.units = len(alignment.beads)
    with replacing(path) as (file,):
        file.write(_head(alignment, options) if is_web else b"")
        for number, (start, stop, lines) in enumerate(shown, 1):
            text = "\n".join(escape(line, quote=False) if is_web else line for line in lines)
            times = f"{clock(start)} --> {clock(stop)}"
            file.write(f"{number}\n{times if is_web else times.replace('.', ',')}\n{text}\n\n".encode())


def _head(alignment: Alignment, options: ExportOptions) -> bytes:
    langs = (written_lang(side.lang, options.script) for side in (alignment.source, alignment.target))
    return f"WEBVTT - {' '.join(langs)}\n\n".encode()


def _shown(
    alignment: Alignment, cues: Sequence[Cue], by_target: bool, options: ExportOptions
) -> Iterator[_Shown]:
    waiting: list[str] = []
    last: _Shown | None = None
    for bead in alignment.beads:
        lines = _lines(alignment, bead, options)
        span = (
            _span(alignment.target, bead.tgt_start, bead.tgt_end)
            if by_target
            else _span(alignment.source, bead.src_start, bead.src_end)
        )
        if span is None:
            (last[2] if last else waiting).extend(lines)
            continue
        if last:
            yield last
        start, stop = heard(cues, *span)
        last, waiting = (start, stop, [*waiting, *lines]), []
    if last:
        yield last


def _lines(alignment: Alignment, bead: Bead, options: ExportOptions) -> list[str]:
    source = side_text(alignment.source, bead.src_start, bead.src_end, options.script)
    target = side_text(alignment.target, bead.tgt_start, bead.tgt_end, options.script)
    return [line for line in (source, target) if line]


def _span(document: Document, start: int, end: int) -> tuple[int, int] | None:
    """The characters of segments `[start, end)`."""
    return (document.segments[start].start, document.segments[end - 1].end) if start < end else None
