"""Inline codes of TMX and XLIFF: what they stand for stays, what goes is on record."""

from __future__ import annotations

from pathlib import Path

import pytest

from aligner.read.inline import Content, content
from aligner.read.reading import Source
from aligner.read.tmx import variant_content
from aligner.read.xliff import segments_of
from aligner.read.xml import parse_xml
from aligner.text.codes import RULE

GOLDEN = Path(__file__).parent / "golden" / "inline_codes.tsv"
_DATA = "".join(
    f'<data id="d{number}">{native}</data>'
    for number, native in enumerate(
        ["&lt;br/&gt;", "{0}", "&lt;b&gt;", "&lt;/b&gt;", "&lt;p&gt;", "&lt;/p&gt;"], start=1
    )
)


def cases() -> list[list[str]]:
    lines = GOLDEN.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def read_segment(kind: str, markup: str) -> Content:
    if "<ph>\\" not in markup:  # where the code itself is written so
        markup = markup.replace("\\n", "\n")
    markup = markup.replace(" \\t ", " \t ")
    wrapped = {
        "tmx": f"<tuv><seg>{markup}</seg></tuv>",
        "xliff": f"<trans-unit><source>{markup}</source></trans-unit>",
        "xliff-preserve": f'<trans-unit xml:space="preserve"><source>{markup}</source></trans-unit>',
        "xliff2": f"<unit><originalData>{_DATA}</originalData><segment><source>{markup}</source></segment></unit>",
    }[kind]
    root = parse_xml(Source("golden", b""), wrapped.encode())
    if kind == "tmx":
        return variant_content(root)
    (segment,) = segments_of(root)
    return segment.side("source", {})


@pytest.mark.parametrize(("kind", "markup", "text", "gone"), cases())
def test_a_code_gives_way_to_what_it_stands_for(kind: str, markup: str, text: str, gone: str) -> None:
    found = read_segment(kind, markup)
    assert " / ".join(each.text for each in (found.text, *found.flows)) == text.replace("\\n", "\n")
    dropped = found.text.without_codes()
    assert dropped.text == found.text.text
    assert " ".join(edit.found for edit in dropped.edits if not edit.written) == gone
    assert {edit.rule for edit in dropped.edits} <= {RULE}


def test_every_code_is_in_the_text_or_on_record() -> None:
    root = parse_xml(
        Source("x", b""), b'<seg>a<ph>&lt;q&gt;</ph>b<it pos="begin">[x]</it>c<ut>\\zz </ut>d<ph/>e</seg>'
    )
    found = content(root)
    assert found.text.text == "abcd e"
    assert found.text.without_codes().original() == "a<q>b[x]c\\zz d<ph/>e"


def test_the_codes_an_sdlxliff_keeps_in_its_head_are_looked_up() -> None:
    root = parse_xml(Source("x", b""), b'<source>One<x id="5"/>two</source>')
    assert content(root, natives={"5": "<br/>"}).text.text == "One two"
    assert [code.data for code in content(root, natives={"5": "<br/>"}).text.codes] == ["<br/>"]
