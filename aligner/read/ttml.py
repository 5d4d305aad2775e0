"""Timed text (TTML, DFXP): the paragraphs of its body, by time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aligner.read.reading import Reading, Source
from aligner.read.runs import Run, paragraph
from aligner.read.subtitles import Cue, spoken
from aligner.read.text import Decoded
from aligner.read.xml import attribute, local_name, parse_xml

_CLOCK = re.compile(r"(\d{1,9}):(\d\d):(\d\d(?:\.\d{1,9})?)(?::(\d{1,9}))?")
_OFFSET = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)(h|ms|m|s|f|t)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_LONGEST_NUMBER = 15  # digits of a rate
_BLANKS = re.compile(r"\s+")
# What is set above a word: its reading, and the brackets for who can't set it there.
_READINGS = frozenset({"text", "delimiter"})
_RATE = 30.0  # frames a second, where the file does not say


@dataclass(frozen=True, slots=True)
class _Rates:
    frames: float
    ticks: float


def read_ttml(source: Source) -> Reading:
    """The paragraphs as `spoken` joins them; readings of ruby and what describes the file are left out, on record."""
    root = parse_xml(source, source.data)
    frames = _number(attribute(root, "frameRate"), _RATE)
    rates = _Rates(frames, _number(attribute(root, "tickRate"), frames))
    # A style's readings are marked by it as a span's are by themselves.
    readings = {attribute(each, "id") for each in root.iter() if attribute(each, "ruby") in _READINGS} - {""}
    cues = [cue for body in root for cue in _cues(body, rates, 0.0, readings, source.off)]
    about = " ".join(
        " ".join(each.itertext()) for each in root.iter() if local_name(each) == "metadata"
    ).split()
    if cues and about:
        cues.insert(0, Cue(0.0, 0.0, (), ((" ".join(about), "subtitle-header"),)))
    return spoken(source, cues, "ttml", Decoded("", "utf-8"))


def _cues(
    element: Any, rates: _Rates, begin: float, readings: set[str], off: frozenset[str]
) -> Iterator[Cue]:
    if local_name(element) in ("head", "metadata"):
        return
    within, begin = begin, begin + _seconds(attribute(element, "begin"), rates)
    if local_name(element) != "p":
        for child in element:
            yield from _cues(child, rates, begin, readings, off)
        return
    told = attribute(element, "end")
    end = within + _seconds(told, rates) if told else begin + _seconds(attribute(element, "dur"), rates)
    lines: list[list[Run]] = [[]]
    for run in _runs(element, readings, ""):
        if run.text == "\n":
            lines.append([])
        else:
            lines[-1].append(run)
    written = (paragraph(line, off) for line in lines)
    yield Cue(begin, end, tuple(each for each in written if each.text or each.edits))


def _runs(element: Any, readings: set[str], mark: str) -> Iterator[Run]:
    yield Run(_BLANKS.sub(" ", element.text or ""), mark)
    for child in element:
        name = local_name(child)
        if name == "br":
            yield Run("\n")
        elif name != "metadata":
            is_reading = attribute(child, "ruby") in _READINGS or attribute(child, "style") in readings
            yield from _runs(child, readings, "ruby-gloss" if is_reading else mark)
        yield Run(_BLANKS.sub(" ", child.tail or ""), mark)


def _seconds(time: str, rates: _Rates) -> float:
    if clock := _CLOCK.fullmatch(time.strip()):
        whole = int(clock[1]) * 3600 + int(clock[2]) * 60 + float(clock[3])
        return whole + int(clock[4] or 0) / rates.frames
    offset = _OFFSET.fullmatch(time.strip())
    if not offset:
        return 0.0
    unit = {**_UNITS, "f": 1 / rates.frames, "t": 1 / rates.ticks}[offset[2]]
    return float(offset[1]) * unit


def _number(text: str, default: float) -> float:
    known = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return float(text) if known and int(text) else default
