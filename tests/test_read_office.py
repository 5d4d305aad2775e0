# ruff: noqa: E501 - long lines are markup
"""OpenDocument, slides, RTF and old Office files: what a reader sees, and a record of the rest."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from office_files import (
    make_odt,
    make_pptx,
    notes_of,
    odf_content,
    pack,
    pack_slides,
    rtf,
    shape,
    slide,
)
from sample_files import CHINESE, ENGLISH, convert_with_libreoffice, make_docx, make_xlsx

from aligner.errors import InputError
from aligner.read import Reading, read_bytes, read_file
from aligner.read.reading import Source

RAISED = '<style:style style:name="up"><style:text-properties style:text-position="super 58%"/></style:style>'
LOWERED = (
    '<style:style style:name="down"><style:text-properties style:text-position="-33% 58%"/></style:style>'
)


def odt(path: Path, body: str, styles: str = "", **members: str) -> Path:
    return pack(path, {"content.xml": odf_content(f"<office:text>{body}</office:text>", styles), **members})


def lines(reading: Reading) -> list[str]:
    return reading.flat().text.split("\n")


def removed(reading: Reading) -> list[tuple[str, str]]:
    return [(edit.rule, edit.found) for edit in reading.flat().edits]


def read_rtf(body: str, **options: object) -> Reading:
    return read_bytes(Source("a.rtf", rtf(body).encode("latin-1"), **options))  # type: ignore[arg-type]


# --- OpenDocument ---


def test_blanks_tabs_and_breaks_of_an_odt_are_as_it_shows_them(tmp_path):
    body = (
        '<text:p> a<text:s text:c="2"/>b\n  <text:span>c</text:span><text:tab/>d<text:line-break/>e </text:p>'
    )
    assert lines(read_file(odt(tmp_path / "a.odt", body))) == ["a  b c\td", "e"]


def test_notes_of_an_odt_follow_the_text_and_their_numbers_are_on_record(tmp_path):
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>The note.</text:p></text:note-body></text:note>"
    reading = read_file(odt(tmp_path / "a.odt", f"<text:p>He said{note} so.</text:p><text:p>End.</text:p>"))
    assert lines(reading) == ["He said so.", "End.", "The note."]
    assert removed(reading) == [("note-reference", "1")]


def test_exponents_and_indices_of_an_odt_are_no_digits(tmp_path):
    body = '<text:p>10<text:span text:style-name="up">3</text:span> of H<text:span text:style-name="down">2</text:span>O</text:p>'
    assert lines(read_file(odt(tmp_path / "a.odt", body, RAISED + LOWERED))) == ["10³ of H₂O"]
    assert lines(read_rtf(r"10{\up6\fs14 3} of H{\dn4 2}O, 19{\up2 98}\par")) == ["10³ of H₂O, 1998"]


def test_what_stands_beside_the_text_of_an_odt_is_on_record(tmp_path):
    hidden = '<style:style style:name="gone"><style:text-properties text:display="none"/></style:style>'
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        "<text:p>Seen<office:annotation><dc:creator>Me</dc:creator><text:p>a comment</text:p></office:annotation>"
        '<text:span text:style-name="gone"> hidden</text:span> text <text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text></text:ruby></text:p>'
        "<text:p><draw:frame><svg:desc>a cat</svg:desc><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame></text:p>"
        '<text:section text:display="none"><text:p>secret</text:p></text:section>'
    )
    styles = "<style:master-page><style:header><text:p>Page head</text:p></style:header></style:master-page>"
    path = odt(
        tmp_path / "a.odt",
        body,
        hidden,
        **{"styles.xml": odf_content("").replace("<office:body>", f"{styles}<office:body>")},
    )
    reading = read_file(path)
    assert lines(reading) == ["Seen text 漢", "In a box."]
    assert removed(reading) == [
        ("odf-page-header", "Page head"), ("odf-deleted", "deleted"), ("odf-comment", "a comment"), ("odf-hidden", " hidden"),
        ("ruby-gloss", "kan"), ("odf-description", "a cat"), ("odf-hidden", "secret"),
    ]  # fmt: skip
    kept = read_file(path, off=["odf-hidden", "odf-comment", "ruby-gloss"])
    assert lines(kept)[0] == "Seena comment hidden text 漢（kan）"


def test_a_flat_odt_is_read_too(tmp_path):
    path = tmp_path / "a.fodt"
    path.write_text(odf_content("<office:text><text:p>Flat.</text:p></office:text>"), encoding="utf-8")
    assert lines(read_file(path)) == ["Flat."]


@pytest.mark.parametrize(
    "times", ["1000000", "1000000000", "9" * 5000], ids=["million", "milliard", "no count"]
)
def test_a_row_repeated_without_end_is_refused_in_one_line(tmp_path, times):
    cell = '<table:table-cell table:number-columns-repeated="9000"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="{times}">{cell}</table:table-row>'
    path = pack(
        tmp_path / "a.ods",
        {
            "content.xml": odf_content(
                f"<office:spreadsheet><table:table>{row}</table:table></office:spreadsheet>"
            )
        },
    )
    with pytest.raises(InputError, match=r"a\.ods: a table of more than 4,000,000 cells"):
        read_file(path)


def test_a_locked_odt_is_refused_in_one_line(tmp_path):
    manifest = '<manifest:manifest xmlns:manifest="m"><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
    path = pack(tmp_path / "a.odt", {"content.xml": "\x01", "META-INF/manifest.xml": manifest})
    with pytest.raises(InputError, match="password"):
        read_file(path)


@pytest.mark.parametrize(
    ("make", "member"), [(make_odt, "content.xml"), (make_pptx, "ppt/slides/slide1.xml")]
)
def test_entities_in_a_part_are_refused(tmp_path, make, member):
    path = make(["One.", "Two."], tmp_path / "a")
    import zipfile

    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    members[member] = '<!DOCTYPE x [<!ENTITY e "boom">]>' + members[member].partition("?>")[2]
    with pytest.raises(InputError, match="attack"):
        read_file(pack(tmp_path / "b", members))


# --- slides ---


def test_slides_come_in_the_order_they_are_shown_with_what_the_speaker_notes(tmp_path):
    group = f"<p:grpSp>{shape(['In a group.'])}</p:grpSp>"
    table = "<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>cell</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>"
    power = '<a:r><a:t>10</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>3</a:t></a:r><a:br/><a:r><a:t>more</a:t></a:r>'
    first = slide(
        shape(["Title", power], "title")
        + group
        + table
        + shape(["Footer"], "ftr")
        + shape(['<a:fld type="slidenum"><a:t>1</a:t></a:fld>'])
    )
    comments = {"ppt/comments/c1.xml": "<cmLst><cm><text>why?</text></cm></cmLst>"}
    path = pack_slides(
        [first, slide(shape(["Last."]))], tmp_path / "a.pptx", {**notes_of(2, "Say it."), **comments}
    )
    reading = read_file(path)
    assert lines(reading) == ["Title", "10³", "more", "In a group.", "cell", "Say it.", "Last."]
    assert removed(reading) == [
        ("superscript", "3"), ("pptx-footer", "Footer"), ("pptx-footer", "1"), ("pptx-comment", "why?"),
    ]  # fmt: skip


# --- RTF ---


def test_characters_of_rtf_are_written_in_all_ways():
    body = r"\'93caf\'e9\'94 \u20013 ?\u-10179 ?\u-8704 ? {\f1 \'d6\'d0\'b0A}\~\emdash\{\\\}{\uc2\u20013 ab}x"
    assert lines(read_rtf(body)) == ["“café” 中😀 中癆\u00a0—{\\}中x".replace("癆", b"\xb0A".decode("gbk"))]


def test_what_stands_beside_the_text_of_rtf_is_on_record():
    body = (
        r"{\header\pard Head\par}{\*\generator Riched;}{\info{\title No}}\pard He said{\super\chftn{\footnote\pard\plain {\super\chftn} The note.}} so"
        r"{\v  hidden}{\deleted  gone}{\*\annotation\pard a\par comment}.{\pict\bin4 }}}}} Fine.\par"
        r"{\pntext 1.\tab}{\field{\*\fldinst HYPERLINK x}{\fldrslt A link}}\par {\*\unknown nothing}{\shp{\*\shpinst{\sp{\sn n}{\sv v}}{\shptxt In a box.\par}}{\shprslt In a box.}}"
    )
    reading = read_rtf(body)
    assert lines(reading) == ["He said so. Fine.", "A link", "The note.", "In a box."]
    assert removed(reading) == [
        ("rtf-page-header", "Head\n"), ("rtf-hidden", " hidden"), ("rtf-deleted", " gone"), ("rtf-comment", "a\ncomment"),
        ("rtf-list-number", "1.\t"),
    ]  # fmt: skip
    assert lines(read_rtf(body, off=frozenset({"rtf-hidden"})))[0] == "He said so hidden. Fine."


def test_exponents_and_indices_of_rtf_are_no_digits():
    assert lines(read_rtf(r"10{\super 3} of H\sub 2\nosupersub O\par")) == ["10³ of H₂O"]


def test_rtf_that_is_cut_off_is_refused():
    with pytest.raises(InputError, match="cut off"):
        read_bytes(Source("a.rtf", rtf("{\\b text").encode()[:-1]))


def test_groups_of_rtf_may_be_as_deep_as_they_like():
    assert lines(read_rtf("{" * 200_000 + "deep" + "}" * 200_000)) == ["deep"]


# --- old files, and real programmes ---


def test_an_old_office_file_says_what_to_do_where_libreoffice_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    data = b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "WordDocument".encode("utf-16-le")
    with pytest.raises(
        InputError, match=r"^a\.doc: an old Office file \(\.doc\), which LibreOffice would open; install it"
    ):
        read_bytes(Source("a.doc", data))
    with pytest.raises(InputError, match="password"):
        read_bytes(Source("a.docx", data + "EncryptedPackage".encode("utf-16-le")))


OFFICE = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
PANDOC = pytest.mark.skipif(not shutil.which("pandoc"), reason="pandoc is not installed")


@pytest.mark.heavy
@OFFICE
@pytest.mark.parametrize("suffix", ["doc", "odt", "fodt", "rtf"])
def test_what_libreoffice_saves_gives_back_its_paragraphs(tmp_path, suffix):
    for name, story in (("zh", CHINESE), ("en", ENGLISH)):
        made = convert_with_libreoffice(make_docx(story, tmp_path / f"{name}.docx"), suffix, tmp_path)
        assert lines(read_file(made)) == list(story)


@pytest.mark.heavy
@OFFICE
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_a_workbook_that_libreoffice_saves_gives_back_its_columns(tmp_path, suffix):
    rows = list(zip(CHINESE, ENGLISH, strict=True))
    reading = read_file(convert_with_libreoffice(make_xlsx(rows, tmp_path / "a.xlsx"), suffix, tmp_path))
    assert [[cell.text for cell in column.cells] for column in reading.columns] == [
        list(CHINESE),
        list(ENGLISH),
    ]


@pytest.mark.heavy
@OFFICE
def test_a_damaged_old_file_costs_one_line(tmp_path):
    old = convert_with_libreoffice(make_docx(ENGLISH, tmp_path / "a.docx"), "doc", tmp_path)
    with pytest.raises(InputError, match=r"LibreOffice can't open it|no text") as caught:
        read_bytes(Source("a.doc", old.read_bytes()[:3000] + "WordDocument".encode("utf-16-le")))
    assert "\n" not in str(caught.value)


RICH = """# Title here

