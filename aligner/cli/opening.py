"""From files to alignments: save files and what can be read as one, the reviews in tables, what changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aligner.bitext import Alignment
from aligner.cli.terminal import visible
from aligner.export.direction import check_one_pair, runs_backwards
from aligner.export.foreign_keys import turned
from aligner.export.from_links import is_linked, load_links, load_one
from aligner.export.from_units import load_units, read_units
from aligner.export.savefile import SaveFile, open_savefile
from aligner.review.changes import KINDS, changes_between
from aligner.review.readback import read_back

_UNITS = (".tmx", ".tmx.gz", ".xliff", ".xlf")


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
