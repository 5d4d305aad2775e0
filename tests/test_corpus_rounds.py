"""Words learned over all pairs of a batch help each of them, are kept, and change nothing that is done."""

import json

import pytest
from corpus_samples import outputs_of, write_pairs

from aligner.cli.run import main
from aligner.corpus import rounds
from aligner.corpus.batch import Settings, run_batch
from aligner.corpus.folders import pair_folders
from aligner.corpus.outputs import LEARNED
from aligner.corpus.rounds import Learning, run_rounds
from aligner.corpus.words import heading_of, learn_words, merged, read_words, with_words, write_words
from aligner.errors import UsageError
from aligner.export.savefile import load
from aligner.lexicon.glossary import Glossary
from aligner.options import Options

OPTIONS = Options(cache=False)
ONE = Settings(workers=1)
SENTENCES = [
    ("der Hund bellt", "le chien aboie"),
    ("der Hund schläft", "le chien dort"),
    ("ein Hund", "un chien"),
]
TAUGHT = [(("de", "fr"), source, target, 0.9) for source, target in SENTENCES]


def jobs_of(folder):
    return pair_folders([folder / "zh", folder / "en"]).jobs


def events_of(folder):
    return [json.loads(line)["event"] for line in (folder / "ledger.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rounds")
    write_pairs(folder, 5)
    (folder / "zh" / "empty.txt").write_text("")
    (folder / "en" / "empty.txt").write_text("Nobody reads this.")
    return folder


@pytest.fixture(scope="module")
def learned(corpus):
    """The batch in two rounds, in one go."""
    standing = run_rounds(jobs_of(corpus), corpus / "out", OPTIONS, ONE, Learning(across=True))
    assert standing.done == 5 and set(standing.failed) == {"empty"}
    return corpus / "out"


def test_sentences_teach_words_in_either_order_of_the_languages():
    lexicon = learn_words(TAUGHT)
    turned = learn_words([(("fr", "de"), target, source, sure) for _, source, target, sure in TAUGHT])
    assert lexicon == turned
    best = max(lexicon["de", "fr"], key=lexicon["de", "fr"].__getitem__)
    assert best == ("hund", "chien")


def test_learned_words_stand_beside_the_users_terms_and_doubt_nothing(tmp_path):
    write_words(learn_words(TAUGHT), tmp_path / "words.tsv", "a heading")
    lexicon = read_words(tmp_path / "words.tsv")
    assert lexicon == learn_words(TAUGHT)
    terms = with_words(Glossary((("Haus", "maison"),), "fr", "de"), lexicon, "fr-CA", "de")
    assert ("chien", "hund") in {words[:2] for words in terms.token_pairs()}
    assert ("hund", "chien") in {words[:2] for words in terms.swapped().token_pairs()}
    assert not terms.matches("le chien", "source")
    assert with_words(None, lexicon, "zh", "en") is None


def test_of_two_tables_the_surer_word_stays():
    assert merged({("a", "b"): {("x", "y"): 0.2}}, {("a", "b"): {("x", "y"): 0.5, ("v", "w"): 0.1}}) == {
        ("a", "b"): {("x", "y"): 0.5, ("v", "w"): 0.1}
    }


def test_the_second_round_aligns_with_the_words_and_tries_no_failure_again(learned):
    assert heading_of(learned / "words.tsv").startswith(LEARNED.partition(";")[0])
    assert read_words(learned / "words.tsv")["en", "zh"]
    events = events_of(learned)
    assert (events.count("done"), events.count("failed")) == (10, 1)
    assert "glossary:" in load(learned / "pairs" / "d001.json").signature


def test_a_finished_batch_is_not_learned_again_and_later_runs_keep_its_words(corpus, learned):
    before, words = outputs_of(learned), (learned / "words.tsv").read_bytes()
    for again in (
        run_rounds(jobs_of(corpus), learned, OPTIONS, ONE, Learning(across=True)),
        run_batch(jobs_of(corpus), learned, OPTIONS, ONE),
    ):
        assert (again.before, again.done, len(again.failed)) == (5, 0, 1)
    assert outputs_of(learned) == before and (learned / "words.tsv").read_bytes() == words


@pytest.mark.parametrize("where", ["first round", "between", "second round"])
def test_a_run_cut_off_in_either_round_ends_with_the_same_bytes(
    corpus, learned, tmp_path, monkeypatch, where
):
    class Cut(Exception):
        pass

    calls = []

    def watch(standing):
        calls.append(standing.done)
        if len(calls) == {"first round": 2, "between": 999, "second round": 9}[where]:
            raise Cut

    def stop(*_):
        raise Cut

    with monkeypatch.context() as patch:
        if where == "between":
            patch.setattr(rounds, "_learn", stop)
        with pytest.raises(Cut):
            run_rounds(jobs_of(corpus), tmp_path, OPTIONS, ONE, Learning(across=True), watch)
    run_rounds(jobs_of(corpus), tmp_path, OPTIONS, ONE, Learning(across=True))
    assert outputs_of(tmp_path) == outputs_of(learned)
    assert (tmp_path / "words.tsv").read_bytes() == (learned / "words.tsv").read_bytes()


def test_a_part_of_a_batch_does_not_learn_for_the_whole(corpus, tmp_path):
    with pytest.raises(UsageError, match="needs all pairs"):
        run_rounds(jobs_of(corpus), tmp_path, OPTIONS, Settings(shard=(1, 2)), Learning(across=True))


def test_a_memory_hands_words_and_confirmed_pairs_to_the_next_batch(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_pairs(tmp_path, 3)
    command = ["batch", "zh", "en", "--memory", "memory", "--no-cache", "--workers", "1", "--quiet", "-o"]
    assert main([*command, "first"]) == 0
    assert read_words(tmp_path / "first" / "words.tsv") == {}, "an empty memory knows nothing"
    path = tmp_path / "first" / "pairs" / "d001.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"status": "auto"', '"status": "confirmed"', 1))
    assert main([*command, "second"]) == 0
    assert read_words(tmp_path / "second" / "words.tsv")["en", "zh"]
    confirmed = (tmp_path / "memory" / "confirmed.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)[0] for line in confirmed] == [["zh", "en"]]
    (tmp_path / "memory" / "words.tsv").write_text("no table\n")
    assert main([*command, "third"]) == 2
    assert "delete it, and they are learned anew" in capsys.readouterr().err
