"""Words too general to compare texts by; the lists are plain text, `data/stopwords.txt`."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _all_stop_words() -> dict[str, frozenset[str]]:
    text = files("aligner").joinpath("data/stopwords.txt").read_text(encoding="utf-8")
    lines = (line.split(":", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {language.strip(): frozenset(words.split()) for language, words in lines}


def stop_words(language: str) -> frozenset[str]:
    """Words too general to compare, in lower case and simplified characters; empty where no list is kept."""
    return _all_stop_words().get(language, frozenset())
