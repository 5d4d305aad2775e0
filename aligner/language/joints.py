"""What a line break inside a text stands for: a blank, or nothing in scripts written without them."""

from __future__ import annotations


def one_line(text: str) -> str:
    """`text` with its line breaks (and the blanks around them) written as `line_joint` says."""
    pieces: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        pieces += [line_joint(pieces[-1], line), line] if pieces else [line]
    return "".join(pieces)


def letters(text: str) -> str:
    """`text` without white space: what stays the same however its lines were joined."""
    return "".join(text.split())


def line_joint(before: str, after: str) -> str:
    """What a line break between two texts becomes: nothing in scripts without blanks, elsewhere one blank.

    Quotation marks, dashes and dots that such scripts share with others go with the text around them.
    """
    inner = before[-1:], after[:1]
    if not all(character in _WIDE_MARKS or is_unspaced(character) for character in inner if character):
        return " "
    outer = before.rstrip(_WIDE_MARKS)[-1:], after.lstrip(_WIDE_MARKS)[:1]
    return "" if any(character and is_unspaced(character) for character in outer) else " "


def is_unspaced(character: str) -> bool:
    """Whether `character` belongs to a script written without spaces between words (Han, kana, Thai, …)."""
    point = ord(character)
    return any(first <= point <= last for first, last in _UNSPACED)


# Punctuation that Chinese and Japanese share with other scripts and write without blanks.
_WIDE_MARKS = "“”‘’…—·"

# Unicode blocks: Thai and Lao, Myanmar, Khmer, CJK punctuation to Yi, CJK compatibility, full-width forms, Han planes.
_UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x312F), (0x3130, 0x318F), (0x31A0, 0xA4CF),
    (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFF9F), (0x20000, 0x3FFFF),
)  # fmt: skip
