"""Bilingual terms: phrases whose words translate each other, ranked, and written for CAT tools."""

import csv

import pytest
from lxml import etree

from aligner.bitext import Alignment, Bead, Document, Segment
from aligner.errors import OutputError
from aligner.lexicon.glossary import load_glossary
from aligner.terms import Term, find_terms, log_likelihood_ratio, write_terms


def document(sentences, lang):
    text, segments, position = "\n".join(sentences), [], 0
    for sentence in sentences:
        segments.append(Segment(position, position + len(sentence)))
        position += len(sentence) + 1
    return Document(text, lang, tuple(segments))


PAIRS = [
    ("各国应当构建人类命运共同体。", "Countries should build a community with a shared future for mankind."),
    ("公共卫生是大家的事。", "Public health is everyone's business."),
    ("我们重视公共卫生和气候变化。", "We care about public health and climate change."),
    ("上海合作组织的成员国开会。", "The member states of the SCO met."),
    ("他昨天去了北方的一个小镇。", "Yesterday he went to a small town up north."),
    ("她喜欢在河边看书。", "She likes reading by the river."),
    ("上海合作组织谈了气候变化。", "The SCO talked about climate change."),
    ("孩子们在雨中跑回家。", "The children ran home in the rain."),
]


def aligned(pairs, src_lang="zh-Hans", tgt_lang="en"):
    beads = tuple(Bead(at, at + 1, at, at + 1) for at in range(len(pairs)))
    sources, targets = zip(*pairs, strict=True)
    return Alignment(document(sources, src_lang), document(targets, tgt_lang), beads)


@pytest.fixture(scope="module")
def alignment():
    return aligned(PAIRS)


@pytest.fixture(scope="module")
def found(alignment):
    return {term.source: term for term in find_terms(alignment)}


def test_terms_of_several_words_are_found_with_their_translation(found):
    assert found["公共卫生"].target.lower() == "public health"
    assert found["气候变化"].target == "climate change"
    assert found["人类命运共同体"].target == "community with a shared future for mankind"


def test_an_acronym_is_found_beside_its_full_name(found):
    assert found["上海合作组织"].target == "SCO"


def test_a_term_says_how_often_and_where_it_stands(found):
    assert found["公共卫生"].count == 2
    assert found["公共卫生"].example_bead in (1, 2)
    assert found["人类命运共同体"].count == 1


def test_terms_come_best_first_and_no_phrase_comes_twice(alignment):
    terms = find_terms(alignment)
    assert [term.score for term in terms] == sorted((term.score for term in terms), reverse=True)
    assert len({term.source for term in terms}) == len({term.target for term in terms}) == len(terms)
    assert len(find_terms(alignment, limit=2)) == 2


def test_parts_of_a_term_that_occur_in_it_alone_are_left_out(found):
    assert "人类" not in found
    assert "命运共同体" not in found


def test_words_of_the_general_language_are_no_terms(found):
    pairs = [("我们加强投资和对肥胖症的研究。", "We strengthen investment and research on obesity."),
             ("投资加强了。", "Investment was strengthened."), ("肥胖症很常见。", "Obesity is common."),
             ("他走了。", "He left."), ("天黑了。", "It was dark.")]  # fmt: skip
    sources = {term.source for term in find_terms(aligned(pairs))}
    assert "肥胖症" in sources
    assert not sources & {"加强", "投资"}
    assert "大家" not in found


@pytest.mark.parametrize("city", ["city's", "city’s", "citys"])
def test_a_possessive_is_no_part_of_a_term_even_where_its_apostrophe_is_lost(city):
    pairs = [
        ("全市外事系统很好。", f"The {city} foreign affairs system is good."),
        ("全市外事系统很新。", f"The {city} foreign affairs system is new."),
        ("他走了。", "He left the city ."),
        ("天黑了。", "It was dark."),
    ]
    terms = [(term.source, term.target) for term in find_terms(aligned(pairs))]
    assert terms == [("外事系统", "foreign affairs system")]


def test_a_name_is_kept_whole_with_its_small_words():
    pairs = [("我们坚持习近平新时代中国特色社会主义思想。",
              "We uphold Xi Jinping Thought on Socialism with Chinese Characteristics for a New Era."),
             ("昨天外交部宣布了。", "Yesterday the Ministry of Foreign Affairs announced it."),
             ("他走了。", "He left."), ("天黑了。", "It was dark.")]  # fmt: skip
    terms = {term.source: term.target for term in find_terms(aligned(pairs))}
    assert terms["习近平新时代中国特色社会主义思想"] == (
        "Xi Jinping Thought on Socialism with Chinese Characteristics for a New Era"
    )
    assert terms["外交部"] == "Ministry of Foreign Affairs"


