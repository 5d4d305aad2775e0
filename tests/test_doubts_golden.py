"""The golden table of pairs: what is right raises no doubt, what is wrong raises the doubt that names it."""

from pathlib import Path

import pytest
from test_doubts import aligned

from aligner.review.doubts import RULES, find_doubts

GOLDEN = Path(__file__).parent / "golden" / "doubts.tsv"
ROWS = [
    line.split("\t") for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line[:1] not in ("#", "")
]


@pytest.mark.parametrize(("source", "target", "src", "tgt", "expected"), ROWS, ids=lambda cell: cell[:30])
def test_a_pair_raises_the_doubts_of_the_golden_table(source, target, src, tgt, expected):
    for pair, langs in (((source, target), (src, tgt)), ((target, source), (tgt, src))):
        raised = {doubt.rule for doubt in find_doubts(aligned(pair, langs=langs), off=["untranslated"])}
        assert " ".join(rule for rule in RULES if rule in raised) == expected.replace("-", "")


def test_the_golden_table_is_large_and_half_of_it_is_wrong():
    wrong = sum(row[4] != "-" for row in ROWS)
    assert len(ROWS) >= 250
    assert 0.3 < wrong / len(ROWS) < 0.7
