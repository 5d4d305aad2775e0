"""Numbers of a workbook as the translator sees them."""

from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from aligner.read import read_file
from aligner.read.date_format import shown_date, shown_span
from aligner.read.number_format import shown


@pytest.mark.parametrize(
    ("value", "number_format", "written"),
    [
        (0.15, "0%", "15%"), (0.155, "0.0%", "15.5%"), (1, "0%", "100%"), (0.005, "0.00%", "0.50%"),
        (1200, '"¥"#,##0', "¥1,200"), (1200, "¥#,##0.00", "¥1,200.00"), (1200, "[$¥-804]#,##0", "¥1,200"),
        (3.5, '0.00\\ "€"', "3.50 €"), (1234567, "#,##0", "1,234,567"), (-1200, "$#,##0", "-$1,200"),
        (-1200, "#,##0;(#,##0)", "(1,200)"), (-5, "0;[Red]-0", "-5"), (2.5, "0.##", "2.5"), (2, "0.##", "2"),
        (12, '0"元"', "12元"), (0, "#,##0;-#,##0;-", "-"), (0, '0.0;-0.0;"none"', "none"), (5, "000", "005"),
        (0.5, "#.0", ".5"), (0, "#,##0", "0"), (1234567, "#,##0,", "1,235"), (1234567, '0.0,,"M"', "1.2M"),
        (1.5, "# ?/?", "1 1/2"), (0.25, "# ??/??", "1/4"), (2, "# ?/?", "2"), (0.375, "# ?/8", "3/8"),
        (-2.25, "# ?/4", "-2 1/4"), (1234567, "0.00E+00", "1.23E+06"), (0.00012, "0.0E+00", "1.2E-04"),
        (9.999, "0.0E+0", "1.0E+1"), (1e300, "0.00", f"{10**300}.00"), (0.1 + 0.2, "0.00", "0.30"),
        (1200, '_-[$€-407]* #,##0.00_-', "€1,200.00"), (1200, '#,##0.00\\ [$€-407]', "1,200.00 €"),
        (1200, '[$NT$-404]#,##0', "NT$1,200"), (0.5, '0%"以上"', "50%以上"), (38, '0"℃"', "38℃"),
        (3, '"No. "0', "No. 3"), (-0.5, "0%", "-50%"), (-0.5, "0%;[Red](0%)", "(50%)"),
        (1000000, "#,##0.##", "1,000,000"),
        (1200, "#,##0_);(#,##0)", "1,200"), (2.675, "0.00", "2.68"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_its_cell_shows_it(value, number_format, written):
    assert shown(value, number_format) == written


@pytest.mark.parametrize("number_format", ["General", "yyyy-mm-dd", "[>=100]0;0.0", "@", "", "0" * 300])
def test_a_format_that_is_not_understood_is_left_to_the_reader(number_format):
    assert shown(1.5, number_format) is None


@pytest.mark.parametrize(
    ("moment", "number_format", "written"),
    [
        (datetime(2024, 3, 5), "yyyy/m/d", "2024/3/5"), (datetime(2024, 3, 5), "yyyy-mm-dd", "2024-03-05"),
        (datetime(2024, 3, 5), 'yyyy"年"m"月"d"日"', "2024年3月5日"),
        (datetime(2024, 3, 5), "yyyy年m月d日", "2024年3月5日"),
        (datetime(2024, 3, 5), "d-mmm-yy", "5-Mar-24"), (datetime(2024, 3, 5), "[$-409]d mmmm yyyy", "5 March 2024"),
        (datetime(2024, 3, 5), "dddd, mmmm dd, yyyy", "Tuesday, March 05, 2024"),
        (datetime(2024, 3, 5), "aaaa", "星期二"),
        (datetime(2024, 3, 5, 14, 30), "yyyy/m/d h:mm", "2024/3/5 14:30"), (time(14, 30), "h:mm AM/PM", "2:30 PM"),
        (time(0, 5), "h:mm AM/PM", "12:05 AM"), (time(14, 30, 7), "hh:mm:ss", "14:30:07"),
        (time(14, 30, 7), "mm:ss", "30:07"),
        (time(9, 0), "上午/下午h:mm", "上午9:00"), (datetime(2024, 3, 5), "[$-804]yyyy/mm/dd", "2024/03/05"),
        (datetime(2024, 3, 5), r"yyyy\.mm\.dd", "2024.03.05"), (date(2024, 3, 5), "m/yyyy", "3/2024"),
    ],
)  # fmt: skip
def test_a_date_is_written_as_its_cell_shows_it(moment, number_format, written):
    assert shown_date(moment, number_format) == written


@pytest.mark.parametrize(
    "number_format", ["mm-dd-yy", "m/d/yy h:mm", "[h]:mm", "[$-407]d. mmmm yyyy", "ss.000"]
)
def test_a_date_that_each_country_shows_otherwise_is_left_to_the_reader(number_format):
    assert shown_date(datetime(2024, 3, 5), number_format) is None


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (True, "General", "TRUE"), (0.1 + 0.2, "General", "0.3"), (12345678901234, "General", "12345678901234"),
        (datetime(2024, 3, 5), "mm-dd-yy", "2024-03-05"), (2.0, "General", "2"), ("_x0041_", "General", "A"),
    ],
)  # fmt: skip
def test_what_has_no_format_of_its_own_is_plain(tmp_path, value, number_format, text):
    book = Workbook()
    for row in (["苹果很甜。", "Apples are sweet."], ["梨很脆。", "Pears are crisp."], ["数", value]):
        book.active.append(row)
    book.active["B3"].number_format = number_format
    book.save(tmp_path / "a.xlsx")
    assert read_file(tmp_path / "a.xlsx").columns[1].cells[-1].text == text


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


@pytest.mark.parametrize(
    ("hours", "number_format", "written"),
    [(36, "[h]:mm", "36:00"), (1.5, "[hh]:mm:ss", "01:30:00"), (1.25, "[mm]:ss", "75:00"), (0.01, "[s]", "36"),
     (1, "[h]:mm:ss;@", "1:00:00"), (1, "h:mm", None), (-1, "[h]:mm", None)],
)  # fmt: skip
def test_a_span_of_time_is_read_as_its_cell_shows_it(hours, number_format, written):
    assert shown_span(timedelta(hours=hours), number_format) == written
