"""From an alignment to files: find the doubts, write every output."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from aligner.bitext import Alignment
from aligner.clean.rules import Flag
from aligner.cli.preflight import Places, is_stdout
from aligner.errors import Shortfall
from aligner.export import write
from aligner.export.foreign_keys import bead_place, follow, turned
from aligner.export.options import ExportOptions, ExportReport
from aligner.export.savefile import SaveFile
from aligner.lexicon.glossary import Glossary, load_glossary
from aligner.pipeline import Result
from aligner.review.doubts import Doubt, find_doubts
from aligner.review.doubts_list import write_doubts

_Flags = tuple[Sequence[Flag], Sequence[Flag]]


def with_keys(result: Result, kept: SaveFile) -> SaveFile:
    """The result with the keys of `kept` that aren't ours, each at the bead that it belonged to."""
    turn = result.kept is not None and result.kept.turned
    extra = turned(kept.extra, kept.alignment) if turn else kept.extra
    places = {bead_place(old): bead_place(new) for old, new in result.went.items()}
    there = {p: keys for p, keys in extra.items() if not p.startswith("beads[") or p in places}
    return SaveFile(result.alignment, follow(there, places))


def glossary_for(alignment: Alignment, path: Path | None) -> Glossary | None:
    """The glossary at `path` in the alignment's languages."""
    return load_glossary(path, alignment.source.lang, alignment.target.lang) if path else None


def doubts_of(
    alignment: Alignment, off: Sequence[str] | None, glossary: Path | None, flags: _Flags = ((), ())
) -> list[Doubt]:
    """The doubts about `alignment` but those of the rules `off`."""
    terms = glossary_for(alignment, glossary)
    return find_doubts(alignment, off=off or (), glossary=terms, src_flags=flags[0], tgt_flags=flags[1])


def hand_over(
    saved: Sequence[SaveFile], doubts: Sequence[Sequence[Doubt]], places: Places, *, printed: bool
) -> list[ExportReport]:
    """Write to all `places`; where there are none and the result may be `printed`, a table on standard output."""
    reports = write_all(saved, places.outputs, places.options, doubts)
    if places.doubts:
        write_doubts(doubts[0], saved[0].alignment, places.doubts)
    if printed and not (places.outputs or places.doubts):
        print(as_table(saved, places.options, doubts), end="")
    return reports


def write_all(
    saved: Sequence[SaveFile],
    outputs: Sequence[Path],
    options: ExportOptions,
    doubts: Sequence[Sequence[Doubt]],
) -> list[ExportReport]:
    """Write the alignments together to every output; raises `Shortfall` first where nothing would go out."""
    alignments = [each.alignment for each in saved]
    _refuse_nothing(alignments, options.min_confidence)
    extra = saved[0].extra if len(saved) == 1 else None
    full = replace(options, doubts=[_notes(each) for each in doubts], extra=extra)
    return [
        _print_out(alignments, path, full) if is_stdout(path) else write(alignments, path, full)
        for path in outputs
    ]


def _print_out(alignments: Sequence[Alignment], path: Path, options: ExportOptions) -> ExportReport:
    """Write what the file would hold to standard output, byte by byte."""
    with TemporaryDirectory() as folder:
        report = write(alignments, Path(folder) / path.name.replace("-", "out", 1), options)
        sys.stdout.flush()
        stream = getattr(sys.stdout, "buffer", None)
        data = report.paths[0].read_bytes()
        if stream is None:
            sys.stdout.write(data.decode(errors="replace"))
        else:
            stream.write(data)
            stream.flush()
    return replace(report, paths=(Path("-"),))


def as_table(saved: Sequence[SaveFile], options: ExportOptions, doubts: Sequence[Sequence[Doubt]]) -> str:
    """The pairs as a .tsv would have them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pairs.tsv"
        write_all(saved, [path], options, doubts)
        return path.read_text(encoding="utf-8")


def _notes(doubts: Sequence[Doubt]) -> Mapping[int, list[str]]:
    notes: dict[int, list[str]] = {}
    for doubt in doubts:
        notes.setdefault(doubt.bead, []).append(doubt.message)
    return notes


def _refuse_nothing(alignments: Sequence[Alignment], least: float) -> None:
    pairs = [bead for alignment in alignments for bead in alignment.pairs()]
    if not pairs:
        raise Shortfall("no sentence of one side translates one of the other; nothing was written")
    if not any(bead.status != "auto" or bead.confidence >= least for bead in pairs):
        best = max(bead.confidence for bead in pairs)
        raise Shortfall(
            f"no pair reaches --min-confidence {least:g}, the best has {best:.4g}; nothing was written"
        )
