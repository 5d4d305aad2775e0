"""PDF: paragraphs rebuilt over lines, columns and pages, from the place of every character."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from aligner.language.joints import is_unspaced, line_joint
from aligner.read.reading import Reading, Source, Writing, document

# A new paragraph where the gap between two lines exceeds this multiple of the usual one (measured on printed
# articles: 71 of 72 paragraphs exact).
_GAP = 1.25
# Lines of a paragraph are not further apart than this many times their size …
_WIDEST_PITCH = 3.0
# … and at least this part of all neighbouring lines is as far apart as they are.
_COMMON_PITCH = 0.15
# Lines whose sizes differ by more than this factor are not in one paragraph.
_SIZE_FACTOR = 1.12
# A line that begins this many times its size further right than the one before begins a paragraph.
_INDENT = 0.7
# A line that leaves this part of the column free ends its paragraph, whatever it ends with.
_MUCH_ROOM = 0.25
# A blank wider than this many times the size separates two columns or cells on one line.
_COLUMN_GAP = 2.5
# A blank inferred from a gap narrower than this is none.
_WORD_GAP = 0.1
# A blank's own width in common fonts …
_BLANK_WIDTH = 0.23
# … and how much wider than the typesetter's own spacing a gap is that was typed.
_TYPED_GAP = 0.15
# Baselines closer than this are one line; superscripts stay in it.
_SAME_LINE = 0.35
# Pieces of so few characters are punctuation in another font, which may also stand at its line's end.
_MARKS = 3
# How many lines back a piece drawn late may belong to.
_LOOK_BACK = 60
# Running headers and footers stand in this outer part of the page's height,
_MARGIN = 0.13
# are the same, digits aside, on at least this part of the pages (left and right pages differ) …
_REPEATED_SHARE = 0.4
# … and are among the outermost so many lines at the same height.
_OUTERMOST = 3
# Points by which the same line may shift between pages.
_SHIFT = 6.0
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:(?:page|seite|página|страница|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|von|sur|de|из|共)\s*\d{1,4})?[\W_]*"
    r"|第\s*[\d一二三四五六七八九十百]{1,6}\s*[页頁](?:\s*[,，/]?\s*共\s*\d{1,4}\s*[页頁])?",
    re.I,
)
# What a browser prints in small type above and below every page: its address, or the date and time.
_STAMP = re.compile(
    r"(?:https?|file)://\S+|\d{1,4}[/.年-]\s?\d{1,2}[/.月-]\s?\d{1,4}日?,?\s.{0,4}?\d{1,2}:\d\d(?:\s[AP]M)?",
    re.I,
)
# What pdfium gives for a hyphen at a line's end.
_HYPHENS = "-\u2010\u00ad\u0002\ufffe"
_ENDED = re.compile(r"[.!?。！？…:：][\"'”’」』）)]*$")
_SPACED = re.compile(r"[\u3400-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] [\u3400-\u9fff]")
_UNSPACED = re.compile(r"[\u3400-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u3400-\u9fff]")
# What a list item begins with.
_MARKER = re.compile(r"(?:[•·▪◦*–-]|[(（]?\w{1,3}[.)）、])\s*\S")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[\w'’]+")


class _Glyph(NamedTuple):
    """A character where it is drawn. `blank`: one stands before it, "drawn" or, as pdfium infers, "weak"."""

    character: str
    left: float
    right: float
    base: float
    size: float
    blank: str


@dataclass(slots=True)
class _Line:
    """Characters on one baseline; places in points from the page's lower left corner."""

    page: int
    text: str
    left: float
    right: float
    base: float
    size: float
    smallest: float
    largest: float
    rule: str = ""

    def first_width(self) -> float:
        """About how wide the first word is, or the first character where words aren't spaced."""
        text = self.text
        first = text[:1] if is_unspaced(text[0]) else text.split(maxsplit=1)[0]
        return (self.right - self.left) * len(first) / max(1, len(text))


@dataclass(slots=True)
class _Block:
    """A paragraph under way."""

    lines: list[_Line] = field(default_factory=list)


