"""A tree of elements for web pages and e-books: XHTML read as XML, HTML as browsers read it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from aligner.errors import InputError
from aligner.read.reading import Source
from aligner.read.xml import local_name, parse_xml

# HTML's parser looks through all open elements at each tag. So many looks take some 3 s; 30,000 unclosed <div>
# are as many, and a hundred times more than the deepest of ordinary old pages.
MAX_LOOKS = 450_000_000
# Unclosed formatting is opened again in each paragraph: a few tags can make millions of elements.
MAX_REOPENED = 500_000

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]*)>")
# Characters inside a tag below which its attributes are few enough to be compared with each other.
_LONG_TAG = 10_000
_QUOTED_VALUE = re.compile("\"[^\"]*\"|'[^']*'")
_ATTRIBUTE_GAP = re.compile(r"[\s/]+")
_SELF_CLOSED = re.compile(r"<([a-zA-Z][^\s/<>]*)((?:\s[^<>]*)?)/>")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
VOID = frozenset(
    re.findall(
        r"\w+",
        "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr",
    )
)
# An end tag that may be left out: the next of its kind ends it.
_ENDED_BY_NEXT = frozenset(
    re.findall(r"\w+", "p li dt dd tr td th option optgroup tbody thead tfoot rt rp rb rtc")
)
# A start tag that ends an open element of its name.
_ENDS_LIKE = frozenset({"a", "nobr", "button", "select"})
_FORMATTING = frozenset(re.findall(r"\w+", "a b big code em font i nobr s small strike strong tt u"))
# HTML opens three alike again, never a fourth.
_ALIKE = 3


@dataclass(slots=True, eq=False)
class Element:
    """An element of a page; `name` without its prefix and in lower case, text as plain strings among `children`."""

    name: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def get(self, attribute: str) -> str:
        """An attribute's value, in whatever namespace; empty where there is none."""
        return self.attributes.get(attribute, "")

    def elements(self) -> list[Element]:
        """The children without texts."""
        return [child for child in self.children if isinstance(child, Element)]

    def holders(self) -> Iterator[Element]:
        """The elements around this one, the nearest first."""
        holder = self.parent
        while holder is not None:
            yield holder
            holder = holder.parent

    def walk(self) -> Iterator[Element]:
        """This element and all inside it, in document order."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(element.elements()))

    def text(self) -> str:
        """All text inside, as it stands in the file."""
        return "".join(piece for piece in self.parts() if isinstance(piece, str))

    def parts(self) -> Iterator[Element | str]:
        """The elements and texts inside, in document order."""
        stack = list(reversed(self.children))
        while stack:
            item = stack.pop()
            yield item
            if isinstance(item, Element):
                stack.extend(reversed(item.children))

    def beginning(self, most: int = 40) -> str:
        """The text inside up to `most` characters, as far as the first `most` parts hold it."""
        pieces = [part for part in islice(self.parts(), most) if isinstance(part, str)]
        return "".join(pieces)[:most]


def parse_html(source: Source, text: str) -> Element:
    """The root element of a page, read by the rules of browsers whatever its tags look like.

    Raises `InputError` where the page nests so deep that reading it would take minutes or gigabytes.
    """
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    _refuse_depth(source, text)
    try:
        root = LexborHTMLParser(text.encode("utf-8", "replace").decode()).root
    except (SelectolaxError, ValueError, RuntimeError) as error:
        raise source.refuse(f"its HTML can't be read: {error}") from None
    if root is None:
        raise source.refuse("there is no text in it; check that it is the file you meant")
    return _from_lexbor(root)


def parse_xhtml(source: Source, text: str, part: str = "") -> Element:
    """The root element of a page that should be XML; where it is malformed, read as HTML.

    `text` must be without entity declarations.
    """
    try:
        data = text.encode("utf-8", "replace")
        return _from_xml(parse_xml(Source(source.name, b""), data, part, huge=True))
    except InputError:
        # To HTML, `<title/>` is open and what is in CDATA a comment.
        end = text.rfind("]]>") + len("]]>")  # behind it each opening mark would look to the end of the text
        plain = _CDATA.sub(lambda match: _escape(match[1]), text[:end]) + text[end:]
        return parse_html(source, _SELF_CLOSED.sub(_with_end_tag, plain))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _with_end_tag(tag: re.Match[str]) -> str:
    return tag[0] if tag[1].lower() in VOID else f"<{tag[1]}{tag[2]}></{tag[1]}>"


def _refuse_depth(source: Source, text: str) -> None:
    """Refuse what would take a parser of HTML's rules too long, from above: by its tags, without parsing."""
    depth = looks = reopened = active = 0
    opened: dict[str, list[str]] = defaultdict(list)
    alike: dict[tuple[str, str], int] = defaultdict(int)
    for slash, written, attributes in _TAG.findall(text[: text.rfind(">") + 1]):  # behind it no tag ends
        name = written.lower()
        looks += depth + _comparisons(source, attributes)
        if name in VOID:
            continue
        is_formatting = name in _FORMATTING
        if slash:
            if opened[name]:
                depth -= 1
                key = name, opened[name].pop()
                alike[key] -= 1
                active -= is_formatting and alike[key] < _ALIKE
        elif name in _ENDED_BY_NEXT or (name in _ENDS_LIKE and opened[name]):
            reopened += active
        else:
            depth += 1
            opened[name].append(attributes)
            alike[name, attributes] += 1
            active += is_formatting and alike[name, attributes] <= _ALIKE
            reopened += 0 if is_formatting else active
        if looks > MAX_LOOKS or reopened > MAX_REOPENED + len(text):
            raise source.refuse(
                f"its tags nest {depth:,} deep, as no page of text does; open it in a browser and save it again"
            )


def _comparisons(source: Source, attributes: str) -> int:
    """How often a parser compares the names of a tag's attributes with each other; more than it can is refused."""
    if len(attributes) < _LONG_TAG:
        return 0
    bare = _QUOTED_VALUE.sub("", attributes)
    number = max(bare.count("="), len(_ATTRIBUTE_GAP.findall(bare)))
    if number**2 // 2 > MAX_LOOKS:
        raise source.refuse(f"a tag has {number:,} attributes, as no page of text does")
    return number**2 // 2


def _from_lexbor(root: Any) -> Element:
    top = Element(root.tag, _attributes(root))
    node, holder = root.first_child, top
    path: list[tuple[Any, Element]] = []
    while node is not None or path:
        if node is None:
            node, holder = path.pop()
            node = node.next
        elif node.is_element_node:
            element = Element(node.tag.rpartition(":")[2].lower(), _attributes(node), holder)
            holder.children.append(element)
            path.append((node, holder))
            node, holder = node.first_child, element
        else:
            if node.is_text_node:
                holder.children.append(node.text_content)
            node = node.next
    return top


def _attributes(node: Any) -> dict[str, str]:
    return {name.rpartition(":")[2]: value or "" for name, value in node.attributes.items()}


def _from_xml(root: Any) -> Element:
    top = _xml_element(root, None)
    stack = [(root, top)]
    while stack:
        node, element = stack.pop()
        _keep_text(element, node.text)
        for child in node:
            if isinstance(child.tag, str):
                inner = _xml_element(child, element)
                element.children.append(inner)
                stack.append((child, inner))
            _keep_text(element, child.tail)
    return top


def _xml_element(node: Any, holder: Element | None) -> Element:
    attributes = {str(key).rpartition("}")[2]: str(value) for key, value in node.attrib.items()}
    return Element(local_name(node).lower(), attributes, holder)


def _keep_text(element: Element, text: str | None) -> None:
    if text:
        element.children.append(text)
