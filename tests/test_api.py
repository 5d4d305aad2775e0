"""What a Python user is promised: one import, typed, quiet, with errors that say what to do."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import aligner
from aligner import errors as errors_of_the_tree
from aligner import pipeline

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "api.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)

ZH = "他走进房间。窗户开着，外面下着雨。“你来晚了。”她说。"
EN = 'He walked into the room. The window was open; it was raining outside. "You are late," she said.'


@pytest.fixture(scope="module")
def bitext() -> aligner.Bitext:
    return aligner.align(ZH, EN, src_lang="zh-CN", tgt_lang="en", cache=False)


def test_every_example_of_the_page_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("zh.txt").write_text(ZH, encoding="utf-8")
    Path("en.txt").write_text(EN, encoding="utf-8")
    Path("glossary.csv").write_text("房间,room\n窗户,window\n", encoding="utf-8")
    for folder, text in (("zh", ZH), ("en", EN)):
        Path(folder).mkdir()
        for name in ("one", "two"):
            Path(folder, f"{name}.txt").write_text(text, encoding="utf-8")
    shutil.copy(next((REPOSITORY / "seeds").glob("003_*.txt")), "page.txt")
    names: dict[str, object] = {}
    for example in EXAMPLES:
        exec(compile(example, str(PAGE), "exec"), names)
    printed = capsys.readouterr().out
    for promised in re.findall(r"print\(a\)\s+# → (.*)", PAGE.read_text(encoding="utf-8")):
        assert promised in printed


def test_every_name_stands_in_an_example():
    """Errors are listed in a table, one of them is shown."""
    shown = "\n".join(EXAMPLES)
    missing = {name for name in aligner.__all__ if not re.search(rf"\b{name}\b", shown)}
    errors = {name for name in missing if isinstance(vars(errors_of_the_tree).get(name), type)}
    listed = PAGE.read_text(encoding="utf-8")
    assert not missing - errors
    assert all(f"`{name}`" in listed for name in errors)


def test_the_names_are_sorted_and_all_can_be_had():
    assert list(aligner.__all__) == sorted(aligner.__all__)
    assert all(getattr(aligner, name) is not None for name in aligner.__all__)
    assert set(aligner.__all__) <= set(dir(aligner))
    with pytest.raises(AttributeError, match="no attribute 'alihn'"):
        aligner.alihn  # noqa: B018


def test_importing_costs_a_fraction_of_importing_numpy():
    def cost(module: str) -> int:
        command = [sys.executable, "-X", "importtime", "-c", f"import {module}"]
        lines = subprocess.run(
            command, capture_output=True, text=True, check=True, env=os.environ
        ).stderr.splitlines()
        return int(next(line for line in lines if line.rpartition("|")[2].strip() == module).split("|")[1])

    assert min(cost("aligner") for _ in range(3)) < min(cost("numpy") for _ in range(3)) / 2


def test_a_string_is_a_text_and_a_list_holds_sentences(bitext):
    assert [pair.type for pair in bitext.pairs] == ["1-1"] * 3
    sentences = aligner.align(["他笑了。", "没有人睡觉。"], ("He laughed.", "Nobody slept."), cache=False)
    assert [pair.source for pair in sentences] == ["他笑了。", "没有人睡觉。"]
    assert sentences.languages == ("zh-Hans", "en")


@pytest.mark.parametrize(
    ("source", "target", "settings", "error", "says"),
    [
        (ZH, ["He laughed."], {}, aligner.UsageError, "one side is a text"),
        (ZH.encode(), EN, {}, aligner.InputError, "source: a bytes is no text"),
        ([ZH, 7], [EN], {}, aligner.InputError, "source sentence 1: a int"),
        (ZH, "  ", {}, aligner.InputError, "target: empty"),
        ([], [EN], {}, aligner.InputError, "source: no sentences"),
        (["他笑了。", " "], [EN], {}, aligner.InputError, "source sentence 1: blank"),
        (ZH, EN, {"src_lang": "not a language"}, aligner.UsageError, "not a language"),
        (ZH, EN, {"quality": "finest"}, aligner.UsageError, "fast or best"),
        (ZH, EN, {"quallity": "best"}, aligner.UsageError, "no option quallity"),
        (ZH, EN, {"no_clean": "pinyin-gloss"}, aligner.UsageError, "give a list"),
        (ZH, EN, {"no_clean": ["no-such-rule"]}, aligner.UsageError, "no-such-rule"),
        (ZH, EN, {"encoder": "no-such-encoder"}, aligner.UsageError, "no-such-encoder"),
        (ZH, EN, {"glossary": "no-such-file.csv"}, aligner.InputError, "no-such-file.csv"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_in_one_line(source, target, settings, error, says):
    with pytest.raises(error, match=re.escape(says)) as caught:
        aligner.align(source, target, **settings)
    assert "\n" not in str(caught.value)


def test_what_is_exported_has_the_options_of_the_command_line(bitext, tmp_path):
    report = bitext.export(tmp_path / "out.tsv", min_confidence=1.0)
    assert report.units == sum(pair.confidence >= 1.0 for pair in bitext.pairs)
    with pytest.raises(aligner.UsageError, match="no option min_confidense"):
        bitext.export(tmp_path / "out.tsv", min_confidense=1.0)
    with pytest.raises(aligner.UsageError, match=r"ends in \.json"):
        bitext.save(tmp_path / "out.tmx")
    with pytest.raises(aligner.OutputError, match="no known format"):
        bitext.export(tmp_path / "out.unknown")


def test_a_saved_bitext_comes_back_whole(bitext, tmp_path):
    bitext.save(tmp_path / "a.json")
    again = aligner.load(tmp_path / "a.json")
    assert again.pairs == bitext.pairs
    assert again.signature == bitext.signature
    again.save(tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_evaluate_tells_right_from_wrong(bitext, tmp_path):
    assert aligner.evaluate(bitext, bitext).strict == (1.0, 1.0, 1.0)
    (tmp_path / "gold.align").write_text("[0]:[0]\n[1,2]:[1,2]\n", encoding="utf-8")
    precision, recall, _ = aligner.evaluate(tmp_path / "gold.align", bitext).strict
    assert (round(precision, 2), recall) == (0.33, 0.5)
    with pytest.raises(aligner.UsageError, match=r"aligner\.load"):
        aligner.evaluate(bitext, tmp_path / "gold.align")


class OneHot:
    """An encoder of the user's own: a sentence is as long as it is."""

    name, dimension, signature = "one-hot", 8, "one-hot-1"

    def encode(self, texts):
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        rows[np.arange(len(texts)), [len(text) % self.dimension for text in texts]] = 1
        return rows


