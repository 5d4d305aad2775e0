"""What is known of a language: one file each, `data/xx.toml`, all of whose keys may be missing.

`data/README.md` says what each key means. A language more is a file more, here or outside (`with_language`).
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from aligner.errors import InputError
from aligner.system.listed import listed_in

# The keys of a file, each with what it must be.
KEYS: Mapping[str, type] = {
    "name": str, "names": dict, "right_to_left": bool, "decimal_point": bool, "elides": bool, "stemmer": str,
    "stop_words": str, "sentences": str, "sentences_as": str, "sentences_late": str, "sentences_late_as": str,
    "sentences_fine": str, "sentences_fine_as": str,
    "numbers": dict, "quantities": dict, "terms": dict,
}  # fmt: skip

_Params = ParamSpec("_Params")
_Value = TypeVar("_Value")
_ADDED: list[tuple[str, Mapping[str, Any]]] = []
_FORGET: list[Callable[[], None]] = []


def remembered(function: Callable[_Params, _Value]) -> Callable[_Params, _Value]:
    """`function` of a language with a memory, which is lost where `with_language` changes what is known."""
    cached = lru_cache(maxsize=128)(function)
    _FORGET.append(cached.cache_clear)

    def recalled(*args: _Params.args, **kwargs: _Params.kwargs) -> _Value:
        return cached(*args, **kwargs)  # type: ignore[arg-type]

    recalled.__name__, recalled.__doc__ = function.__name__, function.__doc__
    return recalled


@remembered
def facts(language: str) -> Mapping[str, Any]:
    """What the file of a primary subtag says, in lower case; nothing where there is none."""
    for tag, known in _ADDED:
        if tag == language:
            return known
    own = files("aligner.language") / "data" / f"{language}.toml"
    return tomllib.loads(own.read_text(encoding="utf-8")) if language.isalpha() and own.is_file() else {}


@remembered
def words_in(language: str, *keys: str) -> frozenset[str]:
    """The words that stand, parted by blanks, under `keys` one in the other; none where they are missing."""
    found: Any = facts(language)
    for key in keys:
        found = found.get(key, {})
    return frozenset(found.split()) if found else frozenset()


def shipped() -> list[str]:
    """The subtags that have a file of the package's own."""
    folder = files("aligner.language") / "data"
    return sorted(each.name[: -len(".toml")] for each in folder.iterdir() if each.name.endswith(".toml"))


@remembered
def facts_signature() -> str:
    """Eight digits that change with what is known of any language."""
    folder = files("aligner.language") / "data"
    digest = hashlib.sha256(b"".join((folder / f"{tag}.toml").read_bytes() for tag in shipped()))
    digest.update(repr(_ADDED).encode() if _ADDED else b"")
    return digest.hexdigest()[:8]


@contextmanager
def with_language(path: str | Path) -> Iterator[None]:
    """Know one more language inside the block, or know one otherwise: `path` is a file `xx.toml` of subtag `xx`.

    Raises `InputError` for a file that can't be read, a name that is no subtag and a key that there isn't.
    """
    path = Path(path)
    if not (path.stem.isalpha() and path.stem.islower() and path.stem.isascii() and path.suffix == ".toml"):
        raise InputError(
            f"{path}: a language's file is called by its subtag in small letters, such as am.toml"
        )
    try:
        with listed_in(_ADDED, (path.stem, _checked(path)), first=True):
            _forget()
            yield
    finally:
        _forget()


def _forget() -> None:
    for each in _FORGET:
        each()


def _checked(path: Path) -> Mapping[str, Any]:
    try:
        known = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: can't read the language's file: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: no TOML file: {error}") from None
    for key, value in known.items():
        if key not in KEYS:
            raise InputError(f"{path}: there is no key {key!r}; the keys are {', '.join(KEYS)}")
        if not isinstance(value, KEYS[key]):
            raise InputError(f"{path}: {key} must be a {KEYS[key].__name__}, not {value!r:.40}")
    return known
