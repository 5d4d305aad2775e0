"""PDF: what stands in the margins, at the foot or above the line goes where it belongs, and hostile files are told."""

from __future__ import annotations

import json
import re
import shutil
import zlib
from collections import Counter
from pathlib import Path

import pytest
from sample_files import CHINESE, ENGLISH, convert_with_libreoffice, lines_of, make_pdf

from aligner.cli.run import main
from aligner.errors import InputError
from aligner.read import Source, read_file
from aligner.read.pdf import read_pdf
from aligner.read.reading import Reading
from aligner.read.rules import RULES

CASES = Path(__file__).parent.parent.parent / "shared" / "cases"
STORY = [
    f"{part} The old library of the town opened its doors again after long repairs, and many people came to see it. "
    f"The director said that the house had kept its look, and that {part.lower()} the garden on the roof is new."
    for part in (
        "Yesterday",
        "Today",
        "Outside",
        "Inside",
        "Upstairs",
        "Below",
        "Beyond",
        "Later",
        "Afterwards",
    )
]
SIZE, PITCH = 11, 14


def page_content(lines: list[tuple[float, float, float, str]]) -> bytes:
    """Lines `(x, y, size, text)` in Helvetica; in the text `{^3}` is raised and `{_2}` lowered."""
    drawn = []
    for x, y, size, text in lines:
        shown = f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n"
        for sign, rise in (("{^", 0.35), ("{_", -0.2)):
            while sign in shown:
                head, _, tail = shown.partition(sign)
                raised, _, tail = tail.partition("}")
                small = f"/F1 {0.6 * size:.1f} Tf {rise * size:.1f} Ts ({raised}) Tj /F1 {size} Tf 0 Ts"
                shown = f"{head}) Tj {small} ({tail}"
        drawn.append(shown)
    return "".join(drawn).encode("cp1252")


def pdf_of(objects: list[bytes]) -> bytes:
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, len(data),
    )  # fmt: skip


FONT = b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<</Length %d /Filter /FlateDecode %s>>\nstream\n%s\nendstream" % (len(packed), entries, packed)


def one_page(
    content: bytes, resources: bytes = b"", more: list[bytes] | None = None, times: int = 1
) -> bytes:
    return pdf_of([
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [%s] /Count %d>>" % (b"3 0 R " * times, times),
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources <</Font <</F1 5 0 R>> %s>>>>" % resources,
        stream(content), FONT, *(more or []),
    ])  # fmt: skip


