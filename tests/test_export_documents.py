"""PO, TEI, e-books and JSON lines: what others' programmes and this one's own readers find in them."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from aligner.bitext import Alignment, Bead, Document, Moved, Segment
from aligner.errors import OutputError
from aligner.export import ExportOptions, write
from aligner.read import read_file

TEI = {"t": "http://www.tei-c.org/ns/1.0"}
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


def document(lang: str, name: str, *paragraphs: tuple[str, ...]) -> Document:
    text, segments = "", []
    for number, sentences in enumerate(paragraphs):
        for sentence in sentences:
            text += " " if text and number == segments[-1].paragraph else "\n" if text else ""
            segments.append(Segment(len(text), len(text) + len(sentence), number))
            text += sentence
    return Document(text, lang, tuple(segments), name)


def story() -> Alignment:
    """A pair, two to one, one without counterpart, and a doubtful pair with the first one's source again."""
    source = document("de", "de.txt", ('Er sagte "ja".', "Gut.", "So ist es."), ("Allein.", 'Er sagte "ja".'))
    target = document("ar", "ar\\x.txt", ('قال "نعم".', "جيد وهكذا."), ("نعم & <لا>.",))
    beads = (
        Bead(0, 1, 0, 1, 0.99), Bead(1, 3, 1, 2, 0.8, "confirmed"), Bead(3, 4, 2, 2, 0.9), Bead(4, 5, 2, 3, 0.3),
    )  # fmt: skip
    return Alignment(source, target, beads)


def moved() -> Alignment:
    """The first sentence of the source stands last in the target."""
    source = document("de", "de.txt", ("Zuerst.", "Dann.", "Zuletzt."))
    target = document("en", "en.txt", ("Then.", "At last.", "First."))
    beads = (Bead(0, 1, 0, 0), Bead(1, 2, 0, 1), Bead(2, 3, 1, 2), Bead(3, 3, 2, 3))
    return Alignment(source, target, beads, "", (Moved(0, 1, 2, 3, 0.9),))


def test_xces_has_every_sentence_and_every_link_and_names_its_files(tmp_path: Path) -> None:
    report = write([story()], tmp_path / "a.xces")
    assert [path.name for path in report.paths] == ["a.xces", "a.source.xml", "a.target.xml"]
    links = etree.parse(tmp_path / "a.xces", etree.XMLParser(load_dtd=False)).getroot()
    group = links.find("linkGrp")
    assert [group.get("fromDoc"), group.get("toDoc")] == ["a.source.xml", "a.target.xml"]
    assert [(link.get("xtargets"), link.get("certainty")) for link in group] == [
        ("1;1", "0.99"), ("2 3;2", "0.8"), ("4;", "0.9"), ("5;3", "0.3"),
    ]  # fmt: skip
    for name, side in (("a.source.xml", story().source), ("a.target.xml", story().target)):
        found = etree.parse(tmp_path / name).getroot()
        assert [(s.get("id"), s.text) for s in found.iter("s")] == [
            (str(n), text) for n, text in enumerate(side.sentences(), 1)
        ]
        assert [len(paragraph) for paragraph in found.iter("p")] in ([3, 2], [2, 1])


def test_all_files_of_xces_are_there_or_none(tmp_path: Path) -> None:
    (tmp_path / "a.target.xml").mkdir()
    with pytest.raises(OutputError):
        write([story()], tmp_path / "a.xces")
    assert [path.name for path in tmp_path.iterdir()] == ["a.target.xml"]


def test_a_pair_that_moved_is_told_in_xces_tei_and_the_book(tmp_path: Path) -> None:
    for suffix in ("xces", "tei", "epub"):
        write([moved()], tmp_path / f"a.{suffix}")
    links = etree.parse(tmp_path / "a.xces").getroot().iter("link")
    assert [link.get("xtargets") for link in links] == ["1;3", "2;1", "3;2"]
    tei = etree.parse(tmp_path / "a.tei").getroot()
    assert [(link.get("target"), link.get("n")) for link in tei.iterfind(".//t:link", TEI)] == [
        ("#s1.1 #t1.3", "moved"), ("#s1.2 #t1.1", None), ("#s1.3 #t1.2", None),
    ]  # fmt: skip
    page = zipfile.ZipFile(tmp_path / "a.epub").read("OPS/c1.xhtml").decode()
    assert [line.split("</p>")[0] for line in page.split('<p class="moved">')[1:]] == [
        "⇄ First.",
        "⇄ Zuerst.",
    ]


