"""Markdown: the text of its blocks, then notes; code, front matter, comments, link titles are left out, on record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aligner.read.html_parts import find_parts
from aligner.read.html_text import render
from aligner.read.markdown_text import NOTE_REFERENCE, inline, note_call
from aligner.read.markup import parse_html
from aligner.read.outline import Outline, whole_number
from aligner.read.reading import Reading, Source, Writing, document
from aligner.read.text import decode
from aligner.text.edits import EditedText

_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.S)
_COMMENT = "<!--"
# "[注]: 说明" has the shape of a link's address, but no address is one word of other letters.
_WORDS = re.compile(r"\s*\[[^\]]+\]:\s*(?=\S*[^\W\x00-\x7f])[^\s/.#:]+\s*$")
# Quotations in quotations; the parser gives up at a depth, by itself at 20, and leaves out what is deeper.
_DEEPEST = 200


def read_markdown(source: Source) -> Reading:
    """Headings, paragraphs, list items, cells, one a line, then notes; a link is its words, a picture its caption."""
    decoded = decode(source)
    out = Writing(off=source.off)
    matter = _FRONT_MATTER.match(decoded.text)
    if matter:
        out.drop(matter[0], "markdown-front-matter")
    body = decoded.text[matter.end() :] if matter else decoded.text
    environment: dict[str, Any] = {}
    tokens = _parser().parse(body, environment)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        raise source.refuse(f"its quotations and lists nest over {_DEEPEST // 2} deep; write them flatter")
    used: set[str] = set()
    outline = Outline()
    for token in _with_notes_last(tokens, environment):
        _pass_part(outline, token)
        _write_block(out, source, token, used, outline)
    unused = (entry.get("title", "") for entry in environment.get("references", {}).values())
    for title in dict.fromkeys(title for title in unused if title not in used):
        _drop(out, title, "markdown-link-title")
    return document(source, out.finish(), "markdown", decoded.encoding, decoded.notes)


def _parser() -> Any:
    """CommonMark with tables, struck out words and notes, whose definitions stay where they are written.

    Without the notes `[^1]: 注释` would be taken for the address of a link, and its words be lost.
    """
    from markdown_it import MarkdownIt
    from markdown_it.rules_block.reference import reference
    from mdit_py_plugins.footnote import footnote_plugin

    def address(state: Any, start: int, end: int, silent: bool) -> bool:
        is_text = _WORDS.match(state.getLines(start, start + 1, 0, False))
        return not is_text and reference(state, start, end, silent)

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    parser.block.ruler.at("reference", address)
    parser.use(footnote_plugin)
    parser.core.ruler.disable("footnote_tail")  # it leaves out notes that nothing refers to
    return parser


def _with_notes_last(tokens: Sequence[Any], environment: Mapping[str, Any]) -> Iterator[Any]:
    """The blocks, then those of notes: in documents of word processors they come last, too."""
    from markdown_it.token import Token

    notes: list[Any] = []
    depth = 0
    for token in tokens:
        depth += {"footnote_reference_open": 1, "footnote_reference_close": -1}.get(token.type, 0)
        if depth:
            notes.append(token)
        else:
            yield token
    yield from notes
    for written in environment.get("footnotes", {}).get("list", {}).values():
        yield Token("inline", "", 0, children=written.get("tokens"))


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
        _write_text(out, inline(token.children or [], source.off), outline)
        for text, rule in _beside(token.children or [], source.off):
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


def _beside(tokens: list[Any], off: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What stands in a line of text and is not shown in it."""
    for token in tokens:
        if token.type == "footnote_ref" and NOTE_REFERENCE not in off:
            yield note_call(token), NOTE_REFERENCE
        if token.type in ("link_open", "image") and token.attrGet("title"):
            yield str(token.attrGet("title")), "markdown-link-title"
        if token.type == "html_inline" and token.content.startswith(_COMMENT):
            yield from ((comment, "markdown-comment") for comment in _comments(token.content))
        yield from _beside(token.children or [], off)
