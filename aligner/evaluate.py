"""How good an alignment is: strict and lax F1, by bead type, edits left, calibration of its confidence.

A gold alignment may cross and skip, so a rung here is two tuples of sentence numbers and not a `Bead`. Counts
are kept, not ratios: scores of several documents are pooled by adding their counts.

Sources: strict and lax as in Vecalign's `score.py` (Thompson & Koehn 2019) and Bertalign's (Liu & Zhu 2022);
calibration error as in Guo et al. 2017; the edits left, the effort a user feels, after Cai 2019.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.bitext import Alignment
from aligner.errors import InputError

Rung = tuple[tuple[int, ...], tuple[int, ...]]
Ladder = list[Rung]

RELIABILITY_BINS = 15  # equal width, Guo et al. 2017
LEAST_SURE = (0.05, 0.10, 0.20)  # shares of the beads a reviewer might look at
_RUNG = re.compile(r"\[([\d,\s]*)\]\s*:\s*\[([\d,\s]*)\](?:\s*:.*)?")
_COLUMNS = 2
_HEADING = ("source", "target")  # of the tables that `align` writes


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


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether confidences can be trusted; all figures are 0 to 1.

    `ece` is the expected calibration error over `RELIABILITY_BINS` bins of equal width. `auroc` is how often
    a right bead is surer than a wrong one. `caught` has for each share of `LEAST_SURE` the part of all errors
    among that many least sure beads; `auroc` is NaN where all beads are right or all are wrong. `table` has
    for each bin that is not empty its lower and upper bound, the number of beads, their mean confidence and
    the part of them that is right.
    """

    ece: float
    auroc: float
    caught: tuple[tuple[float, float], ...]
    table: tuple[tuple[float, float, int, float, float], ...]


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


def calibrate(outcomes: Sequence[tuple[float, bool]]) -> Calibration:
    """Calibration of `(confidence, right)` pairs; at least one is needed. Ties share their errors evenly."""
    confidence = np.array([pair[0] for pair in outcomes], dtype=np.float64)
    right = np.array([pair[1] for pair in outcomes], dtype=np.float64)
    if not len(confidence) or not np.all((confidence >= 0) & (confidence <= 1)):
        raise InputError(
            f"calibration of {len(confidence)} beads: needs at least one, with confidences from 0 to 1"
        )
    table = tuple(_reliability(confidence, right))
    ece = sum(beads * abs(mean - part) for _, _, beads, mean, part in table) / len(confidence)
    caught = tuple((share, _caught(confidence, right, share)) for share in LEAST_SURE)
    return Calibration(float(ece), _auroc(confidence, right), caught, table)


def _reliability(
    confidence: NDArray[np.float64], right: NDArray[np.float64]
) -> Iterator[tuple[float, float, int, float, float]]:
    bins = np.minimum((confidence * RELIABILITY_BINS).astype(int), RELIABILITY_BINS - 1)
    for number in np.unique(bins):
        inside = bins == number
        bounds = (int(number) / RELIABILITY_BINS, (int(number) + 1) / RELIABILITY_BINS)
        yield *bounds, int(inside.sum()), float(confidence[inside].mean()), float(right[inside].mean())


def _auroc(confidence: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    rights, wrongs = confidence[right > 0], np.sort(confidence[right == 0])
    if not len(rights) or not len(wrongs):
        return float("nan")
    below = np.searchsorted(wrongs, rights, side="left") + np.searchsorted(wrongs, rights, side="right")
    return float(below.mean() / 2 / len(wrongs))


def _caught(confidence: NDArray[np.float64], right: NDArray[np.float64], share: float) -> float:
    """The part of all errors among the `share` least sure; 1 where there is no error."""
    levels, level = np.unique(confidence, return_inverse=True)
    beads = np.bincount(level, minlength=len(levels))
    errors = np.bincount(level, weights=1 - right, minlength=len(levels))
    if not errors.sum():
        return 1.0
    reached = np.interp(share * len(confidence), np.r_[0, np.cumsum(beads)], np.r_[0, np.cumsum(errors)])
    return float(reached / errors.sum())


@dataclass(frozen=True, slots=True)
class Read:
    """An alignment as read for comparison: its rungs and, where the file has them, sentences and confidences.

    `source` and `target` are the sentences the rungs number, or None where the file holds numbers only.
    """

    name: str
    rungs: Ladder
    source: list[str] | None = None
    target: list[str] | None = None
    confidences: list[float] | None = None


def read_ladder(path: str | Path) -> Ladder:
    """Read a ladder, `[0,1]:[2]` a line, zero-based; what follows a second colon (a cost) is ignored.

    Raises `InputError` for a line that is no rung and for a file without any.
    """
    ladder: Ladder = []
    for number, line in enumerate(_read_text(path).splitlines(), 1):
        if not line.strip():
            continue
        match = _RUNG.fullmatch(line.strip())
        if not match:
            raise InputError(f"{path}, line {number}: not a rung of a ladder, write it as [0,1]:[2]")
        source, target = (tuple(sorted(map(int, re.findall(r"\d+", side)))) for side in match.groups()[:2])
        ladder.append((source, target))
    if not ladder:
        raise InputError(f"{path}: no rung in it, a ladder has lines such as [0,1]:[2]")
    return ladder


def read_sentences(path: str | Path) -> list[str]:
    """The lines of a file with one sentence a line. Only a line feed ends a line."""
    return _read_text(path).removesuffix("\n").split("\n")


def _read_text(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text at byte {error.start}; save it as UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror})") from error


