"""Exports beside the save file, named after it: no name or folder ever comes from the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from aligner.bitext import Alignment
from aligner.errors import UsageError
from aligner.export import ExportOptions, output_paths, write
from aligner.review.doubts import RULES
from aligner.review.doubts_list import write_doubts
from aligner.review.session import Session

PAIRS = ("tmx", "tmx.gz", "xliff", "xlsx", "html", "docx", "tsv", "csv", "jsonl", "align", "src", "json")
TERMS = {"tbx": "terms.tbx", "terms.csv": "terms.csv"}
DOUBTS = ("doubts.html", "doubts.tsv")
FORMATS = (*PAIRS, *TERMS, *DOUBTS)
MOST_TERMS = 5_000
_OF_PAIRS = (
    "src_lang", "tgt_lang", "script", "min_confidence", "duplicates", "context", "penalty", "xliff", "header",
)  # fmt: skip
_OPTIONS = (*_OF_PAIRS, "reviewed_only", "limit", "off")


def export_beside(session: Session, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Write one export; what was written. `exists` where it is there already and `overwrite` is not set.

    Raises `UsageError`, `OutputError` where an option or the place does not fit.
    """
    form, given = str(asked.get("format")), dict(asked.get("options") or {})
    unknown = sorted(set(given) - set(_OPTIONS))
    if form not in FORMATS or unknown:
        raise UsageError(f"no export or option is called {unknown[0] if unknown else form}")
    path = _beside(session.store.path, form)
    options = _options(session, given)
    paths = output_paths(path, options) if form in PAIRS else [path]
    names = [each.name for each in paths]
    if any(each.exists() for each in paths) and asked.get("overwrite") is not True:
        return {"exists": names}
    if form in TERMS:
        return {"files": names, **_write_terms(session, path, given)}
    if form in DOUBTS:
        return {"files": names, **_write_doubts(session, path, given)}
    alignment = session.alignment
    if given.get("reviewed_only"):
        options = replace(options, min_confidence=1.0)
        alignment = _unsure_undecided(alignment)
    report = write([alignment], path, options)
    left_out = {"below_confidence": report.below_confidence, "one_sided": report.one_sided,
                "duplicates": report.duplicates}  # fmt: skip
    return {"files": names, "units": report.units, "left_out": left_out, "warnings": list(report.warnings)}


def _beside(file: Path, form: str) -> Path:
    ending = {"json": "reviewed.json", **TERMS}.get(form, form)
    return file.with_name(f"{file.name.removesuffix('.json')}.{ending}")


def _options(session: Session, given: Mapping[str, Any]) -> ExportOptions:
    notes = {number: [d.message for d in doubts] for number, doubts in enumerate(session.doubts) if doubts}
    chosen = {name: value for name, value in given.items() if name in _OF_PAIRS}
    return ExportOptions(**chosen, doubts=[notes], extra=session.saved.extra)


def _unsure_undecided(alignment: Alignment) -> Alignment:
    """The alignment with no confidence in what nobody decided, so that every format leaves it out."""
    beads = tuple(replace(b, confidence=0.0) if b.status == "auto" else b for b in alignment.beads)
    return replace(alignment, beads=beads)


def _write_terms(session: Session, path: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """The terms of the decided pairs; of all pairs where none is decided, which a warning says."""
    from aligner.terms import FIRST_TERMS, find_terms, write_terms

    limit = int(given.get("limit", FIRST_TERMS))
    if not 1 <= limit <= MOST_TERMS:
        raise UsageError(f"limit {limit} is outside 1 to {MOST_TERMS}")
    alignment = session.alignment
    decided = [bead for bead in alignment.beads if bead.status != "auto" and bead.is_pair]
    terms = find_terms(alignment, limit=limit, only=decided or None, glossary=session.glossary)
    examples = [alignment.source_text(alignment.beads[term.example_bead]) for term in terms]
    langs = {"src_lang": alignment.source.lang, "tgt_lang": alignment.target.lang}
    write_terms(terms, path, **langs, examples=examples)
    warnings = [] if decided else ["no pair is reviewed yet: these are the terms of all pairs"]
    return {"units": len(terms), "left_out": {}, "warnings": warnings}


def _write_doubts(session: Session, path: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    off = set(given.get("off") or ())
    if unknown := sorted(off - set(RULES)):
        raise UsageError(f"no doubt rule is called {unknown[0]!r}")
    doubts = [
        replace(doubt, bead=number)  # rows above may have come or gone since it was found
        for number, some in enumerate(session.doubts)
        for doubt in some
        if doubt.rule not in off
    ]
    write_doubts(doubts, session.alignment, path)
    warnings = [] if session.doubts_known else ["doubts are still being looked for: the list is not whole"]
    return {"units": len(doubts), "left_out": {}, "warnings": warnings}
