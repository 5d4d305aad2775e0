"""Lines of a PDF page from the place of every character: columns kept apart, raised and lowered digits in place."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any

from aligner.language.joints import is_unspaced
from aligner.read.pdf_columns import Glyph, cut_at_columns, is_ruled_off
from aligner.read.pdf_rules import Stroke

# A blank wider than this many times the size separates two columns or cells on one line.
_COLUMN_GAP = 2.5
# A blank that is drawn may be this many times wider, stretched in a narrow column.
_STRETCHED = 2
# Lines above that show how wide a column is, whose first lines are indented by so many sizes at most.
_NEAR, _INDENTED = 3, 3
# A blank inferred from a gap narrower than this is none.
_WORD_GAP = 0.07
# A blank's own width in common fonts …
_BLANK_WIDTH = 0.23
# … and how much wider than the typesetter's own spacing a gap is that was typed.
_TYPED_GAP = 0.22
# Baselines closer than this are one line.
_SAME_LINE = 0.35
# Raised and lowered characters are smaller than this part of their line's size …
_SMALL = 0.85
# … stand at most this far from its baseline (LibreOffice raises by a third, TeX by 0.45) …
_RAISED = 0.6
# … at least this far above or below it …
_LEAST_RAISED, _LEAST_LOWERED = 0.12, 0.05
# … and touch what they belong to; after them a word gap of justified text may follow.
_TOUCHING, _JUSTIFIED_GAP = 0.5, 1.5
# Pieces of so few characters are punctuation in another font, which may also stand at its line's end.
_MARKS = 3
# How many lines back a piece drawn late may belong to.
_LOOK_BACK = 60
# The height of a font's box in ems, about; sizes are such heights. The box that pdfium gives says less: where a
# font lacks the script it varies from character to character.
_BOX_OF_EM = 1.15
# A word, or a character of a script without blanks (Han, kana, Thai and so on).
_FIRST_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\uffef]|[^\s\u2e80-\ua4cf\uf900-\uffef]+"
)
HYPHENS = "-\u2010\u00ad\u0002\ufffe"  # the last two are what pdfium gives for a hyphen at a line's end
_RAISED_FORMS = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED_FORMS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


@dataclass(slots=True)
class Line:
    """Characters on one baseline; places in points from the page's lower left corner.

    `open`: a blank is drawn at its end, so that a word ends there. `rule` says why it is not part of the text.
    `raised`: where in `text` a raised or lowered form stands, and the character that was drawn there.
    `cell`: the number of its cell on the page, 0 outside tables.
    """

    page: int
    text: str
    left: float
    right: float
    base: float
    size: float
    smallest: float
    largest: float
    open: bool = False
    rule: str = ""
    raised: tuple[tuple[int, str], ...] = ()
    cell: int = 0

    def first_width(self) -> float:
        """About how wide the first word is, or the first character where words aren't spaced."""
        first = _FIRST_WORD.match(self.text)
        return (self.right - self.left) * len(first[0] if first else " ") / max(1, len(self.text))


def lines_of_page(textpage: Any, page: int, upright: Sequence[Stroke] = ()) -> list[Line]:
    """The lines of a pdfium text page in the order they are drawn, cut where a wide blank separates columns.

    They are cut, too, at the `upright` ruled lines of tables, and at narrower blanks that stand in one place on
    several lines.
    """
    drawn: list[list[Glyph]] = [[]]
    open_ends: set[int] = set()
    ended = False
    for glyph in _glyphs(textpage):
        if glyph.character == "\n":
            ended = True
            if glyph.blank == "drawn":
                open_ends.add(len(drawn) - 1)
            continue
        if drawn[-1] and (
            is_ruled_off(drawn[-1][-1], glyph, upright) or not _is_beside(drawn[-1], glyph, ended=ended)
        ):
            drawn.append([])
        drawn[-1].append(glyph)
        ended = False
    ends = {id(glyphs[-1]) for number, glyphs in enumerate(drawn) if number in open_ends and glyphs}
    pieces = _with_insertions([glyphs for glyphs in drawn if glyphs])
    least = _script_gap(pieces) + _TYPED_GAP
    lines: list[Line] = []
    for glyphs, is_cell in cut_at_columns(pieces):
        line = _line(page, glyphs, least, id(glyphs[-1]) in ends)
        if (
            not is_cell
            and len(lines) > 1
            and (
                _is_stretched(lines[-2], lines[-1], line)
                or _are_two_words(lines[-1 - _NEAR : -1], lines[-1], line)
            )
        ):
            lines[-1] = _one(lines[-1], line)
        elif line.text:
            lines.append(line)
    return lines


