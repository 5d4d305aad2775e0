"""Where quotations are open: golden cases that a linguist can read, and what must hold of any text."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.gather.quotations import open_quotations

GOLDEN = Path(__file__).parent / "golden" / "quotations.txt"
LINES = [
    line
    for line in GOLDEN.read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
_CASE = re.compile(r"\s*(¶ )?(.*?) \[(open|closed)\]")


def parse(line):
    """Language, sentences, paragraphs, states; a line that is not understood fails."""
    lang, colon, rest = line.partition(": ")
    found = _CASE.findall(rest)
    assert colon and found and not _CASE.sub("", rest).strip(), f"not understood: {line}"
    paragraphs = np.cumsum([bool(mark) for mark, _, _ in found])
    return lang, [text for _, text, _ in found], paragraphs, [state == "open" for _, _, state in found]


@pytest.mark.parametrize("line", LINES)
def test_a_quotation_is_open_where_a_reader_sees_one(line):
    lang, sentences, paragraphs, states = parse(line)
    assert open_quotations(sentences, paragraphs, lang).tolist() == [False, *states]


@given(
    st.lists(st.text("ab '\"“”‘’「」«»„“.,—", min_size=1, max_size=12), max_size=8),
    st.sampled_from(["en", "fr", "de", "zh"]),
)
def test_no_marks_break_it_and_a_new_paragraph_closes_all(sentences, lang):
    states = open_quotations(sentences, np.arange(len(sentences)), lang)
    assert len(states) == len(sentences) + 1
    assert not states[:-1].any()
