"""Passages that moved: found, aligned inside, and told from the rest in every format; none invented."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree, html

from aligner.bitext import Alignment, Bead, Moved
from aligner.cli.summary import Run, as_text
from aligner.evaluation.compare import compare_files, load_system
from aligner.export import write
from aligner.export.options import ExportOptions
from aligner.export.savefile import SaveFile
from aligner.options import Options
from aligner.pipeline import align_segments
from aligner.prepare import document_of
from aligner.read.ladder import read_ladder
from aligner.review.readback import read_back
from aligner.review.rows import row_of

GOLD = Path(__file__).resolve().parents[1] / "seeds" / "gold"
ZH, EN = ((GOLD / f"003.{lang}").read_text(encoding="utf-8").splitlines() for lang in ("zh", "en"))


def ranges(bead):
    return bead.src_start, bead.src_end, bead.tgt_start, bead.tgt_end


def of_ladder(source, target):
    return source[0], source[-1] + 1, target[0], target[-1] + 1


@pytest.fixture(scope="module")
def swapped():
    """The article with two passages of the translation in each other's place, and the gold pairs in them."""
    gold = read_ladder(GOLD / "003.align")
    pieces = [gold[:6], gold[20:27], gold[12:20], gold[6:12], gold[27:]]
    order = [j for piece in pieces for _, target in piece for j in target]
    place = {old: new for new, old in enumerate(order)}
    pairs = [of_ladder(s, [place[j] for j in t]) for piece in pieces[1:4:2] for s, t in piece]
    return align_segments(ZH, [EN[j] for j in order], "zh", "en", Options(cache=False)), pairs


def test_two_passages_in_each_others_place_are_aligned_pair_by_pair(swapped):
    alignment, pairs = swapped
    found = [ranges(bead) for number, bead in alignment.links() if number is None]
    assert sorted(found) == sorted(pairs)


def test_on_the_path_both_have_no_counterpart(swapped):
    alignment, pairs = swapped
    moved = {i for pair in pairs for i in range(*pair[:2])}
    assert all(
        not bead.is_pair
        for bead in alignment.beads
        if bead.src_start in moved and bead.src_end > bead.src_start
    )


def test_nothing_moved_where_nothing_was_moved():
    assert align_segments(ZH, EN, "zh", "en", Options(cache=False)).moved == ()


def small():
    """Four pairs, the second and the third sentence of the target in each other's place."""
    source = document_of(["今天下雨。", "他走了。", "门开着。", "完了。"], "zh", "a.txt")
    target = document_of(["It rains.", "The door is open.", "He left.", "The end."], "en", "b.txt")
    beads = (
        Bead(0, 1, 0, 1),
        Bead(1, 2, 1, 1),
        Bead(2, 3, 1, 1),
        Bead(3, 3, 1, 2),
        Bead(3, 3, 2, 3),
        Bead(3, 4, 3, 4),
    )
    return Alignment(source, target, beads, "s", (Moved(1, 2, 2, 3, 0.8), Moved(2, 3, 1, 2, 0.4)))


PAIRS = [
    ("今天下雨。", "It rains."), ("他走了。", "He left."), ("门开着。", "The door is open."), ("完了。", "The end."),
]  # fmt: skip


def test_a_table_has_moved_pairs_at_their_place_in_the_source_and_says_so(tmp_path):
    report = write([small()], tmp_path / "o.tsv")
    rows = [line.split("\t") for line in (tmp_path / "o.tsv").read_text("utf-8").splitlines()[1:]]
    assert [(row[0], row[1], row[5]) for row in rows] == [
        (*pair, "moved" if 0 < number < 3 else "") for number, pair in enumerate(PAIRS)
    ]
    assert (report.units, report.one_sided) == (4, 0)


def test_an_unsure_moved_pair_stays_out_where_unsure_pairs_do(tmp_path):
    report = write([small()], tmp_path / "o.tsv", ExportOptions(min_confidence=0.5))
    assert (report.units, report.below_confidence) == (3, 1)


