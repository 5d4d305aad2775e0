"""Inline codes follow the text wherever it goes, and every format that can hold them gets them all."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from code_samples import tmx, xliff
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aligner.bitext import Alignment, Document
from aligner.errors import BitextError
from aligner.export import ExportOptions, load, open_savefile, save, write
from aligner.export.from_units import load_units
from aligner.export.unit_codes import codes_in
from aligner.export.units import UNPRINTABLE
from aligner.options import Options
from aligner.pipeline import align_files
from aligner.review.patches import apply_patches
from aligner.review.retext import edit_text
from aligner.text.codes import ALONE, CLOSE, OPEN, Code, place_map
from aligner.text.edits import REVIEWER, EditedText


def said(document: Document) -> list[list[tuple[str, ...]]]:
    """For each segment its codes as people would compare them: place, kind, data, type, element, text it stands for."""
    found = []
    for number, segment in enumerate(document.segments):
        text = document.text[segment.start : segment.end]
        codes = codes_in(document, number, number + 1)
        found.append([
            (str(c.at), c.kind, c.data, c.type, c.form, c.attribute("id"), text[c.at : c.end]) for c in codes
        ])  # fmt: skip
    return found


def aligned(path: Path, codes: str | None = None) -> Alignment:
    return align_files([path], Options(src_lang="en", tgt_lang="en-GB", codes=codes)).alignment


def test_tmx_to_tmx_gives_every_code_back(tmp_path: Path) -> None:
    first = aligned(tmx(tmp_path))
    assert [len(codes) for codes in said(first.source)] == [2, 2, 1, 1, 1, 2, 4]
    write([first], tmp_path / "out.tmx")
    for again in (load_units(tmp_path / "out.tmx"), aligned(tmp_path / "out.tmx")):
        assert again.source.text == first.source.text
        assert said(again.source) == said(first.source)
        assert said(again.target) == said(first.target)


@pytest.mark.parametrize("version", ["1.2", "2.0"])
def test_xliff_to_xliff_gives_every_code_back(tmp_path: Path, version: str) -> None:
    first = aligned(xliff(tmp_path, version))
    assert sum(map(len, said(first.source))) == {"1.2": 12, "2.0": 10}[version]
    write([first], tmp_path / "out.xliff", ExportOptions(xliff=version))
    for again in (load_units(tmp_path / "out.xliff"), aligned(tmp_path / "out.xliff")):
        assert again.source.text == first.source.text
        assert said(again.source) == said(first.source)
        assert said(again.target) == said(first.target)


# --- element by element ---

ELEMENTS_1 = [
    'The <g id="1" ctype="bold" equiv-text="" xid="t1">old <g id="2" ctype="x-span">{}</g></g> opens at nine.',
    'Closed on <mrk mtype="term" comment="a day">{}</mrk> and holidays.',
    'You have <x id="1" equiv-text="{{{{0}}}}" ctype="x-var"/> new {} and <x id="4" ctype="image" clone="no"/>.',
    'Opening <it id="4" pos="open" ctype="italic" equiv-text="">&lt;i&gt;</it>hours of the {}.',
    'Hours of the {}<it id="5" pos="close" ctype="italic">&lt;/i&gt;</it> are here.',
    '<bpt id="3" rid="1" ctype="bold" crc="9" equiv-text="">&lt;b&gt;</bpt>A '
    '<bx id="5" rid="2" ctype="link" equiv-text=""/>{}'
    '<ept id="4" rid="1" equiv-text="">&lt;/b&gt;</ept> here<ex id="6" rid="2" xid="t2"/>.',
    'Press <ph id="1" ctype="image" assoc="both" equiv-text="">&lt;img src="a.png"/&gt;</ph>to open the {}.',
]  # fmt: skip
ELEMENTS_2 = [
    'The <pc id="1" dataRefStart="d1" dataRefEnd="d2" type="fmt" subType="xlf:b" canDelete="no" dispStart="[b]">old '
    '<pc id="2" type="other" equivStart="(" equivEnd=")">{}</pc></pc> opens at nine.',
    'Closed on <mrk id="m1" type="term" ref="#t1" value="a day">{}</mrk> and holidays.',
    'You have <ph id="1" dataRef="d3" disp="[count]" equiv="" canCopy="no"/> new {}.',
    'Opening <sc id="4" isolated="yes" dataRef="d1" type="fmt"/>hours of the {}.',
    'Hours of the {}<ec id="5" isolated="yes" dataRef="d2" type="fmt"/> are here.',
    '<sc id="3" dataRef="d1" disp="[b]"/>A <sm id="m2" type="comment" value="odd"/>{}<ec startRef="3" dataRef="d2" '
    'canDelete="yes"/> here<em startRef="m2"/>.',
    'Bell<cp hex="0007"/> in the {}.',
]  # fmt: skip


def elements(path: Path) -> list[tuple[str, list[tuple[str, dict[str, str], str]]]]:
    """The text of each source and target of an XLIFF and its elements with all that they say and native codes."""
    found = []
    for side in etree.parse(path).iter("{*}source", "{*}target"):
        natives = {data.get("id"): data.text or "" for data in side.getparent().getparent().iter("{*}data")}
        codes = []
        for element in side.iterdescendants():
            said = dict(element.attrib)
            said |= {key: natives[said[key]] for key in said if key.startswith("dataRef")}
            codes.append((etree.QName(element).localname, said, element.text or ""))
        found.append(("".join(side.itertext()), codes))
    return found


@pytest.mark.parametrize("version", ["1.2", "2.0"])
def test_every_element_of_an_xliff_is_written_again_with_all_that_it_says(
    tmp_path: Path, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import code_samples

    monkeypatch.setattr(code_samples, "XLIFF_1", ELEMENTS_1)
    monkeypatch.setattr(code_samples, "XLIFF_2", ELEMENTS_2)
    path = xliff(tmp_path, version)
    write([aligned(path)], tmp_path / "out.xliff", ExportOptions(xliff=version))
    before, after = elements(path), elements(tmp_path / "out.xliff")
    assert len(before) == 14
    assert after == before


@pytest.mark.parametrize(
    ("version", "out", "elements_there"),
    [
        ("1.2", "2.0", [("mrk", {"id": "1", "type": "term", "value": "a day"}, "Mondays")]),
        ("2.0", "1.2", [("mrk", {"mtype": "term", "comment": "a day"}, "Mondays")]),
        ("2.0", "1.2", [("ph", {"id": "1"}, '<cp hex="0007"/>')]),
    ],
)
def test_annotations_and_characters_go_over_to_the_other_xliff(
    tmp_path: Path, version: str, out: str, elements_there: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    import code_samples

    monkeypatch.setattr(code_samples, "XLIFF_1", ELEMENTS_1)
    monkeypatch.setattr(code_samples, "XLIFF_2", ELEMENTS_2)
    write([aligned(xliff(tmp_path, version))], tmp_path / "out.xliff", ExportOptions(xliff=out))
    assert elements_there in [codes for _, codes in elements(tmp_path / "out.xliff")]


def test_native_codes_that_stand_apart_are_written_beside_the_words(tmp_path: Path) -> None:
    path = tmp_path / "in.sdlxliff"
    units = "".join(
        f'<trans-unit id="{n}"><source>{text}</source><target>{text}</target></trans-unit>'
        for n, text in enumerate(
            ['A <g id="1">bold</g> word.', 'Here <g id="1">it <x id="2"/>stands.</g>', "No code here."]
        )
    )
    path.write_text(
        '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a" datatype="x" '
        'source-language="en" target-language="en-GB"><header><tag-defs xmlns="http://sdl.com/FileTypes/SdlXliff/1.0">'
        '<tag id="1"><bpt>&lt;cf bold="on"&gt;</bpt><ept>&lt;/cf&gt;</ept></tag><tag id="2"><ph>[pic]</ph></tag>'
        f"</tag-defs></header><body>{units}</body></file></xliff>"
    )
    write([aligned(path)], tmp_path / "out.xliff")
    bpt, ept = ("bpt", {"id": "1", "rid": "1"}, '<cf bold="on">'), ("ept", {"id": "1", "rid": "1"}, "</cf>")
    found = [
        [(name, {key: said[key] for key in said if key in ("id", "rid")}, data) for name, said, data in codes]
        for _, codes in elements(tmp_path / "out.xliff")
    ]
    assert found[0] == found[1] == [bpt, ept]
    assert found[2] == found[3] == [bpt, ("ph", {"id": "2"}, "[pic]"), ept]


@pytest.mark.parametrize("kind", ["tmx", "1.2", "2.0"])
@pytest.mark.parametrize("out", ["tmx", "1.2", "2.0"])
def test_codes_go_over_to_any_other_format(tmp_path: Path, kind: str, out: str) -> None:
    first = aligned(tmx(tmp_path) if kind == "tmx" else xliff(tmp_path, kind))
    path = tmp_path / ("out.tmx" if out == "tmx" else "out.xliff")
    write([first], path, ExportOptions(xliff=out if out != "tmx" else "1.2"))
    again = load_units(path)
    assert again.source.text == first.source.text
    kinds = [[(at, kind) for at, kind, *_ in codes] for codes in said(first.source)]
    assert [[(at, kind) for at, kind, *_ in codes] for codes in said(again.source)] == kinds
    told = Counter(code.data for code in first.target.codes if code.data)
    assert told - Counter(code.data for code in again.target.codes) == Counter()


@pytest.mark.parametrize("kind", ["tmx", "1.2", "2.0"])
def test_codes_change_neither_texts_nor_beads(tmp_path: Path, kind: str) -> None:
    path = tmx(tmp_path) if kind == "tmx" else xliff(tmp_path, kind)
    kept, dropped = aligned(path), aligned(path, "drop")
    assert kept.source.codes and kept.target.codes
    assert not dropped.source.codes and not dropped.target.codes
    assert (kept.source.text, kept.source.segments) == (dropped.source.text, dropped.source.segments)
    assert kept.beads == dropped.beads
    records = [edit for edit in dropped.source.edits if edit.is_code]
    same = sum(code.shown == dropped.source.text[code.at : code.end] for code in kept.source.codes)
    assert len(records) + same == len(kept.source.codes)


def test_a_pair_cut_by_two_units_is_said_to_be_isolated(tmp_path: Path) -> None:
    unit = "<bpt i='1'>&lt;b&gt;</bpt>{} opens at nine. It closes at five.<ept i='1'>&lt;/b&gt;</ept>"
    path = tmp_path / "in.tmx"
    path.write_text(
        f"<tmx version='1.4'><header srclang='en'/><body><tu><tuv xml:lang='en'><seg>{unit.format('It')}</seg></tuv>"
        f"<tuv xml:lang='en-GB'><seg>{unit.format('This')}</seg></tuv></tu></body></tmx>"
    )
    write([aligned(path)], tmp_path / "out.tmx")
    segments = [etree.tostring(seg).decode() for seg in etree.parse(tmp_path / "out.tmx").iter("seg")]
    assert segments[0] == '<seg><it pos="begin" x="1" type="bold">&lt;b&gt;</it>It opens at nine.</seg>'
    assert segments[2] == '<seg>It closes at five.<it pos="end" x="1" type="bold">&lt;/b&gt;</it></seg>'
    write([aligned(path)], tmp_path / "out.xliff", ExportOptions(xliff="2.0"))
    isolated = [e.get("isolated") for e in etree.parse(tmp_path / "out.xliff").iter("{*}sc", "{*}ec")]
    assert isolated == ["yes"] * 4


def test_level_one_is_text_alone(tmp_path: Path) -> None:
    report = write([aligned(tmx(tmp_path))], tmp_path / "out.tmx", ExportOptions(codes="drop"))
    assert not [child for seg in etree.parse(tmp_path / "out.tmx").iter("seg") for child in seg]
    assert "26 inline codes were left out" in " ".join(report.warnings)


def test_a_save_file_holds_codes_and_foreign_keys_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write([aligned(tmx(tmp_path))], path)
    path.write_text(
        path.read_text("utf-8").replace('"kind": "open",', '"kind": "open", "mine": 1,', 1), "utf-8"
    )
    saved = open_savefile(path)
    assert saved.alignment == aligned(tmx(tmp_path))
    save(saved, tmp_path / "b.json")
    assert json.loads((tmp_path / "b.json").read_text("utf-8")) == json.loads(path.read_text("utf-8"))


# --- codes follow the text ---------------------------------------------------------------------------------------

BOLD = (Code(4, OPEN, "<b>", 1), Code(9, CLOSE, "</b>", 1))


@pytest.mark.parametrize(
    ("change", "placed"),
    [
        ((0, 3, "A"), [2, 7]),  # before
        ((10, 14, "big"), [4, 9]),  # behind
        ((4, 9, "dark"), [4, 8]),  # what is bold is another word now
        ((0, 14, "The grey house"), None),  # neither end has a neighbour any more
        ((0, 14, "A black cat"), [2, 7]),  # the bold word is still there
        ((3, 10, ""), None),  # taken out with its word
    ],
)
def test_a_code_stays_where_a_word_beside_it_stays(
    change: tuple[int, int, str], placed: list[int] | None
) -> None:
    text = EditedText("The black cat.", (), BOLD)
    new = text.replace([change], REVIEWER)
    assert [code.at for code in new.codes] == (placed or [])
    assert [edit.found for edit in new.edits if edit.is_code] == ([] if placed else ["<b>", "</b>"])


def test_a_placeholder_stays_as_long_as_its_text_does() -> None:
    text = EditedText("You have {0} new letters.", (), (Code(9, ALONE, "{0}", length=3),))
    moved = text.replace([(4, 24, "got {0} letters")], REVIEWER)
    assert [(code.at, code.end) for code in moved.codes] == [(8, 11)]
    gone = text.replace([(4, 24, "got some letters")], REVIEWER)
    assert not gone.codes
    assert [edit.found for edit in gone.edits if edit.is_code] == ["{0}"]


def test_what_a_reviewer_replaced_is_the_same_with_and_without_records_of_codes() -> None:
    text = EditedText("The black cat.", (), BOLD).without_codes()
    new = text.replace([(0, 13, "A grey dog")], REVIEWER)
    assert [edit.found for edit in new.edits if edit.rule == REVIEWER] == ["The black cat"]
    assert [edit.found for edit in new.edits if edit.is_code] == ["<b>", "</b>"]


@st.composite
def coded(draw: st.DrawFn) -> EditedText:
    text = draw(st.text(alphabet="ab 中。\n", max_size=30))
    codes = []
    for pair in range(1, draw(st.integers(0, 4)) + 1):
        first, last = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        codes += [Code(first, OPEN, f"<{pair}>", pair), Code(last, CLOSE, f"</{pair}>", pair)]
    codes += [Code(at, ALONE, "<x/>") for at in draw(st.lists(st.integers(0, len(text)), max_size=3))]
    return EditedText(text, (), tuple(sorted(codes, key=lambda code: code.at)))


@st.composite
def changes_of(draw: st.DrawFn, text: str) -> list[tuple[int, int, str]]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b]
    return [(a, b, draw(st.text(alphabet="xab 中", max_size=5))) for a, b in spans]


@given(st.data(), coded())
def test_codes_change_no_text_and_none_is_lost(data: st.DataObject, text: EditedText) -> None:
    bare, everything = EditedText(text.text), Counter(code.data for code in text.codes)
    for number in range(data.draw(st.integers(1, 3))):
        changes = data.draw(changes_of(text.text))
        text, bare = text.replace(changes, f"rule-{number}"), bare.replace(changes, f"rule-{number}")
        assert text.text == bare.text
        assert tuple(edit for edit in text.edits if not edit.is_code) == bare.edits
    recorded = Counter(edit.found for edit in text.edits if edit.is_code)
    assert Counter(code.data for code in text.codes) + recorded == everything
    assert_balanced(text)
    dropped = text.without_codes()
    assert dropped.text == text.text
    assert Counter(edit.found for edit in dropped.edits if edit.is_code) == everything


def assert_balanced(text: EditedText) -> None:
    opened = set()
    for code in text.codes:
        if code.kind == OPEN:
            opened.add(code.pair)
        elif code.kind == CLOSE:
            assert code.pair in opened
            opened.remove(code.pair)
    assert not opened


@given(st.data(), coded())
def test_slices_share_out_the_codes_and_joining_gives_them_back(
    data: st.DataObject, text: EditedText
) -> None:
    cut = data.draw(st.integers(1, max(1, len(text.text) - 1)))
    if cut >= len(text.text):
        return
    parts = [text.slice(0, cut), text.slice(cut, len(text.text))]
    joined = EditedText.join(parts)
    assert Counter((c.at, c.kind, c.data) for c in joined.codes) == Counter(
        (c.at, c.kind, c.data) for c in text.codes
    )


@given(coded(), st.text(alphabet="ab \n\x07", max_size=20))
def test_places_in_another_writing_rise_and_stay_inside(text: EditedText, other: str) -> None:
    places = place_map(text.text, other, re.compile(f"[{UNPRINTABLE}]"))
    assert len(places) == len(text.text) + 1
    assert places == sorted(places)
    assert all(0 <= place <= len(other) for place in places)


def test_codes_outside_the_text_or_out_of_order_are_refused() -> None:
    for codes in ([Code(4, ALONE)], [Code(2, ALONE), Code(1, ALONE)], [Code(2, ALONE, length=2)]):
        with pytest.raises(BitextError):
            EditedText("abc", (), tuple(codes))


# --- codes and the review ----------------------------------------------------------------------------------------


def test_a_review_keeps_codes_and_can_be_taken_back(tmp_path: Path) -> None:
    write([aligned(tmx(tmp_path))], tmp_path / "a.json")
    saved = open_savefile(tmp_path / "a.json")
    segment = saved.alignment.source.segments[0]
    place = {"side": "source", "start": segment.start, "end": segment.end}
    patches = edit_text(saved, {**place, "text": "Our old museum opens at nine o'clock."})
    edited, back = apply_patches(saved, patches)
    document = edited.alignment.source
    (_, *bold), (_, *later) = said(document)[0], said(saved.alignment.source)[0]
    assert [each[0] for each in said(document)[0]] == ["8", "14"]
    assert bold[0][1:] == later[0][1:]
    assert said(document)[1:] == said(saved.alignment.source)[1:]
    undone, _ = apply_patches(edited, back)
    assert undone == saved
    again, _ = apply_patches(saved, edit_text(saved, {**place, "text": "Nothing of it is left"}))
    assert [e.found for e in again.alignment.source.edits if e.is_code] == ["<b>", "</b>"]


def test_confirmed_pairs_and_reviewed_words_are_kept_with_their_codes(tmp_path: Path) -> None:
    path = tmx(tmp_path)
    first = aligned(path)
    write([first], tmp_path / "a.json")
    saved = open_savefile(tmp_path / "a.json")
    segment = first.source.segments[0]
    place = {"side": "source", "start": segment.start, "end": segment.end}
    edited, _ = apply_patches(saved, edit_text(saved, {**place, "text": "The museum opens at ten."}))
    save(edited, tmp_path / "a.json")
    again = align_files([path], Options(src_lang="en", tgt_lang="en-GB"), load(tmp_path / "a.json")).alignment
    assert again.source.sentences()[0] == "The museum opens at ten."
    assert said(again.source) == said(first.source)
