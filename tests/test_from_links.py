"""XCES and TEI go back in: the pairs that were written, moved ones among them, and clear refusals."""

from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.bitext import Alignment, Bead, Document, Moved, Segment
from aligner.cli.run import main
from aligner.errors import InputError
from aligner.export import load, write
from aligner.export.crossing import path_of
from aligner.export.from_links import load_links


def document(paragraphs: list[list[str]], lang: str, name: str) -> Document:
    text, segments = "", []
    for number, sentences in enumerate(paragraphs):
        for place, sentence in enumerate(sentences):
            text += ("\n" if text and not place else "" if lang == "zh" or not text else " ") + sentence
            segments.append(Segment(len(text) - len(sentence), len(text), number))
    return Document(text, lang, tuple(segments), name)


def story() -> Alignment:
    """Two sentences for one, one without counterpart on each side, a pair that moved to the end."""
    source = document(
        [["他笑了。", "没有人睡觉。", "天亮了。"], ["我们走吧！", "图书馆开门了。", "再<见>。"]],
        "zh",
        "a.txt",
    )
    target = document(
        [["He laughed, and nobody slept.", "A note."], ["The library opened.", "It was day & bright."]],
        "en",
        "b",
    )
    beads = (
        Bead(0, 2, 0, 1, 0.91, "confirmed"), Bead(2, 3, 1, 1, 0.4), Bead(3, 3, 1, 2, 0.8), Bead(3, 4, 2, 2, 0.3),
        Bead(4, 5, 2, 3, 0.5, "edited"), Bead(5, 6, 3, 3, 0.7), Bead(6, 6, 3, 4, 0.6),
    )  # fmt: skip
    return Alignment(source, target, beads, moved=(Moved(2, 3, 3, 4, 0.77, "confirmed"),))


@pytest.mark.parametrize("suffix", ["xces", "tei"])
def test_what_was_written_comes_back_with_its_pairs_and_texts(tmp_path: Path, suffix: str) -> None:
    first = story()
    write([first], tmp_path / f"a.{suffix}")
    (again,) = load_links(tmp_path / f"a.{suffix}")
    assert again.source.text == first.source.text
    assert again.target.text == first.target.text
    assert [segment.paragraph for segment in again.source.segments] == [0, 0, 0, 1, 1, 1]
    assert (again.source.lang, again.target.lang) == ("zh", "en")
    pairs = [(bead.type, round(bead.confidence, 4)) for bead in again.pairs()]
    assert pairs == [(bead.type, bead.confidence) for bead in first.pairs()]
    assert [(pair.src_start, pair.tgt_start, pair.confidence) for pair in again.moved] == [(2, 3, 0.77)]
    status = [bead.status for bead in again.pairs()]
    assert status == (["auto", "auto"] if suffix == "xces" else ["confirmed", "edited"])


def test_xces_keeps_one_sided_beads_in_their_order(tmp_path: Path) -> None:
    first = Alignment(
        document([["A.", "B.", "C."]], "en", ""), document([["X.", "Y."]], "de", ""),
        (Bead(0, 1, 0, 0, 0.3), Bead(1, 1, 0, 1, 0.2), Bead(1, 3, 1, 1, 0.4), Bead(3, 3, 1, 2, 0.9)),
    )  # fmt: skip
    write([first], tmp_path / "a.xces")
    paired = (tmp_path / "a.xces").read_text("utf-8").replace('xtargets=";2"', 'xtargets="2 3;2"')
    (tmp_path / "a.xces").write_text(
        paired.replace('<link id="SL3" xtargets="2 3;" certainty="0.4"/>\n', ""), "utf-8"
    )
    (again,) = load_links(tmp_path / "a.xces")
    assert again.beads == (Bead(0, 1, 0, 0, 0.3), Bead(1, 1, 0, 1, 0.2), Bead(1, 3, 1, 2, 0.9))


