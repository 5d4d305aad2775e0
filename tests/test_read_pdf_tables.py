# ruff: noqa: E501 - long lines are cells
"""Tables in PDF: cells by themselves, row by row, ruled or only aligned; prose in columns stays prose."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from test_read_pdf import STORY, book, one_page, page_content, paragraphs

from aligner.options import Options
from aligner.pipeline import align_files
from aligner.read import read_file

Drawn = list[tuple[float, float, float, str]]
BEFORE = "The following table shows the opening hours of the library on all the days of the week."
AFTER = "After the table the text goes on as before, and here it ends, on the line where it began."
HOURS = [
    ("Day", "Hours", "What is open"),
    ("Monday", "9 to 12", "The reading room"),
    ("Sunday", "closed", "Nothing"),
]
WORDS = [("Apple", "Apfel", "pomme"), ("Pear", "Birne", "poire"), ("Library", "Buecherei", "bibliothek"),
         ("Tea", "Tee", "the")]  # fmt: skip
STEP = 13


def table(
    rows: Sequence[tuple[str, ...]], lefts: tuple[float, ...], top: float = 700, size: float = 10
) -> Drawn:
    """Rows drawn one after another; a cell of several lines has them apart by `|`, drawn line by line."""
    drawn: Drawn = []
    for row in rows:
        lines = [cell.split("|") for cell in row]
        for number in range(max(map(len, lines))):
            drawn += [
                (x, top, size, cell[number])
                for x, cell in zip(lefts, lines, strict=True)
                if number < len(cell)
            ]
            top -= STEP
    return drawn


def page(cells: Drawn, path: Path) -> Path:
    foot = min(y for _, y, _, _ in cells)
    return book([[(70.0, 740.0, 10.0, BEFORE), *cells, (70.0, foot - 2 * STEP, 10.0, AFTER)]], path)


def flat(rows: Sequence[tuple[str, ...]]) -> list[str]:
    return [cell.replace("|", " ") for row in rows for cell in row if cell]


@pytest.mark.parametrize(
    ("rows", "lefts"),
    [
        (HOURS, (70, 200, 330)),
        (WORDS, (70, 115, 165)),  # hardly a blank between two cells
        ([*WORDS, ("House", "", "maison"), ("Tree", "Baum", "")], (70, 160, 250)),
        ([row[:2] for row in WORDS], (70, 120)),
    ],
    ids=["wide", "tight", "with empty cells", "two columns"],
)
def test_cells_of_an_aligned_table_stand_by_themselves_row_by_row(
    tmp_path: Path, rows: Sequence[tuple[str, ...]], lefts: tuple[float, ...]
) -> None:
    assert paragraphs(read_file(page(table(rows, lefts), tmp_path / "a.pdf"))) == [BEFORE, *flat(rows), AFTER]


def test_a_cell_of_several_lines_is_one_cell_where_these_are_full(tmp_path: Path) -> None:
    rows = [
        ("Monday", "The reading room and the garden on the roof are|open until nine."),
        ("Tuesday", "All rooms"),
        ("Sunday", "Nothing at all, so that nobody needs to come;|come back on another day, or read at home or in|the park."),
        ("Others", "Ask."),
    ]  # fmt: skip
    assert paragraphs(read_file(page(table(rows, (70, 160)), tmp_path / "a.pdf")))[1:-1] == flat(rows)


def ruled(cells: Drawn, upright: list[float], level: list[float], path: Path) -> Path:
    lines = [f"{x} {level[-1]} m {x} {level[0]} l S\n" for x in upright]
    lines += [f"{upright[0]} {y} m {upright[-1]} {y} l S\n" for y in level]
    path.write_bytes(one_page("".join(lines).encode() + page_content(cells)))
    return path


def test_the_ruled_lines_say_what_a_cell_is(tmp_path: Path) -> None:
    """Two rows only, in the second all cells of several lines, drawn across; between two cells no more than a blank."""
    cells = [
        (70.0, 700.0, 10.0, "Room"), (120.0, 700.0, 10.0, "What there is"),
        (70.0, 680.0, 10.0, "Reading"), (112.0, 680.0, 10.0, "Chairs and lamps,"),
        (70.0, 668.0, 10.0, "room"), (116.0, 668.0, 10.0, "newspapers, and in"),
        (114.0, 656.0, 10.0, "summer an open window."),
    ]  # fmt: skip
    path = ruled(cells, [67, 110, 240], [712, 694, 650], tmp_path / "a.pdf")
    assert paragraphs(read_file(path)) == [
        "Room", "What there is", "Reading room",
        "Chairs and lamps, newspapers, and in summer an open window.",
    ]  # fmt: skip


def test_a_list_keeps_its_numbers_with_its_items(tmp_path: Path) -> None:
    items = [(70.0, 700.0 - STEP * n, 10.0, f"{n + 1}.") for n in range(4)]
    items += [(84.0, 700.0 - STEP * n, 10.0, f"Item {n} of the list.") for n in range(4)]
    drawn = sorted(items, key=lambda line: (-line[1], line[0]))
    found = paragraphs(read_file(page(drawn, tmp_path / "a.pdf")))
    assert found[1:-1] == [f"{n + 1}. Item {n} of the list." for n in range(4)]


@pytest.mark.parametrize("by_line", [False, True], ids=["column by column", "line by line"])
def test_prose_in_two_columns_is_read_down_one_column_and_then_the_other(
    tmp_path: Path, by_line: bool
) -> None:
    import textwrap

    halves = [textwrap.wrap(" ".join(part), 44) for part in (STORY[:2], STORY[2:4])]
    drawn = [
        (x, 760.0 - STEP * n, 10.0, line)
        for x, column in zip((60.0, 320.0), halves, strict=True)
        for n, line in enumerate(column)
    ]
    if by_line:
        drawn.sort(key=lambda line: (-line[1], line[0]))
    text = " ".join(paragraphs(read_file(book([drawn], tmp_path / "a.pdf"))))
    assert text == " ".join(STORY[:4])


def test_a_table_in_two_languages_gives_its_pairs(tmp_path: Path) -> None:
    rows = [("The reading room", "Der Lesesaal"), ("Opening hours", "Oeffnungszeiten"), ("Closed on Sunday", "Sonntags geschlossen"),
            ("The garden on the roof", "Der Garten auf dem Dach")]  # fmt: skip
    sides = []
    for place, lang in enumerate(("en", "de")):
        numbered = [(f"{n + 1}{n}", row[place], "yes") for n, row in enumerate(rows)]
        sides.append(book([table(numbered, (70, 120, 320))], tmp_path / f"{lang}.pdf"))
    alignment = align_files(sides, Options(src_lang="en", tgt_lang="de", cache=False)).alignment
    pairs = [(alignment.source_text(bead), alignment.target_text(bead)) for bead in alignment.beads]
    assert [pair for pair in pairs if pair[0].isascii() and pair in rows] == rows


PAGE = """<html><body><p>{before}</p><table border="{border}" cellpadding="2" cellspacing="0">{rows}</table><p>{after}</p></body></html>"""
LONG = [
    ("Day", "Hours", "What is open"),
    ("Monday", "9 to 12", "The reading room and the garden on the roof, where people may read and talk to each other all day"),
    ("Tuesday and also Thursday of every second week", "9 to 21", "All rooms"),
    ("Sunday", "closed", "Nothing. Come back on another day."),
]  # fmt: skip


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize(("border", "cells"), [(1, LONG), (0, WORDS)], ids=["ruled", "aligned"])
def test_a_table_that_libreoffice_printed_gives_its_cells(
    tmp_path: Path, border: int, cells: Sequence[tuple[str, ...]]
) -> None:
    width = "" if border else ' width="120"'
    rows = "".join("<tr>" + "".join(f"<td{width}>{cell}</td>" for cell in row) + "</tr>" for row in cells)
    (tmp_path / "a.html").write_text(
        PAGE.format(before=BEFORE, after=AFTER, rows=rows, border=border), "utf-8"
    )
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for kind, name in (("odt", "a.html"), ("pdf", "a.odt")):
        subprocess.run(
            ["soffice", "--headless", profile, "--convert-to", kind, "--outdir", str(tmp_path), str(tmp_path / name)]
            + (["--writer"] if kind == "odt" else []),
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
    assert paragraphs(read_file(tmp_path / "a.pdf")) == [BEFORE, *flat(cells), AFTER]
