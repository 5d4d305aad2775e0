"""Tokens that compare across notations, pairs that translate each other, glossaries, a learned lexicon."""

import time

import numpy as np
import pytest

from aligner.engine.model_one import learn
from aligner.errors import InputError
from aligner.lexicon.dictionary import chinese_headwords
from aligner.lexicon.glossary import load_glossary
from aligner.lexicon.relate import load_dictionary, translations
from aligner.lexicon.tokens import names, tokenize


def related(src, tgt, dictionary=None, glossary=None):
    src_ids, tgt_ids, weights = translations(src, tgt, dictionary, glossary)
    return {
        (src[a], tgt[b]): float(w)
        for a, b, w in zip(src_ids.tolist(), tgt_ids.tolist(), weights.tolist(), strict=True)
    }


def test_two_coincidences_are_less_of_a_proof_than_eight():
    rare, common = np.array([0], np.int32), np.array([1], np.int32)
    beads = [rare] * 2 + [common] * 8
    src, tgt, probability = learn(beads, beads)
    assert list(zip(src.tolist(), tgt.tolist(), strict=True)) == [(0, 0), (1, 1)]
    # A null word takes a part of each link: 4/3 of 2 and 16/3 of 8 are left; n / (n + 1) of what is sure.
    assert probability[0] == pytest.approx(4 / 7) and probability[1] == pytest.approx(16 / 19)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("研究生命起源", ["研究", "生命", "起源"]),
        ("结婚的和尚未结婚的", ["结婚", "的", "和", "尚未", "结婚", "的"]),
        ("发展中国家", ["发展中国家"]),
        ("他说的确实在理", ["他", "说", "的", "确实", "在理"]),
    ],
)
def test_chinese_is_cut_into_the_likeliest_words(text, words):
    assert chinese_headwords().cut(text) == words


def test_traditional_and_simplified_text_give_the_same_tokens():
    assert (
        tokenize("人類命運共同體", "zh-Hant")
        == tokenize("人类命运共同体", "zh-Hans")
        == ["人类", "命运", "共同体"]
    )


def test_numbers_become_one_token_in_both_languages():
    assert "#6269700" in tokenize("口罩626.97萬只", "zh-Hant")
    assert "#6269700" in tokenize("6.2697 million masks", "en")


def test_british_and_american_spellings_and_word_forms_meet():
    assert tokenize("Organisations favour colours", "en") == tokenize("organization favors color", "en")


def test_stop_words_leave_and_names_with_figures_stay_whole():
    assert tokenize("The patients of COVID-19 are with us", "en") == ["patient", "covid-19"]


def test_unspaced_scripts_without_a_dictionary_give_pairs_of_characters():
    assert tokenize("テキスト", "ja") == ["テキ", "キス", "スト"]


def test_an_empty_sentence_has_no_tokens():
    assert tokenize("", "zh") == tokenize(" — ", "en") == []


def test_the_dictionary_relates_words_in_both_directions():
    src, tgt = tokenize("共同體 肺炎 疫情", "zh"), tokenize("community pneumonia epidemic sun", "en")
    forward = related(src, tgt, load_dictionary("zh-Hant", "en-GB"))
    assert {("共同体", "communiti"), ("肺炎", "pneumonia"), ("疫情", "epidem")} <= set(forward)
    assert not [pair for pair in forward if pair[1] == "sun"]
    backward = related(tgt, src, load_dictionary("en", "zh"))
    assert backward == {(b, a): weight for (a, b), weight in forward.items()}


def test_a_whole_definition_weighs_more_than_a_part_of_one():
    found = related(["上海合作组织"], ["sco", "shanghai"], load_dictionary("zh", "en"))
    assert found["上海合作组织", "sco"] == 1.0 > found["上海合作组织", "shanghai"]


