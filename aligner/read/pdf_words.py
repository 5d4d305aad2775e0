"""What a line's end becomes in the text of a PDF: nothing, a blank, or the hyphen of a divided word left out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aligner.language.joints import is_unspaced, line_joint
from aligner.language.stopwords import stop_words
from aligner.read.pdf_lines import HYPHENS, Line
from aligner.read.reading import Writing

HYPHEN, GLYPH, RAISED = "pdf-hyphen", "pdf-glyph", "superscript"

_SPACED = re.compile(r"[\u3400-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] [\u3400-\u9fff]")
_UNSPACED = re.compile(r"[\u3400-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u3400-\u9fff]")
# Words with what holds their parts together: 25,000-acre, Amazon.com, e-mail.
_WORD = re.compile(r"\w+(?:[-.,'’]\w+)*")
_LAST_PART, _FIRST_PART = re.compile(r"[\w'’]+$"), re.compile(r"[\w'’]+")
_LAST_WORD, _FIRST_WORD = re.compile(r"\w+(?:[-.,'’]\w+)*$"), re.compile(r"\w+(?:[-.,'’]\w+)*")
# A search to a line's end looks at no more than this, so that a long line takes linear time.
_LONGEST_WORD = 80
# No automatic hyphenation leaves fewer letters than this before or after its hyphen.
_FEWEST_LETTERS = 2
# A half that is a word by itself in the text may be one of a compound; shorter ones are syllables too.
_SHORTEST_HALF = 3


@dataclass(frozen=True, slots=True)
class Habits:
    """How the document writes: its words, and whether it puts a blank between CJK and other characters."""

    words: Counter[str]
    spaced: bool

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Habits:
        """The habits that the lines show where they aren't cut."""
        words: Counter[str] = Counter()
        spaced = 0
        for line in lines:
            words.update(_WORD.findall(line.text.lower()))
            spaced += len(_SPACED.findall(line.text)) - len(_UNSPACED.findall(line.text))
        return cls(words, spaced > 0)

    def joint(self, line: Line, following: str) -> str:
        """What a line's end becomes between two lines."""
        last, first = line.text[-1], following[0]
        if is_unspaced(last) != is_unspaced(first):
            return "" if not self.spaced else line_joint(line.text, following)
        if _is_dense(line.text) and not line.open and last.isalnum() and first.isalnum():
            return self._inside_word(line.text, following)
        return line_joint(line.text, following)

    def _inside_word(self, text: str, following: str) -> str:
        """Nothing where a line of Chinese or Japanese cuts a foreign word or a number, as such lines may."""
        before, after = _LAST_WORD.search(text[-_LONGEST_WORD:]), _FIRST_WORD.match(following)
        if before is None or after is None or is_unspaced(text[-1]):
            return line_joint(text, following)
        if text[-1].isdigit() and following[0].isdigit():
            return ""
        left, right = before[0].lower(), after[0].lower()
        if self.words[left + right]:
            return ""
        return " " if self.words[left] > 1 or self.words[right] > 1 or following[0].isupper() else ""

    def divides(self, text: str, following: str) -> bool:
        """Whether the hyphen after `text` divides a word, and is not a compound's own."""
        before, after = _LAST_PART.search(text[-_LONGEST_WORD:]), _FIRST_PART.match(following)
        if before is None or after is None or text[-1].isdigit() or following[0].isdigit():
            return False
        left, right = before[0].lower(), after[0].lower()
        whole_left = (_LAST_WORD.search(text[-_LONGEST_WORD:]) or before)[0].lower()
        whole_right = (_FIRST_WORD.match(following) or after)[0].lower()
        if self.words[left + right] or self.words[whole_left + whole_right]:
            return True
        if not following[0].islower() or self.words[f"{whole_left}-{whole_right}"]:
            return False
        if min(len(left), len(right)) < _FEWEST_LETTERS:
            return False
        halves = min(len(left), len(right)) >= _SHORTEST_HALF and left not in stop_words("en")
        return not (halves and self.words[left] > 1 and self.words[right] > 1)


def _is_dense(text: str) -> bool:
    """Whether most of the line is in a script without blanks, where words may be cut without a hyphen."""
    return 2 * sum(map(is_unspaced, text)) > len(text)


def write_lines(out: Writing, lines: Sequence[Line], habits: Habits) -> None:
    """A paragraph's lines as one; a hyphen that divides a word is left out, on record."""
    for number, line in enumerate(lines):
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        text = line.text
        hyphen = bool(following) and len(text) > 1 and text[-1] in HYPHENS and not text[-2].isspace()
        _write_characters(out, text[:-1] if hyphen else text, dict(line.raised))
        if hyphen and habits.divides(text[:-1], following):
            out.drop("-", HYPHEN)
        elif hyphen:
            out.keep("-")
        elif following:
            out.keep(habits.joint(line, following))


def _write_characters(out: Writing, text: str, raised: Mapping[int, str]) -> None:
    """Glyphs that stand for letters (ligatures, Kangxi radicals) become the letters, on record.

    On record, too, are the forms of characters that were set `raised` or lowered.
    """
    start = 0
    for place, character in enumerate(text):
        if "\u2e80" <= character <= "\u2fdf" or "\ufb00" <= character <= "\ufb06":
            plain = unicodedata.normalize("NFKC", character)
            if plain != character:
                out.keep(text[start:place])
                out.repair(character, plain, GLYPH)
                start = place + 1
        elif place in raised:
            out.keep(text[start:place])
            out.repair(raised[place], character, RAISED)
            start = place + 1
        elif character in "\u0002\ufffe":
            out.keep(text[start:place] + "-")
            start = place + 1
    out.keep(text[start:])
