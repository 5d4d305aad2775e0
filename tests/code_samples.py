"""A TMX and an XLIFF with every kind of inline code, to read, align and write again."""

from __future__ import annotations

from pathlib import Path

# One unit of each kind of code, as source and target have it.
TMX_UNITS = [
    ('The <bpt i="1" type="bold">&lt;b&gt;</bpt>{}<ept i="1">&lt;/b&gt;</ept> opens at nine.', "museum", "theatre"),
    ('Closed on <hi type="term">{}</hi> and holidays.', "Mondays", "Tuesdays"),
    ('You have <ph type="var">{{0}}</ph> new {}.', "messages", "letters"),
    ('Opening <it pos="begin">&lt;i&gt;</it>hours of the {}.', "museum", "theatre"),
    ('First the {},<ph type="lb">&lt;br/&gt;</ph>then the garden.', "house", "tower"),
    ('A <ut>{{\\b </ut>{}<ut>}}</ut> in old code.', "word", "letter"),
    (
        '<bpt i="1">&lt;b&gt;</bpt>Over<bpt i="2">&lt;i&gt;</bpt>lapping<ept i="1">&lt;/b&gt;</ept> {}'
        '<ept i="2">&lt;/i&gt;</ept>.',
        "codes",
        "marks",
    ),
]  # fmt: skip
XLIFF_1 = [
    'The <g id="1" ctype="bold">{}</g> opens at nine.',
    'Closed on <mrk mtype="term">{}</mrk> and holidays.',
    'You have <x id="1" equiv-text="{{{{0}}}}"/> new {}.',
    'Opening <it id="4" pos="open">&lt;i&gt;</it>hours of the {}.',
    'First the {},<x id="9" ctype="lb"/>then the garden.',
    '<bpt id="3" rid="1">&lt;b&gt;</bpt>A <bx id="5" rid="2"/>{}<ex id="6" rid="2"/>'
    ' here<ept id="4" rid="1">&lt;/b&gt;</ept>.',
    'Press <ph id="1" ctype="image">&lt;img src="a.png"/&gt;</ph> to open the {}.',
]  # fmt: skip
XLIFF_2 = [
    'The <pc id="1" dataRefStart="d1" dataRefEnd="d2" type="fmt" subType="xlf:b">{}</pc> opens at nine.',
    'Closed on <mrk id="m1" type="term">{}</mrk> and holidays.',
    'You have <ph id="1" dataRef="d3"/> new {}.',
    'Opening <sc id="4" isolated="yes"/>hours of the {}.',
    'First the {},<ph id="9" type="fmt" subType="xlf:lb"/>then the garden.',
    'A <sc id="5" dataRef="d1"/>{} here<ec startRef="5" dataRef="d2"/>.',
    'Bell<cp hex="0007"/> in the {}.',
]
DATA = '<data id="d1">&lt;b&gt;</data><data id="d2">&lt;/b&gt;</data><data id="d3">{0}</data>'
WORDS = [("museum", "theatre"), ("Mondays", "Tuesdays"), ("messages", "letters"), ("museum", "theatre"),
         ("house", "tower"), ("word", "letter"), ("door", "gate")]  # fmt: skip


def tmx(folder: Path) -> Path:
    units = "".join(
        f'<tu><tuv xml:lang="en"><seg>{form.format(src)}</seg></tuv>'
        f'<tuv xml:lang="en-GB"><seg>{form.format(tgt)}</seg></tuv></tu>'
        for form, src, tgt in TMX_UNITS
    )
    header = '<header srclang="en" creationtool="t" creationtoolversion="1" segtype="sentence" o-tmf="t" '
    header += 'adminlang="en" datatype="html"/>'
    path = folder / "in.tmx"
    path.write_text(f'<tmx version="1.4">{header}<body>{units}</body></tmx>', "utf-8")
    return path


def xliff(folder: Path, version: str) -> Path:
    path = folder / "in.xliff"
    forms = XLIFF_1 if version == "1.2" else XLIFF_2
    sides = [(form.format(src), form.format(tgt)) for form, (src, tgt) in zip(forms, WORDS, strict=True)]
    if version == "1.2":
        units = "".join(
            f'<trans-unit id="{n}"><source>{src}</source><target>{tgt}</target></trans-unit>'
            for n, (src, tgt) in enumerate(sides)
        )
        path.write_text(
            '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a" datatype="html" '
            f'source-language="en" target-language="en-GB"><body>{units}</body></file></xliff>'
        )
        return path
    units = "".join(
        f'<unit id="u{n}"><originalData>{DATA}</originalData><segment>'
        f"<source>{src}</source><target>{tgt}</target></segment></unit>"
        for n, (src, tgt) in enumerate(sides)
    )
    path.write_text(
        '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="en-GB">'
        f'<file id="f">{units}</file></xliff>'
    )
    return path
