"""Text that a spreadsheet lost: question marks for characters, bytes read in another encoding, another script."""

from __future__ import annotations

from aligner.language.scripts import COMMON, script_of

_LOST_SHARE = 0.5  # of the letters beyond ASCII that became question marks
_STAND_INS = frozenset("?_*¿□▯\ufffd")  # what programs write for a character that they have not
_ENCODINGS = (
    "utf-8",
    "cp1252",
    "latin-1",
    "iso8859-2",
    "mac_roman",
    "cp850",
    "cp1251",
    "gb18030",
    "big5",
    "shift_jis",
)
_ENDINGS = frozenset("？。．！…，；")  # a person may put a question mark for these


def has_question_marks(before: str, after: str) -> bool:
    """Whether characters of `before` have become question marks or boxes, as a code page without them makes them."""
    if len(before) == len(after):  # each character for itself
        return any(_is_lost(old, new) for old, new in zip(before, after, strict=True))
    lost = _letters_beyond_ascii(before) - _letters_beyond_ascii(after)
    marks = max(after.count(mark) - before.count(mark) for mark in _STAND_INS)
    return lost > 1 and marks >= max(2, _LOST_SHARE * lost)


def _is_lost(old: str, new: str) -> bool:
    if old == new or old.isascii() or new not in _STAND_INS:
        return False
    return old.isalpha() or (new == "?" and old not in _ENDINGS)


def _letters_beyond_ascii(text: str) -> int:
    return sum(character.isalpha() and not character.isascii() for character in text)


def is_misread(before: str, after: str) -> bool:
    """Whether `after` is what `before` looks like where its bytes are read in another encoding."""
    if before.isascii() or before == after:
        return False
    for written in _ENCODINGS:
        data = before.encode(written, "replace")
        for read in _ENCODINGS:
            if read != written and data.decode(read, "replace").strip() == after.strip() != before.strip():
                return True
    return False


def has_lost_its_script(before: str, after: str) -> bool:
    """Whether `after` holds letters, but none of the script that most letters of `before` are in."""
    scripts = [script for c in before if (script := script_of(c)) != COMMON]
    if not scripts:
        return False
    main = max(set(scripts), key=scripts.count)
    now = {script for c in after if (script := script_of(c)) != COMMON}
    return bool(now) and main not in now
