"""The lists of rules in the docs are those of the programme."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from aligner.clean.rules import ALL_RULES
from aligner.read.rules import RULES as READING_RULES
from aligner.review.doubts import RULES as DOUBT_RULES

DOCS = Path(__file__).resolve().parents[1] / "docs"
_ROW = re.compile(r"^\| `([a-z-]+)` \| (.+?) \|(?: .*)?$", re.MULTILINE)
_EXAMPLE = re.compile(r"^\| `([a-z-]+)` \| .+ \| ([^|]|\\\|)+ \|$", re.MULTILINE)
READERS = sorted((DOCS.parent / "aligner" / "read").glob("*.py"))
# What is given a rule's name as its last argument.
TAKING = {"drop": 1, "drop_break": 0, "repair": 2, "remove": 1, "Edit": 3, "_drop": 1}


def listed(page: str) -> dict[str, str]:
    return {
        name: meaning.replace("\\|", "|") for name, meaning in _ROW.findall((DOCS / page).read_text("utf-8"))
    }


def test_every_rule_of_reading_and_cleaning_stands_in_the_docs_as_the_programme_says_it() -> None:
    assert listed("rules.md") == dict(ALL_RULES)


def test_every_doubt_stands_in_the_docs_as_the_programme_says_it() -> None:
    assert listed("doubts.md") == dict(DOUBT_RULES)


def test_every_rule_has_an_example() -> None:
    assert {match[1] for match in _EXAMPLE.finditer((DOCS / "rules.md").read_text("utf-8"))} == set(ALL_RULES)


def rules_named(tree: ast.AST) -> Iterator[str]:
    """The names of rules that are written out where something is taken out, conditional ones too."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in TAKING and len(node.args) > TAKING[name]:
            for part in ast.walk(node.args[TAKING[name]]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def test_no_reader_takes_anything_out_under_a_name_that_is_not_listed() -> None:
    named = {path.stem: set(rules_named(ast.parse(path.read_text("utf-8")))) for path in READERS}
    assert {
        stem: names - set(READING_RULES) for stem, names in named.items() if names - set(READING_RULES)
    } == {}
    assert sum(map(len, named.values())) >= 15  # the others come from tables of the readers


def test_every_rule_of_a_reader_is_used_by_one() -> None:
    text = "\n".join(path.read_text("utf-8") for path in READERS if path.stem != "rules")
    # `inline-code` is the name of what codes leave behind, in a room below the readers.
    assert {name for name in READING_RULES if f'"{name}"' not in text} <= {"inline-code"}
