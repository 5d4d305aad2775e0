"""Which language each document of a folder is in, where their names say it: `ch1.en`, `zh/ch1`, `values-de/strings`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from aligner.errors import UsageError
from aligner.language.suggestion import suggestion
from aligner.language.tags import check_tag, is_named, primary

# A code at the end or the beginning of a part of a name, or the whole of it; Android writes `zh-rCN` for zh-CN.
_CODE = r"[^\W\d_]{2,12}(?:[-_]r?(?:[A-Z]{2}|[a-z]{2}|[A-Za-z][a-z]{3}|\d{3}))?"
_AT_END = re.compile(rf"(?P<bare>.*?)[\s._-]*[\s._(\[-](?P<code>{_CODE})[)\]]?")
# `zh` of `annual_report_zh`, where the expression before takes `report_zh` for a code.
_LAST = re.compile(rf"(?P<bare>.*)[\s._(\[-](?P<code>{_CODE})[)\]]?")
_AT_BEGINNING = re.compile(rf"[(\[]?(?P<code>{_CODE})[)\]]?[\s._-]+(?P<bare>.*)")
_BASE = re.compile(r"(?<![^/])Base\.(?=lproj/)", re.I)  # Apple's folder of what is translated, without a code
_ANDROID = re.compile(r"[-_]r?(?=[A-Z]{2}$)")
# No system has longer names in a folder; those of a zip may be.
_LONGEST_NAME = 255
# The smallest part of the documents that must be there in two languages.
_SHARED = 0.5


def by_language(names: Sequence[str]) -> dict[str, dict[str, str]]:
    """The names of each language, by the name without its code; empty where the names don't tell languages apart.

    Keys are BCP 47 tags in the order of the names; "" is that of documents without a code. `names` have no suffix.
    """
    found: dict[str, dict[str, str]] = {}
    for name in names:
        bare, tag = split_name(name)
        if bare in found.setdefault(tag, {}):
            return {}
        found[tag][bare] = name
    documents = {bare for group in found.values() for bare in group}
    shared = sum(sum(bare in group for group in found.values()) > 1 for bare in documents)
    return found if len(found) > 1 and shared >= _SHARED * len(documents) else {}


def source_first(tags: Sequence[str], is_programme: bool) -> tuple[list[str], bool]:
    """`tags`, as `by_language` gives them, with the source first, and whether a convention says which it is.

    The source has no code (`values/` beside `values-de/`, `messages.properties` beside `messages_de.properties`). Of
    the texts of a programme that all have codes it is English.
    """
    english = sorted((tag for tag in tags if primary(tag) == "en"), key=len) if is_programme else []
    source = "" if "" in tags else english[0] if english else None
    return sorted(tags, key=lambda tag: tag != source), source is not None


def without_codes(names: Sequence[str]) -> tuple[str, ...]:
    """The names without their codes, or as they are where that would make two alike."""
    bare = tuple(split_name(name)[0] for name in names)
    return bare if len(set(bare)) == len(bare) else tuple(names)


@lru_cache(maxsize=4096)
def split_name(name: str) -> tuple[str, str]:
    """A relative name without the code of its language, and the tag; the last part that has one counts.

    Of `it/notes.en` that is `it/notes` and `en`; of a name without a code the name and "".
    """
    name = _BASE.sub("", name)
    parts = name.split("/")
    for place in range(len(parts) - 1, -1, -1):
        for bare, code in _codes(parts[place]):
            if tag := _tag(code):
                return "/".join((*parts[:place], *([bare] if bare else ()), *parts[place + 1 :])), tag
    return name, ""


def _codes(part: str) -> list[tuple[str, str]]:
    """What a part of a name may be: something and a code, the longer code first."""
    found = [("", part)]
    if len(part) > _LONGEST_NAME:
        return found
    for pattern in (_AT_END, _LAST, _AT_BEGINNING):
        if match := pattern.fullmatch(part):
            found.append((match["bare"], match["code"]))
    return found


@lru_cache(maxsize=4096)
def _tag(code: str) -> str:
    """The tag of a known language that `code` stands for, "" where it is none."""
    if not re.fullmatch(_CODE, code):
        return ""
    code = _ANDROID.sub("-", code).replace("_", "-")
    try:
        tag = check_tag(suggestion(code) or code)
    except UsageError:
        return ""
    return tag if is_named(primary(tag)) else ""
