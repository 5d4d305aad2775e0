"""Which code each variant of a corrected TMX gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aligner.check.scan import Language, Scan, is_known_code
from aligner.errors import UsageError
from aligner.language.chinese import script_contradicts
from aligner.language.detect import detect
from aligner.language.suggestion import suggestion
from aligner.language.tags import check_tag, primary
from aligner.read.reading import tidy_tag


@dataclass(frozen=True, slots=True)
class Codes:
    """The code to write for each key of `Scan.languages`, and which of them is the source's."""

    tags: dict[str, str]
    source: str

    def tag(self, key: str) -> str:
        """The code for a variant; of a key the scan had no room for, its own."""
        return self.tags.get(key) or tidy_tag(key.partition("#")[0]) or "und"

    def renamed(self) -> Iterator[tuple[str, str]]:
        """Codes of the file that are written differently."""
        for key, tag in self.tags.items():
            if key.partition("#")[0] != tag:
                yield key.partition("#")[0], tag


def choose_codes(scan: Scan, src_lang: str | None, tgt_lang: str | None) -> Codes:
    """The codes of the file, made sound: no underscores, no names, one spelling each.

    A missing one is detected. `src_lang` and `tgt_lang` replace those of the source and the target. Raises
    `UsageError` where they are no codes or the file has several targets.
    """
    for tag in (src_lang, tgt_lang):
        if tag:
            check_tag(tag)
    tags = {key: _sound(key, scan) for key in scan.languages}
    _spell_alike(tags, scan.languages)
    source = _source(tags, scan, src_lang)
    chosen = dict(tags)
    if src_lang:
        chosen |= {key: src_lang for key, tag in tags.items() if _is(tag, source, set(tags.values()))}
    if tgt_lang:
        chosen |= {key: tgt_lang for key in _targets(tags, source, tgt_lang)}
    return Codes(chosen, src_lang or source)


def _sound(key: str, scan: Scan) -> str:
    code, _, _ = key.partition("#")
    language = scan.languages[key]
    sample = language.text()
    if code and not is_known_code(code) and (meant := suggestion(code)):
        return meant
    if not code or not is_known_code(code):
        return detect(sample) if sample.strip() else "und"
    # Two variants under one code in most units: one goes by the wrong name, if its script says so.
    twice = scan.languages.get(f"{code}#1")
    if twice and 2 * twice.units > scan.units and script_contradicts(sample, code.replace("_", "-")):
        return detect(sample)
    return code.replace("_", "-")


def _spell_alike(tags: dict[str, str], languages: dict[str, Language]) -> None:
    """Give codes that differ in their letters' case the commonest spelling."""
    best: dict[str, str] = {}
    for key in sorted(tags, key=lambda key: -languages[key].units):
        tags[key] = best.setdefault(tags[key].lower(), tags[key])


def _source(tags: dict[str, str], scan: Scan, src_lang: str | None) -> str:
    by_first = sorted(tags, key=lambda key: -scan.languages[key].first)
    for wanted in (src_lang or "", scan.srclang.replace("_", "-")):
        for alike in (str.lower, primary):
            found = next(
                (tags[key] for key in by_first if wanted and alike(tags[key]) == alike(wanted)), None
            )
            if found:
                return found
    return tags[by_first[0]] if by_first else (src_lang or "und")


def _is(tag: str, wanted: str, all_tags: set[str]) -> bool:
    """Whether `tag` is `wanted` or the same language, where the file does not hold both sides in it."""
    one_side = len({primary(other) for other in all_tags}) > 1
    return tag == wanted or (one_side and primary(tag) == primary(wanted))


def _targets(tags: dict[str, str], source: str, tgt_lang: str) -> list[str]:
    others = {key: tag for key, tag in tags.items() if not _is(tag, source, set(tags.values()))}
    alike = [key for key, tag in others.items() if primary(tag) == primary(tgt_lang)]
    if len({primary(tag) for tag in others.values()}) <= 1 or (alike and len(set(others.values())) > 1):
        return alike or list(others)
    shown = ", ".join(sorted(set(others.values())))
    raise UsageError(
        f"the target language {tgt_lang!r} can't be told: the file has {shown}; leave --tgt-lang out"
    )
