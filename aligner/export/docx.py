"""A bilingual Word document: one table, source left, target right, its head on every page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import deepcopy
from itertools import groupby
from pathlib import Path
from typing import Any

from aligner.bitext import Alignment, Bead
from aligner.bitext import Document as Text
from aligner.export.formatted import BREAK, IMAGE, Stretch, stretches, with_numbers
from aligner.export.options import ExportOptions, is_doubtful
from aligner.export.units import (
    Tally,
    counterpart,
    label,
    moved_note,
    printable,
    side_codes,
    side_text,
    written_lang,
)
from aligner.files import replacing
from aligner.language.tags import is_rtl, primary
from aligner.read.docx import CREATOR, NO_COUNTERPART, NOTE_SIZE

# Word falls back to a Japanese font for Chinese where none is named.
_EAST_ASIAN = {
    "zh-Hans": "Microsoft YaHei",
    "zh-Hant": "Microsoft JhengHei",
    "ja": "Yu Gothic",
    "ko": "Malgun Gothic",
}
# What python-docx calls the formats of letters.
_FONT = {
    "bold": "bold", "italic": "italic", "underlined": "underline", "strike": "strike", "superscript": "superscript",
    "subscript": "subscript",
}  # fmt: skip
_AMBER, _HEAD, _LINE, _BLUE = "FFF0CC", "E9EDF2", "C9CFD6", "1F5AA6"
_LINK = "Hyperlink"
_NUMBER, _SIDE = 1.3, 8.1  # column widths, cm: together the text width of an A4 page with 1.75 cm margins


def write_docx(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """All beads of all alignments, a table each; doubtful rows shaded and marked with a question mark."""
    from docx import Document
    from docx.shared import Cm, Pt

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(1.75)
    page.top_margin = page.bottom_margin = Cm(1.8)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10)
    _add_link_style(document.styles)
    document.core_properties.title = ", ".join(filter(None, map(label, alignments)))[:255]
    document.core_properties.author = CREATOR
    for number, alignment in enumerate(map(with_numbers, alignments)):
        document.add_heading(label(alignment, " → ") or "Alignment", level=1)
        _add_table(document, number, alignment, options)
    # Whole before it is written: where a disk is full, an archive that is cut off would complain on its own.
    whole = io.BytesIO()
    document.save(whole)
    with replacing(path) as (file,):
        file.write(whole.getbuffer())
    tally.units = sum(len(alignment.beads) for alignment in alignments)


def _add_link_style(styles: Any) -> None:
    """Word's own style of links, which readers know to be no formatting of its own."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import RGBColor

    style = styles.add_style(_LINK, WD_STYLE_TYPE.CHARACTER)
    style.font.underline, style.font.color.rgb = True, RGBColor.from_string(_BLUE)


def _add_table(document: Any, number: int, alignment: Alignment, options: ExportOptions) -> None:
    langs = (
        options.src_lang or written_lang(alignment.source.lang, options.script),
        options.tgt_lang or written_lang(alignment.target.lang, options.script),
    )
    table = document.add_table(rows=1, cols=3)
    _frame(table)
    model = _model_row(table, langs)
    _fill(table.rows[0]._tr, ("#", *langs), shade=_HEAD)
    _repeat(table.rows[0]._tr)
    elsewhere = alignment.elsewhere()
    for place, bead in enumerate(alignment.beads):
        notes = options.notes(number, place)
        unsure = bead.is_pair and bead.confidence < options.doubt_below
        doubtful = is_doubtful(bead, bool(notes), options.doubt_below)
        if doubtful and unsure:
            notes = (*notes, f"confidence {bead.confidence:.2f}")
        notes = (*moved_note(counterpart(alignment, bead, elsewhere.get(place), options.script)), *notes)
        row = deepcopy(model)
        _fill(
            row,
            (f"{place + 1}{' ?' if doubtful else ''}", "", ""),
            shade=_AMBER if doubtful else "",
            notes=notes,
        )
        for cell, text, span in zip(
            row.tc_lst[1:], (alignment.source, alignment.target), _spans(bead), strict=True
        ):
            _write_side(document, cell, _side(text, span, options))
        table._tbl.append(row)


def _spans(bead: Bead) -> tuple[tuple[int, int], tuple[int, int]]:
    return (bead.src_start, bead.src_end), (bead.tgt_start, bead.tgt_end)


def _side(text: Text, span: tuple[int, int], options: ExportOptions) -> list[Stretch]:
    """One side of a bead in stretches of one formatting."""
    written = side_text(text, *span, options.script)
    if not written:
        return [Stretch(NO_COUNTERPART)]
    return list(stretches(written, side_codes(text, *span, written, options)))


