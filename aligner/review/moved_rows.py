"""The rows of a reviewed table that stand for passages that moved: a status or a deletion counts, a text does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from aligner.bitext import STATUSES, Alignment, Moved
from aligner.export import sheet
from aligner.export.units import in_script, label, ladder, printable
from aligner.language.joints import one_line
from aligner.review.table_rows import DELETE
from aligner.review.tables import Cells, is_same


def reviewed_moved(
    alignment: Alignment, table: Iterable[Cells], script: str | None, warnings: list[str]
) -> tuple[Moved, ...]:
    """The moved pairs with the status of their rows, without those whose row was marked to delete or emptied."""
    stand = {ladder(pair.bead()): pair for pair in alignment.moved}
    for place, cells in table:
        name = cells["id"].strip()
        pair = stand.get(name)
        if pair is None or cells.get(sheet.DOCUMENT, label(alignment)) != label(alignment):
            continue
        status = cells.get("status", "").strip().lower()
        written = [cells.get(side, "") for side in ("source", "target")]
        if status in DELETE or not all(map(one_line, written)):
            del stand[name]
            continue
        if status in STATUSES:
            stand[name] = replace(pair, status=status)
        shown = (
            in_script(printable(alignment.source_text(pair.bead())), alignment.source.lang, script),
            in_script(printable(alignment.target_text(pair.bead())), alignment.target.lang, script),
        )
        if not all(map(is_same, written, shown)):
            warnings.append(f"{place}: {name} is a moved pair; its texts stay as they were")
    return tuple(stand.values())
