"""Subtitles in two languages: the times of the source, every sentence shown, read by other programmes."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_files import CHINESE, ENGLISH, make_ass, make_srt, make_ttml, make_vtt

from aligner.bitext import Alignment, Bead, Document, Moved, Segment
from aligner.errors import UsageError
from aligner.export import ExportOptions, load, save, write
from aligner.export.cut_text import cut_by_shares
from aligner.export.savefile import SaveFile
from aligner.language.joints import one_line
from aligner.options import Options
from aligner.pipeline import align_files
from aligner.prepare import prepare_files
from aligner.read import read_file
from aligner.text.codes import ALONE, CUE, Code
from aligner.text.cues import clock, cues_of
from aligner.text.silences import common_silences

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


def test_the_subtitles_are_those_of_the_source_at_their_times(tmp_path: Path) -> None:
    """Two sentences in one subtitle, one in the other; what only the target has follows what stands before it."""
    assert write([timed()], tmp_path / "o.srt").units == 4
    assert (tmp_path / "o.srt").read_text("utf-8") == (
        "1\n00:00:01,000 --> 00:00:03,000\nAaaa. Bbb.\nEins & <i>. Zwei.\n\n"
        "2\n00:00:05,000 --> 00:00:07,000\nCccccccc.\nDrei.\n\n"
    )


def test_webvtt_has_its_head_and_no_tag_that_the_text_did_not_mean(tmp_path: Path) -> None:
    write([timed()], tmp_path / "o.vtt")
    lines = (tmp_path / "o.vtt").read_text("utf-8").split("\n")
    assert lines[:2] == ["WEBVTT - en de", ""]
    assert lines[3:6] == ["00:00:01.000 --> 00:00:03.000", "Aaaa. Bbb.", "Eins &amp; &lt;i&gt;. Zwei."]


def test_the_times_of_the_target_are_taken_where_the_source_has_none(tmp_path: Path) -> None:
    write([timed(source=False)], tmp_path / "o.srt")
    shown = (tmp_path / "o.srt").read_text("utf-8").split("\n\n")
    assert shown[0] == "1\n00:00:01,000 --> 00:00:03,000\nAaaa.\nEins & <i>"
    assert shown[1].split("\n")[1:] == [
        "00:00:05,000 --> 00:00:07,000",
        "Bbb. Cccccccc.",
        ".",
        "Zwei.",
        "Drei.",
    ]


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


def film(
    said: list[tuple[float, float, str]], lang: str, segments: tuple[tuple[int, int], ...] | None = None
) -> Document:
    """A text whose subtitles `(start, stop, text)` follow each other on a line, a segment each or as given."""
    text, codes, spans = "", [], []
    for start, stop, words in said:
        text += " " if text else ""
        codes.append(Code(len(text), ALONE, f"{clock(start)} --> {clock(stop)}", type=CUE))
        spans.append((len(text), len(text) + len(words)))
        text += words
    return Document(text, lang, tuple(Segment(*span) for span in segments or spans), "", (), tuple(codes))


def shown_in(path: Path) -> list[tuple[str, list[str]]]:
    """The beginning and the lines of each subtitle of a SubRip file."""
    blocks = path.read_text("utf-8").strip("\n").split("\n\n")
    return [(block.split("\n")[1][:12], block.split("\n")[2:]) for block in blocks]


LONG = [(1.0, 4.0, "Die Bibliothek der alten Stadt,"), (4.1, 7.0, "die zwei Jahre lang geschlossen war,"),
        (7.2, 9.0, "ist wieder offen.")]  # fmt: skip


def one_sentence(target: Document) -> Alignment:
    source = film(LONG, "de")
    whole = Document(source.text, "de", (Segment(0, len(source.text)),), "", (), source.codes)
    return Alignment(whole, target, (Bead(0, 1, 0, 1),))


@pytest.mark.parametrize(
    ("lang", "translation", "parts"),
    [
        ("en", "The library of the old town, which was closed for two years, is open again.",
         ["The library of the old town,", "which was closed for two years,", "is open again."]),
        ("zh", "关闭了两年的老城图书馆，现在又重新开放了。", ["关闭了两年的老城图书馆，", "现在又重新", "开放了。"]),
        ("en", "Unbelievable!", ["Unbelievable!", "", ""]),
    ],
)  # fmt: skip
def test_a_sentence_over_three_subtitles_is_divided_at_marks_and_between_words(
    tmp_path: Path, lang: str, translation: str, parts: list[str]
) -> None:
    text = Document(translation, lang, (Segment(0, len(translation)),))
    write([one_sentence(text)], tmp_path / "o.srt")
    shown = shown_in(tmp_path / "o.srt")
    assert [start for start, _ in shown] == ["00:00:01,000", "00:00:04,100", "00:00:07,200"]
    assert [lines[0] for _, lines in shown] == [words for _, _, words in LONG]
    assert ["".join(lines[1:]) for _, lines in shown] == parts


BEFORE = [(10.0 + 5 * n, 12.0 + 5 * n, f"Satz {n}.") for n in range(8)]
BEFORE_EN = [(10.0 + 5 * n, 12.0 + 5 * n, f"Sentence {n}.") for n in range(8)]


def test_the_subtitles_of_the_translation_say_where_it_is_divided(tmp_path: Path) -> None:
    said = [(60.0, 62.0, "Er kam, sah, siegte"), (62.1, 64.0, "und ging.")]
    translated = [(60.1, 61.8, "He came,"), (62.0, 64.1, "he saw, he conquered and left.")]
    source, target = film([*BEFORE, *said], "de"), film([*BEFORE_EN, *translated], "en")
    ends = [len(source.text) - 29, len(target.text) - 39]
    documents = [
        Document(each.text, each.lang, (*each.segments[:8], Segment(end, len(each.text))), "", (), each.codes)
        for each, end in zip((source, target), ends, strict=True)
    ]
    beads = tuple(Bead(n, n + 1, n, n + 1) for n in range(9))
    write([Alignment(documents[0], documents[1], beads)], tmp_path / "o.srt")
    assert [lines[1] for _, lines in shown_in(tmp_path / "o.srt")[8:]] == [
        "He came,",
        "he saw, he conquered and left.",
    ]


def test_what_only_the_translation_says_while_nothing_is_said_has_its_own_time(tmp_path: Path) -> None:
    source = film(BEFORE, "de")
    target = film([*BEFORE_EN[:4], (27.5, 28.5, "A sign on the door."), *BEFORE_EN[4:]], "en")
    beads = tuple(Bead(n, n + 1, n + (n > 3), n + 1 + (n > 3)) for n in range(8))
    alignment = Alignment(source, target, (*beads[:4], Bead(4, 4, 4, 5), *beads[4:]))
    write([alignment], tmp_path / "o.srt")
    assert shown_in(tmp_path / "o.srt")[3:6] == [
        ("00:00:25,000", ["Satz 3.", "Sentence 3."]),
        ("00:00:27,500", ["A sign on the door."]),
        ("00:00:30,000", ["Satz 4.", "Sentence 4."]),
    ]


def test_two_who_speak_have_lines_of_their_own(tmp_path: Path) -> None:
    text, translation = "- Kommst du?\n- Nein.", "- Are you coming?\n- No."
    source = Document(text, "de", (Segment(0, 12), Segment(13, 20, 1)), "", (), (CUES[0],))
    target = Document(translation, "en", (Segment(0, 17), Segment(18, 23, 1)))
    write([Alignment(source, target, (Bead(0, 1, 0, 1), Bead(1, 2, 1, 2)))], tmp_path / "o.srt")
    assert shown_in(tmp_path / "o.srt")[0][1] == ["- Kommst du?", "- Nein.", "- Are you coming?", "- No."]


def test_a_pair_that_moved_is_shown_at_the_time_of_its_source(tmp_path: Path) -> None:
    source, target = film(BEFORE[:3], "de"), film(BEFORE_EN[:3], "en")
    beads = (Bead(0, 1, 0, 0), Bead(1, 2, 0, 1), Bead(2, 3, 1, 2), Bead(3, 3, 2, 3))
    write([Alignment(source, target, beads, moved=(Moved(0, 1, 2, 3),))], tmp_path / "o.srt")
    assert [lines for _, lines in shown_in(tmp_path / "o.srt")] == [
        ["Satz 0.", "Sentence 2."], ["Satz 1.", "Sentence 0."], ["Satz 2.", "Sentence 1."],
    ]  # fmt: skip


@given(st.data())
def test_no_word_of_either_side_is_lost_and_every_subtitle_keeps_its_time(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    words = st.text("ab ,.字句。", min_size=1, max_size=12).map(str.strip).filter(bool)
    said = [
        (3.0 * n, 3.0 * n + 2, text)
        for n, text in enumerate(data.draw(st.lists(words, min_size=1, max_size=5)))
    ]
    source = film(said, "de")
    cuts = data.draw(st.integers(1, len(said)))
    joined = (*source.segments[: cuts - 1], Segment(source.segments[cuts - 1].start, len(source.text)))
    source = Document(source.text, "de", joined, "", (), source.codes)
    target = film(
        [(0.0, 1.0, text) for text in data.draw(st.lists(words, min_size=cuts, max_size=cuts))], "en"
    )
    target = Document(target.text, "en", target.segments)
    beads = tuple(Bead(n, n + 1, n, n + 1) for n in range(cuts))
    path = tmp_path_factory.mktemp("film") / "o.srt"
    write([Alignment(source, target, beads)], path)
    shown = shown_in(path)
    assert [start for start, _ in shown] == [clock(start).replace(".", ",") for start, _, _ in said]
    assert [lines[0] for _, lines in shown] == [one_line(text) for _, _, text in said]
    letters = "".join("".join(lines[1:]) for _, lines in shown)
    assert letters.replace(" ", "") == target.text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "shares", "cuts"),
    [
        ("one two three four", [1, 1], [0, 8, 18]),
        ("one, two three four", [1, 1], [0, 9, 19]),
        ("我们明天早上出发，你们呢", [1, 1], [0, 9, 12]),
        ("abcdefgh", [1, 1], [0, 8, 8]),
        ("", [1, 1], [0, 0, 0]),
        ("one two", [1], [0, 7]),
    ],
)
def test_a_text_is_cut_near_its_shares_but_in_no_word(text: str, shares: list[int], cuts: list[int]) -> None:
    assert cut_by_shares(text, shares, {}) == cuts


# Times as evidence


def test_common_silences_are_found_where_the_clocks_agree() -> None:
    first = cues_of(film(BEFORE, "de").codes, 1000)
    late = cues_of(film([(a + 1.3, b + 1.3, text) for a, b, text in BEFORE_EN], "en").codes, 1000)
    near = cues_of(film([(a + 0.2, b + 0.4, text) for a, b, text in BEFORE_EN], "en").codes, 1000)
    assert common_silences(first, late) == []
    assert common_silences(first, near) == list(
        zip([c.at for c in first[1:]], [c.at for c in near[1:]], strict=True)
    )
    assert common_silences(first[:5], near[:5]) == []  # too few to tell


def test_no_pair_crosses_a_moment_at_which_neither_film_speaks(tmp_path: Path) -> None:
    """The translation leaves out two lines in a row: times say which, where the words are much alike."""
    said = [(10.0 * n, 10.0 * n + 3, f"Und dann kam Nummer {n} herein.") for n in range(1, 15)]
    translated = [
        (a, b, f"And then in came another of them, {a:.0f}.") for a, b, _ in said if a not in (50.0, 60.0)
    ]
    files = [make_srt(said, tmp_path / "de.srt"), make_srt(translated, tmp_path / "en.srt")]
    rows = prepare_files(files, Options()).rows
    assert len(rows) == 13
    alignment = align_files(files, Options(cache=False)).alignment
    lonely = [alignment.source_text(bead) for bead in alignment.beads if not bead.is_pair]
    assert lonely == [said[4][2], said[5][2]]


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
            ("0:00:01.00", "0:00:03.00"), ("0:00:05.00", "0:00:07.00"),
        ]  # fmt: skip
        assert said[1][2].strip() == r"Cccccccc.\NDrei."
