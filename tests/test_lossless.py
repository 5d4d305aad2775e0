"""Text read = segments + white space + what is on record, character by character.

A text is followed the way the programme goes: read, clean, find the halves, split. Where the programme
refuses a file, nothing is lost either.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sample_files import CHINESE, ENGLISH, make_csv, make_docx, make_html, make_tsv, make_txt, make_xlsx

from aligner.bitext import Document
from aligner.errors import AlignerError
from aligner.options import Options
from aligner.prepare import prepare_files
from aligner.text.edits import EditedText

# What cleaning, splitting and the search for halves each look for, whole and in pieces.
DEBRIS = [
    "戰(zhàn)", "?挂邍H", "?;仡櫼荒陙?", "1、", "\n3、", "[bookmark: _GoBack]", "[bookmark: ", "]", "|", "_",
    "首页", "Home | About us | Contact", "猜你喜歡", "\u00ad", "\u200b", "\u200d", "\u202e", "\x0b", "\x1c",
    "\x85", "\u2028", "\u3000", "\n", "\n\n", "\r\n", "\r", "\t", " ", "e\u0301", "가", "\u1100\u1161", "😀",
    "👩\u200d👧", "â€™", "\ue27e", "\ufffd", "citys", ",?", "-\n", "“", "”", "「", "（", "……", "漢《かん》",
    "第一章 Chapter One", "Mr. Li", "http://a.b/?c;", "12:30", "a_b_c_d_e_f", "。", ".", "！", "?", "；",
]  # fmt: skip
HOSTILE = st.lists(
    st.sampled_from([*DEBRIS, *CHINESE, *ENGLISH]) | st.characters(exclude_categories=["Cs"]), max_size=40
).map("".join)
# What XML and a spreadsheet can hold: neither control characters nor half characters.
WRITABLE = st.lists(
    st.sampled_from([piece for piece in DEBRIS if piece.isprintable()] + [*CHINESE, *ENGLISH, " "]),
    min_size=1,
    max_size=12,
).map("".join)
PROPERTY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PAIR = Options(src_lang="zh", tgt_lang="en")


def as_read(document: Document) -> str:
    """The text of a document as it was read, rebuilt from its segments and its record alone."""
    text, position = "", 0
    for segment in document.segments:
        between = document.text[position : segment.start]
        assert not between.strip()
        text += between + document.text[segment.start : segment.end]
        position = segment.end
    assert not document.text[position:].strip()
    edits = tuple(
        edit for edit in document.edits if edit.rule != "inline-code"
    )  # markup, put on record as left out
    return EditedText(text + document.text[position:], edits).original()


def letters(*texts: str) -> Counter[str]:
    return Counter(character for text in texts for character in text if not character.isspace())


def is_interleaving(page: str, first: str, second: str) -> bool:
    """Whether the page is these two texts, each in its order; white space aside."""
    page, first, second = ("".join(text.split()) for text in (page, first, second))
    if len(page) != len(first) + len(second):
        return False
    taken = {0}  # how many characters of `first` may have been used up so far
    for place, character in enumerate(page):
        taken = {n + 1 for n in taken if n < len(first) and first[n] == character} | {
            n for n in taken if place - n < len(second) and second[place - n] == character
        }
    return len(first) in taken


def in_lines(text: str) -> str:
    """A text file's text: all line ends are one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@PROPERTY
@given(HOSTILE, st.sampled_from(["zh", "en", "ja", "de", "ar"]), st.booleans(), st.booleans())
@example("“" * 30 + "\n" + "?挂邍H", "zh", False, True)
@example("1、" + CHINESE[1] + "\n2、" + CHINESE[2] + "\n3、", "zh", False, False)
def test_a_text_file_is_rebuilt_exactly(
    tmp_path: Path, text: str, lang: str, presplit: bool, split_clauses: bool
) -> None:
    text = f"开头 Beginning\n{text}"  # so that no first bytes make it a file of another kind
    source = make_txt([text], tmp_path / "a.txt")
    target = make_txt(ENGLISH, tmp_path / "b.txt")
    options = Options(src_lang=lang, tgt_lang="en", presplit=presplit, split_clauses=split_clauses)
    try:
        prepared = prepare_files([source, target], options)
    except AlignerError as error:
        assert "a.txt: " in str(error) and "\n" not in str(error)
        return
    assert as_read(prepared.source) == in_lines(text)
    assert as_read(prepared.target) == "\n".join(ENGLISH)


