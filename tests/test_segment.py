"""Sentence segmentation: golden cases, properties, SRX files of others."""

from __future__ import annotations

import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aligner.bitext import Document
from aligner.encode.load import load_encoder
from aligner.errors import InputError
from aligner.gather.gather import gather
from aligner.language.facts import shipped
from aligner.options import Options
from aligner.prepare import prepare_texts
from aligner.split.clauses import clauses
from aligner.split.lines import lines_are_sentences
from aligner.split.sentences import segment
from aligner.split.srx import own_srx
from aligner.text.edits import EditedText

GOLDEN = Path(__file__).parent / "golden" / "segment"
OMEGAT = Path("/usr/share/omegat/OmegaT.jar")
SEPARATORS = {"nothing": "", "blank": " "}
LANGUAGES = [
    "zh",
    "zh-Hant",
    "en",
    "ja",
    "ko",
    "de",
    "fr",
    "es",
    "it",
    "ru",
    "ar",
    "und",
    "x",
    "",
    "EN_us",
    "zh\n",
]


@dataclass(frozen=True)
class Case:
    lang: str
    separator: str
    sentences: tuple[str, ...]


def load_cases(text: str, where: str) -> list[Case]:
    """Header `# lang:` and `# join:`, then blocks of one sentence a line; anything else is an error."""
    header: dict[str, str] = {}
    cases, block = [], []
    lines = text.split("\n")
    for number, line in enumerate([*lines, ""], 1):
        place = f"{where}, line {number}"
        if line.startswith("# ") and not cases and not block and ":" in line and len(header) < 2:
            key, _, value = line[2:].partition(":")
            assert key in ("lang", "join"), f"{place}: unknown header {key!r}"
            header[key] = value.strip()
        elif line.startswith("# "):
            assert not block, f"{place}: a comment inside a case"
        elif line == "":
            if block:
                cases.append(Case(header["lang"], SEPARATORS[header["join"]], tuple(block)))
            block = []
        else:
            assert len(header) == 2, f"{place}: the file must begin with '# lang:' and '# join:'"
            assert line == line.strip(), f"{place}: blanks at the edge of a sentence"
            block.append(line)
    assert cases, f"{where}: no cases"
    return cases


ALL_CASES = [
    pytest.param(case, id=f"{path.stem}-{case.sentences[0][:20]}")
    for path in sorted(GOLDEN.glob("*.txt"))
    for case in load_cases(path.read_text("utf-8"), path.name)
]


def split(text: str, lang: str = "en", **options: object) -> list[str]:
    return segment(EditedText(text), lang, **options).sentences()  # type: ignore[arg-type]


@pytest.mark.parametrize("case", ALL_CASES)
def test_golden_case_is_split_as_written(case: Case) -> None:
    assert split(case.separator.join(case.sentences), case.lang) == list(case.sentences)


@pytest.mark.parametrize("case", ALL_CASES)
def test_sentences_already_on_lines_of_their_own_stay_as_they_are(case: Case) -> None:
    assert split("\n".join(case.sentences), case.lang) == list(case.sentences)


def test_there_are_at_least_a_hundred_golden_cases() -> None:
    assert len(ALL_CASES) >= 100