def read_pdf(source: Source) -> Reading:
    """The paragraphs of all pages. Running headers and footers and page numbers are left out, on record.

    Raises `InputError` for a damaged file, one with a password, and a scan without text.
    """
    pages, heights, empty = _pages(source)
    lines = [line for page in pages for line in page]
    if not lines:
        raise source.refuse("a scanned PDF without text; its text has to be recognised (OCR) first")
    _mark_margins(pages, heights)
    notes = (
        (f"{source.name}: no text on page(s) {', '.join(map(str, empty))}; scans need OCR first",)
        if empty
        else ()
    )
    return document(source, _write(_blocks(pages), lines).finish(), "pdf", notes=notes)


def _pages(source: Source) -> tuple[list[list[_Line]], list[float], list[int]]:
    """The lines of each page, the pages' heights and the numbers of pages that show pictures only."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(source.data)
    except pypdfium2.PdfiumError as error:
        reason = (
            "protected with a password; save it without one"
            if "assword" in str(error)
            else "a damaged PDF; get it again"
        )
        raise source.refuse(reason) from None
    pages, heights, empty = [], [], []
    try:
        for number in range(len(pdf)):
            page = pdf[number]
            lines = _lines(page.get_textpage(), number)
            if not lines and any(True for _ in page.get_objects(max_depth=3)):
                empty.append(number + 1)
            pages.append(lines)
            heights.append(page.get_height())
            page.close()
    except (pypdfium2.PdfiumError, ValueError, ctypes.ArgumentError) as error:
        raise source.refuse(f"a damaged PDF ({error}); get it again") from None
    finally:
        pdf.close()
    return pages, heights, empty


def _lines(textpage: Any, page: int) -> list[_Line]:
    """The page's lines in the order they are drawn, cut where a wide blank separates columns."""
    drawn: list[list[_Glyph]] = [[]]
    for glyph in _glyphs(textpage):
        last = drawn[-1][-1] if drawn[-1] else None
        if glyph is None or (last is not None and not _is_beside(last, glyph)):
            drawn.append([])
        if glyph is not None:
            drawn[-1].append(glyph)
    pieces = _with_insertions([glyphs for glyphs in drawn if glyphs])
    least = _script_gap(pieces) + _TYPED_GAP
    return [line for line in (_line(page, glyphs, least) for glyphs in pieces) if line.text]


def _script_gap(lines: Sequence[list[_Glyph]]) -> float:
    """The gap that the typesetter leaves between CJK and other letters by itself, in sizes."""
    gaps = [
        (glyph.left - last.right) / glyph.size - (_BLANK_WIDTH if glyph.blank == "drawn" else 0.0)
        for glyphs in lines
        for last, glyph in pairwise(glyphs)
        if _is_mixed(last, glyph)
    ]
    return max(0.0, min(gaps, default=0.0))


def _is_mixed(last: _Glyph, glyph: _Glyph) -> bool:
    letters = last.character.isalnum() and glyph.character.isalnum()
    return letters and is_unspaced(last.character) != is_unspaced(glyph.character)


def _glyphs(textpage: Any) -> Iterator[_Glyph | None]:
    """The page's characters as drawn; None where pdfium sees a line's end."""
    import pypdfium2.raw as raw

    box, handle = raw.FS_RECTF(), textpage.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    blank = ""
    for index in range(raw.FPDFText_CountChars(handle)):
        character = _character(raw.FPDFText_GetUnicode(handle, index))
        if character in "\r\n":
            blank = ""
            yield None
        elif not character.strip():
            blank = "weak" if raw.FPDFText_IsGenerated(handle, index) == 1 else "drawn"
        else:
            raw.FPDFText_GetLooseCharBox(handle, index, box)
            raw.FPDFText_GetCharOrigin(handle, index, x, y)
            size = max(1.0, abs(box.top - box.bottom))
            yield _Glyph(character, box.left, box.right, y.value, size, blank)
            blank = ""


def _is_beside(last: _Glyph, glyph: _Glyph) -> bool:
    gap = glyph.left - last.right
    return (
        abs(glyph.base - last.base) <= _SAME_LINE * last.size and -last.size < gap < _COLUMN_GAP * last.size
    )


def _with_insertions(drawn: list[list[_Glyph]]) -> list[list[_Glyph]]:
    """Pieces that programmes draw late (quotation marks in another font) put into the holes of their line."""
    lines: list[list[_Glyph]] = []
    for glyphs in drawn:
        host = next((line for line in reversed(lines[-_LOOK_BACK:]) if _has_hole(line, glyphs)), None)
        if host is None:
            lines.append(glyphs)
        else:
            host.extend(glyphs)
            host.sort(key=lambda glyph: glyph.left)
    return lines


