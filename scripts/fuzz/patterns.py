"""Does an expression that sees whole texts take more than linear time? Each of the project's, n, 2n and 4n.

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

import aligner
from aligner.language.facts import shipped
from aligner.split.srx import own_rules

# What its module gives it is short, has no blanks at its ends or ends in what it looks for.
BOUNDED = frozenset({
    "aligner.read.html_parts._LABEL", "aligner.read.markup._TAG", "aligner.read.number_format._FRACTION",
    "aligner.read.languages._AT_END", "aligner.read.languages._LAST", "aligner.read.pdf_words._LAST_PART",
    "aligner.read.pdf_words._LAST_WORD",
    "aligner.check.plain._ATTRIBUTE", "aligner.check.repair._SEG",
})  # fmt: skip
_SHORT = 24  # characters, at which nothing takes long that does not double with each
_LONGEST = 2_000, 8_000, 32_000  # characters: 4n, until a clock can tell
_SLOW = 0.02  # seconds at 4n: below it a clock says nothing
_LINEAR = (
    3.0  # times as long for twice as much: 2 is linear, 4 quadratic; the rest is room for a busy machine
)
_TRIES = 3  # of which the quickest counts
_ROOM = 2  # what a quick look may take less by chance
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
Use = tuple[Pattern, frozenset[str]]
"""An expression, and how it is looked for: `search` stands for anywhere, `match`, `fullmatch`."""
_ANYWHERE = frozenset({"search"})
_REPEATS = re.compile(r"[*+{]")  # without it the same few characters are looked at from each place


def slow_patterns() -> list[str]:
    """A line for each expression that takes more than linear time on some text."""
    faults = []
    for name, use in uses():
        if not _REPEATS.search(use[0].pattern):
            continue
        for unit in units_of(use[0]):
            if all(grows(use, unit) for _ in range(_TRIES)):  # another process may have slowed one
                faults.append(f"{name}: {use[0].pattern[:80]!r} on {unit!r} repeated")
                break
    return faults


def uses() -> Iterator[tuple[str, Use]]:
    """Every expression that a module holds by its name, then the rules of every language."""
    seen: set[Pattern] = set()
    for name, pattern in _compiled():
        if pattern not in seen and name not in BOUNDED:
            seen.add(pattern)
            yield name, (pattern, searched(*name.rsplit(".", 1)))
    for language in shipped():
        rules = own_rules(language)
        for pattern, ways in [
            *((cut, _ANYWHERE) for cut in rules.cuts),
            *((group, frozenset({"match"})) for _, group in rules.groups),
        ]:
            if pattern not in seen:
                seen.add(pattern)
                yield f"sentences of {language}", (pattern, ways)


def _compiled() -> Iterator[tuple[str, Pattern]]:
    for module in pkgutil.walk_packages(aligner.__path__, "aligner."):
        if module.name == "aligner.__main__":  # begins to run
            continue
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


def searched(module: str, name: str) -> frozenset[str]:
    """How the module looks for it; one that is only matched where it begins costs less."""
    used = frozenset(re.findall(rf"\b{name}\.(\w+)\b", inspect.getsource(sys.modules[module])))
    return used if used and used <= {"match", "fullmatch"} else _ANYWHERE


def grows(use: Use, unit: str) -> bool:
    """Whether each doubling of the text takes far more than twice as long."""
    return any(_grows(use, unit, ending) for ending in ("", "\u0000"))


def _grows(use: Use, unit: str, ending: str) -> bool:
    if seconds(use, unit, _SHORT, ending) > _SLOW:
        return True
    for longest in _LONGEST:
        taken = seconds(use, unit, longest, ending)
        if _ROOM * taken * (_LONGEST[-1] / longest) ** 2 < _SLOW:
            return False  # not even squared would it show at the greatest length
        if taken > _SLOW:
            n, twice, four = (
                min(seconds(use, unit, length, ending) for _ in range(_TRIES))
                for length in (longest // 4, longest // 2, longest)
            )
            if four > _SLOW and twice > _LINEAR * max(n, 1e-5) and four > _LINEAR * twice:
                return True
    return False


def seconds(use: Use, unit: str, length: int, ending: str) -> float:
    pattern, ways = use
    text = (unit * (length // len(unit) + 1))[:length] + ending
    start = time.process_time()
    if "match" in ways:
        pattern.match(text)
    if "fullmatch" in ways:
        pattern.fullmatch(text)
    if ways == _ANYWHERE:
        for _ in pattern.finditer(text):
            pass
    return time.process_time() - start
