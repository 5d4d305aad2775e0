"""What language a text is in, told by script first and by statistics only where a script is shared."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import UsageError
from aligner.export.options import ExportOptions
from aligner.language.chinese import convert_script, script_contradicts
from aligner.language.detect import detect, detect_by_script
from aligner.language.scripts import script_of
from aligner.language.tags import check_tag, is_valid_tag, name, primary
from aligner.options import Options

SEEDS = Path(__file__).parent.parent / "seeds"

SENTENCES = {
    "zh-Hans": "我们明天去图书馆借书，然后回家吃饭。",
    "zh-Hant": "我們明天去圖書館借書，然後回家吃飯。",
    "ja": "明日は図書館で本を借りて、それから家に帰ります。",
    "ko": "우리는 내일 도서관에서 책을 빌릴 것이다.",
    "en": "Tomorrow we will borrow books from the library and then go home.",
    "fr": "Demain nous emprunterons des livres à la bibliothèque et nous rentrerons chez nous.",
    "de": "Morgen leihen wir Bücher in der Bücherei aus und gehen dann nach Hause.",
    "es": "Mañana tomaremos prestados unos libros en la biblioteca y volveremos a casa.",
    "ru": "Завтра мы возьмём книги в библиотеке и пойдём домой.",
    "uk": "Завтра ми візьмемо книжки в бібліотеці й підемо додому, бо їсти хочеться.",
    "ar": "سنستعير غدا كتبا من المكتبة ثم نعود إلى البيت.",
    "fa": "فردا از کتابخانه کتاب می‌گیریم و بعد به خانه برمی‌گردیم.",
    "th": "พรุ่งนี้เราจะยืมหนังสือจากห้องสมุด",
    "el": "Αύριο θα δανειστούμε βιβλία από τη βιβλιοθήκη.",
    "he": "מחר נשאל ספרים מהספרייה ונחזור הביתה.",
    "hi": "कल हम पुस्तकालय से किताबें लेंगे और फिर घर जाएँगे।",
}


@pytest.mark.parametrize("tag", SENTENCES)
def test_one_sentence_tells_its_language(tag: str) -> None:
    assert detect(SENTENCES[tag]) == tag


@pytest.mark.parametrize(
    ("text", "among", "expected"),
    [
        ("Le chat dort.", ["fr", "en"], "fr"),
        ("The cat sleeps.", ["en-GB", "de"], "en-GB"),
        ("這是繁體字", ["zh", "en"], "zh-Hant"),
        ("這是繁體字", ["zh-CN", "en"], "zh-CN"),
        ("這是繁體字", ["zh-CN", "zh-TW"], "zh-TW"),
        ("东京", ["ja", "en"], "ja"),
        ("Hvad hedder du?", ["nb", "en"], "nb"),
        ("Ovo je kratak tekst.", ["sr", "zh"], "sr"),
        ("Bonjour", ["zh", "ja"], "fr"),
        ("Saluton al vi, kara amiko!", ["haw", "en"], "haw"),
    ],
)
def test_the_choice_is_among_the_languages_given_and_in_their_words(
    text: str, among: list[str], expected: str
) -> None:
    assert detect(text, among) == expected


@pytest.mark.parametrize("text", ["Hello.", "Yes.", "Chapter 1", "Home | About", "The end"])
def test_a_word_or_two_of_english_is_english(text: str) -> None:
    assert detect(text) == "en"


@pytest.mark.parametrize("text", ["", " \n", "12 + 3 = 15", "☺ → ∞"])
def test_a_text_without_letters_is_in_no_language(text: str) -> None:
    assert detect(text) == "und"
    assert detect(text, ["zh", "en"]) == "und"


@pytest.mark.parametrize(
    "text",
    [
        "TMX文件由OmegaT和Trados Studio读取。",
        "Emily Johnson和Robert MacDonald是朋友。",
        "第3章 XML Schema基础",
    ],
)
def test_latin_names_do_not_make_a_chinese_sentence_english(text: str) -> None:
    assert detect(text) == "zh-Hans"


def test_a_chinese_word_does_not_make_an_english_sentence_chinese() -> None:
    assert detect("The word 图书馆 means library, and that is all there is to it.") == "en"


def test_a_text_that_shows_neither_script_counts_as_simplified() -> None:
    assert detect("你好") == "zh-Hans"
    assert script_contradicts("你好", "zh-TW") is None


@pytest.mark.parametrize(
    ("number", "tag"),
    [("000", "zh-Hant"), ("001", "zh-Hans"), ("002", "zh-Hans"), ("003", "zh-Hant"), ("004", "zh-Hans")],
)
def test_the_seeds_tell_their_script(number: str, tag: str) -> None:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    assert detect(path.read_text(encoding="utf-8")) == tag


def test_chinese_and_english_need_no_model_of_statistics() -> None:
    code = (
        "import sys; from aligner.language.detect import detect;"
        f"print(detect({SENTENCES['zh-Hant']!r}), detect({SENTENCES['en']!r}), 'py3langid' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["zh-Hant", "en", "False"]
    assert detect_by_script(SENTENCES["fr"]) is None


def test_a_long_text_is_sampled_from_all_its_parts() -> None:
    assert detect("你好。" * 400 + SENTENCES["en"] * 500_000) == "en"


@pytest.mark.parametrize(
    ("char", "script"),
    [("中", "Han"), ("あ", "Kana"), ("ｶ", "Kana"), ("한", "Hangul"), ("Z", "Latin"), ("é", "Latin"),
     ("Ж", "Cyrillic"), ("ع", "Arabic"), ("θ", "Greek"), ("ก", "Thai"), ("。", "Common"),
     ("5", "Common"), ("𠮷", "Han"), ("\ue000", "Common")],
)  # fmt: skip
def test_a_character_has_its_script(char: str, script: str) -> None:
    assert script_of(char) == script


@pytest.mark.parametrize(
    ("tag", "canonical"),
    [("EN", "en"), ("en-gb", "en-GB"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"),
     ("de-de-1996", "de-DE-1996"),
     ("x-private", "x-private"), ("yue", "yue"), ("zh-cn", "zh-CN"), ("EN-US", "en-US"), ("uk", "uk"),
     ("zh-yue", "zh-yue"),
     ("sr-Latn-RS", "sr-Latn-RS"), ("cmn", "cmn"), ("und", "und"), ("iw", "iw"), ("no-NO", "no-NO"), ("qaa", "qaa"),
     ("be", "be"), ("br", "br"), ("se", "se"), ("ar-001", "ar-001")],
)  # fmt: skip
def test_a_tag_gets_its_usual_capitals(tag: str, canonical: str) -> None:
    assert check_tag(tag) == canonical


@pytest.mark.parametrize(
    ("tag", "hint"),
    [("zh_CN", "zh-CN"), ("en_us.UTF-8", "en-US"), ("English", "en"), ("chinese", "zh-CN"),
     ("jp", "ja"), ("cn", "zh-CN"), ("english", "en$"), ("en-UK", "en-GB"), ("ZH-HANS", "zh-Hans"), ("en_UK", "en-GB"),
     ("CN", "zh-CN"), ("kr", "ko"), ("tw", "zh-TW"), ("hk", "zh-HK"), ("cz", "cs"), ("dk", "da"), ("gr", "el"),
     ("ua", "uk"), ("vn", "vi"), ("us", "en-US"), ("gb", "en-GB"), ("eng", "en$"), ("deu", "de$"), ("ger", "de$"),
     ("chi", "zh$"), ("zh-CHS", "zh-Hans"), ("zh-CHT", "zh-Hant"), ("chs", "zh-Hans"), ("zh-CHN", "zh-CN"),
     ("en-USA", "en-US"), ("en-EN", "en$"), ("zh-ZH", "zh$"), ("ja-JA", "ja$"), ("jp-JP", "ja-JP"), ("cn-CN", "zh-CN"),
     ("Deutsch", "de$"), ("中文", "zh-CN"), ("简体中文", "zh-Hans"), ("繁體中文", "zh-Hant"), ("日本語", "ja$"),
     ("English (US)", "en-US"), ("English-UK", "en-GB"), ("Chinese (TW)", "zh-TW"), ("Simplified Chinese", "zh-Hans"),
     ("ZH-HANT-TW", "zh-Hant-TW"), ("français", "fr$"),
     ("", "BCP 47"), ("klingon", "BCP 47"), ("en-", "BCP 47"), ("qq", "BCP 47"), ("en\nde", "BCP 47")],
)  # fmt: skip
def test_what_is_no_tag_is_refused_with_a_suggestion(tag: str, hint: str) -> None:
    with pytest.raises(UsageError, match=rf"say .*{hint}"):
        check_tag(tag)


def test_a_code_in_odd_capitals_goes_into_the_files_as_it_is_usually_written() -> None:
    for options in (Options, ExportOptions):
        asked = options(src_lang="zh-hans", tgt_lang="en-gb")
        assert (asked.src_lang, asked.tgt_lang) == ("zh-Hans", "en-GB")


@given(st.text(max_size=20))
def test_checking_a_tag_gives_a_tag_or_a_usage_error(tag: str) -> None:
    try:
        assert is_valid_tag(check_tag(tag))
    except UsageError as error:
        assert "\n" not in str(error)


def test_primary_and_name_read_a_tag() -> None:
    assert [primary(tag) for tag in ("zh-Hant-TW", "EN", "pt_BR")] == ["zh", "en", "pt"]
    assert [name(tag) for tag in ("zh-TW", "zh-Hans", "zh", "en-GB", "xx")] == [
        "traditional Chinese", "simplified Chinese", "Chinese", "English", "xx",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "text", "said"),
    [
        ("zh-CN", SENTENCES["zh-Hant"] * 3, "zh-Hant"),
        ("zh-HK", SENTENCES["zh-Hans"] * 3, "zh-Hans"),
        ("zh", SENTENCES["en"], "Latin"),
        ("en", SENTENCES["ru"], "Cyrillic"),
    ],
)
def test_a_tag_that_the_script_contradicts_is_told(tag: str, text: str, said: str) -> None:
    assert said in (script_contradicts(text, tag) or "")


@pytest.mark.parametrize(
    ("tag", "text"),
    [("zh", SENTENCES["zh-Hant"]), ("zh-TW", SENTENCES["zh-Hant"]), ("ja", SENTENCES["ja"]),
     ("fr", SENTENCES["de"]),
     ("sr", SENTENCES["ru"]), ("sr", SENTENCES["en"]), ("en", "12"), ("ko", SENTENCES["ko"])],
)  # fmt: skip
def test_a_tag_that_the_script_allows_is_not_contradicted(tag: str, text: str) -> None:
    assert script_contradicts(text, tag) is None


def test_converting_to_simplified_and_back_keeps_every_place() -> None:
    assert convert_script("皇后以後的頭髮", "simplified") == "皇后以后的头发"
    assert convert_script("皇后以后的头发", "traditional") == "皇后以後的頭髮"
    assert convert_script("Library 图书馆, 2020", "traditional") == "Library 圖書館, 2020"
    with pytest.raises(UsageError, match="simplified or traditional"):
        convert_script("字", "modern")


@given(st.text(st.sampled_from("乾坤乾燥後後宮著作看著臺灣发展头发面条。，a1 𠮷\n"), max_size=60))
def test_conversion_never_changes_the_length(text: str) -> None:
    assert len(convert_script(text, "simplified")) == len(text)
    assert len(convert_script(text, "traditional")) == len(text)
