"""The default encoder unpacked in the cache folder: the same vectors without the package's archive, or the package."""

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from aligner.encode import use_files
from aligner.encode.cache import clear_cache
from aligner.encode.cards import encoder_cards
from aligner.encode.load import load_encoder
from aligner.encode.use import UseModel
from aligner.encode.use_files import PackedFiles, UnpackedFiles
from aligner.system.unpacked import DamagedError, open_unpacked, write_unpacked

TEXTS = [
    "春天来了，河边的柳树都绿了。",
    "第一百二十三条",
    "Spring has come and the willows by the river have turned green.",
    "Der Zug nach Bern fährt um 7.45 Uhr ab.",
    "« Où est-il ? », demanda-t-elle.",
    "Поезд отправляется в семь часов.",
    "電車は七時に出発します。",
    "기차는 일곱 시에 출발합니다.",
    "القطار يغادر في السابعة.",
    "รถไฟออกเวลาเจ็ดโมง",
    "🙂 ﬀ①½ｶﾞ",
    "",
    "\0",
]
CARD = encoder_cards()["use"]


@pytest.fixture(scope="module")
def packed():
    return UseModel(CARD)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder in which an encoder was kept."""
    folder = tmp_path_factory.mktemp("kept")
    UseModel(CARD, folder).keep()
    return folder


@pytest.fixture
def without_package(monkeypatch):
    """The archive can't be read: whoever needs it fails."""
    monkeypatch.setattr(use_files, "_package_folder", lambda _: Path("nowhere"))


def file_in(folder):
    (file,) = folder.iterdir()
    return file


def copied(kept, tmp_path):
    return Path(shutil.copy(file_in(kept), tmp_path))


@pytest.mark.usefixtures("without_package")
def test_an_unpacked_encoder_gives_the_same_bits_and_leaves_the_package_alone(packed, kept):
    unpacked = UseModel(CARD, kept)
    assert unpacked.signature == packed.signature
    np.testing.assert_array_equal(unpacked.embed(TEXTS), packed.embed(TEXTS))
    np.testing.assert_array_equal(unpacked.embed_pieces(TEXTS), packed.embed_pieces(TEXTS))


def test_the_unpacked_tokenizer_has_every_piece_beginning_and_score(kept):
    ours, theirs = UnpackedFiles(open_unpacked(file_in(kept))).vocabulary(), PackedFiles(CARD).vocabulary()
    assert ours.prefixes == theirs.prefixes and list(ours.prefixes) == list(theirs.prefixes)
    np.testing.assert_array_equal(ours.scores, theirs.scores)
    assert ours.charsmap == theirs.charsmap


def test_an_encoder_can_be_sent_to_another_process(kept, packed):
    for model in (UseModel(CARD), UseModel(CARD, kept)):
        there = pickle.loads(pickle.dumps(model))
        np.testing.assert_array_equal(there.embed(TEXTS), packed.embed(TEXTS))


def test_nothing_is_unpacked_before_it_is_asked_for(tmp_path):
    UseModel(CARD, tmp_path).embed(TEXTS)
    assert not list(tmp_path.iterdir())


def test_what_another_version_left_goes_and_what_is_cached_beside_it_stays(tmp_path):
    (tmp_path / "use-00000000-1.unpacked").write_bytes(b"old")
    (tmp_path / "vectors-1-000000.db").write_bytes(b"vectors")
    UseModel(CARD, tmp_path).keep()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"{UseModel(CARD).signature}-1.unpacked", "vectors-1-000000.db"]
    assert clear_cache(tmp_path) > 60_000_000
    assert not list(tmp_path.iterdir())


