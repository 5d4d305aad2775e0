"""Subtitles, SubRip and WebVTT: cues become lines, a sentence over several cues becomes one."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import regex

from aligner.language.joints import line_joint
from aligner.read.credits import is_credit
from aligner.read.reading import Reading, Source, Writing, document
from aligner.read.text import Decoded, decode
from aligner.text.codes import ALONE, CUE, Code
from aligner.text.cues import clock
from aligner.text.edits import EditedText

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[,.](\d{1,3})"
_TIMING = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t].*)?$", re.M)
_UNREAD = re.compile(r"[ \t]*[\d:.,;-]{4,40}[ \t]*-->")
_TAG = re.compile(r"</?(?:[a-zA-Z][^<>]*|\d[\d:.]*)?>|\{\\[^{}]*\}|\{[a-zA-Z]:[^{}]*\}")
_RP = r"(?:<rp[^<>]*>[^<>]*(?:</rp>)?)?"  # brackets for players that can't set ruby
_RUBY = re.compile(rf"{_RP}<rt[^<>]*>([^<>]*)(?:</rt>|(?=</ruby>)|$){_RP}", re.I)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^\s<>][^<>\n]*)>")
_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)\b")
_MARK = re.compile(r"WEBVTT[ \t]*-?[ \t]*")
# What begins a line of its own inside a cue: a speaker's turn, a song, a sound.
_TURN = re.compile(r"\s*(?:[-–—‐]\s*\S|♪|\[|\(|（|【)")
_SPEAKER = re.compile(r"\s*(?:<[^<>]*>\s*)*[-–—‐]\s?[^\s\-–—]")
_NEXT_TURN = regex.compile(
    r"(?<=[\p{Sentence_Terminal}…][\"”’」』]?)\s*(?=[-–—‐]\s?[^\s\-–—])"
    r"|(?<=[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}])\s+(?=[-–—‐]\s?[^\s\-–—])"
)
_ENDS = regex.compile(r"[\p{Sentence_Terminal}…♪]")
_CLOSES = regex.compile(r"[\p{Pe}\p{Pf}\p{Pi}\"'♪]")
_CLOSED = "])）】♪"
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
# Seconds of silence after which a new line begins in any case.
_PAUSE = 2.0
# Subtitles that hardly ever end a cue with a full stop (the habit in Chinese) have one sentence a cue.
_PUNCTUATED_SHARE = 0.2
# Captions roll where at least so many cues, and so large a part of them, show again what the one before showed.
_ROLLS = 2
_ROLLING_SHARE = 0.4
# Seconds between two cues of rolling captions: they touch.
_TOUCHING = 0.1


@dataclass(frozen=True, slots=True)
class Cue:
    """Seconds, lines of text, and what stood with them and is none, `(text, rule)`."""

    start: float
    end: float
    lines: tuple[EditedText, ...]
    beside: tuple[tuple[str, str], ...] = ()
    repeats: tuple[str, ...] = field(default=())

    @property
    def texts(self) -> tuple[str, ...]:
        """The lines without their record."""
        return tuple(line.text for line in self.lines)


def read_subtitles(source: Source) -> Reading:
    """The words of all cues without numbers, times and tags.

    A cue goes on the line of the one before where that one has not ended its sentence, the pause is short and
    both are in the same script; else on a new line. Names of speakers, readings, notes, what stands before the
    first cue and lines that rolling captions show again are left out, on record. Raises `InputError` where no cue
    has times that can be read.
    """
    decoded = decode(source)
    if not _TIMING.search(decoded.text):
        raise source.refuse(f"no cue in it has times that can be read; {_first_unread(decoded.text)}")
    kind = "vtt" if decoded.text.lstrip().startswith("WEBVTT") else "srt"
    return spoken(source, list(_cues(decoded.text, source.off)), kind, decoded)


def _first_unread(text: str) -> str:
    wanted = "write them as 00:00:01,000 --> 00:00:02,500"
    number = next((n for n, line in enumerate(text.split("\n"), 1) if "-->" in line), None)
    return f"line {number} should have them: {wanted}" if number else wanted


def spoken(source: Source, cues: list[Cue], kind: str, decoded: Decoded) -> Reading:
    """The words of `cues`, which come by time, as `read_subtitles` says."""
    if source.applies("subtitle-credit"):
        cues = _without_credits(cues)
    if source.applies("subtitle-repeat"):
        cues = _without_repeats(cues)
    return document(source, _text(cues, source.off), kind, decoded.encoding, decoded.notes)


def _text(cues: Sequence[Cue], off: frozenset[str]) -> EditedText:
    spoken = [cue for cue in cues if cue.lines]
    joined = sum(_has_ended(cue.texts[-1]) for cue in spoken) >= _PUNCTUATED_SHARE * len(spoken)
    parts: list[EditedText] = []
    last, silent_since = "", 0.0
    for cue in cues:
        before = Writing(off=off)
        for text, rule in cue.beside:
            before.drop(f"{text}\n" if rule in off and text.strip() else text, rule)
        for text in cue.repeats:
            before.drop(text, "subtitle-repeat")
        parts.append(before.finish())
        for number, line in enumerate(cue.lines):
            near = cue.start - silent_since <= _PAUSE
            continues = number > 0 or (joined and near and not _has_ended(last))
            parts += [EditedText(_joint(last, line.text, continues)), line if number else _timed(line, cue)]
            last = line.text
        silent_since = cue.end if cue.lines else silent_since
    return EditedText.join(parts)


def _timed(line: EditedText, cue: Cue) -> EditedText:
    """A cue's first line with its times."""
    mark = Code(0, ALONE, f"{clock(cue.start)} --> {clock(cue.end)}", type=CUE)
    return replace(line, codes=(mark, *line.codes))


