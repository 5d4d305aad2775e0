"""How well blanks stand for the ends of sentences in a language without signs for them, on translated messages.

    python scripts/measure_phrases.py th [/usr/share/locale]

A message of a gettext catalogue whose English has one sentence should not be cut, one with two should be cut once.
Debian's packages bring the catalogues; only messages on one line, of 60 characters or more, are counted.
"""

from __future__ import annotations

import gettext
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from aligner.split.sentences import segment
from aligner.text.edits import EditedText

SHORTEST = 60
SENTENCE_END = re.compile(r"[.!?]\s+[A-Z]")


def messages(folder: Path) -> Iterator[tuple[str, str]]:
    """English and translation of each message that counts."""
    for path in sorted(folder.glob("*.mo")):
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog
        for english, text in catalogue.items():
            if isinstance(english, str) and len(text) >= SHORTEST and "\n" not in text.strip():
                yield english, text


def main() -> None:
    lang, root = sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else "/usr/share/locale")
    cuts: dict[int, Counter[int]] = {1: Counter(), 2: Counter()}
    for english, text in messages(root / lang / "LC_MESSAGES"):
        sentences = 1 + len(SENTENCE_END.findall(english))
        if sentences in cuts:
            cuts[sentences][min(len(segment(EditedText(text), lang)) - 1, 2)] += 1
    for sentences, counted in cuts.items():
        told = f"not cut {counted[0]}, cut once {counted[1]}, more often {counted[2]}"
        print(f"{lang}: {counted.total()} messages of {sentences} sentence(s): {told}")


if __name__ == "__main__":
    main()
