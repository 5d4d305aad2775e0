"""Scores as text and as plain data."""

from __future__ import annotations

import numpy as np

from aligner.evaluation.calibration import Calibration, calibrate
from aligner.evaluation.scores import Scores


def as_dict(scores: Scores) -> dict[str, object]:
    """The scores for JSON; ratios from 0 to 1, what can't be computed is null."""
    names = ("precision", "recall", "f1")
    return {
        "strict": dict(zip(names, scores.strict, strict=True)),
        "lax": dict(zip(names, scores.lax, strict=True)),
        "beads": {"system": scores.system, "gold": scores.gold},
        "types": {name: {"found": found, "total": total} for name, found, total in scores.types},
        "edits_left": scores.edits,
        "calibration": _calibration_dict(calibrate(scores.outcomes)) if scores.outcomes else None,
    }


def _calibration_dict(calibration: Calibration) -> dict[str, object]:
    keys = ("from", "to", "beads", "confidence", "right")
    return {
        "ece": calibration.ece,
        "auroc": None if np.isnan(calibration.auroc) else calibration.auroc,
        "errors_among_least_sure": {f"{share:.0%}": part for share, part in calibration.caught},
        "reliability": [dict(zip(keys, row, strict=True)) for row in calibration.table],
    }


def as_text(scores: Scores) -> str:
    """The scores as a few lines for people."""
    lines = [
        f"{name:<7}precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}"
        for name, (precision, recall, f1) in (("strict", scores.strict), ("lax", scores.lax))
    ]
    lines.append(f"beads  {scores.system} in the system, {scores.gold} two-sided in the gold")
    lines.append(f"edits  {scores.edits} left to the gold (merges, splits, moved boundaries)")
    by_frequency = sorted(scores.types, key=lambda row: (-row[2], row[0]))
    lines.append("found  " + ", ".join(f"{name} {found}/{total}" for name, found, total in by_frequency))
    if scores.outcomes:
        lines.append(_calibration_text(calibrate(scores.outcomes)))
    return "\n".join(lines)


def _calibration_text(calibration: Calibration) -> str:
    caught = ", ".join(f"{share:.0%}: {part:.0%}" for share, part in calibration.caught)
    auroc = "–" if np.isnan(calibration.auroc) else f"{calibration.auroc:.3f}"
    return f"sure   ECE {calibration.ece:.3f}, AUROC {auroc}; of all errors among the least sure {caught}"
