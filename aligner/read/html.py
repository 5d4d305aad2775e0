"""Web pages: the main text by paragraphs; navigation, forms and lists of links are left out, on record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aligner.edits import EditedText
from aligner.errors import AlignerError
from aligner.language.joints import line_joint
from aligner.read.reading import Reading, Source, Writing, document
from aligner.read.table import table_of_cells
from aligner.read.text import Decoded, decode
from aligner.read.xml import attribute, local_name

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
        "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu "
        "nav ol optgroup option p plaintext pre search section summary table tbody td tfoot th thead tr ul "
        "xmp",
    )
)
# Code and media: what they hold is not the page's text and is not recorded.
_CODE = frozenset(
    re.findall(
        r"\w+",
        "script style template noscript iframe svg canvas object video audio map noframes link meta base",
    )
)
_LEFT_OUT = {
    "nav": "html-navigation", "footer": "html-navigation", "aside": "html-navigation",
    "menu": "html-navigation", "search": "html-navigation", "select": "html-form",
    "button": "html-form", "textarea": "html-form",
    "datalist": "html-form", "title": "html-title",
    "rt": "ruby-gloss", "rp": "ruby-gloss", "rtc": "ruby-gloss",
}  # fmt: skip
# Pages that this package exported say so; of such a page, what is no text of the two languages.
GENERATOR = "aligner"
_OWN_NAMES = frozenset({"header", "details", "small"})
_OWN_CLASSES = frozenset({"notes", "n", "c"})
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "toolbar"}
)
_NAVIGATION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation|header|footer|menu)?|breadcrumbs?|crumbs?|menu|side-?bar|foot(?:er)?|copyright|"
    r"pagination|pager|share|social|toolbar|cookies?)(?:$|[\s_-])",
    re.I,
)
# A page never gives most of its text away to navigation; a class name that covers more is a layout's.
_NAVIGATION_SHARE = 0.3
# A block is a list of links when it has three or more, they are most of its text, and each is short.
_LINKS = 3
_LINK_SHARE = 0.75
_LINK_LENGTH = 60
_LINKED = frozenset({"ul", "ol", "dl", "div", "table", "tr", "td", "p", "section", "center", "dd", "menu"})
_CONTENT = frozenset({"article", "main", "section"})
_PROSE = frozenset({"p", "article", "h1", "h2"})
# A line's end in the page's source, a blank to most scripts and nothing to CJK.
_WRAP = "\r"
_WHITE = re.compile(r"[ \t\r\n\f]+")
_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""",
    re.I,
)
# HTML's own rule: the declared character set stands in the first kilobyte; pages stretch it.
_META_WITHIN = 4_096
# What a name means on the web: browsers read these as the larger set.
_ALIASES = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "cp950", "shift_jis": "cp932",
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
}  # fmt: skip


def read_html(source: Source) -> Reading:
    """The main text of a page, a block element a paragraph, `<br>` a line break, tables in order.

    A page whose main text is nothing but a table of two text columns gives those columns; so does a page that
    was exported from one alignment, without its figures and notes.
    """
    decoded = decode_page(source)
    root = parse_page(source, decoded.text)
    marks = _furniture(root) | _own_parts(root)
    only = _only_table(root, marks)
    if only is not None:
        rows = [[render(cell, marks) for cell in _cells(row)] for row in _rows(only)]
        return table_of_cells(source, rows, "html", decoded.encoding, decoded.notes)
    return document(source, render(root, marks), "html", decoded.encoding, decoded.notes)


def main_text(root: Any) -> EditedText:
    """The main text under `root`, with what was left out on record."""
    return render(root, _furniture(root))


def _own_parts(root: Any) -> dict[Any, str]:
    """In an exported page whatever is no text of the two languages; elsewhere nothing."""
    metas = (element for element in root.iter("meta") if attribute(element, "name") == "generator")
    if not any(attribute(meta, "content") == GENERATOR for meta in metas):
        return {}
    return {
        element: "exported-page"
        for element in root.iter()
        if local_name(element) in _OWN_NAMES
        or attribute(element, "class") in _OWN_CLASSES
        or (local_name(element) == "i" and attribute(element.getparent(), "class") == "none")
    }


def decode_page(source: Source) -> Decoded:
    """By `source.encoding`, Unicode if it is that, what the page declares if true, then as plain text."""
    declared = _META.search(source.data[:_META_WITHIN])
    if source.encoding or not declared:
        return decode(source)
    name = (declared[1] or declared[2]).decode("ascii").lower()
    guessed = decode(source)
    if guessed.encoding.startswith("utf"):
        return guessed
    try:
        return decode(Source(source.name, source.data, _ALIASES.get(name, name)))
    except AlignerError:
        return guessed