OPUS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN" "">
<cesAlign version="1.0">
<linkGrp targType="s" fromDoc="de/1.xml.gz" toDoc="en/1.xml.gz">
<link id="SL0" xtargets="1;1" certainty="0.5"/>
<link id="SL1" xtargets="2;2 3"/>
</linkGrp>
<linkGrp targType="s" fromDoc="de/1.xml.gz" toDoc="en/2.xml"><link xtargets="1;1"/></linkGrp>
</cesAlign>
"""


def opus(folder: Path, links: str = OPUS) -> Path:
    """A corpus as OPUS packs it: words of sentences, packed files below the folders of languages, no languages."""
    texts = {
        "de/1.xml.gz": '<text><s id="1"><w id="1.1">Er</w> <w id="1.2">lachte</w><w id="1.3">.</w></s>'
        '<p id="1"><s id="2">Niemand schlief in dieser Nacht.</s></p></text>',
        "en/1.xml.gz": '<text><p><s id="1">He laughed.</s></p><p><s id="2">Nobody slept.</s><s id="3">All night.</s>'
        '<s id="4"> </s></p></text>',
        "en/2.xml": '<text><s id="1">He was laughing at what they had said.</s></text>',
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    (folder / "de-en.xml").write_text(links, encoding="utf-8")
    return folder / "de-en.xml"


def test_a_corpus_of_others_is_read_document_by_document(tmp_path: Path) -> None:
    first, second = load_links(opus(tmp_path))
    assert [(first.source_text(bead), first.target_text(bead), bead.confidence) for bead in first.beads] == [
        ("Er lachte .", "He laughed.", 0.5),
        ("Niemand schlief in dieser Nacht.", "Nobody slept. All night.", 1.0),
    ]
    assert (first.source.lang, second.target.lang) == ("de", "en")
    assert [bead.type for bead in second.beads] == ["1-1", "1-0"]


BAD = {
    "a sentence that is not there": ('"2;2 3"', '"2;2 9"', "'9', which is not in its text"),
    "a sentence twice": ('"2;2 3"', '"1 2;2 3"', "sentence 1 of a text in two links"),
    "sentences apart": ('"1;1"', '"1;1 3"', "don't follow each other, 1, 3"),
    "no semicolon": ('"1;1"', '"1 1"', "no semicolon"),
    "sentences elsewhere": ('"en/1.xml.gz"', '"../../etc/passwd"', "not in its folder"),
    "no sentences": ('"en/1.xml.gz"', '"en/3.xml"', "en/3.xml, which is not there"),
    "entities": ("<cesAlign", '<!DOCTYPE x [<!ENTITY a "b">]><cesAlign', "malformed|entities"),
    "cut off": ("</cesAlign>", "", "malformed"),
}


@pytest.mark.parametrize(("found", "written", "said"), BAD.values(), ids=BAD)
def test_what_cannot_be_an_alignment_costs_one_clear_line(
    tmp_path: Path, found: str, written: str, said: str
) -> None:
    path = opus(tmp_path / "corpus", OPUS.replace(found, written, 1))
    with pytest.raises(InputError, match=rf"de-en\.xml: .*({said})") as caught:
        load_links(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", ["xces", "tei"])
def test_a_person_who_has_only_these_files_exports_and_scores_them(
    tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write([story()], tmp_path / "a.json")
    write([story()], tmp_path / f"a.{suffix}")
    assert main(["export", str(tmp_path / f"a.{suffix}"), "-o", str(tmp_path / "b.json"), "--quiet"]) == 0
    assert [bead.type for bead in load(tmp_path / "b.json").pairs()] == ["2-1", "1-1"]
    assert main(["eval", str(tmp_path / "a.json"), str(tmp_path / f"a.{suffix}"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["strict"]["f1"] == 1.0


def test_several_documents_become_one_memory(tmp_path: Path) -> None:
    assert main(["export", str(opus(tmp_path)), "-o", str(tmp_path / "all.tmx"), "--quiet"]) == 0
    assert (tmp_path / "all.tmx").read_text("utf-8").count("<tu ") == 3
    assert main(["terms", str(tmp_path / "de-en.xml")]) == 2


@given(st.permutations(range(6)), st.data())
def test_every_segment_is_in_one_bead_and_as_few_pairs_as_can_be_moved(
    order: list[int], data: st.DataObject
) -> None:
    linked = data.draw(st.integers(0, 6))
    links = [Bead(n, n + 1, m, m + 1) for n, m in enumerate(order[:linked])]
    path, moved = path_of(links, (6, 6))
    src = tgt = 0
    for bead in path:
        assert (bead.src_start, bead.tgt_start) == (src, tgt)
        src, tgt = bead.src_end, bead.tgt_end
    assert (src, tgt) == (6, 6)
    best = max(
        len(chosen)
        for size in range(linked + 1)
        for chosen in itertools.combinations(order[:linked], size)
        if list(chosen) == sorted(chosen)
    )
    assert sum(bead.is_pair for bead in path) == best
    assert set(moved) | {bead for bead in path if bead.is_pair} == set(links)
