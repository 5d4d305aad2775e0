"""The text of a web page: a block element a paragraph, white space collapsed, raised numbers and quotes written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import regex

from aligner.language.joints import line_joint
from aligner.read.formatting import Format, Formatting, face
from aligner.read.html_codes import format_of, lone_code
from aligner.read.html_parts import BLOCKS, CODE
from aligner.read.html_structure import pass_part
from aligner.read.markup import Element
from aligner.read.outline import Outline
from aligner.read.raised import LONGEST, Written, fractions, put, write_lowered, write_raised
from aligner.read.reading import Writing
from aligner.read.rules import RULES
from aligner.read.stylesheets import shift_of_style
from aligner.text.codes import Code
from aligner.text.edits import EditedText

# A line's end in the page's source, a blank to most scripts and nothing to CJK.
_WRAP = "\r"
_WHITE = re.compile(r"[ \t\r\n\f]+")
_PREFORMATTED = frozenset({"pre", "listing", "xmp", "plaintext"})
_SHIFT = {
    "sup": re.compile(r"(?:^|\s)(?:sup|super|superscript)(?:$|\s)", re.I),
    "sub": re.compile(r"(?:^|\s)(?:sub|subscript)(?:$|\s)", re.I),
}
_DROP_CAP = re.compile(r"drop-?cap|(?:^|[\s_-])initial(?:$|[\s_-])|lettrine", re.I)
_LONGEST_DROP_CAP = 3
_GAIJI = re.compile("gaiji", re.I)
_LONGEST_GAIJI = 2
# What printers set for a character that they don't have.
_GETA = "〓"
_GRAPHEME = regex.compile(
    r"(?:[\p{L}\p{N}]|\p{Emoji_Presentation}|\p{So})\p{M}*(?:\u200d?[\p{So}\p{M}\p{Emoji_Modifier}\ufe0f])*"
)
# Unicode's CLDR, delimiters: the outer and the inner marks.
_QUOTES = {
    "ja": "「」『』", "zh-hant": "「」『』", "zh-tw": "「」『』", "zh-hk": "「」『』", "zh-mo": "「」『』",
    "de": "„“‚‘", "cs": "„“‚‘", "sk": "„“‚‘", "sl": "„“‚‘", "is": "„“‚‘", "lt": "„“„“", "bg": "„“„“",
    "fr": "«»«»", "es": "«»“”", "it": "«»“”", "pt": "“”‘’", "el": "«»“”", "ru": "«»„“", "uk": "«»„“", "be": "«»„“",
    "no": "«»‘’", "nb": "«»‘’", "nn": "«»‘’", "pl": "„”«»", "hu": "„”»«", "ro": "„”«»", "hr": "„”‚‘", "fi": "””’’",
    "sv": "””’’", "fa": "«»‹›", "hy": "«»«»", "fr-ch": "«»‹›", "de-ch": "«»‹›",
}  # fmt: skip
_ENGLISH_QUOTES = "“”‘’"
_MARKS = frozenset("“”‘’„‚«»‹›「」『』\"'")
_ALL = frozenset(RULES)
_KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
# Elements and texts looked at inside or behind a raised text; more is no exponent.
_MOST_PARTS = 20
# Formats within one another; what is deeper is made to keep a reader busy.
_MOST_FORMATS = 40


def render(root: Element, marks: dict[Element, str], off: frozenset[str] = frozenset()) -> EditedText:
    """The text under `root`, a paragraph a line, `marks` left out on record."""
    page = _Page(off, _language(root))
    preformatted = 0
    for kind, item in _events(root, marks):
        if isinstance(item, str):
            page.add(item, preformatted > 0)
        elif kind == "skip":
            page.skip(item, marks[item])
        elif kind == "leaf":
            page.add_leaf(item)
        else:
            page.pass_tag(item, kind == "start")
            if item.name in _PREFORMATTED:
                preformatted += 1 if kind == "start" else -1
    text = page.finish()
    return text if "superscript" in off else text.replace(fractions(text.text), "superscript")


def _events(root: Element, marks: dict[Element, str]) -> Iterator[tuple[str, Element | str]]:
    """`("text", str)`; `("start" | "end" | "leaf" | "skip", element)`; depth first, without recursion."""
    stack: list[tuple[str, Element | str]] = [("open", root)]
    while stack:
        kind, item = stack.pop()
        if isinstance(item, str) or kind != "open":
            yield kind, item
        elif item in marks:
            yield "skip", item
        elif item.name == "img" or _shift(item):
            yield "leaf", item
        elif item.name not in CODE:
            yield "start", item
            stack.append(("end", item))
            stack += [
                ("text" if isinstance(child, str) else "open", child) for child in reversed(item.children)
            ]


def _shift(element: Element) -> str:
    """`sup` or `sub` where an element is a short raised or lowered text, else empty."""
    name = element.name
    found = name if name in _SHIFT else ""
    if not found and name in ("span", "small", "font", "a", "i", "em") and element.attributes:
        named = element.get("class")
        found = next((shift for shift, name in _SHIFT.items() if name.search(named)), "")
        found = found or shift_of_style(element.get("style"))
    if not found and element.parent and element.parent.name in ("msup", "msub"):
        found = element.parent.name[1:] if element.parent.elements()[1:2] == [element] else ""
    if not found:
        return ""
    parts = list(islice(element.parts(), _MOST_PARTS + 1))
    if len(parts) > _MOST_PARTS or any(_is_large(part) for part in parts):
        return ""
    return found if 0 < len(element.text().strip()) <= LONGEST else ""


def _is_large(part: Element | str) -> bool:
    return isinstance(part, Element) and (part.name in BLOCKS or part.name == "img")


def _places(holder: Element) -> dict[Element, int]:
    """At which place among its children each element of `holder` stands."""
    return {child: place for place, child in enumerate(holder.children) if isinstance(child, Element)}


class _Page:
    """A page under way: breaks and white space wait until text follows, so none stand at a line's edge."""

    def __init__(self, off: frozenset[str], language: str) -> None:
        self.out = Writing(off=off)
        self.formatting = Formatting(self.out)
        self.formats: list[Format] = []  # of the open elements that give words one
        self.lone: list[Code] = []  # before the first words of a block
        self.line_break: Element | None = None  # the <br> that waits
        self.waiting = ""
        self.languages = [language]  # of the open elements that name one
        self.quotes: list[str] = []  # the closing marks of the open <q>
        self.places: dict[Element, dict[Element, int]] = {}
        self.outline = Outline()
        self.joins = False  # a drop cap stands alone: what follows is the rest of its word

    def break_line(self, line_break: Element | None = None) -> None:
        """A block begins or ends here, or a `line_break` stands in it."""
        if self.joins:
            return
        if line_break is None:
            self.lone.clear()  # what stands alone in a block is beside no text
            self.line_break = None
        elif self.waiting != "\n":
            self.line_break = line_break
        self.waiting = "\n"

    def skip(self, element: Element, rule: str) -> None:
        """Leave an element out; the reference to a note is a code."""
        if rule == "note-reference":
            self._stand_alone(
                lone_code(next((each for each in element.walk() if each.name == "a"), element), "note")
            )
        self.out.drop(render(element, {}, _ALL).text.replace("\n", " "), rule)

    def _stand_alone(self, code: Code) -> None:
        """Put a code beside the words around it."""
        if self.waiting == "\n" or not self.out.pieces:
            self.lone.append(code)
        else:
            self.formatting.close(self.formats)
            self.out.mark(code)

    def finish(self) -> EditedText:
        """The text with its record."""
        self.formatting.close()
        return self.out.finish()

    def pass_tag(self, element: Element, is_start: bool) -> None:
        if is_start and element.get("lang"):
            self.languages.append(element.get("lang"))
        self._pass_format(element, is_start)
        if element.name == "q" and "html-quote" not in self.out.off:
            self._quote(element, is_start)
        elif element.name == "br":
            if is_start:
                self.break_line(element)
        elif element.name in BLOCKS:
            self.break_line()
            pass_part(self.outline, element, is_start)
            if not is_start and _is_drop_cap(element):
                self.waiting, self.joins = "", True
        elif element.name == "rt" and _is_bare(element):
            self._write("（" if is_start else "）")
        if not is_start and element.get("lang"):
            self.languages.pop()

    def _pass_format(self, element: Element, is_start: bool) -> None:
        if not is_start:
            if self.formats and self.formats[-1].key is element:
                self.formats.pop()
        elif len(self.formats) < _MOST_FORMATS and (found := format_of(element)):
            self.formats.append(found)

    def add(self, text: str, preformatted: bool) -> None:
        if preformatted:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.break_line()
                shown = line.rstrip()
                self._write(shown)
                if shown != line:
                    self.waiting = self.waiting or " "
            return
        words = _WHITE.split(text)
        gaps = _WHITE.findall(text)
        for number, word in enumerate(words):
            if number and self.waiting != "\n" and not self.joins:
                self.waiting = self.waiting or (_WRAP if "\n" in gaps[number - 1] else " ")
            self._write(word)

    def add_leaf(self, element: Element) -> None:
        """A picture's description, or raised or lowered text."""
        if element.name == "img":
            self._picture(element)
            return
        text = " ".join(element.text().split())
        last = "" if self.waiting else "".join(self.out.pieces[-3:])
        raised = _shift(element) == "sup"
        written = write_raised(text, last, self._following(element)) if raised else write_lowered(text)
        stays = written is None or written.rule in self.out.off
        if stays:
            self.formats.append(face("superscript" if raised else "subscript"))
        self.write_anew(text, written)
        if stays:
            self.formats.pop()

    def _following(self, element: Element) -> str:
        """What stands right behind an element, up to its block's end."""
        here = element
        for _ in range(_MOST_PARTS):
            holder = here.parent
            if holder is None:
                return ""
            if holder not in self.places:
                self.places[holder] = _places(holder)
            place = self.places[holder][here] + 1
            for sibling in holder.children[place : place + _MOST_PARTS]:
                if isinstance(sibling, Element) and (sibling.name in BLOCKS or sibling.name == "br"):
                    return ""
                text = sibling if isinstance(sibling, str) else sibling.beginning()
                if text:
                    return text
            if holder.name in BLOCKS:
                return ""
            here = holder
        return ""

    def write_anew(self, found: str, written: Written | None) -> None:
        """`found`, or what is written for it, on record."""
        if written is None or written.text or written.rule in self.out.off:
            self._flush(found)
        put(self.out, found, written)

    def _picture(self, element: Element) -> None:
        alt = " ".join(element.get("alt").split())
        is_gaiji = bool(_GAIJI.search(f"{element.get('class')} {element.get('src')}"))
        if _GRAPHEME.fullmatch(alt) or (is_gaiji and 0 < len(alt) <= _LONGEST_GAIJI):
            self._write(alt)
        elif alt and (is_gaiji or alt.startswith("※")):
            self.write_anew(alt, Written(_GETA, "html-character"))
        elif alt and "html-alt" in self.out.off:
            self._write(alt)
        else:
            self._stand_alone(lone_code(element, "image"))
            self.out.drop(alt, "html-alt")

    def _quote(self, element: Element, is_start: bool) -> None:
        if not is_start:
            mark = self.quotes.pop()
        else:
            last = self.out.pieces[-1][-1:] if self.out.pieces and not self.waiting else ""
            has_marks = last in _MARKS - {"'", ""} or element.beginning().lstrip()[:1] in _MARKS
            marks = "" if has_marks else _quotes_of(self.languages[-1])
            inner = 2 * (len(self.quotes) % 2)
            mark = marks[inner : inner + 1]
            self.quotes.append(marks[inner + 1 : inner + 2])
        if mark:
            if is_start:
                self._flush(mark)
            else:
                self.formatting.close(self.formats)
            self.out.repair("<q>" if is_start else "</q>", mark, "html-quote")

    def _write(self, text: str) -> None:
        if not text.strip():  # a hard blank, which may only hold a line open
            self.waiting = self.waiting or text
            return
        self._flush(text)
        self.out.keep(text)

    def _flush(self, text: str) -> None:
        """Write the blank or break that waits, before `text`, which gets its formats."""
        last = self.out.pieces[-1] if self.out.pieces else "\n"
        is_block = self.waiting == "\n" and self.line_break is None
        self.formatting.close(() if is_block else self.formats)
        if self.waiting and not last.endswith("\n"):
            if self.waiting == "\n" and self.line_break is not None:
                self.out.mark(lone_code(self.line_break, "lb", len("\n")))
            wrapped = self.waiting == _WRAP
            self.out.keep(line_joint(last, text) if wrapped else self.waiting)
        self.waiting, self.joins, self.line_break = "", False, None
        self.outline.mark(self.out)
        for code in self.lone:
            self.out.mark(code)
        self.lone.clear()
        self.formatting.open(self.formats)


def _is_bare(reading: Element) -> bool:
    """Whether a ruby text has no brackets of its own for browsers that can't draw it."""
    return reading.parent is None or all(near.name != "rp" for near in reading.parent.elements())


def _is_drop_cap(element: Element) -> bool:
    return (
        bool(_DROP_CAP.search(element.get("class")))
        and element.name not in ("td", "th", "li", "body")
        and 0 < len(element.beginning().strip()) <= _LONGEST_DROP_CAP
    )


def _language(root: Element) -> str:
    """The tag that the element or one around it names, else what the script says."""
    named = next((part.get("lang") for part in (root, *root.holders()) if part.get("lang")), "")
    return named or (
        "ja" if any(_KANA.search(part) for part in root.parts() if isinstance(part, str)) else ""
    )


def _quotes_of(tag: str) -> str:
    parts = tag.lower().replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        if "-".join(parts[:length]) in _QUOTES:
            return _QUOTES["-".join(parts[:length])]
    return _ENGLISH_QUOTES
