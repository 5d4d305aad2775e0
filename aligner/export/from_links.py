"""XCES and TEI as alignments again: numbered sentences, and the links between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from aligner.bitext import STATUSES, Alignment, Bead, Document, Moved, Segment
from aligner.errors import InputError
from aligner.export.crossing import path_of
from aligner.export.from_units import confidence_of, opened
from aligner.language.detect import detect
from aligner.language.joints import line_joint
from aligner.read.choice import shortened
from aligner.read.reading import Source
from aligner.read.xml import attribute, local_name, parse_xml, root_name
from aligner.text.counted import counted

SUFFIXES = (".xces", ".tei")
_ROOTS = ("cesalign", "tei", "teicorpus")
_BLANK = -1


@dataclass(frozen=True, slots=True)
class _Text:
    """A side: its sentences by id in their order, each with the number of its paragraph."""

    name: str
    lang: str
    sentences: dict[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Link:
    """Ids of sentences on both sides that belong together, and what is said of it."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    confidence: float
    status: str


def is_linked(path: Path) -> bool:
    """Whether a file is XCES or TEI, by its suffix or, an `.xml`, by its root."""
    name = path.name.lower()
    if name.endswith(SUFFIXES):
        return True
    return name.endswith((".xml", ".xml.gz")) and path.is_file() and root_name(opened(path).data) in _ROOTS


def load_links(path: str | Path, src_lang: str | None = None, tgt_lang: str | None = None) -> list[Alignment]:
    """The alignments in an XCES or TEI file, one a pair of documents.

    Links that cross the others are pairs that moved; a sentence in no link is without counterpart. Where nothing
    says the languages they are detected. Raises `InputError` where the file is neither, a file of sentences is not
    beside it, or a link names sentences that there aren't, that don't follow each other or that another link has.
    """
    source = opened(Path(path))
    kind = root_name(source.data)
    if kind not in _ROOTS:
        raise source.refuse("is neither XCES nor TEI")
    root = parse_xml(source, source.data, huge=True)
    groups = _xces_groups(source, root) if kind == "cesalign" else _tei_groups(source, root)
    found = [
        _alignment(source, (_in(first, src_lang), _in(second, tgt_lang)), links)
        for first, second, links in groups
    ]
    if not any(alignment.pairs() or alignment.moved for alignment in found):
        raise source.refuse("has no link with sentences on both sides")
    return found


def load_one(path: str | Path) -> Alignment:
    """The only alignment in a file. Raises `InputError` as `load_links`, and where there are several."""
    found = load_links(path)
    if len(found) > 1:
        raise InputError(
            f"{path}: holds {len(found)} alignments; write them as a TMX with `align export` first"
        )
    return found[0]


def _in(text: _Text, lang: str | None) -> _Text:
    return _Text(text.name, lang, text.sentences) if lang else text


def _xces_groups(source: Source, root: Any) -> Iterator[tuple[_Text, _Text, list[Link]]]:
    for group in root.iter("{*}linkGrp"):
        texts = [_sentence_file(source, attribute(group, side)) for side in ("fromDoc", "toDoc")]
        links = []
        for link in group.iter("{*}link"):
            first, semicolon, second = attribute(link, "xtargets").partition(";")
            if not semicolon:
                raise source.refuse("has a link whose xtargets have no semicolon between the sides")
            sides = tuple(first.split()), tuple(second.split())
            links.append(Link(*sides, confidence_of(attribute(link, "certainty")), "auto"))
        yield texts[0], texts[1], links


def _sentence_file(source: Source, name: str) -> _Text:
    """The file of sentences that XCES names, which lies beside it or below its folder, packed or not."""
    folder = Path(source.name).parent
    place = folder / name
    if not name or not place.resolve().is_relative_to(folder.resolve()):
        raise source.refuse(f"names the sentences {name!r}, which are not in its folder; put them there")
    there = [each for each in (place, place.with_name(f"{place.name}.gz")) if each.is_file()]
    if not there:
        raise source.refuse(f"its sentences are in {name}, which is not there; put that file beside it")
    beside = opened(there[0])
    root = parse_xml(beside, beside.data, huge=True)
    return _Text(place.name, attribute(root, "lang"), _sentences(beside, root))


