"""Does an expression that sees whole texts take more than linear time? Each of cleaning and splitting, n and 8n."""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
import re
import sys
import time
from collections.abc import Iterator

import aligner.clean
import aligner.split

ROOMS = aligner.clean, aligner.split
_SHORT = 24  # characters, at which nothing takes long that does not double with each
_LENGTH, _TIMES = 4_000, 8  # characters, and how often as many
_SLOW = 0.02  # seconds at the greater length: below it a clock says nothing
_LINEAR = 24.0  # 8 is linear, 64 quadratic; the rest is room for a busy machine
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


Use = tuple[re.Pattern[str], bool]
"""An expression, and whether it is looked for anywhere."""


def slow_patterns() -> list[str]:
    """A line for each expression that takes more than linear time on some text."""
    faults = []
    for name, pattern in patterns():
        use = pattern, searched(*name.rsplit(".", 1))
        for unit in units_of(pattern):
            if grows(use, unit):
                faults.append(f"{name}: {pattern.pattern[:80]!r} on {unit!r} repeated")
                break
    return faults


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled expression of the rooms' modules, by its name."""
    seen = set()
    for module in (
        found for room in ROOMS for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
    ):
        names = vars(importlib.import_module(module.name))
        for name, value in names.items():
            for each in value if isinstance(value, tuple | list) else [value]:
                if isinstance(each, re.Pattern) and isinstance(each.pattern, str) and each not in seen:
                    seen.add(each)
                    yield f"{module.name}.{name}", each


def units_of(pattern: re.Pattern[str]) -> list[str]:
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
    for ending in ("", "\u0000"):
        if seconds(use, unit, _SHORT, ending) > _SLOW:
            return True
        last = seconds(use, unit, _TIMES * _LENGTH, ending)
        if last > _SLOW:
            first = min(seconds(use, unit, _LENGTH, ending) for _ in range(3))
            last = min(last, *(seconds(use, unit, _TIMES * _LENGTH, ending) for _ in range(2)))
            if last > _LINEAR * max(first, 1e-5) and last > _SLOW:
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
