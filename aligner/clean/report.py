"""What cleaning did to a text, a row an edit, before and after."""

from __future__ import annotations

from dataclasses import dataclass

from aligner.clean.rules import Cleaned

REPORT_CONTEXT = 20  # characters on each side of a row of the report


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the dry run: in `line` (from 1) of the text as read, `before` becomes `after`.

    `left` and `right` are a little of the cleaned text around it. A flag has `before == after`.
    """

    line: int
    rule: str
    left: str
    before: str
    after: str
    right: str


def report(cleaned: Cleaned) -> list[Row]:
    """What was removed, repaired and flagged, in order of place."""
    text, line, position, shift = cleaned.text.text, 1, 0, 0
    marks = [(edit.at, edit.end, edit.rule, edit.found, edit.written) for edit in cleaned.text.edits]
    marks += [(f.at, f.end, f.rule, text[f.at : f.end], text[f.at : f.end]) for f in cleaned.flags]
    rows = []
    for at, end, rule, before, after in sorted(marks, key=lambda mark: mark[:2]):
        line += text.count("\n", position, at)
        position = at
        left, right = text[max(0, at - REPORT_CONTEXT) : at], text[end : end + REPORT_CONTEXT]
        rows.append(
            Row(line + shift, rule, left.rpartition("\n")[2], before, after, right.partition("\n")[0])
        )
        shift += before.count("\n") - after.count("\n")
    return rows
