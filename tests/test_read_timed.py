# ruff: noqa: E501 - long lines are markup
"""Subtitles in .ass, .ssa and .ttml: what is said, in the order it is said."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from sample_files import CHINESE, ENGLISH, make_srt

from aligner.errors import InputError
from aligner.read import Reading, read_bytes, read_file
from aligner.read.reading import Source

HEAD = "[Script Info]\nTitle: Film\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"


def read_ass(*events: str, **options: object) -> Reading:
    return read_bytes(Source("a.ass", (HEAD + "\n".join(events)).encode(), **options))  # type: ignore[arg-type]


def lines(reading: Reading) -> list[str]:
    return reading.flat().text.split("\n")


def removed(reading: Reading) -> set[tuple[str, str]]:
    return {(edit.rule, edit.found) for edit in reading.flat().edits}


def test_events_come_by_time_without_tags_comments_and_drawings():
    reading = read_ass(
        r"Dialogue: 0,0:00:09.00,0:00:10.00,Default,,0,0,0,,{\k20}Well,{\k30} really.",
        r"Dialogue: 0,0:00:01.00,0:00:02.00,Default,Ann,0,0,0,,- Hi,\hyou.\N- Hello, {a note}Bob.",
        r"Comment: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,to the timer",
        r"Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\p1}m 0 0 l 9 9{\p0}A sign.",
    )
    assert lines(reading) == ["- Hi,\u00a0you.", "- Hello, Bob.", "A sign.", "Well, really."]
    assert removed(reading) == {
        ("subtitle-header", "Title: Film"), ("subtitle-voice", "Ann"), ("subtitle-note", "to the timer"),
        ("subtitle-drawing", "m 0 0 l 9 9"),
    }  # fmt: skip


def test_a_drawing_is_text_where_its_rule_is_off():
    event = r"Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\p1}m 0 0{\p0} A sign."
    assert lines(read_ass(event, off=frozenset({"subtitle-drawing"}))) == ["m 0 0 A sign."]


def test_a_sentence_over_two_events_is_one_line():
    said = ["I never said", "that she left."]
    events = [f"Dialogue: 0,0:00:0{n}.00,0:00:0{n}.90,Default,,0,0,0,,{text}" for n, text in enumerate(said)]
    assert lines(read_ass(*events)) == ["I never said that she left."]


TTML = (
    '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:tts="http://www.w3.org/ns/ttml#styling" '
    'ttp:tickRate="1000" ttp:frameRate="25"><head><metadata><title>Film</title></metadata></head><body><div begin="10s">{}</div></body></tt>'
)


def test_paragraphs_of_ttml_give_what_is_said():
    body = (
        '<p begin="0t" end="1000t">I never <span>said</span></p><p begin="00:00:01:00" dur="2s">that\n she left.</p>'
        '<p begin="20s" end="21s"><span tts:ruby="base">漢</span><span tts:ruby="delimiter">(</span><span tts:ruby="text">かん</span><span tts:ruby="delimiter">)</span><br/>One.</p>'
    )
    reading = read_bytes(Source("a.ttml", TTML.format(body).encode()))
    assert lines(reading) == ["I never said that she left.", "漢", "One."]
    assert removed(reading) == {("subtitle-header", "Film"), ("ruby-gloss", "(かん)")}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.ass", HEAD, "no text"),
        ("a.ttml", "<tt><body><p>x</body></tt>", "malformed"),
        ("a.ttml", '<!DOCTYPE tt [<!ENTITY a "b">]><tt><body><p>&a;</p></body></tt>', "entities"),
        ("a.ttml", "<tt><body/></tt>", "no text"),
        (
            "a.srt",
            "1\n99999:00:00,000 --> 99999:00:02,000\nHello.\n",
            "no cue in it .* line 2 should .*00:00:01,000",
        ),
        (
            "a.srt",
            "1\n00:00:-1,000 --> 00:00:02,000\nHello.\n",
            "no cue in it has times that can be read; line 2",
        ),
        ("a.vtt", "WEBVTT\n\nHello.\n", "no cue in it has times that can be read; write them"),
        ("a.srt", "1\n00:00:00,000 --> 00:00:02,000\n\n", "no text in it"),
    ],
)
def test_a_bad_file_costs_one_clear_line(name, text, said):
    with pytest.raises(InputError, match=rf"^{name}: .*{said}") as caught:
        read_bytes(Source(name, text.encode()))
    assert "\n" not in str(caught.value)


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
@pytest.mark.parametrize("suffix", ["ass", "ttml", "vtt"])
@pytest.mark.parametrize("story", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_what_ffmpeg_writes_gives_the_same_lines(tmp_path, suffix, story):
    cues = [(10.0 * n, 10.0 * n + 4, text) for n, text in enumerate(story)]
    made = make_srt(cues, tmp_path / "a.srt")
    subprocess.run(["ffmpeg", "-loglevel", "error", "-i", made, tmp_path / f"a.{suffix}"], check=True)
    assert lines(read_file(tmp_path / f"a.{suffix}")) == list(story)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("film.ass", "[Events]\nDialogue: 0,{big}:00:00.00,0:00:02.00,Default,,0,0,0,,Hello there.\n"),
        ("film.ttml", '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:p="http://www.w3.org/ns/ttml#parameter" '
         'p:frameRate="{big}"><body><div><p begin="{big}:00:01" end="{big}s">Hello there.</p></div></body></tt>'),
    ],
)  # fmt: skip
def test_a_time_of_six_thousand_digits_costs_no_text(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text.format(big="9" * 6_000), encoding="utf-8")
    assert "Hello there." in read_file(path).columns[0].cells[0].text


MAKERS = [
    "Subtitles by Ann & Bob", "Synced and corrected by Ann", "Untertitel: Anna Muster", "Sous-titres par Anne",
    "Legendas por Ana", "字幕翻译：小明", "月光字幕组", "时间轴: 小红", "Visit www.subs.example to download subtitles",
]  # fmt: skip
SAID = [
    "He translated it by himself.", "The captain is here.", "Go to www.example.org to learn more.", "他在做翻译工作。",
    "The subtitle of the book was long.", "I was captured by pirates.", "Time to sync our watches.",
]  # fmt: skip


def film(first: str) -> Reading:
    lines = [first, *(f"Line number {n}." for n in range(12))]
    cues = [(10.0 * n, 10.0 * n + 3, line) for n, line in enumerate(lines)]
    text = "\n".join(
        f"{n}\n00:{int(a) // 60:02}:{int(a) % 60:02},000 --> 00:{int(b) // 60:02}:{int(b) % 60:02},000\n{line}\n"
        for n, (a, b, line) in enumerate(cues, 1)
    )
    return read_bytes(Source("a.srt", text.encode()))


@pytest.mark.parametrize("line", MAKERS)
def test_who_made_the_subtitles_is_no_part_of_the_film(line):
    reading = film(line)
    assert lines(reading)[0] == "Line number 0."
    assert removed(reading) == {("subtitle-credit", line)}


@pytest.mark.parametrize("line", SAID)
def test_what_somebody_says_is_no_credit(line):
    assert lines(film(line))[0] == line


def test_a_file_of_credits_alone_is_read_as_it_is():
    text = "1\n00:00:01,000 --> 00:00:02,000\nSubtitles by Ann\n"
    assert lines(read_bytes(Source("a.srt", text.encode()))) == ["Subtitles by Ann"]


def test_times_that_cannot_be_read_are_none_of_the_words() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nWe leave.\n\n2\n00:00:99 --> later\nStay here, 5 --> 6 of you.\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\nGood.\n"
    )
    reading = read_bytes(Source("a.srt", text.encode()))
    assert lines(reading) == ["We leave. Stay here, 5 --> 6 of you.", "Good."]
    assert removed(reading) == {("subtitle-note", "2"), ("subtitle-note", "00:00:99 --> later")}
