"""PDF: a paragraph of a narrow column stays whole, whatever its lines begin with and however far words stand apart."""

import pytest
from test_read_pdf import book

from aligner.read import read_file


def paragraphs(lines, tmp_path):
    """Lines `(x, text)` or `(x, text, x, text)`, from the top down, 12 points apart in 10 point type, read."""
    page = [
        (x, 700 - 12 * number, 10, text)
        for number, line in enumerate(lines)
        for x, text in zip(line[::2], line[1::2], strict=True)
    ]
    return read_file(book([page], tmp_path / "a.pdf")).flat().text.split("\n")


@pytest.mark.parametrize("word", ["Dr. Weber", "3.5 per cent", "so. Then", "No. 12"])
def test_a_line_below_an_indented_one_may_begin_as_a_list_item_does(word, tmp_path):
    lines = [
        (52, "The lamps were lit, and by the fire"), (40, f"{word} was told of once more by all"),
        (40, "who had been there in the long winter."),
        (52, "Another paragraph followed that one at"), (40, "the end of the column."),
    ]  # fmt: skip
    assert [text[:9] for text in paragraphs(lines, tmp_path)] == ["The lamps", "Another p"]


def test_items_of_a_list_still_begin_paragraphs_where_they_stand_left_of_the_line_above(tmp_path):
    lines = [
        (40, "1. The lamps were lit in the evening"), (55, "by the fire."),
        (40, "2. The river burned and all came"), (55, "to see it."), (40, "3. We listened."),
    ]  # fmt: skip
    assert [text[:2] for text in paragraphs(lines, tmp_path)] == ["1.", "2.", "3."]


def test_two_words_that_fill_a_justified_line_are_one_line(tmp_path):
    lines = [
        (40, "The house was given back to the town"), (40, "quickly.", 148.96, "Constructions"),
        (40, "that nobody had seen before rose there."),
    ]  # fmt: skip
    assert len(paragraphs(lines, tmp_path)) == 1


def test_a_justified_line_is_one_though_its_last_words_begin_where_those_of_its_neighbours_do(tmp_path):
    lines = [
        (40, "On market days the boats and"),
        (40, "customers", 98.3, "come", 135, "again"), (40, "to the", 80, "quayside", 135, "where"),
        (40, "fishermen", 96.9, "mend", 135, "their"),
        (40, "nets and talk of the weather."),
    ]  # fmt: skip
    assert len(paragraphs(lines, tmp_path)) == 1


def test_a_table_s_rows_are_cut_where_its_cells_hold_several_words(tmp_path):
    lines = [
        (40, "CNC lathe", 135, "three of them"), (40, "old mill", 135, "two of these"),
        (40, "big press", 135, "one is left"),
    ]  # fmt: skip
    assert len(paragraphs(lines, tmp_path)) == 6


def test_a_paragraph_ends_with_a_guillemet_behind_a_blank(tmp_path):
    lines = [
        (52, "« Où donc étiez-vous, mon ami, ce soir"), (40, "d'automne où les lampes fumaient, là-bas ? »"),
        (52, "Le maître se taisait ; il regardait la mer"), (40, "et les bateaux."),
    ]  # fmt: skip
    assert len(paragraphs(lines, tmp_path)) == 2
