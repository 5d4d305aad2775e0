"""The lists of rules in the docs are those of the programme."""

from __future__ import annotations

import re
from pathlib import Path

from aligner.clean.rules import ALL_RULES
from aligner.review.doubts import RULES as DOUBT_RULES

DOCS = Path(__file__).resolve().parents[1] / "docs"
_ROW = re.compile(r"^\| `([a-z-]+)` \| (.+?) \|(?: .*)?$", re.MULTILINE)


def listed(page: str) -> dict[str, str]:
    return {
        name: meaning.replace("\\|", "|") for name, meaning in _ROW.findall((DOCS / page).read_text("utf-8"))
    }


def test_every_rule_of_reading_and_cleaning_stands_in_the_docs_as_the_programme_says_it() -> None:
    assert listed("rules.md") == dict(ALL_RULES)


def test_every_doubt_stands_in_the_docs_as_the_programme_says_it() -> None:
    assert listed("doubts.md") == dict(DOUBT_RULES)
