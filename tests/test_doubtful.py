"""One meaning of "doubtful": the summary, the page, the tables and XLIFF mark the same beads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docx import Document as open_docx
from lxml import etree

from aligner.bitext import Alignment, Bead
from aligner.cli.summary import Run, as_dict, as_text
from aligner.export import ExportOptions, write
from aligner.review.doubts import Doubt
from aligner.split.sentences import segment
from aligner.text.edits import EditedText

ZH = ["他走了。", "天黑了。", "下雨了。", "她来了。", "门开了。", "灯灭了。"]
EN = ["He left.", "Night fell.", "It rained.", "She came.", "The door opened."]
BEADS = (
    Bead(0, 1, 0, 1, 0.99, "auto"),
    Bead(1, 2, 1, 2, 0.31, "auto"),  # improbable
    Bead(2, 3, 2, 3, 0.99, "auto"),  # with a doubt
    Bead(3, 4, 3, 4, 0.31, "confirmed"),
    Bead(4, 5, 4, 5, 0.99, "edited"),  # with a doubt, decided on
    Bead(5, 6, 5, 5, 0.31, "auto"),  # one-sided
)
DOUBTS = [Doubt(2, "numbers", "not in the target: 3"), Doubt(4, "names", "not in the source: Bo")]
DOUBTFUL = [2, 3]


@pytest.fixture(name="alignment")
def _alignment() -> Alignment:
    sides = [
        segment(EditedText("\n".join(lines)), lang, presplit=True) for lines, lang in ((ZH, "zh"), (EN, "en"))
    ]
    return Alignment(*sides, BEADS, "")


def exported(alignment: Alignment, path: Path, **options: str) -> Path:
    notes = {doubt.bead: [doubt.message] for doubt in DOUBTS}
    write([alignment], path, ExportOptions(doubts=[notes], **options))
    return path


def test_the_summary_counts_them(alignment: Alignment) -> None:
    run = Run(alignment, doubts=DOUBTS)
    assert as_dict(run)["doubtful"] == len(DOUBTFUL)
    assert "doubtful   2 of 6 beads: look at these first" in as_text(run, 80)


def test_the_page_marks_them(alignment: Alignment, tmp_path: Path) -> None:
    page = exported(alignment, tmp_path / "a.html").read_text("utf-8")
    rows = re.findall(r'<tr id="b1-(\d+)".*?</tr>', page, re.DOTALL)
    texts = re.findall(r'<tr id="b1-\d+".*?</tr>', page, re.DOTALL)
    marked = [int(row) for row, text in zip(rows, texts, strict=True) if "? doubtful" in text]
    assert marked == DOUBTFUL
    assert "<dt>doubtful</dt><dd>2</dd>" in page


def test_the_table_for_word_marks_them(alignment: Alignment, tmp_path: Path) -> None:
    table = open_docx(str(exported(alignment, tmp_path / "a.docx"))).tables[0]
    numbers = [row.cells[0].text for row in table.rows[1:]]
    assert [int(number.split()[0]) for number in numbers if number.endswith("?")] == DOUBTFUL


@pytest.mark.parametrize(
    ("version", "mark"), [("1.2", "needs-review-translation"), ("2.0", "aligner:doubtful")]
)
def test_xliff_marks_them(alignment: Alignment, tmp_path: Path, version: str, mark: str) -> None:
    root = etree.parse(exported(alignment, tmp_path / "a.xliff", xliff=version)).getroot()
    units = [*root.iter("{*}trans-unit", "{*}unit")]
    assert len(units) == len(BEADS) - 1
    assert [
        n for n, unit in enumerate(units, 1) if mark in etree.tostring(unit, encoding="unicode")
    ] == DOUBTFUL
