"""JSON lines: one pair a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from aligner.bitext import Alignment
from aligner.export.options import ExportOptions
from aligner.export.units import Tally, units_of
from aligner.files import replacing


def write_jsonl(alignments: Sequence[Alignment], path: Path, options: ExportOptions, tally: Tally) -> None:
    """`{"source": …, "target": …, "confidence": …, "type": …}` a line; a moved pair also has `"moved": true`."""
    with replacing(path) as (file,):
        for unit in units_of(alignments, options, tally, options.duplicates or "keep"):
            record: dict[str, object] = {
                "source": unit.source, "target": unit.target,
                "confidence": round(float(unit.confidence), 6), "type": unit.type,
            }  # fmt: skip
            if unit.moved:
                record["moved"] = True
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
