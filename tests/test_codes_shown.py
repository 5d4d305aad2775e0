"""What a document, a page and plain formats show of codes that are no letters: breaks, notes, pictures, fields."""

from __future__ import annotations

import base64
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from code_samples import tmx
from formatted_files import ENGLISH, FRENCH, make_html
from lxml import etree
from test_formatting import aligned, docx_rows

from aligner.bitext import Alignment
from aligner.export import write
from aligner.options import Options
from aligner.pipeline import align_files
from aligner.read import read_file

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
)
PAGE = (
    '<p>The garden<sup><a href="#fn1">1</a></sup> has <img src="a.png" alt="an old &lt;oak&gt;"> in it. '
    'It is <code>open</code> to <a href="javascript:x()">all</a>.'
)


def joined(path: Path) -> Alignment:
    """The sentences of a page in one pair, as a person may join them."""
    one = align_files([path, path], Options(src_lang="en", tgt_lang="en-GB", codes="keep")).alignment
    return replace(one, beads=(replace(one.beads[0], src_end=len(one.source), tgt_end=len(one.target)),))


def test_a_document_and_a_page_show_breaks_notes_and_pictures(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<!doctype html><body>{PAGE}<p>First the house,<br>then the <b>long</b> path.")
    alignment = joined(path)
    write([alignment], tmp_path / "out.html")
    page = (tmp_path / "out.html").read_text("utf-8")
    assert "The garden<sup>[1]</sup> has" in page
    assert '<span class="alt" title="picture">an old &lt;oak&gt;</span>' in page
    write([alignment], tmp_path / "out.docx")
    cell = docx_rows(tmp_path / "out.docx")[1][1]
    shown = [(run.text, run.font.superscript) for run in cell.paragraphs[0].runs]
    assert ("[1]", True) in shown
    assert [paragraph.text for paragraph in cell.paragraphs[1:]] == ["picture: an old <oak>"]


@pytest.mark.parametrize("out", ["docx", "html"])
def test_what_is_shown_of_codes_is_no_text_of_the_pair(tmp_path: Path, out: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<!doctype html><body>{PAGE}")
    alignment = joined(path)
    write([alignment], tmp_path / f"out.{out}")
    again = aligned(tmp_path / f"out.{out}", codes="keep", presplit=True)
    assert again.source.text.split() == alignment.source.text.split()


@pytest.mark.parametrize("out", ["docx", "html"])
def test_a_break_in_a_sentence_is_shown_and_parts_no_sentence_when_it_is_read_again(
    tmp_path: Path, out: str
) -> None:
    first = align_files([tmx(tmp_path)], Options(src_lang="en", tgt_lang="en-GB")).alignment
    write([first], tmp_path / f"out.{out}")
    if out == "docx":
        assert "w:br/>" in zipfile.ZipFile(tmp_path / "out.docx").read("word/document.xml").decode()
    else:
        assert "First the house,<br/>then" in (tmp_path / "out.html").read_text("utf-8")
    options = Options(src_lang="en", tgt_lang="en-GB", presplit=True, codes="keep")
    again = align_files([tmp_path / f"out.{out}"], options).alignment
    assert again.source.sentences() == first.source.sentences()
    assert [code.type for code in again.source.codes if code.type == "lb"] == ["lb"]


@pytest.mark.parametrize(
    ("out", "told"),
    [
        ("docx", "8 inline codes have no form in .docx and were left out: code 4, link 4"),
        ("html", "8 inline codes have no form in .html and were left out: code 4, link 4"),
        ("tsv", "12 inline codes were left out: .tsv holds text alone"),
        ("epub", "8 inline codes have no form in .epub and were left out: code 4, link 4"),
        ("tmx", ""),
        ("json", ""),
    ],
)
def test_codes_that_a_format_does_not_hold_are_counted(tmp_path: Path, out: str, told: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<!doctype html><body>{PAGE}")
    report = write([joined(path)], tmp_path / f"out.{out}")
    assert [w for w in report.warnings if "inline codes" in w] == [told] * bool(told)


def test_a_word_picture_says_what_it_shows(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    run = document.add_paragraph("The gate ").add_run()
    (tmp_path / "a.png").write_bytes(PIXEL)
    run.add_picture(str(tmp_path / "a.png"))
    document.element.body.find(".//{*}docPr").set("descr", 'a "red" gate')
    document.save(str(tmp_path / "a.docx"))
    codes = read_file(tmp_path / "a.docx").columns[0].cells[0].codes
    assert [code.data for code in codes] == ['<w:drawing descr="a &quot;red&quot; gate"/>']


def test_an_e_book_has_letters_and_links_and_is_well_formed(tmp_path: Path) -> None:
    paths = [make_html(ENGLISH, tmp_path / "en.html"), make_html(FRENCH, tmp_path / "fr.html")]
    write([aligned(*paths, codes="keep")], tmp_path / "out.epub")
    chapter = etree.fromstring(zipfile.ZipFile(tmp_path / "out.epub").read("OPS/c1.xhtml"))
    found = [
        (etree.QName(each).localname, each.text) for each in chapter.iter("{*}b", "{*}i", "{*}u", "{*}a")
    ]
    assert found[:2] == [("b", "old library"), ("b", "vieille bibliothèque")]
    assert ("a", "Ann Lee") in found
    assert ("u", "formed") in found


def test_a_link_in_a_word_document_looks_like_one_and_is_no_underlined_word(tmp_path: Path) -> None:
    path = make_html(ENGLISH, tmp_path / "en.html")
    alignment = align_files([path, path], Options(src_lang="en", tgt_lang="en-GB", codes="keep")).alignment
    write([alignment], tmp_path / "out.docx")
    assert b'<w:rStyle w:val="Hyperlink"/>' in zipfile.ZipFile(tmp_path / "out.docx").read(
        "word/document.xml"
    )
    again = aligned(tmp_path / "out.docx", codes="keep")
    assert [code.type for code in again.source.codes] == [
        code.type for code in alignment.source.codes if code.type != "lb"
    ]
