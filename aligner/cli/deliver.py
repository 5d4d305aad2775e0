"""From an alignment to files: open saved ones, find the doubts, write every output."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aligner.bitext import Alignment
from aligner.clean.rules import Flag
from aligner.cli.preflight import Places, is_stdout
from aligner.cli.terminal import visible
from aligner.errors import Shortfall
from aligner.export import write
from aligner.export.direction import check_one_pair, runs_backwards
from aligner.export.foreign_keys import bead_place, follow, turned
from aligner.export.from_links import is_linked, load_links, load_one
from aligner.export.from_units import load_units, read_units
from aligner.export.options import ExportOptions, ExportReport
from aligner.export.savefile import SaveFile, open_savefile
from aligner.lexicon.glossary import Glossary, load_glossary
from aligner.pipeline import Result
from aligner.review.changes import KINDS, changes_between
from aligner.review.doubts import Doubt, find_doubts
from aligner.review.doubts_list import write_doubts
from aligner.review.readback import read_back

_UNITS = (".tmx", ".tmx.gz", ".xliff", ".xlf")

_Flags = tuple[Sequence[Flag], Sequence[Flag]]


def open_saved(path: Path) -> SaveFile:
    """A save file, or a TMX, XLIFF, XCES or TEI as one."""
    if path.name.lower().endswith(_UNITS):
        return SaveFile(load_units(path))
    return SaveFile(load_one(path)) if is_linked(path) else open_savefile(path)


def open_together(
    paths: Sequence[Path], src_lang: str | None, tgt_lang: str | None
) -> tuple[list[SaveFile], list[str]]:
    """What `open_saved` opens, all in one direction, and lines that say what was turned or left out.

    The direction is that of the languages asked for, else of the first. Raises `UsageError` where they are in
    several pairs of languages.
    """
    saved, notes, names = list[SaveFile](), list[str](), list[Path]()
    for path in paths:
        if path.name.lower().endswith(_UNITS):
            loaded = read_units(path, src_lang, tgt_lang)
            notes += loaded.notes
            saved.append(SaveFile(loaded.alignment))
        elif is_linked(path):
            saved += map(SaveFile, load_links(path, src_lang, tgt_lang))
        else:
            saved.append(open_savefile(path))
        names += [path] * (len(saved) - len(names))
    first = saved[0].alignment
    wanted = (src_lang, tgt_lang) if src_lang or tgt_lang else (first.source.lang, first.target.lang)
    for number, (path, each) in enumerate(zip(names, saved, strict=True)):
        if runs_backwards(each.alignment, *wanted):
            saved[number] = SaveFile(each.alignment.swapped(), turned(each.extra, each.alignment))
            langs = each.alignment.source.lang, each.alignment.target.lang
            notes.append(f"{path}: turned, as it is {langs[0]} → {langs[1]}")
    check_one_pair([each.alignment for each in saved])
    return saved, notes


def take_review(saved: SaveFile, table: Path, script: str | None) -> tuple[SaveFile, list[str]]:
    """`saved` with the review in `table`, and lines that say what changed."""
    back = read_back(saved.alignment, table, script)
    changed = f"read back: {back.confirmed} confirmed, {back.edited} edited, {back.merged} merged"
    edits = [f"{change.place}, {change.side}: {change.before} → {change.after}" for change in back.changes]
    told = [changed, *map(visible, edits), *(f"! {warning}" for warning in back.warnings)]
    return SaveFile(back.alignment, saved.extra), told


def changes_since(earlier: Path, alignment: Alignment) -> list[dict[str, Any]]:
    """What changed since the review saved at `earlier`, as plain data; `pair` counts from one."""
    found = changes_between(open_saved(earlier).alignment, alignment)
    return [
        {"pair": each.bead + 1, "what": each.what, "before": each.before, "after": each.after}
        for each in found
    ]


def changes_as_text(changes: Sequence[Mapping[str, Any]]) -> str:
    """A line a change, and how many there are."""
    lines = [f"pair {each['pair']}, {each['what']}: {each['before']} → {each['after']}" for each in changes]
    counts = Counter(str(each["what"]) for each in changes)
    told = ", ".join(f"{kind} {counts[kind]}" for kind in KINDS if counts[kind]) or "none"
    return "\n".join([*map(visible, lines), f"changes    {told}"])


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
