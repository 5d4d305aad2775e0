"""Inline codes and moved pairs of a batch: its TMX holds what the TMX of each pair alone holds."""

import json

import pytest
from corpus_samples import EN, ZH
from lxml import etree

import aligner
from aligner.bitext import Alignment, Bead, Moved
from aligner.cli.run import main
from aligner.corpus.filters import cuts_of
from aligner.corpus.manifest import Job, write_manifest
from aligner.corpus.outputs import output_path, write_output
from aligner.corpus.release import release_corpus
from aligner.corpus.rows import open_corpus
from aligner.errors import UsageError
from aligner.export.savefile import SaveFile
from aligner.prepare import document_of


def html(folder, name, sentences):
    folder.mkdir(exist_ok=True)
    bold = [f"<p>{text[:2]}<b>{text[2:5]}</b>{text[5:8]}<i>{text[8:]}</i></p>" for text in sentences]
    path = folder / f"{name}.html"
    path.write_text(f"<html><body>{''.join(bold)}</body></html>", encoding="utf-8")
    return str(path)


def docx(folder, name, sentences):
    from docx import Document

    folder.mkdir(exist_ok=True)
    document = Document()
    for text in sentences:
        paragraph = document.add_paragraph(text[:3])
        paragraph.add_run(text[3:6]).italic = True
        paragraph.add_run(text[6:])
    document.save(str(folder / f"{name}.docx"))
    return str(folder / f"{name}.docx")


def tmx(folder, name, sentences):
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.tmx"
    units = "".join(
        f'<tu><tuv xml:lang="zh-CN"><seg>{zh[:2]}<bpt i="1" x="7">&lt;b&gt;</bpt>{zh[2:]}<ept i="1">&lt;/b&gt;</ept>'
        f'</seg></tuv><tuv xml:lang="en"><seg><ph x="3">{{0}}</ph>{en}</seg></tuv></tu>'
        for zh, en in sentences
    )
    path.write_text(
        '<tmx version="1.4"><header srclang="zh-CN" segtype="sentence" datatype="plaintext" adminlang="en" '
        f'creationtool="x" creationtoolversion="1" o-tmf="x"/><body>{units}</body></tmx>',
        encoding="utf-8",
    )
    return str(path)


def segs_of(path):
    """The bytes of every `seg`, in the order of the file."""
    return [etree.tostring(seg, with_tail=False) for seg in etree.parse(path).iter("seg")]


@pytest.mark.parametrize("kind", ["html", "docx", "tmx"])
def test_the_segments_of_a_batch_are_byte_for_byte_those_of_the_pair_alone(tmp_path, kind):
    zh, en = [s.format(3) for s in ZH], [s.format(3) for s in EN]
    write = {"html": html, "docx": docx}.get(kind)
    if write:
        inputs = [write(tmp_path / "zh", "a", zh), write(tmp_path / "en", "a", en)]
    else:
        inputs = [tmx(tmp_path / "zh", "a", zip(zh, en, strict=True))]
    cells = [*inputs, ""][:2]
    (tmp_path / "pairs.tsv").write_text("source\ttarget\n" + "\t".join(cells) + "\n", encoding="utf-8")
    assert (
        main(
            ["batch", str(tmp_path / "pairs.tsv"), "-o", str(tmp_path / "out"), "--codes", "keep", "--quiet"]
        )
        == 0
    )
    alone, whole = tmp_path / "alone.tmx", tmp_path / "whole.tmx"
    assert main([*inputs, "-o", str(tmp_path / "one.json"), "--codes", "keep", "--quiet"]) == 0
    for codes in ([], ["--codes", "omegat"], ["--codes", "drop"]):
        assert main(["export", str(tmp_path / "one.json"), "-o", str(alone), "--quiet", *codes]) == 0
        assert main(["export", str(tmp_path / "out"), "-o", str(whole), "--quiet", *codes]) == 0
        assert segs_of(whole) == segs_of(alone)
        assert len(segs_of(whole)) == 12
        has_codes = any(b"<bpt" in seg or b"<ph" in seg for seg in segs_of(whole))
        assert has_codes is (not codes)
    assert main(["check", str(whole)]) == 0


def test_a_document_without_codes_asked_for_gives_plain_segments(tmp_path):
    inputs = [html(tmp_path / "zh", "a", ZH), html(tmp_path / "en", "a", EN)]
    folders = [str(tmp_path / "zh"), str(tmp_path / "en")]
    assert len(inputs) == 2
    assert main(["batch", *folders, "-o", str(tmp_path / "out"), "--quiet"]) == 0
    assert main(["export", str(tmp_path / "out"), "-o", str(tmp_path / "c.tmx"), "--quiet"]) == 0
    assert not any(len(seg) for seg in etree.parse(tmp_path / "c.tmx").iter("seg"))


