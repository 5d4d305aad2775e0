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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from aligner.errors import InputError
from aligner.evaluation.scores import Scores, confidences_of, ladder_of, score
from aligner.files import read_sentences
from aligner.read.ladder import Ladder, Rung, read_ladder
from aligner.text.counted import counted

_COLUMNS = 2

_HEADING = ("source", "target")  # of the tables that `align` writes

# Below this share of sentences that stand in the gold's text, it is another text. Cleaning and editing change a few.
_SAME_TEXT = 0.25


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


def load_system(path: str | Path) -> Read:
    """Read a ladder, a save file (`.json`) or anything with two columns (TMX, JSONL, TSV, XLSX), XCES, TEI.

    Raises `InputError` where the file is none of these.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    from aligner.export.from_links import is_linked, load_one

    if suffix == ".json" or is_linked(path):
        from aligner.export.savefile import load

        alignment = load_one(path) if is_linked(path) else load(path)
        sides = (alignment.source.sentences(), alignment.target.sentences())
        return Read(str(path), ladder_of(alignment), *sides, confidences_of(alignment))
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
            f"{system.name} numbers {drawn[0]} and {counted(drawn[1], 'sentence')}, {gold.name} {wanted[0]} and "
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
            raise InputError(
                f"{file}: {counted(len(side), 'line')}, but {gold.name} numbers {counted(extent, 'sentence')}"
            )
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
        _check_text(gold, system, side, found, wanted[-1][1] if wanted else 0)
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


def _check_text(gold: Read, system: Read, side: int, found: Sequence[tuple[int, int]], end: int) -> None:
    """Raise `InputError` where hardly any of the system's sentences stand in the gold's text, which ends at `end`."""
    known = sum(1 for start, _ in found if start < end)
    if known < _SAME_TEXT * len(found):
        raise InputError(
            f"{system.name}: of its {len(found)} {('source', 'target')[side]} sentences {known} stand in the text of "
            f"{gold.name}: the two are about different texts, or source and target are exchanged"
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