@pytest.mark.parametrize(
    "text",
    [
        "A case without a header.",
        "# lang: en\nNo join.",
        "# lang: en\n# joint: blank\n\nA.",
        "# lang: en\n# join: blank\n\n A.",
    ],
)
def test_a_malformed_golden_file_is_refused(text: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        load_cases(text, "malformed")


# Structure ----------------------------------------------------------------------------------------


def test_each_nonblank_line_is_a_paragraph() -> None:
    document = segment(EditedText("Title\n\nOne. Two.\n   \nThree."), "en", name="a.txt")
    assert document.name == "a.txt"
    assert [found.paragraph for found in document.segments] == [0, 1, 1, 2]


def test_presplit_lines_are_segments_and_blank_lines_part_paragraphs() -> None:
    document = segment(EditedText("\nOne. Two.\n  Three\n\nFour.\n"), "en", presplit=True)
    assert document.sentences() == ["One. Two.", "Three", "Four."]
    assert [found.paragraph for found in document.segments] == [0, 0, 1]


def test_presplit_without_blank_lines_is_one_paragraph() -> None:
    document = segment(EditedText("甲。\n乙。丙。"), "zh", presplit=True)
    assert [found.paragraph for found in document.segments] == [0, 0]


def test_split_clauses_cuts_at_semicolons_but_not_in_addresses_and_entities() -> None:
    assert split("甲；“乙；”丙。", "zh", split_clauses=True) == ["甲；", "“乙；”", "丙。"]
    text = "One; see http://a.example/?x=1;y=2 and A &amp; B; two."
    assert split(text, split_clauses=True) == ["One;", "see http://a.example/?x=1;y=2 and A &amp; B;", "two."]


def test_edits_of_the_text_are_kept() -> None:
    text = (
        EditedText("甲(jiǎ)。乙?丙。").replace([(5, 6, "。"), (7, 8, "！")], "test").remove([(1, 5)], "gloss")
    )
    document = segment(text, "zh")
    assert document.edits == text.edits
    assert EditedText(document.text, document.edits).original() == text.original()


def test_unclosed_quotation_mark_does_not_swallow_the_next_paragraph() -> None:
    assert split("“一。二。\n三。四。", "zh") == ["“一。", "二。", "三。", "四。"]


@pytest.mark.parametrize(
    "piece", [".", "“", '"', "。", '。"', ". ", "（！", "：“a。", "1. ", "。😀", "，", "; "]
)
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        segment(EditedText(text), "zh", split_clauses=True)
        clauses(text, "zh")
        return time.process_time() - began

    seconds(100)
    # Eight times the text: linear is 8, quadratic 64; the rest is room for a busy machine.
    assert seconds(16_000) < 30 * max(seconds(2_000), 0.01)


# Properties ---------------------------------------------------------------------------------------

HOSTILE = st.lists(
    st.sampled_from(
        [
            *"。！？.!?…\"'“”‘’「」（）()—;；,，:：《》[]1aA中あ한я \n\t\r\u2028\u200b\ufeff\x00\x1c\ud800😀",
            "Mr.",
            "http://a.b/?c;",
        ]
    )
    | st.characters(),
    max_size=80,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(HOSTILE, st.sampled_from(LANGUAGES), st.booleans(), st.booleans())
def test_no_character_is_lost_and_no_text_in_any_language_fails(
    text: str, lang: str, presplit: bool, split_clauses: bool
) -> None:
    document = segment(EditedText(text), lang, presplit=presplit, split_clauses=split_clauses)
    assert "".join("".join(document.sentences()).split()) == "".join(text.split())
    assert document.text == text


@settings(max_examples=100, deadline=None)
@given(HOSTILE, st.sampled_from(LANGUAGES))
def test_segments_on_lines_of_their_own_are_read_back_by_presplit(text: str, lang: str) -> None:
    sentences = split(text, lang)
    assert split("\n".join(sentences), lang, presplit=True) == sentences


@settings(max_examples=150, deadline=None)
@given(HOSTILE, st.sampled_from(LANGUAGES))
def test_clauses_cover_the_sentence_without_gap(text: str, lang: str) -> None:
    spans = clauses(text, lang)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)


# Clauses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh", ["但是，我们在1,000年前就知道：", "“他会来的。”", "——是真的。"]),
        ("zh", ["苹果、香蕉、梨，", "我都喜欢吃。"]),
        ("zh", ["这件事,", "我不知道;", "你去问他吧."]),
        ("ja", ["今日は、", "いい天気ですね、", "と言った。"]),
        (
            "en",
            [
                "Well, at 12:30 we paid 1,000 dollars, ",
                "far too much; ",
                "nothing more — ",
                "not even thanks.",
            ],
        ),
        ("de", ["Er zahlte 3,50 Euro, ", "weil er musste."]),
        ("ar", ["ذهب الولد إلى المدرسة، ", "وكان الجو جميلا."]),
        ("en", ["Yes."]),
    ],
)
def test_clauses_end_at_commas_semicolons_colons_and_dashes(lang: str, expected: list[str]) -> None:
    sentence = "".join(expected)
    assert [sentence[start:end] for start, end in clauses(sentence, lang)] == expected


