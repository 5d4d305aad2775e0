"""What a user sees of the command line: files, messages and exit codes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aligner.bitext import Bead
from aligner.cli.run import COMMANDS, main
from aligner.cli.terminal import cells, columns, shorten, visible, wrap
from aligner.export.savefile import SaveFile, load, open_savefile, save

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
PAGE = SEEDS / "003_c78274c5c2d54538.txt"
ONE_LANGUAGE = sorted(path for path in SEEDS.glob("00*.txt") if path != PAGE)

ZH = [
    "今天早上，我们去了河边的市场。",
    "卖鱼的老人说：“昨天的雨下得真大！”",
    "我买了三斤苹果，一共花了42元。",
    "回家的路上，弟弟一直在唱歌；妹妹却一句话也没说。",
    "晚饭以后，全家人坐在院子里看月亮。",
    "明年春天，我们打算再去一次北京。",
]
EN = [
    "This morning we went to the market by the river.",
    "The old man who sold fish said: “How heavily it rained yesterday!”",
    "I bought three pounds of apples, which cost 42 yuan in all.",
    "On the way home my brother sang all the time; my sister did not say a word.",
    "After dinner the whole family sat in the yard and looked at the moon.",
    "Next spring we plan to go to Beijing once more.",
]


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory):
    before = os.environ.get("ALIGNER_CACHE")
    os.environ["ALIGNER_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    os.environ.pop("ALIGNER_CACHE")
    if before:
        os.environ["ALIGNER_CACHE"] = before


@pytest.fixture
def texts(tmp_path, monkeypatch):
    """A folder with zh.txt and en.txt in which the test runs."""
    monkeypatch.chdir(tmp_path)
    Path("zh.txt").write_text("\n".join(ZH) + "\n", encoding="utf-8")
    Path("en.txt").write_text("\n".join(EN) + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="session")
def chongqing(tmp_path_factory):
    """The Chongqing article aligned once: its save file."""
    path = tmp_path_factory.mktemp("chongqing") / "article.json"
    assert main([str(PAGE), "-o", str(path), "--quiet"]) == 0
    return path


@pytest.fixture(scope="session")
def aligned_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("aligned")
    for name, sentences in (("zh.txt", ZH), ("en.txt", EN)):
        (folder / name).write_text("\n".join(sentences) + "\n", encoding="utf-8")
    assert (
        main([str(folder / "zh.txt"), str(folder / "en.txt"), "-o", str(folder / "s.json"), "--quiet"]) == 0
    )
    return (folder / "s.json").read_bytes()


@pytest.fixture
def saved(texts, aligned_once):
    """A save file of the two texts, in the folder of `texts`."""
    Path("saved.json").write_bytes(aligned_once)
    return Path("saved.json")


def run(*words, environment=None, stdin=None):
    """The command in a process of its own, as a user starts it."""
    return subprocess.run(
        [sys.executable, "-m", "aligner", *map(str, words)],
        capture_output=True, input=stdin, env=os.environ | (environment or {}), timeout=120,
    )  # fmt: skip


def confirm(path, number, **changes):
    """Confirm a bead of a save file, as a reviewer does."""
    from dataclasses import replace

    saved = open_savefile(path)
    beads = list(saved.alignment.beads)
    beads[number] = replace(beads[number], status="confirmed", **changes)
    save(SaveFile(replace(saved.alignment, beads=tuple(beads)), saved.extra), path)


def refusal(capsys, *words, code=2):
    """The one line with which a command line is refused."""
    assert main([str(word) for word in words]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("align: ")
    assert said.err.count("\n") == 1, said.err
    return said.err


class TestAligning:
    def test_two_files_become_every_file_asked_for_in_one_run(self, texts, capsys):
        wanted = ["o.tmx", "o.json", "o.tsv", "o.html", "o.xlsx", "o.align", "o.src"]
        assert main(["zh.txt", "en.txt", *(w for name in wanted for w in ("-o", name))]) == 0
        assert all(Path(name).stat().st_size for name in [*wanted, "o.tgt"])
        assert [bead.type for bead in load("o.json").beads] == ["1-1"] * 6
        assert capsys.readouterr().out == ""

    def test_without_output_the_pairs_go_to_standard_output(self, texts, capsys):
        assert main(["zh.txt", "en.txt", "--quiet"]) == 0
        said = capsys.readouterr()
        rows = [line.split("\t") for line in said.out.splitlines()]
        assert [row[:2] for row in rows[1:]] == [list(pair) for pair in zip(ZH, EN, strict=True)]
        assert said.err == ""

    def test_swapping_the_files_swaps_the_pairs(self, texts):
        assert main(["zh.txt", "en.txt", "-o", "a.json", "--quiet"]) == 0
        assert main(["en.txt", "zh.txt", "-o", "b.json", "--quiet"]) == 0
        one, other = load("a.json"), load("b.json")
        assert other.source.lang == one.target.lang == "en"
        assert other.beads == one.swapped().beads

    def test_the_same_file_twice_aligns_each_sentence_with_itself(self, texts):
        assert main(["zh.txt", "zh.txt", "-o", "same.json", "--quiet"]) == 0
        alignment = load("same.json")
        assert all(alignment.source_text(bead) == alignment.target_text(bead) for bead in alignment.beads)
        assert len(alignment.beads) == len(ZH)

    def test_files_of_one_sentence_are_one_pair(self, texts):
        Path("one.zh").write_text(ZH[0], encoding="utf-8")
        Path("one.en").write_text(EN[0], encoding="utf-8")
        assert main(["one.zh", "one.en", "-o", "one.json", "--quiet"]) == 0
        assert [bead.type for bead in load("one.json").beads] == ["1-1"]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
    def test_the_character_set_makes_no_difference(self, texts, encoding):
        Path("other.txt").write_text("\n".join(ZH) + "\n", encoding=encoding)
        assert main(["other.txt", "en.txt", "-o", "other.json", "--quiet"]) == 0
        assert load("other.json").source.sentences() == ZH

    @pytest.mark.parametrize("suffix", [".tmx", ".xliff", ".xlsx", ".tsv"])
    def test_a_bilingual_file_is_aligned_again(self, saved, suffix):
        assert main(["export", str(saved), "-o", f"pairs{suffix}", "--quiet"]) == 0
        assert main([f"pairs{suffix}", "-o", "again.json", "--quiet"]) == 0
        again = load("again.json")
        assert again.source.sentences() == ZH
        assert again.target.sentences() == EN

    def test_one_side_can_come_from_standard_input(self, texts):
        done = run("-", "en.txt", "-o", "o.json", stdin="\n".join(ZH).encode())
        assert done.returncode == 0, done.stderr
        assert load("o.json").source.sentences() == ZH

    def test_a_file_called_like_a_command_is_read_with_its_folder(self, texts):
        Path("eval").write_text("\n".join(ZH), encoding="utf-8")
        assert main(["./eval", "en.txt", "-o", "o.json", "--quiet"]) == 0
        assert len(load("o.json").beads) == 6

    def test_the_article_is_found_in_its_page_and_agrees_with_its_gold(self, chongqing, capsys):
        assert main(["eval", str(SEEDS / "gold" / "003.align"), str(chongqing), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["strict"]["f1"] == 1.0


class TestSummary:
    def test_it_tells_what_came_in_what_was_changed_and_what_went_out(self, tmp_path, capsys):
        out = tmp_path / "article.tmx"
        assert main([str(PAGE), "-o", str(out)]) == 0
        said = capsys.readouterr().err
        for label in (
            "read",
            "beads",
            "unaligned",
            "removed",
            "repaired",
            "damaged",
            "doubtful",
            "doubts",
            "written",
        ):
            assert f"\n{label} " in f"\n{said}"
        assert "36 sentences traditional Chinese (zh-Hant) · 42 sentences English (en)" in said
        assert "31 1-1 · 4 1-2 · 1 1-3" in said
        assert "283 pinyin-gloss" in said
        assert "→ 。回顧一年來" in said
        assert f"{out}  36 pairs" in said

    def test_json_holds_the_same_as_data_on_standard_output(self, texts, capsys):
        assert main(["zh.txt", "en.txt", "-o", "o.tmx", "--json", "--sample", "1"]) == 0
        said = capsys.readouterr()
        told = json.loads(said.out)
        assert told["beads"] == {"1-1": 6}
        assert told["source"] == {"name": "zh.txt", "lang": "zh-Hans", "sentences": 6}
        assert told["unaligned"] == {"source": 0, "target": 0}
        assert told["written"][0]["files"] == ["o.tmx"]
        assert told["written"][0]["units"] == 6
        assert told["sample"][0]["target"] == EN[0]

    def test_sentences_without_a_partner_are_named(self, texts, capsys):
        extra = "The committee approved the annual budget of the railway company."
        Path("en.txt").write_text("\n".join([*EN[:3], extra, *EN[3:]]), encoding="utf-8")
        assert main(["zh.txt", "en.txt", "-o", "o.tmx"]) == 0
        said = capsys.readouterr().err
        assert "1 target" in said
        assert extra[:40] in said
        assert "left out: 1 one-sided" in said

    def test_quiet_says_nothing(self, texts, capsys):
        assert main(["zh.txt", "en.txt", "-o", "o.tmx", "--quiet"]) == 0
        said = capsys.readouterr()
        assert said.out == said.err == ""

    def test_the_sample_shows_pairs_side_by_side(self, texts, capsys):
        assert main(["zh.txt", "en.txt", "-o", "o.tmx", "--sample", "2"]) == 0
        shown = capsys.readouterr().out
        assert "1-1  今天早上" in shown
        assert "This morning we went" in shown
        assert "苹果" not in shown

    def test_control_characters_of_a_file_never_reach_the_terminal(self, texts, capsys):
        Path("zh.txt").write_text("\n".join(["\x1b[31m" + ZH[0], *ZH[1:]]), encoding="utf-8")
        assert main(["zh.txt", "en.txt", "-o", "o.tmx", "--presplit", "--sample", "9"]) == 0
        assert main(["clean", "zh.txt"]) == 0
        said = capsys.readouterr()
        assert "\x1b" not in said.out + said.err


def _read(name):
    return Path(name).read_text(encoding="utf-8")


def _tmx():
    return _read("o.tmx")


# Option, its arguments, and what is to be seen of it in the files or the summary.
OPTIONS = {
    "src-lang": (["--src-lang", "zh-CN"], lambda told: 'srclang="zh-CN"' in _tmx()),
    "tgt-lang": (["--tgt-lang", "en-GB"], lambda told: 'xml:lang="en-GB"' in _tmx()),
    "script": (["--script", "traditional"], lambda told: "我們" in _tmx() and "我们" not in _tmx()),
    "context": (["--context"], lambda told: "x-context-pre" in _tmx()),
    "penalty": (["--penalty", "10"], lambda told: told["written"][0]["files"] == ["o.penalty-10.tmx"]),
    "split-clauses": (["--split-clauses"], lambda told: told["source"]["sentences"] == 7),
    "split": (["--split", "fine"], lambda told: "fine:split" in told["signature"]),
    "presplit": (["--presplit"], lambda told: "split:lines" in told["signature"]),
    "min-confidence": (
        ["--min-confidence", "0.97"],
        lambda told: told["written"][0]["units"] + told["written"][0]["left_out"]["below_confidence"] == 6,
    ),
    "encoder": (["--encoder", "use"], lambda told: "encoder:use" in told["signature"]),
    "glossary": (["--glossary", "g.csv"], lambda told: told["doubts"].get("glossary") == 1),
    "doubts": (["--doubts", "d.tsv", "--glossary", "g.csv"], lambda told: "glossary" in _read("d.tsv")),
    "no-doubt": (
        ["--glossary", "g.csv", "--no-doubt", "glossary"],
        lambda told: "glossary" not in told["doubts"],
    ),
    "srx": (["--srx", "never.srx"], lambda told: told["target"]["sentences"] == 6),
    "no-cache": (["--no-cache"], lambda told: not list(Path(os.environ["ALIGNER_CACHE"]).glob("*"))),
    "no-header": (["-o", "o.tsv", "--no-header"], lambda told: _read("o.tsv").startswith(ZH[0])),
    "xliff": (["-o", "o.xliff", "--xliff", "2.0"], lambda told: 'version="2.0"' in _read("o.xliff")),
    "keep": (["--keep", "kept.json"], lambda told: 'x-align-status">confirmed' in _tmx()),
    "sample": (["--sample", "2"], lambda told: len(told["sample"]) == 2),
}  # fmt: skip

NEVER = """<?xml version="1.0"?><srx xmlns="http://www.lisa.org/srx20" version="2.0"><header cascade="no"/>
<body><languagerules><languagerule languagerulename="all"/></languagerules>
<maprules><languagemap languagepattern=".*" languagerulename="all"/></maprules></body></srx>"""


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_does_something_that_can_be_seen(texts, aligned_once, name, capsys, monkeypatch):
    words, seen = OPTIONS[name]
    Path("g.csv").write_text("苹果,pears\n", encoding="utf-8")
    Path("never.srx").write_text(NEVER, encoding="utf-8")
    if name == "no-cache":
        monkeypatch.setenv("ALIGNER_CACHE", str(texts / "empty"))
    if name == "keep":
        Path("kept.json").write_bytes(aligned_once)
        confirm("kept.json", 2)
    assert main(["zh.txt", "en.txt", "-o", "o.tmx", "--json", "--quiet", *words]) == 0
    assert seen(json.loads(capsys.readouterr().out))


class TestMoreOptions:
    def test_encoding_forces_the_character_set(self, texts, capsys):
        Path("zh.txt").write_text("\n".join(ZH), encoding="gb18030")
        Path("en.txt").write_text("\n".join(EN), encoding="gb18030")
        assert main(["zh.txt", "en.txt", "-o", "o.json", "--quiet", "--encoding", "gb18030"]) == 0
        assert load("o.json").source.sentences() == ZH
        assert "utf-8" in refusal(capsys, "zh.txt", "en.txt", "--encoding", "utf-8").lower()

    def test_layout_and_no_clean_reach_the_page(self, texts, capsys):
        Path("page.txt").write_text(
            "\n".join(f"{z}\n{e}" for z, e in zip(ZH, EN, strict=True)), encoding="utf-8"
        )
        assert (
            main(["page.txt", "-o", "o.json", "--quiet", "--layout", "paragraphs", "--no-clean", "spam"]) == 0
        )
        signature = load("o.json").signature
        assert "layout:paragraphs" in signature
        assert "no-clean:spam" in signature

    def test_duplicates_are_dropped_kept_or_the_best_taken(self, texts, capsys):
        Path("zh.txt").write_text("\n".join(ZH + ZH), encoding="utf-8")
        Path("en.txt").write_text("\n".join(EN + EN), encoding="utf-8")
        units = {}
        for choice in ("keep", "drop"):
            assert main(["zh.txt", "en.txt", "-o", "o.tmx", "--json", "--quiet", "--duplicates", choice]) == 0
            units[choice] = json.loads(capsys.readouterr().out)["written"][0]["units"]
        assert units == {"keep": 12, "drop": 6}

    def test_a_confirmed_pair_survives_a_new_run_and_its_foreign_keys_too(self, saved):
        data = json.loads(saved.read_text("utf-8"))
        data["reviewer"] = "李"
        saved.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        kept = load(saved)
        merged = Bead(1, 3, 1, 3, 1.0, "confirmed")
        beads = (kept.beads[0], merged, *kept.beads[3:])
        save(
            SaveFile(type(kept)(kept.source, kept.target, beads, kept.signature), {"": {"reviewer": "李"}}),
            saved,
        )
        assert main(["zh.txt", "en.txt", "--keep", "saved.json", "-o", "saved.json", "--quiet"]) == 0
        again = open_savefile("saved.json")
        assert [b for b in again.alignment.beads if b.status == "confirmed"] == [merged]
        assert json.loads(saved.read_text("utf-8"))["reviewer"] == "李"

    def test_a_reviewed_file_is_not_written_over(self, saved, capsys):
        confirm(saved, 0)
        before = saved.read_bytes()
        assert "--keep saved.json" in refusal(capsys, "zh.txt", "en.txt", "-o", "saved.json")
        assert saved.read_bytes() == before

    def test_clearing_the_cache_needs_no_file(self, saved, capsys):
        assert list(Path(os.environ["ALIGNER_CACHE"]).glob("vectors-*"))
        assert main(["--clear-cache"]) == 0
        assert "MB freed" in capsys.readouterr().err
        assert not list(Path(os.environ["ALIGNER_CACHE"]).glob("vectors-*"))

    def test_version_and_help_end_well(self, capsys):
        assert main(["--version"]) == 0
        assert capsys.readouterr().out.startswith("aligner ")
        for command in ("", *COMMANDS):
            assert main([*([command] if command else []), "--help"]) == 0
            assert "Usage: align" in capsys.readouterr().out


class TestRefusals:
    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ([], "see align --help"),
            (["a", "b", "c"], "3 files given"),
            (["zh.txt", "en.txt", "--nonsense"], "--nonsense"),
            (["missing.txt", "en.txt"], "missing.txt: no such file"),
            (["empty.txt"], "empty.txt: the file is empty"),
            (["blank.txt", "en.txt"], "blank.txt"),
            (["binary.bin", "en.txt"], "binary.bin"),
            (["-", "-"], "standard input can be read only once"),
            (["zh.txt", "en.txt", "-o", "out.foo"], "out.foo: no known format"),
            (["zh.txt", "en.txt", "-o", "zh.txt/out.tmx"], "zh.txt/out.tmx: its folder"),
            (["zh.txt", "en.txt", "-o", "nowhere/out.tmx"], "create"),
            (["zh.txt", "en.txt", "--doubts", "d.doc"], ".tsv or .html"),
            (["zh.txt", "en.txt", "--src-lang", "Chinese!"], "language"),
            (["zh.txt", "en.txt", "--quality", "good"], "fast or best"),
            (["zh.txt", "en.txt", "--min-confidence", "2"], "--min-confidence"),
            (["zh.txt", "en.txt", "--script", "cursive"], "simplified, traditional"),
            (["zh.txt", "en.txt", "--layout", "halves"], "--layout"),
            (["zh.txt", "en.txt", "--no-clean", "pinyin"], "pinyin-gloss"),
            (["zh.txt", "en.txt", "--no-doubt", "everything"], "numbers"),
            (["zh.txt", "en.txt", "--encoder", "nobody"], "nobody"),
            (["zh.txt", "en.txt", "--glossary", "no.csv"], "no.csv"),
            (["zh.txt", "en.txt", "--srx", "no.srx"], "no.srx"),
            (["zh.txt", "en.txt", "--keep", "no.json"], "no.json"),
            (["zh.txt", "en.txt", "--encoding", "klingon"], "klingon"),
            (["eval", "no.align", "no.json"], "no.align"),
            (["eval", "zh.txt", "en.txt"], "not a rung"),
            (["export", "no.json", "-o", "x.tmx"], "no.json"),
            (["export", "zh.txt", "-o", "x.tmx"], "zh.txt"),
            (["export", "a.json", "b.json", "--from", "t.xlsx"], "--from takes one"),
            (["terms", "no.json"], "no.json"),
            (["terms", "zh.txt", "-o", "x.doc"], ".tbx or .csv"),
            (["check", "zh.txt"], "zh.txt"),
            (["clean", "missing.txt"], "missing.txt"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, list) else "",
    )
    def test_one_line_says_what_is_wrong_and_nothing_is_written(self, texts, words, told, capsys):
        Path("empty.txt").touch()
        Path("blank.txt").write_text(" \n\n\t\n", encoding="utf-8")
        Path("binary.bin").write_bytes(bytes(range(256)) * 40)
        before = sorted(Path().rglob("*"))
        code = 1 if words == ["check", "zh.txt"] else 2
        if code == 1:
            assert main(words) in (1, 2)
        else:
            assert told in refusal(capsys, *words)
        assert sorted(Path().rglob("*")) == before

    @pytest.mark.parametrize("page", ONE_LANGUAGE, ids=lambda path: path.name[:3])
    def test_a_page_in_one_language_is_code_1_and_no_file(self, page, tmp_path, capsys):
        line = refusal(capsys, page, "-o", tmp_path / "out.tmx", code=1)
        assert "Chinese" in line
        assert "nothing to align" in line
        assert not list(tmp_path.iterdir())

    def test_outputs_are_checked_before_anything_is_read(self, texts, capsys):
        assert "no known format" in refusal(capsys, "missing.txt", "-o", "out.foo")

    def test_an_input_is_never_written_over(self, saved, capsys):
        assert main(["export", "saved.json", "-o", "in.tmx", "--quiet"]) == 0
        before = Path("in.tmx").read_bytes()
        assert "is the input, too" in refusal(capsys, "in.tmx", "-o", "in.tmx")
        assert Path("in.tmx").read_bytes() == before

    @pytest.mark.parametrize(
        "words",
        [
            ["zh.txt", "en.txt", "-o", "o.tmx", "--doubts", "d.tsv", "--glossary", "d.tsv"],
            ["zh.src", "zh.tgt", "-o", "zh.src"],
            ["zh.txt", "link.tsv", "-o", "en.tsv"],
            ["zh.txt", "en.txt", "-o", "d.tsv", "--doubts", "./d.tsv"],
            ["zh.txt", "en.txt", "-o", "link.tsv", "-o", "en.tsv"],
            ["zh.txt", "en.txt", "--penalty", "10", "-o", "o.tmx", "--glossary", "o.penalty-10.tmx"],
            ["saved.json.bak", "en.txt", "-o", "saved.json"],
            ["export", "in.tmx", "-o", "in.tmx"],
            ["export", "saved.json", "--from", "d.tsv", "-o", "d.tsv"],
            ["terms", "saved.json", "--glossary", "g.csv", "-o", "g.csv"],
        ],
        ids=" ".join,
    )
    def test_nothing_that_is_read_or_written_elsewhere_is_written_over(self, saved, words, capsys):
        for name in (
            "d.tsv",
            "g.csv",
            "zh.src",
            "zh.tgt",
            "en.tsv",
            "o.penalty-10.tmx",
            "saved.json.bak",
            "in.tmx",
        ):
            Path(name).write_bytes(b"kept")
        Path("link.tsv").symlink_to("en.tsv")
        before = {path: path.read_bytes() for path in Path().iterdir()}
        assert " is " in refusal(capsys, *words)
        assert {path: path.read_bytes() for path in Path().iterdir()} == before

    @pytest.mark.parametrize("damage", [lambda t: t.replace(b"aligner/1", b"aligner/2"), lambda t: t[:-3]])
    def test_what_cannot_be_read_as_a_save_file_is_never_replaced(self, saved, damage, capsys):
        saved.write_bytes(damage(saved.read_bytes()))
        before = saved.read_bytes()
        assert "not written over" in refusal(capsys, "zh.txt", "en.txt", "-o", "saved.json")
        assert saved.read_bytes() == before

    def test_a_review_of_other_texts_is_not_written_over(self, saved, capsys):
        confirm(saved, 0)
        Path("zh.txt").write_text("完全不同的一句话。\n", encoding="utf-8")
        Path("en.txt").write_text("A wholly different sentence.\n", encoding="utf-8")
        before = saved.read_bytes()
        words = ("zh.txt", "en.txt", "--keep", "saved.json", "-o", "saved.json")
        assert "is it the review of other texts?" in refusal(capsys, *words)
        assert saved.read_bytes() == before

    def test_a_review_is_kept_when_the_files_are_given_the_other_way_round(self, saved, capsys):
        confirm(saved, 2)
        before = saved.read_bytes()
        assert main(["en.txt", "zh.txt", "--keep", "saved.json", "-o", "saved.json"]) == 0
        assert "the other way round and was turned" in capsys.readouterr().err
        assert [bead.status for bead in load(saved).beads].count("confirmed") == 1
        assert Path("saved.json.bak").read_bytes() == before

    @pytest.mark.parametrize("name", ["n" * 300 + ".tmx", "loop.tmx"])
    def test_a_name_that_cannot_be_is_one_line(self, texts, name, capsys):
        Path("loop.tmx").symlink_to("loop.tmx")
        assert "can't be written" in refusal(capsys, "zh.txt", "en.txt", "-o", name)

    def test_where_no_pair_is_sure_enough_nothing_is_written(self, texts, capsys):
        Path("zh.txt").write_text("\n".join(reversed(ZH)), encoding="utf-8")
        line = refusal(capsys, "zh.txt", "en.txt", "-o", "o.tmx", "--min-confidence", "1", code=1)
        assert "nothing was written" in line
        assert not Path("o.tmx").exists()

    def test_a_mistake_of_ours_is_one_line_too(self, texts, capsys, monkeypatch):
        monkeypatch.delenv("ALIGNER_TRACEBACK", raising=False)
        monkeypatch.setattr("aligner.read.read_file", lambda *a, **k: 1 / 0)
        assert "unexpected ZeroDivisionError" in refusal(capsys, "clean", "zh.txt")

    def test_messages_never_hold_what_steers_a_terminal(self, texts, capsys):
        assert "\x1b" not in refusal(capsys, "bad\x1b[31mname.txt")


class TestProcess:
    def test_exit_codes_reach_the_shell(self, texts):
        assert run("zh.txt", "en.txt", "-o", "o.tmx").returncode == 0
        assert run(ONE_LANGUAGE[0], "-o", "x.tmx").returncode == 1
        assert run("missing.txt").returncode == 2
        assert run("--nonsense").returncode == 2

    def test_nothing_reaches_for_the_network(self, texts):
        """Python runs `sitecustomize` first: here it takes every way to the network away."""
        Path("block").mkdir()
        Path("block/sitecustomize.py").write_text(
            "import socket\n"
            "def refuse(*_, **__): raise RuntimeError('the network was asked for')\n"
            "socket.socket = socket.create_connection = socket.getaddrinfo = refuse\n"
        )
        path = os.pathsep.join(filter(None, [str(Path("block").resolve()), os.environ.get("PYTHONPATH")]))
        environment = {"PYTHONPATH": path, "ALIGNER_CACHE": str(texts / "fresh")}
        done = run(
            PAGE, "-o", "o.tmx", "-o", "o.json", "-o", "o.html", "-o", "o.xlsx", environment=environment
        )
        assert done.returncode == 0, done.stderr.decode()

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    @pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "kill"])
    def test_an_interruption_is_one_line_and_leaves_nothing_half_written(self, texts, stop):
        os.mkfifo("slow.txt")
        before = sorted(Path().iterdir())
        words = [sys.executable, "-m", "aligner", "slow.txt", "en.txt", "-o", "o.tmx"]
        process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        with process, Path("slow.txt").open("wb"):  # goes on once the other end is being read
            process.send_signal(stop)
            _, said = process.communicate(timeout=60)
        assert process.returncode == 130
        assert said.strip() == "align: interrupted"
        assert sorted(Path().iterdir()) == before

    def test_an_interruption_while_the_modules_load_is_one_line_too(self):
        program = (
            "import runpy, sys\n"
            "class Interrupted:\n"
            "    def find_spec(self, name, *_):\n"
            "        if name == 'aligner.cli.commands': raise KeyboardInterrupt\n"
            "sys.meta_path.insert(0, Interrupted())\n"
            "runpy.run_module('aligner', run_name='__main__')\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr.strip()) == (130, "align: interrupted")

    def test_a_reader_that_stops_early_gets_no_traceback(self, saved):
        pipe = f"{sys.executable} -m aligner export saved.json | head -c 1"
        done = subprocess.run(["/bin/sh", "-c", pipe], capture_output=True, timeout=60)
        assert b"Traceback" not in done.stderr


class TestOtherCommands:
    def test_export_writes_what_was_saved(self, saved, capsys):
        assert main(["export", "saved.json", "-o", "o.tmx", "-o", "o.tsv"]) == 0
        assert "o.tmx  6 pairs" in capsys.readouterr().err
        assert ZH[0] in _tmx()

    def test_export_joins_several_files_into_one_memory(self, saved, capsys):
        Path("second.json").write_bytes(saved.read_bytes())
        assert main(["export", "saved.json", "second.json", "-o", "o.tmx", "--duplicates", "keep"]) == 0
        assert "12 pairs" in capsys.readouterr().err

    def test_nothing_is_written_where_one_of_the_outputs_holds_one_alignment_only(self, saved, capsys):
        line = refusal(capsys, "export", "saved.json", "saved.json", "-o", "o.tmx", "-o", "both.json")
        assert "both.json: holds one alignment" in line
        assert not Path("o.tmx").exists()

    def test_export_never_writes_over_the_review_of_another_file(self, saved, capsys):
        Path("reviewed.json").write_bytes(saved.read_bytes())
        confirm("reviewed.json", 0)
        assert "1 confirmed" in refusal(capsys, "export", "saved.json", "-o", "reviewed.json")

    def test_a_reviewed_sheet_goes_back_into_the_save_file(self, saved, capsys):
        import openpyxl

        assert main(["export", "saved.json", "-o", "review.xlsx", "--quiet"]) == 0
        book = openpyxl.load_workbook("review.xlsx")
        sheet = book.worksheets[0]
        names = [cell.value for cell in sheet[1]]
        sheet.cell(3, names.index("status") + 1).value = "confirmed"
        book.save("review.xlsx")
        data = json.loads(saved.read_text("utf-8"))
        saved.write_text(json.dumps(data | {"client": "无名"}, ensure_ascii=False), encoding="utf-8")
        assert main(["export", "saved.json", "--from", "review.xlsx"]) == 0
        assert "1 confirmed" in capsys.readouterr().err
        assert [bead.status for bead in load(saved).beads].count("confirmed") == 1
        assert json.loads(saved.read_text("utf-8"))["client"] == "无名"

    def test_eval_scores_as_text_and_as_json(self, saved, capsys):
        assert main(["eval", "saved.json", "saved.json"]) == 0
        assert "strict precision 1.0000" in capsys.readouterr().out
        Path("bare.align").write_text("[0]:[0]\n[1,2]:[1]\n[3,4,5]:[2,3,4,5]\n")
        assert (
            main(["eval", "bare.align", "saved.json", "--source", "zh.txt", "--target", "en.txt", "--json"])
            == 0
        )
        assert 0 < json.loads(capsys.readouterr().out)["strict"]["f1"] < 1

    def test_clean_shows_before_and_after_and_changes_nothing(self, capsys):
        before = PAGE.read_bytes()
        assert main(["clean", str(PAGE)]) == 0
        shown = capsys.readouterr().out
        assert "{+。回顧一年來+}" in shown
        assert "283" not in shown.splitlines()[0]
        assert "7 lost-apostrophe" in shown
        assert PAGE.read_bytes() == before

    def test_clean_can_leave_a_rule_out_and_answer_as_json(self, capsys):
        assert main(["clean", str(PAGE), "--no-clean", "pinyin-gloss", "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)
        assert {"gbk-damage", "spam"} <= {row["rule"] for row in rows}
        assert "pinyin-gloss" not in {row["rule"] for row in rows}

    def test_every_rule_is_listed_without_a_file(self, capsys):
        from aligner.clean.rules import ALL_RULES

        assert main(["clean", "--rules"]) == 0
        said = capsys.readouterr().out
        assert {"pdf-hyphen", "html-navigation", "docx-deleted", "table-column", "spam"} <= ALL_RULES.keys()
        for rule, meaning in ALL_RULES.items():
            assert f"\n  {rule} " in said
            assert meaning.split()[0] in said
        assert main(["clean", "--rules", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == dict(ALL_RULES)

    def test_a_file_or_the_list_of_rules_has_to_be_asked_for(self, capsys):
        assert "name the one to clean, or list the rules with --rules" in refusal(capsys, "clean")

    def test_a_rule_of_a_reader_is_switched_off_by_name(self, tmp_path, capsys):
        page = tmp_path / "a.html"
        page.write_text("<nav>Start</nav><p>The text of the page, which is longer.</p>", encoding="utf-8")
        assert main(["clean", str(page)]) == 0
        assert "1 html-navigation" in capsys.readouterr().out
        assert main(["clean", str(page), "--no-clean", "html-navigation"]) == 0
        assert "nothing to remove" in capsys.readouterr().out
        assert main(["clean", str(page), "--rules"]) == 0
        assert "Rules of cleaning:" in capsys.readouterr().out
        assert "--src-lang" in refusal(capsys, "clean", str(page), "--no-clean", "other-column")
        assert "no text" in refusal(capsys, "clean", str(page), "--no-clean", "inline-code")

    def test_terms_are_shown_or_written(self, chongqing, tmp_path, capsys):
        assert main(["terms", str(chongqing), "--limit", "5"]) == 0
        assert len(capsys.readouterr().out.splitlines()) == 6
        assert main(["terms", str(chongqing), "--limit", "5", "--json"]) == 0
        assert {"source", "target", "count", "score"} == set(json.loads(capsys.readouterr().out)[0])
        files = [tmp_path / "terms.tbx", tmp_path / "terms.csv"]
        assert main(["terms", str(chongqing), "-o", str(files[0]), "-o", str(files[1])]) == 0
        assert "foreign affairs" in files[0].read_text("utf-8")
        assert "foreign affairs" in files[1].read_text("utf-8")

    def test_check_takes_our_own_memory_and_mends_a_broken_one(self, saved, capsys):
        assert main(["export", "saved.json", "-o", "o.tmx", "--quiet"]) == 0
        assert main(["check", "o.tmx"]) == 0
        Path("bad.tmx").write_text(_tmx().replace('srclang="zh-Hans"', 'srclang="fr"'), encoding="utf-8")
        assert main(["check", "bad.tmx"]) in (0, 1)
        assert main(["check", "bad.tmx", "--fix", "good.tmx"]) == 0
        assert 'srclang="zh-Hans"' in _read("good.tmx")
        capsys.readouterr()
        assert main(["check", "good.tmx", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["refused"] is False

    def test_models_lists_the_default_encoder_as_usable(self, capsys):
        assert main(["models", "--json"]) == 0
        models = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
        assert models["use"]["available"]
        assert models["use"]["speed"] > 0


class TestTerminalText:
    def test_chinese_takes_two_cells(self):
        assert cells("戰a。") == 5
        assert cells("e\u0301") == 1

    def test_columns_stay_under_each_other(self):
        lines = columns(
            ["1", "今天早上，我们去了河边的市场。", "This morning we went to the market."], [2, 12, 12]
        )
        starts = {
            cells(line[: line.index(word)]) for line, word in zip(lines, ("This", "we", "the"), strict=False)
        }
        assert starts == {18}

    def test_no_line_is_wider_than_asked_or_begins_with_a_closing_mark(self):
        for line in (
            lines := wrap("他问：“真的吗？！”她说：“当然是真的，我亲眼看见的。”supercalifragilistic", 10)
        ):
            assert cells(line) <= 11  # a closing mark may hang
            assert line[0] not in "，。？！”"
        assert "".join(lines).endswith("supercalifragilistic")

    def test_what_is_shortened_fits(self):
        assert shorten("重慶與世界", 5) == "重慶…"
        assert shorten("short", 5) == "short"

    def test_invisible_characters_are_written_as_escapes(self):
        assert visible("a\x1b[0m\u200bb\n") == "a\\x1b[0m\\u200bb⏎"