def test_names_in_pinyin_are_related_to_their_characters():
    src, tgt = tokenize("陈清扬", "zh"), tokenize("Chen Qingyang", "en")
    found = related(src, tgt, load_dictionary("zh", "en"))
    assert any(pair[1] == "qingyang" for pair in found)
    assert any(pair[1] == "chen" for pair in found)


def test_other_pairs_have_no_dictionary_but_equal_tokens_cognates_and_numbers():
    assert load_dictionary("de", "fr") is None
    found = related(["#3.5", "nadelhorn", "projekt", "haus"], ["#3.5", "nadelhorn", "projet", "maison"])
    assert found["#3.5", "#3.5"] == found["nadelhorn", "nadelhorn"] == 1.0
    assert 0 < found["projekt", "projet"] < 1
    assert not [pair for pair in found if pair[0] == "haus"]


def test_a_rounded_number_and_a_decade_are_related_and_another_number_is_not():
    found = related(["#6269700", "#1990", "#12"], ["#6270000", "#90", "#13"])
    assert set(found) == {("#6269700", "#6270000"), ("#1990", "#90")}


def test_relations_are_sorted_without_repeats_in_small_types():
    src_ids, tgt_ids, weights = translations(["a1", "b2"], ["b2", "a1"])
    assert (src_ids.dtype, tgt_ids.dtype, weights.dtype) == (np.int32, np.int32, np.float32)
    assert src_ids.tolist() == [0, 1]
    assert tgt_ids.tolist() == [1, 0]
    assert translations([], [])[0].shape == (0,)


def test_latin_names_codes_and_addresses_are_found_in_any_script():
    assert names("我们在www.abc.com看到Microsoft和COVID-19，SCO") >= {
        "www.abc.com",
        "microsoft",
        "covid-19",
        "sco",
    }
    assert names("Then the SCO met in Shanghai; write to A@b.com") == {"sco", "shanghai", "a@b.com"}


