"""Subtitles in two languages: the times of the source, every sentence shown, read by other programmes."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_files import CHINESE, ENGLISH, make_ass, make_srt, make_ttml, make_vtt

from aligner.bitext import Alignment, Bead, Document, Segment
from aligner.errors import UsageError
from aligner.export import ExportOptions, load, save, write
from aligner.export.savefile import SaveFile
from aligner.options import Options
from aligner.pipeline import align_files
from aligner.read import read_file
from aligner.text.codes import ALONE, CUE, Code
from aligner.text.cues import clock, cues_of, heard

GERMAN = [
    (1.0, 3.5, "Die Bibliothek der alten Stadt"),
    (3.6, 6.0, "wurde gestern wieder geöffnet. Viele kamen."),
    (9.0, 11.0, "Niemand wollte gehen."),
]
CUES = (
    Code(0, ALONE, "00:00:01.000 --> 00:00:03.000", type=CUE),
    Code(10, ALONE, "00:00:05.000 --> 00:00:07.000", type=CUE),
)


def timed(*, source: bool = True) -> Alignment:
    """A pair; a source and a target without counterpart; one text has two subtitles of ten characters."""
    first = Document(
        "Aaaa. Bbb. Cccccccc.",
        "en",
        (Segment(0, 5), Segment(6, 10), Segment(11, 20)),
        "a",
        (),
        CUES if source else (),
    )
    second = Document(
        "Eins & <i>.\nZwei.\nDrei.",
        "de",
        (Segment(0, 11), Segment(12, 17), Segment(18, 23)),
        "b",
        (),
        () if source else CUES,
    )
    beads = (Bead(0, 1, 0, 1), Bead(1, 2, 1, 1), Bead(2, 2, 1, 2), Bead(2, 3, 2, 3))
    return Alignment(first, second, beads)


def test_every_bead_is_shown_at_the_time_of_its_source(tmp_path: Path) -> None:
    assert write([timed()], tmp_path / "o.srt").units == 4
    assert (tmp_path / "o.srt").read_text("utf-8") == (
        "1\n00:00:01,000 --> 00:00:02,000\nAaaa.\nEins & <i>.\n\n"
        "2\n00:00:02,200 --> 00:00:03,000\nBbb.\nZwei.\n\n"
        "3\n00:00:05,200 --> 00:00:07,000\nCccccccc.\nDrei.\n\n"
    )


def test_webvtt_has_its_head_and_no_tag_that_the_text_did_not_mean(tmp_path: Path) -> None:
    write([timed()], tmp_path / "o.vtt")
    lines = (tmp_path / "o.vtt").read_text("utf-8").split("\n")
    assert lines[:2] == ["WEBVTT - en de", ""]
    assert lines[3:6] == ["00:00:01.000 --> 00:00:02.000", "Aaaa.", "Eins &amp; &lt;i&gt;."]


def test_the_times_of_the_target_are_taken_where_the_source_has_none(tmp_path: Path) -> None:
    write([timed(source=False)], tmp_path / "o.srt")
    shown = (tmp_path / "o.srt").read_text("utf-8").split("\n\n")
    assert shown[0] == "1\n00:00:01,000 --> 00:00:05,154\nAaaa.\nEins & <i>.\nBbb."
    assert [block.split("\n")[2:] for block in shown[1:3]] == [["Zwei."], ["Cccccccc.", "Drei."]]


def test_texts_without_times_are_refused_in_one_line(tmp_path: Path) -> None:
    plain = Document("A.", "en", (Segment(0, 2),))
    with pytest.raises(UsageError, match=r"o\.srt: no times: .*subtitles"):
        write([Alignment(plain, plain, (Bead(0, 1, 0, 1),))], tmp_path / "o.srt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("make", [make_srt, make_vtt, make_ass, make_ttml])
def test_what_is_read_from_subtitles_keeps_its_times(tmp_path: Path, make: object) -> None:
    reading = read_file(make(GERMAN, tmp_path / f"a.{make.__name__[5:]}")).with_codes(None)  # type: ignore[operator, attr-defined]
    text = reading.columns[0].cells[0]
    cues = cues_of(text.codes, len(text.text))
    assert [(round(cue.start, 2), round(cue.stop, 2)) for cue in cues] == [
        (1.0, 3.5),
        (3.6, 6.0),
        (9.0, 11.0),
    ]
    assert [text.text[cue.at :].split()[0] for cue in cues] == ["Die", "wurde", "Niemand"]
    assert not [edit for edit in text.edits if edit.is_code]


def test_times_go_through_cleaning_and_the_save_file_and_into_no_memory(tmp_path: Path) -> None:
    english = [
        (s, e, t)
        for (s, e, _), t in zip(
            GERMAN,
            ["The library of the old town", "opened again yesterday. Many came.", "Nobody wanted to go."],
            strict=True,
        )
    ]
    files = [make_srt(GERMAN, tmp_path / "de.srt"), make_srt(english, tmp_path / "en.srt")]
    alignment = align_files(files, Options(cache=False)).alignment
    write([alignment], tmp_path / "o.srt")
    save(SaveFile(alignment), tmp_path / "o.json")
    write([load(tmp_path / "o.json")], tmp_path / "again.srt")
    assert (tmp_path / "again.srt").read_bytes() == (tmp_path / "o.srt").read_bytes()
    assert "00:00:01,000 -->" in (tmp_path / "o.srt").read_text("utf-8")
    report = write([alignment], tmp_path / "o.tmx", ExportOptions(codes="drop"))
    assert "-->" not in (tmp_path / "o.tmx").read_text("utf-8")
    assert not report.warnings


@given(st.lists(st.tuples(st.integers(1, 30), st.floats(0, 9), st.floats(0, 9)), min_size=1, max_size=8))
def test_what_comes_later_in_a_text_is_heard_later(parts: list[tuple[int, float, float]]) -> None:
    codes, at, now = [], 0, 0.0
    for length, pause, shown in parts:
        codes.append(Code(at, ALONE, f"{clock(now + pause)} --> {clock(now + pause + shown)}", type=CUE))
        at, now = at + length, now + pause + shown
    cues = cues_of(codes, at)
    times = [heard(cues, place, place + 1) for place in range(at)]
    assert all(start < stop for start, stop in times)
    assert all(first[0] <= second[0] + 0.0015 for first, second in pairwise(times))


def test_a_mark_that_somebody_spoilt_is_passed_over() -> None:
    codes = [Code(0, ALONE, "soon", type=CUE), *CUES, Code(12, ALONE, "9999 --> x", type=CUE)]
    assert [cue.at for cue in cues_of(codes, 20)] == [0, 10]


def run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=300)


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
class TestFfmpeg:
    @pytest.mark.parametrize("suffix", ["srt", "vtt", "ass", "ttml"])
    def test_subtitles_that_went_through_a_film_give_the_same_pairs(
        self, tmp_path: Path, suffix: str
    ) -> None:
        """Into a film's track and out of it in another format; the same two texts, the same pairs."""
        pairs = {}
        for kind in ("made", "filmed"):
            files = []
            for lang, story in (("zh", CHINESE), ("en", ENGLISH)):
                path = make_srt(
                    [(10.0 * n, 10.0 * n + 4.0, t) for n, t in enumerate(story)], tmp_path / f"{lang}.srt"
                )
                if kind == "filmed":
                    run("ffmpeg", "-y", "-i", path, "-c:s", "mov_text", tmp_path / f"{lang}.mp4")
                    path = tmp_path / f"{lang}.out.{suffix}"
                    run("ffmpeg", "-y", "-i", tmp_path / f"{lang}.mp4", path)
                files.append(path)
            alignment = align_files(files, Options(cache=False)).alignment
            pairs[kind] = [(alignment.source_text(b), alignment.target_text(b)) for b in alignment.beads]
        assert pairs["filmed"] == pairs["made"]

    @pytest.mark.parametrize("suffix", ["srt", "vtt"])
    def test_ffmpeg_reads_what_is_written_line_by_line_at_its_times(
        self, tmp_path: Path, suffix: str
    ) -> None:
        write([timed()], tmp_path / f"o.{suffix}")
        run("ffmpeg", "-y", "-i", tmp_path / f"o.{suffix}", tmp_path / "o.ass")
        said = re.findall(
            r"^Dialogue: 0,([\d:.]+),([\d:.]+),.*?,,0,0,0,,(.*)$",
            (tmp_path / "o.ass").read_text("utf-8"),
            re.M,
        )
        assert [(start, stop) for start, stop, _ in said] == [
            ("0:00:01.00", "0:00:02.00"), ("0:00:02.20", "0:00:03.00"), ("0:00:05.20", "0:00:07.00"),
        ]  # fmt: skip
        assert said[2][2].strip() == r"Cccccccc.\NDrei."