def test_an_empty_sentence_has_no_clauses() -> None:
    assert clauses("", "en") == []


# SRX of others ------------------------------------------------------------------------------------

SRX = """<?xml version="1.0" encoding="UTF-8"?>
<srx xmlns="http://www.lisa.org/srx20" version="2.0"><header {cascade}/><body><languagerules>
<languagerule languagerulename="English">
  <rule break="no"><beforebreak>\\b(?i)mr\\.</beforebreak><afterbreak>\\s</afterbreak></rule>
</languagerule>
<languagerule languagerulename="Default">
  <rule break="yes"><beforebreak>[.\\x{{3002}}]</beforebreak><afterbreak>\\s?</afterbreak></rule>
</languagerule>
</languagerules><maprules>
<languagemap languagepattern="EN.*" languagerulename="English"/>
<languagemap languagepattern=".*" languagerulename="Default"/>
</maprules></body></srx>"""


def write_srx(folder: Path, text: str) -> Path:
    path = folder / "rules.srx"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("cascade", ["", 'cascade="yes"'])
def test_rules_cascade_unless_the_file_says_no(tmp_path: Path, cascade: str) -> None:
    srx = write_srx(tmp_path, SRX.format(cascade=cascade))
    assert split("MR. A went. B。C", "en-GB", srx=srx) == ["MR. A went.", "B。", "C"]
    assert split("Mr. A went.", "fr", srx=srx) == ["Mr.", "A went."]


def test_without_cascade_only_the_first_fitting_language_counts(tmp_path: Path) -> None:
    srx = write_srx(tmp_path, SRX.format(cascade='cascade="no"'))
    assert split("A. B. C.", "en", srx=srx) == ["A. B. C."]
    assert split("A. B. C.", "fr", srx=srx) == ["A.", "B.", "C."]


def test_srx_1_with_nested_maprule_is_understood(tmp_path: Path) -> None:
    text = SRX.format(cascade="").replace(' xmlns="http://www.lisa.org/srx20"', "")
    text = text.replace("<maprules>", '<maprules><maprule maprulename="x">').replace(
        "</maprules>", "</maprule></maprules>"
    )
    assert split("Mr. A. B", "en", srx=write_srx(tmp_path, text)) == ["Mr. A.", "B"]


BILLION_LAUGHS = '<!DOCTYPE srx [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + SRX.format(cascade="").partition(
    "?>"
)[2].replace("[.\\x{3002}]", "&b;")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "well-formed"),
        ("no xml", "well-formed"),
        ("<tmx/>", "no SRX file"),
        ("<srx><body/></srx>", "no SRX file"),
        (SRX.format(cascade="").replace("(?i)mr", "(mr"), "pattern"),
        (SRX.format(cascade="").replace('languagepattern="EN.*"', 'languagepattern="("'), "pattern"),
        (SRX.format(cascade="").replace('rulename="Default"/>', 'rulename="Gone"/>'), "no such languagerule"),
        (BILLION_LAUGHS, "entities"),
    ],
)
def test_a_bad_srx_file_costs_one_clear_line(tmp_path: Path, text: str, message: str) -> None:
    path = write_srx(tmp_path, text)
    with pytest.raises(InputError) as caught:
        split("A. B.", "en", srx=path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["missing.srx", ""])
def test_a_missing_srx_file_or_a_folder_costs_one_clear_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="can't read the segmentation rules"):
        split("A. B.", "en", srx=tmp_path / name)