def _has_hole(line: list[_Glyph], glyphs: list[_Glyph]) -> bool:
    """Whether `glyphs` stand on the line's baseline, inside it or at its ends, where it draws nothing."""
    size, left, right = min(line[0].size, glyphs[0].size), glyphs[0].left, glyphs[-1].right
    if abs(line[0].base - glyphs[0].base) > _SAME_LINE * size:
        return False
    room = size / 2 if len(glyphs) <= _MARKS else 0.0
    if left > line[-1].right + room or right < line[0].left - room:
        return False
    return not any(left < (glyph.left + glyph.right) / 2 < right for glyph in line)


def _line(page: int, glyphs: list[_Glyph], least: float) -> _Line:
    """A line's text; `least` is the narrowest blank between CJK and other letters, in sizes."""
    text = glyphs[0].character
    for last, glyph in pairwise(glyphs):
        if glyph.blank == "drawn" or (glyph.blank and _is_real_blank(last, glyph, least)):
            text += " "
        text += glyph.character
    sizes = Counter(round(glyph.size, 1) for glyph in glyphs)
    right = max(glyph.right for glyph in glyphs)
    usual = sizes.most_common(1)[0][0]
    return _Line(page, text.strip(), glyphs[0].left, right, glyphs[0].base, usual, min(sizes), max(sizes))


def _is_real_blank(last: _Glyph, glyph: _Glyph, least: float) -> bool:
    """Whether a blank that pdfium infers from a gap is more than the spacing around CJK characters."""
    if _is_mixed(last, glyph):
        gap = least
    else:
        gap = 1.0 if is_unspaced(last.character) or is_unspaced(glyph.character) else _WORD_GAP
    return glyph.left - last.right > gap * glyph.size


def _character(point: int) -> str:
    """A lone surrogate or an unmapped glyph is no character that a text could hold."""
    return "\ufffd" if point == 0 or "\ud800" <= chr(point) <= "\udfff" else chr(point)


def _mark_margins(pages: Sequence[Sequence[_Line]], heights: Sequence[float]) -> None:
    """Set `rule` on running headers, footers and page numbers."""
    body, pitch = _usual_size(line for lines in pages for line in lines), _usual_pitch(pages)
    groups = [
        group for lines, height in zip(pages, heights, strict=True) for group in _edges(lines, height, pitch)
    ]
    places: dict[str, list[_Line]] = defaultdict(list)
    for line in (line for group in groups for line in group):
        if _PAGE_NUMBER.fullmatch(line.text) and any(character.isdigit() for character in line.text):
            line.rule = "pdf-page-number"
        elif line.size <= _SIZE_FACTOR * body:
            places[_DIGITS.sub("#", line.text)].append(line)
    needed = max(2, _REPEATED_SHARE * sum(1 for lines in pages if lines))
    for lines in places.values():
        usual = median(line.base for line in lines)
        same = [line for line in lines if abs(line.base - usual) <= _SHIFT]
        if len({line.page for line in same}) >= needed:
            for line in same:
                line.rule = "pdf-running-header"
    for group in groups:
        _mark_stamps(group, body)
        _keep_sentences(group)


def _mark_stamps(group: Sequence[_Line], body: float) -> None:
    """What stands beside a browser's stamp, such as the page's title, goes with it, on a single page too."""
    for row in _rows(sorted(group, key=lambda line: line.base)):
        small = all(_SIZE_FACTOR * line.size < body for line in row)
        if small and any(_STAMP.fullmatch(line.text) for line in row):
            for line in row:
                line.rule = line.rule or "pdf-running-header"


def _keep_sentences(group: Sequence[_Line]) -> None:
    """A repeated line right above or below one that is not repeated is part of that one's paragraph."""
    text = [line for line in group if not line.rule]
    for line in group:
        if any(other.left < line.right and line.left < other.right for other in text):
            line.rule = ""


def _edges(lines: Sequence[_Line], height: float, pitch: float) -> list[list[_Line]]:
    """Lines of the page's margins, above and below, in groups that gaps separate from the text."""
    found: list[list[_Line]] = []
    for upper in (True, False):
        rows = _rows(sorted(lines, key=lambda line: line.base, reverse=upper))
        group: list[_Line] = []
        for row, inner in pairwise(rows[: _OUTERMOST + 1]):
            depth = (height - row[0].base if upper else row[0].base) / height
            if depth > _MARGIN:
                break
            group += row
            if abs(inner[0].base - row[0].base) > _GAP * pitch * row[0].size:
                found.append(group)
                group = []
    return found


