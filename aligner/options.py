"""Everything that can change a result."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aligner.encode.encoder import Encoder
from aligner.encode.load import QUALITY, parse_names, runs_on_torch, shared_encoder
from aligner.errors import UsageError
from aligner.files import ordinary
from aligner.language.identifier import keep_identifier
from aligner.language.tags import check_tag
from aligner.lexicon.dictionary import keep_headwords
from aligner.lexicon.glossary import Glossary, load_glossary
from aligner.split.srx import rules_signature
from aligner.system.installed import installed_version

CODES = ("keep", "drop", "omegat")
SPLITS = ("standard", "fine")

Progress = Callable[[str, int, int], None]
"""Called with the stage's name, how much of it is done and the total, 0 where nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Everything that can change a result. Paths and names are checked where they are used.

    `codes`: `keep` or `drop` inline codes, or `omegat`, which keeps them; where not given those of memories and
    XLIFF stay, formatting of other documents goes. They change no bead and no confidence.

    `split`: `fine` ends a Chinese sentence at each quotation and at dots that trail off, as the field's gold does.

    `encoder`: names joined by a plus, a folder, or an object with `encode`. `glossary`: a file, or a `Glossary`.
    """

    src_lang: str | None = None
    tgt_lang: str | None = None
    encoding: str | None = None
    layout: str | None = None
    no_clean: tuple[str, ...] = ()
    presplit: bool = False
    srx: Path | None = None
    split_clauses: bool = False
    split: str = "standard"
    codes: str | None = None
    encoder: str | Encoder | None = None
    quality: str = "fast"
    glossary: str | Path | Glossary | None = None
    cache: bool = True
    download: bool = False

    def __post_init__(self) -> None:
        for side in ("src_lang", "tgt_lang"):
            tag = getattr(self, side)
            if tag is not None:
                object.__setattr__(self, side, check_tag(tag))
        if self.codes not in (None, *CODES):
            raise UsageError(f"--codes {self.codes!r} is not known: write keep, drop or omegat")
        if self.split not in SPLITS:
            raise UsageError(f"--split {self.split!r} is not known: write {' or '.join(SPLITS)}")
        if self.quality not in QUALITY:
            raise UsageError(f"--quality {self.quality!r} is not known: write {' or '.join(QUALITY)}")

    @property
    def encoders(self) -> tuple[str, ...]:
        """The names of the encoders to use."""
        if self.encoder is not None and not isinstance(self.encoder, str):
            return (self.encoder.name,)
        return tuple(parse_names(self.encoder or QUALITY[self.quality]))

    @property
    def can_use_gpu(self) -> bool:
        """Whether one of the encoders takes a graphics card where there is one: those of sentence-transformers do."""
        if self.encoder is not None and not isinstance(self.encoder, str):
            return False
        return any(runs_on_torch(name) for name in self.encoders)

    def load_encoders(self, progress: Progress | None = None) -> list[Encoder]:
        """The encoders to use, those of a name loaded once in a process; `progress` hears of this run only."""
        if self.encoder is not None and not isinstance(self.encoder, str):
            return [self.encoder]
        shared = [shared_encoder(name, self.download, self.cache) for name in self.encoders]
        encoders = [copy.copy(encoder) for encoder in shared]
        for encoder in encoders:
            encoder.progress = partial(progress, f"embedding ({encoder.name})") if progress else None
        return list(encoders)

    def keep_models(self) -> None:
        """Leave in the cache folder what makes the next start quick; nothing where vectors aren't cached."""
        if not self.cache:
            return
        keep_identifier()
        keep_headwords()
        if self.encoder is None or isinstance(self.encoder, str):
            for name in self.encoders:
                shared_encoder(name, self.download, self.cache).keep()

    def load_glossary(self, src_lang: str, tgt_lang: str) -> Glossary | None:
        """The glossary for texts in these languages, None where there is none."""
        if self.glossary is None or isinstance(self.glossary, Glossary):
            return self.glossary
        return load_glossary(self.glossary, src_lang, tgt_lang)

    def glossary_hash(self) -> str:
        """Eight digits that change with the glossary; empty where there is none."""
        if self.glossary is None:
            return ""
        if isinstance(self.glossary, Glossary):
            said = (self.glossary.pairs, self.glossary.words) if self.glossary.words else self.glossary.pairs
            data = repr(said).encode()
        else:
            data = ordinary(self.glossary).read_bytes()
        return hashlib.sha256(data).hexdigest()[:8]

    def signature(self, encoders: Sequence[Encoder], scorer: str) -> str:
        """One line that names everything that could change the result."""
        split = "lines" if self.presplit else rules_signature(self.srx)
        told = [
            ("layout", self.layout or ""), ("no-clean", "+".join(self.no_clean)),
            ("clauses", "split" if self.split_clauses else ""), ("fine", "split" if self.split == "fine" else ""),
            ("glossary", self.glossary_hash()), ("codes", self.codes or ""),
        ]  # fmt: skip
        return " ".join([
            f"aligner:{installed_version()}", *(f"encoder:{encoder.signature}" for encoder in encoders), scorer,
            f"split:{split}", *(f"{name}:{value}" for name, value in told if value),
        ])  # fmt: skip