def test_a_po_is_read_back_pair_by_pair_and_what_is_doubtful_is_fuzzy(tmp_path: Path) -> None:
    report = write([story()], tmp_path / "a.po", ExportOptions(doubts=[{3: ["numbers\ndiffer"]}]))
    reading = read_file(tmp_path / "a.po")
    rows = list(zip(*([cell.text for cell in column.cells] for column in reading.columns), strict=True))
    assert rows == [
        ('Er sagte "ja".', 'قال "نعم".'), ("Gut. So ist es.", "جيد وهكذا."), ('Er sagte "ja".', ""),
    ]  # fmt: skip
    assert [edit.found for edit in reading.columns[1].cells[2].edits] == ["نعم & <لا>."]
    assert reading.columns[1].lang == "ar"
    assert (report.units, report.one_sided) == (3, 1)
    assert "#. numbers differ\n#, fuzzy\nmsgctxt" in (tmp_path / "a.po").read_text("utf-8")


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
def test_gettext_finds_no_fault_in_a_po(tmp_path: Path) -> None:
    write([story()], tmp_path / "a.po")
    done = subprocess.run(
        ["msgfmt", "--check", "--statistics", "-o", tmp_path / "a.mo", tmp_path / "a.po"],
        check=True, capture_output=True, text=True, env={"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.stderr.strip() == "2 translated messages, 1 fuzzy translation."


def test_a_tei_has_both_texts_whole_and_its_links_name_their_sentences(tmp_path: Path) -> None:
    write([story(), story()], tmp_path / "a.tei")
    root = etree.parse(tmp_path / "a.tei").getroot()
    said = {each.get(XML_ID): each.text for each in root.iterfind(".//t:s", TEI)}
    assert len(said) == 2 * 8
    links = root.findall(".//t:link", TEI)
    assert [
        [said[name.removeprefix("#")] for name in link.get("target").split()] for link in links[:3]
    ] == [
        ['Er sagte "ja".', 'قال "نعم".'], ["Gut.", "So ist es.", "جيد وهكذا."], ['Er sagte "ja".', "نعم & <لا>."],
    ]  # fmt: skip
    assert [(link.get("type"), link.get("subtype"), link.get("cert")) for link in links[:2]] == [
        ("1-1", "auto", "0.99"), ("2-1", "confirmed", "0.8"),
    ]  # fmt: skip
    names = [each.get(XML_ID) for each in root.iter() if each.get(XML_ID)]
    assert len(names) == len(set(names))
    paragraphs = root.find(".//t:text/t:group/t:text", TEI).findall(".//t:p", TEI)
    assert [len(each) for each in paragraphs] == [3, 2]


def test_an_e_book_reads_pair_by_pair_with_nothing_left_out(tmp_path: Path) -> None:
    write([story()], tmp_path / "a.epub")
    assert read_file(tmp_path / "a.epub").flat().text.split("\n") == [
        "de.txt | x.txt", 'Er sagte "ja".', 'قال "نعم".', "Gut. So ist es.", "جيد وهكذا.", "Allein.",
        'Er sagte "ja".', "نعم & <لا>.",
    ]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "a.epub") as book:
        assert book.infolist()[0].filename == "mimetype"
        assert book.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert book.read("OPS/c1.xhtml").decode().count('dir="rtl"') == 3


def test_the_same_texts_give_the_same_e_book(tmp_path: Path) -> None:
    options = ExportOptions(date=__import__("datetime").datetime(2026, 1, 1))
    for name in ("a.epub", "b.epub"):
        write([story()], tmp_path / name, options)
    assert (tmp_path / "a.epub").read_bytes() == (tmp_path / "b.epub").read_bytes()


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("pandoc"), reason="pandoc is not installed")
def test_pandoc_reads_the_e_book(tmp_path: Path) -> None:
    write([story()], tmp_path / "a.epub")
    done = subprocess.run(
        ["pandoc", tmp_path / "a.epub", "-t", "plain", "--wrap=none"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line]
    assert lines[-2:] == ['Er sagte "ja".', "نعم & <لا>."]


def test_a_line_of_json_says_where_its_pair_stands(tmp_path: Path) -> None:
    alignment = story()
    write([alignment], tmp_path / "a.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text("utf-8").splitlines()]
    assert [row["status"] for row in rows] == ["auto", "confirmed", "auto"]
    assert len({row["id"] for row in rows}) == 3
    assert {row["document"] for row in rows} == {"de.txt | x.txt"}
    for row in rows:
        for side, text in (("source", alignment.source.text), ("target", alignment.target.text)):
            assert text[slice(*row[f"{side}_span"])] == row[side]


def test_json_lines_are_read_back_as_their_pairs(tmp_path: Path) -> None:
    write([story()], tmp_path / "a.jsonl")
    reading = read_file(tmp_path / "a.jsonl")
    assert [len(column.cells) for column in reading.columns] == [3, 3]
    assert reading.columns[1].cells[2].text == "نعم & <لا>."
