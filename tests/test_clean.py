from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aligner.clean.report import report
from aligner.clean.rules import RULES, clean
from aligner.errors import UsageError
from aligner.text.edits import EditedText

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds"
GOLD = HERE.parent.parent / "shared" / "gold"


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


def golden_cases() -> list[tuple[str, str, str]]:
    cases = []
    for path in sorted((HERE / "golden" / "clean").glob("*.txt")):
        blocks = re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        for number, block in enumerate(blocks, 1):
            rule, _, body = block.partition("\n")
            where = f"{path.name}, block {number}"
            assert rule in RULES, f"{where}: no rule {rule!r}"
            body = body.rstrip("\n") if not body.endswith("\n\n\n") else body[:-2]
            parts = re.split(r"^---(?: (unchanged))?(?:\n|\Z)", body, flags=re.MULTILINE)
            assert len(parts) == 3, f"{where}: needs one line of three hyphens"
            before, unchanged, after = parts
            assert before and not (unchanged and after), (
                f"{where}: nothing to clean, or text after 'unchanged'"
            )
            before = before.removesuffix("\n")
            cases.append(
                pytest.param(rule, before, before if unchanged else after, id=f"{path.stem}-{number}-{rule}")
            )
    return cases


def _marked(text: str, flags) -> str:
    for flag in reversed(flags):
        text = text[: flag.at] + "⟦" + text[flag.at : flag.end] + "⟧" + text[flag.end :]
    return text


def seed(number: str) -> str:
    return next(SEEDS.glob(f"{number}_*.txt")).read_text(encoding="utf-8")


def cleaned(text: str, **options) -> str:
    return clean(EditedText(text), **options).text.text


@pytest.mark.parametrize(("rule", "before", "after"), golden_cases())
def test_golden_case(rule: str, before: str, after: str) -> None:
    before = _unescaped(before)
    result = clean(EditedText(before))
    assert _marked(result.text.text, result.flags).rstrip("\n") == _unescaped(after).rstrip("\n")
    assert {edit.rule for edit in result.text.edits} | {flag.rule for flag in result.flags} <= {
        rule,
        "pinyin-gloss",
    }
    assert result.text.original() == before


def test_there_are_enough_golden_cases_and_every_rule_has_one() -> None:
    cases = [case.values for case in golden_cases()]
    assert len(cases) >= 60
    assert {rule for rule, _, _ in cases} == set(RULES)


def test_the_four_garbled_runs_of_the_chongqing_article_are_repaired() -> None:
    result = clean(EditedText(seed("003")))
    text = result.text.text
    for repaired in (
        "工作取得顯著成效。回顧一年來,全市外事系統堅持",
        "重要外事活動的38%。抗疫國際合作是全年",
        "邀請經濟、法律、金融等領域專家學者作專題輔導",
        "交流合作。我們在全系統舉辦“講重慶故事 交世界朋友”比賽",
    ):
        assert repaired in text
    assert sum(edit.rule == "gbk-damage" for edit in result.text.edits) == 4
    assert not [flag for flag in result.flags if flag.rule == "gbk-damage"]


def test_no_pinyin_gloss_is_left_in_the_chongqing_article() -> None:
    gloss = r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňɡ]{1,7}\)"
    assert len(re.findall(r"(?<=[㐀-鿿])" + gloss, seed("003"))) == 298
    assert not re.search(gloss, cleaned(seed("003"), off=["furniture"]))


def test_spam_and_links_around_the_chongqing_article_go_and_its_text_stays() -> None:
    text = cleaned(seed("003"))
    assert "_" not in text
    assert "|" not in text
    assert text.strip().startswith("在大戰大考中展現責任與擔當")
    assert text.strip().endswith("with solid achievements.")


def test_lost_apostrophes_and_stray_question_marks_of_the_chongqing_article_are_found() -> None:
    result = clean(EditedText(seed("003")))
    words = [result.text.text[flag.at : flag.end] for flag in result.flags if flag.rule == "lost-apostrophe"]
    assert words.count("citys") == 5
    assert words.count("countrys") == 2
    assert "epidemic prevention work, enabled" in result.text.text
    assert [flag.rule for flag in result.flags].count("stray-question-mark") == 1


def test_page_markers_go_and_the_words_they_cut_are_whole_again() -> None:
    text = cleaned(seed("001"))
    assert text.startswith("同舟共济,守望相助")
    for word in (
        "推进经济社会运行",
        "34位外国领导人及联合国秘书长",
        "受到各方高度赞赏",
        "联防联控合作机制",
        "及时开放",
        "维护人类",
    ):
        assert word in text
    assert "\n" not in text.strip()


def test_furniture_and_bookmarks_of_the_one_language_pages_go_and_nothing_else() -> None:
    for number, removed in {
        "000": ["投稿郵箱:qizhixmt@126.com\n", "站內搜索:\n", "文字縮放:\n"],
        "002": ["首页>特色栏目>市州动态\n", "12226043"],
        "004": ["[bookmark: _GoBack]"],
    }.items():
        result = clean(EditedText(seed(number)))
        assert [edit.found for edit in result.text.edits] == removed
        assert not result.flags


