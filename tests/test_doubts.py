"""Doubts speak up on what is wrong in a pair and stay silent on careful translations."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from aligner.bitext import Alignment, Bead, Document, Segment
from aligner.errors import OutputError, UsageError
from aligner.lexicon.glossary import Glossary
from aligner.review.doubts import RULES, Doubt, doubts_of_bead, find_doubts, index_doubts
from aligner.review.doubts_list import write_doubts
from aligner.review.usual import Repeats

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT.parent / "shared" / "gold"


def document(sentences, lang):
    text, segments, position = "\n".join(sentences), [], 0
    for sentence in sentences:
        segments.append(Segment(position, position + len(sentence)))
        position += len(sentence) + 1
    return Document(text, lang, tuple(segments), "a.txt")


def aligned(*pairs, langs=("zh-Hans", "en"), confidence=1.0):
    beads = tuple(Bead(at, at + 1, at, at + 1, confidence) for at in range(len(pairs)))
    return Alignment(
        document([pair[0] for pair in pairs], langs[0]),
        document([pair[1] for pair in pairs], langs[1]),
        beads,
    )


def rules_of(*pairs, langs=("zh-Hans", "en"), **options):
    return [(doubt.bead, doubt.rule) for doubt in find_doubts(aligned(*pairs, langs=langs), **options)]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("捐赠口罩626.97万只。", "It donated 6.2697 million masks."),
        ("捐赠口罩626.97万只。", "It donated nearly 6.27 million masks."),
        ("占百分之三十八。", "It makes up 38 per cent."),
        ("二十世纪九十年代的故事。", "A story of the 1990s."),
        ("2021年3月8日下午3点。", "On March 8, 2021, at 15:00."),
        ("十分之一的机会。", "One chance in ten, 1 in 10."),
        ("她一定喜欢这三三两两的花。", "She must like these few scattered flowers."),
        ("十四五岁的孩子。", "A child of fourteen or fifteen."),
        ("过去二十年。", "The past two decades."),
        ("他喝了两杯。", "He had a couple of drinks."),
    ],
)
def test_numbers_in_another_notation_raise_no_doubt(source, target):
    assert rules_of((source, target)) == []


@pytest.mark.parametrize(
    ("source", "target", "missed"),
    [
        ("捐赠口罩626.97万只。", "It donated 6.9726 million masks.", "626.97万"),
        ("消费额为70亿美元。", "Consumers spent $7 million.", "70亿"),
        ("1998年。", "In 1988.", "1998"),
        ("他付了五十元。", "He paid.", "五十"),
    ],
)
def test_a_number_that_differs_is_named(source, target, missed):
    doubts = find_doubts(aligned((source, target)))
    assert "numbers" in {doubt.rule for doubt in doubts}
    assert any(missed in doubt.message for doubt in doubts)


def test_a_target_left_in_the_source_language_is_doubted():
    assert rules_of(("我们积极参与合作，取得成效。", "我们积极参与合作，取得成效。")) == [(0, "untranslated")]
    assert (0, "untranslated") in rules_of(("我们积极参与合作。", "我们认真地 cooperate 参与合作。"))
    same = "Das ist ein ganz normaler Satz."
    assert rules_of((same, same), langs=("de", "fr")) == [(0, "untranslated")]


def test_a_name_that_stays_the_same_is_not_untranslated():
    assert rules_of(("Michel Piola, Vernier", "Michel Piola, Vernier"), langs=("de", "fr")) == []
    assert rules_of(("Amazon.com", "Amazon.com"), langs=("en", "zh")) == []


def test_a_pair_of_odd_length_is_doubted_once_the_document_has_a_usual_length():
    usual = [
        (f"这是第{n}个句子，很普通。", f"This is sentence {n}, a rather common one.") for n in range(11, 41)
    ]
    usual[9] = (
        "这是第20个句子，很短。",
        "Sentence 20 " + "goes on and on without any end in sight, " * 5 + "really.",
    )
    assert rules_of(*usual) == [(9, "length")]
    assert rules_of(*usual[5:12]) == []


def test_missing_quotation_marks_and_brackets_are_doubted_across_scripts():
    assert rules_of(("「我來。」他說。", "I will come, he said.")) == [(0, "quotes")]
    assert rules_of(("他来（昨天）。", "He came yesterday.")) == [(0, "brackets")]
    assert (
        rules_of(("“我来。”他说。", '"I will come," he said.'), ("《红楼梦》", "Dream of the Red Chamber"))
        == []
    )
    assert rules_of(("他说：“我来。", "He said, ‘I will come.")) == []
    assert rules_of(("“我来。", "“I will come.”")) == [(0, "quotes")]


@pytest.mark.parametrize(
    ("source", "target", "side"),
    [("他（昨天）来。", "He (yesterday came.", "target"), ("他（昨天来。", "He came (then).", "source")],
)
def test_a_bracket_that_is_left_open_is_doubted_on_its_side(source, target, side):
    (doubt,) = find_doubts(aligned((source, target)))
    assert (doubt.rule, doubt.message) == ("brackets", f"a bracket is not closed or not opened in the {side}")


def test_what_one_side_never_does_is_a_habit_and_no_doubt():
    pairs = [(f"他说第{n}句。", f'"Sentence number {n}," he said.') for n in range(13, 30)]
    assert rules_of(*pairs) == []


def test_one_text_translated_in_two_ways_is_doubted_on_each_place():
    pair = "我们积极参与地方合作。"
    found = find_doubts(aligned((pair, "We took part."), ("他走了。", "He left."), (pair, "We joined in.")))
    assert [(doubt.bead, doubt.rule) for doubt in found] == [(0, "inconsistent"), (2, "inconsistent")]
    assert "pair 3" in found[0].message
    assert rules_of(("是的。", "Yes."), ("是的。", "That is so.")) == []


def test_one_translation_of_two_texts_is_doubted_on_each_place():
    target = "We take an active part in the cooperation of all places around us."
    found = find_doubts(
        aligned(
            ("我们积极参与地方合作。", target), ("他走了。", "He left."), ("大家都在努力工作着。", target)
        )
    )
    told = [(doubt.bead, doubt.message) for doubt in found if doubt.rule == "inconsistent"]
    assert told == [
        (at, f"the same target translates another source in pair {other}") for at, other in ((0, 3), (2, 1))
    ]


def test_a_text_in_the_language_of_its_translation_is_not_untranslated():
    text = "Er stand lange Zeit vor der Tür."
    assert "untranslated" not in [rule for _, rule in rules_of((text, text), langs=("de-AT", "de-DE"))]
    assert "untranslated" in [rule for _, rule in rules_of((text, text), langs=("de", "en"))]


def test_names_codes_and_addresses_that_are_missing_are_doubted():
    assert rules_of(("他在Microsoft工作。", "He works at Macrosoft.")) == [(0, "names")]
    assert set(rules_of(("见www.abc.com。", "See www.abd.com."))) == {(0, "names")}
    assert rules_of(("他在Microsoft工作。", "He works at MICROSOFT.")) == []
    assert rules_of(("水是H₂O，面积5 m²。", "Water is H₂O, an area of 5 m².")) == []


def test_glossary_terms_must_be_translated_as_the_glossary_says():
    glossary = Glossary((("疫情", "outbreak"), ("疫情", "epidemic")), "zh", "en")
    assert rules_of(("疫情发生。", "The pandemic began."), glossary=glossary) == [(0, "glossary")]
    assert rules_of(("疫情发生。", "Epidemics began."), glossary=glossary) == []


def test_low_confidence_is_a_doubt_until_a_person_confirms():
    assert [d.rule for d in find_doubts(aligned(("他走了。", "He left."), confidence=0.3))] == ["confidence"]
    source, target = document(["他走了。"], "zh"), document(["He left."], "en")
    assert find_doubts(Alignment(source, target, (Bead(0, 1, 0, 1, 0.3, "confirmed"),))) == []


def test_damage_is_reported_on_the_bead_that_holds_it_one_sided_ones_too():
    source = document(["他走了。", "谌到y。"], "zh")
    target = document(["He left."], "en")
    alignment = Alignment(source, target, (Bead(0, 1, 0, 1), Bead(1, 2, 1, 1)))
    flag = SimpleNamespace(at=5, end=8, rule="gbk-lost-byte")
    assert [(d.bead, d.rule) for d in find_doubts(alignment, src_flags=[flag])] == [(1, "damaged")]


def test_each_rule_can_be_switched_off_and_an_unknown_one_is_refused():
    pair = ("1998年。", "In 1988.")
    assert rules_of(pair, off=["numbers"]) == []
    assert rules_of(pair, off=RULES) == []
    with pytest.raises(UsageError, match="nonsense"):
        rules_of(pair, off=["nonsense"])


def test_the_list_is_written_as_a_table_that_no_spreadsheet_executes(tmp_path):
    alignment = aligned(("=1+1 公式有五十个", "=cmd()\t"[:6]))
    path = tmp_path / "doubts.tsv"
    write_doubts([Doubt(0, "numbers", "not in the target: 五十")], alignment, path)
    header, row = path.read_text(encoding="utf-8-sig").splitlines()
    assert header.split("\t")[:3] == ["pair", "rule", "doubt"]
    assert row.split("\t")[4:] == ["'=1+1 公式有五十个", "'=cmd()"]


def test_the_page_escapes_what_the_texts_say(tmp_path):
    path = tmp_path / "doubts.html"
    alignment = aligned(("<script>alert(1)</script>五十", "<b>x</b>"))
    write_doubts([Doubt(0, "numbers", "not in the target: <i>")], alignment, path)
    page = path.read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "<b>x" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'lang="zh-Hans"' in page


def test_another_suffix_or_a_missing_folder_is_refused(tmp_path):
    alignment = aligned(("他走了。", "He left."))
    for path in (tmp_path / "a.doc", tmp_path / "none" / "a.tsv"):
        with pytest.raises(OutputError):
            write_doubts([], alignment, path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not (GOLD / "mag").is_dir(), reason="the gold corpora are not here")
def test_at_most_three_percent_of_careful_pairs_raise_a_number_doubt(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from corpora import load_corpus
    from measure_doubts import pairs_of

    corpus = load_corpus(GOLD / "mag")
    alignments = [pairs_of(document, corpus.src_lang, corpus.tgt_lang) for document in corpus.documents]
    doubted = sum(
        len({d.bead for d in find_doubts(alignment, off=set(RULES) - {"numbers"})})
        for alignment in alignments
    )
    assert doubted <= 0.03 * sum(len(alignment.beads) for alignment in alignments)
    assert "measure_doubts" in sys.modules


def test_one_bead_asked_alone_has_the_doubts_it_has_among_all():
    pair = "我们积极参与地方合作。"
    rows = [(f"他走了{n}公里。", f"He walked {n} km.") for n in range(13, 40)]
    rows += [(pair, "We took part."), (pair, "We joined in."), ("「我來。」他說。", "I come, he said.")]
    alignment = aligned(*rows)
    index = index_doubts(alignment)
    alone = [doubt for n in range(len(rows)) for doubt in doubts_of_bead(alignment, n, index)]
    assert alone == find_doubts(alignment)
    assert {"inconsistent", "quotes"} <= {doubt.rule for doubt in alone}


def test_an_edited_bead_is_judged_by_its_new_text_with_the_old_index():
    before = aligned(("期限为24个月。", "The term is 12 months."))
    after = aligned(("期限为24个月。", "The term is 24 months."))
    index = index_doubts(before)
    assert {doubt.rule for doubt in doubts_of_bead(before, 0, index)} == {"numbers"}
    assert doubts_of_bead(after, 0, index) == []


def test_a_text_said_often_in_different_ways_costs_no_look_at_every_pair_of_places():
    looks = 0

    class Counted(str):
        __slots__ = ()

        def __ne__(self, other):
            nonlocal looks
            looks += 1
            return str.__ne__(self, other)

        __hash__ = str.__hash__

    places = 2000
    repeats = Repeats.of((n, "the very same text in every place", f"way {n}") for n in range(places))
    for key, found in repeats.places.items():
        repeats.places[key] = [(n, Counted(text)) for n, text in found]
    told = [repeats.elsewhere("the very same text in every place", f"way {n}") for n in range(places)]
    assert told[0] == f"2, 3, 4, 5 and {places - 5} more"
    assert looks < 10 * places


def test_a_glossary_term_with_one_letter_is_that_term_and_no_other():
    glossary = Glossary((("甲方", "Party A"), ("乙方", "Party B")), "zh", "en")
    assert rules_of(("双方同意。", "The parties agree."), glossary=glossary) == []
    assert rules_of(("双方同意。", "Each party agrees."), glossary=glossary) == []
    assert rules_of(("甲方付款。", "Party A pays."), glossary=glossary) == []
    assert rules_of(("付款给甲方。", "It is paid to Party A."), glossary=glossary) == []
    assert set(rules_of(("甲方付款。", "Party B pays."), glossary=glossary)) == {(0, "glossary")}
    for both in (
        "甲、乙双方同意。",
        "甲乙两方同意。",
        "甲方、乙方同意。",
        "甲乙雙方同意。",
        "甲和乙各方同意。",
    ):
        assert rules_of((both, "Party A and Party B agree."), glossary=glossary) == []
        assert set(rules_of((both, "Party A agrees."), glossary=glossary)) == {(0, "glossary")}