def test_an_encoder_of_the_user_s_own_is_taken_and_named():
    bitext = aligner.align(
        ["a", "bb", "ccc"], ["x", "yy", "zzz"], src_lang="en", tgt_lang="fr", encoder=OneHot()
    )
    assert "encoder:one-hot-1" in bitext.signature
    assert len(bitext) + len(bitext.unaligned) >= 3


@pytest.mark.parametrize("swapped", [False, True])
def test_a_glossary_of_the_user_s_own_is_taken_in_either_direction_and_named(monkeypatch, swapped):
    """Words that no dictionary knows translate each other, whichever side the pipeline takes first."""
    sides, langs = (["zorvik blimtar.", "quandle prosk."], ["古摩拉。", "维斯特。"]), ("en", "zh")
    entries = (("zorvik", "古摩拉"), ("quandle", "维斯特"))
    known = []

    def watched(*arguments, **named):
        evidence = pipeline_gather(*arguments, **named)
        known.append(int(evidence.known.sum()))
        return evidence

    pipeline_gather = pipeline.gather
    monkeypatch.setattr(pipeline, "gather", watched)
    if swapped:
        sides, langs = sides[::-1], langs[::-1]
        entries = tuple((target, source) for source, target in entries)
    named = {"src_lang": langs[0], "tgt_lang": langs[1], "cache": False}
    plain = aligner.align(*sides, **named)
    told = aligner.align(*sides, glossary=aligner.Glossary(entries, *langs), **named)
    assert known[1] > known[0]
    assert "glossary:" in told.signature
    assert "glossary:" not in plain.signature


def test_an_aligner_can_be_sent_to_another_process():
    model = aligner.Aligner(src_lang="zh", tgt_lang="en", cache=False)
    again = pickle.loads(pickle.dumps(model))
    assert again.options == model.options
    assert "src_lang='zh'" in repr(again)


def test_pipe_keeps_order_and_keys_and_returns_errors_where_asked():
    model = aligner.Aligner(src_lang="zh", tgt_lang="en", cache=False)
    items = [((ZH, EN), "a"), ((ZH, ""), "b"), ((ZH, EN), "c")]
    found = list(model.pipe(items, as_tuples=True, errors="return"))
    assert [key for key, _ in found] == ["a", "b", "c"]
    assert [isinstance(result, aligner.InputError) for _, result in found] == [False, True, False]
    with pytest.raises(aligner.InputError, match="target: empty"):
        list(model.pipe([(ZH, EN), (ZH, "")]))
    with pytest.raises(aligner.UsageError, match="raise or return"):
        next(model.pipe([], errors="ignore"))


