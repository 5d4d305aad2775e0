# ruff: noqa: E501 - long lines are sample text
"""Web pages, e-books, Word documents, subtitles and Markdown: what a reader of the file sees is what comes out."""

from __future__ import annotations

import contextlib
import re
import time
import zipfile
from pathlib import Path

import pytest
import removal_files
from sample_files import CHINESE, ENGLISH, make_epub

from aligner.check import check_tmx
from aligner.errors import AlignerError, InputError
from aligner.read import read_bytes, read_file
from aligner.read.reading import Source
from aligner.read.rules import RULES

HERE = Path(__file__).parent
CASES = HERE.parent.parent / "shared" / "cases"


def golden_cases():
    text = (HERE / "golden" / "read" / "markup.txt").read_text(encoding="utf-8")
    for block in re.split(r"^=== ", text, flags=re.M)[1:]:
        title, _, body = block.partition("\n")
        content, _, rest = body.partition("\n---\n")
        shown, _, record = rest.partition("--- record\n")
        kind = title.partition(":")[0]
        yield pytest.param(kind, content, shown.rstrip("\n"), record.strip("\n"), id=title)


def make_book(body: str, path: Path, *, spine: str = '<itemref idref="a"/>') -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="c.opf"/></rootfiles></container>',
        )
        book.writestr(
            "c.opf",
            '<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
            f"<spine>{spine}</spine></package>",
        )
        book.writestr(
            "a.xhtml",
            f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>{body}</body></html>',
        )
    return path


def recorded(text) -> list[str]:
    return [
        f"{edit.rule}: {edit.found} → {edit.written}" if edit.written else f"{edit.rule}: {edit.found}"
        for edit in text.edits
    ]


@pytest.mark.parametrize(("kind", "content", "shown", "record"), list(golden_cases()))
def test_golden_case(tmp_path, kind, content, shown, record):
    path = tmp_path / f"a.{kind}"
    if kind == "epub":
        make_book(content, path)
    else:
        path.write_text(content, encoding="utf-8")
    text = read_file(path).flat()
    assert text.text == shown
    assert "\n".join(recorded(text)) == record


def test_there_are_enough_golden_cases():
    assert len(list(golden_cases())) >= 50


# --- every rule of a reader is declared, listed, recorded and can be switched off ---