def test_where_the_folder_cannot_be_written_nothing_is_unpacked_in_vain(tmp_path, packed, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    model = UseModel(CARD, tmp_path / "file" / "cache")
    with monkeypatch.context() as patch:
        patch.setattr(PackedFiles, "unpack", lambda *_: pytest.fail("was unpacked"))
        model.keep()
    np.testing.assert_array_equal(model.embed(TEXTS), packed.embed(TEXTS))


def test_without_the_cache_nothing_unpacked_is_read_or_kept(kept, monkeypatch):
    monkeypatch.setenv("ALIGNER_CACHE", str(kept))
    monkeypatch.setattr(use_files, "open_unpacked", lambda path: pytest.fail(f"{path} was opened"))
    encoder = load_encoder("use", cache=False)
    written = file_in(kept).stat().st_mtime_ns
    encoder.keep()
    assert file_in(kept).stat().st_mtime_ns == written


@pytest.mark.parametrize("damage", ["empty", "garbage", "cut short", "longer", "another file"])
def test_a_file_that_is_another_is_not_used_and_replaced(kept, tmp_path, packed, damage):
    file = copied(kept, tmp_path)
    intact = file.read_bytes()
    changed = {
        "empty": b"",
        "garbage": bytes(range(256)) * 500,
        "cut short": intact[:-100],
        "longer": intact + b"\0",
        "another file": b"PK" + intact[2:],
    }
    file.write_bytes(changed[damage])
    with pytest.raises(DamagedError):
        open_unpacked(file)
    model = UseModel(CARD, tmp_path)
    np.testing.assert_array_equal(model.embed(TEXTS), packed.embed(TEXTS))
    model.keep()
    assert file.read_bytes() == intact


def test_an_encoder_is_kept_once_and_read_from_there_then(tmp_path, monkeypatch):
    model = UseModel(CARD, tmp_path)
    model.keep()
    monkeypatch.setattr(use_files, "write_unpacked", lambda *_: pytest.fail("written again"))
    monkeypatch.setattr(PackedFiles, "rows", lambda *_: pytest.fail("the archive was read"))
    model.keep()
    np.testing.assert_array_equal(model.embed(TEXTS[:3]), UseModel(CARD, tmp_path).embed(TEXTS[:3]))


def test_a_file_cut_short_while_it_is_in_use_changes_nothing(kept, tmp_path, packed):
    file = copied(kept, tmp_path)
    model = UseModel(CARD, tmp_path)
    model.embed(TEXTS[:1])
    os.truncate(file, file.stat().st_size // 2)
    np.testing.assert_array_equal(model.embed(TEXTS), packed.embed(TEXTS))


def test_no_flipped_bit_changes_what_is_read(tmp_path):
    rng = np.random.default_rng(5)
    arrays = {"a": rng.standard_normal((3, 4)).astype("<f4"), "b": rng.integers(0, 255, 50).astype(np.uint8)}
    table = rng.integers(0, 255, (40, 16)).astype(np.uint8)
    file = tmp_path / "small.unpacked"
    write_unpacked(file, arrays, table)
    intact, found_out = file.read_bytes(), 0
    for place in range(8 * len(intact)):
        damaged = bytearray(intact)
        damaged[place // 8] ^= 1 << place % 8
        file.write_bytes(damaged)
        try:
            unpacked = open_unpacked(file)
            for name, array in arrays.items():
                np.testing.assert_array_equal(unpacked.array(name), array)
            np.testing.assert_array_equal(unpacked.rows(np.arange(40)), table)
        except DamagedError:
            found_out += 1
    assert found_out == 8 * len(intact)


def test_rows_that_changed_places_are_found_out(tmp_path):
    table = np.arange(64, dtype=np.uint8).reshape(4, 16)
    file = tmp_path / "small.unpacked"
    write_unpacked(file, {}, table)
    stored = file.read_bytes()
    rows = [stored[len(stored) - 20 * n : len(stored) - 20 * (n - 1)] for n in (4, 3, 2, 1)]
    file.write_bytes(stored[:-80] + b"".join([rows[1], rows[0], rows[2], rows[3]]))
    np.testing.assert_array_equal(open_unpacked(file).rows(np.array([2])), table[2:3])
    with pytest.raises(DamagedError):
        open_unpacked(file).rows(np.array([0]))


def test_the_command_keeps_the_encoder_and_runs_without_the_archive_from_then_on(tmp_path):
    (tmp_path / "zh.txt").write_text("今天下雨。\n我们在家。\n", encoding="utf-8")
    (tmp_path / "en.txt").write_text("It rains today.\nWe are at home.\n", encoding="utf-8")
    environment = os.environ | {"ALIGNER_CACHE": str(tmp_path / "cache")}
    align = [sys.executable, "-m", "aligner", "zh.txt", "en.txt", "-q"]
    first = subprocess.run(align, cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert list((tmp_path / "cache").glob("*.unpacked"))
    for vectors in (tmp_path / "cache").glob("vectors-*"):
        vectors.unlink()
    broken = (
        "import sys\nfrom aligner.cli import run\nfrom aligner.encode import use_files\n"
        "use_files._package_folder = None\nsys.argv = ['align', 'zh.txt', 'en.txt', '-q']\nsys.exit(run.main())\n"
    )
    again = subprocess.run(
        [sys.executable, "-c", broken], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert again.stdout == first.stdout and first.stdout
