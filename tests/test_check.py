"""What tools will make of a TMX: every trap is found, nothing else is, and the corrected copy is sound."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from peak_memory import run_and_measure
from test_export import one_to_one
from test_export_xml import CASES, OMEGAT, OmegaT
from tmx_samples import SAMPLES, SOURCES, TARGETS, tmx, unit, units

from aligner.check import as_dict, as_text, check_tmx, fix_as_dict, fix_as_text, fix_tmx
from aligner.errors import InputError, Shortfall, UsageError
from aligner.export import write
from aligner.read import read_file

FIXABLE = [name for name in SAMPLES if SAMPLES[name].kept]


def put(folder: Path, text: str, name: str = "in.tmx") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def written(folder: Path, name: str) -> Path:
    (folder / SAMPLES[name].name).write_bytes(SAMPLES[name].data)
    return folder / SAMPLES[name].name


def rules(path: Path) -> set[str]:
    return {finding.rule for finding in check_tmx(path).findings}


def pairs(path: Path) -> list[tuple[str, ...]]:
    tree = etree.parse(path)
    return [tuple("".join(seg.itertext()) for seg in tu.iter("seg")) for tu in tree.iter("tu")]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_check_finds_what_is_wrong_and_nothing_else(tmp_path: Path, name: str) -> None:
    found = check_tmx(written(tmp_path, name))
    assert {finding.rule for finding in found.findings} == SAMPLES[name].rules
    assert as_text(found)
    assert json.dumps(as_dict(found))


@pytest.mark.parametrize("name", FIXABLE)
def test_a_corrected_copy_is_refused_by_no_tool_and_holds_every_text(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name)
    before = path.read_bytes()
    report = fix_tmx(path, tmp_path / "fixed.tmx")
    again = check_tmx(report.path)
    assert not [finding for finding in again.findings if finding.severity == "refused"]
    assert again.units == report.units == SAMPLES[name].kept
    assert path.read_bytes() == before
    copy = report.path.read_text("utf-8") + "".join(unit.text for unit in report.left_out)
    read = gzip.decompress(before) if name.endswith("gzipped") else before
    for text in (*SOURCES, *TARGETS, "只有中文。", "她来了。"):
        if text.encode() in read:
            assert text in copy
    assert json.dumps(fix_as_dict(report))
    assert fix_as_text(report)


@pytest.fixture(scope="session")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> tuple[etree.DTD, etree.XMLSchema]:
    if not OMEGAT.exists():
        pytest.skip("the TMX schemas come with OmegaT, which is not installed")
    folder = tmp_path_factory.mktemp("omegat")
    with zipfile.ZipFile(OMEGAT) as jar:
        jar.extractall(folder, [name for name in jar.namelist() if name.startswith("schemas/")])
    with (folder / "schemas/tmx14.dtd").open("rb") as file:
        return etree.DTD(file), etree.XMLSchema(etree.parse(folder / "schemas/tmx14.xsd"))


@pytest.mark.parametrize("name", FIXABLE)
def test_a_corrected_copy_is_valid_to_the_dtd_and_the_schema(
    schemas: tuple[etree.DTD, etree.XMLSchema], tmp_path: Path, name: str
) -> None:
    tree = etree.parse(fix_tmx(written(tmp_path, name), tmp_path / "fixed.tmx").path)
    for schema in schemas:
        schema.assertValid(tree)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_the_schemas_refuse_is_refused(
    schemas: tuple[etree.DTD, etree.XMLSchema], tmp_path: Path, name: str
) -> None:
    path = written(tmp_path, name)
    try:
        tree = etree.parse(path, etree.XMLParser(resolve_entities=False))
        sound = all(schema.validate(tree) for schema in schemas)
    except (etree.LxmlError, OSError):
        sound = False
    # A schema's address on <tmx> is against the DTD and harmless; entities are valid and not.
    if not sound and "address" not in name:
        assert check_tmx(path).is_refused


@pytest.mark.parametrize("case", [case for case in CASES if case not in ("empty", "hostile", "several")])
def test_our_own_export_is_clean(tmp_path: Path, case: str) -> None:
    alignments, options = CASES[case]
    write(alignments, tmp_path / "o.tmx", options)
    assert rules(tmp_path / "o.tmx") == set()
    assert len(as_text(check_tmx(tmp_path / "o.tmx")).splitlines()) == 2


def test_our_own_export_of_hostile_text_is_refused_by_no_tool(tmp_path: Path) -> None:
    alignments, options = CASES["hostile"]
    write(alignments, tmp_path / "o.tmx.gz", options)
    assert rules(tmp_path / "o.tmx.gz") == {"too-long", "script-contradicts"}


def test_findings_are_counted_together_and_name_their_first_places(tmp_path: Path) -> None:
    body = "".join(unit(f"第{n}句。", f"No. {n} & {n}.") for n in range(50))
    (finding,) = check_tmx(put(tmp_path, tmx(body))).findings
    assert (finding.rule, finding.severity, finding.count) == ("ampersand", "refused", 50)
    assert finding.where == "unit 1 (line 6), unit 2 (line 7), unit 3 (line 8), …"
    assert "OmegaT" in finding.tools


def test_each_tool_is_told_apart(tmp_path: Path) -> None:
    text = as_text(check_tmx(put(tmp_path, tmx().replace('srclang="zh-CN"', 'srclang="ZH-CN"'))))
    assert re.search(r"OmegaT +refuses the file \(srclang-case\)", text)
    assert re.search(r"Poedit +loses units or matches \(srclang-case\)", text)
    assert re.search(r"Trados +takes it\n", text)


def test_a_broken_unit_does_not_hide_the_others(tmp_path: Path) -> None:
    body = (
        unit("一。", "One.")
        + "<tu><tuv xml:lang='zh-CN'><seg>坏"
        + unit("二。", "Two.")
        + unit("三。", "</x>Three.")
    )
    path = put(tmp_path, tmx(body + unit("四。", "Four.")))
    report = fix_tmx(path, tmp_path / "out.tmx")
    assert pairs(report.path) == [
        ("一。", "One."),
        ("二。", "Two."),
        ("三。", "</x>Three."),
        ("四。", "Four."),
    ]
    (left,) = report.left_out
    assert "坏" in left.text
    assert left.where == "unit 2 (line 7)"


def test_a_surrogate_pair_in_two_references_becomes_its_character(tmp_path: Path) -> None:
    path = put(tmp_path, tmx().replace("We went", "We &#xD83D;&#56832; went \ufeff"))
    report = fix_tmx(path, tmp_path / "out.tmx")
    assert "We 😀 went" in pairs(report.path)[0][1]


def test_notes_props_dates_and_sound_tags_stay(tmp_path: Path) -> None:
    more = '<note>a note</note><prop type="x-a">a prop</prop>'
    text = tmx(units() + unit("好的。", '<bpt i="1">b</bpt>Fi<ph/>ne<ept i="1"/>.<ept i="2"/>', 9, more))
    path = put(tmp_path, text.replace('<tu tuid="9"', '<tu tuid="9" changedate="2024-05-06"'))
    copy = fix_tmx(path, tmp_path / "out.tmx").path.read_text("utf-8")
    assert '<tu tuid="9" changedate="20240506T000000Z">' in copy
    assert "<note>a note</note>" in copy
    assert '<prop type="x-a">a prop</prop>' in copy
    assert '<bpt i="1">b</bpt>Fi<ph/>ne<ept i="1"/>.<it pos="end"/>' in copy


def test_units_that_can_not_be_kept_are_listed(tmp_path: Path) -> None:
    one = '<tu><tuv xml:lang="zh-CN"><seg>只有中文。</seg></tuv></tu>\n'
    report = fix_tmx(put(tmp_path, tmx(units() + one + "lost words\n")), tmp_path / "out.tmx")
    assert {unit.text for unit in report.left_out} == {"只有中文。", "lost words"}
    assert sum(count for _, count in report.left_out_counts) == 2
    assert "只有中文。" in fix_as_text(report)


def test_the_codes_are_the_users_to_set(tmp_path: Path) -> None:
    path = put(tmp_path, tmx())
    report = fix_tmx(path, tmp_path / "out.tmx", src_lang="zh-TW", tgt_lang="en-GB")
    assert check_tmx(report.path).languages == ("zh-TW", "en-GB")
    assert 'srclang="zh-TW"' in report.path.read_text("utf-8")
    swapped = fix_tmx(path, tmp_path / "out.tmx", src_lang="en", tgt_lang="zh")
    assert pairs(swapped.path)[0] == (TARGETS[0], SOURCES[0])
    with pytest.raises(UsageError):
        fix_tmx(path, tmp_path / "out.tmx", src_lang="zh_TW")


def test_missing_and_wrong_codes_are_told_by_the_text(tmp_path: Path) -> None:
    for name in ("no languages", "a language's name", "both sides under one code"):
        report = fix_tmx(written(tmp_path, name), tmp_path / "out.tmx")
        source, target = check_tmx(report.path).languages
        assert source.startswith("zh")
        assert target == "en"


def test_gb18030_and_utf_16_become_the_same_utf_8(tmp_path: Path) -> None:
    for name in ("GB18030, declared", "GB18030, declared UTF-8", "UTF-16", "UTF-16, big end first, no mark"):
        report = fix_tmx(written(tmp_path, name), tmp_path / "out.tmx")
        assert pairs(report.path) == list(zip(SOURCES, TARGETS, strict=True))


def test_an_upper_case_suffix_is_written_small_and_gz_is_packed(tmp_path: Path) -> None:
    path = put(tmp_path, tmx())
    assert fix_tmx(path, tmp_path / "OUT.TMX").path.name == "OUT.tmx"
    packed = fix_tmx(path, tmp_path / "out.tmx.gz").path
    assert gzip.decompress(packed.read_bytes()).startswith(b"<?xml")
    assert rules(packed) == set()


@pytest.mark.parametrize("name", ["entity bomb", "external entity", "plain text", "an XLIFF", "empty file"])
def test_what_is_no_tmx_is_not_corrected(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as error:
        fix_tmx(written(tmp_path, name), tmp_path / "out.tmx")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out.tmx").exists()


def test_a_copy_without_units_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(Shortfall):
        fix_tmx(put(tmp_path, tmx("<tu/>")), tmp_path / "out.tmx")
    assert [path.name for path in tmp_path.iterdir()] == ["in.tmx"]


def test_the_original_is_not_overwritten(tmp_path: Path) -> None:
    path = put(tmp_path, tmx())
    with pytest.raises(UsageError):
        fix_tmx(path, tmp_path / "." / "in.tmx")


def test_a_file_that_can_not_be_read_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "cut.tmx.gz").write_bytes(gzip.compress(os.urandom(10_000))[:5_000])
    for path in (tmp_path / "none.tmx", tmp_path, tmp_path / "cut.tmx.gz"):
        with pytest.raises(InputError) as error:
            check_tmx(path)
        assert "\n" not in str(error.value)


def test_no_escape_sequence_of_a_file_reaches_the_terminal(tmp_path: Path) -> None:
    nasty = "\x1b[31m\u202e\x9b"
    path = put(tmp_path, tmx(units() + f'<tu a="{nasty}"><x>{nasty}</x></tu>').replace('"en"', f'"{nasty}"'))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", as_text(check_tmx(path)))


@pytest.mark.parametrize(
    "body", ["<tu " * 100_000, "<tu><!--" * 50_000, '<tu a="' * 50_000, "<tu><seg>" * 50_000, "<![CDATA[" * 50_000,
             "</tu>" * 50_000, "<tu>" + "&#xD83D;" * 50_000, "<tu>" + "<b>" * 50_000 + "</tu>"]
)  # fmt: skip
def test_hostile_bodies_take_no_more_than_seconds(tmp_path: Path, body: str) -> None:
    put(tmp_path, tmx(body))
    code = "import sys; from aligner.check import check_tmx; print(check_tmx(sys.argv[1]).is_refused)"
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "in.tmx"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "True\n"


@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_units_are_found_wherever_a_chunk_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chunk: int
) -> None:
    monkeypatch.setattr("aligner.check.stream._CHUNK", chunk)
    for name in ("sound, CDATA and comments", "UTF-16", "unit not closed", "sound, tags over several lines"):
        found = check_tmx(written(tmp_path, name))
        assert {finding.rule for finding in found.findings} == SAMPLES[name].rules


@pytest.mark.heavy
def test_translate_toolkit_files_are_judged_rightly(tmp_path: Path) -> None:
    program = shutil.which("po2tmx") or shutil.which("po2tmx", path=str(Path(sys.executable).parent))
    if not program:
        pytest.skip("translate-toolkit is not installed")
    both = zip(SOURCES, TARGETS, strict=True)
    entries = "".join(f'msgid "{target}"\nmsgstr "{source}"\n\n' for source, target in both)
    (tmp_path / "in.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n' + entries, "utf-8"
    )
    for code, expected in (("zh-CN", set()), ("zh_CN", {"lang-code"})):
        subprocess.run(
            [program, "--progress=none", "-l", code, "--source-language=en", "in.po", f"{code}.tmx"],
            cwd=tmp_path, check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        path = tmp_path / f"{code}.tmx"
        assert rules(path) == expected
        assert rules(fix_tmx(path, tmp_path / "out.tmx").path) == set()
        assert pairs(tmp_path / "out.tmx") == list(zip(TARGETS, SOURCES, strict=True))


@pytest.mark.heavy
def test_omegat_files_are_judged_rightly(tmp_path: Path) -> None:
    omegat = OmegaT(tmp_path, SOURCES)
    write([one_to_one(list(SOURCES), list(TARGETS))], omegat.automatic / "a.tmx")
    omegat.translate()
    own = {"segtype-paragraph", "creationtool-omegat"}
    for suffix, expected in (("level1", own | {"version", "lang-attribute"}), ("level2", own)):
        path = omegat.folder / f"project-{suffix}.tmx"
        assert rules(path) == expected
        assert rules(fix_tmx(path, tmp_path / "out.tmx").path) == set()
        assert sorted(pairs(tmp_path / "out.tmx")) == sorted(zip(SOURCES, TARGETS, strict=True))
        read = read_file(path)
        assert sorted(
            zip(*([cell.text for cell in each.cells] for each in read.columns), strict=True)
        ) == sorted(zip(SOURCES, TARGETS, strict=True))


# What makes a unit differ, or hardly differ, from the shape that is read without a parser.
ODDITIES = (
    "<", ">", "&", "&amp;", "&#10;", "&nbsp;", "]]>", "\r", "\t", "\n", "\x0b", "\x85", "\ud83d", "\u3000", '"', "=",
    ' tuid="1"', ' lang="en"', ' xml:lang=""', ' xmlns="a"', ' a:b="c"', ' xml:space="preserve"', ' segtype="line"',
    ' srclang="en"', ' creationdate="now"', ' x = "1"', "<note>n</note>", '<prop type="x">y</prop>', "<prop>y</prop>",
    "<ph/>", "<b>", "<!-- c -->", "<![CDATA[&]]>", "<seg>", "</tuv>", "</tu>", "<tu>", "长" * 2_001,
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(ODDITIES), st.integers(min_value=0)), min_size=1, max_size=3))
def test_a_unit_read_without_a_parser_has_the_findings_of_one_read_by_it(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, int]]
) -> None:
    text = tmx(units().replace('tuid="2">', 'tuid="2"><note>a</note>\n<prop type="b">c &lt; d</prop>'))
    for oddity, number in changes:
        places = [match.start() for match in re.finditer(r'(?<=[<>"])|(?=[<>"])', text)]
        place = places[number % len(places)]
        text = text[:place] + oddity + text[place:]
    path = tmp_path_factory.mktemp("odd") / "in.tmx"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.MonkeyPatch.context() as patch:
        quick = check_tmx(path)
        patch.setattr("aligner.check.stream.PLAIN_UNIT", re.compile("(?!)"))
        assert quick == check_tmx(path)


CHECK = """
import sys
from aligner.check import check_tmx
check = check_tmx(sys.argv[1])
assert not check.findings, check.findings
print(check.units)
"""


def many(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        start, end = tmx("|").split("|")
        file.write(start)
        for number in range(1, count + 1):
            file.write(unit(f"源文句子第{number}句。", f"Target sentence number {number}.", number))
        file.write(end)
    return path


def peak(path: Path, count: int) -> int:
    checked, mebibytes = run_and_measure(CHECK, many(path, count))
    assert int(checked) == count
    return mebibytes


@pytest.mark.heavy
def test_a_million_units_are_checked_under_200_mebibytes(tmp_path: Path) -> None:
    assert peak(tmp_path / "o.tmx", 1_000_000) < 200


def test_memory_hardly_grows_with_the_number_of_units(tmp_path: Path) -> None:
    assert peak(tmp_path / "o.tmx", 10_000) - peak(tmp_path / "o.tmx", 1_000) < 10


def test_a_file_with_more_findings_than_memory_has_room_for_is_summed_up(tmp_path: Path) -> None:
    body = "".join(unit(f"第{n}句。", f"No. {n}.").replace("<tu>", f'<tu a{n}="1">') for n in range(300))
    found = check_tmx(put(tmp_path, tmx(body))).findings
    assert len(found) < 12
    assert sum(finding.count for finding in found) == 300
