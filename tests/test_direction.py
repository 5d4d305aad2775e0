"""Memories of two directions as one, and units whose text is not in the script of their code."""

from __future__ import annotations

from pathlib import Path

import pytest

from aligner.bitext import Alignment, Bead
from aligner.check import check_tmx
from aligner.cli.run import main
from aligner.export import save, write
from aligner.export.savefile import SaveFile
from aligner.language.contradiction import is_in_other_script
from aligner.prepare import document_of

ZH, EN = ["鹤往南飞。", "博物馆上午九点开门。"], ["Cranes fly south.", "The museum opens at nine."]
ZH2, EN2 = ["门票在门口出售。", "孩子免费。"], ["Tickets are sold at the gate.", "Children enter free."]


def pairs(source: list[str], target: list[str], src_lang: str, tgt_lang: str) -> Alignment:
    beads = tuple(Bead(n, n + 1, n, n + 1) for n in range(len(source)))
    documents = document_of(source, src_lang, "a.txt"), document_of(target, tgt_lang, "b.txt")
    return Alignment(*documents, beads)


def saved(path: Path, alignment: Alignment) -> str:
    save(SaveFile(alignment), path)
    return str(path)


def units(path: Path) -> list[tuple[str, str]]:
    import re

    found = re.findall(r'<tuv xml:lang="([^"]+)"><seg>(.*?)</seg>', path.read_text("utf-8"))
    return [(lang, text) for lang, text in found]


def rules_of(path: Path) -> set[str]:
    return {finding.rule for finding in check_tmx(path).findings}


def test_a_memory_of_the_other_direction_is_turned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        saved(tmp_path / "a.json", pairs(ZH, EN, "zh-CN", "en")),
        saved(tmp_path / "b.json", pairs(EN2, ZH2, "en", "zh-CN")),
    ]
    out = tmp_path / "both.tmx"
    assert main(["export", *files, "-o", str(out)]) == 0
    assert {(lang, text) for lang, text in units(out)} == {
        *(("zh-CN", text) for text in [*ZH, *ZH2]), *(("en", text) for text in [*EN, *EN2]),
    }  # fmt: skip
    assert "b.json: turned" in capsys.readouterr().err
    assert "unit-script" not in rules_of(out)


@pytest.mark.parametrize("options", [["--src-lang", "zh-CN"], ["--src-lang", "zh-CN", "--tgt-lang", "en"]])
def test_the_languages_asked_for_say_the_direction(tmp_path: Path, options: list[str]) -> None:
    files = [
        saved(tmp_path / "a.json", pairs(EN, ZH, "en", "zh")),
        saved(tmp_path / "b.json", pairs(ZH2, EN2, "zh-Hans", "en")),
    ]
    out = tmp_path / "both.tmx"
    assert main(["export", *files, "-o", str(out), *options]) == 0
    assert [lang for lang, _ in units(out)] == ["zh-CN", "en"] * 4
    assert all((lang == "en") == text.isascii() for lang, text in units(out))


def test_memories_of_other_languages_are_not_mixed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        saved(tmp_path / "a.json", pairs(ZH, EN, "zh", "en")),
        saved(tmp_path / "b.json", pairs(["Les grues."], ["Cranes."], "fr", "en")),
    ]
    assert main(["export", *files, "-o", str(tmp_path / "both.tmx")]) == 2
    assert "fr → en" in capsys.readouterr().err
    assert not (tmp_path / "both.tmx").exists()


def test_simplified_and_traditional_chinese_are_turned_by_their_whole_codes(tmp_path: Path) -> None:
    files = [
        saved(tmp_path / "a.json", pairs(["鹤往南飞。"], ["鶴往南飛。"], "zh-CN", "zh-TW")),
        saved(tmp_path / "b.json", pairs(["門票。"], ["门票。"], "zh-TW", "zh-CN")),
    ]
    out = tmp_path / "both.tmx"
    assert main(["export", *files, "-o", str(out)]) == 0
    assert ("zh-CN", "门票。") in units(out)


