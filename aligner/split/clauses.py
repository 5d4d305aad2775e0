"""Sentences cut at commas and the like."""

from __future__ import annotations

import regex

from aligner.split.sentences import _CLOSERS

# Signs of Latin keyboards cut before a blank or where no blank is needed: 1,000 and 12:30 stay whole.
_CLAUSE_END = regex.compile(
    r"(?:[，；：。！？｡…⋯؛،؟।॥]|\.{3}|[—–―─]{1,3}|--"
    r"|(?<!&#?\w{1,31})[,;:!?]{1,3}(?=\s|[”’」』\"')]|[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}“‘「『（])"
    r"|(?<=\p{L}{3})\.(?=[”’\"')]{0,3}\s)|\s-(?=\s))[，；：。！？…—]{0,4}" + _CLOSERS + r"\s*"
)

_IDEOGRAPHIC_COMMA = regex.compile(r"、\s*")

_LETTER = regex.compile(r"[\p{L}\p{N}]")

_UNSPACED_LETTER = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")

# A clause with fewer letters joins its neighbour ("Well,", 但是，); those of unspaced scripts count twice.
_MIN_LETTERS = 6


def clauses(sentence: str, lang: str) -> list[tuple[int, int]]:
    """Spans `[start, end)` of the clauses of `sentence`: in order, without a gap, from 0 to its length.

    Cut after commas, semicolons, colons, dashes, dots and inner sentence ends, whatever the script; after 、
    only in Japanese, where it is the comma. A clause of a few letters is joined to the next one, the last to
    the one before.
    """
    cuts = {found.end() for found in _CLAUSE_END.finditer(sentence)} | {len(sentence)}
    if lang.split("-")[0].lower() == "ja":
        cuts.update(found.end() for found in _IDEOGRAPHIC_COMMA.finditer(sentence))
    spans: list[tuple[int, int]] = []
    start = piece = letters = 0
    for cut in sorted(cuts - {0}):
        letters += _count_letters(sentence[piece:cut])
        piece = cut
        if letters >= _MIN_LETTERS:
            spans.append((start, cut))
            start, letters = cut, 0
    if start < len(sentence):
        start = spans.pop()[0] if spans else start
        spans.append((start, len(sentence)))
    return spans


def _count_letters(text: str) -> int:
    return len(_LETTER.findall(text)) + len(_UNSPACED_LETTER.findall(text))
