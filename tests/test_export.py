"""What leaves the package, format by format."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import os
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.bitext import Alignment, Alternative, Bead, Document, Moved, Segment
from aligner.errors import AlignerError, InputError, OutputError, UsageError
from aligner.export import write
from aligner.export.formats import SUFFIXES, check_suffix
from aligner.export.from_units import load_units
from aligner.export.options import ExportOptions
from aligner.export.savefile import load, open_savefile, save
from aligner.export.seen import Seen
from aligner.files import check_writable, guard, replacing, unguard
from aligner.text.edits import Edit

NOON = datetime(2024, 5, 6, 12, 0, 0, tzinfo=UTC)
HOSTILE = '"]]><script>alert(1)</script>&amp; \x0b\x00\ud800 <b>x</b> 😀'


def document(lang: str, *sentences: str, name: str = "", edits: tuple[Edit, ...] = ()) -> Document:
    """A paragraph a line."""
    segments, start = [], 0
    for number, sentence in enumerate(sentences):
        segments.append(Segment(start, start + len(sentence), number))
        start += len(sentence) + 1
    return Document("\n".join(sentences), lang, tuple(segments), name, edits)


def small() -> Alignment:
    source = document(
        "zh-Hans", "今天下雨。", "我们在家。", "他走了。", "一样。", "多余。", name="甲.txt",
        edits=(Edit(2, "(xià)", "", "pinyin-gloss"), Edit(3, "□", "雨", "gbk-lost-byte")),
    )  # fmt: skip
    target = document(
        "en", "It rains, so we are at home.", "He left.", "Then more.", "The same.", name="b.txt"
    )
    beads = (
        Bead(0, 2, 0, 1, 0.97, alternatives=(Alternative(0, 1, 0, 1, 0.02),)),
        Bead(2, 3, 1, 3, 0.31),
        Bead(3, 4, 3, 4, 0.88, "confirmed"),
        Bead(4, 5, 4, 4, 0.6),
    )
    return Alignment(source, target, beads, "signature 1", (Moved(4, 5, 2, 3, 0.7, "confirmed"),))


def one_to_one(sources: list[str], targets: list[str], confidences: list[float] | None = None) -> Alignment:
    confidences = confidences or [0.9] * len(sources)
    beads = tuple(Bead(n, n + 1, n, n + 1, c) for n, c in enumerate(confidences))
    return Alignment(document("zh", *sources, name="s"), document("en", *targets, name="t"), beads)


def pairs_of(alignment: Alignment) -> list[tuple[str, str, float, str]]:
    return [
        (alignment.source_text(b), alignment.target_text(b), b.confidence, b.status)
        for b in alignment.pairs()
    ]


# The place


def test_an_unknown_suffix_is_refused_with_the_known_ones_named() -> None:
    with pytest.raises(OutputError, match=r"out\.odt: no known format.*\.tmx .*\.xlsx"):
        check_suffix("out.odt")


# What can only be written of subtitles: tests/test_export_subtitles.py.
TIMED = (".srt", ".vtt")


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s not in TIMED])
def test_every_format_is_written_and_replaces_what_stood_there(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"o{suffix}"
    if suffix != ".json":
        path.write_text("old")
    report = write([small()], path)
    assert report.units >= 3
    assert all(p.stat().st_size > 20 for p in report.paths)
    assert sorted(tmp_path.iterdir()) == sorted(report.paths)


def test_a_folder_a_missing_folder_and_a_file_as_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "none" / "o.tmx", tmp_path / "file" / "o.tmx"):
        with pytest.raises(OutputError, match=str(path)):
            check_writable(path)


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, UsageError])
def test_what_fails_halfway_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "o.tsv"
    path.write_text("old")
    with pytest.raises(error), replacing(path) as (file,):
        file.write(b"half")
        raise error("stop")
    assert [p.name for p in tmp_path.iterdir()] == ["o.tsv"]
    assert path.read_text() == "old"


def test_moses_pairs_appear_both_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "o.tgt").mkdir()
    with pytest.raises(OutputError):
        write([small()], tmp_path / "o.src")
    assert [p.name for p in tmp_path.iterdir()] == ["o.tgt"]


def test_a_written_file_has_ordinary_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.tsv", tmp_path / "link.tsv"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    write([small()], link)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    fresh = tmp_path / "fresh.tsv"
    write([small()], fresh)
    mask = os.umask(0)
    os.umask(mask)
    assert fresh.stat().st_mode & 0o777 == 0o666 & ~mask


def test_what_a_killed_run_left_is_swept_and_what_a_running_one_writes_is_not(tmp_path: Path) -> None:
    left, young = tmp_path / ".aligner-left.part", tmp_path / ".aligner-young.part"
    for path in (left, young):
        path.write_text("half")
    os.utime(left, (0, 0))
    with replacing(tmp_path / "a.tsv"):
        (running,) = set(tmp_path.glob(".aligner-*")) - {left, young}
        os.utime(running, (0, 0))
        write([small()], tmp_path / "o.tsv")
        assert running.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"a.tsv", "o.tsv", young.name}


def test_a_save_file_that_is_written_over_is_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "o.json"
    write([small()], path)
    before = path.read_bytes()
    write([one_to_one(["好。"], ["Good."])], path)
    assert (tmp_path / "o.json.bak").read_bytes() == before


# What goes out


def test_one_sided_beads_and_unlikely_pairs_stay_out_and_are_counted(tmp_path: Path) -> None:
    report = write([small()], tmp_path / "o.tsv", ExportOptions(min_confidence=0.9))
    # The confirmed pair has 0.88, but a person has looked at it.
    assert (report.units, report.below_confidence, report.one_sided) == (2, 1, 1)


def test_exact_pairs_go_once_into_a_tmx_and_all_into_a_table(tmp_path: Path) -> None:
    twice = one_to_one(["好。", "好。", "好。"], ["Good.", "Good.", "Fine."], [0.5, 0.6, 0.9])
    tmx, tsv = write([twice], tmp_path / "o.tmx"), write([twice], tmp_path / "o.tsv")
    assert (tmx.units, tmx.duplicates, tmx.several_targets) == (2, 1, ("好。",))
    assert (tsv.units, tsv.duplicates) == (3, 0)


def test_best_keeps_the_likeliest_target_of_a_source_and_a_confirmed_one_before_it(tmp_path: Path) -> None:
    twice = one_to_one(["好。"] * 3, ["Good.", "Fine.", "Good."], [0.5, 0.9, 0.6])
    write([twice], tmp_path / "o.jsonl", ExportOptions(duplicates="best"))
    assert [r["target"] for r in _jsonl(tmp_path / "o.jsonl")] == ["Fine."]
    reviewed = Alignment(
        twice.source, twice.target, (Bead(0, 1, 0, 1, 0.5, "confirmed"), *twice.beads[1:]), ""
    )
    write([reviewed], tmp_path / "o.jsonl", ExportOptions(duplicates="best"))
    assert [r["target"] for r in _jsonl(tmp_path / "o.jsonl")] == ["Good."]


def _jsonl(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_jsonl_has_the_four_keys_of_the_design(tmp_path: Path) -> None:
    write([small()], tmp_path / "o.jsonl")
    first = _jsonl(tmp_path / "o.jsonl")[0]
    assert dict(list(first.items())[:4]) == {
        "source": "今天下雨。我们在家。",
        "target": "It rains, so we are at home.",
        "confidence": 0.97,
        "type": "2-1",
    }  # fmt: skip


def test_script_converts_the_chinese_side_only(tmp_path: Path) -> None:
    write([small()], tmp_path / "o.tsv", ExportOptions(script="traditional"))
    text = (tmp_path / "o.tsv").read_text("utf-8")
    assert "我們在家" in text
    assert "我们" not in text


def test_a_code_that_contradicts_the_script_is_warned_about(tmp_path: Path) -> None:
    texts = ["这个国家的经济发展与时间问题，说明我们应该认真对待历史。"] * 3
    report = write([one_to_one(texts, ["A."] * 3)], tmp_path / "o.tmx", ExportOptions(src_lang="zh-TW"))
    assert any("zh-TW" in warning for warning in report.warnings)
    assert not write([one_to_one(texts, ["A."] * 3)], tmp_path / "o.tmx").warnings


def test_a_side_over_two_thousand_characters_is_warned_about(tmp_path: Path) -> None:
    report = write([one_to_one(["长" * 2001], ["Long."])], tmp_path / "o.tmx")
    assert any("2,000" in warning for warning in report.warnings)


@pytest.mark.parametrize(
    "bad",
    [{"src_lang": "zh_CN"}, {"tgt_lang": ""}, {"script": "big5"}, {"duplicates": "all"}, {"penalty": 101},
     {"min_confidence": 1.5}, {"xliff": "2.1"}],
)  # fmt: skip
def test_options_that_cannot_work_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        ExportOptions(**bad)  # type: ignore[arg-type]


@given(st.sets(st.integers(0, 2**64 - 1), max_size=2000), st.lists(st.integers(0, 50)))
def test_the_table_of_hashes_answers_as_a_set_would(big: set[int], small_numbers: list[int]) -> None:
    seen, reference = Seen(), set()
    for number in [*big, *small_numbers, *big]:
        # 0 and 1 share a slot: a chance in 2**63, and the price of a slot that marks itself free.
        assert seen.add(number) == ((number or 1) not in reference)
        reference.add(number or 1)


def test_sources_of_several_alignments_must_share_a_code_unless_one_is_set(tmp_path: Path) -> None:
    other = one_to_one(["好。"], ["Good."])
    with pytest.raises(UsageError, match=r"zh, zh-Hans.*--src-lang"):
        write([small(), other], tmp_path / "o.tmx")
    assert write([small(), other], tmp_path / "o.tmx", ExportOptions(src_lang="zh")).units == 4
    with pytest.raises(UsageError, match=r"one alignment"):
        write([small(), other], tmp_path / "o.json")


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s not in (".json", ".align", *TIMED)])
def test_hostile_text_survives_as_text_in_every_format(tmp_path: Path, suffix: str) -> None:
    nasty = Alignment(
        document("zh", "好" + HOSTILE + "。", "مرحبا", "x" * 100_000, name=f"a{HOSTILE}\\evil/b'\"c.txt"),
        document("ar", "=cmd|' /C calc'!A0", "@SUM(A1)", "-1+1 😀", name="t"),
        tuple(Bead(n, n + 1, n, n + 1, 0.4) for n in range(3)),
        f"signature {HOSTILE}",
    )
    report = write([nasty], tmp_path / f"o{suffix}", ExportOptions(doubts=[{0: [HOSTILE]}], context=True))
    assert report.units == 3
    raw = b"".join(p.read_bytes() for p in report.paths)
    raw = gzip.decompress(raw) if suffix == ".tmx.gz" else raw
    if suffix not in (".xlsx", ".docx", ".epub"):
        assert b"\x00" not in raw
        assert "😀" in raw.decode("utf-8")
    else:
        names = zipfile.ZipFile(io.BytesIO(raw))
        assert "😀" in html.unescape(
            b"".join(
                names.read(name) for name in names.namelist() if name.endswith((".xml", ".xhtml"))
            ).decode()
        )


# The save file


def test_the_save_file_is_what_the_design_says(tmp_path: Path) -> None:
    write([small()], tmp_path / "o.json")
    data = json.loads((tmp_path / "o.json").read_text("utf-8"))
    assert data["format"] == "aligner/1"
    assert data["source"]["segments"][1] == [6, 11, 1]
    assert data["beads"][2] == {"source": [3, 4], "target": [3, 4], "confidence": 0.88, "status": "confirmed"}
    assert data["removed"] == [{"side": "source", "at": 2, "text": "(xià)", "rule": "pinyin-gloss"}]
    assert data["repaired"] == [
        {"side": "source", "at": 3, "found": "□", "written": "雨", "rule": "gbk-lost-byte"}
    ]
    assert data["moved"] == [{"source": [4, 5], "target": [2, 3], "confidence": 0.7, "status": "confirmed"}]


def test_a_moved_passage_of_an_older_save_file_is_unreviewed(tmp_path: Path) -> None:
    write([small()], tmp_path / "o.json")
    data = json.loads((tmp_path / "o.json").read_text("utf-8"))
    data["moved"] = [{"source": [4, 5], "target": [2, 3]}]
    (tmp_path / "o.json").write_text(json.dumps(data), "utf-8")
    assert load(tmp_path / "o.json").moved == (Moved(4, 5, 2, 3),)


def test_a_reviewers_note_is_kept_in_the_save_file(tmp_path: Path) -> None:
    noted = replace(small(), beads=(replace(small().beads[0], note="术语？"), *small().beads[1:]))
    write([noted], tmp_path / "o.json")
    assert load(tmp_path / "o.json") == noted


def test_a_save_file_is_read_back_equal_and_written_back_byte_for_byte(tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    write([small()], first)
    assert load(first) == small()
    write([load(first)], second)
    assert first.read_bytes() == second.read_bytes()


def test_keys_we_do_not_know_go_back_to_where_they_stood(tmp_path: Path) -> None:
    write([small()], tmp_path / "1.json")
    data = json.loads((tmp_path / "1.json").read_text("utf-8"))
    data["reviewer"] = {"name": "李"}
    data["source"]["url"] = "https://example.org"
    data["beads"][1]["comment"] = "ask"
    data["beads"][0]["alternatives"][0]["drawn by"] = "李"
    data["beads"][2]["note"] = {"not": "text"}
    data["moved"][0]["seen"] = True
    data["removed"][0]["why"] = 1
    data["repaired"][0]["why"] = [2]
    (tmp_path / "2.json").write_text(json.dumps(data), "utf-8")
    saved = open_savefile(tmp_path / "2.json")
    save(saved, tmp_path / "3.json")
    assert json.loads((tmp_path / "3.json").read_text("utf-8")) == data
    write([saved.alignment], tmp_path / "4.json", ExportOptions(extra=saved.extra))
    assert (tmp_path / "4.json").read_bytes() == (tmp_path / "3.json").read_bytes()


def test_removals_and_repairs_at_one_place_keep_their_order(tmp_path: Path) -> None:
    edits = (Edit(0, "a", "", "r1"), Edit(0, "b", "", "r2"), Edit(0, "c", "好", "r3"), Edit(1, "d", "", "r1"))
    alignment = Alignment(document("zh", "好。", edits=edits), document("en", "Good."), (Bead(0, 1, 0, 1),))
    write([alignment], tmp_path / "o.json")
    assert load(tmp_path / "o.json").source.edits == edits


def test_lone_surrogates_survive_in_the_save_file(tmp_path: Path) -> None:
    alignment = one_to_one(["坏\ud800字"], ["bad\x0b"[:3]])
    write([alignment], tmp_path / "o.json")
    assert load(tmp_path / "o.json") == alignment


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("format",), "aligner/2", "update"),
        (("format",), "other", "not a save file"),
        (("source",), None, "'source'"),
        (("source", "text"), 3, "'text'"),
        (("source", "segments", 0), [0, 99_999, 0], "outside"),
        (("source", "segments", 0), [0, -1, 0], r"\[start, end, paragraph\]"),
        (("source", "segments", 0), [0, True, 0], r"\[start, end, paragraph\]"),
        (("source", "segments", 1), [6, 8, 0], "no segment"),
        (("beads", 0, "target"), [0, 0], "bead 1"),
        (("beads", 0, "target"), [1, 0], "range"),
        (("beads", 0, "confidence"), 7, "confidence"),
        (("beads", 0, "confidence"), float("nan"), "confidence"),
        (("beads", 0, "status"), "odd", "odd"),
        (("beads", 0), "odd", "bead 0"),
        (("beads", 0, "alternatives", 0, "confidence"), "x", "confidence"),
        (("beads",), {}, "'beads'"),
        (("removed", 0, "side"), "left", "left"),
        (("repaired", 0, "written"), "", "removal"),
        (("repaired", 0, "written"), "霪", "gbk-lost-byte"),
        (("moved", 0, "source"), [0, 77], "outside"),
        (("moved", 0, "source"), [4, 4], "empty"),
        (("moved", 0, "status"), "odd", "odd"),
        (("moved", 0, "confidence"), 2, "moved 0: confidence"),
    ],
)
def test_a_damaged_save_file_is_refused_in_one_line_that_names_it(
    tmp_path: Path, path: tuple[str | int, ...], value: object, message: str
) -> None:
    write([small()], tmp_path / "o.json")
    data = json.loads((tmp_path / "o.json").read_text("utf-8"))
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    (tmp_path / "o.json").write_text(json.dumps(data), "utf-8")
    with pytest.raises(InputError, match=message) as caught:
        load(tmp_path / "o.json")
    assert str(caught.value).startswith(str(tmp_path / "o.json"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": 1}', b"9" * 5000]
)
def test_what_is_no_json_at_all_is_refused_in_one_line(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "o.json").write_bytes(raw)
    with pytest.raises(InputError, match=r"o\.json"):
        load(tmp_path / "o.json")


SENTENCE = st.text(st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]), min_size=1, max_size=9)


@st.composite
def alignments(draw: st.DrawFn) -> Alignment:
    shapes = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(any), max_size=6))
    sides = [
        document(lang, *draw(st.lists(SENTENCE, min_size=n, max_size=n)), name=draw(SENTENCE))
        for lang, n in (("zh", sum(a for a, _ in shapes)), ("en", sum(b for _, b in shapes)))
    ]
    beads, at = [], (0, 0)
    for src, tgt in shapes:
        confidence, status = draw(st.floats(0, 1)), draw(st.sampled_from(["auto", "confirmed", "edited"]))
        beads.append(Bead(at[0], at[0] + src, at[1], at[1] + tgt, confidence, status))
        at = (at[0] + src, at[1] + tgt)
    return Alignment(sides[0], sides[1], tuple(beads), draw(SENTENCE))


@given(alignment=alignments())
def test_every_alignment_comes_back_from_its_save_file(
    tmp_path_factory: pytest.TempPathFactory, alignment: Alignment
) -> None:
    path = tmp_path_factory.mktemp("save") / "o.json"
    write([alignment], path)
    assert load(path) == alignment


# Tables, ladder, Moses


def test_the_ladder_has_every_bead(tmp_path: Path) -> None:
    write([small()], tmp_path / "o.align")
    assert (tmp_path / "o.align").read_text() == "[0,1]:[0]\n[2]:[1,2]\n[3]:[3]\n[4]:[]\n"


def test_moses_files_pair_line_by_line(tmp_path: Path) -> None:
    report = write([small()], tmp_path / "o.tgt")
    assert [p.name for p in report.paths] == ["o.src", "o.tgt"]
    source, target = ((tmp_path / f"o.{side}").read_text("utf-8").splitlines() for side in ("src", "tgt"))
    assert list(zip(source, target, strict=True))[1] == ("他走了。", "He left. Then more.")


def test_a_tsv_has_as_many_cells_in_every_line_whatever_the_text_holds(tmp_path: Path) -> None:
    write([one_to_one(["a\tb", "好"], ["c\u2028d", "x"])], tmp_path / "o.tsv", ExportOptions(header=False))
    lines = (tmp_path / "o.tsv").read_text("utf-8").split("\n")
    assert [line.count("\t") for line in lines] == [6, 6, 0]


def test_csv_opens_right_in_a_spreadsheet(tmp_path: Path) -> None:
    write([one_to_one(["你好，“世界”\n"[:-1]], ["=1+1"])], tmp_path / "o.csv")
    raw = (tmp_path / "o.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == 2
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[1][:4] == ["你好，“世界”", "'=1+1", "0.9", "1–1"]


@given(st.text(st.sampled_from("'=+-@ab\t"), max_size=6))
def test_the_guard_against_formulas_comes_off_again(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    assert not guard(cell)[:1] or guard(cell)[0] not in "=+-@"


# Back from units


@pytest.mark.parametrize("suffix", [".tmx", ".tmx.gz", ".xliff", ".xlf"])
@pytest.mark.parametrize("version", ["1.2", "2.0"])
def test_pairs_order_confidence_and_status_come_back_from_tmx_and_xliff(
    tmp_path: Path, suffix: str, version: str
) -> None:
    path = tmp_path / f"o{suffix}"
    write([small()], path, ExportOptions(duplicates="keep", xliff=version))
    back = load_units(path)
    assert pairs_of(back) == pairs_of(small())
    assert (back.source.lang, back.target.lang) == ("zh-Hans", "en")
    write([back], tmp_path / "back.json")
    assert pairs_of(load(tmp_path / "back.json")) == pairs_of(small())


def test_a_unit_a_translator_signed_off_is_confirmed(tmp_path: Path) -> None:
    write([small()], tmp_path / "o.xliff")
    text = (tmp_path / "o.xliff").read_text("utf-8").replace('state="translated"', 'state="signed-off"')
    (tmp_path / "o.xliff").write_text(text, "utf-8")
    assert [bead.status for bead in load_units(tmp_path / "o.xliff").beads] == [
        "confirmed",
        "auto",
        "confirmed",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "<a/>", "<tmx>", "<tmx version='1.4'><body/></tmx>",
     "<!DOCTYPE tmx [<!ENTITY a 'b'>]><tmx><body><tu><tuv lang='a'><seg>&a;</seg></tuv></tu></body></tmx>"],
)  # fmt: skip
def test_what_has_no_units_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "o.tmx").write_text(text)
    with pytest.raises(AlignerError, match=r"o\.tmx"):
        load_units(tmp_path / "o.tmx")