def _rows(ordered: Sequence[_Line]) -> list[list[_Line]]:
    """Lines on one height together."""
    rows: list[list[_Line]] = []
    for line in ordered:
        if rows and abs(rows[-1][0].base - line.base) < line.size / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _blocks(pages: Sequence[Sequence[_Line]]) -> list[_Block]:
    """Paragraphs in order; a footnote at a page's end waits until the paragraph around it is complete."""
    body = _usual_size(line for lines in pages for line in lines if not line.rule)
    pitch = _usual_pitch(pages)
    blocks: list[_Block] = []
    waiting: list[_Block] = []
    for lines in pages:
        kept = [line for line in lines if not line.rule]
        left_out = [_Block([line]) for line in lines if line.rule]
        text, notes = _without_notes(kept, body)
        found: list[_Block] = []
        for run in _runs(text, pitch):
            paragraphs = _paragraphs(run)
            last = found[-1] if found else blocks[-1] if blocks else None
            if last and _goes_on(last, paragraphs[0], pages):
                last.lines += paragraphs.pop(0).lines
            found += paragraphs
        if found:
            blocks += waiting
            waiting = []
        blocks += found
        waiting += [block for run in _runs(notes, pitch) for block in _paragraphs(run)] + left_out
    return blocks + waiting


def _usual_size(lines: Iterable[_Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def _usual_pitch(pages: Sequence[Sequence[_Line]]) -> float:
    """The distance of two lines of a paragraph in multiples of their size: the smallest that is common."""
    steps = Counter(
        round((above.base - below.base) / above.size, 1)
        for lines in pages
        for above, below in pairwise(line for line in lines if not line.rule)
        if 0 < above.base - below.base < _WIDEST_PITCH * above.size
    )
    common = [step for step, count in steps.items() if count >= _COMMON_PITCH * steps.total()]
    return max(min(common, default=1.2), 0.5)


def _without_notes(lines: list[_Line], body: float) -> tuple[list[_Line], list[_Line]]:
    """The page's text, and the smaller lines at its very end."""
    cut = len(lines)
    while cut and lines[cut - 1].size * _SIZE_FACTOR < body:
        cut -= 1
    return (lines[:cut], lines[cut:]) if cut else (lines, [])


def _runs(lines: Sequence[_Line], pitch: float) -> list[list[_Line]]:
    """Lines cut where a wide gap, another size or another column begins."""
    runs: list[list[_Line]] = []
    for line in lines:
        last = runs[-1][-1] if runs else None
        if last is None or not _follows(last, line, pitch):
            runs.append([])
        runs[-1].append(line)
    return runs


def _follows(above: _Line, below: _Line, pitch: float) -> bool:
    step = above.base - below.base
    beside = below.left > above.right or above.left > below.right
    return 0 < step <= _GAP * pitch * above.size and _is_like(above, below) and not beside


def _is_like(line: _Line, other: _Line) -> bool:
    """Whether two lines have a size in common, as far as fonts of one size differ."""
    return line.smallest <= _SIZE_FACTOR * other.largest and other.smallest <= _SIZE_FACTOR * line.largest


def _paragraphs(run: Sequence[_Line]) -> list[_Block]:
    """A run cut where a line is indented or the one before had room for the next word."""
    left, right = min(line.left for line in run), max(line.right for line in run)
    blocks: list[_Block] = []
    for number, line in enumerate(run):
        above = run[number - 1]
        if number == 0 or _is_indented(line, above, left, right) or _has_room(above, line, left, right):
            blocks.append(_Block())
        blocks[-1].lines.append(line)
    return blocks


def _is_indented(line: _Line, above: _Line, left: float, right: float) -> bool:
    """Whether a paragraph begins by indention, or a list item by standing left of the line above."""
    if line.left - left <= _INDENT * line.size:
        return above.left - line.left > _INDENT * line.size and bool(_MARKER.match(line.text))
    if _MARKER.match(above.text) and abs(above.left - left) < line.size / 2:
        return False
    return bool(_ENDED.search(above.text)) or right - above.right > line.first_width() + above.size


def _has_room(above: _Line, below: _Line, left: float, right: float) -> bool:
    """Whether a line of the column `left` to `right` ended on purpose.

    That is so where the next word would have fitted, with an em to spare, and a sentence ends there or much
    room is left.
    """
    room = right - above.right
    ended = bool(_ENDED.search(above.text)) or room > _MUCH_ROOM * (right - left)
    return room > below.first_width() + above.size and ended


def _goes_on(block: _Block, following: _Block, pages: Sequence[Sequence[_Line]]) -> bool:
    """Whether a paragraph runs on over a page's end: its last line is full, the next is not indented."""
    last, first = block.lines[-1], following.lines[0]
    if last.page == first.page and not _is_next_column(last, first, pages[last.page]):
        return False
    if not _is_like(last, first):
        return False
    column = [
        line for line in pages[last.page] if not line.rule and abs(line.left - last.left) < 4 * last.size
    ]
    below = [
        line for line in pages[first.page] if not line.rule and abs(line.left - first.left) < 4 * first.size
    ]
    indented = first.left - min(line.left for line in below) > _INDENT * first.size
    edges = min(line.left for line in column), max(line.right for line in column)
    return not indented and not _has_room(last, first, *edges)


def _is_next_column(last: _Line, first: _Line, lines: Sequence[_Line]) -> bool:
    """Whether `first` begins a column and `last` ended one at the foot of the page's text."""
    lowest = min(line.base for line in lines if not line.rule)
    return first.base > last.base + last.size and last.base < lowest + 2 * last.size


@dataclass(frozen=True, slots=True)
class _Habits:
    """How the document writes: its words, and whether it puts a blank between CJK and other characters."""

    words: Counter[str]
    spaced: bool

    @classmethod
    def of(cls, lines: Sequence[_Line]) -> _Habits:
        words = Counter(word for line in lines for word in _WORD.findall(line.text.lower()))
        spaced = sum(len(_SPACED.findall(line.text)) for line in lines)
        return cls(words, spaced > sum(len(_UNSPACED.findall(line.text)) for line in lines))

    def joint(self, last: str, first: str) -> str:
        """What a line's end becomes between two lines."""
        mixed = is_unspaced(last[-1]) != is_unspaced(first[0])
        return "" if mixed and not self.spaced else line_joint(last, first)

    def is_compound(self, text: str, following: str) -> bool:
        """Whether both halves are words of the text on their own and the whole is not."""
        before, after = _WORD.findall(text.lower()), _WORD.findall(following.lower())
        if not before or not after:
            return True
        return (
            not self.words[before[-1] + after[0]] and self.words[before[-1]] > 1 and self.words[after[0]] > 1
        )


def _write(blocks: Sequence[_Block], lines: Sequence[_Line]) -> Writing:
    habits = _Habits.of(lines)
    out = Writing()
    for block in blocks:
        if block.lines[0].rule:
            out.drop(block.lines[0].text, block.lines[0].rule)
            continue
        if out.pieces:
            out.keep("\n")
        for number, line in enumerate(block.lines):
            following = block.lines[number + 1].text if number + 1 < len(block.lines) else ""
            _write_line(out, line.text, following, habits)
    return out


def _write_line(out: Writing, text: str, following: str, habits: _Habits) -> None:
    """A line and what joins it to the next; a hyphen that splits a word is left out, on record."""
    hyphen = bool(following) and len(text) > 1 and text[-1] in _HYPHENS
    _write_characters(out, text[:-1] if hyphen else text)
    if hyphen and following[0].islower() and not habits.is_compound(text[:-1], following):
        out.drop("-", "pdf-hyphen")
    elif hyphen:
        out.keep("-")
    elif following:
        out.keep(habits.joint(text, following))


def _write_characters(out: Writing, text: str) -> None:
    """Glyphs that stand for letters (ligatures, Kangxi radicals) become the letters, on record."""
    start = 0
    for place, character in enumerate(text):
        if "\u2e80" <= character <= "\u2fdf" or "\ufb00" <= character <= "\ufb06":
            plain = unicodedata.normalize("NFKC", character)
            if plain != character:
                out.keep(text[start:place])
                out.repair(character, plain, "pdf-glyph")
                start = place + 1
        elif character in "\u0002\ufffe":
            out.keep(text[start:place] + "-")
            start = place + 1
    out.keep(text[start:])
