"""The language identifier and the dictionary's index in the cache folder: they say the same, without the package."""

import os
from types import ModuleType, SimpleNamespace

import pytest

from aligner.language import identifier as identifier_module
from aligner.language.detect import detect
from aligner.language.identifier import identifier, keep_identifier
from aligner.lexicon import dictionary
from aligner.lexicon.dictionary import chinese_headwords, keep_headwords
from aligner.options import Options

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
WORDS = ["北京", "行", "了", "一心一意", "重慶", "重庆", "乐", "ABC", "", "〇", "他妈的", "不存在词"]
RUN = "研究生命起源的人在重庆市长江大桥上乐了"


def ranks():
    return [identifier().rank(text) for text in TEXTS]


def headwords():
    words = chinese_headwords()
    each = [(word in words, words.definitions(word), words.readings(word)) for word in WORDS]
    return each, words.cut(RUN), sorted(words.syllables), len(words)


def kind(name: str, module: ModuleType, package: str, loaded, says, keep) -> SimpleNamespace:
    """`package`: the name of the function in `module` that reads the package's file; `loaded`: what keeps it."""
    return SimpleNamespace(name=name, module=module, package=package, loaded=loaded, says=says, keep=keep)


KINDS = [
    kind("langid", identifier_module, "_of_the_package", identifier, ranks, keep_identifier),
    kind("headwords", dictionary, "_built", chinese_headwords, headwords, keep_headwords),
]
each_kind = pytest.mark.parametrize("thing", KINDS, ids=lambda thing: thing.name)


def forget():
    for thing in KINDS:
        thing.loaded.cache_clear()
        getattr(thing.module, thing.package).cache_clear()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ALIGNER_CACHE", str(tmp_path / "cache"))
    forget()
    yield tmp_path / "cache"
    forget()


def kept(thing, cache):
    """The file that a run leaves."""
    thing.loaded()
    thing.keep()
    (file,) = cache.iterdir()
    return file


@each_kind
def test_it_is_kept_where_it_was_needed_and_only_there(thing, cache):
    Options().keep_models()
    assert not list(cache.glob(f"{thing.name}-*"))
    thing.loaded()
    Options().keep_models()
    assert [file.suffix for file in cache.glob(f"{thing.name}-*")] == [".unpacked"]


def test_chinese_needs_no_identifier(cache):
    assert detect("今天下雨，我们在家。") == "zh-Hans"
    keep_identifier()
    assert not cache.exists()
    assert detect(TEXTS[0]) == "fr"
    keep_identifier()
    assert list(cache.iterdir())


@each_kind
def test_kept_it_says_the_same_to_the_bit(thing, cache, monkeypatch):
    expected = thing.says()
    thing.keep()
    forget()
    with monkeypatch.context() as patch:
        patch.setattr(thing.module, thing.package, lambda *_: pytest.fail("the package's file was read"))
        assert thing.says() == expected


@each_kind
@pytest.mark.parametrize("damage", ["cut short", "a changed bit", "garbage"])
def test_a_damaged_file_is_not_used_and_replaced(thing, cache, damage):
    file = kept(thing, cache)
    intact, expected = file.read_bytes(), thing.says()
    forget()
    if damage == "cut short":
        os.truncate(file, len(intact) // 2)
    elif damage == "garbage":
        file.write_bytes(b"garbage")
    else:
        changed = bytearray(intact)
        changed[len(intact) // 2] ^= 1
        file.write_bytes(changed)
    assert thing.says() == expected
    thing.keep()
    assert file.read_bytes() == intact


@each_kind
def test_a_folder_that_cannot_be_written_is_done_without(thing, tmp_path, monkeypatch):
    expected = thing.says()
    forget()
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("ALIGNER_CACHE", str(tmp_path / "file" / "cache"))
    assert thing.says() == expected
    thing.keep()
    assert thing.says() == expected


def test_the_dictionary_tells_words_and_readings_of_several_entries():
    (first, second, *_), cut, syllables, _ = headwords()
    assert first == (
        True,
        ["Beijing, capital of People's Republic of China/Peking/PRC government"],
        ["beijing"],
    )
    assert second[2] == ["hang", "xing"]
    assert "".join(cut) == RUN and "重庆" in "".join(cut) and "zhuang" in syllables