def test_what_a_batch_leaves_out_of_the_codes_is_counted_and_told_as_of_a_pair_alone(tmp_path, capsys):
    zh, en = [s.format(3) for s in ZH], [s.format(3) for s in EN]
    inputs = [docx(tmp_path / "zh", "a", zh), html(tmp_path / "en", "a", en)]
    (tmp_path / "pairs.tsv").write_text("source\ttarget\n" + "\t".join(inputs) + "\n", encoding="utf-8")
    out, keep = tmp_path / "out", ["--codes", "keep", "--quiet"]
    assert main(["batch", str(tmp_path / "pairs.tsv"), "-o", str(out), *keep]) == 0
    assert main([*inputs, "-o", str(tmp_path / "one.json"), *keep]) == 0
    for name, codes in (("c.tmx", ["--codes", "omegat"]), ("c.tmx", ["--codes", "drop"]), ("c.jsonl", [])):
        told = []
        for what in (tmp_path / "one.json", out):
            capsys.readouterr()
            assert main(["export", str(what), "-o", str(tmp_path / name), *codes]) == 0
            told.append(
                [line.strip() for line in capsys.readouterr().err.splitlines() if "inline codes" in line]
            )
        assert len(told[0]) == 1 and told[0] == told[1], (name, codes)
    assert main(["export", str(out), "-o", str(tmp_path / "c.jsonl"), "--quiet", "--json"]) == 0
    assert "inline codes were left out" in json.loads(capsys.readouterr().out)["warnings"][0]
    done = aligner.batch([tuple(inputs)], out, codes="keep")
    done.export(tmp_path / "d.tmx", codes="omegat")
    assert b"&lt;t0/&gt;" in (tmp_path / "d.tmx").read_bytes()
    with pytest.raises(UsageError, match="codes"):
        done.export(tmp_path / "d.tmx", codes="perhaps")


def put(folder, pair, sides, langs, beads, moved=(), **job):
    documents = [document_of(side, lang, f"{pair}.txt") for side, lang in zip(sides, langs, strict=True)]
    alignment = Alignment(*documents, tuple(Bead(*bead) for bead in beads), "test", tuple(moved))
    write_output(output_path(folder, pair), SaveFile(alignment))
    return Job(id=pair, source=folder / "x.zh", target=folder / f"{pair}.en", **job)


BEADS = [(0, 1, 0, 0), (1, 2, 0, 1, 0.9), (2, 3, 1, 2, 0.9), (3, 3, 2, 3)]
MOVED = Moved(0, 1, 2, 3, 0.8)


@pytest.mark.parametrize("group", ["", "x"])
def test_a_pair_that_moved_goes_into_every_format(tmp_path, group):
    zh = ZH[:3]
    jobs = [put(tmp_path, "e", (zh, [*EN[1:3], EN[0]]), ("zh-Hans", "en"), BEADS, [MOVED], group=group)]
    if group:
        de = ["Heute früh.", "Regen.", "Äpfel."]
        straight = [(n, n + 1, n, n + 1, 0.9) for n in range(3)]
        jobs.append(put(tmp_path, "f", (zh, de), ("zh-Hans", "de"), straight, group=group))
    write_manifest(jobs, tmp_path / "manifest.tsv")
    outputs = [tmp_path / name for name in ("c.tmx", "c.jsonl", "c.xces")]
    release_corpus(open_corpus(tmp_path), outputs, cuts_of([], 0.0))
    units = [[seg.text for seg in unit.iter("seg")] for unit in etree.parse(outputs[0]).iter("tu")]
    assert [zh[0], EN[0]] in units
    moved = etree.parse(outputs[0]).xpath("//tu[prop[@type='x-align-moved']='yes']")
    assert [[seg.text for seg in unit.iter("seg")] for unit in moved] == [[zh[0], EN[0]]]
    rows = [json.loads(line) for line in outputs[1].read_text(encoding="utf-8").splitlines()]
    assert [row["target"] for row in rows if row["meta"].get("moved")] == [EN[0]]
    assert EN[0] in outputs[1].read_text(encoding="utf-8")
    links = [link.get("xtargets") for link in etree.parse(outputs[2] / "zh-Hans-en.xml").iter("link")]
    assert links == ["1;3", "2;1", "3;2"]
