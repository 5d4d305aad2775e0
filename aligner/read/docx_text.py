"""The running text of a Word document: paragraphs, runs, revisions, fields, raised text, ruby."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from aligner.read.docx_fields import Field, Marks, complete_fields
from aligner.read.docx_format import faces_of_run, field_format, link_of, lone_code, settings_of, shift
from aligner.read.docx_structure import DocxOutline, Outlines
from aligner.read.formatting import Format, Formatting, face
from aligner.read.raised import LONGEST, fractions, put, write_lowered, write_raised
from aligner.read.reading import Writing
from aligner.read.xml import attribute, local_name
from aligner.text.codes import Code
from aligner.text.edits import EditedText

_LEFT_OUT = {"del": "docx-deleted", "moveFrom": "docx-deleted", "rt": "ruby-gloss"}
_CHARACTERS = {
    "tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad",
}  # fmt: skip
# Beside the text in the document: settings, a drawing's second copy for old programs.
_SILENT = frozenset(
    {"pPr", "rPr", "tblPr", "tcPr", "trPr", "sdtPr", "sdtEndPr", "sectPr", "Fallback", "rubyPr", "fldData"}
)
_BOUNDARIES = frozenset({"tc", "tbl", "txbxContent"})
_DROP_CAPS = ("drop", "margin")


@dataclass(frozen=True, slots=True)
class Ways:
    """How a document is read: the rules that are off, the styles that raise, lower or hide text or give it a face,
    the addresses of the part's links, what styles and lists say."""

    off: frozenset[str] = frozenset()
    shifts: Mapping[str, str] = field(default_factory=dict)
    faces: Mapping[str, frozenset[str]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    outlines: Outlines = field(default_factory=Outlines)

    def applies(self, rule: str) -> bool:
        """Whether `rule` is not switched off."""
        return rule not in self.off


@dataclass(slots=True)
class Story:
    """The document under way: paragraphs end with a line break, text boxes wait for their paragraph's end."""

    ways: Ways
    out: Writing
    marks: Marks
    formatting: Formatting
    structure: DocxOutline
    boxes: list[Any] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    around: list[Format] = field(default_factory=list)  # the links and fields that are open
    faces: tuple[Format, ...] = ()  # those of the run

    @classmethod
    def of(cls, ways: Ways, root: Any) -> Story:
        """An empty story for what stands under `root`."""
        out = Writing(off=ways.off)
        marks = Marks() if root is None else complete_fields(root)
        return cls(ways, out, marks, Formatting(out), DocxOutline(ways.outlines))

    def keep(self, text: str) -> None:
        """Add `text` with the formats that it has here."""
        if text:
            self.formatting.open((*self.around, *self.faces))
            self.out.keep(text)

    def leave(self, around: Format) -> None:
        """What follows is behind a link or field."""
        if around in self.around:
            self.around.remove(around)

    def mark(self, element: Any, written: str = "") -> None:
        """Add what stands alone in a run, which is `written`."""
        code = lone_code(element, written)
        if code and not any(field.reads for field in self.fields):
            self.formatting.close((*self.around, *self.faces))
            self.out.mark(code)
        self.out.keep(written)

    def end_paragraph(self) -> None:
        """Begin a new line where the last one has text."""
        self.formatting.close()
        if self.out.pieces and not self.out.pieces[-1].endswith("\n"):
            self.out.keep("\n")

    def finish(self) -> EditedText:
        """The text without the break after the last paragraph."""
        out = self.out
        if out.pieces and out.pieces[-1].endswith("\n"):
            out.pieces[-1] = out.pieces[-1][:-1]
            out.edits = [
                edit if edit.at < out.length else type(edit)(out.length - 1, edit.found, "", edit.rule)
                for edit in out.edits
            ]
            out.length -= 1
            out.codes = [_within(code, out.length) for code in out.codes]
        text = out.finish()
        return text.replace(fractions(text.text), "superscript") if self.ways.applies("superscript") else text


def _within(code: Code, length: int) -> Code:
    if code.end <= length:
        return code
    at = min(code.at, length)
    return replace(code, at=at, length=length - at)


def text_of(elements: list[Any], ways: Ways) -> EditedText:
    """The text of some elements on their own."""
    story = Story.of(ways, elements[0] if elements else None)
    for element in elements:
        if local_name(element) == "p":
            write_paragraph(story, element)
        else:
            write_blocks(story, element)
    return story.finish()


def write_blocks(story: Story, element: Any) -> None:
    """The paragraphs under `element`, through tables, controls and revisions."""
    for child in element:
        name = local_name(child)
        if name == "p":
            write_paragraph(story, child)
        elif name in _LEFT_OUT and story.ways.applies(_LEFT_OUT[name]):
            story.out.drop("".join(child.itertext()), _LEFT_OUT[name])
        elif name and name not in _SILENT:
            write_blocks(story, child)
            if name in _BOUNDARIES:
                story.end_paragraph()


def write_paragraph(story: Story, paragraph: Any) -> None:
    """A paragraph with its end; a drop cap and a paragraph whose end was deleted go on in the next."""
    before, codes = story.out.length, len(story.out.codes)
    settings = settings_of(paragraph, "pPr")
    story.structure.begin_paragraph(settings)
    part = story.structure.outline.waiting
    _write_runs(story, paragraph)
    if story.out.length == before:  # what stands alone in a paragraph is beside no text
        del story.out.codes[codes:]
    elif part:
        story.structure.outline.end_part()
        story.out.codes.insert(codes, replace(part, at=before))
    story.around.clear()
    frame = settings.get("framePr")
    if frame is not None and attribute(frame, "dropCap") in _DROP_CAPS:
        return
    if _is_deleted(settings) and story.ways.applies("docx-deleted"):
        story.out.drop_break("docx-deleted")
    else:
        story.end_paragraph()
    boxes, story.boxes = story.boxes, []
    for box in boxes:
        write_blocks(story, box)
        story.end_paragraph()


def _is_deleted(settings: dict[str, Any]) -> bool:
    marks = settings.get("rPr")
    return marks is not None and any(local_name(mark) in ("del", "moveFrom") for mark in marks)


def _shift_of_run(element: Any, ways: Ways) -> str:
    if local_name(element) != "r":
        return ""
    style = settings_of(element, "rPr").get("rStyle")
    return shift(element) or (ways.shifts.get(attribute(style, "val"), "") if style is not None else "")


def _write_runs(story: Story, element: Any) -> None:
    for moved, group in groupby(element, lambda child: _shift_of_run(child, story.ways)):
        runs = list(group)
        if moved == "vanish" and story.ways.applies("docx-hidden"):
            for run in runs:
                story.out.drop("".join(run.itertext()), "docx-hidden")
        elif moved in ("superscript", "subscript") and _is_plain(runs) and not story.fields:
            _write_shifted(story, runs, moved)
        else:
            for child in runs:
                _write_inline(story, child)


def _is_plain(runs: list[Any]) -> bool:
    """Whether runs hold nothing but a short text."""
    names = {local_name(part) for run in runs for part in run if local_name(part) != "rPr"}
    return names == {"t"} and 0 < len("".join(map(_text_in, runs)).strip()) <= LONGEST


def _text_in(run: Any) -> str:
    return "".join(part.text or "" for part in run.iter() if local_name(part) == "t")


def _write_shifted(story: Story, runs: list[Any], moved: str) -> None:
    text = "".join(map(_text_in, runs))
    after = next(filter(None, (_text_in(sibling) for sibling in runs[-1].itersiblings())), "")
    raised = moved == "superscript"
    written = write_raised(text, "".join(story.out.pieces[-3:]), after) if raised else write_lowered(text)
    stays = written is None or not story.ways.applies(written.rule)
    faces = faces_of_run(runs[0], story.ways.faces) + ((face(moved),) if stays else ())
    if stays or (written and written.text):
        story.formatting.open((*story.around, *faces))
    put(story.out, text, written)


def _write_inline(story: Story, child: Any) -> None:
    name = local_name(child)
    if name in ("t", "delText"):
        _write_text(story, "".join(child.itertext()))
    elif name in _CHARACTERS:
        story.mark(child, _CHARACTERS[name])
    elif name in _LEFT_OUT and story.ways.applies(_LEFT_OUT[name]):
        story.out.drop("".join(child.itertext()), _LEFT_OUT[name])
    elif name == "ruby":
        _write_ruby(story, child)
    elif name == "sym":
        story.out.drop(_symbol(child), "docx-symbol")
    elif name == "txbxContent":
        story.boxes.append(child)
    elif name in ("fldChar", "instrText"):
        _write_field(story, child)
    elif name in ("sSup", "sSub"):
        _write_formula(story, child)
    elif name == "r":
        _write_run(story, child)
    elif name in ("hyperlink", "fldSimple"):
        is_link = name == "hyperlink"
        around = (
            link_of(child, story.ways.links) if is_link else field_format(attribute(child, "instr"), child)
        )
        story.around.append(around)
        _write_runs(story, child)
        story.leave(around)
    elif name and name not in _SILENT:
        story.mark(child)
        _write_runs(story, child)


def _write_run(story: Story, run: Any) -> None:
    moved = _shift_of_run(run, story.ways)
    faces = faces_of_run(run, story.ways.faces)
    story.faces = (*faces, face(moved)) if moved in ("superscript", "subscript") else faces
    _write_runs(story, run)
    story.faces = ()


def _write_ruby(story: Story, ruby: Any) -> None:
    """The base, then its reading, which stands first in the file."""
    for part in sorted(ruby, key=lambda part: local_name(part) == "rt"):
        kept = local_name(part) == "rt" and not story.ways.applies("ruby-gloss")
        story.out.keep("（" if kept else "")
        _write_inline(story, part)
        story.out.keep("）" if kept else "")


def _write_text(story: Story, text: str) -> None:
    if any(field.reads for field in story.fields):
        story.out.drop(text, "docx-field")
    else:
        story.keep(text)


def _write_field(story: Story, child: Any) -> None:
    if local_name(child) == "instrText":
        if story.fields:
            story.fields[-1].code += child.text or ""
        return
    kind = attribute(child, "fldCharType")
    if child not in story.marks.whole:
        return
    if kind == "begin":
        story.fields.append(Field(child))
    elif kind == "separate":
        field = story.fields[-1]
        field.reads = False
        field.result_at = story.out.length
        if child in story.marks.inline:
            field.format = field_format(field.code, field.begin)
            story.around.append(field.format)
    else:
        ended = story.fields.pop()
        if ended.format:
            story.leave(ended.format)
        if not any(field.reads for field in story.fields) and (
            ended.reads or ended.result_at == story.out.length
        ):
            ended.write_own(story.out)


def _write_formula(story: Story, formula: Any) -> None:
    """A base with its exponent or index."""
    for part in formula:
        name = local_name(part)
        text = "".join(_texts(part)).strip()
        if name in ("sup", "sub") and 0 < len(text) <= LONGEST:
            before = "".join(story.out.pieces[-3:])
            put(story.out, text, write_raised(text, before, "x") if name == "sup" else write_lowered(text))
        elif name not in _SILENT:
            _write_inline(story, part)


def _texts(element: Any) -> Iterator[str]:
    return (part.text or "" for part in element.iter() if local_name(part) == "t")


def _symbol(element: Any) -> str:
    """A picture from a symbol font, as the private-use character Word stores for it."""
    try:
        return chr(int(attribute(element, "char"), 16))
    except (ValueError, OverflowError):
        return ""
