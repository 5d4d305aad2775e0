"""The language identifier unpacked in the cache folder: the same ranks, without the package's file."""

import os

import pytest

from aligner.language import identifier as module
from aligner.language.detect import detect
from aligner.language.identifier import identifier, keep_identifier

TEXTS = [
    "Le soleil se levait sur la ville.",
    "Der Zug nach Bern fährt um sieben Uhr ab.",
    "El tren sale a las siete de la mañana.",
    "Поезд отправляется в семь часов утра.",
    "Потяг відправляється о сьомій годині ранку.",
    "القطار يغادر في السابعة",
    "Pociąg odjeżdża o siódmej rano.",
    "x",
    "",
    "\ud800",
]


def forget():
    identifier.cache_clear()
    module._of_the_package.cache_clear()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ALIGNER_CACHE", str(tmp_path / "cache"))
    forget()
    yield tmp_path / "cache"
    forget()


@pytest.fixture
def kept(cache):
    """The file that a run left."""
    identifier()
    keep_identifier()
    (file,) = cache.iterdir()
    return file


def ranks():
    return [identifier().rank(text) for text in TEXTS]


def test_it_is_kept_where_it_was_needed_and_only_there(cache):
    assert detect("今天下雨，我们在家。") == "zh-Hans"
    keep_identifier()
    assert not cache.exists()
    assert detect(TEXTS[0]) == "fr"
    assert not cache.exists()
    keep_identifier()
    assert [file.suffix for file in cache.iterdir()] == [".unpacked"]


def test_unpacked_it_ranks_to_the_bit_as_the_package_does(cache, monkeypatch):
    expected = ranks()
    keep_identifier()
    forget()
    monkeypatch.setattr(module, "_of_the_package", lambda: pytest.fail("the package's file was read"))
    assert ranks() == expected
    monkeypatch.undo()


@pytest.mark.parametrize("damage", ["cut short", "a changed bit", "garbage"])
def test_a_damaged_file_is_not_used_and_replaced(kept, damage):
    intact = kept.read_bytes()
    forget()
    expected = [module._of_the_package().rank(text) for text in TEXTS]
    if damage == "cut short":
        os.truncate(kept, len(intact) // 2)
    elif damage == "garbage":
        kept.write_bytes(b"garbage")
    else:
        changed = bytearray(intact)
        changed[len(intact) // 2] ^= 1
        kept.write_bytes(changed)
    assert ranks() == expected
    keep_identifier()
    assert kept.read_bytes() == intact


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("ALIGNER_CACHE", str(tmp_path / "file" / "cache"))
    assert detect(TEXTS[0]) == "fr"
    keep_identifier()
    assert detect(TEXTS[0]) == "fr"