def _has_ended(line: str) -> bool:
    """Whether a line ends as a sentence, a song or a sound does."""
    line = line.rstrip()
    if line.endswith(tuple(_CLOSED)):
        return True
    end = len(line)
    while end and _CLOSES.match(line[end - 1]):
        end -= 1
    return bool(end and _ENDS.match(line[end - 1]))


def _joint(last: str, line: str, continues: bool) -> str:
    if not last:
        return ""
    if not continues or _TURN.match(line) or bool(_CJK.search(last)) != bool(_CJK.search(line)):
        return "\n"
    return line_joint(last, line)


def _without_credits(cues: list[Cue]) -> list[Cue]:
    """Without what names the makers of the subtitles; where nothing else is said, as they are."""
    shown = [number for number, cue in enumerate(cues) if cue.lines]
    gone = {number for place, number in enumerate(shown) if is_credit(cues[number].texts, place, len(shown))}
    if len(gone) == len(shown):
        return cues
    return [
        replace(cue, lines=(), beside=(*cue.beside, ("\n".join(cue.texts), "subtitle-credit")))
        if n in gone
        else cue
        for n, cue in enumerate(cues)
    ]


def _without_repeats(cues: list[Cue]) -> list[Cue]:
    """Each line once: without cues given twice, and without what rolling captions show again."""
    cues = [
        replace(cue, lines=(), repeats=cue.texts) if _is_twin(before, cue) else cue
        for before, cue in pairwise([Cue(-1, -1, ()), *cues])
    ]
    shown = [cue for cue in cues if cue.lines]
    rolled = sum(_rolled(before, cue) > 0 for before, cue in pairwise(shown))
    if rolled < _ROLLS or rolled < _ROLLING_SHARE * (len(shown) - 1):
        return cues
    if all(before.texts == cue.texts for before, cue in pairwise(shown) if _rolled(before, cue)):
        return cues  # nothing new is shown below what is repeated: somebody says it again
    kept: list[Cue] = []
    before = Cue(-1, -1, ())
    for cue in cues:
        again = _rolled(before, cue)
        grown = again > 0 and cue.texts[again - 1] != before.texts[-1]
        if grown:  # the line before was only the beginning of this one
            kept[-1] = replace(
                kept[-1], lines=kept[-1].lines[:-1], repeats=(*kept[-1].repeats, before.texts[-1])
            )
        taken = again - grown
        kept.append(replace(cue, lines=cue.lines[taken:], repeats=(*cue.repeats, *cue.texts[:taken])))
        before = cue if cue.lines else before
    return kept


def _is_twin(before: Cue, cue: Cue) -> bool:
    """Whether a cue stands twice with the same times, as shadows and effects are made."""
    return bool(cue.lines) and (before.start, before.end, before.texts) == (cue.start, cue.end, cue.texts)


