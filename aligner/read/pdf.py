"""PDF: paragraphs rebuilt over lines, columns and pages, from the place of every character."""

from __future__ import annotations

from collections.abc import Sequence

from aligner.read.choice import shortened
from aligner.read.pdf_lines import Line
from aligner.read.pdf_margins import mark_margins
from aligner.read.pdf_paragraphs import Block, paragraphs_of
from aligner.read.pdf_process import Pages, read_pages
from aligner.read.pdf_tables import into_cells
from aligner.read.pdf_words import Habits, write_lines
from aligner.read.reading import Reading, Source, Writing, document
from aligner.text.counted import counted

_BURIED = "what it draws lies too deep, in forms within forms within forms; print it to PDF anew"


def read_pdf(source: Source) -> Reading:
    """The paragraphs of all pages, footnotes after the paragraph that calls them, tables cell by cell.

    Running headers and footers and page numbers are left out, on record, unless their rule is off.
    Raised and lowered digits are written so: 10³, H₂O. Raises `InputError` for a damaged file, one with a
    password, a scan without text, and one that expands beyond all measure.
    """
    pages = read_pages(source)
    lines = [line for page in pages.lines for line in page]
    if not lines:
        raise source.refuse(_why_no_text(pages))
    mark_margins(pages.lines, pages.heights)
    notes = tuple(
        f"{source.name}: no text on {counted(len(numbers), 'page')} ({shortened(map(str, numbers))}){why}"
        for numbers, why in ((pages.pictures, "; scans need OCR first"), (pages.buried, f": {_BURIED}"))
        if numbers
    )
    cells = [into_cells(*page) for page in zip(pages.lines, pages.strokes, strict=True)]
    out = _write(paragraphs_of(cells, pages.heights), lines, source.off)
    return document(source, out.finish(), "pdf", notes=notes)


def _why_no_text(pages: Pages) -> str:
    if pages.pictures:
        return "a scanned PDF without text; its text has to be recognised (OCR) first"
    return f"no text in it: {_BURIED}" if pages.buried else "no text in it: its pages are empty"


def _write(blocks: Sequence[Block], lines: Sequence[Line], off: frozenset[str]) -> Writing:
    habits = Habits.of(lines)
    out = Writing(off=off)
    for block in blocks:
        rule = block.lines[0].rule
        if rule and rule not in off:
            out.drop(block.lines[0].text, rule)
            continue
        if out.pieces:
            out.keep("\n")
        write_lines(out, block.lines, habits)
    return out