@pytest.mark.skipif(not GOLD.exists(), reason="the gold corpora are not here")
def test_clean_published_text_is_left_alone() -> None:
    files = [file for side in ("src", "tgt") for file in sorted(GOLD.glob(f"*/{side}/*"))]
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        result = clean(EditedText(text))
        assert result.text.text == text, file
        assert not result.flags, file


def _lose_a_byte(line: str, at: int) -> str:
    """`line` with the first byte of the character at `at` dropped, as a decoder of GBK would then read it."""
    data, read, position = line[at:].encode("gb18030")[1:], "", 0
    while position < len(data):
        width = 1 if data[position] < 0x80 else 2
        try:
            read += data[position : position + width].decode("gb18030")
        except UnicodeDecodeError:
            read, width = read + "?", 1
        position += width
    return line[:at] + "?" + read


def _lines_of_text() -> list[str]:
    lines = seed("000").split("\n") + seed("002").split("\n") + seed("004").split("\n")
    return [line.replace("\xa0", " ") for line in lines if len(line) > 60]


def test_lost_bytes_are_repaired_far_more_often_than_wrongly() -> None:
    rng = random.Random(1)
    right = wrong = total = 0
    for line in _lines_of_text():
        at = rng.choice([n for n, c in enumerate(line[:-30]) if n > 5 and "一" <= c <= "鿿"])
        damaged = _lose_a_byte(line, at)
        if damaged[at + 1].isascii():
            continue
        total += 1
        result = cleaned(damaged)
        same = len(result) == len(line)
        differing = [found for found, true in zip(result, line, strict=False) if found != true]
        right += same and set(differing) <= {"?"}
        wrong += same and bool(set(differing) - {"?"})
    assert total > 30
    assert right / total > 0.5
    assert wrong / total < 0.1


def test_what_stays_unknown_in_a_repaired_run_is_flagged() -> None:
    result = clean(EditedText("他说那里不但治不?貌。\ue0d6箍赡苋旧下榉纭?"))
    assert result.text.text == "他说那里不但治不?病，还可能染上麻风?"
    assert [flag.rule for flag in result.flags] == ["gbk-damage"]


