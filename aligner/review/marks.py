"""Quotation marks and brackets of a pair compared: those of one side only, and those left open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from aligner.language.scripts import can_be_written_in, script_weights

_OPENING, _CLOSING = "“„«「『〝", "”»」』〞"

_SINGLE_QUOTES = re.compile(r"(?<!\w)[‘'](?=\w)|(?<=[\w.,!?…])[’'](?!\w)")

_TITLE_MARKS = re.compile("[《》〈〉]")


def _quotes(text: str) -> tuple[int, int, int]:
    """How many double quotation marks open, close, and how many undirected or lesser ones there are."""
    low = "„" in text  # then “ closes, as in German
    opening, closing = (_OPENING.replace("“", ""), _CLOSING + "“") if low else (_OPENING, _CLOSING)
    return (
        sum(text.count(mark) for mark in opening),
        sum(text.count(mark) for mark in closing),
        text.count('"') + text.count("＂"),
    )


def _quotation_state(text: str) -> int:
    """-1 where a quotation ends that began before, 1 where one stays open, 0 where all are in pairs."""
    opened, closed, straight = _quotes(text)
    if straight:
        return 1 if (straight + opened + closed) % 2 else 0
    return (opened > closed) - (opened < closed)


# What stands in marks, short enough for a word or a name.
_QUOTED = re.compile(r"[“„«「『〝\"＂]([^“”„«»「」『』〝〞\"＂]{1,40})[”“»」』〞\"＂]")
_BRACKETED = re.compile(r"[(（\[【〔［]([^()（）\[\]【】〔〕［］]{1,80})[)）\]】〕］]")
_LATIN = "0-9a-z\u00c0-\u024f"


def differing_quotes(source: str, target: str, langs: tuple[str, str]) -> Iterator[str]:
    """What is to be said of the quotation marks; a word in foreign letters that both sides cite needs none."""
    bare = (
        _QUOTED.sub(lambda found: "" if _is_cited(found[1], target, langs) else found[0], source),
        _QUOTED.sub(lambda found: "" if _is_cited(found[1], source, langs) else found[0], target),
    )
    yield from _in_both(list(_odd_quotes(source, target)), lambda: _odd_quotes(*bare))


def _in_both(found: list[str], again: Callable[[], Iterable[str]]) -> list[str]:
    still = set(again()) if found else ()
    return [message for message in found if message in still]


def _is_cited(words: str, other: str, langs: tuple[str, str]) -> bool:
    """Whether the other side has the words, or the reading beside them, in letters that one language has not."""
    return any(
        _stands_in(part, other)
        and any(not can_be_written_in(lang, script) for script in script_weights(part) for lang in langs)
        for part in re.split(r"[()（）]", words)
    )


def _stands_in(words: str, other: str) -> bool:
    """Whether `other` has the words, whatever the width and case of their letters."""
    sought, text = (unicodedata.normalize("NFKC", each).lower().strip() for each in (words, other))
    if not any(character.isalnum() for character in sought) or sought not in text:
        return False
    return re.search(rf"(?<![{_LATIN}]){re.escape(sought)}(?![{_LATIN}])", text) is not None


def _odd_quotes(source: str, target: str) -> Iterator[str]:
    counts = [sum(_quotes(text)) for text in (source, target)]
    for text, own, other, side in (
        (target, counts[0], counts[1], "target"),
        (source, counts[1], counts[0], "source"),
    ):
        otherwise = _SINGLE_QUOTES.search(text) or _TITLE_MARKS.search(text) or text.lstrip()[:1] in "—–-"
        if own and not other and not otherwise:
            yield f"the {side} has no quotation marks"
    if all(counts) and not any(_SINGLE_QUOTES.search(text) for text in (source, target)):
        states = _quotation_state(source), _quotation_state(target)
        if (states[0] == 0) != (states[1] == 0):
            yield f"a quotation is not closed or not opened in the {'target' if states[1] else 'source'}"


_BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】", "〔": "〕", "［": "］", "｛": "｝"}

# (a), （二）, (30), iv): labels of lists and figures repeated, which languages set in their own way.
_LABEL = "(?:[0-9]{1,2}|[ivxIVX]{1,5}|[a-zA-Z一二三四五六七八九十]{1,2})"
_LIST_LABELS = re.compile(
    rf"[(（]{_LABEL}[)）]|(?P<text>[(（][^()（）]*[)）])|(?:(?<=^)|(?<=\s)){_LABEL}[)）]"
)


def differing_brackets(source: str, target: str) -> Iterator[str]:
    """What is to be said of the brackets; what the other side says without brackets is only set off otherwise."""
    bare = (
        _BRACKETED.sub(lambda found: "" if _stands_in(found[1], target) else found[0], source),
        _BRACKETED.sub(lambda found: "" if _stands_in(found[1], source) else found[0], target),
    )
    yield from _in_both(list(_odd_brackets(source, target)), lambda: _odd_brackets(*bare))


def _odd_brackets(source: str, target: str) -> Iterator[str]:
    counts = []
    for text in (source, target):
        bare = _LIST_LABELS.sub(lambda found: found["text"] or "", text)
        counts.append((sum(map(bare.count, _BRACKETS)), sum(map(bare.count, _BRACKETS.values()))))
    for (opened, closed), (other_opened, other_closed), side in (
        (counts[0], counts[1], "target"),
        (counts[1], counts[0], "source"),
    ):
        if opened and opened == closed and not other_opened + other_closed:
            yield f"the {side} has no brackets"
        if opened == closed and other_opened != other_closed:
            yield f"a bracket is not closed or not opened in the {side}"


def has_quotes(text: str) -> bool:
    """Whether there is any double quotation mark in `text`."""
    return sum(_quotes(text)) > 0


def has_brackets(text: str) -> bool:
    """Whether there is any opening bracket in `text`."""
    return any(mark in text for mark in _BRACKETS)
