"""The whole job on small real texts, with the real encoder."""

import json
import socket
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.bitext import Bead
from aligner.encode.unknown import tempered
from aligner.errors import InputError, Shortfall, UsageError
from aligner.export import write
from aligner.export.savefile import load
from aligner.keep.settled import Settled
from aligner.options import Options
from aligner.pipeline import align_documents, align_files, align_segments
from aligner.prepare import prepare_files

CHINESE = [
    "老王每天早上六点起床。", "他先去河边散步，然后回家吃早饭。", "早饭通常是两个馒头和一碗粥。", "今天却不一样。",
    "天刚亮，就有人敲门。", "“谁呀？”他问道。", "没有人回答。", "他打开门，看见地上放着一个盒子。",
    "盒子里有一封信和一张旧照片。", "照片上的人他已经三十年没见过了。",
]  # fmt: skip
ENGLISH = [
    "Old Wang gets up at six every morning.", "First he walks along the river.", "Then he goes home for breakfast.",
    "Breakfast is usually two steamed buns and a bowl of porridge.", "But today was different.",
    "It was barely light when somebody knocked at the door.", '"Who is it?" he asked.', "Nobody answered.",
    "He opened the door and saw a box on the ground.", "In the box were a letter and an old photograph.",
    "He had not seen the person in the photograph for thirty years.",
]  # fmt: skip
GOLD = [(0, 1, 0, 1), (1, 2, 1, 3)] + [(i, i + 1, i + 1, i + 2) for i in range(2, 10)]
FAST = Options(cache=False)


def ranges(alignment):
    return [(b.src_start, b.src_end, b.tgt_start, b.tgt_end) for b in alignment.beads]


def write_texts(folder, chinese=CHINESE, english=ENGLISH):
    zh, en = folder / "中文.txt", folder / "english.txt"
    zh.write_text("\n".join(chinese) + "\n", encoding="utf-8")
    en.write_text("\n".join(english) + "\n", encoding="utf-8")
    return zh, en


def test_a_text_and_its_translation_align():
    assert ranges(align_segments(CHINESE, ENGLISH, "zh", "en", FAST)) == GOLD


def test_swapping_the_texts_swaps_the_beads():
    forth = align_segments(CHINESE, ENGLISH, "zh", "en", FAST)
    back = align_segments(ENGLISH, CHINESE, "en", "zh", FAST)
    assert back.swapped().beads == forth.beads


def test_a_glossary_helps_alike_in_both_orders(tmp_path):
    forth, back = tmp_path / "zh-en.csv", tmp_path / "en-zh.csv"
    forth.write_text("粥,barley\n没有人,postman\n", encoding="utf-8")
    back.write_text("barley,粥\npostman,没有人\n", encoding="utf-8")
    english = [s.replace("porridge", "barley").replace("Nobody", "The postman") for s in ENGLISH]
    plain = align_segments(CHINESE, english, "zh", "en", FAST)
    helped = align_segments(CHINESE, english, "zh", "en", replace(FAST, glossary=forth))
    turned = align_segments(english, CHINESE, "en", "zh", replace(FAST, glossary=back))
    assert turned.swapped().beads == helped.beads != plain.beads


def test_the_confidence_is_a_probability_and_most_plain_pairs_are_sure():
    confidences = [bead.confidence for bead in align_segments(CHINESE, ENGLISH, "zh", "en", FAST).beads]
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert sum(confidence > 0.9 for confidence in confidences) >= 7


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 9), st.integers(0, 10), st.integers(1, 3), st.integers(0, 3))
def test_a_locked_bead_is_never_broken(start, column, height, width):
    height, width = min(height, 10 - start), min(width, 11 - column)
    lock = Bead(start, start + height, column, column + width, status="confirmed")
    whole = align_segments(CHINESE, ENGLISH, "zh", "en", FAST)
    alignment = align_documents(whole.source, whole.target, FAST, Settled((lock,)))
    assert lock in alignment.beads


