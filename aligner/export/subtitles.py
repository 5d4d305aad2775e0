"""Subtitles in two languages, SubRip and WebVTT: the source's own, each with its part of the translation below."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import pairwise
from pathlib import Path

from aligner.bitext import Alignment, Bead, Document
from aligner.errors import UsageError
from aligner.export.cut_text import cut_by_shares
from aligner.export.options import ExportOptions
from aligner.export.units import Tally, in_script, printable, written_lang
from aligner.files import replacing
from aligner.language.joints import line_joint, one_line
from aligner.text.cues import Cue, clock, cues_of
from aligner.text.timing import by_one_clock

# A subtitle of the other side that begins within so many seconds of one of this side begins with it.
_TOGETHER = 1.0
# What a speaker's turn begins with.
_DASHES = ("-", "–", "—", "‐")
_Span = tuple[int, int]


@dataclass(slots=True)
class _Shown:
    """A subtitle to be: its times, what it says in its own language, and parts of the other text."""

    start: float
    stop: float
    own: str = ""
    other: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Side:
    """A text with its subtitles, `cues`, empty where it was not read from such."""

    document: Document
    cues: tuple[Cue, ...]
    script: str | None

    @classmethod
    def of(cls, document: Document, script: str | None) -> _Side:
        return cls(document, tuple(cues_of(document.codes, len(document.text))), script)

    def written(self, start: int, end: int) -> str:
        """Characters `[start, end)` on one line."""
        return self.line(self.document.text[start:end])

    def line(self, text: str) -> str:
        """A stretch of the text on one line, as it is shown."""
        return in_script(printable(one_line(text)), self.document.lang, self.script)

    def span(self, start: int, end: int) -> _Span:
        """The characters of segments `[start, end)`; empty where there are none."""
        segments = self.document.segments
        return (segments[start].start, segments[end - 1].end) if start < end else (0, 0)

    def numbers(self, span: _Span) -> range:
        """The cues that show something of these characters."""
        first = max(0, bisect_right(self.cues, span[0], key=lambda cue: cue.at) - 1)
        return range(first, max(first + 1, bisect_left(self.cues, span[1], key=lambda cue: cue.at)))


def write_subtitles(
    alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally
) -> None:
    """The subtitles of the source at their times, `alignments` being one; those of the target where it has none.

    The translation of a sentence that runs over several is divided among them: where the other side's own subtitles
    begin, else in proportion, at marks and blanks. What only the other side has is shown with what stands before it,
    or at its own time where nothing else is shown then. Raises `UsageError` where neither side has times.
    """
    alignment = alignments[0]
    sides = [_Side.of(side, options.script) for side in (alignment.source, alignment.target)]
    if not any(side.cues for side in sides):
        raise UsageError(f"{path}: no times: one of the two texts must have been read from subtitles")
    by_target = not sides[0].cues
    own, other = reversed(sides) if by_target else sides
    links = [bead.swapped() if by_target else bead for _, bead in alignment.links()]
    is_web = path.suffix.lower() == ".vtt"
    tally.units = len(alignment.beads)
    with replacing(path) as (file,):
        file.write(_head(alignment, options) if is_web else b"")
        for number, shown in enumerate(_shown(own, other, links), 1):
            lines = [*shown.own.split("\n"), *shown.other] if not by_target else [*shown.other, shown.own]
            text = "\n".join(escape(line, quote=False) if is_web else line for line in lines if line)
            times = f"{clock(shown.start)} --> {clock(shown.stop)}"
            file.write(f"{number}\n{times if is_web else times.replace('.', ',')}\n{text}\n\n".encode())


def _head(alignment: Alignment, options: ExportOptions) -> bytes:
    langs = (written_lang(side.lang, options.script) for side in (alignment.source, alignment.target))
    return f"WEBVTT - {' '.join(langs)}\n\n".encode()


def _shown(own: _Side, other: _Side, links: Sequence[Bead]) -> list[_Shown]:
    """The subtitles of `own` in their order, with what `other` has at a time of its own between them."""
    shown = [_Shown(cue.start, cue.stop, _lines(own, cue)) for cue in own.cues]
    retimed = by_one_clock(own.cues, other.cues)
    same_clock = retimed is not None
    other = replace(other, cues=tuple(retimed)) if retimed is not None else other
    alone: list[_Shown] = []
    last = 0
    for link in links:
        said = other.span(link.tgt_start, link.tgt_end)
        if link.src_start < link.src_end:
            numbers = own.numbers(own.span(link.src_start, link.src_end))
            for number, part in zip(numbers, _parts(own, other, link, same_clock), strict=True):
                shown[number].other += [part] if part else []
            last = numbers[-1]
        elif same_clock and (free := _at_its_own_time(own, other, said)):
            alone.append(free)
        else:
            shown[last].other.append(other.written(*said))
    for each in shown:
        each.other = [_joined(each.other)]
    filled = [each for each in [*shown, *alone] if each.own or any(each.other)]
    return sorted(filled, key=lambda each: each.start) if alone else filled


def _lines(side: _Side, cue: Cue) -> str:
    """What a cue says; two who speak stay on lines of their own."""
    lines = map(side.line, side.document.text[cue.at : cue.end].split("\n"))
    return "\n".join(filter(None, lines))


def _joined(parts: Sequence[str]) -> str:
    """The parts on a line, each speaker's on a line of its own."""
    text = ""
    for part in filter(None, parts):
        joint = "\n" if part.startswith(_DASHES) else line_joint(text, part)
        text += (joint if text else "") + part
    return text


def _at_its_own_time(own: _Side, other: _Side, said: _Span) -> _Shown | None:
    """What only `other` says, where `own` shows nothing as long as it is shown."""
    cues = [other.cues[number] for number in other.numbers(said)]
    start, stop = cues[0].start, cues[-1].stop
    if any(cue.start < stop and start < cue.stop for cue in own.cues):
        return None
    return _Shown(start, stop, other=[other.written(*said)])


def _parts(own: _Side, other: _Side, link: Bead, same_clock: bool) -> Iterator[str]:
    """The translation of a link, a part for each subtitle that shows something of it."""
    first, last = own.span(link.src_start, link.src_end)
    said = other.span(link.tgt_start, link.tgt_end)
    cues = [own.cues[number] for number in own.numbers((first, last))]
    starts = {}
    if same_clock:
        for place, cue in enumerate(cues[1:], 1):
            near = [
                c for c in other.cues if said[0] < c.at < said[1] and abs(c.start - cue.start) <= _TOGETHER
            ]
            if near:
                starts[place] = min(near, key=lambda c: abs(c.start - cue.start)).at - said[0]
    shares = [max(1, min(cue.end, last) - max(cue.at, first)) for cue in cues]
    cuts = cut_by_shares(other.document.text[said[0] : said[1]], shares, starts)
    for a, b in pairwise(cuts):
        yield other.written(said[0] + a, said[0] + b)
