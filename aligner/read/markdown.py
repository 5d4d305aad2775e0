"""Markdown: the text of its blocks; code blocks and front matter are left out, on record."""

from __future__ import annotations

import re
from typing import Any

from aligner.language.joints import line_joint
from aligner.read.reading import Reading, Source, Writing, document
from aligner.read.text import decode

_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.S)
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.S)
_LINE_TAG = re.compile(r"<(?:br|/?p|/?div|/?li|/?td|/?tr|/?h[1-6])\b[^<>]*>", re.I)


def read_markdown(source: Source) -> Reading:
    """Headings, paragraphs, list items, cells, one a line; a link is its words, a picture its caption."""
    from markdown_it import MarkdownIt

    decoded = decode(source)
    out = Writing()
    matter = _FRONT_MATTER.match(decoded.text)
    if matter:
        out.drop(matter[0], "markdown-front-matter")
    body = decoded.text[matter.end() :] if matter else decoded.text
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body):
        if token.type == "inline":
            _write_line(out, _inline(token.children or []))
        elif token.type in ("fence", "code_block"):
            out.drop(token.content, "markdown-code")
        elif token.type == "html_block":
            for line in _TAG.sub("", _LINE_TAG.sub("\n", token.content)).split("\n"):
                _write_line(out, line.strip())
    return document(source, out.finish(), "markdown", decoded.encoding, decoded.notes)


def _write_line(out: Writing, line: str) -> None:
    if line.strip():
        out.keep(f"\n{line}" if out.pieces else line)


def _inline(tokens: list[Any]) -> str:
    text = ""
    for number, token in enumerate(tokens):
        if token.type in ("text", "code_inline", "text_special"):
            text += token.content
        elif token.type == "image":
            text += _inline(token.children or [])
        elif token.type == "hardbreak" or (token.type == "html_inline" and _LINE_TAG.match(token.content)):
            text += "\n"
        elif token.type == "softbreak":
            text += _soft_joint(text, tokens[number + 1 :])
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def _soft_joint(text: str, following: list[Any]) -> str:
    """A line's end inside a paragraph: a blank, or nothing between two CJK characters."""
    upcoming = next((token.content for token in following if token.content), "")
    return line_joint(text, upcoming) if text and upcoming else " "