def _is_stretched(above: Line, left: Line, right: Line) -> bool:
    """Whether two pieces are one line of a narrow column, with blanks stretched to the line's width above."""
    same = abs(left.base - right.base) < 1 and left.size == right.size == above.size
    gap, step = right.left - left.right, above.base - left.base
    if not right.text or not same or not 0 < gap < _STRETCHED * _COLUMN_GAP * left.size:
        return False
    return 0 < step < _STRETCHED * left.size and above.left - 1 < left.left and right.right < above.right + 1


def _are_two_words(before: Sequence[Line], left: Line, right: Line) -> bool:
    """Whether two words are a justified line of a narrow column that no third word fitted in, however far apart.

    They reach from edge to edge of a line of several words just above them; figures may be a table's.
    """
    if (
        " " in left.text + right.text
        or not right.text
        or any(text[0].isdigit() for text in (left.text, right.text))
    ):
        return False
    if abs(left.base - right.base) >= 1 or left.size != right.size or left.right >= right.left:
        return False
    return any(
        " " in line.text
        and line.size == left.size
        and 0 < line.base - left.base < _NEAR * _STRETCHED * left.size
        and -1 < line.left - left.left < _INDENTED * left.size
        and abs(line.right - right.right) < 1
        for line in before
    )


def _one(left: Line, right: Line) -> Line:
    joint = "" if is_unspaced(left.text[-1]) and is_unspaced(right.text[0]) else " "
    return replace(
        left,
        text=left.text + joint + right.text,
        right=right.right,
        smallest=min(left.smallest, right.smallest),
        largest=max(left.largest, right.largest),
        open=right.open,
    )


def _glyphs(textpage: Any) -> Iterator[Glyph]:
    """The page's characters as drawn; a `\\n` where pdfium sees a line's end."""
    import pypdfium2.raw as raw

    box, matrix, handle = raw.FS_RECTF(), raw.FS_MATRIX(), textpage.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    blank = ""
    for index in range(raw.FPDFText_CountChars(handle)):
        character = _character(raw.FPDFText_GetUnicode(handle, index))
        if character in "\r\n":
            yield Glyph("\n", 0.0, 0.0, 0.0, 1.0, blank)
            blank = ""
        elif not character.strip():
            blank = "weak" if raw.FPDFText_IsGenerated(handle, index) == 1 else "drawn"
        else:
            raw.FPDFText_GetLooseCharBox(handle, index, box)
            raw.FPDFText_GetCharOrigin(handle, index, x, y)
            raw.FPDFText_GetMatrix(handle, index, matrix)
            scale = math.hypot(matrix.c, matrix.d) * raw.FPDFText_GetFontSize(handle, index)
            size = max(1.0, _BOX_OF_EM * scale or abs(box.top - box.bottom))
            yield Glyph(character, box.left, box.right, y.value, size, blank)
            blank = ""


def _character(point: int) -> str:
    """A lone surrogate or an unmapped glyph is no character that a text could hold."""
    return "\ufffd" if point == 0 or "\ud800" <= chr(point) <= "\udfff" else chr(point)


def _is_beside(line: Sequence[Glyph], glyph: Glyph, *, ended: bool) -> bool:
    """Whether `glyph` goes on with `line`; where pdfium sees the line `ended`, only over a raised character."""
    last = line[-1]
    gap, step = glyph.left - last.right, abs(glyph.base - last.base)
    widest = _COLUMN_GAP * (_STRETCHED if glyph.blank == "drawn" else 1)
    if not ended and step <= _SAME_LINE * last.size and -last.size < gap < widest * last.size:
        return True
    large = max(last.size, glyph.size)
    if min(last.size, glyph.size) > _SMALL * large or step > _RAISED * large:
        return False
    back = last.size < glyph.size and any(
        abs(other.base - glyph.base) <= _SAME_LINE * glyph.size and other.size > _SMALL * glyph.size
        for other in line[-2 * _MARKS :]
    )
    widest = _JUSTIFIED_GAP if back else _TOUCHING
    return -_TOUCHING * large < gap < widest * large


