"""What a run tells about itself, as text for people and as plain data for `--json`."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aligner.bitext import Alignment, Document
from aligner.clean.report import Row
from aligner.clean.rules import RULES as CLEANING_RULES
from aligner.clean.rules import Flag
from aligner.cli.terminal import cells, columns, shorten, shorten_left, table, visible
from aligner.export.formats import holds_all
from aligner.export.options import DOUBT_BELOW, ExportReport, is_doubtful
from aligner.language.tags import name
from aligner.read.rules import RULES as READING_RULES
from aligner.review.doubts import RULES, Doubt
from aligner.text.counted import counted

if TYPE_CHECKING:
    from aligner.encode.speed import EncoderInfo
    from aligner.terms import Term

# Repairs that only touch blanks and code points; the others are shown one by one.
_INVISIBLE = ("hard-wrap", "cjk-space", "unicode")

_SHOWN = 8  # of a list that could be long

_LABEL = 11

_DOUBTS_SHOWN = 3

_ROWS = 5  # of a pair in the sample: enough to see that it is one

# From this share of improbable pairs on the texts hardly translate each other.
_MOSTLY = 0.5

_Facts = list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Run:
    """An alignment with everything a user should hear about how it came to be."""

    alignment: Alignment
    flags: tuple[tuple[Flag, ...], tuple[Flag, ...]] = ((), ())
    doubts: Sequence[Doubt] = ()
    notes: Sequence[str] = ()
    reports: Sequence[ExportReport] = ()
    written: Sequence[str] = field(default=())
    seconds: float = 0.0


def as_dict(run: Run) -> dict[str, Any]:
    """The summary as plain data; keys are stable."""
    alignment = run.alignment
    return {
        "source": _side_dict(alignment.source),
        "target": _side_dict(alignment.target),
        "beads": dict(_types(alignment)),
        "pairs": len(alignment.pairs()),
        "unaligned": {side: len(found) for side, found in _unaligned(alignment).items()},
        "moved": len(alignment.moved),
        "removed": dict(_removals(alignment)),
        "repaired": [
            {"side": side, "rule": edit.rule, "found": edit.found, "written": edit.written}
            for side, document in _sides(alignment)
            for edit in document.edits
            if edit.written and not edit.is_code
        ],
        "damaged": [
            {"side": side, "rule": flag.rule, "at": flag.at, "text": document.text[flag.at : flag.end]}
            for (side, document), flags in zip(_sides(alignment), run.flags, strict=True)
            for flag in flags
        ],
        "doubtful": len(doubtful(alignment, run.doubts)),
        "doubts": _doubt_counts(run.doubts),
        "notes": list(run.notes),
        "written": [*map(report_dict, run.reports), *({"files": [path]} for path in run.written)],
        "seconds": round(run.seconds, 2),
        "signature": alignment.signature,
    }


def report_dict(report: ExportReport) -> dict[str, Any]:
    """What one export wrote and left out, as plain data."""
    left_out = {
        "below_confidence": report.below_confidence,
        "one_sided": report.one_sided,
        "duplicates": report.duplicates,
    }
    return {
        "files": [str(path) for path in report.paths],
        "units": report.units,
        "left_out": left_out,
        "several_targets": list(report.several_targets),
        "warnings": list(report.warnings),
    }


def as_text(run: Run, width: int) -> str:
    """The summary in a few lines of at most `width` cells, a label before each."""
    alignment = run.alignment
    head = " · ".join(
        f"{counted(len(d), 'sentence')} {name(d.lang)} ({d.lang})" for _, d in _sides(alignment)
    )
    facts: _Facts = [
        ("read", [head, *run.notes]),
        ("beads", [_listed(_types(alignment))]),
        ("unaligned", _unaligned_lines(alignment, width)),
        ("moved", _moved_lines(alignment)),
        ("removed", [_listed(_removals(alignment))]),
        ("repaired", _repair_lines(alignment, width)),
        ("damaged", _damage_lines(run, width)),
        ("doubtful", _doubtful_lines(run)),
        ("doubts", [*doubt_lines(run.doubts), *_first_doubts(run, width)]),
        ("written", written_lines(run.reports, run.written)),
        ("time", [f"{run.seconds:.1f} s"]),
    ]
    return _labelled(facts)


def _labelled(facts: _Facts) -> str:
    lines = []
    for label, texts in facts:
        told = [text for text in texts if text]
        lines += [f"{label if n == 0 else '':<{_LABEL}}{visible(text)}" for n, text in enumerate(told)]
    return "\n".join(lines)


def doubtful(alignment: Alignment, doubts: Iterable[Doubt] = ()) -> list[int]:
    """The numbers of the doubtful beads, of which `doubts` are known."""
    doubted = {doubt.bead for doubt in doubts}
    return [number for number, bead in enumerate(alignment.beads) if is_doubtful(bead, number in doubted)]


def _sides(alignment: Alignment) -> tuple[tuple[str, Document], tuple[str, Document]]:
    return ("source", alignment.source), ("target", alignment.target)


def _side_dict(document: Document) -> dict[str, Any]:
    return {"name": document.name, "lang": document.lang, "sentences": len(document)}


def _types(alignment: Alignment) -> list[tuple[str, int]]:
    return Counter(bead.type for bead in alignment.beads).most_common()


def _removals(alignment: Alignment) -> list[tuple[str, int]]:
    edits = (edit for _, document in _sides(alignment) for edit in document.edits)
    return Counter(edit.rule for edit in edits if edit.is_code or not edit.written).most_common()


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return " · ".join(f"{count:,} {what}" for what, count in counts) or "none"


def _unaligned(alignment: Alignment) -> dict[str, list[str]]:
    """The sentences without a partner, by side."""
    source, target = alignment.source.sentences(), alignment.target.sentences()
    lonely = [bead for _, bead in alignment.links() if not bead.is_pair]
    return {
        "source": [text for bead in lonely for text in source[bead.src_start : bead.src_end]],
        "target": [text for bead in lonely for text in target[bead.tgt_start : bead.tgt_end]],
    }


def _unaligned_lines(alignment: Alignment, width: int) -> list[str]:
    sentences = _unaligned(alignment)
    if not any(sentences.values()):
        return ["none"]
    lines = [_listed((side, len(found)) for side, found in sentences.items() if found)]
    texts = [(side, text) for side, found in sentences.items() for text in found]
    lines += [
        f"  {side}  {shorten(visible(text), width - _LABEL - len(side) - 4)}" for side, text in texts[:_SHOWN]
    ]
    return lines + _and_more(len(texts) - _SHOWN, "the .html and .xlsx list them all")


def _and_more(count: int, where: str) -> list[str]:
    return [f"  … and {count:,} more: {where}"] if count > 0 else []


def _moved_lines(alignment: Alignment) -> list[str]:
    passages = alignment.moved_passages()
    lines = [
        f"source {'sentence' if m.src_end == m.src_start + 1 else 'sentences'} {_numbered(m.src_start, m.src_end)},"
        f" in another place of the target: {_numbered(m.tgt_start, m.tgt_end)}"
        for m in passages
    ]
    return lines[:_SHOWN] + _and_more(len(lines) - _SHOWN, "the .html lists them all")


def _numbered(start: int, end: int) -> str:
    return f"{start + 1}" if end == start + 1 else f"{start + 1}–{end}"


def _repair_lines(alignment: Alignment, width: int) -> list[str]:
    repairs = [
        edit
        for _, document in _sides(alignment)
        for edit in document.edits
        if edit.written and not edit.is_code
    ]
    if not repairs:
        return ["none"]
    counts = Counter(edit.rule for edit in repairs).most_common()
    seen = [edit for edit in repairs if edit.rule not in _INVISIBLE]
    half = (width - _LABEL) // 2 - 3
    rows = [
        [shorten(visible(e.found), half), "→ " + shorten(visible(e.written), half)] for e in seen[:_SHOWN]
    ]
    lines = [_listed(counts), *table(rows, indent="  ")]
    return lines + _and_more(len(seen) - _SHOWN, "the .json lists them all")


def _damage_lines(run: Run, width: int) -> list[str]:
    found: Counter[tuple[str, str]] = Counter()
    for (_, document), flags in zip(_sides(run.alignment), run.flags, strict=True):
        found.update((flag.rule, _around(document.text, flag)) for flag in flags)
    if not found:
        return []
    counts = Counter(flag.rule for flags in run.flags for flag in flags).most_common()
    rows = [
        [rule, shorten(visible(text), width - _LABEL - len(rule) - 12) + (f"  ×{times}" if times > 1 else "")]
        for (rule, text), times in found.most_common(_SHOWN)
    ]
    more = _and_more(len(found) - _SHOWN, "--doubts lists them all")
    return [_listed(counts) + ", suspected and left as they are", *table(rows, indent="  "), *more]


def _around(text: str, flag: Flag) -> str:
    """The damaged text; a mark of one or two characters with a little of what stands around it."""
    if flag.end - flag.at > 2:  # noqa: PLR2004 - a word speaks for itself
        return text[flag.at : flag.end]
    return text[max(0, flag.at - 12) : flag.end + 12].strip()


def _doubtful_lines(run: Run) -> list[str]:
    beads, found = run.alignment.beads, len(doubtful(run.alignment, run.doubts))
    confirmed = sum(bead.status != "auto" for bead in beads)
    kept = f"; {confirmed} confirmed" if confirmed else ""
    lines = [
        f"{found or 'none'} of {counted(len(beads), 'bead')}{': look at these first' if found else ''}{kept}"
    ]
    if len(doubtful(run.alignment)) > _MOSTLY * len(run.alignment.pairs()):
        lines.append(f"most pairs are below {DOUBT_BELOW:.2f}: are these a text and its translation?")
    return lines


def _doubt_counts(doubts: Iterable[Doubt]) -> dict[str, int]:
    counts = Counter(doubt.rule for doubt in doubts)
    return {rule: counts[rule] for rule in RULES if counts[rule]}


def doubt_lines(doubts: Sequence[Doubt]) -> list[str]:
    """How many doubts there are by rule."""
    counts = _doubt_counts(doubts)
    return [_listed(sorted(counts.items(), key=lambda item: -item[1]))]


def _first_doubts(run: Run, width: int) -> list[str]:
    """The first doubts with their pair under them, a line a side."""
    lines = []
    for doubt in run.doubts[:_DOUBTS_SHOWN]:
        bead = run.alignment.beads[doubt.bead]
        told = [f"pair {doubt.bead + 1}, {doubt.rule}: {doubt.message}"]
        told += [
            "  " + text for text in (run.alignment.source_text(bead), run.alignment.target_text(bead)) if text
        ]
        lines += ["  " + shorten(visible(line), width - _LABEL - 2) for line in told]
    return lines + _and_more(len(run.doubts) - _DOUBTS_SHOWN, "--doubts lists them all")


def written_lines(reports: Iterable[ExportReport], others: Iterable[str] = ()) -> list[str]:
    """The files, how much is in each and what was left out of it; warnings under them."""
    rows, under = [], []
    for report in reports:
        what = "pair" if report.one_sided or not _holds_all(report) else "bead"
        rows.append([" ".join(map(str, report.paths)), counted(report.units, what) + _left_out(report)])
        under += [f"! {warning}" for warning in report.warnings]
    rows += [[path, ""] for path in others]
    return table([[visible(path), text] for path, text in rows]) + list(dict.fromkeys(under))


def _holds_all(report: ExportReport) -> bool:
    return holds_all(report.paths[0])


def _left_out(report: ExportReport) -> str:
    parts = [
        f"{count:,} {what}"
        for count, what in (
            (report.one_sided, "one-sided"),
            (report.below_confidence, "below --min-confidence"),
            (report.duplicates, "repeated"),
        )
        if count
    ]
    said = f", left out: {', '.join(parts)}" if parts else ""
    several = counted(len(report.several_targets), "source has", "sources have")
    return said + f"; {several} several targets" * bool(report.several_targets)


def sample(alignment: Alignment, count: int, width: int) -> str:
    """The first `count` pairs side by side, each with its number, confidence and type."""
    side = max(16, (width - 20) // 2)
    lines = []
    for number, bead in [(n, b) for n, b in enumerate(alignment.beads, 1) if b.is_pair][:count]:
        texts = [visible(alignment.source_text(bead)), visible(alignment.target_text(bead))]
        head = f"{number:>4}  {bead.confidence:.2f}  {bead.type}"
        rows = columns([head, *texts], [15, side, side])
        lines += [*rows[:_ROWS], *([f"{'':17}…"] if len(rows) > _ROWS else [])]
    return "\n".join(lines)


def pairs_as_dicts(alignment: Alignment, count: int) -> list[dict[str, Any]]:
    """The first `count` pairs as plain data."""
    return [
        {
            "source": alignment.source_text(bead),
            "target": alignment.target_text(bead),
            "confidence": round(bead.confidence, 4),
            "type": bead.type,
        }
        for bead in alignment.pairs()[:count]
    ]


def cleaning(rows: Sequence[Row], width: int) -> str:
    """Every removal, repair and suspicion of a dry run with its line, before and after, then their number."""
    if not rows:
        return "nothing to remove, to repair or to suspect"
    rule, line = max(len(row.rule) for row in rows), max(len(str(row.line)) for row in rows)
    room = max(20, width - rule - line - 6)
    lines = [f"{row.line:>{line}}  {row.rule:<{rule}}  {_change(row, room)}" for row in rows]
    kinds = Counter((_kind(row), row.rule) for row in rows)
    for kind in ("removed", "repaired", "suspected"):
        counts = [(name, count) for (which, name), count in kinds.most_common() if which == kind]
        if counts:
            lines.append(f"{kind:<{_LABEL}}{_listed(counts)}")
    return "\n".join(lines)


def rules(width: int) -> str:
    """Every rule by which reading and cleaning take something out, write it anew or suspect it."""
    lines = []
    for stage, declared in (("reading", READING_RULES), ("cleaning", CLEANING_RULES)):
        lines.append(f"Rules of {stage}:")
        first = max(map(len, declared)) + 4
        for rule, meaning in declared.items():
            text = textwrap.wrap(meaning, max(20, width - first), break_long_words=False)
            lines += [f"  {rule:<{first - 2}}{text[0]}", *(" " * first + line for line in text[1:])]
    return "\n".join(lines)


def _kind(row: Row) -> str:
    if row.before == row.after:
        return "suspected"
    return "repaired" if row.after else "removed"


def _change(row: Row, room: int) -> str:
    """`…left [-before-] {+after+} right…`, as word differences are usually written."""
    middle = max(10, room // 2)
    before, after = shorten(visible(row.before), middle), shorten(visible(row.after), middle)
    marks = {"suspected": f"[?{before}?]", "removed": f"[-{before}-]"}
    change = marks.get(_kind(row), f"[-{before}-]{{+{after}+}}")
    around = max(0, (room - cells(change)) // 2)
    left, right = shorten_left(visible(row.left), around), shorten(visible(row.right), around)
    return f"{left if around > 1 else ''}{change}{right if around > 1 else ''}"


def encoders(infos: Sequence[EncoderInfo]) -> str:
    """The encoders that run here with their speed, then what the others lack."""
    rows = [["encoder", "dimension", "sentences/s", "licence", "note"]]
    rows += [
        [info.name, str(info.dimension), f"{info.speed:,.0f}" if info.speed else "–", info.licence, info.note]
        for info in infos
        if info.available
    ]
    lacks: dict[str, list[str]] = {}
    for info in infos:
        if not info.available:
            reason = info.note.removeprefix(f"the encoder {info.name} ")
            lacks.setdefault(reason, []).append(f"{info.name} ({info.licence})")
    lines = table(rows, numbers=(1, 2))
    for reason, names in lacks.items():
        lines += ["", f"not usable here: {reason}", *(f"  {each}" for each in names)]
    return "\n".join(lines)


def terms(found: Sequence[Term]) -> str:
    """Terms with how often they were seen, best first."""
    rows = [[str(term.count), visible(term.source), visible(term.target)] for term in found]
    return "\n".join(table([["seen", "source", "target"], *rows], numbers=(0,)))