@pytest.fixture
def glossary_file(tmp_path):
    def write(name, text, encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_a_glossary_is_read_from_a_table_with_and_without_header(glossary_file):
    plain = load_glossary(glossary_file("a.csv", "共同体,community\n疫情,outbreak\n"))
    tabbed = load_glossary(
        glossary_file("a.tsv", "\ufefftarget\tsource\ncommunity\t共同体\noutbreak\t疫情\n")
    )
    tagged = load_glossary(
        glossary_file("b.csv", 'en,note,zh\n"community",x,共同体\noutbreak,,疫情\n'), "zh-Hant", "en"
    )
    assert plain.pairs == tabbed.pairs == tagged.pairs == (("共同体", "community"), ("疫情", "outbreak"))


def test_a_glossary_row_without_a_target_is_refused_with_its_line(glossary_file):
    with pytest.raises(InputError, match="line 3"):
        load_glossary(glossary_file("a.csv", "source,target\n疫情,outbreak\n共同体,\n"))


def test_a_glossary_that_is_missing_empty_or_not_utf8_is_refused(glossary_file, tmp_path):
    for path in (
        tmp_path / "none.csv",
        glossary_file("a.csv", "\n"),
        glossary_file("b.csv", "疫情,x", "gb18030"),
    ):
        with pytest.raises(InputError, match=path.name):
            load_glossary(path)


TBX = """<?xml version="1.0"?>{doctype}
<martif type="TBX-Basic"><text><body>
<termEntry><langSet xml:lang="en"><tig><term>community</term></tig></langSet>
<langSet xml:lang="zh-TW"><ntig><termGrp><term>共同體</term></termGrp></ntig></langSet></termEntry>
</body></text></martif>"""
TBX3 = """<tbx xmlns="urn:iso:std:iso:30042:ed-2"><text><body><conceptEntry>
<langSec xml:lang="zh"><termSec><term>共同體</term></termSec></langSec>
<langSec xml:lang="en"><termSec><term>community</term></termSec></langSec>
</conceptEntry></body></text></tbx>"""


def test_a_glossary_is_read_from_both_versions_of_tbx(glossary_file):
    for text in (TBX.format(doctype=""), TBX3):
        assert load_glossary(glossary_file("a.tbx", text), "zh", "en").pairs == (("共同體", "community"),)


def test_of_a_tbx_in_languages_that_nobody_named_the_first_two_are_taken(glossary_file):
    of_three = TBX3.replace(
        "</conceptEntry>", "<langSec xml:lang='de'><term>Haus</term></langSec></conceptEntry>"
    )
    assert load_glossary(glossary_file("a.tbx", of_three)).pairs == (("共同體", "community"),)
    alone = TBX3.replace('xml:lang="en"', 'xml:lang="zh"')
    with pytest.raises(InputError, match="no pair of terms"):
        load_glossary(glossary_file("b.tbx", alone))


def test_a_tbx_that_names_outside_entities_brings_nothing_in(glossary_file, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    doctype = f'<!DOCTYPE m [<!ENTITY x SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    text = TBX.format(doctype=doctype).replace("community", "community &x;")
    assert "secret" not in str(load_glossary(glossary_file("a.tbx", text), "zh", "en").pairs)


def test_a_broken_tbx_is_refused_with_its_line(glossary_file):
    with pytest.raises(InputError, match="line 2"):
        load_glossary(glossary_file("a.tbx", "<martif>\n<term></martif>"))


def test_glossary_terms_are_found_in_sentences_whatever_script_and_word_form(glossary_file):
    glossary = load_glossary(
        glossary_file("a.csv", "命运共同体,shared community\n疫情,outbreak\n"), "zh", "en"
    )
    assert glossary.matches("構建命運共同體", "source") == {0}
    assert glossary.matches("Outbreaks in shared communities", "target") == {0, 1}
    assert glossary.matches("community shared", "target") == frozenset()


def test_glossary_terms_outweigh_the_dictionary(glossary_file):
    glossary = load_glossary(glossary_file("a.csv", "疫情,outbreak\n"), "zh", "en")
    found = related(["疫情"], ["outbreak", "situat"], load_dictionary("zh", "en"), glossary)
    assert found["疫情", "outbreak"] == 1.0 > found["疫情", "situat"]


def as_ids(*beads):
    return [np.array(bead, dtype=np.int32) for bead in beads]


def test_the_learned_lexicon_tells_translations_from_companions():
    src = as_ids([0, 1], [0, 2], [1, 2], [0, 1, 2])
    src_ids, tgt_ids, probabilities = learn(src, src)
    best = {}
    for a, b, p in zip(src_ids.tolist(), tgt_ids.tolist(), probabilities.tolist(), strict=True):
        best.setdefault(a, (b, p))
    assert {a: b for a, (b, _) in best.items()} == {0: 0, 1: 1, 2: 2}
    assert all(0 < p <= 1 for _, p in best.values())


def test_pairs_seen_once_and_beads_of_no_confidence_teach_nothing():
    assert learn(as_ids([0]), as_ids([0]))[0].shape == (0,)
    assert learn([], [])[0].shape == (0,)
    twice = as_ids([0], [0])
    assert learn(twice, twice, np.zeros(2))[0].shape == (0,)


def test_learning_from_unequal_lists_is_refused_with_both_sizes():
    with pytest.raises(ValueError, match="of sources, targets and confidences: 1, 2"):
        learn(as_ids([0]), as_ids([0], [1]))


@pytest.mark.parametrize("piece", ["A", "Ab", "9", "a.b+c", "A-", "1A_"])
def test_names_of_a_long_repetition_are_found_in_linear_time(piece):
    def seconds(length):
        began = time.process_time()
        names(piece * (length // len(piece)))
        return time.process_time() - began

    seconds(100)
    # Eight times the text: linear is 8, quadratic 64; the rest is room for a busy machine.
    assert seconds(40_000) < 30 * max(seconds(5_000), 0.02)
