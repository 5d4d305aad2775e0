"""Advanced SubStation Alpha (.ass, .ssa): the dialogue of its events, by time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aligner.read.reading import Reading, Source, Writing
from aligner.read.subtitles import Cue, spoken
from aligner.read.text import decode
from aligner.text.edits import EditedText

_SECTION = re.compile(r"\[[^\]\n]*\]\s*")
_EVENT = re.compile(r"(Format|Dialogue|Comment):\s*(.*)")
# The fields of SSA and ASS where no line names them; the text is last, and may hold commas.
_FIELDS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
_TIME = re.compile(r"(\d{1,9}):(\d{1,9}):(\d{1,9}(?:[.,]\d{1,9})?)")
# What stands in braces is how, not what; between \p1 and \p0 it is drawn.
_PART = re.compile(r"\{([^}]*)\}")
_DRAWING = re.compile(r"\\p(\d+)")
_BREAK = re.compile(r"\\N")


def read_ass(source: Source) -> Reading:
    """The dialogue as `spoken` joins it; comments, names of speakers, drawings and styles are left out, on record."""
    decoded = decode(source)
    head, events = _sections(decoded.text)
    cues = sorted(_cues(source, events), key=lambda cue: cue.start)
    if cues and head.strip():
        first = cues[0]
        cues[0] = Cue(
            first.start, first.end, first.lines, ((" ".join(head.split()), "subtitle-header"), *first.beside)
        )
    return spoken(source, cues, "ass", decoded)


def _sections(text: str) -> tuple[str, list[str]]:
    """What stands outside the events, and the lines of the events."""
    head: list[str] = []
    events: list[str] = []
    inside = False
    for line in text.split("\n"):
        if _SECTION.fullmatch(line):
            inside = line.strip().lower() == "[events]"
        elif inside:
            events.append(line)
        else:
            head.append(line)
    return "\n".join(head), events


def _cues(source: Source, events: list[str]) -> Iterator[Cue]:
    fields: Sequence[str] = _FIELDS
    for line in events:
        found = _EVENT.match(line)
        if not found:
            continue
        if found[1] == "Format":
            fields = tuple(name.strip().lower() for name in found[2].split(","))
            continue
        values = dict(zip(fields, found[2].split(",", len(fields) - 1), strict=False))
        start, end = _seconds(values.get("start", "")), _seconds(values.get("end", ""))
        text = values.get("text", "")
        if found[1] == "Comment":
            yield Cue(start, end, (), ((_PART.sub("", text), "subtitle-note"),))
            continue
        voice = values.get("name", values.get("actor", "")).strip()
        lines = tuple(
            each for part in _BREAK.split(text) if (each := _line(part, source.off)).text or each.edits
        )
        yield Cue(start, end, lines, ((voice, "subtitle-voice"),) if voice else ())


def _line(text: str, off: frozenset[str]) -> EditedText:
    out, drawn, place = Writing(off=off), False, 0
    for part in [*_PART.finditer(text), None]:
        stretch = text[place : part.start() if part else len(text)]
        stretch = stretch.replace("\\h", "\u00a0").replace("\\n", " ")
        if drawn:
            out.drop(stretch, "subtitle-drawing")
        else:
            out.keep(stretch if out.pieces else stretch.lstrip())
        if part:
            place = part.end()
            for scale in _DRAWING.findall(part[1]):
                drawn = scale != "0"
    written = out.finish()
    return written.slice(0, len(written.text.rstrip())) if written.text.strip() else written


def _seconds(time: str) -> float:
    found = _TIME.search(time)
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3].replace(",", ".")) if found else 0.0
