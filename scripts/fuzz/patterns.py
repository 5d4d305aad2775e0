"""Does an expression that sees whole texts take more than linear time? Each of cleaning and splitting, n, 2n and 4n.

Those of both libraries, `re` and `regex`, that the modules hold, and the rules for the ends of sentences of every
language. Faults show at great lengths only, so n grows until a clock can tell.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
import re
import sys
import time
from collections.abc import Iterable, Iterator

import regex

import aligner.clean
import aligner.split
from aligner.language.facts import shipped
from aligner.split.srx import own_rules

ROOMS = aligner.clean, aligner.split
_SHORT = 24  # characters, at which nothing takes long that does not double with each
_LONGEST = 2_000, 8_000, 32_000  # characters: 4n, until a clock can tell
_SLOW = 0.02  # seconds at 4n: below it a clock says nothing
_LINEAR = (
    3.0  # times as long for twice as much: 2 is linear, 4 quadratic; the rest is room for a busy machine
)
_TRIES = 3  # of which the quickest counts
_ALWAYS = (
    " ",
    "a",
    "A1",
    "12, ",
    "<",
    "<a ",
    "<!-- -->",
    "（",
    "“",
    "……",
    "-",
    "\n",
    "中",
    "。",
    "http://",
    "&#",
)


Pattern = re.Pattern[str] | regex.Pattern[str]
Use = tuple[Pattern, bool]
"""An expression, and whether it is looked for anywhere."""


def slow_patterns() -> list[str]:
    """A line for each expression that takes more than linear time on some text."""
    faults = []
    for name, use in uses():
        for unit in units_of(use[0]):
            if grows(use, unit):
                faults.append(f"{name}: {use[0].pattern[:80]!r} on {unit!r} repeated")
                break
    return faults


def uses() -> Iterator[tuple[str, Use]]:
    """Every expression of the rooms' modules by its name, then the rules of every language."""
    seen: set[Pattern] = set()
    for name, pattern in _compiled():
        if pattern not in seen:
            seen.add(pattern)
            yield name, (pattern, searched(*name.rsplit(".", 1)))
    for language in shipped():
        rules = own_rules(language)
        for pattern, anywhere in [
            *((cut, True) for cut in rules.cuts), *((group, False) for _, group in rules.groups)
        ]:  # fmt: skip
            if pattern not in seen:
                seen.add(pattern)
                yield f"sentences of {language}", (pattern, anywhere)


def _compiled() -> Iterator[tuple[str, Pattern]]:
    for module in (
        found for room in ROOMS for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
    ):
        for name, value in vars(importlib.import_module(module.name)).items():
            held = value.values() if isinstance(value, dict) else value
            for each in held if isinstance(held, Iterable) and not isinstance(held, str) else [value]:
                if isinstance(each, re.Pattern | regex.Pattern) and isinstance(each.pattern, str):
                    yield f"{module.name}.{name}", each


def units_of(pattern: Pattern) -> list[str]:
    """Texts that repeat what the expression itself looks for."""
    own = re.sub(r"\\[a-zA-Z]|[\\()|?*+{}\[\]^$]", " ", pattern.pattern).split()
    pieces = list(dict.fromkeys([*(piece[:12] for piece in own), *_ALWAYS]))[:24]
    pairs = ["".join(pair) for pair in itertools.permutations(pieces[:5], 2)]
    return pieces + pairs


def searched(module: str, name: str) -> bool:
    """Whether the module looks for it anywhere in a text; one that is only matched where it begins costs less."""
    source = inspect.getsource(sys.modules[module])
    return re.search(
        rf"\b{name}\.(search|finditer|findall|sub|subn|split)\b", source
    ) is not None or not re.search(rf"\b{name}\.(match|fullmatch)\b", source)


def grows(use: Use, unit: str) -> bool:
    """Whether each doubling of the text takes far more than twice as long."""
    return any(_grows(use, unit, ending) for ending in ("", "\u0000"))


def _grows(use: Use, unit: str, ending: str) -> bool:
    if seconds(use, unit, _SHORT, ending) > _SLOW:
        return True
    for longest in _LONGEST:
        if seconds(use, unit, longest, ending) > _SLOW:
            n, twice, four = (
                min(seconds(use, unit, length, ending) for _ in range(_TRIES))
                for length in (longest // 4, longest // 2, longest)
            )
            if four > _SLOW and twice > _LINEAR * max(n, 1e-5) and four > _LINEAR * twice:
                return True
    return False


def seconds(use: Use, unit: str, length: int, ending: str) -> float:
    pattern, anywhere = use
    text = (unit * (length // len(unit) + 1))[:length] + ending
    start = time.process_time()
    if anywhere:
        for _ in pattern.finditer(text):
            pass
    else:
        pattern.match(text)
        pattern.fullmatch(text)
    return time.process_time() - start
