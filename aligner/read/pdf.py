"""PDF: paragraphs rebuilt over lines, columns and pages, from the place of every character."""

from __future__ import annotations

from collections.abc import Sequence

from aligner.read.pdf_lines import Line
from aligner.read.pdf_margins import mark_margins
from aligner.read.pdf_paragraphs import Block, paragraphs_of
from aligner.read.pdf_process import read_pages
from aligner.read.pdf_tables import into_cells
from aligner.read.pdf_words import Habits, write_lines
from aligner.read.reading import Reading, Source, Writing, document


def read_pdf(source: Source) -> Reading:
    """The paragraphs of all pages, footnotes after the paragraph that calls them, tables cell by cell.

    Running headers and footers and page numbers are left out, on record, unless their rule is off.
    Raised and lowered digits are written so: 10³, H₂O. Raises `InputError` for a damaged file, one with a
    password, a scan without text, and one that expands beyond all measure.
    """
    pages = read_pages(source)
    lines = [line for page in pages.lines for line in page]
    if not lines:
        raise source.refuse("a scanned PDF without text; its text has to be recognised (OCR) first")
    mark_margins(pages.lines, pages.heights)
    numbers = ", ".join(map(str, pages.pictures))
    notes = (f"{source.name}: no text on page(s) {numbers}; scans need OCR first",) if numbers else ()
    cells = [into_cells(*page) for page in zip(pages.lines, pages.strokes, strict=True)]
    out = _write(paragraphs_of(cells, pages.heights), lines, source.off)
    return document(source, out.finish(), "pdf", notes=notes)


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
