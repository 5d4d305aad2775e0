"""Simplified and traditional Chinese: told apart and converted by OpenCC's tables."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

from aligner.errors import UsageError
from aligner.language.scripts import HAN, _sample, can_be_written_in, script_weights
from aligner.language.tags import _wants_traditional, primary

# How much one-sided evidence contradicts a tag: so many telling characters, so large a share of one kind.
_CONTRADICTION, _CONTRADICTION_SHARE = 5, 0.8

# OpenCC's time grows with the square of an unbroken run, so it gets at most so many characters at once.
_HAN_RUN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]{1,1000}")


def chinese_script(text: str) -> str | None:
    """`zh-Hans` or `zh-Hant`, whichever has more characters of its own in `text`; None where level."""
    simplified, traditional = _telling_characters(text)
    if simplified == traditional:
        return None
    return "zh-Hans" if simplified > traditional else "zh-Hant"


def _telling_characters(text: str) -> tuple[int, int]:
    simplified_only, traditional_only = _one_sided_characters()
    return sum(char in simplified_only for char in text), sum(char in traditional_only for char in text)


@lru_cache(maxsize=1)
def _one_sided_characters() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that OpenCC's tables give to one script alone; 后, 台 and others in both are left out."""
    simplified, traditional = _opencc_table("STCharacters.txt"), _opencc_table("TSCharacters.txt")
    return (
        frozenset(char for char, others in simplified.items() if char not in others),
        frozenset(char for char, others in traditional.items() if char not in others),
    )


def _opencc_table(file: str) -> dict[str, list[str]]:
    lines = (files("opencc") / "dictionary" / file).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line)
    return {row[0]: row[1].split() for row in rows}


def script_contradicts(text: str, tag: str) -> str | None:
    """What is wrong with calling `text` by `tag`, as a clause for a warning; None where nothing is.

    Only the script is judged: Latin letters under `zh`, or traditional characters under `zh-CN`. A short or
    level text is never a contradiction.
    """
    sample = _sample(text)
    weights = script_weights(sample)
    if not weights:
        return None
    script = max(weights, key=weights.__getitem__)
    if weights[script] < _CONTRADICTION_SHARE * sum(weights.values()) or weights[script] < _CONTRADICTION:
        return None
    if not can_be_written_in(tag, script):
        return f"{tag} is declared, but the text is written in {script} characters"
    if script != HAN or primary(tag) != "zh" or tag == "zh":
        return None
    simplified, traditional = _telling_characters(sample)
    wanted, other = (traditional, simplified) if _wants_traditional(tag) else (simplified, traditional)
    if other < _CONTRADICTION or other < _CONTRADICTION_SHARE * (wanted + other):
        return None
    kind, right = ("simplified", "zh-Hans") if _wants_traditional(tag) else ("traditional", "zh-Hant")
    return f"{tag} is declared, but the text is written in {kind} characters ({right})"


def convert_script(text: str, script: str) -> str:
    """`text` in `simplified` or `traditional` characters; each character stays at its place, so offsets hold.

    Raises `UsageError` for any other `script`.
    """
    if script not in ("simplified", "traditional"):
        raise UsageError(f"script {script!r}: say simplified or traditional")
    return convert_in_place(text, "t2s" if script == "simplified" else "s2t")


def convert_in_place(text: str, conversion: str) -> str:
    """`text` by one of OpenCC's conversions (`s2tw`), each character at its place."""
    converter = _converter(conversion)
    return _HAN_RUN.sub(lambda run: _in_place(run[0], converter), text)


def _in_place(run: str, converter: Any) -> str:
    converted: str = converter.convert(run)
    if len(converted) == len(run):
        return converted
    return "".join(
        single if len(single) == 1 else char for char in run for single in [converter.convert(char)]
    )


@lru_cache(maxsize=8)
def _converter(conversion: str) -> Any:
    from opencc import OpenCC

    return OpenCC(conversion)
