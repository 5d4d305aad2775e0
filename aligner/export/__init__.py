"""Writers, one a format; the suffix of the file chooses.

The interchange formats (`.tmx`, `.tmx.gz`, `.xliff`, `.tsv`, `.csv`, `.jsonl`, `.po`, `.src`/`.tgt`) hold the
pairs that pass the options. The records (`.json`, `.align`, `.html`, `.docx`, `.xlsx`, `.epub`, `.tei`,
`.xces`, `.srt`, `.vtt`) always hold every bead: they are there to check that nothing was lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from aligner.bitext import Alignment
from aligner.errors import UsageError
from aligner.export.direction import turned_by_script
from aligner.export.formats import (
    _TMX,
    SUFFIXES,
    Format,
    check_suffix,
    format_of,
    output_paths,
    with_writer,
    writer_of,
)
from aligner.export.left_out import codes_beside_text, dropped_codes
from aligner.export.options import DOUBT_BELOW, ExportOptions, ExportReport
from aligner.export.savefile import SaveFile, load, open_savefile, save
from aligner.export.units import LONGEST_SIDE, Tally, Unit, file_name, in_script, written_lang
from aligner.files import check_writable
from aligner.language.chinese import script_contradicts
from aligner.text.breaks import read_back
from aligner.text.counted import counted

__all__ = [
    "DOUBT_BELOW", "SUFFIXES", "ExportOptions", "ExportReport", "Format", "SaveFile", "Unit",
    "check_suffix", "check_writable", "format_of", "load", "open_savefile", "output_paths", "save",
    "with_writer", "write",
]  # fmt: skip

# Characters from a document's beginning that tell in which script it is written.
SCRIPT_SAMPLE = 20_000


def write(
    alignments: Sequence[Alignment], path: str | Path, options: ExportOptions | None = None
) -> ExportReport:
    """Write `alignments` to `path` in the format of its suffix, whole or not at all.

    Raises `OutputError` where the place or the suffix won't do, `UsageError` where the options don't fit.
    """
    options = options or ExportOptions()
    suffix, paths, chosen = check_suffix(path), output_paths(path, options), format_of(path)
    for each in paths:
        check_writable(each)
    if chosen.one_alignment and len(alignments) != 1:
        raise UsageError(
            f"{path}: {suffix} holds one alignment, here are {len(alignments)}; write a file for each"
        )
    tally = Tally()
    writer_of(chosen)(alignments, paths[0], options, tally)
    warnings = [] if chosen.lossless else _warnings(alignments, options, tally, path)
    if suffix in _TMX and not paths[0].name.endswith(suffix):
        warnings.append(f"{paths[0]}: OmegaT only sees names that end in lower-case .tmx")
    return ExportReport(
        paths, tally.units, tally.below_confidence, tally.one_sided, tally.duplicates,
        tuple(tally.several_targets), tuple(warnings + tally.warnings),
    )  # fmt: skip


def _warnings(
    alignments: Sequence[Alignment], options: ExportOptions, tally: Tally, path: str | Path
) -> list[str]:
    warnings = []
    if tally.too_long:
        warnings.append(
            f"{counted(tally.too_long, 'unit has', 'units have')} a side over {LONGEST_SIDE:,} characters;"
            " Trados Cloud refuses such"
        )
    warnings += turned_by_script(tally.turned)
    if tally.other_script:
        told = counted(tally.other_script, "unit holds", "units hold")
        warnings.append(
            f"{told} text that is not in the script of its language, the first is {tally.other_script_at};"
            " look there before you use the file"
        )
    warnings += _code_warnings(alignments, options, path)
    return warnings + _script_warnings(alignments, options)


def _code_warnings(alignments: Sequence[Alignment], options: ExportOptions, path: str | Path) -> list[str]:
    """What was left out of the inline codes, and why."""
    sides = [side.codes for each in alignments for side in (each.source, each.target) if side.codes]
    if not sides:
        return []
    if options.codes == "drop":
        count = sum(not code.is_cue for codes in sides for code in codes)
        return dropped_codes(count)
    suffix, held = check_suffix(path), format_of(path).codes
    if held == "none":
        gone = [code for codes in sides for code in codes if not (code.is_cue or code.length)]
        if suffix == ".po":  # a catalogue has the breaks of its own texts
            gone = [code for code in gone if not read_back(code)]
        return codes_beside_text(len(gone), suffix)
    if held == "shown":
        from aligner.export.formatted import unshown

        left_out = sum(map(unshown, sides), Counter())
        kinds = ", ".join(f"{kind} {count}" for kind, count in left_out.most_common())
        has, was = ("has", "was") if left_out.total() == 1 else ("have", "were")
        told = counted(left_out.total(), "inline code")
        return [f"{told} {has} no form in {suffix} and {was} left out: {kinds}"] * bool(left_out)
    return []


def _script_warnings(alignments: Sequence[Alignment], options: ExportOptions) -> list[str]:
    warnings = []
    for alignment in alignments:
        for document, code, option in (
            (alignment.source, options.src_lang, "--src-lang"),
            (alignment.target, options.tgt_lang, "--tgt-lang"),
        ):
            text = in_script(document.text[:SCRIPT_SAMPLE], document.lang, options.script)
            wrong = script_contradicts(text, code or written_lang(document.lang, options.script))
            if wrong:
                warnings.append(f"{file_name(document) or 'text'}: {wrong}; set {option}")
    return warnings