def book(pages: list[list[tuple[float, float, float, str]]], path: Path, cmap: bytes = b"") -> Path:
    """A PDF of such pages; `cmap` says which characters the font's codes stand for."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [%s] /Count %d>>" % (kids, len(pages)),
        FONT[:-2] + b" /ToUnicode 4 0 R>>" if cmap else FONT,
        stream(cmap),
    ]
    for number, page in enumerate(pages):
        objects.append(
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources <</Font <</F1 3 0 R>>>>>>"
            % (6 + 2 * number)
        )
        objects.append(stream(page_content(page)))
    path.write_bytes(pdf_of(objects))
    return path


def typeset(
    story: list[str], header: str, footer: str, *, gap: float = PITCH, size: float = SIZE, lines: int = 12
):
    """Pages of `lines` lines each, with the header a `gap` above the text and the footer as far below it.

    `{n}` and `{r}` in header and footer are the page's number and its Roman form; `|` parts odd and even pages.
    """
    all_lines = [(line, number == 0) for text in story for number, line in enumerate(lines_of(text, 78))]
    pages = []
    for start in range(0, len(all_lines), lines):
        number = start // lines + 1
        roman = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[number - 1]
        above, below = (
            text.split("|")[(number - 1) % len(text.split("|"))].format(n=number, r=roman)
            for text in (header, footer)
        )
        top = 780.0
        page = [(70.0, top, size, above)] if above else []
        y = top - gap
        for text, first in all_lines[start : start + lines]:
            page.append((84.0 if first else 70.0, y, SIZE, text))
            y -= PITCH
        if below:  # as far above the page's edge on every page
            page.append((70.0, 60.0, size, below))
        pages.append(page)
    return pages


def paragraphs(reading: Reading) -> list[str]:
    return reading.flat().text.split("\n")


def rules(reading: Reading) -> Counter[str]:
    return Counter(edit.rule for edit in reading.flat().edits)


@pytest.mark.parametrize("gap", [PITCH, 24])
@pytest.mark.parametrize(
    "header",
    [
        "Town Library Annual Report",
        "Library Magazine · Spring Issue",
        "LIBRARY NEWS",
        "Town Library|The Garden on the Roof",
    ],
)
@pytest.mark.parametrize("footer", ["Page {n}", "{n}", "- {n} -", "{r}", "{n} / 9", "Library, page {n}", ""])
def test_headers_and_footers_are_left_out_of_paragraphs_that_run_over_pages(tmp_path, header, footer, gap):
    pages = typeset(STORY, header, footer, gap=gap, lines=8)
    reading = read_file(book(pages, tmp_path / "a.pdf"))
    assert len(pages) >= 4
    assert paragraphs(reading) == STORY
    assert sum(rules(reading).values()) == len(pages) * (2 if footer else 1)
    assert set(rules(reading)) <= set(RULES)


def test_a_header_that_one_page_has_goes_where_other_pages_have_theirs(tmp_path):
    pages = typeset(
        STORY, "Town Library|The Garden on the Roof|Town Library", "", gap=40, size=SIZE - 3, lines=12
    )
    assert len(pages) == 3
    reading = read_file(book(pages, tmp_path / "a.pdf"))
    assert paragraphs(reading) == STORY
    assert rules(reading) == {"pdf-running-header": 3}


def test_a_page_number_in_the_header_goes_with_it(tmp_path):
    pages = typeset(STORY, "{n}  Town Library|Town Library  {n}", "", lines=8)
    reading = read_file(book(pages, tmp_path / "a.pdf"))
    assert paragraphs(reading) == STORY


def test_lines_that_only_look_alike_but_for_their_figures_stay(tmp_path):
    story = [f"In the year {1900 + 7 * n} the company built {3 + n} new bridges." for n in range(60)]
    reading = read_file(book(typeset(story, "Bridge Company", "", lines=20), tmp_path / "a.pdf"))
    assert reading.flat().text.replace("\n", " ") == " ".join(story)


def test_a_rule_that_is_switched_off_leaves_its_lines_in_the_text(tmp_path):
    path = book(typeset(STORY, "Town Library", "Page {n}"), tmp_path / "a.pdf")
    kept = read_pdf(Source(str(path), path.read_bytes(), off=frozenset({"pdf-page-number"})))
    assert [line for line in paragraphs(kept) if line.startswith("Page ")] == ["Page 1", "Page 2", "Page 3"]
    assert rules(kept) == {"pdf-running-header": 3}


RADICAL = (
    b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <40> <2F08> endbfchar endcmap"
)


@pytest.mark.parametrize(
    ("rule", "off", "on"),
    [
        ("pdf-running-header", "Town Library", ""),
        ("pdf-page-number", "Page 2", ""),
        ("pdf-hyphen", "li-brary", "library"),
        ("pdf-glyph", "\u2f08", "人"),
    ],
)
def test_each_rule_is_switched_off_by_its_name(tmp_path, capsys, rule, off, on):
    divided = (
        "The word @ is in the minutes of the council, which lie in the old town li- brary, and there only."
    )
    pages = typeset([divided, *STORY], "Town Library", "Page {n}")
    path = book(pages, tmp_path / "a.pdf", RADICAL)
    texts = []
    for switches in ([], ["--no-clean", rule]):
        assert main(["clean", str(path), "--json", *switches]) == 0
        recorded = {row["rule"] for row in json.loads(capsys.readouterr().out)}
        assert (rule in recorded) is not bool(switches)
        texts.append(read_file(path, off=switches[1:]).flat().text)
    assert off not in texts[0]
    assert on in texts[0]
    assert off in texts[1]


@pytest.mark.parametrize("size", [SIZE, 8])
def test_a_footnote_follows_the_paragraph_that_calls_it(tmp_path, size):
    story = [*STORY[:3], STORY[3].replace("many people", "many{^1} people"), *STORY[4:]]
    pages = typeset(story, "Town Library", "Page {n}", size=SIZE)
    foot = [(70.0, 100.0, size, "1 According to the minutes of the town council of that year, which are kept"),
            (70.0, 100.0 - 1.2 * size, size, "in the archive of the town.")]  # fmt: skip
    pages[0][-1:-1] = foot
    reading = read_file(book(pages, tmp_path / "a.pdf"))
    note = "1 According to the minutes of the town council of that year, which are kept in the archive of the town."
    called = STORY[3].replace("many people", "many¹ people")
    assert paragraphs(reading) == [*STORY[:3], called, note, *STORY[4:]]


RAISED = [
    "The lake covers about 10{^3} square kilometres and its deepest point lies 45 metres below",
    "the surface. The school on its eastern shore was founded in 1998{^2} and now has four",
    "hundred pupils from the villages around the lake. Water, H{_2}O, covers most of it. See the",
    "report.{^12} In winter the ice is thick enough, at 10{^-4} of the cost, for skating and for games.",
]


@pytest.mark.parametrize("y", [700.0, 90.0])
def test_raised_and_lowered_digits_stay_in_their_paragraph(tmp_path, y):
    page = [(70.0, y - PITCH * number, SIZE, line) for number, line in enumerate(RAISED)]
    reading = read_file(book([page], tmp_path / "a.pdf"))
    assert paragraphs(reading) == [
        "The lake covers about 10³ square kilometres and its deepest point lies 45 metres below the surface. "
        "The school on its eastern shore was founded in 1998² and now has four hundred pupils from "
        "the villages around the lake. "
        "Water, H₂O, covers most of it. See the report.¹² In winter the ice is thick enough, at 10⁻⁴ of the cost, for "
        "skating and for games."
    ]
    edits = reading.flat().edits
    assert {edit.rule for edit in edits} == {"superscript"}
    assert "".join(edit.found for edit in edits) == "32212-4"


def test_raised_digits_stand_in_the_line_where_their_rule_is_off(tmp_path):
    page = [(70.0, 700.0 - PITCH * number, SIZE, line) for number, line in enumerate(RAISED)]
    reading = read_file(book([page], tmp_path / "a.pdf"), off=["superscript"])
    assert "about 103 square" in reading.flat().text
    assert "Water, H2O, covers" in reading.flat().text
    assert not reading.flat().edits


HYPHENS = [
    (
        ["He makes a sug-", "gestion that may be-", "come im-", "portant."],
        "He makes a suggestion that may become important.",
    ),
    (["He bought a 25,000-", "acre ranch."], "He bought a 25,000-acre ranch."),
    (["The e-", "commerce of today."], "The e-commerce of today."),
    (["A well-known fact is a well-", "known one."], "A well-known fact is a well-known one."),
    (["The Jean-", "Pierre of our story."], "The Jean-Pierre of our story."),
    (["Seen from 1990-", "1995 and later."], "Seen from 1990-1995 and later."),
    (["The government is a govern-", "ment of laws."], "The government is a government of laws."),
    (["It took a year -", "or even two."], "It took a year - or even two."),
]


@pytest.mark.parametrize(("lines", "text"), HYPHENS)
def test_a_hyphen_at_a_lines_end_goes_where_it_divides_a_word(tmp_path, lines, text):
    page = [(70.0, 700.0 - PITCH * number, SIZE, line) for number, line in enumerate(lines)]
    wide = (70.0, 700.0 + PITCH, SIZE, "This line is as wide as the column in which the others stand.")
    reading = read_file(book([[wide, *page]], tmp_path / "a.pdf"))
    assert reading.flat().text.replace("\n", " ").endswith(text)


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not beside the project")
def test_pdfs_of_a_word_processor_give_whole_sentences():
    for lang, words in (
        ("en", ("suggests", "25,000-acre", "diabetes", "desire to", "patient's", "confirm")),
        ("zh", ("Petopia.com", "1860年", "15分钟")),
    ):
        text = read_file(CASES / "105-pdf-hyphens" / f"{lang}.pdf").flat().text
        assert [word for word in words if word not in text] == []
        reading = read_file(CASES / "104-pdf-running-headers" / f"{lang}.pdf")
        pages = {"en": 5, "zh": 3}[lang]
        assert rules(reading) == {"pdf-running-header": pages, "pdf-page-number": pages}


def nested_forms(depth: int) -> bytes:
    """A form that draws another one ten times, and so on."""
    text = b"BT /F1 10 Tf 70 700 Td (The lake covers ten square kilometres.) Tj ET\n"
    forms = []
    for level in range(depth):
        last = level == depth - 1
        inner = b"" if last else b" /XObject <</X %d 0 R>>" % (7 + level)
        entries = (
            b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources <</Font <</F1 5 0 R>>%s>>" % inner
        )
        forms.append(stream(text * 10 if last else b"/X Do\n" * 10, entries))
    return one_page(b"/X Do\n" * 10, b"/XObject <</X 6 0 R>>", forms)


HOSTILE = {
    "forms nested six deep": lambda: nested_forms(6),
    "a stream of 56 MB": lambda: one_page(
        b"BT /F1 9 Tf 70 700 Td (The lake covers a lot.) Tj ET\n" * 1_050_000
    ),
    "one page 2,000 times": lambda: one_page(
        page_content([(70, 700 - 12 * n, 9, STORY[0][:90]) for n in range(50)]), times=2000
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_pdf_that_expands_beyond_measure_is_one_clear_line(tmp_path, name):
    path = tmp_path / "a.pdf"
    path.write_bytes(HOSTILE[name]())
    with pytest.raises(InputError, match=r"a\.pdf: .*(size|fail)") as caught:
        read_file(path)
    assert "\n" not in str(caught.value)


def test_a_form_used_a_few_times_is_read(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(nested_forms(1))
    assert "The lake covers ten square kilometres." in read_file(path).flat().text


FLAT_ODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:styles>
<style:style style:name="P" style:family="paragraph">
<style:paragraph-properties fo:text-align="justify" fo:text-indent="0.4cm" fo:hyphenation-ladder-count="no-limit"/>
<style:text-properties fo:font-size="10pt" fo:hyphenate="true" fo:language="en" fo:country="US"
 fo:hyphenation-remain-char-count="2" fo:hyphenation-push-char-count="2"/></style:style>
<style:style style:name="F" style:family="paragraph"><style:text-properties fo:font-size="8pt"/></style:style>
</office:styles>
<office:automatic-styles>
<style:style style:name="S" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="C" style:family="section"><style:section-properties>
<style:columns fo:column-count="COLUMNS" fo:column-gap="0.6cm"><style:column style:rel-width="1*"/>
<style:column style:rel-width="1*"/></style:columns></style:section-properties></style:style>
<style:page-layout style:name="L"><style:page-layout-properties fo:page-width="16cm" fo:page-height="20cm"
 fo:margin="1.5cm" style:num-format="i"/><style:header-style/><style:footer-style/></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="L">
<style:header><text:p>Magazine · 春季号</text:p></style:header>
<style:header-left><text:p>The Garden · 屋顶花园</text:p></style:header-left>
<style:footer><text:p><text:page-number text:select-page="current">1</text:page-number></text:p></style:footer>
</style:master-page></office:master-styles>
<office:body><office:text>
<text:section text:style-name="C" text:name="s">BODY</text:section></office:text></office:body>
</office:document>"""
NOTE = (
    '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
    '<text:p text:style-name="F">{}</text:p></text:note-body></text:note>'
)
RAISED_THREE = '10<text:span text:style-name="S">3</text:span>'


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize(
    ("story", "columns"), [(CHINESE, 1), (ENGLISH, 1), (ENGLISH, 2)], ids=["zh", "en", "en in two columns"]
)
def test_a_journal_printed_by_libreoffice_gives_its_paragraphs_and_footnotes(tmp_path, story, columns):
    marks = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉" if story is CHINESE else "ABCDEFGHIJKLMNOP"
    blank = "" if story is CHINESE else " "
    long = [f"{mark}. 10³{blank}{paragraph}" for mark in marks for paragraph in story[1:]]
    body, expected, number = "", [], 0
    for at, paragraph in enumerate(long):
        shown = paragraph.replace("10³", RAISED_THREE)
        if at % 7 == 3:
            number += 1
            shown += NOTE.format(f"See the minutes, {marks[number]}, page {7 * number * number}.")
            expected += [
                paragraph + str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")),
                f"{number} See the minutes, {marks[number]}, page {7 * number * number}.",
            ]
        else:
            expected.append(paragraph)
        body += f'<text:p text:style-name="P">{shown}</text:p>'
    (tmp_path / "a.fodt").write_text(
        FLAT_ODT.replace("COLUMNS", str(columns)).replace("BODY", body), encoding="utf-8"
    )
    reading = read_file(convert_with_libreoffice(tmp_path / "a.fodt", "pdf", tmp_path))
    found = [re.sub(r"^(\d+)(?=See)", r"\1 ", line) for line in paragraphs(reading)]
    assert found == expected
    assert len(found) == len(expected)
    assert rules(reading)["pdf-running-header"] == rules(reading)["pdf-page-number"] >= 4


def test_the_second_line_of_a_running_header_goes_with_the_first_though_it_reaches_into_the_page(tmp_path):
    text = [
        f"Lighthouse number {n} was surveyed in the stormy winter of that year by engineers"
        for n in range(60)
    ]
    pages = [
        [
            (72, 745, 11, "Report of the Harbour Commission on the State of"), (72, 729, 11, "the Northern Lights"),
            *((72, 690 - 14 * at, 11, line) for at, line in enumerate(text[20 * page : 20 * page + 20])),
        ]
        for page in range(3)
    ]  # fmt: skip
    reading = read_file(make_pdf(pages, tmp_path / "a.pdf"))
    assert rules(reading) == {"pdf-running-header": 6}
    assert "Northern" not in reading.flat().text
    assert reading.flat().text.count("Lighthouse") == 60
