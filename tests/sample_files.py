# ruff: noqa: E501 - long lines are sample text
"""Sample documents in every format, made with the programs' and libraries' own writers. One function a format."""

from __future__ import annotations

import csv
import html
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

Paragraphs = Sequence[str]
Rows = Sequence[Sequence[str]]

# A news story of our own, a paragraph a line; both sides have the same number of paragraphs.
CHINESE = (
    "老城图书馆重新开放",
    "经过两年修缮，老城图书馆昨天重新向公众开放。上午九点，门前已经排起了长队，许多家长带着孩子来借书。",
    "馆长告诉记者，这次修缮没有改变建筑原来的样子，只是把旧书库改成了阅览室，又在楼顶种了花草。“我们希望大家在这里多坐一会儿，”"
    "她说，“看书不必着急。”",
    "图书馆现有藏书四十二万册，其中三千多册是地方志和手稿。读者可以在网上预约，也可以直接到馆查阅。",
    "当天下午，一位八十岁的老人在儿童区给孩子们讲故事。他年轻时在这里工作过三十年，对每一个书架都很熟悉。",
    "新的开放时间是每天上午九点到晚上九点，星期一闭馆。",
)
ENGLISH = (
    "Old town library opens again",
    "After two years of repairs, the old town library opened its doors to the public again yesterday. At nine in the "
    "morning a long queue had already formed outside, and many parents had brought their children to borrow books.",
    "The director told our reporter that the repairs had not changed the look of the building; the old stacks had "
    "simply become a reading room, and flowers had been planted on the roof. “We hope that people will stay a little "
    "longer,” she said. “There is no need to hurry when you read.”",
    "The library now holds 420,000 volumes, more than three thousand of them local chronicles and manuscripts. Readers "
    "can reserve them online or come and consult them in person.",
    "In the afternoon an old man of eighty told stories to the children in their corner. He had worked here for thirty "
    "years when he was young, and he knew every single shelf.",
    "The new opening hours are nine in the morning to nine in the evening, every day except Monday.",
)


def make_txt(paragraphs: Paragraphs, path: Path, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join(paragraphs).encode(encoding))
    return path


def make_markdown(paragraphs: Paragraphs, path: Path) -> Path:
    path.write_text(f"# {paragraphs[0]}\n\n" + "\n\n".join(paragraphs[1:]) + "\n", encoding="utf-8")
    return path


def html_page(paragraphs: Paragraphs, charset: str = "utf-8") -> str:
    body = "\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs[1:])
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="{charset}"><title>Some newspaper</title></head><body>\n'
        '<nav><ul><li><a href="/">Start</a></li><li><a href="/a">News</a></li><li><a href="/b">Sport</a></li></ul></nav>\n'
        f"<article><h1>{html.escape(paragraphs[0])}</h1>\n{body}\n</article>\n<footer>Imprint</footer></body></html>"
    )


def make_html(paragraphs: Paragraphs, path: Path, encoding: str = "utf-8") -> Path:
    path.write_bytes(html_page(paragraphs, encoding).encode(encoding))
    return path


def make_docx(paragraphs: Paragraphs, path: Path) -> Path:
    import docx

    document = docx.Document()
    document.add_heading(paragraphs[0], 1)
    for paragraph in paragraphs[1:]:
        document.add_paragraph(paragraph)
    document.save(str(path))
    return path


def make_docx_table(rows: Rows, path: Path) -> Path:
    import docx

    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]))
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            cell.text = text
    document.save(str(path))
    return path


def make_epub(chapters: Sequence[Paragraphs], path: Path) -> Path:
    """EPUB 3 with a navigation document, a chapter a page."""
    pages = {
        f"c{number}.xhtml": '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>'
        + f"<h1>{html.escape(chapter[0])}</h1>"
        + "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in chapter[1:])
        + "</body></html>"
        for number, chapter in enumerate(chapters)
    }
    pages["nav.xhtml"] = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Contents</title>'
        '</head><body><nav epub:type="toc"><ol><li><a href="c0.xhtml">Start</a></li></ol></nav></body></html>'
    )
    items = "".join(
        f'<item id="{name[:-6]}" href="text/{name}" media-type="application/xhtml+xml"'
        + (' properties="nav"/>' if name == "nav.xhtml" else "/>")
        for name in reversed(pages)
    )
    spine = '<itemref idref="nav"/>' + "".join(
        f'<itemref idref="c{number}"/>' for number in range(len(chapters))
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile '
            'full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        book.writestr(
            "OPS/book.opf",
            f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest>{items}</manifest><spine>{spine}</spine>'
            "</package>",
        )
        for name, page in pages.items():
            book.writestr(f"OPS/text/{name}", page)
    return path


