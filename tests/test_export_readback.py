"""A reviewed table goes back into the alignment it came from."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_files import make_ods
from test_export import HOSTILE, document, one_to_one, pairs_of, small

from aligner.bitext import Alignment, Bead, Document, Moved, Segment
from aligner.errors import InputError
from aligner.export import write
from aligner.export.options import ExportOptions
from aligner.export.savefile import load
from aligner.export.units import ladder
from aligner.read import read_file
from aligner.review.garbled import has_question_marks, is_misread
from aligner.review.readback import _Change, _rewritten, read_back
from aligner.text.edits import EditedText

TABLES = (".xlsx", ".tsv", ".csv")
Rows = list[list[str]]

GARBLED = [
    line.split("\t")
    for line in (Path(__file__).parent / "golden" / "garbled.tsv").read_text("utf-8").splitlines()
    if line[:1] != "#"
]


def edit(path: Path, change: Callable[[Rows], Rows]) -> None:
    """Do to the table what a reviewer does in a spreadsheet; `change` sees the rows, the heading first."""
    if path.suffix == ".xlsx":
        import openpyxl

        book = openpyxl.load_workbook(path)
        rows = [
            ["" if v is None else str(v) for v in row]
            for row in book.worksheets[0].iter_rows(values_only=True)
        ]
        fresh = openpyxl.Workbook()
        for row in change(rows):
            fresh.worksheets[0].append([cell or None for cell in row])
        fresh.save(path)
    elif path.suffix == ".csv":
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(change(rows))
    else:
        rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
        path.write_text("\n".join("\t".join(row) for row in change(rows)), "utf-8")


def setting(name: str, row: int, text: str) -> Callable[[Rows], Rows]:
    def change(rows: Rows) -> Rows:
        rows[row][rows[0].index(name)] = text
        return rows

    return change


@pytest.mark.parametrize("suffix", TABLES)
def test_an_untouched_table_changes_nothing(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"o{suffix}"
    write([small()], path)
    back = read_back(small(), path)
    assert (back.alignment, back.warnings) == (small(), ())
    write([back.alignment], tmp_path / "back.json")
    assert load(tmp_path / "back.json") == small()


@pytest.mark.parametrize("suffix", TABLES)
def test_an_untouched_table_of_hostile_text_changes_nothing(tmp_path: Path, suffix: str) -> None:
    nasty = one_to_one(
        ["好" + HOSTILE + "。", "_x0041_", "x" * 40_000, "'=a", "a\tb"], ["=1", "@b", "+c", "'d", "-e"]
    )
    path = tmp_path / f"o{suffix}"
    write([nasty], path)
    back = read_back(nasty, path)
    assert (back.alignment, back.warnings) == (nasty, ())


@pytest.mark.parametrize("suffix", TABLES)
def test_a_table_in_another_script_changes_nothing(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"o{suffix}"
    write([small()], path, ExportOptions(script="traditional"))
    assert read_back(small(), path, script="traditional").alignment == small()


@pytest.mark.parametrize("suffix", TABLES)
def test_a_status_and_a_text_come_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"o{suffix}"
    write([small()], path)
    edit(path, setting("status", 1, "Confirmed"))
    edit(path, setting("target", 2, "He left. And then more."))
    back = read_back(small(), path)
    assert [bead.status for bead in back.alignment.beads] == ["confirmed", "edited", "confirmed", "auto"]
    assert pairs_of(back.alignment)[1][:2] == ("他走了。", "He left. And then more.")
    assert (back.confirmed, back.edited) == (1, 1)
    assert back.alignment.beads[1].type == "1-2"
    original = EditedText(back.alignment.target.text, back.alignment.target.edits).original()
    assert original == small().target.text


def test_rows_may_be_sorted_and_deleted(tmp_path: Path) -> None:
    path = tmp_path / "o.tsv"
    write([small()], path)
    edit(path, lambda rows: [rows[0], rows[3], rows[1]])
    back = read_back(small(), path)
    assert back.alignment == small()
    assert "1 pair has no row" in back.warnings[0]


def test_two_ids_in_one_cell_merge_neighbours(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    write([small()], path)

    def merge(rows: Rows) -> Rows:
        rows[2][0] += " " + rows[3][0]
        rows[2][1] += rows[3][1]
        rows[2][2] += " " + rows[3][2]
        del rows[3]
        return rows

    edit(path, merge)
    back = read_back(small(), path)
    assert back.merged == 1
    assert back.edited == 0
    assert [(b.type, b.status) for b in back.alignment.beads] == [
        ("2-1", "auto"),
        ("2-3", "edited"),
        ("1-0", "auto"),
    ]


@pytest.mark.parametrize("suffix", TABLES)
@pytest.mark.parametrize("emptied", [["target"], ["source"], ["source", "target"]])
def test_an_emptied_cell_takes_the_pair_apart_and_loses_no_text(
    tmp_path: Path, suffix: str, emptied: list[str]
) -> None:
    path = tmp_path / f"o{suffix}"
    write([small()], path)
    for side in emptied:
        edit(path, setting(side, 1, " "))
    back = read_back(small(), path)
    assert (back.alignment.source, back.alignment.target) == (small().source, small().target)
    first, second, *rest = back.alignment.beads
    assert [(bead.type, bead.status) for bead in (first, second)] == [("2-0", "edited"), ("0-1", "edited")]
    assert rest == list(small().beads[1:])
    assert pairs_of(back.alignment) == pairs_of(small())[1:]
    assert (back.edited, len(back.warnings)) == (1, 1)
    assert "row 2" in back.warnings[0]
    assert f"{' and the '.join(emptied)} " in back.warnings[0]


def test_an_emptied_cell_beside_a_corrected_one_keeps_the_correction(tmp_path: Path) -> None:
    path = tmp_path / "o.tsv"
    write([small()], path)
    edit(path, setting("source", 2, "他走掉了。"))
    edit(path, setting("target", 2, ""))
    back = read_back(small(), path).alignment
    assert [bead.type for bead in back.beads] == ["2-1", "1-0", "0-2", "1-1", "1-0"]
    assert "他走掉了。" in back.source.sentences()


def test_an_emptied_one_sided_row_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    write([small()], path)
    edit(path, setting("source", 4, ""))
    back = read_back(small(), path)
    assert back.alignment == small()
    assert "row 5: the source is empty now" in back.warnings[0]


def test_a_table_whose_column_was_emptied_altogether_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.tsv"
    write([small()], path)
    edit(path, lambda rows: [rows[0], *([source, "", *rest] for source, _, *rest in rows[1:])])
    with pytest.raises(InputError, match="column 'target' is empty"):
        read_back(small(), path)


def test_text_written_beside_a_one_sided_bead_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    write([small()], path)
    edit(path, setting("target", 4, "Surplus."))
    back = read_back(small(), path)
    assert back.alignment == small()
    assert "[4]:[]" in back.warnings[0]


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [("id", "[9]:[9]", "no bead"), ("id", "", "id"), ("id", "[2]:[1,2]", "too"), ("status", "odd", "odd"),
     ("id", "[0]:[0", "id"), ("id", "[0,1]:[0] [3]:[3]", "neighbours")],
)  # fmt: skip
def test_a_row_that_cannot_go_back_is_named(tmp_path: Path, column: str, text: str, message: str) -> None:
    path = tmp_path / "o.tsv"
    write([small()], path)
    edit(path, setting(column, 1, text))
    with pytest.raises(InputError, match=rf"row [23].*{message}"):
        read_back(small(), path)


@pytest.mark.parametrize("suffix", TABLES)
def test_what_is_no_table_is_refused_in_one_line(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"o{suffix}"
    path.write_bytes(b"no table at all\x00\x01" * 10)
    with pytest.raises(InputError, match=str(path)) as caught:
        read_back(small(), path)
    assert "\n" not in str(caught.value)


def test_several_alignments_in_one_sheet_are_told_apart(tmp_path: Path) -> None:
    one, two = one_to_one(["好。"], ["Good."]), small()
    path = tmp_path / "o.xlsx"
    write([one, two], path, ExportOptions(src_lang="zh"))
    edit(path, setting("status", 2, "confirmed"))
    assert read_back(one, path).alignment == one
    assert read_back(two, path).alignment.beads[0].status == "confirmed"


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("suffix", TABLES)
def test_an_exported_table_of_formulas_and_escapes_is_read_as_input_with_the_texts_it_was_made_from(
    tmp_path: Path, suffix: str, header: bool
) -> None:
    sources, targets = (
        ["=一加一。", "'-这是引号。", "_x0041_是字。"],
        ["=One and one.", "+Plus it.", "@ Here."],
    )
    path = tmp_path / f"o{suffix}"
    write([one_to_one(sources, targets)], path, ExportOptions(header=header))
    columns = read_file(path).columns
    assert [[cell.text for cell in column.cells] for column in columns[:2]] == [sources, targets]


def test_a_foreign_csv_keeps_its_apostrophes(tmp_path: Path) -> None:
    rows = [["source", "target"], ["'-了'表示完成。", "'-le' marks completion."], ["好的。", "Good."]]
    with (tmp_path / "o.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert [column.cells[0].text for column in read_file(tmp_path / "o.csv").columns] == rows[1]


def test_a_semicolon_csv_and_a_utf16_tsv_come_back(tmp_path: Path) -> None:
    write([small()], tmp_path / "o.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "o.csv").read_text("utf-8-sig"))))
    with (tmp_path / "o.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    assert read_back(small(), tmp_path / "o.csv").alignment == small()
    write([small()], tmp_path / "o.tsv")
    text = (tmp_path / "o.tsv").read_text("utf-8")
    (tmp_path / "o.tsv").write_text(text, "utf-16")
    assert read_back(small(), tmp_path / "o.tsv").alignment == small()


def test_a_changed_word_touches_its_own_segment_only() -> None:
    target = Document("One two. Three four. Five.", "en", (Segment(0, 8), Segment(9, 20), Segment(21, 26)))
    changed, cuts = _rewritten(target, [_Change(0, 3, "One two. Three 4 or so. Five.")])
    assert changed.sentences() == ["One two.", "Three 4 or so.", "Five."]
    assert cuts == [0, 1, 2, 3]
    joined, cuts = _rewritten(target, [_Change(0, 2, "One two and three four.")])
    assert joined.sentences() == ["One two and three four.", "Five."]
    assert cuts == [0, 1, 1, 2]


WORDS = (
    st.text(st.sampled_from("ab ."), min_size=1, max_size=12).map(lambda t: " ".join(t.split())).filter(bool)
)


@given(st.lists(WORDS, min_size=1, max_size=6), st.data())
def test_any_change_gives_the_text_asked_for_and_can_be_undone(words: list[str], data: st.DataObject) -> None:
    before = document("en", *words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    new = data.draw(WORDS)
    after, cuts = _rewritten(before, [_Change(first, last, new)])
    assert after.span(cuts[first], cuts[last]) == new
    assert [after.span(0, cuts[first]), after.span(cuts[last], len(after))] == [
        before.span(0, first), before.span(last, len(before))
    ]  # fmt: skip
    assert EditedText(after.text, after.edits).original() == before.text
    assert len(cuts) == len(before) + 1
    assert cuts == sorted(cuts)


def test_alternatives_and_moved_passages_follow_the_segments(tmp_path: Path) -> None:
    path = tmp_path / "o.tsv"
    write([small()], path)
    edit(path, setting("source", 1, "今天下雨，我们在家。"))
    back = read_back(small(), path).alignment
    assert [bead.type for bead in back.beads] == ["1-1", "1-2", "1-1", "1-0"]
    assert back.moved == (Moved(3, 4, 2, 3, 0.7, "confirmed"),)
    assert isinstance(back, Alignment)
    assert back.beads[1] == Bead(1, 2, 1, 3, 0.31)


WESTERN = {"a code page": lambda text: text.encode("cp1252", "replace").decode("cp1252"),
           "misread UTF-8": lambda text: text.encode().decode("cp1252", "replace")}  # fmt: skip


@pytest.mark.parametrize("damage", WESTERN.values(), ids=WESTERN)
def test_a_table_that_lost_its_characters_is_refused(tmp_path: Path, damage: Callable[[str], str]) -> None:
    path = tmp_path / "o.xlsx"
    write([small()], path)
    edit(path, lambda rows: [[damage(cell) for cell in row] for row in rows])
    with pytest.raises(InputError, match=r"row 2: the source came back in .* nothing was read back"):
        read_back(small(), path)


def test_a_question_mark_a_reviewer_writes_is_an_edit_that_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "o.tsv"
    write([small()], path)
    edit(path, setting("source", 2, "他走了吗？他?"))
    (change,) = read_back(small(), path).changes
    assert (change.side, change.before, change.after) == ("source", "他走了。", "他走了吗？他?")


@pytest.mark.parametrize("suffix", TABLES)
def test_a_title_above_the_heading_is_passed_over(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"o{suffix}"
    write([small()], path)
    edit(path, setting("status", 1, "confirmed"))
    edit(path, lambda rows: [["Review of May", *[""] * (len(rows[0]) - 1)], *rows])
    assert read_back(small(), path).confirmed == 1


def test_an_extra_first_sheet_is_passed_over(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "o.xlsx"
    write([small()], path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("notes", 0).append(["to do"])
    book.save(path)
    assert read_back(small(), path).alignment == small()


@pytest.mark.parametrize("suffix", TABLES)
@pytest.mark.parametrize("column", ["id", "source", "status"])
def test_a_renamed_heading_is_named(tmp_path: Path, suffix: str, column: str) -> None:
    path = tmp_path / f"o{suffix}"
    write([small()], path)
    edit(path, setting(column, 0, "Zustand"))
    with pytest.raises(InputError, match=rf"row 1: no column '{column}' in the heading .*zustand"):
        read_back(small(), path)


@pytest.mark.parametrize("suffix", [".pdf", ".numbers"])
def test_other_tables_are_one_line_that_says_what_to_do(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(InputError, match=r"save it as \.xlsx"):
        read_back(small(), tmp_path / f"o{suffix}")


def test_a_review_saved_as_ods_comes_back(tmp_path: Path) -> None:
    write([small()], tmp_path / "o.tsv")
    edit(tmp_path / "o.tsv", setting("status", 1, "confirmed"))
    rows = list(csv.reader((tmp_path / "o.tsv").open(encoding="utf-8-sig"), delimiter="\t"))
    back = read_back(small(), make_ods(rows, tmp_path / "o.ods"))
    assert (back.confirmed, back.changes) == (1, ())


def test_an_old_xls_without_libreoffice_is_one_line_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    path = tmp_path / "o.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"))
    with pytest.raises(InputError, match=r"LibreOffice would open; install it, or save the file as \.xlsx"):
        read_back(small(), path)


@pytest.mark.heavy
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_a_review_that_libreoffice_saved_in_its_own_or_the_old_format_comes_back(
    tmp_path: Path, suffix: str
) -> None:
    write([small()], tmp_path / "o.xlsx")
    edit(tmp_path / "o.xlsx", setting("status", 1, "confirmed"))
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'settings').as_uri()}", "--headless"]
    command += ["--convert-to", suffix, "--outdir", str(tmp_path), str(tmp_path / "o.xlsx")]
    subprocess.run(command, check=True, capture_output=True)
    back = read_back(small(), tmp_path / f"o.{suffix}")
    assert (back.confirmed, back.changes) == (1, ())


def changed(way: Callable[[Rows], Rows], tmp_path: Path) -> list[str]:
    """The beads of `small` after its table went through `way`."""
    path = tmp_path / "o.tsv"
    write([small()], path)
    edit(path, way)
    back = read_back(small(), path).alignment
    return [ladder(bead) for bead in back.beads]


def test_texts_joined_below_and_the_row_above_deleted_are_a_merge(tmp_path: Path) -> None:
    def way(rows: Rows) -> Rows:
        head, first, second, *rest = rows
        for name in ("source", "target"):
            at = head.index(name)
            second[at] = f"{first[at]} {second[at]}"
        return [head, second, *rest]

    assert changed(way, tmp_path)[0] == merged_first(tmp_path)


def test_texts_joined_above_and_the_row_below_emptied_are_a_merge(tmp_path: Path) -> None:
    def way(rows: Rows) -> Rows:
        head, first, second, *_ = rows
        for name in ("source", "target"):
            at = head.index(name)
            first[at], second[at] = f"{first[at]} {second[at]}", ""
        return rows

    assert changed(way, tmp_path)[0] == merged_first(tmp_path)


def test_texts_joined_with_a_mended_join_are_one_pair_and_no_text_stands_twice(tmp_path: Path) -> None:
    def way(rows: Rows) -> Rows:
        head, first, second, *rest = rows
        source, target = head.index("source"), head.index("target")
        first[source] = first[source].rstrip("。") + "，" + second[source]
        first[target] = first[target].rstrip(".") + "; " + second[target]
        return [head, first, *rest]

    path = tmp_path / "o.tsv"
    write([small()], path)
    edit(path, way)
    back = read_back(small(), path).alignment
    again = back.source_text(back.beads[1])
    assert len(back.beads) == len(small().beads) - 1
    assert again not in back.source_text(back.beads[0])


def merged_first(tmp_path: Path) -> str:
    first, second = small().beads[:2]
    return ladder(replace(first, src_end=second.src_end, tgt_end=second.tgt_end))


def test_a_row_with_a_remark_alone_leaves_the_pair_above_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "o.tsv"
    write([small()], path)
    edit(path, lambda rows: [*rows[:2], ["" if name != "note" else "ask Li" for name in rows[0]], *rows[2:]])
    assert read_back(small(), path).alignment == small()


def test_a_first_sheet_with_a_column_called_id_is_passed_over(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "o.xlsx"
    write([small()], path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("cover", 0).append(["id", "who"])
    book.save(path)
    assert read_back(small(), path).alignment == small()


@pytest.mark.parametrize(("before", "after", "what"), GARBLED, ids=lambda cell: cell[:20])
def test_characters_that_were_lost_are_told_from_edits(before: str, after: str, what: str) -> None:
    assert (has_question_marks(before, after) or is_misread(before, after)) is (what == "lost")


@pytest.mark.parametrize("suffix", TABLES)
def test_texts_joined_above_and_the_row_below_deleted_are_a_merge(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"o{suffix}"
    write([small()], path)

    def merge(rows: Rows) -> Rows:
        for name in ("source", "target"):
            at = rows[0].index(name)
            rows[2][at] += " " + rows[3][at]
        del rows[3]
        return rows

    edit(path, merge)
    back = read_back(small(), path)
    assert (back.merged, back.edited) == (1, 0)
    assert [bead.type for bead in back.alignment.beads] == ["2-1", "2-3", "1-0"]
    assert back.alignment.source == small().source


def test_the_status_delete_takes_a_pair_out_of_the_memory_and_loses_no_text(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    write([small()], path)
    edit(path, setting("status", 1, "delete"))
    back = read_back(small(), path).alignment
    assert pairs_of(back) == pairs_of(small())[1:]
    assert back.source == small().source


@pytest.mark.parametrize("suffix", [".tsv", ".csv"])
def test_a_row_that_is_cut_short_is_refused_in_one_line(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"review{suffix}"
    alignment = one_to_one(["一。", "二。", "三。"], ["One.", "Two.", "Three."])
    write([alignment], path)
    path.write_bytes(path.read_bytes().rstrip().rpartition(b"\n")[0] + "\n半".encode())
    with pytest.raises(InputError, match="row 3: the row under it has no id"):
        read_back(alignment, path)
