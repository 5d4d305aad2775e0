"""Text in a terminal: Chinese is two cells wide, and nothing from a file may steer the screen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

ELLIPSIS = "…"

# What may not begin a line in Chinese and Japanese typesetting (the short list of GB/T 15834).
_NOT_FIRST = "，。、；：？！）」』》〉】〕”’…,.;:?!)]}%"

# What may not end one.
_NOT_LAST = "（「『《〈【〔“‘([{"


def visible(text: str) -> str:
    """`text` on one line, with control and other invisible characters written as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    # The private use area is where garbled text ends up; a terminal shows it as a box or as nothing.
    if character == "\n":
        return "⏎"
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return character.encode("unicode_escape").decode("ascii")
    return character


def cells(text: str) -> int:
    """How many cells of a terminal `text` takes."""
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int, *, right: bool = False) -> str:
    """`text` with blanks up to `width` cells, before it where `right`."""
    blanks = " " * max(0, width - cells(text))
    return blanks + text if right else text + blanks


def shorten(text: str, width: int) -> str:
    """`text`, or as much of its beginning as fits `width` cells with an ellipsis."""
    if cells(text) <= width:
        return text
    taken, used = "", 1
    for character in text:
        used += _cells(character)
        if used > width:
            break
        taken += character
    return taken.rstrip() + ELLIPSIS


def shorten_left(text: str, width: int) -> str:
    """As `shorten`, keeping the end."""
    return shorten(text[::-1], width)[::-1]


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells; wide characters break anywhere but before closing marks."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and cells(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        while cells(piece.rstrip()) > width:
            head = shorten(piece, width + 1).removesuffix(ELLIPSIS) or piece[0]
            lines.append(head)
            piece = piece[len(head) :]
        line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """The runs of `text` that no line break may part."""
    start = 0
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        wide = _cells(before) == 2 or _cells(after) == 2  # noqa: PLR2004 - cells
        if after == " " or after in _NOT_FIRST or before in _NOT_LAST:
            continue
        if before == " " or wide:
            yield text[start:at]
            start = at
    if text[start:]:
        yield text[start:]


def columns(texts: Sequence[str], widths: Sequence[int], gap: str = "  ") -> list[str]:
    """Several texts side by side, each wrapped in its own column."""
    wrapped = [wrap(text, width) for text, width in zip(texts, widths, strict=True)]
    return [
        gap.join(pad(part, width) for part, width in zip(row, widths, strict=True)).rstrip()
        for row in zip_longest(*wrapped, fillvalue="")
    ]


def table(rows: Sequence[Sequence[str]], numbers: Sequence[int] = (), indent: str = "") -> list[str]:
    """Rows with their columns under each other, the last as long as it is; `numbers` are set to the right."""
    if not rows:
        return []
    widths = [max(cells(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        (
            indent
            + "  ".join(
                pad(c, w, right=at in numbers) for at, (c, w) in enumerate(zip(row, widths, strict=True))
            )
        ).rstrip()
        for row in rows
    ]
