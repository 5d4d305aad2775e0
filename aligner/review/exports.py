"""Exports beside the save file, named after it: no name or folder ever comes from the page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aligner.errors import UsageError
from aligner.export import ExportOptions, write
from aligner.review.session import Session

FORMATS = ("tmx", "tmx.gz", "xliff", "xlsx", "html", "docx", "tsv", "csv", "jsonl", "align", "src")
_OPTIONS = (
    "src_lang",
    "tgt_lang",
    "script",
    "min_confidence",
    "duplicates",
    "context",
    "penalty",
    "xliff",
    "header",
)


def export_beside(session: Session, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Write one export; what was written. `exists` where it is there already and `overwrite` is not set.

    Raises `UsageError`, `OutputError` where an option or the place does not fit.
    """
    from aligner.export import output_paths

    form, given = asked.get("format"), dict(asked.get("options") or {})
    unknown = sorted(set(given) - set(_OPTIONS))
    if form not in FORMATS or unknown:
        raise UsageError(f"no export or option is called {unknown[0] if unknown else form}")
    file: Path = session.store.path
    notes = {number: [d.message for d in doubts] for number, doubts in enumerate(session.doubts) if doubts}
    options = ExportOptions(**given, doubts=[notes])
    path = file.with_name(f"{file.name.removesuffix('.json')}.{form}")
    paths = output_paths(path, options)
    names = [each.name for each in paths]
    if any(each.exists() for each in paths) and asked.get("overwrite") is not True:
        return {"exists": names}
    report = write([session.alignment], path, options)
    left_out = {"below_confidence": report.below_confidence, "one_sided": report.one_sided,
                "duplicates": report.duplicates}  # fmt: skip
    return {"files": names, "units": report.units, "left_out": left_out, "warnings": list(report.warnings)}