PIECES = st.sampled_from([
    "戰(zhàn)", "?", "?;仡櫼荒陙?", "1、", "2、", "3、", "[bookmark: _", "[bookmark: ", "_GoBack]", "|", "_",
    "首页", ">", "猜你喜歡", "\u00ad", "\u200b", "\x0b", "\n", " ", "\u3000", "e\u0301", "\ud83d", "\ude00",
    "â€™", "\ue27e", "citys", "city's", ",?", "a", "-", "。", "《かん》", "漢", "中", "H", "1.", "I", "and",
    "各国应当加强合作共同应对", "The quick brown fox jumped over the lazy dog and then it went",
])  # fmt: skip
TEXTS = st.one_of(
    st.text(alphabet=st.characters(), max_size=60),
    st.lists(PIECES, max_size=40).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("[bookmark: [bookmark: a]]")
@example("1、" + " " * 80 + "\n2、" + " " * 80 + "\n3、")
@example("\u00ad\n" * 10)
def test_the_text_as_read_can_always_be_rebuilt_and_cleaning_again_changes_nothing(text: str) -> None:
    result = clean(EditedText(text))
    assert result.text.original() == text
    assert cleaned(result.text.text) == result.text.text
    assert all(0 <= flag.at <= flag.end <= len(result.text.text) for flag in result.flags)
    report(result)


def test_edits_made_before_cleaning_stay_on_record() -> None:
    read = EditedText("header 大戰(zhàn)大考").remove([(0, 7)], "page-header")
    result = clean(read).text
    assert result.original() == "header 大戰(zhàn)大考"
    assert [edit.rule for edit in result.edits] == ["page-header", "pinyin-gloss"]


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_that_is_off_leaves_no_trace(rule: str) -> None:
    for number in ("001", "003", "004"):
        result = clean(EditedText(seed(number)), off=[rule])
        assert rule not in {edit.rule for edit in result.text.edits} | {flag.rule for flag in result.flags}


def test_with_all_rules_off_nothing_changes() -> None:
    assert cleaned(seed("003"), off=list(RULES)) == seed("003")


def test_an_unknown_rule_is_refused_with_the_names_it_resembles() -> None:
    with pytest.raises(UsageError, match=r"no cleaning rule 'ruby-glos': is it ruby-gloss or .*--rules"):
        clean(EditedText("text"), off=["ruby-glos"])
    with pytest.raises(UsageError, match=r"no cleaning rule 'qqqq': `align clean --rules` lists them all"):
        clean(EditedText("text"), off=["qqqq"])


def test_the_report_gives_the_line_as_read_the_rule_and_both_texts() -> None:
    result = clean(EditedText("投稿邮箱:a@example.org\n在大戰(zhàn)大考中\nthe city's park, the citys mayor"))
    rows = [(row.line, row.rule, row.before, row.after) for row in report(result)]
    assert rows == [
        (1, "furniture", "投稿邮箱:a@example.org\n", ""),
        (2, "pinyin-gloss", "(zhàn)", ""),
        (3, "lost-apostrophe", "citys", "citys"),
    ]
    assert report(result)[1].left == "在大戰"
    assert report(result)[1].right == "大考中"


HOSTILE = {
    "marks": "?" * 100000,
    "damage": "?谌\ue08c到" * 25000,
    "damage without end": "?" + "谌覍邍" * 32500,
    "accents": "e" + "\u0301" * 100000,
    "brackets": "[bookmark: " * 10000,
    "glosses": "戰(" * 50000,
    "bars": "|" * 100000,
    "spread": "中 " * 50000,
    "one line": "a" * 100000,
    "breaks": "\n" * 100000,
    "numbers": "".join(f"{n}、文\n" for n in range(1, 15000)),
    "words": "citys " * 17500 + "city's",
    "mojibake": "â€™" * 32500,
    "ruby": "｜" * 50000 + "《か》",
    "columns": ("各国应当加强合作（2020年）共同应对全球性挑战推动构建开放\n" * 4000),
    "figures": "1" * 60000 + "\n中\n" + "1" * 60000,
    "question": "process? and it " * 6250,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_linear_time(name: str) -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        assert clean(EditedText(text)).text.original() == text
        return time.process_time() - began

    text = HOSTILE[name]
    clean(EditedText(text[:100]))
    # Eight times the text: linear is 8, quadratic 64; the rest is room for a busy machine.
    assert seconds(text) < 30 * max(seconds(text[: len(text) // 8]), 0.05)


WRAPPED_CHINESE = (
    "老城图书馆（1906年落成）经过2年修缮，昨天重新向公众开放。上午9点，门前已经排起了长队，许多家长带着孩子来借书，"
    "当天共借出3,250册。馆长告诉记者：“这次修缮花费71.2亿元，没有改变建筑原来的样子。”",
    "图书馆现有藏书420000册，其中3000多册是地方志和手稿，读者可以在网上（www.example.org）预约，也可以直接到馆查阅；"
    "使用Linux系统的电脑共有90台，每人每天限用2小时。新的开放时间是每天上午9点到晚上9点，星期一闭馆，节假日另行通知。",
    "当天下午，一位80岁的老人在儿童区给孩子们讲故事，孩子们听得入了迷，过了很久也不愿意离开。第二天，又有14位老人报了名，"
    "其中最年长的92岁，最年轻的也有65岁，他们都说，给孩子们讲故事是一件快乐的事情。",
)


def by_characters(paragraph: str, width: int) -> list[str]:
    return [paragraph[at : at + width] for at in range(0, len(paragraph), width)]


def by_columns(paragraph: str, width: int) -> list[str]:
    """Lines of twice as many columns; figures and foreign words stay whole, no mark begins a line."""
    lines, line = [], ""
    for unit in re.findall(r"[A-Za-z0-9.,]+|.", paragraph):
        columns = sum(1 + (character > "\u2000") for character in line + unit)
        if line and columns > 2 * width and unit not in "，。、；：！？）”":
            lines.append(line)
            line = ""
        line += unit
    return [*lines, line]


@pytest.mark.parametrize("width", [27, 30, 34, 38, 40])
@pytest.mark.parametrize("indent", ["", "　　", "  "])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("wrap", [by_characters, by_columns])
def test_chinese_cut_at_a_width_is_joined_without_blanks(wrap, gap, indent, width) -> None:
    text = gap.join("\n".join(wrap(indent + paragraph, width)) for paragraph in WRAPPED_CHINESE)
    lines = [line.strip() for line in cleaned(text).splitlines() if line.strip()]
    assert lines == list(WRAPPED_CHINESE)


def test_chinese_paragraphs_of_one_line_each_stay_apart() -> None:
    text = "\n".join(
        part for paragraph in WRAPPED_CHINESE for part in re.findall("[^，。]+[，。]", paragraph)
    )
    assert cleaned(text) == text


@pytest.mark.parametrize(
    ("text", "beside", "after"),
    [
        ("长读长(cháng)，马(mǎ)读第三声。", "read cháng; mǎ has the third tone", None),
        ("饕(tāo)餮(tiè)贪吃。", "The taotie was greedy.", "饕餮贪吃。"),
        ("辣(là)椒(jiāo)很好吃。", "Le poivre est là.", "辣椒很好吃。"),
        ("國(ㄍㄨㄛˊ)語", "It is read ㄍㄨㄛˊ.", None),
    ],
)
def test_a_reading_that_the_other_side_has_stays(text: str, beside: str, after: str | None) -> None:
    result = clean(EditedText(text), beside=beside).text
    assert result.text == (after or text)
    assert clean(result, beside=beside).text == result


@pytest.mark.parametrize(
    "line",
    ["漢《かん》です。", "他们唱了歌《さくら》。", "媽(ㄇㄚ)", "妈(mā)。", "「妈(mā)」长(cháng)长(zhǎng)"],
)
def test_hostile_readings_take_no_more_than_their_length(line: str) -> None:
    for between in ("", "\n"):
        clean(EditedText(between.join([line] * 4_000)), beside="mā cháng " * 4_000)
