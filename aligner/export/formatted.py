"""The formatting of a pair's text for what a person looks at: stretches of text with what their letters have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape

from aligner.bitext import Alignment, Document
from aligner.export.unit_codes import whole_pairs
from aligner.export.units import UNPRINTABLE, printable
from aligner.text.codes import ALONE, CLOSE, OPEN, Code

FACES = ("bold", "italic", "underlined", "strike", "superscript", "subscript")
"""What letters can have in a document or page."""
BREAK, NOTE, IMAGE = "lb", "note", "image"
"""What is shown of codes that stand alone: a new line, a note's number, what a picture shows in words."""
_TAGS = {
    "bold": "b", "italic": "i", "underlined": "u", "strike": "s", "superscript": "sup", "subscript": "sub",
}  # fmt: skip
_BREAKS = frozenset({BREAK, "pb"})
_NUMBER = "number"
_ALT = re.compile(r"""\b(?:alt|descr)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_IMAGE_OF_MARKDOWN = re.compile(r"!\[([^\]]*)\]")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
# An address that a person may follow from a document; all else stays text.
_ADDRESS = re.compile(rf"(?:https?://|mailto:)[^\s<>\"\\{UNPRINTABLE}]{{1,2000}}", re.I)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to `address`; `pair` tells it from another one beside it."""

    pair: int
    address: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text with one formatting; a `mark` says that it stands for what has no words of its own."""

    text: str
    faces: frozenset[str] = frozenset()
    link: Link | None = None
    mark: str = ""


def with_numbers(alignment: Alignment) -> Alignment:
    """`alignment` whose references to notes know their number, as they follow one another in their text."""
    return replace(alignment, source=_numbered(alignment.source), target=_numbered(alignment.target))


def _numbered(document: Document) -> Document:
    counts: Counter[bool] = Counter()
    codes = []
    for code in document.codes:
        if code.type == NOTE and code.kind == ALONE:
            # The mark that a note itself begins with has the numbers once more.
            begins = "Ref/>" in code.data
            counts[begins] += 1
            code = replace(code, attributes=(*code.attributes, (_NUMBER, str(counts[begins]))))
        codes.append(code)
    return replace(document, codes=tuple(codes)) if counts else document


def unshown(codes: Sequence[Code]) -> Counter[str]:
    """How many codes of each type a document or page has no form for; the text that they stand for is there."""
    gone = {code.pair for code in codes if code.kind == OPEN and code.pair and not _is_shown(code)}
    return Counter(
        code.type or code.element or "code" for code in codes if code.pair in gone or not _is_shown(code)
    )


def _is_shown(code: Code) -> bool:
    if code.is_cue or code.length or code.type in FACES:
        return True
    if code.kind == ALONE:
        return code.type == NOTE or (code.type == IMAGE and bool(_alt(code)))
    # Of an end only its beginning says where it leads.
    return code.type == "link" and (code.kind == CLOSE or bool(_address(code)))


def stretches(text: str, codes: Sequence[Code]) -> Iterator[Stretch]:
    """`text` in stretches; an end whose other end is in another unit reaches as far as the text does."""
    whole = whole_pairs(codes)
    opened = [code for code in codes if code.kind == CLOSE and code.pair not in whole]
    position = 0
    for code in codes:
        mark = _mark(code, text) if code.kind == ALONE else None
        if code.kind == ALONE and mark is None:
            continue
        if code.at > position:
            yield _stretch(text[position : code.at], opened)
            position = code.at
        if mark is not None:
            around = _stretch("", opened)
            yield replace(mark, faces=around.faces | mark.faces, link=around.link)
            position = max(position, code.end)
        elif code.kind == OPEN:
            opened.append(code)
        else:
            opened = [
                each for each in opened if each is not code and (not code.pair or each.pair != code.pair)
            ]
    if position < len(text):
        yield _stretch(text[position:], opened)


def markup(parts: Sequence[Stretch]) -> str:
    """The stretches as HTML and XHTML write them, with tags that nest, each as long as it may be."""
    return "".join(_tagged(parts))


def _tagged(parts: Sequence[Stretch]) -> Iterator[str]:
    opened: list[str | Link] = []
    for part in [*parts, Stretch("")]:
        links: list[str | Link] = [part.link] if part.link is not None else []
        wanted = [*links, *(face for face in FACES if face in part.faces)]
        while any(each not in wanted for each in opened):
            yield f"</{_tag(opened.pop())}>"
        for each in wanted:
            if each not in opened:
                opened.append(each)
                # A link is followed by a person; nothing is loaded from it.
                about = f' href="{escape(each.address)}" rel="noreferrer"' if isinstance(each, Link) else ""
                yield f"<{_tag(each)}{about}>"
        yield _shown(part)


def _tag(what: str | Link) -> str:
    return "a" if isinstance(what, Link) else _TAGS[what]


def _shown(part: Stretch) -> str:
    if part.mark == BREAK:
        return "<br/>"
    # `read.html` knows the class and leaves out what is no text of the pair.
    return (
        f'<span class="alt" title="picture">{escape(part.text)}</span>'
        if part.mark == IMAGE
        else escape(part.text)
    )


def _stretch(text: str, opened: Sequence[Code]) -> Stretch:
    faces = frozenset(code.type for code in opened if code.type in FACES)
    links = (Link(code.pair, address) for code in reversed(opened) if (address := _address(code)))
    return Stretch(text, faces, next(links, None))


def _mark(code: Code, text: str) -> Stretch | None:
    """What is shown of a code that stands alone, None where its text or nothing is."""
    if code.type in _BREAKS and code.length and not text[code.at : code.end].strip():
        return Stretch(text[code.at : code.end], mark=BREAK)
    if code.type == NOTE and not code.length:
        return Stretch(f"[{code.attribute(_NUMBER) or '*'}]", frozenset({"superscript"}), mark=NOTE)
    alt = _alt(code) if code.type == IMAGE and not code.length else ""
    return Stretch(printable(alt), mark=IMAGE) if alt else None


def _alt(code: Code) -> str:
    found = _ALT.search(code.data) or _IMAGE_OF_MARKDOWN.match(code.data)
    return unescape(next(filter(None, found.groups()), "")).strip() if found else ""


def _address(code: Code) -> str:
    """Where a link leads outside the document, empty where it doesn't."""
    found = _HREF.search(code.data) if code.type == "link" else None
    address = unescape(found[1] or found[2] or "") if found else ""
    return address if _ADDRESS.fullmatch(address) else ""
