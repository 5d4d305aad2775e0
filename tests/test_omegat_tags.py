"""Codes written as OmegaT shows those of a Word document: numbered over a paragraph, the target's as its source's."""

from __future__ import annotations

from pathlib import Path

import pytest
from formatted_files import make_docx
from lxml import etree

from aligner.export import ExportOptions, write
from aligner.options import Options
from aligner.pipeline import align_files


def tagged(source: str, target: str, folder: Path) -> tuple[list[tuple[str, str]], str]:
    """The pairs of two paragraphs, a sentence each, and what the user is told."""
    paths = [make_docx([source], folder / "a.docx"), make_docx([target], folder / "b.docx")]
    options = Options(src_lang="en", tgt_lang="en-GB", codes="omegat")
    alignment = align_files(paths, options).alignment
    assert [bead.type for bead in alignment.beads] == ["1-1"] * len(alignment.source)
    report = write([alignment], folder / "o.tmx", ExportOptions(codes="omegat"))
    segments = [seg.text for seg in etree.parse(folder / "o.tmx").iter("seg")]
    return list(zip(segments[::2], segments[1::2], strict=True)), " ".join(report.warnings)


@pytest.mark.parametrize(
    ("source", "target", "pairs"),
    [
        (  # numbers go on over the sentences of a paragraph
            "The <b>old</b> one stood. A <i>new</i> one came.",
            "The <b>old</b> one was there. A <i>new</i> one was built.",
            [
                ("The <t0/>old<t1/> one stood.", "The <t0/>old<t1/> one was there."),
                ("A <t2/>new<t3/> one came.", "A <t2/>new<t3/> one was built."),
            ],
        ),
        (  # what comes in another order keeps its letters
            "Press <b>Save</b> or <i>Cancel</i> now.",
            "Now press <i>Cancel</i> or <b>Save</b>.",
            [("Press <t0/>Save<t1/> or <t2/>Cancel<t3/> now.", "Now press <t2/>Cancel<t3/> or <t0/>Save<t1/>.")],
        ),
        (  # a tag stands for all that changes at its place
            "One <b>two</b><i>three</i> four.",
            "Four: one <b>two</b><i>three</i>.",
            [("One <t0/>two<t1/>three<t2/> four.", "Four: one <t0/>two<t1/>three<t2/>.")],
        ),
        (  # what the whole paragraph begins with is its frame
            "<b>Flowers</b> grow here.",
            "<b>Some flowers</b> grow here.",
            [("Flowers<t0/> grow here.", "Some flowers<t0/> grow here.")],
        ),
        (  # and is taken back where the target begins otherwise
            "<b>Flowers</b> grow here.",
            "Here some flowers grow.",
            [("Flowers<t0/> grow here.", "<t0/>Here some flowers grow.")],
        ),
        ("It is <b>closed.</b>", "It is <b>shut.</b>", [("It is <t0/>closed.", "It is <t0/>shut.")]),
        ("<b>All of it.</b>", "<b>All that is.</b>", [("All of it.", "All that is.")]),
        (  # a break ends a paragraph: it is no tag, and numbers begin anew
            "The <b>first</b> line<br/>The <b>second</b> line",
            "The <b>first</b> row<br/>The <b>second</b> row",
            [
                ("The <t0/>first<t1/> line", "The <t0/>first<t1/> row"),
                ("The <t0/>second<t1/> line", "The <t0/>second<t1/> row"),
            ],
        ),
    ],
)  # fmt: skip
def test_a_pair_has_the_tags_that_omegat_shows(
    tmp_path: Path, source: str, target: str, pairs: list[tuple[str, str]]
) -> None:
    assert tagged(source, target, tmp_path) == (pairs, "")


def test_codes_that_the_source_has_no_tag_for_are_left_out_and_told(tmp_path: Path) -> None:
    pairs, told = tagged("One <b>two</b> three.", "One <i>two</i> three and <b>four</b>.", tmp_path)
    assert pairs == [("One <t0/>two<t1/> three.", "One two three and <t0/>four<t1/>.")]
    assert told.startswith("1 inline code of target sentences was left out")