PAGE = (
    "<html lang=ja><head><title>題名</title></head><body><nav><a href=/>Start</a></nav>"
    "<p>本文はここにある。<ruby>漢字<rt>かんじ</rt></ruby>を読む。面積は10<sup>3</sup>、注<a href='#fn1' class=fn>[1]</a>である。<q>はい</q>と言った。"
    "この段落は十分に長くなければならないので、もう少し書き続ける。</p>"
    "<div style='display:none'>隠し</div><p><img alt='赤い家'><img class=gaiji alt='※(「馬＋單」)'></p>"
    "<button>押す</button><video>動画</video><ul><li><a href=a>甲</a><li><a href=b>乙</a><li><a href=c>丙</a></ul></body></html>"
)
VTT = (
    "WEBVTT - head\n\nname\n00:00.000 --> 00:01.000\n<v Ann>one\n\nNOTE no\n\n00:01.000 --> 00:02.000\none\ntwo\n\n"
    "00:02.000 --> 00:03.000\ntwo\nthree\n"
)
MARKDOWN = "---\nt: front\n---\nA [link](u 'the title').\n\n<!-- comment -->\n\n```\ncode\n```\n"
TABLE = "ID\tChinese\tEnglish\n1\t一个句子\tA sentence\n2\t两个句子\tTwo sentences\n"
TMX = (
    '<tmx version="1.4"><body><tu><tuv xml:lang="en"><seg>one</seg></tuv><tuv xml:lang="de"><seg>eins</seg></tuv>'
    '<tuv xml:lang="de"><seg>einer</seg></tuv></tu><tu><tuv xml:lang="en"><seg>two</seg></tuv><tuv xml:lang="de"><seg>zwei</seg></tuv></tu>'
    '<tu><tuv xml:lang="en"><seg>six</seg></tuv><tuv xml:lang="de"><seg>sechs</seg></tuv></tu></body></tmx>'
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def run(text: str, settings: str = "") -> str:
    return f"<w:r><w:rPr>{settings}</w:rPr><w:t>{text}</w:t></w:r>"


def docx(body: str, **parts: str) -> bytes:
    import io

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            file.writestr(f"word/{name}.xml".replace("__", "/"), content)
    return data.getvalue()


def field(code: str, shown: str | None) -> str:
    mark = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>".format
    result = "" if shown is None else mark("separate") + run(shown)
    return f"{mark('begin')}<w:r><w:instrText>{code}</w:instrText></w:r>{result}{mark('end')}"


WORD = docx(
    f"<w:p>{run('kept ')}<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>{run('hidden', '<w:vanish/>')}"
    f"<w:r><w:sym w:font='Wingdings' w:char='F0E0'/></w:r></w:p>"
    f"<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r>{field('X', 'inner')}<w:r><w:instrText>IF</w:instrText></w:r>"
    f"<w:r><w:fldChar w:fldCharType='separate'/></w:r>{run('outer')}<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
    comments=f"<w:comments {W}><w:comment><w:p>{run('really')}</w:p></w:comment></w:comments>",
    header1=f"<w:hdr {W}><w:p>{run('Company')}</w:p></w:hdr>",
    diagrams__data1=f"<x {A}><a:t>In a box</a:t></x>",
)
OWN_PAGE = "<html><meta name=generator content=aligner><body><p>Some text of the page.</p><small>aside</small></body></html>"
FILES = {
    "a.html": PAGE,
    "a.vtt": VTT,
    "a.md": MARKDOWN,
    "a.tsv": TABLE,
    "a.tmx": TMX,
    "a.docx": WORD,
    "own.html": OWN_PAGE,
    **removal_files.FILES,
}
# Tried where documents of their kind are: an exported document, a PDF, an e-book.
ELSEWHERE = {
    "epub-contents", "exported-heading", "exported-note", "inline-code", "other-column", "pdf-page-number", "pdf-running-header",
    "pdf-hyphen", "pdf-glyph", "not-translatable", "po-fuzzy", "po-obsolete", "po-plural", "repeated-key", "translator-note",
}  # fmt: skip


def records(name: str, off: frozenset[str] = frozenset()) -> set[str]:
    content = FILES[name]
    reading = read_bytes(Source(name, content if isinstance(content, bytes) else content.encode(), None, off))
    return {edit.rule for column in reading.columns for cell in column.cells for edit in cell.edits}


@pytest.mark.parametrize("name", FILES)
def test_a_rule_that_is_off_takes_nothing_and_leaves_no_record(name):
    seen = records(name)
    assert seen <= set(RULES)
    for rule in seen:
        assert rule not in records(name, frozenset({rule})), rule


def test_every_rule_of_a_reader_is_seen_at_work():
    seen = set().union(*map(records, FILES))
    assert seen | ELSEWHERE >= set(RULES), sorted(set(RULES) - seen - ELSEWHERE)


def test_every_rule_that_a_reader_names_is_declared():
    package = Path(__import__("aligner").__file__).parent / "read"
    code = "".join(
        path.read_text(encoding="utf-8") for path in package.glob("*.py") if path.name != "rules.py"
    )
    named = set(
        re.findall(
            r'"((?:html|docx|odf|pptx|rtf|po|pdf|epub|tmx|xliff|xlsx|subtitle|markdown|exported)-[a-z-]+|table-(?:heading|column))"',
            code,
        )
    )
    assert named <= set(RULES), sorted(named - set(RULES))


@pytest.mark.parametrize(
    ("name", "rule", "shown"),
    [
        ("a.html", "html-navigation", "Start"), ("a.html", "html-title", "題名"), ("a.html", "html-links", "乙"),
        ("a.html", "html-hidden", "隠し"), ("a.html", "html-form", "押す"), ("a.html", "html-media", "動画"),
        ("a.html", "html-alt", "赤い家"), ("a.html", "ruby-gloss", "漢字（かんじ）を"), ("a.html", "superscript", "103"),
        ("a.html", "note-reference", "注[1]"), ("a.html", "html-quote", "はいと"), ("a.docx", "docx-deleted", "deleted"),
        ("a.docx", "docx-hidden", "hidden"), ("a.docx", "docx-comment", "really"), ("a.docx", "docx-page-header", "Company"),
        ("a.docx", "docx-diagram", "In a box"), ("a.docx", "docx-field", "inner"), ("a.docx", "docx-symbol", "\uf0e0"),
        ("a.vtt", "subtitle-header", "head"), ("a.vtt", "subtitle-note", "NOTE no"), ("a.vtt", "subtitle-voice", "Ann"),
        ("a.vtt", "subtitle-repeat", "two three"), ("a.md", "markdown-code", "code"), ("a.md", "markdown-comment", "comment"),
        ("a.md", "markdown-front-matter", "front"), ("a.md", "markdown-link-title", "the title"),
        ("a.tsv", "table-heading", "Chinese"), ("own.html", "exported-page", "aside"), *removal_files.TAKEN,
    ],
)  # fmt: skip
def test_what_a_rule_would_take_is_text_where_it_is_off(name, rule, shown):
    content = FILES[name]
    data = content if isinstance(content, bytes) else content.encode()
    on, off = (
        read_bytes(Source(name, data, None, rules)).flat().text for rules in (frozenset(), frozenset({rule}))
    )
    assert shown in off.replace("\n", " ")
    assert shown not in on.replace("\n", " ") or rule == "subtitle-repeat"


def test_the_contents_of_an_e_book_can_be_kept(tmp_path):
    book = make_epub([ENGLISH], tmp_path / "a.epub")
    assert "Start" not in read_file(book).flat().text
    assert read_file(book, off=["epub-contents", "html-navigation"]).flat().text.startswith("Start")


# --- Word ---


def read_word(body: str, **parts: str):
    return read_bytes(Source("a.docx", docx(body, **parts))).flat()


def paragraph(runs: str, settings: str = "") -> str:
    return f"<w:p><w:pPr>{settings}</w:pPr>{runs}</w:p>"


RAISED, LOWERED = "<w:vertAlign w:val='superscript'/>", "<w:vertAlign w:val='subscript'/>"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (paragraph(run("约10") + run("3", RAISED) + run("平方米。")), "约10³平方米。"),
        (paragraph(run("in 1998.") + run("1", RAISED) + run("2", RAISED) + run(" It")), "in 1998. It"),
        (paragraph(run("H") + run("2", LOWERED) + run("O")), "H₂O"),
        (paragraph(run("2") + run("1", RAISED) + run("/") + run("2", LOWERED)), "2½"),
        (paragraph(run("5") + run("th", RAISED)), "5th"),
        (paragraph(run("10") + run("3", "<w:rStyle w:val='Up'/>")), "10³"),
        (paragraph(run("O"), "<w:framePr w:dropCap='drop'/>") + paragraph(run("nce.")) + paragraph(run("B")), "Once.\nB"),
        (paragraph(run("从"), "<w:framePr w:dropCap='margin'/>") + paragraph(run("前。")), "从前。"),
        (paragraph(run("1998") + run("2", "<w:position w:val='8'/>") + run(" H") + run("2", "<w:position w:val='-6'/>")), "1998² H₂"),
        (paragraph(run("19") + run("98", "<w:position w:val='2'/>")), "1998"),
        (paragraph(run("one and"), "<w:rPr><w:del/></w:rPr>") + paragraph(run(" two.")) + paragraph(run("B")), "one and two.\nB"),
        (paragraph(run("one "), "<w:rPr><w:moveFrom/></w:rPr>") + paragraph(run("two.")), "one two."),
        (paragraph(run("one"), "<w:rPr><w:ins/></w:rPr>") + paragraph(run("two.")), "one\ntwo."),
        (
            f"<w:tbl><w:tr><w:tc>{paragraph(run('a'), '<w:rPr><w:del/></w:rPr>')}</w:tc><w:tc>{paragraph(run('b'))}</w:tc></w:tr></w:tbl>"
            + paragraph(run("c")),
            "a\nb\nc",
        ),
        (paragraph(run("on ") + field("DATE", "Monday") + run(".")), "on Monday."),
        (paragraph("<w:fldSimple w:instr='X'>" + run("shown") + "</w:fldSimple>"), "shown"),
        (paragraph(field(r"EQ \* jc2 \o\ad(\s\up 9(hàn),汉)", None) + run("字")), "汉字"),
        (paragraph(field(r"EQ \f(1,2)", None)), "1/2"),
        (paragraph(field("MACROBUTTON NoMacro [Click here]", None)), "[Click here]"),
        (paragraph("<w:r><w:fldChar w:fldCharType='begin'/></w:r>" + run("damaged, but text")), "damaged, but text"),
        (
            paragraph(
                "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='red'/>"
                "<w:listEntry w:val='blue'/></w:ddList></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMDROPDOWN </w:instrText></w:r>"
                "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
            ),
            "blue",
        ),
        (paragraph("<w:r><w:t>one<!-- c --> two<?x y?> three</w:t></w:r>"), "one two three"),
    ],
)  # fmt: skip
def test_word_shows_it_so(body, shown):
    styles = f"<w:styles {W}><w:style w:styleId='Up'><w:basedOn w:val='B'/></w:style><w:style w:styleId='B'><w:rPr>{RAISED}</w:rPr></w:style></w:styles>"
    assert read_word(body, styles=styles).text == shown


