"""A batch in two rounds: what the first aligned teaches words, and the second aligns each pair with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aligner.corpus.batch import Settings, Standing, Watcher, run_batch
from aligner.corpus.manifest import Job
from aligner.corpus.memory import knows, recall, remember
from aligner.corpus.outputs import LEARNED, RECALLED, output_path
from aligner.corpus.own_files import WORDS
from aligner.corpus.words import Taught, heading_of, learn_words, merged, read_words, taught_by, write_words
from aligner.errors import UsageError
from aligner.export.savefile import load
from aligner.options import Options


@dataclass(frozen=True, slots=True)
class Learning:
    """Where words come from beside a pair's own: all pairs of the batch (`across`), earlier batches (`memory`)."""

    across: bool = False
    memory: Path | None = None


def run_rounds(
    jobs: Sequence[Job],
    folder: str | Path,
    options: Options | None = None,
    settings: Settings | None = None,
    learning: Learning | None = None,
    watch: Watcher | None = None,
) -> Standing:
    """As `run_batch`, with words from where `learning` says.

    What is learned stays in the folder, and every later run uses it, so that results hang on no order of runs; a
    document that comes later is aligned with it. Delete `words.tsv` to learn anew.
    """
    folder, settings, learning = Path(folder), settings or Settings(), learning or Learning()
    words = folder / WORDS
    if learning.memory and not words.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        write_words(recall(learning.memory), words, RECALLED)
    learned = not learning.across or heading_of(words).startswith(LEARNED)
    if not learned and settings.shard:
        raise UsageError("--learn needs all pairs: run it without --shard, or leave it out for these parts")
    standing = run_batch(jobs, folder, options, settings, watch)
    if not learned:
        first = standing
        _learn(jobs, folder)
        standing = run_batch(jobs, folder, options, settings, watch)
        standing.began = first.began
    if learning.memory and (standing.done or not knows(learning.memory, folder)):
        remember(learning.memory, folder, learn_words(_lessons(jobs, folder)))
    return standing


def _learn(jobs: Sequence[Job], folder: Path) -> None:
    path = folder / WORDS
    before = read_words(path) if path.is_file() else {}
    heading = f"{LEARNED} {hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ''}"
    write_words(merged(before, learn_words(_lessons(jobs, folder))), path, heading)


def _lessons(jobs: Sequence[Job], folder: Path) -> Iterator[Taught]:
    """What all pairs teach, in an order that takes some of everything where not all can be taken."""
    for job in sorted(jobs, key=lambda job: hashlib.sha256(job.id.encode("utf-8", "replace")).digest()):
        path = output_path(folder, job.id)
        if path.is_file():
            yield from taught_by(load(path))