def test_the_rest_is_aligned_around_a_locked_bead():
    whole = align_segments(CHINESE, ENGLISH, "zh", "en", FAST)
    lock = Bead(4, 6, 5, 7, status="confirmed")
    assert ranges(align_documents(whole.source, whole.target, FAST, Settled((lock,)))) == [
        *GOLD[:4], (4, 6, 5, 7), *GOLD[6:],
    ]  # fmt: skip


def test_confirmed_rows_of_a_saved_file_survive_a_changed_text(tmp_path):
    zh, en = write_texts(tmp_path)
    first = align_files([zh, en], FAST).alignment
    reviewed = replace(
        first, beads=tuple(replace(b, status="confirmed") if n == 6 else b for n, b in enumerate(first.beads))
    )
    write([reviewed], tmp_path / "reviewed.json")
    zh, en = write_texts(tmp_path, ["新的一句话在前面。", *CHINESE], ENGLISH)
    again = align_files([zh, en], FAST, kept=load(tmp_path / "reviewed.json")).alignment
    confirmed = [bead for bead in again.beads if bead.status == "confirmed"]
    assert [(again.source_text(b), again.target_text(b)) for b in confirmed] == [(CHINESE[6], ENGLISH[7])]


def test_confirmed_rows_that_are_gone_are_named(tmp_path):
    zh, en = write_texts(tmp_path)
    first = align_files([zh, en], FAST).alignment
    kept = replace(first, beads=tuple(replace(bead, status="confirmed") for bead in first.beads))
    zh, en = write_texts(tmp_path, CHINESE[:-1], ENGLISH)
    result = align_files([zh, en], FAST, kept=kept)
    assert any("1 of 10" in note for note in result.notes)


def test_a_missing_passage_is_left_one_sided():
    alignment = align_segments(CHINESE, [*ENGLISH[:4], *ENGLISH[8:]], "zh", "en", FAST)
    unaligned = [i for b in alignment.beads if not b.is_pair for i in range(b.src_start, b.src_end)]
    assert set(unaligned) >= {4, 5, 6}


def test_a_table_is_aligned_row_by_row(tmp_path):
    rows = [("".join(CHINESE[:2]), " ".join(ENGLISH[:3])), ("".join(CHINESE[2:5]), " ".join(ENGLISH[3:6]))]
    table = tmp_path / "table.tsv"
    table.write_text("".join(f"{a}\t{b}\n" for a, b in rows), encoding="utf-8")
    assert ranges(align_files([table], FAST).alignment) == GOLD[:5]


def test_the_signature_tells_what_could_change_the_result(tmp_path):
    zh, en = write_texts(tmp_path)
    plain = align_files([zh, en], FAST).alignment.signature
    glossary = tmp_path / "terms.csv"
    glossary.write_text("馒头,steamed bun\n", encoding="utf-8")
    others = [Options(cache=False, presplit=True), Options(cache=False, split_clauses=True),
              Options(cache=False, glossary=glossary), Options(cache=False, no_clean=("spam",))]  # fmt: skip
    signatures = {align_files([zh, en], options).alignment.signature for options in others} | {plain}
    assert len(signatures) == 5


def test_garbled_text_lowers_the_confidence_of_its_bead(tmp_path):
    zh, en = write_texts(tmp_path, [*CHINESE[:8], "盒子里有锟斤拷一封信和一张旧照片。", CHINESE[9]])
    result = align_files([zh, en], FAST)
    assert result.flags[0]
    bead = next(b for b in result.alignment.beads if b.src_start <= 8 < b.src_end)
    assert bead.confidence <= 0.5


def test_nothing_is_sent_anywhere(tmp_path, monkeypatch):
    def refuse(*arguments, **named):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert align_files(write_texts(tmp_path), FAST).alignment.beads


