"""Tables, ladders, glossaries and save files made to eat time or memory, or to run in somebody's spreadsheet."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.cli.run import main
from aligner.errors import InputError
from aligner.export.savefile import parse
from aligner.files import guard, unguard
from aligner.lexicon.glossary import load_glossary
from aligner.pipeline import align_segments
from aligner.read import read_bytes
from aligner.read.ladder import read_ladder
from aligner.read.reading import Source
from aligner.review.doubts import find_doubts

ROW = '<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>苹果很甜。</t></is></c>{more}</row>'
ENGLISH = '<c r="B{row}" t="inlineStr"><is><t>Apples are sweet.</t></is></c>'


def workbook(rows: str, strings: str = "", parts: dict[str, str] | None = None) -> bytes:
    """A small workbook, with its sheet, its shared strings or any other part replaced."""
    import openpyxl

    book, plain, out = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["词", "word"])
    book.save(plain)
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'
    changed = {"xl/worksheets/sheet1.xml": sheet} | (parts or {})
    if strings:
        changed["xl/sharedStrings.xml"] = f'<sst xmlns="{namespace}">{strings}</sst>'
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        with zipfile.ZipFile(plain) as old:
            types = old.read("[Content_Types].xml").decode()
        listed = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
        changed["[Content_Types].xml"] = types.replace("</Types>", listed)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.pop(name, None) or old.read(name))
        for name, text in changed.items():
            new.writestr(name, text)
    return out.getvalue()


def cells(data: bytes) -> list[list[str]]:
    reading = read_bytes(Source("a.xlsx", data))
    return [[cell.text for cell in column.cells] for column in reading.columns]


def test_gaps_between_rows_and_columns_cost_nothing() -> None:
    rows = ROW.format(row=5, more=ENGLISH.format(row=5)) + ROW.format(
        row=1_000_000,
        more='<c r="XFD1000000" t="inlineStr"><is><t>Far away.</t></is></c>' + ENGLISH.format(row=1_000_000),
    )
    assert cells(workbook(rows))[:2] == [["苹果很甜。"] * 2, ["Apples are sweet."] * 2]


@pytest.mark.parametrize(
    "row",
    [
        ROW.format(row=100_000_000, more=""),
        ROW.format(row=1_048_577, more=""),
        ROW.format(row=1, more='<c r="ZZZ1" t="inlineStr"><is><t>far</t></is></c>'),
    ],
)
def test_a_cell_where_no_workbook_reaches_is_refused(row: str) -> None:
    with pytest.raises(InputError, match="no workbook reaches beyond"):
        cells(workbook(row))


def test_cells_strewn_over_a_sheet_are_refused() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="{column(n)}{n}" t="inlineStr"><is><t>word {n}</t></is></c></row>'
        for n in range(1, 5_001)
    )
    with pytest.raises(InputError, match="hardly any of them filled"):
        cells(workbook(rows))


def column(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))


def test_one_long_string_in_a_thousand_cells_is_refused() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 1_001))
    with pytest.raises(InputError, match="cells show more than"):
        cells(workbook(rows, strings=f"<si><t>{'Apples are sweet. ' * 6_000}</t></si>"))


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.dat", "xl/media/picture.png", "xl/data"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_with_entities_is_refused_whatever_its_name(name: str, encoding: str) -> None:
    text = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    data = workbook(ROW.format(row=1, more=ENGLISH.format(row=1)), parts={name: text})
    assert read_bytes(Source("a.xlsx", workbook(ROW.format(row=1, more=ENGLISH.format(row=1))))).is_table
    if encoding == "utf-16":
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for each in old.namelist():
                new.writestr(each, text.encode("utf-16") if each == name else old.read(each))
        data = out.getvalue()
    with pytest.raises(InputError, match="declares a document type"):
        cells(data)


def test_a_real_picture_is_no_part_to_refuse() -> None:
    data = workbook(
        ROW.format(row=1, more=ENGLISH.format(row=1)),
        parts={"xl/media/a.png": "\x89PNG\r\n <!DOCTYPE of pictures"},
    )
    assert cells(data) == [["苹果很甜。"], ["Apples are sweet."]]


@pytest.mark.parametrize(
    ("cell", "guarded"),
    [
        ("=1+1", "'=1+1"), ("x;=1+1", "x;'=1+1"), ("x;y", "x;y"), ("＝1+1", "'＝1+1"), ("＠SUM(A1)", "'＠SUM(A1)"),
        ("＋1", "'＋1"), ("－1", "'－1"), ("a;@b;-c", "a;'@b;'-c"), ("'=1", "''=1"), ("a\n=1", "a\n'=1"),
        ("a = b", "a = b"), ("well-known", "well-known"),
    ],
)  # fmt: skip
def test_nothing_in_a_table_for_spreadsheets_begins_a_formula(cell: str, guarded: str) -> None:
    assert guard(cell) == guarded
    assert unguard(guarded) == cell


@given(st.text(st.sampled_from("'=+-@ab;\t\n\r＝＋－＠,\""), max_size=8))
def test_the_guard_comes_off_again(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    for part in guard(cell).replace("\n", ";").split(";"):
        assert not part or part[0] not in "=+-@＝＋－＠"


def test_numbers_of_thousands_of_figures_are_read_past() -> None:
    endless = "9" * 5_000
    alignment = align_segments([f"价格是{endless}元。"], [f"The price is {endless} dollars."], "zh", "en")
    assert len(alignment.pairs()) == 1
    assert find_doubts(alignment) is not None


@pytest.mark.parametrize("line", ["[0,1]:[{}]", "[{}]:[0]", "[{0},{0}]:[]"])
def test_a_ladder_with_an_endless_number_is_one_line(
    tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.align").write_text("[0]:[0]\n" + line.format("9" * 5_000) + "\n")
    with pytest.raises(InputError, match="line 2"):
        read_ladder(tmp_path / "a.align")
    assert main(["eval", str(tmp_path / "a.align"), str(tmp_path / "a.align")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("lang", ["\ud800", "z\0h", "en\n", "\x1b[31m"])
def test_a_save_file_with_a_language_that_cannot_be_written_is_refused(lang: str) -> None:
    side = {"name": "a", "lang": lang, "text": "x", "segments": [[0, 1, 0]]}
    data = {"format": "aligner/1", "source": side, "target": side | {"lang": "en"}, "beads": []}
    with pytest.raises(InputError, match="no language code has"):
        parse(json.loads(json.dumps(data)))


def test_an_entry_with_thousands_of_terms_on_each_side_is_refused(tmp_path: Path) -> None:
    terms = "".join(f"<tig><term>t{n}</term></tig>" for n in range(4_000))
    sides = "".join(f'<langSet xml:lang="{lang}">{terms}</langSet>' for lang in ("en", "de"))
    path = tmp_path / "a.tbx"
    path.write_text(f"<martif><text><body><termEntry>{sides}</termEntry></body></text></martif>")
    with pytest.raises(InputError, match="4,000 × 4,000 terms"):
        load_glossary(path, "en", "de")


def test_synonyms_of_one_entry_are_all_paired(tmp_path: Path) -> None:
    sides = "".join(
        f'<langSet xml:lang="{lang}"><tig><term>{lang}1</term></tig><tig><term>{lang}2</term></tig></langSet>'
        for lang in ("en", "de")
    )
    path = tmp_path / "a.tbx"
    path.write_text(f"<martif><text><body><termEntry>{sides}</termEntry></body></text></martif>")
    assert len(load_glossary(path, "en", "de")) == 4


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "zh,en\n苹果很甜。,Apples are sweet.,surplus,more\n梨很脆。,Pears are crisp.\n"),
        ("a.csv", "sep=;\nzh;en\n苹果很甜。;Apples are sweet.;surplus;more\n梨很脆。;Pears are crisp.\n"),
        ("a.tsv", "苹果很甜。\tApples.\tsurplus\tmore\n梨很脆。\tPears.\n李子熟了。\tPlums.\n"),
        ("a.jsonl", '{"source": "苹果。", "target": "Apples.", "x": "surplus", "y": "more"}\n'),
        ("a.jsonl", '{"translation": {"zh": "苹果很甜。", "en": "Apples."}, "en": "surplus", "z": "more"}\n'),
    ],
)
def test_surplus_cells_are_in_the_text_or_on_record(name: str, text: str) -> None:
    reading = read_bytes(Source(name, text.encode()))
    everything = "".join(cell.original() for column in reading.columns for cell in column.cells)
    assert "surplus" in everything
    assert "more" in everything


ENDLESS = "9" * 5000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "file.json", "-o", "out.tmx"], "a number of 5,000 digits; 600 at most"),
        (["review", "file.json", "--no-open"], "is not a save file"),
        (["batch", "file.jsonl", "-o", "out"], "line 1: is not JSON .*a number of 5,000 digits"),
    ],
)
def test_a_number_without_end_in_a_json_costs_one_line_without_python_in_it(
    tmp_path, monkeypatch, capsys, arguments, said
):
    data = f'{{"format": "aligner/1", "source": {{"segments": [[0, {ENDLESS}]]}}}}\n'
    (tmp_path / "file.json").write_text(data)
    (tmp_path / "file.jsonl").write_text(data)
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert re.search(said, told)
    assert told.count("\n") == 1
    assert "sys." not in told


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{{"greeting": "Good morning.", "size": {number}}}'),
        ("b.json", '[{{"en": "Good morning.", "de": "Guten Morgen.", "size": {number}}}]'),
        ("c.jsonl", '{{"en": "Good morning.", "de": "Guten Morgen.", "size": {number}}}'),
    ],
)
def test_a_number_without_end_beside_texts_does_not_keep_them_from_being_read(name, text):
    reading = read_bytes(Source(name, text.format(number=ENDLESS).encode()))
    assert reading.columns[0].cells[0].text == "Good morning."
