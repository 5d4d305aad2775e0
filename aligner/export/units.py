"""Which pairs go out, as plain text that every format can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from aligner.bitext import Alignment, Bead, Document, Moved
from aligner.errors import UsageError
from aligner.export.options import ExportOptions
from aligner.export.seen import _64_BITS, Seen
from aligner.export.unit_codes import codes_of_side
from aligner.language.contradiction import is_in_other_script
from aligner.language.regional import convert_region
from aligner.language.tags import is_chinese
from aligner.text.codes import Code

# Trados Cloud refuses units with a longer side (shared in its import report).
LONGEST_SIDE = 2_000

# BCP 47's code for a language nobody named.
UNKNOWN_LANG = "und"

# Enough to look through by hand.
MOST_LISTED = 1_000
_SHOWN = 40  # characters of a text in a warning

# What XML 1.0 can't hold, and the C1 controls, which it should not; for a class of a regular expression.
UNPRINTABLE = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"

_UNPRINTABLE = re.compile(f"[{UNPRINTABLE}]")

LINE_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85"

_PATH_SEPARATORS = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True)
class Unit:
    """One pair on its way out. `document` names the files, `before` and `after` are its neighbours.

    `moved`: its two sides stand in other places. The codes of a side are placed in its text, `source` or `target`.
    `src_span`, `tgt_span`: characters `[start, end)` of the documents' texts.
    """

    id: str
    source: str
    target: str
    confidence: float = 1.0
    type: str = "1-1"
    status: str = "auto"
    document: str = ""
    notes: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    ranges: str = ""
    moved: bool = False
    source_codes: tuple[Code, ...] = ()
    target_codes: tuple[Code, ...] = ()
    comment: str = ""
    src_span: tuple[int, int] = (0, 0)
    tgt_span: tuple[int, int] = (0, 0)

    @property
    def is_pair(self) -> bool:
        """Always: one-sided beads make no unit."""
        return True


@dataclass(slots=True)
class Tally:
    """What a stream of units let through and left out so far."""

    units: int = 0
    below_confidence: int = 0
    one_sided: int = 0
    duplicates: int = 0
    too_long: int = 0
    turned: int = 0
    other_script: int = 0
    other_script_at: str = ""
    warnings: list[str] = field(default_factory=list)
    several_targets: dict[str, None] = field(default_factory=dict)


def printable(text: str) -> str:
    """`text` without control characters and lone surrogates; those that break a line become a blank."""
    if not _UNPRINTABLE.search(text):
        return text
    return _UNPRINTABLE.sub(lambda match: " " if match[0] in LINE_BREAKS else "", text).strip()


def label(alignment: Alignment, separator: str = " | ") -> str:
    """The names of the two documents without their folders, the one name where they share it."""
    names = [file_name(document) for document in (alignment.source, alignment.target)]
    return separator.join(dict.fromkeys(name for name in names if name))


def file_name(document: Document) -> str:
    """The document's name without its folder, which is nobody else's business."""
    return printable(_PATH_SEPARATORS.split(document.name)[-1])


def ladder(bead: Bead) -> str:
    """The field's notation of a bead, `[0,1]:[2]`."""
    source = ",".join(map(str, range(bead.src_start, bead.src_end)))
    target = ",".join(map(str, range(bead.tgt_start, bead.tgt_end)))
    return f"[{source}]:[{target}]"


def score(confidence: float) -> str:
    """A confidence as text: six decimals at most, as more would say nothing."""
    return str(round(float(confidence), 6))


def languages(alignments: Sequence[Alignment], options: ExportOptions) -> tuple[str, str]:
    """The codes to write for both sides. Raises `UsageError` where alignments disagree and none is set."""
    return (
        options.src_lang or _shared([a.source.lang for a in alignments], "source", options.script),
        options.tgt_lang or _shared([a.target.lang for a in alignments], "target", options.script),
    )


