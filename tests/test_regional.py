"""Chinese characters as each region writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import UsageError
from aligner.language.regional import convert_region

GOLDEN = Path(__file__).parent / "golden" / "script_conversion.tsv"


def cases() -> list[list[str]]:
    lines = GOLDEN.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("tag", "script", "text", "expected"), cases())
def test_each_region_gets_its_own_characters(tag: str, script: str, text: str, expected: str) -> None:
    assert convert_region(text, script, tag) == expected


@given(
    st.text(st.sampled_from("个中年人里程表着著作土原论谈翻译面麵裏裡為爲说説，a1 𠮷"), max_size=40),
    st.sampled_from(["zh", "zh-CN", "zh-TW", "zh-HK", "zh-Hant", "yue"]),
    st.sampled_from(["simplified", "traditional"]),
)
def test_every_character_stays_at_its_place(text: str, tag: str, script: str) -> None:
    assert len(convert_region(text, script, tag)) == len(text)


def test_another_script_is_refused() -> None:
    with pytest.raises(UsageError, match="simplified or traditional"):
        convert_region("字", "modern", "zh")
