"""The gold of the seed page covers both halves once and says what the page says."""

import re
from itertools import accumulate
from pathlib import Path

import pytest

from aligner.bitext import Alignment, Bead, Document, Segment
from aligner.evaluation.compare import compare_files
from aligner.export import write
from aligner.export.options import ExportOptions
from aligner.files import read_sentences
from aligner.pipeline import align_segments
from aligner.read.ladder import read_ladder

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
GOLD = SEEDS / "gold"
PAGE = SEEDS / "003_c78274c5c2d54538.txt"
GLOSS = re.compile(r"(?<=[㐀-鿿])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňɡ]{1,7}\)")


def repairs(language):
    rows = [line.split("\t") for line in read_sentences(GOLD / "repairs.tsv")[1:]]
    return [(found, written) for side, found, written in rows if side == language]


def paragraphs(language):
    """The page's paragraphs of running text in one language: the long ones, by their script."""
    lines = [
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if len(line) > 120 and "|" not in line
    ]
    chinese = [bool(re.search("[㐀-鿿].*。", line)) for line in lines]
    return [line for line, is_chinese in zip(lines, chinese, strict=True) if is_chinese == (language == "zh")]


def without_blanks(text):
    return "".join(text.split())


@pytest.mark.parametrize(("language", "side"), [("zh", 0), ("en", 1)])
def test_the_gold_covers_each_half_once_and_in_order(language, side):
    covered = [sentence for rung in read_ladder(GOLD / "003.align") for sentence in rung[side]]
    assert covered == list(range(len(read_sentences(GOLD / f"003.{language}"))))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_gold_says_what_the_page_says_but_for_glosses_and_recorded_repairs(language):
    half = "\n".join(paragraphs(language))
    for found, written in repairs(language):
        assert half.count(found) == 1
        half = half.replace(found, written)
    gold = "".join(read_sentences(GOLD / f"003.{language}"))
    assert without_blanks(gold) == without_blanks(GLOSS.sub("", half))


def test_the_gold_is_free_of_glosses_and_private_characters():
    text = (GOLD / "003.zh").read_text(encoding="utf-8")
    assert not re.search(r"[\ue000-\uf8ff?<]|\([a-zāáǎà]", text)


def test_the_gold_finds_its_own_sentences():
    scores = compare_files(
        GOLD / "003.align", GOLD / "003.align", source=GOLD / "003.zh", target=GOLD / "003.en"
    )
    assert scores.strict == (1.0, 1.0, 1.0)
    assert scores.types == (("1-1", 31, 31), ("1-2", 4, 4), ("1-3", 1, 1))


def gold_alignment():
    def document(language):
        sentences = read_sentences(GOLD / f"003.{language}")
        ends = list(accumulate(len(sentence) + 1 for sentence in sentences))
        segments = (Segment(end - 1 - len(text), end - 1) for end, text in zip(ends, sentences, strict=True))
        return Document("\n".join(sentences), language, tuple(segments))

    beads = [
        Bead(source[0], source[-1] + 1, target[0], target[-1] + 1, 0.9)
        for source, target in read_ladder(GOLD / "003.align")
    ]
    return Alignment(document("zh"), document("en"), tuple(beads))


@pytest.mark.parametrize("suffix", [".json", ".align", ".tmx", ".xliff", ".tsv", ".csv", ".jsonl", ".xlsx"])
def test_what_is_exported_is_scored_as_the_alignment_itself(tmp_path, suffix):
    write([gold_alignment()], tmp_path / f"mine{suffix}", ExportOptions())
    scores = compare_files(GOLD / "003.align", tmp_path / f"mine{suffix}")
    assert scores.strict == scores.lax == (1.0, 1.0, 1.0)
    assert scores.edits == 0
    assert bool(scores.outcomes) == (suffix in (".json", ".jsonl"))


@pytest.mark.parametrize("lost", [0, 1], ids=["source", "target"])
@pytest.mark.parametrize("first", [0, 8, 20, 25])
def test_a_third_of_one_half_deleted_costs_only_what_is_missing(first, lost):
    ladder = read_ladder(GOLD / "003.align")
    gone = {number for rung in ladder[first : first + len(ladder) // 3] for number in rung[lost]}
    texts = [read_sentences(GOLD / f"003.{language}") for language in ("zh", "en")]
    kept = [[n for n in range(len(text)) if side != lost or n not in gone] for side, text in enumerate(texts)]
    found = align_segments(*([texts[side][n] for n in kept[side]] for side in (0, 1)), "zh", "en")
    pairs = {
        (tuple(kept[0][bead.src_start : bead.src_end]), tuple(kept[1][bead.tgt_start : bead.tgt_end])): bead
        for bead in found.beads
        if bead.is_pair
    }
    expected = {rung for rung in ladder if all(rung) and not set(rung[lost]) & gone}
    # A sentence at the edge may go with its neighbour, and then says that it is a guess.
    assert len(expected - set(pairs)) <= 1
    assert all(pair in expected for pair, bead in pairs.items() if bead.confidence > 0.8)