def make_srt(cues: Sequence[tuple[float, float, str]], path: Path, encoding: str = "utf-8") -> Path:
    blocks = [
        f"{number}\n{_clock(start)} --> {_clock(end)}\n{text}\n"
        for number, (start, end, text) in enumerate(cues, 1)
    ]
    path.write_bytes("\n".join(blocks).encode(encoding))
    return path


def make_vtt(cues: Sequence[tuple[float, float, str]], path: Path) -> Path:
    blocks = [f"{_clock(a, '.')} --> {_clock(b, '.')} align:start\n{text}\n" for a, b, text in cues]
    path.write_text("WEBVTT\n\nNOTE made for a test\n\n" + "\n".join(blocks), encoding="utf-8")
    return path


def make_ass(cues: Sequence[tuple[float, float, str]], path: Path) -> Path:
    """Events out of order, with styles, tags and a comment."""
    head = "[Script Info]\nTitle: made for a test\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n"
    events = [
        f"Dialogue: 0,{_clock(a, '.')[1:-1]},{_clock(b, '.')[1:-1]},Default,Ann,0,0,0,,{{\\i1}}{text}{{\\i0}}"
        for a, b, text in cues
    ]
    names = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
    path.write_text("\n".join([f"{head}[Events]", names, *reversed(events), ""]), encoding="utf-8-sig")
    return path


def make_ttml(cues: Sequence[tuple[float, float, str]], path: Path) -> Path:
    lines = "".join(f'<p begin="{_clock(a, ".")}" end="{b}s">{html.escape(text)}</p>' for a, b, text in cues)
    path.write_text(
        f'<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml"><head/><body><div>{lines}</div></body></tt>',
        encoding="utf-8",
    )
    return path


def _clock(seconds: float, point: str = ",") -> str:
    whole = int(seconds)
    return (
        f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{point}{round((seconds - whole) * 1000):03}"
    )


