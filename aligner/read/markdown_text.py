"""The text of a block of Markdown with its codes: emphasis, links, pictures, code, breaks and tags of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aligner.language.joints import line_joint
from aligner.read.codes import function
from aligner.read.formatting import Format, Formatting, alone, link
from aligner.read.markup import VOID
from aligner.read.raised import LONGEST, write_lowered, write_raised
from aligner.read.reading import Writing
from aligner.text.codes import Code, place_map
from aligner.text.edits import EditedText

_SHIFT_TAG = re.compile(r"<(su[pb])>", re.I)
_LINE_TAG = re.compile(r"<(?:br|/?p|/?div|/?li|/?td|/?tr|/?h[1-6])\b[^<>]*>", re.I)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)[^<>]*>")
_NONE = re.compile(r"(?!)")
_TYPES = {"strong": "bold", "em": "italic", "s": "strike"}
# Formats within one another; what is deeper is made to keep a reader busy.
_MOST_FORMATS = 40
NOTE_REFERENCE = "note-reference"
# Pieces before a line's end that say whether a blank belongs there.
_NEAR = 8


def inline(tokens: Sequence[Any], off: frozenset[str] = frozenset()) -> EditedText:
    """The text of a block's tokens, its lines without blanks at their edges; `off` are rules that are not applied."""
    block = _Block(off)
    block.write(tokens)
    block.formatting.close()
    whole = block.out.finish()
    text = "\n".join(line.strip() for line in whole.text.split("\n") if line.strip())
    return EditedText(text, (), tuple(_moved(whole, text)))


def note_call(token: Any) -> str:
    """What calls a note in the text: `[^1]`, or `^[…]` where the note itself stands there."""
    return f"[^{token.meta['label']}]" if token.meta.get("label") else "^[…]"


def _moved(whole: EditedText, text: str) -> Iterator[Code]:
    """The codes of `whole`, placed in `text`, which has other blanks at the edges of lines."""
    places = place_map(whole.text, text, _NONE) if whole.codes and text else []
    position = 0
    for code in whole.codes if text else ():
        at, end = places[code.at], places[code.end]
        if code.length and text[at - 1 : at] == "\n":  # a blank before the break is gone
            at, end = at - 1, at
        position = max(position, at)
        yield replace(code, at=position, length=max(0, end - position))


@dataclass(slots=True)
class _Block:
    off: frozenset[str] = frozenset()
    out: Writing = field(default_factory=Writing)
    formatting: Formatting = field(init=False)
    formats: list[Format] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.formatting = Formatting(self.out)

    def write(self, tokens: Sequence[Any]) -> None:
        written = 0
        for number, token in enumerate(tokens):
            if number < written:
                continue
            kind, _, end = token.type.rpartition("_")
            if token.type in ("text", "text_special"):
                self.keep(token.content)
            elif token.type == "code_inline":
                self.within(Format("code", token.markup, token.markup, token), EditedText(token.content))
            elif token.type == "image":
                self.within(
                    Format("image", "![", f"]({token.attrGet('src') or ''})", token),
                    inline(token.children or [], self.off),
                )
            elif token.type == "hardbreak" or (
                token.type == "html_inline" and _LINE_TAG.match(token.content)
            ):
                self.formatting.close(self.formats)
                self.out.mark(alone("lb", token.content.strip() or "<br>", len("\n")))
                self.out.keep("\n")
            elif token.type == "softbreak":
                self.out.keep(self.soft_joint(tokens[number + 1 :]))
            elif token.type == "html_inline":
                written = number + self.shifted_or_tag(tokens[number : number + len("<n>")])
            elif token.type == "footnote_ref":
                self.call_note(note_call(token))
            elif end == "open":
                self.begin(kind, token)
            elif end == "close":
                self.end(f"{kind}_open")

    def keep(self, text: str) -> None:
        if text:
            self.formatting.open(self.formats[:_MOST_FORMATS])
            self.out.keep(text)

    def shifted_or_tag(self, tokens: Sequence[Any]) -> int:
        """Write a raised or lowered number, else the tag alone; how many tokens were taken as a number."""
        taken = self.shifted(tokens)
        if not taken:
            self.tag(tokens[0])
        return taken

    def shifted(self, tokens: Sequence[Any]) -> int:
        """Write a number in `<sup>` or `<sub>` as raised or lowered; how many tokens that took, 0 for none."""
        tag = _SHIFT_TAG.fullmatch(tokens[0].content)
        if (
            not tag
            or len(tokens) < len("<n>")
            or tokens[1].type != "text"
            or len(tokens[1].content) > LONGEST
        ):
            return 0
        written = (
            write_raised(tokens[1].content, "", "")
            if tag[1].lower() == "sup"
            else write_lowered(tokens[1].content)
        )
        if not written or not written.text or tokens[2].content.lower() != f"</{tag[1].lower()}>":
            return 0
        self.keep(written.text)
        return len("<n>")

    def within(self, around: Format, text: EditedText) -> None:
        if text.text:
            self.formatting.open([*self.formats[:_MOST_FORMATS], around])
            self.out.add(text)

    def call_note(self, call: str) -> None:
        if NOTE_REFERENCE in self.off:
            self.keep(call)
        else:
            self.formatting.close(self.formats[:_MOST_FORMATS])
            self.out.mark(alone("note", call))

    def begin(self, kind: str, token: Any) -> None:
        key = (f"{kind}_open", id(token))
        if kind == "link":
            self.formats.append(link(str(token.attrGet("href") or ""), key))
        else:
            self.formats.append(Format(_TYPES.get(kind, kind), token.markup, token.markup, key))

    def end(self, what: str) -> None:
        """The last format that began with `what` ends."""
        for place in range(len(self.formats) - 1, -1, -1):
            key = self.formats[place].key
            if isinstance(key, tuple) and key[0] == what:
                del self.formats[place]
                return

    def tag(self, token: Any) -> None:
        """A tag of HTML: around words it gives them a format, else it stands alone."""
        found = _TAG.fullmatch(token.content)
        if not found:
            return
        name = found[2].lower()
        if found[1]:
            self.end(f"<{name}>")
        elif name in VOID or token.content.endswith("/>"):
            self.formatting.close(self.formats[:_MOST_FORMATS])
            self.out.mark(alone(function((), token.content), token.content))
        else:
            what = function((), token.content)
            self.formats.append(Format(what, token.content, f"</{found[2]}>", (f"<{name}>", id(token))))

    def soft_joint(self, following: Sequence[Any]) -> str:
        """A line's end inside a paragraph: a blank, or nothing between two CJK characters."""
        upcoming = next((token.content for token in following if token.content), "")
        before = "".join(self.out.pieces[-_NEAR:])
        return line_joint(before, upcoming) if before and upcoming else " "