def _shared(tags: Sequence[str], side: str, script: str | None) -> str:
    found = sorted({written_lang(tag, script) for tag in tags})
    if len(found) > 1:
        option = "--src-lang" if side == "source" else "--tgt-lang"
        raise UsageError(f"the {side} texts are in {', '.join(found)}; one file needs one code: set {option}")
    return found[0] if found else UNKNOWN_LANG


def written_lang(tag: str, script: str | None) -> str:
    """The code that fits a text of code `tag` after its conversion to `script`."""
    if script and is_chinese(tag):
        return tag.replace("Hant", "Hans") if script == "simplified" else tag.replace("Hans", "Hant")
    return tag or UNKNOWN_LANG


def side_text(document: Document, start: int, end: int, script: str | None, lang: str | None = None) -> str:
    """Segments `[start, end)` on one line, printable, in the script asked for.

    `lang` is the code that the text will have: to traditional characters, its region says which.
    """
    region = lang if lang and script == "traditional" and is_chinese(document.lang) else document.lang
    return in_script(printable(document.span(start, end)), region, script)


def in_script(text: str, lang: str, script: str | None) -> str:
    """`text` in the script asked for, as the region in `lang` writes it, where it is Chinese."""
    return convert_region(text, script, lang) if script and text and is_chinese(lang) else text


def counterpart(alignment: Alignment, bead: Bead, pair: Moved | None, script: str | None) -> str:
    """What stands elsewhere for a one-sided `bead` of the moved `pair`, on one line; empty without a pair."""
    if pair is None:
        return ""
    if bead.src_start < bead.src_end:
        return side_text(alignment.target, pair.tgt_start, pair.tgt_end, script)
    return side_text(alignment.source, pair.src_start, pair.src_end, script)


def moved_note(text: str) -> tuple[str, ...]:
    """What is written beside a one-sided bead whose counterpart `text` stands elsewhere."""
    return (f"moved ⇄ {text}",) if text else ()


def units_of(
    alignments: Sequence[Alignment], options: ExportOptions, tally: Tally, duplicates: str = "keep"
) -> Iterator[Unit]:
    """The pairs that pass the options, in order; what is left out is counted in `tally`."""
    best = _best_targets(alignments, options) if duplicates == "best" else {}
    pairs, sources = Seen(), Seen()
    for number, alignment in enumerate(alignments):
        langs = options.src_lang or alignment.source.lang, options.tgt_lang or alignment.target.lang
        for found in _pairs_of(number, alignment, options, tally):
            unit = _the_right_way(found, langs, tally)
            pair, source = _key(unit.source, unit.target), _key(unit.source)
            new_pair = pairs.add(pair)
            if not sources.add(source) and new_pair and len(tally.several_targets) < MOST_LISTED:
                tally.several_targets[unit.source] = None
            if duplicates != "keep" and (not new_pair or best.get(source, (0.0, pair))[1] != pair):
                tally.duplicates += 1
                continue
            tally.units += 1
            tally.too_long += max(len(unit.source), len(unit.target)) > LONGEST_SIDE
            yield unit


def _pairs_of(number: int, alignment: Alignment, options: ExportOptions, tally: Tally) -> Iterator[Unit]:
    document = label(alignment)
    for place, bead in alignment.links():
        source = side_text(alignment.source, bead.src_start, bead.src_end, options.script, options.src_lang)
        target = side_text(alignment.target, bead.tgt_start, bead.tgt_end, options.script, options.tgt_lang)
        if not source or not target:
            tally.one_sided += 1
            continue
        if bead.status == "auto" and bead.confidence < options.min_confidence:
            tally.below_confidence += 1
            continue
        before, after = _neighbours(alignment, bead, options) if options.context else ("", "")
        yield Unit(
            id=f"{digest(document, source, target, f'{bead.src_start}:{bead.tgt_start}'):016x}",
            source=source, target=target, confidence=bead.confidence, type=bead.type, status=bead.status,
            document=document,
            notes=() if place is None else tuple(map(printable, options.notes(number, place))),
            comment=printable(bead.note),
            before=before, after=after, ranges=ladder(bead), moved=place is None,
            source_codes=side_codes(alignment.source, bead.src_start, bead.src_end, source, options),
            target_codes=side_codes(alignment.target, bead.tgt_start, bead.tgt_end, target, options),
            src_span=_span(alignment.source, bead.src_start, bead.src_end),
            tgt_span=_span(alignment.target, bead.tgt_start, bead.tgt_end),
        )  # fmt: skip


