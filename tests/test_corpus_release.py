"""One corpus out of a batch: every format, filters with their rejects, duplicates, several languages."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest
from corpus_samples import EN, ZH
from lxml import etree

from aligner.bitext import Alignment, Bead
from aligner.cli.run import main
from aligner.corpus.filters import cuts_of, folded
from aligner.corpus.manifest import Job, write_manifest
from aligner.corpus.outputs import output_path, write_output
from aligner.corpus.release import release_corpus
from aligner.corpus.rows import open_corpus
from aligner.corpus.survey import backwards
from aligner.errors import OutputError, Shortfall, UsageError
from aligner.export.savefile import SaveFile
from aligner.prepare import document_of

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def put(folder, pair, source, target, beads, langs=("zh-Hans", "en"), **job):
    """Save an alignment as a batch would; beads are (source, target, confidence[, status])."""
    documents = [
        document_of(side, lang, f"{pair}.txt") for side, lang in zip((source, target), langs, strict=True)
    ]
    made = [Bead(*a, *b, confidence, *status) for a, b, confidence, *status in beads]
    path = output_path(folder, pair)
    write_output(path, SaveFile(Alignment(documents[0], documents[1], tuple(made), "test")))
    return Job(id=pair, source=folder / f"{pair}.zh", target=folder / f"{pair}.en", **job)


def ladder(count, confidence=0.9):
    return [((n, n + 1), (n, n + 1), confidence) for n in range(count)]


@pytest.fixture
def batch(tmp_path):
    zh, en = [s.format(3) for s in ZH], [s.format(3) for s in EN]
    jobs = [
        put(tmp_path, "b", zh[:3], en[:3], ladder(3), meta=(("client", "Acme & Co"),)),
        put(
            tmp_path,
            "a",
            zh[3:],
            en[3:],
            [((0, 1), (0, 1), 0.3), ((1, 2), (1, 1), 0.8), ((2, 3), (1, 3), 0.7)],
        ),
    ]
    write_manifest(jobs, tmp_path / "manifest.tsv")
    return tmp_path


def digests(folder):
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_format_holds_the_same_pairs_in_the_order_of_the_ids(batch):
    out = batch / "made"
    out.mkdir()
    names = ["c.tmx", "c.tmx.gz", "c.jsonl", "c.src", "c.tsv", "c.xces"]
    assert main(["export", str(batch), "--quiet", *(w for n in names for w in ("-o", str(out / n)))]) == 0
    rows = [json.loads(line) for line in (out / "c.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["doc"], row["type"], row["src_ids"], row["tgt_ids"]) for row in rows] == [
        ("a", "1-1", [0], [0]), ("a", "1-2", [2], [1, 2]), ("b", "1-1", [0], [0]), ("b", "1-1", [1], [1]),
        ("b", "1-1", [2], [2]),
    ]  # fmt: skip
    assert rows[2]["meta"] == {"client": "Acme & Co"} and rows[0]["src_lang"] == "zh-Hans"
    sources, targets = [row["source"] for row in rows], [row["target"] for row in rows]
    assert (out / "c.src").read_text(encoding="utf-8").splitlines() == sources
    assert (out / "c.tgt").read_text(encoding="utf-8").splitlines() == targets
    assert [
        line.split("\t")[1] for line in (out / "c.tsv").read_text(encoding="utf-8").splitlines()[1:]
    ] == targets
    assert gzip.decompress((out / "c.tmx.gz").read_bytes()) == (out / "c.tmx").read_bytes()
    units = etree.parse(out / "c.tmx").findall(".//tu")
    assert [[seg.text for seg in unit.iter("seg")] for unit in units] == [
        list(p) for p in zip(sources, targets, strict=True)
    ]
    assert [tuv.get(XML_LANG) for tuv in units[0].iter("tuv")] == ["zh-Hans", "en"]
    links = etree.parse(out / "c.xces" / "zh-Hans-en.xml")
    assert [link.get("xtargets") for link in links.iter("link")] == [
        "1;1",
        "2;",
        "3;2 3",
        "1;1",
        "2;2",
        "3;3",
    ]
    sentences = etree.parse(out / "c.xces" / "zh-Hans" / "a.xml")
    assert [s.text for s in sentences.iter("s")] == ZH[3:]


@pytest.mark.heavy  # needs pyarrow, of the extra [arrow]
def test_parquet_holds_the_rows_of_jsonl_the_same_bytes_each_time(batch):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow isn't installed")
    for folder in ("one", "two"):
        (batch / folder).mkdir()
        paths = [batch / folder / name for name in ("c.parquet", "c.jsonl")]
        release_corpus(open_corpus(batch), paths, cuts_of([], 0.0))
    rows = [json.loads(line) for line in (batch / "one/c.jsonl").read_text(encoding="utf-8").splitlines()]
    table = parquet.read_table(batch / "one/c.parquet").to_pylist()
    assert len(rows) == 5
    for column in ("doc", "source", "target", "type"):
        assert [row[column] for row in table] == [row[column] for row in rows]
    assert [row["confidence"] for row in table] == pytest.approx([row["confidence"] for row in rows])
    assert json.loads(table[2]["meta"]) == {"client": "Acme & Co"}
    assert digests(batch / "one") == digests(batch / "two")


def test_the_same_batch_gives_the_same_bytes_whatever_the_order_of_its_manifest(batch):
    names = ["c.tmx", "c.tmx.gz", "c.jsonl", "c.src", "c.xces"]
    for folder in ("one", "two"):
        (batch / folder).mkdir()
        release_corpus(open_corpus(batch), [batch / folder / name for name in names], cuts_of([], 0.0))
        lines = (batch / "manifest.tsv").read_text().splitlines()
        (batch / "manifest.tsv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    assert digests(batch / "one") == digests(batch / "two")


def test_the_tmx_of_a_batch_is_one_that_the_tools_take(batch, capsys):
    release_corpus(open_corpus(batch), [batch / "c.tmx"], cuts_of([], 0.0))
    assert main(["check", str(batch / "c.tmx")]) == 0


ZH_TEXT, EN_TEXT = "我们在二〇二〇年卖出了十五吨苹果。", "In 2020 we sold fifteen tons of apples."
BAD = {
    "copy": ("WARNING: Do Not Open", "warning: do not open!"),
    "length": (ZH_TEXT, "In 2020 " + "we sold fifteen tons of apples and " * 12),
    "script": (ZH_TEXT, "Мы продали пятнадцать тонн яблок."),
    "language": (ZH_TEXT, "我们在二〇二〇年卖出了十五吨苹果，" * 4),
    "numbers": (ZH_TEXT, "In 2021 we sold sixty tons of apples."),
}


@pytest.mark.parametrize("rule", list(BAD))
def test_each_filter_cuts_its_kind_and_says_so_but_never_what_a_person_confirmed(tmp_path, rule):
    source, target = BAD[rule]
    jobs = [
        put(tmp_path, "auto", [ZH_TEXT, source], [EN_TEXT, target], ladder(2)),
        put(tmp_path, "sure", [source], [target], [((0, 1), (0, 1), 0.9, "confirmed")]),
    ]
    write_manifest(jobs, tmp_path / "manifest.tsv")
    assert main(["export", str(tmp_path), "-o", str(tmp_path / "c.jsonl"), "--filter", rule, "--quiet"]) == 0
    kept = [
        json.loads(line)["doc"] for line in (tmp_path / "c.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert kept == ["auto", "sure"]
    rejects = [
        json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [(row["rule"], row["target"].strip()) for row in rejects] == [(rule, target.strip())]


def test_what_is_below_the_confidence_is_cut_and_a_run_without_cuts_leaves_no_list(batch):
    made = release_corpus(open_corpus(batch), [batch / "c.jsonl"], cuts_of([], 0.5))
    assert made.cut == {"confidence": 1} and made.rejects == batch / "rejects.jsonl"
    assert release_corpus(open_corpus(batch), [batch / "c.jsonl"], cuts_of([], 0.0)).rejects is None
    assert not (batch / "rejects.jsonl").exists()
    with pytest.raises(Shortfall):
        release_corpus(open_corpus(batch), [batch / "d.jsonl"], cuts_of([], 0.99))
    assert not (batch / "d.jsonl").exists()


def test_of_near_duplicates_the_reviewed_then_the_surest_stays_with_all_its_documents(tmp_path):
    jobs = [
        put(
            tmp_path, "a", ["第1章。开头", "他走了。"], ["Chapter 1: Beginning", "He left."], ladder(2, 0.95)
        ),
        put(
            tmp_path,
            "b",
            ["第2章，開頭"],
            ["chapter 2 – BEGINNING"],
            [((0, 1), (0, 1), 0.5, "confirmed")],
            ("zh-Hant", "en"),
        ),
        put(tmp_path, "c", ["他走了。", "他走了！"], ["He left.", "He left!"], ladder(2, 0.97)),
    ]
    write_manifest(jobs, tmp_path / "manifest.tsv")
    corpus = open_corpus(tmp_path, script="simplified")
    made = release_corpus(corpus, [tmp_path / "near.jsonl"], cuts_of(["near"], 0.0))
    rows = [json.loads(line) for line in (tmp_path / "near.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["doc"], row["target"], row["meta"].get("also")) for row in rows] == [
        ("b", "chapter 2 – BEGINNING", ["a"]),
        ("c", "He left.", ["a"]),
    ]
    assert made.cut == {"near": 3}
    release_corpus(corpus, [tmp_path / "exact.jsonl"], cuts_of(["exact"], 0.0))
    rows = [json.loads(line) for line in (tmp_path / "exact.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["target"] for row in rows] == [
        "Chapter 1: Beginning",
        "chapter 2 – BEGINNING",
        "He left.",
        "He left!",
    ]


def test_folding_leaves_what_tells_texts_apart():
    assert folded("Café No. 5!", "fr") == folded("cafe no 6", "fr") == "cafeno"
    assert folded("開頭", "zh-Hant") == folded("开头", "zh-Hans")
    assert folded("日本", "ja") != folded("日木", "ja")


def test_translations_of_one_source_become_units_of_several_languages(tmp_path):
    zh = [ZH[0], ZH[1], ZH[3], ZH[4]]
    en, de = [EN[0], EN[1], EN[3], EN[4]], ["Heute früh.", "Regen und Bruder.", "Mond im Hof.", "Ende."]
    jobs = [
        put(tmp_path, "x.en", zh, en, ladder(4), group="x"),
        put(
            tmp_path, "x.de", zh, de,
            [((0, 1), (0, 1), 0.9), ((1, 3), (1, 2), 0.6), ((3, 4), (2, 3), 0.9), ((4, 4), (3, 4), 0.9)],
            ("zh-Hans", "de"), group="x",
        ),
        put(tmp_path, "y", [ZH[5]], [EN[5]], ladder(1)),
    ]  # fmt: skip
    write_manifest(jobs, tmp_path / "manifest.tsv")
    release_corpus(open_corpus(tmp_path), [tmp_path / "all.tmx"], cuts_of([], 0.0))
    units = [
        {tuv.get(XML_LANG): tuv.findtext("seg") for tuv in unit.iter("tuv")}
        for unit in etree.parse(tmp_path / "all.tmx").iter("tu")
    ]
    assert units == [
        {"zh-Hans": zh[0], "en": en[0], "de": de[0]},
        {"zh-Hans": zh[1] + zh[2], "en": f"{en[1]} {en[2]}", "de": de[1]},
        {"zh-Hans": zh[3], "en": en[3], "de": de[2]},
        {"zh-Hans": ZH[5], "en": EN[5]},
    ]
    scores = [
        float(p.text)
        for p in etree.parse(tmp_path / "all.tmx").iter("prop")
        if p.get("type") == "x-align-score"
    ]
    assert scores == [0.9, 0.6, 0.9, 0.9]
    with pytest.raises(UsageError, match=r"zh-de, zh-en; write \.tmx"):
        release_corpus(open_corpus(tmp_path), [tmp_path / "all.src"], cuts_of([], 0.0))


def test_two_translations_into_one_language_never_share_a_unit_as_tools_would_lose_one(tmp_path, capsys):
    zh, en, other = ZH[:2], EN[:2], ["Once.", "Twice."]
    jobs = [
        put(tmp_path, "x.a", zh, en, ladder(2), group="x"),
        put(tmp_path, "x.b", zh, other, ladder(2), group="x"),
        put(tmp_path, "x.c", zh, ["Eins.", "Zwei."], ladder(2), ("zh-Hans", "de"), group="x"),
    ]
    write_manifest(jobs, tmp_path / "manifest.tsv")
    release_corpus(open_corpus(tmp_path), [tmp_path / "all.tmx"], cuts_of([], 0.0))
    units = [
        (
            [p.text for p in unit.iter("prop") if p.get("type") == "x-document"],
            [seg.text for seg in unit.iter("seg")],
        )
        for unit in etree.parse(tmp_path / "all.tmx").iter("tu")
    ]
    assert units == [
        (["x.a", "x.c"], [zh[0], en[0], "Eins."]), (["x.b"], [zh[0], "Once."]),
        (["x.a", "x.c"], [zh[1], en[1], "Zwei."]), (["x.b"], [zh[1], "Twice."]),
    ]  # fmt: skip
    main(["check", str(tmp_path / "all.tmx")])
    assert "same-language" not in capsys.readouterr().out


def test_a_document_that_runs_the_other_way_is_turned_in_every_format_and_told(tmp_path, capsys):
    zh, en = [s.format(3) for s in ZH], [s.format(3) for s in EN]
    jobs = [
        put(tmp_path, "a", en[:2], zh[:2], ladder(2), ("en-GB", "zh-Hans")),
        put(tmp_path, "b", zh[2:4], en[2:4], ladder(2)),
        put(tmp_path, "c", zh[4:], en[4:], ladder(2), ("zh-Hans", "en-GB")),
        put(tmp_path, "d", ["Heute.", "Morgen."], ["Ce jour.", "Demain."], ladder(2), ("de", "fr")),
    ]
    write_manifest(jobs, tmp_path / "manifest.tsv")
    names = ["c.tmx", "c.jsonl", "c.tsv", "c.xces"]
    assert main(["export", str(tmp_path), *(w for n in names for w in ("-o", str(tmp_path / n)))]) == 0
    assert "! 1 pair turned from en-GB → zh-Hans: a\n" in capsys.readouterr().err
    rows = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["source"] for row in rows] == [*zh, "Heute.", "Morgen."]
    assert {(row["src_lang"], row["tgt_lang"]) for row in rows[:2]} == {("zh-Hans", "en-GB")}
    units = etree.parse(tmp_path / "c.tmx").xpath("//tu")
    assert [unit[-2].get(XML_LANG) for unit in units] == ["zh-Hans"] * 6 + ["de"] * 2
    assert sorted(path.name for path in (tmp_path / "c.xces").glob("*.xml")) == [
        "de-fr.xml", "zh-Hans-en-GB.xml", "zh-Hans-en.xml",
    ]  # fmt: skip


def test_of_as_many_either_way_the_first_tells_and_the_scripts_of_chinese_are_told_apart():
    both = {"b": ("en", "zh"), "c": ("zh", "en"), "e": ("zh-Hant", "zh-Hans"), "f": ("zh-Hans", "zh-Hant"),
            "g": ("zh-Hans", "zh-Hant"), "h": ("und", "en"), "i": ("en", "en")}  # fmt: skip
    assert backwards(both) == {"c": ("zh", "en"), "e": ("zh-Hant", "zh-Hans")}


def test_a_row_that_stands_the_wrong_way_round_by_its_script_is_turned_and_told(tmp_path):
    zh, en = [s.format(3) for s in ZH], [s.format(3) for s in EN]
    jobs = [put(tmp_path, "a", [zh[0], en[1], zh[2]], [en[0], zh[1], en[2]], ladder(3))]
    write_manifest(jobs, tmp_path / "manifest.tsv")
    paths = [tmp_path / "c.tmx", tmp_path / "c.src"]
    made = release_corpus(open_corpus(tmp_path), paths, cuts_of(["script"], 0.0))
    assert (tmp_path / "c.src").read_text(encoding="utf-8").splitlines() == zh[:3]
    assert [tuv[0].text for tuv in etree.parse(paths[0]).xpath("//tu/tuv[1]")] == zh[:3]
    assert made.warnings == ("1 unit stood the wrong way round by its script and was turned",)


def test_what_can_not_be_written_is_said_before_any_work(batch, tmp_path):
    with pytest.raises(OutputError, match="no format of a whole batch"):
        release_corpus(open_corpus(batch), [Path(tmp_path / "c.docx")], cuts_of([], 0.0))
    with pytest.raises(UsageError, match="no such filter"):
        cuts_of(["nonsense"], 0.0)
    assert main(["export", str(tmp_path / "manifest.tsv"), "-o", "x.tmx", "--filter", "copy"]) == 2


@pytest.mark.parametrize(
    "option",
    [
        ["--src-lang", "zh"], ["--tgt-lang", "en"], ["--context"], ["--penalty", "10"], ["--xliff", "2.0"],
        ["--no-header"], ["--doubts", "d.tsv"], ["--glossary", "g.tsv"], ["--no-doubt", "numbers"], ["--from", "t.tsv"],
        ["--changes", "old.json"],
    ],
)  # fmt: skip
def test_an_option_that_says_nothing_of_a_batch_is_refused_by_name(batch, tmp_path, option, capsys):
    output = tmp_path / "c.tmx"
    assert main(["export", str(batch), "-o", str(output), *option]) == 2
    assert f"{option[0]} is not for the folder of a batch" in capsys.readouterr().err
    assert not output.exists()
