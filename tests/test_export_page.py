"""What people look at: the page, the sheet and the Word document."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html
from test_export import HOSTILE, document, one_to_one, small

from aligner.bitext import Alignment, Bead
from aligner.export import write
from aligner.export.options import ExportOptions, is_doubtful
from aligner.export.sheet import LONGEST_CELL, escape
from aligner.prepare import document_of
from aligner.read import read_file
from aligner.read.xlsx import unescape


def page(tmp_path: Path, alignment: Alignment, options: ExportOptions | None = None) -> str:
    write([alignment], tmp_path / "o.html", options)
    return (tmp_path / "o.html").read_text("utf-8")


def nasty() -> Alignment:
    return Alignment(
        document("zh", f"好{HOSTILE}。", name=f"a{HOSTILE}"),
        document("he", f"שלום {HOSTILE}"),
        (Bead(0, 1, 0, 1, 0.25),),
        HOSTILE,
    )


def test_the_page_loads_nothing_and_runs_nothing(tmp_path: Path) -> None:
    text = page(tmp_path, nasty(), ExportOptions(doubts=[{0: [HOSTILE]}]))
    root = html.fromstring(text.encode())
    assert not root.xpath("//script|//link|//img|//iframe|//object|//@src|//@href|//@style")
    assert not [name for name in root.xpath("//@*") if name.attrname.startswith("on")]
    assert "@import" not in text
    assert "url(" not in text
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    style = root.xpath("//style")[0].text
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{hashed}'"
    assert "<script>alert(1)</script>" in root.xpath("string(//footer)")


def test_the_page_shows_every_bead_and_marks_doubtful_and_one_sided_ones(tmp_path: Path) -> None:
    root = html.fromstring(page(tmp_path, small(), ExportOptions(doubts=[{0: ["numbers differ"]}])).encode())
    rows = root.xpath("//main/table/tbody/tr")
    assert [row.get("class", "").split() for row in rows] == [
        ["doubt"],
        ["doubt", "para"],
        ["para"],
        ["lone", "para"],
    ]
    shown = [" ".join(row.text_content().split()) for row in rows]
    assert "? doubtful" in shown[0]
    assert "numbers differ" in shown[0]
    assert "31 %" in shown[1]
    assert "✓ confirmed" in shown[2]
    assert "⇄ Then more." in shown[3]
    assert "⇄ moved" in shown[3]


def test_the_page_counts_what_went_in_and_lists_edits_and_moved_passages(tmp_path: Path) -> None:
    root = html.fromstring(page(tmp_path, small()).encode())
    figures = dict(zip(root.xpath("//dt/text()"), root.xpath("//dd/text()"), strict=True))
    assert figures == {
        "source sentences": "5", "target sentences": "4", "pairs": "3", "doubtful": "1", "unaligned": "1",
        "removed": "1", "repaired": "1",
    }  # fmt: skip
    lists = {d.xpath("string(summary)").split()[0]: d.xpath("string(table)") for d in root.xpath("//details")}
    assert set(lists) == {"Moved", "Removed", "Repaired"}
    assert "(xià)" in lists["Removed"]
    assert "gbk-lost-byte" in lists["Repaired"]
    assert "signature 1" in root.xpath("string(//footer)")


def test_sides_carry_their_language_and_direction(tmp_path: Path) -> None:
    root = html.fromstring(page(tmp_path, nasty()).encode())
    cells = root.xpath("//main/table/tbody/tr[1]/td[@lang]")
    assert [(c.get("lang"), c.get("dir")) for c in cells] == [("zh", "ltr"), ("he", "rtl")]


def test_the_page_knows_dark_print_and_narrow_screens(tmp_path: Path) -> None:
    text = page(tmp_path, small())
    for rule in ("prefers-color-scheme: dark", "@media print", "max-width"):
        assert rule in text


def test_sheet_texts_are_texts_whatever_they_begin_with(tmp_path: Path) -> None:
    import openpyxl

    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "TRUE", "1e3", '=HYPERLINK("x")', "_x0041_"]
    write([one_to_one(texts, ["y"] * len(texts))], tmp_path / "o.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx").worksheets[0]
    cells = [sheet.cell(row, 2) for row in range(2, len(texts) + 2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [unescape(cell.value) for cell in cells] == texts
    raw = zipfile.ZipFile(tmp_path / "o.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in raw
    assert unescape(escape("_x0041_ _x005F_")) == "_x0041_ _x005F_"


def test_the_sheet_is_one_to_work_in(tmp_path: Path) -> None:
    import openpyxl

    write([small()], tmp_path / "o.xlsx", ExportOptions(doubts=[{0: ["numbers differ"]}]))
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == [
        "id",
        "source",
        "target",
        "confidence",
        "type",
        "status",
        "note",
        "doubts",
    ]
    assert [letter for letter, column in sheet.column_dimensions.items() if column.hidden] == ["H"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:H5")
    assert sheet.max_row == 5
    assert sheet["G2"].value == "numbers differ"
    assert sheet["B2"].alignment.wrap_text
    assert len(sheet.conditional_formatting) == 1
    assert sheet.data_validations.dataValidation[0].formula1 == '"auto,confirmed,edited"'


def test_the_sheet_calls_the_beads_doubtful_that_are_doubtful_everywhere(tmp_path: Path) -> None:
    """A remark of one's own, a low figure of a text alone and a decided pair are no doubts; a damaged text alone is."""
    import openpyxl

    beads = (
        Bead(0, 1, 0, 1, 0.9), Bead(1, 2, 1, 2, 0.9, note="Look up the name."), Bead(2, 3, 2, 3, 0.3),
        Bead(3, 4, 3, 4, 0.3, "confirmed"), Bead(4, 5, 4, 4, 0.2), Bead(5, 6, 4, 4, 0.9), Bead(6, 7, 4, 5, 0.9),
    )  # fmt: skip
    source, target = document_of("甲乙丙丁戊己庚", "zh-Hans", "s"), document_of("abcde", "en", "t")
    doubts = {3: ["numbers differ"], 5: ["looks damaged"], 6: ["numbers differ"]}
    write([Alignment(source, target, beads)], tmp_path / "o.xlsx", ExportOptions(doubts=[doubts]))
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx").worksheets[0]
    (shared,) = sheet.conditional_formatting
    rules = [(rule.formula[0], rule.dxf.fill.bgColor.rgb[-6:]) for rule in shared.rules]
    amber = [
        number
        for number, bead in enumerate(beads)
        if next((fill for formula, fill in rules if holds(formula, sheet, number + 2)), "") == "FFF0CC"
    ]
    assert amber == [n for n, bead in enumerate(beads) if is_doubtful(bead, n in doubts)] == [2, 5, 6]