def test_a_deleted_paragraph_end_is_on_record():
    text = read_word(paragraph(run("one"), "<w:rPr><w:del/></w:rPr>") + paragraph(run("two")))
    assert recorded(text) == ["docx-deleted: \n"]
    assert text.original() == "one\ntwo"


# --- old and hostile pages ---


@pytest.mark.parametrize(
    "tags",
    [
        "<p><font size=2><b>{}",
        "<div>{}",
        "<center>{}",
        "<li><a href=x{}>{}",
        "<span>{}<br>",
        "<blockquote><p>{}",
        "<table><tr><td>{}",
    ],
)
def test_tags_that_are_never_closed_lose_no_paragraph(tags):
    lines = [f"Paragraph {number} of the page." for number in range(1_000)]
    page = "<html><body>" + "\n".join(tags.replace("{}", line, 1).replace("{}", line) for line in lines)
    text = read_bytes(Source("a.html", page.encode())).flat().text
    assert [line for line in lines if line in text] == lines


def test_nested_spans_lose_nothing_of_a_chapter(tmp_path):
    body = "".join(
        f"<p>{'<span>' * depth}Line {depth}.{'</span>' * depth}</p>" for depth in (1, 300, 1_000, 2_500)
    )
    lines = read_file(make_book(body, tmp_path / "a.epub")).flat().text.split("\n")
    assert lines == ["Line 1.", "Line 300.", "Line 1000.", "Line 2500."]