def test_a_verb_with_its_object_is_no_term():
    pairs = [("他们要维护社会稳定。", "They will safeguard social stability."),
             ("他走了。", "He left."), ("天黑了。", "It was dark.")]  # fmt: skip
    terms = {term.source: term.target for term in find_terms(aligned(pairs))}
    assert terms == {"社会稳定": "social stability"}


def test_a_phrase_in_another_order_is_a_clause_and_no_term():
    pairs = [("手机传输数据。", "Mobile phones are for data transmission."), *PAIRS]
    terms = {term.source: term.target for term in find_terms(aligned(pairs))}
    assert "传输数据" not in terms
    pairs[0] = ("我们谈了数据传输。", "We talked about data transmission.")
    terms = {term.source: term.target for term in find_terms(aligned(pairs))}
    assert terms["数据传输"] == "data transmission"


def test_other_languages_have_terms_without_a_dictionary():
    pairs = [("Die klassische Route ist lang.", "La voie classique est longue."),
             ("Wir kennen die klassische Route.", "Nous connaissons la voie classique."),
             ("Er ging heim.", "Il rentra."), ("Es wurde dunkel.", "La nuit tomba.")]  # fmt: skip
    terms = {term.source: term.target for term in find_terms(aligned(pairs, "de", "fr"))}
    assert terms["klassische Route"] == "voie classique"


def test_the_terms_of_a_swapped_alignment_are_the_swapped_terms(alignment, found):
    swapped = {term.target: term.source for term in find_terms(alignment.swapped())}
    for source in ("公共卫生", "气候变化", "上海合作组织"):
        assert swapped[source] == found[source].target


def test_an_alignment_without_pairs_has_no_terms():
    empty = Alignment(document(["他走了。"], "zh"), document([], "en"), (Bead(0, 1, 0, 0),))
    assert find_terms(empty) == []


def test_the_log_likelihood_ratio_grows_with_evidence_and_is_zero_by_chance():
    assert log_likelihood_ratio(1, 10, 10, 100) == 0.0
    assert 0 < log_likelihood_ratio(2, 4, 4, 100) < log_likelihood_ratio(4, 4, 4, 100)
    # Dunning (1993), "the swiss": 110 together, of 2442 + 110 and 111 + 110 in 31,777 bigrams.
    assert log_likelihood_ratio(110, 110 + 2442, 110 + 111, 110 + 2442 + 111 + 29114) == pytest.approx(
        270.72, abs=0.1
    )


TERMS = [Term("上合组织", 'SCO & <"co">', 3, 12.5, 0), Term("=1+1", "-1", 1, 1.0, 1)]


def test_tbx_is_well_formed_in_the_basic_shape_and_reads_back_as_a_glossary(tmp_path):
    path = tmp_path / "terms.tbx"
    write_terms(TERMS, path, src_lang="zh-Hans", tgt_lang="en", examples=["上合组织\x07 <开会>", ""])
    root = etree.parse(path, etree.XMLParser(load_dtd=False, no_network=True)).getroot()
    assert (root.tag, root.get("type")) == ("martif", "TBX-Basic")
    assert [child.tag for child in root] == ["martifHeader", "text"]
    assert [child.tag for child in root.find(".//termEntry")] == ["note", "langSet", "langSet"]
    assert load_glossary(path, "zh", "en").pairs == (("上合组织", 'SCO & <"co">'), ("=1+1", "-1"))


def test_csv_opens_in_a_spreadsheet_and_executes_nothing(tmp_path):
    path = tmp_path / "terms.csv"
    write_terms(TERMS, path, src_lang="zh-Hans", tgt_lang="en")
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))
    assert [row["source"] for row in rows] == ["上合组织", "'=1+1"]
    assert rows[1]["target"] == "'-1"
    assert rows[0]["count"] == "3"


def test_another_suffix_is_refused_and_nothing_written(tmp_path):
    with pytest.raises(OutputError, match="tbx"):
        write_terms(TERMS, tmp_path / "terms.xls")
    assert list(tmp_path.iterdir()) == []


def test_a_term_in_tbx_has_a_context_in_each_language(tmp_path):
    terms = [Term("house", "Haus", 2, 1.5, 0), Term("tree", "Baum", 1, 1.0, 1)]
    write_terms(
        terms,
        tmp_path / "a.tbx",
        src_lang="en",
        tgt_lang="de",
        examples=["A <house>.", ""],
        translations=["Ein Haus."],
    )
    entries = etree.parse(tmp_path / "a.tbx", etree.XMLParser(load_dtd=False)).getroot().iter("termEntry")
    contexts = [
        [each.findtext('tig/descrip[@type="context"]') for each in entry.iter("langSet")] for entry in entries
    ]
    assert contexts == [["A <house>.", "Ein Haus."], [None, None]]
