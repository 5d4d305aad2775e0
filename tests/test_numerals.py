"""Numbers have one value in any notation, and what only looks like a number has none."""

import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.language.numerals import numbers
from aligner.language.numerals.number import KINDS, same_quantity
from aligner.language.numerals.quantities import quantities

GOLDEN = Path(__file__).parent / "golden" / "numerals.tsv"
ROWS = [
    line.split("\t") for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line[:1] not in ("#", "")
]


def written(text, lang):
    return " ".join(f"{'~' if n.weak else ''}{n.key}:{n.kind}" for n in numbers(text, lang)) or "-"


@pytest.mark.parametrize(("lang", "text", "expected"), ROWS, ids=lambda cell: str(cell)[:30])
def test_the_numbers_of_a_text_are_those_of_the_golden_table(lang, text, expected):
    assert written(text, lang) == expected


def test_the_golden_table_is_large_enough():
    assert len(ROWS) >= 120


@pytest.mark.parametrize(
    "texts",
    [
        [
            ("626.97萬", "zh"),
            ("6.2697 million", "en"),
            ("6,269,700", "en"),
            ("6,2697 Millionen", "de"),
            ("6 269 700", "fr"),
        ],
        [
            ("百分之三十八", "zh"),
            ("38%", "en"),
            ("38 per cent", "en"),
            ("38 Prozent", "de"),
            ("３８％", "zh"),
        ],
        [("三分之一", "zh"), ("one third", "en"), ("1/3", None)],
        [("二十一", "zh"), ("twenty-one", "en"), ("einundzwanzig", "de"), ("vingt et un", "fr")],
        [("1.2万亿", "zh"), ("1.2 trillion", "en"), ("1,2 Billionen", "de")],
    ],
)
def test_one_value_is_read_out_of_every_notation(texts):
    values = {numbers(text, lang)[0].value for text, lang in texts if lang}
    assert len(values) == 1


def test_a_date_gives_year_month_and_day_in_the_order_written():
    for text, lang in (("2021年3月8日", "zh"), ("2021-03-08", "en"), ("2021-03-08", "zh")):
        assert [(n.key, n.kind) for n in numbers(text, lang)] == [
            ("2021", "date"),
            ("3", "date"),
            ("8", "date"),
        ]
    assert [n.key for n in numbers("8 March 2021", "en")] == ["8", "3", "2021"]


@pytest.mark.parametrize(
    "text", ["一定", "一些", "三三两两", "万一", "千方百计", "四面八方", "七上八下", "亿万"]
)
def test_an_idiom_holds_no_sure_number(text):
    assert not [number for number in numbers(text, "zh") if not number.weak]


@pytest.mark.parametrize(
    "text", ["no one came", "one of them", "dozens of people", "several hundred", "a second try"]
)
def test_words_that_only_sound_like_numbers_are_not_sure(text):
    assert not [number for number in numbers(text, "en") if not number.weak]


@pytest.mark.parametrize(
    "text", ["COVID-19", "H1N1", "a Boeing 747-400", "www.163.com", "me2020@126.com", "3D", "XIV"]
)
def test_digits_of_names_and_addresses_and_roman_numerals_are_no_numbers(text):
    assert numbers(text, "en") == []


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (6_269_700, 6_270_000, True),
        (6_269_700, 6_300_000, True),
        (6_269_700, 6_000_000, False),
        (1990, 90, True),
        (2021, 2020, False),
        (12, 13, False),
        (210_000, 221_000, False),
        (0, 5, False),
    ],
)
def test_rounding_and_decades_keep_a_quantity_the_same(left, right, same):
    assert same_quantity(Fraction(left), Fraction(right)) is same
    assert same_quantity(Fraction(right), Fraction(left)) is same


MIXED = st.text(
    st.sampled_from(
        "0123456789.,，%$/-:' 一二三十百千万亿两零〇第年月日分之半多余几点成one two hundred million th"
    ),
    max_size=30,
)


@given(MIXED, st.sampled_from(["zh", "en", "de", "fr", "ja", "ru", "und"]))
def test_any_text_can_be_read_and_every_number_stands_where_it_says(text, lang):
    for number in numbers(text, lang):
        assert 0 <= number.start < number.end <= len(text)
        assert number.kind in KINDS
        assert number.value >= 0


@given(st.integers(0, 10**9))
def test_an_integer_with_commas_is_read_back(value):
    assert [number.value for number in numbers(f"they had {value:,} books", "en")] == [value]


@pytest.mark.parametrize("lang", ["en", "de", "fr", "zh", "ru", "und"])
@pytest.mark.parametrize(
    "text",
    ["192.168.0.0/16", "1.234.567.8", "7" * 5000,
      "1," * 5000 + "1", "百分之" + "九" * 5000, "九" + "亿" * 1000, "1" + "万亿" * 400],
    ids=lambda text: text[:14],
)  # fmt: skip
def test_addresses_and_endless_figures_are_read_past(text, lang):
    assert all(len(number.key) <= 101 for number in numbers(text, lang))
    assert all(quantity.end <= len(text) for quantity in quantities(text, lang))


@pytest.mark.parametrize(
    "text", ["9" * 5000, "1.234" * 3000, "一" * 5000, "三点" + "五" * 5000, "9" * 5000 + "亿"]
)
@pytest.mark.parametrize("lang", ["en", "de", "zh"])
def test_a_run_of_thousands_of_digits_is_a_key_and_no_quantity(text, lang):
    assert all(number.value < 10**120 for number in numbers(text, lang))


@pytest.mark.parametrize(
    "piece", ["12, ", "A", "A-", "1a-", "H1N1 ", "a million ", "3 March ", "2020-01-01 ", "四面"]
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_numbers_of_a_long_repetition_are_found_in_linear_time(piece, lang):
    def seconds(length):
        """The least of three: others on the machine slow down processor time, too."""
        spent = []
        for _ in range(3):
            began = time.process_time()
            numbers(piece * (length // len(piece)), lang)
            spent.append(time.process_time() - began)
        return min(spent)

    seconds(100)
    # Eight times the text: linear is 8, quadratic 64; the rest is room for a busy machine.
    assert seconds(40_000) < 30 * max(seconds(5_000), 0.02)