def test_a_text_of_many_megabytes_without_a_tag_is_whole():
    words = "Many words. " * 1_000_000
    text = read_bytes(Source("a.html", f"<html><body><p>{words}<p>End.</body></html>".encode())).flat().text
    assert len(text) == len(words) - 1 + len("\nEnd.")


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000,
        "<b>x<p>" * 50_000,
        "".join(f"<p><font id={n}>x" for n in range(10_000)),
        "<div>" * 20_000 + "<p>x" * 200_000,
    ],
)
def test_a_page_that_would_take_minutes_is_refused_in_one_line(page):
    with pytest.raises(InputError, match=r"^a\.html: its tags nest [\d,]+ deep.*save it again$"):
        read_bytes(Source("a.html", b"<html>" + page.encode()))


@pytest.mark.parametrize(
    "page",
    ["<sup>1</sup>" * 20_000, "<q>x" * 4_000, "<aside>x" * 8_000, "<sup>" * 8_000, "<div>" * 2_000 + "<a href='#x'>1</a>" * 8_000,
     "<div class=dropcap>" * 4_000 + "x", "<a href=x>x" * 20_000],
)  # fmt: skip
def test_parts_within_parts_are_each_looked_at_a_few_times(page, monkeypatch):
    from aligner.read.markup import Element

    steps = 0
    parts = Element.parts

    def counted(self):
        nonlocal steps
        for part in parts(self):
            steps += 1
            yield part

    monkeypatch.setattr(Element, "parts", counted)
    read_bytes(Source("a.html", f"<html><body><p>Some text.</p>{page}".encode()))
    assert steps <= 60 * 20_000


