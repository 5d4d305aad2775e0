"""The five documents in `seeds/`, from file to pairs: what a user sees who tries the programme on them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from aligner.bitext import Alignment
from aligner.clean.report import report
from aligner.clean.rules import clean
from aligner.errors import Shortfall
from aligner.options import Options
from aligner.pipeline import Result, align_files
from aligner.read import read_file
from aligner.text.edits import EditedText

SEEDS = Path(__file__).parent.parent / "seeds"
GLOSS = re.compile(r"[㐀-鿿]\s?\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňɡ]{1,7}\)")


def seed(number: str) -> Path:
    return next(SEEDS.glob(f"{number}_*.txt"))


def noise(number: str) -> dict[str, str]:
    """What `align clean` lists, by rule."""
    found: dict[str, str] = {}
    for row in report(clean(read_file(seed(number)).flat())):
        found[row.rule] = found.get(row.rule, "") + row.before
    return found


# --- the Chongqing article, Chinese then English, in a spammed page ---


@pytest.fixture(scope="module")
def chongqing() -> Result:
    return align_files([seed("003")], Options(cache=False))


def units(alignment: Alignment) -> str:
    return "\n".join(
        f"{alignment.source_text(bead)}\t{alignment.target_text(bead)}" for bead in alignment.beads
    )


def test_the_mixed_page_comes_apart_into_its_two_languages(chongqing: Result) -> None:
    alignment = chongqing.alignment
    assert (alignment.source.lang, alignment.target.lang) == ("zh-Hant", "en")
    assert not re.search(r"[㐀-鿿]", alignment.target.text)
    assert any("traditional Chinese, then English" in note for note in chongqing.notes)


def test_every_sentence_of_the_mixed_page_has_its_translation(chongqing: Result) -> None:
    assert all(bead.is_pair for bead in chongqing.alignment.beads)


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("。回顧一年來,全市外事系統", "In the past year, the citys foreign affairs system"),
        ("。抗疫國際合作是", "International cooperation in the fight against COVID-19"),
        ("專家學者作專題輔導", "experts and scholars"),
        ("我們在全系統舉辦", "throughout the system"),
    ],
)
def test_garbled_runs_stand_repaired_beside_their_translation(
    chongqing: Result, chinese: str, english: str
) -> None:
    # A full stop that was garbled ends the sentence before.
    assert chinese in chongqing.alignment.source.text
    rows = [row for row in units(chongqing.alignment).split("\n") if chinese.removeprefix("。") in row]
    assert len(rows) == 1
    assert english in rows[0]


def test_neither_spam_nor_links_nor_glosses_are_in_any_unit(chongqing: Result) -> None:
    text = units(chongqing.alignment)
    assert not GLOSS.search(text)
    assert not re.search(r"国产|县\||猜你|_|\ufffd|[\ue000-\uf8ff]|挂邍|谌", text)


def test_the_whole_mixed_page_can_be_rebuilt_from_its_two_sides(chongqing: Result) -> None:
    sides = [
        EditedText(document.text, document.edits).original()
        for document in (chongqing.alignment.source, chongqing.alignment.target)
    ]
    page = seed("003").read_text(encoding="utf-8")
    assert sorted("".join("".join(sides).split())) == sorted("".join(page.split()))


# --- pages in one language ---


@pytest.mark.parametrize(
    ("number", "script"),
    [("000", "traditional"), ("001", "simplified"), ("002", "simplified"), ("004", "simplified")],
)
def test_a_page_in_one_language_is_refused_by_its_name(number: str, script: str) -> None:
    with pytest.raises(Shortfall, match=rf"{number}_.*only {script} Chinese.*nothing to align"):
        align_files([seed(number)], Options(cache=False))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("000", {"furniture": ["投稿郵箱", "站內搜索", "文字縮放"]}),
        ("001", {"page-marker": [f"{n}、" for n in range(1, 8)]}),
        ("002", {"furniture": ["首页>特色栏目>市州动态", "12226043"]}),
        ("004", {"field-debris": ["[bookmark: _GoBack]"]}),
    ],
)
def test_the_noise_of_each_page_and_nothing_else_is_listed(
    number: str, expected: dict[str, list[str]]
) -> None:
    found = noise(number)
    assert found.keys() == expected.keys()
    for rule, texts in expected.items():
        assert all(text in found[rule] for text in texts)
        assert len(found[rule]) < sum(map(len, texts)) + 40  # debris only: no sentence goes with it


# --- two versions of one article, both Chinese ---


@pytest.fixture(scope="module")
def versions() -> Alignment:
    return align_files([seed("001"), seed("004")], Options(cache=False)).alignment


def test_two_versions_in_one_language_are_aligned(versions: Alignment) -> None:
    assert (versions.source.lang, versions.target.lang) == ("zh-Hans", "zh-Hans")
    assert "any" in versions.signature


def test_page_markers_are_gone_and_the_words_they_cut_whole(versions: Alignment) -> None:
    text = "\n".join(versions.source.sentences())
    assert not re.search(r"\d、", text)
    for word in (
        "经济社会运行", "领导人及联合国秘书长", "联防联控合作机制", "及时开放医疗物资", "维护人类共同家园",
    ):  # fmt: skip
        assert word in text


def test_sentences_that_both_versions_share_are_paired(versions: Alignment) -> None:
    """Of sentences that one version took over nearly word for word, no more than one in ten goes astray."""
    sources, targets = versions.source.sentences(), versions.target.sentences()
    shared = {
        (i, j)
        for i, source in enumerate(sources)
        for j, target in enumerate(targets)
        if SequenceMatcher(None, source, target, autojunk=False).ratio() > 0.7
    }
    paired = {
        (i, j)
        for bead in versions.beads
        for i in range(bead.src_start, bead.src_end)
        for j in range(bead.tgt_start, bead.tgt_end)
    }
    assert len(shared) >= 10
    assert len(shared & paired) >= 0.9 * len(shared), shared - paired
