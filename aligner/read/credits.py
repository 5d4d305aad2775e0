"""Who made subtitles, and what is advertised in them: cues that nobody in the film says."""

from __future__ import annotations

import re
from collections.abc import Sequence

# How many cues from the beginning and the end such words are looked for; an address with them stands anywhere.
_EDGE = 5
_MAKING = (
    r"(?:sub(?:title|bing|bed)?s?|caption(?:s|ing|ed)?|translat(?:ed|ion|or)s?|sync(?:ed|hroni[sz]ed|hronization)?"
    r"|timing|timed|ripped|encoded|(?:proof(?:read|ed)|corrected|edited)"
    r"|untertitel(?:ung)?|übersetz(?:t|ung)|sous-titr(?:es|é|és|age)|tradu(?:ction|it|cción|cido|ção|zido|zione|tto)"
    r"|subtítulos|subtitulado|sincroniza(?:do|ción)|legendas|legendado|sottotitoli|ondertitel(?:s|ing|d)|vertaling"
    r"|napisy|tłumaczenie|titulky|přeloži?l[ai]?|altyazı|çeviri|субтитры|перевод|субтитри|переклад)"
)
# `English subtitles by Ann`, `Synced and corrected by Ann`, `Untertitel: Ann`.
_BY = re.compile(
    rf"^\W*(?:\w+\s)?{_MAKING}(?:(?:\s(?:and|und|et|y|e|i)\s|\s?[&,/+]\s?)\w+){{0,3}}"
    r"\s*(?:[:：]|\s(?:by|von|par|por|da|di|door|przez)\s)",
    re.I | re.M,
)
_HAN = re.compile(
    r"(?:字幕|翻译|翻譯|译制|譯製|校对|校對|校订|校訂|时间轴|時間軸|压制|壓制|后期|後期|听译|聽譯|監修|자막|번역|ترجمة)"
    r"(?:制作|製作|提供|组|組|제작)?\s*(?:[:：]|by\b)|字幕[组組]|字幕(?:制作|製作|提供|翻译|翻譯)",
    re.I,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<![\w-])[\w-]+\.(?:com|org|net|tv|info)\b", re.I)
_WORD = re.compile(rf"{_MAKING}|字幕", re.I)


def is_credit(lines: Sequence[str], place: int, count: int) -> bool:
    """Whether cue `place` of `count` names the makers of the subtitles or advertises for them."""
    text = "\n".join(lines)
    if _ADDRESS.search(text) and _WORD.search(text):
        return True
    at_an_edge = place < _EDGE or place >= count - _EDGE
    return at_an_edge and bool(_BY.search(text) or _HAN.search(text))
