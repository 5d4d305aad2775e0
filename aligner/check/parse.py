"""The parts of a TMX as elements: what stands before the first unit, a unit, its variants.

Each part is parsed by itself, without document type, so nothing it declares is ever expanded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from aligner.check.grammar import attributes
from aligner.check.repair import escape_markup, mend, without_comments
from aligner.check.rules import Findings
from aligner.check.stream import Piece
from aligner.errors import InputError
from aligner.read.inline import CODES
from aligner.read.xml import inline_text, local_name

_HEAD_SHOWN = 60
_XMLNS = re.compile(r"\sxmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?P<subset>\[[^\]]*\]\s*)?>", re.I)
_ROOT = re.compile(r"<(?P<name>[A-Za-z_][\w.:-]*)(?:[^\"'<>]++|\"[^\"]*+\"|'[^']*+')*+>")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the first unit: the attributes of `<tmx>`, the `<header>` element, if any.

    `namespaces` are the prefixes that units may use, as they are declared.
    """

    root: dict[str, str]
    header: Any
    namespaces: str = ""

    @property
    def srclang(self) -> str:
        """The header's srclang, empty where it has none."""
        return attributes(self.header).get("srclang", "") if self.header is not None else ""


@dataclass(frozen=True, slots=True)
class Variant:
    """A `<tuv>`: its language code as written (`lang` where `xml:lang` is missing), each seg and its text."""

    code: str
    element: Any
    segs: tuple[Any, ...]
    texts: tuple[str, ...]


class NotTmx(InputError):
    """The file can't be checked as TMX at all; `rule` is the finding that says so."""

    def __init__(self, rule: str, reason: str = "") -> None:
        super().__init__(reason)
        self.rule = rule


def read_head(text: str, findings: Findings) -> Head:
    """What stands before the first unit. Raises `NotTmx` where it is no TMX or declares entities."""
    doctype = _doctype(text)
    if re.search(r"<!ENTITY", text, re.I):
        raise NotTmx("entities")
    if doctype and doctype["subset"]:
        findings.add("internal-subset")
    bare = without_comments(text)
    if declared := _doctype(bare):
        bare = bare[: declared.start()] + bare[declared.end() :]
    bare, faults = mend(bare)
    root = _ROOT.search(bare)
    before = bare[: root.start()].strip() if root else ""
    if not root or before or root["name"] != "tmx":
        raise NotTmx("not-tmx", _what_it_is(text, root["name"] if root else ""))
    for rule, count in faults.items():
        if rule != "comment":
            findings.add(rule, "the header", count=count)
    return _parse_head(bare, root, findings)


def _doctype(text: str) -> re.Match[str] | None:
    """The first declaration; a search for one that is whole would look to the text's end from each."""
    first = re.search("<!DOCTYPE", text, re.I)
    return _DOCTYPE.match(text, first.start()) if first else None


def _what_it_is(text: str, root: str) -> str:
    if not text.strip():
        return "it is empty"
    if root and text.lstrip().startswith("<"):
        return f"its root element is <{root[:_HEAD_SHOWN]}>"
    return "it is no XML"


def _parse_head(text: str, match: re.Match[str], findings: Findings) -> Head:
    declared = _XMLNS.findall(match[0])
    namespaces = "".join(found for found in declared if found.lstrip().startswith("xmlns:"))
    root = _root_attributes(match[0])
    if len(declared) > namespaces.count("xmlns:"):
        root["xmlns"] = ""
    body = re.search(r"<body(?:\s[^<>]*)?>", text)
    before = text[match.end() : body.start() if body else len(text)].strip()
    if body:
        beside = re.sub(r"\s*</body\s*>\s*(?:</tmx\s*>\s*)?$", "", text[body.end() :]).strip()
        _add_faults(stray_faults("" if body[0].endswith("/>") else beside, "<body>"), findings)
    else:
        findings.add("missing-element", "the header", "<body>")
    start = re.search(r"<header[\s/>]", before)
    if not start:
        return Head(root, None, namespaces)
    end = re.search(r"</header\s*>", before)
    stop = end.end() if end else len(before)
    _add_faults(stray_faults(before[: start.start()] + before[stop:].strip(), "<tmx>"), findings)
    header, error = parse(before[start.start() : stop], namespaces)
    if header is None:
        findings.add("ill-formed", "the header", error)
    return Head(root, header, namespaces)


def _add_faults(faults: Iterator[tuple[str, str]], findings: Findings) -> None:
    for rule, detail in faults:
        findings.add(rule, "the header", detail)


def stray_faults(text: str, where: str) -> Iterator[tuple[str, str]]:
    """What is wrong with `text` standing where only white space may."""
    if not text:
        return
    element, error = parse(f"<stray>{mend(text)[0]}</stray>", "")
    if element is None:
        yield "ill-formed", error
    elif not len(element) or (element.text or "").strip():
        yield "stray-text", where
    else:
        yield "unknown-element", f"<{local_name(element[0])[:_HEAD_SHOWN]}> in {where}"


def _root_attributes(tag: str) -> dict[str, str]:
    bare = re.sub(r"\sxmlns\s*=\s*(?:\"[^\"]*\"|'[^']*')", "", tag)
    element, _ = parse(bare if bare.endswith("/>") else f"{bare[:-1]}/>", "")
    return attributes(element) if element is not None else {}


def parse(text: str, namespaces: str) -> tuple[Any, str]:
    """The element that `text` is, or None and what is wrong with it."""
    from lxml import etree

    if namespaces:
        text = f"<wrap {namespaces}>{text}</wrap>"
    try:
        element = etree.fromstring(text.encode("utf-8", "replace"), _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, re.sub(r", line \d+, column \d+.*", "", str(error).split("\n")[0])
    if namespaces:
        return (element[0], "") if len(element) else (None, "no element")
    return element, ""


@lru_cache(maxsize=1)
def _parser() -> Any:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's `<tu>`, None where it is beyond repair; its repaired `text`, the repairs, what was wrong."""

    element: Any
    text: str
    faults: Counter[str]
    error: str


def read_unit(piece: Piece, namespaces: str) -> Unit:
    """The unit that `piece` holds, repaired as far as its text can be kept."""
    if not piece.closed:
        return Unit(None, piece.text, Counter(), "<tu> without </tu>")
    text, faults = mend(piece.text)
    element, error = parse(text, namespaces)
    if element is None:
        text = escape_markup(text)
        element, _ = parse(text, namespaces)
        if element is not None:
            faults["markup-in-seg"] += 1
    return Unit(element, text, faults, error)


def variants(element: Any) -> list[Variant]:
    """The variants of a `<tu>` in order; one without a seg has no texts."""
    return [_variant(child) for child in element.iterchildren("tuv")]


def _variant(tuv: Any) -> Variant:
    found = attributes(tuv)
    segs = tuple(tuv.iterchildren("seg"))
    texts = tuple(inline_text(seg, CODES | {"sub"}) if len(seg) else seg.text or "" for seg in segs)
    return Variant(found.get("xml:lang") or found.get("lang", ""), tuv, segs, texts)


def keys_of(codes: Sequence[str]) -> list[str]:
    """What to keep a unit's variants apart by: the code; `en#1` for a second `en`, `#0` for none."""
    return [
        f"{code}#{codes[:number].count(code)}" if not code or code in codes[:number] else code
        for number, code in enumerate(codes)
    ]
