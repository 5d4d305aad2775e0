"""Where a glossary's terms stand in a sentence."""

from __future__ import annotations

import pytest

from aligner.lexicon.glossary import Glossary


@pytest.mark.parametrize(
    ("langs", "pair", "sentence", "expected"),
    [
        (("en", "de"), ("right of way", "Wegerecht"), "A right of way, two rights of way.",
         ["right of way", "rights of way"]),
        (("en", "zh"), ("Party A", "甲方"), "Party B pays Party A.", ["Party A"]),
        (("zh", "en"), ("甲方", "Party A"), "乙方向甲方付款，甲 方收。", ["甲方", "甲 方"]),
        (("zh", "en"), ("国际", "international"), "國際機場", ["國際"]),
        (("en", "de"), ("lamp", "Lampe"), "No such thing.", []),
    ],
)  # fmt: skip
def test_a_term_is_found_where_it_stands_however_it_is_inflected_or_written(
    langs: tuple[str, str], pair: tuple[str, str], sentence: str, expected: list[str]
) -> None:
    found = Glossary((pair,), *langs).places(sentence, "source")
    assert [sentence[start:end] for _, start, end in found] == expected
    assert {number for number, *_ in found} <= {0}
