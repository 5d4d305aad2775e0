"""XLIFF read and written again: its blanks, copies of codes, and what other namespaces say."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import pytest
from lxml import etree

from aligner.bitext import Alignment, Bead, Document, Segment
from aligner.export import ExportOptions, load, save, write
from aligner.export.savefile import SaveFile
from aligner.options import Options
from aligner.pipeline import align_files
from aligner.text.codes import ALONE, Code

XLIFF_1 = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:my="urn:my">
<file original="a" source-language="en" target-language="de" datatype="plaintext"><body>{}</body></file></xliff>"""
XLIFF_2 = """<xliff version="2.0" srcLang="en" trgLang="de" xmlns="urn:oasis:names:tc:xliff:document:2.0"
 xmlns:my="urn:my" xmlns:fs="urn:oasis:names:tc:xliff:fs:2.0"><file id="f1">{}</file></xliff>"""
UNITS_1 = [
    ('Press <x id="1" my:kind="key"/> to stop the <mrk mtype="term" mid="t7" my:base="y">engine</mrk> now.',
     'Drücken Sie <x id="1" my:kind="key"/>, um den <mrk mtype="term" mid="t7" my:base="y">Motor</mrk> anzuhalten.'),
    ('The <g id="2" my:w="2">red </g> button is <bpt id="4" rid="1" my:w="3">B</bpt>big<ept id="4" rid="1">b</ept>.',
     'Der <g id="2" my:w="2">rote </g> Knopf ist <bpt id="4" rid="1" my:w="3">B</bpt>groß<ept id="4" rid="1">b</ept>.'),
    ('Click on the symbol <x id="5"/>', 'Klicken Sie auf das Zeichen <x id="5"/>'),
    ('<x id="6"/> <x id="7"/> Help yourself.', '<x id="6"/> <x id="7"/> Bedienen Sie sich.'),
]  # fmt: skip
UNITS_2 = [
    ('Press <ph id="1" my:kind="key"/> to stop the <pc id="2" fs:fs="b">engine</pc> now.',
     'Drücken Sie <ph id="1"/> für den <pc id="2" fs:fs="b">Motor</pc> <ph id="5" copyOf="1"/> '
     '<pc id="6" copyOf="2">jetzt</pc>.'),
    ('The <mrk id="m1" type="term" my:x="1">red</mrk> button is big.',
     'Der <mrk id="m1" type="term" my:x="1">rote</mrk> Knopf ist groß.'),
]  # fmt: skip


def canonical(side: str) -> str:
    """A side of a unit with its names of namespaces written out."""
    names = 'xmlns:my="urn:my" xmlns:fs="urn:oasis:names:tc:xliff:fs:2.0"'
    return canonicalize(f"<side {names}>{side}</side>", rewrite_prefixes=True)


def sides_of(path: Path) -> list[tuple[str, ...]]:
    """Source and target of each unit of an XLIFF, as `canonical` writes them."""
    found = []
    for unit in etree.parse(path).iter("{*}trans-unit", "{*}unit"):
        texts = []
        for side in unit.iter("{*}source", "{*}target"):
            markup = etree.tostring(side, encoding="unicode", with_tail=False)
            markup = re.sub(r' xmlns="[^"]*"| xml:lang="\w+"| state="[\w-]+"', "", markup)
            texts.append(canonical(re.sub(r"^<\w+[^>]*>|</\w+>$", "", markup)))
        found.append(tuple(texts))
    return found


@pytest.mark.parametrize(
    ("version", "whole", "unit", "rows"),
    [
        ("1.2", XLIFF_1, '<trans-unit id="{}"><source>{}</source><target>{}</target></trans-unit>', UNITS_1),
        (
            "2.0",
            XLIFF_2,
            '<unit id="{}"><segment><source>{}</source><target>{}</target></segment></unit>',
            UNITS_2,
        ),
    ],
)
def test_an_xliff_comes_back_with_its_blanks_its_copies_and_what_other_namespaces_say(
    version: str, whole: str, unit: str, rows: list[tuple[str, str]], tmp_path: Path
) -> None:
    given = "".join(unit.format(number, *row) for number, row in enumerate(rows, 1))
    (tmp_path / "a.xlf").write_text(whole.format(given), encoding="utf-8")
    alignment = align_files([tmp_path / "a.xlf"], Options(cache=False)).alignment
    save(SaveFile(alignment), tmp_path / "a.json")
    write([load(tmp_path / "a.json")], tmp_path / "b.xlf", ExportOptions(xliff=version))
    assert sides_of(tmp_path / "b.xlf") == [tuple(map(canonical, row)) for row in rows]
    assert all("  " not in text for text in (alignment.source.text, alignment.target.text))


def test_a_copy_of_a_code_that_is_not_in_the_unit_stands_for_itself(tmp_path: Path) -> None:
    codes = (Code(3, ALONE, form="xliff2:ph", attributes=(("id", "9"), ("copyOf", "4"))),)
    documents = [Document("One two", lang, (Segment(0, 7),), "", (), codes) for lang in ("en", "de")]
    write([Alignment(*documents, (Bead(0, 1, 0, 1),))], tmp_path / "a.xlf", ExportOptions(xliff="2.0"))
    assert sides_of(tmp_path / "a.xlf") == [(canonical('One<ph id="9"/> two'),) * 2]


@pytest.mark.parametrize(
    "key", ["{", "{}x", "{a b}x", "{a}", "{http://[}x", "{a}b c", "{aligner}blank", "{é}x", "a:b"]
)
def test_an_attribute_that_no_xml_can_hold_is_left_out(key: str, tmp_path: Path) -> None:
    codes = (Code(3, ALONE, form="xliff1:x", attributes=(("id", "9"), (key, "1"))),)
    documents = [Document("One two", lang, (Segment(0, 7),), "", (), codes) for lang in ("en", "de")]
    write([Alignment(*documents, (Bead(0, 1, 0, 1),))], tmp_path / "a.xlf", ExportOptions())
    assert sides_of(tmp_path / "a.xlf") == [(canonical('One<x id="9"/> two'),) * 2]
