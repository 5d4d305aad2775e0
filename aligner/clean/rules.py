"""Take out what is no text and mend what was damaged, with a record of every place.

A rule looks at the text and names the places it would change; `clean` writes them under the rule's name, one
rule after another, until nothing changes any more. Rules that only suspect damage leave a flag. What is
removed or repaired can be seen with `report`, undone with `EditedText.original` and switched off by the
rule's name. Full-width and half-width forms, quotation marks, compatibility characters and no-break spaces
stay as written.
"""

from __future__ import annotations

import difflib
from collections import ChainMap
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from aligner.clean import characters, damage, furniture
from aligner.clean import gbk as repair_gbk
from aligner.clean import readings as glosses
from aligner.clean import wraps as line_breaks
from aligner.errors import UsageError
from aligner.read.rules import RULES as READING_RULES
from aligner.system.listed import listed_in
from aligner.text.edits import EditedText

Changes = Iterable[tuple[int, int, str]]  # (start, end, new), in order, not overlapping

Spans = Iterable[tuple[int, int]]

# A removal can bring the two halves of other debris together; a page that goes on doing so is hostile.
MOST_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Flag:
    """Characters `[at, end)` of the cleaned text look damaged and were not repaired; `rule` says how."""

    at: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The cleaned text with its edits, and the flags on it in order of place."""

    text: EditedText
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A cleaning rule; each function takes the text and may be missing.

    `changes`: what it takes out or writes anew. `suspects`: places that look damaged. `compares`: as `changes`, of the
    text and the other side's.
    """

    name: str
    meaning: str
    changes: Callable[[str], Changes] | None = None
    suspects: Callable[[str], Spans] | None = None
    compares: Callable[[str, str], Changes] | None = None  # the text with the other side's


_RULES = [
    Rule(
        "mojibake",
        "text read in the wrong encoding, `â€™` for `’`: repaired; characters lost for good: flagged",
        damage.mojibake,
        damage.lost_characters,
    ),
    Rule(
        "unicode",
        "control, zero-width and other invisible characters out, letters and their accents composed",
        characters.changes,
    ),
    Rule("field-debris", "remains of word processor fields, `[bookmark: …]`", furniture.field_debris),
    Rule(
        "gbk-damage",
        "Chinese garbled by a lost byte: repaired; what stays unknown: flagged",
        repair_gbk.find_repairs,
        repair_gbk.find_damage,
    ),
    Rule("pinyin-gloss", "the reading of a Chinese character after it, `戰(zhàn)`", compares=glosses.pinyin),
    Rule("ruby", "the reading of Japanese or Chinese words, `漢字《かんじ》`", compares=glosses.ruby),
    Rule("page-marker", "running numbers of pages that cut sentences, `2、`", line_breaks.page_markers),
    Rule("spam", "lines of search words, `a_b_c_d_e`", furniture.spam),
    Rule("link-list", "lines of links, `a|b|c|d|e`", furniture.link_lists),
    Rule("furniture", "what belongs to the site or viewer, not the text", furniture.site_furniture),
    Rule(
        "stray-question-mark",
        "a `?` that stands for a lost character: after a comma out, inside a sentence flagged",
        damage.stray_question_marks,
        damage.doubtful_question_marks,
    ),
    Rule("hard-wrap", "line breaks and hyphens that only fitted a page's width", line_breaks.hard_wraps),
    Rule("cjk-space", "blanks between all characters of a Chinese or Japanese text", line_breaks.cjk_spaces),
    Rule("lost-apostrophe", "`the citys mayor`: flagged", None, damage.lost_apostrophes),
]

_MEANINGS = {rule.name: rule.meaning for rule in _RULES}
RULES: Mapping[str, str] = MappingProxyType(_MEANINGS)
ALL_RULES: Mapping[str, str] = ChainMap(_MEANINGS, dict(READING_RULES))
# Two columns make pairs; a third has no place in them.
_LASTING = {
    "other-column": "say which columns with --src-lang and --tgt-lang",
    "inline-code": "what it stands for stays, the rest is no text",
}


@contextmanager
def with_rule(rule: Rule) -> Iterator[None]:
    """Clean with one more rule, after all others, inside the block. Raises ValueError for a name that is taken."""
    if rule.name in ALL_RULES:
        raise ValueError(f"there is a rule called {rule.name!r} already")
    with listed_in(_RULES, rule):
        _MEANINGS[rule.name] = rule.meaning
        try:
            yield
        finally:
            del _MEANINGS[rule.name]


def check_names(off: Collection[str]) -> None:
    """Raise `UsageError` where a name in `off` is that of no rule, or of one that can't be switched off."""
    for name in sorted(off):
        if name not in ALL_RULES:
            near = difflib.get_close_matches(name, ALL_RULES, 3, 0.5)
            meant = f"is it {' or '.join(near)}? " if near else ""
            raise UsageError(f"no cleaning rule {name!r}: {meant}`align clean --rules` lists them all")
        if name in _LASTING:
            raise UsageError(f"{name!r} can't be switched off: {_LASTING[name]}")


def clean(text: EditedText, *, off: Collection[str] = (), beside: str = "") -> Cleaned:
    """Run every rule that is not named in `off`, which may name rules of readers, too.

    `beside` is the text of the other side, if there is one: what both sides have is content.

    Cleaning a cleaned text changes nothing (up to 12 layers of debris within debris). Raises `UsageError`
    where `off` names no rule.
    """
    text = cleaned(text, off=off, beside=beside)
    return Cleaned(text, flags_on(text, off=off))


def cleaned(text: EditedText, *, off: Collection[str] = (), beside: str = "") -> EditedText:
    """The text of `clean`, without looking for damage that stays."""
    rules = _rules_but(off)
    for _ in range(MOST_ROUNDS):
        before = text.text
        for rule in rules:
            changes = list(_changes(rule, text.text, beside))
            text = text.replace(changes, rule.name) if changes else text
        if text.text == before:
            break
    return text


def _changes(rule: Rule, text: str, beside: str) -> Changes:
    if rule.compares:
        return rule.compares(text, beside)
    return rule.changes(text) if rule.changes else ()


def _rules_but(off: Collection[str]) -> list[Rule]:
    check_names(off)
    return [rule for rule in _RULES if rule.name not in off]


def flags_on(text: EditedText, *, off: Collection[str] = ()) -> tuple[Flag, ...]:
    """The flags of `clean` on a text that is clean already, or a part of one."""
    rules = _rules_but(off)
    flags = []
    for rule in rules:
        spans = rule.suspects(text.text) if rule.suspects else ()
        flags += [Flag(start, end, rule.name) for start, end in spans]
    if any(rule.name == "gbk-damage" for rule in rules):
        repairs = (edit for edit in text.edits if edit.rule == "gbk-damage")
        flags += [
            Flag(edit.at, edit.end, edit.rule) for edit in repairs if repair_gbk.UNKNOWN in edit.written
        ]
    return tuple(sorted(flags, key=lambda flag: (flag.at, flag.end, flag.rule)))
