"""The options that several commands share, each group declared once; `flat` makes parameters of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aligner.cli import arguments as args

if TYPE_CHECKING:
    from aligner.export.options import ExportOptions
    from aligner.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligning:
    """What can change an alignment; of `align` and `align batch`."""

    src_lang: args.SrcLang = None
    tgt_lang: args.TgtLang = None
    encoding: args.Encoding = None
    layout: args.Layout = None
    no_clean: args.NoClean = None
    presplit: args.Presplit = False
    srx: args.Srx = None
    split_clauses: args.SplitClauses = False
    split: args.Split = "standard"
    quality: args.Quality = "fast"
    encoder: args.EncoderName = None
    glossary: args.GlossaryFile = None
    download: args.Download = False
    no_cache: args.NoCache = False
    codes: args.Codes = None

    def options(self) -> Options:
        """The same for the pipeline."""
        from aligner.options import Options

        return Options(
            src_lang=self.src_lang, tgt_lang=self.tgt_lang, encoding=self.encoding, layout=self.layout,
            no_clean=tuple(self.no_clean or ()), presplit=self.presplit, srx=self.srx,
            split_clauses=self.split_clauses, split=self.split, quality=self.quality, encoder=self.encoder,
            glossary=self.glossary, download=self.download, cache=not self.no_cache, codes=self.codes,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How results are written; of `align` and `align export`."""

    src_lang: args.SrcLang = None
    tgt_lang: args.TgtLang = None
    min_confidence: args.MinConfidence = 0.0
    script: args.Script = None
    duplicates: args.Duplicates = None
    context: args.Context = False
    penalty: args.Penalty = None
    xliff: args.Xliff = "1.2"
    codes: args.Codes = None
    no_header: args.NoHeader = False

    def options(self) -> ExportOptions:
        """The same for the writers."""
        from aligner.export.options import ExportOptions

        return ExportOptions(
            src_lang=self.src_lang, tgt_lang=self.tgt_lang, min_confidence=self.min_confidence, script=self.script,
            duplicates=self.duplicates, context=self.context, penalty=self.penalty, xliff=self.xliff,
            codes=self.codes, header=not self.no_header,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubting:
    """Which doubts, and where their list goes; of `align` and `align export`."""

    glossary: args.GlossaryFile = None
    doubts: args.DoubtsFile = None
    no_doubt: args.NoDoubt = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a run says; of `align`, `align export` and `align batch`."""

    quiet: args.Quiet = False
    as_json: args.SummaryAsJson = False
