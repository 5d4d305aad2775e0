"""XML from strangers: no external entities, no entity declarations, no network, and errors in one line."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from aligner.read.reading import Source

# `recover`, as libxml2 stops at namespace names that are no URI, which XML allows; every other fault is refused.
_SAFE: dict[str, Any] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "recover": True,
}  # fmt: skip
# How far into a file its root element is looked for; comments and a document type may stand before it.
_PROLOG = 16_384
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)[\s/>]")
_BLANKS = re.compile(r"\s*")
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^>\[]*", re.I)


def parse_xml(source: Source, data: bytes, part: str = "", *, huge: bool = False) -> Any:
    """The root element of `data`, without comments. Raises `InputError` where it is malformed or declares entities.

    `huge` reads elements more than 256 deep (up to 2,048) and texts over 10 MB, too.
    """
    from lxml import etree

    try:
        safe = {**_SAFE, "huge_tree": huge}
        parser = etree.XMLParser(encoding=source.encoding, remove_comments=True, remove_pis=True, **safe)
        root = etree.fromstring(data, parser)
        _refuse_faults(parser.error_log)
        if root is None:
            raise ValueError("no element in it")
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise source.refuse(f"{part or 'its XML'} is malformed: {error}") from None
    _refuse_entities(source, root)
    return root


def elements(source: Source, *names: str) -> Iterator[Any]:
    """Each element with one of the local `names`, complete, as they end; memory is freed on the way.

    What an element of `names` holds is freed with it, so none of them may hold another.
    """
    from lxml import etree

    wanted = frozenset(names)
    try:
        events = etree.iterparse(
            io.BytesIO(source.data), events=("start", "end"), encoding=source.encoding, remove_comments=True,
            remove_pis=True, **_SAFE,
        )  # fmt: skip
        checked = False
        for event, element in events:
            if not checked:
                _refuse_entities(source, element)
                checked = True
            if event == "end" and local_name(element) in wanted:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        _refuse_faults(events.error_log)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise source.refuse(f"its XML is malformed: {error}") from None


def _refuse_faults(log: Any) -> None:
    """Raise `ValueError` for the first fault in what libxml2 noted, unless it is about namespaces only."""
    from lxml.etree import ErrorDomains

    for entry in log:
        if entry.domain != ErrorDomains.NAMESPACE:
            raise ValueError(f"{entry.message}, line {entry.line}, column {entry.column}")


def _refuse_entities(source: Source, element: Any) -> None:
    dtd = element.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise source.refuse("declares XML entities, which may be an attack; remove its <!ENTITY> lines")


def local_name(element: Any) -> str:
    """The element's name without its namespace; empty for comments and processing instructions."""
    tag = element.tag
    # A colon is left where nothing declares the prefix.
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """The value of the attribute with this local name, whatever its namespace; empty where there is none."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2].rpartition(":")[2] == name:
            return str(value)
    return ""


def root_name(data: bytes) -> str:
    """The root element's local name in lower case, as far as the file's beginning tells; empty for no XML."""
    head = data[:_PROLOG]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) & ~1].decode("utf-16", errors="replace")
    elif head[:2] in (b"<\0", b"\0<"):
        text = head.decode("utf-16-le" if head[0] else "utf-16-be", errors="replace")
    else:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    found = _ROOT.match(text, end_of_prolog(text))
    return found[1].lower() if found else ""


def end_of_prolog(text: str, *, doctype: bool = True) -> int:
    """Where the root element of XML or HTML begins: behind blanks, comments, instructions and document type.

    Where `doctype` is false, a document type is not passed over.
    """
    place = 0
    while True:
        place = _blanks_end(text, place)
        if text.startswith("<!--", place):
            end = text.find("-->", place + 4) + len("-->")
        elif text.startswith("<?", place):
            end = text.find("?>", place + 2) + len("?>")
        elif doctype and (declared := _DOCTYPE.match(text, place)):
            end = _doctype_end(text, declared.end())
        else:
            return place
        if end <= place:  # cut off
            return len(text)
        place = end


def _blanks_end(text: str, place: int) -> int:
    blanks = _BLANKS.match(text, place)
    return blanks.end() if blanks else place


def _doctype_end(text: str, place: int) -> int:
    """Behind the `>` of a document type; 0 where it doesn't end."""
    if text.startswith("[", place):
        inner = text.find("]", place)
        place = _blanks_end(text, inner + 1) if inner > 0 else len(text)
    return place + 1 if text.startswith(">", place) else 0


def inline_text(element: Any, unspoken: frozenset[str]) -> str:
    """The text inside `element` without what elements named in `unspoken` hold; what follows those stays."""
    pieces = [element.text or ""]
    for child in element:
        if local_name(child) not in unspoken and isinstance(child.tag, str):
            pieces.append(inline_text(child, unspoken))
        pieces.append(child.tail or "")
    return "".join(pieces)