def _with_insertions(drawn: list[list[Glyph]]) -> list[list[Glyph]]:
    """Pieces that programmes draw late (quotation marks in another font) put into the holes of their line."""
    lines: list[list[Glyph]] = []
    for glyphs in drawn:
        host = next((line for line in reversed(lines[-_LOOK_BACK:]) if _has_hole(line, glyphs)), None)
        if host is None:
            lines.append(glyphs)
        else:
            host.extend(glyphs)
            host.sort(key=lambda glyph: glyph.left)
    return lines


def _has_hole(line: list[Glyph], glyphs: list[Glyph]) -> bool:
    """Whether `glyphs` stand on the line's baseline, inside it or at its ends, where it draws nothing."""
    first, left, right = glyphs[0], glyphs[0].left, glyphs[-1].right
    size = min(line[0].size, first.size)
    raised = len(glyphs) <= _MARKS and first.size <= _SMALL * line[0].size
    if abs(line[0].base - first.base) > (_RAISED * line[0].size if raised else _SAME_LINE * size):
        return False
    room = size / 2 if len(glyphs) <= _MARKS else 0.0
    if left > line[-1].right + room or right < line[0].left - room:
        return False
    return not any(left < (glyph.left + glyph.right) / 2 < right for glyph in line)


def _script_gap(lines: Sequence[list[Glyph]]) -> float:
    """The gap that the typesetter leaves between CJK and other letters by itself, in sizes."""
    gaps = [
        (glyph.left - last.right) / glyph.size - (_BLANK_WIDTH if glyph.blank == "drawn" else 0.0)
        for glyphs in lines
        for last, glyph in pairwise(glyphs)
        if _is_mixed(last, glyph)
    ]
    return max(0.0, min(gaps, default=0.0))


def _is_mixed(last: Glyph, glyph: Glyph) -> bool:
    letters = last.character.isalnum() and glyph.character.isalnum()
    return letters and is_unspaced(last.character) != is_unspaced(glyph.character)


def _line(page: int, glyphs: list[Glyph], least: float, is_open: bool) -> Line:
    """A line's text; `least` is the narrowest blank between CJK and other letters, in sizes."""
    sizes = Counter(round(glyph.size, 1) for glyph in glyphs)
    usual = max(sizes, key=lambda size: (sizes[size], size))
    base = next(glyph.base for glyph in glyphs if round(glyph.size, 1) == usual)
    text = _placed(glyphs[0], base, usual)
    raised = [(0, glyphs[0].character)] if text != glyphs[0].character else []
    least += _stretch(glyphs)
    for last, glyph in pairwise(glyphs):
        if glyph.blank == "drawn" or (glyph.blank and _is_real_blank(last, glyph, least)):
            text += " "
        placed = _placed(glyph, base, usual)
        if placed != glyph.character:
            raised.append((len(text), glyph.character))
        text += placed
    if len(glyphs) > 1 and glyphs[-1].blank == "weak" and glyphs[-1].character in HYPHENS:
        text = text[:-1].rstrip() + text[-1]  # justification moves the hyphen of a divided word
    right = max(glyph.right for glyph in glyphs)
    indent = len(text) - len(text.lstrip())
    places = tuple((place - indent, found) for place, found in raised)
    sizes_seen = min(sizes), max(sizes)
    return Line(page, text.strip(), glyphs[0].left, right, base, usual, *sizes_seen, is_open, raised=places)


def _stretch(glyphs: Sequence[Glyph]) -> float:
    """How far justification has moved the characters of a line without blanks apart, in sizes."""
    gaps = [
        (glyph.left - last.right) / glyph.size
        for last, glyph in pairwise(glyphs)
        if is_unspaced(last.character) and is_unspaced(glyph.character)
    ]
    return max(0.0, median(gaps)) if gaps else 0.0


def _placed(glyph: Glyph, base: float, size: float) -> str:
    """The character, in its raised or lowered form where it is smaller than its line and off the baseline."""
    if glyph.size <= _SMALL * size:
        if glyph.base - base > _LEAST_RAISED * size:
            return glyph.character.translate(_RAISED_FORMS)
        if base - glyph.base > _LEAST_LOWERED * size:
            return glyph.character.translate(_LOWERED_FORMS)
    return glyph.character


def _is_real_blank(last: Glyph, glyph: Glyph, least: float) -> bool:
    """Whether a blank that pdfium infers from a gap is more than the spacing around CJK characters."""
    if _is_mixed(last, glyph):
        gap = least
    else:
        gap = 1.0 if is_unspaced(last.character) or is_unspaced(glyph.character) else _WORD_GAP
    return glyph.left - last.right > gap * glyph.size
