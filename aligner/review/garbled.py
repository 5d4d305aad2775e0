"""Text that a spreadsheet lost: question marks where characters stood, letters of another script."""

from __future__ import annotations

from aligner.language.scripts import COMMON, script_of

_LOST_SHARE = 0.5  # of the characters beyond ASCII that became question marks


def has_question_marks(before: str, after: str) -> bool:
    """Whether characters of `before` have become question marks, as a code page without them makes them."""
    lost = sum(not c.isascii() for c in before) - sum(not c.isascii() for c in after)
    marks = after.count("?") - before.count("?")
    return lost > 0 and marks >= max(2 if lost > 1 else 1, _LOST_SHARE * lost)


def has_lost_its_script(before: str, after: str) -> bool:
    """Whether `after` holds letters, but none of the script that most letters of `before` are in."""
    scripts = [script for c in before if (script := script_of(c)) != COMMON]
    if not scripts:
        return False
    main = max(set(scripts), key=scripts.count)
    now = {script for c in after if (script := script_of(c)) != COMMON}
    return bool(now) and main not in now