def ladder_of(alignment: Alignment) -> Ladder:
    """The rungs of an alignment."""
    return [
        (tuple(range(bead.src_start, bead.src_end)), tuple(range(bead.tgt_start, bead.tgt_end)))
        for bead in alignment.beads
    ]


def load_system(path: str | Path) -> Read:
    """Read a ladder, a save file (`.json`) or anything with two columns (TMX, JSONL, TSV, XLSX).

    Raises `InputError` where the file is none of these.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".json":
        from aligner.export.savefile import load

        alignment = load(path)
        confidences = [bead.confidence for bead in alignment.beads]
        sides = (alignment.source.sentences(), alignment.target.sentences())
        return Read(str(path), ladder_of(alignment), *sides, confidences)
    if suffix in ("", ".align", ".ladder", ".txt", ".gold"):
        return Read(str(path), read_ladder(path))
    if suffix == ".jsonl":
        return _load_lines(path)
    return _load_table(path)


def _load_lines(path: Path) -> Read:
    rows: list[tuple[str, str]] = []
    confidences: list[float] = []
    for number, line in enumerate(read_sentences(path), 1):
        try:
            entry = json.loads(line)
            rows.append((str(entry["source"]), str(entry["target"])))
            confidences.append(float(entry["confidence"]))
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(
                f"{path}, line {number}: not an object with source, target and confidence"
            ) from error
    return Read(str(path), *_number(rows), confidences)


def _load_table(path: Path) -> Read:
    from aligner.read import read_file

    columns = read_file(path).columns
    if len(columns) < _COLUMNS:
        raise InputError(f"{path}: one column only, an alignment to score has a source and a target side")
    sides = ([cell.text.strip() for cell in column.cells] for column in columns[:_COLUMNS])
    rows = list(zip(*sides, strict=True))
    if rows and rows[0] == _HEADING:
        rows = rows[1:]
    return Read(str(path), *_number(rows))


def _number(rows: Iterable[tuple[str, ...]]) -> tuple[Ladder, list[str], list[str]]:
    """Each filled cell is a sentence of its side; the rungs number them."""
    rungs: Ladder = []
    source: list[str] = []
    target: list[str] = []
    for left, right in rows:
        rungs.append(((len(source),) if left else (), (len(target),) if right else ()))
        source += [left] if left else []
        target += [right] if right else []
    return rungs, source, target


def compare_files(
    gold: str | Path,
    system: str | Path,
    *,
    source: str | Path | None = None,
    target: str | Path | None = None,
) -> Scores:
    """Score the alignment in `system` against the one in `gold`.

    Numbers are compared where both files number the same sentences. Where the sentences differ (or the system
    file is a TMX), the places of the texts (their letters and digits) are compared, for which the gold's own
    sentences are needed: in a save file, beside the ladder (`x.src` and `x.tgt`, or `x.zh` and `x.en`, or
    `src/x` and `tgt/x` beside `gold/x`), or given as `source` and `target`, one sentence a line. Raises
    `InputError` where they are needed and missing.
    """
    right = load_system(gold)
    drawn = load_system(system)
    if right.source is None and (drawn.source is not None or source or target):
        right = _with_sentences(right, source, target)
    if drawn.source is not None and drawn.target is not None:
        if right.source is None or right.target is None:
            if _extent(right.rungs) == (len(drawn.source), len(drawn.target)):
                return score(right.rungs, drawn.rungs, drawn.confidences)
            raise InputError(
                f"{gold} numbers other sentences than {system}: put the gold's sentences beside it "
                f"(as {Path(gold).stem}.src and .tgt, one a line), or give a ladder of the same sentences"
            )
        if _same(right.source, drawn.source) and _same(right.target, drawn.target):
            return score(right.rungs, drawn.rungs, drawn.confidences)
        return _score_places(right, drawn)
    _check_numbering(right, drawn)
    return score(right.rungs, drawn.rungs, drawn.confidences)


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return list(map(_squeeze, one)) == list(map(_squeeze, other))


def _squeeze(text: str) -> str:
    """The letters and digits of `text`: what every splitter, cleaner and file format keeps of a sentence."""
    return "".join(character for character in unicodedata.normalize("NFKC", text) if character.isalnum())


def _extent(ladder: Sequence[Rung]) -> tuple[int, int]:
    """How many sentences a ladder numbers on each side."""
    return (
        max((max(source) + 1 for source, _ in ladder if source), default=0),
        max((max(target) + 1 for _, target in ladder if target), default=0),
    )


def _check_numbering(gold: Read, system: Read) -> None:
    """Two ladders that each number every sentence up to their last must end at the same ones."""
    wanted, drawn = _extent(gold.rungs), _extent(system.rungs)
    if gold.source is not None and gold.target is not None:
        wanted = (len(gold.source), len(gold.target))
    full = all(
        sum(len(rung[side]) for rung in read.rungs) == extent[side]
        for read, extent in ((gold, wanted), (system, drawn))
        for side in (0, 1)
    )
    if full and wanted != drawn:
        raise InputError(
            f"{system.name} numbers {drawn[0]} and {drawn[1]} sentences, {gold.name} {wanted[0]} and "
            f"{wanted[1]}: align the gold's own sentences (--presplit), or give the system's .json or .tmx"
        )


def _with_sentences(gold: Read, source: str | Path | None, target: str | Path | None) -> Read:
    if source and target:
        files: tuple[Path, Path] | None = (Path(source), Path(target))
    else:
        files = _sentence_files(Path(gold.name), _extent(gold.rungs))
    if files is None:
        return gold
    sides = (read_sentences(files[0]), read_sentences(files[1]))
    for side, file, extent in zip(sides, files, _extent(gold.rungs), strict=True):
        if len(side) < extent:
            raise InputError(f"{file}: {len(side)} lines, but {gold.name} numbers {extent} sentences")
    return Read(gold.name, gold.rungs, *sides)


def _sentence_files(path: Path, extent: tuple[int, int]) -> tuple[Path, Path] | None:
    """The files with the ladder's sentences, or None; `x.zh` and `x.en` are told apart by their line
    counts."""
    beside = path.parent.parent
    for files in (
        (path.with_suffix(".src"), path.with_suffix(".tgt")),
        (beside / "src" / path.name, beside / "tgt" / path.name),
    ):
        if all(file.is_file() for file in files):
            return files
    named = re.compile(re.escape(path.stem) + r"\.[a-z]{2,3}(-[A-Za-z0-9]+)*")
    others = [file for file in sorted(path.parent.iterdir()) if named.fullmatch(file.name) and file.is_file()]
    if len(others) == _COLUMNS:
        one, other = others
        lines = [len(read_sentences(file)) for file in others]
        if lines[0] != lines[1]:
            return (one, other) if lines[0] == extent[0] else (other, one)
    return None


def _score_places(gold: Read, system: Read) -> Scores:
    """Compare the beads' places in the gold's texts, cut into the pieces that both sides' sentences share."""
    sides = []
    for ours, theirs, side in ((gold.source, system.source, 0), (gold.target, system.target, 1)):
        wanted = _spans(ours or [])
        found = _places("".join(map(_squeeze, ours or [])), theirs or [])
        cuts = sorted({edge for span in [*wanted, *found] for edge in span})
        sides.append(
            ([_pieces(rung[side], wanted, cuts) for rung in gold.rungs],
             [_pieces(rung[side], found, cuts) for rung in system.rungs])
        )  # fmt: skip
    (gold_source, system_source), (gold_target, system_target) = sides
    return score(
        list(zip(gold_source, gold_target, strict=True)),
        list(zip(system_source, system_target, strict=True)),
        system.confidences,
        [f"{len(source)}-{len(target)}" for source, target in gold.rungs],
    )


def _spans(sentences: Sequence[str]) -> list[tuple[int, int]]:
    """Where each sentence stands in the squeezed text."""
    ends = np.cumsum([0, *(len(_squeeze(sentence)) for sentence in sentences)]).tolist()
    return list(pairwise(ends))


def _places(text: str, sentences: Sequence[str]) -> list[tuple[int, int]]:
    """Where each of the sentences stands in `text`, looked for in order and then from the start.

    One that is nowhere gets a place of its own behind the text, so that it matches nothing.
    """
    places, position, behind = [], 0, len(text)
    for sentence in map(_squeeze, sentences):
        at = text.find(sentence, position)
        if at < 0:
            at = text.find(sentence)
        if at < 0:
            places.append((behind, behind + len(sentence)))
            behind += len(sentence)
            continue
        places.append((at, at + len(sentence)))
        position = at + len(sentence)
    return places


def _pieces(numbers: Iterable[int], spans: Sequence[tuple[int, int]], cuts: Sequence[int]) -> tuple[int, ...]:
    pieces: list[int] = []
    for number in numbers:
        start, end = spans[number]
        pieces.extend(range(bisect_left(cuts, start), bisect_left(cuts, end)))
    return tuple(sorted(set(pieces)))


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
