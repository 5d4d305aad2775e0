"""Documents are paired by what they say, and what has no partner is never forced."""

import os
import random

import numpy as np
import pytest

from aligner.cli.run import main
from aligner.corpus.fit import clear_pairs, fits
from aligner.corpus.manifest import read_manifest
from aligner.corpus.matching import mutual_best, score_sides
from aligner.corpus.pairing import pair_documents
from aligner.corpus.sketch import WINDOWS, Sentences, Sketch
from aligner.options import Options

OPTIONS = Options(cache=False)
TOPICS = {
    "fish": (["渔船清晨离开港口。", "渔民把网撒进海里。", "鱼被装进冰箱运到市场。"],
             ["The fishing boats leave the harbour at dawn.", "The fishermen cast their nets into the sea.",
              "The fish are packed in ice boxes and taken to the market."]),
    "law": (["合同自签字之日起生效。", "任何一方可以提前三十天解除合同。", "争议由法院裁决。"],
            ["The contract takes effect on the day of signature.",
             "A party may terminate the contract with thirty days' notice.", "Disputes are settled by the court."]),
    "snow": (["山上的雪到五月才融化。", "滑雪的人住在木屋里。", "缆车每天早上八点开始运行。"],
             ["The snow on the mountain only melts in May.", "The skiers live in wooden cabins.",
              "The cable car starts running at eight every morning."]),
    "bread": (["面包师半夜开始揉面。", "面团要发酵两个小时。", "孩子们喜欢刚出炉的面包。"],
              ["The baker begins to knead the dough at midnight.", "The dough has to rise for two hours.",
               "Children love bread fresh from the oven."]),
    "train": (["火车晚点了四十分钟。", "乘客在站台上喝茶。", "列车员检查每个人的车票。"],
              ["The train was forty minutes late.", "The passengers drank tea on the platform.",
               "The conductor checks everybody's ticket."]),
}  # fmt: skip


def write_library(top):
    for side, folder in enumerate(("zh", "en")):
        (top / folder).mkdir()
        for number, (topic, texts) in enumerate(TOPICS.items()):
            if (topic, folder) not in (("train", "en"), ("bread", "zh")):
                name = f"{(number * 7 + side * 3) % 11}{folder}{number}.txt"
                (top / folder / name).write_text("\n".join(texts[side]), encoding="utf-8")


