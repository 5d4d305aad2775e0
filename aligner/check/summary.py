"""A check and a fix as text for people and as plain data for programmes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from aligner.check.fix import FixReport
from aligner.check.rules import SEVERITIES, TOOLS, Check, Finding, effect
from aligner.text.counted import counted

_TITLES = {"refused": "Refused", "lost": "Lost without a word", "warning": "Worth a look"}
_VERBS = {
    "refused": "refuses the file",
    "lost": "loses units or matches",
    "warning": "takes it; see above",
    "": "takes it",
}
# So many left-out units are printed; `fix_as_dict` has more.
_SHOWN, _SHOWN_TEXT = 10, 60


def as_text(check: Check) -> str:
    """The check as lines: one for a clean file; else findings by severity, then a line for each tool."""
    lines = [_title(check)]
    if not check.findings:
        codes = " and ".join(check.languages[:2])
        return f"{lines[0]}\nNothing to mend. Your project's languages must be {codes}, letter for letter.\n"
    for severity in SEVERITIES:
        found = [finding for finding in check.findings if finding.severity == severity]
        if found:
            lines += ["", _TITLES[severity], *(line for finding in found for line in _lines(finding))]
    return "\n".join([*lines, "", "Tool by tool", *_tools(check)]) + "\n"


def _title(check: Check) -> str:
    units = f"{check.units:,} unit{'s' * (check.units != 1)}"
    codes = _plain(" → ".join(check.languages[:_SHOWN])) or "no languages"
    return f"{_plain(check.name)}: {units}, {codes}, {check.encoding}"


def _lines(finding: Finding) -> Iterator[str]:
    yield f"  {finding.rule}{_times(finding.count)}: {_plain(finding.message)}"
    if finding.where:
        yield f"      at {finding.where}"
    yield f"      → {finding.advice}"


def _tools(check: Check) -> Iterator[str]:
    width = max(map(len, TOOLS))
    for tool in TOOLS:
        effects = [(finding.rule, effect(finding, tool)) for finding in check.findings]
        worst = next((s for s in SEVERITIES if any(severity == s for _, severity in effects)), "")
        rules = dict.fromkeys(rule for rule, severity in effects if severity == worst)
        why = f" ({', '.join(rules)})" if worst in ("refused", "lost") else ""
        yield f"  {tool:<{width}}  {_VERBS[worst]}{why}"


def as_dict(check: Check) -> dict[str, Any]:
    """The check as plain data, for `--json`."""
    return {**asdict(check), "refused": check.is_refused}


def fix_as_text(report: FixReport) -> str:
    """What `fix_tmx` did, as lines."""
    codes = f"{report.src_lang} → {', '.join(report.tgt_langs)}"
    lines = [f"{_plain(report.path.name)}: {counted(report.units, 'unit')} written, {codes}"]
    lines += [f"  {_plain(change)}{_times(count)}" for change, count in report.changes]
    for reason, count in report.left_out_counts:
        lines.append(f"  left out, {reason}: {counted(count, 'unit')}")
        listed = [unit for unit in report.left_out if unit.reason == reason]
        lines += [f"      {unit.where}: {_plain(unit.text)[:_SHOWN_TEXT]}" for unit in listed[:_SHOWN]]
        lines += [f"      and {count - _SHOWN:,} more" for _ in [0] if count > _SHOWN]
    return "\n".join(lines) + "\n"


def fix_as_dict(report: FixReport) -> dict[str, Any]:
    """What `fix_tmx` did, as plain data."""
    return {**asdict(report), "path": str(report.path), "changes": dict(report.changes),
            "left_out_counts": dict(report.left_out_counts)}  # fmt: skip


def _times(count: int) -> str:
    return f" ({count:,}×)" if count > 1 else ""


def _plain(text: str) -> str:
    """`text` from a file, harmless on a terminal and on one line."""
    return "".join(char if char.isprintable() else " " for char in text)
