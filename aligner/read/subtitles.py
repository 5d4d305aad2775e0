"""Subtitles, SubRip and WebVTT: cues become lines, a sentence over several cues becomes one."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from aligner.language.joints import line_joint
from aligner.read.reading import Reading, Source, Writing, document
from aligner.read.text import decode

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[,.](\d{1,3})"
_TIMING = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t].*)?$", re.M)
_TAG = re.compile(r"</?(?:[a-zA-Z][^<>]*|\d[\d:.]*)?>|\{\\[^{}]*\}|\{[a-zA-Z]:[^{}]*\}")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)\b")
# What begins a line of its own inside a cue: a speaker's turn, a song, a sound.
_TURN = re.compile(r"\s*(?:[-–—‐]\s*\S|♪|\[|\(|（|【)")
_ENDED = regex.compile(r"[\p{Sentence_Terminal}…♪][\p{Pe}\p{Pf}\p{Pi}\"'♪]*\s*$|[\])）】♪]\s*$")
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
# Seconds of silence after which a new line begins in any case.
_PAUSE = 2.0
# Subtitles that hardly ever end a cue with a full stop (the habit in Chinese) have one sentence a cue.
_PUNCTUATED_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class _Cue:
    start: float
    end: float
    lines: tuple[str, ...]
    voices: tuple[str, ...]


def read_subtitles(source: Source) -> Reading:
    """The words of all cues without numbers, times and tags.

    A cue goes on the line of the one before where that one has not ended its sentence, the pause is short and
    both are in the same script; else on a new line. A speaker's name in a voice tag is left out, on record.
    """
    decoded = decode(source)
    cues = [cue for cue in _cues(decoded.text) if cue.lines]
    kind = "vtt" if decoded.text.lstrip().startswith("WEBVTT") else "srt"
    ended = sum(1 for cue in cues if _ENDED.search(cue.lines[-1]))
    joined = ended >= _PUNCTUATED_SHARE * len(cues)
    out = Writing()
    last, silent_since = "", 0.0
    for cue in cues:
        for voice in cue.voices:
            out.drop(voice, "subtitle-voice")
        for number, line in enumerate(cue.lines):
            continues = number > 0 or (
                joined and cue.start - silent_since <= _PAUSE and not _ENDED.search(last)
            )
            out.keep(_joint(last, line, continues) + line)
            last = line
        silent_since = cue.end
    return document(source, out.finish(), kind, decoded.encoding, decoded.notes)


def _joint(last: str, line: str, continues: bool) -> str:
    if not last:
        return ""
    if not continues or _TURN.match(line) or bool(_CJK.search(last)) != bool(_CJK.search(line)):
        return "\n"
    return line_joint(last, line)


def _cues(text: str) -> Iterator[_Cue]:
    timings = list(_TIMING.finditer(text))
    ends = [*(timing.start() for timing in timings[1:]), len(text)][: len(timings)]
    for number, (timing, end) in enumerate(zip(timings, ends, strict=True)):
        body = text[timing.end() : end].split("\n")[1:]
        if number + 1 < len(timings):
            body = _without_name(body[:-1])
        body = _without_blocks(body)
        voices = tuple(_VOICE.findall("\n".join(body)))
        lines = (html.unescape(_TAG.sub("", line)).strip() for line in body)
        clock = [float(part or 0) for part in timing.groups()]
        yield _Cue(_seconds(*clock[:4]), _seconds(*clock[4:]), tuple(line for line in lines if line), voices)


def _without_name(body: list[str]) -> list[str]:
    """A cue's lines without the next cue's number or name, which stands right above that one's times."""
    if not body or not body[-1].strip():
        return body
    stands_alone = len(body) == 1 or not body[-2].strip()
    return body[:-1] if stands_alone or body[-1].strip().isdigit() else body


def _without_blocks(body: list[str]) -> list[str]:
    """Without the comments and styles that WebVTT puts between cues, each after a blank line."""
    for number in range(1, len(body)):
        if not body[number - 1].strip() and _BLOCK.match(body[number]):
            return body[:number]
    return body


def _seconds(hours: float, minutes: float, seconds: float, thousandths: float) -> float:
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
