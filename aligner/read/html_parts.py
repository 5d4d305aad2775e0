"""Which parts of a web page are no main text: navigation, forms, lists of links, hidden text, numbers of notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from aligner.read.markup import Element

BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
        "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu "
        "nav ol optgroup option p plaintext pre search section summary table tbody td tfoot th thead title "
        "tr ul xmp",
    )
)
# What a browser runs and doesn't show: no text, and not recorded.
CODE = frozenset(re.findall(r"\w+", "script style template link meta base"))
_LEFT_OUT = {
    "nav": "html-navigation", "search": "html-navigation", "select": "html-form", "button": "html-form",
    "textarea": "html-form", "datalist": "html-form", "title": "html-title",
    "rt": "ruby-gloss", "rp": "ruby-gloss", "rtc": "ruby-gloss",
    "annotation": "html-hidden", "annotation-xml": "html-hidden",
    **dict.fromkeys(re.findall(r"\w+", "noscript iframe svg canvas object video audio map noframes"), "html-media"),
}  # fmt: skip
# In whatever share of a page: a browser doesn't show them on it.
_NEVER_SHOWN = frozenset({"html-title", "html-media", "html-hidden", "ruby-gloss"})
_ROLES = frozenset({"navigation", "search", "menu", "menubar", "toolbar"})
_ROLE_OF = {"banner": "header", "contentinfo": "footer", "complementary": "aside"}
_NAVIGATION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation|header|footer|menu)?|breadcrumbs?|crumbs?|menu|side-?bar|"
    r"pagination|pager|share|social|toolbar)(?:$|[\s_-])",
    re.I,
)
_FOOT_CLASS = re.compile(r"(?:^|[\s_-])(?:foot(?:er)?|copyright|cookies?)(?:$|[\s_-])", re.I)
# A page never gives most of its text away to navigation; a class name that covers more is a layout's.
_NAVIGATION_SHARE = 0.3
# A block is a list of links when it has three or more, they are most of its text, and each is short.
_LINKS = 3
_LINK_SHARE = 0.75
_LINK_LENGTH = 60
# A side bar or an article's foot is navigation where links are half of it.
_HALF = 0.5
_LINKED = frozenset(re.findall(r"\w+", "ul ol dl div table tr td p section center dd menu"))
_CONTENT = frozenset({"article", "main", "section", "blockquote", "figure"})
_PROSE = frozenset({"p", "article", "h1", "h2"})
_SENTENCE = regex.compile(r"\p{Sentence_Terminal}[\p{Pe}\p{Pf}\"']?(?:\s|$|(?<=[。！？]))")
# What e-books (EPUB's structural semantics, DPUB-ARIA), converters and hand-made pages call notes.
_NOTE = re.compile(
    r"(?:^|[\s_-])(?:doc-)?(?:foot|end|rear|side|margin)?-?notes?(?:$|[\s_\d-])|foot-?note|end-?note|(?:^|\s)fns?(?:$|\s)",
    re.I,
)
_NOTE_LINK = re.compile(r"#_?(?:ft?n|edn|sdfoot|foot-?note|end-?note|note|cite|en?-?\d|n-?\d)", re.I)
_REFERENCE_TYPE = re.compile(r"(?:^|\s)(?:doc-)?(?:noteref|backlink|referrer)(?:$|\s)", re.I)
_REFERENCE_CLASS = re.compile(r"note-?ref|foot-?note|end-?note|(?:^|\s)fn|reference|back-?(?:link|ref)", re.I)
_LABEL = re.compile(
    r"[\[(（［〔【]?\s*(?:[注註]\s?)?(?:\d{1,3}(?:\s?[,，、;–-]\s?\d{1,3})*|[*†‡§¶#]{1,3}|[a-z]|[ivxl]{1,6}|[①-⑳])?\s*[\])）］〕】]?[.:]?",
    re.I,
)
_ARROW = re.compile(r"[\s↩↑↵⏎←⇧^▲\ufe0e\ufe0f]+")
_LONGEST_LABEL = 10


@dataclass(slots=True)
class Measure:
    """How many characters an element shows, white space apart: all, inside links, and how many links; what it holds."""

    size: int = 0
    linked: int = 0
    links: int = 0
    has_sentence: bool = False
    has_paragraph: bool = False
    has_title: bool = False  # a heading that says what the page's title says
    has_note: bool = False  # or is one
    in_note: bool = False  # or is one


def find_parts(root: Element, off: frozenset[str], *, is_book: bool = False) -> dict[Element, str]:
    """The elements to leave out with the rule that says so, the outermost ones; no rule of those in `off`.

    A chapter of a book has no side bars, footers or lists of links of a site: what looks so is its text.
    """
    measures = _measure(root)
    total = max(1, measures[root].size)
    marks: dict[Element, str] = {}
    for element in outside(root, marks):
        measure = measures[element]
        rule = _rule(element, measure, measure.size <= _NAVIGATION_SHARE * total, is_book)
        if rule and rule not in off:
            marks[element] = rule
    links: dict[Element, str] = {}
    if not is_book and "html-links" not in off:
        for element in outside(root, links):
            if element not in marks and _is_links(element, measures[element]):
                links[element] = "html-links"
    rest = total - sum(measures[element].size for element in {**marks, **links})
    marks = {**links, **marks} if rest > _NAVIGATION_SHARE * total else marks
    return marks if "note-reference" in off else {**marks, **_references(root, marks, measures)}


def outside(root: Element, marks: dict[Element, str]) -> Iterator[Element]:
    """Elements in document order, not entering those in `marks`, which may grow meanwhile."""
    stack = [root]
    while stack:
        element = stack.pop()
        if element.name in CODE:
            continue
        yield element
        if element not in marks:
            stack.extend(reversed(element.elements()))


def _measure(root: Element) -> dict[Element, Measure]:
    order = list(outside(root, {}))
    measures: dict[Element, Measure] = {}
    for element in order:
        above = measures.get(element.parent) if element.parent else None
        is_one = is_note(element)
        measures[element] = Measure(in_note=is_one or (above is not None and above.in_note), has_note=is_one)
    titles = {element.text().strip() for element in order if element.name == "title"}
    for element in order:
        measures[element].has_title = element.name == "h1" and element.text().strip() in titles
    for element in reversed(order):  # what an element holds before the element
        _add_up(element, measures)
    return measures


def _add_up(element: Element, measures: dict[Element, Measure]) -> None:
    measure = measures[element]
    for child in element.children:
        if isinstance(child, str):
            measure.size += len("".join(child.split()))
            measure.has_sentence |= _SENTENCE.search(child) is not None
        elif child in measures:
            inner = measures[child]
            measure.size += inner.size
            measure.linked += inner.linked
            measure.links += inner.links
            measure.has_sentence |= inner.has_sentence
            measure.has_paragraph |= inner.has_paragraph
            measure.has_title |= inner.has_title
            measure.has_note |= inner.has_note
    measure.has_paragraph |= element.name in _PROSE
    if element.name == "a" and element.get("href") and measure.size:
        measure.linked, measure.links = measure.size, 1


def _rule(element: Element, measure: Measure, small: bool, is_book: bool) -> str:
    """The rule by which an element is left out, empty where it stays. `small`: it is not most of the page."""
    rule = _LEFT_OUT.get(element.name, "")
    if rule:
        return rule if small or rule in _NEVER_SHOWN or element.name not in BLOCKS else ""
    if "hidden" in element.attributes or "display:none" in element.get("style").replace(" ", "").lower():
        return "html-hidden"
    if (
        is_book
        or not small
        or element.name not in BLOCKS
        or element.name in ("html", "body", "main", "article")
    ):
        return ""
    if _is_navigation(element, measure):
        return "html-navigation"
    if element.name == "form" and not measure.has_paragraph:
        return "html-form"
    return ""


def _is_navigation(element: Element, measure: Measure) -> bool:
    """Whether a block leads around the site. Title, notes, attributions and boxes of an article are its text."""
    role = element.get("role").lower()
    name = _ROLE_OF.get(role, element.name)
    within = any(holder.name in _CONTENT for holder in element.holders())
    classes = f"{element.get('class')} {element.get('id')}"
    asked = role in _ROLES or (measure.links > 0 and _NAVIGATION_CLASS.search(classes))
    asked = asked or (not within and bool(_FOOT_CLASS.search(classes)))
    if not asked and name not in ("header", "footer", "aside"):
        return False
    if measure.has_note or measure.in_note:
        return False
    if asked or _HALF * measure.size <= measure.linked > 0:
        return True
    if name == "header" and measure.has_title and not measure.links:
        return False
    return not within and not (name == "aside" and measure.has_sentence)


def is_note(element: Element) -> bool:
    """Whether an element is, or holds, a footnote or endnote."""
    if element.name in ("html", "body", "a", "sup"):
        return False
    kind = f"{element.get('type')} {element.get('role')}" if element.name not in ("input", "button") else ""
    return bool(
        _NOTE.search(kind) or _NOTE.search(element.get("class")) or _NOTE_LINK.match(f"#{element.get('id')}")
    )


def _is_links(element: Element, measure: Measure) -> bool:
    """Whether an element is a list of links: three or more, most of its text, each of them short."""
    return (
        element.name in _LINKED
        and measure.links >= _LINKS
        and _LINK_SHARE * measure.size <= measure.linked <= _LINK_LENGTH * measure.links
        and not measure.in_note
    )


def _references(
    root: Element, marks: dict[Element, str], measures: dict[Element, Measure]
) -> dict[Element, str]:
    """Links from the text to a note and back: a number, a sign or an arrow."""
    found: dict[Element, str] = {}
    for element in outside(root, {**marks}):
        if element.name != "a" or element in marks or measures[element].size > _LONGEST_LABEL:
            continue
        if _is_reference(element, measures[element].in_note):
            holder = element.parent
            alone = holder and holder.name == "sup" and measures[holder].size == measures[element].size
            found[holder if holder and alone else element] = "note-reference"
    return found


def _is_reference(link: Element, in_note: bool) -> bool:
    text = link.text().strip()
    href = link.get("href")
    if not text or len(text) > _LONGEST_LABEL:
        return False
    if _REFERENCE_TYPE.search(f"{link.get('type')} {link.get('role')}"):
        return True
    if "#" not in href or not (_LABEL.fullmatch(text) or _ARROW.fullmatch(text)):
        return False
    if _ARROW.fullmatch(text) or any(near.name == "sup" for near in (link.parent, *link.elements()) if near):
        return True
    names = f"{link.get('class')} {link.parent.get('class') if link.parent else ''}"
    is_named = _NOTE_LINK.search(href) or _REFERENCE_CLASS.search(names)
    return bool(is_named) or (in_note and _is_label_of_note(link))


def _is_label_of_note(link: Element) -> bool:
    """Whether a link is the first thing in a note: its number, which leads back."""
    for holder in link.holders():
        if is_note(holder):
            return True
        if not isinstance(holder.children[0], Element) and holder.children[0].strip():
            return False
    return False