def test_a_rule_that_explodes_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aligner.split.srx._PATIENCE", 0.2)
    srx = write_srx(tmp_path, SRX.format(cascade="").replace("\\s?", "(a|aa|a?a)+c"))
    with pytest.raises(InputError, match="simplify"):
        split("." + "a" * 5000 + "b", "fr", srx=srx)


@pytest.mark.skipif(not OMEGAT.exists(), reason="OmegaT is not installed (Debian package omegat)")
def test_omegats_own_rules_split_as_omegat_does(tmp_path: Path) -> None:
    with zipfile.ZipFile(OMEGAT) as jar:
        srx = tmp_path / "defaultRules.srx"
        srx.write_bytes(jar.read("org/omegat/core/segmentation/defaultRules.srx"))
    assert split("Dr. Smith left. He was e.g. tired. So?", "en", srx=srx) == [
        "Dr. Smith left.",
        "He was e.g. tired.",
        "So?",
    ]
    # OmegaT's Chinese rules never cut behind a closing quotation mark.
    assert split("“真的吗？”他问。天黑了。", "zh-CN", srx=srx) == ["“真的吗？”他问。", "天黑了。"]
    for lang in ("ca", "de", "es", "fi", "fr", "it", "ja", "nl", "pl", "ru", "sv", "sk"):
        assert split("Abc def. Ghi jkl.", lang, srx=srx)


@pytest.mark.skipif(not OMEGAT.exists(), reason="OmegaT is not installed (Debian package omegat)")
def test_our_rules_are_valid_srx_2(tmp_path: Path) -> None:
    with zipfile.ZipFile(OMEGAT) as jar:
        schema = etree.XMLSchema(etree.fromstring(jar.read("schemas/srx20.xsd")))
    rules = etree.fromstring(own_srx(shipped()))
    assert schema.validate(rules), schema.error_log


@pytest.mark.parametrize("lang", ["zh", "en", "ja", "ko", "de", "fr", "es", "it", "ru", "ar", "sw"])
def test_our_rules_hold_for_every_language_they_name(lang: str) -> None:
    assert split("Abc def. Ghi jkl! 好。再见。", lang) == ["Abc def.", "Ghi jkl!", "好。", "再见。"]


def _of_lines(lines: list[str]) -> Document:
    return segment(EditedText("\n".join(lines)), "en")


SENTENCE, TWO = "It rained all day in the hills.", "It rained. We stayed at home."


def test_where_nearly_every_line_is_a_sentence_a_line_of_two_stays_whole() -> None:
    options = Options(src_lang="en", tgt_lang="en")
    lines = [SENTENCE] * 38 + [TWO] * 2
    prepared = prepare_texts("\n".join(lines), "\n".join(lines), options)
    assert prepared.source.sentences() == prepared.target.sentences() == lines


def test_where_lines_are_paragraphs_they_are_split() -> None:
    options = Options(src_lang="en", tgt_lang="en")
    single, mixed = [SENTENCE] * 40, [SENTENCE] * 30 + [TWO] * 10
    prepared = prepare_texts("\n".join(single), "\n".join(mixed), options)
    assert len(prepared.target) == len(mixed) + 10


def test_a_short_text_does_not_show_what_its_lines_are() -> None:
    assert not lines_are_sentences([_of_lines([SENTENCE] * 20)])
    assert lines_are_sentences([_of_lines([SENTENCE] * 40)])


def test_semicolons_are_cut_as_asked_where_a_line_is_a_sentence() -> None:
    text = "\n".join(["It rained; we stayed."] * 40)
    prepared = prepare_texts(text, text, Options(src_lang="en", tgt_lang="en", split_clauses=True))
    assert len(prepared.source) == 80


def test_ends_of_lines_are_no_ends_of_paragraphs_where_a_line_is_a_sentence() -> None:
    document, prose = _of_lines([SENTENCE] * 40), _of_lines([TWO] * 40)
    by_line = gather(document, document, [load_encoder("use")])
    in_paragraphs = gather(prose, prose, [load_encoder("use")])
    assert not by_line.source.breaks.any()
    assert in_paragraphs.source.breaks.any()
