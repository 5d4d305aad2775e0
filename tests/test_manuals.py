"""A real manual in several languages: OmegaT's, as its Debian package installs it."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from aligner.bitext import Alignment
from aligner.options import Options
from aligner.pipeline import align_files
from aligner.read import read_file

MANUAL = Path("/usr/share/doc/omegat/html")
pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not MANUAL.is_dir(), reason=f"OmegaT's manual is not installed: {MANUAL} is absent"),
]

# What translators leave as it is: paths and file names, keys, versions and figure numbers, addresses, acronyms,
# names of program parts. None of these is told to the aligner; numbers it sees among everything else.
ANCHOR = re.compile(
    r"[A-Za-z][\w.]*[/\\_]\w[\w./\\]*|\w+\.[a-z]{2,4}\b|[A-Z]\w+(?:\+\w+)+|\d[\d.]*\d|https?://\S+|\b[A-Z]{3,}\b"
    r"|\b[a-z]+[A-Z]\w+",
    re.ASCII,
)
# Looked at by hand, all rows of French were right; of Chinese, a translation of an older edition, and of German,
# of one older still, those rows were wrong where whole paragraphs are missing. Anchors in one row with their
# counterpart: 293 of 293, 238 of 242 and 33 of 33 over more chapters than these.
CHAPTERS = {
    "fr": (0.98, 100, ["segmentation", "glossaries", "translation.memories"]),
    "zh_CN": (0.93, 60, ["segmentation", "files.and.folders", "menu"]),
    "de": (0.9, 15, ["instantStartGuideNoTOC", "plain.text=plainText", "segmentation=Segmentation"]),
}
NAVIGATION = {
    "en": "Prev Next Home Up", "fr": "Précédent Suivant Sommaire Remonter",
    "zh_CN": "Prev Next Home",
}  # fmt: skip


def page(lang: str, name: str) -> Path:
    chapter = MANUAL / lang / f"chapter.{name}.html"
    return chapter if chapter.exists() else MANUAL / lang / f"{name}.html"


def align_chapter(lang: str, name: str) -> Alignment:
    english, _, other = name.partition("=")
    return align_files([page("en", english), page(lang, other or english)], Options(cache=False)).alignment


def anchors(texts: list[str]) -> dict[str, list[int]]:
    """Each anchor with the numbers of the rows it stands in."""
    rows = defaultdict(list)
    for number, text in enumerate(texts):
        for anchor in ANCHOR.findall(text):
            rows[anchor.rstrip(".")].append(number)
    return rows


def matches(alignment: Alignment) -> tuple[int, int]:
    """How many anchors stand in one row with their counterpart, of all that both texts hold equally often."""
    source = anchors([alignment.source_text(bead) for bead in alignment.beads])
    target = anchors([alignment.target_text(bead) for bead in alignment.beads])
    pairs = [
        pair
        for anchor, rows in source.items()
        if len(rows) == len(target.get(anchor, ()))
        for pair in zip(rows, target[anchor], strict=True)
    ]
    return sum(here == there for here, there in pairs), len(pairs)


@pytest.mark.parametrize("lang", CHAPTERS)
def test_what_translators_leave_as_it_is_meets_its_counterpart(lang: str) -> None:
    floor, least, names = CHAPTERS[lang]
    met, seen = map(sum, zip(*(matches(align_chapter(lang, name)) for name in names), strict=True))
    assert seen >= least
    assert met >= floor * seen, f"{met} of {seen}"


def test_a_faithful_translation_leaves_nothing_unaligned() -> None:
    alignment = align_chapter("fr", "regexp")
    assert all(bead.is_pair for bead in alignment.beads)
    one_to_one = sum(bead.type == "1-1" for bead in alignment.beads)
    assert one_to_one >= 0.95 * len(alignment.beads)


@pytest.mark.parametrize("lang", NAVIGATION)
def test_navigation_is_on_record_and_in_no_paragraph(lang: str) -> None:
    text = read_file(page(lang, "segmentation")).flat()
    assert {line.strip() for line in text.text.split("\n")}.isdisjoint(NAVIGATION[lang].split())
    left_out = "".join(edit.found for edit in text.edits if edit.rule == "html-navigation")
    assert all(word in left_out for word in NAVIGATION[lang].split()[:2])


def test_headings_of_the_manual_keep_their_numbers() -> None:
    alignment = align_chapter("zh_CN", "segmentation")
    pairs = [(alignment.source_text(bead), alignment.target_text(bead)) for bead in alignment.beads]
    headings = [pair for pair in pairs if re.match(r"(?:Chapter )?\d+\.", pair[0])]
    assert len(headings) >= 4
    for source, target in headings:
        assert re.match(r"\D*\d+\.\s\S", source)
        assert re.search(r"\d+", source)[0] == re.search(r"\d+", target)[0]
