"""The language code that somebody meant: zh-CN for `cn`, en-GB for `en-UK`, de for `Deutsch`.

Which subtags exist comes from IANA's registry (RFC 5646) through langcodes; what people write instead is listed here.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Names of languages as people give them to `--src-lang` or a TMX, in their own and in some other languages.
_NAMES = {
    "zh-CN": "chinese mandarin 中文 汉语 漢語 华文 普通话 chinois chinesisch chino cinese китайский 中国語 중국어",
    "zh-Hans": "简体 简体中文 簡體中文 简中 simplified simplified-chinese chinese-simplified chs zh-chs zh-simplified",
    "zh-Hant": "繁体 繁體 繁体中文 繁體中文 正體中文 繁中 traditional traditional-chinese chinese-traditional cht "
    "zh-cht zh-traditional",
    "yue": "cantonese 粤语 粵語 广东话 廣東話",
    "en": "english 英文 英语 英語 anglais englisch inglés ingles inglese английский 영어",
    "en-US": "us usa american american-english", "en-GB": "gb gbr british british-english",
    "ja": "japanese 日文 日语 日語 日本語 japonais japanisch japonés giapponese японский 일본어 jp",
    "ko": "korean 韩文 韩语 韓文 韓語 한국어 coréen koreanisch coreano kr kp rok",
    "fr": "french français francais 法文 法语 法語 französisch francés francese французский",
    "de": "german deutsch 德文 德语 德語 allemand alemán tedesco немецкий",
    "es": "spanish español espanol castellano 西班牙文 西班牙语 espagnol spanisch spagnolo",
    "pt": "portuguese português portugues 葡萄牙语 portugais portugiesisch", "pt-BR": "brazilian brasileiro",
    "it": "italian italiano 意大利语 italien italienisch", "ru": "russian русский 俄文 俄语 俄語 russe russisch ruso",
    "nl": "dutch nederlands 荷兰语 néerlandais niederländisch", "pl": "polish polski 波兰语 polnisch polonais",
    "uk": "ukrainian українська 乌克兰语 ua", "cs": "czech čeština cesky český 捷克语 tschechisch cz",
    "da": "danish dansk 丹麦语 dänisch dk", "sv": "swedish svenska 瑞典语 schwedisch", "el": "greek ελληνικά 希腊语 gr",
    "nb": "norwegian norsk bokmål", "fi": "finnish suomi", "hu": "hungarian magyar", "tr": "turkish türkçe turkce",
    "vi": "vietnamese 越南语 越南語 vn", "th": "thai 泰语 泰語 ไทย", "ar": "arabic العربية 阿拉伯语 arabe arabisch",
    "he": "hebrew עברית 希伯来语 il", "fa": "persian farsi فارسی", "hi": "hindi हिन्दी", "id": "indonesian bahasa",
    "ms": "malay melayu", "ro": "romanian română", "bg": "bulgarian български", "sr": "serbian srpski",
    "hr": "croatian hrvatski", "sk": "slovak slovenčina", "sl": "slovenian slovenščina", "ca": "catalan català",
    "et": "estonian eesti", "lv": "latvian latviešu", "lt": "lithuanian lietuvių", "mn": "mongolian 蒙古语",
    "bo": "tibetan 藏语", "ug": "uyghur uighur 维吾尔语", "kk": "kazakh", "ta": "tamil", "my": "burmese 缅甸语",
    "km": "khmer 柬埔寨语", "lo": "lao 老挝语", "ka": "georgian", "hy": "armenian",
    "ur": "urdu", "bn": "bengali bangla",
    # Countries whose code is no language's, or one of a language that nobody means.
    "zh-TW": "tw twn taiwan taiwanese", "zh-HK": "hk hkg hong-kong hongkong", "zh-MO": "macau", "zh-SG": "sg",
}  # fmt: skip
_MEANT = {word: code for code, words in _NAMES.items() for word in words.split()} | {
    "cn": "zh-CN",
    "chn": "zh-CN",
}
# ISO 3166 codes of three letters, or of a name that is none, after a language.
_REGIONS = {
    "UK": "GB", "EN": "", "GBR": "GB", "USA": "US", "CHN": "CN", "TWN": "TW", "HKG": "HK", "MAC": "MO", "SGP": "SG",
    "JPN": "JP", "KOR": "KR", "DEU": "DE", "GER": "DE", "FRA": "FR", "ESP": "ES", "ITA": "IT", "BRA": "BR",
    "PRT": "PT", "RUS": "RU", "CAN": "CA", "AUS": "AU", "MEX": "MX", "CHE": "CH", "AUT": "AT", "NLD": "NL",
}  # fmt: skip
_NAME_AND_REGION = re.compile(r"([^\W\d_]{4,})[\s-]*[(（]?\s*([A-Za-z]{2,3})\s*[)）]?")
_PARTS = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(?:-(?P<script>[A-Za-z]{4}))?(?:-(?P<region>[A-Za-z]{2,3}))?(?P<rest>-.*)?",
    re.ASCII,
)


@lru_cache(maxsize=256)
def suggestion(tag: str) -> str | None:
    """The code to write instead of `tag`; None where it is right, or nobody can tell what is meant."""
    text = tag.strip().split(".")[0].replace("_", "-")
    spelled = re.sub(r"[\s-]+", "-", text.casefold())
    if spelled in _MEANT:
        return _MEANT[spelled]
    if (named := _NAME_AND_REGION.fullmatch(text)) and named[1].casefold() in _MEANT:
        return _with_region(_MEANT[named[1].casefold()].split("-")[0], named[2].upper())
    parts = _PARTS.fullmatch(text)
    if not parts:
        return None
    found = _repaired(parts)
    return found if found and found != tag and not _is_spelling(found, tag) else None


def is_registered(tag: str) -> bool:
    """Whether every part of `tag` is in the registry; codes for private use are."""
    from langcodes import tag_is_valid

    return bool(tag_is_valid(tag))


def _repaired(parts: re.Match[str]) -> str | None:
    language, script, region, rest = (
        parts["language"].lower(),
        parts["script"],
        parts["region"],
        parts["rest"] or "",
    )
    language = _MEANT.get(language, _shortest(language)) if region or script else _shortest(language)
    language = language.split("-")[0]
    if region and region.upper() in _REGIONS:
        region = _REGIONS[region.upper()]
    elif region and len(region) == len("yue"):  # an extended language, zh-yue
        region = region.lower()
    code = "-".join(part for part in (language, (script or "").title()) if part)
    if not is_registered(code):
        return None
    return (
        _with_region(code, region.upper() if len(region) == len("CN") else region) if region else code
    ) + rest


def _with_region(code: str, region: str) -> str:
    region = _REGIONS.get(region, region)
    return f"{code}-{region}" if region and is_registered(f"{code}-{region}") else code


def _shortest(language: str) -> str:
    """`en` for `eng`, as BCP 47 asks; Mandarin's own code stays."""
    if len(language) != len("eng") or language == "cmn":
        return language
    from langcodes import standardize_tag

    found = str(standardize_tag(language)) if is_registered(language) else language
    return found if len(found) == len("en") else language


def _is_spelling(code: str, tag: str) -> bool:
    """Whether `tag` is `code` in letters that people use: zh-cn and EN-US, but not ZH-HANS."""
    shouted = any(len(part) == len("Hans") and part.isupper() for part in tag.split("-"))
    return code.lower() == tag.lower() and not shouted
