"""What a report says of one aligned pair, read from its save file's JSON without building the alignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from aligner.corpus.outputs import BATCH

TRANSLATIONS = 0.5
"""Share of its segments that a pair surely aligns below which the two texts may not be translations. Pieces of 5 to
60 beads of the gold in four pairs of languages have .60 or more, the least of 160; wrong partners .33 or less, but for
4 of 160 (.45 to .73), all of five beads."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts of one save file. `likeness`: confidence × segments aligned, of all segments, 0 to 1.

    `texts`: what stands for the text of each side, the same for the same text.
    """

    src_lang: str
    tgt_lang: str
    sentences: int
    pairs: int
    one_sided: int
    expected_errors: float
    likeness: float
    reviewed: int
    doubts: Mapping[str, int] = field(default_factory=dict)
    texts: tuple[str, str] = ("", "")

    @property
    def mean_confidence(self) -> float:
        """Of its pairs, 0 where it has none."""
        return 1 - self.expected_errors / self.pairs if self.pairs else 0.0

    @property
    def one_sided_share(self) -> float:
        """Of its segments, those without a counterpart."""
        return self.one_sided / self.sentences if self.sentences else 0.0

    @property
    def is_same_text(self) -> bool:
        """Whether both sides hold the same text, as where one file was given twice."""
        return self.texts[0] == self.texts[1] != ""

    @property
    def are_translations(self) -> bool:
        """Whether enough aligns for the two texts to be each other's translation."""
        return self.likeness >= TRANSLATIONS


def facts_of(data: Mapping[str, Any]) -> Facts | None:
    """The facts in a save file's JSON; `None` where it is no save file."""
    try:
        return _facts(data)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return None


def _facts(data: Mapping[str, Any]) -> Facts:
    sentences = len(data["source"]["segments"]) + len(data["target"]["segments"])
    pairs = one_sided = reviewed = 0
    errors = sure = 0.0
    for bead in data["beads"]:
        left, right = (end - start for start, end in (bead["source"], bead["target"]))
        if not (left and right):
            one_sided += left + right
            continue
        pairs += 1
        auto = bead.get("status", "auto") == "auto"
        confidence = bead["confidence"] if auto else 1.0
        reviewed += not auto
        errors += 1 - confidence
        sure += confidence * (left + right)
    doubts = data.get(BATCH, {}).get("doubts", {})
    return Facts(
        data["source"]["lang"], data["target"]["lang"], sentences, pairs, one_sided, round(errors, 4),
        round(sure / sentences, 4) if sentences else 0.0, reviewed, {str(k): int(v) for k, v in doubts.items()},
        (_mark(data["source"]["text"]), _mark(data["target"]["text"])),
    )  # fmt: skip


def _mark(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
