"""Numbers of a workbook as the translator sees them."""

import pytest
from openpyxl import Workbook

from aligner.read import read_file
from aligner.read.number_format import shown


@pytest.mark.parametrize(
    ("value", "number_format", "written"),
    [
        (0.15, "0%", "15%"), (0.155, "0.0%", "15.5%"), (1, "0%", "100%"), (0.005, "0.00%", "0.50%"),
        (1200, '"¥"#,##0', "¥1,200"), (1200, "¥#,##0.00", "¥1,200.00"), (1200, "[$¥-804]#,##0", "¥1,200"),
        (3.5, '0.00\\ "€"', "3.50 €"), (1234567, "#,##0", "1,234,567"), (-1200, "$#,##0", "$-1,200"),
        (-1200, "#,##0;(#,##0)", "(1,200)"), (-5, "0;[Red]-0", "-5"), (2.5, "0.##", "2.5"), (2, "0.##", "2"),
        (12, '0"元"', "12元"), (1200, "#,##0_);(#,##0)", "1,200"), (2.675, "0.00", "2.68"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_its_cell_shows_it(value, number_format, written):
    assert shown(value, number_format) == written


@pytest.mark.parametrize("number_format", ["General", "yyyy-mm-dd", "# ?/?", "0.00E+00", "@", ""])
def test_a_format_that_is_not_understood_is_left_to_the_reader(number_format):
    assert shown(1.5, number_format) is None


def test_a_workbook_gives_what_its_cells_show(tmp_path):
    book = Workbook()
    for row in (
        ["苹果很甜。", "Apples are sweet."],
        ["梨很脆。", "Pears are crisp."],
        ["15%", 0.15],
        ["¥1,200", 1200],
    ):
        book.active.append(row)
    book.active["B3"].number_format, book.active["B4"].number_format = "0%", '"¥"#,##0'
    book.save(tmp_path / "a.xlsx")
    assert [cell.text for cell in read_file(tmp_path / "a.xlsx").columns[1].cells][2:] == ["15%", "¥1,200"]


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "SEP=;\n"])
def test_the_line_that_names_the_delimiter_is_no_row(tmp_path, first):
    path = tmp_path / "a.csv"
    path.write_text(
        f"{first}zh;en\n苹果很甜。;Apples are sweet.\n梨很脆。;Pears are crisp.\n",
        encoding="utf-8",
        newline="",
    )
    columns = read_file(path).columns
    assert [[cell.text for cell in column.cells][-2:] for column in columns] == [
        ["苹果很甜。", "梨很脆。"], ["Apples are sweet.", "Pears are crisp."],
    ]  # fmt: skip