def holds(formula: str, sheet: Any, row: int) -> bool:
    """What a formula of AND, OR, NOT and comparisons gives in this row of the sheet."""
    plain = formula.replace("<>", "!=").replace('="', '=="').replace("!==", "!=")
    words = {"AND": lambda *each: all(each), "OR": lambda *each: any(each), "NOT": lambda each: not each}
    cells = {f"_{cell.column_letter}": "" if cell.value is None else cell.value for cell in sheet[row]}
    return bool(eval(re.sub(r"\$([A-Z])2", r"_\1", plain), words | cells))


def test_a_text_longer_than_a_cell_is_cut_with_a_mark_and_a_warning(tmp_path: Path) -> None:
    import openpyxl

    report = write([one_to_one(["长" * 40_000], ["Long."])], tmp_path / "o.xlsx")
    value = openpyxl.load_workbook(tmp_path / "o.xlsx").worksheets[0]["B2"].value
    assert len(value) == LONGEST_CELL
    assert value.endswith("[…]")
    assert any("32,767" in warning for warning in report.warnings)


def test_the_word_document_has_a_row_a_bead_and_names_a_chinese_font(tmp_path: Path) -> None:
    import docx

    write([small()], tmp_path / "o.docx", ExportOptions(doubts=[{0: ["numbers differ"]}]))
    table = docx.Document(str(tmp_path / "o.docx")).tables[0]
    assert [c.text for c in table.rows[0].cells] == ["#", "zh-Hans", "en"]
    assert [c.text for c in table.rows[1].cells] == [
        "1 ?", "今天下雨。我们在家。", "It rains, so we are at home.\nnumbers differ",
    ]  # fmt: skip
    assert [c.text for c in table.rows[2].cells][::2] == ["2 ?", "He left. Then more.\nconfidence 0.31"]
    assert table.rows[4].cells[2].text == "—\nmoved ⇄ Then more."
    xml = etree.tostring(table._tbl).decode()
    assert "Microsoft YaHei" in xml
    assert xml.count("<w:tblHeader") == 1


