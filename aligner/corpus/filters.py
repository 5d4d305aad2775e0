"""Which rows of a corpus stay: every row is judged first, then the duplicates among what stays are found.

The judgement is one byte a row, the index of duplicates twenty, whatever the texts are: ten million rows take 300 MB.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.corpus.own_files import REJECTS
from aligner.corpus.rows import Corpus, Row
from aligner.errors import UsageError
from aligner.export.units import digest
from aligner.language.chinese import convert_script, script_contradicts
from aligner.language.detect import detect
from aligner.language.tags import is_chinese, primary

RULES = {
    "confidence": "the confidence is below --min-confidence",
    "script": "a side is written in another script than its language",
    "language": "a side is in the language of the other, or in another one",
    "copy": "the target is the source again",
    "length": "a side is empty of words, longer than a translation memory takes, or far longer than the other",
    "numbers": "a number of one side is not on the other",
    "names": "a name in Latin letters, a code or an address of one side is not on the other",
    "damaged": "characters look damaged and were not repaired",
    "exact": "the same pair stands elsewhere",
    "near": "the same pair but for case, accents, digits, punctuation or script stands elsewhere",
}
_BY_DOUBT = ("numbers", "names", "damaged")
_DUPLICATES = ("exact", "near")
LONGEST = 2_000
"""Characters of a side that translation tools take (Trados Cloud refuses units with a longer side)."""
LARGEST_RATIO = 4.0
"""Of the sides' letters in bytes, ten added to each. Of the 5,665 pairs of `mag`, `mac_dev`, `textberg` and `transread`
none but one is above, and eight are above 3."""
_ENOUGH_LETTERS = 40  # below which a language is a guess
_STATUS_RANK = {"auto": 0, "edited": 1, "confirmed": 2}
_NOT_WORDS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Cuts:
    """Which rules cut. Rows that a person confirmed or edited are cut by no rule but those of duplicates."""

    rules: tuple[str, ...] = ()
    min_confidence: float = 0.0

    def __post_init__(self) -> None:
        for rule in self.rules:
            if rule not in RULES:
                raise UsageError(f"--filter {rule!r}: no such filter; there are {', '.join(RULES)}, and all")

    @property
    def needs_doubts(self) -> bool:
        """Whether rows must carry their doubts."""
        return any(rule in _BY_DOUBT for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Judgement:
    """For each row of a corpus, in its order, 0 where it stays, else the number of the rule that cuts it.

    `also`: for rows that stay, the documents of their duplicates. `first`: the first row of each document.
    `turned`: how many rows of those that stay were turned.
    """

    verdicts: NDArray[np.uint8]
    also: dict[int, tuple[str, ...]]
    first: dict[str, int]
    turned: int = 0

    def kept(self, corpus: Corpus) -> Iterator[Row]:
        """The rows that stay."""
        for number, row in enumerate(corpus.rows()):
            if not self.verdicts[number]:
                yield replace(row, also=self.also[number]) if number in self.also else row

    def rejected(self, corpus: Corpus) -> Iterator[tuple[str, Row]]:
        """The rows that are cut, each with its rule."""
        for number, row in enumerate(corpus.rows()):
            if self.verdicts[number]:
                yield _NAMES[self.verdicts[number] - 1], row

    def counts(self) -> dict[str, int]:
        """How many rows each rule cuts, only those that cut any."""
        return {
            rule: count
            for number, rule in enumerate(_NAMES, 1)
            if (count := int(np.count_nonzero(self.verdicts == number)))
        }


_NAMES = list(RULES)


def judge(corpus: Corpus, cuts: Cuts) -> Judgement:
    """Judge every row of `corpus`."""
    verdicts, turned = bytearray(), bytearray()
    index = _Duplicates(next((rule for rule in reversed(_DUPLICATES) if rule in cuts.rules), ""))
    first: dict[str, int] = {}
    for row in corpus.rows():
        first.setdefault(row.doc, len(verdicts))
        rule = _rule_against(row, cuts)
        verdicts.append(_NAMES.index(rule) + 1 if rule else 0)
        turned.append(row.turned)
        index.add(row, not rule)
    cut = np.frombuffer(verdicts, dtype=np.uint8).copy()
    also = index.cut(cut)
    return Judgement(cut, also, first, int(np.count_nonzero((cut == 0) & np.frombuffer(turned, dtype=bool))))


def _rule_against(row: Row, cuts: Cuts) -> str:
    if row.status != "auto":
        return ""
    if row.confidence < cuts.min_confidence:
        return "confidence"
    return next((rule for rule in cuts.rules if rule in _TESTS and _TESTS[rule](row)), "") or next(
        (rule for rule in cuts.rules if rule in _BY_DOUBT and rule in row.doubts), ""
    )


def _wrong_script(row: Row) -> bool:
    sides = ((row.source, row.src_lang), (row.target, row.tgt_lang))
    return any(script_contradicts(text, lang) is not None for text, lang in sides)


def _wrong_language(row: Row) -> bool:
    sides = ((row.source, row.src_lang), (row.target, row.tgt_lang))
    return any(
        sum(map(str.isalpha, text)) >= _ENOUGH_LETTERS
        and primary(detect(text, among=[row.src_lang, row.tgt_lang])) != primary(lang)
        for text, lang in sides
    )


def _is_copy(row: Row) -> bool:
    return folded(row.source, row.src_lang) == folded(row.target, row.tgt_lang) != ""


def _bad_length(row: Row) -> bool:
    if max(len(row.source), len(row.target)) > LONGEST:
        return True
    sizes = [len(_NOT_WORDS.sub("", text).encode("utf-8", "replace")) for text in (row.source, row.target)]
    # A few letters against a few more say nothing.
    return not min(sizes) or (max(sizes) + 10) / (min(sizes) + 10) > LARGEST_RATIO


_TESTS = {"script": _wrong_script, "language": _wrong_language, "copy": _is_copy, "length": _bad_length}


def folded(text: str, lang: str) -> str:
    """`text` without case, accents, digits and punctuation, Chinese in simplified characters."""
    if is_chinese(lang):
        text = convert_script(text, "simplified")
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_WORDS.sub("", bare.casefold())


class _Duplicates:
    """Keys of the rows that stayed so far, in arrays."""

    def __init__(self, rule: str) -> None:
        self._rule = rule
        self._keys, self._ranks, self._owners = array("Q"), array("f"), array("l")
        self._docs: list[str] = []

    def add(self, row: Row, stays: bool) -> None:
        if not self._rule:
            return
        if not self._docs or self._docs[-1] != row.doc:
            self._docs.append(row.doc)
        texts = (row.source, row.target)
        if self._rule == "near":
            pair = (folded(row.source, row.src_lang), folded(row.target, row.tgt_lang))
            texts = pair if all(pair) else texts
        self._keys.append(digest(row.src_lang, row.tgt_lang, *texts) if stays else 0)
        self._ranks.append(_STATUS_RANK[row.status] + row.confidence / 2)
        self._owners.append(len(self._docs) - 1)

    def cut(self, verdicts: NDArray[np.uint8]) -> dict[int, tuple[str, ...]]:
        """Write the rule over the verdicts of all but the best row of each key; gives where else the best stand."""
        if not self._rule or not self._keys:
            return {}
        keys, ranks, owners = (np.array(values) for values in (self._keys, self._ranks, self._owners))
        order = np.lexsort((np.arange(len(keys)), -ranks, keys))
        order = order[keys[order] != 0]
        starts = np.flatnonzero(np.append(True, keys[order][1:] != keys[order][:-1])) if len(order) else order
        first = np.zeros(len(order), dtype=bool)
        first[starts] = True
        verdicts[order[~first]] = _NAMES.index(self._rule) + 1
        sizes = np.diff(np.append(starts, len(order)))
        return {
            int(order[start]): self._others(owners[order[start : start + size]])
            for start, size in zip(starts[sizes > 1], sizes[sizes > 1], strict=True)
        }

    def _others(self, owners: NDArray[np.int64]) -> tuple[str, ...]:
        return tuple(self._docs[number] for number in sorted({int(n) for n in owners} - {int(owners[0])}))


def cuts_of(rules: Sequence[str], min_confidence: float) -> Cuts:
    """The cuts that `--filter` names; `all` stands for every rule."""
    named = tuple(RULES)[1:] if "all" in rules else tuple(dict.fromkeys(rules))
    return Cuts(named, min_confidence)


def rejects_path(folder: Path) -> Path:
    """Where the rows that were cut are listed."""
    return folder / REJECTS