def test_a_style_sheet_of_a_book_raises_numbers(tmp_path):
    book = make_book(
        '<p>In 1998<span class="CharOverride-3">2</span> and 10<span class="c">6</span>.</p>',
        tmp_path / "a.epub",
    )
    with zipfile.ZipFile(book, "a") as more:
        more.writestr(
            "css/a b.css", ".CharOverride-3 { vertical-align:super; }\np .c { vertical-align: super }"
        )
        page = more.read("a.xhtml").decode()
    link = '<head><link rel="stylesheet" href="css/a%20b.css"/><link rel="stylesheet" href="gone.css"/></head><body>'
    linked = tmp_path / "b.epub"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(linked, "w") as new:
        for name in old.namelist():
            new.writestr(name, page.replace("<body>", link) if name == "a.xhtml" else old.read(name))
    assert read_file(linked).flat().text == "In 1998² and 106."


def test_a_chapter_that_a_book_names_again_is_read_once_and_told(tmp_path):
    book = make_book("<p>Once.</p>", tmp_path / "a.epub", spine='<itemref idref="a"/>' * 3_000)
    reading = read_file(book)
    assert reading.flat().text == "Once."
    assert [note for note in reading.notes if "'a.xhtml' again, up to 3,000 times" in note]


def test_a_part_of_many_megabytes_in_a_small_file_is_refused_in_one_line(tmp_path):
    import random

    words = [f"<w:p><w:r><w:t>{random.Random(n).random()}</w:t></w:r></w:p>" for n in range(200)]
    order = random.Random(0)
    body = "".join(order.choice(words) * 40 for _ in range(52 * 1024 * 1024 // (40 * len(words[0]))))
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
    with pytest.raises(InputError, match=r"a\.docx: .*expands (?:to \d+ MiB from \d+ KiB|more than)[^\n]*$"):
        read_file(path)


@pytest.mark.parametrize(
    "head",
    [
        "<!-- c -->" * 1_000, "<?a?>" * 1_000, "<!DOCTYPE[]>" * 1_000, "<!DOCTYPE html []>" + "<!-- -->" * 1_000, "<!--" * 4_000,
        "<?" * 4_000, "<!DOCTYPE[" * 1_000, " " * 16_000,
    ],
)  # fmt: skip
def test_what_stands_before_the_root_is_passed_over_once(head):
    import aligner.read.xml as xml

    steps = []
    seen = xml._blanks_end
    xml._blanks_end = lambda text, place: steps.append(place) or seen(text, place)
    try:
        found = xml.root_name((head + "<tmx >").encode())
    finally:
        xml._blanks_end = seen
    assert len(steps) <= 2_100
    assert steps == sorted(steps)
    assert found == ("tmx" if head.endswith((">", " ")) else "")


def test_voices_and_marks_of_subtitles_cost_no_more_than_their_length():
    for mark in ("<v", "<v ", "<v " + " " * 50, "♪", "<rt>", "- a. "):
        body = mark * (400_000 // len(mark))
        read_bytes(Source("a.srt", f"1\n00:00:01,000 --> 00:00:02,000\nText {body} end\n".encode()))


# --- the inputs of translators, where they are at hand ---

EXPECTED = {
    "003-superscript-flattened/zh.html": "湖面积约10³平方公里。该校创办于1998²年。",
    "003-superscript-flattened/en.epub": "The mill was built in 1820. It is now a museum.\n1 Another account says that the mill was built in 1822.\nMany tourists visit it every year.",
    "003-superscript-flattened/sup.docx": "面积约为10²平方米，建于1998³年。",
    "009-epub-footnote-aside/zh.epub": "他一九三七年去了陪都。\n[1] 指重庆。\n那年冬天很冷。",
    "010-docx-dropcap/zh.docx": "从前有一位国王。他有三个儿子。\n大儿子很勇敢。",
    "011-docx-deleted-paragraph-mark/en.docx": "The committee met on Monday and approved the budget for the new school.\nThe vote was close.",
    "016-vtt-rolling/en.vtt": "hello everyone and welcome\nto my kitchen\ntoday we bake bread",
    "017-vtt-ruby/ja.vtt": "東京へ行きます。\n明日は休みです。",
    "018-gaiji-alt/ja.epub": "彼は驒山に登った。空は青かった。",
    "022-html-q/zh.html": "他回答“不行”，然后走了。\n大家都很吃惊。",
    "109-epub-two-footnotes/en.epub": "Chapter One\nHe came to Shanghai in 1920.\nHe was only seventeen then.\nSee the interview in our June issue.\nAll figures are from the census.",
}


@pytest.mark.skipif(not CASES.is_dir(), reason="../shared/cases is absent")
@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_that_came_out_wrong_is_read_right(name):
    assert read_file(CASES / name).flat().text == EXPECTED[name]


def test_both_sides_of_a_story_are_as_long_as_before(tmp_path):
    for story in (CHINESE, ENGLISH):
        assert read_file(make_epub([story], tmp_path / "a.epub")).flat().text.split("\n") == list(story)


@pytest.mark.parametrize(
    ("suffix", "head", "piece"),
    [
        (".html", "<p>x</p>", "<a "),
        (".xhtml", "<html xmlns='http://www.w3.org/1999/xhtml'><p>x & y</p>", "<a"),
        (".xhtml", "<html xmlns='http://www.w3.org/1999/xhtml'><p>x & y</p>", "<![CDATA["),
        (".tmx", "<?xml version='1.0'?>", "<!DOCTYPE["),
    ],
)
def test_what_is_opened_a_thousand_times_and_never_closed_takes_linear_time(tmp_path, suffix, head, piece):
    def seconds(count):
        path = tmp_path / f"page{suffix}"
        path.write_text(head + piece * count, encoding="utf-8")
        began = time.process_time()
        with contextlib.suppress(AlignerError):
            check_tmx(path) if suffix == ".tmx" else read_file(path)
        return time.process_time() - began

    seconds(10)  # what is imported when it is first used
    short = min(seconds(10_000) for _ in range(3))
    # Eight times the text: linear is 8, quadratic 64; the rest is room for a busy machine.
    assert seconds(80_000) < 24 * short + 0.2


@pytest.mark.parametrize("attribute", [" a{}=1", 'a{}="1"', "/a{}"])
def test_a_tag_with_more_attributes_than_a_parser_can_compare_is_refused(attribute: str) -> None:
    page = "<p " + "".join(map(attribute.format, range(40_000))) + ">Text.</p>"
    with pytest.raises(InputError, match=r"^a\.html: a tag has [\d,]+ attributes, as no page of text does$"):
        read_bytes(Source("a.html", b"<html>" + page.encode()))


def test_a_long_value_of_an_attribute_is_not_many_attributes(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(f'<p><img src="data:image/png;base64,{"a/=" * 100_000}">Text here.</p>', encoding="utf-8")
    assert "Text here." in str(read_file(path))
