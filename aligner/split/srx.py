"""Segmentation rules in SRX 2.0, the project's own or the user's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import regex

from aligner.errors import InputError
from aligner.files import ordinary
from aligner.language.facts import facts, facts_signature, remembered
from aligner.language.tags import name, primary

_OWN_RULES = "sentences.srx"
_GROUPS = "<languagerules>"
# What is added to a language to choose the finer rules as well.
FINE = "-x-fine"
_FIRST, _LAST = (
    f'<languagemap languagepattern=".*" languagerulename="{group}"/>'
    for group in ("Full-width signs", "Any language")
)

# OmegaT's own file is 0.15 MB; LanguageTool's, the largest in use, 0.5 MB.
_MAX_RULES_BYTES = 10_000_000

# Seconds that one pattern may search one paragraph: a start, and 10 times what our slowest needs a character.
_PATIENCE, _PATIENCE_PER_CHARACTER = 20.0, 1e-5


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one language: groups that keep together or cut, in turn; the first that fits decides.

    `cuts` are the cutting rules one by one: only where one of them fits need the groups be asked.
    """

    groups: tuple[tuple[bool, regex.Pattern[str]], ...]
    cuts: tuple[regex.Pattern[str], ...]

    def breaks(self, paragraph: str) -> Iterator[int]:
        """Places in `paragraph` where a sentence ends, ascending. `TimeoutError` if a rule explodes."""
        patience = _PATIENCE + _PATIENCE_PER_CHARACTER * len(paragraph)
        # One search a rule: five times as fast as one search for all of them.
        places = {found.start() for cut in self.cuts for found in cut.finditer(paragraph, timeout=patience)}
        for place in sorted(places):
            for is_break, pattern in self.groups:
                if pattern.match(paragraph, place, timeout=patience):
                    if is_break:
                        yield place
                    break


def _rules(lang: str, srx: Path | None) -> Rules:
    if srx is None:
        return own_rules(lang)
    try:
        if ordinary(srx).stat().st_size > _MAX_RULES_BYTES:
            raise InputError(
                f"{srx}: larger than {_MAX_RULES_BYTES // 1_000_000} MB, no file of segmentation rules"
            )
        data = srx.read_bytes()
    except OSError as error:
        raise InputError(f"{srx}: can't read the segmentation rules: {error.strerror}") from None
    return _read_srx(data, lang, str(srx), foreign=True)


@remembered
def rules_signature(srx: Path | None = None) -> str:
    """A short hash of the rules in force: our own, or those of the file `srx`."""
    data = srx.read_bytes() if srx else _shared() + facts_signature().encode()
    return f"{srx.name if srx else 'own'}-{hashlib.sha256(data).hexdigest()[:8]}"


@remembered
def own_rules(lang: str) -> Rules:
    """Our rules for the language of `lang`, a BCP 47 tag."""
    return _read_srx(
        own_srx([primary(lang)], fine=lang.endswith(FINE)), lang, f"the rules of {primary(lang)}.toml"
    )


def own_srx(languages: Iterable[str], *, fine: bool = False) -> bytes:
    """Our rules for all languages and those of `languages` (primary subtags) as a document that other programs read.

    `fine`: with the rules that `--split fine` asks before all others.
    """
    keys = (("sentences_fine", _FIRST),) if fine else ()
    text = _shared().decode()
    groups: dict[str, str] = {}
    for language in languages:
        for key, place in (*keys, ("sentences", _FIRST), ("sentences_late", _LAST)):
            owner = facts(language).get(f"{key}_as", language)
            rules = facts(owner).get(key, "")
            if not rules:
                continue
            group = f"{name(owner)}, {key}"
            groups[group] = f'<languagerule languagerulename="{group}">{rules}</languagerule>\n'
            mapped = f'<languagemap languagepattern="{language}([-_].*)?" languagerulename="{group}"/>\n'
            text = text.replace(place, mapped + place)
    return text.replace(_GROUPS, _GROUPS + "\n" + "".join(groups.values())).encode()


def _shared() -> bytes:
    """The rules for all languages; those of a language come before full-width signs, or late, after them."""
    return (resources.files("aligner") / "data" / _OWN_RULES).read_bytes()


def _read_srx(data: bytes, lang: str, where: str, *, foreign: bool = False) -> Rules:
    """The rules that an SRX file holds for `lang`; they cascade unless the header says `cascade="no"`.

    Of `foreign` rules each half must be a pattern by itself; to look at ours so would take as long as the rest.
    """
    root = _parse(data, where)
    groups = {element.get("languagerulename"): element for element in root.iter("{*}languagerule")}
    cascade = all(header.get("cascade") != "no" for header in root.iter("{*}header"))
    rules: list[tuple[bool, str]] = []
    for entry in root.iter("{*}languagemap"):
        pattern, rule_name = entry.get("languagepattern") or "", entry.get("languagerulename")
        if not _compile(pattern, where, regex.IGNORECASE | regex.DOTALL).fullmatch(lang):
            continue
        if rule_name not in groups:
            raise InputError(
                f"{where}: the language map names {rule_name!r}, but there is no such languagerule"
            )
        found = list(groups[rule_name].iter("{*}rule"))
        for rule in found if foreign else ():
            for half in _halves(rule):
                _compile(half, where)
        rules += map(_read_rule, found)
        if not cascade:
            break
    return _group(rules, where)


def _parse(data: bytes, where: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"{where}: no SRX file, it isn't well-formed XML: {_first_line(error)}") from None
    if etree.QName(root).localname != "srx" or next(root.iter("{*}languagemap"), None) is None:
        raise InputError(f"{where}: no SRX file: <srx> with a <languagemap> is expected, found <{root.tag}>")
    if next(root.iter(etree.Entity), None) is not None:
        raise InputError(
            f"{where}: holds entities of its own, which are not read; write the characters instead"
        )
    return root


def _read_rule(rule: Any) -> tuple[bool, str]:
    """Whether it breaks, and one pattern that fits, without width, the places of the rule."""
    before, after = _halves(rule)
    return rule.get("break") != "no", f"(?={after})(?<={before})"


def _halves(rule: Any) -> tuple[str, str]:
    """The patterns of what stands before and behind the place."""
    before, after = (_from_java(rule.findtext("{*}" + tag) or "") for tag in ("beforebreak", "afterbreak"))
    return before, after


def _from_java(pattern: str) -> str:
    """Patterns are written for ICU or Java, whose `\\x{201D}` and `\\Q...\\E` are spelt otherwise here."""
    pattern = regex.sub(r"\\x\{([0-9A-Fa-f]{1,8})\}", lambda m: f"\\U{int(m[1], 16):08X}", pattern)
    return str(regex.sub(r"\\Q(.*?)(?:\\E|$)", lambda m: regex.escape(m[1]), pattern))


def _group(rules: list[tuple[bool, str]], where: str) -> Rules:
    groups: list[tuple[bool, list[str]]] = []
    for is_break, pattern in rules:
        if not groups or groups[-1][0] != is_break:
            groups.append((is_break, []))
        groups[-1][1].append(pattern)
    return Rules(
        tuple((is_break, _compile(_either(patterns), where)) for is_break, patterns in groups),
        tuple(_compile(pattern, where) for is_break, pattern in rules if is_break),
    )


def _either(patterns: list[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def _compile(pattern: str, where: str, flags: int = 0) -> regex.Pattern[str]:
    try:
        return regex.compile(pattern, regex.VERSION1 | flags)
    except (regex.error, OverflowError, RecursionError) as error:
        raise InputError(
            f"{where}: can't understand the pattern {pattern[:80]!r}: {_first_line(error)}"
        ) from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
