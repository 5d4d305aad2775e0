"""What an inline code of a TMX or XLIFF stands for: a break, a blank, a character, a placeholder, or nothing.

A code wraps something of the document's own format: `<br/>`, `{0}`, `\\tab`. Text is what a reader of the document
would see there; formatting is not text. TMX 1.4b and XLIFF 1.2 and 2.0 name kinds of code in attributes
(`type="lb"`), most tools write the native code itself, Angular and translate-toolkit in `equiv-text` and `disp`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from html import unescape

BREAK = "\u2028"
"""Stands for a line break until white space is settled; no native code is read as this character."""

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "cell", "center", "col", "cr", "dd",
    "div", "dl", "dt", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "lb", "li", "line-break", "linebreak", "main", "nav", "newline", "ol", "p", "para", "paragraph", "pb", "pre",
    "row", "section", "softreturn", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
})  # fmt: skip
_BLANKS = frozenset({"tab", "s", "nbsp", "space"})
# Kinds that TMX and XLIFF list, and what tools write for them: `x-html-br`, `xlf:lb`, `x-softreturn`.
_KIND_OF_BREAK = re.compile(
    r"(?:x-|xlf:)*(?:html-)?(?:lb|pb|br|cr|hr|p|linebreak|line-break|line_break|newline|softreturn|pagebreak|columnbreak)"
)
_KIND_OF_BLANK = re.compile(r"(?:x-|xlf:)*(?:html-)?(?:tab|nbsp|space)")

_TAG = re.compile(r"</?\s*(?:[\w.-]+:)?([A-Za-z][\w.-]*)(?:[\s/](?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?/?>")
_ENTITY = re.compile(r"(?:&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)+")
_ESCAPE = re.compile(r"(?:\\[nrt])+")
_RTF_TEXT = {
    "line": BREAK, "par": BREAK, "page": BREAK, "sect": BREAK, "column": BREAK, "row": BREAK, "cell": BREAK,
    "tab": " ", "~": "\u00a0", "_": "\u2011", "emspace": " ", "enspace": " ", "emdash": "—", "endash": "–",
    "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip
_RTF = re.compile(r"(?:[{}]|\\(?:[a-z]+(?:-?\d+)? ?|[~_*]))+")
_RTF_WORD = re.compile(r"\\([a-z]+|[~_])")
# What is seen but has no text: words on its two sides are two words.
_OBJECTS = frozenset({
    "img", "image", "graphic", "object", "drawing", "pict", "picture", "embed", "video", "audio", "svg", "input",
    "select",
})  # fmt: skip
# A name or number between marks, as programmes have them: {0}, {{ name }}, ${x}, #{x}, %{x}, %(x)s, %1$s, %s, %d,
# $name$, %name%, @name, [[x]], <%= x %>, <?= x ?>, {count, plural, …}. A lone pair of braces says nothing.
_PLACEHOLDER = re.compile(
    r"[$#%@!]?\{\{?\{?[^{}\\]*[^\s{}\\][^{}\\]*\}?\}?\}"
    r"|\{[\w.]+\s*,\s*(?:plural|select|selectordinal)\b.*\}"
    r"|%(?:\([\w.]+\)|\d+\$)?[-+ 0#]*(?:\d+|\*)?(?:\.\d+)?(?:hh?|ll?|[Lqjzt])?[@%a-zA-Z]"
    r"|%\d+|%[A-Za-z_][\w.-]*%|\$[A-Za-z_][\w.-]*\$?|@[A-Za-z_][\w.-]*|\[\[[^\[\]]+\]\]|\[%[^\[\]]+%\]"
    r"|<%[^<>]+%>|<\?[^<>]+\?>|__[A-Za-z]\w*?__|:[a-z_]\w*",
    re.S,
)
# Names that programmes give to their codes, INTERPOLATION_1, START_BOLD_TEXT: never what a reader sees.
_NAME_OF_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|INTERPOLATION|ICU|VAR|PH")


def meaning(native: str, *, paired: bool = False) -> str | None:
    """What the reader of a document sees where it has the code `native`; None where only its programme knows.

    `BREAK`, a blank, a character or a placeholder as it stands; "" for formatting. A `paired` code opens or
    closes a stretch, so it is no placeholder.
    """
    if not native:
        return None
    if native.isspace():
        return BREAK if "\n" in native.strip(" \t") else " "
    code = native.strip()
    if tag := _TAG.fullmatch(code):
        return _of_name(tag[1].lower())
    if _ENTITY.fullmatch(code):
        return _visible(unescape(code))
    if _ESCAPE.fullmatch(code):
        return BREAK if "n" in code or "r" in code else " "
    if not paired and _PLACEHOLDER.fullmatch(code):
        return code
    if _RTF.fullmatch(code):
        return "".join(_RTF_TEXT.get(word, "") for word in _RTF_WORD.findall(code))
    if not _TAG.sub("", code).strip():
        return first_meaning(_of_name(name.lower()) for name in _TAG.findall(code))
    return None


def _of_name(name: str) -> str | None:
    if name in _OBJECTS:
        return None
    return BREAK if name in _BLOCKS else " " if name in _BLANKS else ""


def _visible(text: str) -> str:
    if "\n" in text or "\r" in text:
        return BREAK
    return " " if text.isspace() and "\u00a0" not in text else text


def meaning_of_kind(kind: str) -> str | None:
    """What an attribute such as `type="lb"` or `ctype="x-html-br"` says; None where it tells nothing."""
    kind = kind.strip().lower()
    if _KIND_OF_BREAK.fullmatch(kind):
        return BREAK
    return " " if _KIND_OF_BLANK.fullmatch(kind) else None


def meaning_of_equivalent(text: str | None) -> str | None:
    """What `equiv-text` or `equiv` gives for a code: text, unless it is a native code again or just a name.

    "" says that the code stands for nothing. Matecat packs it, `base64:e3tuYW1lfX0=`.
    """
    if text is None:
        return None
    text = _unpacked(text)
    if not text:
        return ""
    found = meaning(text)
    if found is not None:
        return found
    is_code = _NAME_OF_CODE.fullmatch(text) or any(mark in text for mark in "<>{}\\")
    return None if is_code else text


def _unpacked(text: str) -> str:
    if not text.startswith("base64:"):
        return text
    try:
        return base64.b64decode(text.removeprefix("base64:"), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return text


_FUNCTIONS = {
    "b": "bold", "strong": "bold", "bold": "bold", "i": "italic", "em": "italic", "italic": "italic", "cite": "italic",
    "u": "underlined", "ul": "underlined", "ulined": "underlined", "underline": "underlined",
    "underlined": "underlined", "sup": "superscript", "superscript": "superscript", "sub": "subscript",
    "subscript": "subscript", "s": "strike", "strike": "strike", "del": "strike", "a": "link", "link": "link",
    "hyperlink": "link", "img": "image", "image": "image", "graphic": "image", "code": "code", "br": "lb", "lb": "lb",
    "line": "lb", "pb": "pb", "tab": "tab", "fnote": "note", "note": "note", "field": "field", "term": "term",
    "mark": "mark",
}  # fmt: skip
_KIND_PREFIX = re.compile(r"(?:x-|xlf:|aligner:|html-)+")
_RTF_NAME = re.compile(r"\{?\\([a-z]+)0? ?")


def function(kinds: Iterable[str], native: str = "") -> str:
    """What a code does in one word, `bold`, `link`, `lb`: by its attributes, else by the native code; else the
    first kind that is named, or ""."""
    named = [_KIND_PREFIX.sub("", kind.strip().lower()) for kind in kinds]
    tag = _TAG.match(native.strip()) or _RTF_NAME.match(native.strip())
    for name in (*named, tag[1].lower() if tag else ""):
        if name in _FUNCTIONS:
            return _FUNCTIONS[name]
    return next(filter(None, named), "")


def first_meaning(meanings: Iterable[str | None]) -> str | None:
    """The first that says something: text before "", "" before None."""
    known = [text for text in meanings if text is not None]
    return next(filter(None, known), "" if known else None)