def _tei_groups(source: Source, root: Any) -> Iterator[tuple[_Text, _Text, list[Link]]]:
    for document in [root] if local_name(root) == "TEI" else root.iter("{*}TEI"):
        texts = [each for each in document.iter("{*}text") if each.find("{*}group") is None]
        if len(texts) != 2:  # noqa: PLR2004 - a text and its translation
            raise source.refuse(
                f"holds {counted(len(texts), 'text')} in a document where a text and its translation are expected"
            )
        first, second = (
            _Text(attribute(text, "n"), attribute(text, "lang"), _sentences(source, text)) for text in texts
        )
        links = []
        for link in document.iter("{*}link"):
            ids = [pointer.removeprefix("#") for pointer in attribute(link, "target").split()]
            source_ids = tuple(each for each in ids if each in first.sentences)
            others = tuple(each for each in ids if each not in first.sentences)
            status = attribute(link, "subtype")
            said = confidence_of(attribute(link, "cert")), status if status in STATUSES else "auto"
            links.append(Link(source_ids, others, *said))
        yield first, second, links


def _sentences(source: Source, root: Any) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    paragraphs: dict[Any, int] = {}
    for element in root.iter("{*}s"):
        name, text = attribute(element, "id"), _words(element)
        if name in found:
            raise source.refuse(f"has two sentences with the id {name!r}")
        found[name] = text, paragraphs.setdefault(element.getparent(), len(paragraphs))
    return found


def _words(sentence: Any) -> str:
    """The text of a sentence; of one cut into words, `<w>`, those joined as their script is written."""
    words = ["".join(word.itertext()).strip() for word in sentence.iter("{*}w")]
    if not words:
        return " ".join("".join(sentence.itertext()).split())
    return _joined(word for word in words if word)


def _joined(pieces: Iterable[str]) -> str:
    text = ""
    for piece in pieces:
        text += (line_joint(text, piece) if text else "") + piece
    return text


def _alignment(source: Source, texts: tuple[_Text, _Text], links: Sequence[Link]) -> Alignment:
    documents = _document(texts[0]), _document(texts[1])
    places = [_places(text) for text in texts]
    taken: tuple[set[int], set[int]] = set(), set()
    beads = []
    for link in links:
        first, second = (
            _span(source, names, place, used)
            for names, place, used in zip((link.source, link.target), places, taken, strict=True)
        )
        if first[0] < first[1] or second[0] < second[1]:
            beads.append(Bead(*first, *second, link.confidence, link.status))
    path, crossing = path_of(beads, (len(documents[0]), len(documents[1])))
    moved = tuple(
        Moved(each.src_start, each.src_end, each.tgt_start, each.tgt_end, each.confidence, each.status)
        for each in crossing
    )
    return Alignment(documents[0], documents[1], path, moved=moved)


def _places(text: _Text) -> dict[str, int]:
    """The number of each sentence among those that have text; of one without, -1."""
    numbers = count()
    return {name: next(numbers) if sentence else _BLANK for name, (sentence, _) in text.sentences.items()}


def _span(source: Source, names: Sequence[str], places: dict[str, int], taken: set[int]) -> tuple[int, int]:
    """The range of sentences that a link names on one side; `taken` are those of other links."""
    missing = next((name for name in names if name not in places), None)
    if missing is not None:
        raise source.refuse(f"links the sentence {missing!r}, which is not in its text")
    numbers = sorted(places[name] for name in names if places[name] != _BLANK)
    if not numbers:
        return 0, 0
    if numbers != list(range(numbers[0], numbers[-1] + 1)):
        raise source.refuse(
            f"links sentences that don't follow each other, {shortened(names)}; no pair can hold them"
        )
    if again := taken.intersection(numbers):
        raise source.refuse(
            f"has sentence {min(again) + 1} of a text in two links; a sentence can be in one only"
        )
    taken.update(numbers)
    return numbers[0], numbers[-1] + 1


def _document(text: _Text) -> Document:
    """The sentences as running text, a line a paragraph."""
    pieces, segments = list[str](), list[Segment]()
    length, last, at = 0, "", 0
    for sentence, paragraph in text.sentences.values():
        if not sentence:
            continue
        joint = "" if not last else line_joint(last, sentence) if paragraph == at else "\n"
        pieces += [joint, sentence]
        start = length + len(joint)
        length, last, at = start + len(sentence), sentence, paragraph
        segments.append(Segment(start, length, paragraph))
    whole = "".join(pieces)
    return Document(whole, text.lang or detect(whole), tuple(segments), text.name)
