"""Strict and lax precision, recall and F1, by bead type, and the edits left to a perfect alignment."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aligner.bitext import Alignment
from aligner.read.ladder import Ladder, Rung


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts over one or more documents.

    `system` beads, of which `system_strict` are exactly in the gold and `system_lax` share a link with it;
    `gold` two-sided beads, of which `gold_strict` and `gold_lax` were found; `types` gives for each type of
    gold bead how many were found exactly and how many there are; `edits` as `edits_left` says; `outcomes` has
    for each system bead with a confidence that confidence and whether the bead is exactly in the gold.
    """

    system: int = 0
    system_strict: int = 0
    system_lax: int = 0
    gold: int = 0
    gold_strict: int = 0
    gold_lax: int = 0
    types: tuple[tuple[str, int, int], ...] = ()
    edits: int = 0
    outcomes: tuple[tuple[float, bool], ...] = ()

    @property
    def strict(self) -> tuple[float, float, float]:
        """Precision, recall and F1, each 0 to 1, of exact beads."""
        return _ratios(self.system_strict, self.system, self.gold_strict, self.gold)

    @property
    def lax(self) -> tuple[float, float, float]:
        """Precision, recall and F1, each 0 to 1, of beads that share at least one source-target link."""
        return _ratios(self.system_lax, self.system, self.gold_lax, self.gold)


def _ratios(precise: int, system: int, recalled: int, gold: int) -> tuple[float, float, float]:
    precision = precise / system if system else 0.0
    recall = recalled / gold if gold else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def score(
    gold: Sequence[Rung],
    system: Sequence[Rung],
    confidences: Sequence[float] | None = None,
    types: Sequence[str] | None = None,
) -> Scores:
    """Score one document. `types` names the gold beads' types where they are not the lengths of their sides.

    Precision counts every system bead, one-sided ones included; recall counts the two-sided gold beads. A
    one-sided bead is right, strictly and laxly, only where the gold has the very same one.
    """
    gold = [rung for rung in gold if rung[0] or rung[1]]
    kept = [number for number, rung in enumerate(system) if rung[0] or rung[1]]
    named = types if types is not None else [f"{len(source)}-{len(target)}" for source, target in gold]
    exact = set(gold)
    found = set(system)
    links, system_links = _links(gold), _links(system)
    right = [system[number] in exact for number in kept]
    pairs = [rung for rung in gold if rung[0] and rung[1]]
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, rung in zip(named, gold, strict=True):
        tally[name][0] += rung in found
        tally[name][1] += 1
    return Scores(
        system=len(kept),
        system_strict=sum(right),
        system_lax=sum(system[n] in exact or _shares_link(system[n], links) for n in kept),
        gold=len(pairs),
        gold_strict=sum(rung in found for rung in pairs),
        gold_lax=sum(rung in found or _shares_link(rung, system_links) for rung in pairs),
        types=tuple(sorted((name, hits, beads) for name, (hits, beads) in tally.items())),
        edits=edits_left(gold, system),
        outcomes=()
        if confidences is None
        else tuple((float(confidences[n]), hit) for n, hit in zip(kept, right, strict=True)),
    )


def pool(scores: Iterable[Scores]) -> Scores:
    """The scores of several documents taken together, as the field reports a corpus."""
    parts = list(scores)
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for part in parts:
        for name, hits, beads in part.types:
            found[name] += hits
            total[name] += beads
    return Scores(
        system=sum(part.system for part in parts),
        system_strict=sum(part.system_strict for part in parts),
        system_lax=sum(part.system_lax for part in parts),
        gold=sum(part.gold for part in parts),
        gold_strict=sum(part.gold_strict for part in parts),
        gold_lax=sum(part.gold_lax for part in parts),
        types=tuple((name, found[name], total[name]) for name in sorted(total)),
        edits=sum(part.edits for part in parts),
        outcomes=tuple(outcome for part in parts for outcome in part.outcomes),
    )


def _links(ladder: Iterable[Rung]) -> dict[int, set[int]]:
    links: dict[int, set[int]] = defaultdict(set)
    for source, target in ladder:
        for sentence in source:
            links[sentence].update(target)
    return links


def _shares_link(rung: Rung, links: dict[int, set[int]]) -> bool:
    source, target = rung
    return any(not links[sentence].isdisjoint(target) for sentence in source if sentence in links)


def edits_left(gold: Sequence[Rung], system: Sequence[Rung]) -> int:
    """The least number of merges, splits and moved boundaries that turn the system's ladder into the gold.

    A boundary is a cut through both texts at once. Boundaries that both ladders have stay; between two of
    them, with `m` boundaries only in the gold and `s` only in the system's, `min(m, s)` are moved and the
    rest inserted (a split) or deleted (a merge): `max(m, s)` edits. Rungs of a gold that cross each other
    count as one.
    """
    wanted, drawn = set(_cuts(gold)), set(_cuts(system))
    edits = missing = surplus = 0
    for cut in sorted(wanted | drawn):
        if cut in wanted and cut in drawn:
            edits += max(missing, surplus)
            missing = surplus = 0
        else:
            missing += cut in wanted
            surplus += cut in drawn
    return edits + max(missing, surplus)


def _cuts(ladder: Sequence[Rung]) -> list[tuple[int, int]]:
    """Where the ladder cuts both texts, `(source, target)` after each rung; source-only rungs come first."""
    blocks: list[tuple[int, int, int, int]] = []
    for source, target in sorted(rung for rung in ladder if rung[0] and rung[1]):
        block = (min(source), max(source) + 1, min(target), max(target) + 1)
        while blocks and (block[0] < blocks[-1][1] or block[2] < blocks[-1][3]):
            last = blocks.pop()
            block = (
                min(last[0], block[0]),
                max(last[1], block[1]),
                min(last[2], block[2]),
                max(last[3], block[3]),
            )
        blocks.append(block)
    source_only = sorted(max(source) + 1 for source, target in ladder if source and not target)
    target_only = sorted(max(target) + 1 for source, target in ladder if target and not source)
    end = (
        max([block[1] for block in blocks[-1:]] + source_only[-1:], default=0),
        max([block[3] for block in blocks[-1:]] + target_only[-1:], default=0),
    )
    cuts: list[tuple[int, int]] = []
    position = (0, 0)
    for first_source, last_source, first_target, last_target in [*blocks, (end[0], end[0], end[1], end[1])]:
        cuts += [(cut, position[1]) for cut in _between(source_only, position[0], first_source)]
        cuts += [(first_source, cut) for cut in _between(target_only, position[1], first_target)]
        position = (last_source, last_target)
        cuts.append(position)
    return cuts


def _between(numbers: Sequence[int], low: int, high: int) -> Sequence[int]:
    """The sorted `numbers` in `(low, high]`."""
    return numbers[bisect_left(numbers, low + 1) : bisect_left(numbers, high + 1)]


def ladder_of(alignment: Alignment) -> Ladder:
    """The rungs of an alignment, moved pairs among them."""
    return [
        (tuple(range(bead.src_start, bead.src_end)), tuple(range(bead.tgt_start, bead.tgt_end)))
        for _, bead in alignment.links()
    ]


def confidences_of(alignment: Alignment) -> list[float]:
    """The confidence of each rung of `ladder_of`."""
    return [bead.confidence for _, bead in alignment.links()]