def _the_right_way(unit: Unit, langs: tuple[str, str], tally: Tally) -> Unit:
    """`unit`, turned where both sides are in the other's script; one side alone is counted and told."""
    source, target = unit.source, unit.target
    wrong = _in_other_scripts(source, target, langs)
    if not any(wrong):
        return unit
    if _turns(wrong, source, target, langs):
        tally.turned += 1
        return replace(
            unit,
            source=target,
            target=source,
            source_codes=unit.target_codes,
            target_codes=unit.source_codes,
            src_span=unit.tgt_span,
            tgt_span=unit.src_span,
            type="-".join(reversed(unit.type.split("-"))),
            before="",
            after="",
        )
    tally.other_script += 1
    text, lang = (source, langs[0]) if wrong[0] else (target, langs[1])
    tally.other_script_at = tally.other_script_at or f"“{text[:_SHOWN]}” as {lang}"
    return unit


def stands_turned(source: str, target: str, langs: tuple[str, str]) -> bool:
    """Whether both texts of a pair are in the script of the other's language, of `langs`, and not of their own."""
    return _turns(_in_other_scripts(source, target, langs), source, target, langs)


def _in_other_scripts(source: str, target: str, langs: tuple[str, str]) -> tuple[bool, bool]:
    return is_in_other_script(source, langs[0], target), is_in_other_script(target, langs[1], source)


def _turns(wrong: tuple[bool, bool], source: str, target: str, langs: tuple[str, str]) -> bool:
    return all(wrong) and not (is_in_other_script(source, langs[1]) or is_in_other_script(target, langs[0]))


def side_codes(
    document: Document, start: int, end: int, text: str, options: ExportOptions
) -> tuple[Code, ...]:
    """The codes to write of segments `[start, end)`, placed in `text`, which is theirs on its way out."""
    if not document.codes or options.codes == "drop":
        return ()
    return codes_of_side(document, start, end, text, _UNPRINTABLE)


def _span(document: Document, start: int, end: int) -> tuple[int, int]:
    return document.segments[start].start, document.segments[end - 1].end


def _neighbours(alignment: Alignment, bead: Bead, options: ExportOptions) -> tuple[str, str]:
    source, start, end = alignment.source, bead.src_start, bead.src_end
    before = side_text(source, start - 1, start, options.script, options.src_lang) if start else ""
    after = side_text(source, end, end + 1, options.script, options.src_lang) if end < len(source) else ""
    return before, after


def _best_targets(alignments: Sequence[Alignment], options: ExportOptions) -> dict[int, tuple[float, int]]:
    """For each source's key, the rank and the pair's key of its best target: reviewed or likeliest."""
    best: dict[int, tuple[float, int]] = {}
    for number, alignment in enumerate(alignments):
        for unit in _pairs_of(number, alignment, options, Tally()):
            rank = unit.confidence + (unit.status != "auto")
            key = _key(unit.source)
            if key not in best or rank > best[key][0]:
                best[key] = (rank, _key(unit.source, unit.target))
    return best


def digest(*texts: str) -> int:
    """64 bits that stand for `texts`, the same in every run."""
    # Lengths keep ("ab", "c") and ("a", "bc") apart.
    joined = "\0".join([*map(str, map(len, texts)), *texts]).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(joined, digest_size=8).digest(), "big")


def _key(*texts: str) -> int:
    """64 bits that stand for `texts` in this run, in a quarter of the time of a digest."""
    return hash(texts) & _64_BITS
