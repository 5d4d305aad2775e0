"""Formatting as readers meet it: what the next words have becomes pairs of codes around stretches of text."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from aligner.read.reading import Writing
from aligner.text.codes import ALONE, CLOSE, OPEN, Code
from aligner.text.edits import EditedText


@dataclass(frozen=True, slots=True)
class Format:
    """What words have: `type` in the words of XLIFF 1.2 (`bold`, `link`), and what begins and ends it in markup.

    `key` tells two alike that stand side by side apart; without one they are the same stretch.
    """

    type: str
    opens: str
    closes: str
    key: Hashable = None


_MARKUP = {
    "bold": "b", "italic": "i", "underlined": "u", "strike": "s", "superscript": "sup", "subscript": "sub",
}  # fmt: skip
FACES = tuple(_MARKUP)
"""The formats that letters have, in the order in which they are opened."""


def face(kind: str) -> Format:
    """One of `FACES`, shown as the tag that web pages have for it."""
    return Format(kind, f"<{_MARKUP[kind]}>", f"</{_MARKUP[kind]}>")


def link(target: str, key: Hashable) -> Format:
    """A link to `target`, shown as web pages write it."""
    return Format("link", f'<a href="{escape(target)}">', "</a>", key)


@dataclass(slots=True)
class Formatting:
    """The formats of a text under way, which begin right before words and end right behind them.

    Words without text have none: a format that no word has leaves no code.
    """

    out: Writing
    opened: list[tuple[Format, int]] = field(default_factory=list)

    def close(self, wanted: Sequence[Format] = ()) -> None:
        """End what the next words don't have, and what has to end before it."""
        while any(each not in wanted for each, _ in self.opened):
            last, pair = self.opened.pop()
            self.out.mark(Code(0, CLOSE, last.closes, pair, type=last.type))

    def open(self, wanted: Sequence[Format]) -> None:
        """Begin what the next words have, the outermost first; what they don't have ends before."""
        self.close(wanted)
        known = [each for each, _ in self.opened]
        for each in wanted:
            if each not in known:
                pair = self.out.pairs + 1
                self.opened.append((each, pair))
                self.out.mark(Code(0, OPEN, each.opens, pair, type=each.type))


def alone(kind: str, data: str, length: int = 0) -> Code:
    """A code without another end, which stands for `length` characters that are written next."""
    return Code(0, ALONE, data, length=length, type=kind)


def on_one_line(text: EditedText) -> EditedText:
    """A text that was exported with breaks in its lines, each of which stands for a blank of it again."""
    characters = list(text.text)
    for code in text.codes:
        if code.type == "lb" and text.text[code.at : code.end] == "\n":
            characters[code.at] = " "
    return replace(text, text="".join(characters))