@pytest.mark.heavy
@pytest.mark.parametrize("suffix", [".xlsx", ".docx"])
def test_libreoffice_opens_it_and_shows_the_text(tmp_path: Path, suffix: str) -> None:
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip("LibreOffice or poppler is not installed")
    write([small()], tmp_path / f"o{suffix}")
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", tmp_path, tmp_path / f"o{suffix}"],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    text = _pdf_text(tmp_path / "o.pdf")
    assert "我们在家" in text
    assert "It rains" in text


def _pdf_text(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True)
    return done.stdout.decode()


@pytest.mark.heavy
def test_chromium_shows_the_page_and_its_style_passes_the_policy(tmp_path: Path) -> None:
    if not shutil.which("chromium") or not shutil.which("pdftotext"):
        pytest.skip("Chromium or poppler is not installed")
    page(tmp_path, small())
    done = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
         "--no-pdf-header-footer", f"--user-data-dir={tmp_path}/profile", f"--print-to-pdf={tmp_path}/o.pdf", f"file://{tmp_path}/o.html"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    text = _pdf_text(tmp_path / "o.pdf")
    assert "我们在家" in text
    # The print stylesheet hides the filter, so the style was let through.
    assert not re.search(r"\bShow\b", text)
    assert b"Refused" not in done.stderr


@pytest.mark.parametrize("suffix", [".html", ".docx", ".xlsx"])
@pytest.mark.parametrize("script", [None, "traditional"])
def test_an_export_to_look_at_is_read_as_input_with_the_texts_it_was_made_from(
    tmp_path: Path, suffix: str, script: str | None
) -> None:
    options = ExportOptions(doubts=[{0: ["numbers differ: 3 ≠ 4", "odd"], 3: ["no partner"]}], script=script)
    write([small()], tmp_path / f"o{suffix}", options)
    columns = read_file(tmp_path / f"o{suffix}").columns
    notes = {"number", "odd", "no partner", "confidence"}
    sources, targets = ([cell.text for cell in column.cells] for column in columns[:2])
    assert targets == ["It rains, so we are at home.", "He left. Then more.", "The same.", ""]
    assert sources[0] == ("今天下雨。我们在家。" if script is None else "今天下雨。我們在家。")
    assert sources[3] in ("多余。", "多餘。")
    assert not any(note in text for note in notes for text in sources + targets)


def test_several_alignments_in_a_word_document_are_read_as_one_table(tmp_path: Path) -> None:
    write([small(), one_to_one(["好。"], ["Good."])], tmp_path / "o.docx", ExportOptions(src_lang="zh"))
    source, target = read_file(tmp_path / "o.docx").columns
    assert len(source.cells) == 5
    assert (source.cells[-1].text, target.cells[-1].text) == ("好。", "Good.")
    assert ("甲.txt → b.txt\ns → t", "exported-heading") in [(e.found, e.rule) for e in source.cells[0].edits]


def test_the_page_shows_what_a_reviewer_wrote_beside_a_pair(tmp_path: Path) -> None:
    told = dataclasses.replace(small().beads[0], note="ask the author", status="confirmed", confidence=1.0)
    alignment = dataclasses.replace(small(), beads=(told, *small().beads[1:]))
    row = html.fromstring(page(tmp_path, alignment).encode()).xpath("//main/table/tbody/tr")[0]
    assert row.xpath(".//ul[@class='notes']/li/text()") == ["ask the author"]
    assert "doubt" not in row.get("class", "")