@pytest.fixture
def library(tmp_path):
    """Each topic in Chinese and English under names that say nothing; `train` has no English, `bread` no Chinese."""
    write_library(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def shelves(tmp_path_factory):
    """The same library for tests that only read it."""
    top = tmp_path_factory.mktemp("shelves")
    write_library(top)
    return top


@pytest.fixture(scope="module")
def found(shelves):
    """What is paired in it."""
    return pair_documents(files(shelves / "zh"), files(shelves / "en"), OPTIONS, workers=1)


def topic_of(path):
    text = path.read_text(encoding="utf-8")
    return next(topic for topic, sides in TOPICS.items() if any(side[0] in text for side in sides))


def files(folder):
    return sorted(folder.iterdir())


def test_what_goes_together_is_found_and_what_is_alone_stays_alone_with_candidates(found):
    assert [(topic_of(a), topic_of(b)) for a, b in sorted(found.pairs, key=lambda pair: topic_of(pair[0]))] == [
        ("fish", "fish"), ("law", "law"), ("snow", "snow"),
    ]  # fmt: skip
    assert [topic_of(path) for path, _ in found.left] == ["train"]
    assert [topic_of(path) for path, _ in found.right] == ["bread"]
    assert len(found.left[0][1]) == 3


def test_swapping_the_sides_swaps_the_pairs(shelves, found):
    back = pair_documents(files(shelves / "en"), files(shelves / "zh"), OPTIONS, workers=1)
    assert {(b, a) for a, b in back.pairs} == set(found.pairs)


def test_a_document_twice_on_one_side_is_told_and_not_paired_at_random(library):
    twin = next(path for path in files(library / "en") if topic_of(path) == "law")
    (library / "en" / "copy.txt").write_bytes(twin.read_bytes())
    found = pair_documents(files(library / "zh"), files(library / "en"), OPTIONS, workers=1)
    assert "law" not in [topic_of(a) for a, _ in found.pairs]
    assert [{a.name, b.name} for a, b in found.alike] == [{twin.name, "copy.txt"}]


def test_a_document_that_can_not_be_read_is_told_and_stops_nothing(library):
    (library / "en" / "broken.docx").write_bytes(b"PK\x03\x04 not a zip")
    (library / "zh" / "empty.txt").write_text("")
    found = pair_documents(files(library / "zh"), files(library / "en"), OPTIONS, workers=1)
    assert len(found.pairs) == 3
    assert sorted(path.name for path, _ in found.problems) == ["broken.docx", "empty.txt"]


def test_the_command_pairs_by_name_first_and_the_rest_by_content(library, monkeypatch, capsys):
    monkeypatch.chdir(library)
    for folder, side in (("zh", 0), ("en", 1)):
        (library / folder / "same.txt").write_text(
            "\n".join(TOPICS["bread" if side else "train"][side]), encoding="utf-8"
        )
    assert main(["pair", "zh", "en", "-o", "pairs.tsv", "--no-cache", "--workers", "1"]) == 1
    jobs = read_manifest(library / "pairs.tsv")
    assert len(jobs) == 4 and any(job.source.name == job.target.name == "same.txt" for job in jobs), (
        "names go first"
    )
    lonely = (library / "unpaired.tsv").read_text(encoding="utf-8").splitlines()
    assert len(lonely) == 3 and lonely[1].count("\t") >= 3
    assert "4 pairs" in capsys.readouterr().err


def sketch(vector, lang="en", weight=1000, marks=()):
    rows = np.tile(np.array(vector, np.float16), (WINDOWS, 1))
    return Sketch(os.devnull, lang, rows, weight, np.array(sorted(marks), np.uint64))


def test_shared_numbers_and_names_tell_apart_what_vectors_can_not():
    left = [sketch([1, 0], marks=(1, 2, 3)), sketch([1, 0], marks=(7, 8, 9))]
    right = [sketch([1, 0], "de", marks=(7, 8, 9)), sketch([1, 0], "de", marks=(1, 2, 3))]
    sure, _ = mutual_best(score_sides(left, right), 2)
    assert sorted(sure) == [(0, 1), (1, 0)]


def test_scores_in_blocks_are_those_of_a_plain_computation():
    chance = np.random.default_rng(3)
    sides = [
        [sketch(chance.normal(size=8), weight=int(chance.integers(500, 2000))) for _ in range(40)]
        for _ in "ab"
    ]
    scores = score_sides(*sides)
    row = {int(j): v for j, v in zip(scores.columns[5], scores.values[5], strict=True)}
    mean = [np.mean([s.windows[0].astype(float) for s in side], axis=0) for side in sides]
    unit = lambda v: v / np.linalg.norm(v)  # noqa: E731
    best = scores.columns[5][0]
    cosine = [unit(sides[0][5].windows[0] - mean[0]) @ unit(s.windows[0] - mean[1]) for s in sides[1]]
    ranked = sorted(row, key=lambda j: -cosine[j])
    assert best in ranked[:3] and len(row) == 32
    assert min(cosine[j] for j in row) >= sorted(cosine)[-32] - 1e-3


def lines(*vectors):
    rows = np.array(vectors, np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Sentences("en", rows.astype(np.float16), np.full(len(rows), 50, np.float32))


FORMULA = [1.0] * 12


def chapter(seed, count=12):
    """Lines of its own behind a formula that stands everywhere, and their translation, near but not alike."""
    chance = np.random.default_rng(seed)
    own = chance.normal(size=(count, 12))
    return lines(FORMULA, *own), lines(FORMULA, *(own + 0.3 * chance.normal(size=own.shape)))


def test_sentences_in_order_fit_and_a_formula_that_all_share_does_not():
    chapters = {n: chapter(n) for n in range(6)}
    left, right = ({n: sides[side] for n, sides in chapters.items()} for side in (0, 1))
    found = fits(left, right, [(i, j) for i in left for j in right])
    own = [found[n, n] for n in range(6)]
    assert min(own) > 3 * max(value for (i, j), value in found.items() if i != j)
    backwards = Sentences("en", right[0].vectors[::-1], right[0].weights)
    turned = fits(left, {**right, 0: backwards}, [(i, j) for i in left for j in right])
    assert turned[0, 0] < own[0] / 2, "the order counts"


def sides_with(*marks):
    return [[sketch([1, 0], marks=own) for own in side] for side in marks]


NOTHING = sides_with([(), (), ()], [(), (), ()])


def test_of_two_partners_that_fit_alike_none_is_taken():
    assert clear_pairs({(0, 0): 0.30, (0, 1): 0.28}, NOTHING) == []
    assert clear_pairs({(0, 0): 0.30, (0, 1): 0.20}, NOTHING) == [(0, 0)]
    assert clear_pairs({(0, 0): 0.06}, NOTHING) == [], "too little fits"


def test_what_has_found_its_partner_is_no_rival_any_more():
    assert clear_pairs({(0, 0): 0.30, (0, 1): 0.19, (1, 1): 0.2}, NOTHING) == [(0, 0), (1, 1)]


def test_a_better_partner_that_is_sure_leaves_a_document_alone():
    found = {(0, 1): 0.30, (1, 1): 0.40, (2, 0): 0.12, (2, 1): 0.08}
    assert clear_pairs(found, NOTHING) == [(1, 1), (2, 0)]
    assert clear_pairs(found, NOTHING, sure=[(1, 1)]) == [], (
        "0.12 is little beside 0.40, so it needs more of a lead"
    )


def test_of_two_partners_that_fit_alike_the_numbers_and_names_in_which_they_differ_choose():
    found = {(0, 0): 0.30, (0, 1): 0.31}
    assert clear_pairs(found, sides_with([(1, 256)], [(1, 256), (1, 512)])) == [(0, 0)]
    assert clear_pairs(found, sides_with([(1, 2)], [(1, 256), (1, 512)])) == []
    assert clear_pairs(found, sides_with([(1, 256, 512)], [(1, 256), (1, 512)])) == []


def test_the_order_of_the_files_changes_nothing(shelves, found):
    random.seed(4)
    shuffled = [random.sample(files(shelves / side), len(files(shelves / side))) for side in ("zh", "en")]
    assert set(pair_documents(*shuffled, OPTIONS, workers=1).pairs) == set(found.pairs)