def test_single_units_that_stand_the_wrong_way_round_are_turned(tmp_path: Path) -> None:
    mixed = pairs([*ZH, EN2[0]], [*EN, ZH2[0]], "zh-CN", "en")
    report = write([mixed], tmp_path / "o.tmx")
    assert ("zh-CN", ZH2[0]) in units(tmp_path / "o.tmx")
    assert any("1 unit stood the wrong way round" in warning for warning in report.warnings)


def test_a_unit_in_the_script_of_no_side_is_told(tmp_path: Path) -> None:
    report = write(
        [pairs([*ZH, "The gate is shut today."], [*EN, "The gate is closed."], "zh-CN", "en")],
        tmp_path / "o.tmx",
    )
    assert any("as zh-CN" in warning for warning in report.warnings)


def test_check_sees_a_unit_whose_text_contradicts_its_code(tmp_path: Path) -> None:
    many = pairs([*ZH * 40, EN2[0]], [*EN * 40, ZH2[0]], "zh-CN", "en")
    write([many], tmp_path / "o.tmx")
    text = (tmp_path / "o.tmx").read_text("utf-8")
    swapped = (
        text.replace(f">{ZH2[0]}<", ">@<").replace(f">{EN2[0]}<", f">{ZH2[0]}<").replace(">@<", f">{EN2[0]}<")
    )
    (tmp_path / "bad.tmx").write_text(swapped, "utf-8")
    assert "unit-script" in rules_of(tmp_path / "bad.tmx")
    assert "unit-script" not in rules_of(tmp_path / "o.tmx")


@pytest.mark.parametrize(
    ("text", "tag", "beside", "wrong"),
    [
        ("The museum opens at nine.", "zh-CN", "", True),
        ("博物馆上午九点开门。", "en", "", True),
        ("中国人民银行 (PBOC)", "en", "", True),
        ("Музей открывается.", "en", "", True),
        ("Музей открывается.", "zh", "", True),
        ("The museum opens at nine.", "ru", "", True),
        ("The museum opens at nine.", "ja", "", True),
        ("さくら、さくら、弥生の空は。", "en", "", True),
        ("박물관은 아홉 시에 엽니다.", "zh", "", True),
        ("Sony Ericsson Mobile Communications AB", "zh", "Sony Ericsson Mobile Communications AB", False),
        ("npm install left-pad now", "zh", "npm install left-pad now", False),
        ("iPhone 15 Pro", "zh", "", False),
        ("CEO", "zh", "", False),
        ("Windows 11", "ru", "", False),
        ("词", "en", "", False),
        ("The word 龙 means dragon.", "en", "", False),
        ("他说OK，没问题。", "zh", "", False),
        ("1,200", "zh", "", False),
        ("", "zh", "", False),
        ("Anything at all here", "und", "", False),
        ("Srbija je lepa zemlja.", "sr-Latn", "", False),
        ("Sentence in Latin letters here.", "sr", "", False),
        ("東京都庁舎", "zh", "", False),
    ],
)  # fmt: skip
def test_only_running_text_in_another_script_contradicts_a_code(
    text: str, tag: str, beside: str, wrong: bool
) -> None:
    assert is_in_other_script(text, tag, beside) == wrong


def test_one_file_given_twice_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Cranes fly south. The museum opens at nine.\n")
    assert (
        main([str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--src-lang", "en", "--tgt-lang", "en"]) == 0
    )
    assert "the same text" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("src_lang", "tgt_lang", "told"), [("en", "zh", True), ("zh", "en", False), ("zh-TW", "en-GB", False)]
)
def test_files_in_each_other_s_language_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], src_lang: str, tgt_lang: str, told: bool
) -> None:
    for name, lines in (("a.txt", [*ZH, *ZH2]), ("b.txt", [*EN, *EN2])):
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    files = [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]
    assert main([*files, "--src-lang", src_lang, "--tgt-lang", tgt_lang, "--no-cache"]) == 0
    assert ("the texts are in each other's language" in capsys.readouterr().err) == told