The area is 10^3^ m and H~2~O flows.[^1] He *said* “so”.

[^1]: A note about it.

* first item

| A | B |
|---|---|
| x1 cell | y1 cell |

# Second

::: notes
Say it slowly.
:::
"""
SHOWN = [
    "Title here",
    "The area is 10³ m and H₂O flows. He said “so”.",
    "first item",
    "A",
    "B",
    "x1 cell",
    "y1 cell",
    "Second",
]


@pytest.mark.heavy
@PANDOC
@pytest.mark.parametrize("name", ["a.odt", "a.docx", "a.pptx", "a.rtf"])
def test_what_pandoc_writes_is_read_as_it_was_meant(tmp_path, name):
    (tmp_path / "a.md").write_text(RICH, encoding="utf-8")
    subprocess.run(["pandoc", tmp_path / "a.md", "--standalone", "-o", tmp_path / name], check=True)
    found = [line.removeprefix("•\t").strip() for line in lines(read_file(tmp_path / name))]
    assert found[: len(SHOWN)] == SHOWN
    assert {"Say it slowly.", "A note about it."} <= {
        line.removeprefix("1. ") for line in found[len(SHOWN) :]
    }


@pytest.mark.heavy
@PANDOC
@OFFICE
@pytest.mark.parametrize("suffix", ["odp", "ppt"])
def test_slides_that_libreoffice_saves_give_the_same_lines(tmp_path, suffix):
    (tmp_path / "a.md").write_text(RICH, encoding="utf-8")
    subprocess.run(["pandoc", tmp_path / "a.md", "-o", tmp_path / "a.pptx"], check=True)
    saved = convert_with_libreoffice(tmp_path / "a.pptx", suffix, tmp_path)
    if suffix == "ppt" and not saved.exists():
        pytest.skip("this LibreOffice has no Impress")
    assert lines(read_file(saved)) == lines(read_file(tmp_path / "a.pptx"))


def test_no_text_of_rtf_hides_behind_a_character_that_stands_for_a_million():
    assert lines(read_rtf(r"Some {\uc999999999 \u20320 ?words}\par The last words.\par")) == [
        "Some 你words",
        "The last words.",
    ]
    assert lines(read_rtf(r"{\uc2 \u20320 ??words} {\uc0 \u20320 words}\par")) == ["你words 你words"]
