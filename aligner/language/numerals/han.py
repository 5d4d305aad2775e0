"""Numerals of Chinese and Japanese text: 626.97万, 三分之一, 百分之三十八, 二〇二一年, 第三次, 十余."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace
from fractions import Fraction

from aligner.language.numerals.number import (
    CURRENCY_SIGNS,
    LONGEST_LITERAL,
    POINT_LITERAL,
    Number,
    literal_value,
)

# One for one: traditional and Japanese forms to those that the rules below are written in.
_FORMS = str.maketrans(
    "零○萬億兩餘幾貳參貮拾佰仟時點號過來週個歲圓円塊磅廿卅",
    "〇〇万亿两余几贰叁贰拾佰仟时点号过来周个岁元元块磅廿卅",
)

_FINANCIAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")

_FINANCIAL_RUN = re.compile(
    "[壹贰叁肆伍陆柒捌玖拾佰仟〇万亿元]{2,}|[壹贰叁肆伍陆柒捌玖拾](?=[份年月日天次枚套台件期])"
)

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"两": 2}

_SMALL = {"十": 10, "百": 100, "千": 1000}

_TENS = {"廿": 20, "卅": 30}

_BIG = {"万": 10**4, "亿": 10**8, "兆": 10**12}

_UNITS = {**_SMALL, **_BIG}

# 两 after a figure is a weight (an ounce), 千 and 兆 before a unit of measure belong to that unit
# (kilo, mega).
_RUN = re.compile(
    rf"(?:{POINT_LITERAL}|[〇一二三四五六七八九十百万亿廿卅]|(?<![〇一二三四五六七八九十百千万亿\d])两|两(?=[百千万亿])|(?<=一)两(?=[天次个年月条句位名])"
    r"|[千兆](?!字节|比特|赫|瓦|帕|焦|伏|卡|克|米)|[多余几来](?=[十百千万亿兆]))+"
)
_SPOKEN_DECIMAL = re.compile("点([〇一二三四五六七八九]{1,99}+)(?![〇一二三四五六七八九十]|分|钟|半|多|刻)")

_PIECE = re.compile(rf"{POINT_LITERAL}|[^\d]")

_FIGURES = frozenset(".0123456789")

_YEAR_DIGITS = 4

_LAST_MONTH, _LAST_DAY = 12, 31

_EARLIEST_YEAR, _LATEST_YEAR = 1000, 2100

# What a single Han digit counts: with one of these after it, it is a quantity.
_MEASURES = frozenset(
    "个位名人条项年月日天次岁元周种件家国省市县届座所只匹头场台部辆艘架张幅页本册章节点期级层倍度里米尺寸斤吨亩"
    "分秒时小遍趟步排类样方组批队班门轮支颗棵块片间套幢栋对双口户份枚杯瓶盘车发声字句首篇号等代世大港"
)

_CURRENCIES = re.compile(
    r"(?:多|余)?(?:元|美元|美金|欧元|日元|港元|港币|英镑|人民币|新台币|台币|卢布|韩元|块钱)"
)

_HALF = re.compile("个半|年半|天半|半(?![导球岛])")

_TENTHS = re.compile("成(半)?(?![为立功了员长本年都果就绩分熟品型千百交])")

_TEN, _IDIOM_STEP = 10, 2

_LONE_DIGITS = frozenset("一二三四五六七八九两兩十百千万萬")

_TWO_DIGITS = re.compile("[一二两三四五六七八九]{2}")

_TEN_LIKE = frozenset("十廿卅")

_VAGUE_BEFORE = frozenset("几数好上成")

_FIXED = re.compile(
    "万一|一式|万分|千百万|十分(?!之|钟|[〇一二三四五六七八九十])|千万(?=不|别|要|记|莫)|万万|千千万万|万千|一一|两两|三三|三七|四六|百万富翁|亿万|十足|十字"
)


def find_han(text: str) -> list[Number]:
    """The numbers of `text`, whose full-width digits are ASCII already."""
    plain = text.translate(_FORMS)
    plain = _FINANCIAL_RUN.sub(lambda match: match[0].translate(_FINANCIAL), plain)
    found: list[Number] = []
    runs = list(_RUN.finditer(plain))
    skip = -1
    for index, run in enumerate(runs):
        if run.start() < skip:
            continue
        following = runs[index + 1] if index + 1 < len(runs) else None
        numbers, skip = _read(plain, run, following)
        found += numbers
    lone = {number.start for number in found if _is_lone(number, text)}
    return [
        replace(number, weak=True) if number.start in lone and _is_in_idiom(number.start, lone) else number
        for number in found
    ]


def _is_lone(number: Number, text: str) -> bool:
    return number.kind == "number" and number.end - number.start == 1 and text[number.start] in _LONE_DIGITS


def _is_in_idiom(start: int, lone: Container[int]) -> bool:
    """Whether another lone Han digit stands one character apart, as in 四面八方."""
    return start - _IDIOM_STEP in lone or start + _IDIOM_STEP in lone


def _read(text: str, run: re.Match[str], following: re.Match[str] | None) -> tuple[list[Number], int]:
    """The numbers that begin with `run`, and where reading goes on."""
    start, end = run.span()
    if end - start > LONGEST_LITERAL:
        return [], end
    if following and following.end() - following.start() > LONGEST_LITERAL:
        following = None
    gap = text[end : following.start()] if following else None
    if following and gap == "分之":
        fraction = _fraction(text, run, following)
        return [fraction], fraction.end
    if following and gap in ("世纪", "世紀") and text[following.end() : following.end() + 2] == "年代":
        return [_decade(start, following, _value(run[0]))], following.end() + 2
    if run[0][0] == "几" or _FIXED.match(text, start):  # 几十万 is "tens of thousands", 万一 "in case"
        return [], end
    if text[end : end + 4] == "个百分点":
        return [Number(start, end, _value(run[0]) or Fraction(0), "percent")], end + 4
    if text[end : end + 1] == "半" and run[0] == "一":
        return [Number(start, end + 1, Fraction(1, 2), weak=True)], end + 1
    value = _value(run[0])
    if value is None:
        return _either_of(start, end, run[0]) or _digit_by_digit(text, start, end, run[0]), end
    number = _with_what_follows(text, run, value)
    return [number], number.end


def _with_what_follows(text: str, run: re.Match[str], value: Fraction) -> Number:
    """The number that `run` of `value` and the signs after it say: 三点五亿, 七成, 两个半, 90年代."""
    start, end = run.span()
    decimal = _SPOKEN_DECIMAL.match(text, end)
    if decimal and not run[0].isascii():
        value, end = value + _decimals(decimal[1]), decimal.end()
        while text[end : end + 1] in _BIG:
            value, end = value * _BIG[text[end]], end + 1
        return Number(start, end, value, _kind(text, start, end, value))
    share = _TENTHS.match(text, end)
    if share and value < _TEN and not run[0].isascii():  # 七成 is 70 %
        return Number(start, share.end(), 10 * value + (5 if share[1] else 0), "percent", weak=True)
    half = _HALF.match(text, end)
    if half:
        value, end = value + Fraction(1, 2), half.end()
    if text[end : end + 2] == "年代":
        return Number(start, end + 2, value, "date")
    kind = _kind(text, start, end, value)
    return Number(start, end, value, kind, _is_weak(text, start, end, run[0], kind))


def _decimals(digits: str) -> Fraction:
    return Fraction(int("".join(str(_DIGITS[character]) for character in digits)), 10 ** len(digits))


def _fraction(text: str, run: re.Match[str], following: re.Match[str]) -> Number:
    """三分之一, 百分之三点五."""
    below, above, end = _value(run[0]), _value(following[0]), following.end()
    if above is None or not below:
        return Number(run.start(), end, Fraction(0), weak=True)
    decimal = _SPOKEN_DECIMAL.match(text, end)
    if decimal:
        above, end = above + _decimals(decimal[1]), decimal.end()
    if run[0] in ("百", "100"):
        return Number(run.start(), end, above, "percent")
    return Number(run.start(), end, above / below)


def _value(run: str) -> Fraction | None:
    """The value of a run of digits and units; `None` where it has no single one (三四, 五六百)."""
    pieces = [piece for piece in _PIECE.findall(run) if piece not in "多余几来"]
    if len(pieces) > 1 and all(piece in _DIGITS for piece in pieces):
        return _positional(pieces)
    total = section = Fraction(0)
    current: Fraction | None = None
    unit = 1
    gap = False
    for piece in pieces:
        if piece in _DIGITS or piece[0] in _FIGURES:
            digit = (
                Fraction(_DIGITS[piece]) if piece in _DIGITS else literal_value(piece, comma_decimal=False)
            )
            if current is not None and current != 0:
                return None
            gap = gap or (piece == "〇")
            current = digit
        elif piece in _TENS:
            section, current, unit, gap = section + _TENS[piece], None, 10, False
        elif piece in _SMALL:
            section += (1 if current is None or (current == 0 and gap) else current) * _SMALL[piece]
            current, unit, gap = None, _SMALL[piece], False
        else:
            section += current or 0
            if total and total < _BIG[piece]:
                total = (total + section) * _BIG[piece]
            else:
                total += (section or 1) * _BIG[piece]
            section, current, unit, gap = Fraction(0), None, _BIG[piece], False
    if current is not None:
        # 两千五 is 2500; 两千零五 and 3万5 written with digits of their own keep their place.
        section += current * (unit // 10 if unit > _TEN and not gap and pieces[-1] in _DIGITS else 1)
    return total + section


def _positional(pieces: list[str]) -> Fraction | None:
    """二〇二一 or 一九四九; `None` for shorter strings such as 三四, which are ranges."""
    if len(pieces) < _YEAR_DIGITS or "两" in pieces:
        return None
    return Fraction(int("".join(str(_DIGITS[piece]) for piece in pieces)))


def _either_of(start: int, end: int, run: str) -> list[Number]:
    """十四五 is 14 or 15, 五六百 is 500 or 600; empty where the run has no two digits side by side."""
    beside = _TWO_DIGITS.search(run)
    if not beside or len(run) == len(beside[0]):
        return []
    values = [_value(run[:at] + run[at + 1 :]) for at in (beside.start() + 1, beside.start())]
    return [Number(start, end, value, weak=True) for value in values if value is not None]


def _digit_by_digit(text: str, start: int, end: int, run: str) -> list[Number]:
    if len(run) in (2, 3) and text[end : end + 1] == "年" and "两" not in run:  # 九八年
        value = Fraction(int("".join(str(_DIGITS[character]) for character in run if character in _DIGITS)))
        return [Number(start, end, value, "date", weak=True)]
    return [
        Number(start + at, start + at + 1, Fraction(_DIGITS[character]), weak=True)
        for at, character in enumerate(run)
        if character in _DIGITS
    ]


def _decade(start: int, run: re.Match[str], century: Fraction | None) -> Number:
    """20世纪90年代 is 1990."""
    value = (_value(run[0]) or Fraction(0)) + 100 * ((century or 1) - 1)
    return Number(start, run.end() + 2, value, "date")


def _kind(text: str, start: int, end: int, value: Fraction) -> str:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if before == "第":
        return "ordinal"
    if after in ("%", "‰") and after:
        return "percent"
    if (before and before in CURRENCY_SIGNS) or _CURRENCIES.match(text, end):
        return "currency"
    whole = value.denominator == 1
    written_as_year = end - start == _YEAR_DIGITS and not any(unit in text[start:end] for unit in _UNITS)
    if after == "年" and whole and written_as_year and _EARLIEST_YEAR <= value <= _LATEST_YEAR:
        return "date"
    if after == "月" and whole and 1 <= value <= _LAST_MONTH:
        return "date"
    if (after == "日" or (after == "号" and before == "月")) and whole and 1 <= value <= _LAST_DAY:
        return "date"
    if text[end : end + 2] in ("世纪", "世紀"):
        return "ordinal"
    return "number"


def _is_weak(text: str, start: int, end: int, run: str, kind: str) -> bool:
    if any(character.isdigit() and character.isascii() for character in run):
        return False
    after, before = text[end : end + 1], text[max(0, start - 1) : start]
    if kind in ("date", "percent"):
        return False
    if run == "一" or (before and before in _VAGUE_BEFORE):
        return True
    if all(unit in _UNITS for unit in run) and len(run) == 1 and run not in _TEN_LIKE:
        return True
    if after in ("几", "来", "多", "余") and run in _TEN_LIKE:
        return True
    if len(run) == 1 and kind != "ordinal":
        return not (after and after in _MEASURES)
    return run == "千万" and not (after and after in _MEASURES)
