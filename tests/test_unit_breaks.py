"""A line break inside a text of a localisation file: it cuts no unit, and nobody loses it."""

from __future__ import annotations

from test_read_localisation import aligned, as_written, pairs, read, removed

from aligner.export import write
from aligner.export.options import ExportOptions
from aligner.read import read_file
from aligner.read.keys import MOST_BREAKS

BROKEN = r"""
msgid ""
msgstr ""
"Language: de\n"

msgid "Save the file\nand close the window."
msgstr "Datei speichern\nund Fenster schließen."

msgid ""
"Usage: copy [OPTION]\n"
"  FILE to another place\n"
msgstr ""
"Aufruf: copy [OPTION]\n"
"  DATEI an einen anderen Ort\n"

msgid "关闭窗口\n并保存文件"
msgstr "Fenster schließen\n\nund Datei speichern"
"""


def test_line_breaks_do_not_cut_an_entry_of_a_catalogue(tmp_path):
    result = aligned(tmp_path, ("a.po", BROKEN))
    assert pairs(result) == [
        ("Save the file and close the window.", "Datei speichern und Fenster schließen."),
        ("Usage: copy [OPTION] FILE to another place", "Aufruf: copy [OPTION] DATEI an einen anderen Ort"),
        ("关闭窗口并保存文件", "Fenster schließen und Datei speichern"),
    ]


def test_line_breaks_of_a_catalogue_are_codes_in_a_memory_and_breaks_in_a_catalogue(tmp_path):
    result = aligned(tmp_path, ("a.po", BROKEN))
    written = [write([result.alignment], tmp_path / name, ExportOptions()) for name in ("a.tmx", "b.po")]
    memory = (tmp_path / "a.tmx").read_text(encoding="utf-8")
    assert r'Save the file<ph x="1" type="lb">\n</ph>and close the window.' in memory
    again, first = read_file(tmp_path / "b.po"), read("a.po", BROKEN)
    assert [as_written(again, n) for n in (0, 1)] == [as_written(first, n) for n in (0, 1)]
    assert not any("codes" in warning for each in written for warning in each.warnings)


def test_line_breaks_that_no_code_keeps_are_on_record():
    reading = read("a.po", BROKEN).with_codes("drop")
    assert removed(reading).count(("inline-code", r"\n")) == 5


def test_line_breaks_cut_where_unwrapping_is_off():
    reading = read("a.po", BROKEN, off=frozenset({"hard-wrap"}))
    assert reading.columns[0].cells[0].text == "Save the file\nand close the window."


def test_a_text_of_thousands_of_lines_is_cut_at_them_like_a_document(tmp_path):
    for lines, codes in ((MOST_BREAKS, MOST_BREAKS - 1), (MOST_BREAKS + 2, 0)):
        path = tmp_path / f"{lines}.properties"
        path.write_text("a = " + r"\n".join(f"word {number}" for number in range(lines)), encoding="utf-8")
        (cell,) = read_file(path).columns[0].cells
        assert len(cell.codes) == codes
        assert cell.text.split() == [word for number in range(lines) for word in ("word", str(number))]
