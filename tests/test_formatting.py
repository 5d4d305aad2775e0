"""Formatting is read from every kind of document, changes no alignment, and comes out again one code for one code."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from coded_formats import BILINGUAL
from coded_formats import DOCUMENTS as MAKERS
from formatted_files import ENGLISH, FRENCH, Place, make_docx, make_html, places, plain
from lxml import etree
from sample_files import make_txt

from aligner.bitext import Alignment, Document
from aligner.export import ExportOptions, load, write
from aligner.options import Options
from aligner.pipeline import align_files
from aligner.read import read_file
from aligner.text.edits import EditedText


def aligned(*paths: Path, codes: str | None = None, **options: object) -> Alignment:
    return align_files(paths, Options(src_lang="en", tgt_lang="fr", codes=codes, **options)).alignment


def told(document: Document) -> list[Place]:
    return [(code.at, code.kind, code.type) for code in document.codes]


def expected(story: Sequence[str]) -> list[Place]:
    found, at = [], 0
    for paragraph, own in zip(plain(story), places(story), strict=True):
        found += [(at + place, kind, what) for place, kind, what in own]
        at += len(paragraph) + 1
    return found


@pytest.fixture(scope="module")
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    make, suffix, folder = MAKERS[request.param], request.param, tmp_path_factory.mktemp("made")
    return make(ENGLISH, folder / f"en.{suffix}"), make(FRENCH, folder / f"fr.{suffix}")


@pytest.fixture(scope="module")
def kept(made: tuple[Path, Path]) -> Alignment:
    return aligned(*made, codes="keep")


@pytest.fixture(scope="module")
def dropped(made: tuple[Path, Path]) -> Alignment:
    return aligned(*made)


@pytest.mark.parametrize("made", MAKERS, indirect=True)
def test_every_format_gives_the_same_codes_at_the_same_places(
    made: tuple[Path, Path], kept: Alignment
) -> None:
    for document, story in ((kept.source, ENGLISH), (kept.target, FRENCH)):
        assert document.text == "\n".join(plain(story))
        if made[0].suffix == ".rtf":  # its links are fields, of which only the words are read
            assert told(document) == [place for place in expected(story) if place[2] != "link"]
            continue
        assert told(document) == expected(story)
        links = [code.data for code in document.codes if code.type == "link" and code.kind == "open"]
        assert len(links) == 1
        assert "https://library.example/staff?a=1&amp;b=2" in links[0]


@pytest.mark.parametrize("made", MAKERS, indirect=True)
def test_formatting_changes_no_text_bead_or_confidence(
    kept: Alignment, dropped: Alignment, tmp_path: Path
) -> None:
    texts = [make_txt(plain(story), tmp_path / f"{n}.txt") for n, story in enumerate((ENGLISH, FRENCH))]
    bare = aligned(*texts)
    for other in (dropped, bare):
        assert (kept.source.text, kept.source.segments) == (other.source.text, other.source.segments)
        assert (kept.target.text, kept.target.segments) == (other.target.text, other.target.segments)
        assert kept.beads == other.beads
    assert not dropped.source.codes
    assert not dropped.target.codes


@pytest.mark.parametrize("made", MAKERS, indirect=True)
def test_formatting_of_documents_is_dropped_on_record_unless_it_is_asked_for(
    kept: Alignment, dropped: Alignment
) -> None:
    for with_codes, without in ((kept.source, dropped.source), (kept.target, dropped.target)):
        records = [(edit.at, edit.found) for edit in without.edits if edit.is_code]
        assert records == [(code.at, code.shown) for code in with_codes.codes]
        whole = EditedText(with_codes.text, with_codes.edits, with_codes.codes)
        assert EditedText(without.text, without.edits).original() == whole.without_codes().original()


@pytest.mark.parametrize("suffix", MAKERS)
def test_no_format_goes_beyond_its_paragraph(tmp_path: Path, suffix: str) -> None:
    path = MAKERS[suffix](["A heading", "<b>One ends.</b>", "<b>Two begins.</b>"], tmp_path / f"a.{suffix}")
    text = read_file(path).columns[0].cells[0]
    bold = [(text.text[: code.at].count("\n"), code.kind) for code in text.codes if not code.is_mark]
    assert bold == [(1, "open"), (1, "close"), (2, "open"), (2, "close")]


OUT = {"tmx": "1.2", "xliff": "1.2", "xlf": "2.0", "docx": "1.2", "html": "1.2", "json": "1.2"}


@pytest.mark.parametrize("made", MAKERS, indirect=True)
@pytest.mark.parametrize("out", OUT)
def test_what_is_written_has_every_code_again(kept: Alignment, tmp_path: Path, out: str) -> None:
    path = tmp_path / f"out.{out}"
    write([kept], path, ExportOptions(xliff=OUT[out], duplicates="keep"))
    again = load(path) if out == "json" else aligned(path, codes="keep", presplit=True)
    for old, new in ((kept.source, again.source), (kept.target, again.target)):
        assert [s.split() for s in new.sentences()] == [s.split() for s in old.sentences()]
        assert by_sentence(new) == by_sentence(old)


def by_sentence(document: Document) -> list[list[Place]]:
    """The formats of each sentence, as places in it; a break that two sentences are parted by is none."""
    from aligner.export.unit_codes import codes_in

    return [
        [(code.at, code.kind, code.type) for code in codes_in(document, n, n + 1) if code.type != "lb"]
        for n in range(len(document))
    ]


def test_units_have_both_ends_of_a_pair_or_say_that_one_is_missing(tmp_path: Path) -> None:
    story = ["<b>The museum opens at nine. It closes at five.</b>", "Some <i>more</i> words."]
    paths = [make_docx(story, tmp_path / "a.docx"), make_docx(story, tmp_path / "b.docx")]
    alignment = align_files(paths, Options(src_lang="en", tgt_lang="en-GB", codes="keep")).alignment
    write([alignment], tmp_path / "out.tmx")
    forms = [
        [(child.tag, child.get("pos")) for child in seg]
        for seg in etree.parse(tmp_path / "out.tmx").iter("seg")
    ]
    assert forms[::2] == [[("it", "begin")], [("it", "end")], [("bpt", None), ("ept", None)]]
    write([alignment], tmp_path / "out.docx")
    bold = [
        run.text
        for row in docx_rows(tmp_path / "out.docx")[1:]
        for run in row[1].paragraphs[0].runs
        if run.bold
    ]
    assert bold == ["The museum opens at nine.", "It closes at five."]


def docx_rows(path: Path) -> list[Sequence[object]]:
    import docx

    return [row.cells for row in docx.Document(str(path)).tables[0].rows]


def test_level_one_and_plain_formats_have_the_text_alone(tmp_path: Path) -> None:
    paths = [make_html(ENGLISH, tmp_path / "en.html"), make_html(FRENCH, tmp_path / "fr.html")]
    alignment = aligned(*paths, codes="keep")
    write([alignment], tmp_path / "2.tmx")
    write([alignment], tmp_path / "1.tmx", ExportOptions(codes="drop"))
    for name in ("1.tmx", "2.tmx"):
        root = etree.parse(tmp_path / name)
        for code in list(root.iter("bpt", "ept", "it", "ph")):
            code.text = ""  # what is between the tags of a code is no text
        segments = ["".join(seg.itertext()) for seg in root.iter("seg")]
        assert [s.split() for s in segments[::2]] == [s.split() for s in alignment.source.sentences()]
    assert not list(etree.parse(tmp_path / "1.tmx").iter("bpt", "ept", "it", "ph"))


@pytest.mark.parametrize("suffix", BILINGUAL)
def test_files_of_translation_tools_give_and_keep_the_same_codes(tmp_path: Path, suffix: str) -> None:
    path = BILINGUAL[suffix](list(zip(ENGLISH, FRENCH, strict=True)), tmp_path / f"a.{suffix}")
    first, dropped = aligned(path), aligned(path, codes="drop")
    assert first.beads == dropped.beads
    for document, story in ((first.source, ENGLISH), (first.target, FRENCH)):
        assert document.text.split() == " ".join(plain(story)).split()
        assert told(document) == expected(story)
    for name, options in (("o.xliff", ExportOptions()), ("o.tmx", ExportOptions(duplicates="keep"))):
        write([first], tmp_path / name, options)
        again = aligned(tmp_path / name)
        assert [code.data for code in again.source.codes] == [code.data for code in first.source.codes]
        assert told(again.source) == told(first.source)
        assert told(again.target) == told(first.target)


# --- codes on their way ---


def test_codes_survive_another_script_joined_pairs_and_a_save_file(tmp_path: Path) -> None:
    chinese = ["图书馆<b>重新</b>开放了。孩子们在<i>里面</i>看书。", "馆长说不用着急。"]
    english = [
        "The library <b>opened</b> again. The children read <i>inside</i>.",
        "The director said not to hurry.",
    ]
    paths = [make_docx(chinese, tmp_path / "zh.docx"), make_docx(english, tmp_path / "en.docx")]
    alignment = align_files(paths, Options(src_lang="zh", tgt_lang="en", codes="keep")).alignment
    write([alignment], tmp_path / "a.json")
    saved = load(tmp_path / "a.json")
    joined = replace(saved.beads[0], src_end=2, tgt_end=2, status="edited")
    reviewed = replace(saved, beads=(joined, *saved.beads[2:]))
    write([reviewed], tmp_path / "o.tmx", ExportOptions(script="traditional"))
    first = next(etree.parse(tmp_path / "o.tmx").iter("seg"))
    for code in first:
        code.text = ""
    assert "".join(first.itertext()) == "圖書館重新開放了。孩子們在裡面看書。"
    assert [(code.tag, code.get("type")) for code in first] == [
        ("bpt", "bold"), ("ept", None), ("bpt", "italic"), ("ept", None),
    ]  # fmt: skip
    assert [code.tail for code in first] == ["重新", "開放了。孩子們在", "裡面", "看書。"]


# --- what only one format has ---


def test_a_page_is_written_without_anything_that_runs_or_loads(tmp_path: Path) -> None:
    links = '<p><a href="javascript:alert(1)">one word</a> and <a href="https://a.example/&quot;&gt;&lt;script&gt;">'
    links += 'two words</a> and <a href="https://b.example/&#1;x">three words</a> here.</p>'
    path = tmp_path / "a.html"
    path.write_text(
        f'<!doctype html><body><p onclick="x()">The <b onclick="x()">bold</b> one.</p>{links}</body>'
    )
    alignment = align_files([path, path], Options(src_lang="en", tgt_lang="en-GB", codes="keep")).alignment
    write([alignment], tmp_path / "out.html")
    page = (tmp_path / "out.html").read_text("utf-8")
    assert "<b>bold</b>" in page
    assert "javascript:" not in page
    assert "onclick" not in page
    assert "<script" not in page
    assert 'href="https://a.example/' not in page  # quotes in an address are no address
    write([alignment], tmp_path / "out.docx")
    assert (
        "b.example"
        not in page + zipfile.ZipFile(tmp_path / "out.docx").read("word/_rels/document.xml.rels").decode()
    )


def test_word_fields_notes_breaks_and_styles_are_codes(tmp_path: Path) -> None:
    from office_files import pack

    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def field(code: str, result: str) -> str:
        return (
            f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    body = (
        '<w:p><w:r><w:t xml:space="preserve">See </w:t></w:r>' + field(" PAGEREF x ", "page 7")
        + field(' HYPERLINK "https://a.example" ', " here")
        + '<w:r><w:rPr><w:rStyle w:val="Loud"/></w:rPr><w:t> and now</w:t></w:r>'
        '<w:r><w:rPr><w:rStyle w:val="Loud"/><w:b w:val="0"/></w:rPr><w:t>!</w:t></w:r>'
        '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    )  # fmt: skip
    styles = '<w:style w:type="character" w:styleId="Loud"><w:rPr><w:b/></w:rPr></w:style>'
    notes = '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> A note.</w:t></w:r></w:p></w:footnote>'
    path = pack(
        tmp_path / "a.docx",
        {
            "word/document.xml": f"<w:document {w}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {w}>{styles}</w:styles>",
            "word/footnotes.xml": f"<w:footnotes {w}>{notes}</w:footnotes>",
        },
    )
    text = read_file(path).columns[0].cells[0]
    assert text.text == "See page 7 here and now!\n A note."
    assert text.without_codes().original() == (
        'See {PAGEREF x}page 7{/PAGEREF}<a href="https://a.example"> here</a><b> and now</b>!'
        '<w:footnoteReference w:id="2"/>\n<w:footnoteRef/> A note.'
    )


def test_a_format_without_words_leaves_no_code_and_blanks_stay_outside_words(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<!doctype html><body><p><b></b><i> </i>One <b> two </b> three.<p><a href='x'><img src='a.png'></a>"
        "<p>Four <img alt='an arrow' src='b.png'> five<sup><a href='#fn1'>1</a></sup>."
        "<pre>six <b>seven\neight</b> nine</pre>"
    )
    text = read_file(path).columns[0].cells[0]
    assert text.text == "One two three.\nFour five.\nsix seven\neight nine"
    shown = [(code.at, code.shown) for code in text.codes]
    assert shown == [
        (4, "<b>"), (7, "</b>"), (19, '<img alt="an arrow" src="b.png">'), (24, '<a href="#fn1">'),
        (30, "<b>"), (35, "</b>"), (36, "<b>"), (41, "</b>"),
    ]  # fmt: skip


def test_letters_that_nobody_closed_cost_little_more_than_plain_ones(tmp_path):
    def seconds(tag):
        path = tmp_path / "page.html"
        path.write_text(
            "<html><body>" + f"{tag}A line is here.<br>" * 1_500 + "</body></html>", encoding="utf-8"
        )
        spent = []
        for _ in range(3):
            began = time.process_time()
            read_file(path)
            spent.append(time.process_time() - began)
        return min(spent)

    # 1.3 times; 25 times where each format of a word was looked for among those of the word before.
    assert seconds("<i>") < 6 * seconds("")
