"""Everything that can change a result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aligner.encode.load import QUALITY, parse_names
from aligner.errors import UsageError
from aligner.language.tags import check_tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Everything that can change a result. Paths and names are checked where they are used."""

    src_lang: str | None = None
    tgt_lang: str | None = None
    encoding: str | None = None
    layout: str | None = None
    no_clean: tuple[str, ...] = ()
    presplit: bool = False
    srx: Path | None = None
    split_clauses: bool = False
    encoder: str | None = None
    quality: str = "fast"
    glossary: Path | None = None
    cache: bool = True
    download: bool = False

    def __post_init__(self) -> None:
        for tag in (self.src_lang, self.tgt_lang):
            if tag is not None:
                check_tag(tag)
        if self.quality not in QUALITY:
            raise UsageError(f"--quality {self.quality!r} is not known: write {' or '.join(QUALITY)}")

    @property
    def encoders(self) -> tuple[str, ...]:
        """The names of the encoders to use."""
        return tuple(parse_names(self.encoder or QUALITY[self.quality]))
