"""A date or a time of a workbook as its cell shows it: `2024年3月5日`, `5-Mar-24`, `14:30`, `2:30 PM`.

ECMA-376 part 1, 18.8.31. Formats that follow the country of the machine (the built-in 14 and 22) and names of months
in other languages than English are left to the caller.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<country>[^\]]*)\]|\[(?:[A-Z]+|Color ?\d+)\](?!\w)|_.|\*.'
    r"|(?P<half>AM/PM|A/P|上午/下午)|(?P<part>y+|m+|d+|h+|s+(?:\.0+)?|a{3,4})|(?P<plain>.)",
    re.I | re.S,
)
_SPAN_PART = re.compile(r"\[?(?P<unit>h+|m+|s+)\]?", re.I)
_SPAN = re.compile(r"\[(?:h{1,4}|m{1,4}|s{1,4})\](?::(?:mm|ss))*", re.I)
_SECONDS = {"h": 3600, "m": 60, "s": 1}
_BY_COUNTRY = frozenset({"mm-dd-yy", "m/d/yy h:mm", "m/d/yy", "mm/dd/yy"})
_ENGLISH = frozenset({"", "409", "809", "c09", "1009", "en-us", "en-gb"})
_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_CHINESE_DAYS = "一二三四五六日"
_Moment = datetime.datetime | datetime.date | datetime.time


def shown_date(value: _Moment, number_format: str) -> str | None:
    """The moment as a cell with this format shows it; None where the format is not understood."""
    text = number_format.split(";")[0]
    if text.lower() in _BY_COUNTRY or re.search(r"\[[hms]+\]", text, re.I):
        return None
    tokens = _tokens(text)
    if tokens is None:
        return None
    moment = _as_datetime(value)
    halved = any(kind == "half" for kind, _ in tokens)
    parts = [_part(kind, text, moment, halved) for kind, text in tokens]
    return None if None in parts else "".join(part for part in parts if part is not None).strip()


def shown_span(value: datetime.timedelta, number_format: str) -> str | None:
    """A span of time as its cell shows it, `[h]:mm` as `36:00`; None where the format is not understood."""
    text = number_format.split(";")[0].replace('"', "")
    seconds = round(value.total_seconds())
    if seconds < 0 or not _SPAN.fullmatch(text):
        return None

    def written(match: re.Match[str]) -> str:
        unit = match["unit"].lower()
        size = _SECONDS[unit[0]]
        count = seconds // size if match[0][0] == "[" else seconds // size % 60
        return f"{count:0{len(unit)}}"

    return _SPAN_PART.sub(written, text)


def _as_datetime(value: _Moment) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return value
    if isinstance(value, datetime.time):
        return datetime.datetime.combine(datetime.date(1900, 1, 1), value)
    return datetime.datetime.combine(value, datetime.time())


@lru_cache(maxsize=256)
def _tokens(text: str) -> Sequence[tuple[str, str]] | None:
    """Pairs of kind and text; minutes are told from months by what stands beside them."""
    if len(text) > len(bytes(256)):
        return None
    found: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "country":
            language = match["country"].rpartition("-")[2].lower().removeprefix("x-").split(",")[0]
            if language.lstrip("0") not in _ENGLISH and re.search(r"mmm|ddd", text, re.I):
                return None
        elif kind == "part":
            found.append((match["part"][0].lower(), match["part"].lower()))
        elif kind:
            found.append((kind if kind == "half" else "text", match[kind]))
    return [_minute(found, number) for number in range(len(found))]


def _minute(tokens: Sequence[tuple[str, str]], number: int) -> tuple[str, str]:
    kind, text = tokens[number]
    if kind != "m" or len(text) > len("mm"):
        return kind, text
    before = next((k for k, _ in reversed(tokens[:number]) if k in "ymdhs"), "")
    after = next((k for k, _ in tokens[number + 1 :] if k in "ymdhs"), "")
    return ("minute" if before == "h" or after == "s" else kind), text


def _part(kind: str, text: str, at: datetime.datetime, halved: bool) -> str | None:
    if kind == "text":
        return text
    if kind == "half":
        names = text.split("/")
        return names[at.hour >= 12]  # noqa: PLR2004 - noon
    if kind == "a":
        return ("星期" if len(text) > len("aaa") else "") + _CHINESE_DAYS[at.weekday()]
    long = len(text) > 1
    if kind == "y":
        return f"{at.year:04}" if len(text) > len("yy") else f"{at.year % 100:02}"
    if kind in "md" and len(text) > len("mm"):
        name = _MONTHS[at.month - 1] if kind == "m" else _DAYS[at.weekday()]
        return name if len(text) == len("mmmm") else name[:1] if len(text) > len("mmmm") else name[:3]
    if kind == "s" and "." in text:
        return None
    number = {
        "m": at.month, "d": at.day, "h": (at.hour % 12 or 12) if halved else at.hour,
        "minute": at.minute, "s": at.second,
    }[kind]  # fmt: skip
    return f"{number:02}" if long else str(number)
