"""Language tags (BCP 47): checked, named, taken apart."""

from __future__ import annotations

import re

from aligner.errors import UsageError
from aligner.language.facts import facts


def is_chinese(tag: str) -> bool:
    """Whether a language code is one of Chinese."""
    return primary(tag) in {"zh", "zho", "chi", "cmn", "yue", "lzh"}


def is_rtl(tag: str) -> bool:
    """Whether a language is written from right to left."""
    return bool(facts(primary(tag)).get("right_to_left"))


def is_named(language: str) -> bool:
    """Whether there is a name for a primary subtag."""
    return "name" in facts(language)


_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}(?:-[a-z]{3}){0,3})"
    r"(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?"
    r"|x(?:-[a-z\d]{1,8})+",
    re.IGNORECASE | re.ASCII,
)

_TRADITIONAL_REGIONS = frozenset({"TW", "HK", "MO"})


def primary(tag: str) -> str:
    """The language subtag in lower case: `zh` of `zh-Hant-TW`."""
    return tag.replace("_", "-").split("-", 1)[0].lower()


def is_valid_tag(tag: str) -> bool:
    """Whether `tag` has the shape of a BCP 47 tag; whether it is registered is not checked."""
    return _TAG.fullmatch(tag) is not None


def is_known_tag(tag: str) -> bool:
    """Whether `tag` has the shape of a BCP 47 tag or of a POSIX locale, and its language has a name here."""
    return is_valid_tag(tag.replace("_", "-")) and is_named(primary(tag))


def check_tag(tag: str) -> str:
    """`tag` with the usual capitals (`zh-hans` gives `zh-Hans`). Raises `UsageError`, with a suggestion."""
    from aligner.language.suggestion import is_registered, suggestion

    meant = suggestion(tag)
    if meant is None and is_valid_tag(tag) and is_registered(tag):
        return _with_capitals(tag)
    hint = f"say {meant}" if meant else "say a BCP 47 tag such as zh-Hans, en or pt-BR"
    raise UsageError(f"language {tag!r} is not a language tag; {hint}")


def _with_capitals(tag: str) -> str:
    match = _TAG.fullmatch(tag)
    if not match or not match["language"]:
        return tag.lower()
    script, region = (match["script"] or "").title(), (match["region"] or "").upper()
    rest = tag[max(match.end("language"), match.end("script"), match.end("region")) :].lower()
    return "-".join(part for part in (match["language"].lower(), script, region) if part) + rest


def name(tag: str) -> str:
    """What to call the language in a message: `traditional Chinese` for `zh-Hant`, else the tag itself."""
    if primary(tag) == "zh" and tag != "zh":
        tag = "zh-Hant" if _wants_traditional(tag) else "zh-Hans"
    known = facts(primary(tag))
    return known.get("names", {}).get(tag) or known.get("name") or tag


def _wants_traditional(tag: str) -> bool:
    parts = _with_capitals(tag).split("-")
    return "Hant" in parts or ("Hans" not in parts and not _TRADITIONAL_REGIONS.isdisjoint(parts))