def _write_side(document: Any, cell: Any, side: Sequence[Stretch]) -> None:
    """Put a side into a cell: its run once for each stretch, links that lead outside, below it what pictures show."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn

    model = cell.find(f".//{qn('w:r')}")
    for picture in (stretch for stretch in side if stretch.mark == IMAGE):
        cell.append(_note(f"picture: {picture.text}"))
    words = [stretch for stretch in side if stretch.mark != IMAGE]
    for link, group in groupby(words, lambda stretch: stretch.link):
        runs = [_run(model, stretch) for stretch in group]
        if link:
            holder = _element("w:hyperlink")
            part = document.part
            holder.set(
                qn("r:id"), part.relate_to(link.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            )
            for run in runs:
                run.get_or_add_rPr().insert(0, _element("w:rStyle", {"val": _LINK}))
            holder.extend(runs)
            runs = [holder]
        for run in runs:
            model.addprevious(run)
    model.getparent().remove(model)


def _run(model: Any, stretch: Stretch) -> Any:
    from docx.oxml.ns import qn
    from docx.text.run import Run

    run = deepcopy(model)
    leaf = run.find(qn("w:t"))
    leaf.text = stretch.text
    leaf.set(qn("xml:space"), "preserve")
    if stretch.mark == BREAK:
        run.replace(leaf, _element("w:br"))
    letters = Run(run, None).font  # type: ignore[arg-type]
    for kind in stretch.faces:
        setattr(letters, _FONT[kind], True)
    return run


def _frame(table: Any) -> None:
    from docx.shared import Cm

    table.autofit = False
    for column, width in zip(table.columns, (_NUMBER, _SIDE, _SIDE), strict=True):
        column.width = Cm(width)
        column.cells[0].width = Cm(width)
    borders = _element("w:tblBorders")
    for edge in ("top", "bottom", "insideH"):
        borders.append(_element(f"w:{edge}", {"val": "single", "sz": "4", "color": _LINE}))
    table._tbl.tblPr.append(borders)


def _model_row(table: Any, langs: tuple[str, str]) -> Any:
    """A row whose cells know their language, font and direction; every other row is a copy."""
    row = table.rows[0]._tr
    row.get_or_add_trPr().append(_element("w:cantSplit"))
    for cell, lang in zip(row.tc_lst, ("en", *langs), strict=True):
        paragraph = cell.p_lst[0]
        properties = paragraph.get_or_add_pPr()
        if is_rtl(lang):
            properties.append(_element("w:bidi"))
        properties.append(_element("w:spacing", {"before": "40", "after": "40"}))
        run = _element("w:r")
        run.append(_run_properties(lang))
        run.append(_element("w:t"))
        paragraph.append(run)
    return deepcopy(row)


def _run_properties(lang: str) -> Any:
    properties = _element("w:rPr")
    font = _east_asian_font(lang)
    if font:
        properties.append(_element("w:rFonts", {"eastAsia": font, "hint": "eastAsia"}))
    if is_rtl(lang):
        properties.append(_element("w:rtl"))
        properties.append(_element("w:lang", {"bidi": lang}))
    else:
        properties.append(_element("w:lang", {"eastAsia" if font else "val": lang}))
    return properties


def _east_asian_font(lang: str) -> str:
    if primary(lang) == "zh":
        traditional = any(part in lang for part in ("Hant", "TW", "HK", "MO"))
        return _EAST_ASIAN["zh-Hant" if traditional else "zh-Hans"]
    return _EAST_ASIAN.get(primary(lang), "")


def _fill(row: Any, texts: Sequence[str], shade: str, notes: Sequence[str] = ()) -> None:
    from docx.oxml.ns import qn

    for cell, text in zip(row.tc_lst, texts, strict=True):
        leaf = cell.find(f".//{qn('w:t')}")
        leaf.text = printable(text)
        leaf.set(qn("xml:space"), "preserve")
        if shade:
            cell.get_or_add_tcPr().append(_element("w:shd", {"val": "clear", "color": "auto", "fill": shade}))
    for note in notes:
        row.tc_lst[-1].append(_note(note))


def _note(note: str) -> Any:
    from docx.oxml.ns import qn

    paragraph, run, properties = _element("w:p"), _element("w:r"), _element("w:rPr")
    properties.append(_element("w:i"))
    properties.append(_element("w:sz", {"val": NOTE_SIZE}))
    leaf = _element("w:t")
    leaf.text = printable(note)
    leaf.set(qn("xml:space"), "preserve")
    run.append(properties)
    run.append(leaf)
    placed = _element("w:pPr")
    placed.append(_element("w:spacing", {"before": "0", "after": "40"}))
    paragraph.append(placed)
    paragraph.append(run)
    return paragraph


def _repeat(row: Any) -> None:
    row.get_or_add_trPr().append(_element("w:tblHeader"))


def _element(name: str, attributes: dict[str, str] | None = None) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in (attributes or {}).items():
        element.set(qn(f"w:{key}"), value)
    return element
