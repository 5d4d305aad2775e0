"""Which beads of an earlier, reviewed alignment still stand: confirmed rows survive a realignment."""

from __future__ import annotations

from aligner.bitext import Alignment, Bead, Document


def keep_confirmed(
    kept: Alignment, source: Document, target: Document
) -> tuple[tuple[Bead, ...], tuple[str, ...]]:
    """The confirmed and edited beads of `kept` as beads of `source` and `target`, and a note on those not found.

    Where the texts were segmented anew, a bead is found by its text, in order.
    """
    reviewed = [bead for bead in kept.beads if bead.status != "auto"]
    found: list[Bead] = []
    src_places, tgt_places = _places(source), _places(target)
    src, tgt = 0, 0
    for bead in reviewed:
        sources = _find_range(kept.source, bead.src_start, bead.src_end, source, src_places, src)
        targets = _find_range(kept.target, bead.tgt_start, bead.tgt_end, target, tgt_places, tgt)
        if sources is None or targets is None:
            continue
        found.append(Bead(*sources, *targets, confidence=bead.confidence, status=bead.status))
        src, tgt = sources[1], targets[1]
    lost = len(reviewed) - len(found)
    notes = (
        (f"{lost} of {len(reviewed)} confirmed pairs are no longer in the texts and were aligned anew",)
        if lost
        else ()
    )
    return tuple(found), notes


def _places(document: Document) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for number in range(len(document)):
        places.setdefault(_letters(document.span(number, number + 1)), []).append(number)
    return places


def _find_range(
    old: Document, start: int, end: int, new: Document, places: dict[str, list[int]], begin: int
) -> tuple[int, int] | None:
    """Segments `[start, end)` of `old` in `new`, from `begin` on; an empty range is where the one before it ends."""
    if start < end:
        return _find(new, places, old.span(start, end), begin, start)
    if start == 0:
        return (0, 0) if begin == 0 else None
    before = _find(new, places, old.span(start - 1, start), max(begin - 1, 0), start - 1)
    return (before[1], before[1]) if before and before[1] >= begin else None


def _find(
    document: Document, places: dict[str, list[int]], text: str, begin: int, hint: int
) -> tuple[int, int] | None:
    """Segments from `begin` on that read as `text`; nearest to `hint` where there are several."""
    wanted = _letters(text)
    starts = [
        n
        for head, numbers in places.items()
        if head and wanted.startswith(head)
        for n in numbers
        if n >= begin
    ]
    for start in sorted(starts, key=lambda number: abs(number - hint)):
        end = _end(document, start, wanted)
        if end:
            return start, end
    return None


def _end(document: Document, start: int, wanted: str) -> int | None:
    read = ""
    for end in range(start + 1, len(document) + 1):
        read += _letters(document.span(end - 1, end))
        if read == wanted:
            return end
        if not wanted.startswith(read):
            return None
    return None


def _letters(text: str) -> str:
    return "".join(text.split())