@PROPERTY
@given(
    st.lists(st.sampled_from([*CHINESE, *ENGLISH]) | HOSTILE, min_size=2, max_size=12),
    st.sampled_from([None, "halves", "paragraphs", "sentences"]),
    st.sampled_from([Options(), PAIR, Options(no_clean=("furniture", "hard-wrap"))]),
)
@example([*CHINESE, "猜你喜歡|首页|Home", *ENGLISH], None, PAIR)
def test_a_mixed_page_is_rebuilt_from_its_two_sides(
    tmp_path: Path, lines: list[str], layout: str | None, options: Options
) -> None:
    text = "\n".join(["开头", *lines])
    path = make_txt([text], tmp_path / "a.txt")
    chosen = Options(
        src_lang=options.src_lang, tgt_lang=options.tgt_lang, layout=layout, no_clean=options.no_clean
    )
    try:
        prepared = prepare_files([path], chosen)
    except AlignerError:
        return
    assert is_interleaving(in_lines(text), as_read(prepared.source), as_read(prepared.target))


@PROPERTY
@given(st.lists(WRITABLE, min_size=1, max_size=8), st.sampled_from([make_html, make_docx]))
def test_a_document_is_rebuilt_from_its_paragraphs(
    tmp_path: Path, paragraphs: list[str], make: Callable[[Sequence[str], Path], Path]
) -> None:
    story = ["题目 Title", *paragraphs]
    source = make(story, tmp_path / "a.document")
    try:
        prepared = prepare_files([source, make_txt(ENGLISH, tmp_path / "b.txt")], PAIR)
    except AlignerError:
        return
    # The page's frame is left out, on record; so it is in the text as read.
    frame = "Some newspaperStart News SportImprint" if make is make_html else ""
    assert letters(as_read(prepared.source)) == letters(*story, frame)
    assert is_subsequence("".join(story), as_read(prepared.source))


def is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in part if not character.isspace())


@PROPERTY
@given(
    st.lists(st.lists(WRITABLE | st.just(""), min_size=3, max_size=3), min_size=2, max_size=6),
    st.sampled_from([(make_csv, "a.csv"), (make_tsv, "a.tsv"), (make_xlsx, "a.xlsx")]),
    st.sampled_from([PAIR, Options(), Options(src_lang="en", tgt_lang="zh")]),
)
def test_a_table_is_rebuilt_from_two_of_its_columns(
    tmp_path: Path, rows: list[list[str]], kind: tuple[Callable[..., Path], str], options: Options
) -> None:
    rows = [["ID", "Chinese", "English"], ["k-1", CHINESE[0], ENGLISH[0]], *rows]
    make, name = kind
    try:
        prepared = prepare_files([make(rows, tmp_path / name)], options)
    except AlignerError:
        return
    cells = [cell for row in rows for cell in row]
    assert letters(as_read(prepared.source), as_read(prepared.target)) == letters(*cells)


@pytest.mark.parametrize("options", [PAIR, Options(src_lang="en", tgt_lang="de")])
def test_columns_that_are_not_asked_for_are_on_record(tmp_path: Path, options: Options) -> None:
    german = [f"Das ist Absatz {n}, und er ist nur hier, damit es drei sind." for n in range(len(CHINESE))]
    rows = [("Chinese", "English", "German"), *zip(CHINESE, ENGLISH, german, strict=True)]
    prepared = prepare_files([make_xlsx(rows, tmp_path / "a.xlsx")], options)
    read = letters(as_read(prepared.source), as_read(prepared.target))
    assert read == letters(*(cell for row in rows for cell in row))


@PROPERTY
@given(WRITABLE)
def test_markup_is_never_read_as_text_nor_text_as_markup(tmp_path: Path, text: str) -> None:
    page = f"<p>题目 Title <b>{html.escape(text)}</b><i></i></p>"
    path = tmp_path / "a.html"
    path.write_text(f"<html><meta charset=utf-8><body>{page}</body></html>", encoding="utf-8")
    try:
        prepared = prepare_files([path, make_txt(ENGLISH, tmp_path / "b.txt")], PAIR)
    except AlignerError:
        return
    assert letters(as_read(prepared.source)) == letters("题目 Title", text)
