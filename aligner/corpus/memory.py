"""A folder that remembers: the words of earlier batches and what people confirmed in them help the next one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aligner.corpus.outputs import BATCH, read_output, reviewed_beads
from aligner.corpus.own_files import PAIRS
from aligner.corpus.words import Lexicon, Taught, learn_words, merged, read_words, taught_by, write_words
from aligner.errors import AlignerError, OutputError
from aligner.export.savefile import load
from aligner.files import replacing

WORDS, CONFIRMED, BATCHES = "words.tsv", "confirmed.jsonl", "batches.txt"
_LOCK = ".lock"


def recall(memory: Path) -> Lexicon:
    """The words that `memory` knows, those among them that the confirmed pairs of its batches teach.

    A folder that isn't there is made. Raises `OutputError` where it can't be.
    """
    with _alone(memory):
        confirmed = _confirmed(memory)
        _write_lines(memory / CONFIRMED, [json.dumps(pair, ensure_ascii=False) for pair in confirmed])
        known = read_words(memory / WORDS) if (memory / WORDS).is_file() else {}
        return merged(known, learn_words(confirmed))


def remember(memory: Path, batch: Path, words: Lexicon) -> None:
    """Add the words of a batch, and where it lies: what is confirmed in it later is fetched by the next `recall`."""
    with _alone(memory):
        known = read_words(memory / WORDS) if (memory / WORDS).is_file() else {}
        write_words(merged(known, words), memory / WORDS, "words of earlier batches")
        _write_lines(memory / BATCHES, sorted({*_lines(memory / BATCHES), str(batch.resolve())}))


def knows(memory: Path, batch: Path) -> bool:
    """Whether the words of a batch were added."""
    return str(batch.resolve()) in _lines(memory / BATCHES)


def _confirmed(memory: Path) -> list[Taught]:
    """The confirmed pairs known so far, and those of all batches as they stand, each once, in order."""
    found: set[Taught] = set()
    for line in _lines(memory / CONFIRMED):
        with suppress(ValueError, TypeError):
            (src_lang, tgt_lang), source, target, sure = json.loads(line)
            found.add(((str(src_lang), str(tgt_lang)), str(source), str(target), float(sure)))
    for batch in _lines(memory / BATCHES):
        for path in sorted((Path(batch) / PAIRS).rglob("*.json")):
            found.update(_reviewed(path))
    return sorted(found)


def _reviewed(path: Path) -> Iterator[Taught]:
    data = read_output(path)
    if not data or BATCH not in data or not reviewed_beads(data):
        return
    with suppress(AlignerError):  # damaged since: another command will say so
        alignment = load(path)
        beads = tuple(bead for bead in alignment.beads if bead.status != "auto" and bead.is_pair)
        kept = {(alignment.source_text(bead), alignment.target_text(bead)) for bead in beads}
        yield from (told for told in taught_by(alignment) if told[1:3] in kept)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def _write_lines(path: Path, lines: list[str]) -> None:
    with replacing(path) as (file,):
        file.write("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))


@contextmanager
def _alone(memory: Path) -> Iterator[None]:
    from filelock import FileLock

    try:
        memory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{memory}: can't be a folder to remember in: {error.strerror}") from error
    with FileLock(memory / _LOCK):
        yield