def make_xlsx(rows: Rows, path: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def make_csv(rows: Rows, path: Path, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def make_tsv(rows: Rows, path: Path, encoding: str = "utf-8") -> Path:
    return make_csv(rows, path, encoding, "\t")


def make_tmx(
    rows: Rows, path: Path, langs: Sequence[str] = ("zh-CN", "en-US"), encoding: str = "utf-8"
) -> Path:
    from lxml import etree

    root = etree.Element("tmx", version="1.4")
    etree.SubElement(
        root, "header", creationtool="test", creationtoolversion="1", segtype="sentence", adminlang="en", srclang=langs[0],
        datatype="plaintext", **{"o-tmf": "test"},
    )  # fmt: skip
    body = etree.SubElement(root, "body")
    for row in rows:
        unit = etree.SubElement(body, "tu")
        for lang, text in zip(langs, row, strict=True):
            variant = etree.SubElement(unit, "tuv", {"{http://www.w3.org/XML/1998/namespace}lang": lang})
            etree.SubElement(variant, "seg").text = text
    path.write_bytes(
        etree.tostring(
            root, xml_declaration=True, encoding=encoding, doctype='<!DOCTYPE tmx SYSTEM "tmx14.dtd">'
        )
    )
    return path


def make_xliff12(rows: Rows, path: Path) -> Path:
    from lxml import etree

    root = etree.Element("xliff", version="1.2", nsmap={None: "urn:oasis:names:tc:xliff:document:1.2"})
    file = etree.SubElement(
        root,
        "file",
        original="a",
        datatype="plaintext",
        **{"source-language": "zh-CN", "target-language": "en"},
    )
    body = etree.SubElement(file, "body")
    for number, (source, target) in enumerate(rows):
        unit = etree.SubElement(body, "trans-unit", id=str(number))
        etree.SubElement(unit, "source").text = source
        etree.SubElement(unit, "target").text = target
    return _save_in_namespace(root, path)


def make_bilingual(rows: Rows, path: Path) -> Path:
    """XLIFF 1.2 as Trados (`.sdlxliff`) and memoQ (`.mqxliff`) write it, with what is their own around it."""
    is_trados = path.suffix == ".sdlxliff"
    units = []
    for number, (source, target) in enumerate(rows, 1):
        first, second = html.escape(source, quote=False), html.escape(target, quote=False)
        if is_trados:
            mark = f'<mrk mtype="seg" mid="{number}">'
            units.append(
                f'<trans-unit id="u{number}"><source>{first}</source><seg-source>{mark}{first}</mrk></seg-source>'
                f'<target>{mark}{second}</mrk></target><sdl:seg-defs><sdl:seg id="{number}" conf="Translated"/></sdl:seg-defs></trans-unit>'
            )
        else:
            units.append(
                f'<trans-unit id="{number}" mq:status="Confirmed" mq:segmentguid="g{number}">'
                f'<source xml:space="preserve">{first}</source><target xml:space="preserve">{second}</target>'
                "<mq:minorversions/></trans-unit>"
            )
    own = (
        'xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0" sdl:version="1.0"'
        if is_trados
        else 'xmlns:mq="MQXliff"'
    )
    head = '<header><file-info xmlns="http://sdl.com/FileTypes/SdlXliff/1.0"/></header>' if is_trados else ""
    path.write_text(
        f'\ufeff<?xml version="1.0" encoding="utf-8"?><xliff {own} xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">'
        f'<file original="a.docx" datatype="x-sdlfilterframework2" source-language="zh-CN" target-language="en-US">{head}'
        f"<body>{''.join(units)}</body></file></xliff>",
        encoding="utf-8",
    )
    return path


def make_xliff20(rows: Rows, path: Path) -> Path:
    from lxml import etree

    root = etree.Element(
        "xliff",
        version="2.0",
        srcLang="zh-CN",
        trgLang="en",
        nsmap={None: "urn:oasis:names:tc:xliff:document:2.0"},
    )
    file = etree.SubElement(root, "file", id="f")
    for number, (source, target) in enumerate(rows):
        unit = etree.SubElement(etree.SubElement(file, "unit", id=str(number)), "segment")
        etree.SubElement(unit, "source").text = source
        etree.SubElement(unit, "target").text = target
    return _save_in_namespace(root, path)


def _save_in_namespace(root, path: Path) -> Path:
    """lxml writes children of another namespace with `xmlns=""`; parse what was meant."""
    from lxml import etree

    namespace = root.nsmap[None]
    for element in root.iter():
        element.tag = f"{{{namespace}}}{etree.QName(element).localname}"
    path.write_bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
    return path


def lines_of(text: str, width: int) -> list[str]:
    """A paragraph as lines of at most `width` characters."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def make_pdf(pages: Sequence[Sequence[tuple[float, float, float, str]]], path: Path) -> Path:
    """A PDF written by hand: on each page Latin lines `(x, y, size, text)` in Helvetica on A4."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for lines in pages:
        content = "".join(
            f"BT /F1 {size} Tf {x} {y} Td ({_pdf_string(text)}) Tj ET\n" for x, y, size, text in lines
        )
        objects.append(f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}endstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\n".encode()
    path.write_bytes(data + f"startxref\n{data.rfind(b'xref')}\n%%EOF\n".encode())
    return path


def print_with_chromium(page: Path, path: Path) -> Path:
    """Print an HTML page to PDF as a user does, with Chromium's own header and footer."""
    subprocess.run(
        [
            shutil.which("chromium") or "chromium", "--headless", "--no-sandbox", "--disable-gpu",
            f"--user-data-dir={path.parent / 'chromium'}", f"--print-to-pdf={path}", page.as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return path


def convert_with_libreoffice(document: Path, suffix: str, folder: Path) -> Path:
    """Save a document in another format with LibreOffice."""
    subprocess.run(
        [
            shutil.which("soffice") or "soffice", f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless",
            "--convert-to", suffix, "--outdir", str(folder), str(document),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return folder / f"{document.stem}.{suffix.partition(':')[0]}"


def _pdf_string(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
