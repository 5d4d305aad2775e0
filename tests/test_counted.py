"""Counts in messages read as a person writes them: "1 pair", "2 pairs"."""

import ast
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from aligner.text.counted import counted

PACKAGE = Path(__file__).resolve().parents[1] / "aligner"
MODULES = sorted(PACKAGE.rglob("*.py"))
# What messages count; where another noun comes to be counted it belongs here.
NOUNS = (
    "beads?|cells?|characters?|codes?|columns?|documents?|files?|keys?|languages?|lines?|pairs?|rows?|segments?|"
    "sentences?|sources?|stretch(?:es)?|terms?|texts?|times|units?"
)
# What stands before such a noun and is no count, or never just one.
NO_COUNTS = {
    "('source', 'target')[side]",
    "_short(text)",
    "b",
    "kind",
    "lang",
    "script",
    "side",
    "sides",
    "standing.speed",
    "times",
}
COUNT = re.compile(rf" (?:[a-z-]+ )?(?:{NOUNS})\b")


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 pairs"), (1, "1 pair"), (2, "2 pairs"), (1.2, "1 pair"), (1234, "1,234 pairs")]
)
def test_one_is_singular_and_thousands_are_grouped(count: float, said: str) -> None:
    assert counted(count, "pair") == said


def test_a_plural_of_its_own_is_used() -> None:
    assert [counted(n, "pair has", "pairs have") for n in (1, 3)] == ["1 pair has", "3 pairs have"]


def plain_counts(path: Path) -> list[str]:
    """What an f-string counts by itself: a number that may be one, before a plural. Constants are known."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts = node.values if isinstance(node, ast.JoinedStr) else []
        for value, text in pairwise(parts):
            if not isinstance(value, ast.FormattedValue) or not isinstance(text, ast.Constant):
                continue
            number, noun = ast.unparse(value.value), COUNT.match(str(text.value))
            is_known = number.isupper() or number.startswith("counted(") or number in NO_COUNTS
            if noun and noun[0].endswith("s") and not is_known:
                found.append(f"line {node.lineno}: {{{number}}}{noun[0]}")
    return found


def test_no_message_writes_a_plural_behind_a_number_that_may_be_one() -> None:
    found = {str(path.relative_to(PACKAGE)): plain_counts(path) for path in MODULES}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_no_words_of_the_review_page_have_one_form_for_a_number_and_a_plural() -> None:
    words = json.loads((PACKAGE / "review" / "static" / "words" / "en.json").read_text(encoding="utf-8"))
    plain = {key: text for key, text in words.items() if isinstance(text, str)}
    assert [
        key for key, text in plain.items() if re.search(rf"\{{n\}} (?:[a-z-]+ )?(?:{NOUNS})\b", text)
    ] == []