def parse_page(source: Source, text: str) -> Any:
    """The root element of a page. Raises `InputError` where there is none."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    # A declaration in the text would now be wrong: the parser is told UTF-8.
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise source.refuse(f"its HTML can't be read: {error}") from None
    if root is None:
        raise source.refuse("there is no text in it; check that it is the file you meant")
    return root


@dataclass(slots=True)
class _Measure:
    """How many characters an element shows, white space apart: all, inside links, and how many links."""

    size: int = 0
    linked: int = 0
    links: int = 0


def _measure(root: Any) -> dict[Any, _Measure]:
    measures: dict[Any, _Measure] = {}
    open_elements = [_Measure()]
    for kind, item in _events(root, {}):
        if kind == "text":
            open_elements[-1].size += len("".join(item.split()))
        elif kind == "start":
            open_elements.append(_Measure())
        else:
            measure = measures[item] = open_elements.pop()
            if local_name(item) == "a" and attribute(item, "href") and measure.size:
                measure.linked, measure.links = measure.size, 1
            open_elements[-1].size += measure.size
            open_elements[-1].linked += measure.linked
            open_elements[-1].links += measure.links
    return measures


def _furniture(root: Any) -> dict[Any, str]:
    """The elements to leave out with the rule that says so, the outermost ones."""
    measures = _measure(root)
    total = max(1, measures[root].size)
    marks: dict[Any, str] = {}
    for element in _outside(root, marks):
        rule = _rule(element, measures[element].size <= _NAVIGATION_SHARE * total)
        if rule:
            marks[element] = rule
    links: dict[Any, str] = {}
    for element in _outside(root, links):
        if element not in marks and _is_links(element, measures[element]):
            links[element] = "html-links"
    rest = total - sum(measures[element].size for element in {**marks, **links})
    return {**links, **marks} if rest > _NAVIGATION_SHARE * total else marks


def _outside(root: Any, marks: dict[Any, str]) -> Iterator[Any]:
    """Elements in document order, not entering those in `marks`, which may grow meanwhile."""
    stack = [root]
    while stack:
        element = stack.pop()
        if not local_name(element) or local_name(element) in _CODE:
            continue
        yield element
        if element not in marks:
            stack.extend(reversed(element))


def _rule(element: Any, small: bool) -> str:
    """The rule by which an element is left out, empty where it stays. `small`: it is not most of the page."""
    name = local_name(element)
    if name in _LEFT_OUT:
        return _LEFT_OUT[name] if small or name not in _BLOCKS else ""
    if "hidden" in element.attrib or "display:none" in attribute(element, "style").replace(" ", "").lower():
        return "html-hidden"
    if not small or name not in _BLOCKS or name in ("body", "main", "article"):
        return ""
    classes = f"{attribute(element, 'class')} {attribute(element, 'id')}"
    if attribute(element, "role").lower() in _ROLES or _NAVIGATION_CLASS.search(classes):
        return "html-navigation"
    if name == "header" and not any(local_name(holder) in _CONTENT for holder in element.iterancestors()):
        return "html-navigation"
    if name == "form" and not any(local_name(child) in _PROSE for child in element.iter()):
        return "html-form"
    return ""


def _is_links(element: Any, measure: _Measure) -> bool:
    """Whether an element is a list of links: three or more, most of its text, each of them short."""
    return (
        local_name(element) in _LINKED
        and measure.links >= _LINKS
        and _LINK_SHARE * measure.size <= measure.linked <= _LINK_LENGTH * measure.links
    )


def _events(root: Any, marks: dict[Any, str]) -> Iterator[tuple[str, Any]]:
    """`("text", str)`, `("start" | "end", element)`, `("skip", element)`, depth first, without recursion."""
    stack: list[tuple[str, Any]] = [("open", root)]
    while stack:
        kind, item = stack.pop()
        if kind != "open":
            if kind != "text" or item:
                yield kind, item
            continue
        name = local_name(item)
        if item in marks:
            yield "skip", item
        elif name and name not in _CODE:
            yield "start", item
            stack.append(("end", item))
            for child in reversed(item):
                stack += [("text", child.tail), ("open", child)]
            stack.append(("text", item.text))


def render(root: Any, marks: dict[Any, str]) -> EditedText:
    """The text under `root`, a paragraph a line, white space collapsed, `marks` left out on record."""
    page = _Page()
    preformatted = 0
    for kind, item in _events(root, marks):
        if kind == "text":
            page.add(item, preformatted > 0)
        elif kind == "skip":
            page.out.drop(render(item, {}).text.replace("\n", " "), marks[item])
        else:
            name = local_name(item)
            if name in _BLOCKS or name == "br":
                page.break_line()
            if name in ("pre", "listing", "xmp", "plaintext"):
                preformatted += 1 if kind == "start" else -1
    return page.out.finish()


class _Page:
    """A page under way: breaks and white space wait until text follows, so none stand at a line's edge."""

    def __init__(self) -> None:
        self.out = Writing()
        self.waiting = ""

    def break_line(self) -> None:
        self.waiting = "\n"

    def add(self, text: str, preformatted: bool) -> None:
        if preformatted:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.break_line()
                self._write(line.rstrip())
            return
        words = _WHITE.split(text)
        gaps = _WHITE.findall(text)
        for number, word in enumerate(words):
            if number and self.waiting != "\n":
                self.waiting = self.waiting or (_WRAP if "\n" in gaps[number - 1] else " ")
            self._write(word)

    def _write(self, text: str) -> None:
        if not text.strip():  # a hard blank that only holds a line open
            return
        last = self.out.pieces[-1] if self.out.pieces else "\n"
        if self.waiting and not last.endswith("\n"):
            wrapped = self.waiting == _WRAP
            self.out.keep(line_joint(last, text) if wrapped else self.waiting)
        self.waiting = ""
        self.out.keep(text)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if local_name(child) == "tr":
            yield child
        elif local_name(child) in ("tbody", "thead", "tfoot"):
            yield from _rows(child)


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if local_name(cell) in ("td", "th")]


def _only_table(root: Any, marks: dict[Any, str]) -> Any:
    """The table that is all of the main text, every row of it two cells or more and as many as the others."""
    tables = [
        element
        for element in _outside(root, marks)
        if local_name(element) == "table" and element not in marks
    ]
    if len(tables) != 1 or render(root, {**marks, tables[0]: "table"}).text.strip():
        return None
    rows = list(_rows(tables[0]))
    widths = {len(_cells(row)) for row in rows}
    spans = any("colspan" in cell.attrib or "rowspan" in cell.attrib for row in rows for cell in _cells(row))
    return tables[0] if len(rows) > 1 and len(widths) == 1 and widths != {1} and not spans else None
