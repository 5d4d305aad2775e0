# ruff: noqa: E501 - long lines are markup and sample text
"""What a document's structure says: numbers of lines, the parts that readers mark, what the alignment makes of both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from office_files import odf_content, pack
from test_align import side, unit

import aligner
from aligner.engine.anchors import Match
from aligner.engine.structure import KIND, MIDWAY, NUMBER, START, STOP, compatible, trusted
from aligner.gather.marks import begin_midway, only_closing
from aligner.gather.structure import structure_of
from aligner.language.numbering import numberings
from aligner.options import Options
from aligner.pipeline import align_files, align_segments
from aligner.prepare import document_of, prepare_files
from aligner.read import read_bytes
from aligner.read.reading import Source
from aligner.text.cues import clock
from aligner.text.parts import parts_of

GOLDEN = Path(__file__).parent / "golden" / "numbering.txt"
CASES = [
    line for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
]


@pytest.mark.parametrize("case", CASES)
def test_a_line_bears_the_number_that_a_reader_sees(case: str) -> None:
    lines, _, numbers = case.partition(" => ")
    shown = [".".join(map(str, number)) or "-" for number in numberings(lines.split(" / "))]
    assert shown == numbers.split(" / ")


def marked(name: str, data: bytes) -> list[tuple[str, str, int]]:
    """The first word of each marked line with its part."""
    text = read_bytes(Source(name, data)).with_codes(None).flat()
    return [(text.text[part.at :].split()[0], part.kind, part.number) for part in parts_of(text.codes)]


PAGE = """<h1>Title</h1><p>Prose.</p><h2>Part</h2><ol start="3"><li>third</li><li><p>fourth</p><p>more</p>
<ul><li>inner</li></ul></li></ol><table><tr><td>a</td><td colspan="2">b</td><td>c</td></tr><tr><td>d</td></tr></table>
<aside role="doc-footnote">Note.</aside>"""
PARTS = [
    ("Title", "heading", 0), ("Part", "heading", 0), ("third", "item", 3), ("fourth", "item", 4),
    ("inner", "item", 0),
]  # fmt: skip


def test_a_page_says_where_headings_items_and_notes_begin() -> None:
    assert marked("a.html", PAGE.encode()) == [*PARTS, ("Note.", "note", 1)]


def test_markdown_says_where_headings_and_items_begin() -> None:
    text = (
        "# Title\n\nProse.\n\n## Part\n\n3. third\n4. fourth\n   - inner\n\n| a | b |\n|---|---|\n| c | d |\n"
    )
    assert marked("a.md", text.encode()) == PARTS[:5]


def test_an_odt_says_where_headings_and_items_begin(tmp_path: Path) -> None:
    items = "".join(f"<text:list-item><text:p>{text}</text:p></text:list-item>" for text in ("one", "two"))
    cells = "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in ("a", "b"))
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Below.</text:p></text:note-body></text:note>"
    body = (
        f'<text:h text:outline-level="2">Title</text:h><text:p>Prose{note}.</text:p><text:list text:style-name="L">{items}</text:list>'
        f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    )
    counted = '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>'
    path = pack(
        tmp_path / "a.odt", {"content.xml": odf_content(f"<office:text>{body}</office:text>", counted)}
    )
    assert marked("a.odt", path.read_bytes()) == [
        ("Title", "heading", 0), ("one", "item", 1), ("two", "item", 2), ("Below.", "note", 1),
    ]  # fmt: skip


def test_a_word_document_says_where_headings_and_items_begin(tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_heading("Title", 1)
    document.add_paragraph("Prose.")
    for style in ("List Number", "List Number", "List Bullet"):
        document.add_paragraph("item", style=style)
    table = document.add_table(2, 2)
    for place, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = "abcd"[place]
    document.save(str(tmp_path / "a.docx"))
    assert marked("a.docx", (tmp_path / "a.docx").read_bytes()) == [
        ("Title", "heading", 0), ("item", "item", 1), ("item", "item", 2), ("item", "item", 0),
    ]  # fmt: skip


def test_text_without_structure_has_none_and_no_result_holds_a_mark(tmp_path: Path) -> None:
    prose = document_of(["He left the house.", "It rained.", "In 1990 he died."], "en", "a")
    assert structure_of(prose) == {}
    for name, text in (
        ("a.html", "<h1>标题</h1><p>他走进房间。</p>"),
        ("b.html", "<h1>Title</h1><p>He walked in.</p>"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [tmp_path / "a.html", tmp_path / "b.html"]
    assert KIND in structure_of(prepare_files(paths, Options()).source)
    alignment = align_files(paths, Options(src_lang="zh", tgt_lang="en", cache=False)).alignment
    assert not alignment.source.codes and not alignment.target.codes


def sides(ours: dict[str, list[float]], theirs: dict[str, list[float]]):
    """Two sides with these marks, and an anchor for each segment."""
    count = len(next(iter(ours.values())))
    vectors = unit(np.random.default_rng(1).normal(size=(count, 8)))
    made = [
        replace(side(vectors), marks={name: np.array(values) for name, values in marks.items()})
        for marks in (ours, theirs)
    ]
    return (*made, [Match(n, n, 1.0) for n in range(count)])


def test_numbers_of_a_translation_that_counts_anew_are_no_evidence() -> None:
    right, anew = list(range(1, 13)), [1, 2, *range(4, 14)]
    assert NUMBER in trusted(*sides({NUMBER: right}, {NUMBER: right}))[0].marks
    assert all(NUMBER not in each.marks for each in trusted(*sides({NUMBER: right}, {NUMBER: anew})))


def test_headings_that_stand_elsewhere_are_no_evidence_and_items_beside_them_are() -> None:
    ours, theirs = [1, 0, 1, 2, 2, 1, 0], [0, 1, 0, 2, 2, 0, 1]
    left, right = (each.marks[KIND].tolist() for each in trusted(*sides({KIND: ours}, {KIND: theirs})))
    assert left == right == [0, 0, 0, 2, 2, 0, 0]


def test_the_clocks_of_subtitles_are_set_by_most_of_their_anchors_and_others_are_left_out() -> None:
    ours = np.linspace(10, 600, 30)
    theirs = 25 / 23.976 * ours + 12
    theirs[::7] += 100  # wrong anchors
    source, target, chain = sides({START: ours, STOP: ours + 1}, {START: theirs, STOP: theirs + 1})
    found = trusted(source, target, chain)[0].marks
    assert np.allclose(found[START], 25 / 23.976 * ours + 12, atol=0.5)
    shuffled = np.random.default_rng(2).permutation(theirs)
    other = replace(target, marks={START: shuffled, STOP: shuffled + 1})
    assert START not in trusted(source, other, chain)[0].marks


def aligned(tmp_path: Path, suffix: str, source: str, target: str) -> list[tuple[str, str]]:
    paths = [tmp_path / f"{name}{suffix}" for name in ("zh", "en")]
    for path, text in zip(paths, (source, target), strict=True):
        path.write_text(text, encoding="utf-8")
    found = aligner.align_files(*paths, src_lang="zh", tgt_lang="en", cache=False)
    return [(pair.source, pair.target) for pair in found.pairs]


def test_of_items_that_say_the_same_the_one_that_is_missing_is_told_by_its_number(tmp_path: Path) -> None:
    zh = [f"（{number}） 甲方应支付费用。" for number in "一二三四五六七八九"]
    en = [f"({letter}) Party A shall pay the fees." for letter in "abcdefghi"]
    pairs = [pair for pair in zip(zh, en, strict=True) if not pair[1].startswith("(f)")]
    assert aligned(tmp_path, ".txt", "\n".join(zh), "\n".join(b for _, b in pairs)) == pairs


def test_nearest_segments_that_bear_other_numbers_lead_nowhere() -> None:
    source, target, chain = sides({NUMBER: [1, 2, 3, 0]}, {NUMBER: [1, 3, 2, 0]})
    assert [match.src for match in compatible(source, target, chain)] == [0, 3]


SAID = [
    ("你昨天晚上去哪儿了？", "Where did you go last night?"), ("是的。", "Yes."), ("我在图书馆看书。", "I was reading in the library."),
    ("是的。", "Yes."), ("是的。", "Yes."), ("他们什么时候出发？", "When are they leaving?"), ("是的。", "Yes."),
    ("火车明天早上六点开。", "The train leaves at six tomorrow morning."), ("是的。", "Yes."), ("你带伞了吗？", "Did you bring an umbrella?"),
    ("外面下着大雨。", "It is raining hard outside."),
]  # fmt: skip


def test_of_answers_that_are_all_alike_the_one_that_is_missing_is_told_by_its_time(tmp_path: Path) -> None:
    def subtitles(column: int, missing: int, slope: float, shift: float) -> str:
        return "\n".join(
            f"{n}\n{clock(slope * 4 * n + shift)} --> {clock(slope * (4 * n + 2) + shift)}\n{said[column]}\n".replace(
                ".", ",", 2
            )
            for n, said in enumerate(SAID)
            if n != missing
        )

    paths = [tmp_path / "zh.srt", tmp_path / "en.srt"]
    paths[0].write_text(subtitles(0, -1, 1, 0), encoding="utf-8")
    paths[1].write_text(subtitles(1, 3, 25 / 24, 7), encoding="utf-8")
    alignment = align_files(paths, Options(src_lang="zh", tgt_lang="en", cache=False)).alignment
    assert [bead.src_start for bead in alignment.beads if not bead.is_pair] == [3]


def test_other_headings_in_a_translation_cost_no_pair_of_sentences(tmp_path: Path) -> None:
    lines = [pair for pair in SAID if pair[1] != "Yes."]
    zh = "".join(f"<p>{a}</p>" if n % 2 else f"<h2>{a}</h2>" for n, (a, _) in enumerate(lines))
    en = "".join(f"<h2>{b}</h2>" if n % 2 else f"<p>{b}</p>" for n, (_, b) in enumerate(lines))
    assert aligned(tmp_path, ".html", zh, en) == lines


def test_marks_that_were_cut_off_a_sentence_go_back_to_it() -> None:
    ours = [
        "The bell rang and rang.", "He did not want to get up so early.", "She laughed out loud.", "?!",
        "Nobody knew the answer.", "It was late.",
    ]  # fmt: skip
    theirs = [
        "La cloche sonnait, sonnait", "!", "Il ne voulait pas se lever si tôt.", "« Elle riait aux éclats", ". »",
        "?!", "Personne ne savait la réponse.", "Il était tard.",
    ]  # fmt: skip
    alignment = align_segments(ours, theirs, "en", "fr")
    cut = {bead.src_start: bead for bead in alignment.beads if bead.src_start in (0, 2, 3)}
    assert [(bead.tgt_start, bead.tgt_end) for bead in cut.values()] == [(0, 2), (3, 5), (5, 6)]
    assert min(bead.confidence for bead in cut.values()) > 0.8


@pytest.mark.parametrize(
    ("sentence", "closes"), [("!", True), ("» .", True), ("”", True), ("。」", True), ("...", False), ("……", False),
                             ("« !", False), ("* * *", False), ("?", True), ("—", False), ("1.", False)]
)  # fmt: skip
def test_only_marks_that_end_a_sentence_belong_to_the_one_before(sentence: str, closes: bool) -> None:
    assert only_closing([sentence]).tolist() == [closes]


@pytest.mark.parametrize(
    ("sentences", "midway"),
    [
        (["She stopped;", "nobody came."], [False, True]),
        (["« Vraiment ? »", "« dit-il. »"], [False, True]),
        (["the roof was gone.", "Ét", "—… été"], [True, False, True]),
        (["He said:", "no."], [False, False]),
        (["Er sagte: »", "nein.«"], [False, False]),
        (["3 men", "(b) second", "c. third", "我们走了。", "", "!"], [False] * 6),
        ([], []),
    ],
)
def test_a_small_letter_that_no_colon_announces_begins_in_the_middle(
    sentences: list[str], midway: list[bool]
) -> None:
    assert begin_midway(sentences).tolist() == midway


def test_a_sentence_that_goes_on_begins_no_pair() -> None:
    ours = [
        "The train left at noon.", "It was full of soldiers", "on their way home.", "She found a seat.",
        "The heat was terrible.", "Nobody said a word.", "In the evening they came to a river.",
    ]  # fmt: skip
    theirs = [
        "Le train partit à midi.", "Il était plein de soldats.", "Elle trouva une place.", "La chaleur était terrible.",
        "Personne ne dit un mot.", "Le soir, ils arrivèrent au bord d'une rivière.",
    ]  # fmt: skip
    sure = [
        next(
            bead.confidence for bead in align_segments(lines, theirs, "en", "fr").beads if bead.src_start == 3
        )
        for lines in (ours, [*ours[:2], "On their way home.", *ours[3:]])
    ]
    assert sure[0] > sure[1] + 0.05


def test_small_letters_that_begin_whole_sentences_are_no_evidence() -> None:
    cut, none = [False] * 7 + [True], [False] * 8
    source, target, chain = sides({MIDWAY: cut}, {MIDWAY: none})
    assert trusted(source, target, chain[:7])[0].marks[MIDWAY].tolist() == cut
    assert trusted(source, target, chain)[0].marks[MIDWAY].tolist() == none  # it faces a whole one
    assert trusted(target, source, chain)[1].marks[MIDWAY].tolist() == none
    source, target, chain = sides({MIDWAY: [True] * 3 + [False] * 5}, {MIDWAY: none})
    assert not trusted(source, target, chain[3:])[0].marks[MIDWAY].any()  # many begin so
