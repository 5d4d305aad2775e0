"""Which document goes with which, told by their names alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path, PurePosixPath

from aligner.errors import InputError

_HAN_MARK = (
    "(?:简体|繁体|簡體|繁體)?(?:中文|英文|日文|法文|德文|俄文|韩文|韓文|西文|汉语|漢語|英语|英語|日语|日語|法语|法語"
    "|德语|德語|俄语|俄語|韩语|韓語|日本語|原文|译文|譯文)(?:版本|版|稿|本)?"
)
_HAN = re.compile(f"^{_HAN_MARK}|{_HAN_MARK}$")
_HAN_ALONE = frozenset("中英日法德俄韩韓汉漢西")
_VERSION = re.compile(r"v(?:er(?:sion)?)?\d+|rev\d*|final|draft|copy|neu|new|定稿|终稿|終稿|副本|修订|修訂")
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_|\s+")
_JUNK = re.compile(r"^(?:\..*|~\$.*|Thumbs\.db|desktop\.ini|.*\.(?:bak|tmp|part|journal))$", re.IGNORECASE)


def list_documents(folder: Path) -> list[Path]:
    """The files below `folder`, in order of name; hidden ones and leftovers of other programs are not documents."""
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; name a folder of documents, or a manifest (.tsv, .jsonl, .csv)"
        )
    found = [
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(_JUNK.match(part) for part in path.relative_to(folder).parts)
    ]
    if not found:
        raise InputError(f"{folder}: no documents in it")
    return sorted(found)


def pair_by_name(
    sources: Sequence[str], targets: Sequence[str]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Pairs of numbers into two lists of relative names, and the numbers on each side that are left.

    A pair is what is alike on both sides and unlike all else there: first the names as they are, then without
    suffix and case, then without a language's code at the end or the beginning, then anywhere, then without
    versions, at last without folders.
    """
    left, right = list(range(len(sources))), list(range(len(targets)))
    pairs: list[tuple[int, int]] = []
    for key in _KEYS:
        found = list(_unique_on_both(key, [(n, sources[n]) for n in left], [(n, targets[n]) for n in right]))
        pairs += found
        gone_left, gone_right = {a for a, _ in found}, {b for _, b in found}
        left = [n for n in left if n not in gone_left]
        right = [n for n in right if n not in gone_right]
    return sorted(pairs), left, right


def _unique_on_both(
    key: Callable[[str], str], left: Sequence[tuple[int, str]], right: Sequence[tuple[int, str]]
) -> Iterator[tuple[int, int]]:
    sides: list[dict[str, list[int]]] = []
    for names in (left, right):
        side: dict[str, list[int]] = {}
        for number, name in names:
            side.setdefault(key(name), []).append(number)
        sides.append(side)
    for value, numbers in sides[0].items():
        others = sides[1].get(value, [])
        if value and len(numbers) == len(others) == 1:
            yield numbers[0], others[0]


def _plain(name: str) -> str:
    path = PurePosixPath(unicodedata.normalize("NFKC", name).casefold())
    return str(path.with_suffix("")) if path.suffix[1:] not in _LANGUAGES else str(path)


def _without_codes(name: str, edges_only: bool) -> str:
    return "/".join(
        bare for part in _plain(name).split("/") if (bare := _part_without_codes(part, edges_only))
    )


def _part_without_codes(part: str, edges_only: bool) -> str:
    tokens = [_HAN.sub("", token) for token in _TOKEN.findall(part)]
    words = [at for at, token in enumerate(tokens) if token and token[0].isalnum()]
    coded = {at for at in words if tokens[at] in _LANGUAGES or tokens[at] in _HAN_ALONE}
    if edges_only and words:
        last = words[-1] - 2 if len(words) > 1 and tokens[words[-1]] in _REGIONS else words[-1]
        coded &= {words[-1], last} if words[-1] in coded or last in coded else {words[0], words[0] + 2}
    coded |= {at + 2 for at in coded if at + 2 in words and tokens[at + 2] in _REGIONS}
    return " ".join(tokens[at] for at in words if at not in coded and tokens[at])


def _without_versions(name: str) -> str:
    bare = _VERSION.sub(" ", _without_codes(name, edges_only=False).replace(" ", ""))
    return " ".join(bare.split())


def _read_marks() -> dict[str, frozenset[str]]:
    text = files("aligner.corpus").joinpath("name_marks.txt").read_text(encoding="utf-8")
    bare = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    sections = (section.split("]", 1) for section in bare.split("[")[1:])
    return {name: frozenset(words.split()) for name, words in sections}


_MARKS = _read_marks()
_LANGUAGES, _REGIONS = _MARKS["languages"], _MARKS["regions"]

_KEYS: tuple[Callable[[str], str], ...] = (
    str,
    _plain,
    lambda name: _without_codes(name, edges_only=True),
    lambda name: _without_codes(name, edges_only=False),
    _without_versions,
    lambda name: _without_codes(PurePosixPath(name).name, edges_only=False),
    lambda name: _without_versions(PurePosixPath(name).name),
)
