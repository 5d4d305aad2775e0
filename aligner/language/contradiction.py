"""Whether one short text can be in the language that its code names: of a whole document, see `chinese.py`."""

from __future__ import annotations

import re
from functools import lru_cache

from aligner.language.scripts import LATIN, can_be_written_in, script_weights
from aligner.language.tags import is_valid_tag, primary

# Weight (in Latin letters) and share of one foreign script that a text needs to contradict its code.
_LEAST, _SHARE = 5.0, 0.8
# Names, commands and codes stand untranslated in any language; three words with a small one among them do not.
_LATIN_WORDS, _SMALL_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?"), re.compile(r"\b[a-z\u00df-\u00ff]")
_FEW_WORDS = 3
# Letters beyond the Latin blocks.
_OTHER_LETTER = re.compile(
    r"[\u0370-\u1dff\u2c00-\u2c5f\u2e80-\ua71f\ua800-\ufaff\uff66-\uffdc\U00010000-\U0003ffff]"
)
_CHARACTER = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
_LATIN_RUN = re.compile(r"[A-Za-z\u00c0-\u024f](?:[^\w]+[A-Za-z\u00c0-\u024f]+){2}")


def is_in_other_script(text: str, tag: str, beside: str = "") -> bool:
    """Whether `text` is written in a script that language `tag` never uses; a text like `beside` is not judged.

    Names and commands in Latin letters are no contradiction anywhere.
    """
    if text == beside or not _is_judged(tag):
        return False
    if can_be_latin(tag):
        if not _OTHER_LETTER.search(text):
            return False
    elif primary(tag) in ("zh", "ja") and _CHARACTER.search(text) and not _LATIN_RUN.search(text):
        return False
    weights = script_weights(text)
    script = max(weights, key=weights.__getitem__, default="")
    if not script or weights[script] < max(_LEAST, _SHARE * sum(weights.values())):
        return False
    if can_be_written_in(tag, script):
        return False
    return script != LATIN or _is_running_text(text)


@lru_cache(maxsize=256)
def can_be_latin(tag: str) -> bool:
    """Whether the language `tag` is commonly written in Latin letters."""
    return can_be_written_in(tag, LATIN)


@lru_cache(maxsize=256)
def _is_judged(tag: str) -> bool:
    return is_valid_tag(tag) and tag.lower() not in ("und", "mul", "zxx", "mis")


def _is_running_text(text: str) -> bool:
    return len(_LATIN_WORDS.findall(text)) >= _FEW_WORDS and _SMALL_WORD.search(text) is not None