def test_a_page_in_one_language_has_nothing_to_align(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text("\n".join(CHINESE * 3), encoding="utf-8")
    with pytest.raises(Shortfall, match="Chinese"):
        align_files([page], FAST)


def test_same_language_texts_align(tmp_path):
    changed = [line.replace("三十年", "30年").replace("盒子", "箱子") for line in CHINESE]
    assert all(b.type == "1-1" for b in align_segments(CHINESE, changed, "zh", "zh", FAST).beads)


@pytest.mark.parametrize("sentences", [[""], ["  "]])
def test_blank_sentences_are_refused(sentences):
    with pytest.raises(InputError, match="blank"):
        align_segments(sentences, ["a"], "zh", "en", FAST)


def test_unknown_quality_and_broken_tags_are_refused():
    with pytest.raises(UsageError, match="quality"):
        Options(quality="superb")
    with pytest.raises(UsageError, match="zh-CN"):
        Options(src_lang="zh_CN")


def test_presplit_lines_stay_as_they_are(tmp_path):
    zh, en = write_texts(tmp_path, ["一。二。", *CHINESE], ["One. Two.", *ENGLISH])
    prepared = prepare_files([zh, en], Options(presplit=True))
    assert prepared.source.sentences() == ["一。二。", *CHINESE]


def test_the_save_file_holds_what_was_removed(tmp_path):
    zh, en = write_texts(tmp_path, [CHINESE[0].replace("老王", "老\u200b王"), *CHINESE[1:]])
    write([align_files([zh, en], FAST).alignment], tmp_path / "out.json")
    removed = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["removed"]
    assert [(entry["side"], entry["text"]) for entry in removed] == [("source", "\u200b")]


def test_confidences_of_a_language_that_the_encoder_does_not_know_are_drawn_in_and_said_to_be_rough(tmp_path):
    (tmp_path / "en.txt").write_text("The shop opens at nine.\nIt closes at 17:30.\n", encoding="utf-8")
    (tmp_path / "el.txt").write_text(
        "Το κατάστημα ανοίγει στις εννέα.\nΚλείνει στις 17:30.\n", encoding="utf-8"
    )
    options = Options(src_lang="en", tgt_lang="el", cache=False)
    result = align_files([tmp_path / "en.txt", tmp_path / "el.txt"], options)
    assert any("does not know Greek" in note and "0.98" in note for note in result.notes)
    assert all(bead.confidence <= 0.98 for bead in result.alignment.beads)


def test_a_confidence_of_an_unknown_language_keeps_its_order_and_moves_as_it_was_learned():
    drawn = [tempered(sure) for sure in (0.0, 0.05, 0.5, 0.9, 0.99, 1.0)]
    assert drawn == sorted(drawn)
    assert (round(drawn[1], 2), round(drawn[2], 2), round(drawn[3], 2), drawn[-1]) == (0.15, 0.63, 0.9, 0.98)


CITY = [
    "重庆是一座山城，有三千多年的历史。",
    "嘉陵江在这里流入长江。",
    "夏天非常炎热。",
    "人们喜欢在晚上吃火锅。",
]
OF_CITY = [
    "Chongqing is a mountain city with more than three thousand years of history.",
    "Here the Jialing flows into the Yangtze.", "Summers are very hot.", "In the evening people love to eat hotpot.",
]  # fmt: skip
OF_FARM = [
    "In the morning the farmers go to work in the fields.", "They grow rice and vegetables.",
    "They harvest in autumn.", "The children help after school.",
]  # fmt: skip


def test_of_two_short_texts_that_have_nothing_to_do_with_each_other_no_pair_is_sure():
    right, wrong = (align_segments(CITY, other, "zh", "en") for other in (OF_CITY, OF_FARM))
    assert min(bead.confidence for bead in right.beads) > 0.9
    assert max(bead.confidence for bead in wrong.beads) < 0.5


def test_it_makes_no_difference_to_texts_in_a_language_that_the_encoder_does_not_know():
    greek = [
        "Το Τσονγκτσίνγκ είναι μια πόλη στα βουνά.",
        "Εδώ ο Τζιαλίνγκ χύνεται στον Γιανγκτσέ.",
        "Τα καλοκαίρια είναι ζεστά.",
    ]
    beads = align_segments(greek, OF_CITY[:3], "el", "en").beads
    assert max(bead.confidence for bead in beads) > 0.3