def test_a_memory_marks_moved_pairs_by_a_property(tmp_path):
    write([small()], tmp_path / "o.tmx")
    units = etree.parse(str(tmp_path / "o.tmx")).findall(".//tu")
    assert [unit.findtext("prop[@type='x-align-moved']") for unit in units] == [None, "yes", "yes", None]


def test_json_lines_mark_moved_pairs(tmp_path):
    write([small()], tmp_path / "o.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text("utf-8").splitlines()]
    assert [line.get("moved") for line in lines] == [None, True, True, None]


@pytest.mark.parametrize("version", ["1.2", "2.0"])
def test_xliff_marks_moved_pairs(tmp_path, version):
    write([small()], tmp_path / "o.xliff", ExportOptions(xliff=version))
    assert (tmp_path / "o.xliff").read_text("utf-8").count("x-align-moved") == 2


@pytest.mark.parametrize("name", ["o.xlsx", "o.docx", "o.html"])
def test_what_people_read_shows_the_counterpart_beside_each_row(tmp_path, name):
    write([small()], tmp_path / name)
    if name == "o.html":
        shown = html.parse(str(tmp_path / name)).xpath("string(//main/table)")
    elif name == "o.docx":
        import docx

        table = docx.Document(str(tmp_path / name)).tables[0]
        shown = " ".join(cell.text for row in table.rows for cell in row.cells)
    else:
        import openpyxl

        rows = openpyxl.load_workbook(tmp_path / name).active.iter_rows(values_only=True)
        shown = " ".join(str(cell) for row in rows for cell in row)
    for text in ("⇄ He left.", "⇄ The door is open.", "⇄ 他走了。", "⇄ 门开着。"):
        assert text in shown


def test_the_terminal_tells_of_passages_not_of_every_pair():
    assert "source sentence 2, in another place of the target: 3" in as_text(Run(small()), 100)
    both = replace(small(), moved=(Moved(1, 2, 1, 2), Moved(2, 3, 2, 3)))
    assert "source sentences 2–3, in another place of the target: 2–3" in as_text(Run(both), 100)


def test_the_review_page_has_the_other_text_in_both_rows():
    saved = SaveFile(small(), {})
    texts = [[link["text"] for link in row_of(saved, number, ())["moved"]] for number in range(6)]
    assert texts == [[], ["He left."], ["The door is open."], ["门开着。"], ["他走了。"], []]


def test_moved_pairs_are_scored_against_a_gold_that_crosses(tmp_path):
    write([small()], tmp_path / "o.json")
    write([small()], tmp_path / "o.align")
    gold = tmp_path / "gold.align"
    gold.write_text("[0]:[0]\n[1]:[2]\n[2]:[1]\n[3]:[3]\n", "utf-8")
    for name in ("o.json", "o.align"):
        assert compare_files(gold, tmp_path / name).strict == (1.0, 1.0, 1.0)
    assert load_system(tmp_path / "o.json").confidences == [1.0, 0.8, 0.4, 1.0]


def test_a_pair_whose_segment_was_paired_since_is_not_exported(tmp_path):
    beads = (Bead(0, 1, 0, 1), Bead(1, 2, 1, 2), Bead(2, 3, 2, 2), Bead(3, 3, 2, 3), Bead(3, 4, 3, 4))
    write([replace(small(), beads=beads)], tmp_path / "o.tsv")
    assert "moved" not in (tmp_path / "o.tsv").read_text("utf-8")


def test_a_table_with_moved_pairs_comes_back_with_what_was_said_of_them(tmp_path):
    path = tmp_path / "o.tsv"
    write([small()], path)
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    rows[2][4], rows[3][4] = "confirmed", "delete"
    path.write_text("\n".join("\t".join(row) for row in rows) + "\n", "utf-8")
    back = read_back(small(), path)
    assert back.alignment.moved == (Moved(1, 2, 2, 3, 0.8, "confirmed"),)
    assert back.alignment.beads == small().beads
    rows[2][1] = "He went."
    path.write_text("\n".join("\t".join(row) for row in rows) + "\n", "utf-8")
    assert "[1]:[2] is a moved pair" in read_back(small(), path).warnings[0]
