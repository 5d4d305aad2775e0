"""What may be asked of an export, and what it reports back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from aligner.errors import UsageError
from aligner.language.tags import check_tag

# Below an even chance a careful annotator would more likely draw another bead: worth a look.
DOUBT_BELOW = 0.5


class Decidable(Protocol):
    """A bead, or a unit of one."""

    @property
    def is_pair(self) -> bool: ...  # noqa: D102
    @property
    def confidence(self) -> float: ...  # noqa: D102
    @property
    def status(self) -> str: ...  # noqa: D102


def is_doubtful(bead: Decidable, has_doubts: bool, below: float = DOUBT_BELOW) -> bool:
    """What "doubtful" means everywhere: nobody decided on the bead, and it has doubts or is a pair below `below`."""
    return bead.status == "auto" and (has_doubts or (bead.is_pair and bead.confidence < below))


SCRIPTS = ("simplified", "traditional")
DUPLICATES = ("keep", "drop", "best")
CODES = ("keep", "drop", "omegat")
XLIFF_VERSIONS = ("1.2", "2.0")
LARGEST_PENALTY = 100


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How to write. `None` means: as the alignment or the format has it.

    `src_lang`, `tgt_lang`: the codes to write (BCP 47). `script`: convert Chinese text. `min_confidence`:
    leave out unreviewed pairs below, 0 to 1. `duplicates`: `keep`, `drop` (exact pairs) or `best` (one target
    a source); the default drops in a TMX and keeps elsewhere. `context`: neighbouring segments in a TMX.
    `penalty`: percent, goes into the name of a TMX, where OmegaT reads it. `header`: first line of csv, tsv.
    `xliff`: 1.2 or 2.0. `doubts`: for each alignment, bead number to notes. `extra`: a save file's keys that
    aren't ours. `date`: the time to write, now where not given. `codes`: `drop` writes text alone, as level 1 of
    TMX asks; else inline codes are written where the format has them, `omegat` in a TMX as the tags, plain
    text, that OmegaT shows of Word documents. `props`: names and values for every unit of a TMX, as
    `aligner.export.props` reads them.
    """

    src_lang: str | None = None
    tgt_lang: str | None = None
    script: str | None = None
    min_confidence: float = 0.0
    duplicates: str | None = None
    context: bool = False
    penalty: int | None = None
    header: bool = True
    xliff: str = "1.2"
    doubt_below: float = DOUBT_BELOW
    doubts: Sequence[Mapping[int, Sequence[str]]] | None = None
    extra: Mapping[str, object] | None = None
    date: datetime | None = None
    codes: str | None = None
    props: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for side in ("src_lang", "tgt_lang"):
            tag = getattr(self, side)
            if tag is not None:
                object.__setattr__(self, side, check_tag(tag))
        _one_of("script", self.script, SCRIPTS)
        _one_of("duplicates", self.duplicates, DUPLICATES)
        _one_of("codes", self.codes, CODES)
        _one_of("xliff", self.xliff, XLIFF_VERSIONS)
        for name, share in (("min_confidence", self.min_confidence), ("doubt_below", self.doubt_below)):
            if not 0.0 <= share <= 1.0:
                raise UsageError(f"{name} {share} is outside 0 to 1")
        if self.penalty is not None and not 0 <= self.penalty <= LARGEST_PENALTY:
            raise UsageError(f"penalty {self.penalty} is outside 0 to {LARGEST_PENALTY} percent")

    def notes(self, alignment: int, bead: int) -> tuple[str, ...]:
        """The doubts about a bead, both numbers from zero."""
        if self.doubts is None or alignment >= len(self.doubts):
            return ()
        return tuple(self.doubts[alignment].get(bead, ()))

    def moment(self) -> datetime:
        """The date to write, in UTC."""
        return (self.date or datetime.now(UTC)).astimezone(UTC)


def _one_of(name: str, value: str | None, known: Sequence[str]) -> None:
    if value is not None and value not in known:
        raise UsageError(f"{name} {value!r} is not known: choose one of {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written where, and what was left out.

    `units` counts pairs (in `.json`, `.align`, `.html`, `.docx` and `.xlsx` every bead, as those hold all).
    `several_targets` lists sources that were met with more than one target. `warnings` are for the user.
    """

    paths: tuple[Path, ...]
    units: int
    below_confidence: int = 0
    one_sided: int = 0
    duplicates: int = 0
    several_targets: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
