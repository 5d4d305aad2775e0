"""How well blanks stand for the ends of sentences in a language without signs for them, on translated messages.

    python scripts/measure_phrases.py th [/usr/share/locale …]

A message of a gettext catalogue whose English has one sentence should not be cut, one with two should be cut once: at
the blank that divides it most nearly as the English is divided. Debian's packages bring the catalogues (unpack them
with `dpkg -x`); counted are messages of one paragraph, of 40 characters or more, that have no sign of an end inside.
"""

from __future__ import annotations

import gettext
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from aligner.language.scripts import COMMON, LATIN, script_of
from aligner.split.sentences import segment
from aligner.text.edits import EditedText

SHORTEST = 40
# Where both languages divide a message more differently, the ends can't be told from each other.
UNLIKE = 0.15
SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z])")
SIGN_INSIDE = re.compile(r"[.!?។။]\S*\s")


def messages(folder: Path) -> Iterator[tuple[str, str]]:
    """English and translation of each message of one paragraph, on one line."""
    for path in sorted(folder.glob("*.mo")):
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog
        for english, text in catalogue.items():
            if isinstance(english, str) and "\n\n" not in english.strip():
                yield " ".join(english.rpartition("\x04")[2].split()), " ".join(text.split())


def blanks(text: str) -> list[int]:
    """Where a blank stands beside a letter of the language's own script."""
    return [
        at
        for at in range(1, len(text) - 1)
        if text[at] == " " and any(script_of(text[n]) not in (COMMON, LATIN) for n in (at - 1, at + 1))
    ]


def gold(english: str, text: str) -> set[int] | None:
    """Where the message should be cut; None where that can't be told."""
    ends = [found.end() / len(english) for found in SENTENCE_END.finditer(english)]
    places = blanks(text)
    if len(ends) > 1 or not places or len(text) < SHORTEST or SIGN_INSIDE.search(text):
        return None
    if not ends:
        return set()
    nearest = min(places, key=lambda at: abs(at / len(text) - ends[0]))
    return {nearest} if abs(nearest / len(text) - ends[0]) <= UNLIKE else None


def main() -> None:
    lang, roots = sys.argv[1], [Path(root) for root in sys.argv[2:]] or [Path("/usr/share/locale")]
    counted = right = found = wanted = 0
    both = (each for root in roots for each in messages(root / lang / "LC_MESSAGES"))
    for text, english in {text: english for english, text in both}.items():
        ends = gold(english, text)
        if ends is not None:
            cut = {each.end for each in segment(EditedText(text), lang).segments} & set(blanks(text))
            counted, right = counted + 1, right + len(ends & cut)
            found, wanted = found + len(cut), wanted + len(ends)
    precision, recall = right / max(found, 1), right / max(wanted, 1)
    f1 = 2 * right / max(found + wanted, 1)
    told = f"{counted} messages, {wanted} ends, {found} cuts, {right} right"
    print(f"{lang}: {told}: P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}")


if __name__ == "__main__":
    main()