def test_pipe_in_processes_gives_what_it_gives_in_one(tmp_path):
    script = tmp_path / "many.py"
    script.write_text(
        "import aligner\n"
        f"zh, en = {ZH!r}, {EN!r}\n"
        "def main():\n"
        "    model = aligner.Aligner(src_lang='zh', tgt_lang='en')\n"
        "    pairs = [(zh, en), (zh + zh, en + ' ' + en), (zh, '')]\n"
        "    one = [getattr(r, 'pairs', str(r)) for r in model.pipe(pairs, errors='return')]\n"
        "    two = [getattr(r, 'pairs', str(r)) for r in model.pipe(pairs, workers=2, errors='return')]\n"
        "    print(one == two, len(two))\n"
        "if __name__ == '__main__': main()\n",
        encoding="utf-8",
    )
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.split() == ["True", "3"]


def test_progress_names_each_file_that_is_read_and_claims_no_share_of_a_single_one(tmp_path):
    for name, texts in (("zh.txt", ZH), ("en.txt", EN)):
        (tmp_path / name).write_text("\n".join(texts) if isinstance(texts, list) else texts, encoding="utf-8")
    heard: list[tuple[str, int, int]] = []
    watch = lambda *step: heard.append(step)  # noqa: E731
    aligner.align_files(tmp_path / "zh.txt", tmp_path / "en.txt", cache=False, progress=watch)
    sizes = [(tmp_path / name).stat().st_size for name in ("zh.txt", "en.txt")]
    assert heard[:3] == [
        ("reading zh.txt", 0, sum(sizes)), ("reading en.txt", sizes[0], sum(sizes)), ("cleaning", 0, 0)
    ]  # fmt: skip
    heard.clear()
    both = tmp_path / "both.tsv"
    both.write_text("今天下雨。\tIt rains today.\n我们在家。\tWe are at home.\n", encoding="utf-8")
    aligner.align_files(both, src_lang="zh", tgt_lang="en", cache=False, progress=watch)
    assert heard[0] == ("reading both.tsv", 0, 0)


def test_progress_is_heard_and_nothing_is_printed(capsys):
    heard = []
    aligner.align(ZH, EN, cache=False, progress=lambda stage, done, total: heard.append((stage, done, total)))
    assert {stage for stage, _, _ in heard} >= {"embedding (use)", "sentences", "words", "clauses"}
    assert all(0 <= done <= total for _, done, total in heard)
    out = capsys.readouterr()
    assert (out.out, out.err) == ("", "")


def test_the_view_of_a_notebook_holds_the_least_sure_pairs_and_no_markup_of_the_texts():
    bitext = aligner.align(
        ["<b>他笑了。</b>", "没有人睡觉。"], ["<script>He laughed.</script>", "Nobody slept."], cache=False
    )
    view = bitext._repr_html_()
    assert "<script>" not in view
    assert "&lt;script&gt;He laughed." in view
    assert view.index("confidence") < view.index("He laughed.")


def test_a_project_that_uses_the_face_passes_a_strict_type_checker(tmp_path):
    mypy = Path(sys.executable).with_name("mypy")
    if not mypy.exists():
        pytest.skip("mypy is not installed here: pip install mypy")
    (tmp_path / "use.py").write_text(
        "import aligner\n"
        "a: aligner.Bitext = aligner.align('x', 'y', quality='best', glossary='terms.csv')\n"
        "sources: list[str] = [pair.source for pair in a.pairs]\n"
        "for result in aligner.Aligner(src_lang='zh').pipe([('x', 'y')]):\n    print(result)\n"
        "f1: float = aligner.evaluate(a, a).strict[2]\n",
        encoding="utf-8",
    )
    (tmp_path / "wrong.py").write_text(
        "import aligner\naligner.align('x', 'y', qualty='best')\n", encoding="utf-8"
    )
    environment = os.environ | {"MYPYPATH": str(REPOSITORY)}
    command = [str(mypy), "--strict", "--follow-imports=silent", "--no-error-summary"]
    done = subprocess.run([*command, "use.py"], cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout) == (0, "")
    done = subprocess.run(
        [*command, "wrong.py"], cwd=tmp_path, capture_output=True, text=True, env=environment
    )
    assert "qualty" in done.stdout