def _rolled(before: Cue, cue: Cue) -> int:
    """How many of a cue's first lines the one before, which it touches, showed as its last ones."""
    if not before.lines or not -_PAUSE <= cue.start - before.end <= _TOUCHING:
        return 0
    shown, here = before.texts, cue.texts
    for count in range(min(len(shown), len(here)), 0, -1):
        *whole, last = here[:count]
        if tuple(whole) == shown[-count:-1] and (last == shown[-1] or last.startswith(f"{shown[-1]} ")):
            return count
    return 0


def _cues(text: str, off: frozenset[str]) -> Iterator[Cue]:
    timings = list(_TIMING.finditer(text))
    ends = [*(timing.start() for timing in timings[1:]), len(text)][: len(timings)]
    head, name = _split_name(text[: timings[0].start()].split("\n")[:-1] if timings else [])
    beside = [(" ".join(_MARK.sub("", "\n".join(head), count=1).split()), "subtitle-header"), *name]
    for number, (timing, end) in enumerate(zip(timings, ends, strict=True)):
        body = text[timing.end() : end].split("\n")[1:]
        name = []
        if number + 1 < len(timings):
            body, name = _split_name(body[:-1])
        body, blocks = _split_blocks(body)
        body, unread = _split_unread(body)
        blocks += unread
        beside += [(voice, "subtitle-voice") for voice in _VOICE.findall("\n".join(body))]
        lines = (_line(turn, off) for line in body for turn in _turns(line))
        clock = [float(part or 0) for part in timing.groups()]
        spoken = tuple(line for line in lines if line.text)
        yield Cue(_seconds(*clock[:4]), _seconds(*clock[4:]), spoken, tuple(beside))
        beside = [*blocks, *name]
    if timings and beside:
        yield Cue(0.0, 0.0, (), tuple(beside))


def _split_unread(lines: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The lines without times that can't be read, and the number before each: the words of such a cue stay."""
    kept: list[str] = []
    gone: list[tuple[str, str]] = []
    for line in lines:
        if not _UNREAD.match(line):
            kept.append(line)
            continue
        if kept and kept[-1].strip().isdecimal():
            gone.append((kept.pop().strip(), "subtitle-note"))
        gone.append((line.strip(), "subtitle-note"))
    return kept, gone


def _turns(line: str) -> list[str]:
    """A line cut where two speakers share it, `-你好。-再见。`; only the first dash says that they do."""
    return _NEXT_TURN.split(line) if _SPEAKER.match(line) else [line]


def _line(line: str, off: frozenset[str]) -> EditedText:
    """A line without tags; the reading of ruby is left out, on record."""
    out, place = Writing(off=off), 0
    for ruby in _RUBY.finditer(line):
        out.keep(
            _plain(line[place : ruby.start()]).lstrip()
            if not out.pieces
            else _plain(line[place : ruby.start()])
        )
        reading = _plain(ruby[1])
        bracketed = _plain(ruby[0])
        alone = bracketed == reading and "ruby-gloss" in off
        out.drop(f"（{reading}）" if alone else bracketed, "ruby-gloss")
        place = ruby.end()
    rest = _plain(line[place:])
    out.keep(rest.rstrip() if out.pieces else rest.strip())
    return out.finish()


def _plain(line: str) -> str:
    return html.unescape(_TAG.sub("", line))


def _split_name(body: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """A cue's lines, and the next cue's number or name, which stands right above that one's times."""
    if not body or not body[-1].strip():
        return body, []
    is_number = body[-1].strip().isdecimal()
    if not is_number and len(body) > 1 and body[-2].strip():
        return body, []
    return body[:-1], [] if is_number else [(body[-1].strip(), "subtitle-note")]


def _split_blocks(body: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """A cue's lines, and the comments and styles that WebVTT puts between cues, each after a blank line."""
    for number in range(1, len(body)):
        if not body[number - 1].strip() and _BLOCK.match(body[number]):
            return body[:number], [(" ".join(" ".join(body[number:]).split()), "subtitle-note")]
    return body, []


def _seconds(hours: float, minutes: float, seconds: float, thousandths: float) -> float:
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
