"""One pair of a batch as pure work: read it, align it, write its save file. Runs in any process or machine."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aligner.bitext import Alignment
from aligner.corpus.outputs import BATCH, key_of, read_output, reviewed_beads, write_output
from aligner.corpus.words import read_words, with_words
from aligner.errors import InputError
from aligner.export.savefile import SaveFile, open_savefile
from aligner.options import Options
from aligner.pipeline import Result, align_prepared
from aligner.prepare import prepare_files
from aligner.review.doubts import find_doubts

SECONDS, SECONDS_A_SENTENCE = 60.0, 0.05
"""What a pair may take where nobody says: ten times what a slow machine needs."""

Tell = Callable[[float], None]
"""Called with the seconds that the task may take from now on."""


@dataclass(frozen=True, slots=True)
class Task:
    """A pair with all it needs: `paths` to read, `output` to write, and the `key` that goes into it.

    `words`: a table of learned words.
    """

    id: str
    key: str
    paths: tuple[Path, ...]
    output: Path
    options: Options
    size: int = 0
    words: Path | None = None


def align_task(task: Task, tell: Tell) -> dict[str, Any]:
    """Align a pair and write its save file; gives what the ledger says of it.

    Raises `AlignerError` where the pair can't be aligned. Done twice, it writes the same bytes.
    """
    began, used = time.perf_counter(), time.process_time()
    kept = _reviewed(task)
    prepared = prepare_files(task.paths, task.options)
    sentences = len(prepared.source) + len(prepared.target)
    tell(SECONDS + SECONDS_A_SENTENCE * sentences)
    options = _with_words(task, prepared.source.lang, prepared.target.lang)
    result = align_prepared(prepared, options, kept.alignment if kept else None)
    told = {"id": task.id, "key": task.key, "doubts": _doubts(result, options)}
    write_output(task.output, SaveFile(result.alignment, _extra(kept, told)))
    return {
        "sentences": sentences, "pairs": len(result.alignment.pairs()), "notes": list(result.notes),
        "seconds": round(time.perf_counter() - began, 4), "cpu": round(time.process_time() - used, 4),
    }  # fmt: skip


def _reviewed(task: Task) -> SaveFile | None:
    """The save file that stands in the output's place, where a person worked on it."""
    journal = task.output.with_name(f"{task.output.name}.journal")
    if journal.exists() and journal.stat().st_size:
        raise InputError(
            f"{task.output}: is being reviewed, and what it was made from has changed since;"
            f" finish the review, or move {journal.name} away"
        )
    data = read_output(task.output)
    return open_savefile(task.output) if data and reviewed_beads(data) else None


def _with_words(task: Task, src_lang: str, tgt_lang: str) -> Options:
    if not task.words:
        return task.options
    glossary = task.options.load_glossary(src_lang, tgt_lang)
    return replace(task.options, glossary=with_words(glossary, read_words(task.words), src_lang, tgt_lang))


def _extra(kept: SaveFile | None, told: dict[str, Any]) -> dict[str, Any]:
    extra = dict(kept.extra) if kept else {}
    return extra | {"": {**dict(extra.get("", {})), BATCH: told}}


def _doubts(result: Result, options: Options) -> dict[str, int]:
    """How many doubts each rule raised."""
    alignment: Alignment = result.alignment
    langs = alignment.source.lang, alignment.target.lang
    glossary = options.load_glossary(*langs)
    found = find_doubts(alignment, glossary=glossary, src_flags=result.flags[0], tgt_flags=result.flags[1])
    return dict(sorted(Counter(doubt.rule for doubt in found).items()))


def is_done(task: Task) -> bool:
    """Whether the task's save file is there, whole, and of the same key."""
    return key_of(read_output(task.output)) == task.key
