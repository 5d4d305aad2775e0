"""Words too general to compare texts by: `stop_words` of a language's file."""

from __future__ import annotations

from aligner.language.facts import words_in


def stop_words(language: str) -> frozenset[str]:
    """Words too general to compare, in lower case and simplified characters; empty where no list is kept."""
    return words_in(language, "stop_words")
