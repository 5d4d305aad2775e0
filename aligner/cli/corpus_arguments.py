"""The arguments and options of the commands for many pairs, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from aligner.cli.arguments import _argument, _flag, _option

_MANY, _RUN = "Pairs", "Running"

Many = Annotated[
    list[Path],
    _argument(
        "MANIFEST | DIR_SRC DIR_TGT … | DIR",
        "A list of pairs (.tsv, .csv, .jsonl), a folder of documents and one or more of their translations, or one "
        "folder that holds both.",
    ),
]
Folders = Annotated[
    list[Path], _argument("DIR_SRC DIR_TGT", "A folder of documents, and one or more of their translations.")
]
PairsFile = Annotated[
    Path,
    _option("--output", "-o", metavar="PAIRS.tsv", panel="Output", help="Where to write the list of pairs."),
]
OutFolder = Annotated[
    Path, _option("--output", "-o", metavar="OUT_DIR", panel="Output", help="Folder for the results.")
]
PairBy = Annotated[
    str,
    _option(
        "--pair", metavar="name|content|both", panel=_MANY,
        help="How documents of two folders are paired: both takes the rest by content.",
    ),
]  # fmt: skip
DryRun = Annotated[
    bool, _flag("--dry-run", panel=_MANY, help="Only write OUT_DIR/manifest.tsv, to look at and correct.")
]
Workers = Annotated[
    int | None,
    _option(
        "--workers", metavar="N", min=1, panel=_RUN, help="Processes; as cores and memory allow if not given."
    ),
]
Engine = Annotated[
    str, _option("--engine", metavar="local|dask", panel=_RUN, help="This machine, or a Dask cluster.")
]
Scheduler = Annotated[
    str | None,
    _option("--scheduler", metavar="URL", panel=_RUN, help="The cluster's scheduler: tcp://host:8786."),
]
Shard = Annotated[
    str | None,
    _option(
        "--shard", metavar="3/16", panel=_RUN, help="Only this part of the pairs; others do the other parts."
    ),
]
TimeLimit = Annotated[
    float | None,
    _option(
        "--time-limit", metavar="S", panel=_RUN, help="Seconds a pair may take; by its size if not given."
    ),
]
MemoryLimit = Annotated[
    int | None,
    _option(
        "--memory-limit", metavar="MB", panel=_RUN, help="Memory a worker may take; its share if not given."
    ),
]
RetryFailed = Annotated[
    bool, _flag("--retry-failed", panel=_RUN, help="Try again what failed or was put aside before.")
]
Learn = Annotated[
    bool,
    _flag(
        "--learn",
        panel=_MANY,
        help="Align twice: the second time with words that all pairs of the first teach.",
    ),
]
Memory = Annotated[
    Path | None,
    _option(
        "--memory", metavar="DIR", panel=_MANY,
        help="Take words and confirmed pairs of earlier batches from this folder, and add this batch's.",
    ),
]  # fmt: skip
Filters = Annotated[
    list[str] | None,
    _option(
        "--filter", metavar="RULE", panel="Output",
        help="Leave out of a batch's corpus what this rule finds: script, language, copy, length, numbers, names, "
        "damaged, exact, near; or all. What is left out is listed in OUT_DIR/rejects.jsonl.",
    ),
]  # fmt: skip
