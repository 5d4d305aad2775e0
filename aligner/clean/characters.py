"""Characters that no reader sees or that no file format takes, and what to write in their place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex

_PARTS = {
    "line": r"\r\n?|[\x0B\x0C\x85\u2028\u2029]",
    "pair": r"[\uD800-\uDBFF][\uDC00-\uDFFF]",
    # controls, soft hyphens, zero-width spaces, byte order marks, noncharacters, halves of surrogate pairs
    "never": r"[\x00-\x08\x0E-\x1F\x7F-\x84\x86-\x9F\u00AD\u034F\u180E\u200B\u2060-\u2064\u206A-\u206F\uFEFF"
    r"\uFDD0-\uFDEF\uFFFE\uFFFF\uD800-\uDFFF]+",
    "joiner": r"[\u200C\u200D]+",
    "direction": r"[\u200E\u200F\u202A-\u202E\u2066-\u2069]+",
}

# At most thirty marks on a letter (Unicode's stream-safe limit): ordering a longer row takes squared time.
_LETTER = r"|(?P<letter>\P{M}\p{M}{1,30}+|[\u1100-\u1112][\u1161-\u1175][\u11A8-\u11C2]?)"

_INVISIBLE = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _PARTS.items())

_PLAIN, _WITH_MARKS = regex.compile(_INVISIBLE), regex.compile(_INVISIBLE + _LETTER)

_SPLIT_LETTERS = regex.compile(r"[\p{M}\u1100-\u1112]")

_RIGHT_TO_LEFT = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}]")

# Scripts and symbols in which a joiner changes what is seen.
_JOINING = regex.compile(
    r"[\p{Arabic}\p{Syriac}\p{Mongolian}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}"
    r"\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Khmer}\p{Myanmar}\p{Tibetan}\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]"
)


def changes(text: str) -> Iterator[tuple[int, int, str]]:
    """Line ends become `\\n`, invisible characters go, letters and their accents are composed (NFC).

    Joiners stay in scripts that need them, direction marks in texts with right-to-left letters. Characters
    that NFC would exchange for another one (compatibility ideographs, the ångström sign) stay.
    """
    directed = None
    for match in (_WITH_MARKS if _SPLIT_LETTERS.search(text) else _PLAIN).finditer(text):
        start, end = match.span()
        kind, found = match.lastgroup, match.group()
        if kind == "line":
            yield start, end, "\n"
        elif kind == "pair":
            yield start, end, found.encode("utf-16", "surrogatepass").decode("utf-16")
        elif kind == "never":
            yield start, end, ""
        elif kind == "joiner":
            if not (_JOINING.match(text, max(0, start - 1)) and start) and not _JOINING.match(text, end):
                yield start, end, ""
        elif kind == "direction":
            directed = bool(_RIGHT_TO_LEFT.search(text)) if directed is None else directed
            if not directed:
                yield start, end, ""
        else:
            composed = unicodedata.normalize("NFC", found)
            if composed != found and unicodedata.normalize("NFC", found[0]) == found[0]:
                yield start, end, composed
