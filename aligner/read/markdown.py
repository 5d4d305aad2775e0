"""Markdown: the text of its blocks; code blocks, front matter, comments and link titles are left out, on record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from aligner.read.html_parts import find_parts
from aligner.read.html_text import render
from aligner.read.markdown_text import inline
from aligner.read.markup import parse_html
from aligner.read.outline import Outline, whole_number
from aligner.read.reading import Reading, Source, Writing, document
from aligner.read.text import decode
from aligner.text.edits import EditedText

_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.S)
_COMMENT = "<!--"
# Quotations in quotations; the parser gives up at a depth, by itself at 20, and leaves out what is deeper.
_DEEPEST = 200


def read_markdown(source: Source) -> Reading:
    """Headings, paragraphs, list items, cells, one a line; a link is its words, a picture its caption."""
    from markdown_it import MarkdownIt

    decoded = decode(source)
    out = Writing(off=source.off)
    matter = _FRONT_MATTER.match(decoded.text)
    if matter:
        out.drop(matter[0], "markdown-front-matter")
    body = decoded.text[matter.end() :] if matter else decoded.text
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    environment: dict[str, Any] = {}
    tokens = parser.parse(body, environment)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        raise source.refuse(f"its quotations and lists nest over {_DEEPEST // 2} deep; write them flatter")
    used: set[str] = set()
    outline = Outline()
    for token in tokens:
        _pass_part(outline, token)
        _write_block(out, source, token, used, outline)
    unused = (entry.get("title", "") for entry in environment.get("references", {}).values())
    for title in dict.fromkeys(title for title in unused if title not in used):
        _drop(out, title, "markdown-link-title")
    return document(source, out.finish(), "markdown", decoded.encoding, decoded.notes)


def _pass_part(outline: Outline, token: Any) -> None:
    kind, _, end = token.type.rpartition("_")
    if end == "open":
        if kind == "heading":
            outline.begin_heading()
        elif kind in ("bullet_list", "ordered_list"):
            outline.begin_list()
        elif kind == "list_item":
            outline.begin_item(is_numbered=bool(token.info), number=whole_number(token.info, 0))
    elif end == "close":
        if kind in ("bullet_list", "ordered_list"):
            outline.end_list()
        elif kind in ("heading", "list_item"):
            outline.end_part()


def _write_block(out: Writing, source: Source, token: Any, used: set[str], outline: Outline) -> None:
    if token.type == "inline":
        _write_text(out, inline(token.children or []), outline)
        for text, rule in _beside(token.children or []):
            used.add(text)
            _drop(out, text, rule)
    elif token.type in ("fence", "code_block"):
        _drop(out, token.content, "markdown-code")
    elif token.type == "html_block":
        for comment in _comments(token.content):
            _drop(out, comment, "markdown-comment")
        root = parse_html(source, token.content)
        _write_text(out, render(root, find_parts(root, source.off, is_book=True), source.off))


def _drop(out: Writing, text: str, rule: str) -> None:
    """Leave `text` out; where the rule is off it is a line of its own."""
    if rule in out.off:
        _write_lines(out, text.strip("\n"))
    else:
        out.drop(text, rule)


def _write_lines(out: Writing, text: str) -> None:
    _write_text(out, EditedText(text))


def _write_text(out: Writing, text: EditedText, outline: Outline | None = None) -> None:
    if text.text.strip():
        out.keep("\n" if out.pieces else "")
        if outline:
            outline.mark(out)
    out.add(text)


def _comments(content: str) -> Iterator[str]:
    start = content.find(_COMMENT)
    while start >= 0:
        end = content.find("-->", start + len(_COMMENT))
        yield content[start + len(_COMMENT) : end if end >= 0 else len(content)].strip()
        start = content.find(_COMMENT, end) if end >= 0 else -1


def _beside(tokens: list[Any]) -> Iterator[tuple[str, str]]:
    """What stands in a line of text and is not shown in it."""
    for token in tokens:
        if token.type in ("link_open", "image") and token.attrGet("title"):
            yield str(token.attrGet("title")), "markdown-link-title"
        if token.type == "html_inline" and token.content.startswith(_COMMENT):
            yield from ((comment, "markdown-comment") for comment in _comments(token.content))
        yield from _beside(token.children or [])
