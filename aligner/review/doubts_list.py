"""Write the list of doubts: a table or a page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from aligner.bitext import Alignment
from aligner.errors import OutputError
from aligner.files import check_writable, guard, replacing
from aligner.language.tags import name
from aligner.review.doubts import RULES, Doubt


def write_doubts(doubts: Sequence[Doubt], alignment: Alignment, path: str | Path) -> None:
    """Write the list as `.tsv` (one doubt a row) or `.html` (a page of its own), whole or not at all.

    Raises `OutputError` for another suffix or a place that can't be written.
    """
    path = Path(path)
    writer = {".tsv": _as_tsv, ".html": _as_html, ".htm": _as_html}.get(path.suffix.lower())
    if writer is None:
        raise OutputError(f"{path}: doubts are written as .tsv or .html; name the file so")
    check_writable(path)
    with replacing(path) as (file,):
        file.write(writer(doubts, alignment).encode("utf-8"))


_COLUMNS = ("pair", "rule", "doubt", "confidence", "source", "target")


def _rows(doubts: Sequence[Doubt], alignment: Alignment) -> Iterator[tuple[str, ...]]:
    for doubt in doubts:
        bead = alignment.beads[doubt.bead]
        yield (
            str(doubt.bead + 1), doubt.rule, doubt.message, f"{bead.confidence:.2f}",
            alignment.source_text(bead), alignment.target_text(bead),
        )  # fmt: skip


def _as_tsv(doubts: Sequence[Doubt], alignment: Alignment) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in _rows(doubts, alignment):
        cells = (re.sub(r"[\t\r\n]+", " ", cell) for cell in row)
        writer.writerow([guard(cell) for cell in cells])
    return "\ufeff" + out.getvalue()  # Excel takes a file without the mark for the local code page


_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #777; --mark: #c77d0a; }
body { font: 16px/1.6 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2rem auto;
  max-width: 80rem; padding: 0 1.5rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; } ul { padding: 0; list-style: none; color: var(--soft); }
ul b { color: var(--mark); display: inline-block; min-width: 3ch; text-align: end; margin-inline-end: .6ch; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { text-align: start; vertical-align: top; padding: .5rem .7rem; border-top: 1px solid var(--line);
  overflow-wrap: anywhere; }
th { font-size: .8rem; color: var(--soft); font-weight: 600; } th.n { width: 3rem; } th.d { width: 16rem; }
td b { color: var(--mark); font-weight: 600; display: block; font-size: .8rem; }
"""


def _as_html(doubts: Sequence[Doubt], alignment: Alignment) -> str:
    src, tgt = alignment.source, alignment.target
    title = escape(f"Doubts: {src.name or 'source'} and {tgt.name or 'target'}")
    counts = {rule: sum(doubt.rule == rule for doubt in doubts) for rule in RULES}
    summary = "".join(
        f"<li><b>{count}</b>{escape(rule)}: {escape(RULES[rule])}" for rule, count in counts.items() if count
    )
    rows = "".join(
        f"<tr><td>{number}<td><b>{escape(rule)}</b>{escape(message)}"
        f'<td lang="{escape(src.lang)}" dir="auto">{escape(source)}'
        f'<td lang="{escape(tgt.lang)}" dir="auto">{escape(target)}\n'
        for number, rule, message, _, source, target in _rows(doubts, alignment)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8"><title>{title}</title>\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>\n'
        f"<h1>{title}</h1>\n<ul>{summary or '<li>No doubts.'}</ul>\n"
        f'<table><thead><tr><th class="n">pair<th class="d">doubt<th>{escape(name(src.lang))}'
        f"<th>{escape(name(tgt.lang))}</thead>\n<tbody>\n{rows}</tbody></table></html>\n"
    )
